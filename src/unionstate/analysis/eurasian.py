"""Who belongs to which Eurasian organisation, and what data sets on organisations, alliances and trade treaties see of it.

Spells come from ``integration/memberships``: one row for each status of one state in one organisation, from ``start`` to the day
before ``end`` (empty: still so as far as sources reach). Rows with ``used`` no are rival readings: drawn thin, never counted. A date
known to the month or the year stands at mid-period, so counts on a day near it can be off by half a period.
"""

from __future__ import annotations

import textwrap

import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from unionstate.countries import NAMES
from unionstate.show import style

YEAR = 365.25  # days
OBLIGATIONS = ["defence", "neutrality", "non_aggression", "consultation"]
#: The treaties between the two states whose trace is looked for: id in `integration/treaties` → short label.
UNION_TREATIES = {"community-1996": "Community", "union-1997": "Union", "union-state-1999": "Union State"}


# --- memberships ----------------------------------------------------------------------------------------------


def on_day(memberships: pd.DataFrame, day: pd.Timestamp, statuses: tuple[str, ...] = ("member",)) -> pd.DataFrame:
    """The counted spells of ``statuses`` that held on ``day`` (the start belongs to a spell, the end does not)."""
    counted = memberships[memberships["used"].astype(bool) & memberships["status"].isin(statuses)]
    return counted[(counted["start"] <= day) & (counted["end"].isna() | (counted["end"] > day))]


def shared_with(memberships: pd.DataFrame, partner: str, years: range, statuses: tuple[str, ...] = ("member",)) -> pd.DataFrame:
    """Organisations to which a state and ``partner`` both belong on 1 July of each year.

    Columns: ``state``, ``year``, ``shared`` (organisations). One row per state of the table but ``partner``, and year.
    """
    states = [state for state in memberships["state"].cat.categories if state != partner]
    rows = []
    for year in years:
        held = on_day(memberships, pd.Timestamp(f"{year}-07-01"), statuses)
        own = held.groupby("state", observed=False)["organisation"].agg(set)
        rows += [{"state": state, "year": year, "shared": len(own[state] & own[partner])} for state in states]
    return pd.DataFrame(rows)


def way_into(memberships: pd.DataFrame, organisation: str, end: pd.Timestamp) -> pd.DataFrame:
    """From application to membership of ``organisation``: one row per applicant with ``start``, ``end``, ``years``, ``entered``.

    ``years`` runs to the entry or, without one, to ``end`` (the end of observation): at least so long.
    """
    counted = memberships[memberships["used"].astype(bool) & (memberships["organisation"] == organisation)]
    found = counted[counted["status"] == "applicant"].copy()
    found["entered"] = found["end"].notna()
    found["years"] = (found["end"].fillna(end) - found["start"]).dt.days / YEAR
    return found[["id", "state", "start", "start_precision", "end", "entered", "years"]].sort_values("years").reset_index(drop=True)


# --- what data sets see ---------------------------------------------------------------------------------------


def rank_of(shared: pd.DataFrame, partner: str, country: str, year: int) -> tuple[int, int]:
    """Place of ``country`` among those that share organisations with ``partner`` in ``year`` (1: most), and how many there are."""
    counts = shared[(shared["partner"] == partner) & (shared["year"] == year)].set_index("country")["shared"]
    return int((counts > counts[country]).sum()) + 1, len(counts)


def growth(shared: pd.DataFrame, partner: str, first: int, last: int) -> pd.Series:
    """Change in the number of organisations shared with ``partner`` from ``first`` to ``last`` (years), by country."""
    wide = shared[shared["partner"] == partner].pivot_table(index="country", columns="year", values="shared", observed=True)
    return (wide[last] - wide[first]).astype(int)


