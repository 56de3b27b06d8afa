"""The promises of the chapter on institutions: judgements stay visible, waits are counted right, verdicts follow the data."""

from datetime import date
from fractions import Fraction
from itertools import product
from math import erfc, sqrt

import pandas as pd
import pytest
from evidence import plain

from unionstate import load
from unionstate.analysis import institutions as ins
from unionstate.analysis import stats
from unionstate.analysis import treaties as tr
from unionstate.audit import institutions as audit

END = date(2026, 2, 26)


@pytest.fixture
def commitments():
    return load("integration/commitments")


@pytest.fixture
def end():
    return tr.end_of_observation(load("integration/treaties"))


# --- numbers of the page, counted again from the file ---------------------------------------------------------------


@pytest.mark.parametrize("reading, column", ins.READINGS.items())
def test_the_index_is_the_mean_score_of_the_package(commitments, reading, column):
    scores = [Fraction(row[column]) for row in plain("integration/commitments") if row["in_package"] == "yes"]
    assert len(scores) == 26
    assert ins.index(commitments, reading=reading) == pytest.approx(float(sum(scores) / len(scores)))


def test_the_index_without_the_other_union_counts_its_rows_as_nothing(commitments):
    own = [
        0 if row["delivered_by"] == "EAEU" else Fraction(row["score"])
        for row in plain("integration/commitments")
        if row["in_package"] == "yes"
    ]
    assert ins.index(commitments, eaeu="not counted") == pytest.approx(float(sum(own) / len(own)))


def test_equal_areas_are_the_mean_of_the_means_of_areas(commitments):
    areas = {}
    for row in plain("integration/commitments"):
        if row["in_package"] == "yes":
            areas.setdefault(row["policy_area"], []).append(Fraction(row["score"]))
    means = [sum(scores) / len(scores) for scores in areas.values()]
    assert ins.index(commitments, weights="area") == pytest.approx(float(sum(means) / len(means)))


def test_the_range_of_choices_agrees_with_brute_force(commitments):
    found = []
    for column, partial, by_area, eaeu, package in product(
        ins.READINGS.values(), (None, 0.25, 0.5, 0.75), (False, True), (True, False), ("in_package", "in_package_generous", None)
    ):
        areas = {}
        for row in plain("integration/commitments"):
            if package and row[package] != "yes":
                continue
            score = float(row[column])
            score = partial if partial is not None and 0 < score < 1 else score
            areas.setdefault(row["policy_area"] if by_area else "", []).append(0 if row["delivered_by"] == "EAEU" and not eaeu else score)
        means = [sum(scores) / len(scores) for scores in areas.values()]
        found.append(sum(means) / len(means))
    every = ins.every_choice(commitments)["index"]
    assert (every.min(), every.max()) == pytest.approx((min(found), max(found)))
    assert {round(x, 9) for x in every} == {round(x, 9) for x in found}


def test_organs_of_the_treaty_never_formed_are_counted_from_the_file():
    named = [row for row in plain("integration/institutions") if "Union State Treaty 1999" in row["legal_basis"]]
    never = {row["id"] for row in named if row["status_2026"] == "never formed"}
    table = load("integration/institutions")
    own = table[ins.in_treaty(table)]
    assert len(own) == len(named)
    assert set(own.loc[own["status_2026"] == "never formed", "id"]) == never
    assert not any(row["functioning"] or row["created"] for row in named if row["id"] in never)


def test_the_share_left_after_two_years_is_a_plain_count(commitments, end):
    """Every dated promise of the package is watched for longer than that, so no estimate is needed."""
    dated = [row for row in plain("integration/commitments") if row["in_package"] == "yes" and row["promised"]]
    left = 0
    for row in dated:
        due = date.fromisoformat(row["promised"])
        assert (END - due).days > 2 * 366
        done = float(row["score"]) >= 0.75 and (date.fromisoformat(row["delivered"]) - due).days <= 2 * 365.25
        left += not done
    package = ins.members(commitments)
    assert ins.left_after(ins.spells(package, end), 2)[0] == pytest.approx(left / len(dated))


def test_the_eurasian_share_agrees_with_multiplying_by_hand():
    waits = []
    for row in plain("integration/eurasian_promises"):
        if row["outcome"] != "not found":
            stop = date.fromisoformat(row["delivered"] or row["open_until"])
            waits.append(((stop - date.fromisoformat(row["promised"])).days, row["outcome"] == "delivered"))
    share = Fraction(1)
    for day in sorted({days for days, done in waits if done and days <= 730}):
        share *= 1 - Fraction(sum(w == (day, True) for w in waits), sum(days >= day for days, _ in waits))
    assert ins.left_after(ins.eurasian_spells(load("integration/eurasian_promises")), 2)[0] == pytest.approx(float(share))


