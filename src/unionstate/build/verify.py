"""Is what a citation says still so? It names a version and a data fingerprint; this finds the state of the book that it means.

Where today's copy has another fingerprint, the history of the checkout is searched for the cited one, and what differs is listed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import ModuleType

from unionstate import package
from unionstate.build import engine, metadata, moved, pinpoints, site
from unionstate.show import FIGURE, NUMBERS

#: How many commits are looked through, beside those that have a tag.
BOUND = 400
SAME, DIFFERS, UNREADABLE = 0, 1, 2


class Mangled(ValueError):
    """A citation that cannot be what this book gives; the message says what was expected."""


@dataclass(frozen=True)
class Citation:
    """What a citation says, however it is written."""

    title: str
    """Of a page or a table; of the book where that is cited as a whole."""
    version: str
    fingerprint: str
    place: str = ""
    """The fragment without ``#``, such as ``p12``; empty where a page is cited as a whole."""
    checksum: str = ""


@dataclass(frozen=True)
class Subject:
    """What of a tree is cited: a page, or a table, or (neither) the whole book."""

    title: str
    page: str = ""
    table: str = ""


def parse(text: str) -> Citation:
    """Read a sentence, a BibTeX entry, an RIS or a CSL-JSON record as this book gives it. Raises :class:`Mangled`."""
    text = unicodedata.normalize("NFKC", text).replace("\N{SOFT HYPHEN}", "").replace("\r", "")
    text = re.sub(r"^\s*(AB\s+-|abstract\s*=|\"abstract\":).*$", "", text, flags=re.MULTILINE)
    flat = _plain(text)
    checksum = re.search(r"\bsha256:?\s*([0-9a-f]{64})\b", flat)
    return Citation(_title(text), _version(flat), _fingerprint(flat), _place(flat), checksum[1] if checksum else "")


def _plain(text: str) -> str:
    """One line, straight quotes, no braces or escapes of BibTeX."""
    text = text.translate(
        str.maketrans("\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}\N{DOUBLE LOW-9 QUOTATION MARK}", '"""')
    )
    text = text.translate(str.maketrans("\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}", "''"))
    text = re.sub(r"[\N{EN DASH}\N{EM DASH}\N{NON-BREAKING HYPHEN}]|--+", "-", text)
    return " ".join(re.sub(r"\\([&%$#_])", r"\1", text).translate(str.maketrans("", "", "{}")).split())


def _key(title: str) -> str:
    return _plain(unicodedata.normalize("NFKC", title)).casefold().strip(" .\"'")


#: Where a title stands: RIS, BibTeX, CSL-JSON (as written); then in one line and with straight quotes: part of a book by APA or by the
#: site's script, by Chicago or MLA, and the book as a whole.
FIELDS = (
    (r"^\s*TI\s+-\s+(.+)$", re.MULTILINE),
    (r"[,{]\s*title\s*=\s*(\{(?:[^{}]|\{[^{}]*\})*\}|\"[^\"]*\")", re.IGNORECASE),
    (r'"title":\s*"((?:[^"\\]|\\.)*)"', 0),
)
SENTENCES = (
    r"\(\s*\d{4}\s*\)\s*\.?\s*(.+?)\s+In:?\s",
    r'\. "([^"]+)"',
    r"\.\s+(?:\(\s*\d{4}\s*\)\s*\.\s+|\d{4}\.\s+)?([^.]+?)[.,]?\s*\(?\s*[Vv]ersion",
)


def _title(text: str) -> str:
    flat = _plain(text)
    found = next((m for pattern, flags in FIELDS if (m := re.search(pattern, text, flags))), None)
    found = found or next((m for pattern in SENTENCES if (m := re.search(pattern, flat))), None)
    if not found:
        raise Mangled("the citation names no chapter; expected '… (year). Chapter. In: Book, version …' or a title field of BibTeX or RIS")
    return re.sub(r"\s*\[Dataset\]$", "", _plain(found[1]).strip(" .\"'"))


def _version(text: str) -> str:
    found = re.search(r"\bversion\W{1,6}v?(\d+(?:\.\d+)*(?:[a-z-]+\d*)?)", text, re.IGNORECASE)
    if not found:
        raise Mangled("the citation names no version; expected 'version' and a number such as 0.1.0")
    return found[1]


def _fingerprint(text: str) -> str:
    found = re.search(r"fingerprint:?\s*([^\W_]*)", text, re.IGNORECASE)
    if not found or not found[1]:
        raise Mangled("the citation has no data fingerprint; expected 'Data fingerprint' and twelve digits 0-9 a-f")
    given = found[1].lower()
    if not re.fullmatch(r"[0-9a-f]{12}", given):
        raise Mangled(f"the data fingerprint {given!r} has {len(given)} characters; expected twelve, each one of 0-9 a-f")
    return given


