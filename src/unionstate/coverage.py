"""Gaps in yearly series: found by counting, listed in ``data/gaps.csv``, so that none is silent.

A table takes part if ``year`` is part of its primary key; the other key columns name the series. A resource may say otherwise with
``"coverage": {"by": [columns], "where": {column: value}}``.
"""

from __future__ import annotations

import pandas as pd

from unionstate import package, tables

COLUMNS = ["table", "series", "first", "last", "missing"]


def gaps() -> pd.DataFrame:
    """Every series with missing years between its first and last: columns :data:`COLUMNS`, all text."""
    rows = [row for name, rule in rules().items() for row in _gaps_of(name, **rule)]
    return pd.DataFrame(rows, columns=COLUMNS, dtype=str)


def rules() -> dict[str, dict]:
    """Tables that hold yearly series → which columns name a series, and which rows count."""
    found = {}
    for name, meta in package.resources().items():
        key = meta["schema"]["primaryKey"]
        key = [key] if isinstance(key, str) else key
        if "coverage" in meta:
            found[name] = meta["coverage"]
        elif "year" in key:
            found[name] = {"by": [column for column in key if column != "year"]}
    return found


def _gaps_of(name: str, by: list[str], where: dict | None = None) -> list[list[str]]:
    frame = tables.load(name)
    for column, value in (where or {}).items():
        frame = frame[frame[column] == value]
    groups = frame.groupby(by, observed=True) if by else [((), frame)]
    found = []
    for key, rows in groups:
        years = {int(year) for year in rows["year"].dropna()}
        missing = sorted(set(range(min(years), max(years) + 1)) - years)
        if missing:
            found.append([name, ", ".join(map(str, key)), str(min(years)), str(max(years)), spans(missing)])
    return found


def spans(years: list[int]) -> str:
    """``[2000, 2001, 2002, 2005]`` as ``2000-2002 2005``."""
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return " ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