def test_the_median_time_overdue_is_that_of_the_promises_short_of_delivery(commitments, end):
    overdue = sorted(
        (END - date.fromisoformat(row["promised"])).days / 365.25
        for row in plain("integration/commitments")
        if row["in_package"] == "yes" and row["promised"] and float(row["score"]) < 0.75
    )
    middle = (overdue[(len(overdue) - 1) // 2] + overdue[len(overdue) // 2]) / 2
    lines = ins.deadlines(ins.members(commitments), end)
    assert lines.loc[~lines["kept"], "years"].median() == pytest.approx(middle)


def test_the_columns_of_the_matrix_are_counted_from_the_file(commitments):
    found = {"nothing": 0, "in part": 0, "through the EAEU": 0, "largely or fully": 0}
    for row in plain("integration/commitments"):
        if row["in_package"] == "yes":
            done = Fraction(row["score"])
            by_eaeu = row["delivered_by"] == "EAEU" and done > 0
            word = "nothing" if done == 0 else "in part" if done < Fraction(3, 4) else "largely or fully"
            found["through the EAEU" if by_eaeu else word] += 1
    assert ins.outcome(ins.members(commitments)).value_counts().to_dict() == found


def test_the_largest_change_by_one_row_is_that_of_moving_one_row(commitments):
    package = [row for row in plain("integration/commitments") if row["in_package"] == "yes"]
    moves = [
        abs(Fraction(row[reading]) - Fraction(row["score"])) / len(package)
        for row in package
        for reading in ("score_strict", "score_generous")
    ]
    open_rows = ins.one_row(commitments)
    assert open_rows[["down", "up"]].abs().max().max() == pytest.approx(float(max(moves)))
    contested = {row["id"] for row in package if not row["score_strict"] == row["score"] == row["score_generous"]}
    assert set(open_rows["id"]) == contested


def test_any_delivery_leaves_fewer_than_large_delivery_and_both_are_plain_counts(commitments, end):
    """The looser standard is the one to hold against a list that only knows in effect or not."""
    dated = [row for row in plain("integration/commitments") if row["in_package"] == "yes" and row["promised"]]
    left = 0
    for row in dated:
        waited = (date.fromisoformat(row["delivered"] or "2026-02-26") - date.fromisoformat(row["promised"])).days
        left += not (row["delivered"] and waited <= 2 * 365.25)
    spelled = ins.spells(ins.members(commitments), end, least=ins.PARTLY)
    assert ins.left_after(spelled, 2)[0] == pytest.approx(left / len(dated))
    assert ins.left_after(spelled, 2)[0] < ins.left_after(ins.spells(ins.members(commitments), end), 2)[0]


def test_the_two_unions_differ_by_the_strict_standard_and_not_clearly_by_the_like_one(commitments, end):
    """The log-rank test, with the hypergeometric variance written out."""

    def p_value(first, second):
        waits = [(y, o, True) for y, o in first] + [(y, o, False) for y, o in second]
        excess = variance = 0.0
        for time in sorted({y for y, o, _ in waits if o}):
            risk, mine = sum(y >= time for y, _, _ in waits), sum(y >= time for y, _, g in waits if g)
            events = sum(o and y == time for y, o, _ in waits)
            excess += sum(o and g and y == time for y, o, g in waits) - events * mine / risk
            if risk > 1:
                variance += events * mine * (risk - mine) * (risk - events) / (risk**2 * (risk - 1))
        return erfc(abs(excess) / sqrt(2 * variance))

    def pairs(frame):
        return list(zip(frame["years"], frame["observed"], strict=True))

    other = ins.eurasian_spells(load("integration/eurasian_promises"))
    for least, clear in ((ins.LARGELY, True), (ins.PARTLY, False)):
        mine = ins.spells(ins.members(commitments), end, least=least)
        both = pd.concat([mine.assign(union=True), other.assign(union=False)])
        found = stats.compare_survival(both["years"], both["observed"], both["union"])
        assert found == pytest.approx(p_value(pairs(mine), pairs(other)))
        assert (found < 0.05) == clear


def test_rough_dates_move_to_the_ends_of_their_period():
    table = pd.DataFrame(
        {
            "promised": pd.to_datetime(["2000-07-01", "2008-11-15", "2000-01-26"]),
            "promised_precision": ["year", "month", "day"],
            "delivered": pd.to_datetime(["2001-07-01", "2009-02-03", None]),
            "delivered_precision": ["year", "day", None],
        }
    )
    short, long = ins.stretched(table, "shortest"), ins.stretched(table, "longest")
    assert list(short["promised"].dt.strftime("%F")) == ["2000-12-31", "2008-11-30", "2000-01-26"]
    assert list(long["promised"].dt.strftime("%F")) == ["2000-01-01", "2008-11-01", "2000-01-26"]
    assert [short["delivered"][0], long["delivered"][0]] == [pd.Timestamp("2001-01-01"), pd.Timestamp("2001-12-31")]
    assert (short["delivered"][1] == long["delivered"][1] == pd.Timestamp("2009-02-03")) and short["delivered"].isna()[2]


def test_what_holds_from_the_start_is_due_on_the_day_the_treaty_took_effect():
    due = {
        (row["promised"], row["promised_precision"])
        for row in plain("integration/commitments")
        if row["promised_date_text"] == "On entry into force"
    }
    took_effect = load("integration/treaties").set_index("id").loc["union-state-1999", "in_force"]
    assert due == {(f"{took_effect:%Y-%m-%d}", "day")}


def test_an_organ_that_never_worked_has_no_bar(end):
    drawn = ins.organ_rows(load("integration/institutions"), end).set_index("id")
    for row in plain("integration/institutions"):
        bar = row["status_2026"] not in ("never formed", "being created") and (row["functioning"] or row["created"] or row["planned"])
        assert pd.notna(drawn.loc[row["id"], "start"]) == bool(bar)
    assert drawn.loc["executive-committee", "until"] == pd.Timestamp("2000-07-01")
    assert (drawn["until"].drop("executive-committee") == end).all()


# --- codings ---------------------------------------------------------------------------------------------------------


def test_the_last_day_of_the_tables_is_the_end_of_observation(end):
    assert end.date() == END


def test_a_strict_reader_never_gives_more_nor_a_generous_one_less(commitments):
    assert (commitments["score_strict"] <= commitments["score"]).all()
    assert (commitments["score"] <= commitments["score_generous"]).all()
    assert (commitments.loc[commitments["delivered_by"] == "EAEU", "score_strict"] == 0).all()


def test_what_has_a_score_has_a_day_of_delivery_and_nothing_else_has(commitments, end):
    assert ((commitments["score"] > 0) == commitments["delivered"].notna()).all()
    assert (commitments["delivered"].dropna() <= end).all()
    assert commitments.loc[commitments["delivered"].notna(), "note"].str.startswith("delivered: ").all()


def test_a_eurasian_outcome_is_explained_by_its_dates():
    table = load("integration/eurasian_promises")
    assert ((table["outcome"] == "delivered") == table["delivered"].notna()).all()
    assert ((table["outcome"] == "open") == table["open_until"].notna()).all()
    assert (table["open_until"].dropna() > table.loc[table["open_until"].notna(), "promised"]).all()


# --- waits -----------------------------------------------------------------------------------------------------------


def test_early_delivery_is_no_negative_wait_and_undated_promises_are_left_out(commitments, end):
    spelled = ins.spells(commitments, end)
    assert (spelled["years"] >= 0).all() and spelled["promised"].notna().all()
    assert spelled.set_index("id").loc["union-budget", "years"] == 0
    started = ins.spells(commitments, end, undated=pd.Timestamp("2000-01-26"))
    assert len(started) == len(commitments) and "union-court" in set(started["id"])


def test_a_stricter_threshold_never_leaves_less_undelivered(commitments, end):
    left = [ins.left_after(ins.spells(commitments, end, least=least), 10)[0] for least in (0.25, 0.5, 0.75, 1.0)]
    assert left == sorted(left) and left[0] < left[-1]


def test_a_promise_delivered_late_moves_the_curve(commitments, end):
    changed = commitments.copy()
    row = changed["id"] == "single-currency"
    changed.loc[row, ["score", "delivered"]] = [1.0, pd.Timestamp("2006-12-31")]
    before, after = (ins.left_after(ins.spells(ins.members(table), end), 2)[0] for table in (commitments, changed))
    assert after == pytest.approx(before - 1 / 13)


def test_the_years_end_at_todays_index(commitments, end):
    last = ins.by_year(commitments, end).iloc[-1]
    for reading in ins.READINGS:
        assert last[reading] == pytest.approx(ins.index(commitments, reading=reading))
    assert last["without EAEU"] == pytest.approx(ins.index(commitments, eaeu="not counted"))


@pytest.mark.parametrize("year", [2000, 2005, 2012, 2020])
def test_a_year_of_the_course_is_added_up_from_the_file(commitments, end, year):
    """A score that only the generous reader gives has no day and stands in that reading from the start."""
    package = [row for row in plain("integration/commitments") if row["in_package"] == "yes"]
    until = f"{year}-12-31"
    there = {row["id"] for row in package if row["delivered"] and row["delivered"] <= until}
    undated = {row["id"] for row in package if not row["delivered"]}

    def mean(column, ids):
        return float(sum(Fraction(row[column]) for row in package if row["id"] in ids) / len(package))

    line = ins.by_year(commitments, end).set_index("year").loc[year]
    assert line["as coded"] == pytest.approx(mean("score", there))
    assert line["strict"] == pytest.approx(mean("score_strict", there))
    assert line["generous"] == pytest.approx(mean("score_generous", there | undated))
    due = {row["id"] for row in package if row["promised"] and row["promised"] <= until}
    kept = {row["id"] for row in package if row["id"] in due & there and Fraction(row["score"]) >= Fraction(3, 4)}
    assert (line["due"], line["kept"]) == pytest.approx((len(due) / len(package), len(kept) / len(package)))


def test_the_course_never_falls_and_its_band_holds_the_line(commitments, end):
    course = ins.by_year(commitments, end)
    for name in (*ins.READINGS, "without EAEU", "due", "kept"):
        assert course[name].is_monotonic_increasing
    assert (course["strict"] <= course["as coded"]).all() and (course["as coded"] <= course["generous"]).all()
    assert (course["kept"] <= course["due"]).all()


def test_eurasian_promises_without_an_outcome_count_only_when_asked(end):
    table = load("integration/eurasian_promises")
    lost = set(table.loc[table["outcome"] == "not found", "id"])
    assert lost and not lost & set(ins.eurasian_spells(table)["id"])
    worst = ins.eurasian_spells(table, lost=end)
    assert len(worst) == len(table) and not worst.loc[worst["id"].isin(lost), "observed"].any()
    assert ins.left_after(worst, 2)[0] > ins.left_after(ins.eurasian_spells(table), 2)[0]


# --- verdicts --------------------------------------------------------------------------------------------------------


def _with(monkeypatch, table, change):
    """Let the verdicts read ``table`` as changed by ``change``."""

    def changed(name):
        frame = load(name)
        return change(frame.copy()) if name == table else frame

    monkeypatch.setattr(audit, "load", changed)


def _status(monkeypatch, status, *ids, **columns):
    def change(frame):
        frame["status_2026"] = frame["status_2026"].astype(str)
        frame.loc[frame["id"].isin(ids), "status_2026"] = status
        for column, value in columns.items():
            frame.loc[frame["id"].isin(ids), column] = value
        return frame

    _with(monkeypatch, "integration/institutions", change)


@pytest.mark.parametrize("score, verdict", [(0.1, "supported"), (0.4, "imprecise"), (0.9, "contradicted")])
def test_the_verdict_on_formality_follows_the_scores(monkeypatch, score, verdict):
    assert audit.mostly_a_formality().verdict == "imprecise"
    readings = list(ins.READINGS.values())
    _with(monkeypatch, "integration/commitments", lambda frame: frame.assign(**dict.fromkeys(readings, score)))
    assert audit.mostly_a_formality().verdict == verdict


def test_an_organ_that_stops_turns_the_verdict(monkeypatch):
    assert audit.executive_organs_work().verdict == "supported"
    _status(monkeypatch, "liquidated", "standing-committee")
    assert audit.executive_organs_work().verdict == "imprecise"


def test_a_committee_without_founding_turns_the_verdict(monkeypatch):
    assert audit.committees_created().verdict == "supported"
    _status(monkeypatch, "never formed", "security-committee", created=pd.NaT)
    assert audit.committees_created().verdict == "imprecise"


def test_a_broadcaster_on_air_turns_the_verdict(monkeypatch):
    assert audit.broadcaster_created().verdict == "overtaken"
    _status(monkeypatch, "functioning", "tv-radio-organisation")
    assert audit.broadcaster_created().verdict == "supported"


def test_boards_that_end_turn_the_verdict(monkeypatch):
    assert audit.joint_boards_operate().verdict == "supported"
    _status(monkeypatch, "liquidated", "joint-collegia")
    assert audit.joint_boards_operate().verdict == "contradicted"


def test_an_elected_house_turns_both_verdicts(monkeypatch):
    assert audit.no_union_parliament().verdict == "supported"
    assert audit.lower_house_will_be_elected().verdict == "imprecise"
    _status(monkeypatch, "functioning", "house-of-representatives", functioning=pd.Timestamp("2025-09-14"))
    assert audit.no_union_parliament().verdict == "imprecise"
    assert audit.lower_house_will_be_elected().verdict == "supported"
