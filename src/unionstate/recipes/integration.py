"""Recipes for treaties, alliances and organisations as other projects code them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from unionstate.recipes.common import dyads, read, whole, yes_no

STATES = ["BLR", "RUS", "KAZ", "ARM", "KGZ", "UKR"]


def trade_agreements(raw: Path) -> pd.DataFrame:
    """DESTA, Design of Trade Agreements: treaties, accessions and withdrawals to which Belarus or Russia is a party.

    Left out: negotiations, the Soviet treaty of 1960 with Finland, and the columns of type and of the number of members
    (the latter leaves Kyrgyzstan out of the Eurasian Economic Union in its treaty with Viet Nam). ``states`` names the parties
    among the states of this book only.
    """
    listed = read(raw / "desta-trade-agreements" / "desta_agreements_belarus_russia.csv")
    kept = listed[(listed["entry_type"] != "negotiation") & (listed["signature_year"] >= "1991")]
    return pd.DataFrame(
        {
            "number": kept["number"],
            "base_number": kept["base_treaty"],
            "name": kept["name"],
            "kind": kept["entry_type"].replace("base_treaty", "treaty"),
            "signed": kept["signature_year"],
            "in_force": kept["entry_into_force_year"],
            "belarus": yes_no(kept["belarus_member"]),
            "russia": yes_no(kept["russia_member"]),
            "states": kept["focus_members_iso3"].map(lambda states: "; ".join(sorted(states.split(";")))),
            "wto_listed": yes_no(kept["wto_listed"]),
        }
    )


def alliance_obligations(raw: Path) -> pd.DataFrame:
    """ATOP (to 2018) and Correlates of War, Formal Alliances (to 2012): obligations of pairs with Russia or Belarus.

    The two differ (Russia and Belarus 1992: no defence obligation in ATOP, one in COW), so both stand. COW's entente is a duty
    to consult. Obligations are coded from treaties in force, not from conduct. ATOP's offence is never coded here: left out.
    """
    atop = dyads(read(raw / "atop-alliances" / "atop_dyad_year_1990_2018.csv"), STATES).assign(data_set="ATOP")
    cow = dyads(read(raw / "cow-alliances" / "cow_alliance_dyad_year_1990_2012.csv"), STATES).assign(data_set="COW")
    ours = ["defence", "neutrality", "non_aggression", "consultation"]
    atop = atop.rename(columns=dict(zip(["atop_defense", "atop_neutral", "atop_nonagg", "atop_consul"], ours, strict=True)))
    cow = cow.rename(columns=dict(zip(["cow_defense", "cow_neutral", "cow_nonagg", "cow_entente"], ours, strict=True)))
    both = pd.concat([atop, cow])
    both = both[both["year"] >= "1992"]
    return both[["data_set", "country", "partner", "year"]].assign(**{name: yes_no(both[name]) for name in ours})


def shared_igos(raw: Path) -> pd.DataFrame:
    """Correlates of War, Intergovernmental Organizations 3.0 (to 2014): organisations of which both states are members."""
    pairs = dyads(read(raw / "cow-igo" / "cow_shared_igo_dyad_year_1990_2014.csv"), [*STATES, "POL", "LTU"])
    pairs = pairs[pairs["year"] >= "1992"]
    return pairs[["country", "partner", "year"]].assign(shared=whole(pairs["shared_igo_memberships"]))


RECIPES = {
    "integration/trade_agreements": trade_agreements,
    "integration/alliance_obligations": alliance_obligations,
    "integration/shared_igos": shared_igos,
}
