"""What the gas chapter promises, recomputed another way."""

import math
from itertools import combinations, pairwise

import numpy as np
import pandas as pd
import pytest
from evidence import plain

from unionstate import audit, load
from unionstate.analysis import change
from unionstate.analysis import gas as g
from unionstate.audit import gas as audit_gas

FACTOR = 35.315


@pytest.fixture(scope="module")
def rows():
    return plain("energy/gas_prices")


@pytest.fixture(scope="module")
def bench():
    return g.benchmarks(load("energy/gas_prices"), load("energy/benchmark_prices"), load("energy/german_import_price"), FACTOR)


def volume_tables():
    return load("energy/gas_volumes"), load("energy/gas_trade"), load("energy/energy_balance")


def stated(rows, year, series):
    return [float(r["usd_per_1000m3"] or r["price"]) for r in rows if r["year"] == str(year) and r["series"] == series]


def test_each_year_has_one_price_and_it_stands_in_the_table(rows):
    price = g.yearly_price(load("energy/gas_prices"))
    assert price["year"].is_unique and price["year"].tolist() == list(range(2003, 2026))
    known = {r["id"]: float(r["usd_per_1000m3"] or "nan") for r in rows}
    single = price[~price["rows"].str.contains(" ")]
    assert len(single) >= len(price) - 1
    assert all(math.isclose(row.price, known[row.rows]) for row in single.itertuples())


def test_a_year_with_two_contract_prices_is_weighted_by_days():
    price = g.yearly_price(load("energy/gas_prices")).set_index("year")["price"]
    assert price[2008] == pytest.approx((119 * 91 + 128 * 275) / 366)  # 1 January to 31 March of a leap year, then the rest


def test_demands_paid_amounts_and_forecasts_never_become_the_price():
    gas = load("energy/gas_prices")
    other = gas["series_kind"].isin(["paid", "offer or demand", "forecast or ceiling", "formula input"])
    assert other.sum() > 20
    shaken = gas.assign(usd_per_1000m3=gas["usd_per_1000m3"].where(~other, gas["usd_per_1000m3"] * 7))
    pd.testing.assert_frame_equal(g.yearly_price(gas), g.yearly_price(shaken))


def test_the_share_of_2011_is_the_belstat_average_over_the_imf_price(rows, bench):
    (belstat,) = stated(rows, 2011, "annual average (customs/Belstat)")
    (imf,) = stated(rows, 2011, "Russian gas at German border (IMF)")
    share = g.ratio(g.yearly_price(load("energy/gas_prices")), bench)
    found = share[(share["benchmark"] == "German border") & (share["year"] == 2011)]["ratio"].item()
    assert found == pytest.approx(belstat / (imf * FACTOR))


def test_a_year_of_the_pink_sheet_needs_twelve_months(bench):
    pink = load("energy/benchmark_prices")
    partial = pink["month"].dt.year.value_counts().loc[lambda n: n < 12].index
    assert len(partial) > 0
    assert not set(partial) & set(bench[bench["benchmark"] == "Pink Sheet"]["year"])


def test_half_a_year_is_no_german_border_price(bench):
    border = bench[bench["benchmark"] == "German border"].set_index("year")["price"]
    gas = load("energy/gas_prices")
    book = gas[gas["series"].str.contains("Yearbook table") & (gas["country"] == "Germany")].set_index("year")["price"]
    assert border[2017] == pytest.approx(book[2017] / g.yearbook_factor(gas) * FACTOR)  # the IMF file ends in June 2017


def test_the_two_parts_of_the_decomposition_add_up_to_the_change_of_the_ratio(bench):
    price, border = g.yearly_price(load("energy/gas_prices")), bench[bench["benchmark"] == "German border"]
    ratio = g.ratio(price, border).set_index("year")["ratio"]
    for row in g.decomposed(price, border).itertuples():
        assert row.moscow + row.market == pytest.approx(math.log(ratio[row.year] / ratio[row.year - 1]))


def test_the_decomposition_skips_a_year_without_predecessor(bench):
    price, border = g.yearly_price(load("energy/gas_prices")), bench[bench["benchmark"] == "German border"]
    assert set(g.decomposed(price[price["year"] != 2010], border)["year"]) == set(g.decomposed(price, border)["year"]) - {2010, 2011}


