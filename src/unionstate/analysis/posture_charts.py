"""Drawing of the posture chapter: marks only. What is drawn is computed in :mod:`unionstate.analysis.posture`."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import YearLocator
from matplotlib.lines import Line2D
from matplotlib.patches import Ellipse
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from unionstate.analysis import posture as analysis
from unionstate.show import maps, style
from unionstate.show.charts import HALO, rows, tell

#: Grade of a row of the table of claims → marker and colour, the same on every chart of the chapter. The shape says it alone.
CLAIM_MARKS = {
    analysis.CLAIM: ("o", style.OFFICIAL),
    analysis.CONFIRMED: ("D", style.INDEPENDENT),
    analysis.DOUBTED: ("X", style.ALERT),
}
#: Grade of a site → the mark of the rows that decide it.
GRADE_MARKS = {
    analysis.CLAIMED: CLAIM_MARKS[analysis.CLAIM],
    analysis.SEEN: CLAIM_MARKS[analysis.CONFIRMED],
    analysis.DOUBT: CLAIM_MARKS[analysis.DOUBTED],
}
#: Status of a site → words under its name on the map.
STATUS_WORDS = {
    "in use": "in use",
    "left": "left",
    "not established": "use not known",
    "suspected": "suspected",
    "refused or dropped": "dropped",
}
#: Each grade has its height within a lane, so that a claim and a doubt of one month do not hide each other.
CLAIM_SHIFT = {analysis.CLAIM: -0.27, analysis.CONFIRMED: 0.0, analysis.DOUBTED: 0.27}
#: Radius in kilometres of the ring around a point that stands for no exact place. A drawing convention, not a measured error.
RINGS_KM = {"airfield": 0, "town": 12, "approximate": 20}
KM_PER_DEGREE = 111.2
WINDOW = (21.6, 50.9, 33.6, 56.45)
NEIGHBOURS = {
    "BLR": ("Belarus", 28.35, 55.05),
    "LTU": ("Lithuania", 24.0, 55.55),
    "LVA": ("Latvia", 26.6, 56.25),
    "POL": ("Poland", 22.5, 52.6),
    "KGD": ("Russia", 22.2, 54.6),
    "RUS": ("Russia", 32.5, 55.5),
    "UKR": ("Ukraine", 29.8, 51.05),
}
#: Site → where its label stands, in points from the mark, and which side of the label touches it.
LABELS = {
    "F-VILEYKA": (14, 8, "left"),
    "F-HANTSAVICHY": (13, -8, "left"),
    "F-LIDA": (0, 16, "center"),
    "F-BABRUYSK": (8, -9, "left"),
    "F-BARANAVICHY": (8, 9, "left"),
    "F-GRODNO": (10, -11, "left"),
    "F-LUNINETS": (-9, -13, "right"),
    "F-ZIABRAUKA": (-4, -26, "center"),
    "F-MAZYR": (-10, -10, "right"),
    "F-OBUZ": (-14, -13, "right"),
    "F-MACHULISHCHY": (8, 13, "left"),
    "F-ASIPOVICHY-DEPOT": (12, 10, "left"),
    "F-ASIPOVICHY-TSEL": (-3, 20, "right"),
    "F-KRICHEV": (0, 19, "center"),
}
#: Two sites that share a town are drawn side by side; degrees of longitude.
APART = {"F-ASIPOVICHY-DEPOT": 0.11, "F-ASIPOVICHY-TSEL": -0.11}


def years(ax: Axes, first: int, last: int, step: int) -> None:
    ax.set_xlim(pd.Timestamp(first, 1, 1), pd.Timestamp(last, 7, 1))
    ax.xaxis.set_major_locator(YearLocator(step))


def key(ax_or_figure, entries: list[tuple], **where) -> None:
    """A legend of (label, marker, colour, filled)."""
    marks = [
        Line2D([], [], linestyle="", marker=marker, color=colour, markerfacecolor=colour if filled else style.PAPER, label=label)
        for label, marker, colour, filled in entries
    ]
    ax_or_figure.legend(handles=marks, **where)


def site_map(ax: Axes, countries: pd.DataFrame, sites: pd.DataFrame) -> None:
    """Sites on the outline of Belarus: shape is grade, words are status, hollow with a ring where the point is no exact place."""
    maps.base(ax, countries, {"BLR": {"facecolor": style.GRID}}, NEIGHBOURS, WINDOW)
    middle = np.cos(np.radians((WINDOW[1] + WINDOW[3]) / 2))
    for site in sites.itertuples():
        (marker, colour), exact = GRADE_MARKS[site.grade], str(site.coord_kind) == "airfield"
        x, y = site.lon + APART.get(site.id, 0), site.lat
        if not exact:
            high = 2 * RINGS_KM[str(site.coord_kind)] / KM_PER_DEGREE
            ring = Ellipse((x, y), high / middle, high, facecolor="none", edgecolor=colour, linestyle="--", linewidth=0.8, zorder=4)
            ax.add_patch(ring)
        (mark,) = ax.plot(x, y, marker, color=colour, markerfacecolor=colour if exact else style.PAPER, markersize=6.5, zorder=6)
        tell(mark, f"{site.name}: {STATUS_WORDS[str(site.status_kind)]}; {site.grade}", site)
        dx, dy, side = LABELS.get(site.id, (8, 0, "left"))
        words = f"{site.short}\n{STATUS_WORDS[str(site.status_kind)]}"
        place = {"ha": side, "va": "center", "multialignment": side}
        ax.annotate(words, (x, y), xytext=(dx, dy), textcoords="offset points", fontsize=7.5, zorder=5, bbox=HALO, **place)
    grades = [(grade, *mark, True) for grade, mark in GRADE_MARKS.items()]
    exact = [("filled: an airfield", "s", style.MUTED, True), ("hollow, ringed: a town, or approximate", "s", style.MUTED, False)]
    key(ax.figure, grades + exact, loc="outside lower center", ncols=3, fontsize=8.5)


def site_lanes(ax: Axes, lane: pd.DataFrame, claims: pd.DataFrame, end: pd.Timestamp, first: int = 2000) -> None:
    """A lane a site: solid while use is known, striped while it is possible, with every claim and finding as a mark on it."""
    left = pd.Timestamp(first, 1, 1)
    for i, site in enumerate(lane.itertuples()):
        if pd.notna(site.start) and pd.notna(site.until):
            begin = max(site.start, left)
            known = begin if pd.isna(site.known) else site.known
            ax.barh(i, known - begin, left=begin, height=0.5, color=style.BAND)
            if site.until > known:
                ax.barh(
                    i, site.until - known, left=known, height=0.5, facecolor=style.PAPER, edgecolor=style.BAND, hatch="///", linewidth=0
                )
            if site.start < left:
                ax.annotate(f"since {site.start.year}", (left, i), xytext=(5, 0), textcoords="offset points", va="center", fontsize=7.5)
        for grade, (marker, colour) in CLAIM_MARKS.items():
            said = claims[(claims["facility"] == site.id) & (claims["grade"].astype(str) == grade)]
            for named, rows_of in said.groupby("place_named"):
                face = colour if named else style.PAPER
                look = {"color": colour, "markerfacecolor": face, "markersize": 5.5, "linestyle": "", "zorder": 4}
                ax.plot(rows_of["date"], [i + CLAIM_SHIFT[grade]] * len(rows_of), marker, **look)
    rows(ax, list(lane["short"]))
    years(ax, first, end.year, 5)
    entries = [(grade, *mark, True) for grade, mark in CLAIM_MARKS.items()]
    entries.append(("hollow: names no place", "s", style.MUTED, False))
    key(ax.figure, entries, loc="outside upper center", ncols=4, fontsize=8.5)


def site_count(ax: Axes, count: pd.DataFrame) -> None:
    """Other than technical sites in use: a band between at least and at most, steps at each month's end."""
    ax.fill_between(count["day"], count["low"], count["high"], step="post", color=style.BAND, label="other sites, at least to at most")
    ax.step(count["day"], count["low"], where="post", color=style.INK, linewidth=1.2)
    ax.step(count["day"], count["high"], where="post", color=style.INK, linewidth=1.2, linestyle="--")
    ax.step(count["day"], count["technical"], where="post", color=style.RUSSIA, linewidth=1.6, linestyle=":", label="radar and transmitter")
    ax.set_ylabel("Sites")
    ax.set_ylim(0, count["high"].max() + 1.5)
    ax.yaxis.set_major_locator(FixedLocator(range(0, int(count["high"].max()) + 2, 2)))
    ax.legend(loc="upper left")


