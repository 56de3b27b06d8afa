"""The promise: after a change, a reader is told which key numbers moved, and nothing else."""

import json
import shutil
import subprocess
from pathlib import Path

import books
import pytest

from unionstate.build import engine
from unionstate.build.moved import moved

ROOT = Path(__file__).resolve().parents[1]
CODE = (
    "from unionstate import key_numbers, load, number\nprice = load('energy/gas_prices').query(\"id == 'GP003'\")",
    "TIMES = 2\nkey_numbers(number('moved-a', 'Price, some times', TIMES * price['price'].iloc[0], 'USD', 2006, price, 2), "
    "number('moved-b', 'Rows', len(price), '', 2006, price))",
)


@pytest.fixture
def tree(tmp_path, monkeypatch):
    monkeypatch.setenv("UNIONSTATE_ROOT", str(tmp_path))
    books.small(tmp_path, {"energy/small": CODE})
    engine.refresh(tmp_path, ["energy/small"], lambda line: None)
    for command in (("init", "-q"), ("add", "book"), ("-c", "user.name=x", "-c", "user.email=x@y.z", "commit", "-q", "-m", "x")):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    return tmp_path


def test_what_moved_is_named_with_both_values_and_the_rest_is_not(tree):
    assert moved(tree, lambda line: None) == []
    books.edit(tree / "book" / "energy" / "small.ipynb", "TIMES = 2", "TIMES = 3")
    ((name, label, before, now),) = moved(tree, lambda line: None)
    assert (name, label) == ("moved-a", "Price, some times")
    assert float(now) == pytest.approx(1.5 * float(before))


def test_a_change_saved_with_its_outputs_is_still_seen(tree):
    """JupyterLab stores the new outputs with the change: the last commit is what counts."""
    books.edit(tree / "book" / "energy" / "small.ipynb", "TIMES = 2", "TIMES = 3")
    engine.refresh(tree, ["energy/small"], lambda line: None)
    assert [row[0] for row in moved(tree, lambda line: None)] == ["moved-a"]


def test_a_new_number_and_a_lost_one_are_told(tree):
    books.edit(tree / "book" / "energy" / "small.ipynb", "number('moved-b'", "number('moved-c'")
    rows = {name: (before, now) for name, _, before, now in moved(tree, lambda line: None)}
    assert rows == {"moved-b": ("1", "–"), "moved-c": ("–", "1")}


def test_without_a_commit_the_stored_outputs_are_the_older_side(tree):
    shutil.rmtree(tree / ".git")
    notebook = json.loads((tree / "book" / "energy" / "small.ipynb").read_text(encoding="utf-8"))
    assert notebook["cells"][2]["outputs"]
    books.edit(tree / "book" / "energy" / "small.ipynb", "TIMES = 2", "TIMES = 4")
    assert [row[0] for row in moved(tree, lambda line: None)] == ["moved-a"]
