"""The chronology: every dated event of the tables in one list, as a page, as CSV and as a calendar.

Nothing is entered here. :data:`KINDS` says which date column of which table is an event and how its row is put into words; a row
that moves in its table moves in the list.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import escape

import pandas as pd
from docutils import nodes

from unionstate import package, tables
from unionstate.build import engine
from unionstate.build.quotes import FILTERS, MadeOfTables
from unionstate.countries import NAMES
from unionstate.paths import root
from unionstate.show.evidence import SOURCE_COLUMNS

THEMES = ("integration", "energy", "military", "alignment", "trade", "economy")
PRECISIONS = ("day", "month", "year")

#: The years of the book. A date outside is left out of the list, and the page names its row.
YEARS = (1990, 2026)

# What decides on an event's theme where a table holds several: the values of one of its columns.
AREAS = {
    **dict.fromkeys(("political", "social", "legal"), "integration"),
    **dict.fromkeys(("economic", "monetary"), "economy"),
    **{"customs": "trade", "military": "military", "energy": "energy"},
}
STRANDS = {"customs union": "integration", "economic space": "integration", "trade rules": "trade"}
BODIES = {
    **dict.fromkeys(("political", "executive", "legislative", "judicial", "audit", "advisory", "media", "sectoral"), "integration"),
    **{"military": "military", "monetary": "economy", "financial": "economy"},
}
ORGANISATIONS = {
    **dict.fromkeys(("CIS", "Union State", "EurAsEC", "Customs Union", "SES", "EAEU"), "integration"),
    **{"CSTO": "military", "WTO": "trade"},
}
DOMAINS = {
    **dict.fromkeys(("gas", "oil", "gas; oil", "electricity", "gas; oil; electricity"), "energy"),
    **{"trade": "trade", "finance": "economy"},
}
MONEY = {
    **dict.fromkeys(("gas debt", "oil debt", "electricity debt", "transit debt", "nuclear loan", "asset sale"), "energy"),
    **dict.fromkeys(("state loan", "efsd loan", "third party loan"), "economy"),
}

#: Codes of the tables, and what the reader gets for them.
WORDS = {**NAMES, "efsd loan": "EFSD loan"}


def _all(frame: pd.DataFrame) -> pd.DataFrame:
    return frame


def _of_belarus(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["belarus"].fillna(False).astype(bool)]


def _used(frame: pd.DataFrame) -> pd.DataFrame:
    """The memberships that the book counts; a rival reading of the same step is no second event."""
    return frame[frame["used"].fillna(False).astype(bool)]


def _left(frame: pd.DataFrame) -> pd.DataFrame:
    """Memberships that ended without another status of the same state in the same organisation from that day on."""
    used = _used(frame)
    begun = set(zip(used["state"], used["organisation"], used["start"], strict=True))
    return used[[(row.state, row.organisation, row.end) not in begun for row in used.itertuples()]]


def _money_moved(frame: pd.DataFrame) -> pd.DataFrame:
    """Without stocks of debt and sums over a period, which are no events."""
    return frame[(frame["kind"] != "debt stock") & (frame["stage"] != "total of a period").fillna(True)]


def _not_a_quantity(frame: pd.DataFrame) -> pd.DataFrame:
    """Without what was delivered in some period."""
    return frame[frame["unit"] != "Mt"]


def _plant(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["kind"].isin(["milestone", "schedule"])]


def _lots(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["category"] != "aggregate"]


@dataclass(frozen=True)
class Kind:
    """One date column of one table as a kind of event."""

    table: str
    date: str
    text: str
    """What happened, with columns in braces; a part in square brackets falls away where a column in it is empty."""
    theme: str | tuple[str, dict[str, str]]
    """A theme; or the column that decides, and the theme of each of its values."""
    precision: str = "day"
    """The column that says how exact the date is; or what all dates of the column are exact to."""
    step: str = ""
    """Ends the permalink of a row's further events. Permalinks are for ever: never change a step, nor the table's first kind."""
    until: str = ""
    """The column with the last day of what lasts."""
    otherwise: str = ""
    """The column with the year, where the day is not known."""
    unless: str = ""
    """Another date column of the row: no second event where both give the same date."""
    where: Callable[[pd.DataFrame], pd.DataFrame] = _all
    """Which rows are events."""


def _kinds() -> Iterator[Kind]:
    def exact(table: str, date: str, *rest, **more) -> Kind:
        """A date with its own column of precision."""
        return Kind(table, date, *rest, precision=f"{date}_precision", **more)

    yield exact("integration/milestones", "date", "{title}. {description}", ("category", AREAS))
    area = ("policy_area", AREAS)
    yield exact("integration/treaties", "signed", "Signed or adopted: {title}", area)
    yield exact("integration/treaties", "in_force", "In force: {title}", area, step="in-force")
    body = ("body_type", BODIES)
    yield exact("integration/institutions", "created", "Founded: {name}", body)
    yield exact("integration/institutions", "functioning", "At work: {name}", body, step="at-work", unless="created")
    yield exact("integration/institutions", "ended", "Ended: {name}", body, step="ended")
    yield exact("integration/commitments", "promised", "Due: {commitment}", area)
    yield exact("integration/commitments", "delivered", "Reached what stands today, {status_class}: {commitment}", area, step="delivered")
    yield exact("integration/eurasian_promises", "promised", "Due: {promise}", "integration")
    yield exact("integration/eurasian_promises", "delivered", "Delivered: {promise}", "integration", step="delivered")
    club = ("organisation", ORGANISATIONS)
    yield exact("integration/memberships", "start", "{state}, {organisation}: {status}", club, where=_used)
    yield exact("integration/memberships", "end", "{state}, {organisation}: no longer {status}", club, step="end", where=_left)
    yield exact("integration/customs_union_steps", "date", "{title}", ("strand", STRANDS))
    yield Kind("integration/ses_agreements", "signed", "Signed, day {signed_basis}: {title} (Single Economic Space)", "integration")
    yield Kind("integration/ses_agreements", "in_force", "In force: {title} (Single Economic Space)", "integration", step="in-force")
    desta = "Trade agreement in DESTA"
    pact, own = "integration/trade_agreements", {"where": _of_belarus}
    yield Kind(pact, "signed", desta + ", {kind}: {name}", "trade", "year", **own)
    yield Kind(pact, "in_force", desta + ", {kind} in force: {name}", "trade", "year", step="in-force", **own)
    yield exact("energy/disputes", "start", "Dispute begins: {name}", ("domain", DOMAINS))
    yield exact("energy/disputes", "end", "Dispute ends: {name}[. Settlement: {settlement}]", ("domain", DOMAINS), step="end")
    yield exact("energy/dispute_steps", "date", "{step}", "energy", where=_not_a_quantity)
    loan = "{kind}[, {stage}]: {item}[, {amount} {unit} {currency}][; creditor {creditor}][; debtor {debtor}]"
    yield exact("energy/debt_loans", "date", loan, ("kind", MONEY), where=_money_moved)
    yield exact("energy/nuclear", "date", "Ostrovets nuclear power plant: {item}", "energy", where=_plant)
    yield Kind("energy/oil_duty_law", "valid_from", "New formula of the Russian export duty on crude oil[. {note}]", "energy")
    booked = "Gas transit capacity {kind}, {route}: {value} {unit}"
    yield Kind("energy/transit_bookings", "period_start", booked, "energy", until="period_end")
    held = "Exercise {name}, {status}[: {location}]"
    yield Kind("military/exercises", "start", held, "military", until="end", otherwise="year")
    yield exact("military/agreements", "signed", "Signed or adopted: {title}", "military")
    yield exact("military/agreements", "in_force", "In force: {title}", "military", step="in-force")
    site = "{name}. {kind}. At last report: {status_kind}"
    yield exact("military/facilities", "start", "Site, from then: " + site, "military")
    yield exact("military/facilities", "end", "Site, until then: " + site, "military", step="end")
    lot = "Russian arms, delivery or report of it: {item}, {category}[, {quantity_delivered} {unit}]"
    yield exact("military/arms_lots", "delivered", lot, "military", where=_lots)
    yield exact("military/vienna_events", "date", "{event}. {outcome}", "military")
    yield Kind("map/nato_members", "since", "{country} becomes a member of NATO", "military", "year")
    vote = "{issue}, {forum}[ {un_symbol}]. Russia: {russia_position}; Belarus: {belarus_position}"
    yield exact("military/alignment", "date", vote, "alignment")
    measure = "{instrument}, {product} ({initiator})"
    yield exact("trade/restrictions", "start", "Trade restriction begins: " + measure, "trade")
    yield exact("trade/restrictions", "end", "Trade restriction ends: " + measure, "trade", step="end")


KINDS = tuple(_kinds())

COLUMNS = {
    "id": "str",
    "first": "datetime64[s]",
    "last": "datetime64[s]",
    "precision": "str",
    "written": "str",
    "theme": pd.CategoricalDtype(THEMES, ordered=True),
    "text": "str",
    "confidence": "str",
    "table": "str",
    "row": "str",
    "column": "str",
    "sources": "str",
    "publisher": "str",
    "url": "str",
}


def events() -> pd.DataFrame:
    """All events, read anew when a table has changed: see :func:`_events_of`."""
    return _events_of(engine.fingerprint(root(), *engine.DATA))


@lru_cache(maxsize=2)
def _events_of(_state: str) -> pd.DataFrame:
    """All events in order of date, one per row.

    ``first`` and ``last`` are the first and last day on which it can have begun, or on which it lasted: a date known to the month
    spans the month. ``written`` says it in words and no more exactly than the table. An event of unknown day comes first in its
    month or year; rows of one day stand in the order of :data:`KINDS`.
    """
    known = tables.sources()
    listed = [event for kind in KINDS for event in _events(kind, known)]
    frame = pd.DataFrame(listed, columns=list(COLUMNS)).astype(COLUMNS)
    inside = frame["first"].dt.year.between(*YEARS)
    frame.attrs["outside"] = sorted((frame["table"] + ":" + frame["row"])[~inside].unique())
    frame = frame[inside]
    span = (frame["last"] - frame["first"]).where(frame["precision"] != "day", pd.Timedelta(0))
    order = frame.assign(span=-span).sort_values(["first", "span"], kind="stable").index
    return frame.loc[order].reset_index(drop=True)


def _events(kind: Kind, known: dict[str, dict]) -> Iterator[dict]:
    meta, frame = package.resource(kind.table), kind.where(tables.load(kind.table))
    key = meta["schema"]["primaryKey"]
    stem = f"ev-{kind.table.split('/')[-1].replace('_', '-')}"
    for row in frame.to_dict("records"):
        span = _span(kind, row)
        if span is None or kind.unless and _same(kind, row):
            continue
        first, last, precision = span
        until = row[kind.until] if kind.until and precision == "day" else None
        cited = [row[column] for column in SOURCE_COLUMNS if row.get(column)]
        origin = known[cited[0]] if cited else {"publisher": meta["sources"][0]["title"], "url": meta["sources"][0]["path"]}
        yield {
            "id": f"{stem}-{row[key]}" + (f"-{kind.step}" if kind.step else ""),
            "first": first,
            "last": last if until is None or pd.isna(until) else until,
            "precision": precision,
            "written": written(first, precision, until),
            "theme": _theme(kind, row, f"data/{meta['path']} (row {row[key]})"),
            "text": _text(kind.text, row),
            "confidence": row.get("confidence", ""),
            "table": kind.table,
            "row": row[key],
            "column": kind.date,
            "sources": "; ".join(cited),
            "publisher": origin["publisher"],
            "url": origin["url"],
        }


def _span(kind: Kind, row: dict) -> tuple[pd.Timestamp, pd.Timestamp, str] | None:
    """First and last day of a row's date, and its precision; nothing where it has none."""
    date, precision = row[kind.date], row.get(kind.precision, kind.precision)
    if pd.isna(date) and kind.otherwise:
        date, precision = row[kind.otherwise], "year"
    if pd.isna(date):
        return None
    if precision == "day":
        return date, date, precision
    year, month = (date.year, date.month) if isinstance(date, pd.Timestamp) else (int(date), 1)
    if precision == "month":
        return pd.Timestamp(year, month, 1), pd.Timestamp(year, month, monthrange(year, month)[1]), precision
    return pd.Timestamp(year, 1, 1), pd.Timestamp(year, 12, 31), precision


