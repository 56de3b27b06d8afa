"""Promises of the chapter on joint exercises: scopes stay apart, errors stay out, verdicts follow the data."""

from itertools import product
from math import isnan

import pandas as pd
import pytest
from evidence import copies, put

from unionstate import load
from unionstate.analysis import exercises as analysis
from unionstate.analysis import exercises_series as series
from unionstate.audit import exercises as audit

NAMES = ("military/exercises", "military/exercise_claims", "military/vienna_thresholds", "source-page/claims", "corrections")


@pytest.fixture
def data(monkeypatch):
    return copies(monkeypatch, audit, NAMES)


def rivals(data):
    return analysis.rival_figures(data["military/exercise_claims"], data["military/exercises"], data["corrections"])


def test_no_line_of_the_dumbbell_chart_mixes_scopes_or_metrics(data):
    lines = rivals(data).groupby("label")
    assert (lines["scope"].nunique() == 1).all() and (lines["metric"].nunique() == 1).all()
    assert (lines["exercise_id"].nunique() == 1).all()


def test_every_troop_total_of_the_table_is_shown_once(data):
    claims = data["military/exercise_claims"]
    totals = claims.loc[claims["metric"].astype(str) == "personnel", "id"]
    shown = rivals(data)["id"]
    assert shown.is_unique and set(totals) <= set(shown)


def test_a_corrected_value_never_enters_a_range_even_if_called_official(data):
    put(data["military/exercise_claims"], "CL-051", "claim_type", "official_during")
    assert analysis.span(rivals(data), "EX-USH-2015", "whole exercise", analysis.BEFORE, analysis.LATER) == (8000, 8000)
    data["corrections"] = data["corrections"].query("row != 'CL-051'")
    assert analysis.span(rivals(data), "EX-USH-2015", "whole exercise", analysis.BEFORE, analysis.LATER) == (8000, 80000)


def test_troops_that_a_note_counts_twice_are_not_added(data):
    home = analysis.zapad_2013(data["military/exercises"], data["military/exercise_claims"]).loc["Belarus"]
    row = data["military/exercises"].set_index("id").loc["EX-ZAPAD-2013"]
    assert home["troops"] == row["official_personnel"] == row["personnel_on_blr_soil"]


def test_the_parts_of_zapad_2013_agree_with_the_row_derived_by_hand_and_the_official_total(data):
    claims = data["military/exercise_claims"]
    parts = analysis.zapad_2013(data["military/exercises"], claims)
    assert parts.loc["sum", "russian"] == claims.set_index("id").loc["CL-018", "value_high"]
    whole = analysis.whole_2013(claims)
    assert 0 <= parts.loc["sum", "troops"] - whole["troops"] < 1000  # "over 22,000"
    assert parts.loc["sum", "vehicles"] == whole["vehicles"] and parts.loc["sum", "aircraft"] == whole["aircraft"]


def test_an_unknown_part_makes_the_sum_unknown_not_smaller(data):
    assert isnan(analysis.zapad_2013(data["military/exercises"], data["military/exercise_claims"]).loc["sum", "tanks"])


def test_two_different_official_figures_are_refused_rather_than_picked_from(data):
    claims = data["military/exercise_claims"]
    put(claims, "CL-017", "value_high", 23000)
    with pytest.raises(ValueError, match="2 different figures"):
        analysis.whole_2013(claims)


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (audit.zapad_is_regular, "supported"),
        (audit.russians_in_2013, "imprecise"),
        (audit.belarusians_in_2013, "contradicted"),
        (audit.vehicles_in_2013, "contradicted"),
        (audit.tanks_in_2013, "contradicted"),
        (audit.ships_in_2013, "supported"),
        (audit.aircraft_in_2013, "contradicted"),
    ],
)
def test_the_verdicts_of_today(data, test, expected):
    assert test().verdict == expected


def test_the_verdict_on_belarusians_flips_when_the_home_contingent_disappears(data):
    put(data["military/exercises"], "EX-ZAPAD-2013", "blr_personnel", 0)
    assert audit.belarusians_in_2013().verdict == "supported"
    assert audit.russians_in_2013().verdict == "supported"  # both figures then cover the same ground


def test_the_verdict_on_russians_flips_when_kaliningrad_was_larger(data):
    put(data["military/exercise_claims"], "CL-011", "value_high", 19400)
    assert audit.russians_in_2013().verdict == "contradicted"


