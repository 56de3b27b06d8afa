"""Data tests of the source page's claims on dependence."""

from __future__ import annotations

from unionstate.analysis import dependence as d
from unionstate.analysis import gas as g
from unionstate.audit import Finding, tests
from unionstate.countries import NAMES
from unionstate.tables import load

#: Support of so many percent of GDP a year is large beside any budget. A choice: most states spend less on health.
LARGE = 5.0

#: Support of so many percent of GDP a year is "extremely heavy". A choice: twice :data:`LARGE`.
HEAVY = 10.0

#: A rank correlation for Belarus must exceed that of every state that got no rent by this much to be its own.
OWN = 0.1

#: Change of the V-Dem index of elections that counts as a change of regime, against a usual uncertainty of 0.05 a side.
LIBERALISED = 0.1

#: The gas chapter's central reading of the rent: benchmark, and row of energy/gas_parameters for the factor.
CENTRAL = ("German border", "factor-trade")

PLACEBO = ["RUS", "KAZ", "ARM", "LTU", "POL"]


def _levels():
    found = d.against_output(load("energy/subsidies"), d.output(load("economy/gdp")))
    return found[(found["concept"] == "level") & found["component"].isin(["total", "oil and gas"])]


def _rent():
    benchmark, row = CENTRAL
    factor = load("energy/gas_parameters").set_index("id")["value"][row]
    return d.gas_rent(benchmark, factor).set_index("year")["share"]


@tests("C008")
def cheap_energy_kept_the_economy_going() -> Finding:
    rent, growth = _rent(), d.growth(load("economy/macro"))
    rho = d.rank_correlation(rent, growth["BLR"])[0]
    others = {state: d.rank_correlation(rent, growth[state])[0] for state in PLACEBO}
    nearest = max(others, key=others.get)
    own = rho > others[nearest] + OWN
    lowest = float(_levels()["low"].min())
    verdict = "contradicted" if lowest < LARGE and rho <= 0 else "supported" if lowest >= LARGE and own else "imprecise"
    reason = (
        f"The support was large: no published level lies below {lowest:.1f} % of GDP. But growth and gas rent go together for "
        f"Belarus (rho {rho:.2f}) {'more' if own else 'no more'} than for a state without the rent "
        f"({NAMES[nearest]}, rho {others[nearest]:.2f})" + ("." if own else ": the data cannot tell the rent from the boom of the region.")
    )
    return Finding(
        verdict, rho - others[nearest], OWN, "2004/2019", reason, ("energy/subsidies", "energy/gas_prices", "economy/gdp", "economy/macro")
    )


@tests("C010")
def cheap_energy_let_belarus_avoid_liberalisation() -> Finding:
    rent = _rent()
    scores = load("alignment/regimes").pivot(index="year", columns="country", values="polyarchy")
    score, peak = scores["BLR"], int(rent.idxmax())
    before = score[rent.index.min()] - score[score.index.min() + 4]  # 1994, the year of the first presidential election
    poor = rent[(rent.index > peak) & (rent < rent.max() / 4)].index
    after = float(score.reindex(poor).max() - score[peak])
    avoided = score[peak] - score[rent.index.min()] < LIBERALISED
    verdict = "contradicted" if not avoided else "supported" if after >= LIBERALISED else "imprecise"
    top = score.reindex(poor).max()
    reason = (
        f"No liberalisation in the rich years, but none after them: elections score {score[peak]:.2f} of 1 in {peak} and at most {top:.2f} "
        f"in the {len(poor)} later years with a gas rent below a quarter of its peak. {abs(before):.2f} were lost from 1994 to "
        f"{rent.index.min()}, before the known rent; oil-rich Kazakhstan scores {scores['KAZ'][peak]:.2f}. Cause is not tested."
    )
    return Finding(
        verdict, after, LIBERALISED, f"1994/{rent.index.max()}", reason, ("alignment/regimes", "energy/gas_prices", "economy/gdp")
    )


@tests("C024")
def extremely_heavy_dependence_on_subsidies() -> Finding:
    levels = _levels()
    levels = levels[(levels["first"] >= 2000) & (levels["last"] <= 2020)]
    share = levels.set_index("id")
    early, late = levels[levels["last"] <= 2015]["high"].median(), levels[levels["first"] >= 2015]["high"].median()
    verdict = "contradicted" if levels["high"].max() < HEAVY else "supported" if late >= HEAVY else "imprecise"
    first, second = share["low"]["SB40"], share["low"]["SB23"]  # the same institute
    reason = (
        f"Heavy by every count: published levels run from {levels['low'].min():.1f} to {levels['high'].max():.0f} % of GDP a year. "
        f"But their median falls from {early:.0f} % for periods to 2015 to {late:.0f} % for later ones, and one institute's "
        f"from {first:.1f} to {second:.1f} %: the page omits the trend."
    )
    return Finding(verdict, float(late), HEAVY, "2005/2020", reason, ("energy/subsidies", "economy/gdp"))


@tests("C065")
def subsidised_energy_from_the_commonwealth() -> Finding:
    prices = load("energy/gas_prices")
    factor = load("energy/gas_parameters").set_index("id")["value"][CENTRAL[1]]
    bench = g.benchmarks(prices, load("energy/benchmark_prices"), load("energy/german_import_price"), factor)
    share = g.ratio(g.yearly_price(prices), bench).pivot(index="year", columns="benchmark", values="ratio").loc[2012:2020]
    cheap = share["German border"].fillna(share["Pink Sheet"])  # no border price of 2020
    dear = [int(year) for year in cheap.index[cheap >= 1]]
    verdict = "supported" if not dear else "imprecise" if len(dear) < len(cheap) else "contradicted"
    reason = (
        f"Gas from Russia, the sole supplier, was below the benchmark in {len(cheap) - len(dear)} of {len(cheap)} years"
        + (f", not in {', '.join(map(str, dear))}" if dear else "")
        + ". No other state of the Commonwealth that sold below the market stands in the tables: 'above all' should read 'only'."
    )
    return Finding(
        verdict, float(cheap.max()), 1.0, "2012/2020", reason, ("energy/gas_prices", "energy/benchmark_prices", "energy/gas_parameters")
    )
