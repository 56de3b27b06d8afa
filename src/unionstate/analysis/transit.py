"""Transit of Russian gas: routes and their shares, what the company counts, spare room elsewhere, and where Belarus lies.

Flows are in billion cubic metres (bcm) of the border reports unless a name says otherwise. A month without a report is missing, never zero.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

TO_POLAND = ["Kondratki", "Wysokoje", "Tietierowka"]
BORDER_POINTS = [*TO_POLAND, "Kotlovka"]  # out of Belarus; Kaliningrad is a part of Kotlovka
ROUTES = ["Belarus", "Ukraine", "Nord Stream", "Finland and Estonia", "Black Sea"]
NORTH_WEST = ROUTES[:4]  # without the two strings to Turkiye
#: The border reports seem to count at 15 degrees Celsius, Belarus and Gazprom at 20: the same gas fills more metres when warmer.
COOL, WARM = 15, 20
WARMER = (273.15 + WARM) / (273.15 + COOL)
EARTH = 6371.0  # km


def monthly(flows: pd.DataFrame, after_stop: str = "nothing") -> pd.DataFrame:
    """``energy/border_flows`` as a wide table, bcm a month, NaN where nothing was reported or the value is doubtful.

    ``after_stop``: what the doubtful values at Kondratki after May 2022 count as. "nothing": the pipeline was no longer used and
    the gas came from Germany (K064). "published": as the publisher prints them, for an upper bound.
    """
    usable = flows["flow"].where(flows["quality"] != "doubtful")
    at_kondratki = (flows["route"] == "Kondratki") & (flows["quality"] == "doubtful")
    usable = usable.mask(at_kondratki, 0.0 if after_stop == "nothing" else flows["flow"])
    wide = flows.assign(flow=usable / 1000).pivot(index="month", columns="route", values="flow")
    wide.columns = wide.columns.astype(str)
    return wide


def out_of_belarus(wide: pd.DataFrame) -> pd.DataFrame:
    """Where the gas that left Belarus went, bcm a month: Germany's pipeline, Poland's own points, Lithuania itself, Kaliningrad."""
    return pd.DataFrame(
        {
            "Yamal-Europe (Kondratki)": wide["Kondratki"],
            "Poland (Wysokoje, Tietierowka)": wide["Wysokoje"] + wide["Tietierowka"],
            "Lithuania itself": wide["Kotlovka"] - wide["Kaliningrad"],
            "Kaliningrad": wide["Kaliningrad"],
        }
    )


def by_route(wide: pd.DataFrame, kaliningrad: bool = False) -> pd.DataFrame:
    """Flows out of Russia by route, bcm a month: columns :data:`ROUTES`; only months in which each of them is known.

    Belarus is the sum of its border points less what goes on to Kaliningrad, which is Russia again (``kaliningrad=True`` leaves it in).
    """
    belarus = wide[BORDER_POINTS].sum(axis=1, min_count=len(BORDER_POINTS))
    columns = {
        "Belarus": belarus if kaliningrad else belarus - wide["Kaliningrad"],
        "Ukraine": wide["Ukraine"],
        "Nord Stream": wide["Nord Stream"],
        "Finland and Estonia": wide["Finland"] + wide["Estonia"],
        "Black Sea": wide["Blue Stream"] + wide["TurkStream"],
    }
    return pd.DataFrame(columns).dropna()


def outline(top: pd.Series) -> tuple[pd.DatetimeIndex, list]:
    """The area under ``top`` as x and y of closed shapes, one for each run of known months; missing values part them.

    Half the corners of a band between two lines: draw the highest layer first and paint the lower ones over it.
    """
    x, y = [], []
    for _, run in top.groupby(top.isna().cumsum()):
        known = run.dropna()
        if len(known):
            x += [known.index[0], *known.index, known.index[-1], known.index[-1]]
            y += [0.0, *known, 0.0, np.nan]
    return pd.DatetimeIndex(x[:-1]), y[:-1]


def blocks(floor: pd.Series, height: pd.Series, width: float = 0.84) -> tuple[np.ndarray, np.ndarray]:
    """Bars of ``height`` on ``floor`` at the years of their index, as x and y of one shape with gaps; bars without height are left out."""
    at = height[height > 0].index
    left, right, low, high = at - width / 2, at + width / 2, floor[at], floor[at] + height[at]
    gap = np.full(len(at), np.nan)
    return np.column_stack([left, left, right, right, gap]).ravel(), np.column_stack([low, high, high, low, gap]).ravel()


def yearly(routes: pd.DataFrame, least_months: int = 6) -> pd.DataFrame:
    """Sums by year with ``months``, the number of months in them. Years with fewer than ``least_months`` are left out."""
    grouped = routes.groupby(routes.index.year)
    total = grouped.sum().assign(months=grouped.size())
    return total[total["months"] >= least_months].rename_axis("year")


def readings(flows: pd.DataFrame, exports: pd.DataFrame, least_months: int = 6) -> pd.DataFrame:
    """Share of Belarus in Russia's westward gas by year under each definition: index year, one column per reading, 1 = all of it.

    "north-west routes" is the central one. "with Kaliningrad" counts gas for the exclave as well, "with the Black Sea" the two strings
    to Turkiye in the denominator. "all Europe" divides by the Statistical Review's pipeline exports to Europe (which include Ukraine's
    and Turkiye's own use and count in standard metres of 40 MJ), so only for full years. "less gas from Germany" takes off at Kondratki
    what flowed back at Mallnow.
    """
    wide = monthly(flows)
    net = yearly(by_route(wide), least_months)
    gross = yearly(by_route(wide, kaliningrad=True), least_months)
    back = wide.assign(Kondratki=(wide["Kondratki"] - wide["Mallnow eastward"]).clip(lower=0))
    less = yearly(by_route(back), least_months)
    europe = exports[exports["destination"] == "Europe"].set_index("year")["volume"]
    of = lambda total, routes: total["Belarus"] / total[routes].sum(axis=1)  # noqa: E731
    return pd.DataFrame(
        {
            "north-west routes": of(net, NORTH_WEST),
            "with Kaliningrad": of(gross, NORTH_WEST),
            "with the Black Sea": of(net, ROUTES),
            "less gas from Germany": of(less, NORTH_WEST),
            "all Europe": (net["Belarus"].where(net["months"] == 12) / europe.reindex(net.index)).astype(float),
        }
    )


def company_and_border(wide: pd.DataFrame, volumes: pd.DataFrame) -> pd.DataFrame:
    """The pipeline company's transit beside the border reports, bcm: one row per year and part.

    Columns year, part ("Yamal-Europe", "own system", "total"), company (metres of 20 degrees), border (as reported), warmer (the border's
    metres made 20-degree ones), unseen (company less warmer: gas that none of the border points to Poland and Lithuania saw). A single
    missing month is filled with the mean of its neighbours; years with longer gaps are left out.
    """
    full = volumes[(volumes["flow"] == "transit") & (volumes["unit"] == "bcm") & (volumes["basis"] == "reported")]
    full = full[(full["period_end"] - full["period_start"]).dt.days >= 364]
    border = wide[BORDER_POINTS]
    border = border.fillna((border.shift(1) + border.shift(-1)) / 2).dropna()
    sums = border.groupby(border.index.year).sum()[border.groupby(border.index.year).size() == 12]
    parts = {"Yamal-Europe$": ("Yamal-Europe", BORDER_POINTS[:1]), "Beltransgaz system$": ("own system", BORDER_POINTS[1:])}
    rows = []
    for words, (part, points) in {**parts, "total": ("total", BORDER_POINTS)}.items():
        company = full[full["series"].str.contains(words)].set_index("year")["value"]
        rows += [(int(year), part, value, sums.loc[year, points].sum()) for year, value in company.items() if year in sums.index]
    out = pd.DataFrame(rows, columns=["year", "part", "company", "border"]).sort_values(["year", "part"], ignore_index=True)
    return out.assign(warmer=out["border"] * WARMER, unseen=out["company"] - out["border"] * WARMER)


def spare(wide: pd.DataFrame, bookings: pd.DataFrame) -> pd.DataFrame:
    """Could the other routes have carried it? By month, bcm, in two readings.

    ``belarus`` is its flow less Kaliningrad. ``spare`` is how far Ukraine and Nord Stream were below the highest month that each had shown
    so far: what a route once carried it can carry. ``paid`` counts for Ukraine only what Gazprom had contracted
    (``energy/transit_bookings``; a twelfth of the yearly volume), so it is known from 2020. ``enough`` and ``enough_paid`` say whether
    the room reaches the flow.
    """
    both = wide[["Ukraine", "Nord Stream"]]
    below = both.cummax() - both
    contracted = pd.Series(np.nan, index=wide.index)
    for row in bookings[(bookings["kind"] == "contracted") & (bookings["route"] == "Ukraine")].itertuples():
        contracted[(contracted.index >= row.period_start) & (contracted.index <= row.period_end)] = row.value / 12
    paid = (contracted - wide["Ukraine"]).clip(lower=0) + below["Nord Stream"]
    out = pd.DataFrame({"belarus": by_route(wide)["Belarus"], "spare": below.sum(axis=1, min_count=2), "paid": paid})
    out = out.dropna(subset=["belarus", "spare"])
    return out.assign(enough=out["spare"] >= out["belarus"], enough_paid=(out["paid"] >= out["belarus"]).where(out["paid"].notna()))


def against_usual(flow: pd.Series) -> pd.Series:
    """Each month divided by the mean of the same month one year earlier and later (one of them is enough)."""
    usual = pd.concat([flow.shift(12), flow.shift(-12)], axis=1).mean(axis=1)
    return (flow / usual).dropna()


def lowest_in(ratio: pd.Series, start: pd.Timestamp, end: pd.Timestamp) -> tuple[pd.Timestamp, float] | None:
    """The lowest month of ``ratio`` between two dates, months that only touch the span included; None if none is known."""
    inside = ratio[(ratio.index >= start.to_period("M").to_timestamp()) & (ratio.index <= end)]
    return None if inside.empty else (inside.idxmin(), float(inside.min()))


#: What each stated oil transit of :func:`oil_transit` counts, by our reading of the row and its source.
OIL_DEFINITIONS = {"OL077": "may count refineries", "OL078": "without refineries", "OL080": "not said", "OL081": "not said"}


def oil_transit(oil: pd.DataFrame) -> pd.DataFrame:
    """Stated yearly oil transit in Mt with what it can mean: columns id, year, stated, counts, refineries, of_year, rows, low, high.

    ``refineries`` is the crude that Russia sent to Belarusian refineries in the nearest year known (``of_year``, from ``rows``). A figure
    "without refineries" is transit as it stands; the others are transit plus refineries at worst, so that transit alone lies between
    ``low`` (refineries taken off) and ``high``.
    """
    named = oil["series"].str.match("Russian crude (delivered )?to Belarus")
    supply = oil[(oil["category"] == "crude supply") & (oil["unit"] == "Mt") & named]
    supply = (
        supply[(supply["period_end"] - supply["period_start"]).dt.days >= 364]
        .groupby("year")
        .agg(mt=("value", "median"), rows=("id", " ".join))
    )
    out = []
    for row in oil[oil["id"].isin(OIL_DEFINITIONS)].itertuples():
        counts = OIL_DEFINITIONS[row.id]
        near = int(supply.index[(abs(supply.index - row.year)).argmin()])
        low = row.value if counts == "without refineries" else row.value - supply.loc[near, "mt"]
        out.append((row.id, row.year, row.value, counts, supply.loc[near, "mt"], near, supply.loc[near, "rows"], low, row.value))
    columns = ["id", "year", "stated", "counts", "refineries", "of_year", "rows", "low", "high"]
    return pd.DataFrame(out, columns=columns).sort_values("year", ignore_index=True)


def transit_money(volumes: pd.DataFrame, price: pd.DataFrame, imports: pd.DataFrame) -> pd.DataFrame:
    """What Russia's gas transit paid beside what Belarus paid for gas: columns year, transit, bill (million USD), share (1 = all).

    ``price``: year, price (USD per 1000 m3); ``imports``: year, volume (bcm). Transit sums are a contract ceiling (2011) and estimates.
    """
    paid = volumes[(volumes["flow"] == "transit") & (volumes["unit"] == "million USD") & ~volumes["series"].str.contains("Tax")]
    joined = paid[["id", "year", "value", "basis"]].rename(columns={"value": "transit"}).astype({"year": int})
    joined = joined.merge(price[["year", "price"]], on="year").merge(imports[["year", "volume"]], on="year")
    joined["bill"] = joined["price"] * joined["volume"]
    return joined.assign(share=joined["transit"] / joined["bill"])[["id", "year", "basis", "transit", "bill", "share"]]


# --- where Belarus lies ---------------------------------------------------------------------------------------


def rings(countries: pd.DataFrame) -> dict[str, list[list[tuple[float, float]]]]:
    """``map/countries`` as closed rings of (longitude, latitude), by state."""
    out: dict[str, list] = {}
    for (state, _), part in countries.sort_values(["country", "part", "vertex"]).groupby(["country", "part"], observed=True):
        out.setdefault(str(state), []).append(list(zip(part["longitude"], part["latitude"], strict=True)))
    return out


def edges(outline: list[list[tuple]]) -> set[frozenset]:
    return {frozenset(edge) for ring in outline for edge in pairwise(ring) if edge[0] != edge[1]}


def shared_borders(shapes: dict[str, list], state: str = "BLR") -> pd.Series:
    """Length in km of the border of ``state`` with each neighbour, as drawn: edges that both outlines have, along great circles.

    Outlines at 1:50 million cut corners, so real borders are longer: read the numbers as proportions.
    """
    own = edges(shapes[state])
    lengths = {other: sum(_km(*edge) for edge in own & edges(outline)) for other, outline in shapes.items() if other != state}
    found = pd.Series(lengths, dtype=float)
    return found[found > 0].sort_values(ascending=False)


def _km(a: tuple, b: tuple) -> float:
    (x1, y1), (x2, y2) = np.radians(a), np.radians(b)
    h = np.sin((y2 - y1) / 2) ** 2 + np.cos(y1) * np.cos(y2) * np.sin((x2 - x1) / 2) ** 2
    return float(2 * EARTH * np.arcsin(np.sqrt(h)))


def parallels(shapes: dict[str, list], state: str = "BLR", step: float = 0.02) -> pd.DataFrame:
    """Walking out of ``state`` along each parallel, whose land comes first? Columns latitude, west, east (ISO codes).

    ``step``: distance of the parallels in degrees; each is shifted by half a step so that it meets no vertex.
    """
    crossings = {
        other: np.array([(*start, *end) for ring in outline for start, end in pairwise(ring)], float) for other, outline in shapes.items()
    }
    ys = crossings[state][:, 1]
    rows = []
    for y in np.arange(ys.min() + step / 2, ys.max(), step) + 1e-5:
        at = {other: _crossed(lines, y) for other, lines in crossings.items()}
        low, high = at[state].min(), at[state].max()
        others = [(x, other) for other, xs in at.items() if other != state for x in xs]
        west = max((x, other) for x, other in others if x <= low + 1e-6)[1] if any(x <= low + 1e-6 for x, _ in others) else ""
        east = min((x, other) for x, other in others if x >= high - 1e-6)[1] if any(x >= high - 1e-6 for x, _ in others) else ""
        rows.append((round(float(y), 3), west, east))
    return pd.DataFrame(rows, columns=["latitude", "west", "east"])


def _crossed(lines: np.ndarray, y: float) -> np.ndarray:
    x1, y1, x2, y2 = lines.T
    over = (y1 > y) != (y2 > y)
    x1, y1, x2, y2 = lines[over].T
    return x1 + (y - y1) / (y2 - y1) * (x2 - x1)


def border_crossing(shapes: dict[str, list], points: pd.DataFrame, line: str, a: str, b: str) -> tuple[float, float]:
    """Where the drawn ``line`` of ``map/pipeline_points`` first crosses the border of states ``a`` and ``b`` (longitude, latitude).

    The place of a border point on the drawing, not its surveyed position.
    """
    border = [tuple(edge) for edge in edges(shapes[a]) & edges(shapes[b])]
    own = points[points["line"] == line].sort_values(["part", "vertex"])
    for _, part in own.groupby("part"):
        for start, end in pairwise(list(zip(part["longitude"], part["latitude"], strict=True))):
            met = [share for one, other in border if (share := _met(start, end, one, other)) is not None]
            if met:
                return tuple(float(s + min(met) * (e - s)) for s, e in zip(start, end, strict=True))
    raise ValueError(f"line {line!r} does not cross the border of {a} and {b}")


def _met(p: tuple, q: tuple, r: tuple, s: tuple) -> float | None:
    """How far along p–q it meets r–s (0 to 1), None if it does not."""
    px, py, rx, ry = q[0] - p[0], q[1] - p[1], s[0] - r[0], s[1] - r[1]
    cross = px * ry - py * rx
    if cross == 0:
        return None
    t = ((r[0] - p[0]) * ry - (r[1] - p[1]) * rx) / cross
    u = ((r[0] - p[0]) * py - (r[1] - p[1]) * px) / cross
    return t if 0 <= t <= 1 and 0 <= u <= 1 else None
