"""What the budget chapter promises, recomputed another way: straight from the CSV files."""

import chapters
import pandas as pd
import pytest
from evidence import plain

from unionstate import audit, load
from unionstate.analysis import budget as b
from unionstate.audit import budget as audit_budget


@pytest.fixture(scope="module")
def budget():
    return plain("integration/union_budget")


@pytest.fixture(scope="module")
def rate():
    return {int(r["year"]): float(r["rate"]) for r in plain("economy/exchange_rates") if r["country"] == "RUS"}


def primary(budget, year):
    (row,) = [r for r in budget if r["year"] == str(year) and r["primary"] == "yes"]
    return row


def test_contributions_count_before_spending_and_revenue(budget):
    years = b.yearly(load("integration/union_budget")).set_index("year")
    assert years.loc[2016, "size"] == float(primary(budget, 2016)["contributions"]) < float(primary(budget, 2016)["revenue"])
    assert years.loc[2022, "size"] == float(primary(budget, 2022)["expenditure"])
    assert years.loc[2001, "size"] == float(primary(budget, 2001)["revenue"])


def test_a_year_without_an_amount_stays_empty():
    years = b.yearly(load("integration/union_budget")).set_index("year")
    assert years.index.tolist() == list(range(1998, 2027))
    assert years.index[years["size"].isna()].tolist() == [1998, 2005]


def test_the_frozen_years_are_those_of_the_file(budget):
    printed = {int(r["year"]): float(r["contributions"] or r["expenditure"] or r["revenue"] or 0) for r in budget if r["primary"] == "yes"}
    by_hand = [year for year, amount in sorted(printed.items()) if 4865 <= amount <= 4875]
    assert b.frozen(b.yearly(load("integration/union_budget"))) == by_hand == list(range(2009, 2021))


def test_a_year_that_breaks_the_freeze_ends_it():
    years = b.yearly(load("integration/union_budget"))
    broken = years.assign(size=years["size"].where(years["year"] != 2015, 5200))
    assert b.frozen(broken) == list(range(2009, 2015))


def test_the_real_value_of_2020_by_hand():
    change = {int(r["year"]): float(r["change"]) for r in plain("economy/consumer_prices")}
    worth = 1.0
    for year in range(2010, 2021):
        worth /= 1 + change[year] / 100
    level = b.price_level(load("economy/consumer_prices"), load("economy/macro"), 2009)
    read = b.three_readings(b.yearly(load("integration/union_budget")), level, load("economy/exchange_rates")).set_index("year")
    assert read.loc[2020, "real"] / read.loc[2009, "real"] == pytest.approx(worth)
    assert round(100 * worth) == 50


def test_prices_turn_to_the_deflator_only_where_consumer_prices_end():
    level = b.price_level(load("economy/consumer_prices"), load("economy/macro"), 2009)
    assert level.index[level["basis"] == "GDP deflator"].tolist() == [2022, 2023, 2024]
    deflator = {r["year"]: float(r["deflator"]) for r in plain("economy/macro") if r["country"] == "RUS" and r["deflator"]}
    assert level.loc[2022, "level"] / level.loc[2021, "level"] == pytest.approx(1 + deflator["2022"] / 100)


def test_the_dollars_of_2011_are_rubles_over_the_yearly_rate(budget, rate):
    level = b.price_level(load("economy/consumer_prices"), load("economy/macro"), 2009)
    read = b.three_readings(b.yearly(load("integration/union_budget")), level, load("economy/exchange_rates")).set_index("year")
    assert read.loc[2011, "usd"] == pytest.approx(float(primary(budget, 2011)["contributions"]) / rate[2011])
    assert read["usd"].idxmax() == 2011 and read["real"].idxmax() == 2000


def burden():
    return b.burden(load("integration/union_budget"), load("economy/exchange_rates"), load("economy/gdp"), load("economy/macro"))


