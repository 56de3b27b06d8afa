"""The Sphinx side of the book: run the chapters first, then let Jupyter Book read the executed notebooks.

Because this is an extension named in ``_config.yml``, plain ``jupyter-book build .`` does the same as ``make book``.
"""

from __future__ import annotations

import json
import platform
from pathlib import Path

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from pybtex.plugin import find_plugin, register_plugin
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.util.osutil import relative_uri

from unionstate import package
from unionstate.build import (
    assets,
    cards,
    chronology,
    cite,
    dictionary,
    edition,
    engine,
    finding,
    furniture,
    glossary,
    head,
    metadata,
    offer,
    pages,
    pinpoints,
    provenance,
    quotes,
    site,
    whole,
)
from unionstate.paths import write_whole

#: What the reading of every page depends on; what else a page quotes is noted as it is read.
SHARED = (
    "src/unionstate/build/**/*.py",
    "src/unionstate/build/templates/**/*.html",
    "_config.yml",
    "_toc.yml",
    "requirements.txt",
    "metadata.yml",
    "book/**/*.bib",
    "src/unionstate/build/styles/*.csl",
)


def prepare(app: Sphinx, config) -> None:
    """Begin the edition; remove what an unfinished build or one from other inputs has left.

    Every site is put together from nothing; pages as read are kept where they would be read the same.
    """
    root, out, doctrees = Path(app.srcdir), Path(app.outdir), Path(app.doctreedir)
    config.html_css_files, config.html_js_files = [], []  # found in the order of the folder; assets.publish joins them by name
    app.unionstate = edition.begin(root, out)
    app.unionstate_shared = f"{engine.fingerprint(root, *SHARED)} {platform.python_version()}"
    whole.empty(out)
    if not whole.trusted(doctrees, app.unionstate_shared):
        whole.empty(doctrees)
    for folder in (out, doctrees):
        whole.mark(folder).unlink(missing_ok=True)


def outdated(app: Sphinx, env, added, changed, removed) -> list[str]:
    """Publish the data; wait for the chapters; then say which pages must be read again."""
    if app.builder.format == "html":
        _publish(app, _data_files())
    try:
        content = app.unionstate.content
        metadata.book(), metadata.chapters()
    except (edition.BadData, engine.ChapterFailed, package.DataError, site.BookError) as error:
        raise ExtensionError(str(error)) from None
    if app.builder.format == "html":  # drawn from here on, while this process reads pages
        app.unionstate_cards = cards.Cards(content.registry, Path(app.outdir).with_name("cards"))
    return quotes.outdated(env, content)


def describe_chapters(app: Sphinx, env) -> list[str]:
    """Find what is wrong with a chapter's record before any page shows it, and after its text was read, which names line by line."""
    try:
        _ = app.unionstate.content.records
    except site.BookError as error:
        raise ExtensionError(str(error)) from None
    return []


def write_at_once(app: Sphinx, env) -> list[str]:
    """Write pages on all cores. (Reading must stay serial: some of Jupyter Book's extensions allow no more.)"""
    app.parallel = engine.jobs()
    return []


def hand_over(app: Sphinx, docname: str, source: list[str]) -> None:
    """Replace a stored notebook by the one just run."""
    content, chapter = app.unionstate.content, docname.removeprefix("book/")
    if chapter in content.notebooks:
        source[0] = json.dumps(site.page_notebook(quotes.note(app.env, "page", chapter), content.registry))


class NumberRole(SphinxRole):
    """``{num}`id``` quotes a key number and links to the table that carries it."""

    def run(self):
        record = quotes.note(self.env, "num", self.text)
        if record is None:
            raise ExtensionError(f"{quotes.place(self)}: the text quotes key number {self.text!r}, which no chapter computes")
        text = nodes.inline("", record["text"], classes=["us-num"])
        return [_link(self.env, record["chapter"], f"num-{self.text}", text, f"{record['label']}, {record['as_of']}")], []


class FigureRole(SphinxRole):
    """``{fig}`name``` refers to a figure by its number; its caption is the link's title."""

    def run(self):
        record = quotes.note(self.env, "fig", self.text)
        if record is None:
            raise ExtensionError(f"{quotes.place(self)}: the text refers to figure {self.text!r}, which no chapter shows")
        return [
            _link(self.env, record["chapter"], f"fig-{self.text}", nodes.inline("", f"Figure {record['number']}"), record["caption"])
        ], []


class ShowFigure(SphinxDirective):
    """``{show-figure} name`` repeats a chapter's figure on another page."""

    required_arguments = 1

    def run(self):
        name = self.arguments[0]
        svg, record = quotes.note(self.env, "drawing", name), quotes.note(self.env, "fig", name)
        if record is None:
            raise ExtensionError(f"{quotes.place(self)}: the page repeats figure {name!r}, which no chapter shows")
        return [nodes.raw("", site.figure_html(svg, record, self.env.docname), format="html")]


class SourceRole(SphinxRole):
    """``{src}`key``` cites a row of ``sources.csv``: publisher, linked, with its title."""

    def run(self):
        row = quotes.note(self.env, "src", self.text)
        if row is None:
            raise ExtensionError(f"{quotes.place(self)}: the text cites {self.text!r}, which is no key of data/sources.csv")
        return [nodes.reference("", row["publisher"], refuri=row["url"], reftitle=row["title"], classes=["us-source"])], []


