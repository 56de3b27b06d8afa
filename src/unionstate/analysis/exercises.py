"""Rival figures for the joint exercises: who speaks, when, and about which territory.

Every function takes frames of ``load("military/…")`` and returns plain frames or numbers. Personnel are persons. A figure
keeps its scope: nothing here compares or adds figures of different territory, except where a name says ``sum``.
"""

from __future__ import annotations

from math import comb, sqrt

import pandas as pd

BEFORE = "official, before or notified"
LATER = "official, during or after"
OUTSIDE_BEFORE = "independent, before"
OUTSIDE_AFTER = "independent, after"
RETOLD = "retold, misprinted or summed (in no range)"

#: Kind of figure by claim type. A notification is an official figure given in advance.
KINDS = {
    "official_before": BEFORE,
    "notified": BEFORE,
    "official_during": LATER,
    "official_after": LATER,
    "independent_before": OUTSIDE_BEFORE,
    "independent_after": OUTSIDE_AFTER,
    "derived": RETOLD,
    "secondary": RETOLD,
}

#: Values of ``route``: how an official figure went out.
TOLD, ANNOUNCED = "told to an international body", "announced"

#: Series of the table, gathered for a chart that stays readable.
GROUPS = {
    "Zapad": "Zapad",
    "Union Shield": "Union Shield",
    "Slavic Brotherhood": "Slavic Brotherhood",
    "CSTO operational-strategic": "CSTO",
    "CSTO peacekeeping": "CSTO",
    "CSTO Collective Rapid Reaction Force": "CSTO",
    "Response-force check": "Other",
    "Air / air defence": "Other",
    "Nuclear": "Other",
}
GROUP_ORDER = ["Zapad", "Union Shield", "Slavic Brotherhood", "CSTO", "Other"]

SHORT_SCOPE = {
    "whole exercise": "whole",
    "Belarusian territory": "in Belarus",
    "Russian territory": "in Russia",
    "Kaliningrad Oblast": "Kaliningrad",
    "immediate region": "near region",
}


def short_name(name: str) -> str:
    """``Union Resolve / Allied Resolve 2022 (Soyuznaya …)`` → ``Union Resolve 2022``."""
    name = name.split(" (")[0]
    return name.replace(" / Allied Resolve", "")


def kinds(claims: pd.DataFrame, corrections: pd.DataFrame) -> pd.DataFrame:
    """``claims`` with a column ``kind`` (one of the five constants above).

    A row whose value stands in the register of corrections counts as retold, whoever printed it: it can be shown but never
    bounds a range.
    """
    wrong = corrections[(corrections["table"] == "military/exercise_claims") & corrections["column"].str.startswith("value")]
    out = claims.copy()
    out["kind"] = out["claim_type"].astype(str).map(KINDS)
    out.loc[out["id"].isin(wrong["row"]), "kind"] = RETOLD
    return out


def rival_figures(claims: pd.DataFrame, exercises: pd.DataFrame, corrections: pd.DataFrame) -> pd.DataFrame:
    """One row per troop figure, with ``label`` naming exercise and scope; ordered by date of the exercise, then scope.

    Only totals, except where the sole official total is a ceiling (``value_low`` empty): there a figure for one country's
    troops is shown as well, on a line of its own, because a part can exceed the alleged whole. ``low`` is NaN for a ceiling.
    """
    marked = kinds(claims, corrections)
    totals = marked[marked["metric"] == "personnel"]
    official = totals[totals["kind"].isin([BEFORE, LATER])]
    counted = official.groupby("exercise_id")["value_low"].count()
    ceiling_only = counted[counted == 0].index
    parts = marked[marked["exercise_id"].isin(ceiling_only) & (marked["metric"] == "personnel_rus")]
    rows = pd.concat([totals, parts]).merge(
        exercises[["id", "name", "year", "start", "end"]], left_on="exercise_id", right_on="id", suffixes=("", "_ex")
    )
    order = {scope: i for i, scope in enumerate(SHORT_SCOPE)}
    rows["when"] = rows["start"].fillna(rows["end"])
    rows["place"] = rows["scope"].astype(str).map(order)
    rows = rows.sort_values(["when", "exercise_id", "place", "metric", "id"], kind="stable")
    who = (rows["metric"].astype(str) == "personnel_rus").map({True: ", Russians only", False: ""})
    rows["label"] = rows["name"].map(short_name) + ", " + rows["scope"].astype(str).map(SHORT_SCOPE) + who
    rows["low"], rows["high"] = rows["value_low"].astype("float64"), rows["value_high"].astype("float64")
    return rows[["label", "exercise_id", "year", "scope", "metric", "kind", "low", "high", "claimant", "claim_date", "id"]].reset_index(
        drop=True
    )


