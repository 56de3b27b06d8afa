"""Run a chapter again with other choices: its code cells in one namespace, as a kernel would, without a kernel."""

from __future__ import annotations

import ast
import re

import chapters
import matplotlib.pyplot as plt

import unionstate
from unionstate.show.numbers import KeyNumbers

MARK = "# CONTROL"


def control_cell(chapter: str) -> str:
    """The source of the chapter's one cell of choices."""
    (cell,) = [source for source in map(chapters.source, chapters.code_cells(chapters.read(chapter))) if source.startswith(MARK)]
    return cell


def rerun(chapter: str, **choices: str) -> dict[str, object]:
    """Key numbers (id → value) of ``chapter`` with ``choices`` (name → Python source) put into its control cell.

    Only the cell of choices is edited; everything below it runs as stored, folded answers included.
    """
    space: dict = {}
    drawn = unionstate.figure
    unionstate.figure = lambda fig, *_: plt.close(fig)  # numbers are asked for: the drawings would take longer than all else
    try:
        return _run(chapter, choices, space)
    finally:
        unionstate.figure = drawn


def _run(chapter: str, choices: dict[str, str], space: dict) -> dict[str, object]:
    found: dict[str, object] = {}
    for cell in chapters.code_cells(chapters.read(chapter)):
        source = chapters.source(cell)
        if source.startswith(MARK):
            for name, value in choices.items():
                source, count = re.subn(rf"^{name} = [^#\n]*", f"{name} = {value}  ", source, flags=re.MULTILINE)
                assert count == 1, f"{name} is not one of the choices of {chapter}"
        body = ast.parse(source).body
        last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), chapter, "exec"), space)
        shown = eval(compile(ast.Expression(last.value), chapter, "eval"), space) if last else None
        if isinstance(shown, KeyNumbers):
            found |= {n.id: n.value for n in shown.numbers}
    return found


def stored(chapter: str) -> dict[str, object]:
    """Key numbers (id → value) as the chapter stores them."""
    return {record["id"]: record["value"] for record in chapters.number_records(chapters.read(chapter))}
