"""The book as one volume, to print or to carry: what its pages say, without what only a screen has a use for.

A volume is put together from the pages of the finished site, so that it cannot say anything else; :mod:`paged` and :mod:`epub` bind it.
Code, the answers to exercises and the tables behind figures, which a page folds away, stay with the site, and so do the long lists of
:data:`OMITTED`: the volume says where.
"""

from __future__ import annotations

import json
import posixpath
import re
import uuid
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import etree
from lxml import html as markup

from unionstate.build import cards, cite, engine, metadata, site, whole
from unionstate.show import style

#: Pages to look something up in, some hundred printed pages of them → what they are.
OMITTED = {
    "book/back/data": "data dictionary",
    "book/back/sources": "list of sources",
    "book/back/how-this-was-run": "library versions and checksums",
}

#: Tags and classes of what a page has for the screen only.
SCREEN_TAGS = {"script", "style", "template", "nav", "button", "input", "select", "output", "form", "details", "noscript"}
SCREEN_CLASSES = {
    "headerlink", "us-here", "us-foot", "us-line", "us-filters", "us-volumes", "figure-data", "cell_input", "toctree-wrapper", "backrefs",
}  # fmt: skip

SIDE = 6
"""Room at each side of a figure, in its own units."""
XLINK = "{http://www.w3.org/1999/xlink}href"
SVG = "{http://www.w3.org/2000/svg}"
_PALETTE = {name: colour for colour, name in style.VARIABLES.items()}


@dataclass(frozen=True, eq=False)
class Page:
    """A page of the site as the volume has it."""

    name: str
    """As in ``_toc.yml``."""
    title: str
    start: str
    """The anchor of its beginning."""
    body: etree._Element
    """A link within the volume leads to ``page#anchor``, wherever it stands; other links lead to the web."""

    @property
    def slug(self) -> str:
        return self.name.removeprefix("book/").replace("/", "-")


@dataclass(frozen=True, eq=False)
class Volume:
    """All pages in reading order by part, and what the volume says of itself."""

    book: metadata.Book
    fingerprint: str
    parts: tuple[tuple[str, tuple[Page, ...]], ...]
    omitted: dict[str, str]

    @property
    def pages(self) -> list[Page]:
        return [page for _, pages in self.parts for page in pages]

    @property
    def identifier(self) -> str:
        """The same for every copy of a version; nobody has to give it out."""
        return uuid.uuid5(uuid.NAMESPACE_OID, f"{self.book.title}, version {self.book.version}").urn

    def title_page(self) -> str:
        """The title page as HTML: title, subtitle, author, version and fingerprint."""
        title, _, subtitle = self.book.title.partition(": ")
        said = {
            "title": escape(title),
            "subtitle": escape(subtitle),
            "author": escape(self.book.author),
            "edition": f"Version {escape(self.book.version)}, {self.book.date}<br/>Data fingerprint <code>{self.fingerprint}</code>",
        }
        return "".join(f'<p class="{kind}">{text}</p>' for kind, text in said.items())

    def imprint(self) -> str:
        """What stands on the back of a title page, as HTML: what this is, how to cite it, licences, what is left out."""
        book, licences = self.book, self.book.licences
        listed = ", ".join(f"{what} (<code>{page}.html</code>)" for page, what in self.omitted.items())
        site_at = f' The site: <a href="{escape(book.address)}">{escape(book.address)}</a>.' if book.address else ""
        said = [
            escape(book.description),
            f"Version {escape(book.version)} of {book.date}, data fingerprint <code>{self.fingerprint}</code>: a copy of the site with the "
            f"same fingerprint gives the same numbers.{site_at}",
            f"Cite it as: {escape(cite.plain_sentence(cite.book_item(), 'APA').rstrip('.'))}. Data fingerprint {self.fingerprint}. Figures "
            "and paragraphs have the numbers that they have on the site, which has no page numbers.",
            f"Licences: text and figures {licences['text']}, code {licences['code']}, curated tables {licences['data']}; data of "
            "publishers by source (<code>LICENSE-DATA.md</code>).",
            "Left out of this volume and part of the site: the code of every step, the answers to exercises, the data of every figure"
            + (f"; {listed}." if listed else "."),
            f"Identifier: <code>{self.identifier}</code>",
        ]
        return "".join(f"<p>{sentence}</p>" for sentence in said)


def volume(root: Path) -> Volume:
    """Put the volume together. Raises ``site.BookError`` where there is no finished site of the checkout as it is now."""
    out = root / "_build" / "html"
    if not whole.trusted(out, engine.fingerprint(root, *engine.INPUTS)):
        raise site.BookError("_build/html is not the finished site of this checkout as it is now; expected that: run `make book` first")
    bodies = {page: body(out, page) for page in engine.pages(root) if page not in OMITTED}
    anchors = {page: {e.get("id") for e in found.iter() if e.get("id")} for page, found in bodies.items()}
    starts = {page: found.get("id") for page, found in bodies.items()}
    book = metadata.book()
    for page, found in bodies.items():
        _aim(found, page, anchors, starts, book.address)
    made = {page: Page(page, " ".join(found.findtext("h1").split()), starts[page], found) for page, found in bodies.items()}
    captioned = engine.parts(root)
    within = {name for names in captioned.values() for name in names}
    listed = {"": [name for name in made if name not in within], **captioned}
    parts = tuple((caption, kept) for caption, names in listed.items() if (kept := tuple(made[n] for n in names if n in made)))
    omitted = {page: what for page, what in OMITTED.items() if page in engine.pages(root)}
    return Volume(book, json.loads((out / "build.json").read_text(encoding="utf-8"))["fingerprint"], parts, omitted)


