"""Series of joint exercises: tempo, size, partners, equipment and the Vienna Document, each with its scope.

Every function takes frames of ``load("military/…")`` and returns plain frames. Persons, vehicles, tanks, guns, aircraft and
ships are counts; a figure keeps its scope. NaN is unknown, never zero.
"""

from __future__ import annotations

import re

import pandas as pd

from unionstate.analysis import exercises as rival

#: Number of partners beside Belarus and Russia, in words: none, one, several.
ALONE, ONE, SEVERAL = "the two alone", "with one other state", "with several states"
COMPANY = [ALONE, ONE, SEVERAL]
#: The same for ``frame`` of military/exercises. An exercise of the CSTO has several partners by its nature.
FRAMES = {"two states": ALONE, "with Serbia": ONE, "CSTO": SEVERAL}

OURS, OTHERS, BOTH = "only in our table", "only in the other list", "in both"


def line_of(name: str) -> str:
    """The series of an exercise by its name: ``Zapad-2013`` → ``Zapad``, ``Interaction-2025, Search-2025`` → ``Interaction``.
    A name without a year is its own line."""
    head = re.split(r"[\s-]+(?:19|20)\d\d", rival.short_name(name))[0]
    return head.strip()


def company(partners: str) -> str:
    """How many states beside the two, from a list parted by semicolons."""
    named = [state for state in partners.split(";") if state.strip()]
    return COMPANY[min(len(named), 2)]


