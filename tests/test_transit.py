"""What the transit chapter promises, recomputed another way."""

import json
import math

import pandas as pd
import pytest
from evidence import plain

from unionstate import audit, load
from unionstate.analysis import transit as t
from unionstate.audit import transit as audit_transit
from unionstate.paths import root
from unionstate.show import FIGURE, maps


@pytest.fixture(scope="module")
def reports():
    """(route, month) → million m3, only what was reported as published or in part."""
    kept = ("as published", "part of the points")
    return {(r["route"], r["month"][:7]): float(r["flow"]) for r in plain("energy/border_flows") if r["quality"] in kept}


@pytest.fixture(scope="module")
def wide():
    return t.monthly(load("energy/border_flows"))


@pytest.fixture(scope="module")
def shapes():
    return t.rings(load("map/countries"))


def year_sum(reports, route, year):
    return sum(value for (r, month), value in reports.items() if r == route and month.startswith(str(year)))


def test_the_share_of_2014_agrees_with_adding_the_reports_by_hand(reports):
    belarus = sum(year_sum(reports, point, 2014) for point in ("Kondratki", "Wysokoje", "Tietierowka", "Kotlovka"))
    belarus -= year_sum(reports, "Kaliningrad", 2014)
    others = sum(year_sum(reports, route, 2014) for route in ("Ukraine", "Nord Stream", "Finland", "Estonia"))
    found = t.readings(load("energy/border_flows"), load("energy/russian_gas_exports"))
    assert found.loc[2014, "north-west routes"] == pytest.approx(belarus / (belarus + others))
    (europe,) = (float(r["volume"]) for r in plain("energy/russian_gas_exports") if (r["year"], r["destination"]) == ("2014", "Europe"))
    assert found.loc[2014, "all Europe"] == pytest.approx(belarus / 1000 / europe)


def test_a_month_without_a_report_is_in_no_share(wide):
    routes = t.by_route(wide)
    missing = [*(f"2009-{m:02d}-01" for m in range(4, 10)), "2010-06-01", "2018-02-01", "2025-05-01"]
    assert not set(pd.to_datetime(missing)) & set(routes.index)
    assert t.yearly(routes).loc[2018, "months"] == 11


def test_a_shifted_report_moves_its_year_only():
    flows = load("energy/border_flows")
    exports = load("energy/russian_gas_exports")
    changed = flows.assign(flow=flows["flow"].mask((flows["route"] == "Kondratki") & (flows["month"].dt.year == 2013), 0.0))
    moved = t.readings(flows, exports)["north-west routes"] - t.readings(changed, exports)["north-west routes"]
    assert moved[2013] > 0.1 and (moved.drop(2013).abs() < 1e-12).all()


def test_doubtful_values_at_kondratki_are_no_russian_gas_unless_asked_for():
    flows = load("energy/border_flows")
    assert t.monthly(flows).loc["2022-06":"2022-12", "Kondratki"].sum() == 0
    assert t.monthly(flows, after_stop="published").loc["2022-06":"2022-12", "Kondratki"].sum() == pytest.approx(1.17587)
    assert math.isnan(t.monthly(flows).loc["2023-04-01", "Kotlovka"])


def test_warmer_metres_explain_the_gap_at_yamal_europe(reports):
    told = {r["id"]: float(r["value"]) for r in plain("energy/gas_volumes")}
    for year, row in ((2012, "GV036"), (2013, "GV039")):
        border = year_sum(reports, "Kondratki", year) / 1000
        assert told[row] / border > 1.01  # as published they do not agree
        assert border * 293.15 / 288.15 == pytest.approx(told[row], abs=0.05)  # the company prints one decimal


def test_unseen_transit_is_the_company_less_the_points_of_its_own_system(reports, wide):
    table = t.company_and_border(wide, load("energy/gas_volumes")).set_index(["part", "year"])
    points = sum(year_sum(reports, point, 2013) for point in ("Wysokoje", "Tietierowka", "Kotlovka")) / 1000
    assert table.loc[("own system", 2013), "unseen"] == pytest.approx(14.1 - points * 293.15 / 288.15)
    assert ("total", 2018) in table.index and ("total", 2005) not in table.index
    points = ("Kondratki", "Wysokoje", "Tietierowka", "Kotlovka")
    known = sum(year_sum(reports, point, 2018) for point in points)  # Kotlovka reported in February 2018, the others did not
    filled = sum(reports[point, "2018-01"] + reports[point, "2018-03"] for point in points[:3]) / 2
    assert table.loc[("total", 2018), "border"] == pytest.approx((known + filled) / 1000)


