"""Support, debt, power and trade: what Belarus draws from Russia, and ratios of it.

Money is in billion dollars at current prices unless a name says otherwise, shares are in percent, ratios of the index run from 0 to 1.
Estimates of support are put beside each other and never added: levels, changes and revenue forgone are different quantities.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from unionstate.analysis import gas as g
from unionstate.analysis.stats import SEED
from unionstate.tables import load

#: Estimates of these concepts are sums of money that can be held against GDP.
CONCEPTS = ("level", "change", "revenue forgone by Russia", "forecast")

#: A debt to Russia and a debt to all are held against each other if their dates lie at most so many days apart.
DAYS_APART = 62

#: Terms of the credit for the plant: half-yearly repayments (energy/debt_loans DL27), fixed interest in percent from July 2020 (DL30).
REPAYMENTS, INTEREST = 30, 3.3

#: Permutations behind a p-value.
SHUFFLES = 9999


# --- support ------------------------------------------------------------------------------------------------------


def output(gdp: pd.DataFrame, country: str = "BLR") -> pd.Series:
    """GDP of ``country`` in billion current dollars by year."""
    rows = gdp[gdp["country"] == country]
    return pd.Series(rows["gdp"].to_numpy() / 1e9, index=rows["year"].astype(int).to_numpy(), name="gdp")


def against_output(estimates: pd.DataFrame, gdp: pd.Series) -> pd.DataFrame:
    """Each dated estimate as percent of GDP a year: columns id, concept, component, estimator, side, first, last, low, high, readings.

    Readings of one estimate are its sum in dollars over the mean GDP of the known years of its period (a sum over the period is first
    divided by its years; where the source leaves open which it is, both are readings; a stated range gives two) and the share of
    GDP the estimator states. ``low`` and ``high`` are the smallest and the largest reading, so they differ
    where the estimator's GDP, or range, or silence leaves room. Rows without a figure or without a start are left out.
    """
    rows = estimates[estimates["concept"].isin(CONCEPTS) & estimates["period_start"].notna()]
    found = []
    for row in rows.itertuples():
        last = row.period_end if pd.notna(row.period_end) else row.period_start
        years = range(row.period_start.year, last.year + 1)
        parts = {"per year": [1], "sum over the period": [len(years)], "unclear": [1, len(years)]}[row.spread]
        mean = gdp.reindex(years).mean()
        dollars = [100 * v / part / mean for v in (row.value, row.value_low, row.value_high) for part in parts]
        stated = row.share_basis == "percent of GDP"
        shares = [s / part for s in (row.share, row.share_low, row.share_high) for part in parts if stated]
        readings = [reading for reading in dollars + shares if not np.isnan(reading)]
        if readings:
            found.append(
                {
                    **{name: getattr(row, name) for name in ("id", "concept", "component", "estimator", "side")},
                    "first": years[0],
                    "last": years[-1],
                    "low": min(readings),
                    "high": max(readings),
                    "readings": len(readings),
                }
            )
    return pd.DataFrame(found)


def label(row) -> str:
    """Period, estimator in short and id of one estimate, for the axis of a chart."""
    years = f"{row.first}" if row.first == row.last else f"{row.first}–{row.last % 100:02d}"
    short = {"Institute for Energy and Finance": "Inst. Energy & Finance", "Russian Finance Ministry": "Finance Ministry"}
    name = row.estimator.replace(", as quoted by ", " via ").split(", economist")[0]
    for long, brief in short.items():
        name = name.replace(long, brief)
    return f"{years} {name} ({row.id})"


def gas_rent(benchmark: str, factor: float, first: int = 2004) -> pd.DataFrame:
    """The gas chapter's central rent as a share of GDP: columns year, rent (billion USD), share (percent of GDP).

    ``benchmark``: one of :data:`gas.BENCHMARKS`; ``factor``: mmbtu per 1000 m3. Transport is deducted and volumes are the
    reported ones where there are any. Years without a benchmark, a volume or a GDP are missing.
    """
    prices, parameters, volumes = load("energy/gas_prices"), load("energy/gas_parameters"), load("energy/gas_volumes")
    bench = g.benchmarks(prices, load("energy/benchmark_prices"), load("energy/german_import_price"), factor)
    volume = g.import_volume(volumes, load("energy/gas_trade"), load("energy/energy_balance"))
    transport = g.transport_saved(volumes, parameters, range(first, int(volume["year"].max()) + 1))
    rent = g.rents(g.yearly_price(prices), bench[bench["benchmark"] == benchmark], volume, transport)
    rent = rent[rent["year"] >= first].sort_values("year")
    share = 100 * rent["rent"] / rent["year"].map(output(load("economy/gdp")))
    return rent.assign(share=share)[["year", "rent", "share"]].dropna().reset_index(drop=True)


def growth(macro: pd.DataFrame) -> pd.DataFrame:
    """Yearly growth of real GDP in percent: index year, one column a country."""
    return 100 * macro.pivot(index="year", columns="country", values="gdp_real").pct_change(fill_method=None)


def rank_correlation(x: pd.Series, y: pd.Series) -> tuple[float, float, int]:
    """Spearman's rho of two yearly series over their common years, its p-value by permutation, and the number of years.

    The p-value takes years as exchangeable, which yearly series are not: it flatters the association.
    """
    both = pd.concat([x.astype(float), y.astype(float)], axis=1).dropna()
    ranks = both.rank().to_numpy()
    ranks = (ranks - ranks.mean(axis=0)) / ranks.std(axis=0)
    rho = float((ranks[:, 0] * ranks[:, 1]).mean())
    shuffled = np.random.default_rng(SEED).permuted(np.tile(ranks[:, 0], (SHUFFLES, 1)), axis=1) @ ranks[:, 1] / len(ranks)
    p = (1 + (np.abs(shuffled) >= abs(rho) - 1e-12).sum()) / (1 + SHUFFLES)
    return rho, float(p), len(ranks)


# --- power and energy ---------------------------------------------------------------------------------------------


def supplier_share(balance: pd.DataFrame, country: str, atoms: bool) -> pd.Series:
    """Share of ``country``'s energy supply that is gas, and nuclear energy too if ``atoms``: index year, from 0 to 1."""
    rows = balance[balance["country"] == country].set_index("year")
    used = rows["gas"] + (rows["nuclear"] if atoms else 0)
    return (used / rows["energy_supply"]).dropna()


