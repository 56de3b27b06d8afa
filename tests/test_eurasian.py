"""The promises of the chapter on Eurasian unions: spells are whole, counts agree with the CSV, verdicts follow the data."""

from datetime import date

import pandas as pd
import pytest
from evidence import plain

from unionstate import load
from unionstate.analysis import eurasian as ea
from unionstate.analysis import stats
from unionstate.audit import eurasian as audit
from unionstate.audit import verdicts

END = pd.Timestamp("2026-02-26")


@pytest.fixture
def memberships():
    return load("integration/memberships")


# --- the table ------------------------------------------------------------------------------------------------


def test_a_spell_ends_after_it_begins(memberships):
    ended = memberships[memberships["end"].notna()]
    assert len(ended) and (ended["end"] > ended["start"]).all()
    assert memberships["end"].notna().equals(memberships["end_precision"].notna())


def test_a_state_has_one_counted_status_at_a_time_in_an_organisation(memberships):
    counted = memberships[memberships["used"].astype(bool)].sort_values("start")
    for _, lane in counted.groupby(["organisation", "state"], observed=True):
        assert lane["end"].iloc[:-1].notna().all()
        assert (lane["start"].iloc[1:].to_numpy() >= lane["end"].iloc[:-1].to_numpy()).all()


def test_a_rival_reading_is_marked_contestable_and_has_a_counted_row_beside_it(memberships):
    rivals = memberships[~memberships["used"].astype(bool)]
    counted = memberships[memberships["used"].astype(bool)].groupby(["organisation", "state"], observed=True).size()
    assert len(rivals) and rivals["contestable"].all() and (rivals["note"] != "").all()
    assert all((row.organisation, row.state) in counted.index for row in rivals.itertuples())


def test_dates_agree_with_those_of_the_treaty_table(memberships):
    treaties, rows = load("integration/treaties").set_index("id"), memberships.set_index("id")
    for treaty, spell in [
        ("cst-1992", "csto-rus"),
        ("union-state-1999", "union-state-blr"),
        ("eaeu-2014", "eaeu-blr"),
        ("ses-2010", "ses-blr"),
    ]:
        assert treaties.loc[treaty, "in_force"] == rows.loc[spell, "start"]
    assert treaties.loc["customs-territory-2007", "signed"] == rows.loc["customs-union-blr-signed", "start"]


def test_ukraine_is_never_a_member_of_the_commonwealth(memberships):
    held = memberships[(memberships["organisation"] == "CIS") & (memberships["state"] == "UKR")]
    assert set(held["status"]) == {"participant"}


# --- numbers, counted another way -----------------------------------------------------------------------------


def members_by_hand(state: str, day: date) -> set[str]:
    found = set()
    for row in plain("integration/memberships"):
        if (row["state"], row["status"], row["used"]) != (state, "member", "yes") or date.fromisoformat(row["start"]) > day:
            continue
        if not row["end"] or date.fromisoformat(row["end"]) > day:
            found.add(row["organisation"])
    return found


@pytest.mark.parametrize("state", ["BLR", "KAZ", "ARM", "UZB", "UKR"])
@pytest.mark.parametrize("year", [1995, 2007, 2012, 2016, 2025])
def test_shared_memberships_agree_with_counting_rows_by_hand(memberships, state, year):
    day = date(year, 7, 1)
    by_hand = len(members_by_hand(state, day) & members_by_hand("RUS", day))
    counted = ea.shared_with(memberships, "RUS", range(year, year + 1)).set_index("state")["shared"]
    assert counted[state] == by_hand


def test_belarus_differs_from_kazakhstan_by_the_union_state_and_the_wto():
    today = END.date()
    assert members_by_hand("BLR", today) ^ members_by_hand("KAZ", today) == {"Union State", "WTO"}


def test_growth_and_rank_in_shared_organisations_agree_with_the_csv():
    table = {(r["country"], int(r["year"])): int(r["shared"]) for r in plain("integration/shared_igos") if r["partner"] == "RUS"}
    states = {country for country, _ in table}
    igos = load("integration/shared_igos")
    grown = {state: table[state, 2000] - table[state, 1995] for state in states}
    assert ea.growth(igos, "RUS", 1995, 2000).to_dict() == grown
    assert min(grown, key=grown.get) == "BLR"
    order = sorted(states, key=lambda state: -table[state, 2014])
    assert ea.rank_of(igos, "RUS", "BLR", 2014) == (order.index("BLR") + 1, len(order))
    assert {"POL", "LTU"} < set(order[: order.index("BLR")])  # "behind Poland and Lithuania"


def test_disagreement_on_defence_agrees_with_a_symmetric_difference_of_sets():
    says = {name: set() for name in ("ATOP", "COW")}
    for row in plain("integration/alliance_obligations"):
        if row["defence"] == "yes" and int(row["year"]) <= 2012:
            says[row["data_set"]].add((row["country"], row["partner"], row["year"]))
    compared = ea.disagreement(load("integration/alliance_obligations"), "defence")
    assert (compared["ATOP"] != compared["COW"]).sum() == len(says["ATOP"] ^ says["COW"])
    assert len(compared) == 9 * 21  # nine pairs, 1992 to 2012


