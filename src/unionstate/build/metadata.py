"""What the book and its chapters say of themselves, read from ``metadata.yml`` and, for titles and abstracts, from the notebooks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

import yaml

from unionstate.build import engine
from unionstate.build.site import BookError, Registry
from unionstate.paths import root

FILE = "metadata.yml"
LICENCES = ("text", "code", "data")


class MetadataError(BookError):
    """``metadata.yml``, or what a notebook says of its chapter, breaks a rule; the message names file, field, value and expectation."""


@dataclass(frozen=True)
class Book:
    """The book as a whole."""

    title: str
    short_title: str
    author: str
    """A corporate author: one name, never split into first and last."""
    version: str
    date: str
    """When this version was released, as YYYY-MM-DD."""
    licences: dict[str, str]
    """``text``, ``code`` and ``data`` → SPDX identifier."""
    address: str | None
    """Where the book is published; ``None`` as long as it has no public address."""
    keywords: tuple[str, ...]
    description: str
    """What the book is, in a sentence or two."""


@dataclass(frozen=True)
class Chapter:
    """One chapter."""

    name: str
    slug: str
    title: str
    abstract: str
    keywords: tuple[str, ...]
    first_published: str
    changed: str


def book() -> Book:
    """The book's record. Raises :class:`MetadataError`."""
    where, record = "book", _mapping(_records(), "book", "top level")
    _only(record, where, Book.__annotations__)
    licences = _mapping(record, "licences", where)
    _only(licences, f"{where}.licences", LICENCES)
    return Book(
        **{name: _text(record, name, where) for name in ("title", "short_title", "author", "version", "description")},
        date=_date(record, "date", where),
        licences={name: _text(licences, name, f"{where}.licences") for name in LICENCES},
        address=_address(record, where),
        keywords=_words(record, where),
    )


def chapter(name: str, notebook: dict, registry: Registry) -> Chapter:
    """A chapter's record, with title and abstract as its notebook has them and the abstract's numbers filled in."""
    abstract = plain(_abstract(name, markdown(notebook)), registry, f"book/{name}.ipynb")
    return Chapter(name, name.replace("/", "-"), title_of(notebook), abstract, **_record(name))


def chapters() -> dict[str, dict]:
    """Keywords and dates of every chapter. A chapter of ``_toc.yml`` without a record is an error."""
    given = _mapping(_records(), "chapters", "top level")
    return {name: _record(name) for name in dict.fromkeys([*engine.chapters(root()), *given])}


def _record(name: str) -> dict:
    given, where = _mapping(_records(), "chapters", "top level"), f"chapters.{name}"
    if name not in given:
        raise MetadataError(f"{FILE}, chapters: no record of {name!r}; expected one for every notebook of _toc.yml")
    record = _mapping(given, name, "chapters")
    _only(record, where, ("keywords", "first_published", "changed"))
    first, last = _date(record, "first_published", where), _date(record, "changed", where)
    if last < first:
        raise _wrong(where, "changed", last, f"a date not before first_published, {first}")
    return {"keywords": _words(record, where), "first_published": first, "changed": last}


def title_of(notebook: dict) -> str:
    """The first heading of a notebook."""
    return "".join(notebook["cells"][0]["source"]).splitlines()[0].lstrip("# ").strip()


def markdown(notebook: dict) -> str:
    """The prose of a notebook, its cells one after the other."""
    return "\n\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")


def _abstract(name: str, text: str) -> str:
    found = re.search(r"^## +Abstract *$(.+?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    if not found or not found[1].strip():
        raise MetadataError(f"book/{name}.ipynb: no text under a heading '## Abstract'; expected the chapter's abstract there")
    return found[1]


def plain(markdown: str, registry: Registry, file: str) -> str:
    """Prose without markup: roles become the text they show, emphasis and links their words, paragraphs stay apart."""

    def role(match: re.Match) -> str:
        kind, content = match[1].partition(":")[0], match[2]
        if kind == "num":
            return _known(registry.numbers, content, "key number", file)["text"]
        if kind == "fig":
            return f"Figure {_known(registry.figures, content, 'figure', file)['number']}"
        if kind == "src":
            from unionstate import tables  # here, not above: it takes a while to import

            return _known(tables.sources(), content, "source", file)["publisher"]
        if kind == "cite":
            return f"[{content}]"
        return re.sub(r"\s*<[^>]*>$", "", content)

    text = re.sub(r"\{([\w:-]+)\}`([^`]*)`", role, markdown)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"(?<!\w)(\*\*|\*|__|_|`)(?=\S)(.+?)(?<=\S)\1(?!\w)", r"\2", text)
    return "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip()))


def _known(records: dict, name: str, kind: str, file: str) -> dict:
    if name not in records:
        raise MetadataError(f"{file}: the abstract quotes {kind} {name!r}; expected one that the book has")
    return records[name]


def _records() -> dict:
    path = root() / FILE
    if not path.exists():
        raise MetadataError(f"{FILE}: no such file; expected it at the top of the checkout")
    return _parsed(path.read_text(encoding="utf-8"))


@cache
def _parsed(text: str) -> dict:
    try:
        records = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise MetadataError(f"{FILE}: {error}; expected YAML") from None
    if not isinstance(records, dict):
        raise _wrong("top level", "all", records, "the fields book and chapters")
    _only(records, "top level", ("book", "chapters"))
    return records


def _wrong(where: str, field: str, value, expected: str) -> MetadataError:
    return MetadataError(f"{FILE}, {where}: {field} is {value!r}; expected {expected}")


def _only(record: dict, where: str, fields) -> None:
    if unknown := [field for field in record if field not in fields]:
        raise _wrong(where, str(unknown[0]), record[unknown[0]], f"only the fields {', '.join(fields)}")


def _mapping(record: dict, field: str, where: str) -> dict:
    if not isinstance(record.get(field), dict):
        raise _wrong(where, field, record.get(field), "a group of fields")
    return record[field]


def _text(record: dict, field: str, where: str) -> str:
    value = record.get(field)
    if not isinstance(value, str) or not value.strip() or value != " ".join(value.split()):
        raise _wrong(where, field, value, "words on one line (in quotes where YAML would read a number or a date)")
    return value


def _date(record: dict, field: str, where: str) -> str:
    value = record.get(field)
    try:
        if date.fromisoformat(str(value)).isoformat() == str(value):
            return str(value)
    except ValueError:
        pass
    raise _wrong(where, field, value, "a date, YYYY-MM-DD")


def _words(record: dict, where: str) -> tuple[str, ...]:
    value = record.get("keywords")
    sound = isinstance(value, list) and all(isinstance(word, str) and word.strip() for word in value)
    if not sound or not 4 <= len(value) <= 6 or len(set(value)) < len(value):
        raise _wrong(where, "keywords", value, "a list of four to six different words or phrases")
    return tuple(value)


def _address(record: dict, where: str) -> str | None:
    value = record.get("address")
    if value is not None and not (isinstance(value, str) and re.fullmatch(r"https?://[^\s/]+\.[^\s/]+(/\S*)?", value)):
        raise _wrong(where, "address", value, "an address on the web that begins with https://, or nothing")
    return value