def gas_per_power(nuclear: pd.DataFrame) -> float:
    """bcm of gas that a TWh of the plant replaced, by the last day on which both cumulative figures are published."""
    last = nuclear[nuclear["kind"].isin(["cumulative", "substitution"])].pivot_table(
        index="date", columns="kind", values="value", observed=True
    )
    both = last.dropna().iloc[-1]
    return float(both["substitution"] / both["cumulative"])


def first_instalments(drawn: float, repayments: int = REPAYMENTS, interest: float = INTEREST) -> float:
    """What two half-yearly instalments of a credit of ``drawn`` cost in the first year: equal parts of it plus interest on the rest."""
    part = drawn / repayments
    return 2 * part + (drawn + drawn - part) * interest / 100 / 2


# --- trade and debt -----------------------------------------------------------------------------------------------


def trade_share(partners: pd.DataFrame) -> pd.DataFrame:
    """Russia's share of each state's goods trade: index year, one column a state, mean of its shares of exports and imports.

    A year counts if Russia is listed among the five largest partners on both sides; otherwise the share is missing, not zero.
    """
    rows = partners[partners["partner"] == "RUS"]
    both = rows.pivot_table(index=["reporter", "year"], columns="flow", values="share", observed=True).dropna()
    return both.mean(axis=1).unstack("reporter")


def stated_trade_share(statements: pd.DataFrame, after: int) -> pd.DataFrame:
    """What officials and institutes say of Russia's share of Belarusian goods trade in years after ``after``: rows of the table."""
    rows = statements[(statements["measure"] == "share turnover") & (statements["year"] > after)]
    return rows[rows["value"].notna()].sort_values("year")


