"""Recipes for the denominators: output, prices, exchange rates, population."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from unionstate.recipes.common import fixed, plain

COUNTRIES = ["ARM", "BLR", "KAZ", "KGZ", "LTU", "POL", "RUS", "UKR"]
CURRENCIES = {"BLR": "BYN", "KAZ": "KZT", "RUS": "RUB", "UKR": "UAH"}
WDI = {
    "gdp_real": "total_gdp_us_inflation_adjusted",
    "gdp_per_head": "gdppercapita_us_inflation_adjusted",
    "deflator": "inflation_annual_percent",
    "exports": "exports_percent_of_gdp",
    "imports": "imports_percent_of_gdp",
    "external_debt": "external_debt_total_us_not_inflation_adjusted",
}
MACRO_COLUMNS = ["gdp_real", "gdp_per_head", "population", "deflator", "exports", "imports", "external_debt", "current_account"]
CRIMEA = {"RUS": "with Crimea", "UKR": "without Crimea"}  # what the publisher counts from 2014 (K079)


def macro(raw: Path) -> pd.DataFrame:
    """World Bank WDI through Gapminder from 1990, and the current account of Belarus.

    ``population`` is computed: real GDP over real GDP per head, rounded to thousands. ``deflator`` is the yearly change of the GDP
    deflator, which Gapminder labels inflation; it is not the consumer price. ``territory`` names the break of 2014: from then on the
    publisher counts Crimea with Russia (K079).
    """
    long = pd.read_csv(raw / "gapminder-wdi-series" / "wdi_style_series_long.csv", dtype=str)
    kept = long[long["iso3"].isin(COUNTRIES) & (long["year"] >= "1990") & long["indicator"].isin(WDI.values())]
    wide = kept.pivot(index=["iso3", "year"], columns="indicator", values="value")
    table = pd.DataFrame({name: plain(wide[indicator]) for name, indicator in WDI.items()})
    table["population"] = fixed(table["gdp_real"].astype(float) / table["gdp_per_head"].astype(float) / 1000, 0)
    account = pd.read_csv(raw / "worldbank-wdi-fuel-current-account" / "wdi_fuel_trade_current_account.csv", dtype=str)
    account = account[account["indicator_code"] == "BN.CAB.XOKA.GD.ZS"].set_index(["iso3", "year"])["value"]
    table["current_account"] = account.reindex(table.index)
    table = table[MACRO_COLUMNS].rename_axis(["country", "year"]).reset_index().sort_values(["country", "year"])
    territory = table["country"].map(CRIMEA).where(table["year"] >= "2014").fillna("recognised borders")
    table.insert(2, "territory", territory)
    return table


def gdp(raw: Path) -> pd.DataFrame:
    """World Bank: GDP in current USD from 1990. The World Economic Outlook differs widely in 1992-95 and is not used (K078)."""
    wide = pd.read_csv(raw / "worldbank-gdp" / "gdp_current_usd.csv", dtype=str)
    kept = wide[wide["iso3"].isin(COUNTRIES) & (wide["year"] >= "1990")].sort_values(["iso3", "year"])
    return pd.DataFrame({"country": kept["iso3"], "year": kept["year"], "gdp": plain(kept["gdp_current_usd"])})


def exchange_rates(raw: Path) -> pd.DataFrame:
    """World Bank (IMF): official exchange rate, national currency per USD, yearly average; redenominations are already applied."""
    wide = pd.read_csv(raw / "worldbank-exchange-rate" / "official_exchange_rate_lcu_per_usd.csv", dtype=str)
    kept = wide[wide["iso3"].isin(list(CURRENCIES)) & (wide["year"] >= "1990")].sort_values(["iso3", "year"])
    return pd.DataFrame(
        {
            "country": kept["iso3"],
            "year": kept["year"],
            "currency": kept["iso3"].map(CURRENCIES),
            "rate": plain(kept["lcu_per_usd"]),
        }
    )


RECIPES = {
    "economy/macro": macro,
    "economy/gdp": gdp,
    "economy/exchange_rates": exchange_rates,
}
