"""The book described for archives and catalogues: ``CITATION.cff``, ``codemeta.json`` and ``.zenodo.json``, from ``metadata.yml`` alone.

They lie at the top of the checkout, because that is where services look for them; ``unionstate cite`` writes them.
"""

from __future__ import annotations

import json
from html import escape

import yaml

from unionstate.build import engine, metadata
from unionstate.paths import root

SPDX = "https://spdx.org/licenses/"


def files() -> dict[str, str]:
    """Name at the top of the checkout → text."""
    book = metadata.book()
    return {"CITATION.cff": cff(book), "codemeta.json": _json(codemeta(book, _chapters())), ".zenodo.json": _json(zenodo(book))}


def cff(book: metadata.Book) -> str:
    """The Citation File Format, version 1.2."""
    fields = {
        "cff-version": "1.2.0",
        "message": "If you use this book, please cite it; each chapter ends with its own citation.",
        "type": "dataset",
        "title": book.title,
        "abstract": book.description,
        "authors": [{"name": book.author}],
        "version": book.version,
        "date-released": book.date,
        "license": _licences(book),
        **({"url": book.address} if book.address else {}),
        "keywords": list(book.keywords),
    }
    head = "# Written from metadata.yml by `unionstate cite`.\n"
    return head + yaml.safe_dump(fields, sort_keys=False, allow_unicode=True, width=140)


def codemeta(book: metadata.Book, chapters: list[dict]) -> dict:
    """CodeMeta 3, with a record of every chapter."""
    fields = {
        "@context": "https://w3id.org/codemeta/3.0",
        "@type": "SoftwareSourceCode",
        "name": book.title,
        "alternateName": book.short_title,
        "description": book.description,
        "author": [{"@type": "Organization", "name": book.author}],
        "version": book.version,
        "datePublished": book.date,
        "license": [SPDX + name for name in _licences(book)],
        "keywords": list(book.keywords),
        "inLanguage": "en",
        "programmingLanguage": "Python",
        "hasPart": chapters,
    }
    return {**fields, "url": book.address} if book.address else fields


def zenodo(book: metadata.Book) -> dict:
    """What Zenodo asks of a deposit. It knows one licence, that of the text; the others are told in the notes."""
    licences = book.licences
    notes = (
        f"Text: {licences['text']}; code: {licences['code']}; curated tables: {licences['data']}; data of publishers: see LICENSE-DATA.md."
    )
    return {
        "title": book.title,
        "upload_type": "publication",
        "publication_type": "book",
        "description": f"<p>{escape(book.description, quote=False)}</p>",
        "creators": [{"name": book.author}],
        "version": book.version,
        "publication_date": book.date,
        "access_right": "open",
        "license": licences["text"].lower(),
        "notes": notes,
        "keywords": list(book.keywords),
        "language": "eng",
    }


def _licences(book: metadata.Book) -> list[str]:
    """Each licence once, in the order text, data, code."""
    return list(dict.fromkeys(book.licences[kind] for kind in ("text", "data", "code")))


def _chapters() -> list[dict]:
    """Every chapter, in reading order, as its stored notebook and its record have it."""
    records, base = metadata.chapters(), root()
    return [
        {
            "@type": "Chapter",
            "name": metadata.title_of(engine.read_notebook(base, name)),
            "keywords": list(records[name]["keywords"]),
            "datePublished": records[name]["first_published"],
            "dateModified": records[name]["changed"],
        }
        for name in engine.chapters(base)
    ]


def _json(record: dict) -> str:
    return json.dumps(record, indent=1, ensure_ascii=False) + "\n"
