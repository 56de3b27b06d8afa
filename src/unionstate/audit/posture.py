"""Data tests of the source page's claims in military/posture."""

from __future__ import annotations

import pandas as pd

from unionstate.analysis import posture as analysis
from unionstate.audit import Finding, day, percent, tests
from unionstate.tables import load

AGREEMENTS, FACILITIES, CLAIMS = "military/agreements", "military/facilities", "military/posture_claims"
#: A link counts as close when Russia delivers at least this share of all arms by SIPRI's measure.
MAIN_SUPPLIER = 0.5


def _agreement(id: str) -> pd.Series:
    return load(AGREEMENTS).set_index("id").loc[id]


def _page() -> pd.Timestamp:
    return analysis.page_date(load("sources"))


@tests("C002")
def no_major_base() -> Finding:
    """Sites other than the radar and the transmitter that Russia itself runs: on the day of the page, and since."""
    sites, page = load(FACILITIES), _page()
    own = sites[sites["operator"].str.startswith("Russia") & ~analysis.is_technical(sites)]
    own = own[own["status_kind"].astype(str) != analysis.REFUSED].dropna(subset=["start"])
    then = own[(own["start"] <= page) & ~(own["end"] < page)]
    later = own[own["start"] > page].sort_values("start")
    evidence = (FACILITIES, "military/facilities:F-HANTSAVICHY", "military/facilities:F-VILEYKA", "military/facilities:F-BARANAVICHY")
    if len(then):
        return Finding("contradicted", len(then), 0, f"{page:%Y-%m-%d}", f"{then['name'].iloc[0]} was run by Russia.", evidence)
    held = "Beyond a radar and a transmitter no site was run by Russia when the page was written, only fighters came as guests"
    if not len(later):
        return Finding("supported", 0, 0, f"{page:%Y-%m-%d}", held + ".", evidence)
    firm = later[later["status_kind"].astype(str) != "suspected"]
    reason = (
        f"{held}. From {later['start'].iloc[0]:%B %Y} Russia ran {len(firm)} airfields, now perhaps empty; "
        f"{len(later) - len(firm)} more sites are suspected. Neither government calls any of them a base."
    )
    return Finding("overtaken", len(later), 0, f"{later['start'].iloc[0]:%Y-%m-%d}", reason, evidence)


@tests("C012")
def closely_linked() -> Finding:
    """Three records stand for a close link: a joint air defence, a joint force by treaty, and arms mostly from one hand."""
    page, register = _page(), load("military/arms_register")
    treaties = [_agreement(id)["signed"] <= page for id in ("A-1997-REGSEC", "A-2009-AIRDEF")]
    before = register[register["last_delivery"] <= page.year]
    share = analysis.tiv_by_supplier(before).get("RUS", 0) / before["tiv_delivered"].sum()
    links = sum(treaties) + (share >= MAIN_SUPPLIER)
    verdict = "supported" if links == 3 else "imprecise" if links else "contradicted"
    words = "linked by" if links == 3 else f"only {links} of three records hold:"
    arms = f"{percent(share)} of arms imports by SIPRI's measure to {page.year}"
    reason = f"{words} a joint force of 1997, an air defence signed in 2009 and {arms}."
    evidence = (f"{AGREEMENTS}:A-1997-REGSEC", f"{AGREEMENTS}:A-2009-AIRDEF", "military/arms_register")
    return Finding(verdict, round(float(share), 3), MAIN_SUPPLIER, f"{page:%Y-%m-%d}", reason[0].upper() + reason[1:], evidence)


