"""How the figures on energy disputes look, given what :mod:`unionstate.analysis.disputes` computed, and the same in words."""

from __future__ import annotations

import pandas as pd

from unionstate.analysis import disputes as q
from unionstate.show import style

#: One mark for each kind of pressure: colour, marker, line.
LOOK = {
    "cut": (style.ALERT, "s", "-"),
    "partial cut": (style.MARKET, "D", "-"),
    "threat, duty, ban or refusal": (style.RUSSIA, "^", "-"),
    "no coercion": (style.MUTED, "o", ":"),
}
LANES = {"gas": "gas (or gas first)", "oil": "oil", "other": "electricity, trade, finance"}


def lane_rows(disputes: pd.DataFrame, steps: pd.DataFrame) -> pd.DataFrame:
    """What the lanes draw: one row a case with lane (first domain), start, last, open end, pressure and link."""
    frame = q.spells(disputes, steps).assign(pressure=q.pressure(disputes), open_end=disputes["end"].isna())
    first = frame["domain"].str.split(";").str[0]
    frame["lane"] = pd.Categorical(first.where(first.isin(["gas", "oil"]), "other"), list(LANES), ordered=True)
    kept = ["id", "name", "lane", "start", "last", "open_end", "pressure", "union_state_link", "supply_cut", "first_coercion"]
    return frame.sort_values(["lane", "start", "id"])[kept].reset_index(drop=True)


#: An open case that lasted less would have its arrow under its own mark: the arrow is then drawn over it.
OPEN = pd.Timedelta(days=200)


def draw_lanes(ax, rows: pd.DataFrame) -> None:
    """A line per case from start to end in lanes by what was withheld; mark by pressure, filled where integration was on the table."""
    y = 0.0
    for lane, part in rows.groupby("lane", observed=True):
        ax.axhline(y - 0.8, color=style.GRID, linewidth=1)
        ax.annotate(LANES[lane].upper(), (0, y), xycoords=("axes fraction", "data"), xytext=(3, 0), textcoords="offset points",
                    fontsize=8, fontweight="bold", color=style.MUTED, va="center")  # fmt: skip
        for row in part.itertuples():
            y += 1
            colour, marker, line = LOOK[row.pressure]
            face = colour if row.union_state_link != "no" else style.PAPER
            ax.plot([row.start, row.last], [y, y], line, color=colour, linewidth=3)
            ax.plot([row.start], [y], marker, color=colour, markerfacecolor=face, markersize=6.5, zorder=3)
            if row.open_end:
                ax.plot([row.last], [y], ">", color=colour, markersize=6, zorder=2.5 if row.last - row.start > OPEN else 4)
            left = row.start.year >= 2012
            ax.annotate(f"{row.id} {row.name}", (row.start if left else row.last, y), xytext=(-8 if left else 8, 0), fontsize=8,
                        textcoords="offset points", ha="right" if left else "left", va="center")  # fmt: skip
        y += 1.6
    counts = rows["pressure"].value_counts()
    for kind, (colour, marker, line) in LOOK.items():
        ax.plot([], [], marker=marker, linestyle=line, color=colour, linewidth=3, label=f"{kind} ({counts[kind]})")
    ax.plot([], [], "o", color=style.INK, label="filled: integration on the table")
    ax.plot([], [], "o", color=style.INK, fillstyle="none", label="hollow: not")
    years = range(2000, 2027, 5)
    ax.set(ylim=(y - 0.6, -1), yticks=[], xlim=(pd.Timestamp("1999-07-01"), pd.Timestamp("2027-03-01")))
    ax.xaxis.set_ticks(pd.to_datetime([f"{year}-01-01" for year in years]), years)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="y", visible=False)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.04), ncols=3, fontsize=8.5)


