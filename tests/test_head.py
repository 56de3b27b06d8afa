"""The promise: the head of every page tells machines what the page is, truly, in words they know, and leads nowhere that does not exist."""

import hashlib
import json
import re
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote, urlsplit

import chapters
import pytest
from books import edit
from bs4 import BeautifulSoup
from docutils import nodes
from test_site import BUILD, copy_of_checkout, cut_down_to, files_of, run

from unionstate import package
from unionstate.build import cards, engine, head, metadata, site

ROOT = chapters.ROOT
WEIGHT = 12 * 1024
TEXT, ADDRESS, DAY = r"\S(.*\S)?", r"#\S+|[^\s:]+(#\S+)?|https?://\S+", r"\d{4}-\d\d-\d\d"
#: Type → property → what schema.org expects there (as of version 29): a pattern of a text, or types of its own.
COMMON = {
    "name": TEXT,
    "description": TEXT,
    "url": ADDRESS,
    "inLanguage": "en",
    "author": {"Organization"},
    "datePublished": DAY,
    "dateModified": DAY,
    "version": TEXT,
    "license": ADDRESS,
    "keywords": TEXT,
    "image": ADDRESS,
    "isPartOf": {"Book"},
    "about": {"Thing"},
}
MEDIA = {"contentUrl": ADDRESS, "encodingFormat": r"\w+/[\w+.-]+"}
SCHEMA = {
    "Thing": {"name": TEXT},
    "Organization": {"name": TEXT},
    "CreativeWork": {"name": TEXT, "url": ADDRESS},
    "Book": {**COMMON, "hasPart": {"Chapter"}},
    "Chapter": {**COMMON, "abstract": TEXT, "hasPart": {"ImageObject"}},
    "WebPage": COMMON,
    "DataCatalog": {**COMMON, "dataset": {"Dataset"}},
    "Dataset": {
        "name": TEXT,
        "description": TEXT,
        "license": ADDRESS,
        "creator": {"Organization"},
        "isBasedOn": {"CreativeWork"},
        "variableMeasured": TEXT,
        "distribution": {"DataDownload"},
    },
    "ImageObject": {**MEDIA, "name": TEXT, "caption": TEXT, "description": TEXT, "isBasedOn": {"DataDownload"}},
    "DataDownload": {**MEDIA, "sha256": r"[0-9a-f]{64}"},
}


def read(path: Path) -> SimpleNamespace:
    """A page's head as a machine reads it: tag → values, and its JSON-LD."""
    return parsed(path.read_text(encoding="utf-8"))


@cache
def parsed(text: str) -> SimpleNamespace:
    page = BeautifulSoup(text, "html.parser")
    tags: dict[str, list[str]] = {}
    for tag in page.head.select("meta[content]"):
        tags.setdefault(tag.get("name", tag.get("property")), []).append(tag["content"])
    (script,) = page.select('script[type="application/ld+json"]')
    assert script in page.head.find_all("script")
    return SimpleNamespace(tags=tags, linked=json.loads(script.string), title=page.h1.find(string=True).strip(), html=page)


def against_schema(value: dict, where: str = "") -> list[str]:
    """What in a piece of JSON-LD is no term of schema.org or no value for it."""
    kind, problems = value.get("@type"), []
    if kind not in SCHEMA:
        return [f"{where}: type {kind!r}"]
    for name, given in value.items():
        if name in ("@type", "@context"):
            continue
        expected = SCHEMA[kind].get(name)
        for one in given if isinstance(given, list) else [given]:
            if isinstance(expected, set) and isinstance(one, dict) and one.get("@type") in expected:
                problems += against_schema(one, f"{where}/{name}")
            elif not (isinstance(expected, str) and isinstance(one, str) and re.fullmatch(expected, one)):
                problems.append(f"{where}/{name} of {kind}: {one!r}")
    return problems


def addresses(value) -> list[str]:
    """All addresses in a piece of JSON-LD."""
    if isinstance(value, list):
        return [found for one in value for found in addresses(one)]
    if not isinstance(value, dict):
        return []
    own = [value[name] for name in ("url", "contentUrl", "image") if name in value]
    return own + [found for one in value.values() for found in addresses(one)]