def _same(kind: Kind, row: dict) -> bool:
    return row[kind.unless] == row[kind.date] and row[f"{kind.unless}_precision"] == row[kind.precision]


def _theme(kind: Kind, row: dict, place: str) -> str:
    if isinstance(kind.theme, str):
        column, value, known = "theme", kind.theme, {theme: theme for theme in THEMES}
    else:
        (column, known), value = kind.theme, row[kind.theme[0]]
    if value not in known:
        expected = f"a value whose theme the chronology knows: {', '.join(known)}"
        raise package.DataError(f"{place}, column {column}: found {value!r}, expected {expected}")
    return known[value]


def _text(pattern: str, row: dict) -> str:
    """Put a row into words; a bracketed part goes where it would say nothing."""
    values = {name: _word(value) for name, value in row.items()}

    def part(bracketed: re.Match) -> str:
        return bracketed[1] if all(values[name] for name in re.findall(r"\{(\w+)\}", bracketed[1])) else ""

    said = re.sub(r"\[([^]]*)\]", part, pattern).format_map(values)
    return said[:1].upper() + said[1:]


def _word(value) -> str:
    if value is None or value is pd.NA or value != value:
        return ""
    if isinstance(value, float):
        return f"{value:,.10g}"
    return WORDS.get(value, value) if isinstance(value, str) else str(value)


