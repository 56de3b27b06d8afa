"""Russia in Belarus's trade: shares by series, concentration, the part of fuels, products, quarrels.

Flows are in billion nominal dollars and seen from Belarus unless a name says otherwise; shares are in percent.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from unionstate.analysis.stats import bootstrap_interval

#: Neighbours that were republics of the same union or its ally: what Belarus is compared with. Russia is the partner, no peer.
PEERS = ["ARM", "KAZ", "KGZ", "LTU", "LVA", "POL", "UKR"]
#: Entries of a list of partners that are no country.
NO_COUNTRY = ["special categories", "unspecified"]
#: Rows of trade/product_exports whose share has another base than all exports of the product.
OTHER_BASE = {"PX05": "share of exports to the CIS", "PX33": "share of output"}
#: Product words of trade/product_exports, by the group that the source page names.
FAMILIES = {
    "industrial goods": ["industrial goods", "machine-building products", "goods of the Industry Ministry and of Bellegprom"],
    "tractors": ["tractors", "tractors (MTZ)"],
    "buses": ["buses (MAZ), sales in Russia"],
    "trucks": ["trucks", "mining trucks (BelAZ)", "trucks (MAZ), sales in Russia"],
    "dairy": ["dairy products", "cheese and curd", "cheese"],
    "meat": ["meat", "meat and meat products", "fresh beef"],
    "food": ["food", "food and farm goods"],
}
#: Sixteen groups of the Harmonised System in five.
MIX = {
    "fuels": ["fuels"],
    "food": ["animal", "vegetable", "food products"],
    "machines and vehicles": ["mach and elec", "transportation"],
    "chemicals and plastics": ["chemicals", "plastic or rubber"],
}


def own_share(partners: pd.DataFrame, reporter: str = "BLR", partner: str = "RUS") -> pd.DataFrame:
    """Share of ``partner`` in the trade of ``reporter`` as it reports itself: index year, columns export and import, percent."""
    rows = partners[(partners["reporter"] == reporter) & (partners["partner"] == partner)]
    wide = rows.pivot(index="year", columns="flow", values="share").reindex(columns=["export", "import"])
    wide.index = wide.index.astype(int)
    return wide.rename_axis(columns=None)


def cow_share(dyads: pd.DataFrame, totals: pd.DataFrame) -> pd.DataFrame:
    """The same from Correlates of War, rows of quality as published: index year, columns export and import, percent.

    Exports are what Russia reports as imports over what Belarus reports as all exports: two reporters in one ratio, so it is rough.
    """
    good = dyads[dyads["quality"] == "as published"]
    flow = lambda a, b: good[(good["importer"] == a) & (good["exporter"] == b)].set_index("year")["imports"]  # noqa: E731
    belarus = totals[totals["country"] == "BLR"].set_index("year")
    out = pd.DataFrame({"export": flow("RUS", "BLR") / belarus["exports"], "import": flow("BLR", "RUS") / belarus["imports"]}) * 100
    out.index = out.index.astype(int)
    return out.rename_axis("year")


def mirror_share(dots: pd.DataFrame) -> pd.DataFrame:
    """What partners report: Russia's part of all reported imports from, and exports to, Belarus. Index year, percent, plus ``quality``.

    ``as published`` from 2012 to 2021; other years are kept apart (see the table's description).
    """
    cells = dots[dots["partner"] == "BLR"].set_index(["year", "reporter", "flow"])["value"].unstack(["reporter", "flow"])
    share = pd.DataFrame(
        {"export": cells["RUS", "import"] / cells["WLD", "import"], "import": cells["RUS", "export"] / cells["WLD", "export"]}
    )
    quality = dots[(dots["partner"] == "BLR") & (dots["reporter"] == "RUS")].groupby("year")["quality"].first().astype(str)
    out = (100 * share).assign(quality=quality)
    out.index = out.index.astype(int)
    return out.rename_axis("year")


SERIES = ["Belarus (WITS)", "Russia (WITS)", "Importer (COW)", "Russia (DOTS)"]


def flows(partners: pd.DataFrame, dyads: pd.DataFrame, dots: pd.DataFrame) -> pd.DataFrame:
    """Each report of the two flows: columns flow (exports/imports, seen from Belarus), series, year, value (billion USD), quality."""
    belarus = partners[(partners["reporter"] == "BLR") & (partners["partner"] == "RUS")]
    russia = partners[(partners["reporter"] == "RUS") & (partners["partner"] == "BLR")]
    cow = dyads[dyads["importer"].isin(["RUS", "BLR"]) & dyads["exporter"].isin(["RUS", "BLR"])]
    imf = dots[(dots["reporter"] == "RUS") & (dots["partner"] == "BLR")]
    parts = [
        (SERIES[0], belarus, belarus["flow"].astype(str) + "s", "value"),
        (SERIES[1], russia, russia["flow"].astype(str).map({"import": "exports", "export": "imports"}), "value"),
        (SERIES[2], cow, cow["importer"].astype(str).map({"RUS": "exports", "BLR": "imports"}), "imports"),
        (SERIES[3], imf, imf["flow"].astype(str).map({"import": "exports", "export": "imports"}), "value"),
    ]
    frames = [
        pd.DataFrame(
            {
                "flow": flow.to_numpy(),
                "series": name,
                "year": rows["year"].astype(int).to_numpy(),
                "value": rows[column].to_numpy(float) / 1000,
                "quality": rows["quality"].astype(str).to_numpy() if "quality" in rows else "as published",
            }
        )
        for name, rows, flow, column in parts
    ]
    return pd.concat(frames, ignore_index=True).sort_values(["flow", "series", "year"], ignore_index=True)


def gaps(reports: pd.DataFrame, base: str = SERIES[0]) -> pd.DataFrame:
    """How far each report lies from ``base`` in the same year and flow: columns flow, series, year, gap (percent of base)."""
    good = reports[reports["quality"] == "as published"]
    anchor = good[good["series"] == base].set_index(["flow", "year"])["value"].rename("base")
    rest = good[good["series"] != base].join(anchor, on=["flow", "year"]).dropna(subset="base")
    return rest.assign(gap=100 * (rest["value"] / rest["base"] - 1))[["flow", "series", "year", "gap"]].reset_index(drop=True)


def same_figure(reports: pd.DataFrame, within: float = 0.1) -> tuple[int, int]:
    """How often Russia's report in WITS is Belarus's own figure to ``within`` percent, and out of how many: one is then a copy."""
    pairs = gaps(reports)
    pairs = pairs[pairs["series"] == SERIES[1]]
    return int((pairs["gap"].abs() <= within).sum()), len(pairs)


def years_near(share: pd.Series, target: float, tolerance: float) -> list[int]:
    """Years in which ``share`` lies within ``tolerance`` points of ``target``."""
    return [int(year) for year in share.index[(share - target).abs() <= tolerance]]


def spell(years: list[int]) -> str:
    """``2005 to 2009, 2011, 2012`` for a list of years; runs of three and more become a span."""
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    words = [f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs]
    return ", ".join(words) or "none"


def concentration(partners: pd.DataFrame) -> pd.DataFrame:
    """Bounds of the Herfindahl index of partners (0 to 1): columns reporter, year, flow, low, high.

    Only the five largest entries are listed. ``low``: squares of the listed countries. ``high``: trade with no named country goes
    to the largest partner, and the unlisted rest is split over partners as large as the smallest entry listed, the largest they can be.
    """
    share, hidden = partners["share"] / 100, partners["partner"].astype(str).isin(NO_COUNTRY)
    parts = partners.assign(share=share, named=share.where(~hidden), square=share.where(~hidden) ** 2, unnamed=share.where(hidden, 0.0))
    each = parts.astype({"year": int}).groupby(["reporter", "year", "flow"], observed=True)
    total, largest = each[["named", "square", "unnamed"]].sum(), each["named"].max()
    rest = (1 - total["named"] - total["unnamed"]).clip(lower=0)
    high = total["square"] + (largest + total["unnamed"]) ** 2 - largest**2 + rest * each["share"].min()
    return pd.DataFrame({"low": total["square"], "high": high}).reset_index()


def without_fuels(share: pd.DataFrame, fuels: pd.DataFrame) -> pd.DataFrame:
    """Bounds of Russia's share in trade other than fuels: columns fuel_exports, fuel_imports, export_ceiling, import_floor, percent.

    Ceiling of exports: no fuel at all is sold to Russia. Floor of imports: all fuel comes from Russia. ``fuels``: rows of one country.
    """
    fuel = fuels.set_index(fuels["year"].astype(int))[["exports", "imports"]]
    joined = share.join(fuel, how="inner")
    return pd.DataFrame(
        {
            "fuel_exports": joined["exports"],
            "fuel_imports": joined["imports"],
            "export_ceiling": 100 * joined["export"] / (100 - joined["exports"]),
            "import_floor": 100 * (joined["import"] - joined["imports"]).clip(lower=0) / (100 - joined["imports"]),
        }
    ).rename_axis("year")


def part_of_fuels(share: pd.DataFrame, other: pd.DataFrame, first: int, last: int) -> float:
    """Part of the log change of Russia's export share between two years that the weight of fuels alone makes, percent.

    Share = (share of all but fuels) x ceiling, exactly; the first factor is the weight of fuels.
    """
    weight = np.log(100 - other["fuel_exports"])
    return float(100 * (weight[last] - weight[first]) / np.log(share["export"][last] / share["export"][first]))


def fuel_values(totals: pd.DataFrame, products: pd.DataFrame, fuels: pd.DataFrame) -> pd.DataFrame:
    """Fuel trade of Belarus: index year, columns exports and imports (billion USD), ratio (exports per dollar imported)."""
    sold = products[(products["reporter"] == "BLR") & (products["product"] == "fuels")].set_index("year")["value"]
    spent = totals[totals["reporter"] == "BLR"].set_index("year")["imports"]
    part = fuels[fuels["country"] == "BLR"].set_index("year")["imports"]
    out = pd.DataFrame({"exports": sold / 1000, "imports": spent * part / 100 / 1000}).dropna()
    out.index = out.index.astype(int)
    return out.assign(ratio=out["exports"] / out["imports"]).rename_axis("year")


def mix(products: pd.DataFrame, reporter: str = "BLR") -> pd.DataFrame:
    """Exports by five groups, percent of all exports: index year, a column per group of :data:`MIX` and ``other``."""
    own = products[products["reporter"] == reporter]
    wide = own.pivot(index="year", columns="product", values="share")
    out = pd.DataFrame({name: wide[parts].sum(axis=1) for name, parts in MIX.items()})
    out.index = out.index.astype(int)
    return out.assign(other=wide.sum(axis=1).to_numpy() - out.sum(axis=1)).rename_axis("year")


def product_shares(rows: pd.DataFrame) -> pd.DataFrame:
    """Stated shares of a product's exports that go to Russia: id, family, product, year, period, share, confidence.

    Rows whose share has another base (:data:`OTHER_BASE`) and products outside :data:`FAMILIES` are left out.
    """
    family = {product: name for name, products in FAMILIES.items() for product in products}
    stated = rows[rows["share_to_russia"].notna() & ~rows["id"].isin(list(OTHER_BASE))]
    stated = stated.assign(family=stated["product"].map(family)).dropna(subset="family")
    kept = stated.rename(columns={"share_to_russia": "share"})[["id", "family", "product", "year", "period", "share", "confidence"]]
    return kept.assign(year=kept["year"].astype(int)).sort_values(["family", "year", "id"], ignore_index=True)


def majority(shares: pd.Series, vast: float, half: float = 50.0) -> str:
    """Verdict on "Russia takes the vast majority": supported if every stated share reaches ``vast``, contradicted if none reaches
    ``half``, not testable without a share, else imprecise."""
    if shares.empty:
        return "not testable"
    if (shares >= vast).all():
        return "supported"
    return "contradicted" if (shares < half).all() else "imprecise"


def change_correlation(a: pd.Series, b: pd.Series) -> tuple[float, float, float, int]:
    """Pearson correlation of yearly changes with a 95 percent bootstrap interval (years resampled whole) and their number."""
    pairs = pd.concat([a.diff(), b.diff()], axis=1).dropna()

    def pearson(x, y, axis=-1):
        x, y = x - x.mean(axis=axis, keepdims=True), y - y.mean(axis=axis, keepdims=True)
        return (x * y).sum(axis=axis) / np.sqrt((x**2).sum(axis=axis) * (y**2).sum(axis=axis))

    columns = [pairs.iloc[:, i].to_numpy(float) for i in (0, 1)]
    low, high = bootstrap_interval(*columns, statistic=pearson)
    return float(pearson(*columns)), low, high, len(pairs)


def asymmetry(partners: pd.DataFrame, dots: pd.DataFrame) -> pd.DataFrame:
    """Both sides of each flow: columns flow, year, belarus (Russia's share for Belarus), russia (Belarus's share for Russia),
    source, percent. WITS where Belarus is among Russia's five largest partners; DOTS, as published, for the Russian side otherwise.
    """
    ours, theirs = own_share(partners), own_share(partners, "RUS", "BLR")
    good = dots[(dots["reporter"] == "RUS") & (dots["quality"] == "as published")]
    cells = good.set_index(["year", "partner", "flow"])["value"].unstack(["partner", "flow"])
    rows = []
    for flow, other in (("export", "import"), ("import", "export")):
        imf = 100 * cells["BLR", other] / cells["WLD", other]
        for year in ours.index:
            wits = theirs[other].get(year, np.nan)
            value, source = (wits, "WITS") if wits == wits else (imf.get(year, np.nan), "DOTS")
            rows.append({"flow": flow, "year": year, "belarus": ours.loc[year, flow], "russia": value, "source": source})
    return pd.DataFrame(rows).dropna(subset="russia").reset_index(drop=True)


GROUPS = {
    "sugar": "sugar",
    "dairy": "dairy|milk",
    "meat": "pork|beef|meat|poultry",
    "fruit, vegetables, re-export": "apple|fruit|berr|vegetable|animal products and produce|cherries",
}


def quarrels(restrictions: pd.DataFrame) -> pd.DataFrame:
    """Restrictions with a known start and the group of goods they hit (first match of :data:`GROUPS`, else ``other``)."""
    known = restrictions[restrictions["start"].notna()].copy()
    text = known["product"].str.lower()
    passing = known["instrument"].str.contains("re-export")
    group = pd.Series("other", index=known.index)
    for name, pattern in reversed(GROUPS.items()):
        group = group.mask(text.str.contains(pattern), name)
    group = group.mask(passing, "fruit, vegetables, re-export")
    return known.assign(group=group).sort_values("start")


#: Words by which a measure shows that it was aimed at goods of third countries.
THIRD_COUNTRY = r"transit|re-export|certificate|embargo|origin"


def against_reexport(restrictions: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    """Russian measures from ``start`` to ``end`` whose instrument, product or stated reason points to goods of third countries."""
    text = restrictions[["instrument", "product", "stated_reason"]].agg(" ".join, axis=1).str.lower()
    when = restrictions["start"].between(pd.Timestamp(start), pd.Timestamp(end))
    return restrictions[(restrictions["initiator"] == "Russia") & when & text.str.contains(THIRD_COUNTRY)]
