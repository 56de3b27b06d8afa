"""Prices, benchmarks, volumes and the implied rent of Russian gas for Belarus.

Prices are nominal dollars per thousand Russian contract cubic metres (20 degrees Celsius) unless a name says mmbtu.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

BENCHMARKS = ["German border", "Gazprom average", "German imports", "Pink Sheet"]

#: Transit tariffs in force, not claimed.
TARIFFS = ["Gas transit tariff before 2007 deal", "Gas transit tariff after 2007 deal", "Gas transit tariff agreed"]

#: Which statement counts as the price of a year, best first: statistics, then a full-year figure, then the contract.
PREFERENCE = [
    ("average", r"annual average \(customs/Belstat\)"),
    ("average", r"annual average \(Yearbook table\)"),
    ("average", r"annual average \(official statement\)|annual price"),
    ("average", r"annual average \(derived\)"),
    ("contract", r"contract price|agreed price"),
    ("contract", r"subsidised price before the 2004 settlement"),
]


def yearly_price(gas: pd.DataFrame) -> pd.DataFrame:
    """One price a year for Belarus: columns year, price (USD per 1000 m3), basis, rows (ids of the rows used).

    The first kind of statement in :data:`PREFERENCE` that a year has is taken; several rows of that kind are averaged by the
    days they cover (2008, when the price changed on 1 April).
    """
    stated = gas[(gas["country"] == "Belarus") & gas["usd_per_1000m3"].notna()]
    stated = stated.assign(days=_days(stated))
    chosen: dict[int, dict] = {}
    for kind, pattern in PREFERENCE:
        fits = stated[(stated["series_kind"] == kind) & stated["series"].str.fullmatch(pattern)]
        for year, rows in fits.groupby("year"):
            whole = rows[rows["days"] >= 365]
            used = whole.iloc[:1] if len(whole) else rows
            mean = float(np.average(used["usd_per_1000m3"], weights=used["days"]))
            chosen.setdefault(int(year), {"price": mean, "basis": str(used["series"].iloc[0]), "rows": " ".join(used["id"])})
    return pd.DataFrame([{"year": year, **chosen[year]} for year in sorted(chosen)])


def _days(rows: pd.DataFrame) -> pd.Series:
    """Days a row covers within its year; a missing end runs to the edge of the year."""
    first = pd.to_datetime(rows["year"].astype(str) + "-01-01")
    last = pd.to_datetime(rows["year"].astype(str) + "-12-31")
    start, end = rows["period_start"].fillna(first), rows["period_end"].fillna(last)
    return (end.clip(upper=last) - start.clip(lower=first)).dt.days + 1


def monthly_price(gas: pd.DataFrame) -> pd.Series:
    """Contract price of each month where a dated contract price is known, else the year's price; index: first of month."""
    yearly = yearly_price(gas).set_index("year")["price"]
    months = pd.date_range(f"{yearly.index.min()}-01-01", f"{yearly.index.max()}-12-01", freq="MS")
    price = pd.Series(months.year, index=months).map(yearly).astype(float)
    plain = r"contract price|contract formula price|agreed price"
    dated = gas[(gas["country"] == "Belarus") & (gas["series_kind"] == "contract") & gas["series"].str.fullmatch(plain)]
    for row in dated.dropna(subset=["period_start", "period_end"]).itertuples():
        price[(price.index >= row.period_start.replace(day=1)) & (price.index <= row.period_end)] = row.usd_per_1000m3
    return price


def yearbook_factor(gas: pd.DataFrame) -> float:
    """mmbtu per 1000 m3 that the Yearbook table must have used: the mean ratio to the IMF series over the years both give."""
    border = gas[gas["country"] == "Germany"]
    imf = _full_years(border[border["series"] == "Russian gas at German border (IMF)"]).set_index("year")["price"]
    book = border[border["series"] == "Russian gas at German border (Yearbook table)"].set_index("year")["price"]
    return float((book / imf).dropna().mean())


def benchmarks(gas: pd.DataFrame, pink: pd.DataFrame, imports: pd.DataFrame, factor: float) -> pd.DataFrame:
    """Yearly benchmark prices, long: columns benchmark, year, price (USD per 1000 m3), at ``factor`` mmbtu per 1000 m3.

    German border: Russian gas as the IMF reports it to 2016, then the Yearbook table brought back to mmbtu. Gazprom
    average: what Gazprom or the ministry say it earned in Europe in a full year (per 1000 m3, no factor). German imports: all
    origins. Pink Sheet: mean of twelve months; the Dutch hub from April 2015.
    """
    border = gas[gas["country"] == "Germany"]
    imf = _full_years(border[border["series"] == "Russian gas at German border (IMF)"]).set_index("year")["price"]
    book = border[border["series"] == "Russian gas at German border (Yearbook table)"].set_index("year")["price"]
    earned = _full_years(gas[(gas["country"] == "Europe (Gazprom average)") & (gas["series_kind"] == "benchmark")])
    earned = earned.sort_values(["year", "confidence"]).drop_duplicates("year").set_index("year")["usd_per_1000m3"]
    months = pink.groupby(pink["month"].dt.year)["gas_europe"].agg(["mean", "count"])
    series = {
        "German border": pd.concat([imf, book[book.index > imf.index.max()] / yearbook_factor(gas)]) * factor,
        "Gazprom average": earned,
        "German imports": imports.set_index("year")["price"] * factor,
        "Pink Sheet": months.loc[months["count"] == 12, "mean"] * factor,
    }
    parts = [pd.DataFrame({"benchmark": name, "year": s.index.astype(int), "price": s.to_numpy(float)}) for name, s in series.items()]
    return pd.concat(parts, ignore_index=True)


