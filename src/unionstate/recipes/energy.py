"""Recipes for prices and flows of energy."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from unionstate.recipes.common import fixed, plain

FIRST_UK_MONTH, FIRST_TTF_MONTH = "2010-04", "2015-04"


def pink_sheet(raw: Path) -> pd.DataFrame:
    """World Bank Pink Sheet, monthly: European gas (USD per mmbtu, nominal) and Brent (USD per barrel, nominal).

    ``gas_definition`` follows the workbook's Description sheet: the European series is an import border price (with a spot
    component and the United Kingdom from April 2010) until March 2015 and the Dutch TTF hub price from April 2015.
    """
    wide = pd.read_csv(raw / "worldbank-pink-sheet" / "pink_sheet_energy_monthly.csv", dtype=str)
    definition = pd.Series("import border price", index=wide.index)
    definition[wide["month"] >= FIRST_UK_MONTH] = "import border price with spot"
    definition[wide["month"] >= FIRST_TTF_MONTH] = "TTF hub"
    return pd.DataFrame(
        {
            "month": wide["month"] + "-01",
            "gas_europe": wide["natural_gas_europe_usd_mmbtu"],
            "gas_definition": definition,
            "brent": wide["crude_oil_brent_usd_bbl"],
        }
    )


def german_import_price(raw: Path) -> pd.DataFrame:
    """Statistical Review of World Energy: average German import price of gas, all origins, USD per mmbtu, yearly."""
    wide = pd.read_csv(raw / "ei-statistical-review" / "ei_gas_oil_prices_annual.csv", dtype=str)
    kept = wide.dropna(subset="german_average_import_price_usd_mmbtu")
    return pd.DataFrame({"year": kept["year"], "price": kept["german_average_import_price_usd_mmbtu"]})


def gas_trade(raw: Path) -> pd.DataFrame:
    """Statistical Review of World Energy: pipeline gas from Russia to Belarus, bcm of 40 MJ, each year as first published."""
    long = pd.read_csv(raw / "ei-statistical-review" / "gas_pipeline_trade_bcm_by_edition.csv", dtype=str)
    kept = long[(long["importer"] == "Belarus") & (long["exporter"] == "Russian Federation")]
    return pd.DataFrame({"year": kept["year"], "edition": kept["edition"], "volume": kept["bcm"]})


BALANCE_COUNTRIES = ["BLR", "KAZ", "LTU", "LVA", "POL", "RUS", "UKR"]
BALANCE = {
    "energy_supply": "total_energy_supply_tes_exajoules",
    "gas": "gas_consumption_exajoules",
    "oil": "oil_consumption_exajoules",
    "coal": "coal_consumption_exajoules",
    "nuclear": "nuclear_consumption_exajoules",
    "renewables": "renewables_consumption_exajoules",
    "gas_volume": "gas_consumption_bcm",
    "oil_mass": "oil_consumption_tonnes",
    "electricity": "electricity_generation_twh",
    "nuclear_electricity": "nuclear_generation_twh",
    "refinery_runs": "oil_refinery_throughput",
    "refinery_capacity": "oil_refinery_capacity",
}


def energy_balance(raw: Path) -> pd.DataFrame:
    """Statistical Review of World Energy, country-years from 1990.

    Use by fuel in EJ, gas also in bcm, oil also in Mt, power in TWh, refineries in thousand barrels a day. Starts in 1990 because the
    edition writes zero for years it does not know (gas 1965-84, refinery runs 1985-89: K061). Belarusian gas of 2024 repeats 2023 to
    the last digit, so it and the energy supply that contains it are left empty (K060).
    """
    long = pd.read_csv(raw / "ei-statistical-review" / "ei_country_year_long.csv", dtype=str)
    kept = long[long["iso3"].isin(BALANCE_COUNTRIES) & (long["year"] >= "1990") & long["indicator"].isin(BALANCE.values())]
    wide = kept.pivot(index=["iso3", "year"], columns="indicator", values="value").reset_index().sort_values(["iso3", "year"])
    carried = (wide["iso3"] == "BLR") & (wide["year"] == "2024")
    columns = {name: plain(wide[indicator]) for name, indicator in BALANCE.items()}
    for name in ("energy_supply", "gas", "gas_volume"):
        columns[name] = columns[name].mask(carried)
    return pd.DataFrame({"country": wide["iso3"], "year": wide["year"], **columns})


def russian_gas_exports(raw: Path) -> pd.DataFrame:
    """Statistical Review of World Energy: Russian pipeline gas to Europe and to all destinations, bcm of 40 MJ, as first published.

    Europe contains Turkiye and Ukraine, as in the publisher's regions.
    """
    long = pd.read_csv(raw / "ei-statistical-review" / "gas_pipeline_trade_bcm_by_edition.csv", dtype=str)
    names = {"Europe": "Europe", "Total exports": "all destinations"}
    kept = long[(long["exporter"] == "Russian Federation") & long["importer"].isin(list(names))].sort_values(["year", "importer"])
    destination = kept["importer"].map(names)
    return pd.DataFrame({"year": kept["year"], "edition": kept["edition"], "destination": destination, "volume": kept["bcm"]})


ROUTES = {
    "Kondratki": [("Kondratki", "Belarus")],
    "Wysokoje": [("Wysokoje", "Belarus")],
    "Tietierowka": [("Tietierowka", "Belarus")],
    "Kotlovka": [("Kotlovka", "Belarus")],
    "Kaliningrad": [("Sâkiai", "Lithuania")],
    "Ukraine": [(point, "Ukraine") for point in ("Velke Kapusany", "Budince", "Bereg", "Isaccea", "Mediesu Aurit", "Drozdowicze")],
    "Nord Stream": [("Nord Stream", "Russia")],
    "TurkStream": [("Kiyikoy", "Russia")],
    "Blue Stream": [("Samsun", "Russia")],
    "Finland": [("Imatra", "Russia")],
    "Estonia": [("Narva", "Russia"), ("Varska", "Russia")],
    "Mallnow westward": [("Mallnow", "Poland")],
    "Mallnow eastward": [("Mallnow", "Germany")],
}
DOUBTFUL_FLOWS = {  # route: months whose value is kept but cannot be what it says (K064, K068)
    "Kondratki": [f"2022-{month:02d}" for month in range(6, 13)],
    "Kotlovka": ["2023-04"],
    "Kaliningrad": ["2023-04"],
}
UNREPORTED_FLOWS = {("Kotlovka", "2025-05"), ("Kotlovka", "2010-06")}  # a zero that stands for a missing report (K067, K103)
SILENT_SUMMER = [f"2009-{month:02d}" for month in range(4, 10)]  # nearly every point that was open shows zero at once (K101)
YEAR_AFTER = "2010-10"  # a point that carried gas before then was open in the silent summer (Narva works in warm months only)
SILENT_POLAND = "2018-02"  # every point into Poland shows zero while gas leaves Poland at Mallnow (K102)


def _unreported(long: pd.DataFrame) -> pd.Series:
    """Which rows of the publisher's long table hold a zero that stands for a missing report."""
    opened = long.loc[(long["flow"] > 0) & (long["month"] < YEAR_AFTER), "border_point"].unique()
    summer = long["month"].isin(SILENT_SUMMER) & long["border_point"].isin(opened)
    poland = (long["month"] == SILENT_POLAND) & (long["entry_country"] == "Poland") & long["exit_country"].isin(["Belarus", "Ukraine"])
    single = pd.Series(list(zip(long["border_point"], long["month"], strict=True)), index=long.index).isin(UNREPORTED_FLOWS)
    return (long["flow"] == 0) & (summer | poland | single)


