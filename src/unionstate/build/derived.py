"""What the site says that follows from the tables alone: their faults, the files beside them, the texts of whole pages.

Made once for each state of data and package, in the warm process and while chapters run: the process that makes pages need not read
a table, and a reader who edits one chapter waits for none of it.
"""

from __future__ import annotations

import json
import platform
from contextlib import suppress
from pathlib import Path

from unionstate import package
from unionstate.build import engine
from unionstate.paths import write_whole


def derived(root: Path) -> dict:
    """``problems`` of the data package and, where it has none: ``files`` (path below the site's root → text), ``sources`` by key, all
    cells as text, ``meanings`` of terms by permalink, ``made`` (name of a directive → what it shows)."""
    known = root / "_build" / "derived.json"
    state = engine.fingerprint(root, *engine.DATA, *engine.PACKAGE, "requirements.txt") + platform.python_version()
    try:
        found = json.loads(known.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = {}
    if found.get("state") != state:
        found = {"state": state, **_derive()}
        write_whole(known, json.dumps(found, ensure_ascii=False))
    return found


def ahead(root: Path) -> None:
    """:func:`derived` for whoever will ask for it later, and will then be told what is wrong."""
    with suppress(package.DataError):
        derived(root)


def _derive() -> dict:
    from unionstate import tables  # here, not above, with all that takes a while to import

    if problems := tables.check():
        return {"problems": problems}
    from unionstate.build import chronology, dictionary, glossary, references

    sources = {key: references.source_text(row) for key, row in tables.sources().items()}
    shown = (dictionary.DataDictionary, dictionary.Reconciliations, dictionary.SourceList, chronology.Chronology, glossary.Glossary)
    return {
        "problems": [],
        "files": {
            "data/reconciliation.csv": dictionary.reconciliation_file(),
            **chronology.files(),
            **references.source_files(sources.values()),
        },
        "sources": sources,
        "meanings": glossary.meanings(),
        "made": {made.name_of_directive: made.make() for made in shown},
    }