def body(out: Path, page: str) -> etree._Element:
    """The text of a page: the section that its article consists of, without what is for the screen."""
    text = (out / f"{page}.html").read_text(encoding="utf-8")
    article = text[text.index("<article") : text.rindex("</article>") + len("</article>")]
    drawings: list[str] = []

    def set_aside(svg: re.Match) -> str:  # HTML parsers spoil the case of its names
        drawings.append(svg[0])
        return f'<i class="drawing">{len(drawings) - 1}</i>'

    section = markup.fragment_fromstring(re.sub(r"<svg\b.*?</svg>", set_aside, article, flags=re.DOTALL)).find("section")
    _strip(section)
    for place in section.findall(".//i[@class='drawing']"):
        drawn = drawing(drawings[int(place.text)])
        drawn.tail = place.tail
        place.getparent().replace(place, drawn)
    return section


def _strip(section) -> None:
    """Take out what is for the screen, and what is empty without it."""
    for element in list(section.iter()):
        classes = set(element.get("class", "").split()) if isinstance(element.tag, str) else set()
        own = element.tag == "a" and re.match("#(p\\d|fig-)", element.get("href", "")) and element.getparent().get("class") == "us-origin"
        files = element.tag == "p" and element.find("a[@class]") is not None and "cite-bibtex" in element.find("a[@class]").get("class")
        if not isinstance(element.tag, str) or element.tag in SCREEN_TAGS or classes & SCREEN_CLASSES or own or files:
            element.drop_tree()
        elif element.tag == "a" and not len(element) and not element.text:  # the mark of a paragraph
            element.getparent().set("data-n", element.get("href").removeprefix("#p"))
            element.drop_tree()
        elif "us-scroll" in classes:
            element.drop_tag()
    for origin in section.iterfind(".//span[@class='us-origin']"):
        last = origin[-1] if len(origin) else None
        if last is not None:
            last.tail = (last.tail or "").rstrip(" \N{MIDDLE DOT}")
    for element in reversed(list(section.iter("div"))):
        if not len(element) and not (element.text or "").strip():
            element.drop_tree()


def drawing(svg: str) -> etree._Element:
    """A figure in light colours, in a font that the book brings along; what it shows is its title, too, where PDF looks for it.

    It is as large as its place, and some room is left at its sides: letters are not everywhere as wide as where it was drawn.
    """

    def colour(variable: re.Match) -> str:
        return _PALETTE[variable[1]]

    if "xmlns=" not in svg[: svg.index(">")]:
        svg = svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    element = etree.fromstring(re.sub(r"var\(--us-([\w-]+)[^)]*\)", colour, svg))
    element.set("font-family", cards.FONT)
    for part in element.iter():
        if part.tag == f"{SVG}path" and not part.get("d"):  # a format that is checked has no path without a course
            part.set("d", "M0 0")
        if "href" in part.attrib:  # as older e-readers know it
            part.set(XLINK, part.attrib.pop("href"))
    for size in ("width", "height"):
        element.attrib.pop(size, None)
    _, _, width, height = map(float, element.get("viewBox").split())
    element.set("viewBox", f"{-SIDE} 0 {width + 2 * SIDE:g} {height:g}")
    title = etree.Element(f"{SVG}title")
    title.text = element.get("aria-label")
    element.insert(0, title)
    return element


def _aim(section, page: str, anchors: dict[str, set[str]], starts: dict[str, str], address: str | None) -> None:
    """Give every link its target in the volume, or on the web; without one it is plain text."""
    for link in list(section.iter("a")):
        href = urlsplit(link.get("href", ""))
        if href.scheme:
            continue
        path = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(href.path))) if href.path else f"{page}.html"
        there, anchor = path.removesuffix(".html"), unquote(href.fragment)
        for attribute in ("download", "title"):
            link.attrib.pop(attribute, None)
        if there in starts and (there != page or anchor in anchors[page]):
            link.set("href", f"{there}#{anchor if anchor in anchors[there] else starts[there]}")
        elif address and not path.startswith(".."):
            link.set("href", f"{address.rstrip('/')}/{path}" + (f"#{href.fragment}" if href.fragment else ""))
        else:
            link.drop_tag()


def bound(page: Page, link: Callable[[str, str], str]) -> etree._Element:
    """A copy of a page's text whose links within the volume are what ``link`` makes of page and anchor."""
    section = deepcopy(page.body)
    for element in section.iter("a"):
        if not urlsplit(element.get("href", "")).scheme and "href" in element.attrib:
            there, anchor = element.get("href").split("#", 1)
            element.set("href", link(there, anchor))
    return section
