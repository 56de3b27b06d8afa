"""What the tables of energy flows, trade and economy promise: publishers' known errors are visible, never in a line."""

from decimal import Decimal
from itertools import pairwise

import pandas as pd
import pytest
from evidence import plain

from unionstate import load
from unionstate.package import resource
from unionstate.recipes import RECIPES, economy, energy, trade

SILENT_SUMMER = [f"2009-{month:02d}" for month in range(4, 10)]
OWN = [*energy.RECIPES, *trade.RECIPES, *economy.RECIPES]


@pytest.fixture(scope="module")
def corrections():
    return {row["id"]: row for row in plain("corrections")}


def cell(name, column, **key):
    (row,) = (row for row in plain(name) if all(row[k] == v for k, v in key.items()))
    return row[column]


# --- the package ----------------------------------------------------------------------------------------------


def test_every_recipe_of_these_themes_is_registered():
    assert set(OWN) <= set(RECIPES)


@pytest.mark.parametrize("name", OWN)
def test_tables_stay_small(name):
    assert resource(name)["bytes"] < 150_000


def test_every_correction_names_a_table_and_a_column_that_exist_or_were_left_out(corrections):
    left_out = {"K062": "generation", "K063": "all columns", "K076": "index of market concentration"}
    for number in range(60, 80):
        row = corrections[f"K{number:03d}"]
        known = [field["name"] for field in resource(row["table"])["schema"]["fields"]]
        assert row["id"] in left_out or all(column in known for column in row["column"].split(", ")), row


def test_extracts_are_not_offered_as_open_data():
    closed = ["energy/energy_balance", "energy/russian_gas_exports", "energy/border_flows"]
    closed += ["trade/dots", "trade/cow_dyads", "trade/cow_totals", "trade/partners", "trade/totals", "trade/products"]
    assert all(resource(name)["redistribution"] == "extract with attribution" for name in closed)
    assert all(resource(name)["licenses"][0]["name"] != "CC-BY-4.0" for name in closed)


# --- energy ---------------------------------------------------------------------------------------------------


def test_gas_carried_forward_is_missing():
    for column in ("gas", "gas_volume", "energy_supply"):
        assert cell("energy/energy_balance", column, country="BLR", year="2024") == ""
        assert cell("energy/energy_balance", column, country="BLR", year="2023") != ""


def test_the_publisher_did_carry_it_forward(raw):
    long = pd.read_csv(raw / "ei-statistical-review" / "ei_country_year_long.csv", dtype=str)
    gas = long[(long["iso3"] == "BLR") & (long["indicator"] == "gas_consumption_exajoules")].set_index("year")["value"]
    assert gas["2024"] == gas["2023"] != gas["2022"]


def test_no_zero_stands_for_a_missing_value_in_the_balance():
    for row in plain("energy/energy_balance"):
        assert row["year"] >= "1990"
        used = [row[c] for c in ("energy_supply", "gas", "oil", "coal", "gas_volume", "oil_mass", "electricity", "refinery_runs")]
        assert all(Decimal(value) > 0 for value in used if value), row


def test_fuels_add_up_to_the_energy_supply():
    full = [row for row in plain("energy/energy_balance") if row["energy_supply"]]
    assert len(full) == len(plain("energy/energy_balance")) - 1
    for row in full:
        total = sum(Decimal(row[fuel]) for fuel in ("gas", "oil", "coal", "nuclear", "renewables"))
        assert abs(total - Decimal(row["energy_supply"])) <= Decimal("0.0001"), row


def test_small_flows_at_kondratki_after_the_stop_are_doubtful():
    rows = {r["month"][:7]: r for r in plain("energy/border_flows") if r["route"] == "Kondratki"}
    assert {m for m, r in rows.items() if r["quality"] == "doubtful"} == {f"2022-{n:02d}" for n in range(6, 13)}
    assert all(Decimal(r["flow"]) == 0 for m, r in rows.items() if m >= "2023-01")
    back = {r["month"][:7]: Decimal(r["flow"] or "NaN") for r in plain("energy/border_flows") if r["route"] == "Mallnow eastward"}
    close = [m for m, r in rows.items() if r["quality"] == "doubtful" and abs(Decimal(r["flow"]) - back[m]) < 10]
    assert len(close) == 6  # the gas came from Germany


