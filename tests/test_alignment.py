"""Promises of the chapter on alignment: scores equal the published ones, comparisons are paired, verdicts follow the evidence."""

import random
from collections import defaultdict

import pandas as pd
import pytest
from evidence import copies, plain, put

from unionstate import figure, load, style
from unionstate.analysis import alignment as analysis
from unionstate.analysis import alignment_charts as charts
from unionstate.audit import alignment as audit

NAMES = ("alignment/un_roll_calls", "alignment/icews_dyads", "military/alignment", "trade/partners")


@pytest.fixture(scope="module")
def calls():
    return load("alignment/un_roll_calls")


@pytest.fixture(scope="module")
def whole(calls):
    return analysis.whole_texts(calls)


@pytest.fixture(scope="module")
def cells():
    return analysis.vote_matrix(
        *map(load, ("military/alignment", "alignment/un_roll_calls", "alignment/ukraine_votes", "military/un_votes_2025"))
    )


@pytest.fixture
def data(monkeypatch):
    return copies(monkeypatch, audit, NAMES)


# --- scores ---------------------------------------------------------------------------------------------------


def test_agreement_counted_by_hand_from_every_roll_call_of_a_year_equals_the_published_column():
    """The rule: calendar year, paragraphs in, both states voting. Counted from the file, without the code under test."""
    calls, wrong = plain("alignment/un_roll_calls"), []
    names = {code: state for code, state in analysis.CODES.items() if code != "RUS"}
    for published in (row for row in plain("alignment/un_agreement") if row["partner"] == "RUS"):
        pairs = [(c[names[published["country"]]], c["russia"]) for c in calls if c["year"] == published["year"]]
        both = [(one, two) for one, two in pairs if one and two]
        share = sum(one == two for one, two in both) / len(both)
        if len(both) != int(published["votes"]) or abs(share - float(published["identical_share"])) > 0.000051:
            wrong.append((published["country"], published["year"]))
    assert not wrong


def test_the_chapter_recomputes_the_published_years_three_point_measure_included(calls):
    years = analysis.against_published_years(calls, load("alignment/un_agreement"))
    assert len(years) > 150 and (years["votes"] == years["published_votes"]).all()
    assert (years["share"] - years["published_share"]).abs().max() < 0.000051
    assert (years["three"] - years["published_three"]).abs().max() < 0.000051


def test_a_changed_vote_breaks_the_equality(calls):
    changed = calls.copy()
    first = changed.index[(changed["year"] == 2010) & (changed["belarus"] == changed["russia"]) & (changed["russia"] == "for")][0]
    changed.loc[first, "belarus"] = "against"
    years = analysis.against_published_years(changed, load("alignment/un_agreement"))
    off = years[(years["share"] - years["published_share"]).abs() > 0.0001]
    assert off[["country", "year"]].values.tolist() == [["BLR", 2010]]


def test_by_session_scores_agree_only_without_paragraph_votes(calls):
    sessions = load("alignment/un_agreement_sessions")
    kept = analysis.against_published_sessions(calls, sessions).query("country == 'BLR'")
    everything = analysis.against_published_sessions(calls.assign(added=False), sessions).query("country == 'BLR'")
    assert (kept["gap"] < 0.000051).sum() == 12 and kept["gap"].max() < 0.04
    assert kept["gap"].sum() < everything["gap"].sum()


def test_the_lead_over_kazakhstan_is_paired_text_by_text(whole):
    """Recomputed from the file: same texts for both, sessions opened 2014 to 2019."""
    gaps = [
        (row["belarus"] == row["russia"]) - (row["kazakhstan"] == row["russia"])
        for row in plain("alignment/un_roll_calls")
        if row["added"] == "no" and 69 <= int(row["session"]) <= 74 and row["belarus"] and row["russia"] and row["kazakhstan"]
    ]
    lead = analysis.leads(whole, 2014, 2019).set_index("state").loc["Kazakhstan"]
    assert lead["votes"] == len(gaps) and lead["lead"] == pytest.approx(sum(gaps) / len(gaps))
    assert lead["low"] > 0


def test_every_way_of_counting_gives_the_late_lead(calls):
    late = analysis.sensitivity(calls).query("period == '2014–2019'")
    assert len(late) == 8 and (late["low"] > 0).all()


def test_a_state_that_never_voted_in_a_session_is_not_counted_as_abstaining(calls):
    filled = analysis.points(calls, analysis.AS_ABSTENTION)
    first = calls["session"] == 46
    assert filled.loc[first, "kazakhstan"].isna().all() and filled.loc[first, "belarus"].notna().all()


