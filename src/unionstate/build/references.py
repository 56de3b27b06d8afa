"""References for reference managers: a record of the Citation Style Language (CSL) as BibTeX, RIS and CSL-JSON, each properly escaped."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date

#: What TeX takes for a command → how it prints the character. Braces by name: BibTeX counts them even after a backslash.
LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def latex(text: str) -> str:
    """``text`` as TeX prints it. Letters stay as they are: every BibTeX in use reads UTF-8."""
    return "".join(LATEX.get(character, character) for character in one_line(text))


def one_line(text: str) -> str:
    return " ".join(text.split())


def address(url: str) -> str:
    """An address for a BibTeX field, which is read verbatim: only what would end the field early is encoded."""
    return "".join(f"%{ord(c):02X}" if c in '{}\\ "' else c for c in url)


def bibtex(kind: str, key: str, fields: dict[str, str | None]) -> str:
    """One entry. ``fields`` are already escaped; empty ones are left out."""
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@{kind}{{{key},\n{body}}}\n"


def ris(fields: Iterable[tuple[str, str | None]]) -> str:
    """One reference. The format ends a line with CR LF and a reference with ER; a value has one line."""
    lines = [f"{tag}  - {one_line(value)}\r\n" for tag, value in fields if value]
    return "".join(lines) + "ER  - \r\n"


def kept(text: str) -> str:
    """A name or title that BibTeX shall neither take apart nor put into lower case."""
    return f"{{{latex(text)}}}"


def day(item: dict, name: str) -> str:
    """A date of a CSL record as far as it is known: ``2026``, ``2026-11`` or ``2026-11-24``."""
    parts = item.get(name, {}).get("date-parts", [[]])[0]
    return "-".join(f"{part:02d}" for part in parts)


def date_parts(text: str) -> dict:
    """A date as CSL has it."""
    return {"date-parts": [[int(part) for part in text.split("-")]]}


def chapter_bibtex(item: dict) -> str:
    fields = {
        "author": " and ".join(kept(author["literal"]) for author in item["author"]),
        "title": kept(item["title"]),
        "booktitle": kept(item["container-title"]),
        "year": day(item, "issued")[:4],
        "date": day(item, "issued"),
        "version": latex(item["version"]),
        "url": address(item.get("URL", "")),
        "note": f"Version {latex(item['version'])}. {latex(item['note'])}",
        "keywords": latex(item["keyword"]),
        "abstract": latex(item["abstract"]),
    }
    return bibtex("incollection", item["id"], fields)


def chapter_ris(item: dict) -> str:
    fields = [
        ("TY", "CHAP"),
        ("ID", item["id"]),
        *(("AU", author["literal"]) for author in item["author"]),
        ("TI", item["title"]),
        ("T2", item["container-title"]),
        ("PY", day(item, "issued")[:4]),
        ("DA", day(item, "issued").replace("-", "/")),
        ("ET", f"Version {item['version']}"),
        ("UR", item.get("URL")),
        ("N1", item["note"]),
        *(("KW", word) for word in item["keyword"].split(", ")),
        ("AB", item["abstract"]),
        ("LA", item["language"]),
    ]
    return ris(fields)


def chapter_json(item: dict) -> str:
    return json.dumps([item], indent=1, ensure_ascii=False) + "\n"


def source_bibtex(row: dict) -> str:
    """A row of ``sources.csv``. Styles print how it was published, reference managers read the publisher: it is given as both."""
    publisher, published = kept(row["publisher"]), row["published"] if re.match(r"\d{4}", row["published"]) else ""
    fields = {
        "title": kept(row["title"]),
        "howpublished": publisher,
        "publisher": publisher,
        "year": published[:4],
        "date": published,
        "url": address(row["url"]),
        "urldate": row["accessed"],
        "keywords": latex(row["kind"]),
    }
    return bibtex("misc", row["key"], fields)


def source_ris(row: dict) -> str:
    fields = [
        ("TY", "ELEC"),
        ("ID", row["key"]),
        ("TI", row["title"]),
        ("PB", row["publisher"]),
        ("PY", row["published"][:4]),
        ("DA", row["published"].replace("-", "/")),
        ("UR", row["url"]),
        ("Y2", row["accessed"].replace("-", "/")),
        ("KW", row["kind"]),
    ]
    return ris(fields)


def source_text(row: dict) -> dict[str, str]:
    """A row of ``sources`` with every cell as text."""
    return {name: f"{value:%Y-%m-%d}" if isinstance(value, date) else str(value) for name, value in row.items()}


def source_files(rows: Iterable[dict]) -> dict[str, str]:
    """``sources.bib`` and ``sources.ris`` at the site's root: every source under its key."""
    rows = list(map(source_text, rows))
    return {"sources.bib": "\n".join(map(source_bibtex, rows)), "sources.ris": "".join(map(source_ris, rows))}
