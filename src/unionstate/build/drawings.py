"""A figure's drawing as a page carries it: about half the size of the stored SVG, and looking the same.

What matplotlib repeats at each mark is said once or left out, and a coordinate is given to a tenth of a point, about a seventh of a
pixel. Style attributes become presentation attributes, because the policy of a page forbids the former.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from itertools import groupby

from lxml import etree

#: What elements take over from a group around them, and a clip, which holds for a group as for each of its parts.
SHARED = frozenset(
    [
        *("fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-linejoin", "stroke-linecap", "stroke-dasharray"),
        *("stroke-dashoffset", "font-size", "font-weight", "font-style", "text-anchor", "clip-path"),
    ]
)
#: What matplotlib says of a whole drawing in a style element.
WHOLE = ("stroke-linejoin", "round")
#: What need not be said: it holds anyway. The font is the page's.
KNOWN = {WHOLE, ("stroke-dashoffset", "0"), ("stroke-linecap", "butt"), ("font-weight", "normal"), ("font-style", "normal")}
PLACES = ("d", "x", "y", "width", "height", "transform")

_STYLE = re.compile(r"<defs>\s*<style.*?</style>\s*</defs>", re.DOTALL)
_FALLBACK = re.compile(r"var\((--us-[\w-]+), [^)]*\)")
_REFERENCE = re.compile(r'(?<=[("]#)\w+(?=[)"])')
_DECIMAL = re.compile(r"(-?)0*(\d*\.\d+)")


def light(svg: str, name: str) -> str:
    """The drawing of figure ``name`` for its page."""
    svg = _FALLBACK.sub(r"var(\1)", _STYLE.sub("", svg)).replace(' xmlns="http://www.w3.org/2000/svg"', "", 1)
    svg = svg.replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "", 1).replace(" xlink:href=", " href=")
    for step in "MLCQ":
        svg = svg.replace(f" \n{step} ", step)
    svg = svg.replace(" \nz\n", "z").replace('d="M ', 'd="M')
    names = _names(svg, name)
    root = etree.fromstring(_REFERENCE.sub(lambda old: names[old[0]], svg))
    for attribute in ("version", "width", "height"):
        root.attrib.pop(attribute, None)
    root.set(*WHOLE)
    _flatten(root)
    _plain(root, names, 1)
    marks = {f"#{mark.get('id')}": mark for mark in root.iter("path") if "id" in mark.attrib}
    for use in root.iter("use"):  # a mark that says something itself takes it from nowhere else
        for prop in SHARED.intersection(use.attrib).intersection(marks[use.get("href")].attrib):
            del use.attrib[prop]
    _gather(root)
    return etree.tostring(root, encoding="unicode")


def size(svg: str) -> tuple[float, float]:
    """Width and height of a drawing, in points."""
    width, height = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups()
    return float(width), float(height)


def _names(svg: str, name: str) -> dict[str, str]:
    """Short names for what the drawing refers to; no other figure of a page has them."""
    stem = hashlib.sha256(name.encode()).hexdigest()[:5]
    return {old: f"f{stem}{n}" for n, old in enumerate(dict.fromkeys(_REFERENCE.findall(svg)))}


def _flatten(root) -> None:
    """Groups that say nothing give way to what is in them."""
    for group in [group for group in root.iter("g") if not group.attrib]:
        parent = group.getparent()
        at = parent.index(group)
        parent[at : at + 1] = list(group)


def _plain(element, names: dict[str, str], digits: int) -> None:
    """Presentation attributes instead of a style, short coordinates, no blanks between elements; a marker is small and stays exact."""
    attributes = element.attrib
    if "style" in attributes:
        attributes.update(_said(attributes.pop("style")))
    for place in PLACES:
        if place in attributes:
            attributes[place] = _shorter(attributes[place], digits)
    if attributes.get("transform", "").startswith("rotate(0 "):
        del attributes["transform"]
    if "id" in attributes:
        attributes["id"] = names.get(attributes["id"], "")
    words = element.tag in ("text", "tspan")
    element.text = element.text if words else None
    for child in element:
        child.tail = child.tail if words else None
        _plain(child, names, 2 if element.tag == "defs" else digits)
        if child.tag == "defs" and not len(child) or child.get("id") == "":
            element.remove(child)


@cache
def _said(style: str) -> dict[str, str]:
    """What a style attribute says that is not known without it."""
    pairs = [tuple(part.strip() for part in rule.split(":")) for rule in style.split(";") if rule.strip()]
    return {prop: value.removesuffix("px") for prop, value in pairs if (prop, value) not in KNOWN and prop != "font-family"}


def _shorter(value: str, digits: int) -> str:
    value = _DECIMAL.sub(lambda number: _rounded(number, digits), value)
    return value.replace("(-0 ", "(0 ").strip()


def _rounded(number: re.Match, digits: int) -> str:
    text = f"{float(number[2]):.{digits}f}".lstrip("0").rstrip("0").rstrip(".")
    return number[1] + text if text else "0"


def _gather(parent) -> None:
    """Neighbours that look the same become a group that says so once."""
    for (tag, look), run in [(key, list(run)) for key, run in groupby(parent, _look)]:
        if len(run) < 3 or not look or tag is None:
            continue
        group = etree.Element("g", dict(look))
        parent.insert(parent.index(run[0]), group)
        group.extend(run)
        for element in run:
            for prop, _ in look:
                del element.attrib[prop]


def _look(element) -> tuple:
    if element.tag not in ("path", "use", "text"):
        return None, id(element)
    return element.tag, tuple(item for item in element.attrib.items() if item[0] in SHARED)
