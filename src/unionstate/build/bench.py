"""Measure this book's build against the stock tools: the same notebooks, the same machine, one run.

Wall time for what a person waits for, CPU time where little is done, ratios where the machine must not matter. Every side works on a
copy of its own. Nothing of it enters the site, but for the file that ``record`` stores with the guide.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml

from unionstate import package
from unionstate.build import engine
from unionstate.paths import write_whole

PARTS = ("book", "data", "src", "_static", "_config.yml", "_toc.yml", "requirements.txt", "metadata.yml", "conftest.py", "pyproject.toml")
OURS = (sys.executable, "-m", "unionstate.cli", "build")
STOCK = (sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", ".")
NBVAL = (sys.executable, "-m", "pytest", "-q", "--nbval", "book")
#: Where the guide to re-running finds what things cost: a stored report, so that no page depends on the machine that builds it.
RECORDED = Path("book/guide/bench.json")
SIZES = (25, 50, 100, 200)

#: What a fresh Jupyter Book has, and this book's chapters: ordinary kernels, ordinary theme, every notebook run.
STOCK_CONFIG = {
    "title": "Stock",
    "only_build_toc_files": True,
    "execute": {"execute_notebooks": "force", "timeout": 600},
    "bibtex_bibfiles": ["book/references.bib"],
}
#: A chapter as small as one can be that still does what chapters do.
SMALL = (
    "from unionstate import data_used, figure, key_numbers, load, number, style\ntrade = load('energy/gas_trade')",
    "data_used('energy/gas_trade')",
    "with style.canvas() as (fig, ax):\n    ax.plot(trade['year'], trade['volume'])\n"
    "alt = f'The trade covers {len(trade)} years; the volume of the last is {trade.volume.iloc[-1]:.1f} bcm.'\n"
    "figure(fig, 'bench-NAME', 'Volume of the gas trade by year.', alt, trade, trade)",
    "key_numbers(number('bench-NAME', 'Largest volume NAME', trade['volume'].max(), 'bcm', 'all years', trade, 1))",
)


@dataclass(frozen=True)
class Cost:
    """What one command took: seconds by the clock, seconds of CPU, MiB of its largest process."""

    seconds: float
    cpu: float
    mib: float


@dataclass(frozen=True)
class Row:
    """One line of the report: what was measured, the value, what it is held against, whether it is within."""

    what: str
    value: float
    unit: str
    bar: float
    within: bool


def measured(command: tuple[str, ...], tree: Path, **variables: str) -> Cost:
    """Run ``command`` in ``tree`` with the package that lies there. Raises ``RuntimeError`` with its last lines if it fails."""
    environment = {**os.environ, "PYTHONPATH": str(tree / "src"), "UNIONSTATE_ROOT": str(tree), **variables}
    with suppress(OSError, AttributeError):  # Linux: what outlives its parent, as the warm process does, comes to this one and is counted
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    with tempfile.TemporaryFile("w+") as said:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=tree, env=environment, stdout=said, stderr=subprocess.STDOUT, process_group=0)
        try:
            _, status, used = os.wait4(process.pid, 0)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise RuntimeError(f"{' '.join(command)} failed:\n" + "".join(said.readlines()[-20:]))
    all_used = [used, *_left_by(process.pid)]
    return Cost(seconds, sum(one.ru_utime + one.ru_stime for one in all_used), max(one.ru_maxrss for one in all_used) / 1024)


PR_SET_CHILD_SUBREAPER = 36


def _left_by(group: int) -> Iterator:
    """What each process of a group used that has come here, with all that it waited for; waits for their end."""
    with suppress(ChildProcessError):
        while True:
            yield os.wait4(-group, 0)[2]


def copy(root: Path, place: Path) -> Path:
    place.mkdir(parents=True)
    for part in PARTS:
        if (root / part).is_dir():
            shutil.copytree(root / part, place / part, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", ".ipynb_checkpoints"))
        else:
            shutil.copy(root / part, place)
    return place


def stock(tree: Path) -> Path:
    """Turn a copy into what somebody would have without this book's engine: no extension, no warm kernels, no options for pytest."""
    (tree / "_config.yml").write_text(yaml.safe_dump(STOCK_CONFIG), encoding="utf-8")
    for ours in ("conftest.py", "pyproject.toml"):
        (tree / ours).unlink()
    (tree / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    return tree


def synthetic(root: Path, place: Path, count: int) -> Path:
    """A book of ``count`` small chapters with this book's package, data and settings."""
    tree = copy(root, place)
    shutil.rmtree(tree / "book")
    (tree / "book" / "part").mkdir(parents=True)
    shutil.copy(root / "book" / "references.bib", tree / "book")
    (tree / "book" / "index.md").write_text("# Bench\n\nText.\n", encoding="utf-8")
    names = [f"n{i:03d}" for i in range(count)]
    toc = {"format": "jb-book", "root": "book/index", "chapters": [{"file": f"book/part/{name}"} for name in names]}
    (tree / "_toc.yml").write_text(yaml.safe_dump(toc, sort_keys=False), encoding="utf-8")
    about = yaml.safe_load((tree / "metadata.yml").read_text(encoding="utf-8"))
    record = next(iter(about["chapters"].values()))
    about["chapters"] = {f"part/{name}": record for name in names}
    (tree / "metadata.yml").write_text(yaml.safe_dump(about, allow_unicode=True), encoding="utf-8")
    for name in names:
        write_whole(tree / "book" / "part" / f"{name}.ipynb", json.dumps(_small(name)))
    return tree


def _small(name: str) -> dict:
    code = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [
        {
            "cell_type": "markdown",
            "id": "title",
            "metadata": {},
            "source": f"# Chapter {name}\n\n## Abstract\n\nThe largest volume is {{num}}`bench-{name}`.",
        }
    ]
    cells += [{**code, "id": f"c{i}", "source": text.replace("NAME", name)} for i, text in enumerate(SMALL)]
    return {"cells": cells, "metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}


def edit_chapter(tree: Path, chapter: str) -> None:
    """Change the code of a chapter, not what it does."""
    notebook = engine.read_notebook(tree, chapter)
    cell = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    cell["source"] = "".join(cell["source"]) + "\n# edited"
    write_whole(engine.notebook_path(tree, chapter), json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")


def edit_table(tree: Path, name: str) -> None:
    """Change one number of a table: the last digit of its last one."""
    path = tree / "data" / package.resource(name)["path"]
    text = path.read_text(encoding="utf-8")
    at = max(i for i, character in enumerate(text) if character.isdigit() and text[i - 1] != '"')
    path.write_text(text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1 :], encoding="utf-8", newline="\n")


def reruns(tree: Path) -> list[str]:
    """Which chapters the last build ran, by its own report, the quickest first."""
    report = json.loads((tree / "_build" / "run-report.json").read_text(encoding="utf-8"))
    took = {chapter: seconds for chapter, seconds in report["chapters"].items() if seconds != "remembered"}
    return sorted(took, key=took.get)


def bench(root: Path, say: Callable[[str], None], sizes: tuple[int, ...] = SIZES, table: str = "energy/gas_trade") -> dict:
    """Measure everything; return machine, costs (by name) and rows (against their bars)."""
    costs: dict[str, Cost] = {}

    def take(name: str, command: tuple[str, ...], tree: Path, **variables: str) -> Cost:
        costs[name] = measured(command, tree, **variables)
        say(f"  {name}: {costs[name].seconds:.1f} s, {costs[name].cpu:.1f} s CPU, {costs[name].mib:.0f} MiB")
        return costs[name]

    with tempfile.TemporaryDirectory() as place:
        ours, plain = copy(root, Path(place) / "ours"), stock(copy(root, Path(place) / "stock"))
        cores = str(os.cpu_count() or 1)
        cold = take("cold build, ours", OURS, ours)
        order = reruns(ours)
        cold_stock = take("cold build, stock", STOCK, plain)
        # Where pytest keeps what tests leave: neither side may spend time on removing what other runs have left.
        left = {"PYTEST_DEBUG_TEMPROOT": place}
        checked = take("nbval, ours", (*NBVAL, "--dist", "loadscope", "-n", cores), ours, **left)
        checked_stock = take("nbval, stock serial", (*NBVAL, "-p", "no:xdist"), plain, **left)
        nothing = take("nothing changed", OURS, ours)
        edited = {}
        for which, chapter in (("median", order[len(order) // 2]), ("slowest", order[-1])):
            edit_chapter(ours, chapter)
            edited[which] = take(f"one chapter edited, the {which} ({chapter})", OURS, ours)
        edit_table(ours, table)
        take(f"one table edited ({table})", OURS, ours)
        rerun = sorted(reruns(ours))
        grown = {size: take(f"{size} small chapters", OURS, synthetic(root, Path(place) / f"n{size}", size)) for size in sizes}
    steps = list(zip(sizes, sizes[1:], strict=False))
    slopes = [(grown[b].seconds - grown[a].seconds) / (b - a) for a, b in steps]
    mean = (grown[sizes[-1]].seconds - grown[sizes[0]].seconds) / (sizes[-1] - sizes[0])
    memory = [(grown[b].mib - grown[a].mib) / (b - a) for a, b in steps]
    rows = [
        _row("cold build, share of stock", cold.seconds / cold_stock.seconds, "ratio", 0.35),
        _row("nbval, share of stock serial", checked.seconds / checked_stock.seconds, "ratio", 0.35),
        _row("nothing changed", nothing.cpu, "s CPU", 2),
        _row("one chapter edited, the median", edited["median"].seconds, "s", 6),
        _row("one chapter edited, the slowest", edited["slowest"].seconds, "s", 6),
        _row("cost of an added chapter, largest departure from the mean", max(abs(s / mean - 1) for s in slopes), "ratio", 0.2),
        _row("memory of an added chapter, at most", max(memory), "MiB", 1),
    ]
    machine = {"cores": os.cpu_count(), "system": platform.system(), "python": platform.python_version(), "chapters": len(order)}
    return {
        "machine": machine,
        "costs": {name: {key: round(value, 2) for key, value in asdict(cost).items()} for name, cost in costs.items()},
        "rerun after one table edited": rerun,
        "seconds for each added chapter": [round(slope, 3) for slope in slopes],
        "rows": [asdict(row) for row in rows],
    }


def _row(what: str, value: float, unit: str, bar: float) -> Row:
    return Row(what, round(value, 3), unit, round(bar, 3), value <= bar)


def printed(report: dict) -> str:
    """The report as a table of plain text."""
    lines = [f"{'measured':52} {'value':>8} {'bar':>6}  unit"]
    lines += [f"{r['what']:52} {r['value']:8.2f} {r['bar']:6.2f}  {r['unit']}{'' if r['within'] else '  OVER'}" for r in report["rows"]]
    return "\n".join([*lines, f"run again after one table edited: {', '.join(report['rerun after one table edited']) or 'none'}"])
