"""The promise: whoever holds a citation is told whether this copy is the one cited and, if not, what has changed since."""

import shutil
import subprocess
from pathlib import Path

import books
import pytest

from unionstate import cli
from unionstate.build import engine, metadata
from unionstate.build.verify import DIFFERS, SAME, UNREADABLE, Mangled, paragraphs, parse, verify

ROOT = Path(__file__).resolve().parents[1]
CODE = (
    "from unionstate import key_numbers, load, number\nprice = load('energy/gas_prices').query(\"id == 'GP003'\")",
    "TIMES = 2\nkey_numbers(number('verify-a', 'Price, some times', TIMES * price['price'].iloc[0], 'USD', 2006, price, 2), "
    "number('verify-b', 'Rows', len(price), '', 2006, price))",
)


def git(tree: Path, *command: str) -> None:
    subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@y.z", *command], cwd=tree, check=True, capture_output=True)


def commit(tree: Path, message: str) -> None:
    git(tree, "add", "-A")
    git(tree, "commit", "-q", "-m", message)


@pytest.fixture
def tree(tmp_path, monkeypatch) -> Path:
    """A book with a history of one commit; its chapter has one paragraph."""
    tree = tmp_path / "book"
    monkeypatch.setenv("UNIONSTATE_ROOT", str(tree))
    books.small(tree, {"energy/small": CODE})
    books.edit(tree / "book" / "energy" / "small.ipynb", "# small", "# Small: a title")
    (tree / "book" / "index.md").write_text("# Start\n\nText.\n", encoding="utf-8")
    (tree / ".gitignore").write_text("_build/\n__pycache__/\n", encoding="utf-8")
    engine.refresh(tree, ["energy/small"], lambda line: None)
    git(tree, "init", "-q")
    commit(tree, "first state")
    return tree


def sentence(tree: Path, title: str = "Small: a title", place: str = "", version: str = "") -> str:
    book = metadata.book()
    where = f", para. {place[1:]}" if place else ""
    end = f" #{place}" if place else ""
    lead = f"{book.author} (2026). {title}. In: {book.title}, version {version or book.version}{where}"
    return f"{lead}. Data fingerprint {engine.data_fingerprint(tree)}.{end}"


def told(tree: Path, text: str) -> tuple[int, list[str]]:
    lines: list[str] = []
    return verify(tree, text, lines.append, lambda line: None), lines


def test_a_citation_of_this_copy_is_the_same(tree):
    code, (line,) = told(tree, sentence(tree, place="p1"))
    assert code == SAME and line.startswith("same: this copy has the data fingerprint ")


@pytest.mark.parametrize(
    "mangle",
    [
        lambda text: text.replace(" ", "\n", 3).replace(". ", ".\r\n  "),
        lambda text: text.rstrip("."),
        lambda text: text.replace("Small: a title", "\N{LEFT DOUBLE QUOTATION MARK}Small: a title\N{RIGHT DOUBLE QUOTATION MARK}"),
        lambda text: text.replace("Small: a title", "Small: A Title"),
        lambda text: text.replace("1991\N{EN DASH}", "1991-").replace(" ", "\N{NO-BREAK SPACE}"),
    ],
    ids=["line breaks", "no final point", "curly quotes", "capitals", "spaces and dashes"],
)
def test_what_mail_and_word_processors_do_to_a_citation_does_no_harm(tree, mangle):
    assert told(tree, mangle(sentence(tree)))[0] == SAME


FORMS = {
    "APA": "Group. (2026). Small: a title. In Book: A to B (Version 0.1.0). Paragraph 1 (book/a/b.html#p1). Data fingerprint {}.",
    "Chicago": "Group. 2026. “Small: A Title.” In Book: A to B, version 0.1.0. Paragraph 1 (book/a/b.html#p1). Data fingerprint {}.",
    "MLA": "Group. “Small: A Title.” Book: A to B, Version 0.1.0, 2026. Paragraph 1 (book/a/b.html#p1). Data fingerprint {}.",
    "BibTeX": "@incollection{{x,\n  title = {{{{Small: a title}}}},\n  booktitle = {{Book}},\n  version = {{0.1.0}},\n"
    "  note = {{Version 0.1.0. Data fingerprint {}}},\n  url = {{https://example.org/x.html#p1}},\n  abstract = {{See paragraph 9.}},\n}}",
    "RIS": "TY  - CHAP\nTI  - Small: a title\nT2  - Book\nET  - Version 0.1.0\nN1  - Data fingerprint {}\nUR  - https://example.org/x.html#p1\n"
    "AB  - See paragraph 9.\nER  - ",
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_in_which_the_book_cites_itself_is_read(form):
    found = parse(FORMS[form].format("0123456789ab"))
    assert (found.title.lower(), found.version, found.fingerprint, found.place) == ("small: a title", "0.1.0", "0123456789ab", "p1")


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("Data fingerprint ", "Data ", "has no data fingerprint; expected 'Data fingerprint' and twelve digits"),
        ("Data fingerprint ", "Data fingerprint 0", "has 13 characters; expected twelve"),
        ("Data fingerprint ", "Data fingerprint z", "expected twelve, each one of 0-9 a-f"),
        (
            "Small: a title",
            "Tall: a title",
            "nothing in this copy is called 'Tall: a title'; expected the title of a chapter, such as 'Small: a title'",
        ),
        ("version", "edition", "names no version; expected 'version' and a number such as 0.1.0"),
        ("#p1", "#p2", "says paragraph 1 and #p2; expected the same place twice"),
        (" In: ", " ", "the citation names no chapter; expected"),
    ],
    ids=["no fingerprint", "a long fingerprint", "no hex digits", "an unknown chapter", "no version", "two places", "no book"],
)
def test_a_mangled_citation_gives_one_line_that_says_what_was_expected(tree, old, new, said):
    text = sentence(tree, place="p1")
    assert old in text
    text = text.replace(old, new) if new != " " else "Nothing of a citation, version 1, Data fingerprint 0123456789ab"
    code, lines = told(tree, text)
    assert code == UNREADABLE and len(lines) == 1
    assert lines[0].startswith("cannot verify: ") and said in lines[0]


