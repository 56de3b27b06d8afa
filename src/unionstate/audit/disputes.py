"""Data tests of the source page's claims on disputes."""

from __future__ import annotations

from unionstate.analysis.disputes import swings
from unionstate.audit import Finding, day, tests
from unionstate.tables import load

LEVEL = 0.05  # a difference that chance gives more often than this decides nothing


@tests("C019")
def rhetoric_before_discounts() -> Finding:
    """Votes away from Russia in the year before a Russian concession: the nearest dated series to the rhetoric that the claim is about."""
    listed = load("source-page/claims").set_index("id")
    first, last = (int(year) for year in listed.loc["C019", "subject_date"].split("/"))
    found = swings(load("energy/disputes"), load("alignment/un_agreement"), first, last, lead=1)
    apart = found["with"] - found["without"]
    verdict = "imprecise" if apart < 0 and found["p"] < LEVEL else "not testable"
    reason = (
        f"No dated record of rhetoric, and a motive leaves none. UN votes: in the year before a Russian concession agreement with Russia "
        f"moved by {found['with']:+.1f} points ({found['years']} years), else by {found['without']:+.1f} ({found['others']} years; exact "
        f"p = {found['p']:.2f})."
    ).replace("-0", "−0")
    return Finding(verdict, round(apart, 3), 0.0, f"{last}", reason, ("energy/disputes", "alignment/un_agreement"))


@tests("C022")
def pricing_after_resistance() -> Finding:
    """Order in time: unsigned road maps before the oil price decision of 2020; but the tax law that set its terms before the ultimatum?"""
    milestones = load("integration/milestones").set_index("id")["date"]
    steps = load("energy/dispute_steps").set_index("id")["date"]
    unsigned, priced = milestones["roadmaps-2019"], milestones["sochi-2020"]
    law, ultimatum = steps["DS12"], steps["DS13"]
    days = (priced - unsigned).days
    verdict = "contradicted" if days <= 0 else "imprecise" if law < ultimatum else "supported"
    reason = (
        f"In time, yes: road maps unsigned by {day(unsigned)}, oil at market prices only on {day(priced)}, {days} days later. But "
        f"the tax law behind the dearer oil was signed in {law:%B %Y}, before the ultimatum of {ultimatum:%B %Y}, and gas kept its price."
    )
    rows = (
        "integration/milestones:roadmaps-2019",
        "integration/milestones:sochi-2020",
        "energy/dispute_steps:DS12",
        "energy/dispute_steps:DS13",
    )
    return Finding(verdict, days, 0, f"{priced:%Y-%m-%d}", reason, rows)
