"""``make epub``: the volume for e-readers, ``_build/html/union-state-in-data.epub`` (EPUB 3).

A page of the book is a file of the archive, its figures are drawings in it, with the letters they use. Written by hand, as a format of
seven kinds of small files is, so that the same book is the same bytes: nothing in it knows the day or the machine.
"""

from __future__ import annotations

import io
import zipfile
from html import escape
from pathlib import Path
from textwrap import wrap

from fontTools import subset
from fontTools.ttLib import TTFont
from lxml import etree

from unionstate.build import cards
from unionstate.build.offer import STEM
from unionstate.build.volume import Page, Volume, bound
from unionstate.paths import write_whole
from unionstate.show.style import BELARUS, INK, MARKET, MUTED, RUSSIA

CSS = Path(__file__).with_name("bound") / "epub.css"
#: The fonts of figures: file in the archive → file of matplotlib.
FONTS = {"figure.ttf": "DejaVuSans.ttf", "figure-bold.ttf": "DejaVuSans-Bold.ttf"}
#: The book's own accessibility, as EPUB Accessibility 1.0 has it said.
ACCESS = {
    "accessMode": ("textual", "visual"),
    "accessModeSufficient": ("textual",),
    "accessibilityFeature": ("alternativeText", "readingOrder", "structuralNavigation", "tableOfContents"),
    "accessibilityHazard": ("none",),
    "accessibilitySummary": ("Every figure has a text that says what it shows, with its numbers; tables have captions and header cells.",),
}
COVER = (1600, 2240)
#: What is drawn on the cover: colour → course.
STEPS = {
    RUSSIA: "M160 1500 H620 V1360 H900 V1250 H1180 V1020 H1440",
    BELARUS: "M160 1280 H480 V1400 H1040 V1300 H1440",
    MARKET: "M160 1130 H760 V1180 H1300 V1420 H1440",
}


def write(volume: Volume, out: Path) -> Path:
    """Write the file into the site at ``out``."""
    path = out / f"{STEM}.epub"
    write_whole(path, _archive(files(volume)))
    return path


