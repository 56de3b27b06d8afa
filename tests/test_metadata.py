"""The promise: the book and each chapter have one record, and a record that breaks a rule is reported by file, field and value."""

import json
import re
import shutil
import subprocess

import chapters
import pytest
import yaml

from unionstate.build import engine, metadata
from unionstate.build.site import Registry, collect

ROOT = chapters.ROOT


@pytest.fixture
def records(tmp_path, monkeypatch):
    """The book's records, to be changed; ``write`` stores them where the package then reads."""
    shutil.copy(ROOT / "_toc.yml", tmp_path)
    for chapter in engine.chapters(ROOT):  # only their names matter
        (tmp_path / "book" / chapter).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "book" / f"{chapter}.ipynb").touch()
    monkeypatch.setenv("UNIONSTATE_ROOT", str(tmp_path))
    given = yaml.safe_load((ROOT / "metadata.yml").read_text(encoding="utf-8"))

    def write():
        (tmp_path / "metadata.yml").write_text(yaml.safe_dump(given, allow_unicode=True), encoding="utf-8")

    return given, write


@pytest.fixture(scope="module")
def registry() -> Registry:
    return collect({name: chapters.read(name) for name in engine.chapters(ROOT)})


def test_every_chapter_has_a_record_with_title_abstract_keywords_and_dates(chapter, registry):
    made = metadata.chapter(chapter, chapters.read(chapter), registry)
    assert made.name == chapter and made.slug == chapter.replace("/", "-")
    assert (
        made.title
        == chapters.headings({"cells": [{"cell_type": "markdown", "source": f"#{chapters.markdown(chapters.read(chapter))}"}]})[0]
    )
    assert len(made.abstract) > 500 and not re.search(r"[{}`*]|\]\(", made.abstract)
    assert 4 <= len(made.keywords) <= 6 and made.first_published <= made.changed <= metadata.book().date


def test_no_record_is_left_of_a_chapter_that_is_gone():
    assert set(metadata.chapters()) == set(engine.chapters(ROOT))


def test_the_dates_of_a_chapter_are_those_of_its_commits(chapter):
    log = ["git", "log", "--follow", "--format=%as", "--", f"book/{chapter}.ipynb"]
    try:
        done = subprocess.run(log, cwd=ROOT, capture_output=True, text=True, check=True)
        days = done.stdout.split()
    except (OSError, subprocess.CalledProcessError):
        days = []
    if not days:
        pytest.skip("the history of the book is not here")
    record = metadata.chapters()[chapter]
    assert record["first_published"] == days[-1] and record["changed"] >= days[0], (
        f"metadata.yml, chapters.{chapter}: expected {days[-1]}, {days[0]}"
    )


def test_the_version_is_the_one_of_the_package():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert re.search(r'^version = "(.+)"$', text, re.MULTILINE)[1] == metadata.book().version


BREACHES = {
    "a chapter without a record": (lambda r: r["chapters"].pop("energy/gas"), "chapters: no record of 'energy/gas'"),
    "a date that is none": (
        lambda r: r["chapters"]["energy/gas"].update(changed="2026-13-01"),
        "chapters.energy/gas: changed is '2026-13-01'",
    ),
    "a date without its day": (
        lambda r: r["chapters"]["energy/gas"].update(changed="2026-11"),
        "chapters.energy/gas: changed is '2026-11'",
    ),
    "changed before published": (
        lambda r: r["chapters"]["energy/gas"].update(changed="2020-01-01"),
        "chapters.energy/gas: changed is '2020-01-01'; expected a date not before",
    ),
    "too few keywords": (lambda r: r["chapters"]["energy/gas"].update(keywords=["gas"]), "chapters.energy/gas: keywords is ['gas']"),
    "a keyword twice": (lambda r: r["chapters"]["energy/gas"].update(keywords=["a", "b", "c", "a"]), "keywords is ['a', 'b', 'c', 'a']"),
    "a chapter that is a word": (lambda r: r["chapters"].update({"energy/gas": "gas"}), "chapters: energy/gas is 'gas'"),
    "a field nobody reads": (
        lambda r: r["chapters"]["energy/gas"].update(title="Gas"),
        "chapters.energy/gas: title is 'Gas'; expected only",
    ),
    "a version that is a number": (lambda r: r["book"].update(version=0.1), "book: version is 0.1"),
    "no author": (lambda r: r["book"].pop("author"), "book: author is None"),
    "an empty title": (lambda r: r["book"].update(title=" "), "book: title is ' '"),
    "an address that is none": (lambda r: r["book"].update(address="soon"), "book: address is 'soon'"),
    "no licence of the data": (lambda r: r["book"]["licences"].pop("data"), "book.licences: data is None"),
    "no group of chapters": (lambda r: r.pop("chapters"), "top level: chapters is None"),
}


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_is_reported_by_file_field_and_value(records, breach):
    given, write = records
    change, message = BREACHES[breach]
    change(given)
    write()
    with pytest.raises(metadata.MetadataError) as caught:
        metadata.book(), metadata.chapters()
    assert str(caught.value).startswith("metadata.yml, ") and message in str(caught.value) and "expected" in str(caught.value)


def test_an_abstract_quotes_what_the_registry_has():
    registry = Registry()
    registry.numbers["gas-sum"], registry.figures["prices"] = {"text": "12.5"}, {"number": 3}
    text = "It is {num}`gas-sum` % of *{term}`GDP`* in {term}`Minsk <Belarus>`\n(see {fig}`prices`),"
    text += " in [a table](x.csv) {cite:p}`kaplan1958`.\n\nA 2*3*4."
    assert metadata.plain(text, registry, "x") == "It is 12.5 % of GDP in Minsk (see Figure 3), in a table [kaplan1958].\n\nA 2*3*4."


@pytest.mark.parametrize(
    ("cells", "message"), [(["# Gas", "## Abstract\n\nIt is {num}`nothing`."], "nothing"), (["# Gas"], "'## Abstract'")]
)
def test_an_abstract_that_cannot_be_filled_is_an_error(cells, message):
    notebook = json.loads(json.dumps({"cells": [{"cell_type": "markdown", "source": [text]} for text in cells]}))
    with pytest.raises(metadata.MetadataError, match=message):
        metadata.chapter("energy/gas", notebook, Registry())
