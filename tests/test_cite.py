"""The promise: a citation says the same in every style and format, whatever characters are in names and titles."""

import json
import re
import tomllib
from functools import cache
from importlib.resources import files

import chapters
import pybtex.database
import pytest
import yaml

from unionstate import load, package
from unionstate.build import cite, describe, engine, metadata, references

ROOT = chapters.ROOT
AUTHOR = 'Беларусь & Søn, O\'Brien and "Żółw" }Group{{ 100% #1_a ~b ^c $d \\LaTeX'
TITLE = "Prices: 50 % of <nothing> & {all} in_2013 @home, $5 ~ ^ \\emph{not} “Смысл” é"
ITEM = {
    "id": "unionstate-energy-gas",
    "type": "chapter",
    "title": TITLE,
    "author": [{"literal": AUTHOR}],
    "container-title": f"Book: {TITLE}",
    "issued": {"date-parts": [[2026, 11, 4]]},
    "version": "1_0",
    "language": "en",
    "note": "Data fingerprint abc & def",
    "keyword": "gas & oil, 100 % state",
    "abstract": f"First {TITLE}\nER  - \nTY  - BOOK\n\n}} @book{{x, title = {{y}}}}",
    "URL": "https://example.org/a_b%20c?x=1&y={2}#z~",
}


def bib(text: str) -> dict[str, pybtex.database.Entry]:
    """Entries by key, as a program reads them that knows BibTeX."""
    return dict(pybtex.database.parse_string(text, "bibtex").entries.items())


NAMED = {"textbackslash": "\\", "textbraceleft": "{", "textbraceright": "}", "textasciitilde": "~", "textasciicircum": "^"}


def printed(latex: str) -> str:
    """What TeX prints for text with the commands that it knows here; anything else that is special to it is an error."""

    def one(match: re.Match) -> str:
        command, special, brace = match.groups()
        assert command in NAMED or special or brace, f"{match[0]!r} in {latex!r}"
        return NAMED[command] if command else special or ""

    return re.sub(r"\\([a-zA-Z]+)\{\}|\\([&%$#_])|([{}])|[\\&%$#_~^]", one, latex)


def ris(text: str) -> list[dict[str, list[str]]]:
    """References by tag, read strictly: each line is a tag and a value, a reference begins with TY and ends with ER."""
    assert text.endswith("ER  - \r\n") and "\n" not in text.replace("\r\n", "")
    found: list[dict[str, list[str]]] = []
    inside = False
    for line in text.split("\r\n")[:-1]:
        tag, value = re.fullmatch(r"([A-Z][A-Z0-9])  - (.*)", line).groups()
        assert (tag == "TY") is not inside, line
        if tag == "TY":
            found.append({})
        inside = tag != "ER"
        found[-1].setdefault(tag, []).append(value)
    return found


def test_characters_that_mean_something_to_tex_reach_the_reader_as_they_are():
    (entry,) = bib(references.chapter_bibtex(ITEM)).values()
    assert [printed(str(author)) for author in entry.persons["author"]] == [AUTHOR]
    assert printed(entry.fields["title"]) == TITLE and printed(entry.fields["booktitle"]) == ITEM["container-title"]
    assert printed(entry.fields["keywords"]) == ITEM["keyword"] and printed(entry.fields["version"]) == "1_0"
    assert printed(entry.fields["abstract"]) == references.one_line(ITEM["abstract"])
    assert entry.fields["date"] == "2026-11-04" and entry.fields["year"] == "2026"
    assert entry.fields["url"] == "https://example.org/a_b%20c?x=1&y=%7B2%7D#z~"


def test_two_authors_stay_two_whatever_words_are_in_their_names():
    two = {**ITEM, "author": [{"literal": "Ministry of Trade and Industry, Minsk"}, {"literal": "Second & Sons"}]}
    (entry,) = bib(references.chapter_bibtex(two)).values()
    assert [printed(str(author)) for author in entry.persons["author"]] == ["Ministry of Trade and Industry, Minsk", "Second & Sons"]
    assert ris(references.chapter_ris(two))[0]["AU"] == ["Ministry of Trade and Industry, Minsk", "Second & Sons"]