def lanes_drawn(lane: pd.DataFrame, claims: pd.DataFrame, count: pd.DataFrame) -> pd.DataFrame:
    """What the chart of lanes draws, in one table: each lane with its marks, then the counts by day."""
    marks = claims[["facility", "date", "grade", "place_named", "speaker"]].rename(columns={"facility": "id", "grade": "mark"})
    shown = lane[["id", "short", "start", "known", "until", "status_kind", "grade"]]
    return pd.concat([shown.merge(marks, on="id", how="left"), count], ignore_index=True)


def instrument_lanes(ax: Axes, frame: pd.DataFrame, first: int = 1992, last: int = 2026) -> None:
    """Signed and what ended the wait; the wait is the line between. Where no end was found an open arrow starts at the signature."""
    ends = {
        "in force": ("s", style.OFFICIAL, True),
        "approved by Belarus": ("^", style.BELARUS, False),
        "ratified by Russia": ("v", style.RUSSIA, False),
        "adopted in another form": ("D", style.INFERRED, False),
    }
    for i, row in enumerate(frame.itertuples()):
        if pd.notna(row.until):
            marker, colour, filled = ends[row.end_kind]
            ax.plot([row.signed, row.until], [i, i], color=colour, linewidth=3, alpha=1, solid_capstyle="butt", zorder=2)
            ax.plot(row.until, i, marker, color=colour, markerfacecolor=colour if filled else style.PAPER, markersize=6, zorder=4)
            wait = f"{row.days / 365.25:.1f} years" if row.days > 365 else f"{row.days:.0f} days"
            ax.annotate(wait, (row.until, i), xytext=(8, 0), textcoords="offset points", va="center", fontsize=8)
        else:
            to = row.signed + pd.Timedelta(700, "D")
            ax.annotate("", (to, i), (row.signed, i), arrowprops={"arrowstyle": "->", "color": style.MUTED})
            ax.annotate("not found", (to, i), xytext=(3, 0), textcoords="offset points", va="center", fontsize=8, color=style.MUTED)
        ax.plot(row.signed, i, "o", color=style.INK, markersize=5, zorder=5)
    rows(ax, list(frame["name"]))
    years(ax, first, last + 3, 4)
    key(
        ax.figure,
        [("signed", "o", style.INK, True), *((k, *v) for k, v in ends.items())],
        loc="outside upper center",
        ncols=5,
        fontsize=8.5,
    )


