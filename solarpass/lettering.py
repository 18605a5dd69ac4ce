"""Lettering: what an extract says to write on a map beyond a city's own names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .city import City
from .extent import to_local
from .osm import OsmTables
from .tag import text_column

if TYPE_CHECKING:
    from numpy.typing import NDArray

LETTERING: Final = "lettering.parquet"
NUMBER: Final = "number"  # the kind of house numbers
# Of settlements, the largest first, and of squares that are a mere point
PLACES: Final = (
    *("city", "town", "borough", "suburb", "quarter", "village", "neighbourhood", "hamlet"),
    "square",
)
LONGEST_NUMBER: Final = 10  # letters, as of "12-14 a/b"; a longer one is left out: our choice
_ONE_M: Final = 60.0  # side of a cell in which an address is written once; our choice


def build_lettering(tables: OsmTables, city: City) -> gpd.GeoDataFrame:
    """
    Find the names of settlements and the house numbers of a city.

    Parameters
    ----------
    tables
        What the city was built of.
    city
        The city.

    Returns
    -------
    geopandas.GeoDataFrame
        ``kind`` (one of `PLACES`, or `NUMBER`), ``name`` and a point, in local metres; the
        largest settlements first.
    """
    points, areas = tables.points, tables.areas
    is_place = points["place"].isin(PLACES) & points["name"].notna()
    rows = [
        _write(points[is_place.to_numpy(bool)], "place", "name", city),
        _write(_numbered(points), None, "addr:housenumber", city),
        _write(_numbered(areas), None, "addr:housenumber", city),
    ]
    told = pd.concat(rows, ignore_index=True)
    told = told[~_repeats(told)]
    within = shapely.intersects_xy(city.extent, *told[["x", "y"]].to_numpy(float).T)
    told = told[within].assign(rank=told["kind"].map({kind: at for at, kind in enumerate(PLACES)}))
    told = told.sort_values(["rank", "name", "x", "y"], kind="stable", ignore_index=True)
    return gpd.GeoDataFrame(
        {name: text_column(told[name]) for name in ("kind", "name")},
        geometry=shapely.points(told[["x", "y"]].to_numpy(float)),
        crs=city.crs,
    )


def save_lettering(lettering: gpd.GeoDataFrame, folder: Path) -> None:
    """Write it into a city's folder; the same gives the same bytes."""
    lettering.to_parquet(folder / LETTERING, index=False, compression="zstd")


def read_lettering(folder: Path, city: City) -> gpd.GeoDataFrame:
    """Read it out of a city's folder; nothing where an older version built it."""
    try:
        return gpd.read_parquet(folder / LETTERING)
    except (OSError, ValueError):
        empty = text_column([])
        return gpd.GeoDataFrame({"kind": empty, "name": empty}, geometry=[], crs=city.crs)


def _numbered(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    number = frame["addr:housenumber"]
    told = number.notna() & (number.str.len() <= LONGEST_NUMBER)
    return frame[told.fillna(value=False).to_numpy(bool)]


def _repeats(told: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell which house numbers stand in a cell already: every shop of a house has its own."""
    cell = np.floor(told[["x", "y"]] / _ONE_M)
    address = told[["kind", "name", "street"]].fillna("").assign(column=cell["x"], row=cell["y"])
    return np.asarray((told["kind"] == NUMBER) & address.duplicated(), bool)


def _write(frame: gpd.GeoDataFrame, kind: str | None, name: str, city: City) -> pd.DataFrame:
    middle: NDArray[Any] = shapely.centroid(np.asarray(to_local(frame, city.crs).geometry))
    return pd.DataFrame(
        {
            "kind": NUMBER if kind is None else frame[kind].to_numpy(object),
            "name": frame[name].to_numpy(object),
            "street": frame["addr:street"]
            .where(frame["addr:street"].notna(), frame["addr:place"])
            .to_numpy(object),
            "x": shapely.get_x(middle),
            "y": shapely.get_y(middle),
        }
    )
