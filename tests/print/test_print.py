"""The promise: the book bound as one file says what the site says, to every reader. ``make test-print`` binds both files first."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import pypdf
import pytest
from lxml import etree
from lxml import html as markup

from unionstate.build import engine, metadata, site, volume

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "_build" / "html"
FILES = {kind: OUT / f"union-state-in-data.{kind}" for kind in ("pdf", "epub")}
BUILD = json.loads((OUT / "build.json").read_text(encoding="utf-8"))
BOUND = [page for page in engine.pages(ROOT) if page not in volume.OMITTED]
XHTML, OPF, EPUB = "{http://www.w3.org/1999/xhtml}", "{http://www.idpf.org/2007/opf}", "{http://www.idpf.org/2007/ops}"
DC = "{http://purl.org/dc/elements/1.1/}"


def run(tool: str, *arguments: str) -> str:
    """What a program prints. These tests are not worth much without it, so that its absence is a failure."""
    if not shutil.which(tool):
        pytest.fail(f"{tool} was not found; on Debian: apt-get install poppler-utils epubcheck")
    return subprocess.run([tool, *arguments], capture_output=True, text=True, encoding="utf-8").stdout


def squeezed(text: str) -> str:
    """Letters and digits alone: lines are broken, words are divided and ligatures set where they fit."""
    return "".join(re.findall(r"\w", text))


def article(page: str):
    return markup.parse(str(OUT / f"{page}.html")).getroot().find(".//article")


@cache
def title(page: str) -> str:
    heading = article(page).find(".//h1")
    heading.remove(heading.find("a"))
    return heading.text_content().strip()


@cache
def page_texts() -> list[str]:
    """The text of every page of the PDF."""
    return run("pdftotext", "-enc", "UTF-8", str(FILES["pdf"]), "-").split("\f")[:-1]


@cache
def pdf() -> pypdf.PdfReader:
    return pypdf.PdfReader(FILES["pdf"])


@cache
def bookmarks() -> list[tuple[int, str, int]]:
    """Level, title and page, counted from one, of every bookmark."""

    def walk(entries, level=0):
        for entry in entries:
            if isinstance(entry, list):
                yield from walk(entry, level + 1)
            else:
                yield level, entry.title, pdf().get_destination_page_number(entry) + 1

    return list(walk(pdf().outline))


@cache
def archive() -> dict[str, bytes]:
    with zipfile.ZipFile(FILES["epub"]) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def epub_page(page: str):
    return etree.fromstring(archive()[f"book/text/{page.removeprefix('book/').replace('/', '-')}.xhtml"])


def drawings(page: str) -> list[str]:
    """What the figures on a page of the site are said to show."""
    return [svg.get("aria-label") for svg in article(page).findall(".//figure//svg")]


@pytest.mark.parametrize("page", BOUND)
def test_every_page_of_the_contents_is_a_bookmark_with_its_title(page):
    found = [number for _, said, number in bookmarks() if said == title(page)]
    assert len(found) == 1
    assert squeezed(title(page)) in squeezed(page_texts()[found[0] - 1])


def test_bookmarks_follow_the_contents_part_by_part():
    parts = engine.parts(ROOT)
    whole = [said for level, said, _ in bookmarks() if said in parts or said in {title(page) for page in BOUND}]
    loose = [page for page in BOUND if not any(page in pages for pages in parts.values())]
    expected = ["Contents", *map(title, loose)]
    for part, pages in parts.items():
        expected += [part, *(title(page) for page in pages if page in BOUND)]
    assert ["Contents", *whole] == expected
    assert [said for level, said, _ in bookmarks() if level == 0][1 + len(loose) :] == list(parts)


def test_the_contents_give_the_pages_that_the_bookmarks_lead_to():
    contents = re.sub(r"[\s.]+", " ", page_texts()[bookmarks()[0][2] - 1])
    pages = {said: number for _, said, number in bookmarks()}
    for page in BOUND:
        wanted = re.sub(r"[\s.]+", " ", title(page))
        assert re.search(rf"{re.escape(wanted)} {pages[title(page)]}\b", contents), title(page)


def test_pages_are_numbered_as_they_lie_in_the_file():
    for number, text in enumerate(page_texts(), start=1):
        if number > 2:
            assert re.search(rf"^{number}$", text, re.MULTILINE), f"page {number} does not say its number"


def test_the_book_is_of_a_size_that_can_be_printed():
    assert 150 <= len(pdf().pages) <= 450
    assert FILES["pdf"].stat().st_size < 10 * 2**20


@pytest.mark.parametrize("page", BOUND)
def test_nothing_stands_beyond_the_edge_of_a_page(page):
    """Page by page in the order of the contents: a chapter's own pages, by their words' places."""
    starts = sorted((number, said) for _, said, number in bookmarks() if said in {title(p) for p in BOUND})
    first = next(number for number, said in starts if said == title(page))
    last = next((number - 1 for number, _ in starts if number > first), len(pdf().pages))
    placed = run("pdftotext", "-bbox", "-f", str(first), "-l", str(last), str(FILES["pdf"]), "-")
    words = re.findall(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">([^<]*)', placed)
    assert words
    outside = [word for x, y, right, bottom, word in words if float(x) < 36 or float(y) < 28 or float(right) > 559 or float(bottom) > 814]
    assert outside == []


def test_the_text_can_be_taken_out_with_its_numbers(chapter):
    """The abstract, sentence for sentence, as the chapter's own record has it: computed numbers filled in."""
    file = json.loads((OUT / "citations" / f"{chapter.replace('/', '-')}.json").read_text(encoding="utf-8"))
    abstract = re.sub(r"\s*\[[\w, ]+\]", "", file[0]["abstract"] if isinstance(file, list) else file["abstract"])
    sentence = re.match(r".+?[.?!](?=\s[A-Z]|$)", abstract, re.DOTALL)[0]
    whole = squeezed("".join(page_texts()))
    assert len(sentence) > 20
    assert squeezed(sentence) in re.sub(r"fi", "fi", whole)
    assert squeezed(sentence) in squeezed("".join(epub_page(f"book/{chapter}").itertext()))