def say_lanes(rows: pd.DataFrame) -> str:
    lanes = ", ".join(f"{LANES[lane]} {n}" for lane, n in rows["lane"].value_counts(sort=False).items())
    kinds = ", ".join(f"{kind} {n}" for kind, n in rows["pressure"].value_counts(sort=False).items())
    long = rows.loc[(rows["last"] - rows["start"]).idxmax()]
    return (
        f"Time axis with {len(rows)} cases in {rows['lane'].nunique()} lanes: {lanes}. By pressure: {kinds}. Integration on the table in "
        f"{(rows['union_state_link'] != 'no').sum()}. The longest is {long['name']}; {rows['open_end'].sum()} have no known end."
    )


SIDE_LOOK = {
    "Russia": (style.RUSSIA, ""),
    "both": (style.GOLD, "----"),
    "Belarus": (style.BELARUS, "////"),
    "none": (style.BAND, ""),
}
PATCH = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 1.2}


def draw_began(ax, counts: pd.DataFrame) -> None:
    """Stacked bars of :func:`q.who_began`, one a reading and set of cases, each piece with its count."""
    place, labels = [], []
    for i, row in enumerate(counts.itertuples()):
        y = i + 0.5 * (i // 2)
        start = 0
        for side, (colour, hatch) in SIDE_LOOK.items():
            n = getattr(row, side)
            label = side if i == 0 else None
            ax.barh(y, n, left=start, color=colour, hatch=hatch, edgecolor=style.PAPER, linewidth=0.8, height=0.75, label=label)
            if n:
                ax.text(
                    start + n / 2,
                    y,
                    str(n),
                    ha="center",
                    va="center",
                    fontsize=9,
                    bbox=PATCH,
                )
            start += n
        place.append(y)
        labels.append(f"{row.reading}\n({row.cases})")
    ax.set_yticks(place, labels)
    ax.invert_yaxis()
    ax.set(xlabel="cases", xticks=range(0, 25, 5))
    ax.grid(axis="y", visible=False)
    ax.legend(loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=4)


def draw_grid(ax, cells: pd.DataFrame, row: str, column: str, title: str, labels: bool = True) -> None:
    """A table of counts with the cases in small print; ``cells`` long, with categories ``row`` and ``column``, count and cases."""
    rows, columns = (list(cells[name].cat.categories) for name in (row, column))
    for cell in cells.itertuples():
        x, y = columns.index(getattr(cell, column)), rows.index(getattr(cell, row))
        if cell.count:
            ax.add_patch(_box(x, y, cell.count))
        ax.text(x, y - 0.16, str(cell.count), ha="center", va="center", fontsize=12, color=style.INK if cell.count else style.MUTED)
        ids = cell.cases.split()
        lines = [" ".join(ids[i : i + 2]) for i in range(0, len(ids), 2)]
        ax.text(x, y + 0.02, "\n".join(lines), ha="center", va="top", fontsize=7.8, linespacing=1.15)
    ax.set(xlim=(-0.5, len(columns) - 0.5), ylim=(len(rows) - 0.5, -0.5), title=title)
    ax.set_xticks(range(len(columns)), [c.replace(" ", "\n") for c in columns], fontsize=8.5)
    ax.set_yticks(range(len(rows)), [_wrapped(r) for r in rows] if labels else [""] * len(rows), fontsize=8.5)
    ax.tick_params(length=0)
    ax.grid(visible=False)


def _box(x: float, y: float, count: int):
    from matplotlib.patches import Rectangle

    return Rectangle((x - 0.47, y - 0.47), 0.94, 0.94, facecolor=style.BAND, alpha=min(1.0, 0.2 + 0.12 * count), linewidth=0)


def _wrapped(words: str) -> str:
    return words.replace("threat, duty, ban or refusal", "threat, duty,\nban or refusal")


AMOUNT_LOOK = {
    "debt": (style.RUSSIA, "o"),
    "loan": (style.GOLD, "P"),
    "sale": (style.BELARUS, "s"),
    "claimed loss": (style.ALERT, "^"),
    "bill a year": (style.MARKET, "v"),
    "revenue a year": (style.INFERRED, "D"),
}


def draw_amounts(ax, rows: pd.DataFrame) -> None:
    """Money at stake as a percentage of the year's product, by year, on a logarithmic axis; hollow where loss is claimed by one side.

    ``rows``: frame of :func:`q.amounts`; cases with a cut are named so.
    """
    for what, (colour, marker) in AMOUNT_LOOK.items():
        part = rows[rows["what"] == what]
        ax.plot(
            part["start"],
            part["share"],
            marker,
            color=colour,
            markersize=6.5,
            label=what,
            fillstyle="none" if what == "claimed loss" else "full",
        )
        for row in part.itertuples():
            words = f"{row.id} (cut)" if row.cut else row.id
            ax.annotate(words, (row.start, row.share), xytext=(6, 3), textcoords="offset points", fontsize=8)
    ticks = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]
    ax.set(yscale="log", ylabel="% of the GDP of the year", ylim=(0.05, 14), xlim=(pd.Timestamp("1999-06-01"), pd.Timestamp("2021-12-31")))
    ax.set_yticks(ticks, [f"{t:g}" for t in ticks])
    ax.minorticks_off()
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)


