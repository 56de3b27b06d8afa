"""Drawing of series, partners and equipment of joint exercises: marks only, computed in :mod:`unionstate.analysis.exercises_series`."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from unionstate.analysis import exercises_series as series
from unionstate.analysis.exercises_charts import light
from unionstate.show import style
from unionstate.show.charts import rows

LISTED = {series.BOTH: ("s", style.OFFICIAL, True), series.OURS: ("o", style.BELARUS, True), series.OTHERS: ("D", style.MARKET, False)}
SCOPES = {
    "whole exercise": ("D", style.INK, "whole"),
    "Belarusian territory": ("o", style.BELARUS, "in Belarus"),
    "Kaliningrad Oblast": ("s", style.RUSSIA, "in Kaliningrad"),
    "Luninets airfield": ("^", style.MARKET, "one airfield, counted from outside"),
}
ONCE = "one edition only"


def gathered(listed: pd.DataFrame, first: tuple[str, ...] = ("Zapad", "Union Shield", "Slavic Brotherhood")) -> pd.DataFrame:
    """``listed`` with a column ``row``: the series, those of ``first`` on top, series seen once together at the foot."""
    often = listed.groupby("line").size().loc[lambda n: n > 1].index
    out = listed.assign(on=listed["line"].where(listed["line"].isin(often), ONCE))
    order = [*first, *sorted(set(out["on"]) - {*first, ONCE}), ONCE]
    return out.assign(place=out["on"].map(order.index)).sort_values(["place", "year"], kind="stable")


def timeline(ax: Axes, drawn: pd.DataFrame, turns: pd.DataFrame, window: tuple[int, int]) -> None:
    """One line per series, a mark an edition; a band over the years of the other list, a zigzag through the kept turns."""
    lines = list(dict.fromkeys(drawn["on"]))
    ax.axvspan(window[0] - 0.5, window[1] + 0.5, color=style.BAND, alpha=0.35, linewidth=0)
    kept = turns[turns["kept"]]
    ax.plot(kept["year"], [lines.index(due) for due in kept["due"]], color=style.MUTED, linewidth=1, zorder=1)
    for listed, (marker, colour, filled) in LISTED.items():
        some = drawn[(drawn["listed"] == listed) & (drawn["state"] == "held")]
        face = colour if filled else style.PAPER
        ax.plot(some["year"], some["place"], marker, color=colour, markerfacecolor=face, linestyle="none", markersize=6, label=listed)
    gone = drawn[drawn["state"] == "cancelled"]
    ax.plot(gone["year"], gone["place"], "x", color=style.ALERT, markersize=7, markeredgewidth=2, linestyle="none", label="cancelled")
    for row in drawn[(drawn["place"] < 2) & drawn["persons"].notna()].itertuples():
        text = f"{row.persons / 1000:,.1f}".removesuffix(".0")
        ax.annotate(text, (row.year, row.place), (0, 6), textcoords="offset points", ha="center", fontsize=8)
    rows(ax, lines)
    ax.set_ylim(len(lines) - 0.5, -0.75)
    ax.set_xlim(drawn["year"].min() - 0.8, drawn["year"].max() + 1.2)
    ax.xaxis.set_major_locator(MaxNLocator(7, integer=True))
    light(ax)
    ax.figure.legend(*ax.get_legend_handles_labels(), loc="outside upper center", ncols=4)


def counts(axes, kit: pd.DataFrame, limits: dict[str, float]) -> None:
    """One panel per kind of equipment, one line per exercise, a mark a figure, its shape the scope; a line at the notification limit."""
    names = list(dict.fromkeys(kit["exercise"].str.split(",").str[0]))
    for ax, metric in zip(axes, series.METRICS, strict=True):
        own = kit[kit["metric"] == metric]
        for scope, (marker, colour, _) in SCOPES.items():
            some = own[own["scope"] == scope]
            places = [names.index(name.split(",")[0]) for name in some["exercise"]]
            ax.plot(some["high"], places, marker, color=colour, markerfacecolor=colour if scope != "whole exercise" else style.PAPER)
        widest = max(own["high"].max(), limits.get(metric, 0))
        if metric in limits:
            ax.axvline(limits[metric], color=style.ALERT, linestyle="--", linewidth=1.2)
        rows(ax, names)
        ax.set_xlim(0, widest * 1.15)
        ax.xaxis.set_major_locator(MaxNLocator(2, integer=True))
        ax.set_title(metric)
        ax.spines[["left", "bottom"]].set_visible(False)
        light(ax)
    for marker, colour, label in SCOPES.values():
        axes[0].plot([], [], marker, color=colour, markerfacecolor=colour if label != "whole" else style.PAPER, label=label)
    axes[0].plot([], [], color=style.ALERT, linestyle="--", linewidth=1.2, label="notification threshold")
    axes[0].figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=3)


def ratio_names(found: pd.DataFrame) -> list[str]:
    return [row.exercise + (", Belarus" if row.scope == series.HOME else "") for row in found.itertuples()]


def ratios(ax: Axes, found: pd.DataFrame) -> None:
    """Tanks per thousand troops, one bar an exercise and scope, both numbers written behind; hatched for Belarus alone."""
    for i, row in enumerate(found.itertuples()):
        part = row.scope != "whole exercise"
        colour = style.BELARUS if part else style.INFERRED
        ax.barh(i, row.ratio, color=colour, hatch="//" if part else "", edgecolor=style.GRID, linewidth=0, height=0.6)
        ax.text(row.ratio + 0.3, i, f"{row.ratio:.3g}  ({row.tanks:,.0f} to {row.troops:,.0f})", va="center", fontsize=8.5)
    rows(ax, ratio_names(found))
    ax.set_xlim(0, found["ratio"].max() * 1.55)
    ax.set_xlabel("Tanks per thousand troops, both as stated by officials")
    light(ax)


# --- The same in words --------------------------------------------------------------------------------------------


def say_timeline(drawn: pd.DataFrame, turns: pd.DataFrame) -> str:
    parts = []
    for line, own in drawn.groupby("on", sort=False):
        held, gone = own[own["state"] == "held"]["year"], own[own["state"] == "cancelled"]["year"]
        parts.append(f"{line} {', '.join(map(str, held))}" + (f", cancelled {', '.join(map(str, gone))}" if len(gone) else ""))
    return f"Timeline of series: {'; '.join(parts)}. A zigzag joins {int(turns['kept'].sum())} editions of Zapad and Union Shield in turn."


def say_counts(kit: pd.DataFrame, limits: dict[str, float]) -> str:
    parts = []
    for metric, own in kit.groupby("metric", sort=False):
        marks = [f"{row.exercise.split(',')[0]} {row.scope} {row.high:,.0f}" for row in own.itertuples()]
        limit = f" (notification from {limits[metric]:,.0f})" if metric in limits else ""
        parts.append(f"{metric}{limit}: {', '.join(marks)}")
    return "Dots by exercise and kind of equipment. " + "; ".join(parts) + "."


def say_ratios(found: pd.DataFrame) -> str:
    marks = [f"{name} {ratio:.3g}" for name, ratio in zip(ratio_names(found), found["ratio"], strict=True)]
    return f"Bars of tanks per thousand troops: {'; '.join(marks)}."


# --- Captions ----------------------------------------------------------------------------------------------------


def caption_timeline(drawn: pd.DataFrame, turns: pd.DataFrame) -> str:
    return (
        f"Editions by series, {drawn['year'].min()} to {drawn['year'].max()}. The line joins the {turns['kept'].sum()} kept of "
        f"{len(turns)} turns of Zapad and Union Shield; figures are official totals in thousands. The band marks the years of the "
        "other list; outside it a gap may be a gap in our table."
    )


def caption_counts(kit: pd.DataFrame) -> str:
    return (
        f"Equipment as stated, {len(kit)} figures for {kit['exercise_id'].nunique()} exercises, by scope. Dashed: enough by itself for "
        "notification, says the Armenian ministry. Many counts are 'over', 'about' or 'up to'; artillery: mortars and rocket launchers too."
    )


def caption_ratios(found: pd.DataFrame) -> str:
    return (
        f"Tanks per thousand troops in {found['exercise_id'].nunique()} exercises, in brackets tanks and troops, official figures of one "
        "scope; hatched: Belarus alone. Whole Zapad-2021: tanks of the Western Military District to the headline of the ministry."
    )