@pytest.mark.parametrize("page", BOUND)
def test_every_key_number_of_a_page_is_in_both(page):
    quoted = [e.text_content() for e in article(page).xpath(".//a/span[@class='us-num']") if not e.xpath("ancestor::details")]
    in_epub = ["".join(e.itertext()) for e in epub_page(page).iterfind(f".//{XHTML}span[@class='us-num']")]
    assert in_epub == quoted


def test_all_fonts_are_in_the_file_and_none_is_of_this_machine():
    rows = [line.split() for line in run("pdffonts", str(FILES["pdf"])).splitlines()[2:]]
    assert rows
    for row in rows:
        assert row[-5:-2] == ["yes", "yes", "yes"], row  # embedded, a subset, with a way back to letters
        assert re.fullmatch(r"[A-Z]{6}\+(STIXGeneral|DejaVu-Sans)[\w-]*", row[0]), row


@cache
def tags() -> list:
    """Every structure element of the PDF: kind and alternative text."""
    found, queue = [], [pdf().trailer["/Root"]["/StructTreeRoot"]]
    while queue:
        element = queue.pop().get_object()
        if isinstance(element, list):
            queue.extend(element)
        elif isinstance(element, dict):
            found.append((element.get("/S"), element.get("/Alt")))
            queue.extend([element["/K"]] if "/K" in element else [])
    return found


def test_the_pages_are_tagged_and_every_figure_says_what_it_shows():
    said = [alternative for kind, alternative in tags() if kind == "/Figure"]
    expected = [text for page in BOUND for text in drawings(page)]
    assert len(expected) > 50
    assert sorted(map(str, said)) == sorted(expected)
    kinds = {kind for kind, _ in tags()}
    assert {"/H1", "/H2", "/P", "/Table", "/TH", "/TD", "/Caption", "/Link", "/L"} <= kinds
    assert pdf().trailer["/Root"]["/Lang"] == "en"


@pytest.mark.parametrize("page", BOUND)
def test_every_drawing_of_the_e_book_says_what_it_shows(page):
    drawn = epub_page(page).findall(f".//{volume.SVG}svg")
    assert [svg.get("aria-label") for svg in drawn] == drawings(page)
    assert all(svg.get("role") == "img" and svg.findtext(f"{volume.SVG}title") == svg.get("aria-label") for svg in drawn)


def test_both_say_which_edition_they_are():
    info = run("pdfinfo", "-custom", str(FILES["pdf"]))
    package = etree.fromstring(archive()["book/book.opf"])
    said = etree.tostring(package, encoding="unicode")
    for text in (
        page_texts()[0],
        page_texts()[1],
        archive()["book/text/title.xhtml"].decode(),
        archive()["book/text/imprint.xhtml"].decode(),
    ):
        assert BUILD["fingerprint"] in text
        assert BUILD["version"] in text
    assert re.search(rf"^fingerprint: +{BUILD['fingerprint']}$", info, re.MULTILINE)
    assert re.search(rf"^version: +{BUILD['version']}$", info, re.MULTILINE)
    assert f"data fingerprint {BUILD['fingerprint']}" in said
    assert f">{BUILD['version']}</meta>" in said
    assert package.findtext(f".//{DC}title") == pdf().metadata.title == metadata.book().title
    assert package.findtext(f".//{DC}identifier") in info


