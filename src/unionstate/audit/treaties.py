"""Claims of the source page on treaties: dates held against the table, counts of instruments before and after an event."""

from __future__ import annotations

import pandas as pd
from scipy import stats

from unionstate.analysis.stats import compare_rates
from unionstate.analysis.treaties import YEAR, end_of_observation, is_bilateral
from unionstate.audit import Finding, day, percent, tests
from unionstate.tables import load

TREATIES, MILESTONES = "integration/treaties", "integration/milestones"
SOVIET_REPUBLICS = {
    *("Armenia", "Azerbaijan", "Belarus", "Estonia", "Georgia", "Kazakhstan", "Kyrgyzstan", "Latvia", "Lithuania", "Moldova"),
    *("Russia", "Tajikistan", "Turkmenistan", "Ukraine", "Uzbekistan"),
}
LEVEL = 0.05  # a difference of counts that chance gives more often than this decides nothing


def _row(id: str) -> pd.Series:
    return load(TREATIES).set_index("id").loc[id]


def _milestone(id: str) -> pd.Timestamp:
    return load(MILESTONES).set_index("id").loc[id, "date"]


def _cell(id: str) -> tuple[str, ...]:
    return (f"{TREATIES}:{id}",)


def _same_day(id: str, column: str, claimed: str, what: str) -> Finding:
    """Value and threshold are days apart: none for a supported date."""
    found = _row(id)[column]
    apart = (found - pd.Timestamp(claimed)).days
    verdict = "supported" if apart == 0 else "contradicted"
    return Finding(verdict, apart, 0, f"{found:%Y-%m-%d}", f"{what} on {day(found)}.", _cell(id))


@tests("C003")
def signed_in_1999() -> Finding:
    signed = _row("union-state-1999")["signed"]
    return Finding(
        "supported" if signed.year == 1999 else "contradicted",
        signed.year,
        1999,
        f"{signed:%Y-%m-%d}",
        f"The Union State Treaty was signed on {day(signed)}.",
        _cell("union-state-1999"),
    )


@tests("C006")
def package_carried_out() -> Finding:
    package = ["union-state-1999", "action-programme-1999", "single-currency-2000", "currency-conditions-2000"]
    treaties = load(TREATIES)
    status = treaties.set_index("id").loc[package, "status_2026"].astype(str)
    short = int((status != "in force").sum())
    return Finding(
        "supported" if short else "contradicted",
        short,
        1,
        f"{end_of_observation(treaties):%Y-%m-%d}",
        f"{short} of {len(package)} instruments of the package are coded below 'in force': {', '.join(sorted(set(status)))}.",
        tuple(f"{TREATIES}:{id}" for id in package),
    )


@tests("C027")
def retreat_after_2002() -> Finding:
    """The rate of bilateral signing from the summit to the ultimatum, against all years before, and against the last ones."""
    treaties = load(TREATIES)
    signed = treaties.loc[is_bilateral(treaties), "signed"].dropna()
    start, force = treaties["signed"].min(), _row("union-state-1999")["in_force"]
    summit, ultimatum = _milestone("putin-2002"), _milestone("medvedev-ultimatum-2018")

    def count(a, b):
        return int(((signed >= a) & (signed < b)).sum()), (b - a).days / YEAR

    before, recent, after = count(start, summit), count(force, summit), count(summit, ultimatum)
    rates = [n / years for n, years in (before, recent, after)]
    p_all, p_recent = compare_rates(*before, *after), compare_rates(*recent, *after)
    if rates[2] >= rates[0]:
        verdict = "contradicted"
    elif p_all >= LEVEL:
        verdict = "not testable"
    else:
        verdict = "supported" if p_recent < LEVEL else "imprecise"
    reason = (
        f"Bilateral instruments a year: {rates[0]:.1f} before the summit, {rates[2]:.1f} after it (p = {p_all:.2g}). But "
        f"{rates[1]:.1f} from {day(force)} to the summit (p = {p_recent:.2f} against after): when it turned, and why, is open."
    )
    return Finding(verdict, round(rates[2], 3), round(rates[0], 3), f"{ultimatum:%Y-%m-%d}", reason, (TREATIES, f"{MILESTONES}:putin-2002"))


