"""The key numbers of series, equipment and duties, as rows ``(id, label, value, unit, digits)``: wording, no argument.

What they rest on is computed in :mod:`unionstate.analysis.exercises_series`; the chapter adds the evidence.
"""

from __future__ import annotations

import pandas as pd

from unionstate.analysis import exercises_series as series


def bunching(id: str, words: str, found: dict[str, float]) -> list[tuple]:
    """Of :func:`unionstate.analysis.exercises.bunching`; ``words`` name the rule and its conventions."""
    return [
        (f"bunching-{id}-n", f"Vienna, counts between: {words}", found["n"], "exercises", 0),
        (f"bunching-{id}-hits", f"Vienna, top part: {words}", found["hits"], "exercises", 0),
        (f"bunching-{id}-p", f"Vienna, binomial test: {words}", found["p"], "p-value", 3),
    ]


def company(found: pd.DataFrame, ours: int, first: int, last: int) -> list[tuple]:
    """Of :func:`series.overlap`; ``ours``: exercises of our table in these years."""
    two, several, total = found.loc[series.ALONE], found.loc[series.SEVERAL], found["estimate"].sum()
    period = f"{first} to {last}"
    return [
        ("company-alone-both", f"The two armies alone, {period}, in both lists", two["both"], "exercises", 0),
        ("company-alone-others", f"The two armies alone, {period}, only in the other list", two["others"], "exercises", 0),
        ("company-several-ours", f"With several states, {period}, only in our table", several["ours"], "exercises", 0),
        ("company-several-both", f"With several states, {period}, in both lists", several["both"], "exercises", 0),
        ("company-several-others", f"With several states, {period}, only in the other list", several["others"], "exercises", 0),
        ("company-several-low", f"With several states, {period}, 95 % interval, lower", several["low"], "exercises", 0),
        ("company-several-high", f"With several states, {period}, 95 % interval, upper", several["high"], "exercises", 0),
        ("company-estimate", f"Joint exercises, {period}, estimated by company", total, "exercises", 0),
        ("company-coverage", f"Joint exercises, {period}, share in our table", 100 * ours / total, "%", 0),
    ]


def sizes(known: pd.DataFrame) -> list[tuple]:
    """Of :func:`series.sizes`."""
    brotherhood, csto = known.loc["Slavic Brotherhood"], known.loc["CSTO"]
    return [
        ("size-brotherhood-median", "Slavic Brotherhood, median official total", brotherhood["median"], "troops", 0),
        ("size-brotherhood-high", "Slavic Brotherhood, highest official total", brotherhood["highest"], "troops", 0),
        ("size-csto-held", "CSTO exercises held, in our table", csto["held"], "exercises", 0),
        ("size-csto-here", "CSTO exercises in our table held in Belarus", csto["in Belarus"], "exercises", 0),
        ("size-csto-low", "CSTO exercises, lowest official total", csto["lowest"], "troops", 0),
        ("size-csto-high", "CSTO exercises, highest official total", csto["highest"], "troops", 0),
    ]


def turns(found: pd.DataFrame, shield: pd.DataFrame, outside: int) -> list[tuple]:
    """Of :func:`series.cadence` and the editions of Union Shield held; ``outside``: estimates by outsiders found for them."""
    total = shield["official_personnel"]
    share = (100 * shield["blr_personnel"] / total).astype("float64")
    return [
        ("turns-slots", "Turns of Zapad and Union Shield since 2009", len(found), "turns", 0),
        ("turns-kept", "Turns of Zapad and Union Shield kept", found["kept"].sum(), "turns", 0),
        ("shield-held", "Union Shield, editions held", len(shield), "editions", 0),
        ("shield-russia", "Union Shield, editions held in Russia", (shield["personnel_on_blr_soil"] == 0).sum(), "editions", 0),
        ("shield-low", "Union Shield, lowest official total", total.min(), "troops", 0),
        ("shield-high", "Union Shield, highest official total", total.max(), "troops", 0),
        ("shield-share-low", "Union Shield, lowest Belarusian share", share.min(), "%", 0),
        ("shield-share-high", "Union Shield, highest Belarusian share", share.max(), "%", 0),
        ("shield-outside", "Union Shield, outside estimates found", outside, "figures", 0),
    ]


