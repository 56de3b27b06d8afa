"""The promise: every paragraph of prose can be pointed at by a number that a reader can rely on, and nothing else gets one."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import books
import pytest
from bs4 import BeautifulSoup
from docutils import nodes

from unionstate.build import engine, pinpoints, verify

ROOT = Path(__file__).resolve().parents[1]
TEXT = """# Small book

First.

* a *first* point
* another

  with two paragraphs

> Quoted words.

| a | b |
|---|---|
| no | prose |

{src}`bbc-news-gas-deal-bitter-belarus-row` says more.

```python
no = "prose"
```

## How this was run

```{how-this-was-run}
```

Last.
"""
NUMBERED = ["First.", "a first point", "another", "with two paragraphs", "Quoted words.", "BBC News says more.", "Last."]
SHOWN = ((2, "Two of 99 terms"), (3, "Three of 99 terms"), (2, "Two of 7 terms"))
CHAPTER = [
    "from unionstate import data_used, load, table",
    "data_used('energy/gas_prices')",
    *(f"table(load('glossary').head({rows}), {caption!r})" for rows, caption in SHOWN),
]


def built(tree: Path) -> Path:
    """Build the book in ``tree``; return the folder of its pages."""
    inherited = {name: value for name, value in os.environ.items() if name != "UNIONSTATE_ROOT"}
    environment = {**inherited, "PYTHONPATH": os.pathsep.join([str(tree / "src"), os.environ.get("PYTHONPATH", "")])}
    done = subprocess.run(
        [sys.executable, "-m", "unionstate.cli", "build"], cwd=tree, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return tree / "_build" / "html"


def marks(site: Path, page: str) -> dict[str, str]:
    """Anchor of each numbered paragraph → its text."""
    found = BeautifulSoup((site / f"{page}.html").read_text(encoding="utf-8"), "html.parser").select("article p[id]")
    return {p["id"]: " ".join(p.get_text().split()) for p in found}


@pytest.fixture(scope="module")
def tree(tmp_path_factory) -> Path:
    tree = books.small(tmp_path_factory.mktemp("pinpoints") / "book", {"part/one": CHAPTER})
    shutil.copytree(ROOT / "_static", tree / "_static")
    shutil.copy(ROOT / "_config.yml", tree)
    shutil.copy(ROOT / "book" / "references.bib", tree / "book")
    (tree / "book" / "index.md").write_text(TEXT, encoding="utf-8")
    engine.refresh(tree, ["part/one"], lambda line: None)
    built(tree)
    return tree


@pytest.fixture(scope="module")
def home(tree) -> BeautifulSoup:
    return BeautifulSoup((tree / "_build/html/book/index.html").read_text(encoding="utf-8"), "html.parser")


def test_prose_is_numbered_in_reading_order_and_nothing_else_is(tree):
    found = marks(tree / "_build/html", "book/index")
    assert list(found) == [f"p{n}" for n in range(1, len(NUMBERED) + 1)]
    assert [text.split("¶")[0] for text in found.values()] == NUMBERED


def test_the_numbers_can_be_told_from_the_text_alone(tree):
    """As ``unionstate verify`` does for states of the book that nobody has built."""
    assert [re.sub(r"[*]|\{src\}`[^`]*`", "", text).strip() for text in verify.paragraphs(tree, "book/index")] == [
        text.replace("BBC News ", "") for text in NUMBERED
    ]


def test_a_mark_is_a_plain_link_with_a_name_and_few_bytes(home):
    for number, paragraph in enumerate(home.select("article p[id]"), start=1):
        (mark,) = [link for link in paragraph.find_all("a", recursive=False) if not link.contents]
        assert (mark["href"], mark["aria-label"]) == (f"#p{number}", f"Paragraph {number}")
        assert len(str(mark)) + len(f' id="p{number}"') < 64
        assert "tabindex" not in mark.attrs


def test_every_table_has_an_anchor_that_no_number_in_its_caption_moves(tree):
    page = BeautifulSoup((tree / "_build/html/book/part/one.html").read_text(encoding="utf-8"), "html.parser")
    tables = page.select("table.us-table")
    assert [table["id"] for table in tables] == [
        "tab-data-used-in-this-chapter",
        "tab-two-of-terms",
        "tab-three-of-terms",
        "tab-two-of-terms-2",
    ]
    for table in tables:
        link = table.caption.select_one("a.us-here")
        assert link["href"] == f"#{table['id']}" and link["aria-label"]
    assert {table["id"] for table in tables} <= verify.places(tree, "book/part/one")


def test_marks_are_not_found_by_the_search(tree):
    text = (tree / "_build/html/searchindex.js").read_text(encoding="utf-8")
    index = json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))
    assert "last" in index["terms"]  # words of this page are there
    assert {word for word in index["terms"] if re.fullmatch(r"p\d+|#p\d+", word)} == set()
    home = index["docnames"].index("book/index")
    where = index["terms"].get("paragraph", [])  # the word stands once in this page, in its own prose
    assert home not in (where if isinstance(where, list) else [where]) or "with two paragraphs" in TEXT


def test_the_foot_holds_what_the_script_copies(home):
    foot = home.select_one(".us-foot")
    assert re.fullmatch(r".+ \(\d{4}\)\. Small book\. In: .+, version [\d.]+", foot["data-cite"])
    assert "data-at" not in foot.attrs  # as long as the book has no address
    said = f"{foot['data-cite']}, para. 2. Data fingerprint {foot.code.get_text()}. #p2"
    assert verify.parse(said).place == "p2" and verify.parse(said).fingerprint == foot.code.get_text()


def test_the_script_is_small_and_asks_nobody():
    script = (ROOT / "_static" / "pinpoints.js").read_text(encoding="utf-8")
    assert len(script.encode()) < 2048
    assert not re.search(r"https?:|fetch|import\b|XMLHttp", script)


def test_a_change_below_moves_no_number_above_and_a_rebuilt_page_is_as_a_new_one(tree, tmp_path):
    """Last, for it changes the book."""
    before = marks(tree / "_build/html", "book/index")
    books.edit(tree / "book" / "index.md", "Last.", "Inserted.\n\nLast of all.")
    after = marks(built(tree), "book/index")
    assert list(after.items())[:6] == list(before.items())[:6]
    assert list(after)[6:] == ["p7", "p8"] and after["p7"].startswith("Inserted.")
    once = (tree / "_build/html/book/index.html").read_bytes()
    shutil.rmtree(tree / "_build")
    assert (built(tree) / "book/index.html").read_bytes() == once


def test_a_paragraph_that_a_directive_makes_has_no_number():
    document, made = nodes.document(None, None), nodes.paragraph("", "Made.")
    made["made"] = True
    document += [nodes.paragraph("", "Written."), made]
    assert [p.astext() for p in pinpoints.prose(document)] == ["Written."]
