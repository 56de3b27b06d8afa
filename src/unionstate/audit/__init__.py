"""The source page, claim by claim: verdicts computed from the book's data, or resting on named rows.

A claim that data can test has a function registered with :func:`tests`, in the module named after its chapter; its
verdict is what the function returns today.
A claim that only documents can test has a row in ``source-page/verdicts`` naming the rows that support it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec

import pandas as pd

from unionstate.package import DataError, resource, resources
from unionstate.tables import load

VERDICTS = ("supported", "imprecise", "contradicted", "overtaken", "not testable")

#: What the site publishes of each claim, in this order.
COLUMNS = (
    *("claim", "paragraph", "topic", "kind", "chapter", "says", "verdict", "decided_by"),
    *("value", "threshold", "as_of", "evidence", "confidence", "reason"),
)


@dataclass(frozen=True)
class Finding:
    """What a data test found: verdict, the value computed, the threshold it was held against, and why in one line."""

    verdict: str
    value: float
    threshold: float
    as_of: str
    reason: str
    evidence: tuple[str, ...]

    def __post_init__(self):
        if self.verdict not in VERDICTS:
            raise ValueError(f"verdict {self.verdict!r}: expected one of {', '.join(VERDICTS)}")


@dataclass(frozen=True)
class Verdict:
    """One claim with its verdict, ready to print.

    ``value`` and ``threshold`` are empty where documents decide, ``confidence`` where data do.
    """

    claim: str
    says: str
    verdict: str
    as_of: str
    reason: str
    evidence: tuple[str, ...]
    computed: bool
    chapter: str
    paragraph: int
    topic: str
    kind: str
    value: float | None = None
    threshold: float | None = None
    confidence: str = ""


def day(date: pd.Timestamp) -> str:
    """``date`` as reasons write it: 2 April 1996."""
    return f"{date.day} {date:%B %Y}"


def percent(share: float) -> str:
    """``share`` (0 to 1) as reasons write it: 83 %."""
    return f"{100 * share:.0f} %"


_tests: dict[str, Callable[..., Finding]] = {}


def tests(claim: str) -> Callable[[Callable[..., Finding]], Callable[..., Finding]]:
    """Register a function of loaded tables as the test of ``claim`` (``C007``)."""

    def register(function: Callable[..., Finding]) -> Callable[..., Finding]:
        _tests[claim] = function
        return function

    return register


def registered() -> dict[str, Callable[..., Finding]]:
    """The data tests of all chapters loaded so far, by claim."""
    return dict(_tests)


def verdicts(chapter: str) -> list[Verdict]:
    """All claims that ``chapter`` tests, in the source page's order. A claim without a verdict is an error."""
    import_module(f"unionstate.audit.{chapter.split('/')[-1]}")
    listed = load("source-page/claims")
    documented = load("source-page/verdicts").set_index("claim")
    found = []
    for row in listed[listed["chapter"] == chapter].itertuples():
        about = {"chapter": chapter, "paragraph": int(row.paragraph), "topic": row.topic, "kind": row.kind}
        if row.id in _tests:
            f = _tests[row.id]()
            measured = {"value": float(f.value), "threshold": float(f.threshold)}
            found.append(Verdict(row.id, row.claim, f.verdict, f.as_of, f.reason, f.evidence, True, **about, **measured))
        elif row.id in documented.index:
            d = documented.loc[row.id]
            about["confidence"] = d["confidence"]
            found.append(Verdict(row.id, row.claim, d["verdict"], d["as_of"], d["reason"], _split(d["evidence"]), False, **about))
        else:
            expected = f"one, or a data test in unionstate.audit.{chapter.split('/')[-1]}"
            raise DataError(f"data/source-page/verdicts.csv, column claim: found no row {row.id} (of {chapter}), expected {expected}")
    return found


def all_verdicts() -> list[Verdict]:
    """Every claim of the source page with its verdict, in the page's order.

    A chapter that has no tests, a claim that is decided twice and evidence that does not exist are errors.
    """
    claims, documented = (
        f"data/source-page/{name}.csv (row {{}}), column {{}}: found {{!r}}, expected {{}}" for name in ("claims", "verdicts")
    )
    chapters, keys = load("source-page/claims").set_index("id")["chapter"], cache(_keys)
    for claim, chapter in chapters.items():
        if find_spec(f"unionstate.audit.{chapter.split('/')[-1]}") is None:
            raise DataError(claims.format(claim, "chapter", chapter, "a chapter that has a module of tests"))
    for chapter in dict.fromkeys(chapters):
        import_module(f"unionstate.audit.{chapter.split('/')[-1]}")
    for row in load("source-page/verdicts").itertuples():
        if row.claim in _tests:
            raise DataError(documented.format(row.claim, "claim", row.claim, "a claim that has no data test"))
        _insist(_split(row.evidence), keys, lambda named, row=row: documented.format(row.claim, "evidence", named, EXPECTED))
    found = sorted((v for chapter in dict.fromkeys(chapters) for v in verdicts(chapter)), key=lambda v: v.claim)
    for verdict in found:
        _insist(verdict.evidence, keys, lambda named, v=verdict: f"data test of {v.claim}: found evidence {named!r}, expected {EXPECTED}")
    return found


EXPECTED = "a table of the data package, or table:row"


def _split(evidence: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in evidence.split(";"))


def _insist(evidence: tuple[str, ...], keys: Callable[[str], set[str]], message: Callable[[str], str]) -> None:
    for named in evidence:
        table, _, row = named.partition(":")
        if table not in resources() or row and row not in keys(table):
            raise DataError(message(named))


def _keys(table: str) -> set[str]:
    """The ids of a table's rows; none where more than one column tells them apart."""
    key = resource(table)["schema"]["primaryKey"]
    return set(load(table)[key].astype(str)) if isinstance(key, str) else set()


def listing() -> pd.DataFrame:
    """All verdicts, one row a claim, in the page's order."""
    rows = [asdict(v) | {"decided_by": "data" if v.computed else "documents", "evidence": "; ".join(v.evidence)} for v in all_verdicts()]
    return pd.DataFrame(rows)[list(COLUMNS)]


def counts(listed: pd.DataFrame, by: str) -> pd.DataFrame:
    """Claims by ``by`` (a column of :func:`listing`) and verdict; one row a value, in the order of its schema, then the whole page."""
    order = next(f["constraints"]["enum"] for f in resource("source-page/claims")["schema"]["fields"] if f["name"] == by)
    table = pd.crosstab(listed[by], listed["verdict"]).reindex(index=order, columns=list(VERDICTS), fill_value=0)
    table.loc["all"] = table.sum()
    return table.assign(all=table.sum(axis=1)).rename_axis(index=by, columns=None)
