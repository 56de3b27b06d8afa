"""Dates known to the month or year only."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd


def stretched(frame: pd.DataFrame, begins: str, ends: Iterable[str], wait: str) -> pd.DataFrame:
    """The table with rough dates moved inside their month or year, so that the time from ``begins`` to ``ends`` (columns of dates,
    each with a ``..._precision``) is the "shortest" or the "longest" it can be."""
    out = frame.copy()
    for column in (begins, *ends):
        late = (column == begins) == (wait == "shortest")
        for precision, period in (("month", "M"), ("year", "Y")):
            rough = out[f"{column}_precision"] == precision
            whole = out.loc[rough, column].dt.to_period(period)
            edge = whole.dt.end_time.dt.normalize() if late else whole.dt.start_time
            out.loc[rough, column] = edge.astype(out[column].dtype)
    return out