def test_gas_from_germany_is_taken_off_at_kondratki_month_by_month_and_never_below_zero(reports):
    months = [f"2022-{m:02d}" for m in range(1, 13)]
    doubtful = months[5:]  # after the stop nothing counts
    poland = sum(max(reports["Kondratki", m] - reports["Mallnow eastward", m], 0) for m in months if m not in doubtful)
    belarus = (
        poland + sum(year_sum(reports, p, 2022) for p in ("Wysokoje", "Tietierowka", "Kotlovka")) - year_sum(reports, "Kaliningrad", 2022)
    )
    others = sum(year_sum(reports, route, 2022) for route in ("Ukraine", "Nord Stream", "Finland", "Estonia"))
    found = t.readings(load("energy/border_flows"), load("energy/russian_gas_exports"))
    assert found.loc[2022, "less gas from Germany"] == pytest.approx(belarus / (belarus + others))


def test_room_elsewhere_agrees_with_a_walk_through_the_months(reports):
    bookings = load("energy/transit_bookings")
    found = t.spare(t.monthly(load("energy/border_flows")), bookings)
    top = {"Ukraine": 0.0, "Nord Stream": 0.0}
    walked = {}
    for month in sorted({month for _, month in reports}):
        room = 0.0
        for route in top:
            top[route] = max(top[route], reports[route, month])
            room += top[route] - reports[route, month]
        walked[month] = room / 1000
    assert all(row.spare == pytest.approx(walked[f"{month:%Y-%m}"]) for month, row in zip(found.index, found.itertuples(), strict=True))
    january = found.loc["2021-01-01"]
    below = max(v for (r, m), v in reports.items() if r == "Nord Stream" and m <= "2021-01") - reports["Nord Stream", "2021-01"]
    assert january["paid"] == pytest.approx(40 / 12 + (below - reports["Ukraine", "2021-01"]) / 1000)
    assert found.loc[:"2019", "paid"].isna().all()


def test_the_comparison_with_the_usual_month_sees_a_known_stop(wide):
    ukraine = t.against_usual(wide["Ukraine"])
    assert ukraine["2009-01-01"] == pytest.approx(wide.loc["2009-01-01", "Ukraine"] / wide.loc["2010-01-01", "Ukraine"])
    assert ukraine["2009-01-01"] < 0.5
    steady = pd.Series(1.0, index=pd.date_range("2010-01-01", periods=36, freq="MS"))
    steady.iloc[17] = 0.4
    assert t.lowest_in(t.against_usual(steady), pd.Timestamp("2011-06-20"), pd.Timestamp("2011-06-25")) == (steady.index[17], 0.4)


def test_oil_figures_that_may_count_refineries_lose_them():
    table = t.oil_transit(load("energy/oil")).set_index("year")
    told = {r["id"]: float(r["value"]) for r in plain("energy/oil")}
    assert table.loc[2006, "low"] == told["OL077"] - told["OL299"]  # the crude of the same year, not the plan for the next (OL001)
    assert table.loc[2013, "low"] == table.loc[2013, "high"] == told["OL078"]
    assert (table["low"] <= table["high"]).all()


def test_transit_money_is_held_against_price_times_volume():
    price = pd.DataFrame({"year": [2011], "price": [200.0]})
    volume = pd.DataFrame({"year": [2011], "volume": [10.0]})
    money = t.transit_money(load("energy/gas_volumes"), price, volume)
    assert money["share"].tolist() == [600 / 2000]  # the ceiling of 600 million USD, GV051


def test_layers_and_bars_cover_what_they_stand_for_and_stop_where_reports_stop():
    top = pd.Series([2.0, 2.0, float("nan"), 3.0, 5.0], index=pd.date_range("2020-01-01", periods=5, freq="D"))
    x, y = t.outline(top)
    runs, drawn = [[]], list(zip((x - top.index[0]).days, y, strict=True))
    for corner in drawn:
        runs.append([]) if math.isnan(corner[1]) else runs[-1].append(corner)
    assert [area([*run, run[0]]) for run in runs] == [2.0, 4.0]  # nothing between the second and the fourth day
    x, y = t.blocks(pd.Series([1.0, 0.0, 2.0], index=[2010, 2011, 2012]), pd.Series([3.0, 0.0, 1.0], index=[2010, 2011, 2012]), width=0.5)
    assert x[:4].tolist() == [2009.75, 2009.75, 2010.25, 2010.25] and y[:4].tolist() == [1.0, 4.0, 4.0, 1.0]
    assert len(x) == 10 and math.isnan(x[4]) and y[5:9].tolist() == [2.0, 3.0, 3.0, 2.0]


# --- where Belarus lies ---------------------------------------------------------------------------------------


def test_belarus_has_the_five_neighbours_that_everyone_knows(shapes):
    assert set(t.shared_borders(shapes).index) == {"RUS", "UKR", "LTU", "POL", "LVA"}
    own = sum(t._km(*edge) for edge in t.edges(shapes["BLR"]))
    assert t.shared_borders(shapes).sum() == pytest.approx(own)  # no coast: every edge has a neighbour