def span(rivals: pd.DataFrame, exercise: str, scope: str, *wanted: str) -> tuple[float, float]:
    """Lowest and highest figure of the ``wanted`` kinds for one exercise and scope (totals only); NaN where there is none."""
    found = rivals[
        (rivals["exercise_id"] == exercise)
        & (rivals["scope"].astype(str) == scope)
        & (rivals["metric"].astype(str) == "personnel")
        & rivals["kind"].isin(wanted)
    ]
    return found["low"].min(), found["high"].max()


def behind(claims: pd.DataFrame, rivals: pd.DataFrame, exercise: str, scope: str, *wanted: str) -> pd.DataFrame:
    """The rows of ``claims`` that :func:`span` reads for the same question, to walk back from a number to its sources."""
    found = rivals[(rivals["exercise_id"] == exercise) & (rivals["scope"].astype(str) == scope) & rivals["kind"].isin(wanted)]
    return claims[claims["id"].isin(found["id"])]


# --- Zapad-2013 by territory -----------------------------------------------------------------------------------


def chosen(claims: pd.DataFrame, exercise: str, scope: str, metrics: list[str], *types: str) -> pd.DataFrame:
    """The rows of ``claims`` for one exercise and scope, of these metrics and claim types."""
    return claims[
        (claims["exercise_id"] == exercise) & (claims["scope"] == scope) & claims["metric"].isin(metrics) & claims["claim_type"].isin(types)
    ]


def rows_2013(claims: pd.DataFrame, scope: str, *metrics: str) -> pd.DataFrame:
    """The official rows that :func:`zapad_2013` and :func:`whole_2013` read for this scope and these metrics."""
    return chosen(claims, "EX-ZAPAD-2013", scope, list(metrics), "official_during", "official_after")


def one_value(claims: pd.DataFrame, exercise: str, scope: str, metric: str, *types: str) -> float:
    """The figure of the given claim types, NaN if there is none. Two different figures are an error: they are a conflict,
    and a caller must not pick one by chance."""
    values = chosen(claims, exercise, scope, [metric], *types)["value_high"].dropna().unique()
    if len(values) > 1:
        raise ValueError(f"{exercise}, {scope}, {metric}: {len(values)} different figures ({', '.join(map(str, sorted(values)))})")
    return float(values[0]) if len(values) else float("nan")


def zapad_2013(exercises: pd.DataFrame, claims: pd.DataFrame) -> pd.DataFrame:
    """Official figures of Zapad-2013 by territory. Index: Belarus, Kaliningrad, sum. Columns: russian, belarusian, troops
    (persons), vehicles, tanks, aircraft, ships.

    Belarus comes from the exercise's own row, Kaliningrad from the rival figures (the Russians there are the total minus
    the Belarusian contingent), the sum is ours. The row's ships belong to Kaliningrad (correction K040). NaN is unknown;
    a sum with an unknown part is unknown.
    """
    row = exercises.set_index("id").loc["EX-ZAPAD-2013"]

    def there(metric: str) -> float:
        return one_value(claims, "EX-ZAPAD-2013", "Kaliningrad Oblast", metric, "official_during", "official_after")

    belarus = {
        "russian": row["rus_personnel"],
        "belarusian": row["blr_personnel"],
        "troops": row["rus_personnel"] + row["blr_personnel"],
        "vehicles": row["armoured_vehicles"],
        "tanks": row["tanks"],
        "aircraft": row["aircraft"],
        "ships": 0,
    }
    kaliningrad = {
        "russian": there("personnel") - there("personnel_blr"),
        "belarusian": there("personnel_blr"),
        "troops": there("personnel"),
        "vehicles": there("combat_vehicles"),
        "tanks": there("tanks"),
        "aircraft": there("aircraft"),
        "ships": there("ships"),
    }
    out = pd.DataFrame([belarus, kaliningrad], index=["Belarus", "Kaliningrad"]).astype("Float64").astype("float64")
    out.loc["sum"] = out.sum(skipna=False)
    return out


def whole_2013(claims: pd.DataFrame) -> dict[str, float]:
    """Official figures for the whole of Zapad-2013, published afterwards: troops, vehicles, aircraft, ships."""
    metrics = {"troops": "personnel", "vehicles": "combat_vehicles", "aircraft": "aircraft", "ships": "ships"}
    return {name: one_value(claims, "EX-ZAPAD-2013", "whole exercise", metric, "official_after") for name, metric in metrics.items()}


