"""Series on armies, alignment, alliances and maps: made again from the publishers' files, and their known errors dealt with."""

from itertools import pairwise

import pandas as pd
import pytest
from evidence import plain

from unionstate import load
from unionstate.package import resource
from unionstate.recipes import alignment, integration, maps, military

MINE = [*military.RECIPES, *alignment.RECIPES, *integration.RECIPES, *maps.RECIPES]
COMPARED = ["kazakhstan", "armenia", "kyrgyzstan", "ukraine", "poland"]


def identical(votes, one="belarus", other="russia"):
    both = [(row[one], row[other]) for row in votes if row[one] and row[other]]
    return sum(a == b for a, b in both) / len(both)


# --- spending, arms, soldiers, exercises ------------------------------------------------------------------------------


def test_spending_keeps_out_the_share_of_government_and_local_currency():
    assert {row["measure"] for row in plain("military/spending")} == {"share of GDP", "constant USD", "current USD", "current USD per head"}


def test_spending_in_todays_currency_is_never_zero_and_every_share_is_percent():
    rows = plain("military/spending")
    assert all(float(row["value"]) > 0 for row in rows)
    assert not [row for row in rows if row["country"] == "BLR" and row["measure"] == "current USD" and row["year"] < "1995"]
    belarus = {row["year"]: float(row["value"]) for row in rows if row["country"] == "BLR" and row["measure"] == "share of GDP"}
    assert belarus["2019"] == 1.3964 and belarus["2024"] == 2.0736


def test_the_jump_of_belarusian_dollars_in_2023_is_smaller_in_constant_dollars():
    rows = {(r["measure"], r["year"]): float(r["value"]) for r in plain("military/spending") if r["country"] == "BLR"}
    current, constant = (rows[m, "2023"] / rows[m, "2022"] for m in ("current USD", "constant USD"))
    assert current > 1.4 and constant < 1.3
    assert "military/spending" in {row["table"] for row in plain("corrections") if row["id"] == "K082"}


def test_the_register_of_arms_fills_the_gaps_of_the_news():
    russian = [row for row in plain("military/arms_register") if row["supplier"] == "RUS"]
    known = {(row["weapon"], row["delivery_years"]): int(row["quantity_delivered"]) for row in russian}
    assert len(known) == 32
    assert known["T-72B3", "2017; 2018; 2019"] == 25 and known["S-400 Triumf", "2022; 2023"] == 2
    assert known["9P78 Iskander", "2022; 2023"] == 4 and known["59N6 Protivnik-GE", "2016; 2017; 2018; 2019; 2020"] == 7
    assert known["Yak-130", "2016"] == known["Yak-130", "2019"] == known["Tor-M1", "2017"] == known["Tor-M1", "2018"] == 4
    assert known["Mi-24P/Mi-35P", "2023; 2024"] == 8


def test_two_counts_of_soldiers_stay_two_and_their_breaks_are_marked():
    rows = {(r["data_set"], int(r["year"])): r for r in plain("military/armed_forces") if r["country"] == "BLR"}
    assert all(155 <= float(rows["World Bank", year]["personnel"]) <= 158 for year in range(2013, 2021))
    assert all(45 <= float(rows["COW", year]["personnel"]) <= 48 for year in range(2013, 2023))
    assert rows["World Bank", 2001]["jump"] == rows["COW", 2013]["jump"] == "yes"
    assert rows["World Bank", 2002]["jump"] == "no"


def test_the_broken_spending_of_cow_and_its_index_are_nowhere():
    fields = {field["name"] for name in MINE for field in resource(name)["schema"]["fields"]}
    assert not {"milex", "cinc", "milex_thousand_usd"} & fields


def test_the_other_list_of_exercises_stays_a_list_with_its_doubt():
    rows = plain("military/exercises_other_list")
    assert len(rows) == 25 and [row["id"] for row in rows if row["doubtful"] == "yes"] == ["JX-86"]
    ours = {row["id"]: row for row in plain("military/exercises")}
    matched = [row for row in rows if row["exercise_id"]]
    assert len(matched) == 9 and all(ours[row["exercise_id"]]["name"].startswith(row["name"]) for row in matched)


# --- votes ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def votes():
    return plain("alignment/un_roll_calls")


def test_agreement_by_year_is_the_share_of_identical_votes_among_all_roll_calls_in_which_both_voted(votes):
    names, points = {code: name for code, name in alignment.STATES.items()}, {"for": 1, "abstain": 0.5, "against": 0}
    years = {}
    for row in votes:
        years.setdefault(row["year"], []).append(row)
    for stated in plain("alignment/un_agreement"):
        one, other = names[stated["country"]], names[stated["partner"]]
        both = [(row[one], row[other]) for row in years[stated["year"]] if row[one] and row[other]]
        assert len(both) == int(stated["votes"])
        assert float(stated["identical_share"]) == pytest.approx(sum(a == b for a, b in both) / len(both), abs=6e-5)
        three = sum(1 - abs(points[a] - points[b]) for a, b in both) / len(both)
        assert float(stated["three_point_agreement"]) == pytest.approx(three, abs=6e-5)


