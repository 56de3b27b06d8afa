"""What a page loads: one style sheet, one script, a favicon; and what it may load, as a policy for browsers.

Sheet and script are joined from the theme's and the book's own files. Rules of the sheet that no page can use are left out: a rule
names elements, classes and ids, and one of them stands neither on a page nor in a script. This errs on the side of keeping.
"""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

import lightningcss
import rjsmin
import tinycss2
from sphinx.application import Sphinx
from tinycss2.ast import AtRule, Declaration, HashToken, IdentToken, LiteralToken, Node, QualifiedRule

from unionstate.paths import write_whole

STYLE, SCRIPT, SEARCH, ICON = "_static/site.css", "_static/site.js", "_static/search.js", "_static/favicon.svg"
#: What Sphinx and the theme lay down in ``_static`` and pages need; all ``.css`` and ``.js`` files of the book's own follow.
SHEETS = ("styles/furo.css", "pygments.css", "styles/furo-extensions.css")
SCRIPTS = ("scripts/furo.js",)
SEARCHING = ("documentation_options.js", "doctools.js", "language_data.js", "searchtools.js")

#: Before anything is painted, or a reader's choice of dark would flash.
THEME_LINE = 'document.body.dataset.theme=localStorage.getItem("theme")||"auto"'
#: Nothing from any other host, no script or style within a page but the line above.
POLICY = {
    "default-src": "'none'",
    "script-src": f"'self' 'sha256-{base64.b64encode(hashlib.sha256(THEME_LINE.encode()).digest()).decode()}'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
}
#: The entry of the site itself leads on to its first page.
ENTRY = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta http-equiv="refresh" content="0; url={root}.html">
<title>{title}</title>
<link rel="icon" type="image/svg+xml" href="{icon}">
</head>
<body><p><a href="{root}.html">{title}</a></p></body>
</html>
"""
#: Other HTTP headers for static hosts that read a file ``_headers``; a page cannot say the first of them itself.
HEADERS = {
    "Content-Security-Policy": "{policy}; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def policy() -> str:
    return "; ".join(f"{what} {where}" for what, where in POLICY.items())


def put(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Tell the template what its page loads, whatever Sphinx and its extensions would have it load."""
    search = (SEARCH, "searchindex.js") if pagename == "search" else ()
    context.update(style=STYLE, scripts=(SCRIPT, *search), policy=policy(), theme_line=THEME_LINE, css_files=[], script_files=[])
    context["metatags"] = re.sub(r'<meta name="viewport"[^>]*>\s*', "", context.get("metatags", ""))  # the template has one


def publish(app: Sphinx) -> None:
    """Write the sheet, the scripts, the headers and the entry of a finished site, and remove what no page loads."""
    out = Path(app.outdir)
    static, own = out / "_static", Path(app.srcdir, "_static")
    scripts = [READY, *(patient(static / name) for name in SCRIPTS), *(f"{{{patient(path)}}}" for path in sorted(own.glob("*.js")))]
    sheets = [*(_text(static / name) for name in SHEETS), *(_text(path) for path in sorted(own.glob("*.css")))]
    files = {
        SCRIPT: script(scripts),
        SEARCH: script(["const SPHINX_HIGHLIGHT_ENABLED=false;", *(_text(static / name) for name in SEARCHING)]),
    }
    pages = Words(_text(path) for path in sorted(out.rglob("*.html")))
    files[STYLE] = sheet("\n".join(sheets), pages, files[SCRIPT] + files[SEARCH])
    files[ICON] = _text(own / "favicon.svg")
    files["_headers"] = "/*\n" + "".join(f"  {name}: {value.format(policy=policy())}\n" for name, value in HEADERS.items())
    files["index.html"] = ENTRY.format(policy=policy(), root=app.config.root_doc, title=app.config.project, icon=ICON)
    shutil.rmtree(static)
    for path, text in files.items():
        write_whole(out / path, text)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


#: A script starts when the page has been drawn once: else the drawing would wait for the script, and the script for a layout.
STARTS = 'document.addEventListener("DOMContentLoaded",'
READY = f"const ready = (start) => {STARTS} () => requestAnimationFrame(() => setTimeout(start)));"