SIDE_MARKS = {
    "Belarusian officials": ("o", style.OFFICIAL),
    "other governments": ("s", style.INFERRED),
    "monitors": ("D", style.INDEPENDENT),
}
#: Row of ``military/troops`` → where the name of the claimant stands, in points from the mark.
SPEAKERS = {
    "TR-01": ("NATO", 8, 0, "left"),
    "TR-03": ("Lukashenko", -7, 6, "right"),
    "TR-04": ("Ministry of Defence", -7, -8, "right"),
    "TR-05": ("monitors", 6, 15, "left"),
    "TR-06": ("Ukraine", 7, -2, "left"),
    "TR-07": ("Ukraine", 8, 0, "left"),
    "TR-08": ("Ukraine", -7, 0, "right"),
    "TR-09": ("Ukraine", 6, -50, "left"),
    "TR-11": ("Hajun, two figures", 8, 0, "left"),
    "TR-12": ("Wagner, by Hajun (up to)", 8, 0, "left"),
    "TR-14": ("Lithuania, for Zapad-2025", -8, 0, "right"),
}
TROOP_TICKS = (0, 500, 2_000, 5_000, 10_000, 20_000, 30_000)


def troop_marks(ax: Axes, frame: pd.DataFrame) -> None:
    """Figures by date on a square-root scale: a point, a range, an arrow up from a floor, an arrow down from a ceiling."""
    for row in frame.itertuples():
        marker, colour = SIDE_MARKS[row.side]
        hollow = row.measure in ("expected", "announced ceiling", "upper figure named") or row.force.startswith("Wagner")
        face = style.PAPER if hollow else colour
        if row.shape == "words only":
            ax.annotate(
                "Ukraine:\nwords only", (row.date, 0), xytext=(0, 5), textcoords="offset points", ha="center", fontsize=7.5, color=colour
            )
            continue
        ends = sorted({v for v in (row.low, row.high) if v == v})
        ax.plot([row.date] * len(ends), ends, color=colour, linewidth=1.6, zorder=2)
        ax.plot([row.date] * len(ends), ends, marker, color=colour, markerfacecolor=face, linestyle="", markersize=6, zorder=3)
        if row.shape in ("floor", "ceiling"):
            to = ends[0] * (1.35 if row.shape == "floor" else 0.55)
            ax.annotate("", (row.date, to), (row.date, ends[0]), arrowprops={"arrowstyle": "-|>", "color": colour, "linewidth": 1.3})
    for row in frame[frame["id"].isin(SPEAKERS)].itertuples():
        text, dx, dy, side = SPEAKERS[row.id]
        top = row.high if row.high == row.high else row.low
        ax.annotate(text, (row.date, top), xytext=(dx, dy), textcoords="offset points", ha=side, va="center", fontsize=8, color=style.INK)
    ax.set_yscale("function", functions=(lambda v: np.sqrt(np.clip(v, 0, None)), np.square))
    ax.set_ylim(0, 34_000)
    ax.yaxis.set_major_locator(FixedLocator(TROOP_TICKS))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:,.0f}"))
    ax.set_ylabel("Persons (square-root scale)")
    ax.set_xlim(pd.Timestamp(2021, 11, 15), pd.Timestamp(2025, 12, 31))
    ax.xaxis.set_major_locator(YearLocator())
    entries = [(side, *mark, True) for side, mark in SIDE_MARKS.items()]
    entries.append(("hollow: announced or expected; Wagner", "o", style.MUTED, False))
    key(ax.figure, entries, loc="outside upper center", ncols=4, fontsize=8.5)


