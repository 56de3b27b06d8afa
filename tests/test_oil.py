"""What the oil chapter promises, recomputed another way."""

import csv
import statistics
from datetime import date

import pandas as pd
import pytest
from evidence import plain

from unionstate import audit, load
from unionstate.analysis import oil as o
from unionstate.audit import oil as audit_oil
from unionstate.package import data_dir


@pytest.fixture(scope="module")
def rows():
    return {row["id"]: row for row in plain("energy/oil")}


@pytest.fixture(scope="module")
def brent():
    with open(data_dir() / "energy" / "benchmark_prices.csv", encoding="utf-8", newline="") as handle:
        return {row["month"]: float(row["brent"]) for row in csv.DictReader(handle) if row["brent"]}


@pytest.fixture(scope="module")
def tables():
    return load("energy/oil"), load("energy/benchmark_prices"), load("energy/oil_duty_law"), load("energy/energy_balance")


@pytest.fixture(scope="module")
def months(tables):
    oil, pink, law, _ = tables
    return o.monthly(oil, pink, law)


@pytest.fixture(scope="module")
def by_year(tables, months):
    oil, _, _, balance = tables
    return o.yearly(months, oil, o.volume(oil, balance)).set_index("year")


# --- the formula ----------------------------------------------------------------------------------------------


def test_the_law_turns_each_published_price_into_the_rate_that_followed(tables):
    """Each version of the formula has at least one published pair; a wrong slope would miss it by dollars."""
    oil, _, law, _ = tables
    check = o.law_check(oil, law)
    assert len(check) > 20
    assert (check["law"] - check["stated"]).abs().max() < 0.3
    covered = {o.version(law, month)["id"] for month in check["month"]}
    assert set(law["id"]) == covered


@pytest.mark.parametrize(
    "urals, month, by_hand",
    [
        (109.83196, "2013-09", 29.2 + 0.60 * (109.83196 * 7.3 - 182.5)),
        (58.15, "2015-04", 29.2 + 0.42 * (58.15 * 7.3 - 182.5)),
        (83.06, "2022-09", 0.333 * (29.2 + 0.30 * (83.06 * 7.3 - 182.5))),
        (19.91, "2020-06", 0.667 * 0.35 * (19.91 * 7.3 - 109.5)),
        (22.0, "2009-01", 12.775 + 0.45 * (22.0 * 7.3 - 146)),
        (14.0, "2020-05", 0.0),
    ],
)
def test_the_duty_is_the_broken_line_of_the_law(tables, urals, month, by_hand):
    row = o.version(tables[2], pd.Timestamp(month))
    assert o.duty(urals, row) == pytest.approx(by_hand, abs=0.02)
    assert by_hand == 0 or o.price_of(by_hand, row) == pytest.approx(urals, abs=0.02)


def test_a_month_before_the_first_version_is_refused(tables):
    with pytest.raises(ValueError, match="July 2004"):
        o.version(tables[2], pd.Timestamp("2004-07-01"))


def test_two_month_rates_follow_the_two_months_before_the_last():
    """The rate of April 2005 followed January and February, as its source says; May kept it."""
    january, february = pd.Timestamp("2005-01-01"), pd.Timestamp("2005-02-01")
    assert set(o.monitored(pd.Timestamp("2005-04-01"))) == set(o.monitored(pd.Timestamp("2005-05-01"))) == {january, february}
    assert set(o.monitored(pd.Timestamp("2015-04-01"))) == {pd.Timestamp("2015-02-01"), pd.Timestamp("2015-03-01")}


def test_rates_that_were_doubted_are_not_used(tables, rows):
    used = set(o.stated_rates(tables[0])["id"])
    doubted = {key for key, row in rows.items() if "duty" in row["series"].lower() and row["confidence"] == "low"}
    assert len(doubted) >= 2 and not doubted & used


def test_the_mean_duties_agree_with_averages_that_were_not_used(rows, months):
    """The averages of 2006 (eleven months) and 2018 are in the table but take no part in the computation."""
    by_month = months.set_index("month")["duty"]
    assert by_month["2006-01":"2006-11"].mean() == pytest.approx(float(rows["OL139"]["value"]), rel=0.01)
    assert by_month["2018"].mean() == pytest.approx(float(rows["OL153"]["value"]), rel=0.01)


def test_a_rate_for_belarus_is_the_coefficient_times_the_full_rate(rows, months):
    full = months.set_index("month")["duty"]["2007-10-01"]
    assert float(rows["OL037"]["value"]) * full == pytest.approx(float(rows["OL041"]["value"]), abs=0.1)


def test_urals_is_near_the_averages_of_the_finance_ministry(rows, tables, months):
    """The averages take no part in the reconstruction; months after the first are compared as means of the column."""
    check = o.urals_check(tables[0], months)
    assert len(check) == 12 and not {"OL127", "OL128"} & set(check["id"])
    by_month = months.set_index("month")["urals"]
    assert by_month["2019"].mean() == pytest.approx(float(rows["OL120"]["value"]), abs=2.1)
    assert by_month["2023-01":"2023-09"].mean() == pytest.approx(float(rows["OL126"]["value"]), abs=1)
    assert (check["urals"] - check["stated"]).abs().median() < 1