def test_no_flow_is_negative_and_the_two_at_varska_are_marked():
    assert all(Decimal(r["flow"]) >= 0 for r in plain("energy/border_flows") if r["flow"])
    part = [r["month"][:7] for r in plain("energy/border_flows") if r["route"] == "Estonia" and r["quality"] == "part of the points"]
    assert part == ["2021-11", "2021-12"]


def test_months_without_the_hungarian_point_are_marked():
    short = [r for r in plain("energy/border_flows") if r["route"] == "Ukraine" and r["points"] != "6"]
    assert {r["month"][:7]: r["points"] for r in short if r["month"] < "2020"} == {**dict.fromkeys(SILENT_SUMMER, "2"), "2018-02": "5"}
    part = [r for r in short if r["month"] > "2020"]
    assert [r["month"][:7] for r in part][::21] == ["2020-03", "2021-12"] and len(part) == 22
    assert {(r["points"], r["quality"]) for r in part} == {("5", "part of the points")}


def test_an_unreported_month_is_empty_not_zero():
    assert cell("energy/border_flows", "flow", route="Kotlovka", month="2025-05-01") == ""
    assert cell("energy/border_flows", "quality", route="Kotlovka", month="2025-05-01") == "not reported"


def test_a_summer_in_which_every_border_falls_silent_is_no_stop():
    empty = {(r["route"], r["month"][:7]) for r in plain("energy/border_flows") if r["quality"] == "not reported"}
    belarus = {"Kondratki", "Wysokoje", "Tietierowka", "Kotlovka", "Kaliningrad"}
    assert {(route, month) for route in belarus for month in SILENT_SUMMER} <= empty
    assert {("Estonia", month) for month in SILENT_SUMMER} <= empty  # Narva rests in winter and has flows in each later summer
    assert {route for route, month in empty if month == "2018-02"} == {"Kondratki", "Wysokoje", "Tietierowka"}
    assert Decimal(cell("energy/border_flows", "flow", route="Mallnow westward", month="2018-02-01")) > 2000  # gas went through
    own = [r for r in plain("energy/border_flows") if r["route"] in belarus - {"Kaliningrad"} and r["month"][:4] == "2009"]
    reported = sum(Decimal(r["flow"] or 0) for r in own) / 1000
    assert 2 * reported < Decimal(cell("energy/gas_volumes", "value", id="GV123"))  # what the government expected that August
    assert all(cell("energy/border_flows", "flow", route="Nord Stream", month=f"{m}-01") == "0.000" for m in SILENT_SUMMER)  # not yet built


def test_every_route_has_every_month():
    months = {}
    for row in plain("energy/border_flows"):
        months.setdefault(row["route"], []).append(row["month"])
    assert set(months) == set(energy.ROUTES)
    assert {tuple(m) for m in months.values()} == {tuple(str(p.start_time.date()) for p in pd.period_range("2008-10", "2025-05", freq="M"))}


def test_yearly_flows_meet_the_spot_checks_of_the_extract():
    year = {}
    for r in plain("energy/border_flows"):
        year[r["route"], r["month"][:4]] = year.get((r["route"], r["month"][:4]), 0) + Decimal(r["flow"] or 0)
    found = [round(year["Kondratki", y] / 1000, 1) for y in ("2019", "2020", "2021", "2022", "2023")]
    assert [str(f) for f in found] == ["34.4", "35.9", "31.7", "5.3", "0.0"]


def test_the_wrong_year_and_generation_of_the_old_edition_are_absent():
    old = [r for r in plain("energy/electricity_mix") if r["edition"] == "mix-2022"]
    assert max(r["year"] for r in old) == "2020" and not any(r["generation"] for r in old)
    assert cell("energy/electricity_mix", "nuclear", country="BLR", year="2021", edition="share-2026") == "14.0121"


def test_the_old_edition_is_low_from_2000_and_equal_before(raw):
    mix = pd.read_csv(raw / "owid-electricity-mix-2022" / "owid_electricity_mix_1985_2021.csv").query("iso3 == 'BLR'")
    gross = load("energy/energy_balance").query("country == 'BLR'").set_index("year")["electricity"]
    ratio = mix.set_index("year")["electricity_generation_twh"] / gross
    assert ratio[1990:1999].round(3).eq(1).all() and ratio[2000:2020].between(0.93, 0.945).all()