def test_the_verdicts_on_equipment_flip_with_the_official_totals(data):
    claims = data["military/exercise_claims"]
    for row, value, test in (("CL-082", 180, audit.vehicles_in_2013), ("CL-083", 40, audit.aircraft_in_2013)):
        put(claims, row, "value_high", value)
        assert test().verdict == "supported"
    put(claims, "CL-084", "value_high", 20)
    assert audit.ships_in_2013().verdict == "contradicted"


def test_tanks_cannot_be_judged_once_the_belarusian_count_is_missing(data):
    put(data["military/exercises"], "EX-ZAPAD-2013", "tanks", pd.NA)
    assert audit.tanks_in_2013().verdict == "not testable"


def test_a_broken_rhythm_or_a_small_edition_weakens_the_verdict_on_regularity(data):
    put(data["military/exercises"], "EX-ZAPAD-2017", "held", False)
    assert audit.zapad_is_regular().verdict == "imprecise"
    put(data["military/exercises"], "EX-ZAPAD-2009", "official_personnel", 800)
    assert audit.zapad_is_regular().verdict == "contradicted"


def test_a_changed_threshold_changes_how_many_counts_lie_between(data):
    stated = analysis.stated(*(data[n] for n in ("military/exercises", "military/exercise_claims", "corrections")))
    counts = analysis.headline(stated, "Belarus")
    by_hand = sum(9000 <= n <= 13000 for n in counts)
    assert analysis.bunching(counts, 9000, 13000)["n"] == by_hand
    assert analysis.bunching(counts, 11000, 13000)["n"] < by_hand


def test_the_binomial_tail_agrees_with_listing_every_outcome():
    for hits, tries in product(range(5), (4,)):
        listed = sum(0.25 ** sum(o) * 0.75 ** (tries - sum(o)) for o in product((0, 1), repeat=tries) if sum(o) >= hits)
        assert analysis.at_least(hits, tries, 0.25) == pytest.approx(listed)
    assert analysis.sign_test(2, 4) == 1 and analysis.sign_test(4, 4) == analysis.sign_test(0, 4) == pytest.approx(1 / 8)


def test_a_ceiling_is_never_used_as_a_count(data):
    stated = analysis.stated(*(data[n] for n in ("military/exercises", "military/exercise_claims", "corrections")))
    assert stated.loc[stated["exercise_id"] == "EX-UR-2022", "low"].isna().all()
    for rule in ("advance", "body", "Belarus"):
        assert "EX-UR-2022" not in analysis.headline(stated, rule).index


def test_the_sum_of_notified_parts_is_taken_only_where_both_parts_exist(data):
    later = analysis.later_over_earlier(rivals(data)).set_index("exercise_id")
    assert list(later.index[later["basis"] == "sum of parts"]) == ["EX-ZAPAD-2021"]
    put(data["military/exercise_claims"], "CL-035", "claim_type", "secondary")
    later = analysis.later_over_earlier(rivals(data)).set_index("exercise_id")
    assert (later["basis"] == "whole").all()


def test_official_over_outside_compares_whole_exercises_or_sums_of_both_parts(data):
    found = analysis.official_over_outside(rivals(data)).set_index("exercise_id")
    claims = data["military/exercise_claims"]
    own = claims[(claims["exercise_id"] == "EX-ZAPAD-2025") & claims["claim_type"].astype(str).str.startswith("independent")]
    whole = own.loc[(own["scope"].astype(str) == "whole exercise"), "value_high"]
    assert found.loc["EX-ZAPAD-2025", "low"] == pytest.approx(100000 / whole.max())
    assert found.loc["EX-ZAPAD-2025", "high"] == pytest.approx(100000 / whole.min())
    assert found.loc["EX-ZAPAD-2025", "estimates"] == len(whole) + 1  # the German parts, added


def test_an_outside_sum_is_marked_and_needs_both_parts(data):
    claims = data["military/exercise_claims"]
    summed = analysis.outside_whole(rivals(data)).query("basis == 'sum of parts'")
    by_hand = claims.set_index("id").loc["CL-050", "value_high"]
    assert list(summed["estimate_high"]) == [by_hand] and not summed["ceiling"].any()
    data["military/exercise_claims"] = claims[claims["id"] != "CL-089"]
    assert (analysis.outside_whole(rivals(data))["basis"] == "whole").all()


def test_british_land_troops_are_not_added_to_a_total(data):
    assert not analysis.outside_whole(rivals(data))["claimant"].str.contains("British").any()


def stated(data):
    return analysis.stated(*(data[n] for n in ("military/exercises", "military/exercise_claims", "corrections")))


