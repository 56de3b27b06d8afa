"""The Sphinx side of the book: run the chapters first, then let Jupyter Book read the executed notebooks.

Because this is an extension named in ``_config.yml``, plain ``jupyter-book build .`` does the same as ``make book``.
"""

from __future__ import annotations

import json
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxRole
from sphinx.util.osutil import relative_uri

from unionstate import tables
from unionstate.build import cite, dictionary, engine, provenance, site, whole
from unionstate.paths import write_whole


def prepare(app: Sphinx, config) -> None:
    """One build at a time; and a changed book is built anew as a whole.

    Pages quote each other's numbers, and Sphinx's own incremental build leaves traces of the old pages (in the search index), so
    that its bytes depend on what was built before. Chapters are not run again for that: the engine remembers them.
    """
    out = Path(app.outdir)
    out.parent.mkdir(parents=True, exist_ok=True)
    app.unionstate_lock = whole.lock(out.with_name("html.lock"), engine.say)
    app.unionstate_inputs = engine.fingerprint(Path(app.srcdir), *engine.INPUTS)
    mark = whole.mark(out)
    if not mark.exists() or mark.read_text(encoding="utf-8") != app.unionstate_inputs:
        for left in (out, Path(app.doctreedir)):
            whole.empty(left)
    mark.unlink(missing_ok=True)


def start(app: Sphinx) -> None:
    """Check the data, run what has changed, collect figures and key numbers."""
    root = Path(app.srcdir)
    app.unionstate_fingerprint = engine.data_fingerprint(root)
    problems = tables.check()
    if problems:
        listed = "\n".join(f"  {problem}" for problem in problems[:20])
        raise ExtensionError(f"the data package has {len(problems)} problems:\n{listed}")
    for name in tables.unsealed():
        engine.say(f"note: data/{tables.resource(name)['path']} differs from its recorded checksum; the pages show the file as it is now")
    try:
        app.unionstate_runs = engine.run(root, engine.say)
        app.unionstate_notebooks = {chapter: run.notebook for chapter, run in app.unionstate_runs.items()}
        app.unionstate_registry = site.collect(app.unionstate_notebooks)
    except (engine.ChapterFailed, site.BookError) as error:
        raise ExtensionError(str(error)) from None


def hand_over(app: Sphinx, docname: str, source: list[str]) -> None:
    """Replace a stored notebook by the one just run."""
    notebook = app.unionstate_notebooks.get(docname.removeprefix("book/"))
    if notebook is not None:
        source[0] = json.dumps(site.page_notebook(notebook, app.unionstate_registry))


def _place(role: SphinxRole) -> str:
    """Where a role stands. MyST-NB numbers the lines of a notebook's n-th cell from n × 10,000 + 1, counting one too many."""
    cell, line = divmod(role.lineno, 10_000)
    return f"{role.env.docname}, cell {cell}, line {line - 1}" if cell else f"{role.env.docname}, line {line}"


class NumberRole(SphinxRole):
    """``{num}`id``` quotes a key number and links to the table that carries it."""

    def run(self):
        registry = self.env.app.unionstate_registry
        record = registry.numbers.get(self.text)
        if record is None:
            raise ExtensionError(f"{_place(self)}: the text quotes key number {self.text!r}, which no chapter computes")
        text = nodes.inline("", record["text"], classes=["us-num"])
        return [_link(self.env, record["chapter"], f"num-{self.text}", text, f"{record['label']}, {record['as_of']}")], []


class FigureRole(SphinxRole):
    """``{fig}`name``` refers to a figure by its number."""

    def run(self):
        record = self.env.app.unionstate_registry.figures.get(self.text)
        if record is None:
            raise ExtensionError(f"{_place(self)}: the text refers to figure {self.text!r}, which no chapter shows")
        return [_link(self.env, record["chapter"], f"fig-{self.text}", nodes.inline("", f"Figure {record['number']}"), "")], []


class SourceRole(SphinxRole):
    """``{src}`key``` cites a row of ``sources.csv``: publisher, linked, with its title."""

    def run(self):
        sources = tables.load("sources").set_index("key")
        if self.text not in sources.index:
            raise ExtensionError(f"{_place(self)}: the text cites {self.text!r}, which is no key of data/sources.csv")
        row = sources.loc[self.text]
        return [nodes.reference("", row["publisher"], refuri=row["url"], reftitle=row["title"], classes=["us-source"])], []


def _link(env, chapter: str, anchor: str, inner: nodes.Node, title: str) -> nodes.reference:
    here, there = env.docname, f"book/{chapter}"
    page = "" if here == there else relative_uri(f"{here}.html", f"{there}.html")
    options = {"reftitle": title} if title else {}
    return nodes.reference("", "", inner, refuri=f"{page}#{anchor}", internal=True, **options)


def drop_dead_script(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Jupyter Book names its stock theme's script on every page; with another theme the file does not exist."""
    context["script_files"] = [file for file in context["script_files"] if "sphinx-book-theme" not in str(getattr(file, "filename", file))]


def foot(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Every page says which version it belongs to and which data, code and lock it was built from."""
    if "body" in context and pagename.startswith("book/"):
        version = cite.book()["version"]
        context["body"] += f'<p class="us-foot">Version {version} · data fingerprint <code>{app.unionstate_fingerprint}</code></p>'


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Publish the files beside the pages, then make sure that nothing is missing."""
    if exception is not None or app.builder.format != "html":
        return
    out, registry, root = Path(app.outdir), app.unionstate_registry, Path(app.srcdir)
    files = {
        **site.figure_files(registry),
        **site.number_files(registry),
        **cite.files(app.unionstate_notebooks, app.unionstate_fingerprint),
    }
    for chapter, notebook in app.unionstate_notebooks.items():
        files[f"book/{chapter}.ipynb"] = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
    for meta in tables.resources().values():
        files[f"data/{meta['path']}"] = (tables.data_dir() / meta["path"]).read_text(encoding="utf-8")
    files["data/reconciliation.csv"] = dictionary.reconciliation_file()
    files[f"data/{tables.PACKAGE}"] = (tables.data_dir() / tables.PACKAGE).read_text(encoding="utf-8")
    files["build.json"] = json.dumps(provenance.build(app.unionstate_runs, app.unionstate_fingerprint), indent=1) + "\n"
    for path, text in files.items():
        write_whole(out / path, text)
    missing = [page for page in engine.pages(root) if not (out / f"{page}.html").exists()]
    if missing:
        raise ExtensionError(f"the site lacks pages of _toc.yml: {', '.join(missing)}")
    write_whole(out.with_name("run-report.json"), provenance.report(app.unionstate_runs))
    edited = engine.fingerprint(root, *engine.INPUTS) != app.unionstate_inputs
    if not edited and not app._warncount:  # else the next build starts clean
        write_whole(whole.mark(out), app.unionstate_inputs)


def setup(app: Sphinx) -> dict:
    app.connect("config-inited", prepare, priority=1000)
    app.connect("builder-inited", start)
    app.connect("source-read", hand_over)
    app.connect("html-page-context", drop_dead_script)
    app.connect("html-page-context", foot)
    app.connect("build-finished", finish)
    app.add_role("num", NumberRole())
    app.add_role("fig", FigureRole())
    app.add_role("src", SourceRole())
    app.add_directive("cite-this-chapter", cite.CiteThisChapter)
    app.add_directive("data-dictionary", dictionary.DataDictionary)
    app.add_directive("reconciliations", dictionary.Reconciliations)
    app.add_directive("how-this-was-run", provenance.HowThisWasRun)
    app.add_directive("source-list", dictionary.SourceList)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
