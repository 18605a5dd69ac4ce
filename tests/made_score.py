"""A made-up score of five objects, for what the app tells."""

from datetime import date
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hiro.exposure import Exposure
from hiro.hazard import Hazard
from hiro.risk import Risk
from hiro.score import Score
from hiro.site import Sites
from hiro.vulnerability import Vulnerability
from hiro.weather import build_design_day

BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2026, 7, 20)


def make_score(*, begins=None, seed=0):
    """Make a score of five objects, the last of which nothing is known of."""
    rng = np.random.default_rng(seed)
    x = np.array([0.0, 20.0, 500.0, 1000.0, 2000.0]) + 390_000
    table = gpd.GeoDataFrame(
        {
            "site_id": [f"n{k}" for k in range(5)],
            "name": ["Markt", None, "Zoo", "Ost", "West"],
            "kind": ["bus_stop", "bench", "school", "square", "tram_stop"],
            "shelter": ["none", "unknown", "opaque", "none", "none"],
            "label": ["Markt", "Ring", "Zoo", "Ost", "West"],
        },
        geometry=shapely.points(x, 5_819_000.0),
        crs="EPSG:25833",
    )
    site = np.array([0, 0, 1, 2, 3, 4])
    waiting = gpd.GeoDataFrame(
        {"site": site, "shelter": ["none", "opaque", "none", "none", "none", "none"]},
        geometry=shapely.points(x[site] + [0, 8, 0, 5, 90, 0], 5_819_000.0),
        crs=table.crs,
    )
    if begins is None:
        begins = pd.date_range(str(DAY), periods=24, freq="h", tz=BERLIN)
    n = len(begins)
    waiting_utci_c = rng.uniform(20, 48, (n, 6))
    waiting_utci_c[:, 5] = np.nan
    utci_c = np.stack([waiting_utci_c[:, site == k].mean(axis=1) for k in range(5)], axis=1)
    known = np.isfinite(utci_c)
    level = np.where(known, np.searchsorted([26, 32, 38, 46], utci_c, side="right"), 0)
    probability = rng.dirichlet(np.ones(5), utci_c.shape)
    hazard = Hazard(
        begins=begins,
        step=pd.Timedelta("1h"),
        utci_c=utci_c,
        tmrt_c=utci_c + 20,
        pet_c=utci_c,
        utci_spread_k=np.full_like(utci_c, 1.8),
        utci_low_c=utci_c - 3,
        utci_high_c=utci_c + 3,
        level=level.astype(np.int8),
        level_probability=np.where(known[..., None], probability, np.nan),
        sun_fraction=np.where(known, rng.random(utci_c.shape), np.nan),
        sky_view_factor=np.array([0.1, 0.5, 0.9, 0.3, np.nan]),
        waiting_utci_c=waiting_utci_c,
        waiting_sun_fraction=np.zeros_like(waiting_utci_c),
        stand=np.stack([*rng.integers(0, 2, (1, n)), *(np.full(n, k) for k in (0, 3, 4, 5))], 1),
        utci_without={},
        clamped={},
    )
    nothing = np.full(5, np.nan)
    return Score(
        sites=Sites(table.crs, table, waiting),
        weather=build_design_day(DAY, zone=str(BERLIN), latitude_deg=52.5, longitude_deg=13.4),
        hazard=hazard,
        exposure=Exposure(
            np.full((n, 5), 30.0), np.array(["default"] * 5), nothing.copy(), attribution=("A",)
        ),
        vulnerability=Vulnerability(
            np.ones(5),
            np.array(["cells"] * 5),
            np.zeros((5, 6)),
            np.zeros((5, 4)),
            attribution=("A", "B"),
        ),
        risk=Risk(
            heat_person_kh=np.array([4.0, 3, 2, 1, np.nan]),
            rank=np.array([1, 2, 3, 4, 5]),
            rank_low=np.array([1, 1, 2, 4, 5]),
            rank_high=np.array([2, 2, 3, 4, 5]),
            reasons={"sun": np.array([1.0, 2, 3, 4, np.nan])},
        ),
    )
