"""Stored chapters as the tests see them, and the rules they keep as functions that say what is wrong."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

from prose import visible

from unionstate import show

ROOT = Path(__file__).resolve().parents[1]
LONGEST_CELL = 12
SECTIONS = (
    "Abstract", "Objectives", "Data used", "What the source page says", "Limits", "Exercises", "References", "Cite this chapter",
)  # fmt: skip


def read(chapter: str, root: Path = ROOT) -> dict:
    return json.loads((root / "book" / f"{chapter}.ipynb").read_text(encoding="utf-8"))


def source(cell: dict) -> str:
    return "".join(cell["source"])


def code_cells(notebook: dict) -> list[dict]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def markdown(notebook: dict) -> str:
    return "\n\n".join(source(cell) for cell in notebook["cells"] if cell["cell_type"] == "markdown")


def shown(cells: list[dict], mime: str) -> list:
    """Everything of one MIME type that these cells have stored."""
    return [output["data"][mime] for cell in cells for output in cell["outputs"] if mime in output.get("data", {})]


def figure_records(notebook: dict) -> list[dict]:
    return shown(code_cells(notebook), show.FIGURE)


def number_records(notebook: dict) -> list[dict]:
    return [record for table in shown(code_cells(notebook), show.NUMBERS) for record in table]


def shows_something(code: str) -> bool:
    """Whether the last statement is an expression, whose value the notebook shows (a final semicolon hides it)."""
    body = ast.parse(code).body
    return bool(body) and isinstance(body[-1], ast.Expr) and not code.rstrip().endswith(";")


def unexecuted(notebook: dict) -> list[str]:
    """Cells without the outputs they must have. Strict nbval passes over a notebook whose outputs were stripped: it never
    compares an unexecuted cell."""
    problems = []
    for position, cell in enumerate(code_cells(notebook), start=1):
        first = source(cell).split("\n")[0]
        if cell["execution_count"] != position:
            problems.append(f"code cell {position} ({first}): execution count {cell['execution_count']}, expected {position}")
        elif shows_something(source(cell)) and not cell["outputs"]:
            problems.append(f"code cell {position} ({first}): ends with an expression, but has no stored output")
    return problems


def headings(notebook: dict) -> list[str]:
    return re.findall(r"^## +(.+?) *$", visible(markdown(notebook)), flags=re.MULTILINE)


_QUOTED = re.compile(r"\{(num|fig|src)\}`([^`]*)`")


def quoted(text: str) -> set[tuple[str, str]]:
    """What a text quotes: ``("num", id)``, ``("fig", name)``, ``("src", key)``; examples in code do not count."""
    return set(_QUOTED.findall(visible(text)))
