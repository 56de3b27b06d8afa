"""Run the chapters and remember the outputs together with all that they follow from.

The stock cache of Jupyter Book looks at a notebook's code alone and then publishes stale numbers after a change in ``data/`` or in
the package. Here a remembered run counts only while its code, the lock, the Python version, the modules of the package that it
used and the tables that it read are all unchanged. A changed table re-runs exactly the chapters that read it.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import platform
import re
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from unionstate import package
from unionstate.paths import write_whole


class ChapterFailed(RuntimeError):
    """A chapter's cell raised. The message names chapter and cell and carries code and traceback."""


def pages(root: Path) -> list[str]:
    """Every page of the table of contents, in reading order, as a path without suffix."""
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    return [toc["root"], *_files(toc)]


def parts(root: Path) -> dict[str, list[str]]:
    """Name of each part of the table of contents → its pages, in reading order."""
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    return {part["caption"]: list(_files(part)) for part in toc.get("parts", []) if "caption" in part}


def _files(entry: dict) -> Iterator[str]:
    for kind in ("parts", "chapters", "sections"):
        for below in entry.get(kind, []):
            yield from [below["file"]] if "file" in below else []
            yield from _files(below)


def chapters(root: Path) -> list[str]:
    """The pages that are notebooks, as ``part/stem``."""
    return [page.removeprefix("book/") for page in pages(root) if (root / f"{page}.ipynb").exists()]


def notebook_path(root: Path, chapter: str) -> Path:
    return root / "book" / f"{chapter}.ipynb"


def _matching(root: Path, patterns: Iterable[str]) -> list[Path]:
    """The files that match, but for what tools leave among them."""
    found = {path for pattern in patterns for path in root.glob(pattern) if path.is_file()}
    return sorted(path for path in found if not {"__pycache__", ".ipynb_checkpoints"} & {*path.parts})


def stamps(root: Path, *patterns: str) -> dict[Path, tuple[int, int, int]]:
    """When each file that matches was last written, its size and its place on the disk: what differs after an edit, cheap to ask."""
    known = ((path, path.stat()) for path in _matching(root, patterns))
    return {path: (found.st_mtime_ns, found.st_size, found.st_ino) for path, found in known}


def fingerprint(root: Path, *patterns: str) -> str:
    """A hash over the names and bytes of all files that match, independent of place and order."""
    digest = hashlib.sha256()
    for path in _matching(root, patterns):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


#: What the data package consists of; other files that may lie in the folder do not count.
DATA = ("data/**/*.csv", "data/*.json")
PACKAGE = ("src/unionstate/**/*.py",)

#: Everything a page can depend on.
INPUTS = (
    *(*DATA, *PACKAGE, "src/**/*.csl", "src/**/*.html", "book/**/*", "_static/**/*"),
    *("_config.yml", "_toc.yml", "requirements.txt", "metadata.yml"),
)


def code_of(notebook: dict) -> list[str]:
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]


def read_notebook(root: Path, chapter: str) -> dict:
    return json.loads(notebook_path(root, chapter).read_text(encoding="utf-8"))


def data_fingerprint(root: Path) -> str:
    """Twelve hex digits over data, code and lock: two copies that share them give the same numbers."""
    code = [code_of(read_notebook(root, chapter)) for chapter in chapters(root)]
    return _hash(json.dumps([fingerprint(root, *DATA, *PACKAGE, "requirements.txt"), code]))[:12]


def generated_state(root: Path, runs: dict[str, Run]) -> str:
    """A hash over all that pages made by directives say: data, chapters with their tables, libraries, Python, stored measurements."""
    read = {chapter: run.tables for chapter, run in runs.items()}
    code = ("src/unionstate/analysis/*.py", "src/unionstate/show/*.py", "requirements.txt")
    inputs = fingerprint(root, *DATA, *code, "_toc.yml", "metadata.yml", "book/guide/*.json")
    return _hash(json.dumps([inputs, read, platform.python_version()]))