def spells(obligations: pd.DataFrame) -> pd.DataFrame:
    """Unbroken runs of years in which a pair has an obligation in a data set.

    Columns: ``data_set``, ``country``, ``partner``, ``obligation``, ``first``, ``last`` (years, both included).
    """
    long = obligations.melt(["data_set", "country", "partner", "year"], OBLIGATIONS, "obligation", "held")
    held = long[long["held"].astype(bool)].sort_values("year")
    keys = ["data_set", "country", "partner", "obligation"]
    new_run = held.groupby(keys, observed=True)["year"].diff().ne(1).fillna(True)
    run = new_run.astype(int).groupby([held[key] for key in keys], observed=True).cumsum()
    found = held.assign(run=run).groupby([*keys, "run"], observed=True)["year"].agg(first="min", last="max")
    return found.reset_index().drop(columns="run")


def disagreement(obligations: pd.DataFrame, obligation: str) -> pd.DataFrame:
    """Pairs and years that both data sets cover, with what each says on ``obligation``: columns ``ATOP`` and ``COW``.

    A pair and year without a row counts as no obligation, as the table's description says; years are those of the shorter set.
    """
    last = int(obligations.groupby("data_set", observed=True)["year"].max().min())
    years = range(int(obligations["year"].min()), last + 1)
    pairs = obligations[["country", "partner"]].drop_duplicates()
    every = pairs.merge(pd.DataFrame({"year": pd.array(years, "Int64")}), how="cross").set_index(["country", "partner", "year"])
    for name, part in obligations.groupby("data_set", observed=True):
        said = part.set_index(["country", "partner", "year"])[obligation].astype(bool)
        every[name] = said.reindex(every.index, fill_value=False)
    return every.reset_index()


def two_party_texts(trade: pd.DataFrame, treaties: pd.DataFrame) -> pd.DataFrame:
    """Years of signature of treaties and agreements of Belarus and Russia alone: how many the book's table and DESTA have.

    DESTA's rows are its base treaties whose only parties among the states of the book are the two. Columns: ``year``, ``book``, ``desta``.
    """
    both = trade[(trade["states"] == "BLR; RUS") & (trade["kind"] == "treaty")]["signed"].value_counts()
    law = treaties[(treaties["parties"] == "Belarus; Russia") & treaties["kind"].isin(["treaty", "agreement", "charter"])]
    book = law["signed"].dt.year.value_counts()
    years = sorted(set(both.index.astype(int)) | set(book.index.astype(int)))
    return pd.DataFrame({"year": years, "book": [int(book.get(y, 0)) for y in years], "desta": [int(both.get(y, 0)) for y in years]})


# --- the customs union ----------------------------------------------------------------------------------------


def delays(steps: pd.DataFrame) -> pd.DataFrame:
    """Steps for which a day had been planned, with ``days`` late (0: on the day)."""
    planned = steps[steps["planned"].notna()]
    return planned.assign(days=(planned["date"] - planned["planned"]).dt.days)


def tariff_pairs(tariffs: pd.DataFrame) -> pd.DataFrame:
    """Russia's average applied tariff and its final ceiling by product group (percent), with ``cut`` in percentage points."""
    russia = tariffs[tariffs["used"].astype(bool) & (tariffs["state"] == "RUS")]
    wide = russia.pivot_table(index="product_group", columns="measure", values="tariff", observed=True)
    return wide.assign(cut=wide["applied"] - wide["bound"]).sort_values("applied").reset_index()


# --- drawing --------------------------------------------------------------------------------------------------

#: How each status is drawn: colour, height of the bar, hatch.
STATUSES = {
    "member": (style.RUSSIA, 0.66, ""),
    "participant": (style.BAND, 0.66, ""),
    "observer": (style.GOLD, 0.3, ""),
    "applicant": (style.MARKET, 0.3, "////"),
    "suspended": (style.ALERT, 0.66, "xxxx"),
    "signed only": (style.MUTED, 0.16, ""),
}