def test_kappa_agrees_with_the_textbook_formula(whole):
    pairs = [(r["belarus"], r["russia"]) for r in plain("alignment/un_roll_calls")
             if r["added"] == "no" and 69 <= int(r["session"]) <= 74 and r["belarus"] and r["russia"]]  # fmt: skip
    n = len(pairs)
    seen = sum(a == b for a, b in pairs) / n
    chance = sum(sum(a == w for a, _ in pairs) * sum(b == w for _, b in pairs) for w in analysis.POINTS) / n**2
    late = whole[analysis.opened(whole).between(2014, 2019)]
    assert analysis.kappa(late, "belarus") == pytest.approx((seen - chance) / (1 - chance))


def resampled_by_hand(pieces, draws=1500):
    """Percentile interval of a mean when whole ``pieces`` (lists of values) are drawn, without numpy or the code under test."""
    chance, means = random.Random(7), []
    for _ in range(draws):
        drawn = chance.choices(pieces, k=len(pieces))
        means.append(sum(map(sum, drawn)) / sum(map(len, drawn)))
    means.sort()
    return means[int(0.025 * draws)], means[int(0.975 * draws)]


def late_pieces(key):
    pieces = defaultdict(list)
    for row in plain("alignment/un_roll_calls"):
        if row["added"] == "no" and 69 <= int(row["session"]) <= 74 and row["belarus"] and row["russia"]:
            pieces[key(row)].append(float(row["belarus"] == row["russia"]))
    return list(pieces.values())


def test_the_interval_of_the_late_share_resamples_whole_days(whole):
    late = whole[analysis.opened(whole).between(2014, 2019)]
    share = analysis.scores(late)["belarus"]
    low, high = analysis.interval(share, analysis.days(late))
    assert (low, high) == pytest.approx(resampled_by_hand(late_pieces(lambda row: row["date"])), abs=0.012)
    narrow = analysis.interval(share)
    assert narrow == pytest.approx(resampled_by_hand(late_pieces(lambda row: row["rcid"])), abs=0.006)
    assert high - low > 1.5 * (narrow[1] - narrow[0])  # the difference that the chapter reports


def test_few_days_have_no_interval_and_equal_days_a_narrow_one():
    votes = pd.Series([1.0, 0.0] * 6)
    assert all(pd.isna(end) for end in analysis.interval(votes, pd.Series(list("aabbccddeeee"))))
    assert analysis.interval(votes, pd.Series(list("aabbccddeeff"))) == (0.5, 0.5)


def test_recurring_texts_are_told_by_title_and_untitled_ones_stand_alone(whole):
    kept = analysis.recurring(whole)
    untitled = whole["title"].fillna("") == ""
    assert untitled.sum() > 100 and kept[untitled].is_unique
    assert kept.nunique() == untitled.sum() + whole.loc[~untitled, "title"].str.strip().str.upper().nunique()


def test_every_lead_is_shown_under_every_kind_of_piece_and_only_the_interval_changes(whole):
    frame = analysis.dependence(whole, 2014, 2019)
    assert (frame.groupby("state")["lead"].nunique() == 1).all() and (frame.groupby("state")["low"].nunique() == 3).all()
    table = analysis.side_by_side(frame).set_index("over")
    low = 100 * frame.query("state == 'Poland' and pieces == 'days'")["low"].iloc[0]
    assert table.loc["Poland", "days"].startswith(f"{low:.1f} to ")


def test_the_growth_of_the_lead_is_the_difference_of_two_leads(whole):
    growth, low, high = analysis.change_in_lead(whole, "kazakhstan", (2000, 2013), (2014, 2019))
    before, after = (analysis.leads(whole, *span, ("kazakhstan",))["lead"].iloc[0] for span in ((2000, 2013), (2014, 2019)))
    assert growth == pytest.approx(after - before) and 0 < low < growth < high


def test_the_parts_of_the_change_lie_in_their_intervals(whole):
    ends = analysis.agenda_intervals(whole, "belarus", (2000, 2013), (2014, 2019))
    parts = analysis.agenda_split(whole, "belarus", (2000, 2013), (2014, 2019))
    topics = analysis.behaviour_by_topic(whole, "belarus", (2000, 2013), (2014, 2019))
    for name, value in {**parts, **topics.to_dict()}.items():
        assert ends.loc[name, "low"] - 1e-9 <= value <= ends.loc[name, "high"] + 1e-9, name
    assert ends.loc["change", "high"] > 0 > ends.loc["nuclear arms", "high"]  # what the text says of chance


# --- agenda -------------------------------------------------------------------------------------------------------


def test_agenda_and_behaviour_add_up_to_the_change(whole):
    for state in analysis.STATES:
        parts = analysis.agenda_split(whole, state, (2000, 2013), (2014, 2019))
        shares = [analysis.scores(whole)[state][analysis.opened(whole).between(*years)].mean() for years in ((2000, 2013), (2014, 2019))]
        assert parts["change"] == pytest.approx(shares[1] - shares[0])
        assert parts["agenda"] + parts["behaviour"] == pytest.approx(parts["change"])


