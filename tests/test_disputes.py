"""The promises of the disputes chapter: codings are read in every way the page says, and its numbers come out by hand as well."""

import csv
from datetime import date
from fractions import Fraction
from itertools import combinations
from math import comb

import pandas as pd
import pytest
from evidence import plain

from unionstate import load
from unionstate.analysis import disputes as q
from unionstate.analysis import gas, stats
from unionstate.audit import disputes as audit
from unionstate.package import data_dir


@pytest.fixture(scope="module")
def disputes():
    return load("energy/disputes")


@pytest.fixture(scope="module")
def steps():
    return load("energy/dispute_steps")


@pytest.fixture(scope="module")
def rows():
    return plain("energy/disputes")


def by_hand(a, b, c, d):
    """Two-sided Fisher p of the table [[a, b], [c, d]] from the hypergeometric weights."""
    n, r, k = a + b + c + d, a + b, a + c
    weight = {x: Fraction(comb(k, x) * comb(n - k, r - x), comb(n, r)) for x in range(max(0, r + k - n), min(r, k) + 1)}
    return float(sum(w for w in weight.values() if w <= weight[a]))


# --- readings ---------------------------------------------------------------------------------------------------


def test_who_began_counts_every_case_once_in_every_reading(disputes, rows):
    counts = q.who_began(disputes)
    assert set(counts.loc[counts["cases"] == "all cases", list(q.SIDES)].sum(axis=1)) == {len(rows)}
    narrow = [row for row in rows if row["type"] not in ("bargain", "non-energy", "accident")]
    assert set(counts.loc[counts["cases"] != "all cases", list(q.SIDES)].sum(axis=1)) == {len(narrow)}
    for column, words in q.BEGAN.items():
        row = counts[(counts["reading"] == words) & (counts["cases"] == "all cases")].iloc[0]
        assert row["Belarus"] == sum(r[column] == "Belarus" for r in rows)


def test_every_case_stands_in_one_cell_of_each_reading(disputes):
    cells = q.outcomes(disputes)
    for _, part in cells.groupby("reading"):
        named = " ".join(part["cases"]).split()
        assert sorted(named) == sorted(disputes["id"]) and part["count"].sum() == len(disputes)


def test_the_strict_reading_only_takes_concessions_away(disputes):
    for side in ("belarus", "russia"):
        assert not (disputes[f"{side}_conceded_strict"] & ~disputes[f"{side}_conceded"]).any()
    assert not (q.russia_gave(disputes, "stricter") & ~q.russia_gave(disputes, "strict")).any()
    dropped = q.russia_gave(disputes, "strict") & ~q.russia_gave(disputes, "stricter")
    assert set(disputes.loc[dropped, "id"]) == set(q.DOUBTED)


def test_the_table_of_concessions_marks_what_each_reading_strikes(disputes):
    russia = q.marked_concessions(disputes, "russia").set_axis(disputes["id"])
    belarus = q.marked_concessions(disputes, "belarus").set_axis(disputes["id"])
    assert set(russia[russia.str.endswith(" †")].index) == set(q.DOUBTED)
    for marked, side in ((russia, "russia"), (belarus, "belarus")):
        struck = disputes[f"{side}_conceded"] & ~disputes[f"{side}_conceded_strict"]
        assert set(marked[marked.str.endswith(" *")].index) == set(disputes.loc[struck, "id"])
        assert set(marked[marked == "–"].index) == set(disputes.loc[~disputes[f"{side}_conceded"], "id"])


def test_an_accident_is_no_coercion_whatever_flowed(disputes):
    accident = disputes["type"] == "accident"
    assert (disputes.loc[accident, "supply_cut"] != "no").any()
    assert (q.pressure(disputes)[accident] == "no coercion").all() and not q.was_cut(disputes)[accident].any()


def test_episodes_grow_fewer_as_the_gap_allowed_widens(disputes):
    numbers = [q.episodes(disputes, gap).nunique() for gap in (-1000, 0, 31, 365, 10000)]
    assert numbers == sorted(numbers, reverse=True) and numbers[-1] == 1


def test_the_number_of_episodes_agrees_with_joining_intervals_by_hand(rows):
    spans = sorted((date.fromisoformat(r["start"]), date.fromisoformat(r["end"] or r["start"])) for r in rows)
    joined, latest = 0, None
    for start, end in spans:
        if latest is None or (start - latest).days > 31:
            joined += 1
        latest = end if latest is None else max(latest, end)
    assert q.episodes(load("energy/disputes"), 31).nunique() == joined


# --- tests and their power --------------------------------------------------------------------------------------