def arms_lanes(ax: Axes, marks: pd.DataFrame, compared: pd.DataFrame, end: int) -> None:
    """A lane a weapon: above SIPRI's years of delivery with the number, below the lots of the news; a question mark is no count."""
    families = list(compared["family"])
    for i, family in enumerate(families):
        for row in marks[marks["family"] == family].itertuples():
            theirs = row.list == "SIPRI"
            y, colour = (i - 0.12, style.INDEPENDENT) if theirs else (i + 0.24, style.OFFICIAL)
            span = [row.first, row.last]
            ax.plot(span, [y, y], "s-" if theirs else "o", color=colour, markersize=4.5, linewidth=2.2, markerfacecolor=colour)
            number = "?" if pd.isna(row.quantity) else f"{row.quantity:.0f}"
            middle = (row.first + row.last) / 2
            up = {"xytext": (0, 3), "va": "bottom"} if theirs else {"xytext": (6, 0), "va": "center", "ha": "left"}
            ax.annotate(number, (middle, y), textcoords="offset points", fontsize=7.5, color=colour, **{"ha": "center", **up})
        if i % 2:
            ax.axhspan(i - 0.5, i + 0.5, color=style.BAND, alpha=0.25, linewidth=0, zorder=0)
    ax.axvline(end + 0.5, color=style.MUTED, linewidth=1, linestyle="--")
    ax.annotate("register ends", (end + 0.5, -0.55), xytext=(3, 0), textcoords="offset points", fontsize=7.5, color=style.MUTED, va="top")
    rows(ax, families)
    ax.set_xlim(1997.5, 2027)
    ax.grid(axis="y", visible=False)
    entries = [
        ("SIPRI: pieces, all years of the lot", "s", style.INDEPENDENT, True),
        ("news: in the unit of the report", "o", style.OFFICIAL, True),
    ]
    key(ax.figure, entries, loc="outside upper center", ncols=2)


