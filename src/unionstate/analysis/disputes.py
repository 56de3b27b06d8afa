"""Readings of the coded energy disputes: who began, what pressure, who gave way, how long, how much.

Shapes: ``disputes`` is the frame of ``load("energy/disputes")``, one row a case; other frames are named in each docstring.
Times are whole days, money is nominal dollars. Codings stay in the table; what is derived from them here is said in each docstring.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
from scipy import stats as st

from unionstate.analysis.stats import bootstrap_interval, survival_median

#: Kinds of case that a hostile reader would not call an energy dispute: deals, quarrels over milk and loans, a polluted pipeline.
NOT_DISPUTES = ("bargain", "non-energy", "accident")

#: Readings of who began, in the order of the chapter: column of the table → words.
BEGAN = {"initiator": "first move, as first coded", "first_breach": "first breach of contract", "first_coercion": "first coercion"}
SIDES = ("Russia", "both", "Belarus", "none")

#: What was brought to bear, from the columns first_coercion and supply_cut.
PRESSURE = ("cut", "partial cut", "threat, duty, ban or refusal", "no coercion")
OUTCOME = ("both gave", "only Belarus gave", "only Russia gave", "neither gave")
READINGS = {"as first coded": "", "strict": "_strict"}  # suffix of the columns belarus_conceded and russia_conceded

#: Russian concessions of the strict column that this book would itself attack: a step back from a measure of Russia's own that still left
#: Belarus worse off than before (D04, D16), a permission given by word of mouth and followed by payment in full (D06), part payment of a
#: transit bill that was owed (D09), an offer (D17).
DOUBTED = ("D04", "D06", "D09", "D16", "D17")

#: Rows of energy/dispute_steps that show a case without an end still open, and one by which it was probably over.
LAST_SEEN_OPEN = {"D14": "DS07", "D22": "DS20"}
PROBABLY_OVER = {"D14": "DS08"}


def is_dispute(disputes: pd.DataFrame) -> pd.Series:
    """True where the case is neither a bargain nor outside energy nor an accident."""
    return ~disputes["type"].isin(NOT_DISPUTES)


def pressure(disputes: pd.DataFrame) -> pd.Series:
    """What was brought to bear. ``no coercion`` where the table names nobody as first to cut, threaten or ban; else by ``supply_cut``."""
    by_cut = disputes["supply_cut"].astype(str).map({"yes": PRESSURE[0], "partial": PRESSURE[1], "no": PRESSURE[2]})
    kind = by_cut.mask(disputes["first_coercion"] == "none", PRESSURE[3])
    return pd.Series(pd.Categorical(kind, PRESSURE), index=disputes.index, name="pressure")


def was_cut(disputes: pd.DataFrame) -> pd.Series:
    """True where supply was cut, wholly or in part, as pressure: an accident does not count."""
    return pressure(disputes).isin(PRESSURE[:2])


def outcome(disputes: pd.DataFrame, reading: str) -> pd.Series:
    """Who gave way in ``reading`` (a key of ``READINGS``): one of ``OUTCOME``."""
    belarus, russia = (disputes[f"{side}_conceded{READINGS[reading]}"].astype(bool) for side in ("belarus", "russia"))
    kind = np.select([belarus & russia, belarus, russia], OUTCOME[:3], OUTCOME[3])
    return pd.Series(pd.Categorical(kind, OUTCOME), index=disputes.index, name="outcome")


def who_began(disputes: pd.DataFrame) -> pd.DataFrame:
    """Counts of each side for each reading of who began: all cases, and energy disputes alone. Columns: reading, cases, and ``SIDES``."""
    rows = []
    for column, words in BEGAN.items():
        for cases, part in (("all cases", disputes), ("energy disputes", disputes[is_dispute(disputes)])):
            counts = part[column].astype(str).value_counts()
            rows.append({"reading": words, "cases": cases, **{side: int(counts.get(side, 0)) for side in SIDES}})
    return pd.DataFrame(rows)


def outcomes(disputes: pd.DataFrame) -> pd.DataFrame:
    """Pressure × outcome in both readings, long: columns reading, pressure, outcome, count, cases (ids, blank-separated)."""
    frame = pd.DataFrame({"pressure": pressure(disputes), "id": disputes["id"]})
    parts = []
    for reading in READINGS:
        cells = frame.assign(outcome=outcome(disputes, reading)).groupby(["pressure", "outcome"], observed=False)["id"]
        parts.append(cells.agg(count="size", cases=" ".join).reset_index().assign(reading=reading))
    return pd.concat(parts)[["reading", "pressure", "outcome", "count", "cases"]].reset_index(drop=True)


def linked(disputes: pd.DataFrame) -> pd.Series:
    """True where integration was part of the bargain, wholly or partly."""
    return disputes["union_state_link"] != "no"


def russia_gave(disputes: pd.DataFrame, reading: str) -> pd.Series:
    """Whether Russia gave way: a reading of ``READINGS``, or "stricter", which takes the rows of ``DOUBTED`` out of the strict one."""
    if reading == "stricter":
        return disputes["russia_conceded_strict"].astype(bool) & ~disputes["id"].isin(DOUBTED)
    return disputes[f"russia_conceded{READINGS[reading]}"].astype(bool)


def marked_concessions(disputes: pd.DataFrame, side: str) -> pd.Series:
    """What ``side`` (belarus, russia) gave, in words: marked * if the strict reading strikes it, and † if only the stricter one does."""
    words = disputes[f"concession_by_{side}"].fillna("").astype(str)
    first, strict = (disputes[f"{side}_conceded{end}"].astype(bool) for end in READINGS.values())
    doubted = strict & disputes["id"].isin(DOUBTED) & (side == "russia")
    return words.where(first, "").replace("", "–") + np.select([first & ~strict, doubted], [" *", " †"], "")


def link_choices(disputes: pd.DataFrame, gap: int) -> pd.DataFrame:
    """Integration on the table × Russia gave way, under each reading and set of cases; Fisher's p of :func:`two_by_two`.

    ``gap``: days of :func:`episodes`; an episode is linked, and Russia gave way in it, if that holds of one of its cases. Columns:
    cases, reading, linked and linked_gave, other and other_gave (counts), p.
    """
    own = disputes[is_dispute(disputes)]
    sets = {"all cases": disputes, "energy disputes": own, "energy disputes, link yes against no": own[own["union_state_link"] != "partly"]}
    rows = []
    for reading in (*READINGS, "stricter"):
        for name, part in (*sets.items(), ("episodes of energy disputes", own)):
            pair = pd.DataFrame({"link": linked(part), "gave": russia_gave(part, reading)})
            if name.startswith("episodes"):
                pair = pair.groupby(episodes(part, gap)).any()
            t = two_by_two(pair, pair["link"], pair["gave"])
            counts = {"linked": t["yes_yes"] + t["yes_no"], "linked_gave": t["yes_yes"], "other": t["no_yes"] + t["no_no"]}
            rows.append({"reading": reading, "cases": name, **counts, "other_gave": t["no_yes"], "p": t["p"]})
    return pd.DataFrame(rows)


def two_by_two(disputes: pd.DataFrame, row: pd.Series, column: pd.Series) -> dict:
    """Counts of two yes-or-no codings against each other with Fisher's exact p (two-sided).

    ``row`` and ``column``: boolean, indexed like ``disputes``. Returns yes_yes, yes_no, no_yes, no_no and p. Assumes
    independent cases; with fixed margins the test is exact.
    """
    row, column = row.loc[disputes.index].astype(bool), column.loc[disputes.index].astype(bool)
    cells = [[int((r & c).sum()) for c in (column, ~column)] for r in (row, ~row)]
    names = ("yes_yes", "yes_no", "no_yes", "no_no")
    return {**dict(zip(names, cells[0] + cells[1], strict=True)), "p": float(st.fisher_exact(cells).pvalue)}


@lru_cache(maxsize=16)
def _told_apart(n_one: int, n_two: int, level: float) -> np.ndarray:
    """1 for each pair of counts that Fisher's test calls different at ``level``, else 0."""
    pairs = [[[[a, n_one - a], [b, n_two - b]] for b in range(n_two + 1)] for a in range(n_one + 1)]
    return np.array([[float(st.fisher_exact(cells).pvalue < level) for cells in row] for row in pairs])