def equipment(kit: pd.DataFrame, ratios: pd.DataFrame, exercise: str = "EX-ZAPAD-2021") -> list[tuple]:
    """Of :func:`series.equipment` and :func:`series.per_thousand`, with the troops that the tanks of ``exercise`` would go with."""
    row = ratios.set_index("exercise_id").loc[exercise]
    name, earlier = row["exercise"], ratios[ratios["year"] < row["year"]]["ratio"]
    low, high = (round(troops, -2) for troops in series.implied(ratios, exercise))  # a rule of three deserves no more digits
    return [
        ("kit-figures", "Equipment figures", len(kit), "figures", 0),
        ("kit-outside", "Equipment figures from outside", (kit["side"] == "outside").sum(), "figures", 0),
        ("kit-disputed", "Equipment figures of one scope that differ", len(series.disputed(kit)), "figures", 0),
        ("tanks-2021", f"{name}, tanks (over)", row["tanks"], "tanks", 0),
        ("tanks-ratio-2021", f"{name}, tanks per thousand troops of the headline", row["ratio"], "tanks", 2),
        ("tanks-ratio-low", f"Tanks per thousand troops before {name}, lowest", earlier.min(), "tanks", 1),
        ("tanks-ratio-high", f"Tanks per thousand troops before {name}, highest", earlier.max(), "tanks", 1),
        ("tanks-implied-low", f"{name}, troops at the highest earlier ratio", low, "troops", 0),
        ("tanks-implied-high", f"{name}, troops at the lowest earlier ratio", high, "troops", 0),
    ]


def limits(beside: pd.DataFrame, near: float) -> list[tuple]:
    """Of :func:`series.near_limits`; ``near``: share of the threshold at which "close below" begins."""
    limit = beside.groupby("metric")["limit"].first()
    reached, close = beside[beside["share"] >= 1], beside[beside["share"].between(near, 1, inclusive="left")]
    return [
        ("limit-tanks", "Vienna Document, notification, tanks", limit["tanks"], "tanks", 0),
        ("limit-vehicles", "Vienna Document, notification, armoured vehicles", limit["vehicles"], "vehicles", 0),
        ("limit-guns", "Vienna Document, notification, guns", limit["artillery"], "guns", 0),
        ("limit-figures", "Official figures for tanks, vehicles and guns", len(beside), "figures", 0),
        ("limit-reached", "Official equipment figures at a notification threshold", len(reached), "figures", 0),
        (
            "limit-one-territory",
            "Equipment figures at a threshold, one territory alone",
            (reached["scope"] != "whole exercise").sum(),
            "figures",
            0,
        ),
        ("limit-close", "Official equipment figures closely below a threshold", len(close), "figures", 0),
    ]


def duties(due: pd.DataFrame, events: pd.DataFrame) -> list[tuple]:
    """Of the rows of :func:`series.duties` that reach the threshold, and all events."""
    status, kind = due["notified"].value_counts(), events["kind"].astype(str)
    return [
        ("duty-reach", "Exercises with a figure at the threshold or above", len(due), "exercises", 0),
        ("duty-yes", "Exercises at the threshold, recorded as notified", status.get("yes", 0), "exercises", 0),
        ("duty-no", "Exercises at the threshold, not notified", status.get("no", 0), "exercises", 0),
        ("duty-unknown", "Exercises at the threshold, no record of notification", status.get("unknown", 0), "exercises", 0),
        ("duty-watched", "Exercises with known observers", events[kind == "observation"]["exercise_id"].nunique(), "exercises", 0),
        ("duty-inspections", "Inspection events found", (kind == "inspection").sum(), "events", 0),
    ]