def test_agreement_on_nuclear_arms_counted_from_the_file(whole):
    share = {}
    for period, first, last in (("2000–2013", 55, 68), ("2014–2019", 69, 74)):
        same = []
        for row in plain("alignment/un_roll_calls"):
            codes = row["issues"].split(";")
            nuclear = "nu" in codes and "hr" not in codes and "me" not in codes
            if nuclear and row["added"] == "no" and first <= int(row["session"]) <= last and row["belarus"] and row["russia"]:
                same.append(row["belarus"] == row["russia"])
        share[period] = sum(same) / len(same)
    found = analysis.topics_in_periods(whole).query("state == 'Belarus' and topic == 'nuclear arms'").set_index("period")["share"]
    assert found.to_dict() == pytest.approx(share)


def test_every_roll_call_has_one_topic_and_russias_wars_are_those_of_the_chosen_list(whole):
    found = analysis.topic(whole)
    assert found.notna().all() and set(found) == {*analysis.TOPICS.values(), analysis.OWN_CONFLICTS, analysis.OTHER}
    listed = set(analysis.war_texts(load("military/alignment"))["un_symbol"])
    assert set(whole.loc[found == analysis.OWN_CONFLICTS, "symbol"]) == listed & set(whole["symbol"])


def test_the_chosen_list_and_the_roll_calls_give_the_same_votes(whole):
    calls = {row["symbol"]: row for row in plain("alignment/un_roll_calls") if row["added"] == "no"}
    shared = [row for row in plain("military/alignment") if row["un_symbol"] in calls and row["un_symbol"]]
    assert len(shared) > 12
    for row in shared:
        call = calls[row["un_symbol"]]
        assert (row["belarus_position"], row["russia_position"]) == (call["belarus"] or "not voting", call["russia"]), row["id"]


def test_belarus_stands_further_from_the_west_than_russia_and_the_bands_part_and_meet_as_the_text_says():
    points = analysis.positions(load("alignment/ideal_points")).set_index(["year", "state"])
    years = range(1992, 2025)
    assert all(points.loc[(y, "Belarus"), "ideal_point"] < points.loc[(y, "Russia"), "ideal_point"] for y in years)
    touching = [y for y in years if points.loc[(y, "Belarus"), "high"] > points.loc[(y, "Russia"), "low"]]
    assert [y for y in touching if y >= 2014] == [2022, 2023, 2024]


def test_where_belarus_and_russia_part_in_2025_russia_stands_apart_from_most():
    parted = [r for r in plain("military/un_votes_2025") if r["belarus"] != r["russia"] and "not voting" not in (r["belarus"], r["russia"])]
    counted = {"belarus": 0, "russia": 0}
    for row in parted:
        largest = max(("for", "against", "abstain"), key=lambda vote: int(row[f"total_{vote}"]))
        for state in counted:
            counted[state] += row[state] == largest
    latest = load("military/un_votes_2025")
    both = latest[latest["symbol"].isin([row["symbol"] for row in parted])]
    assert {state: int(analysis.with_most(both, state).sum()) for state in counted} == counted
    assert counted["belarus"] > counted["russia"]


# --- Ukraine and Georgia ----------------------------------------------------------------------------------------------


def test_the_matrix_holds_the_texts_on_russias_wars_and_no_others(cells):
    issues = cells.index.get_level_values("issue")
    assert len(cells) == 45 and not issues.str.contains("Artificial|Iran|Syria|Cuba").any()
    assert {"A/RES/ES-11/4", "A/RES/80/111", "UN-77-VIDEO", "A/RES/71/290"} <= set(cells.index.get_level_values("text"))


def test_belarus_left_russia_alone_on_georgia_in_2010_to_2012_only(cells):
    apart = cells[cells["BLR"] != cells["RUS"]]
    assert [(date.year, row["BLR"]) for (date, _, _), row in apart.iterrows()] == [
        (2010, "abstain"),
        (2011, "not voting"),
        (2012, "not voting"),
    ]
    assert apart.index.get_level_values("issue").str.contains("Georgia").all()


def test_votes_in_the_matrix_are_those_of_the_tables_that_know_them(cells):
    by_text = cells.droplevel(["date", "issue"])
    for row in plain("alignment/ukraine_votes"):
        if row["country"] in analysis.COLUMNS:
            assert by_text.loc[row["symbol"], row["country"]] == row["vote"]
    for row in plain("military/un_votes_2025"):
        if row["symbol"] in by_text.index:
            assert by_text.loc[row["symbol"], ["BLR", "RUS", "CHN"]].tolist() == [row["belarus"], row["russia"], row["china"]]


def test_what_no_table_knows_stays_empty_and_is_not_an_absence(cells):
    assert (cells.loc["2020-12-07", "KAZ"] == analysis.UNKNOWN).all() and (cells.loc["2017-06-01", "KAZ"] == analysis.NOT_VOTING).all()


