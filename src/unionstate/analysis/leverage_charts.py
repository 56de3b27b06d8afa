"""Drawing of the leverage chapter: marks, and the same in words. What is drawn is computed in :mod:`unionstate.analysis.leverage`."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from unionstate.analysis import disputes as d
from unionstate.show import style
from unionstate.show.charts import HALO, tell
from unionstate.show.evidence import SOURCE_COLUMNS

#: Events marked through the overview: milestone → words.
TURNS = {"union-state-1999": "Union State treaty", "election-2020": "election crisis", "invasion-2022": "invasion of Ukraine"}
#: A legend that covers the dotted lines behind it.
LEGEND = {"frameon": True, "facecolor": style.PAPER, "edgecolor": "none", "framealpha": 1}
SIDE_MARKS = {"before": ("v", style.RUSSIA), "after": ("^", style.MARKET), "difference": ("D", style.INFERRED)}
STEP_MARKS = {"closer": ("^", style.BELARUS), "apart": ("v", style.ALERT)}


def year_of(dates) -> np.ndarray:
    """Dates as fractions of a year, for axes that also carry yearly series."""
    dates = pd.DatetimeIndex(dates)
    return np.asarray(dates.year + (dates.day_of_year - 1) / 365.25, float)


# --- overview --------------------------------------------------------------------------------------------------------


def overview_rows(
    treaties: pd.DataFrame, ratios: pd.DataFrame, cases: pd.DataFrame, troops: pd.DataFrame, votes: pd.DataFrame, last: str
) -> pd.DataFrame:
    """What the overview draws, long: panel, what, year (fraction), end, low, high; of a row of a table its id, name and sources.
    ``last``: benchmark for the years that the German border price does not reach."""
    signed = treaties.dropna(subset=["signed"])
    signed = signed.assign(what=np.where(signed["parties"] == "Belarus; Russia", "between the two", "with others"))
    counts = signed.groupby([signed["signed"].dt.year, "what"]).size().rename_axis(["year", "what"]).reset_index(name="low")
    border = ratios[ratios["benchmark"] == "German border"]
    later = ratios[(ratios["benchmark"] == last) & (ratios["year"] > border["year"].max())]
    price = pd.concat([border, later])
    price = pd.DataFrame({"what": price["benchmark"], "year": price["year"], "low": 100 * price["ratio"]})
    kind = np.select([d.was_cut(cases), d.is_dispute(cases)], ["supply cut", "no cut"], "bargain, accident or not energy")
    spans = pd.DataFrame({"what": kind, "year": year_of(cases["start"]), "end": year_of(cases["end"].fillna(cases["start"]))})
    spans[["id", "name", *SOURCE_COLUMNS]] = cases[["id", "name", *SOURCE_COLUMNS]].to_numpy()
    there = troops[troops["force"].str.contains("Russian troops in Belarus|Russian share")]
    there = there[there["value_low"].notna() | there["value_high"].notna()]
    who = np.where(there["claimant_type"].astype(str) == "Belarusian official", "Minsk", "others")
    ends = {"low": there["value_low"].astype(float), "high": there["value_high"].astype(float)}
    said = {"name": there["claimant"] + ", " + there["measure"], "source": there["source"], "source_2": there["source_2"]}
    seen = pd.DataFrame({"what": who, "id": there["id"], "year": year_of(there["date"]), **ends, **said})
    pair = votes[(votes["country"] == "BLR") & (votes["partner"] == "RUS")]
    same = pd.DataFrame({"what": "identical votes", "year": pair["year"], "low": 100 * pair["identical_share"].astype(float)})
    parts = {"texts": counts, "price": price, "disputes": spans, "troops": seen, "votes": same}
    out = pd.concat([part.assign(panel=name) for name, part in parts.items()], ignore_index=True)
    return out.reindex(columns=["panel", "what", "id", "year", "end", "low", "high", "name", *SOURCE_COLUMNS])


def overview(axes: np.ndarray, drawn: pd.DataFrame, turns: pd.DataFrame) -> None:
    """Five panels on one time axis."""
    panel = {name: part for name, part in drawn.groupby("panel")}
    _texts(axes[0], panel["texts"])
    _price(axes[1], panel["price"])
    _cases(axes[2], panel["disputes"])
    _troops(axes[3], panel["troops"])
    axes[4].plot(panel["votes"]["year"] + 0.5, panel["votes"]["low"], color=style.BELARUS)  # middle of the year, as the others
    axes[4].set(ylim=(50, 100), ylabel="%")
    axes[4].set_title("Votes in the UN General Assembly identical with Russia's")
    end = panel["votes"]["year"].max()
    axes[4].text(end + 1, 53, f"table ends in {end:.0f}", color=style.MUTED, fontsize=8.5, bbox=HALO)
    for at, ax in enumerate(axes):
        ax.set_xlim(1990.6, 2026.9)
        ax.grid(False, axis="x")  # the dotted lines are the guides; the page is lighter without the others
        ax.tick_params(bottom=at == len(axes) - 1)
        for row in turns.itertuples():
            x = year_of([row.date])[0]
            ax.axvline(x, color=style.MUTED, linewidth=0.9, linestyle=":", zorder=1)
            if at == 0:
                side = {"ha": "left", "xytext": (3, 0)} if row.id == "union-state-1999" else {"ha": "right", "xytext": (-3, 0)}
                height = 7 if row.id == "invasion-2022" else 9
                words = f"{TURNS[row.id]} {row.date.year}"
                ax.annotate(words, (x, height), textcoords="offset points", fontsize=8, color=style.MUTED, bbox=HALO, **side)


def _texts(ax: Axes, counts: pd.DataFrame) -> None:
    base: dict[int, float] = {}
    for what, colour, hatch in (("between the two", style.RUSSIA, ""), ("with others", style.GOLD, "////")):
        own = counts[counts["what"] == what]
        below = [base.get(year, 0) for year in own["year"]]
        ax.bar(
            own["year"] + 0.5,
            own["low"],
            bottom=below,
            width=0.8,
            color=colour,
            hatch=hatch,
            edgecolor=style.PAPER,
            linewidth=0.4,
            label=what,
        )
        base |= {year: start + count for year, start, count in zip(own["year"], below, own["low"], strict=True)}
    ax.set(ylim=(0, max(13, max(base.values()) + 1)), ylabel="texts")
    ax.set_yticks(range(0, 11, 5))
    ax.set_title("Texts signed that bind the two")
    ax.legend(loc="upper center", ncols=2, bbox_to_anchor=(0.5, 1.04))


def _price(ax: Axes, price: pd.DataFrame) -> None:
    looks = (("o", "-", style.MARKET), ("s", "--", style.INFERRED))
    for (what, rows), (marker, line, colour) in zip(price.groupby("what", sort=False), looks, strict=True):
        words = what if what == "German border" else f"{what} (a hub)"
        ax.plot(rows["year"] + 0.5, rows["low"], color=colour, marker=marker, linestyle=line, markersize=4, label=words)
    ax.axhline(100, color=style.MUTED, linewidth=0.9)
    ax.set(ylim=(0, 125), ylabel="%")
    ax.set_title("Gas price for Belarus, share of a European price")
    ax.legend(loc="lower left", **LEGEND)


def _cases(ax: Axes, spans: pd.DataFrame) -> None:
    looks = {"supply cut": ("s", style.ALERT), "no cut": ("o", style.MARKET), "bargain, accident or not energy": ("D", style.MUTED)}
    free: list[float] = []
    for row in spans.sort_values("year").itertuples():
        lane = next((i for i, end in enumerate(free) if end < row.year - 0.45), len(free))
        free[lane : lane + 1] = [row.end]
        marker, colour = looks[row.what]
        ends = [row.year, max(row.end, row.year + 0.01)]
        (line,) = ax.plot(ends, [lane, lane], marker=marker, markevery=[0], color=colour, linewidth=3.2, markersize=5.5)
        first, last = int(row.year), int(row.end)
        tell(line, f"{row.id}, {first if first == last else f'{first} to {last}'}: {row.name}; {row.what}", row)
    for what, (marker, colour) in looks.items():
        ax.plot([], [], marker, color=colour, label=what)
    ax.set(ylim=(-0.7, len(free) - 0.3), yticks=[])
    ax.set_title("Disputes, from start to end")
    ax.legend(loc="upper left", **LEGEND)


def _troops(ax: Axes, seen: pd.DataFrame) -> None:
    for what, marker, colour, shift in (("Minsk", "s", style.OFFICIAL, 0.06), ("others", "D", style.INDEPENDENT, -0.02)):
        for row in seen[seen["what"] == what].itertuples():
            ends = [value / 1000 for value in (row.low, row.high) if value == value]
            shape = marker if len(ends) == 2 else ("^" if row.low == row.low else "v")
            (line,) = ax.plot([row.year + shift] * len(ends), ends, marker=shape, color=colour, markersize=4.5, linewidth=1.4)
            tell(line, f"{row.id}, {int(row.year)}: {_persons(row.low, row.high)}; {row.name}", row)
        ax.plot([], [], marker, color=colour, label={"Minsk": "stated by Minsk", "others": "Western, Ukrainian, monitors"}[what])
    ax.plot([], [], "^", color=style.MUTED, label="at least (\u25b2), at most (\u25bc)")
    ax.set(ylim=(-1.5, 33), ylabel="thousand")
    ax.set_title("Russian troops in Belarus, as stated or estimated")
    ax.legend(loc="upper left", **LEGEND)
    words = f"no figures before {seen['year'].min():.0f} in the table"
    ax.text(2021.6, 2, words, color=style.MUTED, fontsize=8.5, ha="right", bbox=HALO)


def _persons(low: float, high: float) -> str:
    if low != low:
        return f"at most {high:,.0f}"
    if high != high:
        return f"at least {low:,.0f}"
    return f"{low:,.0f}" if low == high else f"{low:,.0f} to {high:,.0f}"


def say_overview(drawn: pd.DataFrame) -> str:
    panel = {name: part for name, part in drawn.groupby("panel")}
    yearly = panel["texts"].groupby("year")["low"].sum()
    price, votes, troops = panel["price"], panel["votes"].set_index("year")["low"], panel["troops"]
    by_kind = panel["disputes"]["what"].value_counts()
    first, last = price.iloc[0], price.iloc[-1]
    cases = ", ".join(f"{n} {kind}" for kind, n in by_kind.items())
    return (
        f"Five panels on one time axis. Texts signed: {yearly.sum():.0f} in all, most in {yearly.idxmax():.0f} ({yearly.max():.0f}). "
        f"Gas price: {first['low']:.0f} percent of the {first['what']} price in {first['year']:.0f}, {last['low']:.0f} percent of the "
        f"{last['what']} in {last['year']:.0f}. Disputes: {cases}. Russian troops in Belarus: "
        f"{len(troops)} statements from {troops['year'].min():.0f} to {troops['year'].max():.0f}, between {troops['low'].min():,.0f} and "
        f"{troops[['low', 'high']].max().max():,.0f}. Votes identical with Russia's: {votes.iloc[0]:.0f} percent in {votes.index[0]}, "
        f"lowest {votes.min():.0f} in {votes.idxmin()}, {votes.iloc[-1]:.0f} in {votes.index[-1]}."
    )


# --- events and steps ------------------------------------------------------------------------------------------------


def aligned_rows(dates: pd.Series, found: pd.DataFrame, widest: int) -> pd.DataFrame:
    """Every step within ``widest`` days of an event: event, date, step columns, and days from the event."""
    pairs = dates.rename("event_date").rename_axis("event").reset_index().merge(found, how="cross")
    pairs["from_event"] = (pairs["day"] - pairs["event_date"]).dt.days
    return pairs[pairs["from_event"].abs() <= widest].reset_index(drop=True)


def aligned(ax: Axes, dates: pd.Series, drawn: pd.DataFrame, window: int, widest: int) -> None:
    """One line per event, time from the event along it; hollow marks are rows of the dispute itself."""
    place = {name: i for i, name in enumerate(dates.index)}
    ax.axvspan(-window, window, color=style.BAND, alpha=0.35, linewidth=0)
    ax.axvline(0, color=style.INK, linewidth=1)
    for direction, (marker, colour) in STEP_MARKS.items():
        for own in (False, True):
            rows = drawn[(drawn["direction"] == direction) & ((drawn["part_of"] != "") == own)]
            y = rows["event"].map(place) + (-0.13 if direction == "closer" else 0.13)
            label = f"{direction}, part of a dispute" if own else f"step {direction}"
            _triangles(ax, rows["from_event"], y, direction == "closer", colour, not own)
            ax.plot([], [], marker, color=colour, markerfacecolor=style.PAPER if own else colour, linestyle="none", label=label)
    ax.set_yticks(range(len(dates)), [f"{name} · {date.year}" for name, date in dates.items()])
    _rows_only(ax)
    ax.set(ylim=(len(dates) - 0.4, -0.6), xlim=(-widest - 15, widest + 15), xlabel="Days from the event")
    ax.legend(ncols=4, loc="upper center", bbox_to_anchor=(0.42, 1.1), fontsize=8.5, handletextpad=0.2, columnspacing=1.2)


def _triangles(ax: Axes, x, y, up: bool, colour: str, filled: bool) -> None:
    """Small triangles as one path: a page of marks, each with its own style, would weigh three times as much."""
    tip = -0.16 if up else 0.16  # the axis of rows points down
    corners = [[(a - 13, b - tip), (a, b + tip), (a + 13, b - tip), (a - 13, b - tip)] for a, b in zip(x, y, strict=True)]
    if corners:
        path = Path.make_compound_path(*(Path(each, closed=True) for each in corners))
        ax.add_patch(PathPatch(path, facecolor=colour if filled else style.PAPER, edgecolor=colour, linewidth=0.9, zorder=3))


def _rows_only(ax: Axes) -> None:
    """No grid lines and ticks along the rows: the labels say it, and each would weigh as much as ten marks."""
    ax.grid(False, axis="y")
    ax.tick_params(left=False)


def side_panels(axes: np.ndarray, drawn: pd.DataFrame) -> None:
    """Excess over the null's mean by window and side, on the null's 95 percent range."""
    for ax, (reading, rows) in zip(axes, drawn.groupby("steps", sort=False), strict=True):
        windows = list(dict.fromkeys(rows["window"]))
        for at, (side, (marker, colour)) in zip((-0.25, 0, 0.25), SIDE_MARKS.items(), strict=True):
            own = rows[rows["side"] == side].set_index("window")
            x = np.arange(len(windows)) + at
            ax.vlines(x, own["low"] - own["expected"], own["high"] - own["expected"], color=style.BAND, linewidth=7)
            words = {"before": "before", "after": "after", "difference": "after minus before"}[side]
            ax.plot(x, own["value"] - own["expected"], marker, color=colour, linestyle="none", label=words)
        ax.axhline(0, color=style.INK, linewidth=0.9)
        ax.set_xticks(range(len(windows)), [f"{w} days" for w in windows])
        ax.grid(False, axis="x")
        ax.set_title(reading[:1].upper() + reading[1:])
        ax.set_ylabel("per event, above chance")
    axes[0].legend(ncols=3, loc="upper left")


def say_sides(drawn: pd.DataFrame) -> str:
    parts = []
    for (reading, side), rows in drawn.groupby(["steps", "side"], sort=False):
        told = ", ".join(
            f"{r.value - r.expected:+.2f} ({r.low - r.expected:+.2f} to {r.high - r.expected:+.2f})" for r in rows.itertuples()
        )
        parts.append(f"{reading}, {side}: {told}")
    windows = ", ".join(str(w) for w in dict.fromkeys(drawn["window"]))
    return f"Steps per event above chance, with the range of chance, for windows of {windows} days. " + "; ".join(parts) + "."


# --- power and leave-one-out -----------------------------------------------------------------------------------------


def power_curves(ax: Axes, curve: pd.DataFrame) -> None:
    looks = {0: ("o", "-", style.RUSSIA), 1: ("s", "--", style.MARKET)}
    for at, (level, rows) in enumerate(curve.groupby("level", sort=False)):
        marker, line, colour = looks[at]
        ax.plot(rows["effect"], 100 * rows["share"], color=colour, marker=marker, linestyle=line, label=level, markersize=4.5)
    ax.axhline(80, color=style.MUTED, linewidth=0.9, linestyle=":")
    ax.grid(False, axis="x")
    ax.set(ylim=(0, 103), xlabel="True effect, steps per event", ylabel="% of simulated worlds", title="How often it would be found")
    ax.legend(loc="lower right", fontsize=8.5)


def say_power(curve: pd.DataFrame, out: pd.DataFrame, whole: dict) -> str:
    first = curve[curve["level"] == curve["level"].iloc[0]]
    told = ", ".join(f"{row.effect:g} steps {row.share:.0%}" for row in first.itertuples())
    return (
        f"Share of worlds in which one test finds the effect: {told}. Without one case the difference runs from {out['value'].min():.2f} "
        f"to {out['value'].max():.2f}, within chance from {whole['low']:.2f} to {whole['high']:.2f}."
    )


def leave_one_out(ax: Axes, rows: pd.DataFrame, whole: dict) -> None:
    y = range(len(rows))
    ax.axvspan(whole["low"], whole["high"], color=style.BAND, alpha=0.5, linewidth=0)
    ax.axvline(whole["value"], color=style.INK, linewidth=1)
    ax.plot(rows["value"], y, "D", color=style.INFERRED, linestyle="none", markersize=4.5)
    ax.set_yticks(y, rows["left_out"], fontsize=8)
    _rows_only(ax)
    ax.grid(False)
    ax.set(ylim=(len(rows) - 0.4, -0.6), xlabel="After minus before, per event", title="Without one case")


# --- price, specifications, phases -----------------------------------------------------------------------------------


def lags(ax: Axes, drawn: pd.DataFrame) -> None:
    """Correlations by lag on the range of all shifts; one group of marks per outcome and series."""
    groups = list(drawn.groupby(["series", "steps"], sort=False))
    looks = (("D", style.INFERRED), ("o", style.RUSSIA), ("^", style.MARKET), ("v", style.ALERT))
    for at, ((series, reading), rows) in enumerate(groups):
        x = rows["lag"] + (at - (len(groups) - 1) / 2) * 0.18
        ax.vlines(x, rows["low"], rows["high"], color=style.BAND, linewidth=6)
        marker, colour = looks[at]
        ax.plot(x, rows["rho"], marker, color=colour, linestyle="none", label=f"{series}, {reading}")
    ax.axhline(0, color=style.INK, linewidth=0.9)
    words = ["two years before", "the year before", "same year", "the year after", "two years after"]
    ax.set_xticks(range(-2, 3), words)
    ax.grid(False, axis="x")
    ax.set(ylim=(-0.95, 0.95), ylabel="Rank correlation")
    ax.legend(ncols=2, loc="upper center", bbox_to_anchor=(0.5, 1.2), fontsize=8.5)


def say_lags(drawn: pd.DataFrame) -> str:
    told = "; ".join(f"{r.series}, {r.steps}, lag {r.lag:+d}: {r.rho:+.2f} (p {r.p:.2f})" for r in drawn.itertuples())
    return f"Correlations by lag in years: {told}."


def specification_curve(top: Axes, bottom: Axes, specs: pd.DataFrame, level: float) -> None:
    """Above, the scores in order; below, what each choice does to them: median, middle half, extremes."""
    order = specs["score"].sort_values(kind="stable").to_numpy()
    low = specs.sort_values("score", kind="stable")["p"].to_numpy() < level
    top.axhspan(-1.96, 1.96, color=style.BAND, alpha=0.35, linewidth=0)
    top.axhline(0, color=style.INK, linewidth=0.9)
    top.plot(np.arange(len(order)), order, color=style.RUSSIA, label="score")
    top.plot(np.arange(len(order))[low], order[low], "D", color=style.ALERT, markersize=4.5, linestyle="none", label=f"p below {level:g}")
    top.set(ylabel="score", xlim=(-3, len(order) + 2), xticks=[])
    top.set_title(f"All {len(specs)} specifications, from lowest to highest")
    top.legend(loc="upper left")
    labels, ends = [], []
    for column in ("window", "cases", "dated", "steps", "settlements"):
        for choice, rows in specs.groupby(column, sort=False):
            ends.append(rows["score"].quantile([0, 0.25, 0.5, 0.75, 1]).to_numpy())
            rows_of_disputes = f"rows of disputes {'in' if choice else 'out'}"
            words = {"window": f"{choice} days", "dated": f"from the {choice}", "settlements": rows_of_disputes}
            labels.append(words.get(column, choice))
    for left, right, look in ((0, 4, {"color": style.MUTED, "linewidth": 1}), (1, 3, {"color": style.RUSSIA, "linewidth": 5})):
        x = [value for end in ends for value in (end[left], end[right], np.nan)]
        bottom.plot(x, np.repeat(range(len(labels)), 3), solid_capstyle="butt", **look)
    bottom.plot([end[2] for end in ends], range(len(labels)), "D", color=style.GOLD, markersize=5, linestyle="none")
    _rows_only(bottom)
    bottom.axvline(0, color=style.INK, linewidth=0.9)
    bottom.set_yticks(range(len(labels)), labels, fontsize=8.5)
    bottom.set(ylim=(len(labels) - 0.4, -0.6), xlabel="score: median (diamond), middle half (bar), extremes (line)")


def say_specifications(specs: pd.DataFrame, level: float) -> str:
    medians = "; ".join(
        f"{column} {choice}: {score:+.2f}" for column in ("window", "cases", "dated", "steps", "settlements")
        for choice, score in specs.groupby(column, sort=False)["score"].median().items()
    )  # fmt: skip
    return (
        f"{len(specs)} scores from {specs['score'].min():.2f} to {specs['score'].max():.2f}, median {specs['score'].median():.2f}; "
        f"{(specs['p'] < level).sum()} have p below {level:g}. Median score by choice: {medians}."
    )


def phase_panels(top: Axes, bottom: Axes, shares: pd.DataFrame, turns: list, phased: pd.DataFrame, starts: pd.Series) -> None:
    """Above, the conflict share of the news with its counting error; below, milestones closer and apart, and starts of disputes."""
    error = 196 * np.sqrt(shares["conflict"] * (1 - shares["conflict"]) / shares["events"])
    top.fill_between(shares.index, 100 * shares["conflict"] - error, 100 * shares["conflict"] + error, color=style.BAND, linewidth=0)
    top.plot(shares.index, 100 * shares["conflict"], color=style.RUSSIA, marker="o", markersize=4)
    top.plot(turns, 100 * shares["conflict"].loc[turns], "o", color=style.ALERT, markersize=10, markerfacecolor="none", linestyle="none",
             label="turning point beyond noise")  # fmt: skip
    top.grid(False, axis="x")
    bottom.grid(False, axis="x")
    top.set(ylabel="% of events", ylim=(0, 25), title="Conflict in the news between the two (machine-coded)")
    top.legend(loc="upper left")
    top.text(2026.4, 2, f"table: {shares.index[0]} to {shares.index[-1]}", color=style.MUTED, fontsize=8.5, ha="right")
    up, down = phased[phased["closer"] > 0], phased[phased["apart"] > 0]
    bottom.bar(up["year"], up["closer"], color=style.BELARUS, width=0.75, label="milestones closer")
    bottom.bar(down["year"], -down["apart"], color=style.ALERT, width=0.75, hatch="////", edgecolor=style.PAPER, label="milestones apart")
    counts = starts.dt.year.value_counts().sort_index()
    bottom.plot(counts.index, [-3.1] * len(counts), "s", color=style.MARKET, markersize=5, linestyle="none", label="dispute starts")
    bottom.axhline(0, color=style.INK, linewidth=0.9)
    bottom.set(ylim=(-3.8, 6.4), ylabel="milestones", title="Milestones as this book codes them")
    bottom.set_yticks(range(-2, 6, 1), [str(abs(n)) for n in range(-2, 6)])
    bottom.legend(ncols=3, loc="upper left")


def say_phases(shares: pd.DataFrame, turns: list, phased: pd.DataFrame, starts: pd.Series) -> str:
    told = ", ".join(f"{year} {share:.1%}" for year, share in shares["conflict"].items())
    states = ", ".join(f"{r.year} {r.closer} closer {r.apart} apart" for r in phased.itertuples() if r.closer or r.apart)
    years = ", ".join(map(str, sorted(set(starts.dt.year))))
    return (
        f"Conflict share of machine-coded events: {told}; turning points in {', '.join(map(str, turns))}. Milestones: {states}. "
        f"Energy disputes start in {years}."
    )


def say_aligned(dates: pd.Series, drawn: pd.DataFrame, window: int) -> str:
    near = drawn[drawn["from_event"].abs() <= window]
    after = near[near["from_event"] > 0].groupby(["direction", near["part_of"] != ""]).size()
    before = near[near["from_event"] < 0].groupby(["direction", near["part_of"] != ""]).size()

    def told(counts: pd.Series) -> str:
        return ", ".join(f"{n} {direction}{' (part of a dispute)' if own else ''}" for (direction, own), n in counts.items())

    return f"{len(dates)} events in rows. Rows of steps within {window} days before: {told(before)}; after: {told(after)}."
