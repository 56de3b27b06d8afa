"""The promise: the chronology says what the tables date, no more exactly than they do, and page, CSV and calendar are one list."""

import csv
import io
import re
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from unionstate import DataError, load, package
from unionstate.build import chronology
from unionstate.show.evidence import SOURCE_COLUMNS

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def events() -> pd.DataFrame:
    return chronology.events()


@pytest.fixture(scope="module")
def listed(events) -> BeautifulSoup:
    *_, years = chronology.Chronology.make()
    return BeautifulSoup("".join(f"<ol>{items}</ol>" for items in years.values()), "html.parser")


def raw(table: str) -> list[dict]:
    """A table as text, read without the package."""
    return list(csv.DictReader(io.StringIO((ROOT / "data" / f"{table}.csv").read_text(encoding="utf-8"))))


def edit(folder: Path, table: str, row: str, **cells: str) -> None:
    path = folder / f"{table}.csv"
    header, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8")))
    (found,) = [cells for cells in rows if cells[0] == row]
    for column, value in cells.items():
        assert found[header.index(column)] != value
        found[header.index(column)] = value
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    path.write_text(out.getvalue(), encoding="utf-8", newline="\n")


# --- the list -------------------------------------------------------------------------------------------------

DATES = [
    ("integration/treaties", ("signed", "in_force")),
    ("integration/milestones", ("date",)),
    ("integration/commitments", ("promised", "delivered")),
    ("integration/eurasian_promises", ("promised", "delivered")),
    ("energy/disputes", ("start", "end")),
    ("military/agreements", ("signed", "in_force")),
    ("military/alignment", ("date",)),
    ("military/vienna_events", ("date",)),
    ("trade/restrictions", ("start", "end")),
]


@pytest.mark.parametrize("table, columns", DATES, ids=[table for table, _ in DATES])
def test_every_date_of_a_table_is_one_event(events, table, columns):
    """Counted from the text of the CSV, with the date cut to what is known of it."""
    known = {"day": 10, "month": 7, "year": 4}
    expected = sorted(
        (row["id"], row[column][: known[row[f"{column}_precision"]]]) for row in raw(table) for column in columns if row[column]
    )
    own = events[events["table"] == table]
    assert expected and sorted((row.row, f"{row.first:%Y-%m-%d}"[: known[row.precision]]) for row in own.itertuples()) == expected


def test_events_lie_in_the_years_of_the_book_and_in_order(events):
    assert events["first"].dt.year.min() >= 1990 and events["last"].dt.year.max() <= 2026
    assert events["first"].is_monotonic_increasing
    assert (events["last"] >= events["first"]).all()


def test_what_is_left_out_for_its_year_is_named(events):
    """The radio station of 1964 and Germany's accession of 1955; a slip of a century would show here."""
    assert events.attrs["outside"] == ["map/nato_members:DEU", "military/facilities:F-VILEYKA"]


def test_a_permalink_leads_to_one_event(events):
    assert events["id"].is_unique
    assert events["id"].str.fullmatch(r"ev-[a-z0-9-]+-[^\s\"'<>&#]+").all()


def test_permalinks_stay_what_they_are(events):
    """They are in people's citations."""
    wanted = {
        "ev-treaties-union-state-1999",
        "ev-treaties-union-state-1999-in-force",
        "ev-disputes-D09",
        "ev-disputes-D09-end",
        "ev-exercises-EX-ZAPAD-2017",
    }
    assert wanted <= set(events["id"])


def test_every_event_has_a_source_that_exists(events):
    known = set(load("sources")["key"])
    for table, own in events.groupby("table"):
        cites = any(column in load(table) for column in SOURCE_COLUMNS)
        cited = {key for cell in own["sources"] for key in cell.split("; ") if key}
        assert cited <= known
        assert (own["sources"] != "").all() if cites else package.resource(table)["sources"][0]["path"] == own["url"].iloc[0]
    assert events["url"].str.match("https?://").all() and (events["publisher"] != "").all()


def test_an_event_says_something(events):
    assert events["text"].str.len().min() > 10
    assert events[events["text"].str.contains(r"[{}\[\]]|\bnan\b|<NA>|NaT|None|: ?$|  ")]["id"].tolist() == []