def test_the_share_of_belarusian_output_in_2010_by_hand(budget, rate):
    (gdp,) = [float(r["gdp"]) for r in plain("economy/gdp") if r["country"] == "BLR" and r["year"] == "2010"]
    (people,) = [float(r["population"]) for r in plain("economy/macro") if r["country"] == "BLR" and r["year"] == "2010"]
    dollars = float(primary(budget, 2010)["contribution_blr"]) / rate[2010] * 1e6
    found = burden().set_index(["country", "year"]).loc[("BLR", 2010)]
    assert found["gdp_share"] == pytest.approx(100 * dollars / gdp)
    assert found["per_head"] == pytest.approx(dollars / (people * 1000))


def test_the_ratio_of_burdens_follows_from_the_split_and_the_two_outputs(budget):
    """The ruble rate cancels: what each pays over the other, over output over output."""
    output = {(r["country"], r["year"]): float(r["gdp"]) for r in plain("economy/gdp")}
    wide = burden().pivot(index="year", columns="country", values="gdp_share").dropna()
    for year, found in (wide["BLR"] / wide["RUS"]).items():
        row = primary(budget, year)
        paid = float(row["contribution_blr"]) / float(row["contribution_rus"])
        assert found == pytest.approx(paid * output["RUS", str(year)] / output["BLR", str(year)])


def test_the_weight_of_belarus_among_the_two_by_hand():
    people = {(r["country"], r["year"]): float(r["population"]) for r in plain("economy/macro") if r["year"] == "2016"}
    output = {(r["country"], r["year"]): float(r["gdp"]) for r in plain("economy/gdp") if r["year"] == "2016"}
    found = burden().set_index(["country", "year"]).loc[("BLR", 2016)]
    assert found["joint_people"] == pytest.approx(100 / (1 + people["RUS", "2016"] / people["BLR", "2016"]))
    assert found["joint_gdp"] == pytest.approx(100 / (1 + output["RUS", "2016"] / output["BLR", "2016"]))


def test_the_rule_of_65_and_35_holds_in_every_known_year(budget):
    shares = [
        100 * float(r["contribution_rus"]) / (float(r["contribution_rus"]) + float(r["contribution_blr"]))
        for r in budget
        if r["primary"] == "yes" and r["contribution_rus"] and r["contribution_blr"]
    ]
    assert len(shares) >= 15
    assert all(share == pytest.approx(65, abs=0.2) for share in shares)


def test_defence_is_measured_against_planned_spending(budget):
    part = b.defence(load("integration/union_budget")).set_index("id")
    assert part.loc["UB12", "share"] == pytest.approx(100 * 629 / 3100)
    assert part.loc["UB22", "share"] == pytest.approx(100 * 3200 / float(primary(budget, 2014)["revenue"]))
    assert part.loc["UB44", "kind"] == "spent" and part.loc["UB22", "kind"] == "planned"
    assert part.index[part["kind"] == "source page only"].tolist() == ["UB21"]
    assert set(part.index) == {r["id"] for r in budget if r["defence_security"]}


def test_the_shares_of_the_text_in_percent_give_the_derived_amounts(budget):
    """2003: 11 + 37 percent of the total; 2006: 12.5 + 7.8; 2008: 13.1; 2010: 39."""
    amount = {r["id"]: float(r["defence_security"]) for r in budget if r["defence_security"]}
    assert amount["UB09"] == pytest.approx(0.48 * 2438.3464, abs=0.1)
    assert amount["UB12"] == pytest.approx(0.203 * 3100, abs=1)
    assert amount["UB15"] == pytest.approx(0.131 * 4061, abs=1)
    assert amount["UB18"] == pytest.approx(0.39 * 4872, abs=1)


def test_programmes_and_events_are_added_once_a_year(budget):
    counted = b.counts(load("integration/union_budget"))
    assert counted["year"].is_unique
    assert counted.set_index("year").loc[2011, ["programmes", "events", "together"]].tolist() == [13, 29, 42]
    assert "UB32" not in set(counted["id"])  # half a year
    known = {int(r["year"]) for r in budget if (r["n_programmes"] or r["n_projects"]) and "half" not in r["stage"]}
    assert set(counted["year"]) == known