@tests("C013")
def opposed_a_larger_footprint() -> Finding:
    """Refusals before the page stand for the claim, hosting that began before it limits it, hosting after it ends it."""
    sites, page = load(FACILITIES), _page()
    status = sites["status_kind"].astype(str)
    refused = sites[(status == analysis.REFUSED)]
    guests = sites[~analysis.is_technical(sites) & (status != analysis.REFUSED)]
    before, after = guests[guests["start"] <= page], guests[guests["start"] > page]
    verdict = "contradicted" if not len(refused) else "overtaken" if len(after) else "imprecise" if len(before) else "supported"
    since = after["start"].min() if len(after) else page
    reason = (
        f"Plans for a Russian base came to nothing ({len(refused)} in the table, one after his refusal of October 2015). But Russian "
        f"fighters used {len(before)} Belarusian airfield even then, and {len(after)} more sites opened, or are suspected, after the page."
    )
    evidence = (FACILITIES, "integration/milestones:airbase-refusal-2015", f"{CLAIMS}:{_own('F-BARANAVICHY')}")
    return Finding(verdict, len(after), 0, f"{since:%Y-%m-%d}", reason, evidence)


@tests("C029")
def doctrine_approved() -> Finding:
    """The claimed approval is the Belarusian one of a draft unless a union organ adopted a doctrine in the same month."""
    draft, doctrine = _agreement("A-2018-DRAFT"), _agreement("A-2021-DOCTRINE")
    apart = (doctrine["signed"] - draft["signed"]).days
    if f"{draft['signed']:%Y-%m}" != "2018-11":
        verdict = "contradicted"
    else:
        verdict = "imprecise" if draft["kind"] == "national approval" and apart > 31 else "supported"
    reason = (
        f"Minsk approved a draft on {day(draft['signed'])}; a doctrine was adopted by the union on "
        f"{day(doctrine['signed'])}, {apart:,} days later and in another form."
    )
    rows = ("A-2018-DRAFT", "A-2018-RUDRAFT", "A-2021-DOCTRINE")
    return Finding(verdict, apart, 31, f"{doctrine['signed']:%Y-%m-%d}", reason, tuple(f"{AGREEMENTS}:{row}" for row in rows))


@tests("C040")
def a_sunday() -> Finding:
    """Weekday of the claimed day, and whether the reports carry the same day."""
    claimed = pd.Timestamp(load("source-page/claims").set_index("id").loc["C040", "subject_date"])
    reported = load("military/alignment").set_index("id").loc["AL-2018-BABICH", "date"]
    weekday, apart = claimed.day_name(), (reported - claimed).days
    verdict = "contradicted" if weekday != "Sunday" else "supported" if apart == 0 else "imprecise"
    reason = f"{day(claimed)} was a {weekday}; the press puts the interview on {day(reported)}."
    return Finding(verdict, apart, 0, f"{reported:%Y-%m-%d}", reason, ("military/alignment:AL-2018-BABICH", f"{CLAIMS}:{_babich()}"))


def _babich() -> str:
    rows = load(CLAIMS)
    return rows.loc[rows["topic"].astype(str) == "guarantee", "id"].iloc[0]


def _own(site: str) -> str:
    """The first official claim about a site."""
    rows = load(CLAIMS).sort_values("date", kind="stable")
    return rows.loc[(rows["facility"] == site) & (rows["grade"].astype(str) == analysis.CLAIM), "id"].iloc[0]


@tests("C069")
def progress_since_1999() -> Finding:
    """Alignment, air defence and manoeuvres between the Union State Treaty and the page: each needs a record."""
    page, union = _page(), _agreement("A-1999-UNION")["signed"]
    agreements, drills = load(AGREEMENTS), load("military/exercises")
    signed = agreements[(agreements["signed"] > union) & (agreements["signed"] <= page) & (agreements["kind"] != "national approval")]
    air = union < _agreement("A-2009-AIRDEF")["signed"] <= page
    held = drills[drills["held"] & (drills["year"] > union.year) & (drills["year"] <= page.year)]
    found = int(len(signed) > 0) + int(air) + int(len(held) > 0)
    verdict = {3: "supported", 0: "contradicted"}.get(found, "imprecise")
    reason = (
        f"From {day(union)} to the page: {len(signed)} military or foreign-policy instruments in the table, air defence "
        f"{'among' if air else 'not among'} them, and {len(held)} joint exercises held. Instruments bind the two states, few the union."
    )
    evidence = (AGREEMENTS, f"{AGREEMENTS}:A-2009-AIRDEF", "military/exercises")
    return Finding(verdict, found, 3, f"{page:%Y-%m-%d}", reason, evidence)