def editions(exercises: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Every exercise of either list once: ``line``, ``year``, ``company``, ``listed`` (ours, others', both), ``state`` (held or
    cancelled) and ``persons`` (leading official total, NaN where unknown); doubtful rows of the other list are left out."""
    sure = other[~other["doubtful"].astype(bool)]
    matched = set(sure["exercise_id"]) - {""}
    mine = pd.DataFrame(
        {
            "row": exercises["id"],
            "line": exercises["name"].map(line_of),
            "year": exercises["year"].astype("int64"),
            "company": exercises["frame"].astype(str).map(FRAMES),
            "listed": [BOTH if id in matched else OURS for id in exercises["id"]],
            "state": exercises["held"].map({True: "held", False: "cancelled"}),
            "persons": exercises["official_personnel"].astype("float64"),
        }
    )
    rest = sure[sure["exercise_id"] == ""]
    theirs = pd.DataFrame(
        {
            "row": rest["id"],
            "line": rest["name"].map(line_of),
            "year": rest["year"].astype("int64"),
            "company": rest["partners"].map(company),
            "listed": OTHERS,
            "state": "held",
            "persons": float("nan"),
        }
    )
    return pd.concat([mine, theirs]).sort_values(["year", "line", "row"], kind="stable").reset_index(drop=True)


def overlap(listed: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """How far the two lists agree in the years ``first`` to ``last``, one row a kind of company (:data:`COMPANY`).

    ``ours``, ``both``, ``others``: exercises held, by list; ``estimate``, ``low``, ``high``: Chapman's estimate with its 95 %
    interval (:func:`unionstate.analysis.exercises.capture_recapture`) *within* that kind, so that famous kinds do not vouch for
    others; ``coverage``: share of the estimate that our table has (0 to 1).
    """
    held = listed[(listed["state"] == "held") & listed["year"].between(first, last)]
    counts = (
        held.groupby(["company", "listed"]).size().unstack(fill_value=0).reindex(index=COMPANY, columns=[OURS, BOTH, OTHERS], fill_value=0)
    )
    out = counts.set_axis(["ours", "both", "others"], axis=1)
    mine, theirs = out["ours"] + out["both"], out["others"] + out["both"]
    found = [rival.capture_recapture(*counted) for counted in zip(mine, theirs, out["both"], strict=True)]
    out[["estimate", "low", "high"]] = pd.DataFrame(found, index=out.index)
    out["coverage"] = mine / out["estimate"]
    return out


def sizes(exercises: pd.DataFrame) -> pd.DataFrame:
    """One row per group of series: editions held, how many on Belarusian ground at least in part, how many with an official
    total, and the lowest, median and highest of these totals. The scope of the totals differs between rows of a group."""
    held = exercises[exercises["held"]].assign(group=lambda frame: frame["series"].astype(str).map(rival.GROUPS))
    # The word alone: "Belarusian units took part" in Russia is not an exercise in Belarus.
    held["here"] = held["location"].str.contains(r"\bBelarus\b") & ~(held["personnel_on_blr_soil"] == 0).fillna(False).astype(bool)
    by = held.groupby("group")
    total = by["official_personnel"]
    out = pd.DataFrame(
        {
            "held": by.size(),
            "years": by["year"].agg(lambda years: f"{years.min()} to {years.max()}"),
            "in Belarus": by["here"].sum(),
            "size known": total.count(),
            "lowest": total.min().astype("float64"),
            "median": total.median().astype("float64"),
            "highest": total.max().astype("float64"),
        }
    )
    return out.reindex(rival.GROUP_ORDER)


# --- The rhythm of two years ------------------------------------------------------------------------------------


def cadence(exercises: pd.DataFrame, turns: tuple[str, str] = ("Zapad", "Union Shield"), since: int = 2009, step: int = 2) -> pd.DataFrame:
    """Slots of the rhythm in which two series take turns every ``step`` years from ``since`` on.

    ``year``, ``due`` (whose turn it is), ``held`` (which of the two took place in that year, joined by a plus sign; empty for
    none), ``kept`` (exactly the one that was due), ``cancelled`` (an edition announced for that year and called off).
    """
    both = exercises[exercises["series"].astype(str).isin(turns)]
    rows = []
    for turn, year in enumerate(range(since, int(both["year"].max()) + 1, step)):
        there = both[both["year"] == year]
        held, gone = there[there["held"]]["series"].astype(str), there[~there["held"]]["series"].astype(str)
        due = turns[turn % 2]
        rows.append(
            {
                "year": year,
                "due": due,
                "held": " + ".join(sorted(held)),
                "kept": list(held) == [due],
                "cancelled": " + ".join(sorted(gone)),
                "size": there[there["held"]]["official_personnel"].astype("float64").max(),
            }
        )
    return pd.DataFrame(rows)


# --- Equipment --------------------------------------------------------------------------------------------------

WHOLE, HOME = "whole exercise", "Belarusian territory"
METRICS = ["tanks", "vehicles", "artillery", "aircraft", "ships"]
COLUMNS = {"tanks": "tanks", "armoured_vehicles": "vehicles", "aircraft": "aircraft", "ships": "ships"}

#: A cell of military/exercises covers what its row covers, the whole exercise, except where the row's note or the register of
#: corrections says otherwise (K040 for the ships of 2013).
OWN_SCOPE = {
    ("EX-ZAPAD-2013", "tanks"): "Belarusian territory",
    ("EX-ZAPAD-2013", "vehicles"): "Belarusian territory",
    ("EX-ZAPAD-2013", "aircraft"): "Belarusian territory",
    ("EX-ZAPAD-2013", "ships"): "Kaliningrad Oblast",
    ("EX-ZAPAD-2017", "vehicles"): "Belarusian territory",
}


def equipment(exercises: pd.DataFrame, claims: pd.DataFrame) -> pd.DataFrame:
    """One row per equipment figure, of either table, in order of exercise: ``exercise``, ``metric`` (:data:`METRICS`), ``scope``,
    ``low`` (NaN for a ceiling), ``high``, ``side`` (official or outside), ``row`` (the claim, else the exercise).

    A cell of the exercise's own row that repeats a claim of the same scope is dropped, so no statement counts twice. Armoured
    vehicles contain tanks: the two are never added.
    """
    rename = {"combat_vehicles": "vehicles"}
    own = claims[claims["metric"].astype(str).isin([*METRICS, *rename])]
    rows = [
        {
            "exercise_id": c.exercise_id,
            "metric": rename.get(str(c.metric), str(c.metric)),
            "scope": str(c.scope),
            "low": float("nan") if pd.isna(c.value_low) else float(c.value_low),
            "high": float(c.value_high),
            "side": "outside" if str(c.route) == "not official" else "official",
            "row": c.id,
        }
        for c in own.itertuples()
    ]
    seen = {(row["exercise_id"], row["metric"], row["scope"], row["high"]) for row in rows}
    for ex in exercises[exercises["held"]].itertuples():
        for column, metric in COLUMNS.items():
            value, scope = getattr(ex, column), OWN_SCOPE.get((ex.id, metric), "whole exercise")
            if pd.isna(value) or (ex.id, metric, scope, float(value)) in seen:
                continue
            rows.append(
                {"exercise_id": ex.id, "metric": metric, "scope": scope, "low": float(value), "high": float(value)}
                | {"side": "official", "row": ex.id}
            )
    when = exercises.assign(when=exercises["start"].fillna(exercises["end"])).set_index("id")
    out = pd.DataFrame(rows)
    out["exercise"] = out["exercise_id"].map(when["name"]).map(rival.short_name)
    out["when"], out["order"] = out["exercise_id"].map(when["when"]), out["metric"].map(METRICS.index)
    out = out.sort_values(["when", "order", "scope", "row"], kind="stable").reset_index(drop=True)
    return out[["exercise_id", "exercise", "metric", "scope", "low", "high", "side", "row"]]


def disputed(kit: pd.DataFrame) -> pd.DataFrame:
    """Figures of the same exercise, metric and scope that differ from each other: the only ones that contradict."""
    same = kit.groupby(["exercise_id", "metric", "scope"])["high"]
    return kit[same.transform("nunique") > 1]


def per_thousand(exercises: pd.DataFrame, claims: pd.DataFrame, kit: pd.DataFrame) -> pd.DataFrame:
    """Tanks per thousand troops, one row per exercise and scope (:data:`WHOLE` before :data:`HOME`) with an official figure for both.

    Troops are the highest official
    figure of that scope among the claims, else the exercise's own total where its own tanks have that scope.
    """
    tanks = kit[(kit["metric"] == "tanks") & (kit["side"] == "official")]
    said = claims[(claims["metric"].astype(str) == "personnel") & (claims["route"].astype(str) != "not official")]
    own = exercises.set_index("id")
    rows = []
    for id in dict.fromkeys(tanks["exercise_id"]):
        for scope in (WHOLE, HOME):
            found = tanks[(tanks["exercise_id"] == id) & (tanks["scope"] == scope)]
            troops = said[(said["exercise_id"] == id) & (said["scope"].astype(str) == scope)]["value_high"].max()
            source = said[(said["exercise_id"] == id) & (said["scope"].astype(str) == scope) & (said["value_high"] == troops)]["id"]
            if pd.isna(troops) and scope == OWN_SCOPE.get((id, "tanks"), "whole exercise"):
                troops, source = own.loc[id, "official_personnel"], pd.Series([id])
            if found.empty or pd.isna(troops):
                continue
            count, first = found["high"].max(), found.iloc[0]
            rows.append(
                {
                    "exercise_id": id,
                    "exercise": first["exercise"],
                    "year": int(own.loc[id, "year"]),
                    "scope": scope,
                    "tanks": count,
                    "troops": float(troops),
                    "ratio": 1000 * count / float(troops),
                    "rows": " ".join([*found["row"], *source]),
                }
            )
    return pd.DataFrame(rows)


def of_scope(ratios: pd.DataFrame, exercise: str, scope: str) -> pd.Series:
    """The one row of :func:`per_thousand` for an exercise and scope; ``ValueError`` if there is none."""
    found = ratios[(ratios["exercise_id"] == exercise) & (ratios["scope"] == scope)]
    if len(found) != 1:
        raise ValueError(f"{len(found)} ratios of {exercise}, {scope}, expected one")
    return found.iloc[0]


def implied(ratios: pd.DataFrame, exercise: str) -> tuple[float, float]:
    """Troops that all tanks of ``exercise`` would accompany at the highest and at the lowest ratio of the earlier exercises."""
    row = of_scope(ratios, exercise, WHOLE)
    earlier = ratios[ratios["year"] < row["year"]]["ratio"]
    return 1000 * row["tanks"] / earlier.max(), 1000 * row["tanks"] / earlier.min()


def near_limits(kit: pd.DataFrame, thresholds: pd.DataFrame) -> pd.DataFrame:
    """Official equipment figures beside the notification threshold of their kind: ``limit`` and ``share`` (figure / limit)."""
    limits = thresholds.set_index("threshold").loc["notification"]
    named = {"tanks": limits["tanks"], "vehicles": limits["armoured_vehicles"], "artillery": limits["artillery"]}
    out = kit[kit["metric"].isin(named) & (kit["side"] == "official")].copy()
    out["limit"] = out["metric"].map(named).astype("float64")
    out["share"] = out["high"] / out["limit"]
    return out.reset_index(drop=True)


# --- What was done under the document ---------------------------------------------------------------------------


def dated(events: pd.DataFrame) -> pd.DataFrame:
    """The events with a date, the date as text and no more exact than its ``date_precision``."""
    known = events[events["date"].notna()]
    shape = known["date_precision"].astype(str).map({"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"})
    return known.assign(date=[day.strftime(form) for day, form in zip(known["date"], shape, strict=True)])


def duties(stated: pd.DataFrame, exercises: pd.DataFrame, events: pd.DataFrame, floor: float) -> pd.DataFrame:
    """One row per exercise with a stated figure (:func:`unionstate.analysis.exercises.stated`): the lowest and highest of them, whether
    any count reaches ``floor`` (the notification threshold), ``notified`` (as recorded), and how many events of each kind are known.

    A ceiling alone counts as reaching if the ceiling does: it does not exclude it.
    """
    notified = exercises.set_index("id")["vienna_notification"].astype(str)
    rows = []
    for id, found in stated.groupby("exercise_id", sort=False):
        own = events[events["exercise_id"] == id]["kind"].astype(str).value_counts()
        rows.append(
            {
                "exercise_id": id,
                "exercise": found["exercise"].iloc[0],
                "lowest": found["low"].fillna(found["high"]).min(),
                "highest": found["high"].max(),
                "reaches": bool((found["high"] >= floor).any()),
                "notified": notified[id],
                "observers": int(own.get("observation", 0)),
                "requests": int(own.get("request", 0)),
                "complaints": int(own.get("complaint", 0)),
            }
        )
    return pd.DataFrame(rows)