def test_a_run_of_years_breaks_where_a_year_is_missing():
    rows = load("integration/alliance_obligations")
    pair = rows[(rows["data_set"] == "ATOP") & (rows["country"] == "BLR") & (rows["partner"] == "RUS")]
    broken = ea.spells(pair[pair["year"] != 2000])
    defence = broken[broken["obligation"] == "defence"]
    assert list(zip(defence["first"], defence["last"], strict=True)) == [(1993, 1999), (2001, 2018)]


def test_the_wait_of_those_not_in_runs_to_the_end_of_observation(memberships):
    wait = ea.way_into(memberships, "WTO", END).set_index("state")
    applied = {r["state"]: r for r in plain("integration/memberships") if r["id"].startswith("wto-") and r["status"] == "applicant"}
    assert set(wait.index[~wait["entered"]]) == {state for state, row in applied.items() if not row["end"]}
    assert wait.loc["BLR", "years"] == pytest.approx((END.date() - date.fromisoformat(applied["BLR"]["start"])).days / 365.25)


def test_the_cut_of_the_tariff_is_the_difference_of_two_published_averages():
    values = {r["id"]: float(r["tariff"]) for r in plain("integration/tariff_levels")}
    pairs = ea.tariff_pairs(load("integration/tariff_levels")).set_index("product_group")
    assert pairs.loc["all goods", "cut"] == pytest.approx(values["rus-all-2011"] - values["rus-all-bound"])
    assert pairs.loc["dairy products", "cut"] == pytest.approx(values["rus-dairy-2011"] - values["rus-dairy-bound"])
    assert len(pairs) == sum(id.startswith("rus-") and id.endswith("-bound") for id in values)
    deepest = max(
        (id for id in values if id.endswith("-bound") and id.startswith("rus-")), key=lambda id: values[id[:-5] + "2011"] - values[id]
    )
    assert deepest == "rus-wood-paper-bound" and pairs["cut"].idxmax() == "wood and paper"  # the chapter names the group


def test_desta_has_no_agreement_of_the_two_alone_from_1996_to_1998():
    years = [int(r["signed"]) for r in plain("integration/trade_agreements") if r["states"] == "BLR; RUS" and r["kind"] == "treaty"]
    texts = ea.two_party_texts(load("integration/trade_agreements"), load("integration/treaties"))
    assert sorted(years) == [1992, 1995, 1999]
    assert texts["desta"].sum() == len(years)
    assert texts.set_index("year").loc[[1996, 1997, 1998], "book"].min() > 0


def test_the_agreements_of_the_economic_space_are_counted_by_their_day():
    days = [r["signed"] for r in plain("integration/ses_agreements")]
    assert audit.signed_on_one_day().value == pytest.approx(days.count("2010-12-09") / len(days))
    assert audit.seventeen_agreements().value == len(days) == 4 + 13  # as the Belarusian foreign ministry counted in 2010


def test_a_day_that_was_inferred_is_said_to_be_inferred(monkeypatch):
    guessed = [r for r in plain("integration/ses_agreements") if (r["signed"], r["signed_basis"]) == ("2010-12-09", "inferred")]
    assert f"{len(guessed)} of them by inference" in audit.signed_on_one_day().reason
    put(monkeypatch, audit.AGREEMENTS, lambda frame: frame.assign(signed_basis="seen"))
    assert "inference" not in audit.signed_on_one_day().reason


def test_days_late_agree_with_the_calendar():
    rows = {r["id"]: r for r in plain("integration/customs_union_steps")}
    late = ea.delays(load("integration/customs_union_steps")).set_index("id")["days"]
    assert set(late.index) == {id for id, r in rows.items() if r["planned"]}
    assert all(n == (date.fromisoformat(rows[id]["date"]) - date.fromisoformat(rows[id]["planned"])).days for id, n in late.items())
    assert late["cu-code-three-2010"] == 5  # 1 July was planned, 6 July came
    assert "cu-posts-2011" not in late.index  # each of the two borders had a planned day of its own


