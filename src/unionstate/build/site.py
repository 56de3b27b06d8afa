"""What the site publishes beside the pages: figures with their data, key numbers, the executed notebooks."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, field
from html import escape
from posixpath import dirname, relpath

from unionstate.build import drawings
from unionstate.show import FIGURE, FILE, NUMBERS


class BookError(RuntimeError):
    """The chapters contradict the book's own rules (an id used twice, a quoted number nobody computes)."""


@dataclass
class Registry:
    """All figures, key numbers and files of the book: name → record, each with its chapter; and all drawings (SVG)."""

    drawings: dict[str, str] = field(default_factory=dict)
    files: dict[str, dict] = field(default_factory=dict)
    figures: dict[str, dict] = field(default_factory=dict)
    numbers: dict[str, dict] = field(default_factory=dict)

    def add(self, kind: str, name: str, record: dict) -> None:
        entries = getattr(self, kind)
        if name in entries:
            raise BookError(f"{kind[:-1]} {name!r} appears twice: in {entries[name]['chapter']} and in {record['chapter']}")
        entries[name] = record


def collect(notebooks: dict[str, dict]) -> Registry:
    """Find every figure and key number in the executed notebooks; figures are numbered within their chapter."""
    registry = Registry()
    for chapter, notebook in notebooks.items():
        count = 0
        for bundle in bundles(notebook):
            if record := bundle.get(FIGURE):
                count += 1
                registry.add("figures", record["name"], {**record, "chapter": chapter, "number": count})
                registry.drawings[record["name"]] = "".join(bundle["image/svg+xml"])
            if record := bundle.get(FILE):
                registry.add("files", record["name"], {**record, "chapter": chapter})
            for record in bundle.get(NUMBERS, []):
                registry.add("numbers", record["id"], {**record, "chapter": chapter})
    return registry


def bundles(notebook: dict):
    """The data of every output, in order."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            yield output.get("data", {})


def page_notebook(notebook: dict, registry: Registry) -> dict:
    """The notebook as the page shows it: code folded, each figure in its frame."""
    cells = [_page_cell(cell, registry) for cell in notebook["cells"]]
    return {**notebook, "cells": cells}


def _page_cell(cell: dict, registry: Registry) -> dict:
    if cell["cell_type"] != "code":
        return cell
    tags = cell["metadata"].get("tags", [])
    metadata = dict(cell["metadata"])
    if "answer" in tags:
        metadata["tags"] = [*tags, "hide-cell"]
        metadata["mystnb"] = {"code_prompt_show": "Show the answer"}
    else:
        metadata["tags"] = [*tags, "hide-input"]
        metadata["mystnb"] = {"code_prompt_show": "Show the code"}
    outputs = [_page_output(output, registry) for output in cell["outputs"]]
    return {**cell, "metadata": metadata, "outputs": outputs}


def _page_output(output: dict, registry: Registry) -> dict:
    data = output.get("data", {})
    if FIGURE in data:
        record = registry.figures[data[FIGURE]["name"]]
        html = figure_html(registry.drawings[record["name"]], record, f"book/{record['chapter']}")
        return {**output, "data": {"text/html": html, "text/plain": data["text/plain"]}}
    return {**output, "data": {mime: value for mime, value in data.items() if mime not in (NUMBERS, FILE)}} if data else output


def figure_html(svg: str, record: dict, page: str) -> str:
    """The ``<figure>`` on ``page``: the drawing, its number and caption, where the data are from and where to get them."""
    tables = ", ".join(f"<code>{escape(name)}</code>" for name in record["tables"])
    origin = f"Data: {tables}" + (f"; {len(record['sources'])} cited sources" if len(record["sources"]) > 1 else "")
    anchor, name, home = f"fig-{record['name']}", f"Figure {record['number']}", f"book/{record['chapter']}"
    if page == home:
        number, link = f'<span class="us-figure-number">{name}.</span> ', f'<a href="#{anchor}">Link to this figure</a>'
    else:
        number, name = "", f"{name} of its chapter"
        link = f'<a href="{relpath(home, dirname(page))}.html#{anchor}">{name}</a>'
    data = relpath(data_path(record), dirname(page))
    width, height = drawings.size(svg)
    drawing = drawings.light(svg, record["name"]).replace("<svg ", f'<svg aria-details="data-{record["name"]}" ', 1)
    return (
        f'<figure class="us-figure" id="{anchor}">'
        f'<div class="us-scroll" tabindex="0" role="region" aria-label="{name}" data-tall="{height / width:.4f}">{drawing}</div>'
        f"<figcaption>{number}{escape(record['caption'])} "
        f'<span class="us-origin">{origin}. <a class="figure-data" href="{data}" download>Data of this figure (CSV)</a> · {link}</span>'
        f"</figcaption></figure>{data_view(record, name, data)}"
    )


#: How many rows of the data behind a figure its page shows; with all of them a page would be up to a third heavier.
SHOWN = 30


def data_view(record: dict, figure: str, href: str) -> str:
    """The data behind a figure, folded: what is drawn as a table, which is the figure's long description."""
    header, *rows = csv.reader(io.StringIO(record["csv"]))
    name = f"Data behind {figure}"
    count = f"all {len(rows)} rows" if len(rows) <= SHOWN else f"the first {SHOWN} of {len(rows)} rows"
    rest = "" if len(rows) <= SHOWN else f'<p class="us-origin">The other rows are in the <a href="{href}" download>CSV</a>.</p>'
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in header)
    body = "".join("<tr>" + "".join(f"<td>{escape(value)}</td>" for value in row) + "</tr>" for row in rows[:SHOWN])
    return (
        f'<details class="us-data" id="data-{record["name"]}"><summary>Data behind this figure</summary>'
        f'<div class="us-scroll" tabindex="0" role="region" aria-label="{name}"><table><caption>{name}, {count}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{rest}</details>"
    )


def data_path(record: dict) -> str:
    """Where a figure's CSV lies below the site's root."""
    return f"book/{record['chapter']}-data/{record['name']}.csv"


def figure_files(registry: Registry) -> dict[str, str]:
    """Path below the site's root → text, for the CSV of every figure."""
    return {data_path(record): record["csv"] for record in registry.figures.values()}


def chapter_files(registry: Registry) -> dict[str, str]:
    """Path below the site's root → text, for what chapters publish as files."""
    return {name: record["text"] for name, record in registry.files.items()}


def number_files(registry: Registry) -> dict[str, str]:
    """``key-numbers.json`` and ``key-numbers.csv``, in reading order."""
    columns = ["id", "chapter", "label", "value", "unit", "as_of", "text", "tables", "rows", "sources"]
    records = [{column: record[column] for column in columns} for record in registry.numbers.values()]
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    for record in records:
        writer.writerow({**record, **{name: "; ".join(record[name]) for name in ("tables", "rows", "sources")}})
    return {"key-numbers.json": json.dumps(records, indent=1, ensure_ascii=False) + "\n", "key-numbers.csv": out.getvalue()}
