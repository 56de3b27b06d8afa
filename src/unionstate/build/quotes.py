"""What a page quotes from the run, and which pages must be read again because of it.

Sphinx reads a page again when its file has changed. A page of this book also says numbers that other chapters compute, cites rows of
``data/`` and shows tables made from the data package: each is noted as the page is read, and compared before the next build.
"""

from __future__ import annotations

import hashlib

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective, SphinxRole

from unionstate import package
from unionstate.build.edition import Content


def note(env, kind: str, name: str):
    """Return what the page being read gets for ``name``, and remember that it got it. ``None``: there is no such thing."""
    found = env.app.unionstate.content.quoted(kind, name)
    _remember(env, kind, name, found)
    return found


def note_data(env, name: str) -> None:
    """Remember that the page being read says something made from the data package itself."""
    _remember(env, "made", name, env.app.unionstate.content.state)


def place(asking: SphinxRole | SphinxDirective) -> str:
    """Where a role or directive stands. MyST-NB numbers the lines of a notebook's n-th cell from n × 10,000 + 1, counting one too many."""
    cell, line = divmod(asking.lineno, 10_000)
    return f"{asking.env.docname}, cell {cell}, line {line - 1}" if cell else f"{asking.env.docname}, line {line}"


def _remember(env, kind: str, name: str, state) -> None:
    _quotes(env).setdefault(env.docname, {})[kind, name] = _digest(state)


def outdated(env, content: Content) -> list[str]:
    """Pages that would now say something else than when they were read."""
    kept = _quotes(env).items()
    return sorted(page for page, noted in kept if any(_digest(_state(content, *quote)) != digest for quote, digest in noted.items()))


def forget(app: Sphinx, env, page: str) -> None:
    _quotes(env).pop(page, None)


def _quotes(env) -> dict[str, dict[tuple[str, str], str]]:
    if not hasattr(env, "unionstate_quotes"):  # kept with Sphinx's own record of the pages
        env.unionstate_quotes = {}
    return env.unionstate_quotes


def _digest(value) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()


def _state(content: Content, kind: str, name: str):
    """What a note compares: the thing quoted itself, or what a generated text is made from, which is cheaper than to make it."""
    return content.state if kind == "made" else content.quoted(kind, name)


#: Where ``_static/filter.js`` puts its controls: part of the page, or what is below would jump down.
FILTERS = '<div class="us-filters"></div>'


class Made(SphinxDirective):
    """A directive whose text is made from the run and the data alone, by :meth:`make`; :meth:`show` turns it into nodes."""

    name_of_directive: str

    @staticmethod
    def make(content: Content):
        """What is shown, as plain values, from what ``engine.generated_state`` covers and nothing else."""
        raise NotImplementedError

    def show(self, made) -> list[nodes.Node]:
        return [nodes.raw("", made, format="html")]

    def run(self) -> list[nodes.Node]:
        content = self.env.app.unionstate.content
        note_data(self.env, self.name_of_directive)
        try:
            shown = self.show(self.made(content))
        except package.DataError as error:
            raise ExtensionError(str(error)) from None
        for node in shown:
            node["made"] = True  # by no author: its paragraphs have no numbers
        return shown

    def made(self, content: Content):
        return self.make(content)


class MadeOfTables(Made):
    """A directive whose text is made from the tables alone: :meth:`make` takes nothing and was called before, beside the chapters."""

    @staticmethod
    def make():
        """What is shown, as plain values that JSON can hold."""
        raise NotImplementedError

    def made(self, content: Content):
        return content.derived["made"][self.name_of_directive]


class Fingerprint(nodes.inline):
    """The data fingerprint, put in when a page is written: a page need not be read again because it has changed."""


def write_fingerprint(translator, node) -> None:
    translator.body.append(translator.builder.app.unionstate.content.fingerprint)
    raise nodes.SkipNode
