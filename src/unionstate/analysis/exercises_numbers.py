"""The longer lists of key numbers, as rows ``(id, label, value, unit, digits)``: wording, no argument.

What they rest on is computed in the chapter, in :mod:`unionstate.analysis.exercises` and in
:mod:`unionstate.analysis.exercises_series`; the chapter adds the evidence.
"""

from __future__ import annotations

import pandas as pd

from unionstate.analysis import exercises as rival
from unionstate.analysis import exercises_series as series


def later(found: pd.DataFrame, up: int, down: int) -> list[tuple]:
    """Of :func:`unionstate.analysis.exercises.later_over_earlier`; ``up``, ``down``: clear rises and falls."""
    return [
        ("later-n", "Exercises with official totals before and later", len(found), "exercises", 0),
        ("later-up", "Exercises whose later official totals are all higher", up, "exercises", 0),
        ("later-down", "Exercises whose later official totals are all lower", down, "exercises", 0),
        ("later-p", "Sign test, later official totals against earlier ones", rival.sign_test(up, up + down), "p-value", 3),
    ]


def ratios_2025(estimates: pd.DataFrame, summed: pd.DataFrame) -> list[tuple]:
    """Of :func:`unionstate.analysis.exercises.outside_whole` for Zapad-2025; ``summed``: the row that adds two parts."""
    by = "Zapad-2025, official total divided by"
    return [
        ("2025-ratio-low", f"{by} the highest outside estimate", estimates["low"].min(), "", 1),
        ("2025-ratio-sum", f"{by} our sum, German forecast", summed["low"].item(), "", 1),
        ("2025-ratio-high", f"{by} the lowest outside estimate", estimates["high"].max(), "", 1),
    ]


def ratios_before(old: pd.DataFrame) -> list[tuple]:
    """Of :func:`unionstate.analysis.exercises.official_over_outside` for the editions of Zapad before 2021."""
    by = "Zapad to 2017, official total divided by outside estimates"
    return [
        ("old-ratio-low", f"{by}, lowest", old["low"].min(), "", 2),
        ("old-ratio-high", f"{by}, highest", old["high"].max(), "", 2),
    ]


def thresholds(rules: pd.DataFrame) -> list[tuple]:
    """Of military/vienna_thresholds, indexed by ``threshold``."""
    floor, top = rules.loc["notification"], rules.loc["observation"]
    return [
        ("threshold-notification", "Vienna Document, threshold of notification", floor["persons"], "troops", 0),
        ("threshold-days", "Vienna Document, notice before a notifiable activity", floor["days_notice"], "days", 0),
        ("threshold-observation", "Vienna Document, threshold of observation", top["persons"], "troops", 0),
    ]


def told(found: pd.DataFrame, over: pd.DataFrame, at: pd.DataFrame) -> list[tuple]:
    """Of the stated figures told to an international body; ``over`` and ``at`` the observation threshold."""
    return [
        ("forum", "Troop figures told to an international body", len(found), "figures", 0),
        ("forum-over", "Told to an international body, above the observation threshold", len(over), "figures", 0),
        ("forum-at", "Told to an international body, exactly at the observation threshold", len(at), "figures", 0),
    ]


def rhythm(zapad: pd.DataFrame) -> list[tuple]:
    """Of :func:`unionstate.analysis.exercises.intervals` for Zapad."""
    return [
        ("zapad-editions", "Zapad editions held, 1999 to 2025", len(zapad), "editions", 0),
        ("zapad-first-gap", "Zapad, years from the first edition to the second", zapad["gap"].iloc[1], "years", 0),
        ("zapad-gap", "Zapad, median years between later editions", zapad["gap"].iloc[2:].median(), "years", 0),
    ]


def gaps(lost: pd.DataFrame, blank: pd.DataFrame) -> list[tuple]:
    """Of the rows of :func:`unionstate.analysis.exercises.calendar` that were cancelled, or held without a known size."""
    recent = blank[blank["year"] >= 2022]
    return [
        ("cancelled", "Joint exercises cancelled", len(lost), "exercises", 0),
        ("unknown", "Joint exercises held, size unknown", len(blank), "exercises", 0),
        ("unknown-recent", "Joint exercises held since 2022, size unknown", len(recent), "exercises", 0),
    ]