#: Not from the machine's own calendar, whose language is that of its user.
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def written(day: pd.Timestamp, precision: str, until: pd.Timestamp | None = None) -> str:
    """A date in words, no more exact than it is known: ``20 April 1994``, ``April 1994``, ``1994``, ``14–20 September 2017``."""
    begin = [f"{day.day}", MONTHS[day.month - 1], f"{day.year}"][PRECISIONS.index(precision) :]
    if until is None or pd.isna(until) or until == day:
        return " ".join(begin)
    end = [f"{until.day}", MONTHS[until.month - 1], f"{until.year}"]
    if begin[1:] == end[1:]:
        return f"{begin[0]}\N{EN DASH}{' '.join(end)}"
    if begin[2] == end[2]:
        del begin[2]
    return f"{' '.join(begin)} \N{EN DASH} {' '.join(end)}"


# --- the page -------------------------------------------------------------------------------------------------


def item(row) -> str:
    """One event as a list item: date, theme, text; then how sure, from whom, and its row, which is its permalink."""
    when = f"{row.first:%Y-%m-%d}"[: {"day": 10, "month": 7, "year": 4}[row.precision]]
    doubt = "low confidence, " if row.confidence == "low" else ""
    return (
        f'<li id="{escape(row.id)}"><time datetime="{when}">{row.written}</time> <i>{row.theme}</i> <p>{escape(row.text, quote=False)}</p>'
        f'<small>{doubt}<a href="{escape(row.url)}">{escape(row.publisher, quote=False)}</a>, '
        f'<a href="#{escape(row.id)}">{row.table}:{escape(row.row)}</a></small></li>'
    )