def test_the_cross_rate_of_the_day_by_hand():
    (day,) = [r for r in plain("economy/daily_rates") if r["date"] == "2014-01-29"]
    by_hand = float(day["rub_per_eur"]) / float(day["usd_per_eur"])
    found = b.daily_rate(load("economy/daily_rates")).set_index("id")["rate"]
    assert found["ecb-2014-01-29"] == pytest.approx(by_hand) == pytest.approx(35.07, abs=0.01)
    assert 3200 / by_hand == pytest.approx(91.5, rel=0.01)


def test_the_cross_rate_agrees_with_the_exchange_where_both_are_known():
    found = b.daily_rate(load("economy/daily_rates")).set_index("id")["rate"]
    assert found["ecb-2014-01-23"] == pytest.approx(found["moex-2014-01-23"], rel=0.002)


def test_the_mean_of_the_year_is_far_from_the_rate_of_january(rate):
    found = b.daily_rate(load("economy/daily_rates"))["rate"]
    assert rate[2014] > found.max() * 1.05


def test_the_parts_of_the_eurasian_budget_stay_below_the_whole():
    value = {r["id"]: float(r["value"]) for r in plain("integration/other_budgets")}
    assert value["OB02"] + value["OB03"] < value["OB01"]
    assert value["OB02"] / value["OB01"] == pytest.approx(0.853, abs=0.001)  # the Russian quota of that union


def test_the_derived_balance_fits_the_reported_one():
    value = {r["id"]: float(r["balance"]) for r in plain("integration/union_budget_balances")}
    assert value["UA04"] * 1.381 == pytest.approx(value["UA06"], abs=1)


def test_the_published_numbers_follow_from_the_files(budget, rate):
    """Recomputed from the CSV files, without the package, against what the notebook prints."""
    told = {r["id"]: r["value"] for r in chapters.number_records(chapters.read("integration/budget"))}
    row, other = primary(budget, 2016), {r["id"]: float(r["value"]) for r in plain("integration/other_budgets")}
    assert told["budget-federal"] == pytest.approx(float(row["contribution_rus"]) * other["OB09"] / other["OB08"], abs=5e-4)
    assert told["budget-blr-us-eaeu"] == pytest.approx(float(row["contribution_blr"]) / other["OB03"], abs=0.05)
    assert told["budget-usd-last"] == pytest.approx(100 * rate[2009] / rate[2020], abs=0.5)
    gdp = {(r["country"], r["year"]): float(r["gdp"]) for r in plain("economy/gdp")}
    split = [r for r in budget if r["primary"] == "yes" and r["contribution_rus"] and r["contribution_blr"] and int(r["year"]) <= 2023]
    by_year = {}
    for r in split:
        outputs = gdp["RUS", r["year"]] / gdp["BLR", r["year"]]
        by_year[int(r["year"])] = float(r["contribution_blr"]) / float(r["contribution_rus"]) * outputs
    assert min(by_year, key=by_year.get) == 2000 and max(by_year, key=by_year.get) == 2012
    assert told["budget-burden-low"] == pytest.approx(by_year[2000], abs=0.5)
    assert told["budget-burden-high"] == pytest.approx(by_year[2012], abs=0.5)
    assert told["budget-burden-ratio"] == pytest.approx(sum(by_year.values()) / len(by_year), abs=0.5)
    assert told["budget-frozen-drafts"] == sum(primary(budget, year)["stage_kind"] == "draft" for year in range(2009, 2021))


def test_the_gas_rent_grows_with_the_heat_of_the_gas():
    sums = [b.gas_rent(load, factor).sum() for factor in ("factor-net", "factor-trade", "factor-imf")]
    assert sums == sorted(sums) and sums[0] > 0


def test_the_gas_rent_is_that_of_the_gas_chapter():
    rent = b.gas_rent(load)
    assert rent.index[0] == 2004 and rent.idxmax() == 2008 and abs(rent[2016]) < 0.3


