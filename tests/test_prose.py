"""The promise: the checker of free numbers sees each of them and takes no year, date or name for one."""

import pytest
from prose import free_numbers, visible

FREE = {
    "a count": "The exercise counted 12,900 troops.",
    "a small count": "Russia won 7 of them.",
    "a percentage": "It fell by 69 %.",
    "a percentage without space": "It fell by 69% in 2013.",
    "a decimal": "The loan was 3.2 billion.",
    "a count of rows": "We read 22 disputes.",
    "a count that could be a year": "About 2000 troops came.",
    "a count of national troops": "About 2000 Russian troops came.",
    "a sum that could be a year": "It cost $2010.",
    "a year as a decimal": "The factor is 1991.5.",
    "a percentage like a name": "EU-69 % is no name.",
    "a currency code": "Gas cost USD 46 or USD46 or EUR-46.",
    "a day without its year": "On 8 December they met.",
    "a range": "It took 3-4 weeks.",
    "an ordinal": "In the 20th century.",
    "a unit with a number": "In USD per 1000 m3.",
    "a number in a heading": "## The 28 programmes",
    "a number in a list": "- first\n- 15 treaties",
    "a number in a link's words": "See [the 15 treaties](treaties.ipynb).",
    "a number in an alternative text": "![A map of 15 sites](map.svg)",
    "a number in a note": "```{note}\nThere were 15.\n```",
    "a number in a colon fence": ":::{admonition} All 15 of them\nNo more.\n:::",
    "a number in a role's own words": "{doc}`the 15 treaties <../integration/treaties>`",
    "a number beside a role": "{num}`gas-low` of 15",
    "a number after code": "`x` and `y`, and 15",
    "a number word": "There were seventy of them.",
    "a compound number word": "Twenty-eight programmes.",
    "hundreds": "Hundreds of troops; a hundred tanks.",
    "a counted thousand": "Three thousand came.",
    "a bare thousand": "A thousand troops.",
    "thousands": "Several tens of thousands came.",
    "a counted million": "Two million tonnes.",
    "a counted unit": "Two thousand cubic metres.",
    "a million": "A million people.",
}
NAMES = {
    "a year": "The treaty of 1999 took effect in 2000.",
    "a year before a noun": "In 2021 troops stayed; since June 2013 aircraft flew.",
    "years": "From 1991–2026, 1991-2026, 2020/21, the 2020s, mid-2004 and pre-2007, in 2010–11.",
    "a quarter": "In the first quarter of 2010 and the second half of 2011.",
    "a date": "On 8 December 1999, or 1999-12-08, in 1999-12.",
    "a span of dates": "20–26 September 2013, 29 September to 3 October 2017.",
    "an exercise": "Zapad-2013, Zapad-81 and EX-ZAPAD-2013.",
    "a weapon": "S-400, Iskander-M, MiG-29, Su-30SM, Tu-95 T-72B and 9M729.",
    "a decree": "Decree No. 813, Law No 5, № 1, Article 7, Resolution 68/262.",
    "a document": "A/54/666 and A/RES/ES-11/1.",
    "an id": "C072, GP003, K004 and VD-01.",
    "a group": "The G7.",
    "a pipeline": "Nord Stream 2.",
    "software": "Python 3.12 under CC BY 4.0, in UTF-8.",
    "a quoted number": "It fell by {num}`gas-fall` % to {num}`gas-low` thousand.",
    "a citation": "{cite:p}`kaplan1958` and {src}`bbc-news-2010-gas`, {fig}`zapad-2013`.",
    "code": "`load(12)` and ``{num}`x-12` ``",
    "a block of code": "```python\nx = 12\n```",
    "a directive": "```{bibliography}\n:filter: 12\n```",
    "a directive's option": "```{note}\n:class: c-12\nText.\n```",
    "a link's target": "[text](../energy/gas.ipynb#p12) and <https://example.org/12>",
    "a list": "1. first\n2. second",
    "a small number word": "Two treaties, twelve months.",
    "a unit": "USD per thousand cubic metres, billion cubic metres, million tonnes, in thousands; a staff writes round thousands.",
    "a comment": "<!-- 12 -->\n% 12",
    "a footnote": "Text.[^1]\n\n[^1]: Note.",
}


# Examples with more than one of a kind.
SEVERAL = {"a currency code": 3, "hundreds": 2}


@pytest.mark.parametrize("kind", FREE)
def test_a_free_number_is_seen(kind):
    assert len(free_numbers(FREE[kind])) >= SEVERAL.get(kind, 1)


@pytest.mark.parametrize("text", NAMES.values(), ids=NAMES)
def test_a_year_date_name_or_quotation_is_free_to_write(text):
    assert free_numbers(text) == []


def test_the_free_number_is_named_with_its_words():
    assert free_numbers("In 2013 there were 12,900 troops in Zapad-2013.") == ["12,900 troops"]


def test_text_after_code_is_still_read():
    assert "read me" in visible("````md\n```python\nx\n```\n````\nread me")
    assert "hidden" not in visible("````md\n```python\nx\n```\nhidden\n````\n")
