"""Text cells that recipes share: a publisher's digits are kept, only their notation is made plain."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd


def plain(cells: pd.Series) -> pd.Series:
    """The same digits without an exponent: ``7e-05`` becomes ``0.00007``; empty cells stay empty."""
    return cells.map(lambda cell: format(Decimal(cell), "f") if isinstance(cell, str) and "e" in cell.lower() else cell)


def fixed(values: pd.Series, digits: int) -> pd.Series:
    """Computed values as text with a fixed number of decimals; missing values become empty cells."""
    return values.map(lambda value: None if pd.isna(value) else f"{value + 0.0:.{digits}f}")
