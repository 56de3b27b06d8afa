"""The source page, claim by claim: verdicts computed from the book's data, or resting on named rows.

A claim that data can test has a function registered with :func:`tests`, in the module named after its chapter; its
verdict is what the function returns today.
A claim that only documents can test has a row in ``source-page/verdicts`` naming the rows that support it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from unionstate.tables import load

VERDICTS = ("supported", "imprecise", "contradicted", "overtaken", "not testable")


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
    """One claim with its verdict, ready to print."""

    claim: str
    says: str
    verdict: str
    as_of: str
    reason: str
    evidence: tuple[str, ...]
    computed: bool


_tests: dict[str, Callable[..., Finding]] = {}


def tests(claim: str) -> Callable[[Callable[..., Finding]], Callable[..., Finding]]:
    """Register a function of loaded tables as the test of ``claim`` (``C007``)."""

    def register(function: Callable[..., Finding]) -> Callable[..., Finding]:
        _tests[claim] = function
        return function

    return register


def verdicts(chapter: str) -> list[Verdict]:
    """All claims that ``chapter`` tests, in the source page's order. A claim without a verdict is an error."""
    import_module(f"unionstate.audit.{chapter.split('/')[-1]}")
    listed = load("source-page/claims")
    documented = load("source-page/verdicts").set_index("claim")
    found = []
    for row in listed[listed["chapter"] == chapter].itertuples():
        if row.id in _tests:
            f = _tests[row.id]()
            found.append(Verdict(row.id, row.claim, f.verdict, f.as_of, f.reason, f.evidence, True))
        elif row.id in documented.index:
            d = documented.loc[row.id]
            evidence = tuple(part.strip() for part in d["evidence"].split(";"))
            found.append(Verdict(row.id, row.claim, d["verdict"], d["as_of"], d["reason"], evidence, False))
        else:
            raise LookupError(f"claim {row.id} of {chapter} has neither a data test nor a row in data/source-page/verdicts.csv")
    return found
