"""The promise: a page tells where one is, how long it takes and what one can have of it, and search finds what the book shows."""

import csv
import io
import json
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import chapters
import pandas as pd
import pytest
import yaml
from test_site import BUILD, copy_of_checkout, page_at, run

from unionstate import load, package
from unionstate.build import engine, furniture, glossary, metadata
from unionstate.build import site as built

ROOT = chapters.ROOT
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
PARTS = {entry["file"]: part["caption"] for part in TOC["parts"] for entry in part["chapters"]}


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    tree = copy_of_checkout(tmp_path_factory.mktemp("furniture") / "book")
    code, out = run(tree, *BUILD)
    assert code == 0, out
    return tree / "_build" / "html"


def text(tag) -> str:
    return " ".join(tag.get_text().split())


class TestTheWay:
    """Breadcrumbs."""

    def test_it_leads_from_the_book_by_the_part_to_the_page(self, site, page):
        path = site / f"{page}.html"
        if page == TOC["root"]:
            assert not page_at(path).select("nav[aria-label=Breadcrumb]")
            return
        (way,) = page_at(path).select("nav[aria-label=Breadcrumb]")
        steps = way.select("ol > li")
        title = page_at(path).h1.find(string=True).strip()
        opens = Path(page).name == "index"
        assert [text(step) for step in steps] == [metadata.book().short_title, *([] if opens else [PARTS[page]]), title]
        assert [step.a and step.a.get("aria-current") for step in steps][-1] == "page"
        for step in steps[:-1]:
            if step.a:
                assert (path.parent / step.a["href"]).resolve().is_file()

    def test_it_comes_before_the_title(self, site, page):
        article = page_at(site / f"{page}.html").select_one("article")
        if way := article.select_one("nav[aria-label=Breadcrumb]"):
            assert way.find_next("h1") is article.h1 and not way.find_previous("h1", string=article.h1.string)


class TestPartOpeners:
    """Each part that has chapters begins with a page about it."""

    @pytest.fixture(params=sorted({Path(chapter).parent.name for chapter in engine.chapters(ROOT)}))
    @classmethod
    def part(cls, request) -> str:
        return request.param

    def test_it_is_the_first_page_of_its_part_and_leads_to_every_chapter(self, site, part):
        opener = f"book/{part}/index"
        pages = next(pages for pages in engine.parts(ROOT).values() if opener in pages)
        assert pages[0] == opener
        links = {link["href"] for link in page_at(site / f"{opener}.html").select("article section li a.reference")}
        assert {f"{Path(page).name}.html" for page in pages[1:]} <= links

    def test_it_shows_one_figure_of_the_part_and_quotes_computed_numbers(self, site, part):
        page = page_at(site / f"book/{part}/index.html")
        (figure,) = page.select("figure.us-figure")
        home = next(link["href"] for link in figure.select("figcaption a") if link["href"].endswith(f"#{figure['id']}"))
        assert page_at(site / "book" / part / home.split("#")[0]).find(id=figure["id"])
        assert page.select(".us-num")

    def test_the_way_of_a_chapter_leads_through_it(self, site, part):
        for chapter in (name for name in engine.chapters(ROOT) if name.startswith(f"{part}/")):
            steps = page_at(site / f"book/{chapter}.html").select("nav[aria-label=Breadcrumb] li a")
            assert [step["href"] for step in steps] == ["../index.html", "index.html", "#"]


class TestTheLineBelowTheTitle:
    def test_reading_time_follows_from_the_prose_on_the_page(self, site, page):
        """Counted again on the page itself: the words of its numbered paragraphs."""
        shown = page_at(site / f"{page}.html")
        words = sum(len(paragraph.get_text().split()) for paragraph in shown.select("article p[id^=p]"))
        said = re.match(r"(?:(\d+) minutes? to read)?", text(shown.select_one(".us-line")))[1]
        assert abs(int(said or 0) - words / furniture.RATE) <= 0.5

    @pytest.mark.parametrize("words, said", [(0, ""), (99, ""), (101, "1 minute"), (310, "2 minutes"), (2000, "10 minutes")])
    def test_a_time_is_in_whole_minutes(self, words, said):
        assert furniture.minutes(words) == said

    def test_it_says_when_the_page_changed_and_which_version_it_is(self, site, page):
        line = page_at(site / f"{page}.html").select_one(".us-line")
        record = metadata.chapters().get(page.removeprefix("book/"), {"changed": metadata.book().date})
        assert line.time["datetime"] == record["changed"]
        assert f"version {metadata.book().version}" in text(line)

    def test_a_chapter_offers_its_executed_notebook(self, site, chapter):
        path = site / "book" / f"{chapter}.html"
        link = page_at(path).select_one(".us-line a[download]")
        assert chapters.unexecuted(json.loads((path.parent / link["href"]).read_text(encoding="utf-8"))) == []


