"""Find the free numbers of a text: figures a sentence states by itself instead of quoting today's result.

Free to write are years, full dates, names that contain a digit, and the number words up to twelve. Everything else comes
from ``{num}`` or a citation, so that no sentence can disagree with the data.
"""

from __future__ import annotations

import re

MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
DAY = r"(?:0?[1-9]|[12]\d|3[01])"
YEAR = r"(?:19|20)\d\d"

# "2000 troops" is a count although 2000 could be a year; "in 2021 troops" is a year.
COUNTED = (
    r"[ \u00a0]?(?:%|per ?cent\b|°|(?:(?:Russian|Belarusian) )?(?:troops|soldiers|servicemen|personnel|persons|people|pieces|tanks|vehicles"
    r"|aircraft|ships|km|kilomet|met(?:re|er)|cubic|m3|m³|bcm|mmbtu|barrels|ton|USD|EUR|RUB|BYN|dollars|euros|roubles|rubles|hundred"
    r"|thousand|million|billion|trillion|times|days|months)\b)"
)
# Named in full, as nothing in their form sets them apart from a count.
NAMED = (
    r"(?:Nord Stream|Vienna Document|Yamal[-–]Europe|Articles?|Annex|Protocol|Resolution|Decree|Directive|Regulation|Law|Nos?\.?|№"
    r"|Python|Jupyter Book|Sphinx|CC BY(?:-[A-Z]+)*|RFC|ISO|WCAG|Windows|Debian|Ubuntu)"
)
CURRENCY = "USD|EUR|RUB|BYN|GBP|LTL|UAH"
ALLOWED = [
    # 8 December 1999; 20–26 September 2013; 22 September to 3 October 2017
    rf"(?<![\w.,]){DAY}(?:[ \u00a0]{MONTH})?(?:(?: ?[–-] ?| to | and | or ){DAY})?[ \u00a0]{MONTH}[ \u00a0]{YEAR}(?![\w])",
    rf"(?<![\w.,]){YEAR}-(?:0[1-9]|1[0-2])(?:-{DAY})?(?![\w-])",  # 1999-12-08
    rf"(?<![\w.,$€£₽])(?<![\d ]-){YEAR}s?(?: ?[–/-] ?(?:{YEAR}|\d\d)s?)?(?!\w|[.,]\d)(?!{COUNTED})",  # 2013, 2020s, 1991–2026, 2020/21
    rf"\b(?:[Ii]n|[Ss]ince|[Uu]ntil|{MONTH})[ \u00a0]{YEAR}\b(?![.,]\d|[ \u00a0]?%)",  # in 2021, June 2013
    rf"(?<!\w){NAMED}[ \u00a0]\d+(?:\.\d+)*(?:/\d+)?(?!\w|[.,]\d)(?![ \u00a0]?%)",  # No. 813, Article 7, Python 3.12
    r"\b[A-Z][A-Z0-9.-]*(?:/[A-Z0-9.-]*[A-Z0-9])+\b",  # A/54/666, A/RES/ES-11/1
    # Zapad-2013, S-400, EX-ZAPAD-2013, T-72B
    rf"\b(?!(?:{CURRENCY})\b)[A-Z][\w]*(?:-[A-Z]\w*)*[-\u2011]\d+[A-Za-z]{{0,3}}\b(?![.,]\d)(?![ \u00a0]?%)",
    rf"\b(?!(?:{CURRENCY})\d)[A-Z]{{1,3}}\d{{1,4}}[A-Z]?\b(?![.,]\d)(?![ \u00a0]?%)",  # C072, GP003, K004, G7
    r"\b\d{1,2}[A-Z]\d{2,3}\b",  # 9M729
]

