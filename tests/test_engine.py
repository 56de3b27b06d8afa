"""The promise: a chapter is run again exactly when something it follows from has changed, and warm kernels change nothing."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import books
import pytest

from unionstate.build import engine, forked

ROOT = Path(__file__).resolve().parents[1]
SLUG = "energy/small"
CODE = [
    "from unionstate import data_used, load\nfrom unionstate.analysis import gas",
    "price = gas.yearly_price(load('energy/gas_prices'))\nprint(round(price['price'].sum(), 2))",
    "import os\nprint(os.getpid() == os.getppid())\ndata_used('energy/gas_prices')",
]


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A book of two small chapters: one reads a table of gas prices, the other none."""
    monkeypatch.setenv("UNIONSTATE_ROOT", str(tmp_path))
    return books.small(tmp_path, {"energy/small": CODE, "energy/other": ["import unionstate", "1 + 1"]})


@pytest.fixture
def ran(tree):
    engine.run(tree, lambda line: None)
    assert engine.out_of_date(tree) == []
    return tree


CHANGES = {
    "a price": ("data/energy/gas_prices.csv", ",46.68,", ",46.69,", ["energy/small"]),
    "what the package says of the table": ("data/datapackage.json", "Prices of Russian gas for Belarus", "Prices of gas", ["energy/small"]),
    "a table that this book does not read": ("data/energy/oil.csv", "OL001", "OL901", []),
    "the function it calls": ("src/unionstate/analysis/gas.py", ">= 365", ">= 364", ["energy/small"]),
    "a comment in the package": ("src/unionstate/analysis/gas.py", "#: Transit tariffs", "#: The transit tariffs", []),
    "a module of another chapter": ("src/unionstate/analysis/treaties.py", "def ", "def another():\n    return 1\n\n\ndef ", []),
    "the loader": ("src/unionstate/tables.py", "_read: dict", "_extra = 1\n_read: dict", ["energy/small", "energy/other"]),
    "the build": ("src/unionstate/build/site.py", "count = 0", "count = 1", []),
    "the lock": ("requirements.txt", "==", "==0", ["energy/small", "energy/other"]),
    "a cell": ("book/energy/other.ipynb", "1 + 1", "1 + 2", ["energy/other"]),
    "a sentence": ("book/energy/other.ipynb", "# other", "# another", []),
}


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    return tmp_path_factory.mktemp("runs")


@pytest.mark.parametrize("change", CHANGES)
def test_exactly_the_chapters_that_follow_from_a_change_run_again(change, tree, stored):
    if not any(stored.iterdir()):  # the runs follow from the same files in every copy
        engine.run(tree, lambda line: None)
        shutil.copytree(tree / "_build" / "runs", stored, dirs_exist_ok=True)
    shutil.copytree(stored, tree / "_build" / "runs", dirs_exist_ok=True)
    assert engine.out_of_date(tree) == []
    path, old, new, again = CHANGES[change]
    books.edit(tree / path, old, new)
    assert engine.out_of_date(tree) == again


def test_a_broken_or_foreign_store_is_not_trusted(ran):
    store = next((ran / "_build" / "runs").glob("*small*"))
    for text in ("", "{", "[]", '{"depends": {}}', store.read_text(encoding="utf-8")[:-200]):
        store.write_text(text, encoding="utf-8")
        assert engine.out_of_date(ran) == ["energy/small"]


def test_a_chapter_edited_while_it_runs_runs_again(tree):
    other = tree / "book" / "energy" / "other.ipynb"
    books.edit(other, "1 + 1", f"open({str(tree / 'requirements.txt')!r}, 'a').write('# edited')".replace('"', '\\"'))
    engine.run(tree, lambda line: None)
    assert "energy/other" in engine.out_of_date(tree)


def outputs(tree: Path) -> list:
    notebook, read, used = engine.execute(tree / "book" / f"{SLUG}.ipynb", SLUG)
    return [json.loads(json.dumps([cell["outputs"] for cell in notebook["cells"] if cell["cell_type"] == "code"])), read, sorted(used)]


def test_warm_and_ordinary_kernels_give_the_same(tree, monkeypatch):
    monkeypatch.setenv("UNIONSTATE_WARM", "1")
    warm_ones = outputs(tree)
    monkeypatch.setenv("UNIONSTATE_WARM", "0")
    assert outputs(tree) == warm_ones


def test_what_is_printed_is_one_output_however_long_it_takes(tree):
    books.edit(tree / "book" / f"{SLUG}.ipynb", "import os\\n", "import time\\nprint(1)\\ntime.sleep(0.6)\\nimport os\\n")
    printed = [output for output in outputs(tree)[0][2] if output["output_type"] == "stream"]
    assert ["".join(output["text"]) for output in printed] == ["1\nFalse\n"]


def test_each_run_has_a_process_of_its_own(tree):
    books.edit(tree / "book" / f"{SLUG}.ipynb", "os.getpid() == os.getppid()", "os.getpid()")
    first, second = (outputs(tree)[0][2][0]["text"] for _ in range(2))
    assert first != second


def test_a_kernel_ends_with_its_run(tree):
    books.edit(tree / "book" / f"{SLUG}.ipynb", "os.getpid() == os.getppid()", "os.getpid()")
    process = int("".join(outputs(tree)[0][2][0]["text"]))
    assert not Path(f"/proc/{process}").exists() or "Z" in Path(f"/proc/{process}/stat").read_text(encoding="utf-8").split()[2]


def test_a_kernel_ends_with_the_build_that_was_killed(tree, tmp_path):
    """Else it would keep the fork server, and the pipes of whoever called the build, open for ever."""
    mark = tmp_path / "kernel"
    books.edit(
        tree / "book" / f"{SLUG}.ipynb",
        "import os\\n",
        f"import os, time\\nopen({str(mark)!r}, 'w').write(str(os.getpid()))\\ntime.sleep(120)\\n",
    )
    run = "import sys; from pathlib import Path; from unionstate.build import engine; engine.run(Path(sys.argv[1]))"
    build = subprocess.Popen([sys.executable, "-c", run, str(tree)])
    wait_until(lambda: mark.exists() and mark.read_text(encoding="utf-8"))
    kernel = int(mark.read_text(encoding="utf-8"))
    assert runs(kernel)
    build.kill()
    build.wait()
    wait_until(lambda: not runs(kernel))


def runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until(true, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


def test_ordinary_kernels_are_used_where_fork_does_not_exist(monkeypatch):
    monkeypatch.setattr(forked.multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    assert not forked.possible()
