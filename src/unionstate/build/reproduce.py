"""Build the book twice from clean clones, under surroundings as different as one machine allows, and compare every byte."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from unionstate.build.engine import say


@dataclass(frozen=True)
class Surroundings:
    """Where and how one of the two builds runs."""

    folder: str
    umask: int
    variables: dict[str, str]


BOTH = (
    Surroundings("a", 0o022, {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1", "UNIONSTATE_JOBS": "1", "UNIONSTATE_WARM": "1"}),
    Surroundings(
        "a folder/with a long, spaced name",
        0o077,
        {
            "TZ": "Asia/Kathmandu",
            "LC_ALL": "C",
            "PYTHONHASHSEED": "4242",
            "UNIONSTATE_JOBS": "3",
            "UNIONSTATE_WARM": "0",
            "PYTHONUTF8": "1",
        },
    ),
)


def build_in(place: Path, base: Path, around: Surroundings) -> dict[str, bytes]:
    """Clone ``base`` to ``place``, build it there, return the site: path → bytes."""
    place.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["git", "clone", "--quiet", str(base), str(place)], check=True)
    environment = {**os.environ, **around.variables, "PYTHONPATH": str(place / "src")}
    environment.pop("UNIONSTATE_ROOT", None)
    command = [sys.executable, "-m", "unionstate.cli", "build"]
    subprocess.run(command, cwd=place, env=environment, umask=around.umask, check=True)
    out = place / "_build" / "html"
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def reproduce(base: Path) -> int:
    """Print how many files and bytes differ between two builds of the last commit; return 1 if any do."""
    with tempfile.TemporaryDirectory() as folder:
        sites = []
        for number, around in enumerate(BOTH, start=1):
            say(f"build {number} of {len(BOTH)}: {', '.join(f'{k}={v}' for k, v in around.variables.items())}, umask {around.umask:03o}")
            sites.append(build_in(Path(folder) / around.folder, base, around))
    one, two = sites
    differing = sorted(name for name in one.keys() | two.keys() if one.get(name) != two.get(name))
    for name in differing:
        print(f"differs: {name}")
    print(f"{len(one)} files, {sum(map(len, one.values())):,} bytes; {len(differing)} files differ")
    return 1 if differing else 0
