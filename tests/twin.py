"""The shadow picture, as a twin of what blocks the sun at one place."""

import numpy as np

from solarpass.blocker import find_blockers
from solarpass.picture import cast
from solarpass.surroundings import build_surroundings


def twins(city, sun, spots, *, surface, cell_m=0.25):
    """
    Compare where the cells around a place see the same.

    Yields place, check, and the share of the beam in the picture.
    """
    shadow = cast(
        surface,
        azimuth_deg=float(sun.azimuth_deg[0]),
        elevation_deg=float(sun.elevation_deg[0]),
        bounds=(*(spots.min(axis=0) - 5.0), *(spots.max(axis=0) + 5.0)),
        cell_m=cell_m,
        leaf_fraction=float(surface.leaf_year[sun.times.day_of_year[0] - 1]),
    )
    for spot in spots:
        column = int((spot[0] - shadow.transform.c) / cell_m)
        row = int((shadow.transform.f - spot[1]) / cell_m)
        patch = shadow.sun[row - 2 : row + 3, column - 2 : column + 3]
        if not (np.isnan(patch).all() or (patch == patch[0, 0]).all()):
            continue
        check = find_blockers(build_surroundings(city, surface, spot), sun)
        if check.state != "covered":
            yield spot, check, float(patch[0, 0])