def test_editions_differ_in_the_split_and_agree_on_fossil_power():
    rows = [r for r in plain("energy/electricity_mix") if r["country"] == "BLR"]
    new, newest = ({r["year"]: r for r in rows if r["edition"] == edition} for edition in ("share-2026", "energy-2026"))
    assert abs(Decimal(new["2024"]["gas"]) - Decimal(newest["2024"]["gas"])) > 3
    assert all(abs(Decimal(new[y]["fossil"]) - Decimal(newest[y]["fossil"])) < Decimal("1.5") for y in ("2021", "2022", "2023", "2024"))


# --- trade ----------------------------------------------------------------------------------------------------


def test_russia_is_among_the_partners_of_belarus_in_every_year():
    rows = {(r["year"], r["flow"]): r for r in plain("trade/partners") if r["reporter"] == "BLR" and r["partner"] == "RUS"}
    assert sorted({y for y, _ in rows}) == [str(y) for y in range(1998, 2020)] and len(rows) == 44
    assert (rows["2019", "export"]["share"], rows["2019", "import"]["share"]) == ("41.34", "54.78")


def test_shares_are_values_over_totals():
    totals = {(r["reporter"], r["year"]): r for r in plain("trade/totals")}
    for row in plain("trade/partners"):
        if row["reporter"] in ("BLR", "RUS"):
            share = 100 * Decimal(row["value"]) / Decimal(totals[row["reporter"], row["year"]][row["flow"] + "s"])
            assert abs(share - Decimal(row["share"])) < Decimal("0.011"), row


def test_product_groups_add_up_to_all_exports():
    totals = {(r["reporter"], r["year"]): Decimal(r["exports"]) for r in plain("trade/totals")}
    sums = {}
    for row in plain("trade/products"):
        sums[row["reporter"], row["year"]] = sums.get((row["reporter"], row["year"]), 0) + Decimal(row["value"])
    off = {key for key, total in sums.items() if abs(total / totals[key] - 1) > Decimal("0.002")}
    assert sums.keys() == totals.keys() and off == {("RUS", "1997")}


def test_the_concentration_index_that_cannot_be_recomputed_is_absent(raw):
    assert [f["name"] for f in resource("trade/totals")["schema"]["fields"]] == ["reporter", "year", "exports", "imports"]
    exports = [r for r in plain("trade/partners") if (r["reporter"], r["year"], r["flow"]) == ("BLR", "2019", "export")]
    listed = [float(r["share"]) / 100 for r in exports]
    highest = sum(s**2 for s in listed) + (1 - sum(listed)) * min(listed)  # if all others were as large as the fifth
    long = pd.read_csv(raw / "wits-trade-summary" / "wits_country_totals_products_blr_rus_long.csv")
    printed = long.query("iso3 == 'BLR' and year == 2019 and indicator == 'HH Market concentration index'")["value"].item()
    assert highest < 0.22 < printed


def test_fuel_shares_of_two_publishers_agree():
    wits = {(r["reporter"], r["year"]): float(r["share"]) for r in plain("trade/products") if r["product"] == "fuels"}
    wdi = {(r["country"], r["year"]): float(r["exports"]) for r in plain("trade/fuel_shares") if r["exports"]}
    gaps = [abs(wits["BLR", str(y)] - wdi["BLR", str(y)]) for y in range(1998, 2020)]
    assert max(gaps) < 1


def test_broken_years_of_the_dyads_are_marked():
    rows = {(r["importer"], r["exporter"], r["year"]): r for r in plain("trade/cow_dyads")}
    assert {key for key, r in rows.items() if r["quality"] == "break"} == trade.COW_BREAKS
    own = [r for r in plain("trade/partners") if (r["reporter"], r["flow"], r["partner"]) == ("RUS", "import", "BLR")]
    gaps = {r["year"]: abs(float(rows["RUS", "BLR", r["year"]]["imports"]) / float(r["value"]) - 1) for r in own if r["year"] <= "2014"}
    assert {year for year, gap in gaps.items() if gap > 0.05} == {"2005", "2006", "2011"}  # against Russia's own later report


def test_zero_trade_both_ways_is_missing():
    rows = plain("trade/cow_dyads")
    empty = [r for r in rows if r["imports"] == ""]
    assert {r["quality"] for r in empty} == {"not reported"} and len(empty) == 12
    assert all(Decimal(r["imports"]) > 0 for r in rows if r["imports"])


