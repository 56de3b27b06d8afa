"""Promises of the chapter on posture: grades stay apart, ignorance stays visible, verdicts follow the data."""

import math
import re
from collections import Counter
from datetime import date

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from evidence import copies, plain, put

from unionstate import load
from unionstate.analysis import posture as analysis
from unionstate.audit import posture as audit

NAMES = (
    "military/facilities",
    "military/posture_claims",
    "military/agreements",
    "military/exercises",
    "military/alignment",
    "military/arms_register",
    "military/arms_lots",
    "military/troops",
    "integration/treaties",
    "integration/milestones",
    "source-page/claims",
    "sources",
)
END = pd.Timestamp("2026-02-11")


@pytest.fixture
def data(monkeypatch):
    return copies(monkeypatch, audit, NAMES)


def sites(data, **options):
    return analysis.graded(data["military/facilities"], data["military/posture_claims"], **options).set_index("id")


def lanes(data):
    return analysis.lanes(sites(data).reset_index(), END)


# --- grades ---------------------------------------------------------------------------------------------------


def test_a_site_is_seen_only_if_somebody_outside_the_governments_saw_it(data):
    """No government's own word may pass for a confirmation."""
    claims = data["military/posture_claims"]
    confirmed = claims[claims["grade"].astype(str) == analysis.CONFIRMED]
    assert set(confirmed["speaker_kind"].astype(str)) == {"outside the governments"}
    official = claims[claims["grade"].astype(str) == analysis.CLAIM]
    assert set(official["speaker_kind"].astype(str)) <= {"Belarusian official", "Russian official"}


def test_the_three_grades_agree_with_counting_the_file_by_hand(data):
    last = {}
    for row in plain("military/posture_claims"):
        key = row["facility"], row["grade"]
        last[key] = max(last.get(key, ""), row["date"])
    by_hand = {}
    for site in plain("military/facilities"):
        doubt, seen = last.get((site["id"], "doubt"), ""), last.get((site["id"], "independent confirmation"), "")
        by_hand[site["id"]] = "in doubt" if doubt and doubt >= seen else "seen from outside" if seen else "official claim only"
    assert sites(data)["grade"].to_dict() == by_hand


def test_one_doubt_changes_a_site_and_its_removal_changes_it_back(data):
    claims = data["military/posture_claims"]
    assert sites(data).loc["F-MAZYR", "grade"] == analysis.SEEN
    claims.loc[claims["facility"] == "F-MAZYR", "grade"] = "doubt"
    assert sites(data).loc["F-MAZYR", "grade"] == analysis.DOUBT
    data["military/posture_claims"] = claims[claims["facility"] != "F-MAZYR"]
    assert sites(data).loc["F-MAZYR", "grade"] == analysis.CLAIMED


def test_nobody_outside_has_confirmed_warheads(data):
    """The chapter says so in its abstract; one row would end it."""
    claims = data["military/posture_claims"]
    nuclear = claims[claims["topic"].astype(str) == "nuclear weapons"]
    assert analysis.CONFIRMED not in set(nuclear["grade"].astype(str))
    assert sites(data).loc["F-ASIPOVICHY-DEPOT", "grade"] == analysis.DOUBT
    assert {sites(data, rule=rule).loc["F-ASIPOVICHY-DEPOT", "grade"] for rule in ("standing", "doubt", "sighting")} == {analysis.DOUBT}


def test_a_doubt_stands_until_a_later_sighting(data):
    claims = data["military/posture_claims"]
    assert sites(data).loc["F-BARANAVICHY", "grade"] == analysis.SEEN
    assert sites(data, rule="doubt").loc["F-BARANAVICHY", "grade"] == analysis.DOUBT
    late = (claims["facility"] == "F-BARANAVICHY") & (claims["grade"].astype(str) == analysis.DOUBTED)
    claims.loc[late, "date"] = pd.Timestamp("2024-01-01")
    assert sites(data).loc["F-BARANAVICHY", "grade"] == analysis.DOUBT
    assert sites(data, rule="sighting").loc["F-BARANAVICHY", "grade"] == analysis.SEEN