def debt_share(debts: pd.DataFrame, macro: pd.DataFrame, base: str) -> pd.DataFrame:
    """Russia's share of the external debt: columns date, share (percent), rows (ids used), confidence.

    ``base`` "public": debt to Russia over external public debt at a date at most :data:`DAYS_APART` days away, or a share as stated.
    ``base`` "all": debt to Russia at a date in the year over the external debt of state, banks and firms at the end of that year.
    """
    stock = debts[debts["kind"] == "debt stock"]
    owed = stock[(stock["creditor"] == "Russia") & stock["item"].str.startswith("Debt to Russia")]
    found = []
    if base == "public":
        stated = stock[(stock["creditor"] == "Russia") & (stock["unit"] == "percent")]
        found += [(r.date, r.amount, r.id, r.confidence) for r in stated.itertuples()]
        everybody = stock[stock["creditor"] == "All creditors"]
        for row in owed.itertuples():
            apart = (everybody["date"] - row.date).abs()
            if row.date_precision == "year":  # known to the year: held against the start of the next one
                apart = (everybody["date"] - pd.Timestamp(row.year + 1, 1, 1)).abs()
            if len(apart) and apart.min() <= pd.Timedelta(days=DAYS_APART):
                other = everybody.loc[apart.idxmin()]
                found.append((row.date, 100 * row.amount / other["amount"], f"{row.id} {other['id']}", row.confidence))
    elif base == "all":
        total = macro[macro["country"] == "BLR"].set_index("year")["external_debt"] / 1e9
        found += [(r.date, 100 * r.amount / total[r.year], r.id, r.confidence) for r in owed.itertuples() if r.year in total.index]
    else:
        raise ValueError(f"base {base!r}: expected 'public' or 'all'")
    return pd.DataFrame(found, columns=["date", "share", "rows", "confidence"]).sort_values("date").reset_index(drop=True)


def at_year_ends(readings: pd.DataFrame) -> pd.Series:
    """Shares at the ends of years, on straight lines between dated readings; nothing before the first or after the last."""
    ends = pd.date_range(readings["date"].min(), readings["date"].max(), freq="YE")
    days = lambda dates: pd.DatetimeIndex(dates).to_julian_date().to_numpy()  # noqa: E731
    values = np.interp(days(ends), days(readings["date"]), readings["share"])
    return pd.Series(values, index=ends.year)


def loans_agreed(debts: pd.DataFrame) -> pd.DataFrame:
    """Credits agreed, each counted once, in billion dollars: columns id, year, lender, billion.

    Payments within a credit, promises, deferrals and totals of a period overlap with it and are left out. Amounts in rubles or yuan
    stand with the dollars that the source states.
    """
    rows = debts[debts["stage"] == "agreed"]
    own = rows["amount"] / rows["unit"].map({"million": 1000.0, "billion": 1.0}).astype(float)
    billion = own.where(rows["currency"] == "USD", rows["usd_stated"] / 1000)
    lender = rows["creditor"].where(~rows["creditor"].str.contains("Fund"), "Eurasian fund")
    lender = lender.where(rows["kind"] != "nuclear loan", "Russia, nuclear credit (ceiling)")
    lender = lender.where(rows["kind"] != "third party loan", "Azerbaijan and China")
    lender = lender.replace("Russia", "Russia, state")
    return pd.DataFrame({"id": rows["id"], "year": rows["year"].astype(int), "lender": lender, "billion": billion}).sort_values("year")


# --- the index ----------------------------------------------------------------------------------------------------


def index(ratios: pd.DataFrame, weights: dict[str, float]) -> pd.Series:
    """Weighted mean of the columns of ``ratios`` that ``weights`` names, over the years in which all of them are known."""
    used = {name: weight for name, weight in weights.items() if weight}
    if not used or min(used.values()) < 0:
        raise ValueError(f"weights {weights}: expected none below zero and at least one above it")
    known = ratios[list(used)].dropna()
    return (known * pd.Series(used)).sum(axis=1) / sum(used.values())


def weightings(ratios: pd.DataFrame, draws: int = 5000) -> np.ndarray:
    """The index under ``draws`` weightings drawn evenly from all there are: one row a draw, one column a year of ``ratios``."""
    weights = np.random.default_rng(SEED).dirichlet(np.ones(ratios.shape[1]), draws)
    return weights @ ratios.to_numpy(float).T