def lanes(memberships: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    """The rows of the membership figure, with ``until``: the end of the spell, or ``end`` where it is open."""
    columns = ["id", "organisation", "state", "status", "start", "start_precision", "end", "end_precision", "used", "contestable"]
    return memberships[columns].assign(until=memberships["end"].fillna(end))


def draw_lanes(ax, rows: pd.DataFrame) -> None:
    """A block for each organisation, a lane for each state in it, a bar for each spell; rival readings as thin lines below, and a
    question mark at the right of a lane that is read in more than one way."""
    y, ticks, labels = 0.0, [], []
    for organisation, block in rows.groupby("organisation", observed=True):
        ax.axhline(y - 0.75, color=style.GRID, linewidth=1)
        ax.annotate(organisation, (0, y), xycoords=("axes fraction", "data"), xytext=(3, 0), textcoords="offset points", **_HEAD)
        for state, lane in block.groupby("state", observed=True):
            y += 1
            for row in lane.itertuples():
                _draw_spell(ax, y, row)
            if lane["contestable"].any():
                ax.annotate("?", (1, y), xycoords=("axes fraction", "data"), ha="right", va="center", fontsize=9, color=style.ALERT)
            ticks.append(y)
            labels.append(NAMES[state])
        y += 1.35
    ax.set(ylim=(y - 0.6, -0.9), xlim=(pd.Timestamp("1991-06-01"), pd.Timestamp("2027-06-30")))
    ax.set_yticks(ticks, labels, fontsize=8)
    for label in ax.get_yticklabels():
        label.set_fontweight("bold" if label.get_text() == "Belarus" else "normal")
    ax.xaxis.set_ticks(pd.to_datetime([f"{year}-01-01" for year in range(1992, 2027, 4)]), range(1992, 2027, 4))
    ax.tick_params(axis="x", top=True, labeltop=True)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="y", visible=False)
    handles = [_patch(colour, hatch, status) for status, (colour, _, hatch) in STATUSES.items()]
    handles.append(Line2D([], [], color=style.INK, linewidth=1.2, linestyle=":", label="rival reading"))
    ax.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.45, -0.02), ncols=4)


def _patch(colour: str, hatch: str, label: str) -> Patch:
    """A key of the legend that looks like the bars: filled, or hatched with an outline."""
    return Patch(facecolor="none" if hatch else colour, edgecolor=colour, hatch=hatch, label=label)


_HEAD = {"fontsize": 8.5, "fontweight": "bold", "color": style.MUTED, "va": "center"}


def _draw_spell(ax, y: float, row) -> None:
    if not row.used:
        ax.plot([row.start, row.until], [y + 0.42, y + 0.42], color=style.INK, linewidth=1.2, linestyle=":")
        return
    colour, height, hatch = STATUSES[row.status]
    ax.barh(y, row.until - row.start, left=row.start, height=height, color="none" if hatch else colour, edgecolor=colour, hatch=hatch)


def say_lanes(rows: pd.DataFrame, day: str) -> str:
    """What :func:`draw_lanes` shows: members of each organisation on ``day``, and the spells that did not last."""
    held = on_day(rows, pd.Timestamp(day))
    members = "; ".join(
        f"{organisation}: {', '.join(NAMES[s] for s in block['state']) or 'none'}"
        for organisation, block in held.groupby("organisation", observed=False)
    )
    return (
        f"Lanes of {rows['state'].nunique()} states in {rows['organisation'].nunique()} organisations from 1991. Members on {day}: "
        f"{members}. {int((rows['used'].astype(bool) & rows['contestable'].astype(bool)).sum())} drawn spells are contestable, "
        f"{int((~rows['used'].astype(bool)).sum())} rival readings stand below as thin lines."
    )


