"""Surroundings: what may stand between one place and the sun, object by object."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from .city import City
from .hills import Hills
from .outlook import leaf_year_of
from .rise import Rises, find_crowns, find_unmapped
from .sightline import Sightlines, Spans, build_sightlines
from .surface import Surface
from .thing import CANOPY, HILL, SOLID, find_transmittance, gather_things

COVERED_M = 1.5  # from the middle of a covered way one still stands on it; our choice
_LOOKS_M = 2.0 * 1.02 ** np.arange(254)  # where the ground is looked at, to 300 m; our choice
_SLIVER_M = 0.1  # what is no wider is left by overlaps of outlines, not built
_DRAPE_M = 2.0  # woods follow the ground in squares of this side; our choice


@dataclass(frozen=True, eq=False, slots=True)
class Bands:
    """
    What rays meet, and between which tangents of elevation, in no order.

    Attributes
    ----------
    ray, thing
        Which ray and which row of `Surroundings.things` (-1: the ground), shape ``(n,)``.
    layer
        Of which kind, shape ``(n,)``.
    near_m, far_m
        Where the ray enters and leaves it; NaN for far hills, shape ``(n,)``. [m]
    low, high
        Tangents of the elevations between which it is seen, shape ``(n,)``.
    """

    ray: NDArray[np.int64]
    thing: NDArray[np.int64]
    layer: NDArray[np.int64]
    near_m: NDArray[np.float64]
    far_m: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Surroundings:
    """
    What stands around a place, as far as shadows come from.

    Attributes
    ----------
    xy
        The place, shape ``(2,)``. [m]
    eye_m
        Height above its ground at which the sun must arrive. [m]
    ground_m
        The place's ground, above the sea where terrain is known. [m]
    things
        One row an object: ``kind`` (building, part, roof, bridge, tree, wood), ``name``,
        ``osm_type``, ``osm_id``, ``height_m`` and ``base_m`` above its own ground,
        ``height_source``, ``height_spread_m`` and ``layer``.
    thing_of
        Row of each shape, shape ``(n_shapes,)``.
    base_m, top_m
        Of each shape above the place's eye; of woods above their ground, which they follow,
        shape ``(n_shapes,)``. [m]
    eaves_m
        The same of roofs that a surface model tells from there up; NaN of all that is flat,
        shape ``(n_shapes,)``. [m]
    is_draped
        Which shapes follow the ground, shape ``(n_shapes,)``.
    rises
        What was measured from the air in place of shapes; `things` has its rows.
    lines
        Sight of the shapes, and of the extent within which casters are known.
    extent_lines
        None: casters are known everywhere.
    usual_height_m
        What may well stand beyond the extent. [m]
    knows_casters
        False where there is no data on what casts shade at all.
    is_covered
        Whether a way here runs under cover, where no beam comes whatever stands around.
    transmittance
        In leaf and bare, of each layer, shape ``(6, 2)``.
    leaf_year
        How far the crowns are in leaf on each day of the year, shape ``(366,)``.
    terrain
        The surface that knows the ground; None: it is flat.
    """

    xy: NDArray[np.float64]
    eye_m: float
    ground_m: float
    things: pd.DataFrame
    thing_of: NDArray[np.int64]
    base_m: NDArray[np.float64]
    top_m: NDArray[np.float64]
    eaves_m: NDArray[np.float64]
    is_draped: NDArray[np.bool_]
    rises: tuple[Rises, ...]
    lines: Sightlines
    extent_lines: Sightlines | None
    usual_height_m: float
    knows_casters: bool
    is_covered: bool
    transmittance: NDArray[np.float64]
    leaf_year: NDArray[np.float64]
    terrain: Surface | None

    def bands(self, azimuth_deg: NDArray[np.float64]) -> Bands:
        """Find what rays meet, shape of `azimuth_deg` ``(n_rays,)``. [°]."""
        azimuth_deg = np.asarray(azimuth_deg, float)
        spans = self.lines.spans(azimuth_deg)
        cut, sloped = self.is_draped[spans.shape], np.isfinite(self.eaves_m[spans.shape])
        flat = spans[~cut & ~sloped]
        met = [self._see(flat, self.base_m[flat.shape], self.top_m[flat.shape])]
        if cut.any():
            met.append(self._drape(spans[cut], azimuth_deg))
        if sloped.any():
            met.append(self._raise_roofs(spans[sloped], azimuth_deg))
        own_m = self.ground_m + self.eye_m
        for rises in self.rises:
            told, base_m, top_m = rises.meet(self.xy, azimuth_deg)
            met.append(self._see(told, base_m - own_m, top_m - own_m, thing=told.shape))
        if self.terrain is not None:
            met.append(self._find_hills(azimuth_deg, self.terrain))
        return _join(met)

    def _see(
        self,
        spans: Spans,
        base_m: NDArray[np.float64],
        top_m: NDArray[np.float64],
        *,
        thing: NDArray[np.int64] | None = None,
    ) -> Bands:
        """Tell between which tangents stretches are seen that begin and end at such heights."""
        thing = self.thing_of[spans.shape] if thing is None else thing
        layer = self.things["layer"].to_numpy(np.int64)[thing]
        stands = (layer == SOLID) | (base_m <= 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            low = np.where(stands, -np.inf, base_m / spans.far_m)
            high = np.where(top_m > 0.0, top_m / spans.near_m, top_m / spans.far_m)
        return Bands(spans.ray, thing, layer, spans.near_m, spans.far_m, low, high)

    def _drape(self, spans: Spans, azimuth_deg: NDArray[np.float64]) -> Bands:
        """Lay what follows the ground over it, square by square."""
        rise_m = np.zeros(len(spans.ray))
        if self.terrain is not None:
            spans = spans.cut(self.xy, azimuth_deg, _DRAPE_M)
            rise_m = self.terrain.ground_m(spans.middle(self.xy, azimuth_deg)) - self.ground_m
        base_m, top_m = self.base_m[spans.shape], self.top_m[spans.shape]
        return self._see(spans, base_m + rise_m, top_m + rise_m)

    def _raise_roofs(self, spans: Spans, azimuth_deg: NDArray[np.float64]) -> Bands:
        """Let roofs be as the surface model tells, from eaves to ridge, cell by cell."""
        dsm = None if self.terrain is None else self.terrain.measured.dsm
        eaves_m, ridge_m = self.eaves_m[spans.shape], self.top_m[spans.shape]
        roof_m = 0.5 * (eaves_m + ridge_m)
        if dsm is not None:
            spans = spans.cut(self.xy, azimuth_deg, dsm.window.cell_m)
            eaves_m, ridge_m = self.eaves_m[spans.shape], self.top_m[spans.shape]
            above_m = dsm.take(spans.middle(self.xy, azimuth_deg)) - self.ground_m - self.eye_m
            roof_m = np.where(np.isnan(above_m), 0.5 * (eaves_m + ridge_m), above_m)
        return self._see(spans, np.full(len(roof_m), -np.inf), np.clip(roof_m, eaves_m, ridge_m))

    def unknown_below(self, azimuth_deg: NDArray[np.float64]) -> NDArray[np.float64]:
        """
        Tell below which tangent a beam leaves the ground of which the casters are known.

        Infinite beyond it, minus infinity where all is known, shape ``(n_rays,)``.
        """
        if not self.knows_casters:
            return np.full(len(azimuth_deg), np.inf)
        limit = np.full(len(azimuth_deg), -np.inf)
        if self.extent_lines is None:
            return limit
        limit[:] = np.inf
        spans = self.extent_lines.spans(azimuth_deg)
        here = spans.near_m == 0.0
        limit[spans.ray[here]] = (self.usual_height_m - self.eye_m) / spans.far_m[here]
        return limit

    @property
    def is_outside(self) -> bool:
        """Whether the place lies beyond the extent."""
        return bool(np.isinf(self.unknown_below(np.zeros(1)))[0]) and self.knows_casters

    @property
    def is_inside(self) -> bool:
        """Whether the place lies inside of what is solid."""
        bands = self.bands(np.zeros(1))
        return bool(((bands.near_m == 0.0) & (bands.layer == SOLID) & (bands.high > 0.0)).any())

    def _find_hills(self, azimuth_deg: NDArray[np.float64], terrain: Surface) -> Bands:
        """See the ground itself, as high as it stands along each ray, near or far."""
        turn = np.deg2rad(azimuth_deg)
        towards = np.column_stack([np.sin(turn), np.cos(turn)])
        looks = self.xy + _LOOKS_M[None, :, None] * towards[:, None, :]
        rise_m = terrain.ground_m(looks.reshape(-1, 2)).reshape(len(turn), -1) - self.ground_m
        seen = (rise_m - self.eye_m) / _LOOKS_M
        nth = np.argmax(seen, axis=1)
        near, away_m = seen[np.arange(len(turn)), nth], _LOOKS_M[nth]
        high = near.copy()
        hills: Hills | None = terrain.measured.hills
        if hills is not None:
            raised = np.maximum(near, 0.0).astype(np.float32)[None]
            eye_m = np.array([self.ground_m + self.eye_m])
            hills.raise_tangents(self.xy[None], eye_m, azimuth_deg=azimuth_deg, tangent=raised)
            high = np.maximum(near, raised[0].astype(float))
            away_m = np.where(high > near + 1e-6, np.nan, away_m)
        ray = np.flatnonzero(high > 0.0)
        return Bands(
            ray,
            np.full(len(ray), -1),
            np.full(len(ray), HILL),
            away_m[ray],
            away_m[ray],
            np.full(len(ray), -np.inf),
            high[ray],
        )


def _join(met: list[Bands]) -> Bands:
    columns = ([getattr(bands, item.name) for bands in met] for item in fields(Bands))
    return Bands(*(np.concatenate(column) for column in columns))


def build_surroundings(
    city: City,
    surface: Surface,
    xy: NDArray[np.float64],
) -> Surroundings:
    """
    Gather what may shade a place, from the tables of its city.

    Parameters
    ----------
    city
        What is known; its shapes are taken as they are, not burnt into cells.
    surface
        Tells the assumptions: the eye's height, what is walked beneath, how far is looked.
    xy
        The place in local metres, shape ``(2,)``. [m]
    """
    here = np.asarray(xy, float).reshape(2)
    things = gather_things(city, surface, here)
    shape, thing = shapely.get_parts(
        shapely.force_2d(things["geometry"].to_numpy(object)), return_index=True
    )
    is_area = shapely.get_type_id(shape) == shapely.GeometryType.POLYGON
    is_area &= shapely.area(shape) > 0.5 * _SLIVER_M * shapely.length(shape)
    is_disc = shapely.get_type_id(shape) == shapely.GeometryType.POINT
    disc = np.column_stack(
        [shapely.get_coordinates(shape[is_disc]), things["radius_m"].to_numpy()[thing[is_disc]]]
    )
    polygons, extent = shape[is_area], surface.extent
    thing_of = np.concatenate([thing[is_area], thing[is_disc]]).astype(np.int64)
    terrain = None if surface.measured.dem is None else surface
    own_m = float(surface.ground_m(here[None])[0])
    is_draped = (things["kind"] == "wood").to_numpy(bool)[thing_of]
    rise_m = np.zeros(len(polygons) + len(disc))
    if terrain is not None:
        rise_m = np.where(is_draped, 0.0, _find_ground(terrain, polygons, disc) - own_m)
    base_m, top_m, eaves_m = (
        things[name].to_numpy(float)[thing_of] + rise_m - surface.model.eye_m
        for name in ("base_m", "height_m", "eaves_m")
    )
    things, rises = _add_rises(city, surface, here, things)
    return Surroundings(
        xy=here,
        eye_m=surface.model.eye_m,
        ground_m=own_m,
        things=things,
        thing_of=thing_of,
        base_m=base_m,
        top_m=top_m,
        eaves_m=eaves_m,
        is_draped=is_draped,
        rises=rises,
        lines=build_sightlines(here, polygons, disc),
        extent_lines=None if extent is None else build_sightlines(here, shapely.get_parts(extent)),
        usual_height_m=surface.usual_height_m(),
        knows_casters=surface.knows_casters,
        is_covered=_is_covered(city, here),
        transmittance=find_transmittance(city),
        leaf_year=leaf_year_of(surface, latitude_deg=city.centre[0]),
        terrain=terrain,
    )


def _add_rises(
    city: City, surface: Surface, here: NDArray[np.float64], things: pd.DataFrame
) -> tuple[pd.DataFrame, tuple[Rises, ...]]:
    """Append what was measured in place of shapes, numbered as its rows."""
    rows, added = [things.drop(columns=["eaves_m", "geometry", "radius_m"])], []
    for found, layer in (
        (find_crowns(city, surface, here), CANOPY),
        (find_unmapped(surface, here), SOLID),
    ):
        if found is not None:
            first = sum(len(some) for some in rows)
            numbered = np.where(found.thing < 0, found.thing, found.thing + first)
            added.append(replace(found, thing=numbered))
            rows.append(found.things.assign(layer=layer))
    there = [some for some in rows if len(some)] or rows[:1]
    return pd.concat(there, ignore_index=True), tuple(added)


def _is_covered(city: City, here: NDArray[np.float64]) -> bool:
    covered = city.streets[city.streets["is_covered"].to_numpy(bool)]
    lines = np.asarray(covered.geometry, object)
    return bool((shapely.distance(lines, shapely.Point(here)) <= COVERED_M).any())


def _find_ground(
    terrain: Surface, polygons: NDArray[np.object_], disc: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Tell on which ground shapes stand: the lowest at a polygon's corners, a disc's middle."""
    corner, owner = shapely.get_coordinates(polygons, return_index=True)
    lowest_m = np.full(len(polygons), np.inf)
    np.minimum.at(lowest_m, owner, terrain.ground_m(corner))
    return np.concatenate([lowest_m, terrain.ground_m(disc[:, :2])])