def test_agreement_by_session_is_that_of_the_data_set_once_paragraph_votes_are_left_out(votes):
    pair = [row for row in plain("alignment/un_agreement_sessions") if (row["country"], row["partner"]) == ("BLR", "RUS")]
    published = {int(row["session"]): float(row["identical_share"]) for row in pair}
    assert sorted(published) == list(range(46, 79))
    gap, gap_with = {}, {}
    for session in range(46, 75):
        own = [row for row in votes if row["session"] == str(session)]
        gap[session] = abs(identical([row for row in own if row["added"] == "no"]) - published[session])
        gap_with[session] = abs(identical(own) - published[session])
    assert [session for session in gap if gap[session] < 6e-5] == [46, 48, 49, 50, 54, 55, 58, 60, 68, 70, 73, 74]
    assert max(gap.values()) == gap[57] < 0.04 and sorted(gap.values())[-2] < 0.013
    assert max(gap_with.values()) > 0.06 and sum(gap_with.values()) > 2 * sum(gap.values())


def test_days_that_are_numbers_of_weekdays_are_not_taken_for_dates(votes):
    wrong = [row for row in votes if row["date_precision"] == "month"]
    assert {int(row["session"]) for row in wrong} == set(range(46, 58)) and {row["date"][8:] for row in wrong} == {"15"}
    assert not [row for row in votes if row["added"] == "yes" and row["date_precision"] == "month"]
    twice = [row for row in votes if row["added"] == "yes" and row["symbol"] and int(row["session"]) < 58]
    full = {(row["session"], row["symbol"]): row["date"] for row in twice}
    months = [(row["date"][:7], full[row["session"], row["symbol"]][:7]) for row in wrong if (row["session"], row["symbol"]) in full]
    assert len(months) > 60 and all(found == true for found, true in months)


def test_states_have_no_vote_before_they_are_members(votes):
    young = [row for row in votes if row["year"] == "1991"]
    assert young and not any(row[state] for row in young for state in ("kazakhstan", "armenia", "kyrgyzstan"))


def test_the_two_tables_of_votes_tell_the_same_story_of_crimea_and_the_invasion():
    vote = {(r["symbol"], r["country"]): r["vote"] for r in plain("alignment/ukraine_votes")}
    chosen = {r["un_symbol"]: r for r in plain("military/alignment")}
    for symbol in ("A/RES/68/262", "A/RES/ES-11/1"):
        assert vote[symbol, "BLR"] == chosen[symbol]["belarus_position"] == "against" == vote[symbol, "RUS"]
        assert vote[symbol, "KAZ"] == "abstain"
    assert vote["A/RES/68/262", "KGZ"] == "not voting"


def test_ideal_points_lie_inside_their_interval_and_reach_2024():
    rows = plain("alignment/ideal_points")
    assert all(float(r["low"]) <= float(r["ideal_point"]) <= float(r["high"]) for r in rows)
    assert max(r["year"] for r in rows if r["votes_used"] == "final passage") == "2024"
    belarus = {r["year"]: r["ideal_point"] for r in rows if r["country"] == "BLR" and r["votes_used"] == "final passage"}
    assert (belarus["2021"], belarus["2022"], belarus["2024"]) == ("-0.47872", "-1.05357", "-0.85002")


def test_every_pair_of_states_in_the_event_counts_has_every_year():
    frame = load("alignment/icews_dyads")
    assert (frame.groupby(["actor", "target"], observed=True)["year"].nunique() == 13).all()
    assert frame.query("actor == 'BLR' and target == 'RUS' and year == 2010")["verbal_conflict"].item() == 142


# --- treaties and alliances as others code them --------------------------------------------------------------------------


def test_trade_agreements_miss_the_union_treaties_of_1996_and_1997():
    rows = [r for r in plain("integration/trade_agreements") if r["states"] == "BLR; RUS"]
    assert sorted(r["signed"] for r in rows) == ["1992", "1995", "1999"]
    assert not [r for r in plain("integration/trade_agreements") if r["kind"] == "negotiation" or r["signed"] < "1991"]


def test_two_codings_of_alliances_differ_and_both_stand():
    pair = [row for row in plain("integration/alliance_obligations") if (row["country"], row["partner"]) == ("BLR", "RUS")]
    rows = {(row["data_set"], row["year"]): row for row in pair}
    assert (rows["ATOP", "1992"]["defence"], rows["COW", "1992"]["defence"]) == ("no", "yes")
    assert max(year for source, year in rows if source == "COW") == "2012" and rows["ATOP", "2018"]["defence"] == "yes"