def test_a_date_is_not_written_more_exactly_than_it_is_known(events):
    words = {"day": r"(\d{1,2}( [A-Z][a-z]+)?( \d{4})? ?– ?)?\d{1,2} [A-Z][a-z]+ \d{4}", "month": r"[A-Z][a-z]+ \d{4}", "year": r"\d{4}"}
    assert set(events["precision"]) == set(words)
    for precision, own in events.groupby("precision"):
        assert own["written"].str.fullmatch(words[precision]).all()


@pytest.mark.parametrize(
    "day, until, expected",
    [
        ("2017-09-14", "2017-09-20", "14–20 September 2017"),
        ("2017-08-28", "2017-09-03", "28 August – 3 September 2017"),
        ("2019-12-30", "2020-01-02", "30 December 2019 – 2 January 2020"),
        ("2019-12-30", "2019-12-30", "30 December 2019"),
    ],
)
def test_a_span_is_written_as_people_write_it(day, until, expected):
    assert chronology.written(pd.Timestamp(day), "day", pd.Timestamp(until)) == expected


def test_an_event_of_unknown_day_comes_first_in_its_month_or_year(events):
    for _, own in events.groupby(events["first"]):
        order = [{"year": 0, "month": 1, "day": 2}[precision] for precision in own["precision"]]
        assert order == sorted(order)


def test_an_organ_founded_and_at_work_on_one_day_is_one_event(events):
    own = events[events["table"] == "integration/institutions"]
    twice = [row["id"] for row in raw("integration/institutions") if row["created"] and row["created"] == row["functioning"]]
    apart = [row["id"] for row in raw("integration/institutions") if row["functioning"] and row["created"] != row["functioning"]]
    counts = own[own["column"] != "ended"]["row"].value_counts()
    assert twice and apart
    assert set(counts[twice]) == {1} and set(counts[apart]) == {2}


# --- the way of a date ----------------------------------------------------------------------------------------


def test_a_changed_date_moves_its_event(data_copy, events):
    before = events.set_index("id").loc["ev-treaties-union-state-1999"]
    edit(data_copy, "integration/treaties", "union-state-1999", signed="1998-12-08")
    moved = chronology.events()
    after = moved.set_index("id").loc["ev-treaties-union-state-1999"]
    assert (before["written"], after["written"]) == ("8 December 1999", "8 December 1998")
    position = {name: list(frame["id"]).index("ev-treaties-union-state-1999") for name, frame in (("before", events), ("after", moved))}
    assert position["after"] < position["before"]


def test_a_date_known_less_exactly_is_written_less_exactly(data_copy):
    edit(data_copy, "energy/disputes", "D09", start="2010-06-15", start_precision="month")
    event = chronology.events().set_index("id").loc["ev-disputes-D09"]
    assert event["written"] == "June 2010"
    assert (f"{event['first']:%Y-%m-%d}", f"{event['last']:%Y-%m-%d}") == ("2010-06-01", "2010-06-30")


def test_a_row_of_unknown_theme_is_named_with_what_was_expected(data_copy):
    edit(data_copy, "energy/disputes", "D09", domain="fish")
    with pytest.raises(DataError) as error:
        chronology.events()
    for part in ("data/energy/disputes.csv", "row D09", "column domain", "'fish'", "expected", "gas; oil"):
        assert part in str(error.value)


def test_the_chronology_knows_the_theme_of_every_value_that_a_table_allows():
    """A value added to a table's list would stop the build; this says so at once."""
    for kind in chronology.KINDS:
        allowed = {f["name"]: f.get("constraints", {}).get("enum", []) for f in package.resource(kind.table)["schema"]["fields"]}
        if not isinstance(kind.theme, str):
            column, themes = kind.theme
            left_out = {"debt stock"} if kind.table == "energy/debt_loans" else set()
            assert set(allowed[column]) - set(themes) <= left_out, (kind.table, column)
            assert set(themes.values()) <= set(chronology.THEMES)


# --- page, CSV and calendar -----------------------------------------------------------------------------------


def test_page_and_csv_hold_the_same_events_in_the_same_order(events, listed):
    rows = list(csv.DictReader(io.StringIO(chronology.csv_text(events))))
    shown = [
        (item["id"], item.time.get_text(), item.i.get_text(), item.p.get_text(), item.small("a")[0]["href"]) for item in listed.select("li")
    ]
    assert shown == [(row["id"], row["written"], row["theme"], row["text"], row["url"]) for row in rows]
    assert len(shown) == len(events) > 800


