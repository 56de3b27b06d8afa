"""Where the site says that the whole book can be had as one file: with links once the files are there, before with how to make them.

The files are made from the finished site, and a new site is put together from nothing: a file that is there belongs to it.
"""

from __future__ import annotations

import re
from pathlib import Path
from posixpath import relpath

from unionstate.build import engine
from unionstate.build.edition import Content
from unionstate.build.quotes import Made
from unionstate.paths import write_whole

#: What the files are called, but for their endings.
STEM = "union-state-in-data"
#: Ending → what a reader gets.
KINDS = {"pdf": "PDF, a book of pages", "epub": "EPUB, for e-readers"}
WHOLE = "The whole book to print or to carry along: "
NONE_YET = "<code>make pdf</code> and <code>make epub</code> bind it as one file."


class Volumes(Made):
    """The place for the links."""

    name_of_directive = "volumes"

    @staticmethod
    def make(content: Content):
        return f'<p class="us-volumes">{WHOLE}{NONE_YET}</p>'


def offer(root: Path) -> None:
    """Link the files that lie in the site from the pages that have a place for that."""
    out = root / "_build" / "html"
    for name in engine.pages(root):
        page = out / f"{name}.html"
        text = page.read_text(encoding="utf-8")
        linked = re.sub(r'(?<=<p class="us-volumes">).*?(?=</p>)', lambda _, name=name: _links(out, name), text, flags=re.DOTALL)
        if linked != text:
            write_whole(page, linked)


def _links(out: Path, page: str) -> str:
    files = {kind: out / f"{STEM}.{kind}" for kind in KINDS}
    links = [
        f'<a href="{relpath(file.name, Path(page).parent.as_posix())}" download>{KINDS[kind]}</a> ({file.stat().st_size / 2**20:.1f} MiB)'
        for kind, file in files.items()
        if file.exists()
    ]
    return f"{WHOLE}{' or '.join(links)}." if links else f"{WHOLE}{NONE_YET}"
