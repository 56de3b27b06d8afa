"""The data dictionary and the list of sources, written from the data package itself."""

from __future__ import annotations

import re
from collections import Counter
from html import escape

import pandas as pd
from docutils import nodes

from unionstate import package, tables
from unionstate.analysis import reconcile
from unionstate.build.quotes import FILTERS, MadeOfTables
from unionstate.show.evidence import SOURCE_COLUMNS
from unionstate.show.tables import span, table

THEMES = {
    "sources": "Sources, corrections, gaps",
    "corrections": "Sources, corrections, gaps",
    "gaps": "Sources, corrections, gaps",
    "glossary": "Glossary",
    "integration": "Integration",
    "energy": "Energy",
    "military": "Armies",
    "alignment": "Alignment",
    "trade": "Trade",
    "economy": "Economy",
    "map": "Maps",
    "source-page": "The source page",
}


def uses() -> Counter:
    """How many rows of all tables cite each source key."""
    counted: Counter = Counter()
    for name, meta in package.resources().items():
        columns = [f["name"] for f in meta["schema"]["fields"] if f["name"] in SOURCE_COLUMNS]
        if columns:
            frame = tables.load(name)
            for column in columns:
                counted.update(key for key in frame[column] if key)
    return counted


def facts(meta: dict, frame: pd.DataFrame, corrections: pd.DataFrame, gaps: pd.DataFrame) -> str:
    """What a reader must know of one table, as HTML."""
    origin = "; ".join(link(source.get("path"), source["title"]) for source in meta["sources"])
    digest = meta["hash"].removeprefix("sha256:")
    rows = {
        "A row is": escape(meta["row"]),
        "Rows": f"{len(frame):,}",
        "Years": span(frame, meta.get("time")),
        "Sources": origin,
        "Vintage": escape(meta["vintage"]),
        "Licence": escape(", ".join(licence["title"] for licence in meta["licenses"])),
        "Redistribution": escape(meta["redistribution"]),
        "File": f"{link(href(meta), 'data/' + meta['path'])} ({meta['bytes']:,} bytes, sha256 <code>{digest[:12]}…</code>)",
    }
    if missing := [f"{row.series or 'the series'}: {row.missing}" for row in gaps[gaps["table"] == meta["name"]].itertuples()]:
        rows["Gaps"] = escape("; ".join(missing))
    known = corrections[corrections["table"] == meta["name"]]
    if len(known):
        rows["Known problems"] = "<br>".join(
            f"{row.id}, {escape(row.row)}, {escape(row.column)}: found {escape(row.found)}; used: {escape(row.used)}. {escape(row.reason)}"
            for row in known.itertuples()
        )
    listed = "".join(f"<dt>{label}</dt><dd>{value}</dd>" for label, value in rows.items())
    return f'<p>{prose(meta["description"])}</p><dl class="us-facts">{listed}</dl>{fields(meta)}'


def fields(meta: dict) -> str:
    """The fields of one table, folded."""
    body = "".join(
        f"<tr><td><code>{escape(f['name'])}</code></td><td>{escape(_type(f))}</td>"
        f"<td>{escape(f.get('unit', ''))}</td><td>{prose(f['description'])}</td></tr>"
        for f in meta["schema"]["fields"]
    )
    head = "".join(f'<th scope="col">{label}</th>' for label in ("Field", "Type", "Unit", "Meaning"))
    name = escape(meta["name"])
    return (
        f"<details><summary>{len(meta['schema']['fields'])} fields</summary>"
        f'<div class="us-scroll" tabindex="0" role="region" aria-label="Fields of {name}"><table class="us-table">'
        f"<caption>Fields of {name}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></details>"
    )


def link(address: str | None, text: str) -> str:
    return f'<a href="{escape(address, quote=True)}">{escape(text)}</a>' if address else escape(text)


def prose(text: str) -> str:
    """Descriptions as HTML: names between backticks become code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _type(field: dict) -> str:
    rules = field.get("constraints", {})
    if "enum" in rules:
        return "one of: " + ", ".join(rules["enum"])
    bounds = [f"{word} {rules[rule]}" for rule, word in (("minimum", "from"), ("maximum", "to")) if rule in rules]
    return " ".join([field["type"], *bounds]) + (", required" if rules.get("required") else "")


def anchor(name: str) -> str:
    """The permalink of a table on the dictionary's page."""
    return f"table-{re.sub('[/_]', '-', name)}"


def href(meta: dict) -> str:
    """Where a table lies on the site, seen from the dictionary's page ``book/back/data``."""
    return f"../../data/{meta['path']}"


class DataDictionary(MadeOfTables):
    """Every table of the data package, by theme, each with a permalink."""

    name_of_directive = "data-dictionary"

    @staticmethod
    def make():
        """For each table: theme, anchor, title, HTML."""
        corrections, gaps = tables.load("corrections"), tables.load("gaps")
        return [
            (
                THEMES[name.split("/")[0]],
                anchor(name),
                meta["title"],
                facts(meta, tables.load(name), corrections, gaps),
            )
            for name, meta in package.resources().items()
        ]

    def show(self, made):
        sections: dict[str, nodes.section] = {}
        for theme, anchor, title, html in made:
            if theme not in sections:
                sections[theme] = nodes.section("", nodes.title("", theme), ids=[f"theme-{theme.lower().replace(' ', '-')}"])
            entry = nodes.section("", nodes.title("", title), ids=[anchor], classes=["us-filterable"])
            entry += nodes.raw("", html, format="html")
            sections[theme] += entry
        return [nodes.raw("", FILTERS, format="html"), *sections.values()]


class Reconciliations(MadeOfTables):
    """How far two sources of the same quantity lie apart."""

    name_of_directive = "reconciliations"

    @staticmethod
    def make():
        shown = table(reconcile.summary(), "Two sources of one quantity, years that both know")
        shown.css += " us-reconciled"
        return shown.html()


def reconciliation_file() -> str:
    """All differences as CSV: pair, year, first, second, unit, difference in percent."""
    parts = [reconcile.differences(key).assign(pair=key, unit=pair.unit) for key, pair in reconcile.PAIRS.items()]
    columns = ["pair", "year", "first", "second", "unit", "difference"]
    return pd.concat(parts)[columns].to_csv(index=False, lineterminator="\n", float_format="%.10g")


class SourceList(MadeOfTables):
    """Every source with its kind and how many rows cite it, the most cited first."""

    name_of_directive = "source-list"

    @staticmethod
    def make():
        counted = uses()
        sources = tables.load("sources")
        order = sources.assign(uses=sources["key"].map(counted).fillna(0).astype(int)).sort_values(["uses", "key"], ascending=[False, True])
        body = "".join(
            f'<tr id="source-{row.key}"><td>{link(row.url, row.title)}</td>'
            f"<td>{escape(row.publisher)}</td><td>{row.kind}</td><td>{row.published}</td><td>{row.uses}</td></tr>"
            for row in order.itertuples()
        )
        head = "".join(f'<th scope="col">{label}</th>' for label in ("Title", "Publisher", "Kind", "Published", "Rows"))
        return (
            f'{FILTERS}<div class="us-scroll" tabindex="0" role="region" aria-label="Sources"><table class="us-table us-sources">'
            f"<caption>Sources and how many rows cite them</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )
