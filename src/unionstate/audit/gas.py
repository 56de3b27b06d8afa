"""Data tests of the source page's claims about gas."""

from __future__ import annotations

from unionstate.analysis import gas as g
from unionstate.audit import Finding, day, percent, tests
from unionstate.tables import load

#: A ratio from which a price is no longer plainly low. A choice: the seller's own discount range is not published.
NEAR_MARKET = 0.7


@tests("C007")
def closeness_guaranteed_cheap_gas() -> Finding:
    prices = load("energy/gas_prices")
    price = g.yearly_price(prices)
    factor = load("energy/gas_parameters").set_index("id")["value"]["factor-trade"]
    bench = g.benchmarks(prices, load("energy/benchmark_prices"), load("energy/german_import_price"), factor)
    share = g.ratio(price, bench[bench["benchmark"] == "German border"])
    top = share.loc[share["ratio"].idxmax()]
    cheap = "imprecise" if top["ratio"] >= NEAR_MARKET else "supported"
    verdict = cheap if (share["ratio"] < 1).all() else "contradicted"
    reason = (
        f"Below the German border price in all {len(share)} years, but the share paid ran from {percent(share['ratio'].min())} to "
        f"{percent(top['ratio'])} ({int(top['year'])}): cheap, not guaranteed. Oil is tested elsewhere."
    )
    span = f"{share['year'].min()}/{share['year'].max()}"
    return Finding(verdict, float(top["ratio"]), NEAR_MARKET, span, reason, ("energy/gas_prices", "energy/gas_parameters"))


@tests("C021")
def world_price_for_gas_in_2020() -> Finding:
    prices = load("energy/gas_prices")
    price = g.yearly_price(prices).set_index("year")["price"]
    hub = load("energy/benchmark_prices")
    hub = hub[hub["month"].dt.year.isin([2020, 2021])].groupby(hub["month"].dt.year)["gas_europe"].mean()
    followed = price[2021] / price[2020] / (hub[2021] / hub[2020])  # 1 if the price moved with the market
    verdict = "supported" if price[2020] != price[2019] and followed > NEAR_MARKET else "contradicted"
    announced = load("integration/milestones").set_index("id").loc["sochi-2020"]
    reason = (
        f"On {day(announced['date'])} Moscow announced market prices for oil and an unchanged price for gas. "
        f"The price of 2019, {price[2019]:.0f} USD per 1000 m3, stayed in force in 2020 and became {price[2021]:.1f} in 2021, while the "
        f"European hub rose {hub[2021] / hub[2020]:.1f}-fold."
    )
    evidence = ("integration/milestones:sochi-2020", "energy/gas_prices", "energy/benchmark_prices")
    return Finding(verdict, float(followed), NEAR_MARKET, "2021", reason, evidence)


@tests("C153")
def gas_arrears_grew_by_2017() -> Finding:
    prices = load("energy/gas_prices").query("country == 'Belarus'")
    paid = prices[(prices["series_kind"] == "paid") & (prices["year"] == 2016)].iloc[0]
    due = prices[(prices["series"] == "contract formula price") & (prices["year"] == 2016)].iloc[0]
    gap = float(due["usd_per_1000m3"] - paid["usd_per_1000m3"])
    verdict = "supported" if gap > 0 and paid["period_end"].year >= 2017 else "contradicted"
    reason = (
        f"Minsk is reported to have paid {paid['usd_per_1000m3']:.0f} of the {due['usd_per_1000m3']:.0f} USD per 1000 m3 that "
        f"the contract asked for, from January 2016 to {paid['period_end']:%B %Y}: each such delivery added to the debt."
    )
    return Finding(verdict, gap, 0.0, "2017-03", reason, ("energy/gas_prices",))
