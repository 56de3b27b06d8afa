"""Where two sources measure the same thing: how far apart they are, year by year."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from unionstate.analysis import gas
from unionstate.tables import load


@dataclass(frozen=True)
class Pair:
    """Two yearly series of one quantity (same unit), why they differ, and the largest median difference that is plausible."""

    name: str
    first: str
    second: str
    unit: str
    why: str
    limit: float


PAIRS = {
    "gas-volume": Pair(
        "Gas from Russia to Belarus",
        "reported imports",
        "Statistical Review, trade",
        "bcm",
        "Russian contract metres (20 °C) against metres of 40 MJ: the first must be larger by some percent.",
        15,
    ),
    "gas-price-imf": Pair(
        "Gas price at the German border",
        "Russian gas (IMF)",
        "Pink Sheet, Europe",
        "USD per mmbtu",
        "One supplier against a border average, from April 2010 with spot, from April 2015 a hub price.",
        10,
    ),
    "gas-price-ei": Pair(
        "Gas price in Germany",
        "Russian gas (IMF)",
        "all imports (Statistical Review)",
        "USD per mmbtu",
        "One supplier against all; customs values lag the contract.",
        15,
    ),
    "exports-mirror": Pair(
        "Belarusian exports to Russia",
        "Belarus (WITS)",
        "Russia (IMF)",
        "million USD",
        "Exporter's FOB against importer's CIF, and goods that only pass through Russia: Russia records less in every year.",
        20,
    ),
    "exports-cow": Pair(
        "Belarusian exports to Russia",
        "Belarus (WITS)",
        "Correlates of War",
        "million USD",
        "Up to 2010 nearly the same report; from 2012 the second follows the Russian one, which records less.",
        20,
    ),
    "power": Pair(
        "Electricity made in Belarus",
        "Statistical Review",
        "Our World in Data (2026)",
        "TWh",
        "Gross generation in both; the second carries an estimate for years that Belarus has not published.",
        5,
    ),
    "nuclear": Pair(
        "Nuclear share of electricity in Belarus",
        "Statistical Review",
        "Our World in Data (2026)",
        "percent",
        "The same two sources; the plant ran from November 2020.",
        10,
    ),
}


def series(pair: str) -> tuple[pd.Series, pd.Series]:
    """The two yearly series of ``pair`` (a key of :data:`PAIRS`), indexed by year."""
    return _SERIES[pair]()


def differences(pair: str) -> pd.DataFrame:
    """Years that both know: columns year, first, second (unit of the pair), difference (percent of the second)."""
    first, second = series(pair)
    both = pd.concat([first.astype(float), second.astype(float)], axis=1, keys=["first", "second"]).dropna()
    both = both[both["second"] != 0]
    both["difference"] = 100 * (both["first"] / both["second"] - 1)
    return both.rename_axis("year").reset_index().astype({"year": int})


def summary() -> pd.DataFrame:
    """One row per pair: what, sources, years, the median and the largest difference in percent, and why they differ."""
    rows = []
    for key, pair in PAIRS.items():
        found = differences(key)
        worst = found.loc[found["difference"].abs().idxmax()]
        rows.append(
            {
                "What": pair.name,
                "Compared": f"{pair.first} against {pair.second}",
                "Years": f"{found['year'].min()}–{found['year'].max()} ({len(found)})",
                "Median difference, %": found["difference"].median(),
                "Largest, %": worst["difference"],
                "In": str(int(worst["year"])),
                "Why they differ": pair.why,
            }
        )
    return pd.DataFrame(rows)


def _gas_volume():
    volume = gas.import_volume(load("energy/gas_volumes"), load("energy/gas_trade"), load("energy/energy_balance"))
    reported = volume[volume["basis"] == "reported"].set_index("year")["volume"]
    return reported, load("energy/gas_trade").set_index("year")["volume"]


def _imf() -> pd.Series:
    rows = load("energy/gas_prices").query("series == 'Russian gas at German border (IMF)' and year <= 2016")
    return rows.set_index("year")["price"]


def _pink() -> pd.Series:
    months = load("energy/benchmark_prices")
    whole = months.groupby(months["month"].dt.year)["gas_europe"].agg(["mean", "count"])
    return whole.loc[whole["count"] == 12, "mean"]


def _wits() -> pd.Series:
    rows = load("trade/partners").query("reporter == 'BLR' and flow == 'export' and partner == 'RUS'")
    return rows.set_index("year")["value"]


def _dots() -> pd.Series:
    rows = load("trade/dots").query("reporter == 'RUS' and partner == 'BLR' and flow == 'import' and quality == 'as published'")
    return rows.set_index("year")["value"]


def _cow() -> pd.Series:
    rows = load("trade/cow_dyads").query("importer == 'RUS' and exporter == 'BLR' and quality == 'as published'")
    return rows.set_index("year")["imports"]


def _balance() -> pd.DataFrame:
    return load("energy/energy_balance").query("country == 'BLR'").set_index("year")


def _owid() -> pd.DataFrame:
    return load("energy/electricity_mix").query("country == 'BLR' and edition == 'energy-2026'").set_index("year")


_SERIES = {
    "gas-volume": _gas_volume,
    "gas-price-imf": lambda: (_imf(), _pink()),
    "gas-price-ei": lambda: (_imf(), load("energy/german_import_price").set_index("year")["price"]),
    "exports-mirror": lambda: (_wits(), _dots()),
    "exports-cow": lambda: (_wits(), _cow()),
    "power": lambda: (_balance()["electricity"], _owid()["generation"]),
    "nuclear": lambda: (100 * _balance()["nuclear_electricity"] / _balance()["electricity"], _owid()["nuclear"]),
}
