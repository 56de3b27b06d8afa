"""How long instruments wait for their entry into force, and how many are signed a year.

Shapes: every function takes the frames of ``load("integration/treaties")`` or of :func:`waits` and returns a frame.
Times are whole days. Nothing here decides what an empty date means: that is coded in the table's column ``entry``.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from unionstate.analysis.stats import bootstrap_interval, rate_interval, survival_median
from unionstate.show import style

YEAR = 365.25
TREATY_LAW = ("treaty", "agreement", "charter")  # texts that need an entry into force of their own

#: Abandoned project → the instrument that took its place, as the note of one of the two rows says. Its signature ends
#: the wait. The other `never` rows wait until the end of observation.
REPLACED_BY = {
    "monetary-merger-1994": "convertibility-1995",
    "military-doctrine-2018-draft": "military-doctrine-2021",
    "action-programme-2019": "directions-2021-2023",
}
#: `never` rows where a formal entry into force without effect cannot be excluded (see the field's description).
CONTESTABLE_NEVER = ("economic-union-1993", "single-currency-2000", "currency-conditions-2000")
#: Rows that only accompany another one of the table and share its date.
COMPANIONS = ("charter-1997", "action-programme-1999", "free-trade-protocol-1995")

DATES = ("signed", "ratified_blr", "ratified_rus", "in_force")


def end_of_observation(treaties: pd.DataFrame) -> pd.Timestamp:
    """The last date in the table: nothing is known after it."""
    return max(treaties[column].max() for column in DATES)


def is_bilateral(treaties: pd.DataFrame) -> pd.Series:
    """True where Belarus and Russia are the only parties."""
    return treaties["parties"] == "Belarus; Russia"


def waits(treaties: pd.DataFrame) -> pd.DataFrame:
    """One row per instrument with a day of signature that needs an entry into force (`entry` not `not applicable`).

    Adds ``treaty_law``, ``bilateral``, ``earliest`` and ``latest`` (bounds of the wait in days): equal for `dated` rows;
    for `never` rows both are the wait until the replacement or the end of observation; for `date not found` rows from the
    last ratification known (else the signature) to the end of observation. ``ratified``: a ratification is known.
    """
    end = end_of_observation(treaties)
    frame = treaties[(treaties["entry"] != "not applicable") & treaties["signed"].notna()].copy()
    frame["treaty_law"] = frame["kind"].isin(TREATY_LAW)
    frame["bilateral"] = is_bilateral(frame)
    known = frame[["signed", "ratified_blr", "ratified_rus"]].max(axis=1)
    frame["ratified"] = frame[["ratified_blr", "ratified_rus"]].notna().any(axis=1)
    signed = treaties.set_index("id")["signed"]
    given_up = frame["id"].map(REPLACED_BY).map(signed).fillna(end)
    dated, never = frame["entry"] == "dated", frame["entry"] == "never"
    first = frame["in_force"].where(dated, given_up.where(never, known))
    last = frame["in_force"].where(dated, given_up.where(never, end))
    frame["earliest"] = (first - frame["signed"]).dt.days
    frame["latest"] = (last - frame["signed"]).dt.days
    return frame


#: What to assume of instruments in use whose date was not found.
TREATMENTS = {
    "left out": "dates not found: rows left out",
    "at once": "in force at the last ratification known, else at signature",
    "at the end": "in force only at the end of observation",
    "at least": "those with a known ratification: cut off there; the others left out",
}


def spells(frame: pd.DataFrame, unknown: str = "left out") -> pd.DataFrame:
    """Waiting times ready for a survival estimate: ``days`` and ``observed``, with `date not found` treated as asked.

    ``unknown`` is a key of ``TREATMENTS``. `never` rows are right-censored in every case.
    """
    if unknown not in TREATMENTS:
        raise ValueError(f"treatment {unknown!r}: expected one of {', '.join(TREATMENTS)}")
    missing = frame["entry"] == "date not found"
    assumed = unknown in ("at once", "at the end")
    keep = ~missing | assumed | (frame["ratified"] & (unknown == "at least"))
    days = frame["latest"] if unknown == "at the end" else frame["earliest"]
    observed = (frame["entry"] == "dated") | (missing & assumed)
    return frame.assign(days=days, observed=observed)[keep]


def median_lag(spelled: pd.DataFrame) -> dict:
    """Median wait in days with its 95 % bootstrap interval, and the rows behind it, of the frame of :func:`spells`."""
    days, observed = spelled["days"], spelled["observed"]
    low, high = bootstrap_interval(days, observed, statistic=survival_median)
    return {
        "rows": len(spelled), "entered": int(observed.sum()), "cut_off": int((~observed).sum()),
        "median": float(survival_median(days, observed)), "low": low, "high": high,
    }


def lag_by_area(spelled: pd.DataFrame, least: int) -> pd.DataFrame:
    """:func:`median_lag` for each policy area; no median and no interval with fewer than ``least`` dated rows."""
    rows = []
    for area, part in spelled.groupby("policy_area", observed=False):
        enough = int(part["observed"].sum()) >= least
        empty = {"rows": len(part), "entered": int(part["observed"].sum()), "cut_off": int((~part["observed"]).sum())}
        rows.append({"policy_area": area, **(median_lag(part) if enough else {**empty, "median": np.nan, "low": np.nan, "high": np.nan})})
    return pd.DataFrame(rows)


def sensitivity(treaties: pd.DataFrame) -> pd.DataFrame:
    """Median wait under every choice this chapter makes, one row per choice; columns of :func:`median_lag` and ``choice``."""
    everything = waits(treaties)
    law = everything[everything["treaty_law"]]
    recoded = law.assign(entry=law["entry"].mask(law["id"].isin(CONTESTABLE_NEVER), "date not found"))
    council = treaties[treaties["kind"].isin(["decree", "doctrine", "programme"]) & (treaties["entry"] == "not applicable")]
    zeros = council.assign(days=0, observed=True)
    cases = {
        "main: treaties, agreements, charters; dates not found left out": spells(law),
        "dated rows only (never-in-force rows dropped)": spells(law).query("observed"),
        "contested `never` rows counted as date not found": spells(recoded),
        "one row per package (companions dropped)": spells(law[~law["id"].isin(COMPANIONS)]),
        "with decisions and programmes": spells(everything),
        "with decisions and programmes, undated ones as day zero": pd.concat([spells(everything), zeros]),
        "dates not found: cut off at the last ratification known": spells(law, "at least"),
        "dates not found: in force at once (lower bound)": spells(law, "at once"),
        "dates not found: in force only at the end (upper bound)": spells(law, "at the end"),
    }
    return pd.DataFrame([{"choice": name, **median_lag(case)} for name, case in cases.items()])


def stretched(treaties: pd.DataFrame, wait: str) -> pd.DataFrame:
    """The table with dates of month or year precision moved inside their period: ``wait`` "shortest" puts signatures
    late and all later steps early, "longest" the reverse."""
    frame = treaties.copy()
    for column in DATES:
        late = (column == "signed") == (wait == "shortest")
        for precision, period in (("month", "M"), ("year", "Y")):
            rough = frame[f"{column}_precision"] == precision
            whole = frame.loc[rough, column].dt.to_period(period)
            edge = whole.dt.end_time.dt.normalize() if late else whole.dt.start_time
            frame.loc[rough, column] = edge.astype(frame[column].dtype)
    return frame


def per_year(treaties: pd.DataFrame, milestones: pd.DataFrame) -> pd.DataFrame:
    """Counts for each calendar year: signed (two or more parties), entered into force (dated rows), milestones by direction."""
    both = is_bilateral(treaties)
    counts = {
        "signed_bilateral": treaties.loc[both, "signed"], "signed_multilateral": treaties.loc[~both, "signed"],
        "in_force_bilateral": treaties.loc[both, "in_force"], "in_force_multilateral": treaties.loc[~both, "in_force"],
        **{direction: milestones.loc[milestones["direction"] == direction, "date"] for direction in ("closer", "mixed", "apart")},
    }
    years = range(1991, end_of_observation(treaties).year + 1)
    table = {name: dates.dropna().dt.year.value_counts().reindex(years, fill_value=0) for name, dates in counts.items()}
    return pd.DataFrame(table).rename_axis("year").reset_index()


def pace(treaties: pd.DataFrame, cuts: list[pd.Timestamp]) -> pd.DataFrame:
    """Instruments signed per year between successive ``cuts`` (first included, last day of the last span too).

    Columns: start, end, years, and for bilateral and all instruments the count, the rate and its exact 95 % interval.
    """
    both, rows = is_bilateral(treaties), []
    for start, end in zip(cuts[:-1], cuts[1:], strict=True):
        inside = (treaties["signed"] >= start) & ((treaties["signed"] < end) | (end == cuts[-1]) & (treaties["signed"] <= end))
        years = (end - start).days / YEAR
        row = {"start": start, "end": end, "years": years}
        for name, mask in (("bilateral", inside & both), ("all", inside)):
            low, high = rate_interval(int(mask.sum()), years)
            row |= {name: int(mask.sum()), f"{name}_rate": mask.sum() / years, f"{name}_low": low, f"{name}_high": high}
        rows.append(row)
    return pd.DataFrame(rows)


def is_instrument(milestones: pd.DataFrame, treaties: pd.DataFrame) -> pd.Series:
    """True for milestones that fall on a day (or in a month) when an instrument of the table was signed or took effect."""
    days = set(treaties["signed"].dropna()) | set(treaties["in_force"].dropna()) | set(treaties["ratified_rus"].dropna())
    return milestones["date"].isin(days)
