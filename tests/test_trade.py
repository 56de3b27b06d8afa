"""What the trade chapter promises, recomputed another way."""

import math

import pandas as pd
import pytest
from evidence import plain

from unionstate import audit, load
from unionstate.analysis import trade as t
from unionstate.audit import trade as audit_trade


@pytest.fixture(scope="module")
def partners():
    return load("trade/partners")


def value(reporter, partner, flow, year, column="value"):
    (row,) = [
        r
        for r in plain("trade/partners")
        if (r["reporter"], r["partner"], r["flow"], r["year"]) == (reporter, partner, flow, str(year)) and r[column]
    ]
    return float(row[column])


# --- numbers recomputed from the CSV ------------------------------------------------------------------------------


def test_the_share_of_each_year_is_dollars_over_all_exports(partners):
    """The chapter reads the publisher's share; here it is the value over the total of another table."""
    share = t.own_share(partners)
    all_trade = {(r["reporter"], r["year"]): r for r in plain("trade/totals")}
    for year in range(1998, 2020):
        total = all_trade["BLR", str(year)]
        assert share.loc[year, "export"] == pytest.approx(100 * value("BLR", "RUS", "export", year) / float(total["exports"]), abs=0.01)
        assert share.loc[year, "import"] == pytest.approx(100 * value("BLR", "RUS", "import", year) / float(total["imports"]), abs=0.01)


def test_the_years_of_one_third_by_hand(partners):
    all_trade = {r["year"]: float(r["exports"]) for r in plain("trade/totals") if r["reporter"] == "BLR"}
    third = [year for year, total in all_trade.items() if 29.8333 <= 100 * value("BLR", "RUS", "export", year) / total <= 36.8333]
    assert third == ["2005", "2006", "2007", "2008", "2009", "2011", "2012"]
    assert t.years_near(t.own_share(partners)["export"], audit_trade.THIRD, audit_trade.TOLERANCE) == [int(year) for year in third]


def test_the_gap_between_dots_and_belarus_in_2015_by_hand():
    dots = {(r["reporter"], r["partner"], r["flow"], r["year"]): float(r["value"]) for r in plain("trade/dots")}
    found = t.gaps(t.flows(load("trade/partners"), load("trade/cow_dyads"), load("trade/dots")))
    row = found.query("flow == 'exports' and series == 'Russia (DOTS)' and year == 2015")["gap"].item()
    assert row == pytest.approx(100 * (dots["RUS", "BLR", "import", "2015"] / 10301.11 - 1))


def test_the_ceiling_without_fuels_agrees_with_dollars():
    """Purchases of Russia over all exports less the fuels of the product table, which come from another publisher."""
    fuels = {r["year"]: float(r["value"]) for r in plain("trade/products") if (r["reporter"], r["product"]) == ("BLR", "fuels")}
    totals = {r["year"]: float(r["exports"]) for r in plain("trade/totals") if r["reporter"] == "BLR"}
    other = t.without_fuels(t.own_share(load("trade/partners")), load("trade/fuel_shares").query("country == 'BLR'"))
    for year in (1998, 2006, 2012, 2019):
        by_hand = 100 * value("BLR", "RUS", "export", year) / (totals[str(year)] - fuels[str(year)])
        assert other.loc[year, "export_ceiling"] == pytest.approx(by_hand, rel=2e-3)


def test_the_part_of_fuels_and_the_rest_make_the_whole():
    share = t.own_share(load("trade/partners"))
    other = t.without_fuels(share, load("trade/fuel_shares").query("country == 'BLR'"))
    rest = (
        100
        * math.log(other["export_ceiling"][2012] / other["export_ceiling"][1998])
        / math.log(share["export"][2012] / share["export"][1998])
    )
    assert t.part_of_fuels(share, other, 1998, 2012) + rest == pytest.approx(100)


def test_the_copied_reports_by_hand():
    own = {(r["flow"], r["year"]): float(r["value"]) for r in plain("trade/partners") if (r["reporter"], r["partner"]) == ("BLR", "RUS")}
    turned = {"import": "export", "export": "import"}
    pairs = [
        (float(r["value"]), own[turned[r["flow"]], r["year"]])
        for r in plain("trade/partners")
        if (r["reporter"], r["partner"]) == ("RUS", "BLR") and (turned[r["flow"]], r["year"]) in own
    ]
    same = sum(abs(theirs / ours - 1) <= 0.001 for theirs, ours in pairs)
    assert t.same_figure(t.flows(load("trade/partners"), load("trade/cow_dyads"), load("trade/dots"))) == (same, len(pairs))


