"""Data tests of the source page's claims on oil."""

from __future__ import annotations

import pandas as pd

from unionstate.analysis import oil as o
from unionstate.audit import Finding, day, percent, tests
from unionstate.tables import load

#: A world price leaves no discount: the share of the duty that the law kept must be nothing.
NO_DISCOUNT = 0.0


@tests("C020")
def world_price_for_oil_in_2020() -> Finding:
    law = load("energy/oil_duty_law")
    left = {year: float(o.version(law, pd.Timestamp(year, 7, 1))["coefficient"]) for year in (2018, 2019, 2020)}
    announced = load("integration/milestones").set_index("id").loc["sochi-2020"]
    was_announced = announced["date"].year == 2020 and "market prices" in announced["description"]
    kept = left[2020] / left[2018]
    if_announced = "supported" if kept <= NO_DISCOUNT else "imprecise"
    verdict = if_announced if was_announced and kept < 1 else "contradicted"
    end = law.loc[law["coefficient"] == 0, "valid_from"]
    until = f"to nothing on 1 January {end.min().year}" if len(end) else "with no end in the table"
    reason = (
        f"On {day(announced['date'])} Moscow did say that oil would be sold at market prices only. But it was a "
        f"law of 2018 that ended the discount, in yearly steps: {percent(left[2019])} of the duty stood in 2019, {percent(kept)} in 2020, "
        f"down {until}."
    )
    evidence = ("integration/milestones:sochi-2020", "energy/oil_duty_law")
    return Finding(verdict, kept, NO_DISCOUNT, "2020", reason, evidence)
