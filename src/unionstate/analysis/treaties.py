"""How long instruments wait for their entry into force, and how many are signed a year.

Shapes: every function takes the frames of ``load("integration/treaties")`` or of :func:`waits` and returns a frame.
Times are whole days. Nothing here decides what an empty date means, what ended a wait or which coding is open to argument: that is
coded in the table's columns ``entry``, ``in_force_by``, ``replaced_by``, ``companion_of`` and ``contestable``.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from unionstate.analysis import dates
from unionstate.analysis.stats import bootstrap_interval, compare_rates, rate_interval, survival, survival_median
from unionstate.show import style

YEAR = 365.25
TREATY_LAW = ("treaty", "agreement", "charter")  # texts that need an entry into force of their own

DATES = ("signed", "ratified_blr", "ratified_rus", "in_force")


def end_of_observation(treaties: pd.DataFrame) -> pd.Timestamp:
    """The last date in the table: nothing is known after it."""
    return max(treaties[column].max() for column in DATES)


def is_bilateral(treaties: pd.DataFrame) -> pd.Series:
    """True where Belarus and Russia are the only parties."""
    return treaties["parties"] == "Belarus; Russia"


def waits(treaties: pd.DataFrame) -> pd.DataFrame:
    """One row per instrument with a day of signature that needs an entry into force (`entry` not `not applicable`).

    Adds ``treaty_law``, ``bilateral``, ``earliest`` and ``latest`` (bounds of the wait in days): equal for `dated` rows;
    for `never` rows both are the wait until the replacement or the end of observation; for `date not found` rows from the
    last ratification known (else the signature) to the day by which the text was in force, if known, else the end of
    observation. ``ratified``: a ratification is known.
    """
    end = end_of_observation(treaties)
    frame = treaties[(treaties["entry"] != "not applicable") & treaties["signed"].notna()].copy()
    frame["treaty_law"] = frame["kind"].isin(TREATY_LAW)
    frame["bilateral"] = is_bilateral(frame)
    known = frame[["signed", "ratified_blr", "ratified_rus"]].max(axis=1)
    frame["ratified"] = frame[["ratified_blr", "ratified_rus"]].notna().any(axis=1)
    signed = treaties.set_index("id")["signed"]
    given_up = frame["replaced_by"].map(signed).fillna(end)
    dated, never = frame["entry"] == "dated", frame["entry"] == "never"
    first = frame["in_force"].where(dated, given_up.where(never, known))
    last = frame["in_force"].where(dated, given_up.where(never, frame["in_force_by"].fillna(end)))
    frame["earliest"] = (first - frame["signed"]).dt.days
    frame["latest"] = (last - frame["signed"]).dt.days
    return frame


def recode(treaties: pd.DataFrame, entry: str, other: str) -> pd.DataFrame:
    """The table with its contestable rows of coding ``entry`` coded ``other`` instead."""
    swap = treaties["contestable"].astype(bool) & (treaties["entry"] == entry)
    return treaties.assign(entry=treaties["entry"].mask(swap, other))


#: What to assume of instruments whose date of entry into force was not found.
TREATMENTS = {
    "left out": "dates not found: rows left out",
    "at once": "in force at the last ratification known, else at signature",
    "at the end": "in force only on the day by which they were, if known, else at the end of observation",
    "at least": "those with a known ratification: cut off there; the others left out",
}


def spells(frame: pd.DataFrame, unknown: str = "left out") -> pd.DataFrame:
    """Waiting times ready for a survival estimate: ``days`` and ``observed``, with `date not found` treated as asked.

    ``unknown`` is a key of ``TREATMENTS``. `never` rows are right-censored in every case.
    """
    if unknown not in TREATMENTS:
        raise ValueError(f"treatment {unknown!r}: expected one of {', '.join(TREATMENTS)}")
    missing = frame["entry"] == "date not found"
    assumed = unknown in ("at once", "at the end")
    keep = ~missing | assumed | (frame["ratified"] & (unknown == "at least"))
    days = frame["latest"] if unknown == "at the end" else frame["earliest"]
    observed = (frame["entry"] == "dated") | (missing & assumed)
    return frame.assign(days=days, observed=observed)[keep]


def median_lag(spelled: pd.DataFrame) -> dict:
    """Median wait in days with its 95 % bootstrap interval, and the rows behind it, of the frame of :func:`spells`."""
    days, observed = spelled["days"], spelled["observed"]
    low, high = bootstrap_interval(days, observed, statistic=survival_median)
    return {
        "rows": len(spelled),
        "entered": int(observed.sum()),
        "cut_off": int((~observed).sum()),
        "median": float(survival_median(days, observed)),
        "low": low,
        "high": high,
    }


def lag_by_parties(law: pd.DataFrame) -> pd.DataFrame:
    """What is known of the waits between the two states alone and with others, one row a group, of the frame of :func:`waits`.

    ``texts`` in all, ``missing`` of them without a date, ``median`` of the rest, and its bounds ``low`` (missing dates the
    earliest possible) and ``high`` (the latest possible), in days.
    """
    rows = {}
    for both, part in law.groupby("bilateral"):
        ways = {"median": "left out", "low": "at once", "high": "at the end"}
        spelled = {name: spells(part, unknown) for name, unknown in ways.items()}
        medians = {name: float(survival_median(kept["days"], kept["observed"])) for name, kept in spelled.items()}
        rows["bilateral" if both else "multilateral"] = {"texts": len(part), "missing": len(part) - len(spelled["median"]), **medians}
    return pd.DataFrame(rows).T


def lag_by_area(spelled: pd.DataFrame, least: int) -> pd.DataFrame:
    """:func:`median_lag` for each policy area; no median and no interval with fewer than ``least`` dated rows."""
    rows = []
    for area, part in spelled.groupby("policy_area", observed=False):
        enough = int(part["observed"].sum()) >= least
        empty = {"rows": len(part), "entered": int(part["observed"].sum()), "cut_off": int((~part["observed"]).sum())}
        rows.append({"policy_area": area, **(median_lag(part) if enough else {**empty, "median": np.nan, "low": np.nan, "high": np.nan})})
    return pd.DataFrame(rows)


def sensitivity(treaties: pd.DataFrame) -> pd.DataFrame:
    """Median wait under every choice this chapter makes, one row per choice; columns of :func:`median_lag`, with ``case`` (a
    short key) and ``choice`` (the same in words)."""
    everything = waits(treaties)
    law = everything[everything["treaty_law"]]
    recoded = waits(recode(treaties, "never", "date not found")).query("treaty_law")
    as_never = waits(recode(treaties, "date not found", "never")).query("treaty_law")
    day = treaties["in_force"].fillna(treaties["in_force_by"])
    limited = waits(treaties.assign(in_force=day, entry=treaties["entry"].mask(day.notna(), "dated"))).query("treaty_law")
    doubted = ", ".join(treaties.loc[treaties["contestable"].astype(bool) & (treaties["entry"] == "date not found"), "short_name"])
    council = treaties[treaties["kind"].isin(["decree", "doctrine", "programme"]) & (treaties["entry"] == "not applicable")]
    zeros = council.assign(days=0, observed=True)
    cases = {
        "main": ("main: treaties, agreements, charters; dates not found left out", spells(law)),
        "dated": ("dated rows only (never-in-force rows dropped)", spells(law).query("observed")),
        "recoded": ("contestable never-in-force rows counted as date not found", spells(recoded)),
        "as never": (f"contestable rows without a date ({doubted}) counted as never in force", spells(as_never)),
        "limit": (f"contestable rows without a date ({doubted}) in force on the latest day known", spells(limited)),
        "companions": ("rows that only accompany another one dropped", spells(law[law["companion_of"] == ""])),
        "everything": ("with decisions and programmes", spells(everything)),
        "zeros": ("with decisions and programmes, undated ones as day zero", pd.concat([spells(everything), zeros])),
        "at least": ("dates not found: cut off at the last ratification known", spells(law, "at least")),
        "at once": ("dates not found: in force at once (lower bound)", spells(law, "at once")),
        "at the end": ("dates not found: in force as late as possible (upper bound)", spells(law, "at the end")),
    }
    return pd.DataFrame([{"case": case, "choice": words, **median_lag(rows)} for case, (words, rows) in cases.items()])


def stretched(treaties: pd.DataFrame, wait: str) -> pd.DataFrame:
    """The table with rough dates moved so that all waits from signature are the "shortest" or the "longest" they can be."""
    return dates.stretched(treaties, "signed", DATES[1:], wait)


def precision_shift(treaties: pd.DataFrame) -> float:
    """Largest change of the main median wait, in days, when every rough date moves to an edge of its period."""

    def median(frame: pd.DataFrame) -> float:
        kept = spells(waits(frame).query("treaty_law"))
        return float(survival_median(kept["days"], kept["observed"]))

    return max(abs(median(stretched(treaties, wait)) - median(treaties)) for wait in ("shortest", "longest"))


def per_year(treaties: pd.DataFrame, milestones: pd.DataFrame) -> pd.DataFrame:
    """Counts for each calendar year: signed (two or more parties), entered into force (dated rows), milestones by direction."""
    both = is_bilateral(treaties)
    counts = {
        "signed_bilateral": treaties.loc[both, "signed"],
        "signed_multilateral": treaties.loc[~both, "signed"],
        "in_force_bilateral": treaties.loc[both, "in_force"],
        "in_force_multilateral": treaties.loc[~both, "in_force"],
        **{direction: milestones.loc[milestones["direction"] == direction, "date"] for direction in ("closer", "mixed", "apart")},
    }
    years = range(1991, end_of_observation(treaties).year + 1)
    table = {name: dates.dropna().dt.year.value_counts().reindex(years, fill_value=0) for name, dates in counts.items()}
    return pd.DataFrame(table).rename_axis("year").reset_index()


def pace(treaties: pd.DataFrame, cuts: list[pd.Timestamp]) -> pd.DataFrame:
    """Instruments signed per year between successive ``cuts`` (first included, last day of the last span too).

    Columns: start, end, years, and for bilateral and all instruments the count, the rate and its exact 95 % interval.
    """
    both, rows = is_bilateral(treaties), []
    for start, end in zip(cuts[:-1], cuts[1:], strict=True):
        inside = (treaties["signed"] >= start) & ((treaties["signed"] < end) | (end == cuts[-1]) & (treaties["signed"] <= end))
        years = (end - start).days / YEAR
        row = {"start": start, "end": end, "years": years}
        for name, mask in (("bilateral", inside & both), ("all", inside)):
            low, high = rate_interval(int(mask.sum()), years)
            row |= {name: int(mask.sum()), f"{name}_rate": mask.sum() / years, f"{name}_low": low, f"{name}_high": high}
        rows.append(row)
    return pd.DataFrame(rows)


def same_rate(one: pd.Series, other: pd.Series) -> float:
    """Exact p-value of one common bilateral rate in two spans, rows of :func:`pace`."""
    return compare_rates(one["bilateral"], one["years"], other["bilateral"], other["years"])


def is_instrument(milestones: pd.DataFrame, treaties: pd.DataFrame) -> pd.Series:
    """True for milestones on a day when an instrument of the table was signed, ratified or took effect (exact days only)."""
    days = {day for column in DATES for day in treaties.loc[treaties[f"{column}_precision"] == "day", column]}
    return milestones["date"].isin(days) & (milestones["date_precision"] == "day")


# --- drawing: how the chapter's figures look, given what they show -------------------------------------------------

#: One mark for each kind of entry: marker, colour, filled, words of the legend.
MARKS = {
    "dated": ("o", style.RUSSIA, True, "signed (dot), in force (bar)"),
    "date not found": ("D", style.MARKET, False, "signed; date of entry into force not found"),
    "never": ("X", style.ALERT, True, "signed or agreed; never seen in force"),
    "not applicable": ("s", style.MUTED, False, "effective by adoption, no separate date"),
}


def timeline_rows(treaties: pd.DataFrame) -> pd.DataFrame:
    """Rows of the timeline: instruments with a date of signature, by policy area and date, with ``until`` (end of the line).

    ``until`` is the entry into force, or for `never` rows the replacement or the end of observation; empty for the others.
    """
    frame = treaties[treaties["signed"].notna()].sort_values(["policy_area", "signed", "id"])
    wait = waits(treaties).set_index("id")
    until = frame["signed"] + pd.to_timedelta(frame["id"].map(wait["latest"]), unit="D")
    until = until.where(frame["entry"].isin(["dated", "never"]))
    columns = ["id", "short_name", "policy_area", "kind", "signed", "signed_precision", "entry", "in_force", "status_2026"]
    return frame[columns].assign(until=until).reset_index(drop=True)


def draw_timeline(ax, rows: pd.DataFrame) -> None:
    """One line per instrument from signature to entry into force, in lanes by policy area, with the short name beside it."""
    y, end = 0.0, rows["until"].max()
    for area, lane in rows.groupby("policy_area", observed=True):
        ax.axhline(y - 0.8, color=style.GRID, linewidth=1)
        ax.annotate(
            str(area).upper(),
            (0, y),
            xycoords=("axes fraction", "data"),
            xytext=(3, 0),
            textcoords="offset points",
            fontsize=8,
            fontweight="bold",
            color=style.MUTED,
            va="center",
        )
        for row in lane.itertuples():
            y += 1
            _draw_instrument(ax, y, row, end)
        y += 1.6
    for kind, (marker, colour, filled, words) in MARKS.items():
        label = f"{words} ({int((rows['entry'] == kind).sum())})"
        ax.plot([], [], marker, color=colour, fillstyle="full" if filled else "none", label=label)
    ax.set(ylim=(y - 0.6, -1), yticks=[], xlim=(pd.Timestamp("1990-07-01"), pd.Timestamp("2027-07-01")))
    ax.xaxis.set_ticks(pd.to_datetime([f"{year}-01-01" for year in range(1991, 2027, 5)]), range(1991, 2027, 5))
    ax.tick_params(axis="x", top=True, labeltop=True)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="y", visible=False)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.025), ncols=2)


def _draw_instrument(ax, y: float, row, end: pd.Timestamp) -> None:
    marker, colour, filled, _ = MARKS[row.entry]
    open_ended = row.entry == "never"
    stays_open = open_ended and row.until == end
    left = row.signed.year >= 2012  # no room for the name on the right
    if pd.notna(row.until):
        # A long dashed line begins behind its name: about a third of a year per letter at this size.
        behind = pd.Timedelta(days=124 * len(row.short_name) + 320 if stays_open and not left else 0)
        ax.plot([row.signed + behind, row.until], [y, y], color=colour, linewidth=1.4, linestyle=(0, (4, 2)) if open_ended else "-")
        stop = ">" if stays_open else "|"
        ax.plot([row.until], [y], stop, color=colour, markersize=6, markeredgewidth=1.6, fillstyle="none")
    ax.plot([row.signed], [y], marker, color=colour, fillstyle="full" if filled else "none", markersize=4.5)
    anchor = row.signed if left or pd.isna(row.until) or stays_open else row.until
    ax.annotate(
        row.short_name,
        (anchor, y),
        xytext=(-6 if left else 6, 0),
        textcoords="offset points",
        fontsize=7.2,
        ha="right" if left else "left",
        va="center",
    )


def draw_waiting(ax, curve: pd.DataFrame, colour: str, label: str, line: str = "-", band: bool = True, years: float = 6) -> None:
    """A Kaplan-Meier curve of :func:`stats.survival` in years, as steps, with its 95 % band."""
    last = {**curve.iloc[-1].to_dict(), "time": max(years * YEAR, curve["time"].iloc[-1])}
    steps = pd.concat([curve, pd.DataFrame([last])])
    x = steps["time"] / YEAR
    if band:
        ax.fill_between(x, steps["low"] * 100, steps["high"] * 100, step="post", color=colour, alpha=0.15, linewidth=0)
    ax.plot(x, steps["share"] * 100, line, drawstyle="steps-post", color=colour, label=label)


def waiting_axes(ax, title: str, groups: dict[str, pd.DataFrame], years: int = 6) -> None:
    """Label the axes of :func:`draw_waiting`: a legend under ``title``; under each year the number still waiting, one line a group."""
    ticks = range(years + 1)
    labels = [f"{t}\n" + "\n".join(str(int((g["days"] >= t * YEAR).sum())) for g in groups.values()) for t in ticks]
    ax.set(xlim=(0, years), ylim=(0, 102), xlabel="years since signature; below, still waiting:\n" + "; ".join(groups))
    ax.set_xticks(list(ticks), labels)
    if ax.get_subplotspec().is_first_col():
        ax.set_ylabel("not yet in force, %")
    ax.legend(title=title, loc="upper right")


def draw_lags(ax, rows: pd.DataFrame, summary: pd.DataFrame) -> None:
    """Waits of dated rows by policy area with medians and intervals; ``rows`` of :func:`spells` with `date not found` left out."""
    areas = list(summary["policy_area"])
    shift = {True: -0.16, False: 0.2}
    looks = ((True, "o", style.RUSSIA, "treaty, agreement, charter"), (False, "s", style.MARKET, "decision or programme"))
    for law, marker, colour, words in looks:
        part = rows[(rows["treaty_law"] == law) & rows["observed"]]
        at = [areas.index(area) + shift[law] for area in part["policy_area"]]
        ax.plot(part["days"], at, marker, color=colour, fillstyle="none", markersize=5.5, label=words, clip_on=False)
    known = summary[summary["median"].notna()]
    at = [areas.index(area) - 0.16 for area in known["policy_area"]]
    ax.hlines(at, known["low"], known["high"], color=style.INK, linewidth=1.4, zorder=1.5)
    ax.plot(known["median"], at, "D", color=style.INK, markersize=5.5, label="median, 95 % bootstrap interval")
    for place, row in enumerate(summary.itertuples()):
        ax.annotate(
            row.counts, (1, place), xycoords=("axes fraction", "data"), xytext=(8, 0), textcoords="offset points", va="center", fontsize=8.5
        )
    ax.set(ylim=(len(areas) - 0.5, -0.6), xlim=(0, 1750), xlabel="days from signature to entry into force")
    ax.set_yticks(range(len(areas)), areas)
    ax.grid(axis="y", visible=False)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)


def draw_pace(axes, counts: pd.DataFrame, marked: pd.DataFrame) -> None:
    """Three panels over the years: signed, entered into force, milestones closer and mixed (up) and apart (down)."""
    x = counts["year"]
    for ax, what, title in ((axes[0], "signed", "Signed or adopted"), (axes[1], "in_force", "Entered into force (dates known)")):
        ax.bar(x, counts[f"{what}_bilateral"], color=style.RUSSIA, label="Belarus and Russia only")
        ax.bar(
            x,
            counts[f"{what}_multilateral"],
            bottom=counts[f"{what}_bilateral"],
            color=style.MARKET,
            hatch="////",
            edgecolor=style.GRID,
            linewidth=0,
            label="with other states",
        )
        ax.set(title=title, ylim=(0, max(counts["signed_bilateral"] + counts["signed_multilateral"]) + 1))
    axes[2].bar(x, counts["closer"], color=style.BELARUS, label="closer")
    axes[2].bar(
        x, counts["mixed"], bottom=counts["closer"], color=style.GOLD, hatch="----", edgecolor=style.GRID, linewidth=0, label="mixed"
    )
    axes[2].bar(x, -counts["apart"], color=style.ALERT, hatch="////", edgecolor=style.GRID, linewidth=0, label="apart")
    axes[2].axhline(0, color=style.MUTED, linewidth=0.8)
    axes[2].set(title="Milestones, as coded in the table", ylim=(-3, max(counts["closer"] + counts["mixed"]) + 1))
    axes[2].set_yticks(range(-2, 7, 2), [str(abs(n)) for n in range(-2, 7, 2)])
    for row in marked.sort_values("date").reset_index(drop=True).itertuples():  # names in two rows, in turn
        place = row.date.year + (row.date.dayofyear - 183) / 366
        for ax in axes:
            ax.axvline(place, color=style.MUTED, linewidth=0.9, linestyle=":", zorder=0.5)
        before = place > 2017  # no room on the right
        axes[0].annotate(
            row.label,
            (place, axes[0].get_ylim()[1]),
            xytext=(-3 if before else 3, -2 - 10 * (row.Index % 2)),
            textcoords="offset points",
            fontsize=7.5,
            va="top",
            ha="right" if before else "left",
            color=style.MUTED,
        )
    for ax, columns in ((axes[1], 2), (axes[2], 3)):
        ax.legend(loc="upper center", ncols=columns, frameon=True, facecolor=style.PAPER, edgecolor=style.PAPER, framealpha=1)
    axes[2].set(xlim=(x.min() - 0.7, x.max() + 0.7), xticks=range(1991, 2027, 5))


STATUS_LOOK = {
    "in force": (style.BELARUS, ""),
    "partly implemented": (style.GOLD, "////"),
    "superseded": (style.BAND, ""),
    "terminated": (style.MUTED, "----"),
    "not implemented": (style.ALERT, "\\\\\\\\"),
    "unknown": (style.PAPER, ""),
}


def draw_status(ax, counts: pd.DataFrame) -> None:
    """Stacked bars of status by policy area; ``counts`` has areas as index and statuses as columns."""
    start, place = np.zeros(len(counts)), np.arange(len(counts))
    for status, (colour, hatch) in STATUS_LOOK.items():
        n = counts[status].to_numpy()
        some = n > 0  # a bar of nothing would leave its outline at the end of the last one
        look = {"color": colour, "hatch": hatch, "edgecolor": style.MUTED if status == "unknown" else style.GRID, "linewidth": 0.8}
        ax.barh(place[some], n[some], left=start[some], label=status, height=0.7, **look)
        start = start + n
    for y, total in zip(place, start, strict=True):
        ax.text(total + 0.2, y, f"{int(total)}", va="center")
    ax.set_yticks(place, counts.index.astype(str))
    ax.invert_yaxis()
    ax.set(xlabel="instruments", xlim=(0, start.max() + 1.2))
    ax.grid(axis="y", visible=False)
    ax.legend(loc="lower center", bbox_to_anchor=(0.45, 1.0), ncols=3)


# --- The same in words, for readers who cannot see the figures -----------------------------------------------------


def say_timeline(rows: pd.DataFrame) -> str:
    """What :func:`draw_timeline` shows: lanes with their counts, kinds of entry, the longest dated wait."""
    kinds, lags = rows["entry"].value_counts(), (rows["in_force"] - rows["signed"]).dt.days
    lanes = "; ".join(f"{area} {n}" for area, n in rows["policy_area"].value_counts(sort=False).items())
    return (
        f"Timeline of {len(rows)} instruments in {rows['policy_area'].nunique()} lanes ({lanes}). {kinds['dated']} have a line to a "
        f"dated entry into force, the longest {rows.loc[lags.idxmax(), 'short_name']} with {lags.max():.0f} days; "
        f"{kinds['date not found']} have no known date and {kinds['never']} were never seen in force."
    )


def say_waiting(main: pd.DataFrame, at_once: pd.DataFrame, at_end: pd.DataFrame) -> str:
    """What the two panels of :func:`draw_waiting` show, from the frames of :func:`spells`."""
    medians = [survival_median(frame["days"], frame["observed"]) for frame in (main, at_once, at_end)]
    left = survival(main["days"], main["observed"])["share"].iloc[-1]
    both, many = (int(n) for n in (main["bilateral"].sum(), (~main["bilateral"]).sum()))
    out_two = int(at_end["bilateral"].sum()) - both
    out_many = len(at_end) - len(main) - out_two
    return (
        f"Two panels of falling step curves. Left: the share still waiting reaches one half after {medians[0]:.0f} days and levels off at "
        f"{100 * left:.0f} %; the bounds reach it after {medians[1]:.0f} and {medians[2]:.0f} days. Right: bilateral ({both} "
        f"texts, {out_two} undated left out) and multilateral ({many}, {out_many} left out) curves cross and overlap."
    )


def say_pace(counts: pd.DataFrame) -> str:
    """What the three panels of :func:`draw_pace` show, from the counts of :func:`per_year`."""
    signed = counts["signed_bilateral"] + counts["signed_multilateral"]
    coded = ", ".join(f"{counts[direction].sum()} {direction}" for direction in ("closer", "mixed", "apart"))
    return (
        f"Three bar panels over the years. Signing peaks in {counts.loc[signed.idxmax(), 'year']} with {signed.max()} instruments; "
        f"{(signed == 0).sum()} years have none. Milestones: {coded}."
    )