def test_a_title_keeps_its_capitals():
    """Most BibTeX styles put words into lower case that no brace protects: Russia would become russia."""
    (entry,) = bib(references.chapter_bibtex({**ITEM, "title": "Trade: how large a part is Russia?"})).values()
    assert entry.fields["title"] == "{Trade: how large a part is Russia?}"


def test_no_text_ends_a_ris_reference_or_begins_another():
    (record,) = ris(references.chapter_ris(ITEM))
    assert record["TY"] == ["CHAP"] and record["TI"] == [TITLE] and record["AU"] == [AUTHOR]
    assert record["AB"] == [references.one_line(ITEM["abstract"])] and record["DA"] == ["2026/11/04"]
    assert record["KW"] == ["gas & oil", "100 % state"] and record["UR"] == [ITEM["URL"]]


@cache
def csl_words(file: str, group: str) -> frozenset[str]:
    """The words that the published schema of CSL lists in one of its groups, such as the variables that are dates."""
    text = (files("citeproc") / "data" / "schema" / "schemas" / "styles" / file).read_text(encoding="utf-8")
    listed = re.search(rf"{re.escape(group)} =(.*?)(?=\n  \n|\n}})", re.sub("#.*", "", text), re.DOTALL)[1]
    return frozenset(re.findall(r'"([^"]+)"', listed))


def csl_problems(item: dict) -> list[str]:
    """What in a record is no item type or variable of CSL, or no value of the kind that the variable has in CSL-JSON."""

    def date(value) -> bool:
        match value:
            case {"date-parts": [[*parts]]} if len(value) == 1:
                return 1 <= len(parts) <= 3 and all(isinstance(part, int) for part in parts)
        return False

    def names(value) -> bool:
        known = {"family", "given", "literal", "suffix", "dropping-particle", "non-dropping-particle"}
        parts = [set(one) if isinstance(one, dict) and all(isinstance(text, str) for text in one.values()) else set() for one in value]
        return bool(parts) and all(named and named <= known for named in parts)

    kinds = {"dates": date, "names": names}
    kinds |= dict.fromkeys(("numbers", "strings", "titles"), lambda value: isinstance(value, str) and value)
    rules = {name: rule for kind, rule in kinds.items() for name in csl_words("csl-variables.rnc", f"variables.{kind}")}
    rules |= {"id": lambda value: isinstance(value, str) and value, "type": csl_words("csl-types.rnc", "item-types").__contains__}
    problems = [f"{name}: missing" for name in ("id", "type") if name not in item]
    return problems + [f"{name}: {value!r}" for name, value in item.items() if name not in rules or not rules[name](value)]


def test_csl_json_is_the_record_itself_in_the_words_of_its_schema():
    assert json.loads(references.chapter_json(ITEM)) == [ITEM]
    assert csl_problems(ITEM) == []


@pytest.mark.parametrize(
    "change",
    [
        {"type": "incollection"},
        {"booktitle": "x"},
        {"issued": "2026-11-24"},
        {"issued": {"date-parts": [["2026"]]}},
        {"author": ["A. Author"]},
        {"title": ""},
        {"version": 1},
    ],
)
def test_a_record_that_breaks_the_schema_of_csl_is_noticed(change):
    assert csl_problems({**ITEM, **change})


@pytest.mark.parametrize("style", cite.STYLES)
def test_a_style_loses_no_character_of_author_and_titles(style):
    text = cite.plain_sentence({**ITEM, "title": 'A & B <c> {d} \\e 100 % “Смысл” "f"', "author": [{"literal": "Søn & Żółw <i>"}]}, style)
    for words in ("Søn & Żółw <i>", "& B <c> {d} \\e 100 % “Смысл” ", "Book: Prices", "2026", "1_0", ITEM["URL"]):
        assert words in text, text


