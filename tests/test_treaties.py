"""The promises of the treaties chapter: blanks are explained, waits are estimated right, verdicts follow the data."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from unionstate import load
from unionstate.analysis import stats
from unionstate.analysis import treaties as tr
from unionstate.audit import treaties as audit


@pytest.fixture
def treaties():
    return load("integration/treaties")


def test_every_missing_entry_into_force_is_explained(treaties):
    dated = treaties["entry"] == "dated"
    assert dated.equals(treaties["in_force"].notna())
    forms = treaties.groupby("entry", observed=True)["kind"].agg(lambda kinds: set(kinds.astype(str)))
    assert forms["date not found"] <= {"treaty", "agreement", "charter"}
    assert forms["not applicable"] <= {"declaration", "programme", "doctrine", "decree"}
    never = treaties[treaties["entry"] == "never"]
    assert not never["status_2026"].isin(["in force", "partly implemented"]).any()


def test_every_project_without_date_and_not_implemented_counts_as_never(treaties):
    blank = treaties[treaties["in_force"].isna() & (treaties["status_2026"] == "not implemented")]
    assert len(blank) and (blank["entry"] == "never").all()


def test_a_replacement_is_a_row_of_the_table_and_comes_later(treaties):
    signed = treaties.set_index("id")["signed"]
    replaced = treaties[treaties["replaced_by"] != ""]
    assert len(replaced) and (replaced["entry"] == "never").all()
    assert (replaced["signed"] < replaced["replaced_by"].map(signed)).all()


def test_a_companion_shares_the_entry_of_the_text_it_accompanies(treaties):
    rows = treaties.set_index("id")
    companions = rows[rows["companion_of"] != ""]
    leading = rows.loc[companions["companion_of"]]
    assert len(companions) and (leading["companion_of"] == "").all()
    assert list(companions["entry"].astype(str)) == list(leading["entry"].astype(str))
    assert list(companions["in_force"].astype(str)) == list(leading["in_force"].astype(str))


def test_a_latest_day_stands_only_where_no_date_is_known_and_narrows_the_bound(treaties):
    limited = treaties[treaties["in_force_by"].notna()]
    assert len(limited) and (limited["entry"] == "date not found").all() and (limited["in_force_by"] >= limited["signed"]).all()
    latest = tr.waits(treaties).set_index("id")["latest"]
    for row in limited.itertuples():
        assert latest[row.id] == (row.in_force_by - row.signed).days
    assert tr.waits(treaties.assign(in_force_by=pd.NaT)).set_index("id")["latest"][limited["id"]].gt(latest[limited["id"]]).all()


def test_only_contestable_codings_are_turned_round(treaties):
    for entry, other in (("never", "date not found"), ("date not found", "never")):
        turned = treaties["entry"].astype(str) != tr.recode(treaties, entry, other)["entry"].astype(str)
        assert turned.any() and treaties.loc[turned, "contestable"].all()
        assert set(treaties.loc[turned, "entry"]) == {entry}


def test_the_groups_by_parties_say_how_much_of_each_is_unknown(treaties):
    law = tr.waits(treaties).query("treaty_law")
    groups = tr.lag_by_parties(law)
    assert groups["texts"].sum() == len(law) and groups["missing"].sum() == (law["entry"] == "date not found").sum()
    assert (groups["low"] <= groups["median"]).all() and (groups["median"] <= groups["high"]).all()
    dated = law[(law["entry"] != "date not found") & ~law["bilateral"]]
    assert (dated["entry"] == "dated").all() and groups.loc["multilateral", "median"] == np.median(dated["latest"])


def test_the_survival_estimate_agrees_with_counting_by_hand(treaties):
    waits = tr.waits(treaties)
    rows = tr.spells(waits[waits["treaty_law"]])
    curve = stats.survival(rows["days"], rows["observed"]).set_index("time")["share"]
    share = Fraction(1)
    for day in sorted(set(rows.loc[rows["observed"], "days"])):
        waiting = sum(d >= day for d in rows["days"])
        entered = sum(d == day and o for d, o in zip(rows["days"], rows["observed"], strict=True))
        share *= Fraction(waiting - entered, waiting)
        assert curve[day] == pytest.approx(float(share))


def test_the_band_encloses_the_curve_and_the_curve_falls():
    rng = np.random.default_rng(7)
    curve = stats.survival(rng.exponential(100, 60), rng.random(60) < 0.7)
    inner = curve.dropna()
    assert (inner["low"] <= inner["share"]).all() and (inner["share"] <= inner["high"]).all()
    assert curve["share"].is_monotonic_decreasing and curve["at_risk"].is_monotonic_decreasing


@pytest.mark.parametrize("size", [1, 2, 5, 8, 21, 30])
def test_without_censoring_the_survival_median_is_the_ordinary_median(size):
    days = np.random.default_rng(size).integers(0, 40, size)
    assert stats.survival_median(days, np.ones(size)) == pytest.approx(np.median(days))


@pytest.mark.parametrize("seed", range(8))
def test_the_survival_median_is_where_the_curve_reaches_one_half(seed):
    rng = np.random.default_rng(seed)
    days, seen = rng.exponential(100, 25), rng.random(25) < 0.6
    reached = stats.survival(days, seen).query("share <= 0.5")
    expected = reached["time"].iloc[0] if len(reached) else np.inf
    assert stats.survival_median(days, seen) == pytest.approx(expected)


def test_those_still_waiting_lengthen_the_median():
    assert stats.survival_median([1, 2, 3, 4, 5], [1, 1, 1, 1, 1]) == 3
    assert stats.survival_median([1, 2, 3, 4, 5, 9, 9, 9], [1, 1, 1, 1, 1, 0, 0, 0]) == 4.5
    assert stats.survival_median([1, 9, 9], [1, 0, 0]) == np.inf


def test_a_bootstrap_interval_is_the_same_on_every_run_and_can_be_open():
    days = np.arange(20.0)
    assert stats.bootstrap_interval(days) == stats.bootstrap_interval(days)
    low, high = stats.bootstrap_interval(days)
    assert low < 9.5 < high
    _, high = stats.bootstrap_interval([1, 2, 9, 9, 9], [1, 1, 0, 0, 1], statistic=stats.survival_median)
    assert high == np.inf
    with pytest.raises(ValueError, match="at least two"):
        stats.bootstrap_interval([1.0])


def test_rates_have_the_exact_intervals_of_the_textbook():
    assert stats.rate_interval(10, 1) == pytest.approx((4.7954, 18.3904), abs=1e-4)
    assert stats.rate_interval(0, 2) == pytest.approx((0, 3.6889 / 2), abs=1e-4)
    assert stats.compare_rates(3, 1, 3, 1) == 1 and stats.compare_rates(0, 1, 10, 1) == pytest.approx(2 / 2**10)


def test_the_bounds_enclose_what_dates_could_show(treaties):
    waits = tr.waits(treaties)
    assert (waits["earliest"] >= 0).all() and (waits["earliest"] <= waits["latest"]).all()
    known = waits[waits["entry"] != "date not found"]
    assert (known["earliest"] == known["latest"]).all()
    rng = np.random.default_rng(3)
    law = waits[waits["treaty_law"]]
    low, high = (tr.median_lag(tr.spells(law, way))["median"] for way in ("at once", "at the end"))
    for _ in range(20):
        days = law["earliest"] + (law["latest"] - law["earliest"]) * rng.random(len(law))
        assert low <= stats.survival_median(days, law["entry"] != "never") <= high


def test_rows_without_date_never_pass_for_treaties_still_waiting(treaties):
    rows = tr.spells(tr.waits(treaties))
    assert set(rows.loc[~rows["observed"], "entry"]) == {"never"}
    assert "friendship-1995" not in set(rows["id"])
    with pytest.raises(ValueError, match="left out"):
        tr.spells(tr.waits(treaties), "ignored")


def test_a_new_date_moves_a_treaty_from_unknown_to_dated(treaties):
    changed = treaties.copy()
    row = changed["id"] == "friendship-1995"
    changed.loc[row, "in_force"] = pd.Timestamp("1995-08-26")
    changed.loc[row, "entry"] = "dated"
    rows = tr.spells(tr.waits(changed)).set_index("id")
    assert rows.loc["friendship-1995", "days"] == 186 and rows.loc["friendship-1995", "observed"]


def test_rough_dates_move_inside_their_period_and_exact_ones_stay(treaties):
    short, long = tr.stretched(treaties, "shortest"), tr.stretched(treaties, "longest")
    for column in tr.DATES:
        exact = (treaties[f"{column}_precision"] == "day").to_numpy()
        assert short.loc[exact, column].equals(treaties.loc[exact, column])
    assert str(long.set_index("id").loc["eurasec-2000", "in_force"].date()) == "2001-05-31"
    assert str(short.set_index("id").loc["military-doctrine-2001", "signed"].date()) == "2001-12-31"


def test_every_signature_is_counted_once(treaties):
    milestones = load("integration/milestones")
    counts = tr.per_year(treaties, milestones)
    assert counts[["signed_bilateral", "signed_multilateral"]].to_numpy().sum() == treaties["signed"].notna().sum()
    assert counts[["closer", "mixed", "apart"]].to_numpy().sum() == len(milestones)
    first, last = treaties["signed"].min(), tr.end_of_observation(treaties)
    spans = tr.pace(treaties, [first, pd.Timestamp("2002-08-14"), pd.Timestamp("2018-12-13"), last])
    assert spans["all"].sum() == treaties["signed"].notna().sum()


def _with(monkeypatch, change):
    """Let the verdicts read the treaty table as changed by ``change``."""

    def changed(name):
        frame = load(name)
        return change(frame.copy()) if name == "integration/treaties" else frame

    monkeypatch.setattr(audit, "load", changed)


def test_a_changed_date_turns_the_verdict(monkeypatch):
    assert audit.union_state_in_force().verdict == "supported"
    assert audit.founded_in_1999().verdict == "imprecise"

    def earlier(frame):
        frame.loc[frame["id"] == "union-state-1999", "in_force"] = pd.Timestamp("1999-12-26")
        return frame

    _with(monkeypatch, earlier)
    assert audit.union_state_in_force().verdict == "contradicted"
    assert audit.founded_in_1999().verdict == "supported"


def test_the_verdict_on_the_purpose_follows_the_parties(monkeypatch):
    assert audit.whose_union().verdict == "supported"

    def wider(frame):
        frame.loc[frame["id"] == "union-state-1999", "parties"] = "Belarus; Poland"
        return frame

    _with(monkeypatch, wider)
    assert audit.whose_union().verdict == "contradicted"


def test_the_verdict_on_the_retreat_follows_the_counts(monkeypatch):
    assert audit.retreat_after_2002().verdict == "imprecise"
    _with(monkeypatch, lambda f: f[(f["signed"] >= "2002-08-14") | (f["id"] == "union-state-1999")])
    assert audit.retreat_after_2002().verdict == "contradicted"


def test_the_verdict_on_economic_acts_follows_their_share(monkeypatch):
    assert audit.chiefly_economic().verdict == "not testable"

    def economic(frame):
        frame["policy_area"] = "economic"
        return frame

    _with(monkeypatch, economic)
    assert audit.chiefly_economic().verdict == "supported"


def test_a_delivered_package_contradicts_the_claim_of_failure(monkeypatch):
    assert audit.package_carried_out().verdict == "supported"

    def delivered(frame):
        frame["status_2026"] = "in force"
        return frame

    _with(monkeypatch, delivered)
    assert audit.package_carried_out().verdict == "contradicted"
