"""Where a figure or a number comes from: the tables read and the sources of the rows used."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from unionstate.package import resource

#: A list of more rows than this tells a reader less than the name of the table.
MOST_ROWS = 30

SOURCE_COLUMNS = ("source", "source_2", "source_3")


def trace(frames: pd.DataFrame | Iterable[pd.DataFrame]) -> dict[str, list[str]]:
    """Return ``{"tables": [...], "rows": [...], "sources": [...]}`` of one or several frames that came from ``load``.

    Tables keep the order given; rows are ``table:key`` in the order used, for tables with one key column and at most
    :data:`MOST_ROWS` of them; source keys are sorted. A frame that has lost its table name (a computed one)
    is an error: pass the loaded or filtered frame it was computed from.
    """
    tables: dict[str, None] = {}
    rows: dict[str, None] = {}
    sources: set[str] = set()
    for frame in [frames] if isinstance(frames, pd.DataFrame) else frames:
        name = frame.attrs.get("table")
        if name is None:
            raise ValueError(
                "evidence must be a frame from load(), filtered or not: this one carries no table name, "
                "so a reader could not walk back from it"
            )
        tables[name] = None
        key = resource(name)["schema"]["primaryKey"]
        if isinstance(key, str) and key in frame and len(frame) <= MOST_ROWS:
            rows.update((f"{name}:{_plain(value)}", None) for value in frame[key])
        for column in SOURCE_COLUMNS:
            if column in frame:
                sources.update(key for key in frame[column] if key)
    return {"tables": list(tables), "rows": list(rows), "sources": sorted(sources)}


def _plain(value) -> str:
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)