def dead(folder: Path, path: Path, found: SimpleNamespace) -> list[str]:
    """Relative addresses in a page's head that lead to no file or no anchor; all that begin with a scheme are somebody else's."""
    ids = {tag["id"] for tag in found.html.select("[id]")}
    missing = []
    for address in [*addresses(found.linked), *found.tags.get("og:image", [])]:
        parts = urlsplit(address)
        there = (path.parent / unquote(parts.path)).resolve()
        known = there.is_file() and there.is_relative_to(folder.resolve()) if parts.path else parts.fragment in ids
        if not parts.scheme and not known:
            missing.append(address)
    return missing


class TestHeads:
    """The real book, built once."""

    @pytest.fixture(scope="class")
    @classmethod
    def site(cls, tmp_path_factory) -> Path:
        tree = copy_of_checkout(tmp_path_factory.mktemp("heads") / "book")
        code, out = run(tree, *BUILD)
        assert code == 0, out
        return tree / "_build" / "html"

    @pytest.fixture(scope="class")
    @classmethod
    def registry(cls):
        return site.collect({name: chapters.read(name) for name in engine.chapters(ROOT)})

    def test_every_page_says_its_title_author_date_language_and_rights(self, site, page):
        found, book = read(site / f"{page}.html"), metadata.book()
        records = metadata.chapters()
        chapter = page.removeprefix("book/")
        first = records[chapter]["first_published"] if chapter in records else book.date
        title = book.title if page == "book/index" else found.title
        tags = {name: values[0] for name, values in found.tags.items()}
        assert [tags["citation_title"], tags["DC.title"], tags["og:title"], found.linked["name"]] == [title] * 4
        assert [tags["citation_author"], tags["DC.creator"], found.linked["author"]["name"]] == [book.author] * 3
        assert [tags["DC.date"], found.linked["datePublished"], tags["citation_publication_date"]] == [
            first,
            first,
            first.replace("-", "/"),
        ]
        assert [tags["citation_language"], tags["DC.language"], found.linked["inLanguage"]] == [found.html.html["lang"]] * 3
        assert book.licences["text"] == "CC-BY-4.0" and tags["DC.rights"] == "https://creativecommons.org/licenses/by/4.0/"
        assert (tags.get("citation_inbook_title"), tags.get("DC.isPartOf")) == ((None,) * 2 if page == "book/index" else (book.title,) * 2)
        assert (tags["og:site_name"], tags["og:type"]) == (book.short_title, "book" if page == "book/index" else "article")
        assert found.linked["version"] == book.version

    def test_every_page_describes_itself_once_in_plain_words(self, site, page):
        found = read(site / f"{page}.html")
        (text,) = found.tags["description"]
        assert 40 <= len(text) <= head.LONGEST and not re.search(r"<|\{|`|\s{2}", text)
        assert found.tags["og:description"] == [text] and found.linked["description"] == text
        assert text.endswith((".", "!", "?", "…"))

    def test_a_chapter_carries_its_abstract_keywords_and_dates(self, site, registry, chapter):
        found, record = read(site / "book" / f"{chapter}.html"), metadata.chapter(chapter, chapters.read(chapter), registry)
        shown = found.html.select_one("#abstract").find_all("p")
        assert found.linked["@type"] == "Chapter" and found.linked["isPartOf"]["name"] == metadata.book().title
        assert found.linked["abstract"] == " ".join(record.abstract.split())
        said = " ".join(p.get_text() for p in shown).replace("’", "'").split()
        assert found.linked["abstract"].replace("’", "'").split()[:12] == said[:12]
        assert found.tags["citation_keywords"] == found.linked["keywords"] == list(record.keywords)
        assert found.linked["dateModified"] == found.tags["article:modified_time"][0] == record.changed

    def test_a_chapter_lists_its_figures_with_caption_text_and_data(self, site, registry, chapter):
        listed = read(site / "book" / f"{chapter}.html").linked["hasPart"]
        records = [r for r in registry.figures.values() if r["chapter"] == chapter]
        assert [(f["contentUrl"], f["caption"]) for f in listed] == [(f"#fig-{r['name']}", r["caption"]) for r in records]
        for figure, record in zip(listed, records, strict=True):
            assert record["alt"].startswith(figure["description"].removesuffix(" …"))
            data = (site / "book" / chapter).parent / figure["isBasedOn"]["contentUrl"]
            assert data.read_text(encoding="utf-8") == record["csv"]

    def test_the_data_page_lists_every_table_with_its_checksum_and_fields(self, site):
        path = site / "book" / "back" / "data.html"
        listed = {Path(d["distribution"]["contentUrl"]).as_posix(): d for d in read(path).linked["dataset"]}
        assert len(listed) == len(package.resources())
        for meta in package.resources().values():
            table = listed[f"../../data/{meta['path']}"]
            assert table["distribution"]["sha256"] == hashlib.sha256((site / "data" / meta["path"]).read_bytes()).hexdigest()
            assert table["variableMeasured"] == [field["name"] for field in meta["schema"]["fields"]]
            named = [source["title"] for source in meta["sources"] if "path" in source]
            assert [work["name"] for work in table.get("isBasedOn", [])] == named
            assert table["license"] == [licence["path"] for licence in meta["licenses"]]

    def test_the_landing_page_lists_every_chapter(self, site):
        linked = read(site / "book" / "index.html").linked
        assert linked["@type"] == "Book"
        assert [(part["@type"], part["url"]) for part in linked["hasPart"]] == [("Chapter", f"{c}.html") for c in engine.chapters(ROOT)]

    def test_json_ld_uses_terms_of_schema_org_alone(self, site, page):
        linked = read(site / f"{page}.html").linked
        assert linked["@context"] == "https://schema.org"
        assert against_schema(linked, page) == []

    def test_every_relative_address_leads_to_a_file_of_the_site(self, site, page):
        path = site / f"{page}.html"
        found = read(path)
        assert addresses(found.linked) and dead(site, path, found) == []

    def test_a_book_without_an_address_names_none(self, site, page):
        """Addresses with a host are those of licences and sources, which the data package or :mod:`head` itself names."""
        assert metadata.book().address is None
        found = read(site / f"{page}.html")
        assert not {"og:url", "citation_fulltext_html_url", "citation_pdf_url", "citation_doi"} & set(found.tags)
        others = {s["path"] for meta in package.resources().values() for s in meta["sources"] if "path" in s}
        assert {address for address in addresses(found.linked) if urlsplit(address).scheme} <= others

    def test_a_chapter_has_a_card_of_the_size_it_states(self, site, chapter):
        path = site / "book" / f"{chapter}.html"
        tags = read(path).tags
        picture = (path.parent / tags["og:image"][0]).read_bytes()
        width, height = (int.from_bytes(picture[start : start + 4], "big") for start in (16, 20))
        assert picture.startswith(b"\x89PNG") and len(picture) < 200 * 1024
        assert [str(width), str(height)] == tags["og:image:width"] + tags["og:image:height"] == ["1200", "630"]

    def test_what_a_head_adds_is_little(self, site, chapter):
        text = (site / "book" / f"{chapter}.html").read_text(encoding="utf-8")
        added = text[text.index('<link rel="schema.DC"') : text.index("</script>", text.index("ld+json"))]
        assert len(added.encode()) < WEIGHT

    def test_the_data_fingerprint_is_in_no_head(self, site, page):
        fingerprint = json.loads((site / "build.json").read_text(encoding="utf-8"))["fingerprint"]
        assert fingerprint not in str(read(site / f"{page}.html").html.head)