def test_a_planted_step_is_found_and_noise_alone_has_none():
    noise = np.random.default_rng(7).normal(0, 0.1, 120)
    months = pd.date_range("2004-01-01", periods=120, freq="MS")
    step = pd.Series(noise + np.where(np.arange(120) >= 60, 1.0, 0.0), index=months)
    assert change.change_points(step, 4, 6) == [months[60]]
    assert change.change_points(pd.Series(noise, index=months), 4, 6) == []


def test_a_larger_penalty_never_finds_more_change_points():
    series = pd.Series(np.random.default_rng(3).normal(0, 1, 150).cumsum())
    counts = change.penalty_path(series, np.geomspace(1, 1000, 15), 6).groupby("penalty").size()
    assert counts.is_monotonic_decreasing and counts.iloc[0] > counts.iloc[-1]


def test_reported_volumes_win_and_gaps_are_named():
    volume = g.import_volume(*volume_tables()).set_index("year")
    assert volume.loc[2014, ["volume", "basis"]].tolist() == [20.052, "reported"]
    assert volume.index.tolist() == list(range(2004, 2025))
    assert set(volume.index[volume["basis"] != "reported"]) == {2012, 2015, 2016, 2017, 2023, 2024}
    assert (volume["low"] <= volume["volume"]).all() and (volume["volume"] <= volume["high"]).all()
    assert volume.loc[2013, "low"] == 19.5 and volume.loc[2013, "high"] == 20.3  # the ministry against Gazprom


def test_the_carried_forward_consumption_of_2024_is_not_used():
    """The publisher repeated 2023; the table leaves 2024 empty, so the year is filled from trade."""
    balance = load("energy/energy_balance").query("country == 'BLR'").set_index("year")
    assert pd.isna(balance.loc[2024, "gas"]) and balance.loc[2023, "gas"] > 0
    assert g.import_volume(*volume_tables()).set_index("year").loc[2024, "basis"] == "from trade"


def test_the_pink_sheet_says_what_its_series_measures_in_each_month():
    months = load("energy/benchmark_prices").set_index("month")["gas_definition"].astype(str)
    changes = months[months != months.shift()].index.strftime("%Y-%m").tolist()
    assert changes == ["1990-01", "2010-04", "2015-04"]
    assert months["2015-03-01"] == "import border price with spot" and months["2015-04-01"] == "TTF hub"


def test_the_rent_of_2008_by_hand(rows, bench):
    (imf,) = stated(rows, 2008, "Russian gas at German border (IMF)")
    price = g.yearly_price(load("energy/gas_prices"))
    volume = g.import_volume(*volume_tables())
    transport = g.transport_saved(load("energy/gas_volumes"), load("energy/gas_parameters"), [2008])
    assert transport[2008] == pytest.approx(1.45 * (575 + 680) / 100)
    found = g.rents(price, bench[bench["benchmark"] == "German border"], volume, transport).set_index("year")["rent"][2008]
    by_hand = (imf * FACTOR - 1.45 * 12.55 - (119 * 91 + 128 * 275) / 366) * 21.1 / 1000
    assert found == pytest.approx(by_hand)


def test_what_the_text_says_in_words_holds(bench):
    """The chapter says: cheaper than Germany in every year to 2019; no increase in 2016; almost no central rent in 2016 and 2019."""
    price = g.yearly_price(load("energy/gas_prices"))
    by_year = price.set_index("year")["price"]
    share = g.ratio(price, bench).pivot(index="year", columns="benchmark", values="ratio")
    assert (share["German border"].dropna() < 1).all()
    assert by_year[2016] < by_year[2015] and by_year[2020] == by_year[2019]
    assert share["Pink Sheet"].idxmax() == 2020 and share.loc[2020, "Pink Sheet"] > 1
    volume = g.import_volume(*volume_tables())
    transport = g.transport_saved(load("energy/gas_volumes"), load("energy/gas_parameters"), range(2004, 2025))
    central = g.rents(price, bench[bench["benchmark"] == "German border"], volume, transport).set_index("year")["rent"]
    assert central[[2016, 2019]].abs().max() < 0.3 and central.drop([2016, 2019]).min() > 0.5


