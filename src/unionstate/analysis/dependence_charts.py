"""Drawing for the chapter on dependence: what a figure looks like, never what it says. Each function returns a figure."""

from __future__ import annotations

import pandas as pd

from unionstate.analysis import dependence as d
from unionstate.show import style
from unionstate.show.charts import break_line

LEGEND = {"loc": "outside upper center", "fontsize": 8}

STATES = {
    "BLR": ("Belarus", style.BELARUS, "o"),
    "LTU": ("Lithuania", style.GOLD, "s"),
    "ARM": ("Armenia", style.INFERRED, "D"),
    "UKR": ("Ukraine", style.RUSSIA, "^"),
    "POL": ("Poland", style.MARKET, "v"),
}
EDITIONS = {"mix-2022": ("s", style.MUTED), "share-2026": ("o", style.RUSSIA), "energy-2026": ("D", style.MARKET)}
SIDES = {
    "Russian officials": ("s", style.RUSSIA),
    "Belarusian officials": ("o", style.BELARUS),
    "foreign and international bodies": ("^", style.GOLD),
    "independent": ("D", style.MARKET),
}
BENCHMARKS = {
    "German border": (style.MARKET, "o-"),
    "German imports": (style.RUSSIA, "s-"),
    "Gazprom average": (style.INFERRED, "D"),  # single years
    "Pink Sheet": (style.GOLD, "^-"),
}
#: A dotted hatch weighs ten times as much as a line in SVG.
LENDERS = {
    "Russia, state": (style.RUSSIA, ""),
    "Eurasian fund": (style.GOLD, "//"),
    "Azerbaijan and China": (style.MUTED, "\\\\"),
    "Russia, nuclear credit (ceiling)": (style.INFERRED, "xx"),
}
#: billion USD: the credit line of the plant would flatten the rest, so its bar is cut here and its amount written out.
CUT = 6
RATIOS = {
    "energy": ("s", style.GOLD),
    "trade": ("^", style.MARKET),
    "debt": ("D", style.RUSSIA),
    "support": ("v", style.INFERRED),
}


def compared(imported: pd.DataFrame, traded: pd.DataFrame):
    """Two panels, a line a state: net energy imports (a marker every fifth year) and trade with Russia (a marker a year)."""
    with style.canvas(1, 2, height=3.7) as (fig, axes):
        for ax, shares, every in zip(axes, (imported, traded), (5, 1), strict=True):
            for code, (name, colour, marker) in STATES.items():
                ax.plot(shares[code], color=colour, marker=marker, markevery=every, markersize=3.5, linewidth=1.2, label=name)
            ax.set(ylim=(0, 100), xlim=(1989, 2020))
        axes[0].set(title="Net energy imports", ylabel="% of energy use", ylim=(-5, 100))
        axes[1].set(title="Goods trade with Russia", ylabel="% of goods trade")
    fig.legend(*axes[0].get_legend_handles_labels(), ncols=5, **LEGEND)
    return fig


def power(rows: pd.DataFrame, on_grid: pd.Timestamp):
    """Gas and nuclear power in electricity, an edition a line, and the day on which the plant joined the grid."""
    with style.canvas(height=4.0) as (fig, ax):
        for edition, (marker, colour) in EDITIONS.items():
            one = rows[rows["edition"] == edition].set_index("year")
            ax.plot(one["gas"], marker=marker, markersize=4, color=colour, linewidth=1.2, label=f"gas, {edition}")
        for edition, look, colour in (("share-2026", "^-", style.BELARUS), ("energy-2026", "v--", style.GOLD)):
            one = rows[(rows["edition"] == edition) & (rows["year"] >= 2015)].set_index("year")
            ax.plot(one["nuclear"], look, color=colour, markersize=4, linewidth=1.2, label=f"nuclear, {edition}")
        ax.set(ylabel="% of electricity generated", ylim=(0, 108), xlim=(1999, 2026))
    at = on_grid.year + on_grid.day_of_year / 366
    break_line(ax, at, "")
    ax.annotate("first unit on the grid", (at - 0.2, 45), rotation=90, fontsize=8, color=style.ALERT, ha="right", va="center")
    ax.legend(loc="center left", bbox_to_anchor=(0.0, 0.4), fontsize=8)
    return fig


def _forest(ax, rows: pd.DataFrame) -> None:
    """One line an estimate, from its smallest to its largest reading; marker and colour say whose it is."""
    for place, row in enumerate(rows.itertuples()):
        marker, colour = SIDES[row.side]
        ends = [row.low] if row.low == row.high else [row.low, row.high]
        ax.plot(ends, [place] * len(ends), marker=marker, color=colour, linewidth=3, markersize=5, solid_capstyle="butt")
    ax.set_yticks(range(len(rows)), [d.label(row) for row in rows.itertuples()], fontsize=8)
    ax.set_ylim(len(rows) - 0.4, -0.6)


