"""The head of each page for machines: description, Highwire tags, Dublin Core, Open Graph and schema.org as JSON-LD.

What a head says comes from the book's metadata, the run of the chapters and the data package, gathered in :func:`told`, whose value is part
of what a remembered page is kept under; or from the first paragraph of the page, which is in its doctree. Without a public address
in ``metadata.yml`` all addresses in a head are relative, and those that must be absolute are left out.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from html import escape
from posixpath import dirname, relpath

from docutils import nodes
from sphinx.application import Sphinx

from unionstate import package
from unionstate.build import cards, metadata, site
from unionstate.build.edition import Content

LONGEST = 300
DATA_PAGE = "book/back/data"
LANGUAGE, LOCALE = "en", "en_GB"
#: Pages of the site that are no pages of the book and have no first paragraph.
STATED = {"search": "Search all pages of the book."}
LICENCES = {"CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/", "MIT": "https://opensource.org/license/mit"}


@dataclass(frozen=True)
class Page:
    """What is said of one page to machines. Two pages with equal values, titles and first paragraphs have the same head."""

    name: str
    title: str
    book: metadata.Book
    published: str
    changed: str
    keywords: tuple[str, ...]
    description: str | None = None
    """``None``: the first paragraph of the page."""
    abstract: str | None = None
    image: tuple[str, str] | None = None
    """Path of a picture below the site's root and a text in its place."""
    figures: tuple[tuple, ...] = ()
    """Name, number, caption, alternative text (here whole, in the head in brief) and path of the data of each figure."""
    parts: tuple[tuple[str, str], ...] = ()
    """Name and title of each chapter (the landing page only)."""
    tables: str = ""
    """The tables of the data package as JSON (the data page only)."""

    @property
    def kind(self) -> str:
        return "book" if self.parts else "chapter" if self.abstract else "data" if self.tables else "page"

    def to(self, path: str) -> str:
        """The address of a file of the site as seen from this page: absolute where the book has an address."""
        return f"{self.book.address.rstrip('/')}/{path}" if self.book.address else relpath(path, dirname(self.name) or ".")


def told(app: Sphinx, name: str) -> Page:
    """What the head of page ``name`` says, but for a first paragraph."""
    content, book = app.unionstate.content, metadata.book()
    plain = Page(name, _title(app, name), book, book.date, book.date, book.keywords)
    if (chapter := content.records.get(name.removeprefix("book/"))) is not None:
        return _chapter(plain, chapter, content)
    if name == app.config.root_doc:
        parts = tuple((f"book/{chapter.name}", chapter.title) for chapter in content.records.values())
        return replace(plain, title=book.title, description=cut(book.description), parts=parts, image=_repeated(app, name))
    if name == DATA_PAGE:
        return replace(plain, tables=json.dumps(_tables(), ensure_ascii=False))
    return replace(plain, description=STATED.get(name), image=_repeated(app, name))


def _title(app: Sphinx, name: str) -> str:
    return app.env.titles[name].astext() if name in app.env.titles else {"search": "Search"}.get(name, name)


def _chapter(page: Page, chapter: metadata.Chapter, content: Content) -> Page:
    records = [record for record in content.registry.figures.values() if record["chapter"] == chapter.name]
    return replace(
        page,
        title=chapter.title,
        published=chapter.first_published,
        changed=chapter.changed,
        keywords=chapter.keywords,
        description=cut(chapter.abstract),
        abstract=" ".join(chapter.abstract.split()),
        image=_card(content, chapter.name),
        figures=tuple((r["name"], r["number"], r["caption"], r["alt"], site.data_path(r)) for r in records),
    )


def _card(content: Content, chapter: str) -> tuple[str, str] | None:
    record = cards.chosen(content.registry).get(chapter)
    return record and (cards.path(chapter), record["alt"])


