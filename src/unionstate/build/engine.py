"""Run the chapters and remember the outputs under a key of everything they depend on.

The stock cache of Jupyter Book looks at a notebook's code alone and then publishes stale numbers after a change in
``data/`` or in the package. Here the key covers code, data, package, lock and Python version.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import yaml

from unionstate.paths import write_whole


class ChapterFailed(RuntimeError):
    """A chapter's cell raised. The message names chapter and cell and carries code and traceback."""


def pages(root: Path) -> list[str]:
    """Every page of the table of contents, in reading order, as a path without suffix."""
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    return [toc["root"], *_files(toc)]


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


def fingerprint(root: Path, *patterns: str) -> str:
    """A hash over the names and bytes of all files that match, independent of place and order."""
    digest = hashlib.sha256()
    for path in sorted({p for pattern in patterns for p in root.glob(pattern) if p.is_file()}):
        if "__pycache__" in path.parts or ".ipynb_checkpoints" in path.parts:
            continue
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def surroundings(root: Path) -> str:
    """Hash of what every chapter depends on beside its own code."""
    files = fingerprint(root, "data/**/*", "src/unionstate/**/*.py", "requirements.txt")
    return f"{files} {platform.python_version()}"


def chapter_key(root: Path, chapter: str, around: str) -> str:
    notebook = json.loads(notebook_path(root, chapter).read_text(encoding="utf-8"))
    code = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return hashlib.sha256(json.dumps([chapter, code, around]).encode()).hexdigest()


def run(root: Path, say: Callable[[str], None] = print, jobs: int | None = None) -> dict[str, dict]:
    """Return each chapter's notebook with the outputs of today's code and data, running only what has changed.

    Keys are ``part/stem`` in reading order; values are notebooks as dictionaries. Raises :class:`ChapterFailed` for the
    first chapter that fails, after the others under way have ended.
    """
    around = surroundings(root)
    wanted = {chapter: chapter_key(root, chapter, around) for chapter in chapters(root)}
    stale = [chapter for chapter, key in wanted.items() if not _store(root, chapter, key).exists()]
    if stale:
        say(f"running {len(stale)} of {len(wanted)} chapters: {', '.join(stale)}")
    with ThreadPoolExecutor(jobs or os.cpu_count() or 1) as pool:
        running = {pool.submit(_run_one, root, chapter, wanted[chapter]): chapter for chapter in stale}
        try:
            for done in as_completed(running):
                say(f"  {running[done]}  {done.result():.1f} s")
        except ChapterFailed:
            pool.shutdown(cancel_futures=True)
            raise
    return {chapter: _merged(root, chapter, key) for chapter, key in wanted.items()}


def execute(path: Path, label: str) -> dict:
    """Run one notebook from top to bottom in a fresh kernel of this Python; return it with its outputs."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=600,
        resources={"metadata": {"path": str(path.parent)}},
        extra_arguments=["--log-level=40"],  # errors only: a kernel's start-up notes are noise here
    )
    try:
        client.execute()
    except CellExecutionError as error:
        number = 1 + next(i for i, c in enumerate(notebook.cells) if any(o.output_type == "error" for o in c.get("outputs", [])))
        plain = re.sub(r"\x1b\[[0-9;]*m", "", str(error))  # the kernel colours its tracebacks
        raise ChapterFailed(f"{label}, cell {number} failed:\n{plain}") from None
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # start and end times
    return json.loads(nbformat.writes(notebook))


def refresh(root: Path, names: Iterable[str], say: Callable[[str], None] = print) -> None:
    """Run the named chapters and store their outputs in the notebooks themselves, whole or not at all."""
    for chapter in names:
        started = time.perf_counter()
        notebook = execute(notebook_path(root, chapter), chapter)
        notebook["metadata"] = {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
        write_whole(notebook_path(root, chapter), json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")
        say(f"  {chapter}  {time.perf_counter() - started:.1f} s")


def _run_one(root: Path, chapter: str, key: str) -> float:
    started = time.perf_counter()
    notebook = execute(notebook_path(root, chapter), chapter)
    runs = [[cell["execution_count"], cell["outputs"]] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    store = _store(root, chapter, key)
    write_whole(store, json.dumps(runs, ensure_ascii=False))
    for old in store.parent.glob(f"{_slug(chapter)}.*.json"):
        if old != store:
            old.unlink(missing_ok=True)
    return time.perf_counter() - started


def _merged(root: Path, chapter: str, key: str) -> dict:
    notebook = json.loads(notebook_path(root, chapter).read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for cell, (count, outputs) in zip(code, json.loads(_store(root, chapter, key).read_text(encoding="utf-8")), strict=True):
        cell["execution_count"], cell["outputs"] = count, outputs
    return notebook


def _slug(chapter: str) -> str:
    return chapter.replace("/", "-")


def _store(root: Path, chapter: str, key: str) -> Path:
    return root / "_build" / "runs" / f"{_slug(chapter)}.{key[:32]}.json"


def say(line: str) -> None:
    """One line of progress, at once."""
    print(line, file=sys.stderr, flush=True)