SMALL = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
WORDS = [
    r"\b(?:thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\w+)?\b",
    r"\b(?:(?:a|several|some|few|many|" + SMALL + r")[ -])?hundreds?\b",
    # "thousand cubic metres", "million", "billion dollars" alone are units; with a number word, or in the plural, they count.
    r"\b(?:several|some|few|many|" + SMALL + r")[ -](?:thousand|million|billion|trillion)\b",
    r"\ba[ -](?:thousand(?![ -]cubic| m³| barrels| tonnes)|million|billion|trillion)\b",
    r"(?<!\bin )(?<!\bper )(?<!\bround )(?:\btens of )?\b(?:thousands|millions|billions|trillions)\b",
    r"(?<!\bper )(?<!\bper a )(?<!\ba )(?<!□ )\bthousand\b(?![ -]cubic| m³| barrels| tonnes)",
]

# Directives whose body is no prose; the body of any other (notes, admonitions, tables) is read.
NOT_PROSE = {
    "bibliography",
    "citation-of",
    "cite-this-chapter",
    "code",
    "code-block",
    "code-cell",
    "math",
    "toctree",
    "tableofcontents",
    "mermaid",
    "raw",
}


_FENCE = re.compile(r"\s*(`{3,}|~{3,}|:{3,})\s*(?:\{([\w:-]+)\})?([^`]*)$")


def visible(markdown: str) -> str:
    """The text without code, comments and directives that hold no prose."""
    kept: list[str] = []
    opened: list[tuple[str, bool]] = []  # the fences around a line: how each is marked, whether it holds prose
    for line in markdown.splitlines():
        reading = all(prose for _, prose in opened)
        fence = _FENCE.match(line)
        if fence and opened and fence[1].startswith(opened[-1][0]) and not fence[2] and not fence[3].strip():
            opened.pop()
        elif fence and reading:
            opened.append((fence[1], fence[2] not in NOT_PROSE if fence[2] else fence[1].startswith(":")))
            kept.append(fence[3] if opened[-1][1] else "")
        elif reading and not (opened and re.match(r"\s*:[\w-]+:", line)):
            kept.append(line)
    text = re.sub(r"<!--.*?-->", " ", "\n".join(kept), flags=re.DOTALL)
    text = re.sub(r"^(?:%.*|\(\S+\)=\s*)$", "", text, flags=re.MULTILINE)
    # One pass over both, so that the end of a role is not taken for the start of code.
    return re.sub(r"(\{[\w:-]+\}`[^`]*`)|(`+)(?!`).+?(?<!`)\2(?!`)", lambda m: m[1] or " ", text, flags=re.DOTALL)


def words(markdown: str) -> str:
    """What a reader reads, with ``□`` where a role puts something."""
    text = re.sub(r"\A---\n.*?\n---\n", "", markdown, flags=re.DOTALL)
    text = visible(text)
    text = re.sub(r"\{[\w:-]+\}`([^`<]*)<[^`]*>`", r"\1", text)  # a role with words of its own
    text = re.sub(r"\{[\w:-]+\}`[^`]*`", "□", text)
    text = re.sub(r"\]\([^)\s]*(?:\s+\"[^\"]*\")?\)", "] ", text)  # targets of links and images
    text = re.sub(r"^\[[^\]]+\]:.*$|\[\^[\w-]+\]|<[^>\n]*>|https?://\S+", " ", text, flags=re.MULTILINE)
    return re.sub(r"^\s*\d{1,2}[.)]\s", "", text, flags=re.MULTILINE)  # numbers of list items


def free_numbers(markdown: str) -> list[str]:
    """Each free number of ``markdown``, as the words in which it stands; an empty list means that there is none."""
    text = words(markdown)
    for pattern in ALLOWED:
        text = re.sub(pattern, "■", text)
    found = [match[0].strip(".,;:()[]!?") for match in re.finditer(r"\S*[0-9]\S*(?:[ \u00a0]\S+)?", text)]
    for pattern in WORDS:
        found += [match[0] for match in re.finditer(pattern, text, flags=re.IGNORECASE)]
    return found
