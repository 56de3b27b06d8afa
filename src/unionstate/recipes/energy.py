"""Recipes for prices and flows of energy."""

from __future__ import annotations

from pathlib import Path

import pandas as pd


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
    return pd.DataFrame({
        "month": wide["month"] + "-01",
        "gas_europe": wide["natural_gas_europe_usd_mmbtu"],
        "gas_definition": definition,
        "brent": wide["crude_oil_brent_usd_bbl"],
    })


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


RECIPES = {
    "energy/benchmark_prices": pink_sheet,
    "energy/german_import_price": german_import_price,
    "energy/gas_trade": gas_trade,
}
