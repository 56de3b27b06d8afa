"""Builds that are whole or not trusted: a lock for one at a time, and a mark that is written last."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import IO


def mark(out: Path) -> Path:
    """Where a finished build writes what the folder ``out`` was made from: beside it, not in it."""
    return out.with_name(f"{out.name.lstrip('.')}.inputs")


def trusted(out: Path, inputs: str) -> bool:
    """Whether ``out`` was finished, and from these inputs."""
    return mark(out).exists() and mark(out).read_text(encoding="utf-8") == inputs


_held: list[IO] = []


def lock(path: Path, say: Callable[[str], None]) -> None:
    """Hold ``path`` until this process ends; wait for another build that holds it. Without ``fcntl`` (Windows) nothing is held."""
    try:
        import fcntl
    except ImportError:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = path.open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        say("another build of this checkout is under way: waiting for it to end")
        fcntl.flock(handle, fcntl.LOCK_EX)
    _held.append(handle)


def empty(folder: Path) -> None:
    """Remove all that lies in ``folder``, not the folder itself."""
    for entry in folder.glob("*") if folder.is_dir() else ():
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()