def test_a_gap_belongs_to_the_month_of_its_prices_not_of_its_rate(rows, brent, months):
    """December 2022: Urals fell weeks before the duty did. The published price of the month must be met."""
    gap = months.set_index("month")["gap"]
    assert gap["2022-12-01"] == pytest.approx(brent["2022-12-01"] - float(rows["OL127"]["value"]), abs=0.01)
    # The rate of January 2023 followed 15 November to 14 December, 57.49 dollars: its gap belongs to 1 December.
    point = o._gap_points(
        load("energy/oil"), o.stated_rates(load("energy/oil")), load("energy/benchmark_prices"), load("energy/oil_duty_law")
    )
    (row,) = point[point["start"] == "2023-01-01"].itertuples()
    behind = statistics.mean([brent["2022-11-01"], brent["2022-12-01"]])
    assert row.day == pd.Timestamp("2022-12-01")
    assert row.gap == pytest.approx(behind - float(rows["OL335"]["value"]), abs=0.2)


def test_the_rates_of_autumn_2008_leave_no_false_gap(months):
    """Read by the rule, the two rates set out of rhythm would put Urals tens of dollars under Brent."""
    assert months[months["month"].dt.year == 2008]["gap"].between(-5, 12).all()


def test_product_duties_passed_on_are_the_years_of_the_rows(rows):
    assert o.product_duties_passed_on(load("energy/oil")) == [2007, 2008, 2009, 2011, 2012, 2013, 2014]
    assert rows["OL047"]["period_end"] == "2014-12-31"


def test_sums_over_years_are_divided_by_the_years(by_year):
    estimates = load("energy/subsidies").query("id in ['SB16', 'SB19', 'SB03', 'SB41']")
    found = o.against_estimates(estimates, by_year["worth"], by_year["worth"] / 2).set_index("id")
    assert found.loc["SB19", "published"] == pytest.approx(22.3 / 5)
    assert found.loc["SB19", "gross"] == pytest.approx(sum(by_year["worth"][y] for y in range(2011, 2016)) / 5)
    assert found.loc["SB16", "name"] == "2011: Putin net"
    assert found["official"].to_dict() == {"SB03": False, "SB16": True, "SB19": True, "SB41": False}


# --- the discount ---------------------------------------------------------------------------------------------


def test_the_discount_of_2018_is_the_published_average_duty_per_barrel(rows, by_year):
    assert by_year["discount"][2018] == pytest.approx(float(rows["OL153"]["value"]) / 7.3, rel=0.01)


def test_the_quota_of_2010_frees_its_share_of_the_crude(rows, by_year):
    free = float(rows["OL045"]["value"]) / float(rows["OL101"]["value"])
    assert by_year["discount"][2010] == pytest.approx(by_year["duty"][2010] * free / 7.3)


def test_plans_never_become_the_volume(tables):
    oil, _, _, balance = tables
    planned = oil["series"].str.contains("plan|balance|agreed|offer|expected|scheme") & (oil["category"] == "crude supply")
    assert planned.sum() > 8
    shaken = oil.assign(value=oil["value"].where(~planned, oil["value"] * 3))
    pd.testing.assert_frame_equal(o.volume(oil, balance), o.volume(shaken, balance))


def test_refinery_runs_of_a_leap_year_by_hand():
    with open(data_dir() / "energy" / "energy_balance.csv", encoding="utf-8", newline="") as handle:
        (runs,) = [float(r["refinery_runs"]) for r in csv.DictReader(handle) if (r["country"], r["year"]) == ("BLR", "2012")]
    assert o.refinery_runs(load("energy/energy_balance"))[2012] == pytest.approx(runs * 366 / 7300)


def test_the_price_paid_in_2014_is_near_brent_less_the_duty(rows, brent, tables, months):
    """Without the gap to Urals and without the package: Brent of five months less the duty by the law of 2014."""
    at = lambda year, month: brent[f"{year}-{month:02d}-01"]  # noqa: E731
    spring = [at(2014, month) for month in range(1, 6)]
    behind = [statistics.mean(pair) for pair in zip([at(2013, 11), at(2013, 12), *spring[:3]], [at(2013, 12), *spring[:4]], strict=True)]
    implied = 7.3 * statistics.mean(spring) - statistics.mean(29.2 + 0.59 * (7.3 * b - 182.5) for b in behind)
    assert float(rows["OL292"]["value"]) == pytest.approx(implied, rel=0.05)
    paid = o.paid_against_law(tables[0], months, o.volume(tables[0], tables[3])).set_index("id")
    assert paid.loc["OL292", "law"] == pytest.approx(implied, rel=0.05)


def test_the_price_paid_is_the_value_over_the_volume(rows):
    """Derived prices of the table against the sums that their descriptions name."""
    assert float(rows["OL292"]["value"]) == pytest.approx(3611 / float(rows["OL012"]["value"]), abs=0.1)
    assert float(rows["OL297"]["value"]) == pytest.approx(690.2 / float(rows["OL028"]["value"]), abs=0.1)
    assert float(rows["OL294"]["value"]) == pytest.approx(3430 / float(rows["OL024"]["value"]), abs=0.1)
    assert float(rows["OL291"]["value"]) == pytest.approx(float(rows["OL290"]["value"]) * (1 - 0.131), abs=0.1)


