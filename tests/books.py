"""Small books to run and to break: the real package and data, a few chapters of their own."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import nbformat
import yaml

ROOT = Path(__file__).resolve().parents[1]


def small(place: Path, chapters: dict[str, list[str]]) -> Path:
    """Make a book in ``place`` from code cells by chapter (``part/stem``); each chapter's title is its stem."""
    for part in ("data", "src"):
        shutil.copytree(ROOT / part, place / part, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    shutil.copy(ROOT / "requirements.txt", place)
    listed = "".join(f"- file: book/{chapter}\n" for chapter in chapters)
    (place / "_toc.yml").write_text(f"format: jb-book\nroot: book/index\nchapters:\n{listed}", encoding="utf-8")
    describe(place, chapters)
    for chapter, code in chapters.items():
        path = place / "book" / f"{chapter}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        cells = [nbformat.v4.new_markdown_cell(f"# {path.stem}\n\n## Abstract\n\nText.", id="title")]
        cells += [nbformat.v4.new_code_cell(source, id=f"c{i}") for i, source in enumerate(code)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"language_info": {"name": "python"}}), path)
    return place


def describe(place: Path, chapters: Iterable[str]) -> None:
    """Give each chapter of a small book a record in its ``metadata.yml``."""
    given = yaml.safe_load((ROOT / "metadata.yml").read_text(encoding="utf-8"))
    given["chapters"] = dict.fromkeys(chapters, next(iter(given["chapters"].values())))
    (place / "metadata.yml").write_text(yaml.safe_dump(given, allow_unicode=True), encoding="utf-8")


def edit(path: Path, old: str, new: str) -> None:
    """Replace the first ``old`` in a file, which must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
