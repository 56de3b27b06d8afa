"""Change points of a series' level, by penalty, so that no single setting decides."""

from __future__ import annotations

import numpy as np
import pandas as pd
import ruptures


def change_points(series: pd.Series, penalty: float, least: int) -> list:
    """Index labels at which the mean level changes: the exact minimum of squared error plus penalty, by PELT (Killick and others 2012).

    ``KernelCPD`` with a linear kernel is the squared-error cost, in compiled code. ``ruptures.Pelt`` takes some hundred times as long
    and, because of how it treats the shortest stretch, now and then stops short of the minimum.
    ``penalty`` is in units of ``σ² · ln n``, σ² being the noise variance estimated from first differences (median absolute
    deviation), so 1 is about the usual BIC choice for independent noise. ``least``: shortest stretch, in observations.
    """
    values = series.to_numpy(float)
    scaled = penalty * noise(values) ** 2 * np.log(len(values))
    ends = ruptures.KernelCPD(kernel="linear", min_size=least).fit(values[:, None]).predict(pen=scaled)
    return [series.index[end] for end in ends[:-1]]


def noise(values: np.ndarray) -> float:
    """Standard deviation of the noise from first differences, robust to the jumps that are looked for."""
    steps = np.abs(np.diff(values))
    return float(np.median(steps[steps > 0]) / 0.6745 / np.sqrt(2))


def penalty_path(series: pd.Series, penalties: np.ndarray, least: int) -> pd.DataFrame:
    """Every change point at every penalty: columns penalty, at (index label)."""
    found = [(penalty, at) for penalty in penalties for at in change_points(series, penalty, least)]
    return pd.DataFrame(found, columns=["penalty", "at"])


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
