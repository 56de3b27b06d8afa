"""Maps: outlines of states and lines on them, small enough for a page, the same on every run.

The projection is plate carrée with one stretch: a degree of longitude is drawn ``cos(latitude of the middle)`` as wide as a
degree of latitude. Shapes are right in the middle of the map and distances are not to be read off its edges.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from itertools import pairwise

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from unionstate.show import style
from unionstate.show.charts import HALO

#: West, south, east, north in degrees. Inside it the tables of ``map/`` have no gap.
WINDOW = (18.0, 49.1, 36.0, 60.5)

#: Where a state's name reads well: name, longitude, latitude. English short names.
NAMES = {
    "BLR": ("Belarus", 28.0, 53.35),
    "EST": ("Estonia", 25.8, 58.75),
    "FIN": ("Finland", 24.6, 60.32),
    "LTU": ("Lithuania", 23.6, 55.6),
    "LVA": ("Latvia", 25.3, 56.85),
    "POL": ("Poland", 20.2, 52.05),
    "RUS": ("Russia", 33.0, 57.6),
    "UKR": ("Ukraine", 29.5, 50.1),
}
_ROUND = 3  # decimals of a degree: about a hundred metres
#: Corners that span less than this many square degrees (some eighteen square kilometres, about half a point on the page) are left out.
LEAST = 0.0015


def base(
    ax: plt.Axes,
    countries: pd.DataFrame,
    fill: dict[str, dict] | None = None,
    names: dict[str, tuple] | None = None,
    window: tuple[float, float, float, float] = WINDOW,
) -> None:
    """Draw the states of ``map/countries`` inside ``window`` on ``ax``, which becomes the map. Land is paper, the sea is tinted.

    ``fill``: state (ISO code) → how its land looks: ``facecolor``, ``hatch`` and ``hatchcolor``; a meaning needs a hatch
    or a label beside the colour. ``names``: state → (name, longitude, latitude), :data:`NAMES` by default; ``{}`` writes none.
    Other things are drawn on top in degrees: ``ax.plot(longitude, latitude)``.
    """
    west, south, east, north = window
    ax.set_facecolor(style.BAND)
    shapes: dict[str, list] = {}
    for (state, _), ring in countries.groupby(["country", "part"], observed=True, sort=True):
        shapes.setdefault(str(state), []).append(list(zip(ring["longitude"], ring["latitude"], strict=True)))
    for state, rings in thin(shapes).items():
        path = _shape(rings, window)
        if path is not None:
            look = {"facecolor": style.PAPER, "hatchcolor": style.BAND, **(fill or {}).get(state, {})}
            ax.add_patch(PathPatch(path, edgecolor=style.MUTED, linewidth=0.6, zorder=1, **look))
    ax.set(xlim=(west, east), ylim=(south, north), xticks=[], yticks=[])
    ax.set_aspect(1 / math.cos(math.radians((south + north) / 2)))
    ax.grid(False)
    for spine in ax.spines.values():
        spine.set(visible=True, color=style.MUTED, linewidth=0.8)
    for name, x, y in (NAMES if names is None else names).values():
        ax.annotate(name, (x, y), ha="center", va="center", fontsize=9, color=style.INK, zorder=5, bbox=HALO)


def lines(ax: plt.Axes, points: pd.DataFrame, by: str = "line", window: tuple = WINDOW, **look) -> None:
    """Draw the lines of a vertex table (columns ``by``, part, vertex, longitude, latitude) cut at ``window``."""
    for _, part in points.sort_values([by, "part", "vertex"]).groupby([by, "part"], observed=True, sort=True):
        for run in cut_line(list(zip(part["longitude"], part["latitude"], strict=True)), window):
            ax.plot(*zip(*run, strict=True), **{"solid_capstyle": "round", "zorder": 3, **look})


def thin(shapes: dict[str, list[list[tuple]]], least: float = LEAST) -> dict[str, list[list[tuple]]]:
    """Closed rings by state with fewer vertices: the corner with the smallest triangle goes first (Visvalingam and Whyatt).

    Corners are weighed in one net of all outlines, so two neighbours lose the same ones and no gap opens between them; a vertex
    where three lines meet stays. ``least``: square degrees, on a map that shows a degree of longitude half as wide as one of latitude.
    """
    around: dict[tuple, set] = defaultdict(set)
    for rings in shapes.values():
        for ring in rings:
            for start, end in pairwise(ring):
                if start != end:
                    around[start].add(end)
                    around[end].add(start)
    queue = [(_corner(at, *around[at]), at) for at in around if len(around[at]) == 2]
    heapq.heapify(queue)
    while queue and queue[0][0] < least:
        size, at = heapq.heappop(queue)
        before, after = around[at] if len(around[at]) == 2 else (None, None)
        if before is None or size != _corner(at, before, after) or after in around[before]:
            continue  # gone, or weighed anew since, or the last three of a ring
        del around[at]
        for one, other in ((before, after), (after, before)):
            around[one] = (around[one] - {at}) | {other}
            if len(around[one]) == 2:
                heapq.heappush(queue, (_corner(one, *around[one]), one))
    kept = {state: [[point for point in ring if point in around] for ring in rings] for state, rings in shapes.items()}
    return {state: [[*ring, ring[0]] if ring and ring[0] != ring[-1] else ring for ring in rings] for state, rings in kept.items()}


def _corner(at: tuple, before: tuple, after: tuple) -> float:
    """The triangle of a vertex and its two neighbours in square degrees, longitudes halved; the same in either order."""
    before, after = sorted((before, after))
    return abs((before[0] - at[0]) * (after[1] - at[1]) - (after[0] - at[0]) * (before[1] - at[1])) / 4


def _shape(rings: list[list[tuple]], window: tuple) -> Path | None:
    """One path of all rings inside the window, so that a state is one element of the page. A hole is a ring the other way round."""
    cut = [ring for ring in (cut_ring(ring, window) for ring in rings) if len(ring) > 3]
    if not cut:
        return None
    vertices = [point for ring in cut for point in ring]
    codes = [code for ring in cut for code in (Path.MOVETO, *[Path.LINETO] * (len(ring) - 2), Path.CLOSEPOLY)]
    return Path(vertices, codes)


def cut_ring(ring: list[tuple], window: tuple) -> list[tuple]:
    """The part of a closed ring inside the window (Sutherland and Hodgman), closed, rounded, no vertex twice in a row."""
    west, south, east, north = window
    for axis, bound, sign in ((0, west, 1), (1, south, 1), (0, east, -1), (1, north, -1)):
        kept = []
        for start, end in pairwise(ring):
            inside = [(point[axis] - bound) * sign >= 0 for point in (start, end)]
            if inside[0] != inside[1]:
                kept.append(_at(start, end, axis, bound))
            if inside[1]:
                kept.append(tuple(end))
        ring = [*kept, kept[0]] if kept else []
    rounded = [(round(float(x), _ROUND), round(float(y), _ROUND)) for x, y in ring]
    return [point for i, point in enumerate(rounded) if i == 0 or point != rounded[i - 1]]


def cut_line(path: list[tuple], window: tuple) -> list[list[tuple]]:
    """The runs of an open line inside the window, ending exactly on its edge."""
    runs, current = [], []
    for start, end in pairwise(path):
        piece = _inside(start, end, window)
        if piece is None:
            continue
        if not current or current[-1] != piece[0]:
            current = [piece[0]]
            runs.append(current)
        current.append(piece[1])
    return [[(round(float(x), _ROUND), round(float(y), _ROUND)) for x, y in run] for run in runs]


def _inside(start: tuple, end: tuple, window: tuple) -> tuple[tuple, tuple] | None:
    """The part of one edge inside the window (Liang and Barsky), None if there is none."""
    west, south, east, north = window
    first, last = 0.0, 1.0
    for axis, low, high in ((0, west, east), (1, south, north)):
        step = end[axis] - start[axis]
        if step == 0:
            if not low <= start[axis] <= high:
                return None
            continue
        near, far = sorted(((low - start[axis]) / step, (high - start[axis]) / step))
        first, last = max(first, near), min(last, far)
    if first >= last:
        return None
    at = lambda share: tuple(s + share * (e - s) for s, e in zip(start, end, strict=True))  # noqa: E731
    return (tuple(start) if first == 0 else at(first)), (tuple(end) if last == 1 else at(last))


def _at(start: tuple, end: tuple, axis: int, bound: float) -> tuple:
    """The point of an edge where one coordinate equals ``bound``."""
    share = (bound - start[axis]) / (end[axis] - start[axis])
    point = [s + share * (e - s) for s, e in zip(start, end, strict=True)]
    point[axis] = bound
    return tuple(point)
