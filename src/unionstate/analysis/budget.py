"""The Union State budget: its size year by year, in real rubles, in dollars, against the two economies.

Amounts are million current Russian rubles unless a name says otherwise. All functions take loaded tables and return plain frames.
"""

from __future__ import annotations

import pandas as pd

from unionstate.analysis import gas

#: What counts as the size of a budget, best first. Revenue is the last resort: from 2016 it includes balances of earlier years.
MEASURES = ["contributions", "expenditure", "revenue"]

#: Statements about money really spent, as against plans.
SPENT = "execution"


def yearly(budget: pd.DataFrame) -> pd.DataFrame:
    """One row for each year from the first to the last, also for years without a budget (NaN).

    Columns: year, id, stage (draft, adopted, quoted, execution), measure (which column gives the size), size, revenue, expenditure,
    contributions. Only primary rows are read.
    """
    rows = budget[budget["primary"]].set_index("year")
    rows = rows.reindex(range(int(rows.index.min()), int(rows.index.max()) + 1))
    known = rows[MEASURES].notna()
    out = rows[["id", "revenue", "expenditure", "contributions"]].assign(
        stage=rows["stage_kind"].astype(object),
        measure=known.idxmax(axis=1).where(known.any(axis=1)),
        size=rows[MEASURES].bfill(axis=1).iloc[:, 0],
    )
    return out.rename_axis("year").reset_index()


def frozen(years: pd.DataFrame, tolerance: float = 0.001) -> list[int]:
    """The longest run of years whose size stays within ``tolerance`` (a share) of the first of them."""
    best: list[int] = []
    size = years.dropna(subset="size").set_index("year")["size"]
    for start in size.index:
        run = []
        for year in range(start, int(size.index.max()) + 1):
            if year not in size or abs(size[year] / size[start] - 1) > tolerance:
                break
            run.append(year)
        best = run if len(run) > len(best) else best
    return best


def price_level(prices: pd.DataFrame, macro: pd.DataFrame, base: int) -> pd.DataFrame:
    """Russian price level by year, 1 in ``base``: consumer prices while they last, then the GDP deflator. Columns level, basis."""
    cpi = prices[prices["country"] == "RUS"].set_index("year")["change"]
    deflator = macro[macro["country"] == "RUS"].set_index("year")["deflator"].dropna()
    later = deflator[deflator.index > cpi.index.max()]
    level = (1 + pd.concat([cpi, later]).astype(float) / 100).cumprod()
    basis = ["consumer prices"] * len(cpi) + ["GDP deflator"] * len(later)
    return pd.DataFrame({"level": level / level[base], "basis": basis}, index=level.index.astype(int))


def three_readings(years: pd.DataFrame, level: pd.DataFrame, rates: pd.DataFrame) -> pd.DataFrame:
    """The size read three ways: year, nominal (million rubles), real (million rubles of the base year of ``level``), usd (million)."""
    rate = rates[rates["country"] == "RUS"].set_index("year")["rate"]
    size = years.set_index("year")["size"]
    out = pd.DataFrame({"nominal": size, "real": size / level["level"].reindex(size.index), "usd": size / rate.reindex(size.index)})
    return out.assign(basis=level["basis"].reindex(size.index)).rename_axis("year").reset_index()


def burden(budget: pd.DataFrame, rates: pd.DataFrame, gdp: pd.DataFrame, macro: pd.DataFrame) -> pd.DataFrame:
    """What each state pays, where both contributions are known: columns year, country, paid (million rubles), usd (million),
    gdp_share (percent of its own GDP), per_head (USD), and its percentage of the two economies (joint_gdp) and of the two
    populations (joint_people)."""
    known = budget[budget["primary"] & budget["contribution_rus"].notna() & budget["contribution_blr"].notna()]
    rate = rates[rates["country"] == "RUS"].set_index("year")["rate"]
    output = gdp.pivot(index="year", columns="country", values="gdp")
    people = macro.pivot(index="year", columns="country", values="population").astype(float) * 1000
    parts = []
    for country, column in (("RUS", "contribution_rus"), ("BLR", "contribution_blr")):
        paid = known.set_index("year")[column]
        usd = paid / rate.reindex(paid.index)
        part = pd.DataFrame({"country": country, "paid": paid, "usd": usd})
        part["gdp_share"] = 100 * usd * 1e6 / output[country].reindex(paid.index)
        part["per_head"] = usd * 1e6 / people[country].reindex(paid.index)
        part["joint_gdp"] = (100 * output[country] / (output["RUS"] + output["BLR"])).reindex(paid.index)
        part["joint_people"] = (100 * people[country] / (people["RUS"] + people["BLR"])).reindex(paid.index)
        parts.append(part)
    return pd.concat(parts).rename_axis("year").reset_index()