def _repeated(app: Sphinx, name: str) -> tuple[str, str] | None:
    """The card of the first chapter whose figure a page repeats."""
    figures = app.unionstate.content.registry.figures
    noted = app.env.unionstate_quotes.get(name, {}) if hasattr(app.env, "unionstate_quotes") else {}
    owners = [figures[figure]["chapter"] for kind, figure in noted if kind == "drawing" and figure in figures]
    return _card(app.unionstate.content, owners[0]) if owners else None


def _tables() -> list[dict]:
    """Each table: its description in the data package, in brief, with the checksum of the file as it is now."""
    return [
        {
            "name": meta["title"],
            "description": cut(meta["description"].replace("`", ""), LONGEST // 2),
            "licences": [licence["path"] for licence in meta["licenses"]],
            "sources": [{key: source[key] for key in ("title", "path") if key in source} for source in meta["sources"]],
            "fields": [field["name"] for field in meta["schema"]["fields"]],
            "path": f"data/{meta['path']}",
            "sha256": package.sha256(name),
        }
        for name, meta in package.resources().items()
    ]


def cut(text: str, longest: int = LONGEST) -> str:
    """As many whole sentences from the beginning as fit; where not even one does, whole words and an ellipsis."""
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    ends = [end.end() for end in re.finditer(r"[.!?][”’\")]*(?= +[A-Z0-9“‘(])", text[: longest + 2]) if end.end() <= longest]
    return text[: ends[-1]] if ends else text[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"


def put(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Add a page's tags to its head."""
    page = told(app, pagename)
    if page.description is None:
        page = replace(page, description=first_paragraph(doctree))
    context["metatags"] = context.get("metatags", "") + html(page, inside="body" in context and doctree is not None)


def first_paragraph(doctree) -> str:
    """What a page without an abstract begins with, in brief."""
    found = doctree.next_node(nodes.paragraph) if doctree is not None else None
    words = found.findall(nodes.Text) if found is not None else ()
    text = "".join(word.astext() for word in words if not isinstance(word.parent, nodes.raw))  # raw: the tags of links to files
    return cut(text, min(LONGEST, len(text) - 1) if text.endswith(":") else LONGEST)  # a colon leads to a list that is not part of it


def html(page: Page, inside: bool = True) -> str:
    """The tags of a page; of one that is not ``inside`` the book the description alone."""
    tags = [("name", "description", page.description)] if page.description else []
    if inside:
        tags += [*_highwire(page), *_dublin_core(page), *_open_graph(page)]
    lines = [f'<meta {attribute}="{name}" content="{escape(value)}">' for attribute, name, value in tags]
    if inside:
        lines.insert(0, '<link rel="schema.DC" href="http://purl.org/dc/elements/1.1/">')
        lines.append(f'<script type="application/ld+json">{_script(linked(page))}</script>')
    return "\n" + "\n".join(lines) + "\n"


def _script(value: dict) -> str:
    """JSON that cannot end the script it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _highwire(page: Page) -> list[tuple[str, str, str]]:
    """As Google Scholar documents them: https://scholar.google.com/intl/en/scholar/inclusion.html#indexing."""
    tags = [("title", page.title), ("author", page.book.author), ("publication_date", page.published.replace("-", "/"))]
    if page.kind != "book":
        tags.append(("inbook_title", page.book.title))
    tags += [("language", LANGUAGE), *(("keywords", word) for word in page.keywords)]
    if page.book.address:
        tags.append(("fulltext_html_url", page.to(f"{page.name}.html")))
    return [("name", f"citation_{name}", value) for name, value in tags]


def _dublin_core(page: Page) -> list[tuple[str, str, str]]:
    tags = [("title", page.title), ("creator", page.book.author), ("date", page.published), ("language", LANGUAGE)]
    tags += [("rights", licence(page.book.licences["text"])), ("type", "Dataset" if page.kind == "data" else "Text")]
    if page.kind != "book":
        tags.append(("isPartOf", page.book.title))
    return [("name", f"DC.{name}", value) for name, value in tags]


def _open_graph(page: Page) -> list[tuple[str, str, str]]:
    tags = [("og:title", page.title), ("og:type", "book" if page.kind == "book" else "article"), ("og:site_name", page.book.short_title)]
    tags += [("og:description", page.description)] if page.description else []
    tags.append(("og:locale", LOCALE))
    if page.book.address:
        tags.append(("og:url", page.to(f"{page.name}.html")))
    if page.image:
        picture, instead = page.image
        size = (("type", "image/png"), ("width", str(cards.WIDTH)), ("height", str(cards.HEIGHT)), ("alt", cut(instead)))
        tags += [("og:image", page.to(picture)), *((f"og:image:{name}", value) for name, value in size)]
    if page.kind == "chapter":
        tags += [("article:published_time", page.published), ("article:modified_time", page.changed)]
    return [("property", name, value) for name, value in tags]


def licence(identifier: str) -> str:
    """The address of a licence's text, from its SPDX identifier."""
    return LICENCES.get(identifier, f"https://spdx.org/licenses/{identifier}.html")


def linked(page: Page) -> dict:
    """The page in the words of schema.org."""
    kinds = {"book": ("Book", _as_book), "chapter": ("Chapter", _as_chapter), "data": ("DataCatalog", _as_catalog)}
    kind, more = kinds.get(page.kind, ("WebPage", lambda page: {}))
    said = {"@context": "https://schema.org", "@type": kind, "name": page.title, "description": page.description}
    if page.book.address:
        said["url"] = page.to(f"{page.name}.html")
    said |= {"inLanguage": LANGUAGE, "author": _organization(page.book), "datePublished": page.published, "dateModified": page.changed}
    said |= {"version": page.book.version, "license": licence(page.book.licences["data" if page.kind == "data" else "text"])}
    said |= {"keywords": list(page.keywords)} if page.keywords else {}
    if page.image:
        said["image"] = page.to(page.image[0])
    if page.kind != "book":
        said["isPartOf"] = {"@type": "Book", "name": page.book.title, "url": page.to("book/index.html")}
    return {name: value for name, value in {**said, **more(page)}.items() if value}


def _organization(book: metadata.Book) -> dict:
    return {"@type": "Organization", "name": book.author}


def _about(page: Page) -> list[dict]:
    return [{"@type": "Thing", "name": word} for word in page.book.keywords[:3]]


def _as_book(page: Page) -> dict:
    parts = [{"@type": "Chapter", "name": title, "url": page.to(f"{name}.html")} for name, title in page.parts]
    return {"about": _about(page), "hasPart": parts}


def _as_chapter(page: Page) -> dict:
    return {"abstract": page.abstract, "about": _about(page), "hasPart": [_figure(page, *figure) for figure in page.figures]}


def _figure(page: Page, name: str, number: int, caption: str, alt: str, data: str) -> dict:
    here = page.to(f"{page.name}.html") if page.book.address else ""
    return {
        "@type": "ImageObject",
        "name": f"Figure {number}",
        "caption": caption,
        "description": cut(alt),
        "encodingFormat": "image/svg+xml",
        "contentUrl": f"{here}#fig-{name}",
        "isBasedOn": {"@type": "DataDownload", "contentUrl": page.to(data), "encodingFormat": "text/csv"},
    }


def _as_catalog(page: Page) -> dict:
    return {"about": _about(page), "dataset": [_dataset(page, table) for table in json.loads(page.tables)]}


def _dataset(page: Page, table: dict) -> dict:
    """A table. One collected by hand has the book's author as its creator; of others the book knows a work, which it names."""
    works = [{"@type": "CreativeWork", "name": s["title"], "url": s["path"]} for s in table["sources"] if "path" in s]
    download = {"@type": "DataDownload", "contentUrl": page.to(table["path"]), "encodingFormat": "text/csv", "sha256": table["sha256"]}
    return {
        "@type": "Dataset",
        "name": table["name"],
        "description": table["description"],
        "license": table["licences"],
        **({"isBasedOn": works} if works else {"creator": _organization(page.book)}),
        "variableMeasured": table["fields"],
        "distribution": download,
    }
