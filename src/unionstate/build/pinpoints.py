"""Places to point at: every paragraph of prose of a page is numbered (``#p12``), every shown table has an anchor of its own (``#tab-…``).

Numbers and anchors are part of a page as it is read, so that a page read once can be kept. What readers see of them is up to
``_static/book.css``; ``_static/pinpoints.js`` copies a citation when a mark is clicked. Without script a mark is a plain link.
"""

from __future__ import annotations

import re
from html import escape, unescape

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from unionstate.build import metadata
from unionstate.build.quotes import Fingerprint

#: Parents of paragraphs that no author wrote as prose of the page: they are generated, or have permalinks of their own.
GENERATED = (nodes.table, nodes.figure, nodes.citation, nodes.footnote, nodes.definition_list, addnodes.glossary)

#: The section that ends each chapter and that is generated.
CITATION = "cite-this-chapter"


class Pinpoint(nodes.inline):
    """The mark of a paragraph: an empty link whose look is a matter of style, and which no search finds."""


def mark(app: Sphinx, doctree: nodes.document) -> None:
    """Number the paragraphs of a page of the book as it has been read, and give its tables anchors."""
    page = app.env.docname
    if not page.startswith("book/"):
        return
    for number, paragraph in enumerate(prose(doctree), start=1):
        name = f"p{number}"
        if name in doctree.ids:
            raise ExtensionError(
                f"{page}: a heading or target takes the anchor {name!r}, which is for paragraph {number}; expected another"
            )
        paragraph["ids"].insert(0, name)  # the first is the one that a browser finds
        paragraph += Pinpoint(number=number)
    known = set(doctree.ids)
    for raw in list(doctree.findall(nodes.raw)):
        if raw.get("format") == "html" and "<caption>" in raw.astext():
            text = anchored(raw.astext(), known)
            raw.rawsource, raw.children = text, []
            raw += nodes.Text(text)


def prose(doctree: nodes.document) -> list[nodes.paragraph]:
    """Every paragraph that an author wrote, in reading order; in lists and quotations too."""
    return [paragraph for paragraph in doctree.findall(nodes.paragraph) if _written(paragraph)]


def _written(paragraph: nodes.paragraph) -> bool:
    """Whether a paragraph comes from the page's own text, not from a directive; a citation that could cite itself would be none."""
    above, parent = [], paragraph
    while parent is not None:
        above, parent = [*above, parent], parent.parent
    generated = any(isinstance(node, GENERATED) or node.get("made") or CITATION in node.get("ids", ()) for node in above)
    return not generated and next(paragraph.findall(Fingerprint), None) is None


def write_mark(translator, node: Pinpoint) -> None:
    number = node["number"]
    translator.body.append(f'<a href="#p{number}" aria-label="Paragraph {number}"></a>')
    raise nodes.SkipNode


def write_nothing(translator, node: Pinpoint) -> None:
    raise nodes.SkipNode


#: A table as :class:`unionstate.show.tables.Table` shows it, without an anchor.
TABLE = re.compile(r'<table class="(us-table[^"]*)"><caption>(.*?)</caption>', re.DOTALL)


def anchored(html: str, known: set[str]) -> str:
    """``html`` with an anchor, and a link to it, for each captioned table; ``known`` are anchors that are taken, and grows."""

    def named(table: re.Match) -> str:
        name = anchor(unescape(re.sub(r"<[^>]+>", "", table[2])), known)
        link = f' <a class="us-here" href="#{name}" aria-label="Link to this table"></a>'
        return f'<table class="{table[1]}" id="{name}"><caption>{table[2]}{link}</caption>'

    return TABLE.sub(named, html)


def tables(html: str) -> list[tuple[str, str]]:
    """Anchor and caption of each table that :func:`anchored` has given one."""
    found = re.findall(r'<table class="us-table[^"]*" id="([^"]+)"><caption>(.*?) <a class="us-here"', html, re.DOTALL)
    return [(name, unescape(re.sub(r"<[^>]+>", "", caption))) for name, caption in found]


def anchor(caption: str, known: set[str]) -> str:
    """A table's anchor: the first words of its caption. Numbers are left out, which would move it when data change."""
    words = [word for word in re.findall(r"[a-z0-9]+", caption.lower()) if not re.search(r"\d", word)]
    stem = "-".join(["tab", *words[:5]])
    name = next(name for n in range(1, len(known) + 2) if (name := stem if n == 1 else f"{stem}-{n}") not in known)
    known.add(name)
    return name


def lead(title: str) -> str:
    """What a citation of a page says before the place on the page."""
    book = metadata.book()
    return f"{book.author} ({book.date[:4]}). {title}. In: {book.title}, version {book.version}"


def given(page: str, title: str) -> str:
    """Attributes of the page's foot from which the script makes citations."""
    address = metadata.book().address
    at = f' data-at="{escape(address.rstrip("/"))}/{page}.html"' if address else ""
    return f'data-cite="{escape(lead(title))}"{at}'