def draw_shared(axes, counts: pd.DataFrame) -> None:
    """One small panel per state: organisations shared with the partner, over a dotted line for Belarus."""
    reference = counts[counts["state"] == "BLR"]
    for ax, (state, part) in zip(axes.flat, counts.groupby("state", sort=False, observed=True), strict=False):
        colour = style.BELARUS if state == "BLR" else style.RUSSIA
        ax.fill_between(part["year"], part["shared"], step="mid", color=colour, alpha=0.25, linewidth=0)
        ax.step(part["year"], part["shared"], where="mid", color=colour)
        if state != "BLR":
            ax.step(reference["year"], reference["shared"], where="mid", color=style.BELARUS, linewidth=1.2, linestyle=":")
        ax.set_title(f"{NAMES[state]}: {int(part['shared'].iloc[-1])}", fontsize=9)
        ax.set(ylim=(0, counts["shared"].max() + 0.7), xlim=(1991.5, counts["year"].max() + 0.5))
        ax.set_xticks([1995, 2005, 2015, 2025])
        ax.tick_params(labelsize=8)
    axes[0, -1].tick_params(labelbottom=True)  # no panel below it has the years
    spare = axes.flat[-1]
    spare.axis("off")
    spare.plot([], [], color=style.RUSSIA, label="this state")
    spare.plot([], [], color=style.BELARUS, linestyle=":", label="Belarus")
    spare.legend(loc="center", title="both members", title_fontsize=9)


def say_shared(counts: pd.DataFrame) -> str:
    """What :func:`draw_shared` shows: the last count and the highest one of each state."""
    parts = [
        f"{NAMES[state]} {int(part['shared'].iloc[-1])} (at most {int(part['shared'].max())})"
        for state, part in counts.groupby("state", sort=False, observed=True)
    ]
    return f"Organisations of the table in which a state and Russia are both members, 1 July {counts['year'].max()}: {', '.join(parts)}."


def draw_igos(ax, shared: pd.DataFrame, marked: pd.DataFrame) -> None:
    """Lines of the organisations shared with Russia, Belarus in front, with the treaties of the two states marked."""
    last = shared["year"].max()
    ends = shared[shared["year"] == last].set_index("country")["shared"].sort_values()
    spots, dashes = _spread(ends, gap=2.1), ["-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1, 1, 1)), (0, (1, 1))]
    for country, dash in zip(ends.index, dashes, strict=False):
        part = shared[shared["country"] == country]
        front = country == "BLR"
        colour = style.BELARUS if front else style.MARKET if country in ("POL", "LTU") else style.RUSSIA
        ax.plot(part["year"], part["shared"], color=colour, linewidth=3 if front else 1.5, linestyle="-" if front else dash)
        text = f"{NAMES[country]} {ends[country]}"
        weight = "bold" if front else "normal"
        ax.annotate(text, (last + 0.3, spots[country]), va="center", fontsize=8.5, color=colour, fontweight=weight, annotation_clip=False)
    for row in marked.itertuples():
        year = row.signed.year + (row.signed.dayofyear - 1) / YEAR
        ax.axvline(year, color=style.MUTED, linewidth=0.8, linestyle=":")
        ax.annotate(
            row.label, (year, 1), xycoords=("data", "axes fraction"), rotation=90, ha="right", va="top", fontsize=7.5, color=style.MUTED
        )
    top = shared["shared"].max() * 1.25  # room above the lines for the names of the treaties
    ax.set(xlim=(1991.5, last + 4), ylim=(0, top), ylabel="organisations shared with Russia")
    ax.set_xticks(range(1992, last + 1, 4))


def _spread(values: pd.Series, gap: float) -> dict[str, float]:
    """Heights for the labels of sorted ``values``, at least ``gap`` apart."""
    spots, low = {}, float("-inf")
    for name, value in values.items():
        low = max(float(value), low + gap)
        spots[name] = low
    return spots


def say_igos(shared: pd.DataFrame) -> str:
    """What :func:`draw_igos` shows: first and last value of each line, from the highest to the lowest."""
    first, last = int(shared["year"].min()), int(shared["year"].max())
    wide = shared.pivot_table(index="country", columns="year", values="shared", observed=True).sort_values(last, ascending=False)
    parts = [f"{NAMES[country]} from {row[first]:.0f} to {row[last]:.0f}" for country, row in wide.iterrows()]
    return f"{len(parts)} lines of organisations shared with Russia, {first} to {last}: {', '.join(parts)}."


def draw_alliances(ax, runs: pd.DataFrame, marked: pd.DataFrame) -> None:
    """Years of each obligation between Russia and another state: thick bars for ATOP, thin hatched ones for COW."""
    y, ticks, labels = 0.0, [], []
    for country, block in runs.groupby("country", observed=True, sort=False):
        ax.annotate(
            f"{NAMES[country]} and Russia", (0, y), xycoords=("axes fraction", "data"), xytext=(3, 0), textcoords="offset points", **_HEAD
        )
        for obligation in OBLIGATIONS:
            y += 1
            for row in block[block["obligation"] == obligation].itertuples():
                atop = row.data_set == "ATOP"
                colour, shift = (style.RUSSIA, -0.19) if atop else (style.MARKET, 0.21)
                look = {"color": colour} if atop else {"color": "none", "edgecolor": colour, "hatch": "////"}
                ax.barh(y + shift, row.last - row.first + 1, left=row.first, height=0.34, **look)
            ticks.append(y)
            labels.append(obligation.replace("_", "-"))
        for row in marked.itertuples():  # within the block only, so that no line runs through a heading
            year = row.signed.year + (row.signed.dayofyear - 1) / YEAR
            ax.plot([year, year], [y - len(OBLIGATIONS) + 0.5, y + 0.5], color=style.INK, linewidth=0.9, linestyle=":")
        y += 1.4
    ax.set(ylim=(y - 0.5, -0.8), xlim=(1991.8, 2019.4))
    ax.set_yticks(ticks, labels, fontsize=8)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y", visible=False)
    handles = [_patch(style.RUSSIA, "", "ATOP (to 2018)"), _patch(style.MARKET, "////", "COW (to 2012)")]
    handles.append(Line2D([], [], color=style.INK, linewidth=0.9, linestyle=":", label=f"signed: {', '.join(marked['label'])}"))
    ax.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.45, -0.06), ncols=3)


