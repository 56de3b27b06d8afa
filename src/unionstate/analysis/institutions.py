"""Organs and promises of the Union State: what exists, how much was delivered, how late.

Shapes: every function takes frames of ``load`` and returns a frame or a number. Times are in years of 365.25 days. Scores run
from 0 to 1 and are judgements of the table ``integration/commitments``; its columns ``score_strict`` and ``score_generous`` read
every contestable coding one way. Nothing here decides what a promise, its due date or its delivery is: that is coded there.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
from matplotlib.patches import Patch

from unionstate.analysis import dates
from unionstate.analysis.stats import survival
from unionstate.show import style

YEAR = 365.25
LARGELY = 0.75  # from this score on a promise counts as delivered: "largely" on the scale of the table
PARTLY = 0.25  # from this score on, as delivered in part or more
READINGS = {"strict": "score_strict", "as coded": "score", "generous": "score_generous"}
PARTIAL = {"as coded": None, "partial = 0.25": 0.25, "partial = 0.5": 0.5, "partial = 0.75": 0.75}
PACKAGES = {"narrow": "in_package", "wide": "in_package_generous", "all": None}
BASE = {"reading": "as coded", "scale": "as coded", "weights": "promise", "eaeu": "counted", "package": "narrow"}

#: Kinds of body that would represent voters, judge, audit, protect rights or issue money: power that leaves the two
#: governments. All other kinds gather the governments or serve them. The kinds are the table's, the grouping is ours.
CHECKS = ("legislative", "judicial", "audit", "advisory", "monetary")


# --- organs --------------------------------------------------------------------------------------------------------


def in_treaty(institutions: pd.DataFrame) -> pd.Series:
    """True for organs whose legal basis names the treaty of 1999: a list that was closed before anybody knew the outcome."""
    return institutions["legal_basis"].str.contains("Union State Treaty 1999")


LANES = {
    "Meetings and secretariats": ("political", "executive"),
    "Parliament, courts, audit, money": CHECKS,
    "Sectoral, media": ("sectoral", "media"),
    "Armies, budget": ("military", "financial"),
}


def organ_rows(institutions: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    """Rows of the chart of organs: by lane and first date, with ``start`` and ``until`` of work (``until`` is ``end`` while it works).

    Start of work: the column ``functioning``, else ``created``, else for an organ known to work ``planned``. ``known_start``
    says whether the beginning of work is dated. Organs that never worked or are being created have no start.
    """
    lane_of = {kind: lane for lane, kinds in LANES.items() for kind in kinds}
    frame = institutions.assign(lane=institutions["body_type"].astype(str).map(lane_of), treaty=in_treaty(institutions))
    worked = ~frame["status_2026"].isin(["never formed", "being created"])
    frame["known_start"] = frame["functioning"].notna()
    start = frame["functioning"].fillna(frame["created"]).fillna(frame["planned"])
    frame["start"] = start.where(worked)
    frame["until"] = frame["ended"].where(frame["status_2026"] == "superseded", end)
    frame["first"] = frame[["planned", "created", "functioning"]].min(axis=1)
    frame["place"] = frame["lane"].map({lane: i for i, lane in enumerate(LANES)})
    columns = ["id", "name", "lane", "body_type", "treaty", "planned", "created", "start", "known_start", "until", "status_2026"]
    return frame.sort_values(["place", "first", "id"], na_position="last")[columns].reset_index(drop=True)


# --- the index -----------------------------------------------------------------------------------------------------


def members(commitments: pd.DataFrame, package: str = "narrow") -> pd.DataFrame:
    """Promises of the 1999 package: ``narrow``, ``wide`` (with the joint grouping of forces) or ``all`` rows of the table."""
    column = PACKAGES[package]
    return commitments if column is None else commitments[commitments[column].astype(bool)]


def scores(commitments: pd.DataFrame, reading: str = "as coded", scale: str = "as coded", eaeu: str = "counted") -> pd.Series:
    """Score of each promise. ``scale`` may give everything between nothing and done one value; ``eaeu`` other than
    ``counted`` sets to zero what the Eurasian union delivered."""
    score = commitments[READINGS[reading]]
    partial = PARTIAL[scale]
    if partial is not None:
        score = score.mask((score > 0) & (score < 1), partial)
    return score if eaeu == "counted" else score.mask(commitments["delivered_by"] == "EAEU", 0.0)


def weigh(score: pd.Series, area: pd.Series, weights: str = "promise") -> float:
    """Mean score: each promise the same weight, or each policy area (``area``)."""
    if weights == "promise":
        return float(score.mean())
    return float(score.groupby(area.astype(str)).mean().mean())


def index(commitments: pd.DataFrame, **choices) -> float:
    """Implementation index, 0 to 1, under ``choices`` (keys of :data:`BASE`; what is not named is as there)."""
    c = BASE | choices
    rows = members(commitments, c["package"])
    return weigh(scores(rows, c["reading"], c["scale"], c["eaeu"]), rows["policy_area"], c["weights"])


CHOICES = {
    "reading": tuple(READINGS),
    "scale": tuple(PARTIAL),
    "weights": ("promise", "area"),
    "eaeu": ("counted", "not counted"),
    "package": tuple(PACKAGES),
}


def every_choice(commitments: pd.DataFrame) -> pd.DataFrame:
    """The index under every combination of :data:`CHOICES`, one row each, from the lowest up. Combinations that give the same
    rows and scores (delivery by the EAEU is already nothing in the strict reading) stand only once."""
    rows = []
    for values in product(*CHOICES.values()):
        choice = dict(zip(CHOICES, values, strict=True))
        if choice["reading"] == "strict" and choice["eaeu"] == "counted":
            continue
        rows.append({**choice, "index": index(commitments, **choice)})
    return pd.DataFrame(rows).sort_values("index", kind="stable").reset_index(drop=True)


def one_choice(commitments: pd.DataFrame) -> pd.DataFrame:
    """The index when one choice at a time leaves :data:`BASE`: columns ``choice``, ``value``, ``index``, ``shift``."""
    base = index(commitments)
    rows = [
        {"choice": name, "value": value, "index": index(commitments, **{name: value})}
        for name, values in CHOICES.items()
        for value in values
        if value != BASE[name]
    ]
    return pd.DataFrame(rows).assign(shift=lambda f: f["index"] - base)


def one_row(commitments: pd.DataFrame) -> pd.DataFrame:
    """Promises of the narrow package whose strict and generous scores differ, with the change of the index each one makes."""
    rows = members(commitments)
    down, up = (rows[READINGS[r]] - rows["score"] for r in ("strict", "generous"))
    frame = rows.assign(down=down / len(rows), up=up / len(rows))
    frame = frame[(frame["down"] != 0) | (frame["up"] != 0)]
    return frame[["id", "policy_area", "score_strict", "score", "score_generous", "down", "up"]].reset_index(drop=True)


def by_year(commitments: pd.DataFrame, end: pd.Timestamp, first: int = 1999) -> pd.DataFrame:
    """The index of the narrow package at the end of each year, for today's scores and the dates of delivery.

    ``as coded``, ``strict``, ``generous`` and ``without EAEU``: a promise counts its score of today from the day in
    ``delivered`` on; one with a score in some reading but no such day counts from the first year in the generous reading and
    only at ``end`` in the others. ``due`` and ``kept``: share of the package that had fallen due (dated promises only), and
    share due by then and at least largely delivered. The last row is the day ``end``.
    """
    rows = members(commitments)
    start, rows_out = pd.Timestamp(f"{first}-01-01"), []
    early, late = (rows["delivered"].fillna(day) for day in (start, end))
    for year in range(first, end.year + 1):
        day = min(pd.Timestamp(f"{year}-12-31"), end)
        row = {"year": year, "day": day}
        for reading in READINGS:
            since = early if reading == "generous" else late
            row[reading] = float((scores(rows, reading) * (since <= day)).mean())
        row["without EAEU"] = float((scores(rows, eaeu="not counted") * (late <= day)).mean())
        row["due"] = float((rows["promised"] <= day).mean())
        done = (rows["score"] >= LARGELY) & rows["promised"].notna() & (rows["promised"] <= day)
        row["kept"] = float((done & (rows["delivered"] <= day)).mean())
        rows_out.append(row)
    return pd.DataFrame(rows_out)


# --- waiting for a promise -----------------------------------------------------------------------------------------


def spells(
    commitments: pd.DataFrame,
    end: pd.Timestamp,
    least: float = LARGELY,
    reading: str = "as coded",
    eaeu: str = "counted",
    undated: pd.Timestamp | None = None,
) -> pd.DataFrame:
    """How long each promise was or is overdue: ``years`` and ``observed`` (delivered), ready for a survival estimate.

    The clock starts on the due date and stops on the day of delivery if the score is at least ``least``; early delivery is a
    wait of zero. Otherwise the wait is cut off at ``end``. Promises without a due date are left out, or start at ``undated``.
    Promises due after ``end`` are left out. A delivered promise without a day of delivery is cut off too.
    """
    due = commitments["promised"] if undated is None else commitments["promised"].fillna(undated)
    kept = scores(commitments, reading, eaeu=eaeu) >= least
    frame = commitments.assign(due=due, observed=kept & commitments["delivered"].notna())
    frame = frame[frame["due"].notna() & (frame["due"] <= end)]
    stop = frame["delivered"].where(frame["observed"], end)
    return frame.assign(years=((stop - frame["due"]).dt.days / YEAR).clip(lower=0))


def eurasian_spells(promises: pd.DataFrame, lost: pd.Timestamp | None = None) -> pd.DataFrame:
    """The same for ``integration/eurasian_promises``: open ones are cut off on the last day a source shows them open; those whose
    outcome was not found are left out, or taken as open until the day ``lost``."""
    missing = promises["outcome"] == "not found"
    frame = promises if lost is not None else promises[~missing]
    frame = frame.assign(observed=frame["outcome"] == "delivered")
    stop = frame["delivered"].where(frame["observed"], frame["open_until"].fillna(lost) if lost is not None else frame["open_until"])
    return frame.assign(years=((stop - frame["promised"]).dt.days / YEAR).clip(lower=0))


def left_after(spelled: pd.DataFrame, years: float) -> tuple[float, float, float]:
    """Share still undelivered ``years`` after the due date, with its 95 % interval (Kaplan-Meier, log-log)."""
    curve = survival(spelled["years"], spelled["observed"])
    row = curve[curve["time"] <= years].iloc[-1]
    return float(row["share"]), float(row["low"]), float(row["high"])


def stretched(commitments: pd.DataFrame, wait: str) -> pd.DataFrame:
    """The table with rough dates moved so that all waits for delivery are the "shortest" or the "longest" they can be."""
    return dates.stretched(commitments, "promised", ["delivered"], wait)


def deadlines(commitments: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    """Dated promises by due date: ``kept`` (largely or more), ``years`` from the due date to delivery or to ``end``."""
    rows = spells(commitments, end).assign(kept=lambda f: f["observed"])
    columns = ["id", "policy_area", "in_package", "due", "revised", "delivered", "score", "delivered_by", "kept", "years"]
    return rows.sort_values(["due", "id"])[columns].reset_index(drop=True)


# --- drawing: how the chapter's figures look, given what they show -------------------------------------------------

STATUS_LOOK = {
    "functioning": (style.BELARUS, "", "working"),
    "unknown": (style.BAND, "", "formed; present work not seen"),
    "superseded": (style.MUTED, "----", "replaced by another organ"),
    "liquidated": (style.GOLD, "////", "dissolved, last day not found"),
}


def say(id: str) -> str:
    """An id as words."""
    return id.replace("-", " ")


def _heading(ax, y: float, text: str) -> None:
    ax.axhline(y - 0.75, color=style.GRID, linewidth=1)
    ax.annotate(text.upper(), (0, y), xycoords=("axes fraction", "data"), xytext=(3, 0), textcoords="offset points",
                fontsize=8, fontweight="bold", color=style.MUTED, va="center")  # fmt: skip


def short(name: str) -> str:
    """The name of an organ without what every organ is called after, and without brackets."""
    for words in (" of the Union State", " of the Union of Belarus and Russia", "Union State ", " of the Customs Committee"):
        name = name.replace(words, "")
    name = name.split(" (")[0].split(" and Environmental")[0].split(", then")[0]
    name = name.replace("Television and Radio Broadcasting Organisation", "Broadcaster").removesuffix(" of the Community")
    return name[0].upper() + name[1:]


def draw_organs(ax, rows: pd.DataFrame, end: pd.Timestamp) -> None:
    """One line per organ of :func:`organ_rows`, in lanes: a bar while it worked, a dashed line where it was only promised."""
    y = 0.0
    for lane, part in rows.groupby("lane", sort=False):
        _heading(ax, y, lane)
        for row in part.itertuples():
            y += 1
            label = short(row.name) + (" *" if row.treaty else "")
            if pd.notna(row.start):
                colour, hatch, _ = STATUS_LOOK[row.status_2026]
                ax.barh(
                    y, row.until - row.start, left=row.start, height=0.55, color=colour, hatch=hatch, edgecolor=style.GRID, linewidth=0.6
                )
                if not row.known_start:
                    ax.plot([row.start], [y], "|", color=style.INK, markersize=11, markeredgewidth=1.4)
            elif pd.notna(row.planned):
                building = row.status_2026 == "being created"
                colour = style.MARKET if building else style.ALERT
                ax.plot([row.planned, end], [y, y], color=colour, linewidth=1.5, linestyle=":" if building else (0, (4, 2)))
                ax.plot([row.planned], [y], "D" if building else "X", color=colour, fillstyle="none" if building else "full", markersize=6)
            else:
                ax.annotate(
                    f"{row.status_2026}, no date of founding found",
                    (0.01, y),
                    xycoords=("axes fraction", "data"),
                    fontsize=8,
                    va="center",
                    style="italic",
                    color=style.MUTED,
                )
            ax.annotate(label, (0, y), xycoords=("axes fraction", "data"), xytext=(-6, 0), textcoords="offset points",
                        fontsize=8, ha="right", va="center")  # fmt: skip
        y += 1.5
    handles = [Patch(facecolor=c, hatch=hatch, edgecolor=style.GRID, label=words) for c, hatch, words in STATUS_LOOK.values()]
    marks = (
        ("X", style.ALERT, (0, (4, 2)), "full", "promised (cross), never formed"),
        ("D", style.MARKET, ":", "none", "announced, being created"),
        ("|", style.INK, "", "full", "start of work not dated"),
    )
    for marker, colour, line, fill, words in marks:
        handles += ax.plot([], [], marker, color=colour, linestyle=line, fillstyle=fill, label=words)
    ticks = range(1996, 2027, 5)
    ax.set(ylim=(y - 0.8, -0.9), yticks=[], xlim=(pd.Timestamp("1995-09-01"), end + pd.Timedelta(days=150)))
    ax.xaxis.set_ticks(pd.to_datetime([f"{year}-01-01" for year in ticks]), list(ticks))
    ax.tick_params(axis="x", top=True, labeltop=True)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="y", visible=False)
    ax.legend(handles=handles, loc="upper right", bbox_to_anchor=(1.0, -0.04), ncols=2)


COLUMNS = {
    "nothing": (style.ALERT, "score 0"),
    "in part": (style.GOLD, "score above 0,\nbelow 0.75"),
    "through the EAEU": (style.MARKET, "any score,\ndelivered by the EAEU"),
    "largely or fully": (style.BELARUS, "score 0.75\nor 1"),
}


#: Left edge of each column of the matrix, and the right edge of the last: names differ in length.
EDGES = (0.0, 1.1, 2.42, 3.53, 4.56)


def outcome(commitments: pd.DataFrame) -> pd.Series:
    """Column of the status matrix for each promise, from its score as coded and from who delivered it."""
    score = commitments["score"]
    word = pd.Series("in part", index=commitments.index)
    word = word.mask(score == 0, "nothing").mask(score >= LARGELY, "largely or fully")
    return word.mask((commitments["delivered_by"] == "EAEU") & (score > 0), "through the EAEU")


def matrix_rows(commitments: pd.DataFrame) -> pd.DataFrame:
    """Promises with their cell in the status matrix (``policy_area``, ``outcome``), sorted for drawing."""
    frame = commitments.assign(outcome=outcome(commitments))
    columns = ["id", "policy_area", "outcome", "score", "score_strict", "score_generous", "delivered_by", "in_package", "promised"]
    return frame.sort_values(["policy_area", "outcome", "id"])[columns].reset_index(drop=True)


def draw_matrix(ax, rows: pd.DataFrame) -> None:
    """Names of promises in the cells of policy area by outcome; promises outside the package in grey italics; ± marks a coding
    whose strict and generous readings differ."""
    y = 0.0
    for area, part in rows.groupby("policy_area", observed=True):
        depth = part["outcome"].value_counts().max()
        ax.axhline(y - 0.35, color=style.GRID, linewidth=1)
        ax.annotate(str(area), (0, y + (depth - 1) / 2), xycoords=("axes fraction", "data"), xytext=(-6, 0), textcoords="offset points",
                    ha="right", va="center", fontweight="bold", fontsize=9)  # fmt: skip
        for place, word in zip(EDGES, COLUMNS, strict=False):
            for step, row in enumerate(part[part["outcome"] == word].itertuples()):
                open_coding = " ±" if row.score_strict != row.score_generous else ""
                ax.plot([place + 0.04], [y + step], "s" if row.in_package else "o", color=COLUMNS[word][0],
                        fillstyle="full" if row.in_package else "none", markersize=4.5)  # fmt: skip
                ax.annotate(say(row.id) + open_coding, (place + 0.08, y + step), fontsize=7.2, va="center",
                            color=style.INK if row.in_package else style.MUTED, style="normal" if row.in_package else "italic")  # fmt: skip
        y += depth + 0.3
    for place in EDGES[1:-1]:
        ax.axvline(place, color=style.GRID, linewidth=1)
    for place, (word, (colour, below)) in zip(EDGES, COLUMNS.items(), strict=False):
        ax.annotate(f"{word} ({(rows['outcome'] == word).sum()})", (place + 0.04, 1), xycoords=("data", "axes fraction"), xytext=(0, 28),
                    textcoords="offset points", color=colour, fontweight="bold", fontsize=8.5)  # fmt: skip
        ax.annotate(below, (place + 0.04, 1), xycoords=("data", "axes fraction"), xytext=(0, 3), textcoords="offset points",
                    color=style.MUTED, fontsize=7.6, va="bottom")  # fmt: skip
    ax.set(xlim=(0, EDGES[-1]), ylim=(y - 0.4, -0.6), xticks=[], yticks=[])
    ax.grid(False)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)


def draw_deadlines(ax, rows: pd.DataFrame, end: pd.Timestamp) -> None:
    """One line per dated promise of :func:`deadlines`, from the due date to delivery (bar) or to ``end`` (arrow)."""
    for y, row in enumerate(rows.itertuples()):
        eaeu = row.delivered_by == "EAEU"
        colour = (style.MARKET if eaeu else style.BELARUS) if row.kept else style.ALERT
        stop = max(row.delivered, row.due) if row.kept else end
        ax.plot([row.due, stop], [y, y], color=colour, linewidth=1.6, linestyle="-" if row.kept else (0, (4, 2)))
        ax.plot([row.due], [y], "o", color=colour, markersize=5)
        ax.plot([stop], [y], "s" if row.kept else ">", color=colour, markersize=6, fillstyle="none", markeredgewidth=1.6)
        if not row.kept and pd.notna(row.delivered):
            ax.plot([max(row.delivered, row.due)], [y], "D", color=style.GOLD, markersize=6, zorder=3)
        ax.annotate(f"{row.years:.1f}", (1, y), xycoords=("axes fraction", "data"), xytext=(34, 0), textcoords="offset points",
                    ha="right", va="center", fontsize=8.5)  # fmt: skip
    names = [say(row.id) if row.in_package else f"({say(row.id)})" for row in rows.itertuples()]
    ax.set_yticks(range(len(rows)), names, fontsize=8.5)
    ax.annotate("years", (1, -1), xycoords=("axes fraction", "data"), xytext=(34, 0), textcoords="offset points", ha="right", va="center",
                fontsize=8.5, color=style.MUTED)  # fmt: skip
    for marker, colour, fill, line, words in (
        ("o", style.MUTED, "full", "", "due"),
        ("s", style.BELARUS, "none", "-", "largely or fully delivered"),
        ("s", style.MARKET, "none", "-", "the same, through the EAEU"),
        (">", style.ALERT, "none", (0, (4, 2)), "still short of that"),
        ("D", style.GOLD, "full", "", "delivered in part"),
    ):
        ax.plot([], [], marker, color=colour, fillstyle=fill, linestyle=line, label=words)
    ticks = range(1995, 2027, 5)
    ax.xaxis.set_ticks(pd.to_datetime([f"{year}-01-01" for year in ticks]), list(ticks))
    ax.set(ylim=(len(rows) - 0.4, -1.6), xlim=(pd.Timestamp("1994-09-01"), end + pd.Timedelta(days=200)))
    ax.grid(axis="y", visible=False)
    ax.legend(loc="upper center", bbox_to_anchor=(0.35, -0.06), ncols=3)


def draw_by_year(axes, years: pd.DataFrame, events: pd.DataFrame) -> None:
    """Left: the index with its band of readings, without the EAEU, and ``events`` (``date``, ``label``). Right: dated promises."""
    left, right = axes
    x = years["year"]
    left.fill_between(x, 100 * years["strict"], 100 * years["generous"], step="mid", color=style.BAND, alpha=0.6, linewidth=0,
                      label="strict to generous readings")  # fmt: skip
    left.plot(x, 100 * years["as coded"], drawstyle="steps-mid", color=style.INFERRED, label="as coded")
    left.plot(x, 100 * years["without EAEU"], "--", drawstyle="steps-mid", color=style.MARKET, label="as coded, without the EAEU")
    left.set(title="Index of the package", ylabel="% of full delivery")
    right.fill_between(x, 100 * years["kept"], 100 * years["due"], step="mid", color=style.ALERT, alpha=0.12, linewidth=0)
    right.plot(x, 100 * years["due"], "--", drawstyle="steps-mid", color=style.ALERT, label="fallen due")
    right.plot(x, 100 * years["kept"], drawstyle="steps-mid", color=style.BELARUS, label="of these, largely delivered")
    right.set(title="Promises with a date", ylabel="% of the promises of the package")
    for row in events.itertuples():
        place = row.date.year + row.date.dayofyear / 366 - 0.5
        left.axvline(place, ymax=0.7, color=style.MUTED, linewidth=0.9, linestyle=":", zorder=0.5)
        left.annotate(
            row.label, (place, 1), xytext=(-2, 0), textcoords="offset points", fontsize=7.5, rotation=90, ha="right", color=style.MUTED
        )
    for ax in axes:
        ax.set(ylim=(0, 70), xlim=(x.min(), x.max() + 0.5), xticks=range(2000, 2027, 5))
        ax.legend(loc="upper left")


PARTIAL_WORDS = {name: "scores as coded" if value is None else f"partial scores as {value:g}" for name, value in PARTIAL.items()}
DOTS = {
    "reading": {"strict": "strict readings", "as coded": "readings as coded", "generous": "generous readings"},
    "scale": PARTIAL_WORDS,
    "weights": {"promise": "each promise alike", "area": "each policy area alike"},
    "eaeu": {"counted": "EAEU delivery counts", "not counted": "EAEU counts nothing"},
    "package": {"narrow": "the 1999 package", "wide": "with joint grouping", "all": "all promises"},
}


def draw_choices(axes, table: pd.DataFrame, base: float) -> None:
    """Specification curve: the index under every combination of choices, sorted, above marks that say which they are."""
    top, below = axes
    x = np.arange(len(table))
    usual = (table[list(BASE)] == pd.Series(BASE)).all(axis=1).to_numpy()
    top.fill_between(x, 0, 100 * table["index"], color=style.BAND, alpha=0.5, linewidth=0)
    top.plot(x, 100 * table["index"], ".", color=style.INFERRED, markersize=4)
    top.plot(x[usual], 100 * table["index"][usual], "D", color=style.INK, markersize=7)
    top.annotate(
        f"as coded: {100 * base:.1f}",
        (x[usual][0], 100 * base),
        xytext=(-10, 12),
        textcoords="offset points",
        ha="right",
        fontweight="bold",
    )
    top.set(ylabel="index, % of full delivery", ylim=(0, 100 * table["index"].max() + 6))
    labels, y = [], 0.0
    for name, values in DOTS.items():
        for value, words in values.items():
            where = (table[name] == value).to_numpy()
            ticks = np.repeat(x[where].astype(float), 3)  # one path of short strokes: a page of separate marks would be heavy
            below.plot(ticks, np.tile([y - 0.28, y + 0.28, np.nan], where.sum()), "-", color=style.RUSSIA, linewidth=1)
            labels.append((y, words))
            y += 1
        y += 0.6
    below.set_yticks([place for place, _ in labels], [words for _, words in labels], fontsize=8)
    below.set(ylim=(y - 0.8, -0.8), xlabel="combinations of choices, sorted by the index", xlim=(-1.5, len(table)))
    below.grid(False)


def draw_waiting(ax, spelled: pd.DataFrame, colour: str, label: str, line: str = "-", band: bool = False, end: float = 27) -> None:
    """A Kaplan-Meier curve of undelivered promises, in years after the due date, drawn to the longest wait seen."""
    curve = survival(spelled["years"], spelled["observed"])
    last = {**curve.iloc[-1].to_dict(), "time": min(max(spelled["years"].max(), curve["time"].iloc[-1]), end)}
    start = {"time": 0.0, "share": 1.0, "low": np.nan, "high": np.nan}
    steps = pd.concat([pd.DataFrame([start]), curve, pd.DataFrame([last])])
    if band:
        ax.fill_between(steps["time"], 100 * steps["low"], 100 * steps["high"], step="post", color=colour, alpha=0.14, linewidth=0)
    ax.plot(steps["time"], 100 * steps["share"], line, drawstyle="steps-post", color=colour, label=label)
    cut = spelled[~spelled["observed"]]
    level = [100 * curve.loc[curve["time"] <= t, "share"].iloc[-1] if (curve["time"] <= t).any() else 100 for t in cut["years"]]
    ax.plot(cut["years"], level, "|", color=colour, markersize=7)


#: Key numbers of the left panel: end of the id, label, name of the curve.
AFTER_20 = (
    ("", "Dated package promises not largely delivered", "dated, largely delivered"),
    ("-part", "Dated package promises without any delivery", "dated, in part or more"),
    ("-own", "Dated package promises not delivered, EAEU apart,", "dated, without the EAEU"),
    ("-undated", "All package promises not delivered", "with undated ones, from 2000"),
)


def draw_curves(left, right, curves: dict[str, pd.DataFrame]) -> None:
    """Two panels of :func:`draw_waiting`: four definitions of delivery, and the first two of them beside the two comparisons. Shaded
    are the two that are held to about the same standard: any delivery of the package, and a Eurasian promise in effect."""
    names = list(curves)
    looks = zip(names[:4], (style.RUSSIA, style.INFERRED, style.ALERT, style.GOLD), ("-", "--", "-.", ":"), strict=True)
    for name, colour, line in looks:
        draw_waiting(left, curves[name], colour, f"{name} ({len(curves[name])})", line)
    beside = (
        (names[0], "package, largely", style.RUSSIA, "-"),
        (names[1], "package, in part or more", style.INFERRED, "--"),
        (names[4], "Eurasian, in effect", style.MARKET, "-."),
        (names[5], names[5], style.MUTED, ":"),
    )
    for name, words, colour, line in beside:
        draw_waiting(right, curves[name], colour, f"{words} ({len(curves[name])})", line, band=name in (names[1], names[4]))
    waiting_axes(left, "Package of 1999")
    waiting_axes(right, "Compared")


def waiting_axes(ax, title: str, years: int = 27) -> None:
    """Axes of :func:`draw_waiting`, with the legend below."""
    ax.set(title=title, xlim=(-0.3, years), ylim=(0, 103), xlabel="years after the due date", xticks=range(0, years + 1, 5))
    if ax.get_subplotspec().is_first_col():
        ax.set_ylabel("not delivered, %")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), fontsize=8.5)


# --- the same in words, for readers who cannot see the figures -----------------------------------------------------


def say_organs(rows: pd.DataFrame) -> str:
    """What :func:`draw_organs` shows."""
    status = rows["status_2026"].astype(str)
    never = rows.loc[status == "never formed", "name"].map(short)
    return (
        f"Timeline of {len(rows)} organs. {(status == 'functioning').sum()} are at work; {len(never)} were promised and never formed: "
        f"{', '.join(never)}. {(status == 'being created').sum()} are being created; the others were replaced or dissolved, "
        "or are not seen at work."
    )


def say_matrix(rows: pd.DataFrame) -> str:
    """What :func:`draw_matrix` shows: counts by policy area and outcome."""
    cells = pd.crosstab(rows["policy_area"], rows["outcome"])[list(COLUMNS)]
    lines = (f"{area}: " + ", ".join(f"{n} {word}" for word, n in line.items() if n) for area, line in cells.iterrows())
    return f"Matrix of {len(rows)} promises in {len(cells)} policy areas; {'; '.join(lines)}."


def say_choices(table: pd.DataFrame, base: float) -> str:
    """What :func:`draw_choices` shows."""
    low, high = 100 * table["index"].min(), 100 * table["index"].max()
    return (
        f"Rising row of {len(table)} dots from {low:.1f} to {high:.1f} %, with a diamond at {100 * base:.1f} %; "
        f"{(table['index'] < 0.5).sum()} lie below one half. Strict readings gather at the low end, high values for partial delivery "
        "at the high end."
    )


def say_by_year(years: pd.DataFrame) -> str:
    """What :func:`draw_by_year` shows."""
    first, last = years[years["year"] == 2000].iloc[0], years.iloc[-1]
    longest = years.groupby(years["as coded"].round(9))["year"].agg(["min", "max", "size"]).sort_values("size").iloc[-1]
    return (
        f"Left: the index rises from {100 * first['as coded']:.0f} % in 2000 to {100 * last['as coded']:.0f} %, flat from "
        f"{longest['min']} to {longest['max']}; its band ends between {100 * last['strict']:.0f} and {100 * last['generous']:.0f} %. "
        f"Right: {100 * last['due']:.0f} % of the package had fallen due, {100 * last['kept']:.0f} % were due and largely delivered."
    )


def say_deadlines(rows: pd.DataFrame) -> str:
    """What :func:`draw_deadlines` shows."""
    kept, short_of = rows[rows["kept"]], rows[~rows["kept"]]
    return (
        f"Lines for {len(rows)} dated promises: {len(kept)} delivered after {kept['years'].min():.1f} to {kept['years'].max():.1f} years, "
        f"{len(short_of)} still short after {short_of['years'].min():.1f} to {short_of['years'].max():.1f} years. Longest overdue: "
        f"{say(short_of.loc[short_of['years'].idxmax(), 'id'])}."
    )


def say_waiting(curves: dict[str, pd.DataFrame], years: float) -> str:
    """What the curves of :func:`draw_waiting` show ``years`` after the due date."""
    left = "; ".join(f"{name} {100 * left_after(frame, years)[0]:.0f} %" for name, frame in curves.items())
    return f"Falling step curves in two panels. Not delivered after {years:g} years: {left}."