def _place(text: str) -> str:
    fragment = re.search(r"#(p\d+|(?:fig|num|tab)-[a-z0-9-]*[a-z0-9])\b", text)
    paragraph = re.search(r"\bpara(?:graph|\.)?\s*(\d+)", text, re.IGNORECASE)
    if fragment and paragraph and fragment[1] != f"p{paragraph[1]}":
        raise Mangled(f"the citation says paragraph {paragraph[1]} and #{fragment[1]}; expected the same place twice")
    return fragment[1] if fragment else f"p{paragraph[1]}" if paragraph else ""


def titles(tree: Path) -> dict[str, str]:
    """Page → its title, for every page of the table of contents."""
    return {page: _heading(text) for page in engine.pages(tree) if (text := _markdown(tree, page)) is not None}


def _heading(text: str) -> str:
    found = re.search(r"^# +(.+)$", text, re.MULTILINE)
    return found[1].strip() if found else ""


def _markdown(tree: Path, page: str) -> str | None:
    """The prose of a page, cells of a notebook one after the other."""
    if (tree / f"{page}.ipynb").exists():
        return metadata.markdown(_notebook(tree, page))
    text = tree / f"{page}.md"
    return text.read_text(encoding="utf-8") if text.exists() else None


def subject(tree: Path, title: str) -> Subject:
    """What has this title. Raises :class:`Mangled`."""
    pages, tables = titles(tree), _table_titles(tree)
    known = {_key(name): Subject(name, table=table) for table, name in tables.items()}
    known |= {_key(metadata.book().title): Subject(metadata.book().title)}
    known |= {_key(name): Subject(name, page=page) for page, name in pages.items()}
    if _key(title) in known:
        return known[_key(title)]
    near = get_close_matches(_key(title), known, 1, 0)
    raise Mangled(f"nothing in this copy is called {title!r}; expected the title of a chapter, such as {known[near[0]].title!r}")


def _table_titles(tree: Path) -> dict[str, str]:
    """Path of each table below ``data/`` → its title."""
    described = tree / "data" / package.DESCRIPTOR
    resources = json.loads(described.read_text(encoding="utf-8"))["resources"] if described.exists() else []
    return {meta["path"]: meta.get("title", "") for meta in resources}


def paragraphs(tree: Path, page: str) -> list[str]:
    """The numbered paragraphs of a page as its author wrote them; the n-th is ``#p<n>``."""
    tokens, found, inside = _reader().parse(_markdown(tree, page) or ""), [], 0
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        kind = token.type
        if kind == "heading_open" and after.content.strip().lower() == pinpoints.CITATION.replace("-", " "):
            break  # the last section of a chapter is generated
        if kind in ("dl_open", "table_open", "footnote_open"):
            inside += 1
        elif kind in ("dl_close", "table_close", "footnote_close"):
            inside -= 1
        elif kind == "paragraph_open" and not inside:
            found.append(" ".join(after.content.split()))
    return found


@cache
def _reader():
    """The reader of Markdown that the site is made with."""
    from markdown_it.renderer import RendererHTML
    from myst_parser.config.main import MdParserConfig
    from myst_parser.parsers.mdit import create_md_parser

    return create_md_parser(MdParserConfig(), RendererHTML)


def places(tree: Path, page: str) -> set[str]:
    """Every fragment of a page that a citation can name."""
    found, tables = {f"p{n}" for n in range(1, len(paragraphs(tree, page)) + 1)}, set()
    for bundle in site.bundles(_notebook(tree, page)):
        found |= {f"fig-{bundle[FIGURE]['name']}"} if FIGURE in bundle else set()
        found |= {f"num-{record['id']}" for record in bundle.get(NUMBERS, [])}
        pinpoints.anchored("".join(bundle.get("text/html", "")), tables)
    return found | tables


def _notebook(tree: Path, page: str) -> dict:
    """A page's notebook; one without cells where the page is none, or was none yet."""
    chapter = page.removeprefix("book/")
    return engine.read_notebook(tree, chapter) if engine.notebook_path(tree, chapter).exists() else {"cells": []}


def check_place(tree: Path, of: Subject, cited: Citation, when: str = "") -> None:
    """Raises :class:`Mangled` where what is cited has no such place, or a table another checksum."""
    if of.table and cited.checksum and (found := hashlib.sha256((tree / "data" / of.table).read_bytes()).hexdigest()) != cited.checksum:
        raise Mangled(f"data/{of.table} has another checksum{when} than {cited.checksum}; expected {found}")
    place, known = cited.place, places(tree, of.page) if of.page else set()
    generated = of.page and place.startswith("tab-") and not (tree / f"{of.page}.ipynb").exists()  # by a directive, as the site is built
    if place and place not in known and not generated:
        count = sum(bool(re.fullmatch(r"p\d+", name)) for name in known)
        wanted = f"#p1 to #p{count}" if place[1:].isdigit() else f"an anchor of the page that begins with #{place.split('-')[0]}-"
        raise Mangled(
            f"{of.title!r} has no #{place}{when}; expected {wanted}" if of.page else f"#{place} is a place in no page of this title"
        )


