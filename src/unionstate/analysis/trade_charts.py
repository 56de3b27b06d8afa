"""Drawing for the trade chapter: what a figure looks like, never what it says."""

from __future__ import annotations

import numpy as np
import pandas as pd

from unionstate.analysis import trade as t
from unionstate.countries import NAMES
from unionstate.show import style

#: A filled mark without an outline: half the bytes of one with.
FLAT = {"markersize": 5, "markeredgewidth": 0}
LOOKS = {
    t.SERIES[0]: (style.BELARUS, "o-"),
    t.SERIES[1]: (style.RUSSIA, "s"),
    t.SERIES[2]: (style.MUTED, "^:"),
    t.SERIES[3]: (style.INFERRED, "D--"),
}
CONFIDENCE = {"high": ("o", style.BELARUS), "medium": ("s", style.BELARUS), "low": ("X", style.INDEPENDENT)}
INITIATOR = {"Russia": (style.RUSSIA, "o"), "Belarus": (style.BELARUS, "s"), "both": (style.GOLD, "D")}
PEER_LINES = {
    "KGZ": (style.MARKET, "-."),
    "KAZ": (style.GOLD, "--"),
    "ARM": (style.ALERT, ":"),
    "UKR": (style.RUSSIA, (0, (6, 2, 1, 2, 1, 2))),
}


def series(axes, reports: pd.DataFrame, told: pd.DataFrame) -> None:
    """One panel per flow: a line per report, crosses where a value is no measurement, plus signs for what was stated."""
    for ax, flow, title in zip(axes, ("exports", "imports"), ("Belarus to Russia", "Russia to Belarus"), strict=True):
        for name, (colour, look) in LOOKS.items():
            rows = reports[(reports["flow"] == flow) & (reports["series"] == name)].set_index("year")
            good = rows["quality"] == "as published"
            line = rows["value"].where(good).reindex(range(1992, 2024))
            ax.plot(line, look, color=colour, label=name, **FLAT)
            ax.plot(rows["value"][~good], "x", color=style.ALERT, markersize=7)
        said = told[told["measure"].astype(str).str.startswith(flow)]
        ax.plot(said["year"], said["value"], "P", color=style.GOLD, markersize=6, label="stated by officials and others")
        ax.set(ylabel="billion USD", ylim=(0, None), xlim=(1991, 2026), title=title)
    axes[0].plot([], "x", color=style.ALERT, markersize=7, label="break, estimate or copy of another year")
    axes[0].legend(ncols=2, loc="upper left", fontsize=7.5)


def shares(axes, own: pd.DataFrame, mirror: pd.DataFrame, early: pd.DataFrame, said: pd.DataFrame, band: tuple[float, float]) -> None:
    """Russia's share of exports (upper panel, with ``band``) and imports, by who says so; shaded where partner data are closed."""
    for ax, flow in zip(axes, ("export", "import"), strict=True):
        stated = said[said["measure"] == f"share {flow}s"]
        ax.plot(own[flow], "o-", color=style.BELARUS, label="Belarus's books (WITS)", **FLAT)
        ax.plot(mirror[flow], "D--", color=style.INFERRED, label="what partners report (DOTS)", **FLAT)
        ax.plot(early[flow], "^", color=style.MUTED, fillstyle="none", label="two reporters in one ratio (COW)")
        ax.plot(stated["year"], stated["value"], "P", color=style.GOLD, markersize=7, label="stated")
        ax.axvspan(2021.5, 2026, color=style.BAND, alpha=0.35, linewidth=0)
        ax.annotate("partner\ndata closed", (2025.8, 21), ha="right", fontsize=7.5, color=style.MUTED)
        ax.set(ylabel=f"Russia, % of {flow}s", ylim=(20, 90), xlim=(1991, 2026))
    axes[0].axhspan(*band, color=style.BAND, zorder=0)
    axes[0].annotate("one third", (1992, sum(band) / 2), va="center", fontsize=8, color=style.INK)
    axes[0].legend(ncols=2, loc="upper center", fontsize=8)


def concentration(axes, ours: pd.DataFrame, peers: pd.DataFrame) -> None:
    """Both bounds for Belarus as a band, the lower bound of each peer as a line; exports left, imports right."""
    for ax, flow in zip(axes, ("export", "import"), strict=True):
        mine = ours[ours["flow"] == flow].set_index("year")
        ax.fill_between(mine.index, mine["low"], mine["high"], color=style.BELARUS, label="Belarus, both bounds")
        for name, rows in peers[peers["flow"] == flow].groupby("reporter", observed=True):
            colour, line = PEER_LINES.get(name, (style.MUTED, "-"))
            label = NAMES[name] if name in PEER_LINES else {"LTU": "Latvia, Lithuania, Poland"}.get(name)
            ax.plot(rows["year"], rows["low"], color=colour, linestyle=line, linewidth=1.2, label=label)
        ax.set(title=f"{flow.capitalize()}s", ylim=(0, 0.55), xlim=(1997, 2020), xticks=[2000, 2005, 2010, 2015])
    axes[0].set_ylabel("Herfindahl index of partners")
    axes[0].figure.legend(*axes[0].get_legend_handles_labels(), ncols=3, loc="outside upper center", fontsize=8)