def test_every_site_has_a_name_a_label_and_a_claim(data):
    from unionstate.analysis import posture_charts as charts

    ids = set(data["military/facilities"]["id"])
    assert set(analysis.SHORT) == set(charts.LABELS) == ids
    assert ids <= set(data["military/posture_claims"]["facility"])
    assert set(charts.STATUS_WORDS) == set(data["military/facilities"]["status_kind"].cat.categories)


def test_the_three_grades_are_told_apart_by_shape_alone(data):
    """On the map and on the lanes, for a reader who sees no colour: three shapes, and no shape of another grade."""
    from unionstate.analysis import posture_charts as charts

    wanted = {analysis.CLAIMED: "o", analysis.SEEN: "D", analysis.DOUBT: "X"}
    _, ax = plt.subplots()
    charts.site_map(ax, load("map/countries"), sites(data).reset_index())
    drawn = Counter(line.get_marker() for line in ax.get_lines())
    plt.close(ax.figure)
    counted = sites(data)["grade"].value_counts()
    assert drawn == {shape: counted[grade] for grade, shape in wanted.items()}
    assert len({marker for marker, _ in charts.CLAIM_MARKS.values()}) == len(charts.CLAIM_MARKS)


def test_no_official_who_spoke_of_warheads_or_missiles_named_a_place():
    """The chapter says so; the lanes draw such words hollow."""
    for row in plain("military/posture_claims"):
        if row["topic"] in ("nuclear weapons", "Oreshnik missiles"):
            assert row["place_named"] == ("no" if row["grade"] == "official claim" else "yes"), row["id"]


def test_use_is_known_only_where_somebody_outside_saw_it(data):
    """Neither a depot under suspicion nor a presumed missile site may be drawn solid or counted at least."""
    lane = lanes(data).set_index("id")
    assert set(lane.index[lane["known"].isna()]) == {
        row["id"] for row in plain("military/facilities") if sites(data).loc[row["id"], "grade"] != analysis.SEEN
    }
    assert analysis.in_use(lanes(data), [END]).iloc[0]["low"] == 0


# --- time -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["2002-01-01", "2012-06-30", "2020-08-23", "2022-02-24", "2023-07-15", "2024-06-01", "2026-02-11"])
def test_the_count_of_sites_agrees_with_walking_through_the_file(data, day):
    """Recomputed row by row from the file: what is certainly and what is possibly in use on one day."""
    asked, seen = date.fromisoformat(day), {}
    for row in plain("military/posture_claims"):
        kept = seen.setdefault(row["facility"], {"independent confirmation": [], "all": []})
        kept["all"].append(row["date"])
        if row["grade"] == "independent confirmation":
            kept["independent confirmation"].append(row["date"])
    technical = low = high = 0
    for row in plain("military/facilities"):
        if row["status_kind"] == "refused or dropped" or not row["start"] or date.fromisoformat(row["start"]) > asked:
            continue
        last = max(seen[row["id"]]["independent confirmation"] or seen[row["id"]]["all"])
        known = {"in use": END.date().isoformat(), "left": row["end"] or last}.get(row["status_kind"], last)
        possible = known if row["status_kind"] == "left" else END.date().isoformat()
        listens = "radar" in row["kind"] or "transmitter" in row["kind"]
        doubts = [r["date"] for r in plain("military/posture_claims") if (r["facility"], r["grade"]) == (row["id"], "doubt")]
        sure = seen[row["id"]]["independent confirmation"] and max(seen[row["id"]]["independent confirmation"]) > max(doubts or [""])
        technical += listens and day <= possible
        high += not listens and day <= possible
        low += bool(not listens and day <= known and sure)
    found = analysis.in_use(lanes(data), [pd.Timestamp(day)]).iloc[0]
    assert (found["technical"], found["low"], found["high"]) == (technical, low, high)


def test_the_steps_of_the_count_miss_no_change(data):
    """Counting on every single day gives the same extremes as counting on the turning days."""
    lane, first = lanes(data), pd.Timestamp("2013-01-01")
    steps = analysis.in_use(lane, analysis.turning_days(lane, first, END))
    daily = analysis.in_use(lane, pd.date_range(first, END, freq="D"))
    filled = steps.set_index("day").reindex(daily["day"], method="ffill").reset_index()
    pd.testing.assert_frame_equal(filled, daily)