@pytest.mark.parametrize("place", ["p9", "fig-nothing", "num-nothing", "tab-nothing"])
def test_a_place_that_the_chapter_does_not_have_is_named(tree, place):
    text = sentence(tree) + f" #{place}"
    code, (line,) = told(tree, text)
    assert code == UNREADABLE and f"has no #{place}; expected" in line
    assert told(tree, sentence(tree) + " #num-verify-a")[0] == SAME


def test_another_version_with_the_same_fingerprint_is_the_same_with_a_note(tree):
    code, (_, note) = told(tree, sentence(tree, version="0.0.9"))
    assert code == SAME and note.startswith("note: the citation says version 0.0.9, this copy is version ")


@pytest.fixture
def outdated(tree) -> tuple[Path, str]:
    """The book after two more commits, and a citation of the first."""
    text = sentence(tree, place="p1")
    books.edit(tree / "data" / "energy" / "gas_trade.csv", "17.9356", "17.9999")
    commit(tree, "a table")
    chapter = tree / "book" / "energy" / "small.ipynb"
    books.edit(chapter, "TIMES = 2", "TIMES = 3")
    books.edit(chapter, "Text.", "Another text.")
    engine.refresh(tree, ["energy/small"], lambda line: None)
    commit(tree, "a chapter")
    return tree, text


def test_an_outdated_citation_is_found_in_history_with_all_that_has_changed_since(outdated):
    tree, text = outdated
    code, lines = told(tree, text)
    assert code == DIFFERS
    assert lines[0].startswith("differs: ") and ", first state, version" in lines[1]
    assert lines[2:5] == ["tables changed since: energy/gas_trade", "chapters changed since: energy/small", "#p1: reads differently now"]
    assert [line.split(":")[0] for line in lines[5:-1]] == ["verify-a"]
    assert lines[-1] == "1 of 2 key numbers of energy/small have moved since"


def test_looking_through_history_leaves_nothing_behind(outdated):
    tree, text = outdated
    before = {path: path.read_bytes() for path in sorted((tree / ".git").rglob("*")) if path.is_file()}
    told(tree, text)
    assert {path: path.read_bytes() for path in sorted((tree / ".git").rglob("*")) if path.is_file()} == before
    status = subprocess.run(["git", "status", "--porcelain"], cwd=tree, capture_output=True, text=True, check=True)
    assert status.stdout == ""


def test_a_cited_place_is_looked_for_in_the_cited_state(outdated):
    tree, text = outdated
    code, lines = told(tree, text.replace("para. 1.", "para. 7.").replace("#p1", "#p7"))
    assert code == UNREADABLE and lines[-1].endswith("has no #p7 in the cited state; expected #p1 to #p1")


def test_a_state_that_had_other_rules_is_found_by_its_own(tree):
    """The fingerprint was once made in another way; the citation is still good."""
    path = tree / "src" / "unionstate" / "build" / "engine.py"
    now = path.read_text(encoding="utf-8")
    rules = now.replace(
        "def data_fingerprint(root: Path) -> str:", 'def data_fingerprint(root: Path) -> str:\n    return "0123456789ab"\n', 1
    )
    assert rules != now
    path.write_text(rules, encoding="utf-8")
    commit(tree, "other rules")
    path.write_text(now, encoding="utf-8")
    commit(tree, "rules of today")
    text = sentence(tree)
    code, lines = told(tree, text[: text.index("fingerprint ")] + "fingerprint 0123456789ab.")
    assert code == DIFFERS and ", other rules, version" in lines[1]


def test_a_fingerprint_that_no_commit_has(tree):
    code, lines = told(tree, sentence(tree)[:-13] + "0123456789ab.")
    assert code == DIFFERS and lines[1] == "history: none of the 1 commits looked at has the cited fingerprint"


def test_without_git_it_says_that_history_is_not_there(outdated):
    tree, text = outdated
    shutil.rmtree(tree / ".git")
    code, lines = told(tree, text)
    assert code == DIFFERS and len(lines) == 2 and lines[1].startswith("history: this copy has none")


def test_the_command_gives_the_exit_code(tree, capsys):
    assert cli.main(["fingerprint"]) == 0
    assert capsys.readouterr().out.strip() == engine.data_fingerprint(tree)
    assert cli.main(["verify", sentence(tree)]) == SAME
    assert cli.main(["verify", *sentence(tree).split()]) == SAME  # a shell without quotes
    assert cli.main(["verify", "Data fingerprint"]) == UNREADABLE


def test_a_citation_without_anything_is_refused():
    with pytest.raises(Mangled, match="names no chapter"):
        parse("")


def test_the_generated_end_of_a_chapter_is_not_counted(chapter):
    assert paragraphs(ROOT, f"book/{chapter}")
    assert not [text for text in paragraphs(ROOT, f"book/{chapter}") if text.startswith(("```", ":::"))]