def test_rows_that_are_no_reports_are_marked_in_the_direction_of_trade():
    rows = plain("trade/dots")
    assert {r["quality"] for r in rows if r["year"] == "2011"} == {"break"}
    assert {r["quality"] for r in rows if r["reporter"] == "RUS" and r["year"] >= "2022"} == {"estimate", "extrapolated"}
    assert {r["year"] for r in rows if r["quality"] == "as published"} == {str(y) for y in range(2012, 2022)}


def test_the_last_year_of_russia_is_one_factor_for_all():
    value = {(r["partner"], r["year"]): float(r["value"]) for r in plain("trade/dots") if (r["reporter"], r["flow"]) == ("RUS", "export")}
    partners = ("ARM", "BLR", "KAZ", "KGZ")
    assert {round(value[p, "2023"] / value[p, "2022"], 4) for p in partners} == {0.712}
    assert len({round(value[p, "2022"] / value[p, "2021"], 2) for p in partners}) == 4


def test_lists_that_leave_russia_out_cannot_be_taken_for_shares():
    rows = plain("trade/factbook_partners")
    out = {r["year"] for r in rows if r["russia_listed"] == "no"}
    assert out == {"2022", "2023"} and not [r for r in rows if r["year"] in out and r["partner"] == "RUS"]
    assert {r["year"] for r in rows if r["partner"] == "RUS"} == {r["year"] for r in rows} - out


# --- economy --------------------------------------------------------------------------------------------------


def test_gdp_is_the_world_bank_in_the_years_in_which_sources_part(raw):
    wide = pd.read_csv(raw / "imf-weo-2019" / "imf_weo_april_2019_long.csv")
    wide = wide.query("indicator == 'ngdpd' and year == 1992").set_index("iso3")
    ours = load("economy/gdp").query("year == 1992").set_index("country")["gdp"] / 1e9
    assert ours["RUS"] / wide["value"]["RUS"] > 5 and ours["BLR"] / wide["value"]["BLR"] < 0.75
    assert ours["BLR"] == pytest.approx(9.2)


def test_population_is_computed_and_the_break_of_2014_is_marked():
    rows = {(r["country"], r["year"]): r for r in plain("economy/macro")}
    for row in rows.values():
        if row["population"]:
            assert abs(float(row["gdp_real"]) / float(row["gdp_per_head"]) / 1000 - int(row["population"])) <= 0.5
    marked = {(c, y) for (c, y), r in rows.items() if r["territory"] != "recognised borders"}
    assert marked == {(c, str(y)) for c in ("RUS", "UKR") for y in range(2014, 2025)}
    steps = {c: int(rows[c, "2014"]["population"]) - int(rows[c, "2013"]["population"]) for c in ("RUS", "UKR", "BLR")}
    assert steps["RUS"] > 2500 and steps["UKR"] < -2300 and abs(steps["BLR"]) < 10


def test_the_deflator_is_not_the_consumer_price():
    deflator = load("economy/macro").query("country == 'RUS'").set_index("year")["deflator"]
    prices = load("economy/consumer_prices").set_index("year")["change"]
    assert prices[2009] - deflator[2009] > 9 and deflator[2021] - prices[2021] > 11


def test_rates_are_in_the_rubles_of_today():
    rate = {(r["country"], r["year"]): float(r["rate"]) for r in plain("economy/exchange_rates")}
    assert rate["BLR", "2011"] == pytest.approx(0.497, abs=0.001) and rate["RUS", "1998"] == pytest.approx(9.705, abs=0.001)
    years = sorted(int(y) for c, y in rate if c == "BLR")
    assert all(b - a == 1 for a, b in pairwise(years))
    assert not {"1992", "1994", "1995"} & {y for c, y in rate if c == "RUS"}


def test_consumer_prices_agree_with_a_second_publisher(raw):
    weo = pd.read_csv(raw / "imf-weo-2019" / "imf_weo_april_2019_long.csv")
    weo = weo.query("iso3 == 'RUS' and indicator == 'pcpipch' and is_forecast == 0").set_index("year")["value"]
    own = load("economy/consumer_prices").set_index("year")["change"]
    assert (own - weo).abs().dropna().max() < 0.4 and (own - weo).dropna().size == 26
