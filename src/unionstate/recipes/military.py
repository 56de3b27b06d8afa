"""Recipes for arms, spending, personnel and exercises."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from unionstate.package import data_dir
from unionstate.recipes.common import read, rounded, whole

NEIGHBOURS = ["BLR", "RUS", "UKR", "POL", "LTU", "LVA", "KAZ", "ARM"]

#: SIPRI's columns → our measure, its unit, the digits kept and the factor.
SPENDING = {
    "milex_share_gdp": ("share of GDP", "percent", 4, 100),
    "milex_constant_2023_usd_m": ("constant USD", "million USD of 2023", 2, 1),
    "milex_current_usd_m": ("current USD", "million USD", 2, 1),
    "milex_per_capita_usd": ("current USD per head", "USD", 2, 1),
}


def spending(raw: Path) -> pd.DataFrame:
    """SIPRI Military Expenditure Database: share of GDP (percent), constant and current dollars (million), dollars per head.

    Left out: the share of government spending (for Belarus ten times too high) and local currency (single units under a heading
    that says millions; Belarus a further ten times too high). Zeros in current dollars stand for years in which today's currency
    gives less than half a cent: no value, so no row. Fractions become percent; floats of the workbook are rounded.
    """
    long = read(raw / "sipri-milex" / "sipri_milex_1990_2024_long.csv")
    kept = long[long["iso3"].isin(NEIGHBOURS) & long["measure"].isin(list(SPENDING)) & ~long["value"].isin(["", "0.0"])]
    parts = []
    for measure, (name, unit, digits, times) in SPENDING.items():
        rows = kept[kept["measure"] == measure]
        value = rounded(rows["value"], digits, times)
        parts.append(pd.DataFrame({"country": rows["iso3"], "year": rows["year"], "measure": name, "value": value, "unit": unit}))
    return pd.concat(parts)


def arms_register(raw: Path) -> pd.DataFrame:
    """SIPRI Arms Transfers Database, trade register: orders of Belarus from Russia, Ukraine, China and Iran.

    Trend-indicator values (TIV, million) measure capability, not money. The register lists the years of delivery of an order
    but does not split its number among them. Question marks of the register become ``_uncertain`` columns.
    """
    register = read(raw / "sipri-arms-transfers" / "sipri_trade_register_belarus_russia.csv")
    kept = register[register["recipient"] == "Belarus"]
    suppliers = {"Russia": "RUS", "Ukraine": "UKR", "China": "CHN", "Iran": "IRN"}
    uncertain = {"?": "yes", "": "no"}
    frame = pd.DataFrame(
        {
            "supplier": kept["supplier"].map(suppliers),
            "weapon": kept["weapon_designation"],
            "description": kept["weapon_description"],
            "year_ordered": kept["order_year"],
            "year_ordered_uncertain": kept["order_year_uncertain"].map(uncertain),
            "quantity_ordered": kept["number_ordered"],
            "quantity_ordered_uncertain": kept["number_ordered_uncertain"].map(uncertain),
            "quantity_delivered": kept["number_delivered"],
            "quantity_delivered_uncertain": kept["number_delivered_uncertain"].map(uncertain),
            "first_delivery": kept["delivery_years"].str[:4],
            "last_delivery": kept["delivery_years"].str[-4:],
            "delivery_years": kept["delivery_years"],
            "condition": kept["status"].str.lower(),
            "tiv_ordered": kept["tiv_total_order"],
            "tiv_delivered": kept["tiv_delivered"],
            "note": kept["comments"],
        }
    )
    return frame.sort_values(["year_ordered", "supplier", "weapon", "first_delivery"], kind="stable")


def armed_forces(raw: Path) -> pd.DataFrame:
    """Soldiers in thousand, twice: Correlates of War (active forces) and World Bank (with paramilitary forces, from IISS).

    The two never agree for Belarus and both are kept. ``jump`` marks a year that differs by more than a third from the year
    before in the same series: a change of definition or source more often than of the army. Military spending and the
    composite index of Correlates of War are left out: the spending breaks in 2000 and 2005 and carries the index with it.
    """
    cow = read(raw / "cow-nmc" / "cow_national_capabilities_1990_2022.csv")
    wdi = read(raw / "gapminder-wdi-series" / "wdi_style_series_long.csv")
    wdi = wdi[(wdi["indicator"] == "armed_forces_personnel_total") & (wdi["year"] >= "1990")]
    thousands = wdi["value"].map(lambda persons: f"{float(persons) / 1000:g}")
    counts = {"COW": (cow, whole(cow["milper_thousand"])), "World Bank": (wdi, thousands)}
    both = pd.concat(
        [
            pd.DataFrame({"country": table["iso3"], "year": table["year"], "data_set": data_set, "personnel": personnel})
            for data_set, (table, personnel) in counts.items()
        ]
    )
    both = both[both["country"].isin(NEIGHBOURS) & (both["personnel"] != "")].sort_values(["data_set", "country", "year"], kind="stable")
    before = both["personnel"].astype(float).groupby([both["data_set"], both["country"]]).shift()
    change = both["personnel"].astype(float) / before - 1
    return both.assign(jump=(change.abs() > 1 / 3).map({True: "yes", False: "no"}))


#: Names of the Russian list that are translated otherwise here, and the one whose only evidence is a feature article.
OUR_NAME = {"Zapad (West)": "Zapad", "Tsentr (Centre)": "Tsentr", "": "Russian-Belarusian tactical exercise"}
DOUBTFUL = {"86": "The list cites only a feature article of 2013 for it"}
ZLEFFEL = "zleffel-joint-military-exercises-involving-russia"


def exercises_other_list(raw: Path) -> pd.DataFrame:
    """A list of Russia's joint exercises 2009-2018 by an unnamed compiler: the rows with Belarus, matched with our own table.

    An event list that thins out after 2013, never a trend. A match has the same name and year in ``military/exercises``.
    """
    listed = read(raw / "russia-joint-exercises" / "russia_joint_military_exercises_2009_2018.csv")
    listed = listed[listed["belarus_takes_part"] == "1"]
    name = listed["name_english_gloss"].replace(OUR_NAME)
    name = name + name.str.contains(" ").map({True: " ", False: "-"}) + listed["year"]
    curated = read(data_dir() / "military" / "exercises.csv")
    ours = dict(zip(curated["name"].str.split(" (", regex=False).str[0], curated["id"], strict=True))
    others = listed["participants"].str.split(";").map(lambda states: "; ".join(state for state in states if state != "Belarus"))
    return pd.DataFrame(
        {
            "id": "JX-" + listed["id"].str.zfill(2),
            "name": name,
            "year": listed["year"],
            "partners": others,
            "exercise_id": name.map(ours).fillna(""),
            "doubtful": listed["id"].isin(list(DOUBTFUL)).map({True: "yes", False: "no"}),
            "reported_at": listed["source"],
            "source": ZLEFFEL,
            "note": listed["id"].map(DOUBTFUL).fillna(""),
        }
    )


RECIPES = {
    "military/spending": spending,
    "military/arms_register": arms_register,
    "military/armed_forces": armed_forces,
    "military/exercises_other_list": exercises_other_list,
}