#: Claims of the source page on Zapad-2013, by what they count.
PAGE_2013 = {"russian": "C072", "belarusian": "C073", "vehicles": "C074", "tanks": "C075", "ships": "C076", "aircraft": "C077"}


def page_2013(page: pd.DataFrame) -> dict[str, float]:
    """What the source page gives for Zapad-2013, by name, from its claims C072 to C077."""
    values = page.set_index("id")["value"]
    return {name: float(values[claim]) for name, claim in PAGE_2013.items()}


# --- The Vienna Document ---------------------------------------------------------------------------------------


def stated(exercises: pd.DataFrame, claims: pd.DataFrame, corrections: pd.DataFrame) -> pd.DataFrame:
    """Official troop figures given before or during exercises to which the Vienna Document could apply.

    One row per figure, in order of exercise and date: ``low`` and ``high`` (persons; ``low`` NaN for a mere ceiling),
    ``place`` (Belarus, Russia, both), ``route`` (as in the claim: :data:`TOLD` or :data:`ANNOUNCED`) and ``advance`` (given before
    or notified). Where no claim is recorded, the exercise's own official total serves, as announced. A figure for the whole
    belongs to one country if ``personnel_on_blr_soil`` says that all or none of the official total stood in Belarus. Exercises
    marked as too small for the document (``not applicable``) or never held are left out.
    """
    territory = {"Belarusian territory": "Belarus", "Russian territory": "Russia"}
    relevant = exercises[exercises["held"] & (exercises["vienna_notification"].astype(str) != "not applicable")]
    marked = kinds(claims, corrections)
    marked = marked[
        (marked["metric"].astype(str) == "personnel")
        & marked["scope"].astype(str).isin([*territory, "whole exercise"])
        & marked["claim_type"].astype(str).isin(["official_before", "notified", "official_during"])
        & marked["kind"].isin([BEFORE, LATER])
    ].sort_values(["claim_date", "id"], na_position="last", kind="stable")
    rows = []
    for ex in relevant.sort_values("start").itertuples():
        soil, total = ex.personnel_on_blr_soil, ex.official_personnel
        whole = "both" if pd.isna(soil) else "Russia" if soil == 0 else "Belarus" if soil == total else "both"
        common = {"exercise_id": ex.id, "exercise": short_name(ex.name), "series": str(ex.series), "year": int(ex.year)}
        found = marked[marked["exercise_id"] == ex.id]
        for c in found.itertuples():
            rows.append(
                common
                | {
                    "place": territory.get(str(c.scope), whole),
                    "low": float(c.value_low) if not pd.isna(c.value_low) else float("nan"),
                    "high": float(c.value_high),
                    "route": str(c.route),
                    "advance": c.kind == BEFORE,
                    "row": c.id,
                }
            )
        if found.empty and not pd.isna(total):
            rows.append(
                common
                | {
                    "place": whole,
                    "low": float(total),
                    "high": float(total),
                    "route": ANNOUNCED,
                    "advance": False,
                    "row": ex.id,
                }
            )
    return pd.DataFrame(rows)


def eligible(figures: pd.DataFrame, rule: str) -> pd.DataFrame:
    """The rows of :func:`stated` that may stand for their exercise under ``rule``; see :func:`headline`. Ceilings are no count."""
    counted = figures[figures["low"].notna()]
    told = counted["route"] == TOLD
    if rule not in ("advance", "body", "Belarus"):
        raise ValueError(f"rule {rule!r}: expected advance, body or Belarus")
    return counted[{"advance": told | counted["advance"], "body": told, "Belarus": counted["place"] == "Belarus"}[rule]]


def headline(figures: pd.DataFrame, rule: str) -> pd.Series:
    """One number per exercise out of :func:`stated`, under one of three rules that a reader could defend.

    ``advance``: the highest figure given in advance or to an international body; ``body``: the highest figure told to an
    international body; ``Belarus``: the last official count before or during, for Belarusian territory.
    """
    kept = eligible(figures, rule).groupby("exercise_id", sort=False)
    return kept["low"].last() if rule == "Belarus" else kept["high"].max()


def last_word(figures: pd.DataFrame, series: str) -> pd.DataFrame:
    """The last official figure before or during, for Belarusian territory alone, one row of :func:`stated` an edition of ``series``.
    Ceilings count here: they are figures too, and ``high`` is what they allow."""
    here = figures[(figures["place"] == "Belarus") & (figures["series"] == series)]
    return here.groupby("exercise_id", sort=False).tail(1)


