"""From refusal to hosting: sites, instruments, troops, arms and money, each with who says so.

Three grades run through the chapter: what a government that takes part says (:data:`CLAIMED`), what somebody outside both
governments has seen (:data:`SEEN`), and what is in doubt (:data:`DOUBT`).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

#: Grades as they stand in ``military/posture_claims``.
CLAIM, CONFIRMED, DOUBTED = "official claim", "independent confirmation", "doubt"
#: Grades of a site, after weighing its rows.
CLAIMED, SEEN, DOUBT = "official claim only", "seen from outside", "in doubt"

#: Site → name short enough for a map, lane order of the chart.
SHORT = {
    "F-VILEYKA": "Vileyka transmitter",
    "F-HANTSAVICHY": "Hantsavichy radar",
    "F-LIDA": "Lida (plan)",
    "F-BABRUYSK": "Babruysk (plan)",
    "F-BARANAVICHY": "Baranavichy fighters",
    "F-GRODNO": "Hrodna training centre",
    "F-LUNINETS": "Luninets airfield",
    "F-ZIABRAUKA": "Ziabrauka airfield",
    "F-MAZYR": "Mazyr airfield",
    "F-OBUZ": "Obuz-Lesnovsky camp",
    "F-MACHULISHCHY": "Machulishchy airfield",
    "F-ASIPOVICHY-DEPOT": "Asipovichy depot",
    "F-ASIPOVICHY-TSEL": "Tsel (Wagner camp)",
    "F-KRICHEV": "Krychaw (Oreshnik)",
}
REFUSED = "refused or dropped"
#: What makes a site a technical one: it listens or sends, and no troops fight from it.
TECHNICAL = "radar|transmitter"


def page_date(sources: pd.DataFrame) -> pd.Timestamp:
    """Day on which the source page was last changed, from ``sources``."""
    return pd.Timestamp(sources.set_index("key").loc["globalsecurity-org-belarus-russia-union-state", "published"])


# --- sites ----------------------------------------------------------------------------------------------------


def is_technical(facilities: pd.DataFrame) -> pd.Series:
    """Whether each site of ``military/facilities`` is a radar or a transmitter."""
    return facilities["kind"].str.contains(TECHNICAL)


def graded(facilities: pd.DataFrame, claims: pd.DataFrame, rule: str = "standing") -> pd.DataFrame:
    """``military/facilities`` with the columns ``grade``, ``claimed``, ``seen``, ``doubted`` (rows behind each) and ``last_seen``.

    ``rule`` weighs doubt against sightings: with "standing" a doubt stands unless somebody outside saw the thing on a later day;
    with "doubt" one doubt decides, with "sighting" one sighting. A site that nobody outside has seen is an official claim only.
    ``last_seen``: latest date of an outside sighting, otherwise of any row.
    """
    found = []
    for site in facilities["id"]:
        rows = claims[claims["facility"] == site].sort_values("date", kind="stable")
        count = rows["grade"].astype(str).value_counts()
        latest = rows.groupby(rows["grade"].astype(str))["date"].max()
        settled = rule == "sighting" or (rule == "standing" and latest.get(CONFIRMED, pd.NaT) > latest.get(DOUBTED, pd.NaT))
        order = ((CONFIRMED, SEEN), (DOUBTED, DOUBT)) if settled else ((DOUBTED, DOUBT), (CONFIRMED, SEEN))
        grade = next((name for kind, name in order if kind in count), CLAIMED)
        seen = rows[rows["grade"].astype(str) == CONFIRMED]
        last = (seen if len(seen) else rows)["date"].max()
        found.append((grade, *(int(count.get(kind, 0)) for kind in (CLAIM, CONFIRMED, DOUBTED)), last))
    out = facilities.copy()
    out[["grade", "claimed", "seen", "doubted", "last_seen"]] = pd.DataFrame(found, index=out.index)
    return out.assign(short=out["id"].map(SHORT).fillna(out["name"]))


def lanes(sites: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    """One row a site in the order of :data:`SHORT`: ``start``, ``known`` (used at least until), ``until`` (perhaps until), ``open``.

    A site in use runs to ``end``, one that was left to its last day. Where the status is not established or only suspected, use
    is known until the last sighting and possible until ``end``. Use of a site that nobody outside has seen, or that is in doubt,
    is never known, only possible. Refused plans have neither.
    """
    order = {site: i for i, site in enumerate(SHORT)}
    out = sites.sort_values("id", key=lambda ids: ids.map(order).fillna(len(order)), kind="stable").reset_index(drop=True)
    status = out["status_kind"].astype(str)
    out["open"] = status.isin(["not established", "suspected"]) | ((status == "left") & out["end"].isna())
    closed = out["end"].where(status == "left", end)
    out["known"] = closed.where(~out["open"], out["last_seen"]).where(status != REFUSED)
    out["until"] = closed.fillna(end).where(status != REFUSED)
    # A camp that was left on an unknown day was still there at the last sighting.
    left_open = (status == "left") & out["end"].isna()
    out.loc[left_open, "until"] = out.loc[left_open, "last_seen"]
    out.loc[left_open, "open"] = False
    out["known"] = out["known"].where(out["grade"] == SEEN)
    return out


def turning_days(lane: pd.DataFrame, first: pd.Timestamp, end: pd.Timestamp) -> pd.DatetimeIndex:
    """Days between ``first`` and ``end`` on which a count of sites can change, both ends included."""
    after = pd.concat([lane["start"], *(lane[column] + pd.Timedelta(1, "D") for column in ("known", "until"))]).dropna()
    return pd.DatetimeIndex(sorted({first, end, *after[(after > first) & (after < end)]}))


def in_use(lane: pd.DataFrame, days) -> pd.DataFrame:
    """Sites in Russian or joint use on each day: ``technical``, and other sites at least (``low``) and at most (``high``).

    A site that is claimed, suspected or in doubt counts only at most, and so does one after its last sighting. Wagner was no
    Russian army, but its camp counts.
    """
    technical = is_technical(lane)
    rows = []
    for day in pd.DatetimeIndex(days):
        at_least = (lane["start"] <= day) & (lane["known"] >= day)
        at_most = (lane["start"] <= day) & (lane["until"] >= day)
        rows.append((day, int((at_most & technical).sum()), int((at_least & ~technical).sum()), int((at_most & ~technical).sum())))
    return pd.DataFrame(rows, columns=["day", "technical", "low", "high"])


# --- instruments ----------------------------------------------------------------------------------------------

#: Lanes of the chart of instruments: name, row of ``military/agreements``, what ends the wait, where that date stands.
#: ``in_force`` is a column of the same row; ``adopted`` is the signature of another row; ``approved`` is Belarusian approval
#: in ``integration/treaties``.
INSTRUMENTS = [
    ("Coordination treaty 1992", "A-1992-COORD", "in_force", None),
    ("Radar at Hantsavichy 1995", "A-1995-RADAR", "in_force", None),
    ("Transmitter at Vileyka 1995", "A-1995-VLF", "in_force", None),
    ("Military cooperation 1997", "A-1997-MILCOOP", "ratified", "military-cooperation-1997"),
    ("Regional group 1997", "A-1997-REGSEC", "ratified", "regional-security-1997"),
    ("Union State Treaty 1999", "A-1999-UNION", "in_force", None),
    ("Doctrine 2001", "A-2001-DOCTRINE", "none", None),
    ("Air defence 2009", "A-2009-AIRDEF", "approved", "air-defence-2009"),
    ("GLONASS 2013", "A-2013-GLONASS", "in_force", None),
    ("Draft doctrine 2018", "A-2018-DRAFT", "adopted", "A-2021-DOCTRINE"),
    ("Prolonged sites 2021", "A-2021-EXT", "none", None),
    ("Regional group protocol 2022", "A-2022-RGF-P", "approved", "regional-security-protocol-2022"),
    ("Nuclear documents 2023", "A-2023-TNW-DOC", "none", None),
    ("Security guarantees 2024", "A-2024-GUARANTEES", "in_force", None),
]
ENDS = {
    "in_force": "in force",
    "approved": "approved by Belarus",
    "ratified": "ratified by Russia",
    "adopted": "adopted in another form",
    "none": "no date of entry found",
}


def instruments(agreements: pd.DataFrame, treaties: pd.DataFrame) -> pd.DataFrame:
    """Signature and end of the wait of each lane: ``name``, ``id``, ``signed``, ``until``, ``end_kind``, ``days``, ``after``.

    The wait ends with entry into force where that day is known. Otherwise ``until`` is the best date found (approval by Belarus,
    ratification by Russia, adoption of the text that replaced a draft) and ``end_kind`` says which: not the same thing, and no
    more than a lower bound of the wait for entry into force. ``days`` is the wait in days.
    """
    known, others = agreements.set_index("id"), treaties.set_index("id")
    rows = []
    for name, row, kind, key in INSTRUMENTS:
        signed = known.loc[row, "signed"]
        until = {
            "in_force": lambda row=row: known.loc[row, "in_force"],
            "approved": lambda key=key: others.loc[key, "ratified_blr"],
            "ratified": lambda key=key: others.loc[key, "ratified_rus"],
            "adopted": lambda key=key: known.loc[key, "signed"],
            "none": lambda: pd.NaT,
        }[kind]()
        shown = kind if pd.notna(until) else "none"
        rows.append((name, row, signed, until, ENDS[shown], (until - signed).days if pd.notna(until) else np.nan, known.loc[row, "seen"]))
    return pd.DataFrame(rows, columns=["name", "id", "signed", "until", "end_kind", "days", "seen"])


# --- troops ---------------------------------------------------------------------------------------------------

#: Who speaks, in three: the host, other governments (parties, not referees), observers without a government.
SIDES = {
    "Belarusian official": "Belarusian officials",
    "Ukrainian official": "other governments",
    "Western official": "other governments",
    "monitor": "monitors",
}


def troops(figures: pd.DataFrame) -> pd.DataFrame:
    """Rows of ``military/troops`` about Russian forces, with ``side`` and ``shape``: point, range, floor, ceiling or words only.

    The Belarusian share of the Regional Group is left out; Wagner stays, marked by its ``force``.
    """
    out = figures[~figures["force"].str.startswith("Belarusian")].copy()
    low, high = out["value_low"].astype("float64"), out["value_high"].astype("float64")
    out["side"] = out["claimant_type"].map(SIDES)
    out["shape"] = np.select(
        [low.isna() & high.isna(), low.isna(), high.isna(), low == high], ["words only", "ceiling", "floor", "point"], "range"
    )
    return out.assign(low=low, high=high).sort_values("date", kind="stable").reset_index(drop=True)


def say_range(low: float, high: float) -> str:
    """A figure as words: "2,000", "0 to 2,000", "at least 4,000", "up to 1,000"."""
    if low != low:
        return f"up to {high:,.0f}"
    if high != high:
        return f"at least {low:,.0f}"
    return f"{low:,.0f}" if low == high else f"{low:,.0f} to {high:,.0f}"


# --- arms -----------------------------------------------------------------------------------------------------

#: Family → (weapon in SIPRI's register, item in the news lots begins with). The two name weapons differently.
FAMILIES = {
    "MiG-29": ("MiG-29", None),
    "S-300PS": ("S-300PS|S-300PMU1", "S-300PS"),
    "Tor-M2": ("Tor-M1", "Tor-M2"),
    "Yak-130": ("Yak-130", "Yak-130"),
    "Mi-8MTV-5": ("Mi-17", "Mi-8MTV-5"),
    "Protivnik radar": ("59N6 Protivnik-GE", "Protivnik"),
    "T-72B3": ("T-72B3", None),
    "NONA mortar": ("2B23 NONA-M1 120mm", None),
    "Su-30SM": ("Su-30MK", "Su-30SM"),
    "BTR-82A, BTR-80": ("BTR-82A|BTR-80", "BTR-82A"),
    "Mi-35M": ("Mi-24P/Mi-35P", "Mi-35M"),
    "S-400": ("S-400 Triumf", "S-400"),
    "Iskander-M": ("9P78 Iskander", "Iskander-M"),
}
#: Units in which the news counts what SIPRI counts in pieces: compare nothing across them without a factor.
SAME_UNITS = {"aircraft", "battalion sets", "vehicles"}


def arms(register: pd.DataFrame, lots: pd.DataFrame) -> pd.DataFrame:
    """One row a family of Russian weapons: pieces delivered by each list, years, and what the two say about each other.

    ``sipri`` counts deliveries to the register's last year (``register_end``); ``news`` those of the lots up to that year in
    units of ``unit``. ``agreement``: agree, differ, units differ, no contradiction (the news counts some lots only, and not more
    than SIPRI), no count in the news, only SIPRI.
    """
    end = int(register["last_delivery"].max())
    rows = []
    for family, (weapon, item) in FAMILIES.items():
        theirs = register[(register["supplier"] == "RUS") & register["weapon"].str.fullmatch(weapon)]
        ours = lots[lots["item"].str.startswith(item)] if item else lots.iloc[:0]
        inside = ours[ours["delivered"].dt.year <= end]
        counted = inside["quantity_delivered"].dropna()
        units = sorted(set(inside.loc[counted.index, "unit"].astype(str)))
        sipri = theirs["quantity_delivered"].astype("float64").sum()
        if not len(ours):
            verdict = "only SIPRI"
        elif not len(counted):
            verdict = "no count in the news"
        elif not set(units) <= SAME_UNITS:
            verdict = "units differ"
        elif len(counted) < len(inside):
            verdict = "no contradiction" if counted.sum() <= sipri else "differ"
        else:
            verdict = "agree" if counted.sum() == sipri else "differ"
        years = sorted({int(year) for cell in theirs["delivery_years"] for year in str(cell).split(";")})
        later = sorted(set(ours.loc[ours["delivered"].dt.year > end, "delivered"].dt.year))
        said = f"{years[0]}-{years[-1]}" if len(years) > 1 else str(years[0])
        rows.append(
            (
                family,
                said,
                sipri,
                theirs["tiv_delivered"].sum(),
                counted.sum() if len(counted) else np.nan,
                ", ".join(units),
                ", ".join(map(str, later)),
                verdict,
            )
        )
    return pd.DataFrame(rows, columns=["family", "years", "sipri", "tiv", "news", "unit", "later", "agreement"])


def deliveries(register: pd.DataFrame, lots: pd.DataFrame) -> pd.DataFrame:
    """Marks of the chart: family, list (SIPRI or news), first and last year, quantity of the whole lot, not of a year.

    Rows of the register that a family delivered in the same years are one mark.
    """
    rows = []
    for family, (weapon, item) in FAMILIES.items():
        theirs = register[(register["supplier"] == "RUS") & register["weapon"].str.fullmatch(weapon)]
        for (first, last), lot in theirs.groupby(["first_delivery", "last_delivery"]):
            rows.append((family, "SIPRI", int(first), int(last), lot["quantity_delivered"].sum(), "pieces"))
        for row in lots[lots["item"].str.startswith(item)].itertuples() if item else ():
            year = row.delivered.year
            rows.append((family, "news", year, year, row.quantity_delivered, row.unit))
    return pd.DataFrame(rows, columns=["family", "list", "first", "last", "quantity", "unit"])


def tiv_by_supplier(register: pd.DataFrame) -> pd.Series:
    """SIPRI trend-indicator values delivered, by supplier, largest first. A measure of capability handed over, not of money."""
    return register.groupby("supplier", observed=True)["tiv_delivered"].sum().sort_values(ascending=False)


# --- money and men --------------------------------------------------------------------------------------------


def by_country(spending: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Years by countries of one measure of ``military/spending``."""
    rows = spending[spending["measure"].astype(str) == measure]
    return rows.pivot(index="year", columns="country", values="value")


def index(wide: pd.DataFrame, base: int) -> pd.DataFrame:
    """Each column as percent of its value in ``base``."""
    return 100 * wide / wide.loc[base]


def share_against_dollars(spending: pd.DataFrame, gdp: pd.DataFrame, country: str) -> pd.Series:
    """Share of GDP times World Bank GDP in dollars, divided by SIPRI's current dollars, by year.

    One where the dollars rest on the same exchange rate and output as the World Bank's; away from one where they do not.
    """
    share, dollars = by_country(spending, "share of GDP")[country], by_country(spending, "current USD")[country]
    output = gdp[gdp["country"] == country].set_index("year")["gdp"] / 1e6  # million USD
    return (share / 100 * output / dollars).dropna()


def personnel(forces: pd.DataFrame, country: str) -> pd.DataFrame:
    """``military/armed_forces`` of a country (thousand persons) with ``run``: a jump or a gap in the years starts a new one."""
    rows = forces[forces["country"] == country].sort_values(["data_set", "year"], kind="stable")
    gap = rows.groupby("data_set", observed=True)["year"].diff().fillna(1) > 1
    return rows.assign(run=(rows["jump"].astype(bool) | gap).groupby(rows["data_set"], observed=True).cumsum())