def plain_term(app: Sphinx, env, node, text):
    """A part of the book without its glossary shows a term as plain text; with it, an unknown term is an error."""
    return text if node.get("reftype") == "term" and "book/back/glossary" not in env.found_docs else None


def _link(env, chapter: str, anchor: str, inner: nodes.Node, title: str) -> nodes.reference:
    here, there = env.docname, f"book/{chapter}"
    page = "" if here == there else relative_uri(f"{here}.html", f"{there}.html")
    return nodes.reference("", "", inner, refuri=f"{page}#{anchor}", internal=True, reftitle=title)


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Publish the files beside the pages, then make sure that nothing is missing."""
    if exception is not None or app.builder.format != "html":
        return
    out, root, content = Path(app.outdir), Path(app.srcdir), app.unionstate.content
    files = {
        **content.derived["files"],
        **site.figure_files(content.registry),
        **site.number_files(content.registry),
        **site.chapter_files(content.registry),
        **cite.files(content),
    }
    for chapter, notebook in content.notebooks.items():
        files[f"book/{chapter}.ipynb"] = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
    files["build.json"] = json.dumps(provenance.build(content), indent=1) + "\n"
    _publish(app, files)
    assets.publish(app)
    app.unionstate_cards.publish(out)
    missing = [page for page in engine.pages(root) if not (out / f"{page}.html").exists()]
    if missing:
        raise ExtensionError(f"the site lacks pages of _toc.yml: {', '.join(missing)}")
    write_whole(out.with_name("run-report.json"), provenance.report(content.runs))
    edited = engine.fingerprint(root, *engine.INPUTS) != app.unionstate.inputs
    if not edited and not app._warncount:  # else the next build starts clean
        write_whole(whole.mark(Path(app.doctreedir)), app.unionstate_shared)
        write_whole(whole.mark(out), app.unionstate.inputs)


def _data_files() -> dict[str, str]:
    """Path below the site's root → text, for the data package itself."""
    names = [meta["path"] for meta in package.resources().values()]
    return {f"data/{name}": (package.data_dir() / name).read_text(encoding="utf-8") for name in [*names, package.DESCRIPTOR]}


def _publish(app: Sphinx, files: dict[str, str]) -> None:
    for path, text in files.items():
        write_whole(Path(app.outdir) / path, text)


#: What formatting a bibliography looks up again and again: kind of plugin → name.
PLUGINS = {
    "pybtex.style.formatting": "alpha",
    "pybtex.style.labels": "alpha",
    "pybtex.style.names": "plain",
    "pybtex.style.sorting": "author_year_title",
    "pybtex.backends": "plaintext",
}


def setup(app: Sphinx) -> dict:
    for kind, name in PLUGINS.items():  # each look-up reads the metadata of every installed library, but for plugins registered
        register_plugin(kind, name, find_plugin(kind, name), force=True)
    app.add_config_value("comments_config", {}, "")  # Jupyter Book sets it whether or not its extension for remarks is loaded
    app.connect("config-inited", prepare, priority=1000)
    app.connect("env-get-outdated", outdated)
    app.connect("env-updated", describe_chapters)
    app.connect("env-updated", write_at_once)
    app.connect("env-purge-doc", quotes.forget)
    app.connect("source-read", hand_over)
    app.connect("doctree-read", pinpoints.mark)
    app.connect("doctree-read", finding.note_tables)  # after their anchors
    app.add_domain(finding.Book)
    app.connect("missing-reference", plain_term)
    app.connect("doctree-resolved", glossary.explain)
    app.connect("html-page-context", furniture.put)
    app.connect("html-page-context", pages.see_from, priority=900)  # after the theme
    app.connect("html-page-context", head.put, priority=900)
    app.connect("html-page-context", assets.put, priority=900)
    app.connect("build-finished", finish, priority=900)  # after the extensions and the theme, which leave files too
    app.add_builder(pages.Pages, override=True)
    app.add_node(quotes.Fingerprint, **{kind: (quotes.write_fingerprint, None) for kind in ("html", "latex", "text")})
    app.add_node(
        pinpoints.Pinpoint,
        html=(pinpoints.write_mark, None),
        latex=(pinpoints.write_nothing, None),
        text=(pinpoints.write_nothing, None),
    )
    app.add_node(HideCodeCellNode, override=True, html=(furniture.fold, furniture.unfold))
    app.add_role("num", NumberRole())
    app.add_role("fig", FigureRole())
    app.add_role("src", SourceRole())
    app.add_role("rate", furniture.RateRole())
    app.add_directive("show-figure", ShowFigure)
    app.add_directive("cite-this-chapter", cite.CiteThisChapter)
    app.add_directive("citation-of", cite.CitationOf)
    for made in (
        dictionary.DataDictionary,
        dictionary.Reconciliations,
        dictionary.SourceList,
        chronology.Chronology,
        glossary.Glossary,
        offer.Volumes,
        provenance.HowThisWasRun,
        provenance.BenchCosts,
    ):
        app.add_directive(made.name_of_directive, made)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
