"""What the source page says: its claims for one chapter, each with the verdict of today's data."""

from __future__ import annotations

from html import escape

import pandas as pd

from unionstate.audit import Verdict, verdicts
from unionstate.package import resource
from unionstate.show.tables import Table


def rests_on(verdict: Verdict) -> str:
    return ("Computed from " if verdict.computed else "Rows: ") + ", ".join(verdict.evidence)


def claims(chapter: str) -> Table:
    """Show the source page's claims that ``chapter`` (``part/stem``) tests, in the page's order.

    Columns: claim id, what the page says (our paraphrase), verdict, as of, why and on which tables or rows. Data-tested verdicts are
    recomputed here; document-tested ones come from ``source-page/verdicts`` with the rows that support them.
    """
    rows = [
        {
            "Claim": v.claim,
            "The page says": v.says,
            "Verdict": verdict_html(v.verdict),
            "As of": v.as_of.replace("/", " to "),
            "Why, and what it rests on": f'{escape(v.reason)} <span class="us-origin">{escape(rests_on(v))}</span>',
        }
        for v in verdicts(chapter)
    ]
    page = resource("source-page/claims")["sources"][0]["title"]
    caption = f"Claims of the source page tested in this chapter ({page})"
    return Table(pd.DataFrame(rows), caption, "us-table us-claims", html_columns=("Verdict", "Why, and what it rests on"))


def verdict_html(verdict: str) -> str:
    return f'<strong class="us-verdict us-{verdict.replace(" ", "-")}">{escape(verdict)}</strong>'


def reading_view(listed: pd.DataFrame, here: str) -> Table:
    """The whole page, claim after claim: paragraph, our paraphrase, verdict, and a link to the box of the chapter that shows why.

    ``listed``: rows of :func:`unionstate.audit.listing`; ``here``: the chapter that shows the table (``part/stem``), from whose page
    the links start. They work on the site, where a chapter is a page.
    """
    below = "../" * here.count("/")
    pages = {chapter: "" if chapter == here else f"{below}{chapter}.html" for chapter in listed["chapter"]}
    links = {
        chapter: f'<a href="{page}#what-the-source-page-says">{chapter.split("/")[-1]}</a>'  # short: the table has to fit a telephone
        for chapter, page in pages.items()
    }
    rows = [
        {
            "Par.": row.paragraph,
            "Claim": row.claim,
            "The page says": row.says,
            "Verdict, shown in": f"{verdict_html(row.verdict)}<br>{links[row.chapter]}",
        }
        for row in listed.itertuples()
    ]
    return Table(pd.DataFrame(rows), "The source page, paragraph by paragraph", "us-table us-reading", ("Par.",), ("Verdict, shown in",))