@pytest.mark.parametrize("style", cite.STYLES)
@pytest.mark.parametrize(
    "title", ["Alignment", "Trade: how large a part is Russia?", "Cut off!", "Leverage: does pressure buy integration?"]
)
def test_a_sentence_has_one_mark_where_it_needs_one(style, title):
    text = cite.plain_sentence(cite.chapter_item("energy/gas", title), style)
    assert not re.search(r"[.,?!][”]?[.,]|”[.,]|  |\ue000|\ue001", text), text
    assert (f" {title} In" if style == "APA" else "”") in text or not re.search("[?!]$", title)


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("APA", "{author}. ({year}). Gas: the price of closeness. In *{book}* (Version {version})."),
        ("Chicago", "{author}. {year}. “Gas: The Price of Closeness.” In *{book}*, version {version}."),
        ("MLA", "{author}. “Gas: The Price of Closeness.” *{book}*, Version {version}, {year}."),
    ],
)
def test_a_chapter_is_cited_as_the_style_asks(style, expected):
    book = metadata.book()
    item = {name: value for name, value in cite.chapter_item("energy/gas", "Gas: the price of closeness").items() if name != "URL"}
    made = "".join(f"*{text}*" if italic else text for text, italic in cite.sentence(item, style))
    assert made == expected.format(author=book.author, year=book.date[:4], book=book.title, version=book.version)


def test_no_address_is_named_before_there_is_one(monkeypatch):
    book = metadata.book()
    for address in (None, "https://example.org/book/"):
        monkeypatch.setattr(metadata, "book", lambda address=address: metadata.Book(**{**vars(book), "address": address}))
        item = cite.full_item(metadata.Chapter("energy/gas", "energy-gas", "Gas", "Text.", ("a",), book.date, book.date), "abc")
        written = [
            references.chapter_bibtex(item),
            references.chapter_ris(item),
            references.chapter_json(item),
            describe.cff(metadata.book()),
        ]
        written += [cite.plain_sentence(item, style) for style in cite.STYLES]
        assert {"http" in text for text in written} == {address is not None}
        assert address is None or all("https://example.org/book/book/energy/gas.html" in text for text in (*written[:3], *written[4:]))


def test_every_source_is_in_both_files_under_its_key():
    rows = {row["key"]: row for row in load("sources").to_dict("records")}
    made = references.source_files(rows.values())
    entries, records = bib(made["sources.bib"]), {record["ID"][0]: record for record in ris(made["sources.ris"])}
    assert list(entries) == list(records) == list(rows)
    for key, row in rows.items():
        entry, record = entries[key].fields, records[key]
        assert printed(entry["title"]) == row["title"] == record["TI"][0], key
        assert printed(entry["publisher"]) == printed(entry["howpublished"]) == row["publisher"] == record["PB"][0], key
        assert entry["url"] == row["url"] == record["UR"][0], key
        assert entry["urldate"] == f"{row['accessed']:%Y-%m-%d}" == record["Y2"][0].replace("/", "-"), key
        assert entry.get("date", "") == row["published"] == record.get("DA", [""])[0].replace("/", "-"), key
        assert entry.get("year", "") == row["published"][:4] == record.get("PY", [""])[0], key


def test_a_source_with_hostile_words_is_one_entry():
    row = dict.fromkeys(("published", "accessed"), "2026-11-24") | {"key": "a", "title": TITLE, "publisher": AUTHOR, "kind": "press"}
    made = references.source_files([{**row, "url": "https://x.org/{a}\\b c_%41"}, {**row, "key": "b", "url": "https://x.org/b"}])
    entries, records = bib(made["sources.bib"]), ris(made["sources.ris"])
    assert list(entries) == ["a", "b"] == [record["ID"][0] for record in records]
    assert printed(entries["a"].fields["title"]) == TITLE and printed(entries["a"].fields["publisher"]) == AUTHOR
    assert entries["a"].fields["url"] == "https://x.org/%7Ba%7D%5Cb%20c_%41"


