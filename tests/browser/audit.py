"""Measures the built site page by page, prints one table, and fails where a bar is not met, naming page and bar.

Called by ``make audit-site``. Every page is read by Chromium; one page of each kind is measured by Lighthouse, alone on the machine.
"""

import json
import os
import re
import statistics
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import eyes
import host
from chromium import chromium

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE.parent))

import links  # noqa: E402  (beside this folder, shared with the tests that need no browser)

from unionstate.build import engine  # noqa: E402
from unionstate.paths import write_whole  # noqa: E402

SITE = ROOT / "_build" / "html"
NODE = ROOT / ".venv" / "node" / "node_modules"
RUNS = 3
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")

#: Column → the most (or, for Lighthouse, the least) that is allowed, and how it is read from a page's record.
MOST = {
    "KiB": 500,
    "assets KiB": 100,
    "foreign": 0,
    "errors": 0,
    "axe light": 0,
    "axe dark": 0,
    "keyboard": 0,
    "sideways px": 0,
    "html": 0,
    "json-ld": 0,
    "dead links": 0,
    "LCP s": 1.5,
    "CLS": 0,
}
LEAST = dict.fromkeys(CATEGORIES, 100)
#: Page → bars that are not for it: the search loads the index of the whole book; the sources are one list of more than a thousand
#: rows, which a slow network takes a second and a half to bring.
EXEMPT = {"search": ("KiB", "assets KiB"), "book/back/sources": ("LCP s",)}


def read(page: str, address: str) -> dict:
    """A page's record but for Lighthouse and html-validate: what the browser finds, and links."""
    url = f"{address}{page}.html"
    with eyes.browser() as browser:
        loaded = eyes.loads(browser, url)
        faults = eyes.axe(browser, url)
        keyboard = [fault for width in (eyes.DESKTOP, eyes.PHONE) for fault in eyes.keyboard(browser, url, width)]
        sideways = eyes.overflow(browser, url)
    return {
        "page": page,
        "KiB": round(loaded["bytes"] / 1024, 1),
        "assets KiB": round(loaded["assets"] / 1024, 1),
        "requests": loaded["requests"],
        "foreign": loaded["foreign"],
        "errors": loaded["errors"],
        "axe light": faults["light"],
        "axe dark": faults["dark"],
        "keyboard": keyboard,
        "sideways px": sideways,
        "dead links": links.dead(SITE / f"{page}.html"),
    }


def lighthouse(url: str) -> dict:
    """One run with Lighthouse's own settings (a middling phone on a slow network)."""
    flags = "--headless=new --no-sandbox --disable-background-networking"
    command = ["node", NODE / "lighthouse/cli/index.js", url, "--quiet", "--output=json", f"--chrome-flags={flags}"]
    done = subprocess.run(command, env={**os.environ, "CHROME_PATH": chromium()}, capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise SystemExit(f"Lighthouse could not measure {url}:\n{done.stderr}")
    report = json.loads(done.stdout)
    return {
        **{name: round(report["categories"][name]["score"] * 100) for name in CATEGORIES},
        "LCP s": report["audits"]["largest-contentful-paint"]["numericValue"] / 1000,
        "CLS": report["audits"]["cumulative-layout-shift"]["numericValue"],
        "failed": [name for name, audit in report["audits"].items() if audit["score"] is not None and audit["score"] < 0.9],
    }


def measured(url: str) -> dict:
    """The median of some runs: a number of one run says more of the machine than of the page."""
    runs = [lighthouse(url) for _ in range(RUNS)]
    medians = {name: round(statistics.median(run[name] for run in runs), 3) for name in (*CATEGORIES, "LCP s", "CLS")}
    return {**medians, "failed": sorted({name for run in runs for name in run["failed"]})}


def validated() -> dict[str, list[str]]:
    """Page → errors of html-validate."""
    command = ["node", NODE / "html-validate/bin/html-validate.mjs", "--config", HERE / "htmlvalidate.mjs", "--formatter=json", SITE]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if not done.stdout.startswith("["):
        raise SystemExit(f"html-validate could not read the site:\n{done.stdout}{done.stderr}")
    said = {}
    for report in json.loads(done.stdout):
        page = Path(report["filePath"]).resolve().relative_to(SITE).with_suffix("").as_posix()
        said[page] = [f"{m['ruleId']} at {m['line']}:{m['column']}: {m['message']}" for m in report["messages"] if m["severity"] == 2]
    return said


def described() -> dict[str, list[str]]:
    """Page → what in its JSON-LD is no term of schema.org or no value for it, by the types that Google makes of the vocabulary.

    A last line of nonsense must be found as well, or nothing was checked.
    """
    listed, said = pages(), []
    for page in listed:
        html = (SITE / f"{page}.html").read_text(encoding="utf-8")
        said.append([json.loads(part) for part in re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)])
    said.append([{"@context": "https://schema.org", "@type": "Chapter", "nonsense": ""}])
    types = 'import type { Thing, WithContext } from "schema-dts"; type Said = WithContext<Thing>[];'
    lines = [f"export const said{number}: Said = {json.dumps(one)};" for number, one in enumerate(said)]
    module = NODE.with_name("described.ts")
    write_whole(module, "\n".join([types, *lines]))
    command = ["node", NODE / "typescript/bin/tsc", "--noEmit", "--strict", "--skipLibCheck", "--pretty", "false", module]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    faults: dict[str, list[str]] = {page: [] for page in [*listed, "nonsense"]}
    for line, fault in re.findall(r"^\S*described\.ts\((\d+),\d+\): (.*(?:\n  .*)*)", done.stdout, re.MULTILINE):
        faults[[*faults][int(line) - 2]].append(fault)
    if not faults.pop("nonsense"):
        raise SystemExit(f"the JSON-LD of the site could not be checked:\n{done.stdout}{done.stderr}")
    return faults