def test_the_heatmap_uses_only_colours_that_follow_the_dark_theme(cells):
    with style.canvas(height=9) as (fig, ax):
        charts.matrix(ax, cells)
    svg = figure(
        fig,
        "alignment-try",
        "A matrix of votes drawn for a test.",
        charts.say_matrix(cells),
        cells.reset_index(),
        load("military/alignment"),
    ).svg
    bare = pd.Series([part[:7].lower() for part in svg.replace("var(--us-", "(").split("#")[1:] if len(part) > 6])
    colours = {"#" + part[:6] for part in bare if all(c in "0123456789abcdef" for c in part[:6])}
    assert colours and colours <= set(style.VARIABLES)


# --- where it costs, and words ------------------------------------------------------------------------------------------


def test_every_costly_row_exists_and_no_vote_is_among_them():
    listed = load("military/alignment")
    chosen = [row for lane in analysis.LANES.values() for row in lane]
    lanes = analysis.lanes(listed)
    assert sorted(lanes["id"]) == sorted(chosen) and len(set(chosen)) == len(chosen)
    assert lanes["date"].is_monotonic_increasing and not lanes["issue"].str.contains("resolution").any()


def test_holms_adjustment_done_by_hand():
    from scipy.stats import fisher_exact

    events = defaultdict(dict)
    for row in plain("alignment/icews_dyads"):
        if row["actor"] == "BLR" and row["target"] in ("RUS", "POL"):
            events[int(row["year"])][row["target"]] = [int(row["verbal_conflict"]), int(row["verbal_cooperation"])]
    raw = {year: fisher_exact([pair["RUS"], pair["POL"]])[1] for year, pair in events.items()}
    worst, adjusted = 0.0, {}
    for left, year in zip(range(len(raw), 0, -1), sorted(raw, key=raw.get), strict=True):
        worst = max(worst, min(1.0, raw[year] * left))
        adjusted[year] = worst
    found = analysis.swings(load("alignment/icews_dyads")).set_index("year")["p"]
    assert found.to_dict() == pytest.approx(adjusted)


# --- verdicts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (audit.closer_than_the_others, "supported"),
        (audit.words_swing, "imprecise"),
        (audit.neutral_on_donbas, "imprecise"),
        (audit.crimea_in_2014, "supported"),
        (audit.neutrality_did_not_last, "imprecise"),
    ],
)
def test_the_verdicts_of_today(data, test, expected):
    assert test().verdict == expected


def test_the_sphere_is_lost_when_kazakhstan_copies_russia_and_everyone_does(data):
    calls = data["alignment/un_roll_calls"]
    calls["kazakhstan"] = calls["russia"]
    assert audit.closer_than_the_others().verdict == "imprecise"
    for state in list(analysis.STATES)[1:]:
        calls[state] = calls["russia"]
    assert audit.closer_than_the_others().verdict == "contradicted"


def test_words_that_never_turn_on_russia_do_not_swing(data):
    events = data["alignment/icews_dyads"]
    events.loc[events["target"].astype(str) == "RUS", "verbal_conflict"] = 0
    assert audit.words_swing().verdict == "not testable"


def test_neutrality_follows_the_votes_and_the_trade(data):
    listed, trade = data["military/alignment"], data["trade/partners"]
    about_ukraine = analysis.war_texts(listed)["id"]
    kept = listed["belarus_position"].copy()
    listed.loc[listed["id"].isin(about_ukraine), "belarus_position"] = "abstain"
    assert audit.neutral_on_donbas().verdict == "supported"
    listed["belarus_position"] = kept
    trade.loc[(trade["reporter"].astype(str) == "BLR") & (trade["partner"].astype(str) == "UKR") & (trade["year"] == 2019), "share"] = 1.0
    assert audit.neutral_on_donbas().verdict == "contradicted"


def test_crimea_in_2014_turns_on_an_act_of_recognition_and_says_the_word_and_the_vote(data):
    listed = data["military/alignment"]
    assert "Russian in fact" in audit.crimea_in_2014().reason and "voted against" in audit.crimea_in_2014().reason
    put(listed, "AL-2014-CRIMEA", "aligned", "no")
    put(listed, "UN-68-262", "belarus_position", "abstain")
    found = audit.crimea_in_2014()
    assert found.verdict == "supported" and "in fact" not in found.reason and "voted abstain" in found.reason
    put(listed, "AL-2014-CRIMEA", "aligned", "yes")
    assert audit.crimea_in_2014().verdict == "contradicted"


def test_neutrality_lasted_if_the_territory_was_not_given(data):
    put(data["military/alignment"], "AL-2022-INVASION", "aligned", "no")
    assert audit.neutrality_did_not_last().verdict == "contradicted"