def test_pairs_stand_once_with_russia_as_partner():
    for name in ("alignment/un_agreement", "integration/alliance_obligations", "integration/shared_igos"):
        rows = plain(name)
        assert not [r for r in rows if r["country"] == "RUS" or r["country"] == r["partner"]]
        assert {r["country"] for r in rows if r["partner"] == "RUS"} >= {"BLR", "KAZ", "ARM", "KGZ", "UKR"}
    shared = {r["year"]: r["shared"] for r in plain("integration/shared_igos") if (r["country"], r["partner"]) == ("BLR", "RUS")}
    assert (shared["1996"], shared["2005"], shared["2014"]) == ("34", "45", "46")


# --- maps -----------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def outlines():
    rings = {}
    for row in plain("map/countries"):
        rings.setdefault((row["country"], row["part"]), []).append((float(row["longitude"]), float(row["latitude"])))
    return rings


def states_at(outlines, x, y):
    """The states whose outline a ray from the point to the north crosses an odd number of times."""
    found = set()
    for (state, _), ring in outlines.items():
        crossed = 0
        for (x1, y1), (x2, y2) in pairwise(ring):
            if min(x1, x2) <= x < max(x1, x2) and y1 + (y2 - y1) * (x - x1) / (x2 - x1) > y:
                crossed += 1
        if crossed % 2:
            found.add(state)
    return found


@pytest.mark.parametrize(
    ("place", "x", "y", "state"),
    [
        ("Simferopol", 34.10, 44.95, "UKR"),
        ("Kerch", 36.30, 45.35, "UKR"),
        ("Sevastopol", 33.60, 44.60, "UKR"),
        ("Donetsk", 37.80, 48.00, "UKR"),
        ("Melitopol", 35.37, 46.85, "UKR"),
        ("Minsk", 27.56, 53.90, "BLR"),
        ("Tiraspol", 29.63, 46.84, "MDA"),
        ("Kaliningrad", 20.51, 54.71, "RUS"),
        ("Smolensk", 32.05, 54.78, "RUS"),
        ("Rostov", 39.70, 47.30, "RUS"),
    ],
)
def test_each_place_lies_in_the_state_that_the_general_assembly_recognises(outlines, place, x, y, state):
    assert states_at(outlines, x, y) == {state}, place


def test_no_border_runs_between_crimea_and_the_mainland(outlines):
    edges = [frozenset(edge) for ring in outlines.values() for edge in pairwise(ring)]
    isthmus = {(33.594, 46.097), (34.127, 46.09), (34.523, 45.977)}
    assert not [edge for edge in edges if edge & isthmus and len(edge & isthmus) == 2]
    mainland = max((ring for (state, _), ring in outlines.items() if state == "UKR"), key=len)
    assert (33.911, 44.387) in mainland and (34.127, 46.09) not in mainland


def test_outlines_are_closed_and_stay_inside_the_window(outlines):
    for ring in outlines.values():
        assert len(ring) >= 4 and ring[0] == ring[-1]
        assert all(maps.WEST <= x <= maps.EAST and maps.SOUTH <= y <= maps.NORTH for x, y in ring)


def test_pipelines_say_which_names_are_inferred_and_which_lines_schematic():
    lines = {row["line"]: row for row in plain("map/pipelines")}
    assert not {"P2020", "P0806", "P5654", "P5655", "P5938", "P6307", "P7280"} & set(lines)
    assert lines["P3483"]["same_line"] == "P5654; P5655"
    assert lines["P0779"]["label_basis"] == "inferred from route geometry"
    assert (lines["P3715"]["drawing"], lines["P3486"]["drawing"], lines["P0769"]["drawing"]) == ("schematic", "schematic", "traced")


def test_every_pipeline_has_its_line_and_passes_through_the_map():
    points = pd.DataFrame(plain("map/pipeline_points"))
    x, y = points["longitude"].astype(float), points["latitude"].astype(float)
    inside = x.between(maps.WEST, maps.EAST) & y.between(maps.SOUTH, maps.NORTH)
    assert set(points["line"]) == set(points.loc[inside, "line"]) == {row["line"] for row in plain("map/pipelines")}
    assert (points.groupby(["line", "part"]).size() >= 2).all()


def test_every_known_problem_of_these_sources_stands_in_the_register():
    registered = {row["id"]: row["table"] for row in plain("corrections") if "K080" <= row["id"] <= "K099"}
    assert set(registered.values()) >= {
        "military/spending", "military/armed_forces", "military/arms_register", "military/exercises_other_list",
        "alignment/un_roll_calls", "integration/trade_agreements", "map/countries", "map/pipelines",
    }  # fmt: skip
