"""Change points of a series' level, by penalty, so that no single setting decides."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import ruptures


def change_points(series: pd.Series, penalty: float, least: int) -> list:
    """Index labels at which the mean level changes, by PELT with squared-error cost (Killick and others 2012).

    ``penalty`` is in units of ``σ² · ln n``, σ² being the noise variance estimated from first differences (median absolute
    deviation), so 1 is about the usual BIC choice for independent noise. ``least``: shortest stretch, in observations.
    """
    values = series.to_numpy(float)
    scaled = penalty * noise(values) ** 2 * np.log(len(values))
    ends = ruptures.Pelt(model="l2", min_size=least, jump=1).fit(values).predict(pen=scaled)
    return [series.index[end] for end in ends[:-1]]


def noise(values: np.ndarray) -> float:
    """Standard deviation of the noise from first differences, robust to the jumps that are looked for."""
    steps = np.abs(np.diff(values))
    return float(np.median(steps[steps > 0]) / 0.6745 / np.sqrt(2))


def penalty_path(series: pd.Series, penalties: np.ndarray, least: int) -> pd.DataFrame:
    """Every change point at every penalty: columns penalty, at (index label). ``penalties`` rise.

    Where two penalties leave equally many change points, every penalty between them leaves the same ones (Haynes, Eckley and
    Fearnhead 2017), so only the penalties between different solutions are tried.
    """
    solved = {i: change_points(series, penalties[i], least) for i in (0, len(penalties) - 1)}
    _fill(solved, 0, len(penalties) - 1, lambda i: change_points(series, penalties[i], least))
    found = [(penalty, at) for i, penalty in enumerate(penalties) for at in solved[i]]
    return pd.DataFrame(found, columns=["penalty", "at"])


def _fill(solved: dict[int, list], low: int, high: int, solve: Callable[[int], list]) -> None:
    if len(solved[low]) == len(solved[high]):
        solved.update(dict.fromkeys(range(low + 1, high), solved[low]))
    elif high - low > 1:
        middle = (low + high) // 2
        solved[middle] = solve(middle)
        _fill(solved, low, middle, solve)
        _fill(solved, middle, high, solve)


def stability(path: pd.DataFrame, penalties: int, months: int) -> pd.DataFrame:
    """How firmly each step stands: columns at, kept (share of penalties that find it), largest (penalty that still does).

    ``path`` comes from :func:`penalty_path` on a monthly series. Solutions at different penalties are not nested, so a step
    may move by a month: dates within ``months`` of the most frequent one count as it. Most firmly kept first.
    """
    left, found = path, []
    while len(left):
        counts = left.groupby("at").size()
        anchor = counts.idxmax()
        near = left[(left["at"] - anchor).abs() <= pd.Timedelta(days=31 * months)]
        found.append({"at": anchor, "kept": near["penalty"].nunique() / penalties, "largest": near["penalty"].max()})
        left = left.drop(near.index)
    steps = pd.DataFrame(found, columns=["at", "kept", "largest"])
    return steps.sort_values("kept", ascending=False, kind="stable").reset_index(drop=True)
