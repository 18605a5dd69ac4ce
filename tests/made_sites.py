"""Sites for tests, laid out in metres around one place."""

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from hiro.site import Sites

PLACE = (51.05, 13.74)  # latitude and longitude of 0, 0


def local_crs(place=PLACE):
    latitude, longitude = place
    return pyproj.CRS(
        f"+proj=tmerc +lat_0={latitude} +lon_0={longitude} +k=1 +ellps=WGS84 +units=m"
    )


def made_sites(*xy, kind="bus_stop", names=None, ifopt=None, ids=None, place=PLACE):
    """Lay sites at some metres; one kind, or one each."""
    n = len(xy)
    kinds = [kind] * n if isinstance(kind, str) else list(kind)
    points = shapely.points(np.array(xy, dtype=float).reshape(-1, 2))
    crs = local_crs(place)
    table = gpd.GeoDataFrame(
        {
            "site_id": list(ids or (f"n{i}" for i in range(n))),
            "name": list(names or [None] * n),
            "kind": kinds,
            "shelter": ["unknown"] * n,
            "ifopt": list(ifopt or [None] * n),
        },
        geometry=points,
        crs=crs,
    )
    waiting = gpd.GeoDataFrame(
        {"site": np.arange(n), "shelter": ["unknown"] * n, "source": ["given"] * n},
        geometry=points,
        crs=crs,
    )
    return Sites(crs=crs, table=table, waiting=waiting)


def degrees(x, y, place=PLACE):
    """Tell longitude and latitude of a place in those metres."""
    back = pyproj.Transformer.from_crs(local_crs(place), "EPSG:4326", always_xy=True)
    return back.transform(x, y)


def grid(x, y, place=PLACE):
    """Tell a place in those metres in the cells' system."""
    move = pyproj.Transformer.from_crs(local_crs(place), "EPSG:3035", always_xy=True)
    return move.transform(x, y)