def at_least(hits: int, tries: int, chance: float) -> float:
    """Probability of ``hits`` or more successes in ``tries`` independent trials of probability ``chance`` (exact binomial)."""
    return sum(comb(tries, k) * chance**k * (1 - chance) ** (tries - k) for k in range(hits, tries + 1))


def bunching(
    values: pd.Series, lower: float, upper: float, share: float = 0.25, edge: bool = True, threshold: bool = True
) -> dict[str, float]:
    """How many ``values`` in ``[lower, upper]`` fall into the top ``share`` of that interval, and how surprising that is.

    ``edge``: whether a value exactly on the lower edge of the top part is in it; ``threshold``: whether a value exactly at
    ``upper`` lies in the interval. Values outside the interval are not counted at all.
    ``p`` is the exact binomial probability of as many or more if sizes were spread evenly over the interval and the
    exercises were independent. Neither holds for armies that repeat a design, so ``p`` is a bound on surprise, not a proof.
    """
    inside = values[(values >= lower) & ((values <= upper) if threshold else (values < upper))]
    cut = upper - share * (upper - lower)
    hits = int(((inside >= cut) if edge else (inside > cut)).sum())
    return {"n": len(inside), "hits": hits, "p": at_least(hits, len(inside), share)}


# --- Later and earlier, official and outside -------------------------------------------------------------------


#: The two territories whose figures may be added to one for the whole, where the name says sum.
PARTS = ("Belarusian territory", "Russian territory")


def _totals(rivals: pd.DataFrame, exercise: str) -> pd.DataFrame:
    """All figures for the troops of one exercise, of any scope and kind."""
    return rivals[(rivals["exercise_id"] == exercise) & (rivals["metric"].astype(str) == "personnel")]


def later_over_earlier(rivals: pd.DataFrame) -> pd.DataFrame:
    """Official figure for the whole during or after, divided by the official figure given before (totals).

    ``low`` and ``high`` span all pairs of figures. Where Belarus *and* Russia were announced or notified separately, the sum
    of these two is one more earlier figure (``basis`` = ``sum of parts``), even if a headline for the whole went out as
    well: the conflict between the two is what the range shows. ``rows`` names the claims used. Exercises without both sides
    are missing.
    """
    rows, wanted = [], ["whole exercise"]
    for exercise in rivals["exercise_id"].unique():
        after = span(rivals, exercise, "whole exercise", LATER)
        before, basis, scopes = span(rivals, exercise, "whole exercise", BEFORE), "whole", list(wanted)
        parts = [span(rivals, exercise, scope, BEFORE) for scope in PARTS]
        if not any(pd.isna(p[0]) for p in parts):
            pairs = pd.DataFrame([before, tuple(sum(ends) for ends in zip(*parts, strict=True))])
            before, basis, scopes = (pairs[0].min(), pairs[1].max()), "sum of parts", [*wanted, *PARTS]
        if pd.isna(after[1]) or pd.isna(before[1]):
            continue
        own = _totals(rivals, exercise)
        whole, part = own["scope"].astype(str) == "whole exercise", own["scope"].astype(str).isin(scopes)
        used = own[(whole & own["kind"].isin([BEFORE, LATER])) | (part & (own["kind"] == BEFORE))]
        rows.append(
            {
                "exercise_id": exercise,
                "exercise": own["label"].iloc[0].split(",")[0],
                "year": int(own["year"].iloc[0]),
                "earlier_low": before[0],
                "earlier_high": before[1],
                "later_low": after[0],
                "later_high": after[1],
                "low": after[0] / before[1],
                "high": after[1] / before[0],
                "basis": basis,
                "rows": " ".join(used["id"]),
            }
        )
    return pd.DataFrame(rows)


def outside_whole(rivals: pd.DataFrame) -> pd.DataFrame:
    """Outside estimates of the whole exercise beside the highest official figure for it, one row an estimate (totals).

    A claimant who gave Belarus and Russia apart counts with the sum of the two (``basis`` = ``sum of parts``); the sum is ours.
    ``estimate_low`` and ``estimate_high``: the estimate; ``ceiling``: given as an upper limit only, so that ``low``, the official
    figure divided by it, is a lower limit. ``rows``: the claims used. Exercises without an official figure are missing.
    """
    rows = []
    for exercise in rivals["exercise_id"].unique():
        own = _totals(rivals, exercise)
        whole, outside = own["scope"].astype(str) == "whole exercise", own["kind"].isin([OUTSIDE_BEFORE, OUTSIDE_AFTER])
        hosts = own[whole & own["kind"].isin([BEFORE, LATER])]
        found = [(c.low, c.high, "whole", c.claimant, [c.id]) for c in own[whole & outside].itertuples()]
        for claimant, parts in own[own["scope"].astype(str).isin(PARTS) & outside].groupby("claimant", sort=False):
            if len(parts) == len(PARTS) == parts["scope"].nunique():
                low, high = parts["low"].sum(skipna=False), parts["high"].sum()
                found.append((low, high, "sum of parts", claimant, list(parts["id"])))
        for low, high, basis, claimant, ids in found if len(hosts) else []:
            official = hosts["high"].max()
            rows.append(
                {
                    "exercise_id": exercise,
                    "exercise": own["label"].iloc[0].split(",")[0],
                    "year": int(own["year"].iloc[0]),
                    "official": official,
                    "claimant": claimant,
                    "estimate_low": high if pd.isna(low) else low,
                    "estimate_high": high,
                    "ceiling": bool(pd.isna(low)),
                    "basis": basis,
                    "low": official / high,
                    "high": official / (high if pd.isna(low) else low),
                    "rows": " ".join([*hosts["id"][hosts["high"] == official], *ids]),
                }
            )
    return pd.DataFrame(rows)