def test_the_asymmetry_of_2019_from_dollars():
    totals = {(r["reporter"], r["year"]): r for r in plain("trade/totals")}
    ours = value("BLR", "RUS", "export", 2019) / float(totals["BLR", "2019"]["exports"])
    theirs = value("RUS", "BLR", "import", 2019) / float(totals["RUS", "2019"]["imports"])
    row = t.asymmetry(load("trade/partners"), load("trade/dots")).query("flow == 'export' and year == 2019").iloc[0]
    assert row["belarus"] / row["russia"] == pytest.approx(ours / theirs, rel=2e-3)


def test_the_mirror_of_2015_by_hand():
    """Russia over the world, among those who buy from Belarus and among those who sell to it."""
    dots = {(r["reporter"], r["flow"], r["year"]): float(r["value"]) for r in plain("trade/dots") if r["partner"] == "BLR"}
    row = t.mirror_share(load("trade/dots")).loc[2015]
    assert row["export"] == pytest.approx(100 * dots["RUS", "import", "2015"] / dots["WLD", "import", "2015"])
    assert row["import"] == pytest.approx(100 * dots["RUS", "export", "2015"] / dots["WLD", "export", "2015"])


def test_the_shares_of_cow_in_1996_by_hand():
    dyads = {(r["importer"], r["exporter"]): float(r["imports"]) for r in plain("trade/cow_dyads") if r["year"] == "1996"}
    (belarus,) = [r for r in plain("trade/cow_totals") if (r["country"], r["year"]) == ("BLR", "1996")]
    row = t.cow_share(load("trade/cow_dyads"), load("trade/cow_totals")).loc[1996]
    assert row["export"] == pytest.approx(100 * dyads["RUS", "BLR"] / float(belarus["exports"]))
    assert row["import"] == pytest.approx(100 * dyads["BLR", "RUS"] / float(belarus["imports"]))


def test_fuel_sold_and_bought_in_2012_by_hand():
    (part,) = [float(r["imports"]) for r in plain("trade/fuel_shares") if (r["country"], r["year"]) == ("BLR", "2012")]
    (spent,) = [float(r["imports"]) for r in plain("trade/totals") if (r["reporter"], r["year"]) == ("BLR", "2012")]
    (sold,) = [float(r["value"]) for r in plain("trade/products") if (r["reporter"], r["product"], r["year"]) == ("BLR", "fuels", "2012")]
    row = t.fuel_values(load("trade/totals"), load("trade/products"), load("trade/fuel_shares")).loc[2012]
    assert (row["exports"], row["imports"]) == pytest.approx((sold / 1e3, spent * part / 1e5))
    assert row["ratio"] == pytest.approx(sold / (spent * part / 100))


def test_the_correlation_is_of_changes_not_of_levels():
    """Two invented series that rise together while their yearly changes mirror each other."""
    steps = [3, 1, 5, 2, 7, 4, 6, 0]
    up, down = pd.Series(steps).cumsum(), pd.Series([8 - step for step in steps]).cumsum()
    r, low, high, n = t.change_correlation(up, down)
    assert r == pytest.approx(-1) and (low, high) == pytest.approx((-1, -1)) and n == 7 and up.corr(down) > 0.9


# --- breaks, bounds, bases ----------------------------------------------------------------------------------------


def test_a_break_is_never_a_measurement():
    partners, cow, dots = load("trade/partners"), load("trade/cow_dyads"), load("trade/dots")
    before = t.gaps(t.flows(partners, cow, dots))
    shaken = [
        frame.assign(**{c: frame[c].where(frame["quality"] == "as published", frame[c] * 9)})
        for frame, c in ((cow, "imports"), (dots, "value"))
    ]
    pd.testing.assert_frame_equal(before, t.gaps(t.flows(partners, *shaken)))
    used = before[before["series"].isin(["Importer (COW)", "Russia (DOTS)"])].set_index(["series", "flow", "year"]).index
    assert ("Importer (COW)", "exports", 2006) not in used and ("Russia (DOTS)", "imports", 2011) not in used


def made_up(shares, listed=None):
    listed = listed or [f"P{i}" for i in range(len(shares))]
    return pd.DataFrame({"reporter": "XXX", "year": 2000, "flow": "export", "partner": listed, "share": [100 * s for s in shares]})


def test_the_true_index_lies_within_the_bounds():
    """Invented complete lists of partners, of which the function sees the five largest."""
    for everyone in ([0.5, 0.2, 0.1, 0.05, 0.05, 0.05, 0.05], [0.2] * 5, [0.3, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]):
        bounds = t.concentration(made_up(everyone[:5])).iloc[0]
        assert bounds["low"] - 1e-12 <= sum(s * s for s in everyone) <= bounds["high"] + 1e-12


