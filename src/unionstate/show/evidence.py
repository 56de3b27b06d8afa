"""Where a figure or a number comes from: the tables read and the sources of the rows used."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

SOURCE_COLUMNS = ("source", "source_2", "source_3")


def trace(frames: pd.DataFrame | Iterable[pd.DataFrame]) -> dict[str, list[str]]:
    """Return ``{"tables": [...], "sources": [...]}`` of one or several frames that came from ``load``.

    Tables keep the order given; source keys are sorted. A frame that has lost its table name (a computed one)
    is an error: pass the loaded or filtered frame it was computed from.
    """
    tables: dict[str, None] = {}
    sources: set[str] = set()
    for frame in [frames] if isinstance(frames, pd.DataFrame) else frames:
        names = frame.attrs.get("tables") or [frame.attrs.get("table")]
        if names == [None]:
            raise ValueError(
                "evidence must be a frame from load(), filtered or not: this one carries no table name, "
                "so a reader could not walk back from it"
            )
        tables.update(dict.fromkeys(names))
        for column in SOURCE_COLUMNS:
            if column in frame:
                sources.update(key for key in frame[column] if key)
    return {"tables": list(tables), "sources": sorted(sources)}
