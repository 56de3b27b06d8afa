"""One edition of the book: the chapters as run, and what their pages are made from.

The chapters run in a process of their own, so that Sphinx can load while kernels work; whoever needs the result waits for it. (Not in
a thread: ``sphinx_external_toc`` walks through all objects in memory as it starts, which another thread does not survive.)
"""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from unionstate import package
from unionstate.build import derived, engine, metadata, site, whole


class BadData(RuntimeError):
    """The data package has problems; the message lists them."""


@dataclass(frozen=True, eq=False)
class Content:
    """What pages are made from: every chapter as run, its figures and key numbers, the data fingerprint."""

    runs: dict[str, engine.Run]
    registry: site.Registry
    derived: dict
    """What follows from the tables alone, see :func:`derived.derived`."""
    fingerprint: str
    state: str = ""
    """Changes with whatever generated pages are made from: the data, the tables each chapter read, the list of pages."""

    @cached_property
    def notebooks(self) -> dict[str, dict]:
        return {chapter: run.notebook for chapter, run in self.runs.items()}

    @cached_property
    def records(self) -> dict[str, metadata.Chapter]:
        """What every chapter says of itself. Raises ``metadata.MetadataError``, a ``site.BookError``."""
        return {chapter: metadata.chapter(chapter, notebook, self.registry) for chapter, notebook in self.notebooks.items()}

    def quoted(self, kind: str, name: str) -> dict | str | None:
        """What a text gets that quotes ``name``: a number, figure, drawing or source; or a chapter's notebook. ``None``: there is none."""
        known = {"num": self.registry.numbers, "fig": self.registry.figures, "drawing": self.registry.drawings}
        return {**known, "src": self.derived["sources"], "page": self.notebooks}[kind].get(name)


class Edition:
    """A build under way: holds the lock of its output folder, knows the state of the inputs it began with."""

    def __init__(self, root: Path, out: Path):
        whole.lock(out.with_name("html.lock"), engine.say)
        self._running = subprocess.Popen([*RUN, str(root)], stdout=subprocess.PIPE, text=True, encoding="utf-8")
        atexit.register(self._running.kill)  # where Sphinx ends early
        self.root, self.inputs = root, engine.fingerprint(root, *engine.INPUTS)

    @cached_property
    def content(self) -> Content:
        """Check the data and wait for the chapters. Raises :class:`BadData`, ``engine.ChapterFailed`` or ``site.BookError``."""
        said, _ = self._running.communicate()
        found = derived.derived(self.root)
        if problems := found["problems"]:
            listed = "\n".join(f"  {problem}" for problem in problems[:20])
            raise BadData(f"the data package has {len(problems)} problems:\n{listed}")
        if self._running.returncode:
            raise engine.ChapterFailed(said.strip() or f"the run of the chapters ended with status {self._running.returncode}")
        for name in package.unsealed():
            file = package.resource(name)["path"]
            engine.say(f"note: data/{file} differs from its recorded checksum; the pages show the file as it is now")
        runs = engine.remembered(self.root, json.loads(said))
        registry = site.collect({chapter: run.notebook for chapter, run in runs.items()})
        return Content(runs, registry, found, engine.data_fingerprint(self.root), engine.generated_state(self.root, runs))


#: Runs what is out of date under the folder given and derives what the tables say; prints seconds by chapter, or what went wrong.
RUN = (
    sys.executable,
    "-c",
    """
import json, os, sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unionstate.build import forked
root = Path(sys.argv[1])
if fresh := not (root / "_build" / "runs").exists():  # all will run: lose no time
    forked.begin(tables=True)
from unionstate.build import derived, engine
if not fresh:
    forked.begin(more=len(engine.out_of_date(root)) > engine.jobs())
with ThreadPoolExecutor() as beside:
    if forked.possible():
        beside.submit(lambda: forked.start(derived.ahead, root).join())
    try:
        print(json.dumps(engine.run_stale(root, engine.say)), flush=True)
    except engine.ChapterFailed as error:
        sys.exit(print(error) or 1)
os._exit(0)  # at once: the kernels have ended, and what they said need not be freed piece by piece
""",
)

_begun: dict[Path, Edition] = {}


def begin(root: Path, out: Path) -> Edition:
    """The edition that is being built into ``out``; begun now if it was not before."""
    if out not in _begun:
        _begun[out] = Edition(root, out)
    return _begun[out]
