"""Promises about whole builds that take minutes to check: ``make test-long``."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import books
import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILD = (sys.executable, "-m", "unionstate.cli", "build")
CHAPTER = {
    "one": ["from unionstate import data_used", "data_used('energy/gas_trade')", "sum(range(100))"],
    "two": ["from unionstate import load, table", "table(load('energy/gas_trade'), 'Trade')"],
}


def small_book(place: Path) -> Path:
    """A book of two chapters that takes seconds to build, with the real package, data and settings."""
    books.small(place, {f"part/{name}": code for name, code in CHAPTER.items()})
    shutil.copytree(ROOT / "_static", place / "_static")
    shutil.copy(ROOT / "_config.yml", place)
    shutil.copy(ROOT / "book" / "references.bib", place / "book")
    (place / "book" / "index.md").write_text("# Small book\n\nText.\n", encoding="utf-8")
    return place


def start(tree: Path, *before: str, **environment: str) -> subprocess.Popen:
    variables = {**os.environ, "PYTHONPATH": str(tree / "src"), **environment}
    return subprocess.Popen(
        [*before, *BUILD], cwd=tree, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )


def built(tree: Path, *before: str) -> dict[str, bytes]:
    process = start(tree, *before)
    out, _ = process.communicate(timeout=300)
    assert process.returncode == 0, out
    return site(tree)


def killed(tree: Path, after: float) -> None:
    """Start a build and kill it, with all it started, ``after`` so many seconds."""
    process = start(tree)
    time.sleep(after)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def site(tree: Path) -> dict[str, bytes]:
    out = tree / "_build" / "html"
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def differing(one: dict[str, bytes], two: dict[str, bytes]) -> list[str]:
    return sorted(name for name in one.keys() | two.keys() if one.get(name) != two.get(name))


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """An undisturbed build, what it took, and its site."""
    tree = small_book(tmp_path_factory.mktemp("whole") / "book")
    started = time.monotonic()
    pages = built(tree)
    return tree, time.monotonic() - started, pages


def test_a_build_killed_at_any_moment_leaves_nothing_that_a_later_build_trusts(whole, tmp_path):
    _, took, expected = whole
    tree = small_book(tmp_path / "book")
    moments = random.Random(2026)  # noqa: S311
    for _ in range(10):
        for left in ("html", ".doctrees", "pages", "runs")[: moments.randint(0, 4)]:
            shutil.rmtree(tree / "_build" / left, ignore_errors=True)
        (tree / "_build" / "html.inputs").unlink(missing_ok=True)
        killed(tree, moments.uniform(0, took))
        assert differing(built(tree), expected) == []


def test_a_build_killed_after_an_edit_does_not_leave_the_old_page(whole, tmp_path):
    """The dangerous case: a finished site, a changed table, and a build stopped half-way."""
    _, took, _ = whole
    trade = "data/energy/gas_trade.csv"
    changed = (ROOT / trade).read_text(encoding="utf-8").replace("17.9356", "17.9999")
    fresh = small_book(tmp_path / "fresh")
    (fresh / trade).write_text(changed, encoding="utf-8")
    expected = built(fresh)
    tree = small_book(tmp_path / "book")
    moments = random.Random(1999)  # noqa: S311
    for _ in range(4):
        (tree / trade).write_text((ROOT / trade).read_text(encoding="utf-8"), encoding="utf-8")
        built(tree)
        (tree / trade).write_text(changed, encoding="utf-8")
        killed(tree, moments.uniform(0.3, took))
        assert differing(built(tree), expected) == []


EDITS = {
    "a table": ("data/energy/gas_trade.csv", "17.9356", "17.9999"),
    "a sentence": ("book/index.md", "Text.", "Another text."),
    "a cell": ("book/part/one.ipynb", "sum(range(100))", "sum(range(99))"),
    "a title": ("book/part/two.ipynb", "# two", "# three"),
    "a publisher": ("data/sources.csv", ",Interfax,", ",Inter fax,"),
    "the contents": ("_toc.yml", "- file: book/part/one\n- file: book/part/two", "- file: book/part/two\n- file: book/part/one"),
    "a citation": ("book/index.md", "Text.", "Text {cite:p}`efron1979`.\n\n```{bibliography}\n```"),
    "a heading": ("book/index.md", "Text.", "Text.\n\n## More\n\nMore text."),
    "the look": ("_static/base.css", "line-height: 1.55", "line-height: 1.6"),
    "the frame": ("src/unionstate/build/templates/base.html", 'content="light dark"', 'content="light"'),
    "a function that makes pages": ("src/unionstate/build/cite.py", "Data fingerprint ", "Data print "),
}


@pytest.mark.parametrize("edit", EDITS)
def test_a_site_after_an_edit_is_the_site_built_from_nothing(edit, whole, tmp_path):
    """Pages that need not be read again are kept, the rest is not: whichever way a site came to be, its bytes are the same."""
    path, old, new = EDITS[edit]
    trees = [small_book(tmp_path / name) for name in ("edited", "fresh")]
    assert differing(built(trees[0]), whole[2]) == []
    for tree in trees:
        books.edit(tree / path, old, new)
    edited, fresh = map(built, trees)
    assert differing(edited, whole[2]) != [] and differing(edited, fresh) == []


def test_two_builds_at_once_do_not_harm_each_other(whole, tmp_path):
    _, _, expected = whole
    tree = small_book(tmp_path / "book")
    both = [start(tree), start(tree)]
    said = [process.communicate(timeout=300)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert differing(site(tree), expected) == []


def alone() -> list[str]:
    """The command that runs another where only the loopback network exists, if this machine can do it."""
    command = ["unshare", "--net", "--map-root-user", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    try:
        return command if subprocess.run([*command, "true"], capture_output=True).returncode == 0 else []
    except OSError:
        return []


def test_a_build_needs_no_network(whole, tmp_path):
    _, _, expected = whole
    command = alone()
    if not command:
        pytest.skip("this machine does not let a test cut off the network (needs Linux, unshare and ip)")
    tree = small_book(tmp_path / "book")
    assert differing(built(tree, *command), expected) == []
