"""``make pdf``: the volume as a paged book, ``_build/html/union-state-in-data.pdf``.

Set by WeasyPrint, which needs no browser, in fonts that come with matplotlib: fonts of this machine are not looked at. The file is
tagged (PDF/UA), so that a screen reader finds headings, tables and what figures show.
"""

from __future__ import annotations

import os
from html import escape
from pathlib import Path

from lxml import etree

from unionstate.build import cards, site
from unionstate.build.offer import STEM
from unionstate.build.volume import Page, Volume, bound
from unionstate.paths import write_whole

CSS = Path(__file__).with_name("bound") / "paged.css"
PANGO = (
    "make pdf needs the library Pango: on Debian and Ubuntu `apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0`, "
    "on macOS `brew install pango`"
)


def write(volume: Volume, out: Path) -> Path:
    """Write the file into the site at ``out``. Raises ``site.BookError`` where a library is missing."""
    _own_fonts(out.with_name("print"))
    try:
        from weasyprint import CSS as Sheet
        from weasyprint import HTML
    except ImportError:
        raise site.BookError("make pdf needs WeasyPrint: call it as `make pdf`, which installs requirements-print.txt") from None
    except OSError:
        raise site.BookError(PANGO) from None
    path = out / f"{STEM}.pdf"
    made = HTML(string=document(volume)).write_pdf(
        stylesheets=[Sheet(string=CSS.read_text(encoding="utf-8"))],
        pdf_variant="pdf/ua-1",
        pdf_identifier=volume.fingerprint.encode(),
        custom_metadata=True,
    )
    write_whole(path, made)
    return path


def _own_fonts(folder: Path) -> None:
    """Let the typesetter see the fonts that come with matplotlib and no others; must come before it is loaded."""
    dirs = f"<dir>{escape(str(cards.font('')))}</dir><cachedir>{escape(str(folder / 'fonts'))}</cachedir>"
    write_whole(folder / "fonts.conf", f"<fontconfig>{dirs}</fontconfig>")
    os.environ["FONTCONFIG_FILE"] = str(folder / "fonts.conf")


def document(volume: Volume) -> str:
    """The whole book as one HTML document."""
    book = volume.book
    meta = {
        "author": book.author,
        "description": book.description,
        "keywords": ", ".join(book.keywords),
        "dcterms.created": book.date,
        "dcterms.modified": book.date,
        "version": book.version,
        "fingerprint": volume.fingerprint,
        "identifier": volume.identifier,
        "licence": book.licences["text"],
    }
    head = "".join(f'<meta name="{name}" content="{escape(value)}">' for name, value in meta.items())
    starts = {page.name: anchor(page.name, page.start) for page in volume.pages}
    chapters = "".join(_chapter(page, caption, page is pages[0]) for caption, pages in volume.parts for page in pages)
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(book.title)}</title>{head}</head><body>'
        f'<section class="front">{volume.title_page()}</section><section class="imprint">{volume.imprint()}</section>'
        f'<p class="running">{escape(book.short_title)} \N{MIDDLE DOT} version {book.version} \N{MIDDLE DOT} {volume.fingerprint}</p>'
        f'<section class="contents"><h1 id="contents">Contents</h1>{_contents(volume, starts)}</section>{chapters}</body></html>'
    )


def anchor(page: str, name: str) -> str:
    """An anchor of a page, as the only one of this name in the whole document."""
    return f"{page.removeprefix('book/').replace('/', '-')}.{name}"


def _contents(volume: Volume, starts: dict[str, str]) -> str:
    return "".join(
        (f'<p class="part-name">{escape(caption)}</p>' if caption else "")
        + "<ul>"
        + "".join(f'<li><a href="#{starts[page.name]}">{escape(page.title)}</a></li>' for page in pages)
        + "</ul>"
        for caption, pages in volume.parts
    )


def _chapter(page: Page, part: str, first: bool) -> str:
    """A chapter with its part above its title; the first of a part begins the part among the bookmarks, too."""
    section = bound(page, lambda there, name: f"#{anchor(there, name)}")
    for element in section.iter():
        if element.get("id") and not str(element.tag).startswith("{"):  # names within a drawing are its own
            element.set("id", anchor(page.name, element.get("id")))
    section.set("class", f"chapter {'in-part' if part else ''}")
    label = f'<p class="part{" first" if first else ""}">{escape(part)}</p>' if part else ""
    return f'<div class="opening">{label}</div>' + etree.tostring(section, encoding="unicode", method="html")
