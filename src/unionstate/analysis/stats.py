"""Statistics that several chapters share: thin, documented wrappers on scipy. Each function stands alone."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
from scipy import stats

SEED = 1991  # one seed for the book: the same intervals on every run


def bootstrap_interval(*columns, statistic=np.median, confidence: float = 0.95, resamples: int = 4999) -> tuple[float, float]:
    """Percentile bootstrap interval of ``statistic`` (Efron 1979), rows resampled whole.

    ``columns``: one or more sequences of equal length; ``statistic(*columns, axis=-1)`` must be vectorised. Rows are
    taken to be independent. A resample whose statistic is infinite (a median never reached) counts as larger than
    any number, so an end of the interval can be ``inf``. Percentile and not BCa, because the jackknife behind BCa
    breaks down for medians.
    """
    data = tuple(np.asarray(column, dtype=float) for column in columns)
    if len(data[0]) < 2:
        raise ValueError("a bootstrap interval needs at least two rows")
    far = 1e15  # stands in for infinity: scipy interpolates and would make nan of it

    def finite(*sample, axis=-1):
        return np.minimum(statistic(*sample, axis=axis), far)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", stats.DegenerateDataWarning)  # all rows equal: the interval is that value
        result = stats.bootstrap(
            data,
            finite,
            paired=len(data) > 1,
            vectorized=True,
            axis=-1,
            n_resamples=resamples,
            confidence_level=confidence,
            method="percentile",
            rng=np.random.default_rng(SEED),
        )
    # Order statistics of the resamples, not interpolation between them: a half-infinite mean is no answer.
    tail = (1 - confidence) / 2
    low, high = np.quantile(result.bootstrap_distribution, [tail, 1 - tail], method="inverted_cdf")
    return tuple(float("inf") if end >= far else float(end) for end in (low, high))


def survival(durations, observed, confidence: float = 0.95) -> pd.DataFrame:
    """Kaplan-Meier estimate of the share still waiting (Kaplan and Meier 1958), one row per event time, from time 0.

    ``durations``: waiting times in any unit; ``observed``: true where the event came, false where the wait was cut
    off (right-censored). Assumes that being cut off says nothing about how long the wait would have been. Columns:
    ``time``, ``share``, ``low``, ``high`` (log-log interval, pointwise; nan where undefined), ``at_risk``, ``events``.
    """
    durations, observed = np.asarray(durations, dtype=float), np.asarray(observed, dtype=bool)
    sf = stats.ecdf(stats.CensoredData(uncensored=durations[observed], right=durations[~observed])).sf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # the interval is undefined where the share is 0 or 1
        band = sf.confidence_interval(confidence_level=confidence, method="log-log")
    events = np.array([int(np.sum(durations[observed] == t)) for t in sf.quantiles])
    frame = pd.DataFrame(
        {
            "time": sf.quantiles,
            "share": sf.probabilities,
            "low": band.low.probabilities,
            "high": band.high.probabilities,
            "at_risk": [int(np.sum(durations >= t)) for t in sf.quantiles],
            "events": events,
        }
    )
    frame = frame[frame["events"] > 0]
    if len(frame) and frame["time"].iloc[0] > 0:
        start = pd.DataFrame([{"time": 0.0, "share": 1.0, "low": 1.0, "high": 1.0, "at_risk": len(durations), "events": 0}])
        frame = pd.concat([start, frame])
    return frame.reset_index(drop=True)


def survival_median(durations, observed, axis: int = -1):
    """Median waiting time from the Kaplan-Meier curve: the first time at which the share waiting falls to one half.

    Where the curve rests on one half exactly, the middle of that rest, so that without censoring it is the ordinary
    median. ``inf`` where the curve never falls to one half. Vectorised along ``axis`` for :func:`bootstrap_interval`.
    """
    t, seen = np.moveaxis(np.asarray(durations, float), axis, -1), np.moveaxis(np.asarray(observed, float), axis, -1)
    order = np.lexsort((-seen, t), axis=-1)  # at equal times events come before cut-offs
    t, seen = np.take_along_axis(t, order, -1), np.take_along_axis(seen, order, -1)
    share = np.cumprod(1 - seen / np.arange(t.shape[-1], 0, -1), axis=-1)

    def first(reached):
        return np.where(reached.any(-1), np.take_along_axis(t, reached.argmax(-1)[..., None], -1)[..., 0], np.inf)

    at_half, below = first(share <= 0.5 + 1e-12), first(share < 0.5 - 1e-12)
    return np.where(np.isfinite(below), (at_half + below) / 2, at_half)


def compare_survival(durations, observed, group) -> float:
    """p-value of the log-rank test that two groups (``group`` true or false) have the same waiting times.

    Assumes independent rows and censoring alike in both groups; it sees best a difference that keeps its sign.
    """
    durations, observed, group = (np.asarray(x) for x in (durations, observed, group))
    halves = [
        stats.CensoredData(uncensored=durations[side & observed], right=durations[side & ~observed])
        for side in (group.astype(bool), ~group.astype(bool))
    ]
    return float(stats.logrank(*halves).pvalue)


def rate_interval(count: int, years: float, confidence: float = 0.95) -> tuple[float, float]:
    """Exact interval (Garwood) of a yearly rate when ``count`` events fell in ``years``, taken as a Poisson process."""
    tail = (1 - confidence) / 2
    low = stats.chi2.ppf(tail, 2 * count) / 2 if count else 0.0
    return float(low / years), float(stats.chi2.ppf(1 - tail, 2 * count + 2) / 2 / years)


def compare_rates(count_a: int, years_a: float, count_b: int, years_b: float) -> float:
    """p-value (two-sided, exact, conditional on the total) that two Poisson rates are equal."""
    return float(stats.binomtest(count_a, count_a + count_b, years_a / (years_a + years_b)).pvalue)


def holm(p: pd.Series) -> pd.Series:
    """Holm's step-down correction (1979): adjusted p in the order given."""
    order = np.argsort(p.to_numpy(), kind="stable")
    raised = np.maximum.accumulate(p.to_numpy()[order] * np.arange(len(p), 0, -1))
    out = np.empty(len(p))
    out[order] = np.minimum(raised, 1)
    return pd.Series(out, index=p.index)
