"""The base map: what lies below all else on the map in the browser, layer by layer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .city import City
from .tag import text_column

if TYPE_CHECKING:
    from numpy.typing import NDArray

# What is told of the things of each layer
COLUMNS: Final = {
    "areas": ("kind",),
    "roads": ("kind", "name"),
    "buildings": (),
    "trees": (),
    "stops": ("kind", "name"),
    "names": ("kind", "name"),
}
_ONE_M: Final = 500.0  # side of a cell in which areas of one name are named once: our choice
LONGEST: Final = 100  # letters of a name; no map has room for more: our choice


def build_basemap(city: City, lettering: gpd.GeoDataFrame) -> dict[str, gpd.GeoDataFrame]:
    """
    Build the layers of a city's base map, in local metres.

    Parameters
    ----------
    city
        The city.
    lettering
        Of `build_lettering`.

    Returns
    -------
    dict
        By name the layers of `COLUMNS`: ``areas`` and their ``kind``; ``roads``, of which those
        of one kind and name are joined, with rails and waterways; ``buildings``, their outlines;
        ``trees``; ``stops``, a point each; ``names``, points with the ``kind`` of what they
        name: a settlement, a house number, an area, or ``building``; the largest first.
    """
    return {
        "areas": city.areas[["kind", "geometry"]],
        "roads": _join_roads(city),
        "buildings": _outlines(city),
        "trees": city.trees[["geometry"]],
        "stops": _stops(city),
        "names": _names(city, lettering),
    }


def write_geojson(
    city: City,
    frame: gpd.GeoDataFrame,
    columns: Sequence[str] = (),
    *,
    more: Sequence[Mapping[str, Any]] = (),
) -> bytes:
    """
    Write a frame as GeoJSON in longitude and latitude, to a decimetre.

    Parameters
    ----------
    columns
        Texts to be told as properties; nothing where a text is missing.
    more
        Members of each feature beside its geometry and properties.
    """

    def to_degrees(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.round(city.to_degrees(xy)[:, ::-1], 6)

    shapes = shapely.to_geojson(shapely.transform(frame.geometry.to_numpy(), to_degrees))
    values = [frame[column].tolist() for column in columns]
    features = []
    for index, shape in enumerate(shapes):
        told = {
            column: value[index][:LONGEST]
            for column, value in zip(columns, values, strict=True)
            if isinstance(value[index], str)
        }
        head = {"type": "Feature", "id": index, **(more[index] if more else {})}
        written = json.dumps(
            {**head, "properties": told}, ensure_ascii=False, separators=(",", ":")
        )
        features.append(f'{written[:-1]},"geometry":{shape}}}')
    return f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}'.encode()


def _join_roads(city: City) -> gpd.GeoDataFrame:
    """
    Join the ways one may walk and the lines one may not, end to end.

    So a name is written along a street rather than along each of its pieces.
    """
    walked = city.streets[["highway", "name", "geometry"]].rename(columns={"highway": "kind"})
    roads = pd.concat([city.lines[["kind", "name", "geometry"]], walked], ignore_index=True)
    name = roads["name"].where(roads["name"].notna(), "")
    rows = []
    for (kind, called), of_one in roads.groupby([roads["kind"], name], sort=True):
        pieces = shapely.get_parts(of_one.geometry.to_numpy())
        joined = shapely.line_merge(shapely.multilinestrings(pieces))
        rows += [(kind, called or None, line) for line in shapely.get_parts(joined)]
    kinds, names, shapes = zip(*rows, strict=True) if rows else ((), (), ())
    return gpd.GeoDataFrame(
        {"kind": text_column(kinds), "name": text_column(names)},
        geometry=list(shapes),
        crs=city.crs,
    )


def _outlines(city: City) -> gpd.GeoDataFrame:
    """Take outlines, and of their parts those alone that lie in none."""
    shapes = np.asarray(city.buildings.geometry)
    is_part = city.buildings["is_part"].to_numpy(bool)
    outlines = shapely.STRtree(shapes[~is_part])
    middle = shapely.point_on_surface(shapes[is_part])
    shown = ~is_part
    shown[np.flatnonzero(is_part)] = True
    inside, _ = outlines.query(middle, predicate="within")
    shown[np.flatnonzero(is_part)[inside]] = False
    return city.buildings.loc[shown, ["geometry"]]


def _stops(city: City) -> gpd.GeoDataFrame:
    """Draw each stop as a point: platforms in their middle, and not where the vehicle halts."""
    stops = city.stops
    shown = stops[(stops["role"] != "stop_position") | (stops["kind"] == "tram")]
    shown = shown.set_geometry(shown.geometry.representative_point())
    return shown[["kind", "name", "geometry"]]


def _names(city: City, lettering: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Set each name once, as a shape that lies in several tiles would have it in each of them."""
    areas = city.areas[city.areas["name"].notna()]
    houses = city.buildings[city.buildings["name"].notna()].assign(kind="building")
    named = pd.concat([areas, houses])[["kind", "name", "geometry"]]
    order = np.argsort(-shapely.area(named.geometry.to_numpy()), kind="stable")
    named = named.iloc[order]
    named = named.set_geometry(named.geometry.representative_point())
    cell = np.floor(named.geometry.get_coordinates() / _ONE_M)
    is_again = named[["kind", "name"]].assign(x=cell["x"], y=cell["y"]).duplicated()
    named = named[~is_again.to_numpy(bool)]
    return gpd.GeoDataFrame(
        pd.concat([lettering[["kind", "name", "geometry"]], named], ignore_index=True),
        crs=city.crs,
    )