def verify(root: Path, text: str, tell: Callable[[str], None] = print, say: Callable[[str], None] = engine.say) -> int:
    """Tell whether this copy is the one cited and, if not, what has changed since. Returns the exit code."""
    try:
        cited = parse(text)
        of, now = subject(root, cited.title), engine.data_fingerprint(root)
        if cited.fingerprint != now:
            tell(f"differs: the citation has data fingerprint {cited.fingerprint}, this copy {now}")
            return _explain(root, cited, of, tell, say)
        check_place(root, of, cited)
    except Mangled as problem:
        tell(f"cannot verify: {problem}")
        return UNREADABLE
    tell(f"same: this copy has the data fingerprint {now}, so every number of {of.title!r} is the one cited")
    if (version := metadata.book().version) != cited.version:
        tell(f"note: the citation says version {cited.version}, this copy is version {version}; texts may differ, numbers do not")
    return SAME


def _explain(root: Path, cited: Citation, of: Subject, tell: Callable[[str], None], say: Callable[[str], None]) -> int:
    history = History.of(root)
    if history is None:
        tell("history: this copy has none (no git, or no git repository), so what has changed since cannot be said")
        return DIFFERS
    with history.trees() as tree_at:
        commit, looked = _find(history, tree_at, cited.fingerprint, say)
        if commit is None:
            shallow = "; the history of this copy is cut short" if history.shallow() else ""
            tell(f"history: none of the {looked} commits looked at has the cited fingerprint{shallow}")
            return DIFFERS
        then = tree_at(commit)
        tell(f"cited: commit {history.named(commit)}, version {cited.version}")
        check_place(then, of, cited, " in the cited state")
        for line in differences(then, root, of, cited.place, say):
            tell(line)
    return DIFFERS


def _find(history: History, tree_at: Callable[[str], Path], wanted: str, say: Callable[[str], None]) -> tuple[str | None, int]:
    commits, seen = history.candidates(), set()
    for number, commit in enumerate(commits, start=1):
        if (state := history.state(commit)) in seen:
            continue
        seen.add(state)
        if number % 25 == 0:
            say(f"  looked at {number} of {len(commits)} commits")
        if wanted in fingerprints(tree_at(commit)):
            return commit, number
    return None, len(commits)


def fingerprints(tree: Path) -> set[str]:
    """The data fingerprint of a tree by today's rules and, where it had others, by its own."""
    found = set()
    try:
        found.add(engine.data_fingerprint(tree))
    except (OSError, ValueError, KeyError):
        return found  # no book yet
    own = tree / "src" / "unionstate" / "build" / "engine.py"
    if own.exists() and (source := own.read_text(encoding="utf-8")) != Path(engine.__file__).read_text(encoding="utf-8"):
        found.add(_by_its_own_rules(tree, source))
    return found - {""}


def _by_its_own_rules(tree: Path, source: str) -> str:
    """By the ``engine.py`` of that tree: within this process, which is fast, or, where that needs other old modules, in one of its own."""
    try:
        return _rules(source)["data_fingerprint"](tree)
    except Exception:  # whatever an old module does in new company
        return _asked(tree)


@cache
def _rules(source: str) -> dict:
    module = ModuleType("unionstate_engine_as_cited")
    sys.modules[module.__name__] = module  # dataclasses look their module up
    exec(compile(source, "engine.py", "exec"), module.__dict__)  # noqa: S102  (code of this repository's own history)
    return module.__dict__


#: Earlier trees have the function, but no command for it.
ASK = "from pathlib import Path; from unionstate.build.engine import data_fingerprint; print(data_fingerprint(Path.cwd()))"