def test_the_median_wait_agrees_with_the_middle_of_the_sorted_waits(memberships):
    """Both states outside have waited longest, so the middle of eight lies among entries and needs no estimate of survival."""
    wait = ea.way_into(memberships, "WTO", END)
    days = []
    for row in plain("integration/memberships"):
        if row["organisation"] == "WTO" and row["status"] == "applicant":
            until = date.fromisoformat(row["end"]) if row["end"] else END.date()
            days.append((until - date.fromisoformat(row["start"])).days)
    middle = sorted(days)[len(days) // 2 - 1 : len(days) // 2 + 1]
    assert len(days) == 8
    assert stats.survival_median(wait["years"], wait["entered"]) == pytest.approx(sum(middle) / 2 / 365.25)


def test_a_membership_counts_on_its_first_day_and_not_on_its_last(memberships):
    held = lambda day: set(ea.on_day(memberships, pd.Timestamp(day))["id"])  # noqa: E731
    assert "ses-blr" not in held("2011-12-31") and "ses-blr" in held("2012-01-01")
    assert "ses-blr" in held("2014-12-31") and "ses-blr" not in held("2015-01-01")


# --- verdicts -------------------------------------------------------------------------------------------------


def put(monkeypatch, name: str, change):
    """Let the audit see table ``name`` changed."""
    whole = load
    monkeypatch.setattr(audit, "load", lambda asked: change(whole(asked).copy()) if asked == name else whole(asked))


def test_every_claim_of_the_chapter_has_a_verdict_resting_on_rows_that_exist():
    found = verdicts("integration/eurasian")
    assert len(found) == (load("source-page/claims")["chapter"] == "integration/eurasian").sum()
    for verdict in found:
        for place in verdict.evidence:
            name, _, row = place.partition(":")
            assert not row or row in set(load(name)["id"]), place


def test_a_changed_membership_changes_the_verdict(monkeypatch):
    assert audit.belarus_in_the_csto().verdict == "supported"
    left = lambda frame: frame.assign(end=frame["end"].mask(frame["id"] == "csto-blr", pd.Timestamp("2025-01-01")))  # noqa: E731
    put(monkeypatch, "integration/memberships", left)
    assert audit.belarus_in_the_csto().verdict == "overtaken"
    put(monkeypatch, "integration/memberships", lambda frame: frame[frame["id"] != "csto-blr"])
    assert audit.belarus_in_the_csto().verdict == "contradicted"


def test_a_belarusian_entry_into_the_wto_would_change_the_claim(monkeypatch):
    assert audit.belarus_outside_the_wto().verdict == "supported"

    def enters(day):
        def change(frame):
            row = frame[frame["id"] == "wto-blr-applicant"].assign(id="wto-blr", status="member", start=pd.Timestamp(day))
            return pd.concat([frame, row])

        return change

    put(monkeypatch, "integration/memberships", enters("2025-06-01"))  # after the page was last changed
    assert audit.belarus_outside_the_wto().verdict == "overtaken"
    put(monkeypatch, "integration/memberships", enters("2019-06-01"))  # before
    assert audit.belarus_outside_the_wto().verdict == "contradicted"


@pytest.mark.parametrize(
    "id, day, function, verdict",
    [
        ("cu-package-2009", "2009-12-10", audit.concluded_in_december_2009, "supported"),
        ("cu-statement-2009", "2010-01-10", audit.concluded_in_december_2009, "contradicted"),
        ("cu-tariff-2010", "2010-07-01", audit.due_in_july_2010, "supported"),
        ("cu-code-two-2010", "2010-07-06", audit.in_effect_on_6_july, "supported"),
        ("cu-code-three-2010", "2010-08-06", audit.in_effect_on_6_july, "contradicted"),
        ("cu-posts-2011", "2011-08-01", audit.posts_until_july_2011, "contradicted"),
    ],
)
def test_a_changed_step_changes_the_verdict(monkeypatch, id, day, function, verdict):
    before = function().verdict
    put(monkeypatch, audit.STEPS, lambda frame: frame.assign(date=frame["date"].mask(frame["id"] == id, pd.Timestamp(day))))
    assert function().verdict == verdict != before


def test_changed_agreements_change_the_verdicts(monkeypatch):
    put(monkeypatch, audit.AGREEMENTS, lambda frame: frame.assign(signed=pd.Timestamp("2010-12-09")))
    assert audit.signed_on_one_day().verdict == audit.seventeen_agreements().verdict == "supported"
    put(monkeypatch, audit.AGREEMENTS, lambda frame: frame.iloc[1:])
    assert audit.seventeen_agreements().verdict == "contradicted"
    put(monkeypatch, audit.AGREEMENTS, lambda frame: frame.assign(in_force=frame["in_force"] + pd.Timedelta(days=1)))
    assert audit.space_since_2012().verdict == "contradicted"


def test_another_year_of_entry_of_russia_would_contradict_the_page(monkeypatch):
    assert audit.russia_in_the_wto_in_2012().verdict == "supported"
    later = lambda frame: frame.assign(start=frame["start"].mask(frame["id"] == "wto-rus", pd.Timestamp("2013-08-22")))  # noqa: E731
    put(monkeypatch, "integration/memberships", later)
    assert audit.russia_in_the_wto_in_2012().verdict == "contradicted"


def test_without_restrictions_movement_would_count_as_free(monkeypatch):
    assert audit.free_movement().verdict == "imprecise"
    put(monkeypatch, audit.RESTRICTIONS, lambda frame: frame[frame["start"] < "2012-01-01"])
    assert audit.free_movement().verdict == "supported"