def test_each_row_of_the_page_links_to_itself_and_dates_itself_for_machines(events, listed):
    items = listed.select("li")
    assert [item.small("a")[1]["href"] for item in items] == [f"#{i}" for i in events["id"]]
    assert [item.small("a")[1].get_text() for item in items] == list(events["table"] + ":" + events["row"])
    length = {"day": 10, "month": 7, "year": 4}
    for item, event in zip(items, events.itertuples(), strict=True):
        assert len(item.time["datetime"]) == length[event.precision]


def test_the_page_stays_light(events):
    """The theme adds some 30 KiB; the bar for a whole page is 500 KiB."""
    assert sum(len(chronology.item(row).encode()) for row in events.itertuples()) < 440 * 1024


def test_the_scripts_of_the_book_stay_small():
    assert sum(path.stat().st_size for path in (ROOT / "_static").glob("*.js")) < 15 * 1024


def parsed(text: str) -> tuple[list[str], list[dict]]:
    """A calendar's own properties and its entries, unfolded and unescaped as RFC 5545 has it."""
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", "")
    head, entries, entry = [], [], None
    for line in text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n"):
        name, value = line.split(":", 1)
        if line == "BEGIN:VEVENT":
            entry = {}
        elif line == "END:VEVENT":
            entries.append(entry)
            entry = None
        elif entry is None:
            head.append(line)
        else:
            assert name not in entry
            entry[name] = re.sub(r"\\([\\;,nN])", lambda m: "\n" if m[1] in "nN" else m[1], value)
    return head, entries


def test_the_calendar_holds_the_same_events(events):
    head, entries = parsed(chronology.calendar(events))
    assert head[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"] and head[-1] == "END:VCALENDAR"
    assert [entry["UID"].removesuffix(f"@{chronology.ADDRESS}") for entry in entries] == list(events["id"])
    assert [entry["SUMMARY"] for entry in entries] == list(events["text"])
    assert [entry["CATEGORIES"] for entry in entries] == list(events["theme"])
    for entry, event in zip(entries, events.itertuples(), strict=True):
        begin, end = (date.fromisoformat(entry[f"{name};VALUE=DATE"]) for name in ("DTSTART", "DTEND"))
        assert (begin, end - timedelta(days=1)) == (event.first.date(), event.last.date())


def test_an_entry_spans_what_its_date_leaves_open(events):
    _, entries = parsed(chronology.calendar(events))
    days = [(date.fromisoformat(e["DTEND;VALUE=DATE"]) - date.fromisoformat(e["DTSTART;VALUE=DATE"])).days for e in entries]
    spans = events.assign(days=days).groupby("precision")["days"].agg(["min", "max"])
    assert tuple(spans.loc["month"]) == (28, 31) and tuple(spans.loc["year"]) == (365, 366) and spans.loc["day", "min"] == 1


def test_the_calendar_is_stamped_by_the_data_and_not_by_the_clock(events):
    _, entries = parsed(chronology.calendar(events))
    last = max(row["accessed"] for row in raw("sources")).replace("-", "")
    assert {entry["DTSTAMP"] for entry in entries} == {f"{last}T000000Z"}


def test_no_line_of_the_calendar_is_longer_than_75_octets(events):
    text = chronology.calendar(events)
    assert max(len(line.encode()) for line in text.split("\r\n")) == 75
    assert any(not line.isascii() for line in text.split("\r\n"))


def test_folding_and_escaping_survive_letters_of_several_octets(events):
    awkward = "Сообщество; Union, “Hrodna” \\ Białowieża – " * 9
    changed = events.head(1).assign(text=awkward)
    text = chronology.calendar(changed)
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert parsed(text)[1][0]["SUMMARY"] == awkward


def test_what_is_shown_is_escaped(events):
    row = events.head(1).assign(text="a <b> & c", publisher="R & D", url='https://example.org/?a=1&b="2"')
    shown = BeautifulSoup(chronology.item(next(row.itertuples())), "html.parser")
    assert shown.p.get_text() == "a <b> & c"
    assert unescape(shown.a["href"]) == 'https://example.org/?a=1&b="2"'
