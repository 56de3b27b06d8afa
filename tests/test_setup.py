"""The promise: what runs here is what the lock names, in a virtual environment, under conda and on Windows alike."""

import ast
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import chapters
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from unionstate.build import engine
from unionstate.paths import root

ROOT = Path(__file__).resolve().parents[1]
WRITTEN = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT, GROUPS = WRITTEN["project"], WRITTEN["dependency-groups"]
DIRECT = [Requirement(line) for line in PROJECT["dependencies"]]


def lock(file: str) -> dict[str, list[tuple[Requirement, int]]]:
    """Library → its locked requirements (several where they differ by Python version), each with its number of hashes."""
    entries: dict[str, list[tuple[Requirement, int]]] = {}
    text = (ROOT / file).read_text(encoding="utf-8")
    for entry in re.split(r"\n(?=\S)", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).strip()):
        requirement = Requirement(entry.split("--hash")[0].replace("\\", " ").strip())
        hashes = re.findall(r"--hash=sha256:[0-9a-f]{64}\b", entry)
        entries.setdefault(canonicalize_name(requirement.name), []).append((requirement, len(hashes)))
    return entries


LOCK = lock("requirements.txt")
#: Locks of what only some commands need → the group of pyproject.toml that each locks.
FURTHER = {"requirements-print.txt": "print", "tests/citation.txt": "citation"}


def locked_version(name: str) -> str:
    """The version that the lock names for this machine."""
    here = [r for r, _ in LOCK[canonicalize_name(name)] if r.marker is None or r.marker.evaluate()]
    assert len(here) == 1, f"{name}: the lock names {len(here)} versions for this machine"
    return str(here[0].specifier).removeprefix("==")


def test_the_tests_run_against_this_checkout():
    assert root() == ROOT


@pytest.mark.parametrize("requirement", DIRECT, ids=lambda r: r.name)
def test_each_direct_dependency_is_pinned_as_the_lock_has_it(requirement):
    assert str(requirement.specifier) == f"=={locked_version(requirement.name)}"


@pytest.mark.parametrize("requirement", DIRECT, ids=lambda r: r.name)
def test_the_installed_version_is_the_locked_one(requirement):
    assert metadata.version(requirement.name) == locked_version(requirement.name)


def test_each_direct_dependency_carries_its_reason():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = text[text.index("\ndependencies = [") :].split("\n]")[0]
    lines = [line for line in block.splitlines() if line.strip().startswith('"')]
    assert len(lines) == len(DIRECT)
    assert [line for line in lines if not re.search(r'",\s+# \S.{3,}', line)] == []


def test_every_locked_library_is_exact_and_hashed():
    loose = [str(r) for found in LOCK.values() for r, hashes in found if not str(r.specifier).startswith("==") or not hashes]
    assert len(LOCK) > len(DIRECT)
    assert loose == []


@pytest.mark.parametrize("file", FURTHER)
def test_a_further_lock_is_exact_hashed_and_has_what_its_group_names(file):
    found = lock(file)
    loose = [str(r) for entries in found.values() for r, hashes in entries if not str(r.specifier).startswith("==") or not hashes]
    assert loose == []
    for line in GROUPS[FURTHER[file]]:
        requirement = Requirement(line)
        assert {str(r.specifier) for r, _ in found[canonicalize_name(requirement.name)]} == {str(requirement.specifier)}


def test_what_sets_pages_moves_no_library_of_the_book():
    """It is installed into the same environment."""
    for name, entries in lock("requirements-print.txt").items():
        if name in LOCK:
            assert {str(r.specifier) for r, _ in entries} == {str(r.specifier) for r, _ in LOCK[name]}, name


def test_jupyter_book_stays_on_the_line_that_reads_our_config():
    assert locked_version("jupyter-book") == "1.0.4.post1"
    assert locked_version("sphinx") in SpecifierSet(">=7,<8")


def test_conda_defers_to_the_lock():
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    environment = yaml.safe_load(text)
    pinned, pip, by_pip = environment["dependencies"]
    assert (environment["name"], environment["channels"]) == ("union-state", ["conda-forge"])
    assert (pip, by_pip) == ("pip", {"pip": ["-r requirements.txt"]})
    assert re.fullmatch(r"python=\d+\.\d+", pinned)
    assert pinned.removeprefix("python=") in SpecifierSet(PROJECT["requires-python"])
    assert "pip install --no-deps --no-build-isolation -e ." in text


def imported(code: str) -> set[str]:
    nodes = list(ast.walk(ast.parse(code)))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return {name.split(".")[0] for name in plain | {n.module for n in nodes if isinstance(n, ast.ImportFrom) and n.module}}


def test_nothing_is_imported_that_the_lock_does_not_install():
    files = [*ROOT.glob("src/unionstate/**/*.py"), *ROOT.glob("tests/*.py")]
    wanted = set().union(*(imported(path.read_text(encoding="utf-8")) for path in files))
    for chapter in engine.chapters(ROOT):
        wanted |= set().union(*(imported(code) for code in map(chapters.source, chapters.code_cells(chapters.read(chapter)))))
    later = {Requirement(line).name for line in GROUPS["print"]}  # imported by the command that installs them
    own = {"unionstate", *later, *(path.stem for path in ROOT.glob("tests/*.py"))}
    installed_by = metadata.packages_distributions()
    unlocked = {
        name
        for name in wanted - own - set(sys.stdlib_module_names)
        if not any(canonicalize_name(d) in LOCK for d in installed_by.get(name, []))
    }
    assert unlocked == set()


# Written in two halves so that this file does not find itself.
MARKERS = re.compile(
    "nbval[-_](?:ignore|skip|raises|check)|NBVAL_" + "[A-Z]|raises-" + "exception|--nbval-" + "(?:lax|skip|sanitize)|mark[.](?:skip|xfail)"
)


def test_no_output_is_excused_from_comparison():
    """Strict nbval with a marker on the cell that differs is no check at all."""
    files = [ROOT / "Makefile", ROOT / "pyproject.toml", ROOT / ".ci" / "run", *ROOT.glob("tests/*.py"), *ROOT.glob("book/**/*.ipynb")]
    excused = {f"{path.relative_to(ROOT)}: {found[0]}" for path in files if (found := MARKERS.search(path.read_text(encoding="utf-8")))}
    assert excused == set()
    assert "--nbval " in (ROOT / "Makefile").read_text(encoding="utf-8")
