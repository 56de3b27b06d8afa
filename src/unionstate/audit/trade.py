"""Data tests of the source page's claims on trade."""

from __future__ import annotations

from dataclasses import replace

from unionstate.analysis import trade as t
from unionstate.audit import Finding, tests
from unionstate.tables import load

#: "One third", and how many points from it the words still cover. A choice; the chapter shows others.
THIRD, TOLERANCE = 100 / 3, 3.5
#: From which share "the vast majority" is a fair phrase, percent. A choice; the chapter shows others.
VAST, HALF = 80.0, 50.0
#: The years the page speaks of. It was last changed in August 2020; a row of 2021 on tractors speaks of the years before 2022.
SPAN = (2012, 2021)
#: A run of at least so many measures is more than an incident.
A_RUN = 3

PRODUCTS = ("trade/product_exports",)


@tests("C053")
def ties_were_not_broken() -> Finding:
    """What the ambassador said in April 2017, held against the years since: Russia first in each list, and no share halved.

    That he said it is in the press that the reason names; this tests whether the ties held.
    """
    partners = load("trade/partners")
    own = t.own_share(partners)
    before, since = own.loc[2016], own.loc[2017:]
    lists = partners[(partners["reporter"] == "BLR") & (partners["year"] >= 2017)]
    first = lists.sort_values("share", ascending=False).drop_duplicates(["year", "flow"])["partner"] == "RUS"
    kept = float((since / before).min().min())
    verdict = "supported" if first.all() and kept > 0.5 else "contradicted"
    reason = (
        "He said so to Sputnik Belarus (spbdnevnik.ru, 2 April 2017; noticiabrasil.net.br, 3 April 2017). The ties held: to "
        f"{since.index.max()} Russia stayed first in exports ({since['export'].min():.0f} % or more) and imports "
        f"({since['import'].min():.0f} % or more)."
    )
    return Finding(verdict, kept, 0.5, f"2017/{since.index.max()}", reason, ("trade/partners",))


@tests("C054")
def russia_is_the_largest_partner() -> Finding:
    partners = load("trade/partners")
    own = partners[(partners["reporter"] == "BLR") & ~partners["partner"].astype(str).isin(t.NO_COUNTRY)]
    first = own.sort_values("share", ascending=False).drop_duplicates(["year", "flow"])
    times, runner_up = int((first["partner"] == "RUS").sum()), own[own["partner"] != "RUS"]["share"].max()
    verdict = "supported" if times == len(first) else "imprecise" if times > len(first) / 2 else "contradicted"
    reason = (
        f"Russia came first in {times} of {len(first)} lists of partners (exports and imports, {first['year'].min()} to "
        f"{first['year'].max()}); no other partner ever passed {runner_up:.0f} %. Investment is not tested."
    )
    return Finding(verdict, float(times), float(len(first)), str(first["year"].max()), reason, ("trade/partners",))


@tests("C056")
def one_third_of_exports() -> Finding:
    share = t.own_share(load("trade/partners"))["export"]
    true = t.years_near(share, THIRD, TOLERANCE)
    last = int(share.index.max())
    verdict = "supported" if last in true else "overtaken" if true else "contradicted"
    mirror = t.mirror_share(load("trade/dots")).query("quality == 'as published'")["export"]
    reason = (
        f"Within {TOLERANCE:g} points of a third in {t.spell(true)}; {share[last]:.0f} % in {last}. By what partners report, in "
        f"{t.spell(t.years_near(mirror, THIRD, TOLERANCE))} of the years {mirror.index.min()} to {mirror.index.max()}."
    )
    return Finding(verdict, float(share[last]), THIRD, str(last), reason, ("trade/partners", "trade/dots"))