def lists(ours: int, other: int, shared: int, period: tuple[int, int]) -> list[tuple]:
    """Of :func:`unionstate.analysis.exercises.capture_recapture` for the sizes of two lists and of their overlap."""
    estimate, low, high = rival.capture_recapture(ours, other, shared)
    of = f"Joint exercises, {period[0]} to {period[1]}, "
    return [
        ("list-ours", of + "in our table", ours, "exercises", 0),
        ("list-other", of + "in the other list", other, "exercises", 0),
        ("list-shared", of + "in both lists", shared, "exercises", 0),
        ("list-union", of + "in at least one list", ours + other - shared, "exercises", 0),
        ("list-estimate", of + "estimated number", estimate, "exercises", 0),
        ("list-low", of + "95 % interval, lower end", low, "exercises", 0),
        ("list-high", of + "95 % interval, upper end", high, "exercises", 0),
        ("list-coverage", of + "share of the estimate in our table", 100 * ours / estimate, "%", 0),
    ]


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


def equipment(kit: pd.DataFrame) -> list[tuple]:
    """Of :func:`series.equipment`."""
    return [
        ("kit-figures", "Equipment figures", len(kit), "figures", 0),
        ("kit-outside", "Equipment figures from outside", (kit["side"] == "outside").sum(), "figures", 0),
        ("kit-disputed", "Equipment figures of one scope that differ", len(series.disputed(kit)), "figures", 0),
    ]


def tanks(ratios: pd.DataFrame, exercise: str = "EX-ZAPAD-2021") -> list[tuple]:
    """Of :func:`series.per_thousand`, with the troops that the tanks of ``exercise`` would go with."""
    row, home = (series.of_scope(ratios, exercise, scope) for scope in (series.WHOLE, series.HOME))
    name, earlier = row["exercise"], ratios[ratios["year"] < row["year"]]["ratio"]
    low, high = (round(troops, -2) for troops in series.implied(ratios, exercise))  # a rule of three deserves no more digits
    return [
        ("tanks-2021", f"{name}, tanks (over)", row["tanks"], "tanks", 0),
        ("tanks-ratio-2021", f"{name}, tanks per thousand troops of the headline", row["ratio"], "tanks", 2),
        ("tanks-ratio-2021-belarus", f"{name} in Belarus, tanks per thousand troops", home["ratio"], "tanks", 1),
        ("tanks-ratio-low", f"Tanks per thousand troops before {name}, lowest", earlier.min(), "tanks", 1),
        ("tanks-ratio-high", f"Tanks per thousand troops before {name}, highest", earlier.max(), "tanks", 1),
        ("tanks-implied-low", f"{name}, troops at the highest earlier ratio", low, "troops", 0),
        ("tanks-implied-high", f"{name}, troops at the lowest earlier ratio", high, "troops", 0),
    ]


def kit_thresholds(rules: pd.DataFrame) -> list[tuple]:
    """Of military/vienna_thresholds, indexed by ``threshold``: the equipment that is enough for notification."""
    floor = rules.loc["notification"]
    return [
        ("limit-tanks", "Vienna Document, notification, tanks", floor["tanks"], "tanks", 0),
        ("limit-vehicles", "Vienna Document, notification, armoured vehicles", floor["armoured_vehicles"], "vehicles", 0),
        ("limit-guns", "Vienna Document, notification, guns", floor["artillery"], "guns", 0),
    ]


def limits(beside: pd.DataFrame, near: float) -> list[tuple]:
    """Of :func:`series.near_limits`; ``near``: share of the threshold at which "close below" begins."""
    reached, close = beside[beside["share"] >= 1], beside[beside["share"].between(near, 1, inclusive="left")]
    return [
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
        ("duty-reach", "Exercises with a figure or ceiling at the threshold or above", len(due), "exercises", 0),
        ("duty-yes", "Exercises at the threshold, recorded as notified", status.get("yes", 0), "exercises", 0),
        ("duty-no", "Exercises at the threshold, not notified", status.get("no", 0), "exercises", 0),
        ("duty-unknown", "Exercises at the threshold, no record of notification", status.get("unknown", 0), "exercises", 0),
        ("duty-watched", "Exercises with known observers", events[kind == "observation"]["exercise_id"].nunique(), "exercises", 0),
        ("duty-inspections", "Inspection events found", (kind == "inspection").sum(), "events", 0),
    ]
