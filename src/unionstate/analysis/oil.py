"""The Russian export duty on crude, the discount it made for Belarus, and what Belarus paid and received.

Money is nominal dollars. Duties are per tonne, prices per barrel unless a name says otherwise.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

#: Barrels per tonne of Urals. The Russian Finance Ministry states its monitoring price both ways, with this factor.
BARRELS_PER_TONNE = 7.3

#: From this month a rate lasted one month; before, two.
MONTHLY_RATES = pd.Timestamp("2008-12-01")
HALF_MONTH = pd.Timedelta(days=14)

#: Rates set ahead of the two-month rhythm, as prices fell: the months behind them are not those of the rule.
OUT_OF_RHYTHM = [pd.Timestamp("2008-10-01"), pd.Timestamp("2008-11-01")]

RATE_SERIES = r"Full (?:Russian )?crude export duty|Crude export duty applied by Belarus"
PRICE_BEHIND_RATE = "Urals price behind the export duty"
PAID = "Average price of imported crude"
MONTH_PRICE, MONTH_GAP = "Urals average price, month", "Urals discount to North Sea Dated (derived)"

#: Product duties went to Russia in whole in the years of this row, in part in those of the rows with a share.
ALL_PASSED, PART_PASSED = "Duty on crude within single economic space", "Share of product export duty due to Russia"


# --- the formula ----------------------------------------------------------------------------------------------


def version(law: pd.DataFrame, month: pd.Timestamp) -> pd.Series:
    """The row of ``energy/oil_duty_law`` in force in ``month``."""
    begins = law["valid_from"].to_numpy()
    begun = np.flatnonzero(begins <= month.to_datetime64())
    if not len(begun):
        raise ValueError(f"no version of the duty formula covers {month:%B %Y}; the table begins in {law['valid_from'].min():%B %Y}")
    return law.iloc[begun[begins[begun].argmax()]]


def _line(row: pd.Series, coefficient: float | None = None) -> tuple[list[float], list[float], float]:
    """Corner prices (USD per t), duties at them, and the slope above the last."""
    prices = [0.0, row["threshold_low"], row["threshold_middle"], row["threshold_top"]]
    factor = row["coefficient"] if coefficient is None else coefficient
    middle = row["slope_low"] * (row["threshold_middle"] - row["threshold_low"])
    top = middle + row["slope_middle"] * (row["threshold_top"] - row["threshold_middle"])
    return prices, [0.0, 0.0, factor * middle, factor * top], factor * row["slope_top"]


def duty(urals: float, row: pd.Series, coefficient: float | None = None) -> float:
    """Duty in USD per tonne that the version ``row`` makes of a Urals price in USD per barrel.

    ``coefficient`` replaces that of the row: 1 gives the duty as it would be without the tax manoeuvre of 2019-2024.
    """
    price = urals * BARRELS_PER_TONNE
    prices, duties, slope = _line(row, coefficient)
    return float(np.interp(price, prices, duties) + slope * max(0.0, price - prices[-1]))


def price_of(rate: float, row: pd.Series) -> float:
    """Urals price in USD per barrel from which the version ``row`` makes the duty ``rate`` (USD per t, above 0)."""
    prices, duties, slope = _line(row)
    above = max(0.0, rate - duties[-1]) / slope
    return float(np.interp(rate, duties[1:], prices[1:]) + above) / BARRELS_PER_TONNE


# --- rates: stated, and filled in -----------------------------------------------------------------------------


def stated_rates(oil: pd.DataFrame) -> pd.DataFrame:
    """Published rates by month: columns month, duty (USD per t), start (first month of the rate), id.

    Averages and rows of low confidence are left out. A rate without a stated end lasts two months, as was the rule then.
    Of two rows for a month the one of higher confidence counts.
    """
    rows = oil[oil["series"].str.fullmatch(RATE_SERIES) & (oil["confidence"] != "low") & oil["period_start"].notna()]
    found = []
    for row in rows.sort_values(["confidence", "id"]).itertuples():
        last = row.period_start + pd.offsets.MonthBegin(1) if pd.isna(row.period_end) else row.period_end
        for month in pd.date_range(row.period_start, last, freq="MS"):
            found.append({"month": month, "duty": row.value, "start": row.period_start, "id": row.id})
    return pd.DataFrame(found).drop_duplicates("month").sort_values("month", ignore_index=True)


def monitored(month: pd.Timestamp) -> list[pd.Timestamp]:
    """The two calendar months whose prices set the rate of ``month``.

    Until November 2008 a rate for two months (February-March, April-May ...) followed the two months before the last one.
    Since then the price runs from the 15th of the month before the last to the 14th of the last: half of each.
    """
    first = month if month >= MONTHLY_RATES or month.month % 2 == 0 else month - pd.DateOffset(months=1)
    back = (2, 1) if month >= MONTHLY_RATES else (3, 2)
    return [first - pd.DateOffset(months=n) for n in back]


def law_check(oil: pd.DataFrame, law: pd.DataFrame) -> pd.DataFrame:
    """Every published pair of a monitoring price and the rate that followed: columns month, urals, stated, law, id."""
    rates = stated_rates(oil).set_index("month")
    out = []
    for row in oil[oil["series"] == PRICE_BEHIND_RATE].itertuples():
        urals = row.value if row.unit == "USD per barrel" else row.value / BARRELS_PER_TONNE
        # To the 14th: the next month. To the end of a month: the month after the next.
        month = row.period_end.replace(day=1) + pd.DateOffset(months=1 if row.period_end.day == 14 else 2)
        if month in rates.index:
            rate = rates.loc[month]
            out.append({"month": month, "urals": urals, "stated": rate["duty"], "law": duty(urals, version(law, month)), "id": row.id})
    return pd.DataFrame(out).sort_values("month", ignore_index=True)


def _brent_behind(pink: pd.DataFrame, months: pd.Index) -> pd.Series:
    brent = pink.set_index("month")["brent"]
    return pd.Series([brent.reindex(monitored(month)).mean() for month in months], index=months)


def _gap_points(oil: pd.DataFrame, rates: pd.DataFrame, pink: pd.DataFrame, law: pd.DataFrame) -> pd.DataFrame:
    """Brent less Urals in USD per barrel: columns day, gap, start (first month of the rate it was read off, if one).

    Read off a rate, it stands for the middle of the monitoring period, weeks before the rate. A published monthly price of
    Urals, or a published discount to the North Sea benchmark, stands for the middle of its month.
    """
    known = rates[(rates["duty"] > 0) & (rates["start"] == rates["month"]) & ~rates["month"].isin(OUT_OF_RHYTHM)]
    known = known.set_index("month")["duty"]
    urals = pd.Series([price_of(rate, version(law, month)) for month, rate in known.items()], index=known.index)
    read_off = (_brent_behind(pink, known.index) - urals).rename_axis("start").rename("gap").reset_index()
    read_off["day"] = [_middle(month) for month in known.index]
    stated = oil[oil["series"].isin([MONTH_PRICE, MONTH_GAP])]
    brent = stated["period_start"].map(pink.set_index("month")["brent"])
    gap = stated["value"].where(stated["series"] == MONTH_GAP, brent - stated["value"])
    published = pd.DataFrame({"start": pd.NaT, "gap": gap, "day": stated["period_start"] + HALF_MONTH})
    return pd.concat([read_off, published.astype(read_off.dtypes)]).dropna(subset="gap").sort_values("day", ignore_index=True)


def _middle(month: pd.Timestamp) -> pd.Timestamp:
    """The middle of the monitoring period behind the rate of ``month``."""
    return monitored(month)[1]


def _between(points: pd.DataFrame, days: pd.Index) -> np.ndarray:
    """Gaps for ``days``: straight lines in time between the known ones, the first and last carried on."""
    number = lambda index: np.array([day.toordinal() for day in index], float)  # noqa: E731
    return np.interp(number(days), number(points["day"]), points["gap"].to_numpy())


def monthly(oil: pd.DataFrame, pink: pd.DataFrame, law: pd.DataFrame, first: str = "2005-01", last: str = "2024-12") -> pd.DataFrame:
    """Month by month: columns month, brent, gap, urals (USD per barrel), duty, full (USD per t), basis.

    ``duty`` is the published rate where one was found (basis "published"), else the law applied to Brent of the monitoring
    months less the gap to Urals ("law"). ``full`` is the duty without the coefficient of the tax manoeuvre. ``gap`` and
    ``urals`` are those of the month itself, not of the months that set its rate.
    """
    months = pd.date_range(first, last, freq="MS")
    rates = stated_rates(oil)
    known = _gap_points(oil, rates, pink, law)
    behind = _brent_behind(pink, months) - _between(known, [_middle(month) for month in months])
    published = rates.set_index("month")["duty"].reindex(months)
    by_law = pd.Series([duty(behind[m], version(law, m)) for m in months], index=months)
    full = pd.Series([duty(behind[m], version(law, m), 1.0) for m in months], index=months)
    brent = pink.set_index("month")["brent"].reindex(months)
    gap = pd.Series(_between(known, months + HALF_MONTH), index=months)
    return pd.DataFrame(
        {
            "month": months,
            "brent": brent.to_numpy(),
            "gap": gap.to_numpy(),
            "urals": (brent - gap).to_numpy(),
            "duty": published.fillna(by_law).to_numpy(),
            "full": full.to_numpy(),
            "basis": np.where(published.notna(), "published", "law"),
        }
    )


def left_out(oil: pd.DataFrame, pink: pd.DataFrame, law: pd.DataFrame) -> pd.DataFrame:
    """How well a missing rate is filled in: each published rate predicted from the others.

    Columns start, stated, filled, error (filled less stated, USD per t).
    """
    out, rates = [], stated_rates(oil)
    points = _gap_points(oil, rates, pink, law)
    rates = rates.query("duty > 0 and start == month").set_index("month")["duty"]
    behind = _brent_behind(pink, rates.index).dropna()
    for start in behind.index:
        (gap,) = _between(points[points["start"] != start], [_middle(start)])
        filled = duty(behind[start] - gap, version(law, start))
        out.append({"start": start, "stated": rates[start], "filled": filled, "error": filled - rates[start]})
    return pd.DataFrame(out)


def urals_check(oil: pd.DataFrame, months: pd.DataFrame) -> pd.DataFrame:
    """Reconstructed Urals against averages of half a year and more by the Russian Finance Ministry: start, end, stated, urals, id.

    These averages take no part in the reconstruction.
    """
    rows = oil[oil["series"].isin(["Urals average price", "Urals average price, part year"])]
    rows = rows[(rows["period_end"] - rows["period_start"]).dt.days > 175].sort_values("period_start")
    mean = lambda row: months[months["month"].between(row.period_start, row.period_end)]["urals"].mean()  # noqa: E731
    out = [(r.period_start, r.period_end, r.value, mean(r), r.id) for r in rows.itertuples()]
    return pd.DataFrame(out, columns=["start", "end", "stated", "urals", "id"])


# --- what Belarus was charged ---------------------------------------------------------------------------------


def deliveries(oil: pd.DataFrame) -> pd.DataFrame:
    """Statements of full-year crude for Belarus: columns id, year, value (Mt), definition, series, confidence.

    A statement without "plan", "balance", "agreed", "offer" or "expected" in its words counts as an outcome.
    """
    rows = oil[(oil["category"] == "crude supply") & oil["unit"].isin(["Mt", "Mt per year"])]
    rows = rows[(rows["period_end"] - rows["period_start"]).dt.days.ge(360) & rows["series"].str.startswith("Russian crude")]
    planned = rows["series"].str.contains("plan|balance|agreed|offer|expected|scheme") | rows["description"].str.contains("planned")
    pipeline = rows["series"].str.contains("pipeline")
    definition = np.select(
        [planned & pipeline, planned, pipeline], ["pipeline, planned", "all modes, planned or expected", "pipeline"], "all modes"
    )
    out = rows.assign(definition=definition)[["id", "year", "period_end", "value", "definition", "series", "confidence"]]
    return out.sort_values(["year", "id"], ignore_index=True)


def refinery_runs(balance: pd.DataFrame, country: str = "BLR") -> pd.Series:
    """Crude run in refineries in Mt by year, from thousand barrels a day."""
    rows = balance[balance["country"] == country].dropna(subset="refinery_runs").set_index("year")["refinery_runs"]
    days = pd.Series([366 if pd.Timestamp(year, 1, 1).is_leap_year else 365 for year in rows.index.astype(int)], index=rows.index)
    out = rows * days / BARRELS_PER_TONNE / 1000
    out.index = out.index.astype(int)
    return out


def volume(oil: pd.DataFrame, balance: pd.DataFrame) -> pd.DataFrame:
    """Crude a year in Mt: columns year, value, basis. The mean of stated outcomes by all modes, else the refinery runs."""
    stated = deliveries(oil).query("definition == 'all modes'").groupby("year")["value"].mean()
    stated.index = stated.index.astype(int)
    runs = refinery_runs(balance)
    years = range(2005, int(runs.index.max()) + 1)
    return pd.DataFrame(
        {
            "year": list(years),
            "value": [stated.get(year, runs.get(year, np.nan)) for year in years],
            "basis": ["stated" if year in stated.index else "refinery runs" for year in years],
        }
    )


def share_charged(oil: pd.DataFrame, year: int, crude: float) -> float:
    """Share of the full duty that lay on Belarusian crude in ``year``; ``crude`` in Mt spreads a duty-free quota."""
    rows = oil[(oil["category"] == "duty regime") & (oil["year"] == year)]
    coefficient = rows[rows["series"] == "Coefficient to full Russian crude duty"]["value"]
    quota = rows[rows["series"] == "Duty-free crude quota"]["value"]
    if len(coefficient):
        return float(coefficient.iloc[0])
    return float(max(0.0, 1 - quota.iloc[0] / crude)) if len(quota) else 0.0


def regimes(oil: pd.DataFrame, law: pd.DataFrame) -> pd.DataFrame:
    """The terms for Belarus as spans of years: columns first, last, label; labels carry the values of the rows."""
    cell = lambda series, year: oil[(oil["series"] == series) & (oil["year"] == year)]["value"].iloc[0]  # noqa: E731
    share = [cell("Coefficient to full Russian crude duty", year) for year in (2007, 2008, 2009)]
    recleared = oil[oil["series"] == "Re-cleared crude (peretamozhka)"].iloc[0]
    cut = law[law["coefficient"] < 1]["valid_from"].dt.year
    spans = [
        (2005, 2006, "duty-free"),
        (2007, 2007, f"{share[0]:.1%}"),
        (2008, 2009, f"{share[1]:.1%}, then {share[2]:.1%}"),
        (2010, 2010, f"quota {cell('Duty-free crude quota', 2010):g} Mt"),
        (2011, int(recleared["period_start"].year) - 1, "duty-free"),
        (int(recleared["period_start"].year), int(cut.min()) - 1, f"and {recleared['value']:g} Mt re-cleared"),
        (int(cut.min()), int(cut.max()), "tax manoeuvre"),
    ]
    return pd.DataFrame(spans, columns=["first", "last", "label"])


def yearly(months: pd.DataFrame, oil: pd.DataFrame, crude: pd.DataFrame) -> pd.DataFrame:
    """By year: means of brent, urals, duty, full; share (of the duty charged), charged (USD per barrel), discount
    (USD per barrel), percent (discount in percent of Urals), worth (billion USD: discount times all crude)."""
    means = months.assign(year=months["month"].dt.year).groupby("year")[["brent", "urals", "duty", "full"]].mean().reset_index()
    out = means.merge(crude, on="year")
    out["share"] = [share_charged(oil, int(row.year), row.value) for row in out.itertuples()]
    out["discount"] = out["duty"] * (1 - out["share"]) / BARRELS_PER_TONNE
    out["charged"] = out["urals"] - out["discount"]
    out["percent"] = 100 * out["discount"] / out["urals"]
    out["worth"] = out["discount"] * BARRELS_PER_TONNE * out["value"] / 1000
    return out


def product_duties_passed_on(oil: pd.DataFrame) -> list[int]:
    """Years in which duties on Belarusian product exports went to Russia, in part or in whole. No row speaks of 2010."""
    rows = oil[oil["series"].isin([ALL_PASSED, PART_PASSED])]
    return sorted({y for a, b in zip(rows["period_start"], rows["period_end"], strict=True) for y in range(a.year, b.year + 1)})


def against_estimates(estimates: pd.DataFrame, worth: pd.Series, net: pd.Series) -> pd.DataFrame:
    """Published estimates a year beside ``worth`` and ``net`` (billion USD by year): columns id, name, official, concept,
    published, gross, net. Sums over several years are divided by the years."""
    out = []
    for row in estimates.itertuples():
        years = list(range(row.period_start.year, row.period_end.year + 1))
        who = row.estimator.split(" (")[0].split(" quoted")[0]
        kind = row.concept_text.split("(")[1].rstrip(")") if "(" in row.concept_text else ""
        official = any(word in row.estimator for word in ("government", "Putin", "Kremlin", "Ministry"))
        name = f"{row.year_label}: {who} {kind}".strip()
        means = worth.reindex(years).mean(), net.reindex(years).mean()
        out.append((row.id, name, official, row.concept_text, row.value / len(years), *means))
    return pd.DataFrame(out, columns=["id", "name", "official", "concept", "published", "gross", "net"])


def after_product_duties(by_year: pd.DataFrame, balance: pd.DataFrame, share: float, first: int = 2011, last: int = 2014) -> pd.Series:
    """Worth of the discount in billion USD after product duties passed on to Russia from ``first`` to ``last``.

    Product exports are not known for whole years: refinery runs less oil used at home stand in for them. ``share`` is the
    product duty as a share of the crude duty.
    """
    used = balance[balance["country"] == "BLR"].set_index("year")["oil_mass"]
    exports = (refinery_runs(balance) - used).clip(lower=0)
    rows = by_year.set_index("year")
    passed = (share * rows["duty"] * exports.reindex(rows.index) / 1000).where((rows.index >= first) & (rows.index <= last), 0.0)
    return rows["worth"] - passed


def paid_against_law(oil: pd.DataFrame, months: pd.DataFrame, crude: pd.DataFrame) -> pd.DataFrame:
    """Average import prices beside what law and market imply: columns id, start, end, paid, law, urals (USD per t), confidence.

    ``law`` is Urals less the discount, the mean of the months of the period, none weighted.
    """
    by_year = crude.set_index("year")["value"]
    out = []
    for row in oil[oil["series"] == PAID].sort_values(["period_start", "period_end"]).itertuples():
        span = months[months["month"].between(row.period_start, row.period_end)]
        urals = span["urals"].mean() * BARRELS_PER_TONNE
        kept = 1 - share_charged(oil, row.year, by_year[row.year])
        out.append(
            {
                "id": row.id,
                "start": row.period_start,
                "end": row.period_end,
                "paid": row.value,
                "law": urals - kept * span["duty"].mean(),
                "urals": urals,
                "confidence": str(row.confidence),
            }
        )
    return pd.DataFrame(out)


# --- the tax manoeuvre ----------------------------------------------------------------------------------------


def lost_discount(law: pd.DataFrame, urals: pd.Series | float, tonnes: pd.Series | float, years=range(2019, 2025)) -> pd.Series:
    """Discount that the tax manoeuvre took away, million USD by year: (1 - coefficient) x the duty at full rate x Mt.

    ``urals`` (USD per barrel) and ``tonnes`` (Mt) are one number for all years or a series by year.
    """
    pick = lambda given, year: float(given[year]) if isinstance(given, pd.Series) else float(given)  # noqa: E731
    loss = {}
    for year in years:
        row = version(law, pd.Timestamp(year, 7, 1))
        loss[year] = (1 - row["coefficient"]) * duty(pick(urals, year), row, 1.0) * pick(tonnes, year)
    return pd.Series(loss)


def published_losses(oil: pd.DataFrame) -> pd.DataFrame:
    """Published yearly and summed losses from the manoeuvre of 2019-2024: columns id, year, last, value (million USD), series,
    description."""
    rows = oil[(oil["category"] == "tax manoeuvre") & oil["series"].str.contains("[Ll]oss")]
    rows = rows[~rows["series"].str.contains("first manoeuvre")]
    value = rows["value"].where(rows["unit"] == "million USD", rows["value"] * 1000)
    out = rows.assign(value=value, last=rows["period_end"].dt.year)
    return out[["id", "year", "last", "period_end", "value", "series", "description", "confidence"]].reset_index(drop=True)