def test_trade_without_a_named_country_may_belong_to_the_largest_partner():
    bounds = t.concentration(made_up([0.4, 0.2, 0.2, 0.1, 0.1], ["A", "B", "C", "D", "unspecified"])).iloc[0]
    assert bounds["low"] == pytest.approx(0.16 + 0.04 + 0.04 + 0.01)
    assert bounds["high"] == pytest.approx(0.25 + 0.04 + 0.04 + 0.01)


def test_the_index_that_the_publisher_prints_lies_outside_the_bounds(partners):
    """K076: 0.33 for Belarusian exports of 2019."""
    printed = float(load("corrections").set_index("id").loc["K076", "found"].split()[0])
    index = t.concentration(partners).query("reporter == 'BLR' and year == 2019 and flow == 'export'").iloc[0]
    assert not index["low"] <= printed <= index["high"]


def test_a_share_of_output_or_of_the_cis_is_no_share_of_exports():
    rows = {r["id"]: r for r in plain("trade/product_exports")}
    for key in t.OTHER_BASE:
        assert rows[key]["share_to_russia"] and ("Share of all output" in rows[key]["note"] or "exports to the CIS" in rows[key]["note"])
    assert not set(t.OTHER_BASE) & set(t.product_shares(load("trade/product_exports"))["id"])


def test_five_groups_make_all_exports():
    assert (t.mix(load("trade/products")).sum(axis=1) - 100).abs().max() < 0.1


def test_a_span_of_years_is_written_as_one():
    assert t.spell([2005, 2006, 2007, 2009, 2011, 2012]) == "2005 to 2007, 2009, 2011, 2012"
    assert t.spell([]) == "none"


def test_a_verdict_on_the_majority_depends_on_the_threshold():
    shares = pd.Series([96.6, 82.4])
    assert [t.majority(shares, level) for level in (80, 90)] == ["supported", "imprecise"]
    assert t.majority(pd.Series([33.0]), 80) == "contradicted" and t.majority(pd.Series([], dtype=float), 80) == "not testable"


def test_re_exported_food_is_not_counted_as_dairy():
    acts = t.quarrels(load("trade/restrictions")).set_index("id")["group"]
    assert acts["TR-2014-EMBARGO"] == "fruit, vegetables, re-export" and acts["TR-2009-MILK"] == "dairy"
    assert len(acts) == sum(bool(r["start"]) for r in plain("trade/restrictions"))


# --- what the text says in words ----------------------------------------------------------------------------------


def test_what_the_text_says_in_words_holds(partners):
    mirror = t.mirror_share(load("trade/dots")).query("quality == 'as published'")["export"]
    assert mirror.index.tolist() == list(range(2012, 2022)) and t.years_near(mirror, audit_trade.THIRD, 8) == []
    index = t.concentration(partners).query("year >= 1998")
    rivals = index[index["reporter"].isin(t.PEERS)].groupby(["flow", "year"])["high"].max()
    ours = index[index["reporter"] == "BLR"].set_index(["flow", "year"])["low"]
    assert (ours["import"] > rivals["import"].loc[ours["import"].index]).all()
    largest = {
        r["year"]: r["partner"]
        for r in sorted(
            (r for r in plain("trade/partners") if r["reporter"] == "KGZ" and r["flow"] == "export"), key=lambda r: float(r["share"])
        )
    }
    assert {largest[y] for y in ("2012", "2016", "2019")} == {"CHE", "GBR"}
    assert value("BLR", "NLD", "export", 2013) < value("BLR", "NLD", "export", 2012) / 2
    lists = {r["year"]: r["russia_listed"] for r in plain("trade/factbook_partners")}
    assert [year for year, listed in lists.items() if listed == "no"] == ["2022", "2023"]
    december = next(r for r in plain("trade/product_exports") if r["id"] == "PX60")
    january = next(r for r in plain("trade/bilateral_trade") if r["id"] == "BT242")
    assert "BT242" in december["note"] and float(january["value"]) == 42 and abs(float(december["share_to_russia"]) - 42) <= 1
    (both,) = [r["id"] for r in plain("trade/restrictions") if r["initiator"] == "both"]
    assert both == "TR-2014-EMBARGO"
    dairy = [r for r in plain("trade/product_exports") if r["product"] == "dairy products" and r["share_to_russia"]]
    assert [float(r["share_to_russia"]) for r in sorted(dairy, key=lambda r: r["year"])] == [96.6, 96.3, 90.3, 82.4]


