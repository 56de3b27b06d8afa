"""The house chart style: one palette, quiet axes, deterministic SVG with real text.

Colours are named by meaning, never used alone to carry it (markers and labels repeat it), and are told apart
with any common colour blindness (after Okabe and Ito). Each is written into the SVG as a CSS variable with this
value as fallback, so a page can recolour a figure for its dark theme.
"""

from __future__ import annotations

from contextlib import contextmanager

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt  # noqa: E402  (the backend is chosen first)

INK, MUTED, GRID = "#1f2933", "#5b6673", "#d5dbe3"
PAPER, BACKDROP = "#fefefe", "#fffffe"  # under a label or a hatch; behind the whole figure
BELARUS, RUSSIA, MARKET = "#00704f", "#0a66a8", "#b4540a"
OFFICIAL, INDEPENDENT, INFERRED = "#0a66a9", "#b4540b", "#7a4a8c"
BAND, ALERT, GOLD = "#b9c7d6", "#a4243b", "#8a6d00"

#: CSS variable of each colour; the site's style sheet defines them for both themes.
VARIABLES = {
    INK: "ink",
    MUTED: "muted",
    GRID: "grid",
    PAPER: "paper",
    BACKDROP: "backdrop",
    BELARUS: "belarus",
    RUSSIA: "russia",
    MARKET: "market",
    OFFICIAL: "official",
    INDEPENDENT: "independent",
    INFERRED: "inferred",
    BAND: "band",
    ALERT: "alert",
    GOLD: "gold",
}
CYCLE = [RUSSIA, MARKET, BELARUS, INFERRED, GOLD, ALERT]

RC = {
    "svg.fonttype": "none",  # text stays text: small, searchable, in the reader's font and colour
    "font.family": "DejaVu Sans",  # ships with matplotlib: the same metrics everywhere
    "font.size": 9.5,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 9.5,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": plt.cycler(color=CYCLE),
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "figure.figsize": (7.2, 4.0),
    "figure.facecolor": BACKDROP,
    "axes.facecolor": BACKDROP,
    "savefig.facecolor": BACKDROP,
    "figure.constrained_layout.use": True,
    "lines.linewidth": 1.8,
    "lines.markersize": 5,
    "path.simplify": False,
}


def use() -> None:
    """Apply the house style to every figure drawn after this call."""
    plt.rcdefaults()
    plt.rcParams.update(RC)


@contextmanager
def canvas(rows: int = 1, columns: int = 1, height: float = 4.0, width: float = 7.2, **options):
    """Yield ``(figure, axes)`` in the house style; ``height`` and ``width`` in inches (7.2 fills the text column)."""
    use()
    yield plt.subplots(rows, columns, figsize=(width, height), **options)


use()