def fisher_power(n_one: int, share_one: float, n_two: int, share_two: float, level: float = 0.05) -> float:
    """Exact probability that Fisher's test at ``level`` tells two groups apart, summed over every pair of binomial counts."""
    one, two = st.binom.pmf(range(n_one + 1), n_one, share_one), st.binom.pmf(range(n_two + 1), n_two, share_two)
    return float(one @ _told_apart(n_one, n_two, level) @ two)


def least_detectable(n_one: int, n_two: int, share_two: float, power: float = 0.8) -> float:
    """Smallest true share of the first group, in whole percent above ``share_two``, that the test finds with ``power``; nan if none."""
    for percent in range(int(np.ceil(100 * share_two)), 101):
        if fisher_power(n_one, percent / 100, n_two, share_two) >= power:
            return percent / 100
    return float("nan")


def episodes(disputes: pd.DataFrame, gap: int) -> pd.Series:
    """Number of the episode of each case: cases join one another when the next starts at most ``gap`` days after all earlier ended.

    A case without an end counts as ended on the day it started.
    """
    order = disputes.sort_values(["start", "id"])
    ends = order["end"].fillna(order["start"]).cummax().shift()
    fresh = ends.isna() | ((order["start"] - ends).dt.days > gap)
    return fresh.cumsum().reindex(disputes.index).rename("episode")