def fuels(axes, fuel: pd.DataFrame, share: pd.Series, ceiling: pd.Series, third: float) -> None:
    """Fuel bought and sold above; below Russia's share of all exports and its ceiling without fuels."""
    top, bottom = axes
    top.bar(fuel.index - 0.2, fuel["imports"], 0.38, color=style.RUSSIA, label="fuels imported")
    top.bar(fuel.index + 0.2, fuel["exports"], 0.38, color=style.MARKET, hatch="//", edgecolor=style.PAPER, label="fuels exported")
    top.set_ylabel("billion USD, nominal")
    top.legend(loc="upper left")
    bottom.fill_between(ceiling.index, share, ceiling, color=style.BAND, label="share without fuels, if Russia takes less of the fuel")
    bottom.plot(ceiling, "v--", color=style.INFERRED, label="its ceiling: no fuel sold to Russia", **FLAT)
    bottom.plot(share, "o-", color=style.BELARUS, label="Russia's share of all exports", **FLAT)
    bottom.axhline(third, color=style.MUTED, linewidth=0.8, linestyle=":")
    bottom.set(ylabel="%", ylim=(20, 85))
    bottom.legend(loc="upper right", fontsize=8)


def buyers(ax, stated: pd.DataFrame, order: list[str], vast: float) -> None:
    """A mark per statement, its year beside it, years from top to bottom within a family of goods."""
    for family, rows in stated.groupby("family"):
        offsets = np.linspace(-0.32, 0.32, len(rows)) if len(rows) > 1 else [0]
        for row, offset in zip(rows.itertuples(), offsets, strict=True):
            y = order.index(family) + offset
            marker, colour = CONFIDENCE[row.confidence]
            ax.plot(row.share, y, marker, color=colour, markersize=6)
            ax.annotate(f"{row.year}", (row.share, y), xytext=(7, -3), textcoords="offset points", fontsize=7.5)
    for confidence, (marker, colour) in CONFIDENCE.items():
        ax.plot([], marker, color=colour, linestyle="", label=f"confidence {confidence}")
    ax.axvline(vast, color=style.ALERT, linestyle="--", linewidth=1)
    ax.axvline(50, color=style.MUTED, linestyle=":", linewidth=1)
    ax.set(yticks=range(len(order)), yticklabels=order, ylim=(len(order) - 0.4, -0.6))
    ax.set(xlim=(25, 104), xlabel="% of the product's exports that went to Russia")
    ax.legend(ncols=3, loc="upper center", bbox_to_anchor=(0.5, 1.13), fontsize=8)


def asymmetry(axes, sides: pd.DataFrame) -> None:
    """Both sides of each flow on a logarithmic scale; a gap where one side has no usable report."""
    for ax, flow, other in zip(axes, ("export", "import"), ("import", "export"), strict=True):
        rows = sides[sides["flow"] == flow].set_index("year").reindex(range(1998, 2020))
        ax.plot(rows["belarus"], "o-", color=style.BELARUS, **FLAT)
        ax.plot(rows["russia"], "s-", color=style.RUSSIA, **FLAT)
        ax.annotate(f"Russia's share of Belarus's {flow}s", (1998, 80), fontsize=8.5, color=style.BELARUS)
        ax.annotate(f"Belarus's share of Russia's {other}s", (1998, 3), fontsize=8.5, color=style.RUSSIA)
        ax.set(yscale="log", ylim=(2.5, 110), yticks=[3, 10, 30, 100], yticklabels=["3", "10", "30", "100"], xlim=(1997, 2020))
        ax.minorticks_off()
    axes[0].set_ylabel("%, logarithmic scale")


def quarrels(axes, animal: pd.Series, acts: pd.DataFrame) -> None:
    """Exports of animal products (million USD, by year) above; below one mark per restriction, hollow where no end is known."""
    top, bottom = axes
    top.plot(pd.to_datetime(animal.index.astype(str) + "-07-01"), animal / 1000, "o-", color=style.BELARUS)
    top.set(ylabel="billion USD", ylim=(0, None), title="Exports of animal products (dairy, meat, fish) to all countries")
    lanes = [*t.GROUPS, "other"]
    for act in acts.itertuples():
        (colour, marker), ended, y = INITIATOR[act.initiator], act.end == act.end, lanes.index(act.group)
        if ended:
            bottom.plot([act.start, act.end], [y, y], color=colour, linewidth=3)
        bottom.plot(act.start, y, marker, color=colour, fillstyle="full" if ended else "none")
    for who, (colour, marker) in INITIATOR.items():
        bottom.plot([], marker=marker, linestyle="", color=colour, label="an act of both" if who == "both" else f"imposed by {who}")
    bottom.set(yticks=range(len(lanes)), yticklabels=[lane.replace(", re", ",\nre") for lane in lanes], ylim=(len(lanes) - 0.5, -0.9))
    bottom.set_title("Restrictions (hollow: no end found)")
    bottom.legend(ncols=3, loc="upper left", fontsize=8)
