"""Promises of the chapter on joint exercises: scopes stay apart, errors stay out, verdicts follow the data."""

from itertools import product
from math import isnan

import pandas as pd
import pytest

from unionstate import load
from unionstate.analysis import exercises as analysis
from unionstate.audit import exercises as audit

NAMES = ("military/exercises", "military/exercise_claims", "military/vienna_thresholds", "source-page/claims", "corrections")


@pytest.fixture
def data(monkeypatch):
    """The tables, as copies that a test may change; the audit reads the same copies."""
    frames = {name: load(name).copy() for name in NAMES}
    monkeypatch.setattr(audit, "load", frames.__getitem__)
    return frames


def rivals(data):
    return analysis.rival_figures(data["military/exercise_claims"], data["military/exercises"], data["corrections"])


def put(frame, row, column, value):
    frame.loc[frame["id"] == row, column] = value


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