def test_what_the_text_says_in_words_holds():
    """Real rubles fell in each frozen year; the dollar fall came in 2014 and 2015; nothing later reached 2000 in real rubles."""
    level = b.price_level(load("economy/consumer_prices"), load("economy/macro"), 2009)
    read = b.three_readings(b.yearly(load("integration/union_budget")), level, load("economy/exchange_rates")).set_index("year")
    assert (read["real"].loc[2009:2020].diff().dropna() < 0).all()
    fall = read["usd"].loc[2009:2020].diff()
    assert set(fall.nsmallest(2).index) == {2014, 2015}
    assert read["real"].loc[2001:].max() < read.loc[2000, "real"]
    shares = b.defence(load("integration/union_budget")).set_index("year")["share"]
    assert shares.idxmax() == 2014 and shares[2010] < shares[2013] < shares[2014]
    balance = {r["id"]: float(r["balance"]) for r in plain("integration/union_budget_balances")}
    assert balance["UA06"] != balance["UA05"]


def replaced(monkeypatch, name, change):
    monkeypatch.setattr(audit_budget, "load", lambda wanted: change(load(wanted)) if wanted == name else load(wanted))


def test_the_verdict_on_forty_programmes_flips_with_the_counts(monkeypatch):
    assert audit_budget.about_forty_programmes_and_events().verdict == "supported"
    replaced(
        monkeypatch, "integration/union_budget", lambda t: t.assign(n_projects=t["n_projects"] * 3, n_programmes=t["n_programmes"] * 3)
    )
    assert audit_budget.about_forty_programmes_and_events().verdict == "contradicted"


def test_the_verdict_on_lending_follows_the_largest_other_income_in_the_page_s_years(monkeypatch):
    found = audit_budget.lending_enlarges_the_budget()
    assert found.verdict == "imprecise" and found.value == pytest.approx(1 - 2708 / 3100.1669)
    replaced(monkeypatch, "integration/union_budget", lambda t: t.assign(revenue=t["revenue"].mask(t["id"] == "UB17", 9000)))
    assert audit_budget.lending_enlarges_the_budget().verdict == "supported"
    replaced(monkeypatch, "integration/union_budget", lambda t: t.assign(revenue=t["contributions"]))
    assert audit_budget.lending_enlarges_the_budget().verdict == "contradicted"


def test_balances_of_later_years_do_not_count_as_money_lent(budget):
    """From 2016 revenue holds old balances; the page's forecast ends in 2010."""
    shares = b.other_income(load("integration/union_budget")).set_index("year")["share"]
    assert shares[2019] == pytest.approx(2373 / 7245) and shares[2019] > audit_budget.CONSIDERABLE
    both = [r for r in budget if r["primary"] == "yes" and r["revenue"] and r["contributions"]]
    assert shares.index.tolist() == sorted(int(r["year"]) for r in both)
    assert (shares.loc[2008:2010] == 0).all()


def test_the_verdict_on_the_plan_of_2014_flips_with_the_amount_and_with_the_whole(monkeypatch):
    assert audit_budget.planned_for_defence_in_2014().verdict == "supported"
    replaced(monkeypatch, "integration/union_budget", lambda t: t.assign(revenue=t["revenue"].mask(t["id"] == "UB42", 3200)))
    assert audit_budget.planned_for_defence_in_2014().verdict == "imprecise"
    replaced(
        monkeypatch, "integration/union_budget", lambda t: t.assign(defence_security=t["defence_security"].mask(t["id"] == "UB22", 2000))
    )
    assert audit_budget.planned_for_defence_in_2014().verdict == "contradicted"


def test_the_verdict_on_the_dollars_flips_with_the_rate_of_the_day(monkeypatch):
    assert audit_budget.dollars_of_the_day().verdict == "supported"
    day = pd.Timestamp("2014-01-29")
    for factor, verdict in ((1.03, "imprecise"), (1.2, "contradicted")):
        replaced(
            monkeypatch,
            "economy/daily_rates",
            lambda t, k=factor: t.assign(rub_per_eur=t["rub_per_eur"].mask(t["date"] == day, t["rub_per_eur"] * k)),
        )
        assert audit_budget.dollars_of_the_day().verdict == verdict


def test_every_claim_of_the_chapter_has_a_verdict():
    found = [v.claim for v in audit.verdicts("integration/budget")]
    assert found == ["C098", "C099", "C100", "C101", "C102", "C135", "C136", "C137", "C138", "C139", "C141"]