def test_the_files_at_the_top_are_those_that_the_metadata_give():
    for name, text in describe.files().items():
        assert (ROOT / name).read_text(encoding="utf-8") == text, f"{name} is out of date: run `unionstate cite`"


#: What the schema of the Citation File Format 1.2.0 asks of each field that the book uses; it allows no others.
CFF = {
    "cff-version": r"1\.2\.0",
    "message": r".+",
    "type": r"dataset|software",
    "title": r".+",
    "abstract": r".+",
    "version": r".+",
    "date-released": r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])",
    "url": r"(https|http|ftp|sftp)://.+",
}


def cff_problems(record: dict) -> list[str]:
    lists = {"authors", "license", "keywords"}
    problems = [f"{name}: not of the format" for name in record if name not in CFF and name not in lists]
    problems += [f"{name}: missing" for name in ("authors", "cff-version", "message", "title") if not record.get(name)]
    problems += [f"{name}: {record[name]!r}" for name, rule in CFF.items() if name in record and not re.fullmatch(rule, str(record[name]))]
    problems += [f"{name}: no text" for name in CFF if name in record and not isinstance(record[name], str)]
    problems += [
        f"{name}: {record[name]!r}" for name in lists & record.keys() if len({str(one) for one in record[name]}) != len(record[name])
    ]
    problems += [f"authors: {one!r}" for one in record.get("authors", []) if set(one) != {"name"} or not one["name"]]
    return problems + [f"license: {one!r}" for one in record.get("license", []) if not re.fullmatch(r"[A-Za-z0-9.+-]+", one)]


def test_the_citation_file_keeps_the_rules_of_its_format():
    book = metadata.book()
    record = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert cff_problems(record) == []
    assert (record["title"], record["version"], record["date-released"]) == (book.title, book.version, book.date)
    hostile = yaml.safe_load(describe.cff(metadata.Book(**{**vars(book), "title": f'"{TITLE}": - #', "author": AUTHOR, "version": "1.0"})))
    assert cff_problems(hostile) == [] and hostile["authors"] == [{"name": AUTHOR}] and hostile["version"] == "1.0"
    assert hostile["title"] == f'"{TITLE}": - #'


@pytest.mark.parametrize(
    "change", [{"authors": []}, {"version": 0.1}, {"date-released": "2026-13-01"}, {"doi": "x"}, {"keywords": ["a", "a"]}]
)
def test_a_citation_file_that_breaks_a_rule_is_noticed(change):
    assert cff_problems({**yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8")), **change})


def test_archives_are_told_the_same_as_readers():
    book = metadata.book()
    zenodo, codemeta = (json.loads((ROOT / name).read_text(encoding="utf-8")) for name in (".zenodo.json", "codemeta.json"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert zenodo["title"] == codemeta["name"] == book.title
    assert zenodo["creators"] == [{"name": book.author}] == project["authors"] and codemeta["author"][0]["name"] == book.author
    assert zenodo["version"] == codemeta["version"] == project["version"] == book.version
    assert zenodo["publication_date"] == codemeta["datePublished"] == book.date
    assert zenodo["license"] == book.licences["text"].lower() and project["license"] == book.licences["code"]
    assert [part["name"] for part in codemeta["hasPart"]] == [metadata.title_of(chapters.read(name)) for name in engine.chapters(ROOT)]


def test_a_table_is_cited_by_the_title_of_its_description():
    assert cite.table_item("energy/gas_prices")["title"] == package.resource("energy/gas_prices")["title"]
    with pytest.raises(package.DataError, match="no table is called 'energy/nothing'"):
        cite.table_item("energy/nothing")


def test_the_styles_say_whose_they_are():
    folder = ROOT / "src" / "unionstate" / "build" / "styles"
    assert {path.stem for path in folder.glob("*.csl")} == set(cite.STYLES.values())
    for path in folder.glob("*.csl"):
        assert (
            "creativecommons.org/licenses/by-sa/3.0" in path.read_text(encoding="utf-8") and path.name in (folder / "README.md").read_text()
        )