def _takes_most(family: str) -> Finding:
    """Hold the stated shares of a product group, within the years the page speaks of, against :data:`VAST`."""
    rows = load("trade/product_exports")
    stated = t.product_shares(rows).query("family == @family")
    within = stated[stated["year"].between(*SPAN)]
    verdict = t.majority(within["share"], VAST, HALF)
    if within.empty:
        near = rows[rows["product"].isin(t.FAMILIES[family])]
        reason = f"No share of the exports of {family} that went to Russia was found; the {len(near)} rows give sales or output."
        ids = tuple(f"trade/product_exports:{row}" for row in near["id"])
        return Finding(verdict, float("nan"), VAST, "2021", reason, ids or PRODUCTS)
    said = ", ".join(f"{row.share:g} % ({row.year})" for row in within.itertuples())
    reason = f"Stated share{'s' if len(within) > 1 else ''}: {said}; {VAST:.0f} % is our threshold for a vast majority."
    if within["share"].nunique() > 1 and (within["confidence"] == "low").all() and verdict == "imprecise":
        verdict = "not testable"  # weak statements that clash decide nothing
        reason += " They clash, and none has more than low confidence."
    if verdict == "contradicted":
        top = stated.loc[stated["share"].idxmax()]
        reason += f" No other year comes nearer than {top['share']:g} % ({top['year']})."
    ids = tuple(f"trade/product_exports:{row}" for row in within["id"])
    return Finding(verdict, float(within["share"].min()), VAST, str(within["year"].max()), reason, ids)


@tests("C057")
def industrial_goods() -> Finding:
    found = _takes_most("industrial goods")
    if "trade/product_exports:PX60" in found.evidence:  # see the note of the row
        return replace(found, reason=found.reason + " That of 2014 may be the share of all exports.")
    return found


@tests("C058")
def tractors() -> Finding:
    return _takes_most("tractors")


@tests("C059")
def buses() -> Finding:
    return _takes_most("buses")


@tests("C060")
def trucks() -> Finding:
    return _takes_most("trucks")


@tests("C061")
def dairy() -> Finding:
    return _takes_most("dairy")


@tests("C062")
def meat() -> Finding:
    return _takes_most("meat")


def _against_peers(flow: str) -> tuple:
    """Russia's share for Belarus within the span, and the largest share any peer has had, year by year."""
    partners = load("trade/partners")
    own = t.own_share(partners)[flow].loc[SPAN[0] : SPAN[1]]
    rivals = partners[partners["reporter"].isin(t.PEERS) & (partners["partner"] == "RUS") & (partners["flow"] == flow)]
    return own, rivals.groupby("year")["share"].max().reindex(own.index)


@tests("C063")
def exports_rely_on_the_cis() -> Finding:
    own, peers = _against_peers("export")
    verdict = "supported" if (own > peers).all() else "imprecise" if (own > peers).any() else "contradicted"
    reason = (
        f"Russia alone took {own.min():.0f} to {own.max():.0f} % of exports from {own.index.min()} to {own.index.max()}; none of "
        f"{len(t.PEERS)} neighbours sold it more than {peers.max():.0f} %. Ukraine came second."
    )
    return Finding(verdict, float(own.min()), float(peers.max()), f"{own.index.min()}/{own.index.max()}", reason, ("trade/partners",))


@tests("C064")
def imports_rely_on_the_cis() -> Finding:
    own, peers = _against_peers("import")
    fuels = load("trade/fuel_shares").query("country == 'BLR'")
    floor = t.without_fuels(t.own_share(load("trade/partners")), fuels)["import_floor"].loc[SPAN[0] : SPAN[1]]
    more = (own > peers).all()
    verdict = "contradicted" if not more else "supported" if (floor >= HALF).all() else "imprecise"
    reason = (
        f"Russia sent {own.min():.0f} to {own.max():.0f} % of all imports, more than to any neighbour; of imports other than fuel "
        f"at least {floor.min():.0f} to {floor.max():.0f} %. Components are not recorded apart; of other CIS states only Ukraine is listed."
    )
    span = f"{own.index.min()}/{own.index.max()}"
    return Finding(verdict, float(floor.min()), HALF, span, reason, ("trade/partners", "trade/fuel_shares"))


@tests("C152")
def moscow_resented_reexport() -> Finding:
    rows = t.against_reexport(load("trade/restrictions"), "2014-08-07", "2017-03-31")
    verdict = "supported" if len(rows) >= A_RUN else "imprecise" if len(rows) else "not testable"
    reason = (
        f"In {len(rows)} measures from August 2014 to March 2017 the Russian regulator complained of transit, certificates, origin or "
        "embargoed goods. The complaint is on record; whether it was right is not tested."
    )
    ids = tuple(f"trade/restrictions:{row}" for row in rows["id"])
    return Finding(verdict, float(len(rows)), float(A_RUN), "2017-03", reason, ids or ("trade/restrictions",))
