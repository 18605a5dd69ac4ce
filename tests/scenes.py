"""Small worlds that several tests look at; metres, x east and y north."""

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from solarpass.caster import Casters, pack_casters
from solarpass.sun import SunPath
from solarpass.surface import Surface, SurfaceModel

ON_GROUND = SurfaceModel(eye_m=0.0)


def solids(*shapes: tuple[shapely.Geometry, float]) -> Casters:
    """Stand shapes on the ground, each with its height."""
    return pack_casters(
        gpd.GeoDataFrame(
            {"base_m": 0.0, "height_m": [height_m for _, height_m in shapes]},
            geometry=[shape for shape, _ in shapes],
        )
    )


def crowns(
    discs: Iterable[tuple[float, float, float, float, float]] = (),
    *,
    woods: Iterable[tuple[shapely.Geometry, float, float]] = (),
    transmittance: tuple[float, float] = (0.03, 0.45),
) -> Casters:
    """Grow crowns (x, y, diameter, base, top), and woods (shape, base, top)."""
    discs, woods = list(discs), list(woods)
    return pack_casters(
        gpd.GeoDataFrame(
            {"base_m": [wood[1] for wood in woods], "height_m": [wood[2] for wood in woods]},
            geometry=[wood[0] for wood in woods],
        ),
        gpd.GeoDataFrame(
            {
                "crown_diameter_m": [disc[2] for disc in discs],
                "base_m": [disc[3] for disc in discs],
                "height_m": [disc[4] for disc in discs],
            },
            geometry=[shapely.Point(disc[:2]) for disc in discs],
        ),
        transmittance=transmittance,
    )


def world(
    *shapes: tuple[shapely.Geometry, float],
    layers: tuple[Casters, ...] = (),
    model: SurfaceModel = SurfaceModel(),
    extent: shapely.MultiPolygon | None = None,
    knows_casters: bool = True,
) -> Surface:
    """Put solids and layers of crowns on flat ground."""
    return Surface(
        model=model,
        solids=solids(*shapes),
        layers=layers,
        extent=extent,
        knows_casters=knows_casters,
    )


def sun_at(*positions: tuple[float, float], day: str = "2026-07-15", zone: str = "UTC") -> SunPath:
    """Hold the sun at (azimuth, elevation) in degrees, five minutes each."""
    many = [*positions, positions[-1]] if len(positions) == 1 else list(positions)
    azimuth, elevation = np.array(many, float).T
    times = pd.date_range(f"{day} 12:00", periods=len(many), freq="5min", tz=zone)
    return SunPath(times, azimuth.copy(), elevation.copy())


def away(azimuth_deg: float) -> np.ndarray:
    """Point from the sun, as a unit vector on the ground."""
    turn = np.deg2rad(azimuth_deg)
    return -np.array([np.sin(turn), np.cos(turn)])