def test_the_p_value_of_cuts_and_concessions_comes_out_of_hypergeometric_weights(disputes, rows):
    cells = [[0, 0], [0, 0]]
    for r in rows:
        cells[r["supply_cut"] == "no" or r["first_coercion"] == "none"][r["belarus_conceded_strict"] == "no"] += 1
    found = q.two_by_two(disputes, q.was_cut(disputes), disputes["belarus_conceded_strict"])
    assert [found[k] for k in ("yes_yes", "yes_no", "no_yes", "no_no")] == cells[0] + cells[1]
    assert found["p"] == pytest.approx(by_hand(*cells[0], *cells[1]))


def test_the_contrast_of_linked_disputes_comes_out_of_the_rows_by_hand(disputes, rows):
    narrow = [r for r in rows if r["type"] not in ("bargain", "non-energy", "accident")]
    cells = [[0, 0], [0, 0]]
    for r in narrow:
        cells[r["union_state_link"] == "no"][r["russia_conceded_strict"] == "no"] += 1
    choices = q.link_choices(disputes, 31)
    row = choices[(choices["reading"] == "strict") & (choices["cases"] == "energy disputes")].iloc[0]
    assert (row["linked"], row["linked_gave"], row["other"], row["other_gave"]) == (
        sum(cells[0]),
        cells[0][0],
        sum(cells[1]),
        cells[1][0],
    )
    assert row["p"] == pytest.approx(by_hand(*cells[0], *cells[1]))
    harder = choices[(choices["reading"] == "stricter") & (choices["cases"] == "energy disputes")].iloc[0]
    kept = [r for r in narrow if r["russia_conceded_strict"] == "yes" and r["id"] not in ("D04", "D06", "D09", "D16", "D17")]
    assert harder["linked_gave"] == sum(r["union_state_link"] != "no" for r in kept)
    assert harder["other_gave"] == sum(r["union_state_link"] == "no" for r in kept)


def test_the_power_of_a_small_table_agrees_with_listing_all_samples():
    n, p, r = 4, Fraction(9, 10), Fraction(1, 10)
    power = sum(
        comb(n, a) * p**a * (1 - p) ** (n - a) * comb(n, b) * r**b * (1 - r) ** (n - b)
        for a in range(n + 1)
        for b in range(n + 1)
        if by_hand(a, n - a, b, n - b) < 0.05
    )
    assert q.fisher_power(n, 0.9, n, 0.1) == pytest.approx(float(power))


def test_the_least_difference_found_is_the_least():
    least = q.least_detectable(11, 11, 4 / 11)
    assert q.fisher_power(11, least, 11, 4 / 11) >= 0.8 > q.fisher_power(11, least - 0.01, 11, 4 / 11)


# --- durations --------------------------------------------------------------------------------------------------


def test_cases_without_an_end_are_cut_off_where_the_steps_last_show_them(disputes, steps):
    given = q.spells(disputes, steps)
    cut_off = given[~given["observed"]].set_index("id")
    assert set(cut_off.index) == set(q.LAST_SEEN_OPEN) == set(disputes.loc[disputes["end"].isna(), "id"])
    text = disputes.set_index("id").loc["D22", "settlement"]
    assert f"{cut_off.loc['D22', 'last'].day} {cut_off.loc['D22', 'last']:%B %Y}" in text
    of = steps.set_index("id")["dispute"]
    assert all(of[step] == case for case, step in {**q.LAST_SEEN_OPEN, **q.PROBABLY_OVER}.items())