def defence(budget: pd.DataFrame) -> pd.DataFrame:
    """Every statement on the defence and security part: columns id, year, amount, total, share (percent) and kind: planned,
    spent, or source page only where nobody but the page under test gives the amount.

    The total is the planned spending of the year, or the revenue where a source prints one sum for both.
    """
    rows = budget[budget["defence_security"].notna()]
    years = yearly(budget).set_index("year")
    size = years["expenditure"].fillna(years["revenue"])
    spent = (rows["stage_kind"] == SPENT) | rows["defence_security_basis"].str.contains(r"\bspent in\b")
    kind = spent.map({True: "spent", False: "planned"})
    return pd.DataFrame(
        {
            "id": rows["id"],
            "year": rows["year"].astype(int),
            "amount": rows["defence_security"],
            "total": rows["year"].map(size),
            "share": 100 * rows["defence_security"] / rows["year"].map(size),
            "kind": kind.mask(rows["defence_security_basis"].str.startswith("Source page"), "source page only"),
        }
    ).reset_index(drop=True)


def other_income(budget: pd.DataFrame) -> pd.DataFrame:
    """Planned revenue that is no contribution, where a primary row gives both: columns year, id, other (million rubles), share
    (of the revenue). It holds arrears, balances, interest and returned loans: an upper bound for each of them."""
    rows = budget[budget["primary"] & budget["revenue"].notna() & budget["contributions"].notna()]
    other = rows["revenue"] - rows["contributions"]
    found = {"year": rows["year"].astype(int), "id": rows["id"], "other": other, "share": other / rows["revenue"]}
    return pd.DataFrame(found).sort_values("year").reset_index(drop=True)


def counts(budget: pd.DataFrame) -> pd.DataFrame:
    """Programmes and events financed in a year: columns year, id, programmes, events, together, split (are the two told apart?).

    The primary row of a year counts, else the first other row with a count that covers the whole year.
    """
    rows = budget[budget["n_programmes"].notna() | budget["n_projects"].notna()]
    rows = rows[~rows["stage"].str.contains("half")].sort_values(["year", "primary"], ascending=[True, False], kind="stable")
    rows = rows.drop_duplicates("year")
    programmes, events = (rows[column].astype(float) for column in ("n_programmes", "n_projects"))
    out = pd.DataFrame({"year": rows["year"].astype(int), "id": rows["id"], "programmes": programmes, "events": events})
    out["together"] = programmes.fillna(0) + events.fillna(0)
    return out.assign(split=programmes.notna() & events.notna()).reset_index(drop=True)


def daily_rate(daily: pd.DataFrame) -> pd.DataFrame:
    """Rubles for one dollar by day: columns id, date, kind, rate. A quote against the euro becomes a cross rate."""
    crossed = daily["rub_per_eur"] / daily["usd_per_eur"]
    return daily[["id", "date", "kind"]].assign(rate=daily["rub_per_usd"].fillna(crossed))


def gas_rent(load, factor_id: str = "factor-trade") -> pd.Series:
    """The implied gas rent of the gas chapter in its central reading, billion USD by year (``load`` reads the tables)."""
    prices, parameters, volumes = load("energy/gas_prices"), load("energy/gas_parameters"), load("energy/gas_volumes")
    factor = parameters.set_index("id")["value"][factor_id]
    bench = gas.benchmarks(prices, load("energy/benchmark_prices"), load("energy/german_import_price"), factor)
    volume = gas.import_volume(volumes, load("energy/gas_trade"), load("energy/energy_balance"))
    transport = gas.transport_saved(volumes, parameters, range(int(volume["year"].min()), int(volume["year"].max()) + 1))
    border = bench[bench["benchmark"] == "German border"]
    return gas.rents(gas.yearly_price(prices), border, volume, transport).set_index("year")["rent"]