def depends(root: Path, chapter: str, modules: Iterable[str], names: Iterable[str], known: dict[str, str] | None = None) -> dict:
    """What a chapter's outputs follow from, as hashes: its code, lock and Python, the package's modules, the tables it reads.

    ``known``: hash of a module's text → what :func:`_meaning` once made of it, so that few have to be parsed.
    """
    return {
        "code": _hash(json.dumps(code_of(read_notebook(root, chapter)))),
        "lock": _hash((root / "requirements.txt").read_text(encoding="utf-8") + platform.python_version()),
        "modules": {name: _module(root, name, known or {}) for name in sorted(modules)},
        "tables": {name: _table(name) for name in sorted(names)},
    }


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _module(root: Path, name: str, known: dict[str, str]) -> str:
    """A module by what it does: comments and layout do not count, docstrings do."""
    text = _text(root, name)
    return "gone" if text is None else known.get(_hash(text)) or _meaning(text)


def _text(root: Path, module: str) -> str | None:
    stem = root / "src" / Path(*module.split("."))
    path = next((p for p in (stem.with_suffix(".py"), stem / "__init__.py") if p.exists()), None)
    return path and path.read_text(encoding="utf-8")


_parsing = threading.Lock()


@lru_cache(maxsize=256)
def _meaning(source: str) -> str:
    with _parsing:  # Python 3.11 keeps one count of depth for the parsers of all threads
        return _hash(ast.dump(ast.parse(source)))


def _table(name: str) -> str:
    """A table by its bytes and by all that the data package says of it, its checksum apart."""
    if name not in package.resources():
        return "gone"
    meta = {key: value for key, value in package.resource(name).items() if key not in ("bytes", "hash")}
    return _hash(json.dumps(meta, sort_keys=True) + package.sha256(name))


def out_of_date(root: Path) -> list[str]:
    """The chapters whose remembered outputs no longer follow from what is there now, or that have none."""
    return [chapter for chapter in chapters(root) if _remembered(root, chapter) is None]


@dataclass(frozen=True)
class Run:
    """One chapter as run: its notebook with today's outputs, the tables it read, and the seconds it took (``None``: remembered)."""

    notebook: dict
    tables: list[str]
    seconds: float | None


def jobs() -> int:
    """How many things are done at once: ``UNIONSTATE_JOBS`` if set, else one for each core."""
    return int(os.environ.get("UNIONSTATE_JOBS", 0)) or os.cpu_count() or 1


def run(root: Path, say: Callable[[str], None] = print) -> dict[str, Run]:
    """Every chapter with the outputs of today's code and data, running only what has changed. Keys are ``part/stem`` in reading order."""
    return remembered(root, run_stale(root, say))


def run_stale(root: Path, say: Callable[[str], None]) -> dict[str, float]:
    """Run the chapters that are out of date and remember their outputs; return how many seconds each took.

    Raises :class:`ChapterFailed` for the first chapter that fails, after the others under way have ended.
    """
    stale = out_of_date(root)
    if stale:
        say(f"running {len(stale)} of {len(chapters(root))} chapters: {', '.join(stale)}")
    return _each(root, stale, _run_one, say)


def run_one(root: Path, chapter: str, say: Callable[[str], None]) -> Run:
    """One chapter with the outputs of today's code and data, run only if it has changed."""
    stale = [chapter] if _remembered(root, chapter) is None else []
    return _merged(root, chapter, _each(root, stale, _run_one, say).get(chapter))


def _each(root: Path, names: Iterable[str], work: Callable[[Path, str], None], say: Callable[[str], None]) -> dict[str, float]:
    """Do ``work`` for the named chapters, several at once; return the seconds that each took."""

    def timed(chapter: str) -> float:
        started = time.perf_counter()
        work(root, chapter)
        return time.perf_counter() - started

    seconds: dict[str, float] = {}
    with ThreadPoolExecutor(jobs() + 1) as pool:  # one more than cores: a kernel that starts or ends mostly waits
        # The last chapters draw on most and take longest: they begin first, so that no core waits for them at the end.
        running = {pool.submit(timed, chapter): chapter for chapter in reversed(list(names))}
        try:
            for done in as_completed(running):
                seconds[running[done]] = done.result()
                say(f"  {running[done]}  {done.result():.1f} s")
        except ChapterFailed:
            pool.shutdown(cancel_futures=True)
            raise
    return seconds