def spells(disputes: pd.DataFrame, steps: pd.DataFrame, dates: str = "as given") -> pd.DataFrame:
    """Durations for a survival estimate: adds ``last`` (end, or last day seen open), ``days`` and ``observed``.

    ``steps``: frame of energy/dispute_steps. ``dates``: "as given", or "shortest" or "longest", which move each date of month or
    year precision to the edge of its period, and with "longest" let a case that is over by a known day end on it.
    """
    frame = disputes.copy()
    step = steps.set_index("id")
    frame["observed"] = frame["end"].notna()
    seen = frame["id"].map(LAST_SEEN_OPEN).map(step["date"])
    if dates == "longest":
        over = frame["id"].map(PROBABLY_OVER).map(step["date"])
        frame["observed"] |= over.notna()
        seen = over.fillna(seen)
    first, last = frame["start"], frame["end"].fillna(seen)
    if dates != "as given":
        first = _edge(first, frame["start_precision"], late=dates == "shortest")
        last = _edge(last, frame["end_precision"], late=dates == "longest")
    frame["last"], frame["days"] = last, (last - first).dt.days.clip(lower=0)
    return frame


def _edge(dates: pd.Series, precision: pd.Series, late: bool) -> pd.Series:
    """``dates`` of month or year precision moved to the last (``late``) or first day of their period."""
    moved = dates.copy()
    for word, period in (("month", "M"), ("year", "Y")):
        rough = (precision == word) & dates.notna()
        whole = dates[rough].dt.to_period(period)
        edge = whole.dt.end_time.dt.normalize() if late else whole.dt.start_time
        moved[rough] = edge.astype(dates.dtype)
    return moved


def median_duration(spelled: pd.DataFrame) -> dict:
    """Median duration in days (Kaplan-Meier) with its 95 % bootstrap interval, of a frame of :func:`spells`."""
    low, high = bootstrap_interval(spelled["days"], spelled["observed"], statistic=survival_median)
    return {
        "cases": len(spelled),
        "ended": int(spelled["observed"].sum()),
        "median": float(survival_median(spelled["days"], spelled["observed"])),
        "low": low,
        "high": high,
    }


def durations(disputes: pd.DataFrame, steps: pd.DataFrame) -> pd.DataFrame:
    """:func:`median_duration` under each choice: columns case (short key), choice (words), cases, ended, median, low, high."""
    given = spells(disputes, steps)
    own = is_dispute(disputes)
    cut = was_cut(given)
    rows = {
        "main": ("all cases, dates as given", given),
        "shortest": ("all cases, rough dates moved to shorten", spells(disputes, steps, "shortest")),
        "longest": ("all cases, rough dates moved to lengthen", spells(disputes, steps, "longest")),
        "ended": ("cases with a dated end only", given[given["observed"]]),
        "own": ("energy disputes only", given[own]),
        "cut": ("supply cut as pressure, wholly or in part", given[cut]),
        "cut wide": ("supply cut, the accident included", given[given["supply_cut"] != "no"]),
        "no cut": ("supply not cut as pressure", given[~cut]),
    }
    return pd.DataFrame([{"case": case, "choice": words, **median_duration(part)} for case, (words, part) in rows.items()])