@tests("C048")
def holiday_of_2_april() -> Finding:
    community, union = _row("community-1996")["signed"], _row("union-state-1999")["signed"]
    same_day, name = community == pd.Timestamp("1996-04-02"), union.year == 1996
    verdict = "supported" if same_day and name else "imprecise" if same_day else "contradicted"
    reason = f"2 April recalls the Community treaty of {day(community)}; the Union State Treaty was signed on {day(union)}."
    return Finding(verdict, community.year, union.year, f"{union:%Y-%m-%d}", reason, _cell("community-1996") + _cell("union-state-1999"))


@tests("C067")
def founded_in_1999() -> Finding:
    row = _row("union-state-1999")
    signed, force = row["signed"], row["in_force"]
    verdict = "supported" if force.year == 1999 else "imprecise" if signed.year == 1999 else "contradicted"
    reason = f"Signed on {day(signed)}, but in force only since {day(force)}."
    return Finding(verdict, force.year, 1999, f"{force:%Y-%m-%d}", reason, _cell("union-state-1999"))


@tests("C068")
def whose_union() -> Finding:
    parties = [party.strip() for party in _row("union-state-1999")["parties"].split(";")]
    former = [party for party in parties if party in SOVIET_REPUBLICS]
    verdict = "supported" if former == parties and len(parties) > 1 else "contradicted"
    reason = f"True of {len(former)} former Soviet republics, {' and '.join(former)}: the treaty has no other parties."
    return Finding(verdict, len(former), len(parties), "1999-12-08", reason, _cell("union-state-1999"))


@tests("C079")
def community_signed() -> Finding:
    return _same_day("community-1996", "signed", "1996-04-02", "The Community treaty was signed")


@tests("C081")
def union_signed() -> Finding:
    return _same_day("union-1997", "signed", "1997-04-02", "The Union treaty was signed")


@tests("C082")
def fresh_momentum() -> Finding:
    """Bilateral instruments signed while the Union treaty stood alone, against a span of equal length before it."""
    treaties = load(TREATIES)
    signed = treaties.loc[is_bilateral(treaties), "signed"].dropna()
    union, force = _row("union-1997")["signed"], _row("union-state-1999")["in_force"]
    length = force - union
    before = int(((signed >= union - length) & (signed < union)).sum())
    after = int(((signed > union) & (signed <= force)).sum())
    p = compare_rates(after, 1, before, 1)
    verdict = "not testable" if p >= LEVEL else "supported" if after > before else "contradicted"
    reason = (
        f"{after} bilateral instruments from the treaty to {day(force)}, {before} in an equal span before it: "
        f"{'too close to tell' if p >= LEVEL else 'more than chance'} (p = {p:.2f})."
    )
    return Finding(verdict, after, before, f"{force:%Y-%m-%d}", reason, (TREATIES,))


@tests("C083")
def declaration_signed() -> Finding:
    return _same_day("declaration-1998", "signed", "1998-12-25", "The declaration was signed")


@tests("C084")
def equal_rights_signed() -> Finding:
    return _same_day("equal-rights-1998", "signed", "1998-12-25", "The treaty on equal rights was signed")


@tests("C085")
def equal_conditions_signed() -> Finding:
    return _same_day("equal-conditions-1998", "signed", "1998-12-25", "The agreement on equal conditions, with its protocol, was signed")


@tests("C088")
def union_state_in_force() -> Finding:
    return _same_day("union-state-1999", "in_force", "2000-01-26", "The Union State Treaty took effect")


@tests("C103")
def chiefly_economic() -> Finding:
    """Share of economic, customs and monetary instruments among the bilateral ones of the span the claim is about."""
    treaties, listed = load(TREATIES), load("source-page/claims").set_index("id")
    first, last = (int(year) for year in listed.loc["C103", "subject_date"].split("/"))
    inside = treaties[is_bilateral(treaties) & treaties["signed"].dt.year.between(first, last)]
    economic = int(inside["policy_area"].isin(["economic", "customs", "monetary"]).sum())
    share = stats.binomtest(economic, len(inside)).proportion_ci(0.95)
    verdict = "supported" if share.low > 0.5 else "contradicted" if share.high < 0.5 else "not testable"
    reason = (
        f"{economic} of {len(inside)} bilateral instruments of {first} to {last} in the table are economic, customs or monetary "
        f"(95 % interval {percent(share.low)} to {percent(share.high)}); the table is a selection, not a register of acts."
    )
    return Finding(verdict, economic / len(inside), 0.5, f"{last}", reason, (TREATIES,))
