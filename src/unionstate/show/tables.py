"""Plain HTML tables: the same bytes on every run, readable without a style sheet, with a caption and scopes."""

from __future__ import annotations

from html import escape

import pandas as pd

from unionstate.package import resource
from unionstate.tables import load


class Table:
    """A table shown as HTML on a page and in a notebook, as text elsewhere."""

    def __init__(
        self, frame: pd.DataFrame, caption: str, css: str = "us-table", numeric: tuple[str, ...] = (), html_columns: tuple[str, ...] = ()
    ):
        self.frame, self.caption, self.css, self.numeric, self.html_columns = frame, caption, css, numeric, html_columns

    def html(self) -> str:
        head = "".join(f'<th scope="col"{self._align(c)}>{escape(str(c))}</th>' for c in self.frame.columns)
        body = "".join("<tr>" + "".join(self._cell(c, v) for c, v in row.items()) + "</tr>" for _, row in self.frame.iterrows())
        return (
            f'<div class="us-scroll" tabindex="0" role="region" aria-label="{escape(self.caption, quote=True)}">'
            f'<table class="{self.css}"><caption>{escape(self.caption)}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": self.html(), "text/plain": self.frame.to_string(index=False)}

    def _cell(self, column: str, value) -> str:
        text = str(value) if column in self.html_columns else escape(str(value))
        return f"<td{self._align(column)}>{text}</td>"

    def _align(self, column: str) -> str:
        return ' class="us-value"' if column in self.numeric else ""


def decimal(value: float, digits: int) -> str:
    """``value`` with ``digits`` decimals, thousands set off, a real minus sign, and none before a rounded zero."""
    text = f"{float(value):,.{digits}f}"
    return text.replace("-", "\N{MINUS SIGN}" if text.strip("-0.,") else "")


def table(frame: pd.DataFrame, caption: str, digits: int = 1) -> Table:
    """Show ``frame`` under ``caption``: numbers with ``digits`` decimals, missing values as an en dash."""
    shown = frame.copy()
    for column in shown:
        values = shown[column]
        if pd.api.types.is_datetime64_any_dtype(values):
            shown[column] = values.dt.strftime("%Y-%m-%d")
        elif pd.api.types.is_float_dtype(values):
            shown[column] = values.map(lambda v: decimal(v, digits), na_action="ignore")
    numeric = tuple(frame.select_dtypes("number").columns)
    return Table(shown.astype(object).where(shown.notna(), "–"), caption, numeric=numeric)


def data_used(*names: str) -> Table:
    """Print a chapter's tables: what a row is, how many, years covered, licence, date of the source."""
    rows = []
    for name in names:
        meta, frame = resource(name), load(name)
        rows.append(
            {
                "Table": f"data/{meta['path']}",
                "A row is": meta["row"],
                "Rows": f"{len(frame):,}",
                "Years": span(frame, meta.get("time")),
                "Vintage": meta["vintage"],
                "Licence": ", ".join(licence["title"] for licence in meta["licenses"]),
            }
        )
    return Table(pd.DataFrame(rows), "Data used in this chapter", numeric=("Rows",))


def span(frame: pd.DataFrame, column: str | None) -> str:
    """First and last year in ``column``, an en dash where the table has no time."""
    if column is None:
        return "–"
    values = frame[column].dropna()
    years = values.dt.year if pd.api.types.is_datetime64_any_dtype(values) else values
    return f"{int(years.min())}–{int(years.max())}"
