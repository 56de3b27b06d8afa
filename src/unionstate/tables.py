"""Load the book's tables: typed by the schema in ``data/datapackage.json`` and checked cell by cell.

The rules (types, units, allowed values, keys, foreign keys) stand in the data package only; this module
knows how to apply them and how to say what is wrong: file, row, column, value and what was expected.
"""

from __future__ import annotations

import csv
import io
import json
import re
from functools import lru_cache
from pathlib import Path

import pandas as pd

from unionstate.package import DESCRIPTOR, DataError, data_dir, resource, resources, sha256

_read: dict[str, None] = {}  # tables loaded in this process, in order of first use


def tables_read() -> list[str]:
    """Names of the tables loaded so far in this process."""
    return list(_read)


def load(name: str) -> pd.DataFrame:
    """Return table ``name`` (``theme/table``) of the data package, one row per record.

    Types follow the schema: integers and years ``Int64``, numbers ``float64`` (NaN = not known; plotting and
    statistics libraries do not take ``pd.NA``), dates ``datetime64``, yes/no ``boolean``, enumerations ordered
    categories, everything else ``str``. ``frame.attrs`` holds ``table``, the name, and nothing more: pandas copies it at each step.

    Raises :class:`DataError` for the first cell that breaks the schema, a duplicate key or an unknown source.
    """
    meta = resource(name)
    checked, problems = _checked(meta)
    if problems:
        more = f" ({len(problems) - 1} more: run `unionstate check`)" if len(problems) > 1 else ""
        raise DataError(problems[0] + more)
    frame = checked.copy(deep=False)  # pandas copies what is written to
    frame.attrs = {"table": name}
    _read[name] = None
    return frame


def sources() -> dict[str, dict]:
    """The rows of ``sources`` by their key, shared by all who ask: not to be written to."""
    load("sources")  # checks it, and notes that it was read
    return _sources(*_state(resource("sources")))


@lru_cache(maxsize=2)
def _sources(*state) -> dict[str, dict]:
    return {row["key"]: row for row in _checked_state(*state)[0].to_dict("records")}


def check(names: list[str] | None = None) -> list[str]:
    """Every problem in the named tables (default: all), as one-line messages, each once. An empty list means sound."""
    return list(dict.fromkeys(p for name in names or resources() for p in _checked(resource(name))[1]))


# --- reading and checking -------------------------------------------------------------------------------------


def _checked(meta: dict) -> tuple[pd.DataFrame, list[str]]:
    """A table and its problems. The work is done once for each state."""
    return _checked_state(*_state(meta))


def _state(meta: dict) -> tuple[str, Path, tuple[str, ...]]:
    """What a table and its problems follow from: its description, the folder, the bytes of the table and of those it refers to."""
    linked = [link["reference"]["resource"] or meta["name"] for link in meta["schema"].get("foreignKeys", [])]
    return json.dumps(meta), data_dir(), tuple(_bytes_hash(name) for name in dict.fromkeys([meta["name"], *linked]))


def _bytes_hash(name: str) -> str:
    try:
        return sha256(name)
    except (OSError, DataError):
        return "none"  # said in full where the table is read


@lru_cache(maxsize=256)
def _checked_state(description: str, folder: Path, _state: tuple[str, ...]) -> tuple[pd.DataFrame, list[str]]:
    meta = json.loads(description)
    shown, fields = f"data/{meta['path']}", meta["schema"]["fields"]
    expected = [field["name"] for field in fields]
    try:
        rows = _rows(folder / meta["path"], shown, expected)
    except DataError as error:
        return pd.DataFrame(), [str(error)]
    problems = [
        f"{shown}, line {line}: found {len(row)} cells, expected {len(expected)}" for line, row in rows if len(row) != len(expected)
    ]
    if problems:
        return pd.DataFrame(), problems
    lines = [line for line, _ in rows]
    frame = pd.DataFrame([row for _, row in rows], columns=expected, dtype=str)
    key = _as_list(meta["schema"].get("primaryKey"))
    where = _Where(shown, lines, frame[key[0]].tolist() if len(key) == 1 else None)
    typed = {}
    for field in fields:
        typed[field["name"]], bad = _column(frame[field["name"]], field, where)
        problems += bad
    problems += _duplicates(frame, key, where)
    for link in meta["schema"].get("foreignKeys", []):
        problems += _dangling(frame, link, where, meta["name"])
    return pd.DataFrame(typed), problems


