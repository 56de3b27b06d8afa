"""Claims of the source page on Eurasian unions: memberships, the steps of the customs union, the agreements of the economic space."""

from __future__ import annotations

import pandas as pd

from unionstate.analysis.eurasian import on_day
from unionstate.audit import Finding, day, tests
from unionstate.tables import load

MEMBERSHIPS, STEPS, AGREEMENTS = "integration/memberships", "integration/customs_union_steps", "integration/ses_agreements"
RESTRICTIONS, TREATIES = "trade/restrictions", "integration/treaties"
PAGE = pd.Timestamp("2020-08-23")  # last change of the source page


def _step(id: str) -> pd.Series:
    return load(STEPS).set_index("id").loc[id]


def _member(organisation: str, state: str, claimed: bool) -> Finding:
    """Value: spells of membership on the day of the page; threshold: as many as the claim needs. Held against today too."""
    table = load(MEMBERSHIPS)
    ours = table[(table["organisation"] == organisation) & (table["state"] == state)]
    then = len(on_day(ours, PAGE))
    today = len(ours[ours["used"].astype(bool) & (ours["status"] == "member") & ours["end"].isna()])
    verdict = "contradicted" if bool(then) != claimed else "supported" if bool(today) == claimed else "overtaken"
    words = "no membership is on record, only an application or a signature"
    if then:
        words = f"member since {day(on_day(ours, PAGE)['start'].min())}"
    reason = f"{organisation}: {words}; the same {'then and today' if bool(today) == bool(then) else 'then, not today'}."
    return Finding(verdict, then, int(claimed), f"{PAGE:%Y-%m-%d}", reason, tuple(f"{MEMBERSHIPS}:{id}" for id in ours["id"]))


@tests("C015")
def belarus_in_the_eaeu() -> Finding:
    return _member("EAEU", "BLR", True)


@tests("C016")
def belarus_in_the_csto() -> Finding:
    return _member("CSTO", "BLR", True)


@tests("C122")
def belarus_outside_the_wto() -> Finding:
    return _member("WTO", "BLR", False)


@tests("C121")
def russia_in_the_wto_in_2012() -> Finding:
    start = load(MEMBERSHIPS).set_index("id").loc["wto-rus", "start"]
    verdict = "supported" if start.year == 2012 else "contradicted"
    reason = f"Russia became a member on {day(start)}."
    return Finding(verdict, start.year, 2012, f"{start:%Y-%m-%d}", reason, (f"{MEMBERSHIPS}:wto-rus",))


@tests("C105")
def concluded_in_december_2009() -> Finding:
    """Value: days from the signature of the package to the first day of the month that the page names."""
    treaty, package, statement = (_step(id)["date"] for id in ("cu-treaty-2007", "cu-package-2009", "cu-statement-2009"))
    named = pd.Timestamp("2009-12-01")
    inside = package.to_period("M") == named.to_period("M")
    declared = statement.to_period("M") == named.to_period("M")
    verdict = "supported" if inside else "imprecise" if declared else "contradicted"
    reason = (
        f"Treaty of {day(treaty)}, package signed on {day(package)}; the joint statement of {day(statement)}, "
        "from which the Kremlin's glossary dates the union, is no agreement."
    )
    rows = tuple(f"{STEPS}:{id}" for id in ("cu-treaty-2007", "cu-package-2009", "cu-statement-2009"))
    return Finding(verdict, (named - package).days, 0, f"{statement:%Y-%m-%d}", reason, rows)


@tests("C106")
def due_in_july_2010() -> Finding:
    """Value: days from the start of the common tariff to the day that the page gives for the whole union."""
    code, tariff = _step("cu-code-three-2010"), _step("cu-tariff-2010")
    claimed = pd.Timestamp("2010-07-01")
    ahead = (claimed - tariff["date"]).days
    verdict = "contradicted" if code["planned"] != claimed else "imprecise" if ahead > 0 else "supported"
    reason = f"The Customs Code was due on {day(code['planned'])}; the common tariff already applied from {day(tariff['date'])}."
    return Finding(verdict, ahead, 0, f"{claimed:%Y-%m-%d}", reason, (f"{STEPS}:cu-code-three-2010", f"{STEPS}:cu-tariff-2010"))


