"""What the chapter on dependence promises, recomputed another way; and what its cell of choices promises, and that of the gas chapter."""

import csv
import io
import math

import chapters
import pandas as pd
import pytest
from evidence import plain
from rerun import control_cell, rerun, stored

from unionstate import audit, load
from unionstate.analysis import dependence as d
from unionstate.analysis import gas as g
from unionstate.audit import dependence as audit_dependence

CHAPTER = "energy/dependence"


@pytest.fixture(scope="module")
def gdp():
    return {int(r["year"]): float(r["gdp"]) / 1e9 for r in plain("economy/gdp") if r["country"] == "BLR"}


@pytest.fixture(scope="module")
def against():
    return d.against_output(load("energy/subsidies"), d.output(load("economy/gdp"))).set_index("id")


def amount(table, key, column="amount"):
    (found,) = [float(r[column]) for r in plain(table) if r["id"] == key]
    return found


# --- three numbers and more, another way --------------------------------------------------------------------------


def test_the_embassy_estimate_is_an_interval_between_its_own_share_and_that_of_our_gdp(against, gdp):
    assert against.loc["SB01", "low"] == pytest.approx(100 * 2.531 / gdp[2005])
    assert against.loc["SB01", "high"] == 9.5 == amount("energy/subsidies", "SB01", "share")


def test_a_sum_over_years_is_held_against_the_sum_of_their_gdp(against, gdp):
    by_hand = 100 * amount("energy/subsidies", "SB40", "value") / sum(gdp[year] for year in range(2005, 2016))
    assert against.loc["SB40", "low"] == against.loc["SB40", "high"] == pytest.approx(by_hand)
    assert stored(CHAPTER)["dependence-institute-early"] == pytest.approx(by_hand)


def test_a_sum_that_may_be_yearly_or_total_is_read_both_ways(against):
    row = against.loc["SB13"]
    assert row["readings"] == 2 and row["high"] == pytest.approx(3 * row["low"])


def test_a_range_of_the_estimator_gives_the_ends(against, gdp):
    assert against.loc["SB48", ["low", "high"]].tolist() == [pytest.approx(100 * v / gdp[2012]) for v in (8, 9)]


def test_every_dated_figure_stands_once_and_no_row_is_a_sum_of_others(against):
    dated = {r["id"] for r in plain("energy/subsidies") if r["period_start"] and (r["value"] or r["share_basis"] == "percent of GDP")}
    assert set(against.index) == dated and against.index.is_unique
    assert (against["low"] <= against["high"]).all()


def test_the_share_of_russia_in_the_debt_of_2018_by_hand():
    found = d.debt_share(load("energy/debt_loans"), load("economy/macro"), "public").set_index("rows")
    assert found.loc["DL62 DL70", "share"] == pytest.approx(100 * amount("energy/debt_loans", "DL62") / amount("energy/debt_loans", "DL70"))
    assert "DL65 DL72" not in found.index  # end of 2022 against June 2022: too far apart


def test_debt_between_readings_lies_between_them_and_never_outside():
    readings = d.debt_share(load("energy/debt_loans"), load("economy/macro"), "public")
    ends = d.at_year_ends(readings)
    assert ends.index.min() == 2009 and ends.index.max() == 2023
    assert ends[2018] == pytest.approx(readings.set_index("rows").loc["DL62 DL70", "share"])
    assert ends.between(readings["share"].min(), readings["share"].max()).all()


def test_a_credit_counts_once_and_its_payments_not_again():
    loans = d.loans_agreed(load("energy/debt_loans"))
    fund = loans[loans["lender"] == "Eurasian fund"].set_index("id")["billion"]
    assert fund.to_dict() == {"DL19": 3.0, "DL36": 2.0, "DL51": 0.5}
    parts = [float(r["amount"]) for r in plain("energy/debt_loans") if r["stage"] == "part" and r["year"] in ("2011", "2012", "2013")]
    assert sum(parts) / 1000 == pytest.approx(2.56) and sum(parts) / 1000 <= fund["DL19"]
    assert loans.set_index("id").loc["DL56", "billion"] == 1.7  # rubles: the dollars that the source states


def test_the_first_instalments_follow_from_a_schedule_month_by_month():
    left, paid = 4.5, 0.0
    for _ in range(2):
        paid += 4.5 / 30 + left * 0.033 / 2
        left -= 4.5 / 30
    assert d.first_instalments(4.5) == pytest.approx(paid) == stored(CHAPTER)["dependence-instalment"]


