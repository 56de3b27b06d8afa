"""Drawing of the exercises chapter: marks only. What is drawn is computed in :mod:`unionstate.analysis.exercises`."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator
from matplotlib.transforms import Affine2D

from unionstate.analysis import exercises as analysis
from unionstate.show import style
from unionstate.show.charts import rows

#: kind → marker, colour, filled, offset from the line's middle: officials above, outsiders below, each kind in a lane of its own.
KIND_MARKS = {
    analysis.BEFORE: ("o", style.OFFICIAL, False, -0.3),
    analysis.LATER: ("s", style.OFFICIAL, True, -0.08),
    analysis.OUTSIDE_BEFORE: ("D", style.INDEPENDENT, False, 0.14),
    analysis.OUTSIDE_AFTER: ("D", style.INDEPENDENT, True, 0.34),
    analysis.RETOLD: ("x", style.MUTED, True, 0.14),
}
PLACE_MARKS = {"Belarus": ("o", style.BELARUS), "Russia": ("s", style.RUSSIA), "both": ("D", style.GOLD)}
GROUP_MARKS = {
    "Zapad": ("s", style.RUSSIA, ""),
    "Union Shield": ("o", style.BELARUS, "//"),
    "Slavic Brotherhood": ("^", style.MARKET, "--"),
    "CSTO": ("D", style.INFERRED, "xx"),
    "Other": ("v", style.GOLD, "|||"),
}


def thousands(axis, ticks: list[float]) -> None:
    axis.set_major_locator(FixedLocator(ticks))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:,.0f}"))


def light(ax: Axes) -> None:
    """The grid as one path and no tick marks: the same look at a third of the weight on the page. Call when limits stand."""
    nothing, xs, ys = float("nan"), [], []
    (left, right), (foot, top) = ax.get_xlim(), ax.get_ylim()
    for axis, low, high in ((ax.xaxis, left, right), (ax.yaxis, foot, top)):
        ticks = [tick for tick in axis.get_majorticklocs() if min(low, high) <= tick <= max(low, high)]
        axis.set_major_locator(FixedLocator(ticks))
        for tick in ticks:
            xs += [tick, tick, nothing] if axis is ax.xaxis else [left, right, nothing]
            ys += [foot, top, nothing] if axis is ax.xaxis else [tick, tick, nothing]
    ax.grid(False)
    ax.tick_params(left=False, bottom=False)
    ax.plot(xs, ys, color=style.GRID, linewidth=0.7, zorder=0.5, scalex=False, scaley=False)


def dashes(ax: Axes, bars: list[tuple[float, float, float]], **look) -> None:
    """Horizontal lines ``(from, to, height)`` as one path."""
    nothing = float("nan")
    ax.plot([x for low, high, _ in bars for x in (low, high, nothing)], [y for *_, y in bars for _ in range(3)], **look)


def rivals(ax: Axes, drawn: pd.DataFrame) -> None:
    """Dumbbells: one line per exercise and scope, every figure with its own mark, a ceiling as an arrow pointing down the scale."""
    labels = list(dict.fromkeys(drawn["label"]))
    place = {label: i for i, label in enumerate(labels)}
    bars = []
    for label, group in drawn[drawn["kind"] != analysis.RETOLD].groupby("label", sort=False):
        ends = pd.concat([group["low"], group["high"]]).dropna()
        bars.append((ends.min(), ends.max(), place[label]))
    dashes(ax, bars, color=style.GRID, linewidth=4, solid_capstyle="round", zorder=1)
    for kind, (marker, colour, filled, shift) in KIND_MARKS.items():
        points, ranges = [], []
        for row in drawn[drawn["kind"] == kind].itertuples():
            y = place[row.label] + shift
            if row.low != row.low:  # only a ceiling: "not above", "up to"
                ax.annotate("", (row.high * 0.62, y), (row.high, y), arrowprops={"arrowstyle": "-|>", "color": colour, "linewidth": 1.2})
                ax.plot([row.high] * 2, [y - 0.14, y + 0.14], color=colour, linewidth=1.6)
                continue
            points += [(end, y) for end in dict.fromkeys([row.low, row.high])]
            ranges += [(row.low, row.high, y)] if row.low < row.high else []
        dashes(ax, ranges, color=colour, linewidth=1.4, zorder=2)
        face = colour if filled else style.PAPER
        xs, ys = [x for x, _ in points], [y for _, y in points]
        ax.plot(xs, ys, marker, color=colour, markerfacecolor=face, linestyle="none", zorder=3, label=kind)
    rows(ax, labels)
    ax.set_xscale("log")
    ax.set_xlim(500, 320_000)
    thousands(ax.xaxis, [1_000, 3_000, 10_000, 30_000, 100_000, 300_000])
    ax.set_xlabel("Troops (logarithmic scale)")
    light(ax)
    ax.figure.legend(*ax.get_legend_handles_labels(), loc="outside upper center", ncols=2)


RATIO_TICKS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)


def _ratio_axis(ax: Axes, frame: pd.DataFrame, title: str, ticks: tuple[float, ...]) -> None:
    rows(ax, list(dict.fromkeys(frame["exercise"])))
    ax.set_xscale("log")
    ax.set_xlim(ticks[0] / 1.15, ticks[-1] * 1.15)
    thousands(ax.xaxis, ticks)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}"))
    ax.set_title(title)
    light(ax)
    ax.axvline(1, color=style.INK, linewidth=1)


def later_ratios(ax: Axes, frame: pd.DataFrame, title: str, ticks: tuple[float, ...] = RATIO_TICKS) -> None:
    """Ranges of later over earlier official figures on a logarithmic scale; the end that rests on our sum is hollow."""
    dashes(ax, [(row.low, row.high, i) for i, row in enumerate(frame.itertuples())], color=style.OFFICIAL, linewidth=3)
    ends = [
        (value, i, end == "high" and row.basis == "sum of parts")
        for i, row in enumerate(frame.itertuples())
        for end, value in (("low", row.low), ("high", row.high))
    ]
    for summed, marker, face in ((False, "o", style.OFFICIAL), (True, "D", style.PAPER)):
        xs, ys = [x for x, _, mark in ends if mark == summed], [y for _, y, mark in ends if mark == summed]
        ax.plot(xs, ys, marker, color=style.OFFICIAL, markerfacecolor=face, linestyle="none")
    _ratio_axis(ax, frame, title, ticks)


def outside_ratios(ax: Axes, frame: pd.DataFrame, title: str, ticks: tuple[float, ...] = RATIO_TICKS) -> None:
    """Official over outside, a mark an estimate: a ceiling is a triangle (the ratio is at least that), our sum a hollow diamond."""
    lines = {name: i for i, name in enumerate(dict.fromkeys(frame["exercise"]))}
    bars = [(group["low"].min(), group["high"].max(), lines[name]) for name, group in frame.groupby("exercise", sort=False)]
    dashes(ax, bars, color=style.GRID, linewidth=4, zorder=1)
    for row in frame.itertuples():
        summed = row.basis == "sum of parts"
        marker = "D" if summed else ">" if row.ceiling else "o"
        ends = [row.low, row.high] if row.low < row.high else [row.low]
        face = style.PAPER if summed else style.INDEPENDENT
        ax.plot(
            ends, [lines[row.exercise]] * len(ends), marker, color=style.INDEPENDENT, markerfacecolor=face, linestyle="-", linewidth=1.4
        )
    _ratio_axis(ax, frame, title, ticks)
    ax.set_xlabel("Ratio (logarithmic scale)")


def both_ratios(later: pd.DataFrame, outside: pd.DataFrame) -> pd.DataFrame:
    """What the two charts of ratios draw, as one table: ``ratio`` names the chart."""
    columns = ["exercise_id", "year", "low", "high", "basis", "rows"]
    above, below = (
        later[columns].assign(ratio="later over earlier"),
        outside[[*columns, "claimant", "ceiling"]].assign(ratio="official over outside"),
    )
    drawn = pd.concat([above, below.astype({"ceiling": "boolean"})], ignore_index=True)
    return drawn[["ratio", "exercise_id", "year", "claimant", "low", "high", "ceiling", "basis", "rows"]]


def territories(ax: Axes, frame: pd.DataFrame, total: float) -> None:
    """Stacked bars, Belarusian and Russian troops by territory (index of ``frame``), and a line at the official ``total``."""
    left = frame["belarusian"]
    ax.barh(frame.index, left, color=style.BELARUS, label="Belarusian troops", height=0.6)
    ax.barh(
        frame.index,
        frame["russian"],
        left=left,
        color=style.RUSSIA,
        hatch="///",
        edgecolor=style.GRID,
        linewidth=0,
        label="Russian troops",
        height=0.6,
    )
    for i, row in enumerate(frame.itertuples()):
        ax.text(row.belarusian + row.russian + 250, i, f"{row.belarusian:,.0f} + {row.russian:,.0f}", va="center")
    ax.axvline(total, color=style.OFFICIAL, linestyle="--", linewidth=1.4, label=f"official total afterwards (over {total:,.0f})")
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0)
    ax.set_xlim(0, 30_000)
    thousands(ax.xaxis, list(range(0, 30_001, 5_000)))
    ax.set_xlabel("Troops")
    light(ax)
    ax.figure.legend(*ax.get_legend_handles_labels(), loc="outside upper center", ncols=3)


def equipment(axes, frame: pd.DataFrame) -> None:
    """One panel per kind of equipment; rows as in ``frame``; an unknown count is written as such, never drawn as zero."""
    colours = [style.BELARUS, style.RUSSIA, style.BAND, style.MUTED]
    hatches = ["", "///", "", "xxx"]
    for ax, (name, values) in zip(axes, frame.items(), strict=True):
        widest = values.max()
        for i, value in enumerate(values):
            known = value == value
            ax.barh(i, value if known else 0, color=colours[i], hatch=hatches[i], edgecolor=style.GRID, linewidth=0, height=0.6)
            ax.text(
                (value if known else 0) + widest * 0.04,
                i,
                f"{value:,.0f}" if known else "no count",
                va="center",
                color=style.INK if known else style.MUTED,
            )
        rows(ax, list(frame.index))
        ax.set_xlim(0, widest * 1.5)
        ax.set_xticks([])
        ax.grid(False)
        ax.set_title(name)
        ax.spines["bottom"].set_visible(False)


def against_thresholds(ax: Axes, figures: pd.DataFrame, thresholds: pd.DataFrame, edge: float = 15_000) -> None:
    """Figures stated in advance or in Vienna, one line per exercise, against the thresholds. What lies beyond ``edge`` is
    written at the margin with its number."""
    labels = list(dict.fromkeys(figures["exercise"]))
    lanes = {"Belarus": -0.18, "both": 0.05, "Russia": 0.28}
    far = figures[figures["high"] > edge].drop_duplicates(["exercise", "place", "high"])
    for exercise, group in far.groupby("exercise"):
        written = ", ".join(f"{row.high:,.0f} ({row.place})" for row in group.itertuples()).replace("), ", ")\n")
        ax.text(edge + 200, labels.index(exercise), written, ha="left", va="center", fontsize=8.5)
    for row in figures.itertuples():
        marker, colour = PLACE_MARKS[row.place]
        y = labels.index(row.exercise) + lanes[row.place]
        face = colour if row.route == analysis.TOLD else style.PAPER
        if row.high > edge:
            continue
        if row.low != row.low:
            ax.annotate("", (row.high * 0.88, y), (row.high, y), arrowprops={"arrowstyle": "-|>", "color": colour, "linewidth": 1.4})
            ax.plot([row.high] * 2, [y - 0.16, y + 0.16], color=colour, linewidth=2)
        else:
            ends = [row.low, row.high] if row.low < row.high else [row.low]
            ax.plot(
                ends,
                [y] * len(ends),
                marker,
                linestyle="-" if len(ends) == 2 else "none",
                linewidth=1.2,
                color=colour,
                markerfacecolor=face,
                zorder=3 if row.route == analysis.TOLD else 2,
            )
    for row in thresholds.itertuples():
        ax.axvline(
            row.persons,
            color=style.ALERT,
            linestyle="--" if row.threshold == "notification" else "-",
            linewidth=1.3,
            label=f"{row.threshold} ({row.persons:,})",
        )
    for place, (marker, colour) in PLACE_MARKS.items():
        where = {"Belarus": "in Belarus", "Russia": "in Russia", "both": "both, not split"}[place]
        ax.plot([], [], marker, color=colour, label=where)
    ax.plot([], [], "o", color=style.MUTED, label="filled: told to the OSCE or NATO-Russia Council")
    ax.plot([], [], "o", color=style.MUTED, markerfacecolor=style.PAPER, label="hollow: announced to the press")
    rows(ax, labels)
    ax.axvline(edge, color=style.MUTED, linewidth=0.8, linestyle=":")
    ax.set_xlim(0, edge * 1.3)
    thousands(ax.xaxis, [0, 3_000, 6_000, 9_000, 13_000])
    ax.text(edge + 200, -0.62, "off the scale \u2192", ha="left", va="bottom", color=style.MUTED, fontsize=8.5)
    ax.set_xlabel("Troops, as stated before or during the exercise")
    light(ax)
    ax.figure.legend(*ax.get_legend_handles_labels(), loc="outside upper center", ncols=3)


def by_year(top: Axes, bottom: Axes, counts: pd.DataFrame, days: pd.DataFrame) -> None:
    """Above: exercises held a year, stacked by group. Below: each with its size; unknown sizes and cancellations in a rug."""
    base = pd.Series(0, index=counts.index)
    for group, (_, colour, hatch) in GROUP_MARKS.items():
        some = counts[group][counts[group] > 0]
        boxes = [Path.unit_rectangle().transformed(Affine2D().scale(0.8, n).translate(year - 0.4, base[year])) for year, n in some.items()]
        bars = Path.make_compound_path(*boxes)  # one path for all bars of a group: light on the page
        top.add_patch(PathPatch(bars, facecolor=colour, hatch=hatch, edgecolor=style.GRID, linewidth=0.4, label=group))
        base = base + counts[group]
    top.set_ylabel("held, in the table")
    top.set_yticks(range(int(base.max()) + 1))
    top.set_ylim(0, base.max() + 0.2)
    year = days["when"].dt.year + (days["when"].dt.dayofyear - 1) / 365.25 - 0.5
    bottom.axhspan(140, 430, color=style.GRID, alpha=0.5, linewidth=0)
    for group, (marker, colour, _) in GROUP_MARKS.items():
        own = days["group"] == group
        size, blank = own & (days["state"] == "size known"), own & (days["state"] == "size unknown")
        bottom.plot(year[size], days.loc[size, "persons"], marker, color=colour, linestyle="none", label=f"{group}, size")
        bottom.plot(year[blank], [205] * blank.sum(), marker, color=colour, markerfacecolor=style.PAPER, linestyle="none")
    gone = days["state"] == "cancelled"
    bottom.plot(year[gone], [330] * gone.sum(), "x", color=style.ALERT, markersize=7, markeredgewidth=2, linestyle="none")
    for when in year[gone]:
        bottom.annotate(
            "cancelled", (when, 330), (-8, 0), textcoords="offset points", ha="right", va="center", color=style.ALERT, fontsize=8.5
        )
    bottom.set_yscale("log")
    bottom.set_ylim(140, 320_000)
    thousands(bottom.yaxis, [205, 1_000, 10_000, 100_000])
    bottom.yaxis.set_major_formatter(FuncFormatter(lambda v, _: "size unknown" if v < 400 else f"{v:,.0f}"))
    bottom.set_ylabel("official total (log)")
    light(top)
    light(bottom)
    handles, labels = bottom.get_legend_handles_labels()
    marks = [(bar, mark) for bar, mark in zip(top.get_legend_handles_labels()[0], handles, strict=True)]
    top.figure.legend(marks, list(GROUP_MARKS), loc="outside upper center", ncols=5)


# --- The same in words, for readers who cannot see the charts ----------------------------------------------------


def _range(low: float, high: float, form: str = ",.0f") -> str:
    if low != low:
        return f"at most {high:{form}}"
    return f"{low:{form}}" + (f" to {high:{form}}" if f"{high:{form}}" != f"{low:{form}}" else "")


def say_rivals(drawn: pd.DataFrame) -> str:
    kept = drawn[drawn["kind"] != analysis.RETOLD]
    parts = []
    for label, group in kept.groupby("label", sort=False):
        kinds = [f"{kind} {_range(some['low'].min(), some['high'].max())}" for kind, some in group.groupby("kind", sort=False)]
        parts.append(f"{label}: {', '.join(kinds)}")
    return "Dumbbell chart of troop figures on a logarithmic scale. " + "; ".join(parts) + "."


def say_ratios(later: pd.DataFrame, outside: pd.DataFrame) -> str:
    above = "; ".join(f"{row.exercise}: {_range(row.low, row.high, '.2f')}" for row in later.itertuples())

    def mark(row) -> str:
        limit = "at least " if row.ceiling else ""
        return f"{limit}{_range(row.low, row.high, '.2f')} ({row.claimant}{', our sum' if row.basis == 'sum of parts' else ''})"

    below = [f"{name}: {', '.join(map(mark, group.itertuples()))}" for name, group in outside.groupby("exercise", sort=False)]
    return f"Two charts of ratios around one. Later over earlier official: {above}. Official over outside: {'; '.join(below)}."


def say_territories(frame: pd.DataFrame) -> str:
    parts = [f"{place}: {row.belarusian:,.0f} Belarusian and {row.russian:,.0f} Russian troops" for place, row in frame.iterrows()]
    return "Stacked bars. " + "; ".join(parts) + "."


def say_equipment(frame: pd.DataFrame) -> str:
    def count(value: float) -> str:
        return f"{value:,.0f}" if value == value else "no count"

    parts = [f"{name}: " + ", ".join(f"{place} {count(value)}" for place, value in values.items()) for name, values in frame.items()]
    return "Bars by kind of equipment. " + "; ".join(parts) + "."


def say_thresholds(figures: pd.DataFrame, thresholds: pd.DataFrame) -> str:
    lines = " and ".join(f"{row.persons:,} ({row.threshold})" for row in thresholds.itertuples())
    marks = [f"{r.exercise}, {r.place}, {r.route}: {_range(r.low, r.high)}" for r in figures.itertuples()]
    return f"Marks against two vertical lines at {lines} troops. " + "; ".join(marks) + "."


def say_years(counts: pd.DataFrame, days: pd.DataFrame) -> str:
    totals = counts.sum(axis=1)
    sizes = [f"{r.year} {r.name} " + (f"{r.persons:,.0f}" if r.state == "size known" else r.state) for r in days.itertuples(index=False)]
    return (
        f"Above, bars of exercises held each year from {counts.index.min()} to {counts.index.max()}, at most {totals.max()} a year. "
        f"Below, official sizes: {'; '.join(sizes)}."
    )
