"""Data tests of what the source page says on alignment (claims of military/alignment that data can test)."""

from __future__ import annotations

import pandas as pd

from unionstate.analysis import alignment as analysis
from unionstate.audit import Finding, tests
from unionstate.tables import load

#: Sessions on which "sits inside Russia's sphere" is tested: the last ten of the roll calls, which end before the page of 2020.
SPHERE = (2010, 2019)
#: The two falls of news words are told apart from chance at this level, after adjustment for all years.
CLEAR = 0.05
#: By how many percentage points Ukraine's share of Belarusian exports may fall and trade still counts as kept up.
KEPT = 3.0
#: Neutrality is tested from the Crimea vote to the day of the page.
NEUTRAL = ("2014-03-27", "2020-08-23")

VOTES = "alignment/un_roll_calls"
LIST = "military/alignment"


def _aligned(row: str) -> str:
    listed = load(LIST).set_index("id")
    return str(listed.loc[row, "aligned"])


def _own_war_votes() -> pd.DataFrame:
    """Votes of Belarus and Russia on the texts about Ukraine between the Crimea vote and the page; Georgia left out."""
    texts = analysis.war_texts(load(LIST))
    texts = texts[texts["date"].between(*NEUTRAL) & ~texts["issue"].str.contains("Georgia")]
    return texts[["date", "belarus_position", "russia_position"]]


@tests("C001")
def closer_than_the_others() -> Finding:
    """Inside the sphere if Belarus votes with Russia more than each of five other states does, beyond chance."""
    calls = analysis.whole_texts(load(VOTES))
    leads = analysis.leads(calls, *SPHERE)
    clear, least = int((leads["low"] > 0).sum()), leads.loc[leads["lead"].idxmin()]
    verdict = "supported" if clear == len(leads) else "imprecise" if clear else "contradicted"
    reason = (
        f"In sessions opened {SPHERE[0]} to {SPHERE[1]} Belarus voted like Russia more often than {clear} of {len(leads)} other states "
        f"on the same texts, beyond chance (days resampled); smallest lead {100 * least['lead']:.1f} points ({least['state']}). "
        "Votes show company, not control; the rows show the guarantee and the joint grouping of forces."
    )
    rows = (f"{LIST}:AL-2018-BABICH", "military/agreements:A-1997-REGSEC")
    return Finding(verdict, float(least["lead"]), 0.0, str(SPHERE[1]), reason, (VOTES, *rows))


@tests("C018")
def words_swing() -> Finding:
    """Swings if in some years words to Poland are harsher than those to Russia, and in others the reverse, beyond chance."""
    frame = analysis.swings(load("alignment/icews_dyads"))
    sure = frame[frame["p"] < CLEAR]
    to_russia, to_poland = sure[sure["one"] > sure["other"]]["year"], sure[sure["one"] < sure["other"]]["year"]
    both = bool(len(to_russia)) and bool(len(to_poland))
    verdict = "imprecise" if both else "not testable"
    poland, russia = (", ".join(map(str, years)) or "no year" for years in (to_poland, to_russia))
    spoken = f"harsher to Poland in {poland}, to Russia in {russia}"
    reason = f"News events of 2002 to 2014: {spoken}. All Belarusian speakers, not the president; Poland stands for the West."
    return Finding(verdict, float(len(to_russia)), 1.0, str(frame["year"].max()), reason, ("alignment/icews_dyads",))


@tests("C144")
def neutral_on_donbas() -> Finding:
    """Neutral if Belarus abstained on Ukraine and kept its trade; partly if only one of the two."""
    votes = _own_war_votes()
    same = int((votes["belarus_position"] == votes["russia_position"]).sum())
    trade = load("trade/partners")
    ukraine = trade[(trade["reporter"] == "BLR") & (trade["partner"] == "UKR") & (trade["flow"] == "export")].set_index("year")["share"]
    before, after = ukraine.loc[2013], ukraine.loc[2019]
    kept, neutral_votes = after >= before - KEPT, same == 0
    verdict = "supported" if kept and neutral_votes else "contradicted" if not kept and same == len(votes) else "imprecise"
    reason = (
        f"Neutral in trade (Ukraine took {before:.1f} % of exports in 2013, {after:.1f} % in 2019), not in votes: "
        f"{same} of {len(votes)} texts on Crimea like Russia. No text on Donbas itself was put to the vote in those years."
    )
    return Finding(verdict, float(same), 0.0, "2020-08-23", reason, (LIST, "trade/partners"))


@tests("C150")
def crimea_in_2014() -> Finding:
    """Recognition is an act of law. Contradicted if Belarus recognised; imprecise if the list holds no statement of 2014 at all."""
    said = _aligned("AL-2014-CRIMEA")
    listed = load(LIST).set_index("id").loc["UN-68-262"]
    with_russia = listed["belarus_position"] == listed["russia_position"]
    verdict = {"yes": "contradicted", "no": "supported", "partly": "supported"}.get(said, "imprecise")
    vote = f"Belarus voted {listed['belarus_position']} the text that called the referendum invalid"
    word = "Lukashenko called Crimea Russian in fact and " if said == "partly" else ""
    act = "An act of recognition followed" if said == "yes" else "No act of recognition followed"
    reason = f"{act}, which is what the word means in law; but {word}{vote}."
    return Finding(verdict, float(with_russia), 0.0, "2014-03-27", reason, (f"{LIST}:AL-2014-CRIMEA", f"{LIST}:UN-68-262"))


@tests("C151")
def neutrality_did_not_last() -> Finding:
    """Ended if Belarusian soil was used against Ukraine after the pledge that it never would be. That it had to end no row can show."""
    listed = load(LIST).set_index("id")
    pledge, attack = listed.loc["AL-2017-PLEDGE", "date"], listed.loc["AL-2022-INVASION"]
    years = (attack["date"] - pledge).days / 365.25
    gave = str(attack["aligned"]) in ("yes", "partly")
    verdict = "imprecise" if gave and years > 0 else "contradicted"
    if verdict == "imprecise":
        reason = f"It did end, {years:.1f} years after the pledge that Belarusian soil would never be used. That it had to is not shown."
    else:
        reason = "Belarusian soil was not used against Ukraine after the pledge."
    evidence = (f"{LIST}:AL-2017-PLEDGE", f"{LIST}:AL-2022-INVASION")
    return Finding(verdict, years, 0.0, f"{attack['date']:%Y-%m-%d}", reason, evidence)
