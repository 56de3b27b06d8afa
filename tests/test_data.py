"""The promise: the data package is what it says it is, and every row can be walked back to a source."""

import re
from pathlib import Path

import pandas as pd
import pytest
from frictionless import Package

from unionstate import cli, load, package, recipes
from unionstate.show.evidence import SOURCE_COLUMNS

ROOT = Path(__file__).resolve().parents[1]
NAMES = list(package.resources())
COLUMNS = {name: [field["name"] for field in package.resource(name)["schema"]["fields"]] for name in NAMES}

# Numbers that count nothing: a position in a text or a line, the name of a session, a vote or a treaty.
POSITIONS = {
    *((f"source-page/{table}", "paragraph") for table in ("claims", "slips")),
    ("integration/trade_agreements", "base_number"),
    ("alignment/un_roll_calls", "rcid"),
    ("alignment/un_roll_calls", "session"),
    ("alignment/un_agreement_sessions", "session"),
    *((table, column) for table in ("map/countries", "map/pipeline_points") for column in ("part", "vertex")),
}


@pytest.fixture(scope="module")
def report():
    return Package(str(ROOT / "data" / "datapackage.json")).validate()


def test_the_package_validates_with_the_fields_own_tool(report):
    assert report.flatten(["type", "title", "rowNumber", "fieldName", "note"]) == []
    assert report.valid
    assert report.stats["tasks"] == len(NAMES)


def test_our_own_check_finds_nothing(capsys):
    assert cli.main(["check"]) == 0
    assert "all sound" in capsys.readouterr().out


def test_every_table_is_sealed_with_its_size_and_checksum():
    assert package.unsealed() == []
    sizes = {name: (ROOT / "data" / meta["path"]).stat().st_size for name, meta in package.resources().items()}
    assert {name: meta["bytes"] for name, meta in package.resources().items()} == sizes


