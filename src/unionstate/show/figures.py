"""Figures as objects: SVG that is the same on every run, with caption, alternative text, data and origin."""

from __future__ import annotations

import io
import re
from html import escape

import matplotlib
import matplotlib.pyplot as plt
import pandas as pd

from unionstate.show import FIGURE, TOLD, style
from unionstate.show.evidence import trace

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Figure:
    """A published figure. In a notebook it shows as SVG with its caption; on the page the build adds the frame."""

    def __init__(self, svg: str, record: dict):
        self.svg, self.record = svg, record

    def _repr_mimebundle_(self, include=None, exclude=None):
        plain = f"Figure {self.record['name']}: {self.record['caption']}"
        return {"image/svg+xml": self.svg, "text/plain": plain, FIGURE: self.record}


def figure(drawn: plt.Figure, name: str, caption: str, alt: str, data: pd.DataFrame, evidence) -> Figure:
    """Publish ``drawn`` under the stable ``name``.

    ``caption``: what it shows, in one or two sentences. ``alt``: what a reader who cannot see it must know, with its
    numbers, written from the data. ``data``: exactly what is drawn, offered as CSV. ``evidence``: the loaded frame or
    frames behind it. Raises ``ValueError`` where one is missing: a figure without them does not get published.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"figure name {name!r}: expected lower-case words joined by hyphens")
    for what, text, least in (("caption", caption, 20), ("alternative text", alt, 40)):
        if len(text.strip()) < least:
            raise ValueError(f"figure {name!r}: {what} is {text!r}, expected at least {least} characters")
    if data.empty:
        raise ValueError(f"figure {name!r}: the data frame is empty, expected what is drawn")
    record = {
        "name": name,
        "caption": " ".join(caption.split()),
        "alt": " ".join(alt.split()),
        "csv": data.to_csv(index=False, lineterminator="\n", float_format="%.10g", date_format="%Y-%m-%d"),
        **trace(evidence),
    }
    svg = tidy(_svg(drawn, name), record["alt"])
    plt.close(drawn)
    return Figure(svg, record)


def _svg(drawn: plt.Figure, name: str) -> str:
    if layout := drawn.get_layout_engine():
        layout.execute(drawn)
        for ax in drawn.axes:  # the layout may differ in the last digit from run to run, and ids in the SVG are made of all digits
            ax.set_position([round(edge, 6) for edge in ax.get_position().bounds])
    buffer = io.StringIO()
    # The salt makes ids the same on every run and different between figures of one page.
    with matplotlib.rc_context({"svg.hashsalt": name, "figure.constrained_layout.use": False}):
        drawn.set_layout_engine(None)  # else all is drawn a second time, to be laid out again
        drawn.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


_COLOUR = re.compile("|".join(style.VARIABLES), re.IGNORECASE)
_TAG = re.compile(r"<[^>]+>")  # labels between tags keep their digits
_DECIMALS = re.compile(r"-?\d+\.\d{3,}")
_FONT = re.compile(r"(font: [^;\"]*?)(?:'[^']*'(?:, )?)+(?:sans-serif)?")


def tidy(svg: str, alt: str) -> str:
    """Return matplotlib's ``svg`` made small and fit for a page: named for screen readers, coloured by CSS variables,
    coordinates to a hundredth of a point, no ids that another figure could repeat."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg, told = re.subn(rf'<g id="{TOLD}([^"]*)"', r'<g tabindex="-1" role="img" aria-label="\1"', svg)
    svg = svg.replace('tabindex="-1"', 'tabindex="0"', 1)  # one stop for the keyboard in a figure; a script goes on with the arrow keys
    svg = re.sub(r'<g id="[^"]*"', "<g", svg)
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    svg = _TAG.sub(lambda tag: _DECIMALS.sub(lambda m: f"{float(m[0]):.2f}".rstrip("0").rstrip("."), tag[0]), svg)
    svg = _FONT.sub(r"\1 system-ui, sans-serif", svg)
    svg = _COLOUR.sub(lambda m: f"var(--us-{style.VARIABLES[m[0].lower()]}, {m[0].lower()})", svg)
    svg = re.sub(r"\n\s*", "\n", svg)
    head, rest = svg.split(">", 1)
    role = "group" if told else "img"  # an image has no parts that could be reached
    return f'{head} role="{role}" aria-label="{escape(alt, quote=True)}">{rest}'.rstrip() + "\n"