def test_the_route_of_a_figure_is_read_from_the_table(data):
    claims = data["military/exercise_claims"]
    told = stated(data).query("route == @analysis.TOLD")
    assert set(told["row"]) == set(claims.loc[claims["route"].astype(str) == analysis.TOLD, "id"])
    assert stated(data).set_index("row").loc["CL-034", "route"] == analysis.ANNOUNCED
    put(claims, "CL-034", "route", analysis.TOLD)
    assert stated(data).set_index("row").loc["CL-034", "route"] == analysis.TOLD


def test_only_official_figures_have_a_route(data):
    claims = data["military/exercise_claims"]
    official = claims["claim_type"].astype(str).str.startswith("official") | (claims["claim_type"].astype(str) == "notified")
    assert (official == (claims["route"].astype(str) != "not official")).all()
    assert (claims.loc[claims["claim_type"].astype(str) == "notified", "route"].astype(str) == analysis.TOLD).all()


def test_the_last_word_on_belarusian_ground_follows_the_dates(data):
    last = analysis.last_word(stated(data), "Zapad").set_index("exercise_id")
    assert last.loc["EX-ZAPAD-2025", "high"] == data["military/exercises"].set_index("id").loc["EX-ZAPAD-2025", "personnel_on_blr_soil"]
    put(data["military/exercise_claims"], "CL-044", "claim_date", pd.Timestamp("2025-09-16"))
    last = analysis.last_word(stated(data), "Zapad").set_index("exercise_id")
    assert last.loc["EX-ZAPAD-2025", "high"] == 6850


def test_a_count_on_an_edge_is_in_or_out_as_the_caller_says():
    counts = pd.Series([9000, 12000, 12999, 13000, 13001])
    base = analysis.bunching(counts, 9000, 13000)
    assert (base["n"], base["hits"]) == (4, 3)
    assert analysis.bunching(counts, 9000, 13000, edge=False)["hits"] == 2
    assert analysis.bunching(counts, 9000, 13000, threshold=False)["n"] == 3
    assert base["p"] == pytest.approx(4 * 0.25**3 * 0.75 + 0.25**4)


def test_the_calendar_counts_every_exercise_held_and_none_cancelled(data):
    drills = data["military/exercises"]
    counts = analysis.per_year(analysis.calendar(drills))
    assert counts.to_numpy().sum() == (drills["held"]).sum()
    assert counts.loc[2023].sum() == ((drills["year"] == 2023) & drills["held"]).sum()
    assert list(counts.index) == list(range(drills["year"].min(), drills["year"].max() + 1))


def test_two_lists_that_agree_fully_leave_nothing_to_estimate():
    assert analysis.capture_recapture(10, 10, 10) == (10, 10, 10)
    estimate, low, high = analysis.capture_recapture(11, 24, 9)
    assert low <= estimate <= high and low >= 11 + 24 - 9


def test_the_other_list_points_at_the_same_year_as_our_table(data):
    matched = (
        load("military/exercises_other_list")
        .query("exercise_id != ''")
        .merge(data["military/exercises"], left_on="exercise_id", right_on="id", suffixes=("", "_ours"))
    )
    assert len(matched) and (matched["year"] == matched["year_ours"]).all()
    assert matched["exercise_id"].is_unique


# --- Series, turns, equipment and duties ------------------------------------------------------------------------------


@pytest.fixture
def lists():
    return load("military/exercises").copy(), load("military/exercises_other_list").copy()


@pytest.fixture
def kit(data):
    return series.equipment(data["military/exercises"], data["military/exercise_claims"])


def test_both_lists_place_a_shared_exercise_in_the_same_company(lists):
    ours, other = lists
    matched = other[other["exercise_id"] != ""].set_index("exercise_id")["partners"].map(series.company)
    frames = ours.set_index("id")["frame"].astype(str).map(series.FRAMES)
    assert len(matched) and (frames[matched.index] == matched).all()


def test_the_estimate_by_company_agrees_with_counting_names_by_hand(lists):
    ours, other = lists
    first, last = int(other["year"].min()), int(other["year"].max())
    found = series.overlap(series.editions(ours, other), first, last)
    held = ours[ours["held"] & ours["year"].between(first, last)]
    sure = other[~other["doubtful"].astype(bool)]
    csto, many = held["series"].astype(str).str.startswith("CSTO").sum(), sure["partners"].str.contains(";").sum()
    shared = sure[sure["partners"].str.contains(";")]["exercise_id"].isin(held["id"]).sum()
    assert found.loc[series.SEVERAL, "estimate"] == pytest.approx((csto + 1) * (many + 1) / (shared + 1) - 1)
    assert found[["ours", "both"]].to_numpy().sum() == len(held) and found[["others", "both"]].to_numpy().sum() == len(sure)