def _full_years(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[_days(rows) >= 365]


def ratio(price: pd.DataFrame, benchmark: pd.DataFrame) -> pd.DataFrame:
    """Belarus's price as a share of each benchmark: columns benchmark, year, ratio (1 = the same price)."""
    joined = benchmark.merge(price[["year", "price"]], on="year", suffixes=("_benchmark", "_belarus"))
    return joined.assign(ratio=joined["price_belarus"] / joined["price_benchmark"])[["benchmark", "year", "ratio"]]


def decomposed(price: pd.DataFrame, benchmark: pd.DataFrame) -> pd.DataFrame:
    """Yearly change of the log ratio, split exactly: columns year, moscow (log change of Belarus's price), market (minus the
    log change of the benchmark), total. Years whose predecessor is missing on either side are left out."""
    both = price.set_index("year")["price"].to_frame("belarus").join(benchmark.set_index("year")["price"].rename("benchmark")).dropna()
    change = np.log(both).diff()
    change = change[pd.Series(both.index, index=both.index).diff() == 1]
    out = pd.DataFrame({"moscow": change["belarus"], "market": -change["benchmark"]})
    return out.assign(total=out.sum(axis=1)).rename_axis("year").reset_index()


def import_volume(volumes: pd.DataFrame, trade: pd.DataFrame, balance: pd.DataFrame) -> pd.DataFrame:
    """Gas imported from Russia in Russian contract metres: columns year, volume (bcm), low, high, basis.

    Reported or derived full-year figures first (rivals give low and high); years without one are filled from trade in
    40-MJ metres, else from consumption (``balance``), each scaled by its mean relation to reported imports over the years both know.
    """
    full = volumes[(volumes["flow"] == "imports") & (volumes["unit"] == "bcm") & volumes["basis"].isin(["reported", "derived"])]
    full = full[(_days(full) >= 365) & ~full["series"].str.contains("Factbook")]
    reported = full.groupby("year")["value"].agg(["median", "min", "max"])
    burned = balance[balance["country"] == "BLR"].dropna(subset="gas")
    filled = reported.rename(columns={"median": "volume", "min": "low", "max": "high"}).assign(basis="reported")
    for basis, proxy in (("from trade", trade.set_index("year")["volume"]), ("from consumption", burned.set_index("year")["gas"])):
        scale = (reported["median"] / proxy).dropna()
        missing = proxy[~proxy.index.isin(filled.index) & (proxy.index >= reported.index.min())]
        rows = {"volume": missing * scale.mean(), "low": missing * scale.min(), "high": missing * scale.max(), "basis": basis}
        filled = pd.concat([filled, pd.DataFrame(rows)])
    filled.index = filled.index.astype(int)
    return filled.sort_index().rename_axis("year").reset_index()


def transport_saved(volumes: pd.DataFrame, parameters: pd.DataFrame, years) -> pd.Series:
    """USD per 1000 m3 that gas sold to Belarus need not pay for the way on to Germany, by year.

    The Belarusian transit tariff in force (USD per 1000 m3 per 100 km, the last one agreed) over the Belarusian and Polish
    sections of Yamal-Europe. The Polish tariff is not in the tables: the Belarusian one stands in for it.
    """
    agreed = volumes[volumes["series"].isin(TARIFFS)]
    steps = agreed.set_index("year")["value"].sort_index()
    kilometres = parameters.set_index("id")["value"][["route-belarus", "route-poland"]].sum()
    tariff = steps.reindex(sorted({*steps.index, *years})).ffill().bfill()
    return (tariff * kilometres / 100).reindex(list(years))


def rents(price: pd.DataFrame, benchmark: pd.DataFrame, volume: pd.DataFrame, transport: pd.Series | None = None) -> pd.DataFrame:
    """Implied rent, (benchmark − transport − price) × volume: columns benchmark, year, rent (billion USD; below 0: overpaid).

    ``volume`` has columns year and volume (bcm); ``transport`` USD per 1000 m3 by year, none if left out.
    """
    gap = benchmark.merge(price[["year", "price"]], on="year", suffixes=("_benchmark", "_belarus"))
    gap = gap.merge(volume[["year", "volume"]], on="year")
    saved = 0.0 if transport is None else gap["year"].map(transport)
    worth = (gap["price_benchmark"] - saved - gap["price_belarus"]) * gap["volume"] / 1000  # USD/1000 m3 x bcm = million USD
    return gap.assign(rent=worth)[["benchmark", "year", "rent"]]


def rent_choices(price: pd.DataFrame, by_factor: dict[float, pd.DataFrame], volume: pd.DataFrame, transport: pd.Series) -> pd.DataFrame:
    """:func:`rents` under every choice: columns benchmark, year, rent, factor, transport (yes/no), volume (low/high).

    ``by_factor``: conversion factor → benchmarks at that factor; ``volume`` has columns year, low, high (bcm).
    """
    parts = [
        rents(price, bench, volume.assign(volume=volume[end]), saved).assign(factor=factor, transport=label, volume=end)
        for factor, bench in by_factor.items()
        for label, saved in (("no", None), ("yes", transport))
        for end in ("low", "high")
    ]
    return pd.concat(parts, ignore_index=True)