def draw_arrears(ax, implied: pd.DataFrame, reported: pd.DataFrame) -> None:
    """Arrears on record as dots against those that the unilateral price would have made, with the band of the volumes."""
    ax.fill_between(implied["date"], implied["low"], implied["high"], color=style.BAND)
    ax.plot(implied["date"], implied["volume"], color=style.INFERRED, label="if the unilateral price had been paid for all gas (inferred)")
    ax.plot(reported["date"], reported["amount"], "o", color=style.RUSSIA, label="arrears on record")
    for row in reported.itertuples():
        ax.annotate(f"{row.amount:.0f}", (row.date, row.amount), xytext=(-7, 4), textcoords="offset points", fontsize=8.5, ha="right")
    ax.set(ylabel="million USD", ylim=(0, None), xlim=(pd.Timestamp("2016-01-01"), pd.Timestamp("2017-05-15")))
    ticks = pd.to_datetime(["2016-01-01", "2016-04-01", "2016-07-01", "2016-10-01", "2017-01-01", "2017-04-01"])
    ax.set_xticks(ticks, [f"{t:%b %Y}" for t in ticks])
    ax.legend(loc="upper left")


def draw_knot(ax, rows: pd.DataFrame, events: pd.DataFrame) -> None:
    """The cases of 2018-2020 as lines, over dated events as dotted lines with their words between the axis and the first lane."""
    order = rows.sort_values(["start", "id"]).reset_index(drop=True)
    for row in order.itertuples():
        colour, marker, line = LOOK[row.pressure]
        ax.plot([row.start, row.last], [row.Index, row.Index], line, color=colour, linewidth=4)
        ax.plot([row.start], [row.Index], marker, color=colour, markersize=7)
        words = f"{row.id} {row.name}"
        ax.annotate(words, (row.start, row.Index), xytext=(0, 7), textcoords="offset points", fontsize=8.5, bbox=PATCH)
    n = len(order)
    for i, event in enumerate(events.sort_values("date").reset_index(drop=True).itertuples()):
        y = n + 0.2 + 0.62 * i
        ax.plot([event.date, event.date], [-0.8, y], ":", color=style.MUTED, linewidth=0.9, zorder=1)
        left = event.date > pd.Timestamp("2019-07-01")
        when = event.date.strftime("%Y-%m" if event.date_precision == "month" else "%Y-%m-%d")
        ax.annotate(f"{when} {event.words}", (event.date, y), xytext=(-3 if left else 3, 0), textcoords="offset points",
                    fontsize=8, ha="right" if left else "left", va="center", bbox=PATCH)  # fmt: skip
    ax.set(ylim=(n + 0.62 * len(events) + 0.2, -0.9), yticks=[], xlim=(pd.Timestamp("2018-06-01"), pd.Timestamp("2020-12-01")))
    ticks = pd.date_range("2018-07-01", "2020-10-01", freq="6MS")
    ax.set_xticks(ticks, [f"{t:%b %Y}" for t in ticks])
    ax.spines["left"].set_visible(False)
    ax.grid(axis="y", visible=False)