class TestCode:
    def test_it_is_on_the_page_and_folded(self, site, chapter):
        page = page_at(site / "book" / f"{chapter}.html")
        code = [chapters.source(cell).strip() for cell in chapters.code_cells(chapters.read(chapter))]
        folded = page.select("details:not([open]) .cell_input pre")
        assert code and [block.get_text().strip() for block in folded] == code
        assert all(block.find_parent("details").summary.get_text().startswith("Show the ") for block in folded)

    def test_one_switch_per_chapter_says_that_it_is_one(self, site, page):
        switches = page_at(site / f"{page}.html").select("button.us-code-switch")
        is_chapter = page.removeprefix("book/") in engine.chapters(ROOT)
        assert [(switch["type"], switch["aria-pressed"]) for switch in switches] == [("button", "false")] * is_chapter

    def test_the_switch_does_not_give_away_answers(self, site, chapter):
        """It opens what this selector finds."""
        opened = re.search(r'querySelectorAll\("([^"]+)"\)', (ROOT / "_static" / "code.js").read_text(encoding="utf-8"))[1]
        cells = chapters.code_cells(chapters.read(chapter))
        answers = [cell for cell in cells if "answer" in cell["metadata"].get("tags", [])]
        assert len(page_at(site / "book" / f"{chapter}.html").select(opened)) == len(cells) - len(answers)


class TestDataBehindAFigure:
    def test_each_figure_has_its_table_in_the_page_folded(self, site, page):
        path = site / f"{page}.html"
        for figure in page_at(path).select("figure.us-figure"):
            name = figure["id"].removeprefix("fig-")
            details = page_at(path).find(id=figure.svg["aria-details"])
            assert details["id"] == f"data-{name}" and details.name == "details" and not details.has_attr("open")
            header, *rows = csv.reader(io.StringIO((path.parent / unquote(figure.select_one("a.figure-data")["href"])).read_text("utf-8")))
            assert [cell.get_text() for cell in details.select("thead th[scope=col]")] == header
            shown = [[cell.get_text() for cell in row.select("td")] for row in details.select("tbody tr")]
            assert shown and shown == rows[: built.SHOWN]

    def test_its_caption_says_how_much_of_the_data_it_shows(self, site, chapter):
        page = page_at(site / "book" / f"{chapter}.html")
        for record in chapters.figure_records(chapters.read(chapter)):
            details, count = page.find(id=f"data-{record['name']}"), len(list(csv.reader(io.StringIO(record["csv"])))) - 1
            whole = count <= built.SHOWN
            assert details.caption.get_text().endswith(f"all {count} rows" if whole else f"the first {built.SHOWN} of {count} rows")
            assert bool(details.select("a[href$='.csv']")) != whole


class TestLinksSayWhatTheyLeadTo:
    """In their title, which the script shows on focus, too."""

    def test_a_term_its_meaning(self, site, chapter):
        meanings = {glossary.anchor(row.term): row.meaning for row in load("glossary").itertuples()}
        for link in page_at(site / "book" / f"{chapter}.html").select('a[href*="glossary.html#term-"]'):
            assert link["title"] == meanings[link["href"].split("#")[1]]

    def test_a_figure_its_caption_and_a_number_its_label(self, site, page):
        figures = {f"fig-{r['name']}": r["caption"] for c in engine.chapters(ROOT) for r in chapters.figure_records(chapters.read(c))}
        shown = page_at(site / f"{page}.html")
        for link in shown.select('article p a[href*="#fig-"]'):
            assert link["title"] == figures[link["href"].split("#")[1]]
        assert all(link.parent["title"] for link in shown.select(".us-num"))

    def test_a_citation_its_work(self, site, chapter):
        page = page_at(site / "book" / f"{chapter}.html")
        for link in page.select(".bibtex-citation a"):
            work = page.find(id=link["href"].removeprefix("#")).p
            assert link["title"].split(".")[0] == text(work).split(".")[0]


class TestMarksSayTheirRow:
    """On the time axis and on the map, to pointer, keyboard and screen reader."""

    @pytest.mark.parametrize("where, figure", [("index", "leverage-overview"), ("military/posture", "posture-map")])
    def test_each_names_its_row_and_a_publisher_of_its_sources(self, site, where, figure):
        path = site / "book" / f"{where}.html"
        shown = page_at(path).find(id=f"fig-{figure}")
        marks = shown.select("svg [tabindex]")
        data = pd.read_csv(path.parent / shown.select_one("a.figure-data")["href"])
        rows = data if figure == "posture-map" else data[data["name"].notna()]
        assert marks and len(marks) == len(rows)
        publishers, sources = {row["publisher"] for row in load("sources").to_dict("records")}, []
        for mark in marks:
            said, _, source = mark["aria-label"].partition(". Source: ")
            sources += source.split("; ")
            assert mark["role"] == "img" and any(name in said for name in rows["name"])
        assert set(sources) <= publishers

    def test_they_are_one_stop_for_the_keyboard(self, site, page):
        for drawing in page_at(site / f"{page}.html").select("article figure svg"):
            stops = [mark["tabindex"] for mark in drawing.select("[tabindex]")]
            assert stops == ([] if not stops else ["0", *["-1"] * (len(stops) - 1)])
            assert drawing["role"] == ("group" if stops else "img")  # an image has no parts that could be reached