def remembered(root: Path, seconds: dict[str, float]) -> dict[str, Run]:
    """Every chapter with the outputs last stored for it; ``seconds``: what those took that ran just now."""
    return {chapter: _merged(root, chapter, seconds.get(chapter)) for chapter in chapters(root)}


#: Asked of each kernel after its last cell: which tables it read, and which modules of the package it used.
ASK = """import json, sys
from unionstate.tables import tables_read
used = [m for m in sys.modules if m.split(".")[0] == "unionstate" and m.split(".")[1:2] != ["build"]]
print(json.dumps([tables_read(), used]))"""


def execute(path: Path, label: str) -> tuple[dict, list[str], list[str]]:
    """Run one notebook from top to bottom in a fresh kernel of this Python; return it, the tables it read, the modules it used."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    from unionstate.build import warm

    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(ASK))
    client = NotebookClient(
        notebook,
        kernel_name=warm.kernel_name(),
        timeout=600,
        shutdown_kernel="immediate",  # it has nothing left to do
        coalesce_streams=True,  # a kernel sends what is printed in parts that depend on time
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        client.execute()
    except CellExecutionError as error:
        number = 1 + next(i for i, c in enumerate(notebook.cells) if any(o.output_type == "error" for o in c.get("outputs", [])))
        plain = re.sub(r"\x1b\[[0-9;]*m", "", str(error))  # the kernel colours its tracebacks
        raise ChapterFailed(f"{label}, cell {number} failed:\n{plain}") from None
    read, used = json.loads(notebook.cells.pop().outputs[0].text)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # start and end times
    return json.loads(nbformat.writes(notebook)), read, used


def refresh(root: Path, names: Iterable[str], say: Callable[[str], None] = print) -> None:
    """Run the named chapters and store their outputs in the notebooks themselves, whole or not at all."""
    _each(root, names, _refresh_one, say)


def _refresh_one(root: Path, chapter: str) -> None:
    notebook, _, _ = execute(notebook_path(root, chapter), chapter)
    notebook["metadata"] = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    write_whole(notebook_path(root, chapter), json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")


def _run_one(root: Path, chapter: str) -> None:
    before = stamps(root, *WATCHED)
    notebook, read, used = execute(notebook_path(root, chapter), chapter)
    runs = [[cell["execution_count"], cell["outputs"]] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    found = depends(root, chapter, used, read)
    texts = {name: _hash(_text(root, name) or "") for name in used}
    record = {"depends": found, "known": {texts[name]: meaning for name, meaning in found["modules"].items()}, "runs": runs}
    if stamps(root, *WATCHED) != before:  # edited while it ran: show this run, but do not trust it next time
        record["depends"]["code"] = "edited while running"
    write_whole(_store(root, chapter), json.dumps(record, ensure_ascii=False))


#: What must not change while a chapter runs, for its outputs to be remembered under what they followed from.
WATCHED = (*DATA, *PACKAGE, "book/**/*.ipynb", "requirements.txt")


def _remembered(root: Path, chapter: str) -> dict | None:
    """The stored run of a chapter if all it followed from is still the same, else nothing."""
    try:
        record = json.loads(_store(root, chapter).read_text(encoding="utf-8"))
        kept = record["depends"]
        return record if kept == depends(root, chapter, kept["modules"], kept["tables"], record["known"]) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None  # none yet, or not one of ours


def _merged(root: Path, chapter: str, seconds: float | None) -> Run:
    record = json.loads(_store(root, chapter).read_text(encoding="utf-8"))
    notebook = read_notebook(root, chapter)
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for cell, (count, outputs) in zip(code, record["runs"], strict=True):
        cell["execution_count"], cell["outputs"] = count, outputs
    return Run(notebook, sorted(record["depends"]["tables"]), seconds)


def _store(root: Path, chapter: str) -> Path:
    return root / "_build" / "runs" / f"{chapter.replace('/', '-')}.json"


def say(line: str) -> None:
    """One line of progress, at once."""
    print(line, file=sys.stderr, flush=True)
