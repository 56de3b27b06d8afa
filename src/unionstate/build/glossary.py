"""The glossary, written from ``data/glossary.csv``; ``{term}`` in any page links to it, by the term or by any of its variants."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from unionstate import tables
from unionstate.build.quotes import MadeOfTables


def variants(cell: str) -> list[str]:
    return [name for name in cell.split("; ") if name]


def anchor(term: str) -> str:
    """The permalink of a term."""
    return "term-" + re.sub(r"[^a-z0-9]+", "-", term.lower())


def meanings() -> dict[str, str]:
    """Permalink of a term → what it means."""
    return {anchor(row.term): row.meaning for row in tables.load("glossary").itertuples()}


def explain(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Give each link to a term the term's meaning, which the browser shows."""
    known = app.unionstate.content.derived["meanings"]
    for link in doctree.findall(nodes.reference):
        if (term := link.get("refuri", "").partition("#")[2]) in known:
            link["reftitle"] = known[term]


class Glossary(MadeOfTables):
    """Every term with its meaning, its variants and the chapter that deals with it."""

    name_of_directive = "glossary-of-terms"

    @staticmethod
    def make():
        """The rows of the table, as plain values."""
        return [(row.term, str(row.kind), variants(row.variants), row.meaning, row.see) for row in tables.load("glossary").itertuples()]

    def show(self, made):
        entries = nodes.definition_list(classes=["glossary", "us-glossary"])
        for term, kind, others, meaning, see in made:
            chapter = addnodes.pending_xref(
                "", nodes.inline("", see), refdomain="std", reftype="doc", refdoc=self.env.docname, refexplicit=False, refwarn=True
            )
            chapter["reftarget"] = f"/book/{see}"
            also = f"Also: {', '.join(others)}. " if others else ""
            notes = nodes.paragraph("", "", nodes.Text(f"{kind.capitalize()}. {also}See "), chapter, nodes.Text("."), classes=["us-origin"])
            body = nodes.definition("", nodes.paragraph("", meaning), notes)
            entries += nodes.definition_list_item("", self._named(term, others), body)
        return [addnodes.glossary("", entries, sorted=False)]

    def _named(self, term: str, others: list[str]) -> nodes.term:
        """The term as a target for ``{term}`` and the index, under all its names."""
        named, place = nodes.term("", term, ids=[anchor(term)]), self.env.get_domain("std")
        index = addnodes.index(entries=[("single", name, anchor(term), "", None) for name in (term, *others)])
        for name in (term, *others):
            place._note_term(name, anchor(term), location=named)
        named += index
        return named
