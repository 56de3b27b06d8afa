"""The promise of ``make bench``: the stock side is stock, an edit is an edit, a missed bar is said."""

import json
import sys
from pathlib import Path

import pytest
import yaml

from unionstate import package, tables
from unionstate.build import bench, engine

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def tree(tmp_path, monkeypatch):
    place = bench.copy(ROOT, tmp_path / "copy")
    monkeypatch.setenv("UNIONSTATE_ROOT", str(place))
    return place


def test_the_stock_side_has_nothing_of_ours(tree):
    plain = bench.stock(tree)
    config = yaml.safe_load((plain / "_config.yml").read_text(encoding="utf-8"))
    assert "unionstate" not in json.dumps(config) and config["execute"]["execute_notebooks"] == "force"
    assert not (plain / "conftest.py").exists() and "addopts" not in (plain / "pytest.ini").read_text(encoding="utf-8")
    assert not (plain / "pyproject.toml").exists()
    kernels = {engine.read_notebook(plain, chapter)["metadata"]["kernelspec"]["name"] for chapter in engine.chapters(plain)}
    assert kernels == {"python3"}


def test_both_sides_run_the_same_chapters(tree):
    ours = {chapter: engine.notebook_path(ROOT, chapter).read_bytes() for chapter in engine.chapters(ROOT)}
    assert {chapter: engine.notebook_path(tree, chapter).read_bytes() for chapter in engine.chapters(tree)} == ours


def test_an_edited_table_stays_sound_and_an_edited_chapter_changes_its_code(tree):
    before = package.sha256("energy/gas_trade")
    bench.edit_table(tree, "energy/gas_trade")
    assert package.sha256("energy/gas_trade") != before and tables.check(["energy/gas_trade"]) == []
    chapter = engine.chapters(tree)[0]
    code = engine.code_of(engine.read_notebook(tree, chapter))
    bench.edit_chapter(tree, chapter)
    assert engine.code_of(engine.read_notebook(tree, chapter)) == [code[0] + "\n# edited", *code[1:]]


def test_a_synthetic_book_has_as_many_chapters_as_asked_for(tree, tmp_path):
    assert len(engine.chapters(bench.synthetic(tree, tmp_path / "synthetic", 7))) == 7


def test_what_outlives_its_parent_is_counted(tmp_path):
    """As the warm process does, from which the kernels are forked. (Other systems than Linux do not tell.)"""
    busy = "import time\nwhile time.process_time() < 0.5: pass"
    cost = bench.measured((sys.executable, "-c", f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {busy!r}])"), tmp_path)
    assert cost.cpu > (0.5 if sys.platform == "linux" else 0)


def test_a_missed_bar_is_said():
    rows = [
        {"what": "a", "value": 2.0, "unit": "s", "bar": 1.0, "within": False},
        {"what": "b", "value": 1.0, "unit": "s", "bar": 1.0, "within": True},
    ]
    lines = bench.printed({"rows": rows, "rerun after one table edited": []}).splitlines()
    assert lines[1].endswith("OVER") and not lines[2].endswith("OVER")


def test_the_record_that_the_guide_shows_is_one_of_this_book():
    report = json.loads((ROOT / bench.RECORDED).read_text(encoding="utf-8"))
    assert {row["what"] for row in report["rows"]} >= {"cold build, share of stock", "nothing changed"}
    assert all(cost["seconds"] > 0 for cost in report["costs"].values())


def test_a_book_of_small_chapters_can_be_built(tmp_path):
    tree = bench.synthetic(ROOT, tmp_path / "small", 2)
    bench.measured(bench.OURS, tree)
    assert bench.reruns(tree) and (tree / "_build" / "html" / "book" / "part" / "n001.html").exists()