class _Where:
    """Names a cell the way an editor finds it: file, line, the row's own key, column."""

    def __init__(self, shown: str, lines: list[int], keys: list[str] | None):
        self.shown, self.lines, self.keys = shown, lines, keys

    def __call__(self, position: int, column: str, value: str, expected: str) -> str:
        row = f" (row {self.keys[position]})" if self.keys and self.keys[position] else ""
        return f"{self.shown}, line {self.lines[position]}{row}, column {column}: found {value!r}, expected {expected}"


#: A quoted cell as RFC 4180 has it. What remains of the quotation marks without these stands where it should not.
_QUOTED = re.compile(r'(?:\A|(?<=[,\n]))"[^"]*(?:""[^"]*)*"(?=[,\n])')


def _rows(path: Path, shown: str, expected: list[str]) -> list[tuple[int, list[str]]]:
    """The rows below the header, each with the line it starts on."""
    if not path.exists():
        raise DataError(f"{shown}: found no such file, expected the table that data/{DESCRIPTOR} describes")
    raw = path.read_bytes()
    if not raw:
        raise DataError(f"{shown}: found an empty file, expected a header line and rows")
    if raw.startswith(b"\xef\xbb\xbf"):
        raise DataError(f"{shown}, line 1: found a byte order mark, expected plain UTF-8 (save as 'UTF-8', not 'UTF-8 with BOM')")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise DataError(f"{shown}, line {line}: found byte 0x{raw[error.start]:02x}, expected UTF-8 text") from None
    if "\r" in text:
        line = text[: text.index("\r")].count("\n") + 1
        raise DataError(f"{shown}, line {line}: found a carriage return, expected lines that end in \\n alone")
    if not text.endswith("\n"):
        last = text.count("\n") + 1
        raise DataError(f"{shown}, line {last}: found a last line without its end, expected a newline (is the file cut off?)")
    bare = _QUOTED.sub(lambda cell: "\n" * cell[0].count("\n"), text)
    if '"' in bare:
        line = bare[: bare.index('"')].count("\n") + 1
        expectation = "expected one at both ends of the cell and doubled within it (RFC 4180)"
        raise DataError(f"{shown}, line {line}: found a stray quotation mark, {expectation}")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    table, start = [], 1
    for row in reader:
        table.append((start, row))
        start = reader.line_num + 1
    (_, header), *rows = table
    if header != expected:
        raise DataError(f"{shown}, line 1: {_header_difference(header, expected)}")
    return rows


def _header_difference(header: list[str], expected: list[str]) -> str:
    for position, (found, wanted) in enumerate(zip(header, expected, strict=False), start=1):
        if found != wanted:
            return f"found column {position} {found!r}, expected {wanted!r} (columns: {', '.join(expected)})"
    extra, missing = header[len(expected) :], expected[len(header) :]
    if extra:
        return f"found extra column {extra[0]!r}, expected {len(expected)} columns"
    return f"found no column {missing[0]!r}, expected it as number {len(header) + 1}"


