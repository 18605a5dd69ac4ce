"""One point on plain rasters, hour by hour: the road for anyone's own measurements."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyproj
import rasterio
from numpy.typing import NDArray

from solarpass.draft import draft_file
from solarpass.errors import CoordinateError, SourceError
from solarpass.leaf import leaf_fraction
from solarpass.lidar import TRUNK_FRACTION
from solarpass.relief import Relief, read_relief
from solarpass.surface import Surface, surface_from_arrays

from .comfort import ComfortModel, find_pet, find_utci, mean_radiant_temperature
from .cover import COVERS, RASTER_COVERS, CoverModel, share_covers
from .day import fill_day
from .errors import ComfortError
from .forcing import ForcingModel, build_forcing
from .radiation import Radiation, RadiationModel, build_radiation
from .view import View, ViewModel, build_view
from .weather import Weather

_HIGHER_M, _MOST_HIGHER = 2.0, 0.5  # models differ by less, and seldom [m], [1]; our choice
_N_SEEN = 8  # views kept while days are gone through, a few MB each [count]

Paths = Sequence[str | Path]
Floats = NDArray[np.float64]

COLUMNS = (
    *("tmrt_c", "utci_c", "pet_c", "sun_fraction"),
    *("kdown_w_m2", "kup_w_m2", "ldown_w_m2", "lup_w_m2"),
)


@dataclass(frozen=True, slots=True)
class PointModel:
    """
    Assumptions about a point on rasters; change one with `dataclasses.replace`.

    Attributes
    ----------
    reach_m
        Rasters are read within this; beyond, hardly anything shades; our choice. [m]
    transmittance
        Of crowns in leaf and bare: 0.03 as SOLWEIG has it (reported), 0.45 from 0.4 to 0.5
        (reported). [1]
    stray_deg
        Coordinates given for the sun may be so far from where the rasters lie; our choice. [°]
    forcing, view, cover, radiation, comfort
        Of the parts.
    """

    reach_m: float = 300.0
    transmittance: tuple[float, float] = (0.03, 0.45)
    stray_deg: float = 1.0
    forcing: ForcingModel = field(default_factory=ForcingModel)
    view: ViewModel = field(default_factory=ViewModel)
    cover: CoverModel = field(default_factory=CoverModel)
    radiation: RadiationModel = field(default_factory=RadiationModel)
    comfort: ComfortModel = field(default_factory=ComfortModel)


@dataclass(frozen=True, eq=False, slots=True)
class Plot:
    """
    Rasters around a point, in metres from it, and what covers the ground there.

    Attributes
    ----------
    surface
        What casts shade.
    cover
        Shares of `COVERS` around the point, shape ``(1, 6)``.
    latitude_deg, longitude_deg
        Of the point. [°]
    notes
        What is not known around it.
    """

    surface: Surface
    cover: Floats
    latitude_deg: float
    longitude_deg: float
    notes: tuple[str, ...] = ()


def read_plot(
    dsm: Paths,
    *,
    at: tuple[float, float],
    cdsm: Paths = (),
    dem: Paths = (),
    landcover: Paths = (),
    latitude_deg: float,
    longitude_deg: float,
    model: PointModel = PointModel(),
) -> Plot:
    """
    Read rasters around a point.

    Parameters
    ----------
    dsm, cdsm, dem
        Heights of ground and roofs, of crowns above the ground, and of the ground. [m]
    landcover
        UMEP's codes: 1 paved, 2 building, 5 grass, 6 bare soil, 7 water; without it all is paved.
    at
        East and north in the rasters' coordinate reference system. [m]
    latitude_deg, longitude_deg
        Of the place, for the sun. [°]
    model
        Assumptions.

    Raises
    ------
    SourceError
        If a raster cannot be read or knows nothing there.
    CoordinateError
        If the point does not lie where its latitude and longitude say.
    """
    own = _find_crs([*dsm, *dem, *cdsm, *landcover])
    if own is None:  # rasters without any: true metres, north up
        own = pyproj.CRS.from_proj4(
            f"+proj=tmerc +lat_0={latitude_deg} +lon_0={longitude_deg} +k=1 "
            f"+x_0={at[0]} +y_0={at[1]} +ellps=WGS84 +units=m"
        )
    longitude, latitude = _find_place(own, at, latitude_deg, longitude_deg, model)
    local = pyproj.CRS.from_proj4(
        f"+proj=tmerc +lat_0={latitude} +lon_0={longitude} +k=1 +ellps=WGS84 +units=m"
    )
    heights = _read_heights(dsm, cdsm, dem, crs=local, stated=own, model=model)
    return Plot(
        surface=_build_surface(*heights, model=model),
        cover=_read_cover(landcover, crs=local, stated=own, model=model.cover),
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
        notes=_tell_unknown(heights[0], model),
    )


def score_point(plot: Plot, weather: Weather, *, model: PointModel = PointModel()) -> pd.DataFrame:
    """
    Score one point in some weather.

    Each 24 hours from the first are taken by themselves, as a day that comes again: the ground
    remembers its morning. Of less, the rest of the day is drawn on: see `fill_day`.

    Returns
    -------
    pandas.DataFrame
        ``time`` as the file writes it, `COLUMNS`, and ``utci_is_clamped``, where an input was moved
        to the bounds that UTCI is made for; a row for each interval.
    """
    day = (weather.begins - weather.begins[0]) // pd.Timedelta(days=1)
    see = lru_cache(_N_SEEN)(partial(_see, plot, model))  # crowns change little from day to day
    parts = []
    for k in day.unique():
        rows = np.flatnonzero(day == k)
        some = weather.take(rows)
        whole = fill_day(some)
        in_leaf = leaf_fraction(whole.begins[0].date(), latitude_deg=plot.latitude_deg)
        table = _score_day(see(in_leaf), plot.cover, whole, model)
        table = table[whole.begins.isin(some.begins)].assign(time=list(some.labels))
        parts.append(table)
    return pd.concat(parts, ignore_index=True)


def tell_point(plot: Plot, weather: Weather) -> tuple[str, ...]:
    """Tell what was taken for granted, in sentences: of the weather, and of what lies around."""
    n_day = round(pd.Timedelta(days=1) / weather.step)
    n_lacking = -len(weather) % n_day
    notes = list(weather.notes)
    if n_lacking:
        notes.append(
            f"The weather is no whole days: air was drawn on and the sun taken as clear as in the "
            f"rows for {n_lacking} intervals, so that ground and walls have a day to remember."
        )
    return (*notes, *plot.notes)


def write_point(table: pd.DataFrame, path: Path) -> None:
    """
    Write the hours of a point as a CSV, whole or not at all.

    Raises
    ------
    SourceError
        If it cannot be written there.
    """
    rounded = table.round(dict.fromkeys(COLUMNS, 3))
    with draft_file(path) as draft:
        rounded.to_csv(draft, index=False)


def _see(plot: Plot, model: PointModel, leaf: float) -> View:
    view = build_view(
        plot.surface,
        np.zeros((1, 2)),
        latitude_deg=plot.latitude_deg,
        leaf_fraction=leaf,
        model=model.view,
    )
    if view.is_indoors.any():
        msg = (
            "Wanted a point in the open; its surroundings stand higher than the eye within "
            f"{model.view.spread_m:g} m to all sides: give one outside buildings."
        )
        raise ComfortError(msg)
    return view


def _score_day(view: View, cover: Floats, weather: Weather, model: PointModel) -> pd.DataFrame:
    forcing = build_forcing(weather, model=model.forcing)
    radiation = build_radiation(
        view,
        forcing,
        cover,
        row_place=np.zeros(1, np.int64),
        shelters=["none"],
        model=model.radiation,
    )
    return _tell(weather, radiation, model)


def _tell(weather: Weather, radiation: Radiation, model: PointModel) -> pd.DataFrame:
    tmrt_c = mean_radiant_temperature(
        radiation.absorbed_w_m2[:, 0], absorbs_long=model.radiation.body.absorbs_long
    )
    felt = {
        "air_temperature_c": weather.air_temperature_c,
        "tmrt_c": tmrt_c,
        "wind_m_s": weather.wind_m_s,
        "relative_humidity_pct": weather.relative_humidity_pct,
    }
    pressure_hpa = float(weather.pressure_hpa.mean())
    utci = find_utci(**felt)
    return pd.DataFrame(
        {
            "time": list(weather.labels),
            "tmrt_c": tmrt_c,
            "utci_c": utci.utci_c,
            "pet_c": find_pet(**felt, pressure_hpa=pressure_hpa, model=model.comfort),
            "sun_fraction": radiation.sun_fraction[:, 0],
            **{
                name: getattr(radiation, name)[:, 0]
                for name in ("kdown_w_m2", "kup_w_m2", "ldown_w_m2", "lup_w_m2")
            },
            "utci_is_clamped": utci.is_clamped,
        }
    )


def _find_crs(paths: Paths) -> pyproj.CRS | None:
    """Find the first coordinate reference system that is stated."""
    for path in paths:
        try:
            with rasterio.open(path) as raster:
                if raster.crs is not None:
                    return pyproj.CRS.from_user_input(raster.crs)
        except rasterio.errors.RasterioIOError:
            continue  # read_relief says in a sentence what is wrong with it
    return None


def _find_place(
    own: pyproj.CRS,
    at: tuple[float, float],
    latitude_deg: float,
    longitude_deg: float,
    model: PointModel,
) -> tuple[float, float]:
    """Find longitude and latitude of the point, and refuse what lies elsewhere."""
    way = pyproj.Transformer.from_crs(own, "EPSG:4326", always_xy=True)
    longitude, latitude = way.transform(*at)
    apart = math.inf
    if math.isfinite(longitude) and math.isfinite(latitude):
        apart = max(abs(latitude - latitude_deg), abs(longitude - longitude_deg))
    if not apart <= model.stray_deg:
        where = f"{latitude:.3f}, {longitude:.3f}" if math.isfinite(apart) else "nowhere on Earth"
        msg = (
            f"Wanted a point near latitude {latitude_deg:g}, longitude {longitude_deg:g}; "
            f"{at[0]:g}, {at[1]:g} lies at {where}: give east and north in the rasters' own "
            "coordinates, and latitude before longitude."
        )
        raise CoordinateError(msg)
    return longitude, latitude


def _read_heights(
    dsm: Paths, cdsm: Paths, dem: Paths, *, crs: pyproj.CRS, stated: pyproj.CRS, model: PointModel
) -> tuple[Relief, Relief | None, Relief | None]:
    reach = model.reach_m
    bounds = (-reach, -reach, reach, reach)
    solid = read_relief(dsm, crs=crs, bounds=bounds, smooth=False, stated_crs=stated)
    cell_m = solid.window.cell_m

    def read(paths: Paths, *, smooth: bool) -> Relief | None:
        if not paths:
            return None
        return read_relief(
            paths, crs=crs, bounds=bounds, smooth=smooth, cell_m=cell_m, stated_crs=stated
        )

    return solid, read(cdsm, smooth=False), read(dem, smooth=True)


def _build_surface(
    solid: Relief, crowns: Relief | None, terrain: Relief | None, *, model: PointModel
) -> Surface:
    """Put rasters on the surface model's grid, row 0 in the north."""
    window = solid.window
    solid_m = solid.height_m[::-1].astype(float)
    if np.isnan(solid.take(np.zeros((1, 2))))[0]:
        msg = "Wanted a point within the surface model; it knows nothing there: give another."
        raise SourceError(msg)
    is_known = np.isfinite(solid_m)
    ground_m = solid_m if terrain is None else terrain.sample(window, smooth=True)[::-1]
    ground_m = np.where(np.isnan(ground_m), solid_m, ground_m).astype(float)
    lowest_m = np.nanmin(ground_m)
    ground_m = np.where(np.isnan(ground_m), lowest_m, ground_m)
    solid_m = np.where(np.isnan(solid_m), ground_m, solid_m)
    if (ground_m > solid_m + _HIGHER_M)[is_known].mean() > _MOST_HIGHER:
        msg = (
            "Wanted a terrain model that lies beneath the surface model; it lies more than "
            f"{_HIGHER_M:g} m above it in most cells: give both in one height system, and in order."
        )
        raise SourceError(msg)
    top_m = base_m = None
    if crowns is not None:
        crown_m = crowns.sample(window, smooth=False)[::-1].astype(float)
        if np.nanmin(crown_m, initial=0.0) < -_HIGHER_M:
            msg = (
                "Wanted heights of crowns above the ground; the canopy model has "
                f"{np.nanmin(crown_m):g} m: subtract the terrain, and blank what is unknown."
            )
            raise SourceError(msg)
        crown_m = np.where(crown_m > 0.0, crown_m, np.nan)
        top_m, base_m = ground_m + crown_m, ground_m + TRUNK_FRACTION * crown_m
    west, _, _, north = window.bounds
    return surface_from_arrays(
        solid_m,
        cell_m=window.cell_m,
        west_m=west,
        north_m=north,
        ground_m=ground_m,
        crown_top_m=top_m,
        crown_base_m=base_m,
        transmittance=model.transmittance,
    )


