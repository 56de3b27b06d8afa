"""What moved: key numbers of today's run beside those of the last commit."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

from unionstate.build import engine, site


def moved(root: Path, say: Callable[[str], None]) -> list[tuple[str, str, str, str]]:
    """Run what has changed; return id, label, text as committed and text now of each key number that differs.

    An en dash stands for a number that one side does not have. Without git, the outputs stored in ``book/`` are the older side.
    """
    now = site.collect({chapter: run.notebook for chapter, run in engine.run(root, say).items()}).numbers
    before = site.collect({chapter: _committed(root, chapter) for chapter in engine.chapters(root)}).numbers
    return differing(before, now)


def differing(before: dict[str, dict], now: dict[str, dict]) -> list[tuple[str, str, str, str]]:
    """Id, label, text before and text now of each key number whose text is not the same on both sides."""
    found = []
    for name in dict.fromkeys([*before, *now]):
        old, new = before.get(name, {}), now.get(name, {})
        if old.get("text") != new.get("text"):
            found.append((name, (new or old)["label"], old.get("text", "–"), new.get("text", "–")))
    return found


def _committed(root: Path, chapter: str) -> dict:
    path = engine.notebook_path(root, chapter)
    asked = ["git", "-C", str(root), "show", f"HEAD:./{path.relative_to(root).as_posix()}"]
    try:
        said = subprocess.run(asked, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return engine.read_notebook(root, chapter)
    return json.loads(said.stdout)