def _column(cells: pd.Series, field: dict, where: _Where) -> tuple[pd.Series, list[str]]:
    name, rules = field["name"], field.get("constraints", {})
    filled = cells != ""
    values, readable, wanted = _parse(cells, field)
    problems = [where(i, name, cells[i], wanted) for i in cells.index[filled & ~readable]]
    if rules.get("required"):
        problems += [where(i, name, "", f"{wanted}, not an empty cell") for i in cells.index[~filled]]
    for rule, test, phrase in (
        ("minimum", lambda v, bound: v >= bound, "at least {}"),
        ("maximum", lambda v, bound: v <= bound, "at most {}"),
    ):
        if rule in rules:
            bound = pd.Timestamp(rules[rule]) if field["type"] == "date" else rules[rule]
            breaks = filled & readable & ~test(values, bound).fillna(True).astype(bool)
            problems += [where(i, name, cells[i], f"{wanted}, {phrase.format(rules[rule])}") for i in cells.index[breaks]]
    if "pattern" in rules:
        fits = _fits(cells, re.compile(rules["pattern"]))
        problems += [where(i, name, cells[i], f"text like {rules['pattern']}") for i in cells.index[filled & ~fits]]
    return values, problems


_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_INTEGER = re.compile(r"-?[0-9]{1,15}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _fits(cells: pd.Series, pattern: re.Pattern[str]) -> pd.Series:
    return pd.Series([pattern.fullmatch(cell) is not None for cell in cells], index=cells.index, dtype=bool)


def _parse(cells: pd.Series, field: dict) -> tuple[pd.Series, pd.Series, str]:
    """Return values, which cells could be read, and in words what was expected."""
    kind, rules = field["type"], field.get("constraints", {})
    blank = cells == ""
    unit = f" in {field['unit']}" if "unit" in field else ""
    if "enum" in rules:
        listed = cells.isin(rules["enum"])
        return pd.Series(pd.Categorical(cells.where(listed), rules["enum"], ordered=True)), listed, "one of " + ", ".join(rules["enum"])
    if kind == "number":
        fits = _fits(cells, _NUMBER)
        return pd.to_numeric(cells.where(fits), errors="coerce").astype("float64"), fits, f"a number{unit} with a decimal point"
    if kind in ("integer", "year"):
        fits = _fits(cells, _INTEGER)
        wanted = f"a whole number{unit}" if kind == "integer" else "a year"
        return pd.to_numeric(cells.where(fits), errors="coerce").astype("Int64"), fits, wanted
    if kind == "date":
        shaped = _fits(cells, _DATE)
        dates = pd.to_datetime(cells.where(shaped), format="%Y-%m-%d", errors="coerce").astype("datetime64[s]")
        return dates, dates.notna(), "a calendar date as YYYY-MM-DD"
    if kind == "boolean":
        return cells.map({"yes": True, "no": False}).astype("boolean"), cells.isin(["yes", "no"]), "yes or no"
    if kind == "string":
        return cells, ~blank, "text"
    raise DataError(f"data/{DESCRIPTOR}: field {field['name']!r} has type {kind!r}, which the loader does not know")


def _duplicates(frame: pd.DataFrame, key: list[str], where: _Where) -> list[str]:
    if not key:
        return []
    again = frame.duplicated(key)
    label = " + ".join(key)
    return [where(i, label, " + ".join(frame.loc[i, key]), "a key used once; it stands above already") for i in frame.index[again]]


def _dangling(frame: pd.DataFrame, link: dict, where: _Where, own_name: str) -> list[str]:
    (column,), target = _as_list(link["fields"]), link["reference"]
    (key,) = _as_list(target["fields"])
    other = target["resource"] or own_name
    try:
        known = set(frame[key]) if other == own_name else _keys(resource(other), key)
    except DataError as error:  # nothing can be looked up before that is mended
        return [str(error)]
    missing = (frame[column] != "") & ~frame[column].isin(known)
    return [where(i, column, frame.loc[i, column], f"a known {key} of {other}") for i in frame.index[missing]]


def _keys(meta: dict, column: str) -> set[str]:
    file, shown = data_dir() / meta["path"], f"data/{meta['path']}"
    header = tuple(field["name"] for field in meta["schema"]["fields"])
    return _read_keys(file, shown, header, column, _bytes_hash(meta["name"]))


@lru_cache(maxsize=64)
def _read_keys(file: Path, shown: str, header: tuple[str, ...], column: str, _state: str) -> set[str]:
    position = header.index(column)
    return {row[position] for _, row in _rows(file, shown, list(header)) if len(row) > position}


def _as_list(value: str | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])
