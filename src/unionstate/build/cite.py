"""How to cite the book and its parts: sentences by the published styles of APA, Chicago and MLA, and files for reference managers.

Everything follows from :mod:`unionstate.build.metadata`, by way of one record of the Citation Style Language (CSL) for each thing cited.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from types import SimpleNamespace

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from unionstate import package
from unionstate.build import metadata, quotes, references
from unionstate.build.edition import Content
from unionstate.build.quotes import Fingerprint

#: Name of a style as readers know it → its file.
STYLES = {"APA": "apa", "Chicago": "chicago-author-date", "MLA": "modern-language-association"}
_ITALIC = ("\ue000", "\ue001")  # characters that no text has mark what a style sets in italics


def book_item() -> dict:
    """The book as a CSL record."""
    book = metadata.book()
    item = {
        "id": "unionstate",
        "type": "book",
        "title": book.title,
        "author": [{"literal": book.author}],
        "issued": references.date_parts(book.date),
        "version": book.version,
        "language": "en",
    }
    return {**item, "URL": book.address} if book.address else item


def chapter_item(name: str, title: str) -> dict:
    """A chapter as a CSL record, with what a sentence needs."""
    book = book_item()
    item = {**book, "id": f"unionstate-{name.replace('/', '-')}", "type": "chapter", "title": title, "container-title": book["title"]}
    return {**item, "URL": f"{book['URL'].rstrip('/')}/book/{name}.html"} if "URL" in book else item


def full_item(chapter: metadata.Chapter, fingerprint: str) -> dict:
    """A chapter's CSL record with what a reference manager can keep beside it."""
    return {
        **chapter_item(chapter.name, chapter.title),
        "abstract": references.one_line(chapter.abstract),
        "keyword": ", ".join(chapter.keywords),
        "note": f"Data fingerprint {fingerprint}",
    }


def table_item(name: str) -> dict:
    """A table of the data package as a CSL record."""
    book = book_item()
    return {**book, "id": f"unionstate-{name.replace('/', '-')}", "type": "dataset", "title": package.resource(name)["title"],
            "container-title": book["title"]}  # fmt: skip


@cache
def _style(name: str):
    from citeproc import CitationStylesStyle  # here, not above: only pages that cite need it

    return CitationStylesStyle(str(Path(__file__).with_name("styles") / f"{STYLES[name]}.csl"), "en-US", validate=False)


def sentence(item: dict, style: str) -> list[tuple[str, bool]]:
    """A citation as the style writes it: pieces of text, each with whether it is in italics."""
    from citeproc import Citation, CitationItem, CitationStylesBibliography
    from citeproc.formatter import plain
    from citeproc.source.json import CiteProcJSON

    marked = SimpleNamespace(**{**vars(plain), "Italic": lambda text: _ITALIC[0] + str(text) + _ITALIC[1]})
    bibliography = CitationStylesBibliography(_style(style), CiteProcJSON([item]), marked)
    bibliography.register(Citation([CitationItem(item["id"])]))
    (text,) = (str(entry) for entry in bibliography.bibliography())
    parts = re.split(f"{_ITALIC[0]}([^{_ITALIC[1]}]*){_ITALIC[1]}", _closed(text))
    return [(part, n % 2 == 1) for n, part in enumerate(parts) if part]


def _closed(text: str) -> str:
    """Points and commas where American English puts them, inside quotation marks, and none after a question mark.

    The styles ask for both; the processor does neither.
    """
    text = re.sub("(?<=[?!])(\N{RIGHT DOUBLE QUOTATION MARK}?)\\.", r"\1", text)
    return re.sub("(?<![?!])(\N{RIGHT DOUBLE QUOTATION MARK})([.,])", r"\2\1", text)


def plain_sentence(item: dict, style: str) -> str:
    return "".join(text for text, _ in sentence(item, style))


def files(content: Content) -> dict[str, str]:
    """Path below the site's root → text of each chapter's citation files."""
    made = {}
    for chapter in content.records.values():
        item = full_item(chapter, content.fingerprint)
        for ending, write in (("bib", references.chapter_bibtex), ("ris", references.chapter_ris), ("json", references.chapter_json)):
            made[f"citations/{chapter.slug}.{ending}"] = write(item)
    return made


