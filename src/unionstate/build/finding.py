"""What search finds beside pages and headings: every figure, every shown table and every table of the data package, by name.

They are objects of a Sphinx domain, like the functions of a library's manual: the search page lists objects that hold the words
asked for before pages that do, with a link to the very place.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.domains import Domain, ObjType

from unionstate import package
from unionstate.build import dictionary, head, pinpoints


class Book(Domain):
    """The figures and tables of the book."""

    name, label = "book", "Book"
    object_types = {"figure": ObjType("Figure"), "table": ObjType("Table"), "data": ObjType("Data table")}
    initial_data = {"tables": {}}

    def get_type_name(self, type: ObjType, primary: bool = False) -> str:
        return type.lname

    def clear_doc(self, docname: str) -> None:
        self.data["tables"].pop(docname, None)

    def resolve_any_xref(self, env, fromdocname, builder, target, node, contnode) -> list:
        return []  # {fig} and {num} refer to what chapters show; no other role needs to

    def get_objects(self):
        """Name that no other object has, name shown, kind, page, anchor, order: a figure comes before pages with the same words."""
        figures = self.env.app.unionstate.content.registry.figures
        shown = [("figure", f"book/{record['chapter']}", f"fig-{name}", title(record["caption"])) for name, record in figures.items()]
        shown += [("table", page, anchor, name) for page, tables in self.data["tables"].items() for anchor, name in tables]
        shown += [
            ("data", head.DATA_PAGE, dictionary.anchor(name), f"{name}: {meta['title']}") for name, meta in package.resources().items()
        ]
        for kind, page, anchor, name in shown:
            yield f"{page}#{anchor}", name, kind, page, anchor, int(kind == "table")


def title(caption: str) -> str:
    """The first sentence of a caption, which names the figure; all of its words are found with the page anyway."""
    return re.split(r"\.(?= +[A-Z]|$)", caption)[0]


def note_tables(app: Sphinx, doctree: nodes.document) -> None:
    """Remember the tables of a page as read, by the anchors that they have then. The dictionary's are known by what they describe."""
    if app.env.docname == head.DATA_PAGE:
        return
    found = [table for raw in doctree.findall(nodes.raw) for table in pinpoints.tables(raw.astext())]
    app.env.get_domain("book").data["tables"][app.env.docname] = found