@pytest.mark.parametrize(
    "where, entries",
    [("back/chronology", ".us-events > li"), ("back/data", ".us-filterable"), ("back/sources", ".us-sources > tbody > tr"),
     ("synthesis/audit", ".us-reading > tbody > tr")],
)  # fmt: skip
def test_long_lists_can_be_filtered(site, where, entries):
    """The script looks for these, and tells in a live region how many it shows."""
    script = (ROOT / "_static" / "filter.js").read_text(encoding="utf-8")
    assert entries in re.search(r'querySelectorAll\("([^"]+)"\)', script)[1].split(", ")
    assert 'make("output"' in script and '"aria-live", "polite"' in script
    assert len(page_at(site / "book" / f"{where}.html").select(entries)) > 20


def test_the_scripts_of_the_book_are_small():
    assert sum(path.stat().st_size for path in (ROOT / "_static").glob("*.js")) < 15 * 1024


class TestReading:
    """One page says how the book is to be read, and the landing page leads to it."""

    def test_it_explains_every_verdict_with_its_count(self, site):
        shown = page_at(site / "book/guide/reading.html")
        published = list(csv.DictReader(io.StringIO((site / "audit.csv").read_text(encoding="utf-8"))))
        for verdict in package.resource("source-page/verdicts")["schema"]["fields"][1]["constraints"]["enum"]:
            (entry,) = [item for item in shown.select("li") if item.strong and item.strong.get_text() == verdict]
            assert int(entry.select_one(".us-num").get_text()) == sum(row["verdict"] == verdict for row in published)

    def test_it_explains_every_grade_of_evidence_and_of_confidence(self, site):
        said = text(page_at(site / "book/guide/reading.html").article).lower()
        for table, field in (("military/posture_claims", "grade"), ("integration/treaties", "confidence")):
            (found,) = [f for f in package.resource(table)["schema"]["fields"] if f["name"] == field]
            for word in found["constraints"]["enum"]:
                assert word.split()[0] in said

    def test_it_states_the_rate_of_reading_times(self, site):
        assert f"{furniture.RATE} words a minute" in text(page_at(site / "book/guide/reading.html").article)

    def test_the_landing_page_leads_to_it(self, site):
        assert page_at(site / "book/index.html").select('article a[href="guide/reading.html"]')


@cache
def index_at(path: Path) -> dict:
    (value,) = re.fullmatch(r"Search\.setIndex\((.*)\)", path.read_text(encoding="utf-8"), re.DOTALL).groups()
    return json.loads(value)


def found(index: dict, query: str) -> set[tuple[str, str]]:
    """Page and anchor of each object that the search page lists for ``query``, by the rules of its script."""
    terms, hits = set(re.findall(r"\w+", query.lower())), set()
    for prefix, objects in index["objects"].items():
        for page, kind, _, anchor, name in objects:
            whole = f"{prefix}.{name}" if prefix else name
            around = f"{prefix} {name} {index['objnames'][str(kind)][2]} {index['titles'][page]}".lower()
            asked = [term for term in terms if term in whole.lower() and all(other in around for other in terms - {term})]
            hits |= {(index["docnames"][page], anchor)} if asked else set()
    return hits


class TestSearch:
    @pytest.fixture(scope="class")
    @classmethod
    def index(cls, site) -> dict:
        return index_at(site / "searchindex.js")

    def test_it_finds_each_figure_by_the_first_words_of_its_caption(self, index, chapter):
        for record in chapters.figure_records(chapters.read(chapter)):
            query = " ".join(re.findall(r"[A-Za-z]{3,}", record["caption"].split(". ")[0])[:4])
            assert (f"book/{chapter}", f"fig-{record['name']}") in found(index, query), query

    def test_it_finds_each_table_of_a_chapter_by_its_caption(self, site, index, chapter):
        for shown in page_at(site / "book" / f"{chapter}.html").select("table.us-table"):
            assert (f"book/{chapter}", shown["id"]) in found(index, text(shown.caption)), text(shown.caption)

    def test_it_finds_each_table_of_the_data_package_by_name_and_title(self, site, index):
        sections = {tag["id"] for tag in page_at(site / "book" / "back" / "data.html").select("section[id]")}
        for name, meta in package.resources().items():
            for query in (name, meta["title"]):
                (place,) = [at for at in found(index, query) if at[1] == f"table-{re.sub('[/_]', '-', name)}"]
                assert place[0] == "book/back/data" and place[1] in sections

    def test_what_it_finds_is_there(self, site, index):
        """Every place that an object names."""
        places = [(index["docnames"][page], anchor) for objects in index["objects"].values() for page, _, _, anchor, _ in objects]
        assert places and [at for at in places if not page_at(site / f"{at[0]}.html").find(id=at[1])] == []

    def test_it_keeps_the_words_of_two_cells_apart(self, index):
        assert len(index["terms"]) > 1000
        assert [word for word in index["terms"] if re.fullmatch(r"(19|20)\d\d(19|20)\d\d", word)] == []
