"""Data tests of what the source page says on joint exercises (claims C071 to C077)."""

from __future__ import annotations

from math import isnan

from unionstate.analysis import exercises as analysis
from unionstate.audit import Finding, tests
from unionstate.tables import load

#: How far "some 12,000" may lie from the figure it stands for.
ROUNDING = 0.10
#: A rhythm needs at least this many intervals, none longer or shorter than the typical one by more than a year.
ENOUGH_INTERVALS, SLACK_YEARS = 3, 1

EVIDENCE = ("military/exercises", "military/exercise_claims")


def near(value: float, target: float) -> bool:
    """Whether ``value`` is ``target`` within the rounding a phrase like "some 12,000" allows."""
    return abs(value - target) <= ROUNDING * target


def _zapad_2013():
    exercises, claims = load("military/exercises"), load("military/exercise_claims")
    official = claims[(claims["exercise_id"] == "EX-ZAPAD-2013") & claims["claim_type"].astype(str).str.startswith("official")]
    return (
        analysis.zapad_2013(exercises, claims),
        analysis.whole_2013(claims),
        analysis.page_2013(load("source-page/claims")),
        official["claim_date"].max().date().isoformat(),
    )


def _against_whole(name: str, plural: str) -> Finding:
    """Hold the page's figure against the official one for the whole exercise; say which part it fits, if any."""
    parts, whole, page, as_of = _zapad_2013()
    said, total = page[name], whole.get(name, float("nan"))
    if isnan(total):
        total = parts.loc["sum", name]
    if isnan(total):
        return Finding("not testable", said, total, as_of, f"No official count of {plural} for the whole exercise.", EVIDENCE)
    if near(said, total):
        return Finding(
            "supported", said, total, as_of, f"{said:,.0f} {plural}; official count for the whole exercise {total:,.0f}.", EVIDENCE
        )
    fits = [place for place in ("Belarus", "Kaliningrad") if near(said, parts.loc[place, name])]
    where = f"right for the {fits[0]} part alone" if fits else "fits neither part"
    return Finding(
        "contradicted", said, total, as_of, f"{said:,.0f} against {total:,.0f} {plural} in the whole exercise; {where}.", EVIDENCE
    )


@tests("C071")
def zapad_is_regular() -> Finding:
    """Regular if the latest intervals agree, large if every edition with a figure reaches the notification threshold."""
    exercises, thresholds = load("military/exercises"), load("military/vienna_thresholds").set_index("threshold")
    held = analysis.intervals(exercises, "Zapad")
    gaps = held["gap"].dropna()
    latest = gaps.iloc[-ENOUGH_INTERVALS:]
    regular = len(latest) == ENOUGH_INTERVALS and latest.max() - latest.min() <= SLACK_YEARS
    sizes = exercises.set_index("id").loc[held["id"], "official_personnel"].dropna()
    floor = thresholds.loc["notification", "persons"]
    large = len(sizes) > 0 and bool((sizes >= floor).all())
    verdict = "supported" if regular and large else "imprecise" if regular or large else "contradicted"
    spacing = ", ".join(f"{gap:.0f}" for gap in gaps)
    reason = (
        f"{len(held)} editions held, {spacing} years apart; official totals from {sizes.min():,.0f}, notification is due from {floor:,.0f}."
    )
    return Finding(
        verdict,
        float(latest.max() - latest.min()),
        SLACK_YEARS,
        str(held["year"].max()),
        reason,
        ("military/exercises", "military/vienna_thresholds"),
    )


@tests("C072")
def russians_in_2013() -> Finding:
    """Close to the sum of both territories; precise only if the Belarusian figure beside it covers the same ground."""
    parts, _, page, as_of = _zapad_2013()
    said, total, home = page["russian"], parts.loc["sum", "russian"], parts.loc["Belarus", "russian"]
    same_ground = near(page["belarusian"], parts.loc["sum", "belarusian"])
    verdict = "contradicted" if not near(said, total) else "supported" if same_ground else "imprecise"
    reason = f"{total:,.0f} in Belarus and Kaliningrad together, {home:,.0f} of them in Belarus"
    if verdict == "imprecise":
        reason += "; printed beside a Belarusian figure of another scope"
    return Finding(verdict, said, total, as_of, f"{reason}.", EVIDENCE)


@tests("C073")
def belarusians_in_2013() -> Finding:
    return _against_whole("belarusian", "Belarusians")


@tests("C074")
def vehicles_in_2013() -> Finding:
    return _against_whole("vehicles", "vehicles")


@tests("C075")
def tanks_in_2013() -> Finding:
    """No count for the whole exists, but a part that is already larger than the page's total settles the matter."""
    parts, _, page, as_of = _zapad_2013()
    said, known = page["tanks"], parts.loc[["Belarus", "Kaliningrad"], "tanks"]
    least, complete = known.sum(), bool(known.notna().all())
    if least > said * (1 + ROUNDING):
        reason = f"At least {least:,.0f} tanks in {' and '.join(known.dropna().index)}; a count of {said:,.0f} was found nowhere else."
        return Finding("contradicted", said, least, as_of, reason, EVIDENCE)
    if not complete:
        return Finding("not testable", said, least, as_of, "no official count of tanks for one of the territories", EVIDENCE)
    verdict = "supported" if near(said, least) else "contradicted"
    return Finding(verdict, said, least, as_of, f"{least:,.0f} tanks in both territories together.", EVIDENCE)


@tests("C076")
def ships_in_2013() -> Finding:
    return _against_whole("ships", "ships")


@tests("C077")
def aircraft_in_2013() -> Finding:
    return _against_whole("aircraft", "aircraft")
