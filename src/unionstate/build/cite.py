"""How to cite a chapter: one record per chapter, from the book's metadata, as a sentence and as BibTeX."""

from __future__ import annotations

import yaml
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from unionstate.build.quotes import Fingerprint
from unionstate.paths import root


def book() -> dict:
    """The book's metadata as kept in ``CITATION.cff``."""
    return yaml.safe_load((root() / "CITATION.cff").read_text(encoding="utf-8"))


def title_of(notebook: dict) -> str:
    first = "".join(notebook["cells"][0]["source"])
    return first.splitlines()[0].lstrip("# ").strip()


def sentence(title: str) -> str:
    """The citation in a sentence, but for the data fingerprint that ends it."""
    meta = book()
    author, year = meta["authors"][0]["name"], str(meta["date-released"])[:4]
    where = f"In: {meta['title']}, version {meta['version']}"
    return f"{author} ({year}). {title}. {where}. Data fingerprint "


def bibtex(chapter: str, title: str, fingerprint: str) -> str:
    meta = book()
    fields = {
        "author": "{" + meta["authors"][0]["name"] + "}",
        "title": title,
        "booktitle": meta["title"],
        "year": str(meta["date-released"])[:4],
        "edition": f"version {meta['version']}",
        "note": f"Data fingerprint {fingerprint}",
    }
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@incollection{{unionstate-{chapter.replace('/', '-')},\n{body}\n}}\n"


def files(notebooks: dict[str, dict], fingerprint: str) -> dict[str, str]:
    """Path below the site's root → text of each chapter's citation file."""
    return {
        f"citations/{chapter.replace('/', '-')}.bib": bibtex(chapter, title_of(notebook), fingerprint)
        for chapter, notebook in notebooks.items()
    }


class CiteThisChapter(SphinxDirective):
    """The chapter's suggested citation, its BibTeX file and its executed notebook."""

    def run(self):
        chapter = self.env.docname.removeprefix("book/")
        lead = sentence(title_of(self.env.app.unionstate.content.notebooks[chapter]))
        up = "../" * self.env.docname.count("/")
        href = f"{up}citations/{chapter.replace('/', '-')}.bib"
        bib = nodes.reference("", "BibTeX", refuri=href, classes=["cite-bibtex"])
        run = nodes.reference("", "Executed notebook", refuri=f"{chapter.rsplit('/', 1)[-1]}.ipynb", classes=["chapter-notebook"])
        links = nodes.paragraph("", "", bib, nodes.Text(" \N{MIDDLE DOT} "), run)
        return [nodes.paragraph("", "", nodes.Text(lead), Fingerprint(), nodes.Text("."), classes=["us-citation"]), links]
