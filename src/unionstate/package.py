"""The data package: what ``data/datapackage.json`` says of each table, and where the tables lie. Light: needs no library for tables."""

from __future__ import annotations

import hashlib
import json
import time
from functools import lru_cache
from pathlib import Path

from unionstate.paths import root

DESCRIPTOR = "datapackage.json"


class DataError(ValueError):
    """A table of ``data/`` breaks its own schema. The message names file, row, column, value, expectation."""


def data_dir() -> Path:
    return root() / "data"


def resources() -> dict[str, dict]:
    """All tables by name (``energy/gas_prices``), in the order of the data package; read once per change of the file."""
    path = data_dir() / DESCRIPTOR
    return _parse(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _parse(path: Path, _mtime: int) -> dict[str, dict]:
    try:
        package = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataError(f"data/{DESCRIPTOR}: found what is no JSON ({error}), expected the description of every table") from None
    return {resource["name"]: resource for resource in package["resources"]}


def resource(name: str) -> dict:
    try:
        return resources()[name]
    except KeyError:
        known = ", ".join(resources())
        raise DataError(f"no table is called {name!r}; data/{DESCRIPTOR} has: {known}") from None


def path(name: str) -> Path:
    """The file of table ``name``."""
    return data_dir() / resource(name)["path"]


_hashes: dict[tuple, str] = {}


def sha256(name: str) -> str:
    """The checksum of table ``name`` as its file is now; one that has lain still is not read again."""
    file = path(name)
    found = file.stat()
    stamp = (file, found.st_mtime_ns, found.st_size, found.st_ino)
    if stamp not in _hashes:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        if time.time_ns() - found.st_mtime_ns < 2_000_000_000:  # another edit within one tick of the file system's clock would not show
            return digest
        _hashes[stamp] = digest
    return _hashes[stamp]


def unsealed() -> list[str]:
    """Tables whose bytes differ from the checksum recorded in the data package."""
    return [name for name, meta in resources().items() if meta.get("hash") != f"sha256:{sha256(name)}"]
