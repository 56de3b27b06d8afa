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
from unionstate.build import engine, metadata, site, whole
from unionstate.paths import write_whole


class BadData(RuntimeError):
    """The data package has problems; the message lists them."""


@dataclass(frozen=True, eq=False)
class Content:
    """What pages are made from: every chapter as run, its figures and key numbers, the data fingerprint."""

    runs: dict[str, engine.Run]
    registry: site.Registry
    fingerprint: str
    state: str = ""
    """Changes with whatever generated pages are made from: the data, the tables each chapter read, the list of pages."""

    @cached_property
    def notebooks(self) -> dict[str, dict]:
        return {chapter: run.notebook for chapter, run in self.runs.items()}

    @cached_property
    def sources(self) -> dict[str, dict]:
        from unionstate import tables  # here, not above: it takes a while to import, and the chapters should be under way by then

        return tables.sources()

    @cached_property
    def records(self) -> dict[str, metadata.Chapter]:
        """What every chapter says of itself. Raises ``metadata.MetadataError``, a ``site.BookError``."""
        return {chapter: metadata.chapter(chapter, notebook, self.registry) for chapter, notebook in self.notebooks.items()}

    def quoted(self, kind: str, name: str) -> dict | str | None:
        """What a text gets that quotes ``name``: a number, figure, drawing or source; or a chapter's notebook. ``None``: there is none."""
        known = {"num": self.registry.numbers, "fig": self.registry.figures, "drawing": self.registry.drawings}
        return {**known, "src": self.sources, "page": self.notebooks}[kind].get(name)


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
        from unionstate import tables

        known = self.root / "_build" / "data.checked"  # the state of the data that was last found sound
        state = engine.fingerprint(self.root, *engine.DATA, "src/unionstate/tables.py")
        sound = known.exists() and known.read_text(encoding="utf-8") == state
        if problems := [] if sound else tables.check():
            listed = "\n".join(f"  {problem}" for problem in problems[:20])
            raise BadData(f"the data package has {len(problems)} problems:\n{listed}")
        write_whole(known, state)
        for name in package.unsealed():
            file = package.resource(name)["path"]
            engine.say(f"note: data/{file} differs from its recorded checksum; the pages show the file as it is now")
        runs = engine.remembered(self.root, self._seconds())
        registry = site.collect({chapter: run.notebook for chapter, run in runs.items()})
        return Content(runs, registry, engine.data_fingerprint(self.root), engine.generated_state(self.root, runs))

    def _seconds(self) -> dict[str, float]:
        """Wait for the chapters under way; how long each took."""
        said, _ = self._running.communicate()
        if self._running.returncode:
            raise engine.ChapterFailed(said.strip() or f"the run of the chapters ended with status {self._running.returncode}")
        return json.loads(said)


#: Runs what is out of date under the folder given; prints seconds by chapter, or what went wrong.
RUN = (
    sys.executable,
    "-c",
    """
import json, sys
from pathlib import Path
from unionstate.build import forked
forked.begin()
from unionstate.build import engine
try:
    print(json.dumps(engine.run_stale(Path(sys.argv[1]), engine.say)))
except engine.ChapterFailed as error:
    sys.exit(print(error) or 1)
""",
)

_begun: dict[Path, Edition] = {}


def begin(root: Path, out: Path) -> Edition:
    """The edition that is being built into ``out``; begun now if it was not before."""
    if out not in _begun:
        _begun[out] = Edition(root, out)
    return _begun[out]
