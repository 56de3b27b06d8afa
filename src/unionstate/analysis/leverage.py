"""Are squeezes followed by integration? Event windows around dated events, held against events moved to other years.

Everything is counted in days. *Events* are dates (starts or ends of disputes, price rises, refusals); *steps* are the days on which
something happened that moved the two states closer or apart, each day once, however many papers were signed on it. What is
compared is always the same: steps in the ``window`` days after an event minus steps in the ``window`` days before it. The day
itself counts on neither side. Time that the tables do not cover (before the first or after the last of their rows) is made up for in
proportion.

Two null models move the events and leave the steps where they are. Both keep the day of the year, because contracts end at New Year
and the presidents meet in spring and December:

* *shuffled years*: the calendar years change places, each with all its events (Monte Carlo, fixed seed); overlaps of windows within a
  year stay, those between years do not;
* *shifted years*: all events move on by the same number of years, round the end of the period (all shifts, exact); gaps stay too.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from itertools import combinations, product

import numpy as np
import pandas as pd

from unionstate.analysis import disputes as d
from unionstate.analysis.stats import SEED, holm

#: Days after and before an event; the family of the chapter. A quarter, half a year, a year, two years.
WINDOWS = (91, 182, 365, 730)
#: First and last day that the tables of steps cover: the Belavezha accords and the Supreme State Council of February 2026.
OBSERVED = (pd.Timestamp("1991-12-08"), pd.Timestamp("2026-02-26"))
#: Draws of shuffled years: at p = 0.05 the Monte-Carlo error is then 0.002.
DRAWS = 9999

#: Rows that are part of a dispute or its settlement, and the case they belong to: a judgement of this chapter. Counted as steps they
#: would answer the question by themselves, so every result is given without them first.
PART_OF = {
    "gas-cut-2004": "D02", "gas-deal-2006": "D03", "oil-war-2007": "D04", "milk-war-2009": "D07", "oil-dispute-2010": "D08",
    "gas-war-2010": "D09", "beltransgaz-2011": "D12", "ses-2012": "D10", "energy-settlement-2017": "D15", "medvedev-ultimatum-2018": "D17",
    "sovereignty-2018": "D17", "roadmaps-2019": "D17", "oil-stop-2020": "D20", "sochi-2020": "D20", "loan-2020": "D21",  # milestones
    "oil-settlement-2007": "D04", "ses-2010": "D10", "gas-agreements-2011": "D12", "action-programme-2019": "D17",  # treaties
    "single-economic-space": "D10",  # commitments
}  # fmt: skip

#: Milestones in which Minsk, as the row describes it, turned down what Moscow asked for: a judgement of this chapter.
REFUSALS = ("putin-2002", "abkhazia-2008", "rouble-refusal-2009", "airbase-refusal-2015", "sovereignty-2018", "roadmaps-2019",
            "rouble-refusal-2023")  # fmt: skip

#: Readings of what counts as an event, by name.
CASES = {
    "energy disputes": d.is_dispute,
    "all cases": lambda t: pd.Series(True, index=t.index),
    "supply cut": d.was_cut,
    "Russia coerced first": lambda t: t["first_coercion"].isin(["Russia", "both"]),
    "tied to the union": d.linked,
}
#: Readings of what counts as a step, by name: direction and tables.
STEPS = {
    "any step closer": ("closer", ("treaties", "milestones", "commitments")),
    "texts signed": ("closer", ("treaties",)),
    "milestones closer": ("closer", ("milestones",)),
    "promises delivered": ("closer", ("commitments",)),
    "steps apart": ("apart", ("milestones",)),
}


def steps(treaties: pd.DataFrame, milestones: pd.DataFrame, commitments: pd.DataFrame) -> pd.DataFrame:
    """Every dated step: columns day, direction (closer, apart), table, row, part_of (case that it belongs to, or empty).

    Texts count on the day of signature, promises on the day of delivery (score above 0), milestones as coded, ``mixed`` left out.
    Dates of year precision are left out: no window of less than a year could place them.
    """
    kept = milestones[milestones["direction"].isin(["closer", "apart"])]
    done = commitments[commitments["score"] > 0]
    parts = [
        _dated(treaties, "signed", "treaties", "closer"),
        _dated(kept, "date", "milestones", kept["direction"].astype(str)),
        _dated(done, "delivered", "commitments", "closer"),
    ]
    found = pd.concat(parts).sort_values(["day", "table", "row"], ignore_index=True)
    return found.assign(part_of=found["row"].map(PART_OF).fillna(""))


def _dated(frame: pd.DataFrame, column: str, table: str, direction) -> pd.DataFrame:
    out = pd.DataFrame({"day": frame[column], "direction": direction, "table": table, "row": frame["id"]})
    return out[frame[column].notna() & (frame[f"{column}_precision"] != "year")]


def days(found: pd.DataFrame, reading: str, settlements: bool) -> np.ndarray:
    """Days with a step in ``reading`` (key of :data:`STEPS`), each once; ``settlements``: with the rows of :data:`PART_OF`."""
    direction, tables = STEPS[reading]
    kept = found[(found["direction"] == direction) & found["table"].isin(tables) & (settlements | (found["part_of"] == ""))]
    return np.unique(kept["day"].to_numpy("datetime64[D]"))


def event_dates(disputes: pd.DataFrame, reading: str, dated: str) -> pd.Series:
    """Dates of the events, indexed by case: ``reading`` of :data:`CASES`, ``dated`` "start" or "end" (cases without one left out)."""
    kept = disputes[CASES[reading](disputes)]
    return kept.set_index("id")[dated].dropna().sort_values()


def price_rises(monthly: pd.Series, least: float) -> pd.Series:
    """Months in which the gas price is at least ``least`` (0.1 = a tenth) above that of the month before; index: year-month."""
    change = monthly / monthly.shift() - 1
    at = monthly.index[(change >= least).to_numpy()]
    return pd.Series(at, index=at.strftime("%Y-%m"))


def resistance(milestones: pd.DataFrame, disputes: pd.DataFrame) -> pd.Series:
    """Dates on which Minsk resisted: refusals (:data:`REFUSALS`) and starts of energy disputes that Belarus alone opened by a breach."""
    said = milestones[milestones["id"].isin(REFUSALS)].set_index("id")["date"]
    own = disputes[(disputes["first_breach"] == "Belarus") & d.is_dispute(disputes)].set_index("id")["start"]
    return pd.concat([said, own]).sort_values()


def concessions(disputes: pd.DataFrame, loans: pd.DataFrame, settlements: bool) -> np.ndarray:
    """Days on which Moscow gave: loans agreed or eased by Russia or its funds, and with ``settlements`` the ends of disputes in
    which Russia conceded (strict reading). Loans dated by year alone are left out."""
    lender = loans["creditor"].isin(["Russia", "EurAsEC Anti-Crisis Fund", "Eurasian Fund (EFSD)"])
    credit = loans[lender & loans["stage"].isin(["agreed", "new terms"]) & (loans["date_precision"] != "year")]["date"]
    gave = disputes[disputes["russia_conceded_strict"].astype(bool)]["end"].dropna()
    return np.unique(pd.concat([credit, gave] if settlements else [credit]).to_numpy("datetime64[D]"))


# --- windows ---------------------------------------------------------------------------------------------------------


def around(dates: np.ndarray, step_days: np.ndarray, window: int) -> tuple[np.ndarray, np.ndarray]:
    """Steps in the ``window`` days after and before each date (any shape), scaled up where the tables do not cover the window.

    ValueError if a date lies outside :data:`OBSERVED`: one of its windows would be empty for want of tables, not of steps.
    """
    return windows(dates, window)(step_days)


def windows(dates: np.ndarray, window: int) -> Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """:func:`around` for dates that stay while histories of steps change: what follows from the dates alone is worked out once."""
    dates = np.asarray(dates, "datetime64[D]")
    first, last = (np.datetime64(day, "D") for day in OBSERVED)
    if dates.size and not (first < dates.min() and dates.max() < last):
        raise ValueError(f"events from {dates.min()} to {dates.max()}: the tables of steps cover {first} to {last}; choose years within")
    day, (first, last) = dates.astype(int), (bound.astype(int) for bound in (first, last))
    edges = {"before": day - window, "day": day, "after": day + window}
    weight_after = window / (np.minimum(edges["after"], last) - day)
    weight_before = window / (day - np.maximum(edges["before"], first))

    def count(step_days: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        steps = np.asarray(step_days, "datetime64[D]").astype(int)
        after = steps.searchsorted(edges["after"], "right") - steps.searchsorted(edges["day"], "right")
        before = steps.searchsorted(edges["day"], "left") - steps.searchsorted(edges["before"], "left")
        return after * weight_after, before * weight_before

    return count


def moved(dates: pd.Series, years: range) -> tuple[np.ndarray, np.ndarray]:
    """Each event in each year: array events × years of dates on the same day of the year, and the position of each own year."""
    months = (np.array(years) - 1970)[None, :] * 12 + dates.dt.month.to_numpy()[:, None] - 1
    months = months.astype("datetime64[M]")
    last = (months + 1).astype("datetime64[D]") - 1
    same = months.astype("datetime64[D]") + (dates.dt.day.to_numpy()[:, None] - 1).astype("timedelta64[D]")
    return np.minimum(same, last), dates.dt.year.to_numpy() - years[0]


def placements(dates: pd.Series, step_days: np.ndarray, window: int, years: range, side: str = "difference") -> np.ndarray:
    """Square array: entry (a, b) is the summed statistic of the events of year a, had they happened in year b.

    ``side``: "after", "before" or "difference". Events outside ``years`` must have been left out.
    """
    spots, own = moved(dates, years)
    after, before = around(spots, step_days, window)
    values = {"after": after, "before": before, "difference": after - before}[side]
    table = np.zeros((len(years), len(years)))
    np.add.at(table, own, values)
    return table


@lru_cache(maxsize=4)
def shuffles(years: range, draws: int = DRAWS, seed: int = SEED) -> np.ndarray:
    """``draws`` orders of the years, one a row: the same array for each test of a chapter, not to be written to."""
    return np.random.default_rng(seed).permuted(np.tile(np.arange(len(years)), (draws, 1)), axis=1)


def shifts(years: range) -> np.ndarray:
    """All orders of the years that move each on by the same number, the first of them by none."""
    n = len(years)
    return (np.arange(n)[None, :] + np.arange(n)[:, None]) % n


def totals(table: np.ndarray, orders: np.ndarray) -> np.ndarray:
    """The statistic under each order of the years."""
    return table[np.arange(len(table)), orders].sum(axis=1)


def share_as_far(observed: float, null: np.ndarray, centre: float, exact: bool) -> float:
    """Two-sided p: share of null values at least as far from ``centre`` as the observed one. In a Monte-Carlo null the observed
    order counts as one draw more (Phipson and Smyth 2010); an exact one holds it already."""
    far = int((np.abs(null - centre) >= abs(observed - centre) - 1e-9).sum())
    return far / len(null) if exact else (far + 1) / (len(null) + 1)


def window_test(
    dates: pd.Series, step_days: np.ndarray, window: int, years: range, side: str = "difference", draws: int = DRAWS, seed: int = SEED
) -> dict:
    """One test: steps per event after, before and their difference, expectation and 95 % range of the null, p of both nulls.

    ``p``: shuffled years (Monte Carlo); ``p_shift``: shifted years (exact, never below one over the number of years). Dates
    outside ``years`` are left out. Values are per event.
    """
    inside = dates[dates.dt.year.isin(years)]
    table, n = placements(inside, step_days, window, years, side), len(inside)
    null, exact = totals(table, shuffles(years, draws, seed)), totals(table, shifts(years))
    observed, centre = float(np.trace(table)), table.sum() / len(years)
    after, before = around(inside.to_numpy(), step_days, window)
    low, high = np.quantile(null, [0.025, 0.975], method="inverted_cdf")
    return {
        "window": window,
        "events": n,
        "after": float(after.mean()),
        "before": float(before.mean()),
        "value": observed / n,
        "expected": float(centre / n),
        "low": float(low / n),
        "high": float(high / n),
        "p": share_as_far(observed, null, centre, exact=False),
        "p_shift": share_as_far(observed, exact, centre, exact=True),
    }


def monte_carlo_error(p: float, draws: int = DRAWS) -> float:
    """Standard error of a Monte-Carlo p-value."""
    return math.sqrt(p * (1 - p) / draws)


def one_out(dates: pd.Series, step_days: np.ndarray, window: int, years: range) -> pd.DataFrame:
    """The test without each event in turn: columns left_out, value, p, and own (what that event itself adds: after minus before)."""
    after, before = around(dates.to_numpy(), step_days, window)
    rows = []
    for position, name in enumerate(dates.index):
        result = window_test(dates.drop(name), step_days, window, years, draws=1999)
        rows.append({"left_out": name, "value": result["value"], "p": result["p"], "own": after[position] - before[position]})
    return pd.DataFrame(rows)


def planted(dates: pd.Series, step_days: np.ndarray, window: int, years: range, effect: float, worlds: int, rng: np.random.Generator):
    """Yields days with a step of ``worlds`` simulated histories: the years of the steps change places, so that events and steps have
    nothing to do with each other; then each event draws a Poisson number of further steps, ``effect`` on average, at even odds on each
    day of the window after it."""
    index = step_days.astype("datetime64[Y]").astype(int) + 1970 - years[0]
    within = (index >= 0) & (index < len(years))
    rest, index = step_days[~within], index[within]
    offset = step_days[within] - step_days[within].astype("datetime64[Y]").astype("datetime64[D]")
    starts = np.array([f"{year}-01-01" for year in years], "datetime64[D]")
    events = dates.to_numpy("datetime64[D]")
    for _ in range(worlds):
        world = starts[rng.permutation(len(years))[index]] + offset
        extra = np.repeat(events, rng.poisson(effect, len(events)))
        extra = extra + rng.integers(1, window + 1, len(extra)).astype("timedelta64[D]")
        yield np.sort(np.concatenate([rest, world, extra]))


def at_most(
    dates: pd.Series, step_days: np.ndarray, window: int, years: range, effects, worlds: int = 4000, seed: int = SEED
) -> pd.DataFrame:
    """How often an effect that is there would show as a difference *above* the observed one: columns effect, share, error.

    Read backwards (:func:`smallest` at 0.975), it gives the largest effect that the data still allow: above it, fewer than one world
    in forty shows as little as was seen. Steps that follow one dispute often precede the next, so the difference shows only a part of
    the effect; an interval that moves the observed difference against the null model would overlook that and be too short.
    The worlds are those of :func:`planted`; as counts add up, the further steps are drawn beside one set of worlds without effect.
    """
    rng, rows = np.random.default_rng(seed), []
    inside = dates[dates.dt.year.isin(years)]
    events = inside.to_numpy("datetime64[D]")

    count = windows(events, window)

    def difference(steps_of_world: np.ndarray) -> float:
        after, before = count(steps_of_world)
        return float((after - before).sum())

    observed = difference(step_days)
    bare = np.array([difference(world) for world in planted(inside, step_days, window, years, 0, worlds, rng)])
    adds = np.array([[difference((day + u)[None]) for u in range(1, window + 1)] for day in events])  # what a step u days later adds
    for effect in effects:
        many = rng.poisson(effect, (worlds, len(events)))
        event = np.repeat(np.tile(np.arange(len(events)), worlds), many.ravel())
        world = np.repeat(np.repeat(np.arange(worlds), len(events)), many.ravel())
        more = np.bincount(world, adds[event, rng.integers(0, window, len(event))], minlength=worlds)
        share = float(np.mean(bare + more > observed + 1e-9))
        rows.append({"effect": float(effect), "share": share, "error": math.sqrt(share * (1 - share) / worlds)})
    return pd.DataFrame(rows)


def power(
    dates: pd.Series, step_days: np.ndarray, window: int, years: range, effects, levels: dict, worlds: int = 400, seed: int = SEED
) -> pd.DataFrame:
    """How often the test finds an effect that is there: columns level (name), effect (steps added per event), share (of worlds),
    error (standard error of that share). ``levels``: name → level at which p counts as found.

    The worlds are those of :func:`planted`; in each the test of :func:`window_test` is run with 999 orders of the years.
    """
    rng = np.random.default_rng(seed)
    inside = dates[dates.dt.year.isin(years)]
    spots, own = moved(inside, years)
    count, orders, rows = windows(spots, window), shuffles(years, 999, seed + 1), []
    for effect in effects:
        found = []
        for world in planted(inside, step_days, window, years, effect, worlds, rng):
            after, before = count(world)
            table = np.zeros((len(years), len(years)))
            np.add.at(table, own, after - before)
            found.append(share_as_far(np.trace(table), totals(table, orders), table.sum() / len(years), exact=False))
        for name, level in levels.items():
            share = float(np.mean(np.array(found) < level))
            rows.append({"level": name, "effect": float(effect), "share": share, "error": math.sqrt(share * (1 - share) / worlds)})
    frame = pd.DataFrame(rows)
    return pd.concat([frame[frame["level"] == name] for name in levels], ignore_index=True)


def smallest(curve: pd.DataFrame, wanted: float = 0.8) -> float:
    """The effect at which a power curve first reaches ``wanted``, between its points by straight line; nan if it never does."""
    reached = curve["share"].to_numpy() >= wanted
    if not reached.any():
        return float("nan")
    at = int(reached.argmax())
    if at == 0:
        return float(curve["effect"].iloc[0])
    (x0, x1), (y0, y1) = (curve[c].iloc[at - 1 : at + 1] for c in ("effect", "share"))
    return float(x0 + (wanted - y0) / (y1 - y0) * (x1 - x0))


def specifications(
    disputes: pd.DataFrame, found: pd.DataFrame, years: range, direction: str = "closer", draws: int = 1999, seed: int = SEED
) -> tuple[pd.DataFrame, np.ndarray]:
    """Every combination of window, cases, date, reading of a step (in one ``direction``) and settlements.

    Columns: window, cases, dated, steps, settlements, events, value (per event), score (distance from the null's mean in its standard
    deviations), p. With it the scores under shuffled years, one row a specification, the same order of years in each column.
    """
    orders = shuffles(years, draws, seed)
    placed = {}
    for cases, dated in product(CASES, ("start", "end")):
        dates = event_dates(disputes, cases, dated)
        placed[cases, dated] = moved(dates[dates.dt.year.isin(years)], years)
    readings = [name for name, (way, _) in STEPS.items() if way == direction]
    rows, nulls = [], []
    for settlements, reading in product((False, True), readings):
        step_days = days(found, reading, settlements)
        for (cases, dated), window in product(placed, WINDOWS):
            spots, own = placed[cases, dated]
            after, before = around(spots, step_days, window)
            table = np.zeros((len(years), len(years)))
            np.add.at(table, own, after - before)
            null, observed, centre = totals(table, orders), np.trace(table), table.sum() / len(years)
            nulls.append((null - centre) / null.std())
            choice = {"window": window, "cases": cases, "dated": dated, "steps": reading, "settlements": settlements}
            value = {"events": len(own), "value": observed / len(own), "score": (observed - centre) / null.std()}
            rows.append({**choice, **value, "p": share_as_far(observed, null, centre, exact=False)})
    return pd.DataFrame(rows), np.array(nulls)


def joint(scores: pd.Series, nulls: np.ndarray) -> dict:
    """Two tests of many specifications at once (Simonsohn, Simmons and Nelson 2020): how often, when the same shuffled years are
    applied to all, the median score (``median``, ``p``) and the farthest (``farthest``, ``p_farthest``) are as far from zero.

    ``scores``: those of some or all rows of :func:`specifications`, with the index of its frame; ``nulls``: the array beside it.
    Specifications share their data, so their own p-values may not be counted as if they were as many tests.
    """
    mine = nulls[scores.index]
    median, farthest = float(scores.median()), float(scores.abs().max())
    p_farthest = share_as_far(farthest, np.abs(mine).max(axis=0), 0.0, exact=False)
    return {
        "median": median,
        "p": share_as_far(median, np.median(mine, axis=0), 0.0, exact=False),
        "farthest": farthest,
        "p_farthest": p_farthest,
    }


# --- yearly series ---------------------------------------------------------------------------------------------------


def yearly(step_days: np.ndarray, years) -> pd.Series:
    """Days with a step in each year."""
    own = pd.Series(step_days.astype("datetime64[Y]").astype(int) + 1970).value_counts()
    return own.reindex(list(years), fill_value=0).rename("steps")


def lagged(series: pd.Series, counts: pd.Series, lags) -> pd.DataFrame:
    """Spearman correlation of a yearly ``series`` with ``counts`` that many years later (negative: earlier).

    Held against all shifts of the series round its own years: exact, with as many values as years, so that p cannot be smaller
    than one over them. Columns lag, rho, low and high (extremes over the shifts), p, years.
    """
    ranks, rows = series.rank().to_numpy(), []
    for lag in lags:
        other = counts.reindex(series.index + lag).rank().to_numpy()
        level = min(ranks.std(), other.std()) == 0  # a constant series goes with nothing
        rhos = np.array([0.0 if level else np.corrcoef(np.roll(ranks, k), other)[0, 1] for k in range(len(series))])
        p = share_as_far(rhos[0], rhos, 0.0, exact=True)
        rows.append({"lag": lag, "rho": rhos[0], "low": rhos.min(), "high": rhos.max(), "p": p, "years": len(series)})
    return pd.DataFrame(rows)


def news(dyads: pd.DataFrame) -> pd.DataFrame:
    """Machine-coded events between Belarus and Russia, both directions: index year, columns events, conflict (share of events)."""
    pair = ["BLR", "RUS"]
    both = dyads[dyads["actor"].isin(pair) & dyads["target"].isin(pair) & (dyads["actor"] != dyads["target"])]
    kinds = ["verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict"]
    sums = both.groupby("year")[kinds].sum().astype(float)
    events = sums.sum(axis=1)
    return pd.DataFrame({"events": events, "conflict": (sums["verbal_conflict"] + sums["material_conflict"]) / events})


def news_after(shares: pd.Series, event_years: set[int], lag: int) -> dict:
    """Change of the conflict share (points on the year before), ``lag`` years after years with an event against other years.

    Returns with, without, years, others, difference, p (all ways to choose as many years, exact; takes years as exchangeable) and
    p_shift (all shifts of the marked years round the series, exact).
    """
    change = 100 * shares.diff().dropna()
    hit = np.array([year - lag in event_years for year in change.index])
    values, n, k = change.to_numpy(), len(change), int(hit.sum())

    def gap(chosen):
        return values[chosen].mean() - values[~chosen].mean()

    every = np.zeros((math.comb(n, k), n), bool)
    for row, chosen in enumerate(combinations(range(n), k)):
        every[row, list(chosen)] = True
    sums = (every * values).sum(axis=1)
    nulls = sums / k - (values.sum() - sums) / (n - k)
    shifted = np.array([gap(np.roll(hit, s)) for s in range(n)])
    observed = float(gap(hit))
    return {
        "with": float(values[hit].mean()),
        "without": float(values[~hit].mean()),
        "years": k,
        "others": n - k,
        "difference": observed,
        "p": share_as_far(observed, nulls, 0.0, exact=True),
        "p_shift": share_as_far(observed, shifted, 0.0, exact=True),
    }


# --- closeness and distance ------------------------------------------------------------------------------------------


def phases(milestones: pd.DataFrame, years) -> pd.DataFrame:
    """Each year by its milestones: columns year, closer, apart (counts), state (closeness, distance, or none where they balance)."""
    counts = milestones.groupby([milestones["date"].dt.year, milestones["direction"].astype(str)]).size().unstack(fill_value=0)
    counts = counts.reindex(index=list(years), columns=["closer", "apart"], fill_value=0).rename_axis(index="year", columns=None)
    state = np.select([counts["closer"] > counts["apart"], counts["closer"] < counts["apart"]], ["closeness", "distance"], "none")
    return counts.assign(state=state).reset_index()


def switches_by_chance(states) -> float:
    """Changes that the same states would show on average in random order (exact: 2ab / n for a and b years of either state)."""
    known = [state for state in states if state != "none"]
    a = known.count("closeness")
    return 2 * a * (len(known) - a) / len(known)


def switches(states) -> int:
    """How often the state changes from one year that has one to the next that has one."""
    known = [state for state in states if state != "none"]
    return sum(a != b for a, b in zip(known, known[1:], strict=False))


def phase_lengths(phased: pd.DataFrame) -> list[int]:
    """Calendar years that each phase lasted, in order: from the first year of its state to the first year of the next one's; the
    last phase runs to the end of ``phased``. Years without a balance belong to the phase they fall in."""
    known = phased[phased["state"] != "none"]
    starts = known["year"][known["state"] != known["state"].shift()].tolist()
    return [int(b - a) for a, b in zip(starts, [*starts[1:], int(phased["year"].max()) + 1], strict=True)]


def reversals(shares: pd.Series, events: pd.Series, errors: float = 3.0) -> list:
    """Years at which a yearly share turns, counting only swings larger than counting noise: a list of years (peaks and troughs).

    A swing counts when it exceeds ``errors`` standard errors of the difference of two shares of all events (binomial, at the mean
    share and mean number of events). The running extreme is kept until the series has come back by more than that.
    """
    mean, size = float((shares * events).sum() / events.sum()), float(events.mean())
    least = errors * math.sqrt(2 * mean * (1 - mean) / size)
    turns, direction, extreme, at = [], 0, float(shares.iloc[0]), shares.index[0]
    for year, value in list(shares.items())[1:]:
        if direction >= 0 and value > extreme or direction <= 0 and value < extreme:
            if direction == 0 and abs(value - float(shares.iloc[0])) < least:
                continue
            direction = direction or (1 if value > float(shares.iloc[0]) else -1)
            extreme, at = float(value), year
        elif direction and abs(value - extreme) >= least:
            turns.append(at)
            direction, extreme, at = -direction, float(value), year
    return turns


def together(phased: pd.DataFrame, shares: pd.Series) -> dict:
    """Do years with more milestones apart than closer have more conflict in the news? Spearman's rho of the two over the years
    that both cover, and the share of all shifts at least as far from zero (exact)."""
    balance = (phased["apart"] - phased["closer"]).set_axis(phased["year"]).loc[shares.index]
    return lagged(balance, shares, [0]).iloc[0].to_dict()


# --- the family of tests stated in advance ---------------------------------------------------------------------------


def family(tests: dict[str, tuple], window: int, years: range, draws: int = DRAWS, seed: int = SEED) -> pd.DataFrame:
    """All window tests of the chapter, one row each. ``tests``: words → (dates, step days, all windows or only ``window``, years).

    Columns question, then those of :func:`window_test`.
    """
    rows = []
    for words, (dates, step_days, everywhere, span) in tests.items():
        for wide in sorted({*WINDOWS, window}) if everywhere else [window]:
            rows.append({"question": words, **window_test(dates, step_days, wide, span or years, draws=draws, seed=seed)})
    return pd.DataFrame(rows)


def sides(dates: pd.Series, found: pd.DataFrame, settlements: bool, window: int, years: range) -> pd.DataFrame:
    """Lead and lag apart: for steps closer and apart, each window and each side, the value beside its null. Adds steps, side and
    holm (corrected over the lags and leads, the differences being a family of their own)."""
    rows = []
    for reading in ("any step closer", "steps apart"):
        for wide in sorted({*WINDOWS, window}):
            for side in ("before", "after", "difference"):
                test = window_test(dates, days(found, reading, settlements), wide, years, side)
                rows.append({"steps": reading, "side": side, **test})
    out = pd.DataFrame(rows)
    own = out["side"] != "difference"
    return out.assign(holm=holm(out["p"][own]).reindex(out.index))
