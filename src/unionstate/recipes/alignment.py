"""Recipes for votes in the United Nations and for events between states."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from unionstate.recipes.common import dyads, read, whole, yes_no

STATES = {"BLR": "belarus", "RUS": "russia", "KAZ": "kazakhstan", "ARM": "armenia", "KGZ": "kyrgyzstan", "UKR": "ukraine", "POL": "poland"}
VOTE = {"yes": "for", "no": "against", "abstain": "abstain", "not recorded": "not voting", "": ""}
LAST_SESSION_WITHOUT_DAYS = 57


def un_roll_calls(raw: Path) -> pd.DataFrame:
    """Voeten, Strezhnev and Bailey, UN General Assembly voting data (R package unvotes 0.3.0): roll calls of sessions 46 to 74.

    Kept: Belarus, Russia and five states of comparison. Resolution numbers are written as document symbols. ``added`` marks roll
    calls that stand in the data set behind those of later sessions: votes on paragraphs and other separate votes, put in
    afterwards; its own measure of agreement does not count them. Up to session 57 the others have the number of the weekday
    in place of the day of the month: these dates keep year and month and stand on the 15th.
    """
    wide = read(raw / "un-general-assembly-votes" / "unga_roll_calls_1991_2019_wide.csv")
    wide = wide.iloc[wide["rcid"].astype(int).argsort(kind="stable")]
    run = (wide["session"] != wide["session"].shift()).cumsum()
    added = run != run.groupby(wide["session"]).transform("min")
    no_day = (wide["session"].astype(int) <= LAST_SESSION_WITHOUT_DAYS) & ~added
    frame = pd.DataFrame(
        {
            "rcid": wide["rcid"],
            "session": wide["session"],
            "year": wide["year"],
            "date": wide["date"].mask(no_day, wide["date"].str[:8] + "15"),
            "date_precision": no_day.map({True: "month", False: "day"}),
            "symbol": wide["resolution"].str.replace("^R/", "A/RES/", regex=True),
            "title": wide["short_title"].str.replace(r"\s*:\s*resolution /.*$", "", regex=True).str.strip(),
            "issues": wide["issue_codes"],
            "important": yes_no(wide["us_state_dept_important"]),
            "added": added.map({True: "yes", False: "no"}),
        }
    )
    return frame.assign(**{name: wide[code].map(VOTE) for code, name in STATES.items()})


def un_agreement(raw: Path) -> pd.DataFrame:
    """Agreement by calendar year over the roll calls of ``un_roll_calls``, as the compiler of the extract computed it.

    Share of identical votes among those in which both voted, and the three-point measure 1 - |difference| with for 1,
    abstain 0.5, against 0. Kept: pairs with Russia or Belarus. A check on our own computation, not a second source.
    """
    kept = dyads(read(raw / "un-general-assembly-votes" / "unga_dyadic_agreement_1991_2019.csv"), list(STATES))
    return kept[["country", "partner", "year", "n_votes", "identical_share", "agreement_3point"]].set_axis(
        ["country", "partner", "year", "votes", "identical_share", "three_point_agreement"], axis=1
    )


def ideal_points(raw: Path) -> pd.DataFrame:
    """Bailey, Strezhnev and Voeten, ideal points (July 2025): final-passage votes to 2024 and all votes to 2023, from 1990.

    ``low`` and ``high`` are the published 5 and 95 percent quantiles. The legacy estimate, which has none, is left out.
    """
    wide = read(raw / "un-ideal-points" / "unga_ideal_points_1985_latest.csv")
    parts = []
    for suffix, name in (("fp", "final passage"), ("all", "all")):
        rows = wide[(wide[f"idealpoint{suffix}"] != "") & (wide["year"] >= "1990") & wide["iso3"].isin(list(STATES))]
        parts.append(
            pd.DataFrame(
                {
                    "country": rows["iso3"],
                    "year": rows["year"],
                    "votes_used": name,
                    "ideal_point": rows[f"idealpoint{suffix}"],
                    "low": rows[f"q5{suffix}"],
                    "high": rows[f"q95{suffix}"],
                    "votes": whole(rows[f"nvotes{suffix}"]),
                }
            )
        )
    return pd.concat(parts)


def ukraine_votes(raw: Path) -> pd.DataFrame:
    """United Nations records, transcribed by others: the votes of ten states on A/RES/68/262 and A/RES/ES-11/1."""
    long = read(raw / "un-ukraine-resolutions" / "unga_ukraine_votes_2014_2022.csv")
    symbol, vote = "A/RES/" + long["resolution"], long["vote"].map(VOTE)
    return pd.DataFrame({"symbol": symbol, "date": long["date"], "country": long["iso3"], "vote": vote})


def icews_dyads(raw: Path) -> pd.DataFrame:
    """ICEWS event counts 2002-2014 by actor and target (aggregated in the R package netify): pairs with Russia or Belarus.

    Counts follow the volume of the news: compare shares of conflict, never levels. Zero is a count, not a gap.
    """
    long = read(raw / "icews-dyads" / "icews_dyad_year_2002_2014.csv")
    inside = long["iso3_source"].isin(list(STATES)) & long["iso3_target"].isin(list(STATES))
    hub = long["iso3_source"].isin(["BLR", "RUS"]) | long["iso3_target"].isin(["BLR", "RUS"])
    return long[inside & hub].rename(columns={"iso3_source": "actor", "iso3_target": "target"})


def regimes(raw: Path) -> pd.DataFrame:
    """V-Dem (a copy that runs to 2024, so presumably version 15): electoral and liberal democracy of nine states, point estimates."""
    wide = read(raw / "democracy-indices" / "vdem_indices_1990_2024.csv")
    wide = wide[wide["iso3"] != "DEU"]
    return pd.DataFrame({"country": wide["iso3"], "year": wide["year"], "polyarchy": wide["v2x_polyarchy"], "liberal": wide["v2x_libdem"]})


RECIPES = {
    "alignment/un_roll_calls": un_roll_calls,
    "alignment/un_agreement": un_agreement,
    "alignment/ideal_points": ideal_points,
    "alignment/ukraine_votes": ukraine_votes,
    "alignment/icews_dyads": icews_dyads,
    "alignment/regimes": regimes,
}
