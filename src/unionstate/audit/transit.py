"""Data tests of the source page's claims on transit and on where Belarus lies."""

from __future__ import annotations

from unionstate.analysis import transit as t
from unionstate.audit import Finding, percent, tests
from unionstate.countries import NAMES
from unionstate.tables import load

#: "Between" holds if on most parallels through Belarus the next land is Russia on one side and a member on the other. A choice.
MOST = 0.5


@tests("C014")
def belarus_lies_between_russia_and_nato() -> Finding:
    claim = load("source-page/claims").set_index("id").loc["C014"]
    as_of = int(str(claim["subject_date"])[:4])
    members = load("map/nato_members")
    members = set(members.loc[members["since"] <= as_of, "country"].astype(str))
    shapes = t.rings(load("map/countries"))
    around = set(t.shared_borders(shapes).index)
    lines = t.parallels(shapes)
    between = (lines["west"].isin(members) & (lines["east"] == "RUS")) | (lines["east"].isin(members) & (lines["west"] == "RUS"))
    share = float(between.mean())
    touches = "RUS" in around and bool(around & members)
    verdict = ("supported" if share > MOST else "imprecise") if touches else "contradicted"
    name = lambda states: ", ".join(sorted(NAMES[state] for state in states)) or "no state"  # noqa: E731
    direct = members & set(t.shared_borders(shapes, "RUS").index)
    reason = (
        f"Russia and {name(around & members)}, all members in {as_of}, border on Belarus; on {percent(share)} of its parallels "
        f"a member is next to the west and Russia next to the east. Not the only place where they meet: {name(direct)} touch Russia itself."
    )
    return Finding(verdict, share, MOST, str(as_of), reason, ("map/countries", "map/nato_members"))