def border_flows(raw: Path) -> pd.DataFrame:
    """IEA Gas Trade Flows: monthly flow by route, million cubic metres; Belarusian points singly, other routes as sums over points.

    ``points`` counts the border points in the sum. Negative values (Varska, two months: K065) are left out of it; Beregdaroc has no
    rows from March 2020 to December 2021 (K066). Zeros that stand for a missing report (K067, K101 to K103) are left out too; a route
    without any report is empty. Left out: Privalka (under 0.1 bcm in 17 years), points behind those listed, and the
    entry into Ukraine, which ends in April 2019 and contains Ukrainian use. The source has neither an entry into Belarus nor the
    second string of TurkStream, to Bulgaria.
    """
    long = pd.read_csv(raw / "iea-gas-trade-flows" / "iea_gtf_monthly_belarus_russia.csv", dtype=str)
    long["flow"] = long["flow_mcm"].astype(float)
    silent = _unreported(long)
    parts = []
    for route, points in ROUTES.items():
        inside = pd.Series(False, index=long.index)
        for point, exit_country in points:
            inside |= long["border_point"].str.startswith(point) & (long["exit_country"] == exit_country)
        known = long[inside].assign(flow=long["flow"].where((long["flow"] >= 0) & ~silent))
        months = known.groupby("month")["flow"].agg(["sum", "count", "size"]).reset_index()
        part = pd.DataFrame({"month": months["month"], "route": route, "flow": fixed(months["sum"], 3)})
        none = months["count"] == 0
        part["points"] = months["count"].where(~none, months["size"]).astype(str)
        part["quality"] = "as published"
        part.loc[months["count"] < len(points), "quality"] = "part of the points"
        part.loc[none, ["flow", "quality"]] = [None, "not reported"]
        part.loc[part["month"].isin(DOUBTFUL_FLOWS.get(route, [])), "quality"] = "doubtful"
        parts.append(part)
    table = pd.concat(parts, ignore_index=True)
    return table.assign(month=table["month"] + "-01")