class Chronology(MadeOfTables):
    """All events, a section for each year."""

    name_of_directive = "chronology"

    @staticmethod
    def make():
        """How many events, which rows are left out, and for each year its list as HTML."""
        frame = events()
        years = {str(year): "\n".join(map(item, rows.itertuples())) for year, rows in frame.groupby(frame["first"].dt.year)}
        return len(frame), frame.attrs["outside"], frame["table"].nunique(), years

    def show(self, made):
        count, outside, read, years = made
        facts = f"{count:,} events from {read} tables, {YEARS[0]} to {YEARS[1]}."
        left = f" Dated outside these years and left out: {', '.join(outside)}." if outside else ""
        opening = [nodes.paragraph("", facts + left), nodes.raw("", FILTERS, format="html")]
        for year, listed in years.items():
            section = nodes.section("", nodes.title("", year), ids=[f"y{year}"], classes=["us-year"])
            section += nodes.raw("", f'<ol class="us-events">{listed}</ol>', format="html")
            opening.append(section)
        return opening


# --- the files ------------------------------------------------------------------------------------------------

ADDRESS = "union-state-in-data"


def files() -> dict[str, str]:
    """Path below the site's root → text."""
    frame = events()
    return {"chronology.csv": csv_text(frame), "chronology.ics": calendar(frame)}


def csv_text(frame: pd.DataFrame) -> str:
    """The events as CSV, in the order of the page."""
    return frame.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d")


def calendar(frame: pd.DataFrame) -> str:
    """The events as iCalendar (RFC 5545): all-day entries that span what the date leaves open; their end is the day after.

    The stamp is the last day on which a source was read, so that the same data give the same file.
    """
    stamp = f"{tables.load('sources')['accessed'].max():%Y%m%d}T000000Z"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//The Union State in Data//{ADDRESS}//EN", "CALSCALE:GREGORIAN"]
    for row in frame.itertuples():
        doubt = " Low confidence." if row.confidence == "low" else ""
        described = f"{row.written}. Source: {row.publisher}. Row: {row.table}:{row.row}.{doubt}"
        lines += [
            "BEGIN:VEVENT",
            f"UID:{row.id}@{ADDRESS}",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{row.first:%Y%m%d}",
            f"DTEND;VALUE=DATE:{row.last + pd.Timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(row.text)}",
            f"DESCRIPTION:{_escaped(described)}",
            f"CATEGORIES:{row.theme}",
            f"URL:{row.url}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> str:
    """A content line in pieces of at most 75 octets, never cut within a character."""
    pieces, room = [""], 75
    for letter in line:
        size = len(letter.encode())
        if size > room:
            pieces.append("")
            room = 74  # the space that marks a continued line is one of the 75
        pieces[-1] += letter
        room -= size
    return "\r\n ".join(pieces)