def _asked(tree: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(tree / "src"), "UNIONSTATE_ROOT": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run([sys.executable, "-c", ASK], cwd=tree, env=environment, capture_output=True, text=True, timeout=60)
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def differences(then: Path, now: Path, of: Subject, place: str, say: Callable[[str], None]) -> Iterator[str]:
    """One line for each kind of thing that differs between two trees, and for each key number of the cited page that has moved."""
    yield _listed("tables", _changes(_tables(then), _tables(now)))
    yield _listed("chapters", _changes(_pages(then), _pages(now)))
    if place[1:].isdigit():
        number, sides = int(place[1:]), [paragraphs(tree, of.page) for tree in (then, now)]
        old, new = (side[number - 1] if number <= len(side) else None for side in sides)
        yield f"#{place}: " + ("reads as it did" if old == new else "is gone" if new is None else "reads differently now")
    if not of.page or not (now / f"{of.page}.ipynb").exists():
        return
    chapter = of.page.removeprefix("book/")
    before = site.collect({chapter: _notebook(then, of.page)}).numbers
    rows = moved.differing(before, site.collect({chapter: engine.run_one(now, chapter, say).notebook}).numbers)
    for name, label, old, new in rows:
        yield f"{name}: {old} -> {new}   ({label})"
    yield f"{len(rows)} of {len(before)} key numbers of {chapter} have moved since"


def _listed(kind: str, changes: list[str]) -> str:
    return f"{kind} changed since: {', '.join(changes) or 'none'}"


def _changes(then: dict[str, object], now: dict[str, object]) -> list[str]:
    word = {(True, False): " (gone)", (False, True): " (new)"}
    names = dict.fromkeys([*then, *now])
    return [f"{name}{word.get((name in then, name in now), '')}" for name in names if then.get(name) != now.get(name)]


def _tables(tree: Path) -> dict[str, str]:
    folder = tree / "data"
    return {
        p.relative_to(folder).with_suffix("").as_posix(): engine.fingerprint(tree, p.relative_to(tree).as_posix())
        for p in sorted(folder.rglob("*.csv"))
    }


def _pages(tree: Path) -> dict[str, tuple]:
    """Code and prose of each page; outputs do not count, which follow from data too."""
    return {
        page.removeprefix("book/"): (engine.code_of(_notebook(tree, page)), text)
        for page in engine.pages(tree)
        if (text := _markdown(tree, page)) is not None
    }


class History:
    """The git history of a checkout, read without leaving anything in it."""

    WATCHED = ("data", "src", "book", "requirements.txt", "_toc.yml")

    def __init__(self, root: Path, prefix: str):
        self.root, self.prefix = root, prefix

    @classmethod
    def of(cls, root: Path) -> History | None:
        """``None``: there is no git, or no commit."""
        asked = ["git", "-C", str(root), "rev-parse"]
        try:
            subprocess.run([*asked, "--quiet", "--verify", "HEAD"], capture_output=True, check=True)
            below = subprocess.run([*asked, "--show-prefix"], capture_output=True, text=True, encoding="utf-8", check=True)
        except (OSError, subprocess.CalledProcessError):
            return None
        return cls(root, below.stdout.strip())

    def _git(self, *arguments: str, **environment: str) -> str:
        command, variables = ["git", "-C", str(self.root), *arguments], {**os.environ, **environment}
        return subprocess.run(command, env=variables, capture_output=True, text=True, encoding="utf-8", check=True).stdout

    def shallow(self) -> bool:
        return self._git("rev-parse", "--is-shallow-repository").strip() == "true"

    def named(self, commit: str) -> str:
        """A commit with its tags, date and subject."""
        tags = self._git("tag", "--points-at", commit).split()
        return self._git("show", "-s", "--format=%h of %cs, %s", commit).strip() + (f" ({', '.join(tags)})" if tags else "")

    def candidates(self) -> list[str]:
        """Commits to look at: those with a tag, then those that touched what a fingerprint covers, newest first."""
        tagged = self._git("for-each-ref", "--sort=-creatordate", "--format=%(*objectname) %(objectname)", "refs/tags").splitlines()
        touched = self._git("rev-list", f"--max-count={BOUND}", "HEAD", "--", *self.WATCHED).split()
        return list(dict.fromkeys([*(line.split()[0] for line in tagged), *touched]))

    def state(self, commit: str) -> str:
        """The same for two commits that hold the same book."""
        return self._git("ls-tree", f"{commit}:{self.prefix}", *self.WATCHED)

    @contextmanager
    def trees(self) -> Iterator[Callable[[str], Path]]:
        """A temporary folder that can be turned into the tree of any commit: only files that differ are written."""
        with tempfile.TemporaryDirectory(prefix="unionstate-") as folder:
            tree, index = Path(folder) / "tree", str(Path(folder) / "index")
            tree.mkdir()

            def tree_at(commit: str) -> Path:
                command = ["git", "--git-dir", self._git("rev-parse", "--absolute-git-dir").strip(), "--work-tree", str(tree)]
                environment = {**os.environ, "GIT_INDEX_FILE": index}
                subprocess.run([*command, "read-tree", "--reset", "-u", commit], cwd=tree, env=environment, capture_output=True, check=True)
                return tree / self.prefix

            yield tree_at
