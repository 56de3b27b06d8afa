"""Writing the pages: one that would be written the same again is taken over as it was, in the site and in the search index.

Sphinx can leave old pages where they are, but then parts of what they once said stay behind in its search index, and a new title
does not reach their menus. Here every site is put together from nothing, of pages just written and pages remembered.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from pprint import pformat

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment.adapters.toctree import global_toctree_for_doc
from sphinx.util.osutil import relative_uri

from unionstate.build import head
from unionstate.paths import write_whole

#: Names, punctuation and blanks in code: coloured as the text around them, yet a fifth of a page's weight.
PLAIN = re.compile(r'<span class="[npw]">([^<]*)</span>')

#: The data behind a figure, and any tag: Sphinx would take the words of two cells of a table for one.
BEHIND = re.compile('<details class="us-data".*?</details>', re.DOTALL)
TAG = re.compile("<style.*?</style>|<[^>]+>", re.DOTALL)


class Pages(StandaloneHTMLBuilder):
    """Sphinx's own HTML builder, with a memory of pages beside the site."""

    def write(self, build_docnames, updated_docnames, method="update") -> None:
        """Write all pages of the book, whichever Sphinx thinks are out of date."""
        frame, root = _frame(self), self.config.root_doc  # Sphinx writes the root whatever it is asked
        keys = {page: _key(self, frame, page) for page in sorted(self.env.found_docs)}
        kept = {page: record for page, key in keys.items() if page != root and (record := _remembered(self, page, key))}
        super().write(keys.keys() - kept.keys(), [], "specific")
        for page, record in kept.items():
            _take_over(self, page, record)
        for page in keys.keys() - kept.keys():
            _remember(self, page, keys[page])
        self.indexer._index_entries = dict(sorted(self.indexer._index_entries.items()))

    @cached_property
    def menu(self) -> str:
        """The book's contents with links as seen from the root of the site."""
        tree = global_toctree_for_doc(self.env, "search", self, collapse=False, titles_only=True, maxdepth=-1, includehidden=True)
        return self.render_partial(tree)["fragment"].replace(' role="heading"', "")  # of no level, thus no heading

    def update_page_context(self, pagename, templatename, ctx, event_arg) -> None:
        """Give the theme one menu for all pages, which it then makes up once, and lighter code; :func:`see_from` fits the menu."""
        ctx["toctree"] = lambda **options: self.menu
        if "body" in ctx:
            ctx["body"] = PLAIN.sub(r"\1", ctx["body"]).replace('role="doc-biblioentry"', 'role="listitem"')  # the role is deprecated

    def index_page(self, pagename: str, doctree: nodes.document, title: str) -> None:
        """Let search see generated HTML word by word, and without the data behind figures: those are for reading a figure, not a page."""
        kept = {raw: raw.children for raw in doctree.findall(nodes.raw) if raw.get("format") == "html"}
        for raw in kept:
            raw.children = [nodes.Text(TAG.sub(" ", BEHIND.sub("", raw.astext())))]
        super().index_page(pagename, doctree, title)
        for raw, children in kept.items():
            raw.children = children

    def load_indexer(self, docnames: Iterable[str]) -> None:
        """Begin the search index with nothing."""
        self.indexer.prune(())


def see_from(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Turn the links of the menu, and mark the page's own entry (all entries are of one level)."""
    here = app.builder.get_target_uri(pagename)
    entry = '<li class="toctree-l1"><a class="reference internal" href="{}">'.format
    own = '<li class="toctree-l1 current current-page"><a class="current reference internal" href="#">'
    menu = context["furo_navigation_tree"].replace(entry(here), own)
    turned = re.sub(r'(?<=href=")[^"#]+', lambda link: relative_uri(here, link[0]), menu)
    context["furo_navigation_tree"] = turned


def _frame(builder: Pages) -> str:
    """What any page may show of others: code, settings, theme, meanings of terms, titles, order, targets of links, labels of citations."""
    env = builder.env
    shown = {
        "settings": builder.app.unionstate_shared,
        "meanings": builder.app.unionstate.content.derived["meanings"],
        "titles": {page: (env.titles[page].astext(), env.longtitles[page].astext()) for page in env.found_docs},
        "order": (env.toctree_includes, env.toc_secnumbers, env.toc_fignumbers),
        "targets": {name: env.domaindata.get(name) for name in ("std", "math", "citation")},
        "citations": {(*c.bibliography_key, c.key): (c.citation_id, c.formatted_entry.label) for c in env.get_domain("cite").citations},
    }
    return _hash(pformat(shown).encode())  # in one order, however often pages were read again


def _key(builder: Pages, frame: str, page: str) -> str:
    """What a page follows from: its text as read, what it says of itself, what its head says of it, and the frame."""
    tree = Path(builder.doctreedir, f"{page}.doctree").read_bytes()
    said = repr((builder.env.metadata.get(page), head.told(builder.app, page)))
    return _hash(frame.encode(), said.encode(), tree)


def _hash(*parts: bytes) -> str:
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def _store(builder: Pages, page: str) -> Path:
    return Path(builder.outdir).with_name("pages") / f"{page.replace('/', '-')}.json"


def _remembered(builder: Pages, page: str, key: str) -> dict | None:
    """The page as last written, if it follows from the same."""
    try:
        record = json.loads(_store(builder, page).read_text(encoding="utf-8"))
        return record if record["key"] == key else None
    except (OSError, ValueError, KeyError, TypeError):
        return None  # none yet, or not one of ours


def _remember(builder: Pages, page: str, key: str) -> None:
    """Keep a page just written, with its part of the search index. One with images is not kept: Sphinx copies those as it writes."""
    if any(page in users for users, _ in builder.env.images.values()):
        return
    index = builder.indexer
    record = {
        "key": key,
        "fingerprint": builder.app.unionstate.content.fingerprint,
        "html": Path(builder.get_outfilename(page)).read_text(encoding="utf-8"),
        "titles": [index._titles.get(page), index._filenames.get(page), index._all_titles.get(page), index._index_entries.get(page)],
        "words": [[word for word, users in words.items() if page in users] for words in (index._mapping, index._title_mapping)],
    }
    write_whole(_store(builder, page), json.dumps(record, ensure_ascii=False))


def _take_over(builder: Pages, page: str, record: dict) -> None:
    """Put a remembered page into the site, with the data fingerprint of now."""
    now = builder.app.unionstate.content.fingerprint
    write_whole(Path(builder.get_outfilename(page)), record["html"].replace(record["fingerprint"], now))
    index = builder.indexer
    places = (index._titles, index._filenames, index._all_titles, index._index_entries)
    for place, value in zip(places, record["titles"], strict=True):
        place[page] = value
    for words, place in zip(record["words"], (index._mapping, index._title_mapping), strict=True):
        for word in words:
            place.setdefault(word, set()).add(page)
