"""The promise: a chapter as stored is whole, in one shape, and says no number that its run did not give."""

import csv
import io
import json
import re
from xml.etree import ElementTree

import chapters
import matplotlib
import pytest
from prose import free_numbers

from unionstate import load, show
from unionstate.build import engine

ROOT = chapters.ROOT
TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("book/**/*.md"))}
TEXTS |= {f"book/{chapter}.ipynb": chapters.markdown(chapters.read(chapter)) for chapter in engine.chapters(ROOT)}
FIGURES = [(chapter, record) for chapter in engine.chapters(ROOT) for record in chapters.figure_records(chapters.read(chapter))]
NUMBERS = [(chapter, record) for chapter in engine.chapters(ROOT) for record in chapters.number_records(chapters.read(chapter))]


def test_the_book_has_chapters_in_every_part():
    parts = {chapter.split("/")[0] for chapter in engine.chapters(ROOT)}
    assert parts >= {"integration", "energy", "military"}


def test_no_notebook_is_left_out_of_the_book():
    """A notebook outside ``_toc.yml`` would be compared by nbval, but never read by anybody."""
    stored = {path.relative_to(ROOT / "book").with_suffix("").as_posix() for path in ROOT.glob("book/**/*.ipynb")}
    assert {name for name in stored if ".ipynb_checkpoints" not in name} == set(engine.chapters(ROOT))


# --- executed, in small steps ---------------------------------------------------------------------------------


def test_a_chapter_is_stored_executed(chapter):
    assert chapters.unexecuted(chapters.read(chapter)) == []


def test_no_stored_output_is_an_error_or_a_warning(chapter):
    kinds = {(o["output_type"], o.get("name")) for cell in chapters.code_cells(chapters.read(chapter)) for o in cell["outputs"]}
    assert not {kind for kind in kinds if kind[0] == "error" or kind[1] == "stderr"}


def test_a_cell_is_one_step_of_the_argument(chapter):
    lines = {cell["id"]: len(chapters.source(cell).splitlines()) for cell in chapters.code_cells(chapters.read(chapter))}
    assert {cell: count for cell, count in lines.items() if not 1 <= count <= chapters.LONGEST_CELL} == {}


def test_no_output_depends_on_memory_or_place(chapter):
    """Object addresses, home folders and random Styler ids differ on the next machine."""
    outputs = [json.dumps(cell["outputs"]) for cell in chapters.code_cells(chapters.read(chapter))]
    found = [re.search(r" at 0x[0-9a-f]{6,}|(?<!\w)/(?:home|root|tmp|work|Users)/\w|id=..T_[0-9a-f]{5}", text) for text in outputs]
    assert [match[0] for match in found if match] == []


# --- anatomy --------------------------------------------------------------------------------------------------


def test_a_chapter_opens_with_its_title_and_claim(chapter):
    first = chapters.source(chapters.read(chapter)["cells"][0]).strip()
    assert re.match(r"# \S[^\n]+\n+[*_][^*_]", first), first[:80]


def test_a_chapter_has_the_sections_of_every_chapter_in_order(chapter):
    found = [heading for heading in chapters.headings(chapters.read(chapter)) if heading in chapters.SECTIONS]
    assert found == list(chapters.SECTIONS)


def test_a_chapter_says_which_data_it_used_and_what_the_source_page_says(chapter):
    code = "\n".join(map(chapters.source, chapters.code_cells(chapters.read(chapter))))
    assert re.search(r"^data_used\(", code, re.MULTILINE)
    assert re.search(rf"^claims\(['\"]{chapter}['\"]\)", code, re.MULTILINE)


def test_a_chapter_lists_every_table_that_it_loads(chapter):
    code = "\n".join(map(chapters.source, chapters.code_cells(chapters.read(chapter))))
    listed = set(re.findall(r"[\"']([\w/-]+)[\"']", "".join(re.findall(r"data_used\((.*?)\)", code, re.DOTALL))))
    loaded = set(re.findall(r"\bload\([\"']([\w/-]+)[\"']\)", code))
    assert {name for name in loaded - listed if name != "sources" and not name.startswith("source-page/")} == set()


