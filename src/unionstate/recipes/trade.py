"""Recipes for foreign trade: partners, products and the series that reach beyond them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

WITS_CODES = {
    "Afghanistan": "AFG",
    "Belarus": "BLR",
    "Belgium": "BEL",
    "Belgium-Luxembourg": "Belgium-Luxembourg",
    "Bermuda": "BMU",
    "British Virgin Islands": "VGB",
    "Bulgaria": "BGR",
    "Canada": "CAN",
    "China": "CHN",
    "Cuba": "CUB",
    "Czech Republic": "CZE",
    "Denmark": "DNK",
    "Egypt, Arab Rep.": "EGY",
    "Estonia": "EST",
    "Finland": "FIN",
    "France": "FRA",
    "Georgia": "GEO",
    "Germany": "DEU",
    "India": "IND",
    "Iran, Islamic Rep.": "IRN",
    "Iraq": "IRQ",
    "Israel": "ISR",
    "Italy": "ITA",
    "Japan": "JPN",
    "Kazakhstan": "KAZ",
    "Korea, Rep.": "KOR",
    "Latvia": "LVA",
    "Lithuania": "LTU",
    "Netherlands": "NLD",
    "Poland": "POL",
    "Russian Federation": "RUS",
    "Special Categories": "special categories",
    "Sweden": "SWE",
    "Switzerland": "CHE",
    "Turkey": "TUR",
    "Turkmenistan": "TKM",
    "Ukraine": "UKR",
    "United Arab Emirates": "ARE",
    "United Kingdom": "GBR",
    "United States": "USA",
    "Unspecified": "unspecified",
    "Uzbekistan": "UZB",
}
REPORTERS = ["ARM", "BLR", "KAZ", "KGZ", "LTU", "LVA", "POL", "RUS", "UKR"]


def widened(long: pd.DataFrame, state: str, rest: list[str]) -> pd.DataFrame:
    """One column for each ``measure``, rows sorted by state (the publisher's ``iso3``, renamed) and by ``rest``."""
    key = ["iso3", *rest]
    wide = long.pivot(index=key, columns="measure", values="value").reset_index().sort_values(key)
    return wide.rename(columns={"iso3": state})


def partners(raw: Path) -> pd.DataFrame:
    """World Bank WITS: the five largest partners of each reporter and year, million USD and percent of all exports or imports.

    Germany as a reporter is left out. Years that a reporter did not report are absent, not zero.
    """
    long = pd.read_csv(raw / "wits-trade-summary" / "wits_top_partners_long.csv", dtype=str)
    long = long[long["iso3"].isin(REPORTERS)]
    long = long.assign(
        partner=long["partner"].map(WITS_CODES),
        flow=long["indicator_type"].str.lower(),
        measure=long["indicator"].str.startswith("Partner share").map({True: "share", False: "value"}),
    )
    return widened(long, "reporter", ["year", "flow", "partner"])[["reporter", "year", "flow", "partner", "value", "share"]]


def totals(raw: Path) -> pd.DataFrame:
    """World Bank WITS: all exports and imports of goods of Belarus and Russia, million USD.

    The publisher's "HH Market concentration index" is left out: it cannot be recomputed from the partner shares (K076).
    """
    long = pd.read_csv(raw / "wits-trade-summary" / "wits_country_totals_products_blr_rus_long.csv", dtype=str)
    names = {"Exports (in US$ Mil)": "exports", "Imports (in US$ Mil)": "imports"}
    kept = long[long["indicator"].isin(list(names))].assign(measure=lambda rows: rows["indicator"].map(names))
    return widened(kept, "reporter", ["year"])[["reporter", "year", "exports", "imports"]]


STAGES = ["Capital goods", "Consumer goods", "Intermediate goods", "Raw materials"]


def products(raw: Path) -> pd.DataFrame:
    """World Bank WITS: exports of Belarus and Russia to the world by product group, million USD and percent.

    The sixteen groups of chapters add up to all exports. The four stages of processing, another cut of the same exports, are left out.
    """
    long = pd.read_csv(raw / "wits-trade-summary" / "wits_country_totals_products_blr_rus_long.csv", dtype=str)
    names = {"Export(US$ Mil)": "value", "Export Product share(%)": "share"}
    kept = long[long["indicator"].isin(list(names)) & ~long["product_category"].isin(STAGES)]
    kept = kept.assign(measure=kept["indicator"].map(names), product=kept["product_category"].str.lower())
    return widened(kept, "reporter", ["year", "product"])[["reporter", "year", "product", "value", "share"]]


def fuel_shares(raw: Path) -> pd.DataFrame:
    """World Bank WDI: fuels as a share of merchandise exports (Belarus, Russia, Poland) and of imports (Belarus), percent."""
    long = pd.read_csv(raw / "worldbank-wdi-fuel-current-account" / "wdi_fuel_trade_current_account.csv", dtype=str)
    names = {"TX.VAL.FUEL.ZS.UN": "exports", "TM.VAL.FUEL.ZS.UN": "imports"}
    kept = long[long["indicator_code"].isin(list(names))].assign(measure=lambda rows: rows["indicator_code"].map(names))
    return widened(kept, "country", ["year"])[["country", "year", "exports", "imports"]]


DOTS_PARTNERS = ["ARM", "BLR", "KAZ", "KGZ"]


def dots(raw: Path) -> pd.DataFrame:
    """IMF Direction of Trade Statistics: Russia, and all reporters together, with four partners; million USD, exports FOB, imports CIF.

    ``quality`` keeps what is not a report apart: 2011 (K072), 2022, which Russia did not publish (K074), and 2023, in which every
    Russian flow is the same multiple of 2022 (K073). Sums over all reporters contain the Russian estimates.
    """
    long = pd.read_csv(raw / "imf-dots-russia" / "imf_dots_russia_world_by_partner_2011_2023.csv", dtype=str)
    russia = (long["reporter_iso3"] == "RUS") & long["partner_iso3"].isin([*DOTS_PARTNERS, "WLD"])
    world = (long["reporter_iso3"] == "WLD") & long["partner_iso3"].isin(DOTS_PARTNERS)
    kept = long[russia | world].assign(flow=lambda rows: rows["flow"].str.split("_").str[0].str.rstrip("s"))
    kept["quality"] = "as published"
    kept.loc[kept["year"] == "2011", "quality"] = "break"
    kept.loc[kept["year"] == "2022", "quality"] = kept["reporter_iso3"].map({"RUS": "estimate", "WLD": "contains estimates"})
    kept.loc[kept["year"] == "2023", "quality"] = kept["reporter_iso3"].map({"RUS": "extrapolated", "WLD": "contains estimates"})
    kept = kept.sort_values(["reporter_iso3", "partner_iso3", "flow", "year"])
    return kept.rename(columns={"reporter_iso3": "reporter", "partner_iso3": "partner", "value_usd_m": "value"})[
        ["reporter", "partner", "flow", "year", "value", "quality"]
    ]


COW_PARTNERS = ["ARM", "BLR", "KAZ", "KGZ", "LTU", "LVA", "POL", "UKR"]
COW_BREAKS = {  # importer, exporter, year: kept, never used as a measurement (K069, K070)
    ("RUS", "BLR", "2005"),
    ("RUS", "BLR", "2006"),
    ("RUS", "BLR", "2011"),
    ("RUS", "KAZ", "2011"),
    ("KAZ", "RUS", "2011"),
}


def cow_dyads(raw: Path) -> pd.DataFrame:
    """Correlates of War trade 4.0: imports between Russia and eight neighbours from 1992, million current USD, reported by the importer.

    One row per direction. Zero in both directions means that nothing was reported and becomes an empty cell (K071). The data set's own
    smoothed columns are left out.
    """
    pairs = pd.read_csv(raw / "cow-dyadic-trade" / "cow_trade_dyads_1990_2014.csv", dtype=str)
    pairs = pairs[(pairs["year"] >= "1992") & ((pairs["iso3_1"] == "RUS") | (pairs["iso3_2"] == "RUS"))]
    silent = (pairs[[f"imports_of_{here}_from_{there}_usd_m" for here, there in ("12", "21")]].astype(float) == 0).all(axis=1)
    parts = []
    for here, there in ("12", "21"):
        parts.append(
            pd.DataFrame(
                {
                    "importer": pairs[f"iso3_{here}"],
                    "exporter": pairs[f"iso3_{there}"],
                    "year": pairs["year"],
                    "imports": pairs[f"imports_of_{here}_from_{there}_usd_m"].mask(silent),
                    "quality": silent.map({True: "not reported", False: "as published"}),
                }
            )
        )
    table = pd.concat(parts, ignore_index=True)
    other = table["importer"].where(table["importer"] != "RUS", table["exporter"])
    broken = pd.Series(list(zip(table["importer"], table["exporter"], table["year"], strict=True)), index=table.index).isin(COW_BREAKS)
    table.loc[broken, "quality"] = "break"
    return table[other.isin(COW_PARTNERS)].sort_values(["importer", "exporter", "year"])


def cow_totals(raw: Path) -> pd.DataFrame:
    """Correlates of War trade 4.0: all imports and exports of Russia and the eight neighbours from 1992, million current USD."""
    wide = pd.read_csv(raw / "cow-dyadic-trade" / "cow_trade_country_totals_1990_2014.csv", dtype=str)
    kept = wide[wide["iso3"].isin([*COW_PARTNERS, "RUS"]) & (wide["year"] >= "1992")].sort_values(["iso3", "year"])
    return pd.DataFrame({"country": kept["iso3"], "year": kept["year"], "imports": kept["imports_usd_m"], "exports": kept["exports_usd_m"]})


FACTBOOK_CODES = {
    "Brazil": "BRA",
    "China": "CHN",
    "Germany": "DEU",
    "Kazakhstan": "KAZ",
    "Lithuania": "LTU",
    "Netherlands": "NLD",
    "Poland": "POL",
    "Russia": "RUS",
    "Turkey": "TUR",
    "UK": "GBR",
    "Ukraine": "UKR",
    "United Kingdom": "GBR",
    "Uzbekistan": "UZB",
}


def factbook_partners(raw: Path) -> pd.DataFrame:
    """CIA World Factbook: main partners of Belarus, percent; ``russia_listed`` tells the lists that leave Russia out (K077)."""
    long = pd.read_csv(raw / "cia-factbook-trade-partners" / "cia_factbook_partner_shares_2014_2023.csv", dtype=str)
    long = long[long["iso3"] == "BLR"].assign(partner=lambda rows: rows["partner"].map(FACTBOOK_CODES))
    listed = (long["partner"] == "RUS").groupby([long["reference_year"], long["flow"]]).transform("any")
    table = pd.DataFrame(
        {
            "year": long["reference_year"],
            "flow": long["flow"],
            "partner": long["partner"],
            "share": long["share_pct"],
            "russia_listed": listed.map({True: "yes", False: "no"}),
        }
    )
    return table.sort_values(["year", "flow", "partner"])


RECIPES = {
    "trade/partners": partners,
    "trade/totals": totals,
    "trade/products": products,
    "trade/fuel_shares": fuel_shares,
    "trade/dots": dots,
    "trade/cow_dyads": cow_dyads,
    "trade/cow_totals": cow_totals,
    "trade/factbook_partners": factbook_partners,
}
