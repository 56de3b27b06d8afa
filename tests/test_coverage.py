"""No silent gap in a yearly series, and no silent distance between two sources of one quantity."""

import csv

import pandas as pd
import pytest

from unionstate import coverage, load
from unionstate.analysis import reconcile
from unionstate.package import data_dir


def test_every_gap_is_listed():
    pd.testing.assert_frame_equal(coverage.gaps(), pd.read_csv(data_dir() / "gaps.csv", dtype=str, keep_default_na=False))


def test_a_lost_year_shows_as_a_gap(monkeypatch):
    whole = load("energy/gas_trade")
    monkeypatch.setattr(coverage.tables, "load", lambda name: whole[whole["year"] != 2019] if name == "energy/gas_trade" else load(name))
    found = coverage.gaps()
    assert found[found["table"] == "energy/gas_trade"][["first", "last", "missing"]].values.tolist() == [["2014", "2024", "2019"]]


def test_the_budget_year_that_no_source_gives_is_listed():
    gaps = load("gaps").set_index("table")
    assert gaps.loc["integration/union_budget", "missing"] == "2005"


def test_each_year_of_the_union_budget_has_one_primary_row():
    budget = load("integration/union_budget")
    assert budget.groupby("year")["primary"].sum().eq(1).all()


@pytest.mark.parametrize("years, text", [([2000], "2000"), ([2000, 2001, 2002], "2000-2002"), ([1999, 2001, 2002], "1999 2001-2002")])
def test_missing_years_read_as_spans(years, text):
    assert coverage.spans(years) == text


@pytest.mark.parametrize("pair", reconcile.PAIRS)
def test_two_sources_of_one_quantity_stay_within_their_known_distance(pair):
    found = reconcile.differences(pair)
    assert len(found) >= 4
    assert found["difference"].abs().median() <= reconcile.PAIRS[pair].limit


def test_contract_metres_are_always_more_than_standard_metres():
    assert (reconcile.differences("gas-volume")["difference"] > 0).all()


def test_russia_records_less_from_belarus_than_belarus_records():
    assert (reconcile.differences("exports-mirror")["difference"] > 0).all()


def test_a_difference_is_what_the_two_files_give_by_hand():
    with open(data_dir() / "energy" / "gas_trade.csv", encoding="utf-8", newline="") as handle:
        trade = {row["year"]: float(row["volume"]) for row in csv.DictReader(handle)}
    with open(data_dir() / "energy" / "gas_volumes.csv", encoding="utf-8", newline="") as handle:
        (belstat,) = [float(row["value"]) for row in csv.DictReader(handle) if row["series"] == "Gas imports from Russia (Belstat)"]
    found = reconcile.differences("gas-volume").set_index("year")["difference"][2014]
    assert found == pytest.approx(100 * (belstat / trade["2014"] - 1))


def test_both_readings_of_the_contestable_codings_stand_in_the_tables():
    promises = load("integration/commitments")
    means = {
        "as coded": promises.loc[promises["in_package"], "score"].mean(),
        "strict": promises.loc[promises["in_package"], "score_strict"].mean(),
        "generous": promises.loc[promises["in_package_generous"], "score_generous"].mean(),
    }
    assert means["strict"] < means["as coded"] < means["generous"]
    assert (promises["score_strict"] <= promises["score"]).all() and (promises["score"] <= promises["score_generous"]).all()
    disputes = load("energy/disputes").set_index("id")
    assert (disputes["initiator"].astype(str) != disputes["first_breach"].astype(str)).any()
    assert disputes.loc["D14", "first_breach"] == "Belarus" and disputes.loc["D14", "first_coercion"] == "Russia"
    assert (disputes["russia_conceded_strict"] <= disputes["russia_conceded"]).all()
    assert (disputes["belarus_conceded_strict"] <= disputes["belarus_conceded"]).all()