def official_over_outside(rivals: pd.DataFrame) -> pd.DataFrame:
    """:func:`outside_whole`, one row an exercise: highest official figure divided by the highest (``low``) and by the lowest
    (``high``) outside estimate of the whole. Estimates given as a ceiling count at the ceiling."""
    return (
        outside_whole(rivals)
        .groupby("exercise_id", sort=False)
        .agg(
            exercise=("exercise", "first"),
            year=("year", "first"),
            official=("official", "first"),
            outside_low=("estimate_low", "min"),
            outside_high=("estimate_high", "max"),
            low=("low", "min"),
            high=("high", "max"),
            estimates=("rows", "size"),
            rows=("rows", lambda ids: " ".join(dict.fromkeys(" ".join(ids).split()))),
        )
        .reset_index()
    )


def sign_test(ups: int, n: int) -> float:
    """Two-sided exact sign test: probability of a split at least as uneven as ``ups`` of ``n`` if both were equally likely."""
    return min(1.0, 2 * at_least(max(ups, n - ups), n, 0.5))


# --- How many exercises -----------------------------------------------------------------------------------------


def calendar(exercises: pd.DataFrame) -> pd.DataFrame:
    """One row per exercise, in order: ``when`` (first day, else last day, else the middle of the year), ``group``, ``persons``
    (official total or NaN), ``state`` (size known, size unknown, cancelled)."""
    out = exercises[["id", "name", "year", "series", "held", "location"]].copy()
    middle = pd.to_datetime(exercises["year"].astype(str) + "-07-01")
    out["when"] = exercises["start"].fillna(exercises["end"]).fillna(middle)
    out["group"] = exercises["series"].astype(str).map(GROUPS)
    out["persons"] = exercises["official_personnel"].astype("float64")
    out["state"] = "size known"
    out.loc[out["persons"].isna(), "state"] = "size unknown"
    out.loc[~exercises["held"], "state"] = "cancelled"
    out["name"] = out["name"].map(short_name)
    return out.sort_values("when", kind="stable").reset_index(drop=True)


def per_year(days: pd.DataFrame) -> pd.DataFrame:
    """Exercises held per year (rows, without gaps) and group (columns), from :func:`calendar`."""
    held = days[days["held"]]
    years = range(int(days["year"].min()), int(days["year"].max()) + 1)
    return held.groupby(["year", "group"]).size().unstack(fill_value=0).reindex(index=years, columns=GROUP_ORDER, fill_value=0)


def intervals(exercises: pd.DataFrame, series: str) -> pd.DataFrame:
    """Editions of ``series`` that were held, with the years since the edition before (NaN for the first)."""
    held = exercises[exercises["held"] & (exercises["series"].astype(str) == series)].sort_values("year")
    return pd.DataFrame({"id": held["id"], "year": held["year"].astype("int64"), "gap": held["year"].astype("float64").diff()}).reset_index(
        drop=True
    )


def capture_recapture(first: int, second: int, both: int) -> tuple[float, float, float]:
    """Chapman's estimate of how many there are, with a 95 % normal interval, from two lists and their overlap.

    Assumes that both lists draw from the same closed population and that being on one says nothing about being on the
    other. Well-known events are on both, so the estimate is a lower bound; the interval never falls below the union.
    """
    estimate = (first + 1) * (second + 1) / (both + 1) - 1
    variance = (first + 1) * (second + 1) * (first - both) * (second - both) / ((both + 1) ** 2 * (both + 2))
    reach = 1.96 * sqrt(variance)
    return estimate, max(estimate - reach, first + second - both), estimate + reach
