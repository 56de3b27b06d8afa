"""The command line: ``unionstate`` and one of the commands that :func:`main` lists."""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import os
import sys
import time
from contextlib import redirect_stdout
from pathlib import Path

from unionstate import package
from unionstate.build import edition, engine, site, whole
from unionstate.paths import root, write_whole


def build() -> int:
    """Build the site, or say that nothing has changed."""
    base, started = root(), time.perf_counter()
    home = base / "_build" / "html" / "index.html"
    if home.exists() and whole.trusted(home.parent, engine.fingerprint(base, *engine.INPUTS)):
        engine.say(f"nothing has changed since the last build: {home.relative_to(base)} is up to date")
        return 0
    engine.say(f"building {len(engine.pages(base))} pages")
    edition.begin(base, home.parent)  # the chapters begin to run while Jupyter Book is still loading
    gc.set_threshold(100_000, 50, 100)  # Sphinx makes many objects and little garbage
    from jupyter_book.cli.main import main as jupyter_book

    try:
        with open(os.devnull, "w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
            jupyter_book(["build", str(base), "-q", "-W", "--keep-going"], standalone_mode=False)
    except RuntimeError:  # Sphinx has said what is wrong; a traceback would push that away
        engine.say("the build failed; nothing of it is trusted by the next one")
        return 1
    engine.say(f"built {home.relative_to(base)} in {time.perf_counter() - started:.0f} s")
    return 0


def bind(kind: str) -> int:
    """Bind the finished site as one file, ``pdf`` or ``epub``, and link it from the site."""
    from unionstate.build import offer, volume

    module = importlib.import_module({"pdf": "unionstate.build.paged", "epub": "unionstate.build.epub"}[kind])
    path = module.write(volume.volume(root()), root() / "_build" / "html")
    offer.offer(root())
    engine.say(f"bound {path.relative_to(root())}, {path.stat().st_size / 2**20:.1f} MiB")
    return 0


def check() -> int:
    """Print every problem in the data package; in a sound one, checksums that no longer hold."""
    from unionstate import tables

    problems = tables.check() or [
        f"data/{package.resource(name)['path']}: bytes differ from the recorded sha256 (run `unionstate seal`)"
        for name in package.unsealed()
    ]
    for problem in problems:
        print(problem)
    if not problems:
        rows = {name: len(tables.load(name)) for name in package.resources()}
        for name, count in rows.items():
            print(f"{count:6,}  {name}")
        print(f"{sum(rows.values()):6,}  rows in {len(rows)} tables, {rows['sources']} sources: all sound")
    return 1 if problems else 0


def seal() -> int:
    """List the gaps of the yearly series, then record size and sha256 of every table, after an intended change."""
    from unionstate import coverage, tables

    if problems := tables.check():
        print("\n".join(problems))
        return 1
    write_whole(package.path("gaps"), coverage.gaps().to_csv(index=False, lineterminator="\n"))
    whole_package = json.loads((package.data_dir() / package.DESCRIPTOR).read_text(encoding="utf-8"))
    for meta in whole_package["resources"]:
        meta["bytes"] = package.path(meta["name"]).stat().st_size
        meta["hash"] = f"sha256:{package.sha256(meta['name'])}"
    write_whole(package.data_dir() / package.DESCRIPTOR, json.dumps(whole_package, indent=1, ensure_ascii=False) + "\n")
    return 0


def cite() -> int:
    """Write ``CITATION.cff``, ``codemeta.json`` and ``.zenodo.json`` from ``metadata.yml``."""
    from unionstate.build import describe

    for name, text in describe.files().items():
        write_whole(root() / name, text)
    return 0


def audit() -> int:
    """Print how many claims of the source page got which verdict, by kind of claim and by topic."""
    from unionstate import audit as verdicts

    listed = verdicts.listing()
    tables = {by: verdicts.counts(listed, by) for by in ("kind", "topic")}
    whole = tables["kind"].loc[["all"]]
    print(f"{'':20}" + "".join(f"{name:>14}" for name in whole.columns))
    for by, table in {**{by: table.drop(index="all") for by, table in tables.items()}, "page": whole}.items():
        for name, row in zip(table.index, table.to_numpy(), strict=True):
            print(f"{by:6}{name:14}" + "".join(f"{n:>14}" for n in row))
        print()
    computed = int((listed["decided_by"] == "data").sum())
    print(f"{len(listed)} claims, {computed} decided by data and {len(listed) - computed} by documents")
    return 0


def refresh(names: list[str]) -> int:
    """Run chapters and store their outputs in ``book/``."""
    known = engine.chapters(root())
    if unknown := [name for name in names if name not in known]:
        print(f"no chapter is called {unknown[0]!r}; there are: {', '.join(known)}")
        return 2
    try:
        engine.refresh(root(), names or known, engine.say)
    except engine.ChapterFailed as error:
        print(error)
        return 1
    return 0


def bench(record: bool) -> int:
    """Measure the build against stock tools; exit 1 where a bar is missed."""
    from unionstate.build import bench as bench_module

    report = bench_module.bench(root(), engine.say)
    write_whole(root() / "_build" / "bench.json", json.dumps(report, indent=1) + "\n")
    if record:
        write_whole(root() / bench_module.RECORDED, json.dumps(report, indent=1) + "\n")
    print(bench_module.printed(report))
    return 0 if all(row["within"] for row in report["rows"]) else 1


def moved() -> int:
    """Print every key number that a change has moved, against the last commit."""
    from unionstate.build.moved import moved as moved_numbers

    try:
        found = moved_numbers(root(), engine.say)
    except engine.ChapterFailed as error:
        print(error)
        return 1
    for name, label, before, now in found:
        print(f"{name}: {before} -> {now}   ({label})")
    print(f"{len(found)} key numbers differ from the last commit")
    return 0


def fingerprint() -> int:
    """Print the data fingerprint of this copy."""
    print(engine.data_fingerprint(root()))
    return 0


def verify(words: list[str]) -> int:
    """Tell whether this copy is the one that a citation means: 0 yes, 1 no, 2 the citation cannot be read."""
    from unionstate.build.verify import verify as verified

    try:
        return verified(root(), " ".join(words) or sys.stdin.read())
    except engine.ChapterFailed as error:
        print(error)
        return 1


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="unionstate", description="The Union State in Data: build, check and refresh the book.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("build", help="build the site into _build/html")
    commands.add_parser("pdf", help="bind the built site as a book of pages, _build/html/union-state-in-data.pdf")
    commands.add_parser("epub", help="bind the built site for e-readers, _build/html/union-state-in-data.epub")
    commands.add_parser("check", help="check every table of data/ and count its rows")
    commands.add_parser("seal", help="list gaps and record checksums after a change of data/")
    commands.add_parser("cite", help="write CITATION.cff, codemeta.json and .zenodo.json from metadata.yml")
    commands.add_parser("audit", help="count the verdicts on the source page by kind of claim and by topic")
    commands.add_parser("moved", help="run what has changed and list the key numbers that moved")
    commands.add_parser("reproduce", help="build the last commit twice, differently, and compare every byte")
    commands.add_parser("fingerprint", help="print the data fingerprint of this copy")
    cited = commands.add_parser("verify", help="tell whether this copy is the one that a citation means, and what has changed since")
    cited.add_argument("citation", nargs="*", help="as the book gives it: a sentence, BibTeX or RIS; without it, standard input is read")
    measure = commands.add_parser("bench", help="measure the build against stock tools")
    measure.add_argument("--record", action="store_true", help="store the result for the guide")
    commands.add_parser("refresh", help="run chapters and store their outputs").add_argument("chapters", nargs="*")
    data = commands.add_parser("data", help="rebuild the numeric series from publishers' files")
    data.add_argument("raw", type=Path, help="folder that holds the publishers' files")
    given = parser.parse_args(arguments)
    try:
        if given.command == "refresh":
            return refresh(given.chapters)
        if given.command == "verify":
            return verify(given.citation)
        if given.command in ("pdf", "epub"):
            return bind(given.command)
        if given.command == "bench":
            return bench(given.record)
        if given.command == "reproduce":
            from unionstate.build.reproduce import reproduce

            return reproduce(root())
        if given.command == "data":
            from unionstate import recipes

            return recipes.run(given.raw)
        simple = {"build": build, "check": check, "seal": seal, "cite": cite, "audit": audit, "moved": moved, "fingerprint": fingerprint}
        return simple[given.command]()
    except (package.DataError, site.BookError) as error:
        print(error)
        return 1


def run() -> None:
    """:func:`main` as a process. After a success it ends at once: to free what Sphinx has built up takes half a second."""
    if status := main():
        sys.exit(status)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    run()
