"""The promise: whatever is wrong with a table, one message says in which file, line and column, and what was expected."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from unionstate import DataError, cli, load, package, tables


@dataclass(frozen=True)
class Fault:
    """How a file is broken, and the parts that the one message must name."""

    table: str
    edit: object  # bytes -> bytes, or None to remove the file
    says: tuple[str, ...]


def line(number: int, change):
    """Change line ``number`` of a file (1 is the header) and nothing else."""

    def edit(raw: bytes) -> bytes:
        lines = raw.split(b"\n")
        lines[number - 1] = change(lines[number - 1])
        assert raw != b"\n".join(lines), "the fault changed nothing"
        return b"\n".join(lines)

    return edit


def cell(number: int, column: int, value: str):
    """Put ``value`` into a cell of a line that holds no quoted cell before ``column``."""

    def change(text: bytes) -> bytes:
        cells = text.split(b",")
        assert b'"' not in b",".join(cells[: column + 1])
        cells[column] = value.encode()
        return b",".join(cells)

    return line(number, change)


def appended(row: str):
    return lambda raw: raw + row.encode() + b"\n"


GAS, EX, TREATIES = "energy/gas_prices", "military/exercises", "integration/treaties"
GAS_ROW = "GP999,Belarus,contract price,contract,2006,2006-01-01,2006-12-31,{price},{unit},,high,{source},,"
SOURCE = "bbc-news-gas-deal-bitter-belarus-row"
END = (Path(__file__).resolve().parents[1] / "data" / f"{GAS}.csv").read_bytes().count(b"\n") + 1  # line of an appended row


def gas_row(price="46.68", unit="USD per 1000 m3", source=SOURCE) -> str:
    return GAS_ROW.format(price=price, unit=unit, source=source)


# Lines of the file: 1 the header, 2 row GP001, 3 row GP002, 4 row GP003.
FAULTS = {
    "missing file": Fault(GAS, None, ("no such file", "expected the table")),
    "empty file": Fault(GAS, lambda raw: b"", ("an empty file", "a header line")),
    "only a line end": Fault(GAS, lambda raw: b"\n", ("line 1", "no column 'id'")),
    "wrong order of columns": Fault(
        GAS, line(1, lambda t: t.replace(b"id,country", b"country,id")), ("line 1", "column 1 'country'", "expected 'id'")
    ),
    "extra column": Fault(GAS, line(1, lambda t: t + b",remark"), ("line 1", "extra column 'remark'", "expected 14 columns")),
    "missing column": Fault(GAS, line(1, lambda t: t[: t.index(b",note")]), ("line 1", "no column 'note'", "as number 14")),
    "misspelt column": Fault(GAS, line(1, lambda t: t.replace(b"price,", b"prices,", 1)), ("line 1", "'prices'", "expected 'price'")),
    "byte order mark": Fault(GAS, lambda raw: b"\xef\xbb\xbf" + raw, ("line 1", "byte order mark", "expected plain UTF-8")),
    "Latin-1 byte": Fault(GAS, line(4, lambda t: t.replace(b"Jamestown", b"J\xe4mestown")), ("line 4", "byte 0xe4", "expected UTF-8")),
    "Windows line ends": Fault(
        GAS, lambda raw: raw.replace(b"\n", b"\r\n"), ("line 1", "carriage return", "expected lines that end in \\n")
    ),
    "one Windows line end": Fault(GAS, line(3, lambda t: t + b"\r"), ("line 3", "carriage return", "expected lines that end in \\n")),
    "last line cut off": Fault(GAS, lambda raw: raw[:-40], (f"line {END - 1}", "without its end", "cut off")),
    "short row": Fault(GAS, line(3, lambda t: t[: t.index(b",high")]), ("line 3", "found 10 cells", "expected 14")),
    "long row": Fault(GAS, line(3, lambda t: t + b",more"), ("line 3", "found 15 cells", "expected 14")),
    "blank line": Fault(GAS, line(3, lambda t: t + b"\n"), ("line 4", "found 0 cells", "expected 14")),
    "decimal comma": Fault(GAS, appended(gas_row(price='"46,68"')), (f"line {END}", "GP999", "price", "'46,68'", "decimal point")),
    "decimal comma without quotes": Fault(GAS, cell(3, 7, "46,68"), ("line 3", "found 15 cells", "expected 14")),
    "text for a number": Fault(GAS, cell(4, 7, "about 47"), ("line 4", "GP003", "column price", "'about 47'", "a number")),
    "not-a-number": Fault(GAS, cell(4, 9, "nan"), ("line 4", "GP003", "usd_per_1000m3", "'nan'", "a number in USD per 1000 m3")),
    "number with spaces": Fault(GAS, cell(4, 7, " 46.68"), ("line 4", "GP003", "price", "' 46.68'", "a number")),
    "number in another script": Fault(GAS, cell(4, 7, "٤٦"), ("line 4", "GP003", "price", "'٤٦'", "a number")),
    "number with exponent": Fault(GAS, cell(4, 7, "4.7e1"), ("line 4", "GP003", "price", "'4.7e1'", "a number")),
    "price of zero": Fault(GAS, appended(gas_row(price="0")), (f"line {END}", "GP999", "price", "'0'", "at least 0.01")),
    "negative price": Fault(GAS, appended(gas_row(price="-46.68")), (f"line {END}", "GP999", "price", "'-46.68'", "at least 0.01")),
    "price beyond reason": Fault(GAS, cell(4, 9, "46680"), ("line 4", "GP003", "usd_per_1000m3", "'46680'", "at most 2000")),
    "year beyond reason": Fault(GAS, cell(4, 4, "20006"), ("line 4", "GP003", "column year", "'20006'", "a year")),
    "misspelt unit": Fault(GAS, appended(gas_row(unit="USD per 1000 m")), (f"line {END}", "unit", "'USD per 1000 m'", "USD per 1000 m3")),
    "unknown kind": Fault(GAS, cell(4, 3, "contracted"), ("line 4", "GP003", "series_kind", "'contracted'", "one of contract, average")),
    "impossible date": Fault(GAS, cell(4, 5, "2013-02-30"), ("line 4", "GP003", "period_start", "'2013-02-30'", "YYYY-MM-DD")),
    "date in another order": Fault(GAS, cell(4, 5, "01.01.2006"), ("line 4", "GP003", "period_start", "'01.01.2006'", "YYYY-MM-DD")),
    "key twice": Fault(GAS, line(4, lambda t: t.replace(b"GP003", b"GP002")), ("line 4", "column id", "'GP002'", "a key used once")),
    "key of another shape": Fault(GAS, line(4, lambda t: t.replace(b"GP003", b"GP3")), ("line 4", "column id", "'GP3'", r"GP\d{3}")),
    "unknown source": Fault(
        GAS, appended(gas_row(source="nobody-knows")), (f"line {END}", "source", "'nobody-knows'", "a known key of sources")
    ),
    "row without source": Fault(GAS, appended(gas_row(source="")), (f"line {END}", "GP999", "source", "''", "not an empty cell")),
    "empty required cell": Fault(GAS, cell(4, 7, ""), ("line 4", "GP003", "price", "''", "not an empty cell")),
    "row without key": Fault(GAS, cell(4, 0, ""), ("line 4", "column id", "''", "not an empty cell")),
    "quote in the middle": Fault(GAS, line(4, lambda t: t.replace(b"Belarus,", b'Bel"arus,')), ("line 4", "stray quotation mark")),
    "quote left open": Fault(GAS, line(4, lambda t: t.replace(b"Belarus,", b'"Belarus,')), ("line 4", "stray quotation mark")),
    "quote left open on the last line": Fault(GAS, appended(gas_row() + '"once'), (f"line {END}", "stray quotation mark", "doubled")),
    "text for a count": Fault(EX, cell(3, 4, "June 2006"), ("line 3", "EX-USH-2006", "column start", "'June 2006'", "YYYY-MM-DD")),
    "text for yes": Fault(EX, cell(3, 6, "true"), ("line 3", "EX-USH-2006", "held", "'true'", "yes or no")),
    "exercise of no kind": Fault(EX, cell(3, 2, "Union Sword"), ("line 3", "EX-USH-2006", "series", "'Union Sword'", "one of Zapad")),
    "claim about no exercise": Fault(
        "military/exercise_claims",
        cell(3, 1, "EX-NONE-2009"),
        ("line 3", "CL-002", "exercise_id", "'EX-NONE-2009'", "a known id of military/exercises"),
    ),
    "fraction of a soldier": Fault(
        "military/exercise_claims", cell(3, 5, "5000.5"), ("line 3", "CL-002", "value_low", "'5000.5'", "a whole number")
    ),
    "endless number": Fault("military/exercise_claims", cell(3, 5, "9" * 40), ("line 3", "CL-002", "value_low", "999", "a whole number")),
    "sources missing": Fault("sources", None, ("no such file",)),
    "sources with another header": Fault("sources", line(1, lambda t: t.replace(b"key", b"id")), ("line 1", "'id'", "expected 'key'")),
    "sources cut off": Fault("sources", lambda raw: raw[:-5], ("without its end",)),
    "source without address": Fault(
        "sources",
        lambda raw: raw.replace(b",http", b",ttp", 1),
        ("line 2", "column url", "expected text like http"),
    ),
}


def broken(data: Path, fault: Fault) -> dict[str, bytes]:
    """Put the fault in; return every file of the folder as it then is."""
    path = data / f"{fault.table}.csv"
    if fault.edit is None:
        path.unlink()
    else:
        path.write_bytes(fault.edit(path.read_bytes()))
    return stored(data)


def stored(data: Path) -> dict[str, bytes]:
    return {p.relative_to(data).as_posix(): p.read_bytes() for p in sorted(data.rglob("*")) if p.is_file()}


def test_the_copy_is_sound_before_it_is_broken(data_copy):
    assert package.data_dir() == data_copy
    assert tables.check() == []


@pytest.mark.parametrize("kind", FAULTS)
def test_a_broken_table_gives_one_message_that_says_where_and_what(kind, data_copy, capsys):
    fault = FAULTS[kind]
    before = broken(data_copy, fault)

    assert cli.main(["check"]) == 1
    (message,) = capsys.readouterr().out.splitlines()
    assert message.startswith(f"data/{fault.table}.csv") and "expected" in message
    assert [part for part in fault.says if part not in message] == [], message

    with pytest.raises(DataError) as error:
        load(fault.table)
    assert str(error.value) == message
    assert stored(data_copy) == before


def test_a_broken_table_is_not_sealed(data_copy, capsys):
    before = broken(data_copy, FAULTS["price of zero"])
    assert cli.main(["seal"]) == 1
    assert "at least 0.01" in capsys.readouterr().out
    assert stored(data_copy) == before


def test_a_table_that_cites_unreadable_sources_is_not_loaded(data_copy):
    (data_copy / "sources.csv").unlink()
    with pytest.raises(DataError, match="^data/sources.csv: found no such file"):
        load(GAS)


def test_several_faults_are_all_listed_and_load_says_how_many_more(data_copy):
    path = data_copy / f"{GAS}.csv"
    for edit in (cell(3, 7, "free"), cell(4, 3, "gift"), cell(4, 4, "soon")):
        path.write_bytes(edit(path.read_bytes()))
    messages = tables.check()
    assert len(messages) == 3
    assert {re.search(r"column (\w+): found '(\w+)'", m).groups() for m in messages} == {
        ("price", "free"),
        ("series_kind", "gift"),
        ("year", "soon"),
    }
    with pytest.raises(DataError) as error:
        load(GAS)
    assert str(error.value).startswith(messages[0])
    assert str(error.value).endswith("(2 more: run `unionstate check`)")


def test_faults_in_two_tables_are_both_listed(data_copy, capsys):
    broken(data_copy, FAULTS["text for a number"])
    broken(data_copy, FAULTS["text for yes"])
    assert cli.main(["check"]) == 1
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_a_table_that_is_not_in_the_package_is_named_with_those_that_are(data_copy):
    with pytest.raises(DataError, match="'energy/gas'.*energy/gas_prices"):
        load("energy/gas")


def test_a_package_that_cannot_be_read_is_named(data_copy, capsys):
    (data_copy / "datapackage.json").write_text('{"resources": [}', encoding="utf-8")
    assert cli.main(["check"]) == 1
    assert re.fullmatch(r"data/datapackage.json: .*line 1 column 16.*expected.*\n", capsys.readouterr().out)


def test_an_intended_change_is_noticed_until_it_is_sealed(data_copy, capsys):
    path = data_copy / f"{GAS}.csv"
    path.write_bytes(path.read_bytes().replace(b"46.68", b"46.69"))
    assert tables.check() == []
    assert cli.main(["check"]) == 1
    assert re.fullmatch(rf"data/{GAS}.csv: .*sha256.*unionstate seal.*\n", capsys.readouterr().out)
    assert cli.main(["seal"]) == 0
    assert cli.main(["check"]) == 0


def test_the_command_line_exits_1_and_prints_the_fault(data_copy):
    broken(data_copy, FAULTS["price beyond reason"])
    command = [sys.executable, "-m", "unionstate.cli", "check"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env={**os.environ, "PYTHONUTF8": "1"})
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith(f"data/{GAS}.csv, line 4 (row GP003), column usd_per_1000m3: found '46680'")
