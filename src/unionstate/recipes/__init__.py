"""Recipes: one function per publisher's layout, from the publisher's file to the book's own table.

``unionstate data RAW`` runs all of them. The same file gives the same bytes; a newer file of the same publisher goes
through the same recipe. Only the rows and columns that a chapter uses are kept, under our names and in our units.
A recipe takes the folder of the publishers' files and returns the table as text cells, ready to write.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from unionstate.package import data_dir, resource
from unionstate.paths import write_whole
from unionstate.recipes import alignment, economy, energy, integration, maps, military, trade

THEMES = (integration, energy, military, alignment, trade, economy, maps)
RECIPES = {name: recipe for theme in THEMES for name, recipe in theme.RECIPES.items()}


def table(name: str, raw: Path) -> pd.DataFrame:
    """Run the recipe of table ``name`` on the publishers' files below ``raw``; columns must be those of the schema."""
    frame = RECIPES[name](raw)
    expected = [field["name"] for field in resource(name)["schema"]["fields"]]
    if list(frame.columns) != expected:
        raise SystemExit(f"recipe for {name} makes columns {list(frame.columns)}, the schema expects {expected}")
    return frame


def text(frame: pd.DataFrame) -> str:
    """The CSV text of a recipe's table."""
    return frame.to_csv(index=False, lineterminator="\n")


def run(raw: Path) -> int:
    """Rebuild every table that has a recipe."""
    for name in RECIPES:
        frame = table(name, raw)
        write_whole(data_dir() / resource(name)["path"], text(frame))
        print(f"{len(frame):6,}  {name}", flush=True)
    return 0