def test_every_table_of_the_folder_is_described():
    assert {p.relative_to(ROOT / "data").as_posix() for p in ROOT.glob("data/**/*.csv")} == {
        m["path"] for m in package.resources().values()
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_table_says_what_it_is_where_from_and_under_which_licence(name):
    meta = package.resource(name)
    wanted = ("title", "description", "row", "vintage", "licenses", "sources", "redistribution", "hash", "bytes")
    assert [key for key in wanted if not meta.get(key)] == []
    assert all(licence.get("title") for licence in meta["licenses"])
    assert meta["path"] == f"{name}.csv"


@pytest.mark.parametrize("name", NAMES)
def test_every_column_says_what_it_means_and_in_which_unit(name):
    fields = package.resource(name)["schema"]["fields"]
    names = {field["name"] for field in fields}
    assert [f["name"] for f in fields if len(f.get("description", "")) < 4] == []
    # Where rows differ in unit, a column `unit` gives it, or `metric` says what is counted.
    given_by_row = bool(names & {"unit", "metric"})
    measures = [f["name"] for f in fields if f["type"] in ("number", "integer") and "unit" not in f and (name, f["name"]) not in POSITIONS]
    assert given_by_row or [column for column in measures if f"{column}_unit" not in names] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_table_has_a_key(name):
    """Without a key a row cannot be cited, and a row entered twice is not noticed."""
    key = package.resource(name)["schema"].get("primaryKey")
    assert key
    assert not load(name).duplicated(key).any()


# --- sources --------------------------------------------------------------------------------------------------


def links_to_sources() -> list[tuple[str, str]]:
    return [
        (name, link["fields"])
        for name, meta in package.resources().items()
        for link in meta["schema"].get("foreignKeys", [])
        if link["reference"]["resource"] == "sources"
    ]


def test_every_source_column_is_a_foreign_key():
    columns = {(name, column) for name in NAMES for column in COLUMNS[name] if column in SOURCE_COLUMNS}
    assert columns and columns == set(links_to_sources())


def test_every_source_backs_a_row():
    used = set().union(*(set(load(name)[column]) for name, column in links_to_sources()))
    assert set(load("sources")["key"]) - used == set()


@pytest.mark.parametrize("name", NAMES)
def test_addresses_stand_only_where_the_package_expects_one(name):
    """That is the list of sources, and columns declared to hold what another list cites. An address kept twice is mended once."""
    declared = {f["name"] for f in package.resource(name)["schema"]["fields"] if "https?://" in f.get("constraints", {}).get("pattern", "")}
    texts = load(name).drop(columns=list(declared)).astype(str)
    assert [column for column in texts if texts[column].str.contains(r"https?://|www\.", regex=True).any()] == []
    assert declared == {"url"} if name == "sources" else "url" not in declared


def test_corrections_point_to_tables_and_columns_that_exist():
    for row in load("corrections").itertuples():
        kept = [] if row.column == "all" or row.column.startswith("not kept: ") else row.column.split(", ")
        assert set(kept) <= set(load(row.table).columns), row.id
        if re.fullmatch(r"[A-Z]{2}-?\d+", row.row):
            assert row.row in set(load(row.table)["id"]), row.id


# --- rules across columns -------------------------------------------------------------------------------------


def breaking(frame: pd.DataFrame, low: str, high: str, only: pd.Series | None = None) -> list[str]:
    """Ids of the rows where both are known and ``low`` exceeds ``high``."""
    wrong = (frame[low] > frame[high]).fillna(False).astype(bool)
    return list(frame.loc[wrong if only is None else wrong & only, "id"])


ENDS = [("start", "end"), ("low", "high")]


def spans() -> list[tuple[str, str, str]]:
    pairs = [(f"{what}_{low}", f"{what}_{high}") for what in ("period", "value", "independent_estimate") for low, high in ENDS]
    pairs.append(("start", "end"))
    return [(name, low, high) for name in NAMES for low, high in pairs if {low, high, "id"} <= set(COLUMNS[name])]


@pytest.mark.parametrize("name, low, high", spans())
def test_no_span_ends_before_it_starts(name, low, high):
    frame = load(name)
    assert (frame[low].notna() & frame[high].notna()).any()
    assert breaking(frame, low, high) == []


@pytest.mark.parametrize("later", ["ratified_blr", "ratified_rus", "in_force"])
def test_no_treaty_takes_effect_before_it_is_signed(later):
    """Between dates known to the day: a date known to the month or year stands for its middle. Ratification follows too."""
    frame = load("integration/treaties")
    exact = (frame["signed_precision"] == "day") & (frame[f"{later}_precision"] == "day")
    assert exact.any()
    assert breaking(frame, "signed", later, exact) == []


@pytest.mark.parametrize("name, date", [(n, c.removesuffix("_precision")) for n in NAMES for c in COLUMNS[n] if c.endswith("_precision")])
def test_a_date_says_how_exact_it_is_and_keeps_the_convention(name, date):
    """Known to the month: the 15th. Known to the year: 1 July. A precision without a date, or the reverse, is a slip."""
    frame = load(name)
    dates, precision = frame[date], frame[f"{date}_precision"]
    assert (dates.isna() == precision.isna()).all()
    assert (dates[precision == "month"].dt.day == 15).all()
    assert (dates[precision == "year"].dt.strftime("%m-%d") == "07-01").all()


@pytest.mark.parametrize("name", [n for n in NAMES if {"year", "period_start", "period_end"} <= set(COLUMNS[n])])
def test_a_row_is_filed_under_a_year_of_its_period(name):
    frame = load(name)
    early = (frame["period_start"].dt.year > frame["year"]).fillna(False)
    late = (frame["period_end"].dt.year < frame["year"]).fillna(False)
    assert list(frame.loc[early | late, "id"]) == []


def test_an_exercise_is_filed_under_the_year_it_starts():
    frame = load("military/exercises").dropna(subset="start")
    assert list(frame.loc[frame["start"].dt.year != frame["year"], "id"]) == []


def test_the_two_armies_do_not_exceed_the_official_total():
    """The three columns have one scope in each row (Zapad-2013: Belarusian territory, see its note). Third states take part
    in Slavic Brotherhood and in exercises of the CSTO, so the two may be less than the total there; in the exercises of the
    two armies alone, Zapad and Union Shield, they make exactly the total."""
    frame = load("military/exercises").dropna(subset=["official_personnel", "rus_personnel", "blr_personnel"])
    both = frame["rus_personnel"] + frame["blr_personnel"]
    alone = frame["series"].isin(["Zapad", "Union Shield"])
    assert alone.sum() >= 4
    assert list(frame.loc[both > frame["official_personnel"], "id"]) == []
    assert list(frame.loc[alone & (both != frame["official_personnel"]), "id"]) == []


@pytest.mark.parametrize("part", ["rus_personnel", "blr_personnel", "personnel_on_blr_soil"])
def test_no_part_of_an_exercise_exceeds_the_official_total_unless_others_counted_it(part):
    """Union Resolve 2022: a ceiling claimed by Belarus stands beside NATO's figure for the troops in Belarus."""
    frame = load("military/exercises")
    counted_by_others = (frame[part] >= frame["independent_estimate_low"]).fillna(False).astype(bool)
    assert breaking(frame, part, "official_personnel", ~counted_by_others) == []


def test_a_price_given_in_dollars_is_not_converted_again():
    frame = load("energy/gas_prices")
    given = frame["unit"] == "USD per 1000 m3"
    assert given.sum() > 50
    assert list(frame.loc[given & (frame["price"] != frame["usd_per_1000m3"]), "id"]) == []


# --- recipes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", recipes.RECIPES)
def test_a_recipe_gives_the_committed_bytes(name, raw):
    assert recipes.text(recipes.table(name, raw)).encode() == (ROOT / "data" / f"{name}.csv").read_bytes()


def test_rebuilding_the_series_leaves_data_as_it_was(raw, data_copy):
    before = {path: path.read_bytes() for path in data_copy.rglob("*") if path.is_file()}
    (data_copy / "energy" / "gas_trade.csv").write_text("nothing\n", encoding="utf-8")
    assert cli.main(["data", str(raw)]) == 0
    assert {path: path.read_bytes() for path in data_copy.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("name", recipes.RECIPES)
def test_a_table_with_a_recipe_names_its_publisher(name):
    """The rows of these tables carry no source column: the package does."""
    sources = package.resource(name)["sources"]
    assert all(source.get("title") and source.get("path", "").startswith("http") for source in sources)