LINES = {
    "BLR": ("Belarus", style.BELARUS, "-", 2.6),
    "RUS": ("Russia", style.RUSSIA, "-", 1.6),
    "POL": ("Poland", style.MARKET, "--", 1.6),
    "LTU": ("Lithuania", style.GOLD, "-.", 1.6),
    "LVA": ("Latvia", style.MUTED, (0, (6, 1.5)), 1.4),
    "UKR": ("Ukraine", style.INFERRED, ":", 1.8),
}


def country_lines(ax: Axes, wide: pd.DataFrame, label: str, ticks: tuple, first: int, shift: dict | None = None) -> None:
    """Lines of the six states on a logarithmic scale, named at their ends; ``shift`` moves a name by points."""
    shown = wide.loc[first:]
    for country, (name, colour, dash, width) in LINES.items():
        line = shown[country].dropna()
        ax.plot(line.index.astype(int), line, color=colour, linestyle=dash, linewidth=width)
        ax.annotate(
            name,
            (int(line.index[-1]), line.iloc[-1]),
            xytext=(5, (shift or {}).get(country, 0)),
            textcoords="offset points",
            va="center",
            fontsize=8.5,
            color=colour,
        )
    ax.set_yscale("log")
    ax.yaxis.set_major_locator(FixedLocator(ticks))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:,g}"))
    ax.set_title(label)
    ax.set_xlim(first - 0.5, int(shown.index[-1]) + 3.8)


def odd_rate(ax: Axes, ratio: pd.Series, first: int) -> None:
    """Share of GDP in dollars over SIPRI's dollars: bars from one, so that an odd rate stands out."""
    shown = ratio.loc[first:]
    ax.bar(shown.index.astype(int), shown - 1, bottom=1, color=style.ALERT, width=0.6)
    ax.axhline(1, color=style.INK, linewidth=1)
    for year, value in shown.items():
        if abs(value - 1) > 0.02:
            above = value > 1
            ax.annotate(
                f"{value:.2f}",
                (int(year), value),
                xytext=(0, 3 if above else -3),
                textcoords="offset points",
                ha="center",
                va="bottom" if above else "top",
                fontsize=8,
            )
    ax.set_ylim(0.86, 1.16)
    ax.set_title("Belarus: dollars that the share of GDP implies, divided by SIPRI's dollars")


def two_counts(ax: Axes, frame: pd.DataFrame) -> None:
    """Soldiers of Belarus by the two counts; a line breaks where a jump or a gap starts a new run, and the jump is marked."""
    looks = {
        "COW": (style.BELARUS, "o", "-", "Correlates of War: active"),
        "World Bank": (style.MARKET, "s", "--", "World Bank: with paramilitaries"),
    }
    for data_set, (colour, marker, dash, label) in looks.items():
        some = frame[frame["data_set"].astype(str) == data_set]
        for i, (_, run) in enumerate(some.groupby("run")):
            ax.plot(run["year"].astype(int), run["personnel"], dash, color=colour, marker=marker, markersize=3, label=None if i else label)
        jumps = some[some["jump"].astype(bool)]
        ax.plot(jumps["year"].astype(int), jumps["personnel"], "o", color=style.ALERT, markersize=9, markerfacecolor="none", label=None)
    ax.plot([], [], "o", color=style.ALERT, markersize=9, markerfacecolor="none", linestyle="", label="jump")
    ax.set_ylim(0, 215)
    ax.set_ylabel("Thousand persons")
    ax.figure.legend(*ax.get_legend_handles_labels(), loc="outside upper center", ncols=3, fontsize=8.5)


