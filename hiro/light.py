"""Light: what reaches many places, marched and added up a few neighbours at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solarpass.outlook import leaf_year_of
from solarpass.skyline import split_by_square
from solarpass.surface import Surface

from .forcing import Forcing
from .radiation import Radiation, RadiationModel, build_radiation, join_radiation
from .view import ViewModel, build_view
from .weather import Weather

Floats = NDArray[np.float64]

_SQUARE_M = 512.0  # neighbours share what is marched over
_N_PLACES = 300  # at a time: what is seen takes much memory


@dataclass(frozen=True, eq=False, slots=True)
class Light:
    """
    What reaches rows, and what places see.

    Attributes
    ----------
    radiation
        Of all rows.
    sky_view_factor
        Share of the sky that each place sees past walls and crowns, shape ``(n_places,)``. [1]
    is_indoors
        Which places lie within walls, shape ``(n_places,)``.
    """

    radiation: Radiation
    sky_view_factor: Floats
    is_indoors: NDArray[np.bool_]


def find_light(
    surface: Surface,
    forcing: Forcing,
    xy: Floats,
    cover: Floats,
    *,
    row_place: NDArray[np.int64],
    shelters: Sequence[str],
    view_model: ViewModel = ViewModel(),
    radiation_model: RadiationModel = RadiationModel(),
) -> Light:
    """
    March from places over a surface, and add up what reaches rows there.

    Parameters
    ----------
    surface
        What casts shade.
    forcing
        Sun, sky and air.
    xy
        Places, shape ``(n_places, 2)``; many rows may be of one, which is marched from once. [m]
    cover
        What covers the ground beneath each row, a column for each of `COVERS`.
    row_place
        The place of each row, each with one at least, shape ``(n_rows,)``.
    shelters
        The kind of each row's shelter, none of them a mixture, ``n_rows``.
    view_model, radiation_model
        Assumptions.
    """
    weather = forcing.weather
    leaf_fraction = find_leaf_fraction(surface, weather)
    order = np.concatenate(split_by_square(xy, side_m=_SQUARE_M))
    sky_view, indoors = np.empty(len(xy)), np.empty(len(xy), bool)
    parts, rows = [], []
    for places in np.array_split(order, -(-len(order) // _N_PLACES)):
        view = build_view(
            surface,
            xy[places],
            latitude_deg=weather.latitude_deg,
            leaf_fraction=leaf_fraction,
            model=view_model,
        )
        sky_view[places], indoors[places] = view.sky_view_factor, view.is_indoors
        local = np.full(len(xy), -1, np.int64)
        local[places] = np.arange(len(places))
        here = np.flatnonzero(local[row_place] >= 0)
        rows.append(here)
        parts.append(
            build_radiation(
                view,
                forcing,
                cover[here],
                row_place=local[row_place[here]],
                shelters=[shelters[row] for row in here.tolist()],
                model=radiation_model,
            )
        )
    return Light(join_radiation(parts, np.concatenate(rows)), sky_view, indoors)


def find_leaf_fraction(surface: Surface, weather: Weather) -> float:
    """Tell how far the crowns of a surface are in leaf on a day of some weather. [1]."""
    leaf = leaf_year_of(surface, latitude_deg=weather.latitude_deg)
    return float(leaf[weather.middles[len(weather) // 2].day_of_year - 1])
