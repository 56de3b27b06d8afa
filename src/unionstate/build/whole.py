"""Builds that are whole or not trusted: a lock for one at a time, and a mark that is written last."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import IO


def mark(out: Path) -> Path:
    """Where a finished build of ``out`` writes what it was built from: beside the site, not in it."""
    return out.with_name("html.inputs")


def lock(path: Path, say: Callable[[str], None]) -> IO | None:
    """Hold ``path`` until this process ends; wait for another build that holds it. Without ``fcntl`` (Windows) nothing is held."""
    try:
        import fcntl
    except ImportError:
        return None
    handle = path.open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        say("another build of this checkout is under way: waiting for it to end")
        fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def empty(folder: Path) -> None:
    """Remove all that lies in ``folder``, not the folder itself."""
    for entry in folder.glob("*") if folder.is_dir() else ():
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()