def test_a_match_more_lowers_the_estimate_of_its_company_only(lists):
    ours, other = lists
    before = series.overlap(series.editions(ours, other), 2009, 2018)["estimate"]
    other.loc[other["id"] == "JX-27", "exercise_id"] = "EX-CSTO-UB-2016"
    after = series.overlap(series.editions(ours, other), 2009, 2018)["estimate"]
    assert after[series.SEVERAL] < before[series.SEVERAL] and (after[:2] == before[:2]).all()


def test_the_turns_are_every_second_year_and_none_is_missing(data):
    drills = data["military/exercises"]
    held = drills[drills["held"] & (drills["year"] >= 2009)]
    zapad = set(held[held["id"].str.contains("ZAPAD")]["year"])
    shield = set(held[held["id"].str.contains("USH")]["year"])
    turns = series.cadence(drills)
    assert zapad == set(range(2009, 2026, 4)) and shield == set(range(2011, 2026, 4))
    assert turns["kept"].all() and len(turns) == len(zapad) + len(shield)
    assert list(turns[turns["cancelled"] != ""]["year"]) == [2023]


@pytest.mark.parametrize(("row", "column", "value"), [("EX-USH-2015", "held", False), ("EX-ZAPAD-2023", "held", True)])
def test_a_missing_or_doubled_edition_breaks_a_turn(data, row, column, value):
    put(data["military/exercises"], row, column, value)
    turns = series.cadence(data["military/exercises"])
    assert (~turns["kept"]).sum() == 1


def test_every_equipment_figure_of_both_tables_is_drawn_once(data, kit):
    drills, claims = data["military/exercises"], data["military/exercise_claims"]
    own = claims[~claims["metric"].astype(str).str.startswith("personnel")]
    assert set(own["id"]) <= set(kit["row"])
    cells = [(id, column, n) for column in ("tanks", "aircraft", "ships") for id, n in drills.set_index("id")[column].dropna().items()]
    for id, column, n in cells:
        assert ((kit["exercise_id"] == id) & (kit["metric"] == column) & (kit["high"] == n)).any(), (id, column)
    assert not kit.duplicated(["exercise_id", "metric", "scope", "high"]).any()


def test_the_ships_of_2013_never_stand_in_belarus(kit):
    ships = kit[(kit["exercise_id"] == "EX-ZAPAD-2013") & (kit["metric"] == "ships")]
    assert set(ships["scope"]) == {"Kaliningrad Oblast", "whole exercise"}


def test_the_equipment_of_the_parts_of_2013_makes_the_whole(kit):
    for metric in ("vehicles", "aircraft"):
        by = kit[(kit["exercise_id"] == "EX-ZAPAD-2013") & (kit["metric"] == metric)].set_index("scope")["high"]
        assert by["Belarusian territory"] + by["Kaliningrad Oblast"] == by["whole exercise"]


def test_two_counts_of_one_scope_are_a_conflict_and_of_two_scopes_are_not(data):
    claims = data["military/exercise_claims"]
    assert series.disputed(series.equipment(data["military/exercises"], claims)).empty
    put(claims, "CL-027", "scope", "whole exercise")  # 138 tanks beside the 250 of the row
    assert set(series.disputed(series.equipment(data["military/exercises"], claims))["exercise_id"]) == {"EX-ZAPAD-2017"}


def test_the_troops_implied_by_the_tanks_of_2021_agree_with_a_rule_of_three(data, kit):
    drills, claims = data["military/exercises"].set_index("id"), data["military/exercise_claims"].set_index("id")
    ratios = series.per_thousand(data["military/exercises"], data["military/exercise_claims"], kit)
    low, high = series.implied(ratios, "EX-ZAPAD-2021")
    tanks = claims.loc["CL-075", "value_high"]
    dense, thin = drills.loc["EX-ZAPAD-2017"], drills.loc["EX-USH-2006"]
    assert low == pytest.approx(tanks * dense["official_personnel"] / dense["tanks"])
    assert high == pytest.approx(tanks * thin["official_personnel"] / thin["tanks"])
    assert high < claims.loc["CL-036", "value_high"]