def patient(path: Path) -> str:
    """A script that starts as :data:`READY` says, not as soon as the page is read. ``ValueError`` if it has another way to start."""
    text = _text(path)
    if text.count(STARTS) != 1:
        raise ValueError(f"{path.name}: starts {text.count(STARTS)} times by {STARTS!r}, expected once")
    return text.replace(STARTS, "ready(")


def script(texts: Iterable[str]) -> str:
    """One script of several, minified; remarks on licences stay, maps do not."""
    return rjsmin.jsmin(re.sub(r"//# sourceMappingURL=\S+", "", "\n;".join(texts)), keep_bang_comments=True)


class Words:
    """Elements, classes and ids of pages, and the custom properties they name."""

    def __init__(self, pages: Iterable[str]):
        self.tags, self.classes, self.ids, self.properties = set(), set(), set(), set()
        for page in pages:
            self.tags.update(re.findall(r"<([a-zA-Z][\w-]*)", page))
            self.classes.update(word for value in set(re.findall(r'\sclass="([^"]*)"', page)) for word in value.split())
            self.ids.update(re.findall(r'\sid="([^"]*)"', page))
            self.properties.update(re.findall(r"var\((--[\w-]+)", page))


def sheet(css: str, pages: Words, scripts: str) -> str:
    """The rules of ``css`` that pages can use, minified. Raises ``ValueError`` where ``css`` is no CSS."""
    pruned = Pruned(css, pages, set(re.findall(r"[\w-]+", scripts)))
    return lightningcss.process_stylesheet(pruned.text, STYLE)


class Pruned:
    """A style sheet without the rules, custom properties and animations that nothing uses."""

    def __init__(self, css: str, pages: Words, spoken: set[str]):
        self.pages, self.spoken = pages, spoken
        self.rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
        if errors := [rule for rule in self.rules if rule.type == "error"]:
            raise ValueError(f"style sheet: {errors[0].message} at line {errors[0].source_line} of all sheets joined")

    @cached_property
    def text(self) -> str:
        text, before = self._rules(self.rules), ""
        while text != before:  # a property may be named by one that goes
            before = text
            unnamed = set(re.findall(r"(?<=[{;])(--[\w-]+):", text)) - set(re.findall(r"var\(\s*(--[\w-]+)", text))
            gone = "|".join(sorted(unnamed - self.pages.properties - self.spoken))
            text = re.sub(rf"(?<=[{{;])(?:{gone}):(?:\"[^\"]*\"|'[^']*'|[^;{{}}\"'])*;", "", text) if gone else text
        return text

    def _rules(self, rules: list[Node]) -> str:
        return "".join(self._rule(rule) for rule in rules)

    def _rule(self, rule: Node) -> str:
        if isinstance(rule, QualifiedRule):
            kept = [tinycss2.serialize(selector) for selector in _selectors(rule.prelude) if self._usable(selector)]
            return f"{','.join(kept)}{{{_declarations(rule)}}}" if kept else ""
        if isinstance(rule, AtRule) and rule.content is not None and rule.lower_at_keyword in ("media", "supports", "layer"):
            inner = self._rules(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True))
            return f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inner}}}" if inner else ""
        return rule.serialize()

    def _usable(self, selector: list[Node]) -> bool:
        known = {"tag": self.pages.tags, "class": self.pages.classes, "id": self.pages.ids}
        return all(word in known[kind] or word in self.spoken for kind, word in _named(selector))


def _selectors(prelude: list[Node]) -> Iterator[list[Node]]:
    """The selectors of a list that is separated by commas."""
    one: list[Node] = []
    for node in prelude:
        if isinstance(node, LiteralToken) and node.value == ",":
            yield one
            one = []
        else:
            one.append(node)
    yield one


def _named(selector: list[Node]) -> Iterator[tuple[str, str]]:
    """Each element, class and id that must be there for a selector to fit; what stands in brackets is passed over."""
    before = None
    for node in selector:
        if isinstance(node, HashToken):
            yield "id", node.value
        elif isinstance(node, IdentToken) and before != ":":
            yield ("class", node.value) if before == "." else ("tag", node.lower_value)
        before = node.value if isinstance(node, LiteralToken) else None


def _declarations(rule: QualifiedRule) -> str:
    """What a rule says, each declaration closed, so that one can be taken out."""
    parts = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
    return "".join(part.serialize() + (";" if isinstance(part, Declaration) else "") for part in parts)
