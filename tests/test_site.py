"""The promise: the site is whole, says what today's data give, and nothing wrong with a chapter gets published.

Each class builds in a copy of the checkout, never in the checkout itself, and can run on a processor core of its own.
"""

import base64
import csv
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote, urlsplit

import books
import chapters
import links
import pandas as pd
import pybtex.database
import pytest
import rispy
import yaml
from bs4 import BeautifulSoup
from links import page_at
from pygments.styles import get_style_by_name
from pygments.token import Name, Punctuation, Text
from sphinx.errors import ExtensionError
from test_cite import csl_problems

from unionstate import figure, key_numbers, load, number, publish, show, style
from unionstate.build import assets, cite, edition, engine, metadata, site, verify
from unionstate.build.sphinx import FigureRole, NumberRole, SourceRole

ROOT = chapters.ROOT
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "_build", "__pycache__", "*.egg-info", ".*_cache", ".ipynb_checkpoints")
BUILD = (sys.executable, "-m", "unionstate.cli", "build")
PLAIN = (str(Path(sysconfig.get_path("scripts")) / "jupyter-book"), "build", ".")


def copy_of_checkout(place: Path) -> Path:
    """The checkout without what was built, but with the remembered runs: their keys say whether they still hold."""
    shutil.copytree(ROOT, place, ignore=NOT_COPIED)
    if (ROOT / "_build" / "runs").is_dir():
        shutil.copytree(ROOT / "_build" / "runs", place / "_build" / "runs")
    return place


def run(tree: Path, *command: str, **environment: str) -> tuple[int, str]:
    """Run a command in ``tree`` with the package of that tree; return its exit code and everything it printed."""
    inherited = {name: value for name, value in os.environ.items() if name != "UNIONSTATE_ROOT" and not name.startswith("PYTEST")}
    environment = {**inherited, "PYTHONPATH": str(tree / "src"), "PYTHONUTF8": "1", "NO_COLOR": "1", **environment}
    done = subprocess.run(command, cwd=tree, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300)
    return done.returncode, done.stdout.decode("utf-8")


def nbval(tree: Path, chapter: str) -> tuple[int, set[int], str]:
    """Compare a chapter's stored outputs with a new run: exit code, the code cells that differ (from 0), output."""
    code, out = run(tree, sys.executable, "-m", "pytest", "-q", "--nbval", "-p", "no:cacheprovider", f"book/{chapter}.ipynb")
    return code, {int(n) for n in re.findall(rf"^FAILED book/{chapter}\.ipynb::Cell (\d+)", out, re.MULTILINE)}, out


def published_numbers(tree: Path) -> dict[str, dict]:
    return {record["id"]: record for record in json.loads((tree / "_build" / "html" / "key-numbers.json").read_text(encoding="utf-8"))}


def quotations(page: BeautifulSoup) -> list[tuple[str, str]]:
    """Each number quoted in a page's sentences: its id and the text shown."""
    return [(link["href"].split("#num-")[1], span.get_text()) for span in page.select(".us-num") if (link := span.find_parent("a"))]


def loads(page: BeautifulSoup) -> list[str]:
    """Addresses of what a browser fetches to show a page."""
    tags = page.select("link[rel~=stylesheet], link[rel~=icon], link[rel~=preload], script[src], img, iframe, video, audio, source, object")
    return [tag.get("href") or tag.get("src") or tag.get("data") for tag in tags]


