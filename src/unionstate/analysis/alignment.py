"""Agreement in the UN General Assembly, and alignment where it costs something.

Every function takes frames of ``load("alignment/…")`` or ``load("military/…")`` and returns plain frames or numbers. Agreement
is a share between 0 and 1 unless a name says otherwise. Roll calls are weighed equally.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import fisher_exact

from unionstate.analysis.stats import SEED, bootstrap_interval, holm

#: Column of alignment/un_roll_calls → name shown. Belarus first, then allies of Russia, then two that are not.
STATES = {
    "belarus": "Belarus",
    "kazakhstan": "Kazakhstan",
    "armenia": "Armenia",
    "kyrgyzstan": "Kyrgyzstan",
    "ukraine": "Ukraine",
    "poland": "Poland",
}
CODES = {
    "BLR": "belarus",
    "RUS": "russia",
    "KAZ": "kazakhstan",
    "ARM": "armenia",
    "KGZ": "kyrgyzstan",
    "UKR": "ukraine",
    "POL": "poland",
}
#: For, abstain and against as points on a line, for the three-point measure.
POINTS = {"for": 1.0, "abstain": 0.5, "against": 0.0}
#: Session n opened in the autumn of 1945 + n.
FIRST = 1945
#: Cut where Russian policy turned, not where the data do: Putin's first session as president, and the first after Crimea.
PERIODS = {"1992\u20131999": (1992, 1999), "2000\u20132013": (2000, 2013), "2014\u20132019": (2014, 2019)}

IDENTICAL, THREE_POINT = "identical", "three points"
LEFT_OUT, AS_ABSTENTION = "left out", "as abstentions"

#: One topic for each roll call: the first of these codes that it carries. Human rights come before the Palestinian conflict, because
#: texts that carry both speak of rights; nuclear arms come before disarmament, which contains them.
TOPICS = {
    "hr": "human rights",
    "me": "Palestinian conflict",
    "nu": "nuclear arms",
    "di": "other disarmament",
    "co": "colonialism",
    "ec": "development",
}
OWN_CONFLICTS, OTHER = "Crimea and Georgia", "other"
_OWN = r"CRIMEA|ABKHAZIA"
#: Texts on Crimea and Georgia whose short title names neither: the data set files them under conflict prevention and under GUAM.
_OWN_SYMBOLS = {"A/RES/62/249", "A/RES/64/296", "A/RES/65/287", "A/RES/68/262", "A/RES/68/274", "A/RES/69/286"}

RESAMPLES = 1999  # enough for a band drawn in a chart
LEAST_PIECES = 6  # days or texts; with fewer, resampling them gives an interval that means nothing


# --- votes ------------------------------------------------------------------------------------------------------


def opened(calls: pd.DataFrame) -> pd.Series:
    """Year in which the session of each roll call opened."""
    return calls["session"].astype(int) + FIRST


def points(calls: pd.DataFrame, absences: str = LEFT_OUT) -> pd.DataFrame:
    """Votes as 0, 0.5, 1, one column a state; ``nan`` where the vote does not count.

    ``absences``: ``left out``, or ``as abstentions``. A state without a single vote in a session, as Kazakhstan before
    it was a member, stays ``nan`` for that session either way.
    """
    names = [*STATES, "russia"]
    scored = calls[names].astype(object).apply(lambda column: column.map(POINTS)).astype(float)
    if absences == AS_ABSTENTION:
        present = scored.notna().groupby(calls["session"]).transform("any")
        scored = scored.mask(scored.isna() & present, POINTS["abstain"])
    return scored


def scores(calls: pd.DataFrame, partner: str = "russia", rule: str = IDENTICAL, absences: str = LEFT_OUT) -> pd.DataFrame:
    """Agreement of every state with ``partner`` on each roll call: 1 for the same vote, 0 (or 0.5 by three points) otherwise."""
    votes = points(calls, absences)
    apart = votes[list(STATES)].sub(votes[partner], axis=0).abs()
    agreed = 1 - apart if rule == THREE_POINT else (apart == 0).astype(float).where(apart.notna())
    return agreed.drop(columns=[partner], errors="ignore")


TAILS = [0.025, 0.975]


def resampled(rows: np.ndarray) -> np.ndarray:
    """Column sums of ``RESAMPLES`` samples of whole rows, drawn with replacement: samples × columns."""
    draws = np.random.default_rng(SEED).integers(0, len(rows), (RESAMPLES, len(rows)))
    return np.stack([rows[draw].sum(axis=0) for draw in draws])


def mean(values, axis=-1):
    return np.mean(values, axis=axis)


def ratio(totals, sizes, axis=-1):
    return np.sum(totals, axis=axis) / np.sum(sizes, axis=axis)


def interval(values: pd.Series, pieces: pd.Series | None = None) -> tuple[float, float]:
    """Bootstrap interval of a mean over roll calls.

    ``pieces`` says which roll calls hang together (same index; a day, a recurring text): whole pieces are resampled, and only they
    are taken as independent. Without it every roll call is its own piece. ``nan`` with fewer than :data:`LEAST_PIECES`.
    """
    kept = values.dropna()
    if pieces is None:
        return bootstrap_interval(kept.to_numpy(), statistic=mean, resamples=RESAMPLES)
    sums = kept.groupby(pieces.loc[kept.index].to_numpy()).agg(["sum", "size"])
    if len(sums) < LEAST_PIECES:
        return float("nan"), float("nan")
    return bootstrap_interval(sums["sum"].to_numpy(), sums["size"].to_numpy(), statistic=ratio, resamples=RESAMPLES)


def days(calls: pd.DataFrame) -> pd.Series:
    """The day of each roll call, up to session 57 often only its month: votes of one day belong to one report and one bloc of texts."""
    return calls["date"]


def recurring(calls: pd.DataFrame) -> pd.Series:
    """The text that comes back from year to year, told by its short title; a roll call without a title stands alone."""
    title = calls["title"].fillna("").str.strip().str.upper()
    return title.where(title != "", calls["rcid"].astype(str))


#: What may hang together → how to tell it.
PIECES = {"single roll calls": lambda calls: calls["rcid"], "days": days, "recurring texts": recurring}


def by_session(calls: pd.DataFrame, partner: str = "russia") -> pd.DataFrame:
    """Share of identical votes with ``partner`` by session and state, with a bootstrap interval over days.

    Columns: ``session``, ``opened``, ``state``, ``votes`` (roll calls in which both voted), ``share``, ``low``, ``high``. Sessions
    with fewer than ten joint votes are left out.
    """
    agreed, rows = scores(calls, partner), []
    for session, group in agreed.groupby(calls["session"].astype(int)):
        for state in agreed:
            kept = group[state].dropna()
            if len(kept) >= 10:
                low, high = interval(kept, days(calls))
                rows.append((session, session + FIRST, STATES[state], len(kept), kept.mean(), low, high))
    return pd.DataFrame(rows, columns=["session", "opened", "state", "votes", "share", "low", "high"])


def whole_texts(calls: pd.DataFrame) -> pd.DataFrame:
    """Roll calls on whole resolutions: those that the data set did not add later (votes on paragraphs, mostly)."""
    return calls[~calls["added"]]


def against_published_years(calls: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Recomputed beside published agreement with Russia by calendar year: columns ``votes``, ``share``, ``three`` and the published ones.

    The rule under which they are equal: every roll call dated in the year, paragraphs included, in which both states voted.
    """
    same, three = scores(calls), scores(calls, rule=THREE_POINT)
    rows = []
    for row in published[published["partner"].astype(str) == "RUS"].itertuples():
        state, inside = CODES[str(row.country)], (calls["year"] == row.year).to_numpy()
        kept = same.loc[inside, state].dropna()
        rows.append((row.country, row.year, len(kept), kept.mean(), three.loc[inside, state].mean(), row.votes, row.identical_share,
                     row.three_point_agreement))  # fmt: skip
    columns = ["country", "year", "votes", "share", "three", "published_votes", "published_share", "published_three"]
    return pd.DataFrame(rows, columns=columns)


