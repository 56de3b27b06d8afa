"""Change points of a series' level, by penalty, so that no single setting decides."""

from __future__ import annotations

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
    """Every change point at every penalty: columns penalty, at (index label)."""
    found = [(penalty, at) for penalty in penalties for at in change_points(series, penalty, least)]
    return pd.DataFrame(found, columns=["penalty", "at"])