def say_alliances(runs: pd.DataFrame) -> str:
    """What :func:`draw_alliances` shows: the years of the duty to defend in both sets, and of all duties of Belarus."""
    defence = "; ".join(
        f"{NAMES[r.country]} {r.data_set} {r.first} to {r.last}" for r in runs[runs["obligation"] == "defence"].itertuples()
    )
    belarus = runs[(runs["country"] == "BLR") & (runs["obligation"] != "defence")]
    others = "; ".join(f"{r.obligation.replace('_', '-')} in {r.data_set} {r.first} to {r.last}" for r in belarus.itertuples())
    return f"Years in which a duty to defend Russia or be defended by it is coded: {defence}. Other duties of Belarus and Russia: {others}."


#: How each kind of step is drawn: marker and colour.
KINDS = {
    "signature": ("o", style.RUSSIA),
    "ratification": ("s", style.RUSSIA),
    "decision": ("D", style.MUTED),
    "statement": ("v", style.MUTED),
    "in force": ("P", style.BELARUS),
    "border": ("X", style.MARKET),
}


def draw_steps(ax, steps: pd.DataFrame) -> None:
    """One line per step in order of time: date and title on the left, the mark on the axis of time, the planned day in the title."""
    labels = []
    for y, row in enumerate(steps.itertuples()):
        marker, colour = KINDS[row.kind]
        ax.plot([row.date], [y], marker, color=colour, markersize=7)
        text = f"{row.date:%-d %b %Y}: {row.title}"
        if pd.notna(row.planned):
            text += f" ({'as planned' if row.date == row.planned else f'{(row.date - row.planned).days} days late'})"
        labels.append(textwrap.fill(text, 58))
    kinds = [kind for kind in KINDS if (steps["kind"] == kind).any()]
    handles = [Line2D([], [], linestyle="", marker=KINDS[kind][0], color=KINDS[kind][1], label=kind) for kind in kinds]
    ax.set(ylim=(len(steps) - 0.4, -0.7), xlim=(pd.Timestamp("2007-06-01"), pd.Timestamp("2012-12-31")))
    ax.set_yticks(range(len(steps)), labels, fontsize=8)
    ax.xaxis.set_ticks(pd.to_datetime([f"{year}-01-01" for year in range(2008, 2013)]), range(2008, 2013))
    ax.tick_params(axis="x", top=True, labeltop=True)
    ax.tick_params(axis="y", length=0)
    ax.legend(handles=handles, loc="upper right", bbox_to_anchor=(1, -0.04), ncols=6, columnspacing=1, handletextpad=0.2)


