"""The promise: whoever meets a name or an abbreviation in the book finds it explained, under any spelling."""

import json
import re

import chapters
import pytest
from prose import visible

from unionstate import load, package
from unionstate.build import chronology, engine
from unionstate.build.glossary import anchor, variants

ROOT = chapters.ROOT

#: Abbreviations that need no entry: currencies, file formats, states, and an agency named as such where it is quoted.
COMMON = {"USD", "EUR", "RUB", "BYN", "US", "USA", "UK", "USSR", "CSV", "SVG", "HTML", "JSON", "PDF", "ID", "II", "III", "IV", "DPA"}


@pytest.fixture(scope="module")
def entries():
    return list(load("glossary").itertuples())


@pytest.fixture(scope="module")
def names(entries) -> list[str]:
    return [name for entry in entries for name in (entry.term, *variants(entry.variants))]


def plain(markdown: str) -> str:
    """What a reader reads, without the names in roles other than those of terms."""
    text = re.sub(r"\{term\}`([^`<]*?)(?: *<[^`]*>)?`", r"\1", visible(markdown))
    return re.sub(r"\{[\w:-]+\}`[^`]*`", " ", text)


@pytest.fixture(scope="module")
def book() -> str:
    """All that chapters, chronology and data dictionary say."""
    parts = list(chronology.events()["text"])
    for chapter in engine.chapters(ROOT):
        notebook = chapters.read(chapter)
        outputs = [o.get("data", {}) for cell in chapters.code_cells(notebook) for o in cell["outputs"]]
        kept = [{mime: said for mime, said in data.items() if mime != "image/svg+xml"} for data in outputs]
        parts += [plain(chapters.markdown(notebook)), json.dumps(kept, ensure_ascii=False)]
    parts += [json.dumps(meta, ensure_ascii=False) for name, meta in package.resources().items() if name != "glossary"]
    return "\n".join(parts).replace("_", " ")


def test_every_term_occurs_in_the_book(entries, book):
    missing = [e.term for e in entries if not re.search(rf"(?<!\w){re.escape(e.term)}s?(?!\w)", book, re.IGNORECASE)]
    assert len(entries) > 60 and missing == []


def test_every_abbreviation_of_a_chapter_is_explained(chapter, names):
    text = re.sub(
        r"^#.*$|https?://\S+|\bA/RES/\S+|\b[A-Z]+[-\d]\S*", " ", plain(chapters.markdown(chapters.read(chapter))), flags=re.MULTILINE
    )
    used = set(re.findall(r"(?<![\w/-])[A-Z]{2,}(?![\w/-])", text))
    assert used - set(names) - COMMON == set()


def test_a_name_leads_to_one_term(names):
    folded = [name.casefold() for name in names]
    assert sorted({name for name in folded if folded.count(name) > 1}) == []


def test_permalinks_of_terms_differ(entries):
    places = [anchor(entry.term) for entry in entries]
    assert len(set(places)) == len(places)
    assert {"term-standing-committee", "term-lukashenko", "term-eaeu"} <= set(places)


def test_terms_stand_in_alphabetical_order(entries):
    terms = [entry.term.casefold() for entry in entries]
    assert terms == sorted(terms)


def test_every_term_names_a_chapter_that_exists(entries):
    assert {entry.see for entry in entries} <= set(engine.chapters(ROOT))


@pytest.mark.parametrize("found, term", [("Lukashenka", "Lukashenko"), ("Continuous Committee", "Standing Committee"), ("EES", "EAEU")])
def test_the_spellings_of_sources_lead_to_the_form_of_the_book(entries, found, term):
    assert [entry.term for entry in entries if found in variants(entry.variants)] == [term]


def test_every_linked_term_is_in_the_glossary(names):
    known = {name.casefold() for name in names}
    linked = []
    for chapter in engine.chapters(ROOT):
        for role in re.findall(r"\{term\}`([^`]+)`", chapters.markdown(chapters.read(chapter))):
            linked.append((chapter, re.sub(r".*<(.*)>", r"\1", role).casefold()))
    assert len({chapter for chapter, _ in linked}) >= 10
    assert [pair for pair in linked if pair[1] not in known] == []
