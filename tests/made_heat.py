"""Hot days, streets and stops for tests, laid out in metres around one place."""

import datetime as dt
from dataclasses import replace

import numpy as np
import shapely
from made_sites import made_sites
from scenes import crowns, world

from hiro.cover import COVERS
from hiro.hazard import Hazard, HazardModel, build_hazard
from hiro.level import LEVEL_UTCI_C, find_level
from hiro.weather import Weather, build_design_day

PLACE = (51.0, 13.74)  # latitude and longitude of 0, 0
DAY = build_design_day(
    dt.date(2026, 7, 20), zone="Europe/Berlin", latitude_deg=PLACE[0], longitude_deg=PLACE[1]
)
AFTERNOON = slice(11, 17)
NOON = 13  # the hour in which the sun is highest
SIDE_WALK = (0.0, 6.0)  # south-facing, on the northern pavement


def made_weather(**changed: float | np.ndarray) -> Weather:
    """Change the design day: numbers hold all day."""
    arrays = {name: np.array(np.broadcast_to(value, 24), float) for name, value in changed.items()}
    return replace(DAY, **arrays)


def street(*trees, height_m=14.0, width_m=18.0):
    """Lay an east-west street between walls; trees as `scenes.crowns` has them."""
    half = width_m / 2.0
    walls = [
        (shapely.box(-400, half, 400, half + 10), height_m),
        (shapely.box(-400, -half - 10, 400, -half), height_m),
    ]
    return world(*walls, layers=(crowns(trees),) if trees else ())


def stops(*xy, shelter="none", site=None):
    """Lay waiting places: a site each, or the given rows."""
    sites = made_sites(*xy, place=PLACE)
    shelters = [shelter] * len(xy) if isinstance(shelter, str) else list(shelter)
    waiting = sites.waiting.assign(shelter=shelters)
    if site is None:
        return replace(sites, waiting=waiting)
    waiting["site"] = np.array(site)
    return replace(sites, waiting=waiting, table=sites.table.iloc[: max(site) + 1])


def heat(surface, *xy, shelter="none", site=None, cover="asphalt", weather=DAY, model=None):
    """Build the hazard at some places, `SIDE_WALK` if none is given."""
    sites = stops(*(xy or (SIDE_WALK,)), shelter=shelter, site=site)
    ground = np.zeros((sites.n_waiting, len(COVERS)))
    ground[:, COVERS.index(cover)] = 1.0
    return build_hazard(sites, weather, surface, cover=ground, model=model or HazardModel())


def mean_of(values):
    """Average the first site's 11 to 17 h."""
    return float(values[AFTERNOON, 0].mean())


def made_hazard(utci_c, *, utci_without=None) -> Hazard:
    """Make a hazard of which only UTCI matters, ``(n_times, n_sites)``."""
    utci_c = np.array(utci_c, float)
    n_sites = utci_c.shape[1]
    level = find_level(utci_c)
    same = {
        name: utci_c.copy()
        for name in (
            *("tmrt_c", "pet_c", "sun_fraction", "utci_spread_k", "utci_low_c"),
            *("utci_high_c", "waiting_utci_c", "waiting_sun_fraction"),
        )
    }
    alike = {cause: utci_c.copy() for cause in ("sun", "ground", "wind")}
    return Hazard(
        begins=DAY.begins[: len(utci_c)],
        step=DAY.step,
        utci_c=utci_c,
        level=level,
        level_probability=np.eye(len(LEVEL_UTCI_C) + 1)[level],
        sky_view_factor=np.ones(n_sites),
        stand=np.zeros(utci_c.shape, np.int64),
        utci_without=alike if utci_without is None else utci_without,
        clamped={},
        **same,
    )