def test_ignorance_never_lowers_the_upper_count(data):
    before = analysis.in_use(lanes(data), [END]).iloc[0]
    put(data["military/facilities"], "F-MACHULISHCHY", "status_kind", "not established")
    after = analysis.in_use(lanes(data), [END]).iloc[0]
    assert after["high"] == before["high"] + 1 and after["low"] == before["low"]


# --- instruments and troops -----------------------------------------------------------------------------------


def test_the_waits_agree_with_the_calendar(data):
    paper = analysis.instruments(data["military/agreements"], data["integration/treaties"]).set_index("id")
    assert paper.loc["A-2009-AIRDEF", "days"] == (date(2012, 2, 13) - date(2009, 2, 3)).days
    assert paper.loc["A-2018-DRAFT", "days"] == (date(2021, 11, 4) - date(2018, 11, 13)).days
    assert paper.loc["A-2024-GUARANTEES", "days"] == (date(2025, 3, 13) - date(2024, 12, 6)).days


def test_a_missing_date_is_shown_as_not_found_and_not_as_a_short_wait(data):
    put(data["military/agreements"], "A-2013-GLONASS", "in_force", pd.NaT)
    lane = analysis.instruments(data["military/agreements"], data["integration/treaties"]).set_index("id").loc["A-2013-GLONASS"]
    assert lane["end_kind"] == "no date of entry found" and math.isnan(lane["days"])


def test_both_tables_of_instruments_give_the_same_days_of_signature(data):
    """Two tables hold the same treaties; they were typed apart."""
    treaties = data["integration/treaties"].set_index("id")["signed"]
    agreements = data["military/agreements"].set_index("id")["signed"]
    for name, row, _, key in analysis.INSTRUMENTS:
        if key in treaties.index:
            assert treaties[key] == agreements[row], name


def test_a_floor_is_never_drawn_as_a_point(data):
    shown = analysis.troops(data["military/troops"]).set_index("id")
    for row in plain("military/troops"):
        if row["id"] in shown.index and bool(row["value_low"]) != bool(row["value_high"]):
            assert shown.loc[row["id"], "shape"] == ("floor" if row["value_low"] else "ceiling")
    assert "TR-02" not in shown.index  # the Belarusian army


def test_an_arrow_points_up_from_every_floor_and_down_from_every_ceiling(data):
    """Counted in the drawing against the file, and a single figure is a point, two are a range."""
    from unionstate.analysis import posture_charts as charts

    spoken = analysis.troops(data["military/troops"])
    told = {r["id"]: (r["value_low"], r["value_high"]) for r in plain("military/troops")}
    kinds = {(True, True): "range", (True, False): "floor", (False, True): "ceiling", (False, False): "words only"}
    for row in spoken.itertuples():
        low, high = told[row.id]
        assert row.shape == ("point" if low and low == high else kinds[bool(low), bool(high)]), row.id
    fig, ax = plt.subplots()
    charts.troop_marks(ax, spoken)
    arrows = [(text.xyann[1], text.xy[1]) for text in ax.texts if text.arrow_patch is not None]  # from, to
    plt.close(fig)
    drawn = Counter("floor" if to > start else "ceiling" for start, to in arrows)
    assert drawn == {shape: (spoken["shape"] == shape).sum() for shape in ("floor", "ceiling")}


def test_the_parts_of_the_last_count_of_troops_add_up_to_it(data):
    """1,450 at two sites, 600 at two airfields and about 100 on exercise: "up to" figures may exceed the total a little."""
    claims, total = data["military/posture_claims"], data["military/troops"].set_index("id").loc["TR-11"]
    exercise = int(re.search(r"about (\d+) on exercise", total["note"])[1])
    parts = claims["persons"].sum() + exercise
    assert abs(parts - total["value_high"]) / total["value_high"] < 0.05
    told = [int(n.replace(",", "")) for n in re.findall(r"up to ([\d,]+)", total["note"])]
    assert sorted(told) == sorted(claims["persons"].dropna())


# --- arms and money -------------------------------------------------------------------------------------------