class TestAChange:
    """One chapter, built again after a change of a caption, then of the book's address."""

    CHAPTER, WORDS, ADDRESS = (
        "integration/treaties",
        "Days from signature to entry into force by policy area",
        "https://book.example.org/union",
    )
    CHANGED = f"Edited </script><b> & {WORDS}"

    @pytest.fixture(scope="class")
    @classmethod
    def tree(cls, tmp_path_factory) -> Path:
        tree = copy_of_checkout(tmp_path_factory.mktemp("change") / "book")
        cut_down_to(tree, cls.CHAPTER)
        return tree

    @classmethod
    def build(cls, tree: Path) -> SimpleNamespace:
        """Build; return the chapter's head and when each remembered card was drawn."""
        code, out = run(tree, *BUILD)
        assert code == 0, out
        drawn = {card.name: card.stat().st_mtime_ns for card in (tree / "_build" / "cards").iterdir()}
        return SimpleNamespace(**vars(read(tree / "_build" / "html" / "book" / f"{cls.CHAPTER}.html")), drawn=drawn)

    @pytest.fixture(scope="class")
    @classmethod
    def before(cls, tree) -> SimpleNamespace:
        return cls.build(tree)

    @pytest.fixture(scope="class")
    @classmethod
    def after(cls, tree, before) -> SimpleNamespace:
        notebook = chapters.read(cls.CHAPTER, tree)
        (cell,) = [cell for cell in chapters.code_cells(notebook) if cls.WORDS in chapters.source(cell)]
        cell["source"] = chapters.source(cell).replace(cls.WORDS, cls.CHANGED)
        (tree / "book" / f"{cls.CHAPTER}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
        return cls.build(tree)

    @pytest.fixture(scope="class")
    @classmethod
    def published(cls, tree, after) -> SimpleNamespace:
        edit(tree / "metadata.yml", "address: null", f"address: {cls.ADDRESS}/")
        return cls.build(tree)

    def test_a_changed_caption_reaches_the_head_of_its_page(self, before, after):
        old, new = ([figure["caption"] for figure in head.linked["hasPart"]] for head in (before, after))
        assert [caption.replace(self.WORDS, self.CHANGED) for caption in old] == new != old

    def test_cards_of_unchanged_figures_are_not_drawn_again(self, before, after):
        assert len(before.drawn) == 1 and after.drawn == before.drawn

    def test_a_book_with_an_address_names_its_pages_absolutely(self, tree, published):
        here = f"{self.ADDRESS}/book/{self.CHAPTER}.html"
        assert published.tags["og:url"] == published.tags["citation_fulltext_html_url"] == [here] == [published.linked["url"]]
        named = [*addresses(published.linked), *published.tags["og:image"]]
        assert len(named) > 10 and all(address.startswith(f"{self.ADDRESS}/") for address in named)
        out = tree / "_build" / "html"
        assert [address for address in named if not (out / urlsplit(address).path.removeprefix("/union/")).is_file()] == []


def page_of(**changes) -> head.Page:
    book = metadata.book()
    given = {"name": "book/a/b", "title": "T", "book": book, "published": book.date, "changed": book.date, "keywords": ("k",), **changes}
    return head.Page(**given)


def test_no_text_can_leave_its_tag_or_its_script():
    evil = "He said: \"</script><script>alert(1)</script>\" & <!-- \u2028 'it' &amp;"
    made = BeautifulSoup(f"<head>{head.html(page_of(title=evil, description=evil))}</head>", "html.parser")
    (script,) = made.find_all("script")
    assert json.loads(script.string)["name"] == json.loads(script.string)["description"] == evil
    assert {made.find(attrs={key: name})["content"] for key, name in (("name", "DC.title"), ("property", "og:description"))} == {evil}
    assert {tag.name for tag in made.head.find_all(True)} == {"link", "meta", "script"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two is 2.5 long.", "One. Two is 2.5 long."),
        ("One  is\n\nshort. Two is longer. Three would not fit any more.", "One is short. Two is longer."),
        ("He asks: “Why? Because.” That is a long way to say so.", "He asks: “Why? Because.”"),
        ("No sentence ends before the longest length is reached here.", "No sentence ends before the …"),
    ],
)
def test_a_description_ends_with_a_sentence(text, expected):
    assert head.cut(text, 30) == expected