def test_the_e_book_is_without_fault():
    if not Path(JAR).exists() and not shutil.which("epubcheck"):
        pytest.fail("epubcheck was not found; on Debian: apt-get install epubcheck")
    command = ["java", "-jar", JAR] if Path(JAR).exists() else ["epubcheck"]
    checked = subprocess.run([*command, str(FILES["epub"])], capture_output=True, text=True)
    assert "0 fatals / 0 errors / 0 warnings" in checked.stdout, checked.stdout + checked.stderr
    assert checked.returncode == 0


#: Where Debian puts it; its start script needs support in the kernel that containers lack.
JAR = "/usr/share/java/epubcheck.jar"


def test_the_contents_of_the_e_book_are_those_of_the_book():
    contents = etree.fromstring(archive()["book/nav.xhtml"]).find(f".//{XHTML}nav[@{EPUB}type='toc']")
    linked = [(a.get("href"), a.text) for a in contents.iter(f"{XHTML}a")]
    assert linked == [(f"text/{page.removeprefix('book/').replace('/', '-')}.xhtml", title(page)) for page in BOUND]
    assert [e.text for e in contents.iter(f"{XHTML}span")] == list(engine.parts(ROOT))
    spine = etree.fromstring(archive()["book/book.opf"]).find(f"{OPF}spine")
    assert len(spine) == len(BOUND) + 3  # title, imprint, contents


def test_what_is_left_out_is_named_with_its_place():
    left = [page for page in engine.pages(ROOT) if page not in BOUND]
    assert left == list(volume.OMITTED)
    for text in (squeezed(page_texts()[1]), squeezed(archive()["book/text/imprint.xhtml"].decode())):
        for page in left:
            assert squeezed(f"{page}.html") in text


@pytest.mark.parametrize("page", BOUND)
def test_neither_has_what_only_a_screen_can_use(page):
    text = etree.tostring(epub_page(page), encoding="unicode")
    assert re.findall(r"<(?:button|details|script|input|nav)\b", text) == []
    assert not {"Show the code", "Data of this figure (CSV)", "¶"} & set(epub_page(page).itertext())
    assert re.findall(r"var\(--|style=\"[^\"]*--us", text) == []


def test_links_within_lead_somewhere():
    names = {}
    for path, data in archive().items():
        if path.endswith(".xhtml"):
            names[path.rsplit("/", 1)[-1]] = {e.get("id") for e in etree.fromstring(data).iter() if e.get("id")}
    followed = 0
    for page in BOUND:
        for link in epub_page(page).iter(f"{XHTML}a"):
            if not re.match(r"[a-z]+:", link.get("href")):
                file, anchor = link.get("href").split("#")
                assert anchor in names[file]
                followed += 1
    assert followed > 1000


@pytest.mark.parametrize("kind", FILES)
def test_made_again_it_is_the_same_to_the_last_byte(kind, tmp_path):
    """In another process, with another hash seed, time zone and locale."""
    code = (
        "import sys; from pathlib import Path; from unionstate.build import volume; from unionstate.paths import root\n"
        f"from unionstate.build import {'paged' if kind == 'pdf' else 'epub'} as binder\n"
        "binder.write(volume.volume(root()), Path(sys.argv[1]))"
    )
    elsewhere = {"PYTHONHASHSEED": "77", "TZ": "Asia/Kathmandu", "LC_ALL": "C", "PATH": "/usr/bin:/bin", "UNIONSTATE_ROOT": str(ROOT)}
    again = tmp_path / "html"
    again.mkdir()
    subprocess.run([sys.executable, "-c", code, str(again)], check=True, env=elsewhere, cwd=tmp_path)
    assert hashlib.sha256((again / FILES[kind].name).read_bytes()).digest() == hashlib.sha256(FILES[kind].read_bytes()).digest()


@pytest.mark.parametrize("page", ["book/index", "book/guide/citing"])
def test_the_site_links_both(page):
    place = article(page).find(".//p[@class='us-volumes']")
    assert [(OUT / page).parent.joinpath(a.get("href")).resolve() for a in place.iter("a")] == list(FILES.values())


def test_a_site_that_is_not_of_now_is_not_bound(tmp_path):
    shutil.copy(ROOT / "_toc.yml", tmp_path)
    with pytest.raises(site.BookError, match="run `make book` first"):
        volume.volume(tmp_path)
