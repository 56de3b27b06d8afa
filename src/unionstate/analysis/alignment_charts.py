"""Drawings of the chapter on alignment, each with the sentence that says the same to readers who cannot see it."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.ticker import FuncFormatter
from matplotlib.transforms import Affine2D

from unionstate.analysis import alignment as analysis
from unionstate.show import style
from unionstate.show.charts import HALO, break_line, label_ends

#: One look a state, in colour, line and mark, in every chart of the chapter.
LOOKS = {
    "Belarus": (style.BELARUS, "-", "o"),
    "Russia": (style.RUSSIA, "-", "s"),
    "Kazakhstan": (style.MARKET, "--", "^"),
    "Armenia": (style.INFERRED, "-.", "D"),
    "Kyrgyzstan": (style.MUTED, ":", "v"),
    "Ukraine": (style.GOLD, "--", "s"),
    "Poland": (style.ALERT, ":", "P"),
}
EVERY = 4  # a mark at each fourth year tells the lines apart; more would only add weight
percent = FuncFormatter(lambda value, _: f"{value * 100:.0f}".replace("-", "\N{MINUS SIGN}") + "%")


def _pct(share: float) -> str:
    return f"{share * 100:.0f}%".replace("-", "\N{MINUS SIGN}")


# --- agreement over time --------------------------------------------------------------------------------------


def agreement(axes, own: pd.DataFrame, published: pd.DataFrame) -> None:
    """Two panels against Belarus: allies above, Ukraine and Poland below. Hollow marks: published, from the other release."""
    last = own["opened"].max()
    for ax, others in zip(axes, (["Kazakhstan", "Armenia", "Kyrgyzstan"], ["Ukraine", "Poland"]), strict=True):
        band = own[own["state"] == "Belarus"]
        ax.fill_between(band["opened"], band["low"], band["high"], color=style.BAND, alpha=0.55, linewidth=0)
        ends = {}
        for state in [*others, "Belarus"]:
            colour, line, mark = LOOKS[state]
            rows = own[own["state"] == state]
            # Kyrgyzstan cast no vote in some sessions: no line across the gap
            rows = rows.set_index("opened").reindex(range(rows["opened"].min(), last + 1))
            ax.plot(rows.index, rows["share"], line, marker=mark, color=colour, markersize=4, linewidth=1.5, markevery=EVERY)
            later = published[published["state"] == state]
            ax.plot(
                later["opened"], later["share"], line, marker=mark, color=colour, markersize=4, markerfacecolor=style.PAPER, linewidth=1
            )
            tail = later if len(later) else own[own["state"] == state]
            if state == "Kyrgyzstan":  # the end of its line is crowded, its lowest point is not
                low = rows["share"].idxmin()
                ax.annotate(state, (low, rows.loc[low, "share"]), xytext=(8, 0), textcoords="offset points", fontsize=8.5, color=colour)
                continue
            ends[state] = (tail["opened"].iloc[-1], tail["share"].iloc[-1], colour)
        _spread(ends)
        label_ends(ax, ends)
        ax.yaxis.set_major_formatter(percent)
        ax.set_ylim(0.38, 0.98)
        ax.set_xlim(1990.5, 2028.5)
    break_line(axes[0], last + 0.5, "as published")
    axes[0].set_title("Votes identical to Russia's: allies")
    axes[1].set_title("The same for Ukraine and Poland")
    axes[1].set_xlabel("Year in which the session opened")


def _spread(ends: dict, least: float = 0.035) -> None:
    """Move labels apart that would overlap."""
    order = sorted((name for name in ends), key=lambda name: ends[name][1])
    for low, high in zip(order, order[1:], strict=False):
        x, y, colour = ends[high]
        if ends[low][0] > 2020 and x > 2020 and y - ends[low][1] < least:
            ends[high] = (x, ends[low][1] + least, colour)


def say_agreement(own: pd.DataFrame, published: pd.DataFrame) -> str:
    parts = []
    for state, rows in own.groupby("state", sort=False):
        low, high = rows.loc[rows["share"].idxmin()], rows.loc[rows["share"].idxmax()]
        later = published[published["state"] == state]
        end = later.iloc[-1] if len(later) else rows.iloc[-1]
        parts.append(
            f"{state}: lowest {_pct(low['share'])} ({low['opened']}), highest {_pct(high['share'])} ({high['opened']}), "
            f"last {_pct(end['share'])} ({end['opened']})"
        )
    return "Lines of the share of votes identical to Russia's by session. " + "; ".join(parts) + "."


# --- ways of counting -------------------------------------------------------------------------------------------


def counting(axes, frame: pd.DataFrame) -> None:
    """One panel a period: the lead of Belarus over Kazakhstan, in percentage points, under each way of counting."""
    ways = frame.drop_duplicates(["measure", "absences", "texts"])[["measure", "absences", "texts"]].apply(tuple, axis=1).tolist()
    for ax, (period, rows) in zip(axes, frame.groupby("period", sort=False), strict=True):
        rows = rows.assign(y=[ways.index((row.measure, row.absences, row.texts)) for row in rows.itertuples()])
        for (measure, texts), group in rows.groupby(["measure", "texts"], sort=False):  # one drawing a kind: the page stays light
            colour, mark = (style.BELARUS, "o") if measure == analysis.IDENTICAL else (style.INFERRED, "D")
            face = colour if texts == "whole texts" else style.PAPER
            ax.hlines(group["y"], 100 * group["low"], 100 * group["high"], color=colour, linewidth=1.4)
            ax.plot(100 * group["lead"], group["y"], mark, color=colour, markerfacecolor=face)
        ax.axvline(0, color=style.INK, linewidth=0.9)
        ax.set_title(period)
        ax.set_ylim(len(ways) - 0.5, -0.5)
        ax.set_xlim(-4, 16)
    axes[0].set_yticks(range(len(ways)), [f"{measure}, absences\n{absences}, {texts}" for measure, absences, texts in ways], fontsize=8)
    axes[1].set_xlabel("Lead over Kazakhstan, percentage points")


def say_counting(frame: pd.DataFrame) -> str:
    parts = []
    for period, rows in frame.groupby("period", sort=False):
        marks = [
            f"{r.measure}, absences {r.absences}, {r.texts} {100 * r.lead:.1f} ({100 * r.low:.1f} to {100 * r.high:.1f})"
            for r in rows.itertuples()
        ]
        parts.append(f"{period}: {'; '.join(marks)}")
    text = "Dots with intervals: lead of Belarus over Kazakhstan in agreement with Russia, percentage points. " + ". ".join(parts) + "."
    return text.replace(" -", " \N{MINUS SIGN}").replace("(-", "(\N{MINUS SIGN}")


# --- topics -------------------------------------------------------------------------------------------------------


def topics(axes, frame: pd.DataFrame) -> None:
    """One panel a state: agreement with Russia by topic, hollow for the earlier period, filled for the later one."""
    order = frame[frame["state"] == "Belarus"].groupby("topic")["share"].mean().sort_values(ascending=False).index.tolist()
    for ax, (state, rows) in zip(axes, frame.groupby("state", sort=False), strict=True):
        colour, _, mark = LOOKS[state]
        for (period, group), offset, face in zip(rows.groupby("period", sort=False), (-0.16, 0.16), (style.PAPER, colour), strict=True):
            y = [order.index(name) + offset for name in group["topic"]]
            ax.hlines(y, group["low"], group["high"], color=colour, linewidth=1.3, alpha=0.8)
            ax.plot(group["share"], y, mark, color=colour, markerfacecolor=face, linestyle="none", label=period)
        ax.set_title(state)
        ax.set_ylim(len(order) - 0.5, -0.5)
        ax.set_xlim(0, 1.04)
        ax.xaxis.set_major_formatter(percent)
    names = [f"sessions opened {period}" for period in frame["period"].unique()]
    handles = [axes[0].plot([], [], "o", color=style.MUTED, markerfacecolor=face)[0] for face in (style.PAPER, style.MUTED)]
    axes[0].figure.legend(handles, names, loc="outside upper center", ncols=2)
    axes[0].set_yticks(range(len(order)), order)
    axes[0].set_xlabel("Votes identical to Russia's")


def say_topics(frame: pd.DataFrame) -> str:
    parts = []
    for (state, name), rows in frame.groupby(["state", "topic"], sort=False):
        parts.append(f"{state}, {name}: " + ", ".join(f"{r.period} {_pct(r.share)} of {r.votes}" for r in rows.itertuples()))
    return "Agreement with Russia by topic in two periods. " + "; ".join(parts) + "."


# --- ideal points ---------------------------------------------------------------------------------------------------


def ideal_points(ax: Axes, frame: pd.DataFrame) -> None:
    """Yearly positions with the published interval; higher is closer to the Western side."""
    ends = {}
    for state, rows in frame.groupby("state", sort=False):
        colour, line, mark = LOOKS[state]
        if state in ("Belarus", "Russia"):  # six bands would hide one another
            ax.fill_between(rows["year"].astype(int), rows["low"], rows["high"], color=colour, alpha=0.2, linewidth=0)
        ax.plot(
            rows["year"].astype(int), rows["ideal_point"], line, marker=mark, markersize=4, color=colour, linewidth=1.4, markevery=EVERY
        )
        ends[state] = (int(rows["year"].iloc[-1]), rows["ideal_point"].iloc[-1], colour)
    order = sorted(ends, key=lambda name: ends[name][1])
    for low, high in zip(order, order[1:], strict=False):
        if ends[high][1] - ends[low][1] < 0.14:
            ends[high] = (ends[high][0], ends[low][1] + 0.14, ends[high][2])
    label_ends(ax, ends)
    ax.axhline(0, color=style.MUTED, linewidth=0.8)
    ax.set_xlim(1990, 2030)
    ax.set_ylim(-1.35, 1.75)
    ax.set_ylabel("Estimated position (no unit)")
    ax.text(0.01, 0.97, "\u2191 closer to the Western side", transform=ax.transAxes, va="top", fontsize=8.5, color=style.MUTED, bbox=HALO)


def say_ideal_points(frame: pd.DataFrame) -> str:
    parts = []
    for state, rows in frame.groupby("state", sort=False):
        marks = rows[rows["year"].isin([1992, 2013, 2021, 2022, 2024])]
        parts.append(f"{state}: " + ", ".join(f"{r.year} {r.ideal_point:.2f}".replace("-", "\N{MINUS SIGN}") for r in marks.itertuples()))
    return "Lines of estimated positions with bands; higher is closer to the West. " + "; ".join(parts) + "."


# --- the matrix of votes -----------------------------------------------------------------------------------------------

#: Word → (letter, colour of the cell, colour of the letter).
CELLS = {
    "for": ("F", style.MARKET, style.PAPER),
    "abstain": ("A", style.BAND, style.INK),
    "against": ("N", style.RUSSIA, style.PAPER),
    analysis.NOT_VOTING: ("\u2013", style.GRID, style.INK),
    analysis.UNKNOWN: ("", style.BACKDROP, style.MUTED),
}
NAMES = {
    "BLR": "Belarus",
    "RUS": "Russia",
    "ARM": "Armenia",
    "KGZ": "Kyrgyz.",
    "KAZ": "Kazakh.",
    "CHN": "China",
    "UKR": "Ukraine",
    "POL": "Poland",
}


#: Against and for on every text known: the caption says so, columns would only repeat it and leave the screen of a phone.
SAME_THROUGHOUT = ["RUS", "POL"]


def matrix(ax: Axes, votes: pd.DataFrame) -> None:
    """Texts down, states across; a letter in each cell, so that colour only repeats it. Empty: the tables have no vote.

    One path for all cells of a kind: a heatmap of single cells makes the page a tenth heavier.
    """
    shown = votes.drop(columns=SAME_THROUGHOUT)
    words = shown.to_numpy()
    for kind, (letter, colour, ink) in CELLS.items():
        places = [(i, j) for i, row in enumerate(words) for j, word in enumerate(row) if word == kind]
        if kind == analysis.UNKNOWN or not places:
            continue
        cells = Path.make_compound_path(*(Path.unit_rectangle().transformed(Affine2D().translate(j, i)) for i, j in places))
        ax.add_patch(PathPatch(cells, facecolor=colour, edgecolor=style.BACKDROP, linewidth=1.2))
        for i, j in places:
            ax.text(j + 0.5, i + 0.5, letter, ha="center", va="center", fontsize=8, color=ink)
    ax.set_xlim(0, shown.shape[1])
    ax.set_ylim(len(votes), 0)
    ax.set_xticks([j + 0.5 for j in range(shown.shape[1])], [NAMES[code] for code in shown], fontsize=8)
    rows = [i + 0.5 for i in range(len(votes))]
    years = [date.year for date, _, _ in votes.index]
    first = [i for i, year in enumerate(years) if i == 0 or year != years[i - 1]]
    ax.set_yticks([rows[i] for i in first], [str(years[i]) for i in first], fontsize=8)
    named = ax.secondary_yaxis("right")  # on a phone the votes come into view before the names of the texts
    named.set_yticks(rows, [f"{date:%b}  {_short(issue)}" for date, _, issue in votes.index], fontsize=8)
    named.tick_params(right=False)
    named.spines["right"].set_visible(False)
    ax.xaxis.tick_top()
    ax.tick_params(left=False, top=False)
    ax.grid(False)
    for side in ax.spines.values():
        side.set_visible(False)


def _short(issue: str, most: int = 44) -> str:
    issue = issue.split(" (")[0].replace("from Abkhazia and South Ossetia, ", "of ").replace("from Abkhazia, ", "of ")
    return issue if len(issue) <= most else issue[: most - 1].rsplit(" ", 1)[0] + " \u2026"


def say_matrix(votes: pd.DataFrame) -> str:
    parts = []
    for code in votes:
        counts = votes[code].value_counts()
        words = [f"{counts[word]} {word}" for word in CELLS if word and counts.get(word)]
        parts.append(f"{NAMES[code].replace('Kyrgyz.', 'Kyrgyzstan').replace('Kazakh.', 'Kazakhstan')} {', '.join(words)}")
    return f"Table of {len(votes)} texts, a letter in each known cell; Russia and Poland are not drawn. {'; '.join(parts)}."


# --- lanes ------------------------------------------------------------------------------------------------------------

MARKS = {
    "no": ("X", style.ALERT, "did not follow"),
    "partly": ("D", style.GOLD, "followed in part"),
    "yes": ("o", style.BELARUS, "followed"),
}


def lanes(ax: Axes, costly: pd.DataFrame, votes: pd.DataFrame) -> None:
    """Costly tests by lane and date, numbered as in the table; below them the cheap lane, one tick a vote."""
    order = [*analysis.LANES, analysis.CHEAP]
    height, above = {}, {}
    for lane, rows in costly.groupby("lane", sort=False):
        near = rows["date"].diff().dt.days < 400
        side = True
        for row, close in zip(rows.itertuples(), near, strict=True):
            side = not side if close else True
            above[row.number] = side
            height[row.number] = order.index(lane) + (0 if side else 0.2)  # neighbours step aside
    for aligned, (mark, colour, label) in MARKS.items():
        rows = costly[costly["aligned"].astype(str) == aligned]
        face = style.PAPER if aligned == "partly" else colour
        ax.plot(rows["date"], rows["number"].map(height), mark, color=colour, markerfacecolor=face, markersize=8,
                linestyle="none", label=label, zorder=3)  # fmt: skip
    for row in costly.itertuples():
        side = above[row.number]
        ax.annotate(f"{row.number}", (row.date, height[row.number]), xytext=(0, 7 if side else -7), textcoords="offset points",
                    ha="center", va="bottom" if side else "top", fontsize=8.5)  # fmt: skip
    same = votes["BLR"] == votes["RUS"]
    dates = votes.index.get_level_values("date")
    y = order.index(analysis.CHEAP)
    ax.plot(
        dates[same],
        [y] * int(same.sum()),
        "|",
        color=style.BELARUS,
        markersize=12,
        markeredgewidth=1.2,
        label="same vote",
    )
    ax.plot(dates[~same], [y] * int((~same).sum()), "x", color=style.ALERT, markersize=7, label="other vote or none")
    ax.set_yticks(range(len(order)), order)
    ax.set_ylim(len(order) - 0.4, -0.7)
    ax.set_xlim(pd.Timestamp("2007-06-01"), pd.Timestamp("2026-12-31"))
    ax.axvline(pd.Timestamp("2020-08-09"), color=style.MUTED, linewidth=0.9, linestyle=":")
    ax.text(pd.Timestamp("2020-07-15"), 3.5, "election of\nAugust 2020", ha="right", va="center", fontsize=8, color=style.MUTED, bbox=HALO)
    ax.figure.legend(*ax.get_legend_handles_labels(), loc="outside upper center", ncols=5)


def say_lanes(costly: pd.DataFrame, votes: pd.DataFrame) -> str:
    marks = "; ".join(f"{r.date:%Y-%m}, {r.lane}, {r.issue}: {MARKS[str(r.aligned)][2]}" for r in costly.itertuples())
    same = int((votes["BLR"] == votes["RUS"]).sum())
    return (
        f"Dated marks in {len(analysis.LANES)} lanes. {marks}. Last lane: {same} of {len(votes)} votes on Ukraine and Georgia like Russia."
    )


# --- words --------------------------------------------------------------------------------------------------------------


def words(ax: Axes, frame: pd.DataFrame, clear: float = 0.05) -> None:
    """Share of verbal conflict in words to Russia and to Poland; a ring where the two differ beyond chance."""
    for column, label, colour, line, mark in (
        ("one", "to Russia", style.RUSSIA, "-", "o"),
        ("other", "to Poland", style.MARKET, "--", "^"),
    ):
        ax.plot(frame["year"], frame[column], line, marker=mark, color=colour, label=label)
    sure = frame[frame["p"] < clear]
    top = sure[["one", "other"]].max(axis=1)
    ax.plot(sure["year"], top, "o", markersize=13, markerfacecolor="none", color=style.INK, markeredgewidth=1, label="the two differ")
    ax.yaxis.set_major_formatter(percent)
    ax.set_ylabel("Verbal conflict in all verbal events")
    ax.set_ylim(-0.01, None)
    ax.legend(loc="upper right")


def say_words(frame: pd.DataFrame) -> str:
    marks = "; ".join(f"{r.year}: Russia {_pct(r.one)}, Poland {_pct(r.other)}" for r in frame.itertuples())
    return f"Two lines of the share of conflict in Belarusian words by year. {marks}."
