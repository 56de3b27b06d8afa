"""Files that a chapter publishes at the root of the site."""

from __future__ import annotations

import re
from html import escape

import pandas as pd

from unionstate.show import FILE

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.csv")


class File:
    """A published file. In a notebook it shows its name; the page links to it."""

    def __init__(self, name: str, text: str, says: str):
        self.record = {"name": name, "text": text}
        self.says = says

    def _repr_mimebundle_(self, include=None, exclude=None):
        name = self.record["name"]
        html = f'<p class="us-origin"><a href="../../{name}" download>{escape(self.says)} ({name})</a></p>'
        return {"text/plain": f"File {name}: {self.says}", "text/html": html, FILE: self.record}


def publish(name: str, frame: pd.DataFrame, says: str) -> File:
    """Publish ``frame`` as the file ``name`` (lower case, ``.csv``) at the root of the site; ``says`` is the text of the link.

    Raises ``ValueError`` where the name is another or the frame holds nothing.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"file name {name!r}: expected lower-case words joined by hyphens, and .csv")
    if frame.empty:
        raise ValueError(f"file {name!r}: the data frame is empty, expected what is published")
    return File(name, frame.to_csv(index=False, lineterminator="\n", float_format="%.10g", date_format="%Y-%m-%d"), says)
