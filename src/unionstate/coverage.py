"""Gaps in yearly series: found by counting, listed in ``data/gaps.csv``, so that none is silent.

A table takes part if its resource says ``"coverage": {"by": [columns that name a series], "where": {column: value}}``; its ``time``
column holds the year.
"""

from __future__ import annotations

import pandas as pd

from unionstate import tables

COLUMNS = ["table", "series", "first", "last", "missing"]


def gaps() -> pd.DataFrame:
    """Every series with missing years between its first and last: columns :data:`COLUMNS`, all text."""
    rows = [row for name, meta in tables.resources().items() if "coverage" in meta for row in _gaps_of(name, meta)]
    return pd.DataFrame(rows, columns=COLUMNS, dtype=str)


def _gaps_of(name: str, meta: dict) -> list[list[str]]:
    frame = tables.load(name)
    for column, value in meta["coverage"].get("where", {}).items():
        frame = frame[frame[column] == value]
    by = meta["coverage"]["by"]
    groups = frame.groupby(by, observed=True) if by else [((), frame)]
    found = []
    for key, rows in groups:
        years = {int(year) for year in rows[meta["time"]].dropna()}
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