def test_the_rank_correlation_is_spearmans():
    rent = d.gas_rent("German border", 35.315).set_index("year")["share"]
    growth = d.growth(load("economy/macro"))["BLR"]
    rho, p, years = d.rank_correlation(rent, growth)
    both = pd.concat([rent, growth], axis=1).dropna()
    assert rho == pytest.approx(both.corr(method="spearman").iloc[0, 1]) and years == len(both) == 16
    assert 0 < p < 0.05


def test_the_index_of_2019_by_hand():
    """From the CSV that the figure offers: the mean of its four ratios, and of three."""
    (record,) = [r for r in chapters.figure_records(chapters.read(CHAPTER)) if r["name"] == "dependence-index"]
    rows = {r["year"]: r for r in csv.DictReader(io.StringIO(record["csv"]))}
    four = [float(rows["2019"][name]) for name in ("energy", "trade", "debt", "support")]
    assert stored(CHAPTER)["dependence-index-last"] == pytest.approx(sum(four) / 4)
    assert stored(CHAPTER)["dependence-three-middle"] == pytest.approx(sum(four[:3]) / 3)


def test_the_rent_of_2008_is_that_of_the_gas_chapter(gdp):
    bench = g.benchmarks(load("energy/gas_prices"), load("energy/benchmark_prices"), load("energy/german_import_price"), 35.315)
    border = bench[(bench["benchmark"] == "German border") & (bench["year"] == 2008)]["price"].item()
    by_hand = (border - 1.45 * 12.55 - (119 * 91 + 128 * 275) / 366) * 21.1 / 1000
    found = d.gas_rent("German border", 35.315).set_index("year").loc[2008]
    assert found["rent"] == pytest.approx(by_hand) and found["share"] == pytest.approx(100 * by_hand / gdp[2008])


def test_the_rent_of_2022_by_the_hub_is_twelve_months_of_the_pink_sheet_against_the_price_for_belarus(gdp):
    months = [float(r["gas_europe"]) for r in plain("energy/benchmark_prices") if r["month"].startswith("2022")]
    volume = amount("energy/gas_volumes", "GV119", "value")
    rent = d.gas_rent("Pink Sheet", 35.315).set_index("year")
    said = stored(CHAPTER)
    assert said["dependence-rent-hub-2022"] == pytest.approx(rent.loc[2022, "share"])
    gap = sum(months) / 12 * 35.315 - 128.5
    assert rent.loc[2022, "rent"] == pytest.approx(gap * volume / 1000, rel=0.03)  # transport is a dozen dollars of a thousand
    assert said["dependence-rent-hub-2022"] == pytest.approx(100 * rent.loc[2022, "rent"] / gdp[2022])


def test_a_state_whose_list_lacks_russia_has_no_share_rather_than_none():
    share = d.trade_share(load("trade/partners"))
    assert math.isnan(share.loc[2019, "POL"]) and (share.min() > 0).all()


def test_the_share_of_gas_and_atom_by_hand():
    (row,) = [r for r in plain("energy/energy_balance") if r["country"] == "BLR" and r["year"] == "2023"]
    gas, atom, supply = (float(row[name]) for name in ("gas", "nuclear", "energy_supply"))
    balance = load("energy/energy_balance")
    assert d.supplier_share(balance, "BLR", True)[2023] == pytest.approx((gas + atom) / supply)
    assert d.supplier_share(balance, "BLR", False)[2023] == pytest.approx(gas / supply) and atom > 0


def test_a_terawatt_hour_replaces_what_the_last_two_official_sums_say():
    rate = amount("energy/nuclear", "NU48", "value") / amount("energy/nuclear", "NU42", "value")
    assert d.gas_per_power(load("energy/nuclear")) == pytest.approx(rate)
    assert stored(CHAPTER)["dependence-gas-saved"] == pytest.approx(amount("energy/nuclear", "NU31", "value") * rate)


def test_the_share_of_trade_is_the_mean_of_both_sides():
    sides = [float(r["share"]) for r in plain("trade/partners")
             if (r["reporter"], r["partner"], r["year"]) == ("BLR", "RUS", "2019")]  # fmt: skip
    assert len(sides) == 2 and sides[0] != sides[1]
    assert d.trade_share(load("trade/partners")).loc[2019, "BLR"] == pytest.approx(sum(sides) / 2)
    assert stored(CHAPTER)["dependence-trade-last"] == pytest.approx(sum(sides) / 2)


def test_no_ratio_is_favoured_among_the_weightings():
    """With one ratio of 1 and three of 0 the index is the weight of the first: mean 1/4, and above 1/2 in one draw of eight."""
    for place in range(4):
        one = pd.DataFrame([[float(column == place) for column in range(4)]])
        drawn = d.weightings(one)[:, 0]
        assert drawn.mean() == pytest.approx(1 / 4, abs=0.01) and (drawn > 1 / 2).mean() == pytest.approx(1 / 8, abs=0.015)
    assert d.weightings(pd.DataFrame([[0.3] * 4])) == pytest.approx(0.3)