def _tell_unknown(solid: Relief, model: PointModel) -> tuple[str, ...]:
    """Tell how near the surface model ends, and what it does not know within."""
    west, south, east, north = solid.window.bounds
    end_m = min(-west, -south, east, north)
    blank = float(np.isnan(solid.height_m).mean())
    notes = []
    if end_m < model.reach_m - 2.0 * solid.window.cell_m:
        notes.append(
            f"The surface model ends {end_m:.0f} m away; beyond, nothing is taken to stand."
        )
    if blank > 0.0:
        notes.append(
            f"Within {model.reach_m:g} m it is blank in {max(blank, 0.001):.1%} of its cells; "
            "nothing is taken to stand there."
        )
    return tuple(notes)


def _read_cover(paths: Paths, *, crs: pyproj.CRS, stated: pyproj.CRS, model: CoverModel) -> Floats:
    """Count the land cover around the point; unknown codes and buildings are left out."""
    if not paths:
        return share_covers(np.zeros((1, 1), np.int8))
    reach = model.radius_m + 10.0
    codes = read_relief(
        paths, crs=crs, bounds=(-reach, -reach, reach, reach), smooth=False, stated_crs=stated
    )
    found = codes.take(model.offsets())
    if not np.isin(found, list(RASTER_COVERS)).any():
        told = np.unique(found[np.isfinite(found)])[:5].tolist()
        msg = (
            "Wanted UMEP's codes of land cover (1 paved, 2 building, 5 grass, 6 soil, 7 water) "
            f"around the point; {paths[0]} has {told or 'nothing'} there: translate its codes."
        )
        raise SourceError(msg)
    cover = np.full(found.shape, -1, np.int8)
    for code, name in RASTER_COVERS.items():
        if name is not None:
            cover[found == code] = COVERS.index(name)
    return share_covers(cover[None])