SHARE_TICKS, INDEX_TICKS = (0.5, 1, 2, 4, 8, 16, 32), (25, 50, 100, 200, 400, 800, 1600)


def money_drawn(share: pd.DataFrame, growth: pd.DataFrame, ratio: pd.Series, first: int) -> pd.DataFrame:
    """What the chart of spending draws, in one table: panel, country, year, value."""
    panels = [wide.loc[first:, list(LINES)].melt(ignore_index=False, value_name="value").reset_index() for wide in (share, growth)]
    check = ratio.loc[2010:].rename("value").reset_index().assign(country="BLR")
    named = zip(("share of GDP, percent", "constant dollars, index", "implied dollars over SIPRI's dollars"), (*panels, check), strict=True)
    return pd.concat([frame.assign(panel=name) for name, frame in named], ignore_index=True)[["panel", "country", "year", "value"]]


# --- what a reader who sees no chart must know ----------------------------------------------------------------


def say_map(sites: pd.DataFrame) -> str:
    status = sites["status_kind"].astype(str).value_counts()
    listed = ", ".join(f"{n} {kind}" for kind, n in status.items())
    named = "; ".join(f"{grade}: {', '.join(sites.loc[sites['grade'] == grade, 'short'])}" for grade in GRADE_MARKS)
    return f"Map of Belarus with {len(sites)} sites: {listed}. By grade of evidence, {named}."


def say_count(lane: pd.DataFrame, days: dict[str, pd.Series]) -> str:
    """``days``: what a day is → its row of :func:`unionstate.analysis.posture.in_use`."""
    told = "; ".join(f"{what} ({row['day']:%Y-%m-%d}) {row['low']} to {row['high']}" for what, row in days.items())
    return f"Lanes of {len(lane)} sites with claims and findings. Sites in use besides radar and transmitter: {told}."


def say_instruments(paper: pd.DataFrame) -> str:
    ended = paper.dropna(subset=["until"]).itertuples(index=False)
    gaps = "; ".join(f"{lane.name}: {lane.days:,.0f} days, {lane.end_kind}" for lane in ended)
    none = ", ".join(paper.loc[paper["until"].isna(), "name"])
    return f"Lanes from signature to the end of the wait. {gaps}. No date found: {none or 'nowhere'}."


def say_troops(spoken: pd.DataFrame) -> str:
    points = spoken.dropna(subset=["low", "high"], how="all")
    heard = "; ".join(f"{r.date:%Y-%m} {r.claimant} {analysis.say_range(r.low, r.high)}" for r in points.itertuples())
    return f"Persons by date and speaker: {heard}. {len(spoken) - len(points)} statements name no number."


def say_arms(compared: pd.DataFrame) -> str:
    told = (
        f"{r.family} {r.sipri:.0f} in {r.years}, {'no count' if r.news != r.news else f'{r.news:.0f} {r.unit}'} ({r.agreement})"
        for r in compared.itertuples()
    )
    return f"Pieces by SIPRI, then the news: {'; '.join(told)}."


def say_money(share: pd.DataFrame, growth: pd.DataFrame, ratio: pd.Series, year: int) -> str:
    ends = ", ".join(f"{LINES[c][0]} {share.loc[year, c]:.1f} percent and {growth.loc[year, c]:.0f}" for c in LINES)
    checked = ", ".join(f"{value:.2f} in {when}" for when, value in ratio.loc[2021:].items())
    return f"{year}, share of GDP and index: {ends}. Check for Belarus: {checked}."
