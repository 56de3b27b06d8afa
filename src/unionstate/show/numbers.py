"""Key numbers: each number a text may quote, named, with unit, date and origin.

A chapter computes a few with :func:`number` and shows them with :func:`key_numbers`. The page quotes one by its id;
the build collects all of them into ``key-numbers.json`` and ``.csv``.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from html import escape

import pandas as pd

from unionstate.show import NUMBERS
from unionstate.show.evidence import trace
from unionstate.show.tables import decimal

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Number:
    """One number of the book. ``text`` is how a sentence shows ``value``; ``as_of`` is an ISO date or a span."""

    id: str
    label: str
    value: float | int | str
    unit: str
    as_of: str
    text: str
    tables: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)


def number(id: str, label: str, value, unit: str, as_of, evidence, digits: int = 0) -> Number:
    """Name one computed value so that the text can quote it.

    ``id``: lower-case words joined by hyphens, unique in the book, for ever. ``unit`` in words or symbols, ``""`` for a
    name or a date. ``evidence``: the loaded frame or frames (filtered to the rows used) behind the value. ``digits``:
    decimals shown; the data file keeps ten significant digits. Raises ``ValueError`` on a missing or unnamed value.
    """
    if not _ID.fullmatch(id):
        raise ValueError(f"key number id {id!r}: expected lower-case words joined by hyphens")
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        raise ValueError(f"key number {id!r} has no value")
    if isinstance(value, str):
        kept, text = value, value
    else:
        kept = int(value) if float(value).is_integer() and digits == 0 else float(f"{float(value):.10g}")
        text = decimal(value, digits)
    return Number(id, label, kept, unit, str(as_of), text, **trace(evidence))


class KeyNumbers:
    """A small table of key numbers, shown beside the text that quotes them."""

    def __init__(self, numbers: tuple[Number, ...]):
        self.numbers = numbers

    def _repr_mimebundle_(self, include=None, exclude=None):
        rows = "".join(
            f'<tr id="num-{n.id}"><td>{escape(n.label)}</td><td class="us-value">{escape(n.text)}</td>'
            f"<td>{escape(n.unit)}</td><td>{escape(n.as_of)}</td></tr>"
            for n in self.numbers
        )
        html = (
            '<table class="us-numbers"><caption>Key numbers</caption><thead><tr><th scope="col">What</th>'
            '<th scope="col" class="us-value">Value</th><th scope="col">Unit</th><th scope="col">As of</th></tr></thead>'
            f"<tbody>{rows}</tbody></table>"
        )
        plain = "\n".join(f"{n.label}: {n.text} {n.unit} ({n.as_of})".replace("  ", " ") for n in self.numbers)
        return {"text/html": html, "text/plain": plain, NUMBERS: [asdict(n) for n in self.numbers]}


def key_numbers(*numbers: Number) -> KeyNumbers:
    """Show numbers as a table and publish them with the page. Ids must be unique."""
    ids = [n.id for n in numbers]
    if repeated := {i for i in ids if ids.count(i) > 1}:
        raise ValueError(f"key number ids used twice in one table: {', '.join(sorted(repeated))}")
    return KeyNumbers(numbers)
