"""Data tests of the source page's claims on institutions: which organs exist, and how much of the treaty was carried out."""

from __future__ import annotations

import pandas as pd

from unionstate.analysis.institutions import PARTLY, in_treaty, index
from unionstate.analysis.treaties import YEAR, end_of_observation
from unionstate.audit import Finding, percent, tests
from unionstate.tables import load

ORGANS, PROMISES, TREATIES = "integration/institutions", "integration/commitments", "integration/treaties"
WORKING = 0.75  # an index at which the treaty would count as largely carried out, on the scale of the table


def _organs(*ids: str) -> pd.DataFrame:
    return load(ORGANS).set_index("id").loc[list(ids)]


def _cells(*ids: str) -> tuple[str, ...]:
    return tuple(f"{ORGANS}:{id}" for id in ids)


def _end() -> pd.Timestamp:
    return end_of_observation(load(TREATIES))


@tests("C011")
def mostly_a_formality() -> Finding:
    """Formality: even generous readings stay at what the scale calls marginal. Working: even strict ones reach largely."""
    promises, organs = load(PROMISES), load(ORGANS)
    low, coded, high = (index(promises, reading=reading) for reading in ("strict", "as coded", "generous"))
    verdict = "supported" if high <= PARTLY else "contradicted" if low >= WORKING else "imprecise"
    named = organs[in_treaty(organs)]
    missing = int((named["status_2026"] == "never formed").sum())
    reason = (
        f"{missing} of {len(named)} organs of the treaty were never formed, but the others meet, and the promises of the package stand "
        f"at {percent(coded)} of full delivery (strict readings {percent(low)}, generous {percent(high)}): "
        "neither a formality nor the treaty carried out."
    )
    return Finding(verdict, round(coded, 4), PARTLY, f"{_end():%Y-%m-%d}", reason, (ORGANS, PROMISES))


@tests("C091")
def executive_organs_work() -> Finding:
    ids = ("supreme-state-council", "council-of-ministers", "standing-committee")
    rows = _organs(*ids)
    working = int((rows["status_2026"] == "functioning").sum())
    verdict = "supported" if working == len(ids) else "contradicted" if working == 0 else "imprecise"
    since = "; ".join(f"{row.name} since {row.functioning:%Y}" for row in rows.itertuples(name="Row") if pd.notna(row.functioning))
    return Finding(verdict, working, len(ids), f"{_end():%Y-%m-%d}", f"{working} of {len(ids)} at work: {since}.", _cells(*ids))


@tests("C092")
def committees_created() -> Finding:
    ids = ("border-committee", "customs-committee", "security-committee")
    rows = _organs(*ids)
    formed = int(rows["created"].notna().sum())
    silent = [row.name for row in rows.itertuples() if row.status_2026 == "unknown"]
    verdict = "supported" if formed == len(ids) else "contradicted" if formed == 0 else "imprecise"
    reason = f"{formed} of {len(ids)} were founded, by official history in 1997 and 1998 without exact dates"
    reason += f"; no later activity was seen of the {' and the '.join(silent)}." if silent else "."
    return Finding(verdict, formed, len(ids), f"{_end():%Y-%m-%d}", reason, _cells(*ids))


@tests("C093")
def broadcaster_created() -> Finding:
    row = _organs("tv-radio-organisation").iloc[0]
    founded, status = pd.notna(row["created"]), str(row["status_2026"])
    verdict = "contradicted" if not founded else "supported" if status == "functioning" else "overtaken"
    reason = f"Founded in {row['created']:%Y}; " if founded else "No founding is dated; "
    reason += "still at work." if status == "functioning" else f"status by {_end():%B %Y}: {status}, after a decision of January 2024."
    return Finding(verdict, int(founded), 1, f"{_end():%Y-%m-%d}", reason, _cells("tv-radio-organisation", "media-company"))


@tests("C094")
def joint_boards_operate() -> Finding:
    row = _organs("joint-collegia").iloc[0]
    works = str(row["status_2026"]) == "functioning"
    seen = "The defence boards met in October 2025, the board of the hydromet services in June 2023; of others no dates were seen."
    verdict, reason = ("supported", seen) if works else ("contradicted", f"The table has them as: {row['status_2026']}.")
    return Finding(verdict, int(works), 1, "2025-10", reason, _cells("joint-collegia", "hydromet-committee"))


@tests("C096")
def no_union_parliament() -> Finding:
    ids = ("house-of-representatives", "house-of-the-union")
    rows = _organs(*ids)
    missing = int((rows["status_2026"] == "never formed").sum())
    verdict = "supported" if missing == len(ids) else "overtaken" if missing == 0 else "imprecise"
    reason = f"{missing} of {len(ids)} houses were never formed; the delegated Parliamentary Assembly of 1996 acts in their place."
    return Finding(verdict, missing, len(ids), f"{_end():%Y-%m-%d}", reason, _cells(*ids, "parliamentary-assembly"))


@tests("C097")
def lower_house_will_be_elected() -> Finding:
    row = _organs("house-of-representatives").iloc[0]
    elected, late = pd.notna(row["functioning"]), (_end() - row["planned"]).days / YEAR
    verdict = "supported" if elected else "imprecise" if late > 0 else "not testable"
    reason = (
        "An elected house is at work."
        if elected
        else f"The treaty says so, but {late:.1f} years after the date planned for the vote none was held. The page gives no date to fail."
    )
    evidence = (*_cells("house-of-representatives"), f"{PROMISES}:elected-lower-chamber")
    return Finding(verdict, round(late, 1), 0, f"{_end():%Y-%m-%d}", reason, evidence)
