"""Data tests of the source page's claims on Belarus at home: offices, reforms, the protests of 2017."""

from __future__ import annotations

import pandas as pd

from unionstate.audit import Finding, day, tests
from unionstate.tables import load

EVENTS = "alignment/domestic_events"

#: A rise of the V-Dem index of elections that is more than its usual uncertainty of 0.05 a side; as in the chapter on dependence.
REFORM = 0.1

#: How far a count may lie from "700". A choice: the page gives a round number.
ROUNDING = 0.1

#: "Last week" holds for at most so many days.
LAST_WEEK = 14


def _claim(id: str) -> pd.Series:
    return load("source-page/claims").set_index("id").loc[id]


def _event(id: str) -> pd.Series:
    return load(EVENTS).set_index("id").loc[id]


def _rows(*ids: str) -> tuple[str, ...]:
    return tuple(f"{EVENTS}:{id}" for id in ids)


@tests("C129")
def office_holders() -> Finding:
    """Value: how many of the three held the office in the year that the page names."""
    ids = ("office-sidorsky", "office-semashko", "office-ozerets")
    year = int(_claim("C129")["subject_date"])
    terms = load(EVENTS).set_index("id").loc[list(ids)]
    first, last = terms["date"].dt.year, terms["end"].dt.year
    held = int(((first <= year) & (last >= year)).sum())
    verdict = "supported" if held == len(ids) else "imprecise" if held else "contradicted"
    spans = ", ".join(f"{name} {a} to {b}" for name, a, b in zip(("Sidorsky", "Semashko", "Ozerets"), first, last, strict=True))
    reason = f"{held} of {len(ids)} in office in {year}: {spans}."
    return Finding(verdict, held, len(ids), str(year), reason, _rows(*ids))


@tests("C134")
def not_even_minor_reforms() -> Finding:
    """Value: largest rise of the index of elections above the first year of the claim; beside it, the dated steps that are on record."""
    first, last = (int(year) for year in _claim("C134")["subject_date"].split("/"))
    scores = load("alignment/regimes").query("country == 'BLR'").set_index("year")["polyarchy"]
    rise = float(scores.loc[first:last].max() - scores[first])
    events = load(EVENTS)
    steps = events[(events["kind"] == "step") & events["date"].dt.year.between(first, last)]
    verdict = "contradicted" if rise >= REFORM else "imprecise" if len(steps) else "supported"
    words = {"released": "prisoners freed", "seats": "opposition seats"}
    what = "; ".join(f"{row.value_low} {words[row.counted]} in {row.date.year}" for row in steps.itertuples())
    reason = (
        f"No reform that an index shows: elections score {scores[first]:.2f} of 1 in {first}, at most {rise:.2f} above that to {last}."
        + (f" But steps that the West had asked for are on record: {what}." if what else " No step is on record either.")
    )
    return Finding(verdict, rise, REFORM, f"{first}/{last}", reason, ("alignment/regimes", *_rows(*steps["id"])))


@tests("C156")
def protests_in_late_march() -> Finding:
    """Value: days from the first march against the decree to the last third of March."""
    late, law = pd.Timestamp(2017, 3, 21), _event("decree-3-2015")["date"]
    events = load(EVENTS)
    marches = events[(events["kind"] == "protest") & (events["date"].dt.year == late.year)]
    during = marches["date"].between(late, pd.Timestamp(2017, 3, 31)).any()
    first = marches["date"].min()
    ahead = (late - first).days if len(marches) else 0
    verdict = "contradicted" if not during else "supported" if ahead <= 0 and law > late else "imprecise"
    reason = (
        f"They began on {day(first)}, {ahead} days before late March, when they were put down. And the fee was no plan: the "
        f"decree dates from {day(law)}, and collection had been suspended by then."
        if during
        else "No march of late March is on record."
    )
    return Finding(verdict, ahead, 0, "2017-03-25", reason, _rows("decree-3-2015", "suspension-2017", *marches["id"]))


@tests("C158")
def repealed_before_the_rally() -> Finding:
    """Value: days from the rally to the decree that ended the fee; a repeal before the rally makes it negative."""
    ids = ("protest-minsk-03-25", "decree-1-2018", "suspension-2017", "not-cancelled-2017")
    rally, ended, suspended, said = (_event(id)["date"] for id in ids)
    days = (ended - rally).days
    verdict = "supported" if days < 0 else "contradicted"
    reason = (
        f"Only its collection was suspended, on {day(suspended)}; on {said.day} {said:%B} the president said that he had "
        f"not cancelled it. The fee went with a decree of {day(ended)}, {days} days after the rally."
        if days >= 0
        else f"A decree of {day(ended)} ended the fee before the rally."
    )
    return Finding(verdict, days, 0, f"{ended:%Y-%m-%d}", reason, _rows(*ids))


@tests("C159")
def seven_hundred_arrests() -> Finding:
    """Value: people arrested at the rally by the final count of Viasna; beside it, how many were held liable and what else is 700."""
    said = float(_claim("C159")["value"])
    final, liable, early, month, crowd = (
        _event(id)["value_low"] for id in ("detained-viasna", "charged-viasna", "detained-same-day", "detained-hrw", "protest-minsk-03-25")
    )
    verdict = "supported" if abs(final / said - 1) <= ROUNDING else "contradicted"
    reason = (
        f"Viasna counts about {final} people arrested at the rally, in that word ({early} in a first count on the day); {liable} of them "
        f"were held liable. The same number stands for other things: {crowd} demonstrators by one agency, at least {month} detained in "
        "the whole country in March."
    )
    ids = ("detained-viasna", "charged-viasna", "detained-same-day", "detained-hrw", "protest-minsk-03-25")
    return Finding(verdict, float(final), said, "2017-04-04", reason, _rows(*ids))


@tests("C161")
def last_week() -> Finding:
    """Value: days from the rally to the day on which the page was last changed."""
    rally, page = _event("protest-minsk-03-25")["date"], pd.Timestamp(_claim("C162")["subject_date"])
    beside = pd.Timestamp(_claim("C045")["subject_date"])  # the day that paragraph 9 gives for an interview of the same weeks
    days, then = (page - rally).days, (beside - rally).days
    verdict = "supported" if 0 <= days <= LAST_WEEK else "overtaken" if 0 <= then <= LAST_WEEK else "contradicted"
    reason = (
        f"True of a text from the days after {day(rally)} (an interview elsewhere on the page is {then} days younger than the "
        f"rally). On a page changed on {day(page)}, 'last week' was {days:,} days ago."
    )
    rows = (*_rows("protest-minsk-03-25"), "source-page/claims:C045", "source-page/claims:C162")
    return Finding(verdict, days, LAST_WEEK, f"{page:%Y-%m-%d}", reason, rows)