def test_every_russian_weapon_of_the_register_is_compared_or_is_ammunition_or_minor():
    """What the comparison leaves out is named here, so that a new lot of the register cannot slip by."""
    left_out = {"5V55R", "9M338", "48N6", "9M723 Iskander", "vehicle engine", "Yak-52"}
    patterns = "|".join(weapon for weapon, _ in analysis.FAMILIES.values())
    register = load("military/arms_register")
    russian = register.loc[register["supplier"].astype(str) == "RUS", "weapon"].astype(str)
    assert {weapon for weapon in russian if not re.fullmatch(patterns, weapon)} == left_out


def test_the_two_lists_agree_where_the_chapter_says_so():
    rows = plain("military/arms_register")
    pieces = sum(int(r["quantity_delivered"]) for r in rows if r["weapon"] in ("S-300PS", "S-300PMU1"))
    sets = sum(float(r["quantity_delivered"]) for r in plain("military/arms_lots") if r["item"] == "S-300PS")
    found = analysis.arms(load("military/arms_register"), load("military/arms_lots")).set_index("family")
    assert pieces == sets == found.loc["S-300PS", "sipri"] and found.loc["S-300PS", "agreement"] == "agree"


def test_the_share_of_arms_counts_what_was_delivered():
    """Recomputed from the file: orders that never came do not count."""
    rows = plain("military/arms_register")
    delivered = {s: sum(float(r["tiv_delivered"]) for r in rows if r["supplier"] == s) for s in {r["supplier"] for r in rows}}
    found = analysis.tiv_by_supplier(load("military/arms_register"))
    assert found.to_dict() == pytest.approx(delivered) and found.index[0] == "RUS"
    assert sum(float(r["tiv_ordered"]) for r in rows) > 1.1 * sum(delivered.values())


def test_a_changed_lot_turns_agreement_into_difference():
    lots = load("military/arms_lots").copy()
    put(lots, "W-SU30-1", "quantity_delivered", 5)
    found = analysis.arms(load("military/arms_register"), lots).set_index("family")
    assert found.loc["Su-30SM", "agreement"] == "differ"


def test_the_odd_rate_shows_in_belarus_and_nowhere_else():
    spending, gdp = load("military/spending"), load("economy/gdp")
    minsk = analysis.share_against_dollars(spending, gdp, "BLR")
    assert abs(minsk.loc[2011:2021] - 1).max() < 0.02 < 0.07 < abs(minsk.loc[2022:2023] - 1).min()
    for other in ("POL", "LTU", "RUS", "UKR"):
        assert abs(analysis.share_against_dollars(spending, gdp, other).loc[2015:] - 1).max() < 0.03


def test_belarus_spends_the_smallest_share_of_all_the_states_around_it():
    """Recomputed from the file; all five that border on it, so that none is left out by choice."""
    rows = [r for r in plain("military/spending") if r["measure"] == "share of GDP" and r["year"] == "2024"]
    around = {r["country"]: float(r["value"]) for r in rows if r["country"] in ("BLR", "LTU", "LVA", "POL", "RUS", "UKR")}
    assert len(around) == 6 and min(around, key=around.get) == "BLR"
    found = analysis.by_country(load("military/spending"), "share of GDP").loc[2024, list(around)]
    assert found.to_dict() == around


def test_the_index_does_not_depend_on_the_rate_of_2023():
    wide = analysis.by_country(load("military/spending"), "constant USD")
    rows = {r["year"]: float(r["value"]) for r in plain("military/spending") if (r["country"], r["measure"]) == ("BLR", "constant USD")}
    assert analysis.index(wide, 2013).loc[2024, "BLR"] == pytest.approx(rows["2024"] / rows["2013"] * 100)
    shifted = wide.assign(BLR=wide["BLR"] / 1.13)
    pd.testing.assert_frame_equal(analysis.index(wide, 2013), analysis.index(shifted, 2013))


def test_a_line_of_soldiers_breaks_at_every_jump_and_gap():
    for _, series in analysis.personnel(load("military/armed_forces"), "BLR").groupby("data_set", observed=True):
        for _, run in series.groupby("run"):
            assert (run["year"].diff().dropna() == 1).all() and not run["jump"].iloc[1:].any()