def test_a_chapter_has_figures_and_key_numbers(chapter):
    notebook = chapters.read(chapter)
    assert len(chapters.shown(chapters.code_cells(notebook), show.FIGURE)) >= 3
    assert len(chapters.shown(chapters.code_cells(notebook), show.NUMBERS)) >= 1


def test_every_exercise_has_an_executed_answer(chapter):
    cells = chapters.read(chapter)["cells"]
    start = next((i for i, cell in enumerate(cells) if re.search(r"^## Exercises", chapters.source(cell), re.MULTILINE)), len(cells))
    answers = [i for i, cell in enumerate(cells) if "answer" in cell["metadata"].get("tags", [])]
    assert len(answers) >= 3
    assert all(i > start and cells[i]["cell_type"] == "code" and cells[i]["outputs"] for i in answers)


# --- prose ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", TEXTS)
def test_prose_states_no_number_of_its_own(text):
    assert free_numbers(TEXTS[text]) == []


@pytest.mark.parametrize("text", TEXTS)
def test_everything_the_prose_quotes_exists(text):
    known = {("num", record["id"]) for _, record in NUMBERS} | {("fig", record["name"]) for _, record in FIGURES}
    known |= {("src", key) for key in load("sources")["key"]}
    assert chapters.quoted(TEXTS[text]) - known == set()


def test_a_chapter_quotes_its_key_numbers(chapter):
    """A chapter whose prose quotes nothing states its findings nowhere."""
    own = {("num", record["id"]) for where, record in NUMBERS if where == chapter}
    assert len(own & chapters.quoted(TEXTS[f"book/{chapter}.ipynb"])) >= 4


@pytest.mark.parametrize("kind, names", [("figure", [r["name"] for _, r in FIGURES]), ("number", [r["id"] for _, r in NUMBERS])])
def test_a_name_is_used_once_in_the_whole_book(kind, names):
    assert names, f"no chapter shows a {kind}"
    assert {name for name in names if names.count(name) > 1} == set()


# --- figures --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def drawings() -> dict[str, str]:
    cells = [cell for chapter in engine.chapters(ROOT) for cell in chapters.code_cells(chapters.read(chapter))]
    bundles = [o["data"] for cell in cells for o in cell["outputs"] if show.FIGURE in o.get("data", {})]
    return {bundle[show.FIGURE]["name"]: "".join(bundle["image/svg+xml"]) for bundle in bundles}


def each_figure(test):
    return pytest.mark.parametrize("record", [r for _, r in FIGURES], ids=[r["name"] for _, r in FIGURES])(test)


@each_figure
def test_a_figure_is_well_formed_and_named_for_screen_readers(record, drawings):
    svg = ElementTree.fromstring(drawings[record["name"]])
    told = [element for element in svg.iter() if "tabindex" in element.attrib]  # marks that say their row: an image has no parts
    assert svg.tag.endswith("svg") and svg.get("role") == ("group" if told else "img")
    assert svg.get("aria-label") == record["alt"]


@each_figure
def test_a_figure_is_the_same_on_every_day_machine_and_version(record, drawings):
    svg = drawings[record["name"]]
    traces = r"<metadata|dc:date|\d{4}-\d\d-\d\dT\d\d:|(?<![\w<.])/(?:home|root|tmp|work|usr|Users)/|[A-Z]:\\|matplotlib"
    assert re.findall(f"{traces}|{re.escape(matplotlib.__version__)}", svg, re.IGNORECASE) == []


@each_figure
def test_a_figure_offers_the_rows_it_draws(record):
    header, *rows = csv.reader(io.StringIO(record["csv"]))
    assert rows and all(len(row) == len(header) for row in rows)
    assert record["tables"]


@each_figure
def test_an_alternative_text_carries_numbers(record):
    assert re.search(r"\d", record["alt"])
    assert record["alt"] != record["caption"]