# --- verdicts follow the data -------------------------------------------------------------------------------------


def replaced(monkeypatch, name, change):
    monkeypatch.setattr(audit_trade, "load", lambda wanted: change(load(wanted)) if wanted == name else load(wanted))


def russian_share(share, flow, years=slice(None)):
    """A change of the table of partners: Russia's share for Belarus becomes ``share`` in these years."""

    def change(table):
        rows = (table["reporter"] == "BLR") & (table["partner"] == "RUS") & (table["flow"] == flow)
        if not isinstance(years, slice):
            rows &= table["year"].isin(years)
        return table.assign(share=table["share"].mask(rows, share))

    return change


def test_the_verdict_on_one_third_flips(monkeypatch):
    assert audit_trade.one_third_of_exports().verdict == "overtaken"
    replaced(monkeypatch, "trade/partners", russian_share(33.0, "export", [2019]))
    assert audit_trade.one_third_of_exports().verdict == "supported"
    replaced(monkeypatch, "trade/partners", russian_share(60.0, "export"))
    assert audit_trade.one_third_of_exports().verdict == "contradicted"


@pytest.mark.parametrize(
    "test, today, flow, share, then",
    [
        (audit_trade.russia_is_the_largest_partner, "supported", "export", 1.0, "imprecise"),
        (audit_trade.ties_were_not_broken, "supported", "export", 1.0, "contradicted"),
        (audit_trade.exports_rely_on_the_cis, "supported", "export", 5.0, "contradicted"),
        (audit_trade.imports_rely_on_the_cis, "imprecise", "import", 5.0, "contradicted"),
        (audit_trade.imports_rely_on_the_cis, "imprecise", "import", 95.0, "supported"),
    ],
)
def test_a_verdict_on_partners_flips_with_the_share(monkeypatch, test, today, flow, share, then):
    assert test().verdict == today
    replaced(monkeypatch, "trade/partners", russian_share(share, flow, [2012, *range(2013, 2020)]))
    assert test().verdict == then


@pytest.mark.parametrize(
    "test, today, row, share, then",
    [
        (audit_trade.industrial_goods, "not testable", "PX60", 85, "supported"),
        (audit_trade.tractors, "contradicted", "PX44", 85, "supported"),
        (audit_trade.dairy, "supported", "PX15", 60, "imprecise"),
        (audit_trade.meat, "imprecise", "PX67", 40, "contradicted"),
        (audit_trade.buses, "not testable", "PX69", 90, "supported"),
        (audit_trade.trucks, "not testable", "PX49", 90, "supported"),
    ],
)
def test_a_verdict_on_goods_flips_with_the_statement(monkeypatch, test, today, row, share, then):
    assert test().verdict == today
    replaced(
        monkeypatch, "trade/product_exports", lambda p: p.assign(share_to_russia=p["share_to_russia"].mask(p["id"] == row, float(share)))
    )
    assert test().verdict == then


def test_weak_statements_are_called_weak(monkeypatch):
    """Of industrial goods all that is left is of low confidence, and one row may speak of another thing; the reason says so."""
    assert "low confidence" in audit_trade.industrial_goods().reason and "all exports" in audit_trade.industrial_goods().reason
    assert "low confidence" not in audit_trade.dairy().reason
    replaced(monkeypatch, "trade/product_exports", lambda p: p[p["id"] != "PX60"])
    found = audit_trade.industrial_goods()
    assert found.verdict == "supported" and "all exports" not in found.reason
    replaced(monkeypatch, "trade/product_exports", lambda p: p.assign(confidence=p["confidence"].mask(p["id"] == "PX61", "high")))
    assert "low confidence" not in audit_trade.industrial_goods().reason


def test_the_verdict_on_resentment_needs_measures(monkeypatch):
    assert audit_trade.moscow_resented_reexport().verdict == "supported"
    replaced(monkeypatch, "trade/restrictions", lambda r: r[r["start"] < pd.Timestamp("2014-11-25")])
    assert audit_trade.moscow_resented_reexport().verdict == "imprecise"
    replaced(monkeypatch, "trade/restrictions", lambda r: r[r["initiator"] == "Belarus"])
    assert audit_trade.moscow_resented_reexport().verdict == "not testable"


def test_every_claim_of_the_chapter_has_a_verdict():
    expected = ["C053", "C054", *[f"C0{n}" for n in range(56, 65)], "C066", "C104", "C152"]
    assert [v.claim for v in audit.verdicts("integration/trade")] == expected