def _citation(item: dict, style: str, place: str = "") -> nodes.paragraph:
    """A sentence to be copied: what the style writes, the place in what is cited, the data fingerprint."""
    pieces = sentence(item, style)
    text = [nodes.emphasis("", part) if italic else nodes.Text(part) for part, italic in pieces]
    closed = "" if re.search(r"\.$|https?://\S+$", pieces[-1][0]) else "."  # a point after an address would be taken for a part of it
    rest = nodes.Text(f"{closed} {place and place + '. '}Data fingerprint ")
    copied = nodes.inline("", "", *text, rest, Fingerprint(), nodes.Text("."), classes=["us-copy"])
    return nodes.paragraph("", "", nodes.strong("", style), nodes.Text(" "), copied, classes=["us-citation"])


class CiteThisChapter(SphinxDirective):
    """The chapter's citation in three styles, its files for reference managers and its executed notebook."""

    def run(self):
        chapter = self.env.docname.removeprefix("book/")
        item = chapter_item(chapter, metadata.title_of(self.env.app.unionstate.content.notebooks[chapter]))
        stem = f"{'../' * self.env.docname.count('/')}citations/{chapter.replace('/', '-')}"
        links = [
            nodes.reference("", "BibTeX", refuri=f"{stem}.bib", classes=["cite-bibtex"]),
            nodes.reference("", "RIS", refuri=f"{stem}.ris", classes=["cite-ris"]),
            nodes.reference("", "CSL-JSON", refuri=f"{stem}.json", classes=["cite-csl"]),
            nodes.reference("", "Executed notebook", refuri=f"{chapter.rsplit('/', 1)[-1]}.ipynb", classes=["chapter-notebook"]),
        ]
        listed = [node for link in links for node in (link, nodes.Text(" \N{MIDDLE DOT} "))][:-1]
        return [*(_citation(item, style) for style in STYLES), nodes.paragraph("", "", *listed)]


class CitationOf(SphinxDirective):
    """``{citation-of} figure gas-prices``: how to cite the book, or a chapter, figure, paragraph or table of it, in three styles."""

    required_arguments = 1
    optional_arguments = 2
    #: What can be cited → how many names say which one.
    NAMES = {"book": 0, "chapter": 1, "figure": 1, "paragraph": 2, "table": 1}

    def run(self):
        kind, *names = self.arguments
        if kind not in self.NAMES:
            raise self._error(f"cites a {kind!r}; expected one of {', '.join(self.NAMES)}")
        if len(names) != self.NAMES[kind]:
            raise self._error(f"cites a {kind} by {names}; expected {self.NAMES[kind]} arguments after {kind!r}")
        item, place = getattr(self, kind)(*names)
        return [_citation(item, style, place) for style in STYLES]

    def book(self):
        return book_item(), ""

    def chapter(self, name: str):
        notebooks = self.env.app.unionstate.content.notebooks
        if name not in notebooks:
            raise self._error(f"cites chapter {name!r}; expected one of _toc.yml")
        quotes.note(self.env, "page", f"book/{name}")  # its title may change
        return chapter_item(name, metadata.title_of(notebooks[name])), ""

    def figure(self, name: str):
        record = quotes.note(self.env, "fig", name)
        if record is None:
            raise self._error(f"cites figure {name!r}; expected one that a chapter shows")
        item, _ = self.chapter(record["chapter"])
        return item, f"Figure {record['number']} (book/{record['chapter']}.html#fig-{name})"

    def paragraph(self, chapter: str, number: str):
        item, _ = self.chapter(chapter)
        return item, f"Paragraph {number} (book/{chapter}.html#p{number})"

    def table(self, name: str):
        quotes.note_data(self.env, "citation-of")
        try:
            item = table_item(name)
        except package.DataError as error:
            raise self._error(str(error)) from None
        return item, f"Table data/{package.resource(name)['path']}, sha256 {package.sha256(name)}"

    def _error(self, text: str) -> ExtensionError:
        return ExtensionError(f"{quotes.place(self)}: the page {text}")
