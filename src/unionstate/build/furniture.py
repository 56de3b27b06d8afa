"""What a page carries around its text: where one is in the book, how long it takes, when it changed, what to download; its foot.

All of it is put in as a page is written, so that no search finds it and no other format repeats it. What it says follows from the
page's text, from ``_toc.yml`` and ``metadata.yml`` and from the data fingerprint: what a remembered page is kept under.
"""

from __future__ import annotations

import re
from datetime import date
from html import escape
from pathlib import Path
from posixpath import basename, dirname, relpath

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole

from unionstate.build import engine, metadata, pinpoints
from unionstate.build.chronology import MONTHS
from unionstate.build.quotes import FILTERS

#: Words of prose that a reader takes in within a minute. Tables, figures and code are not counted: nobody reads them from end to end.
RATE = 200

_CLAIMS = re.compile('<div class="us-scroll"[^>]*><table class="us-table us-reading"')
_FIRST_HEADING = re.compile("</h1>")
_CODE_SWITCH = '<button type="button" class="us-code-switch" aria-pressed="false">Show all code</button>'


def put(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Add way, line and foot to a page of the book, and the place of a filter to the list of claims."""
    if "body" not in context or not pagename.startswith("book/"):
        return
    line = f"</h1>\n{_line(app, pagename, doctree)}"
    body = _FIRST_HEADING.sub(lambda _: line, context["body"], count=1)
    body = _CLAIMS.sub(lambda table: FILTERS + table[0], body)
    context["body"] = _way(app, pagename) + body + _foot(app, pagename)


def _way(app: Sphinx, page: str) -> str:
    """From the book by its part to the page. A part leads to its opener, if it has one."""
    root = app.config.root_doc
    if page == root:
        return ""
    part, opener = part_of(Path(app.srcdir), page)
    title = escape(app.env.titles[page].astext())
    steps = [(metadata.book().short_title, root), *([(part, opener)] if part and opener != page else [])]
    listed = [f"<li>{_step(name, target, page)}</li>" for name, target in steps]
    listed.append(f'<li><a href="#" aria-current="page">{title}</a></li>')
    return f'<nav class="us-way" aria-label="Breadcrumb"><ol>{"".join(listed)}</ol></nav>\n'


def _step(name: str, target: str | None, page: str) -> str:
    return f'<a href="{relpath(target, dirname(page))}.html">{escape(name)}</a>' if target else escape(name)


def part_of(root: Path, page: str) -> tuple[str | None, str | None]:
    """Name of the part of ``_toc.yml`` that holds a page, and the page that opens it."""
    for name, pages in engine.parts(root).items():
        if page in pages:
            return name, next((first for first in pages[:1] if basename(first) == "index"), None)
    return None, None


def _line(app: Sphinx, page: str, doctree: nodes.document) -> str:
    """Reading time, last change, version; of a chapter its notebook and the switch for its code."""
    content, book = app.unionstate.content, metadata.book()
    chapter = content.records.get(page.removeprefix("book/"))
    said = [f"{time} to read"] if (time := minutes(words(doctree))) else []
    said += [f"last changed {_day(chapter.changed if chapter else book.date)}", f"version {escape(book.version)}"]
    if chapter:
        said += [f'<a href="{basename(page)}.ipynb" download>executed notebook</a>', _CODE_SWITCH]
    return f'<div class="us-line">{" · ".join(said)}</div>'


def _day(written: str) -> str:
    day = date.fromisoformat(written)
    return f'<time datetime="{written}">{day.day} {MONTHS[day.month - 1]} {day.year}</time>'


def words(doctree: nodes.document) -> int:
    """How many words of prose a page has: those of its numbered paragraphs."""
    return sum(len(_text(paragraph).split()) for paragraph in pinpoints.prose(doctree))


def _text(paragraph: nodes.paragraph) -> str:
    found = paragraph.findall(nodes.Text)
    return "".join(text.astext() for text in found if not isinstance(text.parent, nodes.raw))  # raw: the tags of links to files


def minutes(count: int) -> str:
    """The time that so many words take. Less than half a minute's prose is a page to look things up in, not to read through."""
    whole = round(count / RATE)
    return f"{whole} minute{'s' if whole > 1 else ''}" if whole else ""


class RateRole(SphinxRole):
    """``{rate}`words a minute``` states the rate by which pages tell reading times."""

    def run(self):
        return [nodes.Text(f"{RATE} {self.text}")], []


def _foot(app: Sphinx, page: str) -> str:
    """Which version a page belongs to and which data, code and lock it was built from."""
    cited = pinpoints.given(page, app.env.titles[page].astext())
    said = f"Version {metadata.book().version} · data fingerprint <code>{app.unionstate.content.fingerprint}</code>"
    return f'<p class="us-foot" {cited}>{said}</p>'


def fold(translator, node: HideCodeCellNode) -> None:
    """Begin a folded cell as the browser's own ``<details>``, which works without a script."""
    translator.body.append(f'<details class="us-fold"><summary>{escape(node["prompt_show"])}</summary>\n')


def unfold(translator, node: HideCodeCellNode) -> None:
    translator.body.append("</details>\n")
