"""Cards: a chapter's figure as a picture of the size that sites show beside a link to its page.

Drawn from the SVG of the page in its light colours, with the font that ships with matplotlib, so that every machine draws the same.
A card takes a fifth of a second: those drawn are remembered in ``_build/cards``, and missing ones are drawn in a process of their own
while the pages are being read.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryFile

from unionstate.build.drawings import size
from unionstate.build.site import Registry
from unionstate.paths import write_whole

WIDTH, HEIGHT, MARGIN = 1200, 630, 32
FLAT = 1.3
"""Least width to height of a figure whose labels can still be read on a card."""
FONT = "DejaVu Sans"
FILES = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans-Oblique.ttf")


def font(file: str) -> Path:
    """Where a font lies that comes with matplotlib."""
    return Path(find_spec("matplotlib").origin).parent / "mpl-data" / "fonts" / "ttf" / file


def path(chapter: str) -> str:
    """Where a chapter's card lies below the site's root."""
    return f"_images/card-{chapter.replace('/', '-')}.png"


def chosen(registry: Registry) -> dict[str, dict]:
    """Chapter → the record of the figure on its card: the first that is flat enough, else the flattest."""
    figures: dict[str, list[dict]] = {}
    for record in registry.figures.values():
        figures.setdefault(record["chapter"], []).append(record)

    def shape(record: dict) -> float:
        width, height = size(registry.drawings[record["name"]])
        return width / height

    return {c: next((record for record in records if shape(record) >= FLAT), max(records, key=shape)) for c, records in figures.items()}


def drawing(svg: str) -> str:
    """A figure's SVG as a card: in the middle of a white sheet, in light colours, in a font that the book brings along."""
    svg = re.sub(r"var\(--[\w-]+, *([^)]+)\)", r"\1", svg).replace("system-ui, sans-serif", f"'{FONT}'")
    head, rest = svg.split(">", 1)
    width, height = size(svg)
    scale = min((WIDTH - 2 * MARGIN) / width, (HEIGHT - 2 * MARGIN) / height)
    width, height = width * scale, height * scale
    head = re.sub(r' (width|height|role|aria-label)="[^"]*"', "", head)
    box = f'x="{(WIDTH - width) / 2:.2f}" y="{(HEIGHT - height) / 2:.2f}" width="{width:.2f}" height="{height:.2f}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}"><rect width="100%" height="100%" fill="#fff"/>'
        f"{head.replace('<svg', f'<svg {box}', 1)}>{rest}</svg>"
    )


class Cards:
    """The cards of one build; those not remembered in ``folder`` are being drawn from now on."""

    def __init__(self, registry: Registry, folder: Path):
        self.folder, self._drawing = folder, None
        tools = f"{version('resvg-py')} {version('matplotlib')}"
        drawings = {chapter: drawing(registry.drawings[record["name"]]) for chapter, record in chosen(registry).items()}
        self._names = {c: f"{hashlib.sha256(f'{tools} {svg}'.encode()).hexdigest()}.png" for c, svg in drawings.items()}
        if missing := {self._names[c]: svg for c, svg in drawings.items() if not (folder / self._names[c]).exists()}:
            fonts = [str(font(file)) for file in FILES]
            with TemporaryFile("w+", encoding="utf-8") as asked:  # a pipe would have this process wait until the other one reads
                asked.write(json.dumps([fonts, missing]))
                asked.seek(0)
                self._drawing = subprocess.Popen([sys.executable, "-c", DRAW, str(folder)], stdin=asked)

    def publish(self, out: Path) -> None:
        """Wait for the cards under way, put all into the site at ``out`` and forget those no longer used."""
        if self._drawing and self._drawing.wait():
            raise OSError(f"the cards of the pages were not drawn: exit status {self._drawing.returncode}, expected 0")
        for chapter, name in self._names.items():
            write_whole(out / path(chapter), (self.folder / name).read_bytes())
        for old in self.folder.glob("*.png"):
            if old.name not in self._names.values():
                old.unlink()


#: Draws SVG → PNG with nothing of this machine: its own fonts are not looked at. (The library holds the interpreter while it draws.)
DRAW = """
import json, sys
from pathlib import Path
import resvg_py
from unionstate.paths import write_whole
fonts, drawings = json.load(sys.stdin)
for name, svg in drawings.items():
    picture = resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=fonts)
    write_whole(Path(sys.argv[1], name), bytes(picture))
"""
