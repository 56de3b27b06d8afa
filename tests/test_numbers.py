"""What key-numbers.json promises: each number can be read alone, without the table or the sentence around it."""

import json

import pytest

from unionstate.build import engine
from unionstate.paths import root
from unionstate.show import NUMBERS

LONGEST = 70
LEANING = ("of these", "of them", "its", "their", "the same", "such", "this", "that", "and", "or")
#: One spelling for one unit in the whole book: another one → the one that is used.
SPELLED = {
    "percent": "%",
    "per cent": "%",
    "points": "percentage points",
    "p": "p-value",
    "times": "none, and 'divided by' in the label",
    "a year": "what is counted, a year",
    "rows": "what a row is",
    "bn USD": "billion USD",
    "men": "troops",
}


@pytest.fixture(scope="module")
def numbers():
    found = []
    for chapter in engine.chapters(root()):
        notebook = json.loads((root() / "book" / f"{chapter}.ipynb").read_text(encoding="utf-8"))
        outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
        found += [{**record, "chapter": chapter} for output in outputs for record in output.get("data", {}).get(NUMBERS, [])]
    assert found
    return found


def named(numbers):
    return [f"{number['chapter']}: {number['label']} [{number['unit']}]" for number in numbers]


def test_no_two_numbers_of_a_chapter_have_the_same_label(numbers):
    seen, twice = set(), []
    for number in numbers:
        key = number["chapter"], number["label"].lower()
        twice += [number] if key in seen else []
        seen.add(key)
    assert not named(twice)


def test_a_label_makes_sense_without_its_neighbours(numbers):
    leaning = [n for n in numbers if n["label"][:1].islower() or n["label"].lower().startswith(tuple(f"{word} " for word in LEANING))]
    assert not named(leaning)


def test_a_label_is_short(numbers):
    assert not named(n for n in numbers if len(n["label"]) > LONGEST)


def test_only_names_dates_and_ratios_have_no_unit(numbers):
    assert not named(n for n in numbers if not n["unit"] and not isinstance(n["value"], str) and "divided by" not in n["label"])


def test_one_unit_has_one_spelling(numbers):
    assert not {n["unit"]: SPELLED[n["unit"]] for n in numbers if n["unit"] in SPELLED}
