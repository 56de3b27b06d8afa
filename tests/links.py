"""Where the links of the built site lead: to files, to anchors, from one element of a page to another."""

from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

#: Attributes that name other elements of the same page by their ids.
NAMING = ("for", "headers", "list", "form", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-details")
LEADING = ("href", "src", "action", "data", "poster")


@cache
def page_at(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@cache
def anchors(path: Path) -> set[str]:
    return {tag["id"] for tag in page_at(path).select("[id]")} if path.suffix == ".html" else set()


def internal(path: Path) -> list[str]:
    """Every link of a page that leads into the site, as written."""
    tags = page_at(path).select(", ".join(f"[{name}]" for name in LEADING))
    written = [tag[name] for tag in tags for name in LEADING if name in tag.attrs]
    return [target for target in written if not urlsplit(target).scheme and not urlsplit(target).netloc]


def dead(path: Path) -> list[str]:
    """Links of a page that lead to no file or no anchor, and ids that its elements name but none has."""
    found = [target for target in internal(path) if not _leads(path, target)]
    for name in NAMING:
        for tag in page_at(path).select(f"[{name}]"):
            named = tag[name] if isinstance(tag[name], list) else tag[name].split()
            found += [f"{name}={one}" for one in named if one not in anchors(path)]
    return sorted(set(found))


def _leads(path: Path, target: str) -> bool:
    parts = urlsplit(target)
    there = (path.parent / unquote(parts.path)).resolve() if parts.path else path.resolve()
    return there.is_file() and (not parts.fragment or unquote(parts.fragment) in anchors(there))