LAST_SOUND_YEAR_OF_MIX_2022 = "2020"  # the edition carries Belarusian nuclear power of 2020 into 2021 (K063)
MIX_COUNTRIES = BALANCE_COUNTRIES
MIX_COLUMNS = ["country", "year", "edition", "gas", "oil", "fossil", "nuclear", "generation", "net_imports"]


def electricity_mix(raw: Path) -> pd.DataFrame:
    """Our World in Data on Ember and the Energy Institute, three editions side by side: shares of generation in percent, power in TWh.

    ``mix-2022`` to 2020 (K063) without its generation, which for Belarus is about six percent low from 2000 (K062);
    ``share-2026`` has shares only, its fossil share is the sum of coal, oil and gas; ``energy-2026`` is the newest table, Belarus from
    2021. Editions are never joined here.
    """
    old = pd.read_csv(raw / "owid-electricity-mix-2022" / "owid_electricity_mix_1985_2021.csv", dtype=str)
    old = old[(old["year"] >= "1985") & (old["year"] <= LAST_SOUND_YEAR_OF_MIX_2022)]
    mix = pd.DataFrame(
        {
            "country": old["iso3"],
            "year": old["year"],
            "edition": "mix-2022",
            "gas": old["gas_pct_electricity"],
            "oil": old["oil_pct_electricity"],
            "fossil": old["fossil_fuels_pct_electricity"],
            "nuclear": old["nuclear_pct_electricity"],
            "net_imports": old["net_imports_twh"],
        }
    )
    new = pd.read_csv(raw / "owid-electricity-share" / "owid_share_electricity_by_source.csv", dtype=str)
    fossil = sum(new[f"{fuel}_share_pct"].astype(float) for fuel in ("coal", "gas", "oil"))
    share = pd.DataFrame(
        {
            "country": new["iso3"],
            "year": new["year"],
            "edition": "share-2026",
            "gas": new["gas_share_pct"],
            "oil": new["oil_share_pct"],
            "fossil": fixed(fossil, 4),
            "nuclear": new["nuclear_share_pct"],
        }
    )
    last = pd.read_csv(raw / "owid-energy-belarus-latest" / "owid_energy_belarus_2021_2025.csv", dtype=str)
    newest = pd.DataFrame(
        {
            "country": last["iso3"],
            "year": last["year"],
            "edition": "energy-2026",
            "gas": last["gas_share_elec"],
            "oil": last["oil_share_elec"],
            "fossil": last["fossil_share_elec"],
            "nuclear": last["nuclear_share_elec"],
            "generation": last["electricity_generation"],
            "net_imports": last["net_elec_imports"],
        }
    )
    table = pd.concat([mix, share, newest], ignore_index=True)
    return table[table["country"].isin(MIX_COUNTRIES)].sort_values(["country", "year", "edition"])[MIX_COLUMNS]


NET_IMPORT_COUNTRIES = ["ARM", "BLR", "KAZ", "LTU", "LVA", "POL", "RUS", "UKR"]


def net_energy_imports(raw: Path) -> pd.DataFrame:
    """World Bank (IEA data): net energy imports as a share of energy use in percent, 1990-2014; below zero is a net exporter."""
    wide = pd.read_csv(raw / "owid-wb-energy-imports" / "wb_net_energy_imports_pct.csv", dtype=str)
    kept = wide[wide["iso3"].isin(NET_IMPORT_COUNTRIES) & (wide["year"] >= "1990")].sort_values(["iso3", "year"])
    return pd.DataFrame({"country": kept["iso3"], "year": kept["year"], "share": kept["net_energy_imports_pct_energy_use"]})


RECIPES = {
    "energy/benchmark_prices": pink_sheet,
    "energy/german_import_price": german_import_price,
    "energy/gas_trade": gas_trade,
    "energy/russian_gas_exports": russian_gas_exports,
    "energy/energy_balance": energy_balance,
    "energy/border_flows": border_flows,
    "energy/electricity_mix": electricity_mix,
    "energy/net_energy_imports": net_energy_imports,
}
