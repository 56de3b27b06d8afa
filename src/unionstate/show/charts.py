"""Drawing idioms that several chapters share."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.artist import Artist

from unionstate.show import TOLD, style
from unionstate.show.evidence import SOURCE_COLUMNS
from unionstate.tables import sources

#: Keeps a label legible where it crosses a line.
HALO = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 0.8}


def tell(mark: Artist, words: str, row) -> None:
    """Let a mark say its row to a pointer, the keyboard and a screen reader: ``words``, and who published the row's sources."""
    known = sources()
    keys = [key for column in SOURCE_COLUMNS if (key := getattr(row, column, "")) and key == key]
    said = "; ".join(dict.fromkeys(known[key]["publisher"] for key in keys))
    mark.set_gid(f"{TOLD}{words}. Source: {said}".replace('"', "\N{RIGHT DOUBLE QUOTATION MARK}"))  # quotes would end the attribute


def mark_events(ax: plt.Axes, events: pd.DataFrame, label: str = "title", show_label: bool = True) -> None:
    """Dotted lines at ``events['date']`` with a small label along the line, from the top of the axes down."""
    for event in events.itertuples():
        ax.axvline(event.date, color=style.MUTED, linewidth=0.8, linestyle=":", zorder=1)
        if show_label:
            ax.annotate(
                getattr(event, label),
                (event.date, 1),
                xycoords=("data", "axes fraction"),
                xytext=(-2, -3),
                textcoords="offset points",
                rotation=90,
                ha="right",
                va="top",
                fontsize=7.5,
                color=style.MUTED,
                bbox=HALO,
            )


def label_ends(ax: plt.Axes, lines: dict[str, tuple], size: float = 8.5) -> None:
    """Write each line's name at its last point: ``lines`` maps name → (x, y, colour). Replaces a legend."""
    for name, (x, y, colour) in lines.items():
        ax.annotate(name, (x, y), xytext=(5, 0), textcoords="offset points", va="center", fontsize=size, color=colour)


def break_line(ax: plt.Axes, at, text: str) -> None:
    """Mark a break in a series' definition: a dashed line with its reason at the bottom of the axes."""
    ax.axvline(at, color=style.ALERT, linewidth=1, linestyle="--", zorder=1)
    ax.annotate(
        text,
        (at, 0.02),
        xycoords=("data", "axes fraction"),
        xytext=(4, 0),
        textcoords="offset points",
        fontsize=7.5,
        color=style.ALERT,
        va="bottom",
    )


def rows(ax: plt.Axes, labels: list[str]) -> None:
    """One horizontal line per label, the first on top."""
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.tick_params(axis="y", left=False)