def test_a_median_duration_of_dated_cases_is_the_middle_one(disputes, steps, rows):
    lengths = sorted((date.fromisoformat(r["end"]) - date.fromisoformat(r["start"])).days for r in rows if r["end"])
    middle = (lengths[(len(lengths) - 1) // 2] + lengths[len(lengths) // 2]) / 2
    found = q.durations(disputes, steps).set_index("case")
    assert found.loc["ended", "median"] == middle and found.loc["ended", "cases"] == len(lengths)


def test_the_main_median_is_where_the_curve_counted_by_hand_falls_to_one_half(disputes, steps):
    given = q.spells(disputes, steps)
    share, at = Fraction(1), None
    for day in sorted(set(given.loc[given["observed"], "days"])):
        waiting = int((given["days"] >= day).sum())
        share *= Fraction(waiting - int(((given["days"] == day) & given["observed"]).sum()), waiting)
        if share < Fraction(1, 2):
            at = day
            break
    assert stats.survival_median(given["days"], given["observed"]) == at
    assert q.durations(disputes, steps).set_index("case").loc["main", "median"] == at


def test_rough_dates_move_inside_their_period_and_exact_ones_stay(disputes, steps):
    short, given, long = (q.spells(disputes, steps, dates).set_index("id") for dates in ("shortest", "as given", "longest"))
    assert (short["days"] <= given["days"]).all() and (given["days"] <= long["days"]).all()
    exact = disputes[(disputes["start_precision"] == "day") & (disputes["end_precision"] == "day")]["id"]
    assert len(exact) and (short.loc[exact, "days"] == long.loc[exact, "days"]).all()


# --- money ------------------------------------------------------------------------------------------------------


def test_every_amount_in_money_is_named_for_what_it_is_and_no_other(disputes):
    in_money = disputes["amount_unit"].str.contains("illion")
    assert set(disputes.loc[in_money, "id"]) == set(q.MONEY)


def test_an_amount_is_held_against_the_product_of_its_own_year(disputes):
    found = q.amounts(disputes, load("economy/gdp")).set_index("id")["share"]
    with open(data_dir() / "economy" / "gdp.csv", encoding="utf-8", newline="") as handle:
        gdp = {int(r["year"]): float(r["gdp"]) for r in csv.DictReader(handle) if r["country"] == "BLR"}
    assert found["D15"] == pytest.approx(100 * 726.2e6 / gdp[2016])
    assert found["D17"] == pytest.approx(100 * 11e9 / 6 / gdp[2018])


def test_the_implied_arrears_are_price_gap_times_volume():
    prices = load("energy/gas_prices")
    volume = gas.import_volume(load("energy/gas_volumes"), load("energy/gas_trade"), load("energy/energy_balance"))
    found = q.arrears(prices, volume, pd.Series([pd.Timestamp("2016-12-31"), pd.Timestamp("2017-12-31")]))
    bcm = volume.set_index("year")["volume"]
    assert found["volume"][0] == pytest.approx((132 - 73) * bcm[2016])
    assert found["volume"][1] == pytest.approx((132 - 73) * bcm[2016] + (141.1 - 73) * bcm[2017] * 90 / 365)  # to 31 March


# --- verdicts ---------------------------------------------------------------------------------------------------


def test_the_permutation_test_agrees_with_trying_every_choice_of_years(disputes):
    agreement = load("alignment/un_agreement")
    found = q.swings(disputes, agreement, 2010, 2020, lead=1)
    pair = agreement[(agreement["country"] == "BLR") & (agreement["partner"] == "RUS")].set_index("year")["identical_share"].astype(float)
    change = {year: 100 * (pair[year - 1] - pair[year - 2]) for year in range(2010, 2021) if {year - 1, year - 2} <= set(pair.index)}
    gave = disputes[disputes["russia_conceded_strict"] & disputes["end"].notna() & (disputes["type"] != "non-energy")]["end"].dt.year
    hit = sorted(set(gave) & set(change))
    values = list(change.values())

    def apart(inside):
        rest = [v for i, v in enumerate(values) if i not in inside]
        return sum(values[i] for i in inside) / len(inside) - sum(rest) / len(rest)

    real = apart([i for i, year in enumerate(change) if year in hit])
    draws = [apart(chosen) for chosen in combinations(range(len(values)), len(hit))]
    assert found["years"] == len(hit)
    assert found["p"] == pytest.approx(sum(d <= real + 1e-12 for d in draws) / len(draws))


def patched(monkeypatch, name, change):
    monkeypatch.setattr(audit, "load", lambda asked: change(load(asked)) if asked == name else load(asked))


def test_the_verdict_on_rhetoric_changes_when_votes_turn_away_before_every_concession(monkeypatch, disputes):
    assert audit.rhetoric_before_discounts().verdict == "not testable"
    gave = disputes[disputes["russia_conceded_strict"] & disputes["end"].notna()]["end"].dt.year

    def turned(frame):
        steps = {year: -0.04 if year + 1 in set(gave) else 0.01 for year in range(1990, 2021)}
        level = pd.Series(steps).cumsum() + 0.8
        return frame.assign(identical_share=frame["year"].astype(int).map(level))

    patched(monkeypatch, "alignment/un_agreement", turned)
    assert audit.rhetoric_before_discounts().verdict != "not testable"


def test_the_verdict_on_2020_follows_the_order_of_the_dates(monkeypatch):
    assert audit.pricing_after_resistance().verdict == "imprecise"

    def later_law(frame):
        return frame.assign(date=frame["date"].mask(frame["id"] == "DS12", pd.Timestamp("2019-06-01")))

    patched(monkeypatch, "energy/dispute_steps", later_law)
    assert audit.pricing_after_resistance().verdict == "supported"

    def earlier_price(frame):
        return frame.assign(date=frame["date"].mask(frame["id"] == "sochi-2020", pd.Timestamp("2018-01-01")))

    patched(monkeypatch, "integration/milestones", earlier_price)
    assert audit.pricing_after_resistance().verdict == "contradicted"


def test_the_document_verdict_names_rows_that_exist():
    row = load("source-page/verdicts").set_index("claim").loc["C037"]
    for part in row["evidence"].split("; "):
        table, id = part.split(":")
        assert id in set(load(table)["id"])