# --- the text -----------------------------------------------------------------------------------------------------


def test_what_the_text_says_in_words_holds(against):
    """Russian officials not the largest; a fall of the rent; the placebo no weaker than Belarus by the margin; three ratios that rise."""
    levels = against[(against["concept"] == "level") & against["component"].isin(["total", "oil and gas"])]
    by_side = levels.groupby("side")["high"].max()
    assert by_side["Russian officials"] < min(by_side["independent"], by_side["foreign and international bodies"])
    said = stored(CHAPTER)
    assert said["dependence-rent-late"] < said["dependence-rent-early"] / 5
    assert said["dependence-rho-belarus"] - said["dependence-rho-russia"] < audit_dependence.OWN
    assert said["dependence-debt-lowest"] < said["dependence-debt-last"] <= said["dependence-debt-first"]
    assert (
        said["dependence-index-last"] < said["dependence-index-first"] and said["dependence-three-last"] > said["dependence-three-middle"]
    )
    assert said["dependence-power-sold"] < 0 and int(said["dependence-power-export"]) < 2020
    assert abs(said["dependence-gas-saved-worth"] - said["dependence-instalment"]) < 0.2
    assert said["dependence-institute-early"] > said["dependence-institute-late"] > said["dependence-institute-last"]
    assert said["dependence-rent-hub-2020"] < 0 < said["dependence-rent-2021-lowest"] < said["dependence-rent-2021-highest"]
    earned = d.gas_rent("Gazprom average", 35.315).set_index("year")["share"]
    assert said["dependence-rent-2021-lowest"] == pytest.approx(earned[2021])
    assert (
        said["dependence-index-hub"] > said["dependence-index-last"] and said["dependence-three-cautious"] > said["dependence-three-middle"]
    )
    assert said["dependence-fell"] > 80 and said["dependence-rose"] == 100 > said["dependence-rose-gas"]


def test_no_estimate_with_a_figure_was_made_for_a_year_after_2020(against):
    later = against[against["first"] > 2020]
    assert set(later["concept"]) == {"change"} and list(later.index) == ["SB31"]  # a projection of 2020


# --- verdicts -----------------------------------------------------------------------------------------------------


def replaced(monkeypatch, name, change):
    """Let the audit, and the analysis it calls, read ``name`` as ``change`` leaves it."""
    other = lambda wanted: change(load(wanted)) if wanted == name else load(wanted)  # noqa: E731
    monkeypatch.setattr(audit_dependence, "load", other)
    monkeypatch.setattr(d, "load", other)


def test_the_verdict_on_growth_flips_if_growth_followed_the_rent_alone(monkeypatch):
    assert audit_dependence.cheap_energy_kept_the_economy_going().verdict == "imprecise"
    rent = d.gas_rent("German border", 35.315).set_index("year")["share"]

    def followed(macro):
        level = (1 + rent / 100).cumprod()
        mine = (macro["country"] == "BLR") & macro["year"].isin(rent.index)
        first = macro.loc[(macro["country"] == "BLR") & (macro["year"] == 2003), "gdp_real"].item()
        return macro.assign(gdp_real=macro["gdp_real"].mask(mine, macro["year"].map(first * level).astype(float)))

    replaced(monkeypatch, "economy/macro", followed)
    assert audit_dependence.cheap_energy_kept_the_economy_going().verdict == "supported"


def test_the_verdict_on_liberalisation_flips_with_the_scores(monkeypatch):
    assert audit_dependence.cheap_energy_let_belarus_avoid_liberalisation().verdict == "imprecise"
    belarus = lambda t, years, by: t.assign(polyarchy=t["polyarchy"] + by * ((t["country"] == "BLR") & t["year"].isin(years)))  # noqa: E731
    replaced(monkeypatch, "alignment/regimes", lambda t: belarus(t, range(2015, 2020), 0.3))
    assert audit_dependence.cheap_energy_let_belarus_avoid_liberalisation().verdict == "supported"
    replaced(monkeypatch, "alignment/regimes", lambda t: belarus(t, range(2005, 2009), 0.3))
    assert audit_dependence.cheap_energy_let_belarus_avoid_liberalisation().verdict == "contradicted"


def test_the_verdict_on_heavy_dependence_flips_with_the_estimates(monkeypatch):
    assert audit_dependence.extremely_heavy_dependence_on_subsidies().verdict == "imprecise"
    money = ["value", "value_low", "value_high", "share", "share_low", "share_high"]
    replaced(monkeypatch, "energy/subsidies", lambda t: t.assign(**{c: t[c] * 3 for c in money}))
    assert audit_dependence.extremely_heavy_dependence_on_subsidies().verdict == "supported"
    replaced(monkeypatch, "energy/subsidies", lambda t: t.assign(**{c: t[c] / 5 for c in money}))
    assert audit_dependence.extremely_heavy_dependence_on_subsidies().verdict == "contradicted"


