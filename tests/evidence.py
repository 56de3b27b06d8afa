"""The tables of ``data/`` as tests need them: read without the package, or as copies to falsify."""

import csv

import pandas as pd

from unionstate import load
from unionstate.package import data_dir


def plain(name: str) -> list[dict[str, str]]:
    """Table ``name`` as its file has it, text in every cell: another way than the loader's."""
    with (data_dir() / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def copies(monkeypatch, audit, names) -> dict[str, pd.DataFrame]:
    """The named tables as copies that a test may change; the module ``audit`` reads the same copies."""
    frames = {name: load(name).copy() for name in names}
    monkeypatch.setattr(audit, "load", frames.__getitem__)
    return frames


def put(frame: pd.DataFrame, row: str, column: str, value) -> None:
    frame.loc[frame["id"] == row, column] = value