def pages() -> list[str]:
    """Every page of the site, those of the contents first. (The first page is a mere pointer to the landing page.)"""
    listed = engine.pages(ROOT)
    built = sorted(path.relative_to(SITE).with_suffix("").as_posix() for path in SITE.rglob("*.html"))
    return listed + [page for page in built if page not in listed and page != "index"]


def kinds(records: dict[str, dict]) -> list[str]:
    """One page of each kind: the landing page, the heaviest page of each part, and three that are like no other."""
    root, *others = engine.pages(ROOT)
    parts: dict[str, list[str]] = {}
    for page in others:
        parts.setdefault(page.split("/")[1], []).append(page)
    heaviest = [max(part, key=lambda page: records[page]["KiB"]) for part in parts.values()]
    special = ["book/back/data", "book/back/chronology", "book/synthesis/audit"]
    return list(dict.fromkeys([root, *heaviest, *special]))


def count(value) -> float | None:
    return len(value) if isinstance(value, list) else value


def missed(record: dict) -> Iterable[str]:
    """The bars that a page does not meet."""
    for name, bar in {**MOST, **LEAST}.items():
        value = count(record.get(name))
        if value is None or name in EXEMPT.get(record["page"], ()):
            continue
        if value > bar if name in MOST else value < bar:
            yield f"{record['page']}: {name} is {value:g}, {'at most' if name in MOST else 'at least'} {bar} is wanted"


def table(records: list[dict]) -> str:
    """All pages in one table, a line each."""
    names = ["page", "KiB", "assets KiB", "requests", "foreign", "errors", *CATEGORIES, "LCP s", "CLS"]
    names += ["axe light", "axe dark", "keyboard", "sideways px", "html", "json-ld", "dead links"]
    rows = [names] + [["" if (v := count(r.get(n))) is None else v if isinstance(v, str) else f"{v:g}" for n in names] for r in records]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.rjust(w) if i else cell.ljust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))) for row in rows
    )


def audit(address: str) -> list[dict]:
    """The records of all pages."""
    listed, records = pages(), {}
    with ProcessPoolExecutor(engine.jobs(), get_context("spawn")) as pool:
        for record in pool.map(read, listed, [address] * len(listed)):
            records[record["page"]] = record
            print(f"   read {len(records)} of {len(listed)}: {record['page']}", flush=True)
    for column, faults in (("html", validated()), ("json-ld", described())):
        for page in faults.keys() & records.keys():
            records[page][column] = faults[page]
    chosen = kinds(records)
    for done, page in enumerate(chosen, 1):
        records[page].update(measured(f"{address}{page}.html"))
        print(f"   measured {done} of {len(chosen)} with Lighthouse, {RUNS} runs each: {page}", flush=True)
    return [records[page] for page in listed]


def main() -> int:
    with host.hosted(SITE) as address:
        records = audit(address)
    write_whole(SITE.with_name("audit-site.json"), json.dumps(records, indent=1, ensure_ascii=False) + "\n")
    print(table(records))
    failures = [failure for record in records for failure in missed(record)]
    print(f"\n{len(failures)} bars are missed; the single findings are in _build/audit-site.json" if failures else "\nevery bar is met")
    print("\n".join(failures))
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
