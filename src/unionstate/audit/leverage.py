"""Data tests of the source page's claims in synthesis/leverage."""

from __future__ import annotations

from unionstate.analysis import leverage as lev
from unionstate.audit import Finding, tests
from unionstate.show.tables import decimal
from unionstate.tables import load

#: To have alternated, each of the two states must have been left and come back to: closeness, distance, closeness, distance. The
#: claim asks no more. Whether two measures agree on the years is reported in the reason and does not move the verdict.
LEAST_SWITCHES = 3
#: The claim's own period: from Putin's election to the page's date.
CLAIMED = range(2000, 2021)


@tests("C023")
def closeness_and_distance_alternated() -> Finding:
    milestones, dyads = load("integration/milestones"), load("alignment/icews_dyads")
    last = int(milestones["date"].dt.year.max())
    phased = lev.phases(milestones, range(CLAIMED[0], last + 1))
    inside = phased[phased["year"].isin(CLAIMED)]
    switched = lev.switches(inside["state"])
    news = lev.news(dyads)
    turned = len(lev.reversals(news["conflict"], news["events"]))
    rho = lev.together(phased, news["conflict"])["rho"]
    lasted = lev.phase_lengths(phased)
    both = (switched >= LEAST_SWITCHES) + (turned >= LEAST_SWITCHES)
    verdict = ("contradicted", "imprecise", "supported")[both]  # in neither measure, in one, in both
    if both == 2 and lasted[-1] > max(lasted[:-1], default=0):
        verdict = "overtaken"
    state = phased[phased["state"] != "none"].iloc[-1]["state"]
    reason = (
        f"Our milestones change between the two states {switched} times from {CLAIMED[0]} to {CLAIMED[-1]}; the machine-coded share of "
        f"conflict turns {turned} times beyond noise from {news.index[0]} to {news.index[-1]}. Whether the two agree on the years is "
        f"another question (rank correlation {decimal(rho, 2)}). Since {last - lasted[-1] + 1} every year with a balance is one of "
        f"{state}. What the circumstances did is not tested."
    )
    span = f"{CLAIMED[0]}/{CLAIMED[-1]}"
    return Finding(verdict, float(min(switched, turned)), LEAST_SWITCHES, span, reason, ("integration/milestones", "alignment/icews_dyads"))