@tests("C108")
def in_effect_on_6_july() -> Finding:
    """Value: days by which the code applied between two of the three before the day that the page gives."""
    three, two = _step("cu-code-three-2010")["date"], _step("cu-code-two-2010")["date"]
    claimed = pd.Timestamp("2010-07-06")
    verdict = "contradicted" if three != claimed else "imprecise" if two < claimed else "supported"
    reason = f"Among all three from {day(three)}; between Russia and Kazakhstan the code already applied from {day(two)}."
    return Finding(
        verdict, (three - two).days, 0, f"{three:%Y-%m-%d}", reason, (f"{STEPS}:cu-code-three-2010", f"{STEPS}:cu-code-two-2010")
    )


def _posts(what: str) -> Finding:
    found, claimed = _step("cu-posts-2011")["date"], pd.Timestamp("2011-07-01")
    apart = (found - claimed).days
    verdict = "supported" if apart == 0 else "contradicted"
    return Finding(verdict, apart, 0, f"{found:%Y-%m-%d}", f"{what} on {day(found)}.", (f"{STEPS}:cu-posts-2011",))


@tests("C109")
def posts_until_july_2011() -> Finding:
    return _posts("Customs control left the internal borders, and the last offices between Russia and Kazakhstan closed,")


@tests("C110")
def clearance_moved_outwards() -> Finding:
    return _posts("Customs control moved to the outer border")


@tests("C116")
def signed_on_one_day() -> Finding:
    """Value: share of the listed agreements signed on the day that the page gives."""
    table, claimed = load(AGREEMENTS), pd.Timestamp("2010-12-09")
    signed = table["signed"]
    on = int((signed == claimed).sum())
    guessed = int(((signed == claimed) & (table["signed_basis"] == "inferred")).sum())
    verdict = "supported" if on == len(signed) else "imprecise" if on else "contradicted"
    early = signed[signed < claimed]
    rest = f"; {len(early)} were signed before, from {day(early.min())}" if len(early) else ""
    basis = f", {guessed} of them by inference" if guessed else ""
    reason = f"{on} of {len(signed)} on {day(claimed)}{basis}{rest}."
    return Finding(verdict, on / len(signed), 1, f"{claimed:%Y-%m-%d}", reason, (AGREEMENTS,))


@tests("C117")
def seventeen_agreements() -> Finding:
    signed = load(AGREEMENTS)["signed"]
    december = int((signed.dt.strftime("%Y-%m") == "2010-12").sum())
    verdict = "supported" if len(signed) == 17 else "contradicted"
    reason = f"The whole set has {len(signed)} agreements. That {december} of them date from December is a matter of the day, see C116."
    return Finding(verdict, len(signed), 17, "2010-12-09", reason, (AGREEMENTS, f"{STEPS}:ses-november-2010"))


@tests("C118")
def space_since_2012() -> Finding:
    """Value: entries into force seen that fall on another day than the page gives."""
    dated, claimed = load(AGREEMENTS)["in_force"].dropna(), pd.Timestamp("2012-01-01")
    other = int((dated != claimed).sum()) + int(load(TREATIES).set_index("id").loc["ses-2010", "in_force"] != claimed)
    verdict = "supported" if other == 0 else "contradicted"
    reason = f"All {len(dated)} agreements whose entry into force was seen took effect on {day(dated.max())}."
    return Finding(verdict, other, 0, "2012-01-01", reason, (AGREEMENTS, f"{TREATIES}:ses-2010"))


@tests("C120")
def free_movement() -> Finding:
    """Value: measures in the restrictions table, announced or applied, since the space began. Some aim at goods of third states."""
    start = _step("ses-start-2012")["date"]
    table = load(RESTRICTIONS)
    held = table[table["start"] >= start]
    works = "migrant-workers" in set(load(AGREEMENTS)["id"])
    verdict = "supported" if held.empty else "imprecise" if works else "contradicted"
    reason = (
        f"{len(held)} measures at or behind the Belarusian-Russian border, announced or applied, are on record since {day(start)}; "
        "for labour the agreement ended permits and quotas, capital was not examined."
    )
    rows = (RESTRICTIONS, f"{AGREEMENTS}:migrant-workers", f"{STEPS}:ses-white-paper-2017")
    return Finding(verdict, len(held), 0, f"{held['start'].max():%Y-%m-%d}" if len(held) else f"{start:%Y-%m-%d}", reason, rows)