#: What the amounts in money are; the others are prices and volumes. Judged from at_stake and note of the row.
MONEY = {
    "D01": "debt",
    "D02": "bill a year",
    "D05": "debt",
    "D06": "debt",
    "D07": "loan",
    "D09": "debt",
    "D10": "revenue a year",
    "D11": "debt",
    "D12": "sale",
    "D13": "claimed loss",
    "D15": "debt",
    "D16": "claimed loss",
    "D17": "claimed loss",
    "D18": "claimed loss",
    "D19": "loan",
    "D21": "debt",
}
#: Years over which an amount is spread by its own description; the others are one sum or one year.
YEARS = {"D17": 6}


def amounts(disputes: pd.DataFrame, gdp: pd.DataFrame) -> pd.DataFrame:
    """Money at stake, one row a case with an amount in dollars.

    Adds ``million`` (million USD), ``what`` (word of ``MONEY``), ``year`` (of the start), ``cut`` (of :func:`was_cut`) and ``share``
    (percent of that year's Belarusian GDP in current dollars, frame of economy/gdp). A sum over several years is divided by their
    number in ``share``.
    """
    frame = disputes[disputes["id"].isin(MONEY)].copy()
    scale = frame["amount_unit"].str.split(" ").str[0].map({"million": 1, "billion": 1000})
    frame["million"] = frame["amount"] * scale
    frame["what"], frame["year"], frame["cut"] = frame["id"].map(MONEY), frame["start"].dt.year, was_cut(frame)
    yearly = gdp[gdp["country"] == "BLR"].set_index("year")["gdp"]
    frame["share"] = 100 * frame["million"] * 1e6 / frame["id"].map(YEARS).fillna(1) / frame["year"].map(yearly)
    return frame


def arrears(prices: pd.DataFrame, volume: pd.DataFrame, ends: pd.Series) -> pd.DataFrame:
    """Arrears that would have grown from January 2016 had Minsk paid GP044 for all gas: contract price less that, times volume.

    ``volume``: yearly frame of gas.import_volume (bcm; volume, low, high), spread evenly over the days of a year. ``ends``: dates.
    Columns: date, and million USD in ``volume``, ``low`` and ``high``.
    """
    row = prices.set_index("id")
    paid, by_year = row.loc["GP044", "usd_per_1000m3"], volume.set_index("year")
    first = row.loc["GP044", "period_start"]
    due = {2016: row.loc["GP043", "usd_per_1000m3"], 2017: row.loc["GP154", "usd_per_1000m3"]}
    rows = []
    for end in ends:
        days = pd.Series(1, index=pd.date_range(first, min(end, row.loc["GP044", "period_end"]))).groupby(lambda day: day.year).sum()
        total = sum(days[y] / (366 if y == 2016 else 365) * (due[y] - paid) * by_year.loc[y, ["volume", "low", "high"]] for y in days.index)
        rows.append({"date": end, **total.astype(float)})
    return pd.DataFrame(rows)


def swings(disputes: pd.DataFrame, agreement: pd.DataFrame, first: int, last: int, lead: int) -> dict:
    """Do Belarusian votes move away from Russia in the years in which Russia gave way (strict reading), or ``lead`` years earlier?

    ``agreement``: frame of alignment/un_agreement. The measure is the change on the year before of the share of votes identical
    with Russia's, in points. Returns the mean change for years with a Russian concession and the others, their numbers, and the
    share of all ways to pick as many years whose mean is as low or lower (exact one-sided permutation test). Years are taken as
    exchangeable, which a series that swings back is not quite.
    """
    both = agreement[(agreement["country"] == "BLR") & (agreement["partner"] == "RUS")]
    change = 100 * both.set_index("year")["identical_share"].astype(float).diff()
    change = change.set_axis(change.index + lead).loc[first:last].dropna()  # dated by the year in which Russia may have given way
    gave = disputes[disputes["russia_conceded_strict"].astype(bool) & disputes["end"].notna() & (disputes["type"] != "non-energy")]
    hit = change.index.isin(gave["end"].dt.year)
    test = st.permutation_test(
        (change[hit].to_numpy(), change[~hit].to_numpy()),
        lambda a, b, axis: a.mean(axis=axis) - b.mean(axis=axis),
        alternative="less",
        n_resamples=np.inf,
        vectorized=True,
        rng=np.random.default_rng(0),
    )
    return {
        "with": float(change[hit].mean()),
        "without": float(change[~hit].mean()),
        "years": int(hit.sum()),
        "others": int((~hit).sum()),
        "p": float(test.pvalue),
    }