def test_a_first_paragraph_is_read_without_raw_tags():
    raw = nodes.raw("", '<a href="x">', format="html")
    said = nodes.paragraph("", "", nodes.Text("See "), raw, nodes.strong("", "this"), nodes.Text("."))
    tree = nodes.section("", nodes.title("", "T"), said)
    assert head.first_paragraph(tree) == "See this."


def test_a_first_paragraph_does_not_end_where_a_list_begins():
    assert head.first_paragraph(nodes.section("", nodes.paragraph("", "Two things count. They are these:"))) == "Two things count."


def test_a_card_is_the_same_wherever_it_is_drawn(tmp_path):
    registry = site.collect({"energy/gas": chapters.read("energy/gas")})
    for place in ("one", "another"):
        cards.Cards(registry, tmp_path / place / "cards").publish(tmp_path / place / "html")
    one, other = (files_of(tmp_path / place) for place in ("one", "another"))
    assert one == other and cards.path("energy/gas") in {name.removeprefix("html/") for name in one}


def test_a_card_shows_light_colours_and_the_first_figure_that_is_flat_enough():
    registry = site.collect({chapter: chapters.read(chapter) for chapter in engine.chapters(ROOT)})
    for chapter, record in cards.chosen(registry).items():
        card = cards.drawing(registry.drawings[record["name"]])
        assert "var(" not in card and "system-ui" not in card
        before = [r for r in registry.figures.values() if r["chapter"] == chapter and r["number"] < record["number"]]
        sizes = [re.search(r'viewBox="0 0 (\S+) (\S+)"', registry.drawings[r["name"]]).groups() for r in before]
        assert all(float(width) / float(height) < cards.FLAT for width, height in sizes), chapter