def test_along_a_parallel_the_next_land_is_found(shapes):
    square = lambda x: [[(x, 0.0), (x + 1.0, 0.0), (x + 1.0, 1.0), (x, 1.0), (x, 0.0)]]  # noqa: E731
    found = t.parallels({"BLR": square(1.0), "POL": square(0.0), "RUS": square(2.5), "UKR": square(9.0)}, step=0.25)
    assert set(found["west"]) == {"POL"} and set(found["east"]) == {"RUS"} and len(found) == 4
    real = t.parallels(shapes).set_index("latitude")
    near = lambda y: real.loc[min(real.index, key=lambda known: abs(known - y))].tolist()  # noqa: E731
    assert near(53.0) == ["POL", "RUS"] and near(55.8) == ["LVA", "RUS"] and near(52.0) == ["POL", "UKR"]


def test_the_verdict_on_the_position_turns_with_the_members(monkeypatch):
    assert audit.verdicts("energy/transit")[0].verdict == "supported"

    def fewer(kept):
        return lambda name: load(name)[lambda f: f["country"].isin(kept)] if name == "map/nato_members" else load(name)

    monkeypatch.setattr(audit_transit, "load", fewer(["POL"]))
    assert audit_transit.belarus_lies_between_russia_and_nato().verdict == "imprecise"
    monkeypatch.setattr(audit_transit, "load", fewer(["DEU", "FIN"]))
    assert audit_transit.belarus_lies_between_russia_and_nato().verdict == "contradicted"


def test_membership_is_counted_as_of_the_page(monkeypatch):
    assert "Finland" not in audit_transit.belarus_lies_between_russia_and_nato().reason  # a member since 2023


def test_the_border_points_lie_on_the_drawn_border(shapes):
    points = load("map/pipeline_points")
    x, y = t.border_crossing(shapes, points, "P0769", "BLR", "POL")
    assert 23 < x < 24.5 and 52.5 < y < 53.5  # Kondratki lies near Bialystok
    with pytest.raises(ValueError, match="P5188"):
        t.border_crossing(shapes, points, "P5188", "BLR", "UKR")


# --- the map --------------------------------------------------------------------------------------------------


def area(ring):
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, ring[1:], strict=False))) / 2


def test_a_cut_ring_stays_closed_inside_and_keeps_its_area():
    ring = [(-1.0, -1.0), (3.0, -1.0), (3.0, 3.0), (-1.0, 3.0), (-1.0, -1.0)]
    cut = maps.cut_ring(ring, (0.0, 0.0, 2.0, 5.0))
    assert cut[0] == cut[-1] and area(cut) == pytest.approx(2 * 3)
    assert maps.cut_ring(ring, (10.0, 10.0, 12.0, 12.0)) == []


def test_a_line_is_cut_at_the_edge_and_comes_back_as_a_second_run():
    runs = maps.cut_line([(1, 1), (5, 1), (5, 2), (1, 2)], (0.0, 0.0, 3.0, 3.0))
    assert runs == [[(1, 1), (3, 1)], [(3, 2), (1, 2)]]
    assert maps.cut_line([(0, 1), (4, 1)], (1.0, 0.0, 2.0, 2.0)) == [[(1, 1), (2, 1)]]


def test_thinned_outlines_still_meet_and_keep_their_areas(shapes):
    thin = maps.thin(shapes)
    vertices = lambda rings: sum(map(len, rings))  # noqa: E731
    assert vertices(thin["BLR"]) < 0.75 * vertices(shapes["BLR"])
    own = sum(t._km(*edge) for edge in t.edges(thin["BLR"]))
    assert t.shared_borders(thin).sum() == pytest.approx(own)  # every edge is still a neighbour's edge too: no gap
    for state in ("BLR", "LTU", "EST", "POL"):
        assert sum(map(area, thin[state])) == pytest.approx(sum(map(area, shapes[state])), rel=0.005)
        assert all(ring[0] == ring[-1] for ring in thin[state] if ring)
    assert maps.thin(shapes, 0.0) == shapes


def test_a_small_corner_goes_and_a_meeting_of_three_stays():
    left = [[(0.0, 0.0), (2.0, 0.0), (2.01, 1.0), (2.0, 2.0), (0.0, 2.0), (0.0, 0.0)]]
    right = [[(2.0, 0.0), (4.0, 0.0), (4.0, 2.0), (2.0, 2.0), (2.01, 1.0), (2.0, 0.0)]]
    thin = maps.thin({"A": left, "B": right}, 0.01)
    assert thin["A"] == [[(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0), (0.0, 0.0)]]
    assert (2.01, 1.0) not in thin["B"][0] and {(2.0, 0.0), (2.0, 2.0)} <= set(thin["B"][0])


def test_the_map_of_the_chapter_is_small_and_names_every_state_on_it():
    notebook = json.loads((root() / "book" / "energy" / "transit.ipynb").read_text(encoding="utf-8"))
    data = [o["data"] for cell in notebook["cells"] for o in cell.get("outputs", []) if FIGURE in o.get("data", {})]
    (svg,) = ("".join(d["image/svg+xml"]) for d in data if d[FIGURE]["name"] == "transit-map")
    assert len(svg.encode()) < 50 * 1024
    assert all(name in svg for name, _, _ in maps.NAMES.values())