def test_the_tanks_of_2021_in_belarus_fit_earlier_exercises_and_those_of_the_headline_do_not(data, kit):
    claims = data["military/exercise_claims"].set_index("id")["value_high"]
    ratios = series.per_thousand(data["military/exercises"], data["military/exercise_claims"], kit)
    home = series.of_scope(ratios, "EX-ZAPAD-2021", series.HOME)["ratio"]
    earlier = ratios[ratios["year"] < 2021]["ratio"]
    assert home == pytest.approx(claims["CL-099"] / (claims["CL-034"] / 1000))
    assert earlier.min() < home < earlier.max()
    assert series.of_scope(ratios, "EX-ZAPAD-2021", series.WHOLE)["ratio"] < earlier.min()
    with pytest.raises(ValueError, match="0 ratios"):
        series.of_scope(ratios, "EX-ZAPAD-2025", series.WHOLE)


def test_belarusian_units_in_russia_are_not_an_exercise_in_belarus(data):
    drills = data["military/exercises"]
    by_hand = {"Zapad": 6, "Union Shield": 1, "Slavic Brotherhood": 2, "CSTO": 5, "Other": 2}  # read from the locations
    assert series.sizes(drills)["in Belarus"].to_dict() == by_hand
    assert "Belarus" in drills.set_index("id").loc["EX-NSNW-2024", "location"]  # the trap


def test_a_date_is_shown_no_more_exactly_than_it_is_known():
    events = load("military/vienna_events")
    shown = series.dated(events).set_index("id")["date"]
    assert shown.str.len().to_dict() == {
        row.id: {"day": 10, "month": 7, "year": 4}[str(row.date_precision)] for row in events.itertuples() if not pd.isna(row.date)
    }
    assert "VD-01" not in shown and shown["VD-14"] == "2012-08-21" and shown["VD-12"] == "2009-09"


def test_tanks_and_troops_of_a_ratio_have_one_scope(data, kit):
    ratios = series.per_thousand(data["military/exercises"], data["military/exercise_claims"], kit)
    assert not ratios.duplicated(["exercise_id", "scope"]).any()
    assert list(ratios.query("exercise_id == 'EX-ZAPAD-2013'")["scope"]) == ["Belarusian territory"]  # no tank count for the whole
    claims = data["military/exercise_claims"].set_index("id")
    for row in ratios.itertuples():
        scopes = {str(claims.loc[id, "scope"]) for id in row.rows.split() if id in claims.index}
        assert scopes <= {row.scope}


def test_a_lower_threshold_lets_more_equipment_reach_it(data, kit):
    thresholds = data["military/vienna_thresholds"]
    reached = [(series.near_limits(kit, thresholds)["share"] >= 1).sum()]
    thresholds.loc[thresholds["threshold"] == "notification", "tanks"] = 228
    reached.append((series.near_limits(kit, thresholds)["share"] >= 1).sum())
    assert reached == [3, 5]  # 228 (2009) and 230 (2019) join


def test_what_was_notified_follows_the_record(data):
    events = load("military/vienna_events")

    def due():
        done = series.duties(stated(data), data["military/exercises"], events, 9000)
        return done[done["reaches"]].set_index("exercise_id")

    claims = data["military/exercise_claims"].set_index("id")
    assert claims.loc["CL-071", "value_high"] >= 9000 and due().loc["EX-USH-2019", "notified"] == "yes"
    assert due().loc["EX-UR-2022", "requests"] == 2 and "EX-USH-2015" not in due().index
    put(data["military/exercises"], "EX-UR-2022", "vienna_notification", "yes")
    assert due().loc["EX-UR-2022", "notified"] == "yes"


def test_an_exercise_with_known_observers_was_held(data):
    events, held = load("military/vienna_events"), data["military/exercises"].query("held")
    watched = events[events["kind"].astype(str) == "observation"]
    assert set(watched["exercise_id"]) <= set(held["id"])
    years = watched["exercise_id"].map(held.set_index("id")["year"])
    assert (watched["date"].dt.year == years).all()


def test_a_figure_misread_as_an_observers_count_is_in_no_range(data):
    found = rivals(data).set_index("id")
    assert found.loc["CL-031", "kind"] == analysis.RETOLD
    high = analysis.span(rivals(data), "EX-ZAPAD-2017", "Belarusian territory", analysis.BEFORE, analysis.LATER)[1]
    assert high == data["military/exercise_claims"].set_index("id").loc["CL-026", "value_high"]
    outside = found[found["exercise_id"].eq("EX-ZAPAD-2017") & found["kind"].isin([analysis.OUTSIDE_BEFORE, analysis.OUTSIDE_AFTER])]
    row = data["military/exercises"].set_index("id").loc["EX-ZAPAD-2017"]
    assert outside.query("scope == 'whole exercise'")["low"].min() == row["independent_estimate_low"]