def say_steps(steps: pd.DataFrame) -> str:
    """What :func:`draw_steps` shows: first, last, how many of each kind, and every planned step with its delay."""
    kinds = ", ".join(f"{n} {kind}" for kind, n in steps["kind"].value_counts().items() if n)
    planned = "; ".join(f"{row.title}: {row.days} days late" for row in delays(steps).itertuples())
    first, last = steps.iloc[0], steps.iloc[-1]
    return f"{len(steps)} steps ({kinds}) from {first['date']:%Y-%m-%d} to {last['date']:%Y-%m-%d}. Steps with a planned day: {planned}."


def draw_tariffs(ax, pairs: pd.DataFrame, others: pd.DataFrame) -> None:
    """Russia's tariff and ceiling by product group as dumbbells; below, the averages of Kazakhstan for comparison."""
    for y, row in enumerate(pairs.itertuples(), start=2):
        ax.plot([row.bound, row.applied], [y, y], color=style.BAND, linewidth=2.5, zorder=1)
        ax.plot([row.applied], [y], "o", color=style.RUSSIA, markersize=6)
        ax.plot([row.bound], [y], "D", color=style.MARKET, markersize=6)
        ax.annotate(f"{row.applied:.1f}", (row.applied, y), xytext=(7, 0), textcoords="offset points", va="center", fontsize=8)
        ax.annotate(f"{row.bound:.1f}", (row.bound, y), xytext=(-7, 0), textcoords="offset points", va="center", ha="right", fontsize=8)
    for row in others.itertuples():
        bound = row.measure == "bound"
        ax.plot([row.tariff], [0], "D" if bound else "o", color=style.MARKET if bound else style.RUSSIA, fillstyle="none", markersize=6)
        spot = {"xytext": (0, -11) if bound else (0, 8), "ha": "center", "va": "center"}
        ax.annotate(f"{row.year}: {row.tariff:.1f}", (row.tariff, 0), textcoords="offset points", fontsize=8, **spot)
    ax.axhline(1, color=style.GRID, linewidth=1)
    ax.set_yticks([0, *range(2, len(pairs) + 2)], ["Kazakhstan, all goods", *pairs["product_group"]])
    ax.set(xlim=(3, 22), ylim=(-1, len(pairs) + 1.6), xlabel="average import tariff, percent")
    ax.plot([], [], "o", color=style.RUSSIA, label="applied")
    ax.plot([], [], "D", color=style.MARKET, label="final ceiling promised to the WTO")
    ax.grid(axis="y", visible=False)
    ax.legend(loc="lower right")


def say_tariffs(pairs: pd.DataFrame, others: pd.DataFrame) -> str:
    """What :func:`draw_tariffs` shows: every pair of numbers."""
    russia = "; ".join(
        f"{r.product_group} {r.applied:.1f} to {r.bound:.1f}" for r in pairs.sort_values("cut", ascending=False).itertuples()
    )
    kazakh = ", ".join(f"{r.measure} {r.tariff:.1f} in {r.year}" for r in others.sort_values("year").itertuples())
    return f"Russia's average tariff of 2011 and its final ceiling in percent: {russia}. Kazakhstan, all goods: {kazakh}."