def files_of(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


class TestTheSite:
    """The real book, built once as ``make book`` does and once as a user of Jupyter Book would."""

    @pytest.fixture(scope="class")
    @classmethod
    def tree(cls, tmp_path_factory) -> Path:
        tree = copy_of_checkout(tmp_path_factory.mktemp("site") / "book")
        # What an earlier test run and JupyterLab leave behind must not end up in the book, nor stop it.
        for litter in (".pytest_cache/README.md", "book/.ipynb_checkpoints/gas-checkpoint.md", ".hidden/page.md"):
            (tree / litter).parent.mkdir(parents=True, exist_ok=True)
            (tree / litter).write_text("# Left over\n", encoding="utf-8")
        code, out = run(tree, *BUILD)
        assert code == 0, out
        assert "built _build/html/index.html" in out
        return tree

    @pytest.fixture(scope="class")
    @classmethod
    def site(cls, tree) -> Path:
        return tree / "_build" / "html"

    def test_every_page_of_the_table_of_contents_exists(self, site, page):
        assert page_at(site / f"{page}.html").h1.get_text(strip=True)

    def test_the_executed_notebook_lies_beside_its_page(self, site, chapter):
        published = json.loads((site / "book" / f"{chapter}.ipynb").read_text(encoding="utf-8"))
        assert chapters.unexecuted(published) == []
        assert [chapters.source(c) for c in published["cells"]] == [chapters.source(c) for c in chapters.read(chapter)["cells"]]

    def test_the_published_run_is_the_stored_one(self, site, chapter):
        """What the page shows, what the repository holds and what the download contains are one thing."""
        published = json.loads((site / "book" / f"{chapter}.ipynb").read_text(encoding="utf-8"))
        for stored, run_now in zip(chapters.code_cells(chapters.read(chapter)), chapters.code_cells(published), strict=True):
            for mime in (show.FIGURE, show.NUMBERS, "text/html"):
                assert chapters.shown([stored], mime) == chapters.shown([run_now], mime), chapters.source(stored)

    def test_every_page_says_which_data_code_and_lock_it_was_built_from(self, tree, site, page):
        record = json.loads((site / "build.json").read_text(encoding="utf-8"))
        assert record["fingerprint"] == engine.data_fingerprint(tree)
        assert page_at(site / f"{page}.html").select_one(".us-foot").get_text() == (
            f"Version {record['version']} · data fingerprint {record['fingerprint']}"
        )

    def test_the_build_record_names_the_tables_that_each_chapter_reads(self, site, chapter):
        read = json.loads((site / "build.json").read_text(encoding="utf-8"))["chapters"][chapter]["tables"]
        shown = page_at(site / "book" / f"{chapter}.html").select_one("table.us-table")
        listed = {row.td.get_text().removeprefix("data/").removesuffix(".csv") for row in shown.select("tbody tr")}
        assert listed and listed <= set(read)

    def test_times_and_machine_stay_outside_the_site(self, tree, site):
        assert (tree / "_build" / "run-report.json").exists()
        assert not list(site.rglob("run-report*"))

    def test_a_page_shows_every_figure_of_its_chapter(self, site, chapter):
        page = page_at(site / "book" / f"{chapter}.html")
        names = [record["name"] for record in chapters.figure_records(chapters.read(chapter))]
        assert names and [shown["id"] for shown in page.select("figure.us-figure")] == [f"fig-{name}" for name in names]

    def test_every_figure_has_caption_name_for_screen_readers_and_data(self, site, chapter):
        path = site / "book" / f"{chapter}.html"
        for shown in page_at(path).select("figure[id^=fig-]"):
            drawing, caption, data = shown.select_one("svg"), shown.select_one("figcaption"), shown.select_one("a.figure-data")
            assert drawing["role"] == ("group" if drawing.select("[tabindex]") else "img"), shown["id"]
            assert re.search(r"\d", drawing["aria-label"]), shown["id"]
            assert re.match(r"Figure \d+\. \S", caption.get_text()), shown["id"]
            header, *rows = csv.reader(io.StringIO((path.parent / unquote(data["href"])).read_text(encoding="utf-8")))
            assert rows and all(len(row) == len(header) for row in rows), shown["id"]

    def test_the_code_on_a_page_is_that_of_its_notebook(self, site, chapter):
        shown = [block.get_text().strip() for block in page_at(site / "book" / f"{chapter}.html").select(".cell_input .highlight pre")]
        assert shown == [chapters.source(cell).strip() for cell in chapters.code_cells(chapters.read(chapter))]

    def test_names_and_punctuation_in_code_would_be_coloured_as_the_text_around_them(self):
        """They are therefore left unmarked."""
        light = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["sphinx"]["config"]["pygments_style"]
        for colours in map(get_style_by_name, (light, "native")):  # the second is the theme's for dark pages
            around, *own = (colours.style_for_token(token)["color"] for token in (Text, Name, Punctuation))
            assert set(own) <= {around, None}

    def test_the_landing_page_repeats_a_figure_as_its_chapter_draws_it(self, site):
        (shown,) = page_at(site / "book" / "index.html").select("figure.us-figure")
        link = shown.select("a")[-1]["href"]
        there = page_at(site / "book" / link.split("#")[0]).find(id=shown["id"])
        assert link.split("#")[1] == shown["id"]
        assert str(shown.svg) == str(there.svg)
        assert (site / "book" / shown.select_one("a.figure-data")["href"]).is_file()

    def test_a_quoted_number_is_the_computed_one(self, tree, site, page):
        known = published_numbers(tree)
        assert [(i, text) for i, text in quotations(page_at(site / f"{page}.html")) if text != known[i]["text"]] == []

    def test_a_chapter_quotes_numbers_and_carries_them_in_a_table(self, tree, site, chapter):
        page = page_at(site / "book" / f"{chapter}.html")
        own = [record for record in published_numbers(tree).values() if record["chapter"] == chapter]
        assert own and quotations(page)
        for record in own:
            cells = [cell.get_text() for cell in page.find(id=f"num-{record['id']}").find_all("td")]
            assert cells == [record["label"], record["text"], record["unit"], record["as_of"]]

    def test_what_a_chapter_publishes_as_a_file_lies_at_the_root_and_is_linked(self, site, chapter):
        for file in chapters.shown(chapters.code_cells(chapters.read(chapter)), show.FILE):
            assert (site / file["name"]).read_text(encoding="utf-8") == file["text"]
            assert page_at(site / "book" / f"{chapter}.html").select(f'a[href="../../{file["name"]}"]')

    def test_the_two_files_of_key_numbers_agree_and_name_sources(self, tree, site):
        rows = list(csv.DictReader(io.StringIO((site / "key-numbers.csv").read_text(encoding="utf-8"))))
        known = published_numbers(tree)
        assert [(row["id"], row["text"]) for row in rows] == [(i, record["text"]) for i, record in known.items()]
        cited = {source for record in known.values() for source in record["sources"]}
        assert cited and cited <= set(load("sources")["key"])
        assert all(record["tables"] for record in known.values())

    def test_the_chronology_is_published_as_page_table_and_calendar(self, site):
        rows = list(csv.DictReader(io.StringIO((site / "chronology.csv").read_text(encoding="utf-8"))))
        shown = [entry["id"] for entry in page_at(site / "book" / "back" / "chronology.html").select(".us-events > li")]
        calendar = (site / "chronology.ics").read_bytes().decode().replace("\r\n ", "")
        assert len(shown) > 800 and shown == [row["id"] for row in rows] == re.findall(r"^UID:(.+)@", calendar, re.MULTILINE)
        assert (site / "book" / "back" / "chronology.html").stat().st_size < 500 * 1024

    def test_a_term_of_a_chapter_leads_to_the_glossary(self, site):
        terms = {tag["id"] for tag in page_at(site / "book" / "back" / "glossary.html").select("dl.glossary dt")}
        links = [a["href"] for a in page_at(site / "book" / "integration" / "treaties.html").select('a[href*="glossary.html#term-"]')]
        assert links and {link.split("#")[1] for link in links} <= terms

    def test_every_internal_link_and_anchor_resolves(self, site):
        pages = sorted(site.rglob("*.html"))
        assert sum(len(links.internal(path)) for path in pages) > 20 * len(engine.pages(ROOT))
        assert {path.relative_to(site).as_posix(): dead for path in pages if (dead := links.dead(path))} == {}

    def test_the_menu_of_a_page_leads_to_every_page_and_marks_its_own(self, site, page):
        home = (site / f"{page}.html").parent
        entries = page_at(site / f"{page}.html").select(".sidebar-tree li")
        led = [(home / li.a["href"]).resolve().relative_to(site.resolve()).as_posix() for li in entries if li.a["href"] != "#"]
        here = [li["class"] for li in entries if li.a["href"] == "#"]
        root, *others = engine.pages(ROOT)
        assert led == [f"{other}.html" for other in others if other != page]
        assert here == ([] if page == root else [["toctree-l1", "current", "current-page"]])

    def test_no_anchor_of_a_page_is_given_twice(self, site, page):
        ids = [tag["id"] for tag in page_at(site / f"{page}.html").select("[id]")]
        assert {i for i in ids if ids.count(i) > 1} == set()

    def test_every_paragraph_of_prose_is_numbered_as_its_text_counts_it(self, tree, site, page):
        anchors = [p["id"] for p in page_at(site / f"{page}.html").select("article p[id]")]
        written = verify.paragraphs(tree, page)
        assert written and anchors == [f"p{n}" for n in range(1, len(written) + 1)]

    def test_every_place_of_a_chapter_that_can_be_cited_is_on_its_page(self, tree, site, chapter):
        there = {tag["id"] for tag in page_at(site / "book" / f"{chapter}.html").select("article [id]")}
        cited = verify.places(tree, f"book/{chapter}")
        assert cited <= there
        assert {i for i in there if re.match(r"(fig|num|tab)-", i)} <= cited
        assert all(table.get("id") for table in page_at(site / "book" / f"{chapter}.html").select("table.us-table"))

    def test_a_page_loads_one_sheet_and_one_script_and_stays_light(self, site, page):
        path, loaded = site / f"{page}.html", loads(page_at(site / f"{page}.html"))
        assert sorted(Path(link).suffix for link in loaded) == [".css", ".js", ".svg"]
        there = sum((path.parent / link).stat().st_size for link in loaded)
        assert there <= 60 * 1024 and there + path.stat().st_size <= 500 * 1024

    def test_nothing_lies_beside_the_pages_that_none_of_them_loads(self, site):
        loaded = {(path.parent / link).resolve() for path in site.rglob("*.html") for link in loads(page_at(path))}
        assert {path.resolve() for path in (site / "_static").rglob("*")} <= loaded

    def test_no_page_loads_anything_from_another_host(self, site):
        links = {link for path in site.rglob("*.html") for link in loads(page_at(path))}
        links |= set(re.findall(r"url\((?![\"']?data:)([^)]*)|@import ([^;]*)", (site / assets.STYLE).read_text(encoding="utf-8")))
        assert links and [link for link in links if urlsplit(link).scheme or urlsplit(link).netloc] == []
        for path in (site / "_static").glob("*.js"):
            assert re.findall(r"https?://(?!www\.w3\.org/)[^\s\"'`]+", re.sub(r"/\*!.*?\*/", "", path.read_text(), flags=re.S)) == []

    def test_every_page_states_a_policy_that_it_keeps_itself(self, site):
        for path in site.rglob("*.html"):
            page = page_at(path)
            (stated,) = page.select("head > meta[http-equiv=Content-Security-Policy]")
            rules = {name: sources for name, *sources in map(str.split, stated["content"].split(";"))}
            assert rules["default-src"] == ["'none'"] and rules["style-src"] == ["'self'"] and "'unsafe-inline'" not in stated["content"]
            assert not stated.find_all_previous(["script", "link", "style"]), path
            within = [tag.string for tag in page.select("script:not([src])") if tag.get("type") != "application/ld+json"]
            hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in within]
            assert set(hashes) <= set(rules["script-src"]), path
            assert page.select("style, [style], base, iframe, object, embed") == [], path
            assert [tag for tag in page.find_all(True) if any(re.match("on[a-z]", name) for name in tag.attrs)] == [], path
            assert page.select("a[href^='javascript:']") == []

    def test_the_header_file_states_the_same_policy(self, site):
        first, *lines = (site / "_headers").read_text(encoding="utf-8").splitlines()
        headers = dict(line.strip().split(": ", 1) for line in lines)
        (stated,) = page_at(site / "book" / "index.html").select("meta[http-equiv=Content-Security-Policy]")
        assert first == "/*" and headers["Content-Security-Policy"] == f"{stated['content']}; frame-ancestors 'none'"

    def test_no_style_rule_is_published_that_no_page_can_use(self, site):
        pages = [page_at(path) for path in site.rglob("*.html")]
        scripts = "".join(path.read_text(encoding="utf-8") for path in (site / "_static").glob("*.js"))
        css = re.sub(r"\"[^\"]*\"|'[^']*'", "", (site / assets.STYLE).read_text(encoding="utf-8"))
        selectors = re.sub(r":(not|is|where|has)\((?:[^()]|\([^()]*\))*\)|\[[^\]]*\]", "", "\n".join(re.findall(r"([^{}@;]+)\{", css)))
        named = set(re.findall(r"[.#](-?[a-zA-Z_][\w-]*)", selectors))
        there = {word for page in pages for tag in page.find_all(True) for word in [tag.get("id"), *tag.get("class", [])]}
        assert len(named) > 50
        assert sorted(word for word in named - there if not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", scripts)) == []

    def test_a_chapter_has_citations_that_reference_managers_read_and_that_agree(self, site, chapter):
        page, book = page_at(site / "book" / f"{chapter}.html"), metadata.book()
        section, fingerprint = page.select_one("section#cite-this-chapter"), json.loads((site / "build.json").read_text())["fingerprint"]
        texts = {}
        for kind, ending in (("bibtex", "bib"), ("ris", "ris"), ("csl", "json")):
            (link,) = section.select(f"a.cite-{kind}")
            assert link["href"] == f"../../citations/{chapter.replace('/', '-')}.{ending}"
            texts[kind] = (site / "book" / Path(chapter).parent / link["href"]).read_bytes().decode()
        (entry,) = pybtex.database.parse_string(texts["bibtex"], "bibtex").entries.values()
        (item,), (ris,) = json.loads(texts["csl"]), rispy.loads(texts["ris"])
        assert csl_problems(item) == []
        title = page.h1.find(string=True).strip()
        assert entry.type == "incollection" and item["type"] == "chapter" and ris["type_of_reference"] == "CHAP"
        assert title == entry.fields["title"].strip("{}") == item["title"] == ris["title"]
        assert book.title == entry.fields["booktitle"].strip("{}") == item["container-title"] == ris["secondary_title"]
        assert [book.author] == [str(entry.persons["author"][0]).strip("{}")] == [item["author"][0]["literal"]] == ris["authors"]
        assert book.date[:4] == entry.fields["year"] == str(item["issued"]["date-parts"][0][0]) == ris["year"]
        assert book.version == entry.fields["version"] == item["version"] == ris["edition"].removeprefix("Version ")
        assert item["abstract"] == ris["abstract"]
        assert all(fingerprint in note for note in (entry.fields["note"], item["note"], *ris["notes"]))
        sentences = {p.strong.get_text(): p.select_one(".us-copy").get_text() for p in section.select(".us-citation")}
        assert list(sentences) == list(cite.STYLES)
        for sentence in sentences.values():
            assert title.lower() in sentence.lower() and sentence.endswith(f" Data fingerprint {fingerprint}.")
            assert all(part in sentence for part in (book.author, book.title, book.date[:4], f"ersion {book.version}"))

    def test_the_page_on_citing_cites_what_is_there(self, site):
        page = page_at(site / "book" / "guide" / "citing.html")
        shown = {
            section["id"]: section.select_one(".us-copy").get_text()
            for section in page.select("section section")
            if section.select(".us-copy")
        }
        assert list(shown) == ["the-book", "a-chapter", "a-figure", "a-paragraph", "a-data-table"]
        where, anchor = re.search(r"\((book/\S+\.html)#(\S+)\)", shown["a-figure"]).groups()
        figure = page_at(site / where).find(id=anchor)
        assert f"{figure.select_one('.us-figure-number').get_text().rstrip('. ')} (" in shown["a-figure"]
        path, checksum = re.search(r"Table (\S+), sha256 ([0-9a-f]{64})\.", shown["a-data-table"]).groups()
        assert hashlib.sha256((site / path).read_bytes()).hexdigest() == checksum

    def test_all_sources_are_published_for_reference_managers_and_linked(self, site):
        keys = set(load("sources")["key"])
        assert set(re.findall(r"^@misc\{(\S+),$", (site / "sources.bib").read_text(encoding="utf-8"), re.MULTILINE)) == keys
        assert set(re.findall(r"^ID  - (\S+)$", (site / "sources.ris").read_text(encoding="utf-8"), re.MULTILINE)) == keys
        links = {link["href"] for link in page_at(site / "book" / "back" / "sources.html").select("article a[href]")}
        assert {"../../sources.bib", "../../sources.ris"} <= links

    def test_nothing_left_over_by_tools_is_published(self, site):
        assert [name for name in files_of(site) if b"Left over" in (site / name).read_bytes()] == []

    def test_an_unchanged_book_is_not_built_again(self, tree, site):
        before = {name: (site / name).stat().st_mtime_ns for name in files_of(site)}
        code, out = run(tree, *BUILD)
        assert (code, out) == (0, "nothing has changed since the last build: _build/html/index.html is up to date\n")
        assert {name: (site / name).stat().st_mtime_ns for name in files_of(site)} == before

    def test_plain_jupyter_book_gives_the_same_bytes_elsewhere(self, site, tmp_path):
        """Another folder, time zone, locale and hash seed; no ``make``, no ``unionstate``."""
        other = copy_of_checkout(tmp_path / "another place")
        code, out = run(other, *PLAIN, TZ="Asia/Kathmandu", LC_ALL="C", PYTHONHASHSEED="7")
        assert code == 0, out
        built, expected = files_of(other / "_build" / "html"), files_of(site)
        assert sorted(built) == sorted(expected)
        assert [name for name in expected if built[name] != expected[name]] == []


def linked_chapters(chapter: str) -> set[str]:
    """The chapters that one needs for its quotations and links."""
    owner = {("num", r["id"]): c for c in engine.chapters(ROOT) for r in chapters.number_records(chapters.read(c))}
    owner |= {("fig", r["name"]): c for c in engine.chapters(ROOT) for r in chapters.figure_records(chapters.read(c))}
    text = chapters.markdown(chapters.read(chapter))
    here = Path("book", chapter).parent
    by_path = {os.path.normpath(here / re.sub(r"\.(ipynb|md)$", "", link)) for link in re.findall(r"(?:\]\(|<|`)([\w./-]+)", text)}
    return {owner[q] for q in chapters.quoted(text) if q in owner} | {p.removeprefix("book/") for p in by_path & set(engine.pages(ROOT))}


def cut_down_to(tree: Path, chapter: str) -> None:
    """Leave ``chapter`` and what it refers to: a change is followed through one chapter, not through all of them."""
    kept, new = set(), {chapter}
    while new:
        kept |= new
        new = {other for c in new if (tree / "book" / f"{c}.ipynb").exists() for other in linked_chapters(c)} - kept - {"index"}
    contents = {"format": "jb-book", "root": "book/index", "chapters": [{"file": f"book/{c}"} for c in sorted(kept - {"index"})]}
    (tree / "_toc.yml").write_text(yaml.safe_dump(contents), encoding="utf-8")
    (tree / "book" / "index.md").write_text("# Cut down for a test\n", encoding="utf-8")


class TestAChangeOfTheData:
    """One chapter, followed from the cell of a table to the sentence on its page."""

    CHAPTER, TABLE = "energy/gas", "energy/gas_prices"

    @pytest.fixture(scope="class")
    @classmethod
    def tree(cls, tmp_path_factory) -> Path:
        tree = copy_of_checkout(tmp_path_factory.mktemp("change") / "book")
        cut_down_to(tree, cls.CHAPTER)
        return tree

    @pytest.fixture(scope="class")
    @classmethod
    def quoted_price(cls) -> dict:
        """A number that the chapter's text quotes and that is a price of Belarus as its table gives it."""
        prices = load(cls.TABLE).query("country == 'Belarus'")["usd_per_1000m3"].dropna()
        quoted = {name for kind, name in chapters.quoted(chapters.markdown(chapters.read(cls.CHAPTER))) if kind == "num"}
        found = [
            record
            for record in chapters.number_records(chapters.read(cls.CHAPTER))
            if record["id"] in quoted and cls.TABLE in record["tables"] and record["value"] in set(prices)
        ]
        assert found, f"no sentence of {cls.CHAPTER} quotes a price of {cls.TABLE}"
        return found[0]

    @pytest.fixture(scope="class")
    @classmethod
    def changed(cls, tree, quoted_price) -> tuple[int, set[int], str]:
        """Build; raise that price by 3 dollars wherever the table states it for Belarus; build again; compare stored outputs."""
        code, printed = run(tree, *BUILD)  # so that every cache holds the old price
        assert code == 0, printed
        assert published_numbers(tree)[quoted_price["id"]]["text"] == quoted_price["text"]
        path = tree / "data" / f"{cls.TABLE}.csv"
        header, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8")))
        price, dollars, country = (header.index(c) for c in ("price", "usd_per_1000m3", "country"))
        hit = 0
        for row in rows:
            if row[country] == "Belarus" and row[dollars] and float(row[dollars]) == quoted_price["value"]:
                hit += 1
                for column in {price, dollars} if row[price] == row[dollars] else {dollars}:
                    row[column] = f"{float(row[column]) + 3:.10g}"
        assert hit
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([header, *rows])
        path.write_text(out.getvalue(), encoding="utf-8", newline="\n")
        code, printed = run(tree, *BUILD)
        assert code == 0, printed
        assert f"data/{cls.TABLE}.csv differs from its recorded checksum" in printed
        return nbval(tree, cls.CHAPTER)

    def test_a_changed_price_reaches_the_page(self, tree, changed, quoted_price):
        record = published_numbers(tree)[quoted_price["id"]]
        assert record["text"] != quoted_price["text"]
        page = page_at(tree / "_build" / "html" / "book" / f"{self.CHAPTER}.html")
        shown = {text for i, text in quotations(page) if i == record["id"]}
        assert shown == {record["text"]}
        assert page.find(id=f"num-{record['id']}").select_one(".us-value").get_text() == record["text"]

    def test_a_changed_price_changes_the_data_of_a_figure(self, tree, changed):
        folder = tree / "_build" / "html" / "book" / f"{self.CHAPTER}-data"
        stored = {record["name"]: record["csv"] for record in chapters.figure_records(chapters.read(self.CHAPTER))}
        assert [name for name, text in stored.items() if (folder / f"{name}.csv").read_text(encoding="utf-8") != text]

    def test_a_stale_output_is_named_by_its_cell(self, changed, quoted_price):
        cells = chapters.code_cells(chapters.read(self.CHAPTER))
        shown = [[record["id"] for table in chapters.shown([cell], show.NUMBERS) for record in table] for cell in cells]
        showing = {position for position, ids in enumerate(shown) if quoted_price["id"] in ids}
        code, differing, out = changed
        assert code == 1
        assert showing and showing <= differing, out

    def test_a_tampered_drawing_is_named_by_its_cell(self, tmp_path):
        """One digit of one coordinate of a stored figure."""
        tree = copy_of_checkout(tmp_path / "book")
        path = tree / "book" / f"{self.CHAPTER}.ipynb"
        notebook = json.loads(path.read_text(encoding="utf-8"))
        cells = chapters.code_cells(notebook)
        position = next(i for i, cell in enumerate(cells) if chapters.shown([cell], show.FIGURE))
        bundle = next(o["data"] for o in cells[position]["outputs"] if show.FIGURE in o.get("data", {}))
        svg = "".join(bundle["image/svg+xml"])
        digit = next(m for m in re.finditer(r'(?<= d="M )\d', svg))
        bundle["image/svg+xml"] = svg[: digit.start()] + str((int(digit[0]) + 1) % 10) + svg[digit.end() :]
        path.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")
        code, differing, out = nbval(tree, self.CHAPTER)
        assert (code, differing) == (1, {position}), out

    def test_stripped_outputs_are_caught_by_our_guard(self):
        """Strict nbval passes over them: it never compares a cell that was not executed."""
        notebook = chapters.read(self.CHAPTER)
        assert chapters.unexecuted(notebook) == []
        for cell in chapters.code_cells(notebook):
            cell.update(outputs=[], execution_count=None)
        assert len(chapters.unexecuted(notebook)) == len(chapters.code_cells(notebook))

    def test_a_single_stripped_cell_is_caught_by_our_guard(self):
        notebook = chapters.read(self.CHAPTER)
        cell = next(c for c in chapters.code_cells(notebook) if chapters.shown([c], show.FIGURE))
        cell["outputs"] = []
        (problem,) = chapters.unexecuted(notebook)
        assert "has no stored output" in problem


def cell(kind: str, text: str) -> dict:
    extra = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, "id": f"c{abs(hash(text)) % 10**8}", "metadata": {}, "source": text, **extra}