def files(volume: Volume) -> dict[str, bytes]:
    """Everything in the archive but its type: path → bytes."""
    texts = {f"text/{page.slug}.xhtml": _document(page.title, _section(page)) for page in volume.pages}
    title = f'<h1 hidden="hidden">{escape(volume.book.title)}</h1>{volume.title_page()}'
    texts["text/title.xhtml"] = _document(volume.book.title, f'<section epub:type="titlepage" class="front">{title}</section>')
    texts["text/imprint.xhtml"] = _document("Imprint", f'<section epub:type="imprint"><h1>Imprint</h1>{volume.imprint()}</section>')
    texts["nav.xhtml"] = _document("Contents", _nav(volume), "bound.css")
    letters = {c for text in texts.values() for c in text}
    made = {path: text.encode() for path, text in texts.items()}
    made |= {f"fonts/{name}": _font(file, letters) for name, file in FONTS.items()}
    made |= {"bound.css": CSS.read_bytes(), "cover.png": _cover(volume)}
    drawn = {path for path, text in texts.items() if "<svg" in text}
    package = {"book.opf": _package(volume, sorted(made), drawn).encode()}
    container = (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
        '<rootfile full-path="book/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    return {"META-INF/container.xml": container.encode(), **{f"book/{path}": data for path, data in sorted({**package, **made}.items())}}


def _archive(contents: dict[str, bytes]) -> bytes:
    """The archive: its type first and not compressed, as the format wants it; no file has a date of its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, data in {"mimetype": b"application/epub+zip", **contents}.items():
            entry = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            entry.compress_type = zipfile.ZIP_STORED if path == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data, compresslevel=9)
    return out.getvalue()


def _document(title: str, body: str, css: str = "../bound.css") -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="en" xml:lang="en">'
        f'<head><title>{escape(title)}</title><link rel="stylesheet" type="text/css" href="{css}"/></head><body>{body}</body></html>\n'
    )


def _section(page: Page) -> str:
    """A page's text as XHTML."""
    section = bound(page, lambda there, name: f"{there.removeprefix('book/').replace('/', '-')}.xhtml#{name}")
    for element in section.iter():
        if "data-n" in element.attrib:
            del element.attrib["data-n"]
    section.tail = None
    return etree.tostring(section, encoding="unicode")


def _nav(volume: Volume) -> str:
    """The contents, by part, and where the text begins."""

    def entries(pages) -> str:
        return "".join(f'<li><a href="text/{page.slug}.xhtml">{escape(page.title)}</a></li>' for page in pages)

    def part(caption: str, pages) -> str:
        return f"<li><span>{escape(caption)}</span><ol>{entries(pages)}</ol></li>" if caption else entries(pages)

    listed = "".join(part(caption, pages) for caption, pages in volume.parts)
    return (
        f'<nav epub:type="toc" id="toc"><h1>Contents</h1><ol>{listed}</ol></nav>'
        '<nav epub:type="landmarks" hidden="hidden"><h2>Landmarks</h2><ol><li><a epub:type="toc" href="nav.xhtml">Contents</a></li>'
        f'<li><a epub:type="bodymatter" href="text/{volume.pages[0].slug}.xhtml">Text</a></li></ol></nav>'
    )


TYPES = {".xhtml": "application/xhtml+xml", ".css": "text/css", ".ttf": "application/vnd.ms-opentype", ".png": "image/png"}


def _package(volume: Volume, paths: list[str], drawn: set[str]) -> str:
    """The package document: what the book is, its files, and their order."""
    book = volume.book
    subjects = "".join(f"<dc:subject>{escape(word)}</dc:subject>" for word in book.keywords)
    access = "".join(f'<meta property="schema:{name}">{value}</meta>' for name, values in ACCESS.items() for value in values)
    source = f"<dc:source>{escape(book.address)}</dc:source>" if book.address else ""
    properties = {**dict.fromkeys(drawn, "svg"), "nav.xhtml": "nav", "cover.png": "cover-image"}
    names = {path: path.rsplit("/", 1)[-1].replace(".", "-") for path in paths}
    manifest = "".join(
        f'<item id="{names[path]}" href="{path}" media-type="{TYPES[Path(path).suffix]}"'
        + (f' properties="{properties[path]}"' if path in properties else "")
        + "/>"
        for path in paths
    )
    order = ["text/title.xhtml", "text/imprint.xhtml", "nav.xhtml", *(f"text/{page.slug}.xhtml" for page in volume.pages)]
    spine = "".join(f'<itemref idref="{names[path]}"/>' for path in order)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="en" '
        'prefix="schema: http://schema.org/"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:identifier id="id">{volume.identifier}</dc:identifier><dc:title>{escape(book.title)}</dc:title><dc:language>en</dc:language>'
        f"<dc:creator>{escape(book.author)}</dc:creator><dc:date>{book.date}</dc:date><dc:description>{escape(book.description)}</dc:description>"
        f"<dc:rights>Text and figures: {book.licences['text']}</dc:rights>{subjects}{source}"
        f'<meta property="dcterms:modified">{book.date}T00:00:00Z</meta><meta property="schema:version">{escape(book.version)}</meta>'
        f'<meta property="schema:identifier">data fingerprint {volume.fingerprint}</meta>{access}'
        f"</metadata><manifest>{manifest}</manifest><spine>{spine}</spine></package>\n"
    )


def _font(file: str, letters: set[str]) -> bytes:
    """A font with no more than the letters of the book."""
    font = TTFont(cards.font(file), recalcTimestamp=False)
    options = subset.Options(drop_tables=["FFTM", "GPOS", "GSUB"], hinting=False, notdef_outline=True)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(sorted(letters)))
    subsetter.subset(font)
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _cover(volume: Volume) -> bytes:
    """The cover: title, three lines in the colours of the figures, author and edition."""
    import resvg_py

    width, height = COVER
    title, _, subtitle = volume.book.title.partition(": ")

    def line(text: str, y: float, size: float, colour: str, weight: str = "normal") -> str:
        return f'<text x="160" y="{y}" font-size="{size}" font-weight="{weight}" fill="{colour}">{escape(text)}</text>'

    drawn = "".join(f'<path d="{course}" fill="none" stroke="{colour}" stroke-width="22"/>' for colour, course in STEPS.items())
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="{cards.FONT}">'
        f'<rect width="100%" height="100%" fill="#fff"/><rect width="100%" height="48" fill="{INK}"/>'
        + "".join(line(text, 400 + 150 * n, 128, INK, "bold") for n, text in enumerate(wrap(title, 18)))
        + line(subtitle, 690, 68, MUTED)
        + drawn
        + line(volume.book.author, 1900, 50, INK)
        + line(f"Version {volume.book.version}, {volume.book.date}", 1990, 42, MUTED)
        + line(f"Data fingerprint {volume.fingerprint}", 2055, 42, MUTED)
        + "</svg>"
    )
    fonts = [str(cards.font(file)) for file in cards.FILES]
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=fonts))