def against_published_sessions(calls: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Recomputed beside published agreement with Russia by session, whole texts only.

    Columns ``session``, ``country``, ``share``, ``published``, ``gap`` (absolute).
    """
    own = whole_texts(calls)
    agreed = scores(own).groupby(own["session"].astype(int)).mean()
    with_russia = published[(published["partner"].astype(str) == "RUS") & (published["session"] <= agreed.index.max())]
    rows = [(r.session, str(r.country), agreed.loc[r.session, CODES[str(r.country)]], r.identical_share) for r in with_russia.itertuples()]
    frame = pd.DataFrame(rows, columns=["session", "country", "share", "published"])
    return frame.assign(gap=(frame["share"] - frame["published"]).abs())


def published_after(published: pd.DataFrame, last: int) -> pd.DataFrame:
    """Agreement with Russia as the data set publishes it for sessions opened after ``last``: ``opened``, ``state``, ``share``."""
    later = published[(published["partner"].astype(str) == "RUS") & (published["year_session_opened"] > last)]
    states = later["country"].astype(str).map(CODES).map(STATES)
    return pd.DataFrame({"opened": later["year_session_opened"].astype(int), "state": states, "share": later["identical_share"]})


# --- comparisons --------------------------------------------------------------------------------------------------


def paired(agreed: pd.DataFrame, other: str) -> pd.Series:
    """Agreement of Belarus minus that of ``other`` on every roll call that counts for both."""
    return (agreed["belarus"] - agreed[other]).dropna()


def leads(calls: pd.DataFrame, first: int, last: int, others=tuple(STATES)[1:], pieces=days, **rules) -> pd.DataFrame:
    """How much more than each of the ``others`` Belarus agreed with Russia in sessions opened ``first`` to ``last``.

    Same roll calls for both states, so the agenda is the same too. ``pieces``: what the interval takes as independent.
    Columns ``state``, ``votes``, ``lead``, ``low``, ``high``.
    """
    chosen = calls[opened(calls).between(first, last)]
    agreed, rows = scores(chosen, **rules), []
    for other in others:
        gap = paired(agreed, other)
        low, high = interval(gap, pieces(chosen))
        rows.append((STATES[other], len(gap), gap.mean(), low, high))
    return pd.DataFrame(rows, columns=["state", "votes", "lead", "low", "high"])


def change_in_lead(calls: pd.DataFrame, other: str, before: tuple[int, int], after: tuple[int, int]) -> tuple[float, float, float]:
    """How much the lead over ``other`` grew between two periods, with a bootstrap interval over days: growth, low, high."""
    ends = []
    for first, last in (before, after):
        chosen = calls[opened(calls).between(first, last)]
        gap = paired(scores(chosen), other)
        sums = gap.groupby(days(chosen).loc[gap.index]).agg(["sum", "size"]).to_numpy(dtype=float)
        ends.append((gap.mean(), resampled(sums)))
    growth = ends[1][1][:, 0] / ends[1][1][:, 1] - ends[0][1][:, 0] / ends[0][1][:, 1]
    low, high = np.quantile(growth, TAILS)
    return float(ends[1][0] - ends[0][0]), float(low), float(high)


def dependence(calls: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """The lead of Belarus over each state with its interval under each of :data:`PIECES`.

    Columns ``state``, ``lead``, ``pieces``, ``low``, ``high``.
    """
    parts = [leads(calls, first, last, pieces=tell).assign(pieces=name) for name, tell in PIECES.items()]
    return pd.concat(parts, ignore_index=True)[["state", "lead", "pieces", "low", "high"]]


def side_by_side(frame: pd.DataFrame) -> pd.DataFrame:
    """:func:`dependence` as a table to read: a row a state, percentage points, one column of intervals for each kind of piece."""
    shown = frame.assign(text=[f"{100 * row.low:.1f} to {100 * row.high:.1f}".replace("-", "\N{MINUS SIGN}") for row in frame.itertuples()])
    wide = shown.pivot(index="state", columns="pieces", values="text")[list(PIECES)]
    lead = 100 * frame.drop_duplicates("state").set_index("state")["lead"]
    wide.insert(0, "lead", lead)
    return wide.loc[lead.index].rename_axis(index="over", columns=None).reset_index()


def sensitivity(calls: pd.DataFrame, other: str = "kazakhstan") -> pd.DataFrame:
    """The lead of Belarus over ``other`` by period under each way of counting: measure, absences, paragraphs."""
    rows = []
    for rule in (IDENTICAL, THREE_POINT):
        for absences in (LEFT_OUT, AS_ABSTENTION):
            for texts, chosen in (("whole texts", whole_texts(calls)), ("with paragraphs", calls)):
                for period, (first, last) in PERIODS.items():
                    lead = leads(chosen, first, last, (other,), rule=rule, absences=absences).iloc[0]
                    rows.append((period, rule, absences, texts, lead["votes"], lead["lead"], lead["low"], lead["high"]))
    return pd.DataFrame(rows, columns=["period", "measure", "absences", "texts", "votes", "lead", "low", "high"])


def kappa(calls: pd.DataFrame, state: str, partner: str = "russia") -> float:
    """Agreement beyond what the two states' own habits would give by chance (Cohen 1960): 1 full, 0 as by chance."""
    both = points(calls)[[state, partner]].dropna()
    table = pd.crosstab(both[state], both[partner]).reindex(index=list(POINTS.values()), columns=list(POINTS.values()), fill_value=0)
    shares = table.to_numpy() / len(both)
    chance = float(shares.sum(axis=1) @ shares.sum(axis=0))
    return (float(np.trace(shares)) - chance) / (1 - chance)


# --- agenda -------------------------------------------------------------------------------------------------------


def topic(calls: pd.DataFrame) -> pd.Series:
    """One topic a roll call: texts on Crimea and Georgia first, then by the order of :data:`TOPICS`."""
    codes = calls["issues"].fillna("").str.split(";")
    found = codes.map(lambda own: next((TOPICS[code] for code in TOPICS if code in own), OTHER))
    own_conflicts = calls["title"].str.upper().str.contains(_OWN, na=False) | (calls["symbol"].isin(_OWN_SYMBOLS) & ~calls["added"])
    return found.mask(own_conflicts, OWN_CONFLICTS)


def by_topic(calls: pd.DataFrame, first: int, last: int, states=("belarus", "kazakhstan")) -> pd.DataFrame:
    """Agreement with Russia by topic in sessions opened ``first`` to ``last``.

    Columns ``topic``, ``state``, ``votes``, ``share``, ``low``, ``high`` (over days; ``nan`` for few days).
    """
    chosen = calls[opened(calls).between(first, last)]
    agreed, rows = scores(chosen), []
    for name, group in agreed.groupby(topic(chosen)):
        for state in states:
            kept = group[state].dropna()
            low, high = interval(kept, days(chosen)) if len(kept) else (float("nan"), float("nan"))
            rows.append((name, STATES[state], len(kept), kept.mean(), low, high))
    return pd.DataFrame(rows, columns=["topic", "state", "votes", "share", "low", "high"])


def topics_in_periods(calls: pd.DataFrame, periods=tuple(PERIODS)[1:], states=("belarus", "kazakhstan"), least: int = 5) -> pd.DataFrame:
    """:func:`by_topic` for several periods, told apart by ``period``; topics with fewer than ``least`` votes are left out."""
    parts = [by_topic(calls, *PERIODS[name], states).assign(period=name) for name in periods]
    frame = pd.concat(parts, ignore_index=True)
    return frame[frame["votes"] >= least].reset_index(drop=True)


def _mix_and_shares(calls: pd.DataFrame, state: str, before: tuple[int, int], after: tuple[int, int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Share of each topic in the votes, and agreement with Russia on it, columns ``before`` and ``after``.

    A topic absent from one period keeps the agreement of the other there, so that its arrival counts as agenda.
    """
    mixes, shares = [], []
    for first, last in (before, after):
        chosen = calls[opened(calls).between(first, last)]
        kept = scores(chosen)[state].dropna()
        groups = kept.groupby(topic(chosen).loc[kept.index])
        mixes.append(groups.size() / len(kept))
        shares.append(groups.mean())
    mix = pd.concat(mixes, axis=1, keys=["before", "after"]).fillna(0)
    share = pd.concat(shares, axis=1, keys=["before", "after"])
    return mix, share.apply(lambda row: row.fillna(row.mean()), axis=1).loc[mix.index]


def behaviour_by_topic(calls: pd.DataFrame, state: str, before: tuple[int, int], after: tuple[int, int]) -> pd.Series:
    """What other votes on each topic add to the change in agreement between two periods, at the mean mix of topics."""
    mix, share = _mix_and_shares(calls, state, before, after)
    return (share["after"] - share["before"]) * mix.mean(axis=1)


def agenda_split(calls: pd.DataFrame, state: str, before: tuple[int, int], after: tuple[int, int]) -> dict[str, float]:
    """Split the change in agreement between two periods into agenda and behaviour (Kitagawa's decomposition).

    ``agenda``: what the other mix of topics explains, at the mean agreement of both periods; ``behaviour``: what other votes on
    the same topics explain, at the mean mix. The two add up to ``change``.
    """
    mix, share = _mix_and_shares(calls, state, before, after)
    agenda = ((mix["after"] - mix["before"]) * share.mean(axis=1)).sum()
    start, end = ((mix[when] * share[when]).sum() for when in ("before", "after"))
    return {"change": end - start, "agenda": agenda, "behaviour": behaviour_by_topic(calls, state, before, after).sum()}


def agenda_intervals(calls: pd.DataFrame, state: str, before: tuple[int, int], after: tuple[int, int]) -> pd.DataFrame:
    """95% bootstrap intervals over days of the parts of :func:`agenda_split`: rows ``change``, ``agenda``, ``behaviour`` and each topic.

    Columns ``low``, ``high``. Topics in the rows are the behaviour part of :func:`behaviour_by_topic`.
    """
    names, mixes, shares = sorted(set(topic(calls))), [], []
    for first, last in (before, after):
        chosen = calls[opened(calls).between(first, last)]
        kept = scores(chosen)[state].dropna()
        cells = pd.DataFrame({"day": days(chosen).loc[kept.index], "topic": topic(chosen).loc[kept.index], "same": kept})
        wide = cells.pivot_table(index="day", columns="topic", values="same", aggfunc=["sum", "size"], fill_value=0)
        full = pd.MultiIndex.from_product([["sum", "size"], names])
        drawn = resampled(wide.reindex(columns=full, fill_value=0).to_numpy(dtype=float))
        same, size = drawn[:, : len(names)], drawn[:, len(names) :]
        mixes.append(size / size.sum(axis=1, keepdims=True))
        shares.append(np.divide(same, size, out=np.full_like(same, np.nan), where=size > 0))
    old, new = (np.where(np.isnan(one), other, one) for one, other in (shares, shares[::-1]))
    behaviour = np.nan_to_num(new - old) * (mixes[0] + mixes[1]) / 2
    agenda = (np.nan_to_num(new + old) / 2 * (mixes[1] - mixes[0])).sum(axis=1)
    parts = np.column_stack([agenda + behaviour.sum(axis=1), agenda, behaviour.sum(axis=1), behaviour])
    low, high = np.quantile(parts, TAILS, axis=0)
    return pd.DataFrame({"low": low, "high": high}, index=["change", "agenda", "behaviour", *names])


# --- positions ------------------------------------------------------------------------------------------------------

#: States whose positions are drawn. The others would only thicken the middle of the chart.
DRAWN = ["RUS", "BLR", "KAZ", "ARM", "UKR", "POL"]


def positions(points: pd.DataFrame) -> pd.DataFrame:
    """Positions from votes on whole resolutions, 1992 on, of the states drawn: ``state``, ``year``, ``ideal_point``, ``low``, ``high``."""
    kept = points[(points["votes_used"].astype(str) == "final passage") & (points["year"] >= 1992)]
    names = STATES | {"russia": "Russia"}
    parts = [kept[kept["country"].astype(str) == code].assign(state=names[CODES[code]]) for code in DRAWN]
    return pd.concat(parts)[["state", "year", "ideal_point", "low", "high"]].reset_index(drop=True)


# --- the votes of 2025 ---------------------------------------------------------------------------------------------


def agreement_2025(votes: pd.DataFrame, state: str, partner: str) -> pd.Series:
    """1 for the same vote, 0 for another, over the adopted texts of 2025 in which both voted; indexed by symbol."""
    both = votes.set_index("symbol")[[state, partner]].astype(str)
    both = both[(both != "not voting").all(axis=1)]
    return (both[state] == both[partner]).astype(float)


def with_most(votes: pd.DataFrame, state: str) -> pd.Series:
    """Whether ``state`` cast the vote that most states cast, for each text of 2025; indexed as ``votes``."""
    totals = votes[["total_for", "total_against", "total_abstain"]].set_axis(["for", "against", "abstain"], axis=1).astype(int)
    return votes[state].astype(str) == totals.idxmax(axis=1)


# --- Ukraine and Georgia --------------------------------------------------------------------------------------------

#: Texts of military/alignment on Ukraine, Crimea and Georgia, by subject. The texts on the Council of Europe name the aggression.
SUBJECT = r"(?i)Crimea|Ukrain|aggression|annexation|lasting peace|path to peace|reparation|Suspension of Russia|Georgia|Council of Europe"
COLUMNS = ["BLR", "RUS", "ARM", "KGZ", "KAZ", "CHN", "UKR", "POL"]
NOT_VOTING, UNKNOWN = "not voting", ""


def war_texts(listed: pd.DataFrame) -> pd.DataFrame:
    """Rows of ``military/alignment`` that are General Assembly texts on Ukraine, Crimea or Georgia, oldest first."""
    un = listed[(listed["forum"] == "UN General Assembly") & listed["issue"].str.contains(SUBJECT, regex=True)]
    return un.sort_values(["date", "id"], kind="stable")


def vote_matrix(listed: pd.DataFrame, calls: pd.DataFrame, known: pd.DataFrame, latest: pd.DataFrame) -> pd.DataFrame:
    """Country × text, votes as words, ``""`` where the tables have none.

    Belarus and Russia from ``military/alignment``; the others from the roll calls to 2019, the transcribed lists of 2014 and 2022
    and the votes of 2025. An empty cell of the roll calls is an absence. Index: ``date``, ``symbol`` or id, ``issue``.
    """
    rows = []
    for row in war_texts(listed).itertuples():
        votes = {"BLR": row.belarus_position, "RUS": row.russia_position}
        rows.append(((row.date, row.un_symbol or row.id, row.issue), votes))
    for (_, symbol, _), votes in rows:
        for call in calls[(calls["symbol"] == symbol) & ~calls["added"]].itertuples():
            for code, state in CODES.items():
                word = getattr(call, state)
                votes.setdefault(code, word if isinstance(word, str) else NOT_VOTING)
        for cell in known[known["symbol"].astype(str) == symbol].itertuples():
            if str(cell.country) in COLUMNS:
                votes.setdefault(str(cell.country), str(cell.vote))
        for call in latest[latest["symbol"] == symbol].itertuples():
            for code, word in (("KAZ", call.kazakhstan), ("ARM", call.armenia), ("UKR", call.ukraine), ("CHN", call.china)):
                votes.setdefault(code, str(word))
    rows.sort(key=lambda item: item[0][:2])
    index = pd.MultiIndex.from_tuples([key for key, _ in rows], names=["date", "text", "issue"])
    return pd.DataFrame([{code: votes.get(code, UNKNOWN) for code in COLUMNS} for _, votes in rows], index=index)


# --- where it costs ---------------------------------------------------------------------------------------------------

#: Lanes of costly alignment: what Russia asked for or did, and the rows that test it. Cost: a border, a market, soil or soldiers.
LANES = {
    "recognition": ["AL-2008-GEO", "AL-2014-CRIMEA", "AL-2021-CRIMEA", "AL-2022-DNR", "AL-2022-ABKHAZIA"],
    "embargo": ["AL-2014-FOOD"],
    "own soil": ["AL-2015-BASE", "AL-2022-INVASION", "AL-2022-RGF", "AL-2023-NUCLEAR"],
    "own troops": ["AL-2009-CRRF", "AL-2022-KAZ"],
    "arms control": ["AL-2024-CFE", "AL-2025-OBSERVERS"],
}
CHEAP = "UN votes"


def lanes(listed: pd.DataFrame) -> pd.DataFrame:
    """The costly tests, one row each, with lane and number in order of date. A chosen list: count nothing as a rate."""
    lane = {row: name for name, rows in LANES.items() for row in rows}
    kept = listed[listed["id"].isin(lane)].sort_values("date", kind="stable")
    kept = kept.assign(lane=kept["id"].map(lane), number=range(1, len(kept) + 1))
    return kept[["number", "id", "date", "lane", "issue", "russia_position", "belarus_position", "aligned"]]


# --- words in the news ---------------------------------------------------------------------------------------------------


def harsh_words(events: pd.DataFrame, target: str, actor: str = "BLR") -> pd.DataFrame:
    """Verbal conflict of ``actor`` towards ``target`` (``harsh``), all its verbal events (``words``) and the ``share``, by ``year``."""
    own = events[(events["actor"].astype(str) == actor) & (events["target"].astype(str) == target)]
    words = own["verbal_cooperation"] + own["verbal_conflict"]
    frame = pd.DataFrame({"year": own["year"].astype(int), "harsh": own["verbal_conflict"].astype(int), "words": words.astype(int)})
    return frame.assign(share=frame["harsh"] / frame["words"]).reset_index(drop=True)


def swings(events: pd.DataFrame, one: str = "RUS", other: str = "POL") -> pd.DataFrame:
    """Years in which Belarusian words to ``one`` and ``other`` differ: Fisher's exact test by year, adjusted by Holm for all years.

    Columns ``year``, ``one``, ``other`` (shares of verbal conflict), ``p`` (adjusted).
    """
    a, b = harsh_words(events, one), harsh_words(events, other)
    pairs = zip(a.itertuples(), b.itertuples(), strict=True)
    p = pd.Series([fisher_exact([[x.harsh, x.words - x.harsh], [y.harsh, y.words - y.harsh]])[1] for x, y in pairs])
    return pd.DataFrame({"year": a["year"], "one": a["share"], "other": b["share"], "p": holm(p)})