def replaced(monkeypatch, name, change_table):
    """Let the audit read ``name`` as ``change_table`` leaves it."""
    monkeypatch.setattr(audit_gas, "load", lambda wanted: change_table(load(wanted)) if wanted == name else load(wanted))


def test_the_verdict_on_cheap_gas_flips_with_the_prices(monkeypatch):
    assert audit_gas.closeness_guaranteed_cheap_gas().verdict == "imprecise"
    belarus = lambda t, k: t.assign(usd_per_1000m3=t["usd_per_1000m3"].where(t["country"] != "Belarus", t["usd_per_1000m3"] * k))  # noqa: E731
    replaced(monkeypatch, "energy/gas_prices", lambda t: belarus(t, 0.5))
    assert audit_gas.closeness_guaranteed_cheap_gas().verdict == "supported"
    replaced(monkeypatch, "energy/gas_prices", lambda t: belarus(t, 2))
    assert audit_gas.closeness_guaranteed_cheap_gas().verdict == "contradicted"


def test_the_verdict_on_world_prices_flips_if_the_price_had_followed_the_hub(monkeypatch):
    assert audit_gas.world_price_for_gas_in_2020().verdict == "contradicted"

    def followed(table):
        of = lambda year: (table["country"] == "Belarus") & (table["year"] == year)  # noqa: E731
        return table.assign(usd_per_1000m3=table["usd_per_1000m3"].mask(of(2020), 114).mask(of(2021), 569))

    replaced(monkeypatch, "energy/gas_prices", followed)
    assert audit_gas.world_price_for_gas_in_2020().verdict == "supported"


def test_the_verdict_on_arrears_flips_if_minsk_had_paid_in_full(monkeypatch):
    assert audit_gas.gas_arrears_grew_by_2017().verdict == "supported"
    paid = lambda t: t.assign(usd_per_1000m3=t["usd_per_1000m3"].mask(t["series_kind"] == "paid", 132))  # noqa: E731
    replaced(monkeypatch, "energy/gas_prices", paid)
    assert audit_gas.gas_arrears_grew_by_2017().verdict == "contradicted"


def test_change_points_are_the_cheapest_of_all_ways_to_cut():
    """Every way to cut a short series into stretches of two or more, tried one by one."""
    values = np.array([1, 1.2, 0.9, 4, 4.1, 3.8, 4.2, 2, 2.1, 1.9])
    for penalty in np.geomspace(0.1, 100, 9):
        price = penalty * change.noise(values) ** 2 * np.log(len(values))
        ways = [c for k in range(5) for c in combinations(range(2, 9), k) if all(b - a >= 2 for a, b in pairwise(c))]
        squares = {cuts: sum(((part - part.mean()) ** 2).sum() for part in np.split(values, list(cuts))) for cuts in ways}
        best = min(ways, key=lambda cuts: squares[cuts] + price * len(cuts))
        assert change.change_points(pd.Series(values), penalty, 2) == list(best)


def test_a_step_that_moves_by_a_month_between_penalties_is_one_step():
    months = pd.to_datetime(["2009-01-01", "2009-02-01", "2012-01-01"])
    path = pd.DataFrame({"penalty": [1.0, 2.0, 1.0], "at": months})
    steps = change.stability(path, 2, months=2).set_index("at")
    assert steps.loc["2009-01-01", "kept"] == 1 and steps.loc["2009-01-01", "largest"] == 2 and steps.loc["2012-01-01", "kept"] == 0.5


def test_early_2009_is_the_step_that_every_penalty_finds():
    monthly = g.monthly_price(load("energy/gas_prices"))
    hub = load("energy/benchmark_prices").set_index("month")["gas_europe"] * FACTOR
    ratio = np.log(monthly / hub.reindex(monthly.index))["2004":"2015-03"]
    penalties = np.geomspace(1, 1000, 7)
    steps = change.stability(change.penalty_path(ratio, penalties, 6), len(penalties), months=2)
    assert steps.loc[0, "at"].strftime("%Y") == "2009" and steps.loc[0, "kept"] == 1


def test_every_claim_of_the_chapter_has_a_verdict():
    assert [v.claim for v in audit.verdicts("energy/gas")] == ["C007", "C021", "C153", "C154"]
