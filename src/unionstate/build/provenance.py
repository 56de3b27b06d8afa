"""What a build was made from: for readers (a page), for machines (``build.json``) and for us (``run-report.json``, outside the site)."""

from __future__ import annotations

import json
import os
import platform
import re
from importlib.metadata import requires, version

import pandas as pd
from docutils import nodes

from unionstate import package
from unionstate.build import bench, engine, metadata
from unionstate.build.edition import Content
from unionstate.build.quotes import Fingerprint, Made
from unionstate.paths import root
from unionstate.show.tables import Table, table


def libraries() -> dict[str, str]:
    """The libraries the book names directly, with the versions in use."""
    names = sorted(re.match(r"[A-Za-z0-9._-]+", requirement)[0] for requirement in requires("unionstate"))
    return {name: version(name) for name in names}


def build(content: Content) -> dict:
    """``build.json``: the same for every build from the same data, code and lock on the same Python."""
    return {
        "version": metadata.book().version,
        "fingerprint": content.fingerprint,
        "python": platform.python_version(),
        "libraries": libraries(),
        "chapters": {chapter: {"tables": run.tables} for chapter, run in content.runs.items()},
        "tables": {name: package.sha256(name) for name in package.resources()},
    }


def report(runs: dict[str, engine.Run]) -> str:
    """Timings and the machine, for whoever tunes the build; nothing of it enters the site."""
    chapters = {chapter: "remembered" if run.seconds is None else round(run.seconds, 2) for chapter, run in runs.items()}
    machine = {"cores": os.cpu_count(), "system": platform.system(), "processor": platform.machine(), "python": platform.python_version()}
    return json.dumps({"chapters": chapters, "machine": machine}, indent=1) + "\n"


class HowThisWasRun(Made):
    """Library versions, the tables each chapter read, and the checksum of every table."""

    name_of_directive = "how-this-was-run"

    @staticmethod
    def make(content: Content):
        runs = content.runs
        used = {name: [chapter for chapter, run in runs.items() if name in run.tables] for name in package.resources()}
        lead = (
            f"Version {metadata.book().version}, Python {platform.python_version()}, {len(engine.pages(root()))} pages, data fingerprint "
        )
        parts = [
            Table(pd.DataFrame(libraries().items(), columns=["Library", "Version"]), "Libraries named by the book"),
            Table(
                pd.DataFrame({"Chapter": list(runs), "Tables read": [", ".join(run.tables) for run in runs.values()]}),
                "Chapters and the tables they read",
            ),
            Table(
                pd.DataFrame(
                    {
                        "Table": list(used),
                        "sha256": [package.sha256(name) for name in used],
                        "Read by": [", ".join(chapters) or "–" for chapters in used.values()],
                    }
                ),
                "Tables, their checksums and their readers",
                "us-table us-checksums",
            ),
        ]
        return lead, "".join(part.html() for part in parts)

    def show(self, made):
        lead, tables_html = made
        return [nodes.paragraph("", "", nodes.Text(lead), Fingerprint(), nodes.Text(".")), nodes.raw("", tables_html, format="html")]


class BenchCosts(Made):
    """What building and checking cost when ``make bench`` was last recorded. The record is part of the book, so the page never differs."""

    name_of_directive = "bench-costs"

    @staticmethod
    def make(content: Content):
        report = json.loads((root() / bench.RECORDED).read_text(encoding="utf-8"))
        machine, costs = report["machine"], pd.DataFrame(report["costs"]).T.rename_axis("What").reset_index()
        costs.columns = ["What", "Seconds by the clock", "Seconds of CPU", "Largest process, MiB"]
        where = f"{machine['cores']} cores, {machine['system']}, Python {machine['python']}, {machine['chapters']} chapters"
        return table(costs, f"Cost on the machine of the last record ({where})").html()