# --- verdicts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("test", "verdict"),
    [
        ("no_major_base", "overtaken"),
        ("closely_linked", "supported"),
        ("opposed_a_larger_footprint", "overtaken"),
        ("doctrine_approved", "imprecise"),
        ("a_sunday", "supported"),
        ("progress_since_1999", "supported"),
        ("air_defence_signed", "supported"),
        ("glonass_signed", "supported"),
        ("never_against_another_state", "supported"),
        ("no_base_at_babruysk", "supported"),
    ],
)
def test_verdicts_of_today(data, test, verdict):
    assert getattr(audit, test)().verdict == verdict


def test_no_base_stands_if_nothing_came_later_and_falls_if_a_base_was_there(data):
    facilities = data["military/facilities"]
    late = facilities["start"] > analysis.page_date(data["sources"])
    put(facilities, "F-ZIABRAUKA", "start", pd.Timestamp("2019-02-15"))
    assert audit.no_major_base().verdict == "contradicted"
    data["military/facilities"] = facilities[~late]
    assert audit.no_major_base().verdict == "supported"


def test_opposition_needs_a_refusal_and_ends_with_hosting(data):
    facilities = data["military/facilities"]
    early = facilities[~(facilities["start"] > analysis.page_date(data["sources"]))]
    data["military/facilities"] = early
    assert audit.opposed_a_larger_footprint().verdict == "imprecise"
    data["military/facilities"] = early[early["id"] != "F-BARANAVICHY"]
    assert audit.opposed_a_larger_footprint().verdict == "supported"
    data["military/facilities"] = early[early["status_kind"].astype(str) != analysis.REFUSED]
    assert audit.opposed_a_larger_footprint().verdict == "contradicted"


def test_the_doctrine_is_approved_only_if_the_union_adopted_it_that_month(data):
    put(data["military/agreements"], "A-2021-DOCTRINE", "signed", pd.Timestamp("2018-11-20"))
    assert audit.doctrine_approved().verdict == "supported"
    put(data["military/agreements"], "A-2018-DRAFT", "signed", pd.Timestamp("2018-12-13"))
    assert audit.doctrine_approved().verdict == "contradicted"


def test_the_sunday_is_a_sunday_by_another_reckoning(data):
    assert date(2018, 10, 21).isoweekday() == 7
    put(data["source-page/claims"], "C040", "subject_date", "2018-10-22")
    assert audit.a_sunday().verdict == "contradicted"
    put(data["source-page/claims"], "C040", "subject_date", "2018-10-14")
    assert audit.a_sunday().verdict == "imprecise"


def test_the_dates_of_signature_decide(data):
    put(data["military/agreements"], "A-2009-AIRDEF", "signed", pd.Timestamp("2009-03-03"))
    put(data["military/agreements"], "A-2013-GLONASS", "signed", pd.Timestamp("2014-01-13"))
    assert audit.air_defence_signed().verdict == audit.glonass_signed().verdict == "contradicted"


def test_a_close_link_weakens_with_each_record(data):
    register = data["military/arms_register"]
    data["military/arms_register"] = register[register["supplier"].astype(str) != "RUS"]
    assert audit.closely_linked().verdict == "imprecise"
    for row in ("A-1997-REGSEC", "A-2009-AIRDEF"):
        put(data["military/agreements"], row, "signed", pd.Timestamp("2021-01-01"))
    assert audit.closely_linked().verdict == "contradicted"
    assert audit.progress_since_1999().verdict == "imprecise"


def test_the_pledge_is_supported_by_a_pledge_and_its_end_by_an_attack(data):
    assert "broken on 24 February 2022" in audit.never_against_another_state().reason
    data["integration/milestones"] = data["integration/milestones"].query("id != 'invasion-2022'")
    assert "broken" not in audit.never_against_another_state().reason
    claims = data["military/posture_claims"]
    data["military/posture_claims"] = claims[claims["topic"].astype(str) != "territory pledge"]
    assert audit.never_against_another_state().verdict == "not testable"


def test_a_base_in_use_would_contradict_its_refusal(data):
    put(data["military/facilities"], "F-BABRUYSK", "status_kind", "in use")
    assert audit.no_base_at_babruysk().verdict == "contradicted"