def _sides(ax) -> None:
    for name, (marker, colour) in SIDES.items():
        ax.plot([], [], marker, color=colour, label=name)


def levels(rows: pd.DataFrame):
    """Estimates of a level, each beside the gas rent of this book in the same years."""
    with style.canvas(height=5.2) as (fig, ax):
        _forest(ax, rows)
        ax.plot(rows["gas_rent"], range(len(rows)), "x", color=style.INFERRED, markersize=6)
        _sides(ax)
        ax.plot([], [], "x", color=style.INFERRED, label="this book: gas rent alone, same years")
        ax.set(xlabel="% of GDP a year", xlim=(-0.5, 32))
        fig.legend(ncols=3, **LEGEND)
    return fig


def changes(halves: dict[str, pd.DataFrame]):
    """One panel a concept (title → estimates), on one scale."""
    heights = [len(half) + 1 for half in halves.values()]
    with style.canvas(len(halves), height=4.9, height_ratios=heights, sharex=True) as (fig, axes):
        for ax, (title, half) in zip(axes, halves.items(), strict=True):
            _forest(ax, half)
            ax.axvline(0, color=style.MUTED, linewidth=0.8)
            ax.set_title(title)
        axes[-1].set(xlabel="% of GDP of Belarus a year")
        _sides(axes[0])
        fig.legend(ncols=4, **LEGEND)
    return fig


def rents(by_benchmark: pd.DataFrame):
    """The gas rent in percent of GDP, a line a benchmark."""
    with style.canvas(height=3.0) as (fig, ax):
        for name, (colour, look) in BENCHMARKS.items():
            ax.plot(by_benchmark[name].dropna(), look, color=colour, markersize=4, linewidth=1.2, label=name)
        ax.axhline(0, color=style.MUTED, linewidth=0.8)
        ax.set(ylabel="% of GDP", xlim=(2003.5, 2023.5), xticks=range(2004, 2024, 4))
        ax.legend(ncols=2, loc="upper center", fontsize=8)
    return fig


def debt(readings: pd.DataFrame, per_year: pd.DataFrame, base: str):
    """Above: Russia's share of the debt, derived readings hollow. Below: credits agreed, stacked by lender, cut at :data:`CUT`."""
    when = readings["date"].dt.year + (readings["date"].dt.day_of_year - 1) / 365.25
    with style.canvas(2, height=5.2, sharex=True) as (fig, (top, bottom)):
        top.plot(when, readings["share"], color=style.BAND)
        for derived, face in ((False, style.RUSSIA), (True, style.PAPER)):
            some = (readings["confidence"] == "low") == derived
            top.plot(when[some], readings["share"][some], "o", color=style.RUSSIA, markerfacecolor=face)
        top.set(ylabel="% of the debt", ylim=(0, 60), title=f"Russia's share of the external debt ({base}); hollow: derived")
        floor = pd.Series(0.0, index=per_year.index)
        for lender, (colour, hatch) in LENDERS.items():
            height = per_year[lender].clip(upper=CUT - floor)
            some = height > 0
            bottom.bar(height.index[some], height[some], bottom=floor[some], color=colour, hatch=hatch, edgecolor=style.PAPER, label=lender)
            floor = floor + height
        bottom.set(
            ylabel="billion USD", ylim=(0, CUT + 0.8), title="Credits agreed, by lender", xlim=(2004, 2026), xticks=range(2005, 2026, 5)
        )
    bottom.legend(ncols=2, fontsize=8, loc="upper right", bbox_to_anchor=(1.0, 0.95))
    line = per_year["Russia, nuclear credit (ceiling)"]
    above = {"xytext": (0, 3), "textcoords": "offset points", "ha": "center", "fontsize": 8}
    bottom.annotate(f"ceiling of {line.max():.0f}", (line.idxmax(), CUT), **above)
    return fig


def index(ratios: pd.DataFrame, four: pd.Series, three: pd.Series, by_hub: pd.Series, low, high, last_trade: int):
    """The ratios, their mean with the band of weightings, without support, and with the rent by the hub price."""
    with style.canvas(height=4.6) as (fig, ax):
        ax.fill_between(four.index, low, high, color=style.BAND, label="index, 90 % of all weightings")
        for name, (marker, colour) in RATIOS.items():
            ax.plot(ratios[name], marker=marker, color=colour, linewidth=1, markersize=4, label=name)
        ax.plot(four, color=style.INK, linewidth=3, label="index of four")
        ax.plot(three, color=style.INK, linewidth=2, linestyle=":", label="index without support")
        ax.plot(by_hub, color=style.INK, linewidth=1.4, linestyle="--", label="index of four, hub price")
        break_line(ax, last_trade + 0.5, "trade: from here statements,\nnot statistics")
        ax.set(ylabel="ratio (1: wholly dependent)", ylim=(0, 0.8), xlim=(2003.5, 2024.5), xticks=range(2004, 2025, 4))
        fig.legend(ncols=4, **LEGEND)
    return fig
