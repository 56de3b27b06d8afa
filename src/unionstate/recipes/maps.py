"""Recipes for maps: outlines of states and routes of pipelines, as tables of vertices."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pandas as pd

from unionstate.recipes.common import read

#: What the tables hold, in degrees: draw a map inside it, never up to its edge.
WEST, SOUTH, EAST, NORTH = 13.0, 44.0, 42.0, 61.0
SIMFEROPOL = (34.10, 44.95)
NOT_DRAWN = ["P2020", "P0806"]  # one straight line across half of Europe; one pipeline that was cancelled
SCHEMATIC_UP_TO = 5  # vertices


def countries(raw: Path) -> pd.DataFrame:
    """Natural Earth 1:50m (world-atlas 2.0.2), the part inside the window, with the borders of A/RES/68/262.

    Natural Earth draws who controls: Crimea is a part of its Russia. Here it is joined to Ukraine, so that no border runs between
    the two. Rings are closed; edges along the window are cuts, not borders.
    """
    shapes = json.loads((raw / "natural-earth-map" / "eastern_europe_eurasia_50m.geojson").read_text(encoding="utf-8"))
    rings = {shape["properties"]["iso3"]: _rings(shape["geometry"]) for shape in shapes["features"]}
    for crimea in [ring for ring in rings["RUS"] if _inside(SIMFEROPOL, ring)]:
        rings["RUS"].remove(crimea)
        mainland = next(ring for ring in rings["UKR"] if _neighbours(ring, crimea))
        rings["UKR"][rings["UKR"].index(mainland)] = _joined(mainland, crimea)
    rows = []
    for country in sorted(rings):
        parts = [cut for ring in rings[country] if (cut := _cropped(ring))]
        rows += [(country, part, vertex, *point) for part, ring in enumerate(parts, 1) for vertex, point in enumerate(ring, 1)]
    return _table(rows, ["country", "part", "vertex", "longitude", "latitude"])


def pipelines(raw: Path) -> pd.DataFrame:
    """Global Energy Monitor: gas and oil pipelines that cross Belarus. Records with the same line as an earlier one are folded in.

    ``label_basis`` says whether the name was published or inferred from the line. Lines of five or fewer vertices are schematic.
    """
    listed = read(raw / "gem-pipeline-routes" / "pipelines_crossing_belarus.csv").set_index("project_id", drop=False)
    lines = _lines(raw)
    first = {}
    for line in listed.index:
        first.setdefault(json.dumps(lines[line]), line)
    same = listed.index.map(lambda line: first[json.dumps(lines[line])])
    kept = listed[(same == listed.index) & ~listed.index.isin(NOT_DRAWN)]
    return pd.DataFrame(
        {
            "line": kept["project_id"],
            "fuel": kept["fuel"].replace("liquid", "oil"),
            "label": kept["label"].str.replace(r" \(line 1 record\)$|, line$", "", regex=True),
            "label_basis": kept["label_basis"],
            "drawing": (kept["n_vertices"].astype(int) <= SCHEMATIC_UP_TO).map({True: "schematic", False: "traced"}),
            "same_line": ["; ".join(listed.index[(same == line) & (listed.index != line)]) for line in kept.index],
        }
    )


def pipeline_points(raw: Path) -> pd.DataFrame:
    """Global Energy Monitor: the vertices of the lines in ``map/pipelines`` inside the window, and the next one beyond it."""
    lines, rows = _lines(raw), []
    for line in pipelines(raw)["line"]:
        parts = [run for path in lines[line] for run in _runs(path)]
        rows += [(line, part, vertex, *point) for part, path in enumerate(parts, 1) for vertex, point in enumerate(path, 1)]
    return _table(rows, ["line", "part", "vertex", "longitude", "latitude"])


def _table(rows: list[tuple], columns: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(longitude=frame["longitude"].map("{:.3f}".format), latitude=frame["latitude"].map("{:.3f}".format))


def _rings(geometry: dict) -> list[list[tuple]]:
    """Outer rings, closed. Holes are dropped: none of the states in the window has one."""
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [[tuple(point) for point in polygon[0]] for polygon in polygons]


def _lines(raw: Path) -> dict[str, list]:
    routes = json.loads((raw / "gem-pipeline-routes" / "pipelines_crossing_belarus.geojson").read_text(encoding="utf-8"))
    shapes = {route["properties"]["project_id"]: route["geometry"] for route in routes["features"]}
    return {line: shape["coordinates"] if shape["type"] == "MultiLineString" else [shape["coordinates"]] for line, shape in shapes.items()}


def _runs(path: list) -> list[list]:
    """The stretches of a line that touch the window: vertices inside it with their neighbours."""
    inside = [WEST <= x <= EAST and SOUTH <= y <= NORTH for x, y in path]
    runs, open_run = [], False
    for i, point in enumerate(path):
        if any(inside[max(i - 1, 0) : i + 2]):
            runs = runs if open_run else [*runs, []]
            runs[-1].append(point)
            open_run = True
        else:
            open_run = False
    return runs


def _inside(point: tuple, ring: list) -> bool:
    """Whether ``point`` lies in the closed ``ring``: an odd number of edges lies to its east."""
    x, y = point
    crossings = [x1 + (y - y1) / (y2 - y1) * (x2 - x1) for (x1, y1), (x2, y2) in pairwise(ring) if (y1 > y) != (y2 > y)]
    return sum(x < crossing for crossing in crossings) % 2 == 1


def _neighbours(ring: list, other: list) -> set:
    """Edges of ``ring`` that ``other`` runs along the opposite way: the border of the two."""
    return set(pairwise(ring)) & {(end, start) for start, end in pairwise(other)}


def _joined(ring: list, other: list) -> list:
    """The outline of two rings without the border between them."""
    border = _neighbours(ring, other)
    edges = [edge for edge in [*pairwise(ring), *pairwise(other)] if edge not in border and edge[::-1] not in border]
    following = dict(edges)
    outline = [edges[0][0]]
    while len(outline) == 1 or outline[-1] != outline[0]:
        outline.append(following[outline[-1]])
    if len(outline) != len(edges) + 1:
        raise ValueError("the two rings meet in more than one stretch of border: they cannot be joined into one ring")
    return outline


def _cropped(ring: list) -> list:
    """The part of a ring inside the window (Sutherland and Hodgman: one side of the window after the other)."""
    for axis, bound, sign in ((0, WEST, 1), (1, SOUTH, 1), (0, EAST, -1), (1, NORTH, -1)):
        kept = []
        for start, end in pairwise(ring):
            start_in, end_in = ((point[axis] - bound) * sign >= 0 for point in (start, end))
            if start_in != end_in:
                share = (bound - start[axis]) / (end[axis] - start[axis])
                crossing = [start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])]
                crossing[axis] = bound
                kept.append(tuple(crossing))
            if end_in:
                kept.append(end)
        ring = [*kept, kept[0]] if kept else []
    return [point for i, point in enumerate(ring) if i == 0 or point != ring[i - 1]]


RECIPES = {
    "map/countries": countries,
    "map/pipelines": pipelines,
    "map/pipeline_points": pipeline_points,
}
