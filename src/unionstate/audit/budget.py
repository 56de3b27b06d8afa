"""Data tests of the source page's claims on the Union State budget."""

from __future__ import annotations

import pandas as pd

from unionstate.analysis import budget as b
from unionstate.audit import Finding, day, percent, tests
from unionstate.tables import load

#: "About 40" holds for a median this near to it. A choice: the page rounds to tens.
ABOUT = 0.15

#: A conversion fits a day's rate within this share; five times as much is still a rough fit.
FITS = 0.01

#: Share of a year's planned revenue that income other than contributions must reach to be called considerable, or a cause at all.
CONSIDERABLE, ANY = 0.25, 0.05


def _page(claim: str) -> float:
    return float(load("source-page/claims").set_index("id").loc[claim, "value"])


@tests("C098")
def about_forty_programmes_and_events() -> Finding:
    counted = b.counts(load("integration/union_budget"))
    said, median = _page("C098"), float(counted["together"].median())
    split = counted[counted["split"]]
    gap = abs(median / said - 1)
    verdict = "supported" if gap <= ABOUT else "imprecise" if gap <= 2 * ABOUT else "contradicted"
    reason = (
        f"Programmes and events together number {counted['together'].min():.0f} to {counted['together'].max():.0f} "
        f"in {len(counted)} counted years, median {median:.0f}. Most are events: "
        f"{split['programmes'].iloc[0]:.0f} programmes in {split['year'].iloc[0]}, "
        f"{split['programmes'].iloc[-1]:.0f} in {split['year'].iloc[-1]}."
    )
    span = f"{counted['year'].min()}/{counted['year'].max()}"
    return Finding(verdict, median, said, span, reason, ("integration/union_budget",))


@tests("C100")
def lending_enlarges_the_budget() -> Finding:
    first, last = (int(year) for year in load("source-page/claims").set_index("id").loc["C100", "subject_date"].split("/"))
    found = b.other_income(load("integration/union_budget")).set_index("year").loc[first:last]
    share, top = float(found["share"].max()), int(found["share"].idxmax())
    end = found.iloc[-1]
    verdict = "supported" if share >= CONSIDERABLE else "imprecise" if share >= ANY else "contradicted"
    reason = (
        f"Lending is on record. But income other than contributions, arrears among it, was at most {percent(share)} of planned "
        f"revenue, in {top}, and {percent(end['share'])} in {found.index[-1]}: the growth that lasted came from the two treasuries."
    )
    evidence = ("integration/union_budget:UB09", "integration/union_budget:UB12", "integration/union_budget:UB14")
    return Finding(verdict, share, CONSIDERABLE, f"{found.index.min()}/{found.index.max()}", reason, evidence)


@tests("C135")
def planned_for_defence_in_2014() -> Finding:
    plan = b.defence(load("integration/union_budget")).query("year == 2014 and kind == 'planned'").iloc[0]
    said = _page("C135")
    same = abs(plan["amount"] / 1000 - said) < 0.05  # the page gives one decimal
    part = plan["amount"] < plan["total"]
    verdict = "supported" if same and part else "imprecise" if same else "contradicted"
    reason = (
        f"A second report of the same speech gives {plan['amount'] / 1000:.1f} billion for military, dual-use and security "
        f"programmes. It is a part, {plan['share']:.0f} % of the {plan['total']:,.0f} million of the whole budget for 2014."
    )
    evidence = (f"integration/union_budget:{plan['id']}", "integration/union_budget:UB42")
    return Finding(verdict, float(plan["amount"]) / 1000, said, "2014-01", reason, evidence)


@tests("C136")
def dollars_of_the_day() -> Finding:
    claims = load("source-page/claims").set_index("id")
    then = pd.Timestamp(claims.loc["C136", "subject_date"])
    rates = b.daily_rate(load("economy/daily_rates")).query("kind == 'ECB reference'").set_index("date")["rate"]
    rubles, said = _page("C135") * 1000, _page("C136")
    yearly = load("economy/exchange_rates").query("country == 'RUS' and year == 2014")["rate"].iloc[0]
    gap = abs(rubles / rates[then] / said - 1)
    verdict = "supported" if gap <= FITS else "imprecise" if gap <= 5 * FITS else "contradicted"
    reason = (
        f"The page implies {rubles / said:.2f} rubles a dollar; the European Central Bank's rates imply {rates[then]:.2f} "
        f"on {day(then)}, so {rubles / rates[then]:.1f} million. "
        f"At the yearly average of {yearly:.1f} it would be {rubles / yearly:.0f}."
    )
    evidence = (f"economy/daily_rates:ecb-{then:%Y-%m-%d}", "economy/exchange_rates")
    return Finding(verdict, float(rubles / rates[then]), said, f"{then:%Y-%m-%d}", reason, evidence)