@tests("C070")
def air_defence_signed() -> Finding:
    row, approved = _agreement("A-2009-AIRDEF"), load("integration/treaties").set_index("id").loc["air-defence-2009", "ratified_blr"]
    verdict = "supported" if f"{row['signed']:%Y-%m}" == "2009-02" else "contradicted"
    days = (approved - row["signed"]).days
    reason = f"Signed on {day(row['signed'])}; Belarus approved it on {day(approved)}, {days:,} days later."
    return Finding(
        verdict, days, 0, f"{approved:%Y-%m-%d}", reason, (f"{AGREEMENTS}:A-2009-AIRDEF", "integration/treaties:air-defence-2009")
    )


@tests("C078")
def glonass_signed() -> Finding:
    row = _agreement("A-2013-GLONASS")
    verdict = "supported" if row["signed"].year == 2013 else "contradicted"
    reason = f"Signed on {day(row['signed'])}, in force on {day(row['in_force'])}, the year after."
    return Finding(verdict, row["signed"].year, 2013, f"{row['in_force']:%Y-%m-%d}", reason, (f"{AGREEMENTS}:A-2013-GLONASS",))


@tests("C145")
def never_against_another_state() -> Finding:
    """The claim is that he pledged it: a dated pledge supports it. Whether the pledge held is said beside the verdict."""
    claims, events = load(CLAIMS), load("integration/milestones").set_index("id")
    pledges = claims[claims["topic"].astype(str) == "territory pledge"]
    attack = events.loc["invasion-2022", "date"] if "invasion-2022" in events.index else pd.NaT
    evidence = (*(f"{CLAIMS}:{id}" for id in pledges["id"]), "military/alignment:AL-2017-PLEDGE", "integration/milestones:invasion-2022")
    if not len(pledges):
        return Finding("not testable", 0, 1, "2020-08-23", "No pledge of his own is on record.", evidence)
    said = pledges["date"].min()
    broken = pd.notna(attack) and attack > said
    kept = f"it was broken on {day(attack)}, when Russia attacked Ukraine from Belarus" if broken else "no attack is on record"
    reason = f"He pledged it on {day(said)}, and Ukraine relayed the same in 2017. The sentence is true; the pledge did not last: {kept}."
    if not broken:
        reason = f"He pledged it on {day(said)}, and Ukraine relayed the same in 2017; {kept}."
    return Finding("supported", len(pledges), 1, f"{said:%Y-%m-%d}", reason, evidence)


@tests("C148")
def no_base_at_babruysk() -> Finding:
    """A dated public refusal, and the status of the plan in the table."""
    claims, site = load(CLAIMS), load(FACILITIES).set_index("id").loc["F-BABRUYSK"]
    refusals = claims[(claims["facility"] == "F-BABRUYSK") & (claims["grade"].astype(str) == analysis.DOUBTED)]
    refusals = refusals[refusals["speaker"] == "Lukashenko"]
    dropped = str(site["status_kind"]) == analysis.REFUSED
    verdict = "supported" if len(refusals) and dropped else "contradicted" if not dropped else "not testable"
    named = int(refusals["place_named"].astype(bool).sum())
    first = refusals["date"].min() if len(refusals) else pd.Timestamp("2015-09-19")
    reason = (
        f"Dated refusals: {', '.join(day(d) for d in refusals['date'].sort_values())}; he wanted aircraft, not a base. "
        f"{named:d} of them {'names' if named == 1 else 'name'} Babruysk. Russian fighters stood there for a time in 2014."
    )
    evidence = (
        "military/facilities:F-BABRUYSK",
        *(f"{CLAIMS}:{id}" for id in refusals["id"]),
        f"{CLAIMS}:{_own('F-BABRUYSK')}",
        "integration/milestones:airbase-refusal-2015",
    )
    return Finding(verdict, len(refusals), 1, f"{first:%Y-%m-%d}", reason, evidence)