def test_the_verdict_on_subsidised_energy_flips_with_the_prices(monkeypatch):
    assert audit_dependence.subsidised_energy_from_the_commonwealth().verdict == "imprecise"
    belarus = lambda t, k: t.assign(usd_per_1000m3=t["usd_per_1000m3"].where(t["country"] != "Belarus", t["usd_per_1000m3"] * k))  # noqa: E731
    replaced(monkeypatch, "energy/gas_prices", lambda t: belarus(t, 0.7))
    assert audit_dependence.subsidised_energy_from_the_commonwealth().verdict == "supported"
    replaced(monkeypatch, "energy/gas_prices", lambda t: belarus(t, 9))
    assert audit_dependence.subsidised_energy_from_the_commonwealth().verdict == "contradicted"


def test_every_claim_of_the_chapter_has_a_verdict():
    assert [v.claim for v in audit.verdicts(CHAPTER)] == ["C008", "C009", "C010", "C024", "C065"]


# --- the cell of choices ------------------------------------------------------------------------------------------


def moved(chapter, **choices):
    """Ids of the key numbers that differ from the stored ones, and all numbers of the new run."""
    new, old = rerun(chapter, **choices), stored(chapter)
    assert new.keys() == old.keys()
    return {name for name in old if new[name] != old[name]}, new


def test_a_changed_weight_and_benchmark_reach_every_number_that_rests_on_them():
    choices = dict(WEIGHTS='{"energy": 0, "trade": 2, "debt": 1, "support": 1}', FULL_SUPPORT="10", BENCHMARK='"German imports"')
    changed, new = moved(CHAPTER, **choices, FACTOR='factor["factor-imf"]', DEBT_BASE='"all"', EDITION='"share-2026"', ATOMS="False")
    assert changed >= {f"dependence-{name}" for name in (
        "index-first", "index-last", "three-middle", "three-last", "full", "fell", "rent-early", "rent-late", "rho-belarus", "debt-last",
        "nuclear-last", "gas-last", "power-year",
    )}  # fmt: skip
    assert not changed & {"dependence-imports-belarus", "dependence-institute-early", "dependence-sale", "dependence-credit-drawn"}
    rent = d.gas_rent("German imports", 36.0).set_index("year")["share"]
    ratios = {
        "trade": d.trade_share(load("trade/partners"))["BLR"].loc[2019] / 100,
        "debt": d.at_year_ends(d.debt_share(load("energy/debt_loans"), load("economy/macro"), "all")).loc[2019] / 100,
    }
    assert new["dependence-rent-late"] == pytest.approx(rent.loc[2016:2019].mean())
    assert new["dependence-three-middle"] == pytest.approx((2 * ratios["trade"] + ratios["debt"]) / 3)


def test_a_changed_factor_benchmark_and_boundary_reach_the_numbers_of_the_gas_chapter():
    changed, new = moved("energy/gas", FACTOR='factor["factor-net"]', BENCHMARK='"German imports"', LAST_DECISION="2010")
    assert changed >= {f"gas-{name}" for name in (
        "factor-used", "share-lowest", "share-highest", "share-2011", "share-2019", "rent-sum", "rent-peak", "market-share-earlier",
        "market-share-later", "years-later", "largest-later-move",
    )}  # fmt: skip
    assert not changed & {"gas-price-2006", "gas-paid-2016", "gas-factor-net"}
    german = {int(r["year"]): float(r["price"]) for r in plain("energy/german_import_price")}
    (belstat,) = [float(r["usd_per_1000m3"]) for r in plain("energy/gas_prices")
                  if r["year"] == "2011" and r["series"] == "annual average (customs/Belstat)"]  # fmt: skip
    assert new["gas-share-2011"] == pytest.approx(100 * belstat / (german[2011] * 32.056))


@pytest.mark.parametrize("steered", ["energy/gas", "energy/dependence"])
def test_a_choice_is_made_in_one_cell_and_nowhere_below(steered):
    names = [line.split(" = ")[0] for line in control_cell(steered).splitlines() if " = " in line]
    below = [source for source in map(chapters.source, chapters.code_cells(chapters.read(steered))) if source != control_cell(steered)]
    assert len(names) >= 3
    assert [name for name in names if any(line.startswith(f"{name} = ") for source in below for line in source.splitlines())] == []
    assert [name for name in names if not any(name in source for source in below)] == []
