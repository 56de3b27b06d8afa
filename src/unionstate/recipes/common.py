"""What several recipes share."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd


def read(path, **options) -> pd.DataFrame:
    """A publisher's CSV as text, cell by cell; empty cells stay empty."""
    return pd.read_csv(path, dtype=str, keep_default_na=False, **options)


def dyads(frame: pd.DataFrame, states: list[str]) -> pd.DataFrame:
    """The pairs of Russia with each of ``states`` and of Belarus with the others, once each.

    The publishers order the two states by their own codes. Here ``partner`` is Russia wherever Russia is one of the two, else
    Belarus, and ``country`` is the other state: ``partner == "RUS"`` is what all of them, Belarus included, share with Russia.
    """
    first, second = frame["iso3_1"], frame["iso3_2"]
    partner = pd.Series("", index=frame.index)
    for hub in ("BLR", "RUS"):
        partner = partner.mask((first == hub) | (second == hub), hub)
    country = first.where(first != partner, second)
    turned = frame.assign(country=country, partner=partner)[(partner != "") & country.isin([*states, "BLR"])]
    return turned.sort_values(["partner", "country", "year"], kind="stable")


def whole(cells: pd.Series) -> pd.Series:
    """``46.0`` → ``46``: counts that a tool of the publisher wrote with a decimal point."""
    return cells.str.replace(r"\.0$", "", regex=True)


def rounded(cells: pd.Series, digits: int, times: float = 1.0) -> pd.Series:
    """Text of the numbers multiplied and rounded; used where the publisher's workbook carries 15 digits."""
    return cells.map(lambda cell: f"{float(cell) * times:.{digits}f}" if cell else "")


def yes_no(cells: pd.Series) -> pd.Series:
    """0/1 (or empty: not coded) → no/yes."""
    return cells.map({"1": "yes", "0": "no", "": ""})


def plain(cells: pd.Series) -> pd.Series:
    """The same digits without an exponent: ``7e-05`` becomes ``0.00007``; empty cells stay empty."""
    return cells.map(lambda cell: format(Decimal(cell), "f") if isinstance(cell, str) and "e" in cell.lower() else cell)


def fixed(values: pd.Series, digits: int) -> pd.Series:
    """Computed values as text with a fixed number of decimals; missing values become empty cells."""
    return values.map(lambda value: None if pd.isna(value) else f"{value + 0.0:.{digits}f}")
