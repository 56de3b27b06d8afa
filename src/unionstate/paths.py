"""Where the book lies on this machine."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path


def root() -> Path:
    """The checkout: ``UNIONSTATE_ROOT`` if set, else the folder this package was installed from."""
    return _resolved(os.environ.get("UNIONSTATE_ROOT"))


@lru_cache(maxsize=4)
def _resolved(named: str | None) -> Path:
    return Path(named).resolve() if named else Path(__file__).resolve().parents[2]


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a text (as UTF-8) or bytes so that nobody ever sees half of it: a temporary file, then a rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    part.replace(path)