def test_what_the_text_says_in_words_holds(tables, months, by_year):
    oil, pink, law, balance = tables
    paid = o.paid_against_law(oil, months, o.volume(oil, balance))
    off = (paid["paid"] / paid["law"] - 1).abs()
    assert paid.loc[off.idxmax(), "id"] == "OL290"  # early 2011, with Venezuelan crude
    missing = o.left_out(oil, pink, law)
    worst = missing.loc[missing["error"].abs().nlargest(2).index, "start"]
    assert {when.year for when in worst} == {2008} and (worst >= "2008-08-01").all()
    assert (months[months["month"].dt.year == 2008]["basis"] == "published").all()
    discounts = by_year["percent"].loc[2018:2023].tolist()
    assert discounts == sorted(discounts, reverse=True)  # the share charged rises year by year
    stated, runs = o.deliveries(oil).query("definition == 'all modes'").groupby("year")["value"].mean(), o.refinery_runs(balance)
    assert set((stated - runs.reindex(stated.index)).abs().nlargest(2).index) == {2010, 2023}
    assert by_year["duty"][2012] - by_year["duty"][2016] > by_year["duty"][2016] - by_year["duty"][2023]
    net = o.after_product_duties(by_year.reset_index(), balance, 0.66)
    assert abs(net.to_numpy()[6:11].sum() - 22.3) < 2.5 < by_year["worth"].loc[2011:2015].sum() - 22.3


# --- the tax manoeuvre ----------------------------------------------------------------------------------------


def test_the_six_year_loss_by_hand(tables):
    """At 70 dollars the full duty is one number, and the cuts are 1/6 to 6/6: three and a half duties in all."""
    full = 29.2 + 0.30 * (70 * 7.3 - 182.5)
    loss = o.lost_discount(tables[2], 70, 24)
    assert loss.sum() == pytest.approx(3.5 * full * 24, rel=1e-3)
    assert loss.index.tolist() == [date(year, 1, 1).year for year in range(2019, 2025)]
    assert loss[2024] == pytest.approx(full * 24, rel=1e-3)


def test_the_official_sum_lies_between_the_agreed_and_no_other_volume(tables, rows):
    official = sorted(float(rows[key]["value"]) * 1000 for key in ("OL067", "OL068"))
    agreed, refined = float(rows["OL022"]["value"]), float(rows["OL023"]["value"])
    assert official[0] <= o.lost_discount(tables[2], 70, agreed).sum() <= official[1]
    assert o.lost_discount(tables[2], 70, refined).sum() < 0.8 * official[0]


def test_the_loss_of_2019_is_near_what_the_prime_minister_said_after_the_year(tables, rows, by_year):
    """By hand: a sixth of the full duty at the mean price of 2019, times the crude that came."""
    full = 29.2 + 0.30 * (float(rows["OL120"]["value"]) * 7.3 - 182.5)
    by_hand = full / 6 * float(rows["OL110"]["value"])
    loss = o.lost_discount(tables[2], by_year["urals"], by_year["value"])[2019]
    assert loss == pytest.approx(by_hand, rel=0.05)
    assert float(rows["OL314"]["value"]) == pytest.approx(loss, rel=0.05)


def test_losses_of_the_first_manoeuvre_are_kept_apart(tables, rows):
    found = o.published_losses(tables[0])
    assert not [key for key in found["id"] if "first manoeuvre" in rows[key]["series"]]
    assert found["value"].max() == 12000  # billions and millions in one unit


# --- the verdict ----------------------------------------------------------------------------------------------


def replaced(monkeypatch, name, change_table):
    """Let the audit read ``name`` as ``change_table`` leaves it."""
    monkeypatch.setattr(audit_oil, "load", lambda wanted: change_table(load(wanted)) if wanted == name else load(wanted))


def test_the_verdict_flips_with_the_law_and_with_the_announcement(monkeypatch):
    verdict = lambda: audit_oil.world_price_for_oil_in_2020().verdict  # noqa: E731
    assert verdict() == "imprecise"
    in_2020 = lambda t, c: t.assign(coefficient=t["coefficient"].mask(t["valid_from"] == "2020-01-01", c))  # noqa: E731
    replaced(monkeypatch, "energy/oil_duty_law", lambda t: in_2020(t, 0.0))
    assert verdict() == "supported"
    replaced(monkeypatch, "energy/oil_duty_law", lambda t: in_2020(t, 1.0))
    assert verdict() == "contradicted"
    unsaid = lambda t: t.assign(description=t["description"].str.replace("market prices", "old prices"))  # noqa: E731
    replaced(monkeypatch, "integration/milestones", unsaid)
    assert verdict() == "contradicted"


def test_every_claim_of_the_chapter_has_a_verdict():
    assert [v.claim for v in audit.verdicts("energy/oil")] == ["C020"]
