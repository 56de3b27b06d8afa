"""The source page as a whole: where its faults are, how they can be read, and how much hangs on our thresholds and on our judgement."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from importlib import import_module
from types import FunctionType, ModuleType

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn

from unionstate import audit
from unionstate.show import style

#: Verdicts that find a fault, the gravest first.
FAULTS = ("contradicted", "overtaken", "imprecise")

#: Colour, hatch and marker of each verdict; every drawing writes its word or number beside them.
LOOK = {
    "supported": (style.BELARUS, "", "o"),
    "imprecise": (style.MARKET, "//", "s"),
    "contradicted": (style.ALERT, "xx", "X"),
    "overtaken": (style.INFERRED, "--", "D"),
    "not testable": (style.BAND, "", "o"),
}

#: One claim for each kind of mistake that a reader of such a page can learn to expect. Which of them are shown, and in which order,
#: the verdicts decide: see :func:`instructive`.
LESSONS = {
    "C073": "figures of two territories in one sentence",
    "C158": "a suspension taken for a repeal",
    "C021": "two goods taken for one decision",
    "C043": "the plan of two states taken for the plan of an alliance",
    "C058": "one phrase for many goods",
    "C161": "the clock of an older text",
    "C056": "a share that had moved on",
    "C029": "a draft taken for an adopted text",
    "C127": "one person's view, without the person",
    "C048": "a forerunner taken for the union",
    "C026": "an interpretation taken for an offer",
    "C112": "one act taken for another",
    "C116": "a package dated by its last day",
    "C105": "a statement taken for an agreement",
}

#: Upper-case numbers of the test modules that are no choice of how near is near enough: what the page claims, what chance needs.
NO_THRESHOLDS = {"THIRD", "SEED", "DRAWS"}


def instructive(listed: pd.DataFrame, lessons: dict[str, str], most: int) -> pd.DataFrame:
    """At most ``most`` claims of ``lessons`` that have a fault today, the gravest verdict first, then in the order of ``lessons``."""
    rows = listed[listed["claim"].isin(lessons) & listed["verdict"].isin(FAULTS)]
    rank = rows["verdict"].map(FAULTS.index) * 1000 + rows["claim"].map(list(lessons).index)
    chosen = rows.assign(lesson=rows["claim"].map(lessons), rank=rank).sort_values("rank").head(most)
    return chosen.drop(columns="rank").reset_index(drop=True)


def strip(listed: pd.DataFrame) -> pd.DataFrame:
    """Place of each claim in a drawing of the page: ``paragraph`` and ``place``, 1, 2, … above the line for claims without a fault,
    -1, -2, … below it for the others; nearest to the line what is supported or contradicted."""
    order = {name: rank for rank, name in enumerate(("supported", "not testable", *FAULTS))}
    rows = listed[["claim", "paragraph", "verdict"]].assign(side=listed["verdict"].isin(FAULTS).map({True: -1, False: 1}))
    rows = rows.sort_values(["paragraph", "claim"]).sort_values("verdict", key=lambda v: v.map(order), kind="stable")
    rows["place"] = (rows.groupby(["paragraph", "side"]).cumcount() + 1) * rows["side"]
    return rows.drop(columns="side").sort_values(["paragraph", "place"]).reset_index(drop=True)


def neighbours(listed: pd.DataFrame, draws: int, rng: np.random.Generator) -> pd.Series:
    """How often two testable claims that follow each other on the page are both faults or both not.

    ``pairs`` of neighbours, ``share`` alike in percent, ``shuffled``: its mean when the verdicts are dealt anew ``draws`` times, and
    ``reached``: percent of these deals that come as high. Claims cut from one sentence are neighbours: their faults are not independent.
    """
    testable = listed[listed["verdict"] != "not testable"].sort_values("claim")
    faulty = testable["verdict"].isin(FAULTS).to_numpy()
    deals = np.array([faulty, *(rng.permutation(faulty) for _ in range(draws))])
    alike = 100 * (deals[:, 1:] == deals[:, :-1]).mean(axis=1)
    reached = 100 * (alike[1:] >= alike[0]).mean()
    return pd.Series({"pairs": len(faulty) - 1, "share": alike[0], "shuffled": alike[1:].mean(), "reached": reached})


def holding_half(paragraphs: pd.Series) -> int:
    """How many paragraphs, the fullest first, hold half of the claims whose paragraphs are given."""
    filled = paragraphs.value_counts().cumsum()
    return int((filled < len(paragraphs) / 2).sum()) + 1


def readings(listed: pd.DataFrame) -> pd.DataFrame:
    """Share of the testable claims that stand, in percent, under several ways to read the list.

    Columns: ``reading``, ``stand``, ``n`` (claims), ``share``. The claims are all those of one page, no sample: no interval is due.
    """
    testable = listed[listed["verdict"] != "not testable"]
    stands = testable["verdict"] == "supported"
    ways = {
        "as coded": (stands, testable),
        "imprecise counts as right": (stands | (testable["verdict"] == "imprecise"), testable),
        "overtaken counts as right": (stands | (testable["verdict"] == "overtaken"), testable),
        "only what data decide": (stands, testable[testable["decided_by"] == "data"]),
        "only what documents decide": (stands, testable[testable["decided_by"] == "documents"]),
        "without low confidence": (stands, testable[testable["confidence"] != "low"]),
        "untestable counts as wrong": (listed["verdict"] == "supported", listed),
    }
    found = [{"reading": name, "stand": int(right.loc[rows.index].sum()), "n": len(rows)} for name, (right, rows) in ways.items()]
    each = testable.assign(stands=stands).groupby("paragraph")["stands"]
    whole = each.all()
    found.append({"reading": "paragraphs without a fault", "stand": int(whole.sum()), "n": len(whole)})
    table = pd.DataFrame(found)
    return table.assign(share=100 * table["stand"] / table["n"])


# --- what hangs on our thresholds -----------------------------------------------------------------------------


def choices(module: ModuleType) -> Iterator[tuple[str, float]]:
    """The numbers in upper case that ``module`` itself sets: its thresholds. Zeros, years and :data:`NO_THRESHOLDS` are none."""
    targets = [t for node in ast.parse(inspect.getsource(module)).body if isinstance(node, ast.Assign) for t in node.targets]
    names = [n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)]
    for name in names:
        value = getattr(module, name)
        year = type(value) is int and 1900 <= value <= 2100
        if name.isupper() and name not in NO_THRESHOLDS and type(value) in (int, float) and value and not year:
            yield name, value


def mentions(function: FunctionType, seen: frozenset[str] = frozenset()) -> set[str]:
    """Global names that ``function`` uses, by itself or through functions of its own module."""
    names, codes = set(), [function.__code__]
    while codes:
        code = codes.pop()
        names |= set(code.co_names)
        codes += [const for const in code.co_consts if inspect.iscode(const)]
    called = [function.__globals__.get(name) for name in names - seen]
    own = [f for f in called if inspect.isfunction(f) and f.__module__ == function.__module__ and f is not function]
    return names.union(*(mentions(f, seen | names) for f in own))


def moved(value: float, by: float) -> float:
    """``value`` moved by a share; a whole number by at least one."""
    if isinstance(value, int):
        return value + (1 if by > 0 else -1) * max(1, round(abs(value * by)))
    return value * (1 + by)


def sensitivity(listed: pd.DataFrame, by: float) -> pd.DataFrame:
    """Every computed verdict of ``listed`` under each of its thresholds, moved down and up by the share ``by``.

    Columns: ``claim``, ``threshold`` (its name), ``value``, ``today``, ``lower``, ``higher`` (verdicts). A verdict that cannot be
    computed with the moved threshold stays what it is today.
    """
    rows, now = [], listed.set_index("claim")["verdict"]
    for chapter in dict.fromkeys(listed["chapter"]):
        module = import_module(f"unionstate.audit.{chapter.split('/')[-1]}")
        tests = {claim: test for claim, test in audit.registered().items() if test.__module__ == module.__name__}
        uses = {claim: mentions(test) for claim, test in tests.items()}
        for name, value in choices(module):
            for claim in (c for c, used in uses.items() if name in used):
                low, high = (_with(module, name, moved(value, share), tests[claim], now[claim]) for share in (-by, by))
                rows.append({"claim": claim, "threshold": name, "value": value, "today": now[claim], "lower": low, "higher": high})
    return pd.DataFrame(rows).sort_values(["claim", "threshold"]).reset_index(drop=True)


def _with(module: ModuleType, name: str, value: float, test: FunctionType, today: str) -> str:
    kept = getattr(module, name)
    try:
        setattr(module, name, value)
        return test().verdict
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return today
    finally:
        setattr(module, name, kept)


# --- drawings -------------------------------------------------------------------------------------------------


def bars(ax: plt.Axes, table: pd.DataFrame) -> None:
    """One bar a row of ``table`` (:func:`unionstate.audit.counts` without its totals), stacked by verdict, each part with its count."""
    left = pd.Series(0, table.index)
    for verdict, (colour, hatch, _) in LOOK.items():
        ax.barh(table.index, table[verdict], left=left, color=colour, edgecolor=style.PAPER, hatch=hatch, linewidth=0.8, label=verdict)
        for name in table.index[table[verdict] > 0]:
            middle = left[name] + table.loc[name, verdict] / 2
            ax.text(middle, name, f"{table.loc[name, verdict]}", ha="center", va="center", fontsize=8, bbox=_LABEL)
        left = left + table[verdict]
    ax.invert_yaxis()
    ax.grid(axis="y", visible=False)
    ax.set_xlabel("claims")
    ax.legend(ncols=len(LOOK), loc="lower center", bbox_to_anchor=(0.44, 1), columnspacing=1, handlelength=1.6, handletextpad=0.5)


_LABEL = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 1.1, "boxstyle": "round,pad=0.15"}


def grid(ax: plt.Axes, table: pd.DataFrame) -> None:
    """One circle a pair of row and verdict, its area the count written in it."""
    counts = table[list(LOOK)].melt(ignore_index=False, var_name="verdict", value_name="n").reset_index(names="row")
    looks = {verdict: colour for verdict, (colour, _, _) in LOOK.items()}
    seaborn.scatterplot(
        counts[counts["n"] > 0], x="verdict", y="row", hue="verdict", palette=looks, size="n", sizes=(38, 38 * counts["n"].max()), ax=ax,
        alpha=0.55, linewidth=0, legend=False,
    )  # fmt: skip
    for cell in counts.itertuples():
        ax.text(cell.verdict, cell.row, f"{cell.n}" if cell.n else "·", ha="center", va="center", fontsize=9, zorder=3)
    ax.set_yticks(range(len(table)), [f"{name} ({n})" for name, n in zip(table.index, table["all"], strict=True)])
    ax.set(xlabel="", ylabel="", xlim=(-0.6, len(LOOK) - 0.4), ylim=(len(table) - 0.4, -0.6))
    ax.xaxis.tick_top()
    ax.grid(visible=False)
    ax.tick_params(length=0)
    ax.spines[["left", "bottom"]].set_visible(False)


def page(ax: plt.Axes, placed: pd.DataFrame) -> None:
    """The page from its first paragraph to its last: one mark a claim, faults below the line."""
    for verdict, (colour, _, marker) in LOOK.items():
        rows = placed[placed["verdict"] == verdict]
        hollow = verdict == "not testable"
        face = style.BACKDROP if hollow else colour
        ax.scatter(
            *(rows["paragraph"], rows["place"]), s=26, marker=marker, color=face, edgecolor=style.MUTED if hollow else colour, label=verdict
        )
    ax.axhline(0, color=style.INK, linewidth=1)
    ax.set_xticks(range(1, int(placed["paragraph"].max()) + 1, 3))
    ax.set_yticks(range(-5, 11, 5), [str(abs(n)) for n in range(-5, 11, 5)])
    ax.set_xlabel("paragraph of the page")
    ax.set_ylabel("faults  |  other claims")
    ax.legend(ncols=len(LOOK), loc="lower center", bbox_to_anchor=(0.47, 1), columnspacing=1, handletextpad=0.2)


def shares(ax: plt.Axes, table: pd.DataFrame) -> None:
    """One dot a reading: the share that stands, with how many of how many."""
    ax.hlines(table["reading"], 0, table["share"], color=style.BAND, linewidth=3)
    ax.plot(table["share"], table["reading"], "o", color=style.OFFICIAL)
    for row in table.itertuples():
        ax.annotate(
            f"{row.stand} of {row.n}", (row.share, row.reading), xytext=(8, 0), textcoords="offset points", va="center", fontsize=8.5
        )
    ax.invert_yaxis()
    ax.set_xlim(0, 118)
    ax.set_xticks(range(0, 101, 20))
    ax.grid(axis="y", visible=False)
    ax.set_xlabel("percent that stand")


def rival_counts(ax: plt.Axes, counts: pd.DataFrame, said: float) -> None:
    """One line a count of ``alignment/domestic_events`` (with ``label``): a mark, in words where it is a floor; dashed: ``said``."""
    for row in counts.itertuples():
        colour, marker = MEANS[row.counted]
        ax.plot(row.value_low, row.label, marker, color=colour, markersize=8)
        floor = pd.isna(row.value_high)
        text = f"at least {row.value_low:,}" if floor else f"{row.value_low:,}"
        ax.annotate(text, (row.value_low, row.label), xytext=(9, 0), textcoords="offset points", va="center", fontsize=8.5)
    ax.axvline(said, color=style.INK, linestyle="--", linewidth=1, zorder=1)
    ax.invert_yaxis()
    ax.set_xlim(0, 1190)
    ax.set_xlabel("persons; the dashed line is the number on the page")


#: Colour and marker of what a count counts.
MEANS = {
    "demonstrators": (style.BELARUS, "s"),
    "detained": (style.ALERT, "o"),
    "repressed": (style.GOLD, "^"),
    "held liable": (style.INFERRED, "D"),
}