METADATA = {"kernelspec": {"name": "python3", "display_name": "Python 3"}, "language_info": {"name": "python"}}
TEXT = "Quotes {num}`small-price`, {fig}`small-prices` and {src}`bbc-news-gas-deal-bitter-belarus-row`."
START = "from unionstate import figure, key_numbers, load, number, style\ngas = load('energy/gas_prices').query(\"id == 'GP003'\")"
NUMBER = "key_numbers(number('small-price', 'Price', gas['price'].iloc[0], 'USD', 2006, gas, digits=2))"
FIGURE = (
    "with style.canvas() as (fig, ax):\n    ax.plot(gas['year'], gas['price'], 'o')\n"
    "figure(fig, 'small-prices', 'One price of gas, as a point.',\n"
    "       'A single point at 46.68 dollars in the year 2006.', gas[['year', 'price']], gas)"
)


class TestAFaultInAChapter:
    """A chapter of a few cells with one thing wrong at a time: the build fails, says what, and trusts nothing of it later."""

    @pytest.fixture(scope="class")
    @classmethod
    def small(cls, tmp_path_factory):
        """Build a book of one chapter made of these cells; return exit code and output."""
        tree = copy_of_checkout(tmp_path_factory.mktemp("fault") / "book")
        shutil.rmtree(tree / "book")
        (tree / "book" / "energy").mkdir(parents=True)
        shutil.copy(ROOT / "book" / "references.bib", tree / "book")
        (tree / "_toc.yml").write_text("format: jb-book\nroot: book/index\nchapters:\n- file: book/energy/small\n", encoding="utf-8")
        books.describe(tree, ["energy/small"])

        def build(*code: str, text: str = TEXT, index: str = "# Small book\n") -> tuple[int, str]:
            cells = [cell("markdown", "# Small\n\n## Abstract\n\nText."), cell("markdown", text), *(cell("code", text) for text in code)]
            notebook = {"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
            (tree / "book" / "energy" / "small.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
            (tree / "book" / "index.md").write_text(index, encoding="utf-8")
            return run(tree, *BUILD)

        build.tree = tree
        return build

    def test_a_failing_cell_stops_the_build_and_the_mended_one_passes(self, small):
        stamp = small.tree / "_build" / "html.inputs"
        sound, broken = (START, "price = gas['price']", NUMBER, FIGURE), (START, "price = gas['cost']", NUMBER, FIGURE)
        code, out = small(*sound)
        assert code == 0, out
        assert stamp.exists()

        code, out = small(*broken)
        assert code != 0
        for part in ("energy/small, cell 4 failed", "price = gas['cost']", "KeyError: 'cost'", "the build failed"):
            assert part in out
        assert not stamp.exists()

        code, out = small(*sound)
        assert code == 0, out
        assert "nothing has changed" not in out
        assert page_at(small.tree / "_build" / "html" / "book" / "energy" / "small.html").find(id="fig-small-prices")

    @pytest.mark.parametrize(
        "said, changed",
        [
            pytest.param(
                "book/energy/small, cell 2, line 3: the text quotes key number 'small-cost', which no chapter computes",
                {"text": "Text.\n\n{num}`small-cost`"},
                id="a quoted number",
            ),
            pytest.param("figure 'small-prices' appears twice: in energy/small and in", {"code": [FIGURE]}, id="a figure twice"),
            pytest.param(
                "book/index, line 3: the page repeats figure 'nobody', which no chapter shows",
                {"index": "# Small book\n\n```{show-figure} nobody\n```\n"},
                id="a repeated figure",
            ),
            pytest.param("index.md:3: WARNING: ", {"index": "# Small book\n\n[text](nowhere.md)\n"}, id="a link to no page"),
        ],
    )
    def test_the_build_fails_and_names(self, small, said, changed):
        status, out = small(START, NUMBER, FIGURE, *changed.pop("code", []), **changed)
        assert status != 0, out
        assert said in out
        assert "Traceback" not in out
        assert not (small.tree / "_build" / "html.inputs").exists()

    @pytest.mark.parametrize(
        "role, said",
        [
            (NumberRole(), "book/index, line 7: the text quotes key number 'nobody'"),
            (FigureRole(), "book/index, line 7: the text refers to figure 'nobody'"),
            (SourceRole(), "book/index, line 7: the text cites 'nobody', which is no key of data/sources.csv"),
        ],
        ids=["a number", "a figure", "a source"],
    )
    def test_prose_cannot_quote_what_does_not_exist(self, role, said):
        content = edition.Content({}, site.Registry(), {"sources": {}}, "")
        env = SimpleNamespace(docname="book/index", app=SimpleNamespace(unionstate=SimpleNamespace(content=content)))
        inliner = SimpleNamespace(document=SimpleNamespace(settings=SimpleNamespace(env=env)))
        with pytest.raises(ExtensionError, match=re.escape(said)):
            role("x", "", "nobody", 7, inliner)


class TestWhatIsNotPublished:
    """A figure or number that a reader could not check is refused in the cell that makes it."""

    @pytest.fixture
    def gas(self):
        return load("energy/gas_prices").query("id == 'GP003'")

    @pytest.mark.parametrize(
        "change, said",
        [
            ({"name": "Two Words"}, "lower-case words joined by hyphens"),
            ({"caption": ""}, "caption is ''"),
            ({"alt": "short"}, "alternative text is 'short'"),
            ({"data": pd.DataFrame({"year": []})}, "the data frame is empty"),
            ({"evidence": pd.DataFrame({"year": [2006]})}, "carries no table name"),
        ],
    )
    def test_a_figure_without(self, change, said, gas):
        with style.canvas() as (fig, ax):
            ax.plot(gas["year"], gas["price"], "o")
        alt = "A single point at 46.68 dollars in the year 2006."
        whole = {"name": "x", "caption": "One price of gas, as a point.", "alt": alt, "data": gas, "evidence": gas}
        assert figure(fig, **whole).record["csv"]
        with pytest.raises(ValueError, match=re.escape(said)):
            figure(fig, **{**whole, **change})

    @pytest.mark.parametrize("name, empty", [("Audit.csv", False), ("../audit.csv", False), ("audit.txt", False), ("audit.csv", True)])
    def test_a_file_with_another_name_or_nothing_in_it(self, name, empty, gas):
        assert publish("audit.csv", gas, "All").record["text"].startswith("id,")
        with pytest.raises(ValueError, match=re.escape(repr(name))):
            publish(name, gas.head(0) if empty else gas, "All")

    def test_a_number_without_value_or_origin(self, gas):
        with pytest.raises(ValueError, match="has no value"):
            number("x", "Price", gas["price"].iloc[:0].mean(), "USD", 2006, gas)
        with pytest.raises(ValueError, match="carries no table name"):
            number("x", "Price", 46.68, "USD", 2006, pd.DataFrame({"price": [46.68]}))

    def test_a_number_id_used_in_two_chapters(self, gas):
        table = key_numbers(number("x", "Price", 46.68, "USD", 2006, gas))._repr_mimebundle_()
        notebook = {"cells": [{"cell_type": "code", "outputs": [{"data": table}]}]}
        with pytest.raises(site.BookError, match="number 'x' appears twice: in a/b and in c/d"):
            site.collect({"a/b": notebook, "c/d": notebook})
