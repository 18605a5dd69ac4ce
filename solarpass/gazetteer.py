"""Stops, and everything that has a name or a number, so that a walker can ask for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .facility import read_roofs
from .tag import read_layer, read_tags, text_column

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SETTLEMENT = frozenset(
    ["suburb", "quarter", "neighbourhood", "borough", "village", "hamlet", "town", "city"]
)
_STOPS = {
    "highway": ("bus_stop", "platform"),
    "public_transport": ("platform", "stop_position"),
    "railway": ("tram_stop", "halt", "station", "platform", "stop"),
    "amenity": ("ferry_terminal",),
}
_FAR_M = 3000.0  # beyond, the nearest settlement says nothing about a place
_SAME_M = 500.0  # one address within this is one address
_THINGS = (
    *("amenity", "shop", "tourism", "leisure", "historic", "place", "office", "healthcare"),
    *("craft", "man_made", "natural", "building", "railway", "landuse"),
)
_NO_THING = {
    "amenity": frozenset(["bench", "parking_space", "bicycle_parking", "waste_basket"]),
    "natural": frozenset(["tree", "tree_row"]),
    "railway": frozenset(["switch", "signal", "level_crossing", "crossing", "buffer_stop"]),
}


def build_stops(
    points: gpd.GeoDataFrame,
    areas: gpd.GeoDataFrame,
    *,
    ways: gpd.GeoDataFrame,
    lines: gpd.GeoDataFrame,
) -> gpd.GeoDataFrame:
    """
    Build the places where one waits for a vehicle, and where it halts.

    Parameters
    ----------
    points, areas, ways, lines
        Of `OsmTables`, in local metres.

    Returns
    -------
    geopandas.GeoDataFrame
        The columns of `City.stops`, nodes first; platforms as they are drawn, once each.
    """
    frames = [points.assign(osm_type="node"), areas]
    frames += [
        frame[[name for name in frame.columns if name != "node_id"]].assign(osm_type="way")
        for frame in (ways, lines)
    ]
    chosen = [frame[_is_stop(frame)] for frame in frames]
    tags = [row for frame in chosen for row in read_tags(frame)]
    where = np.concatenate([np.asarray(frame.geometry) for frame in chosen])
    # A closed way may be read as a ring of street as well as the area that it bounds.
    ids = pd.DataFrame([(row["osm_type"], row["osm_id"]) for row in tags], columns=["type", "id"])
    kept = ~(ids.duplicated().to_numpy(bool) | shapely.is_empty(where))
    tags, where = [row for row, ok in zip(tags, kept, strict=True) if ok], where[kept]
    return gpd.GeoDataFrame(
        {
            "osm_type": text_column([row["osm_type"] for row in tags]),
            "osm_id": np.array([row["osm_id"] for row in tags], dtype=np.int64),
            "name": text_column([row.get("name") for row in tags]),
            "kind": text_column([_stop_kind(row) for row in tags]),
            "role": text_column([_stop_role(row) for row in tags]),
            "shelter": text_column([_shelter(row) for row in tags]),
            "bench": text_column([row.get("bench") for row in tags]),
            "direction": text_column([row.get("direction") for row in tags]),
            "ifopt": text_column([row.get("ref:IFOPT", row.get("gtfs:stop_id")) for row in tags]),
            "layer": np.array([read_layer(row.get("layer")) for row in tags], dtype=np.int8),
            # Other materials are those of the platform or its pole.
            **read_roofs(tags, ("roof:material",)),
        },
        geometry=where,
        crs=points.crs,
    )


def build_places(
    points: gpd.GeoDataFrame,
    areas: gpd.GeoDataFrame,
    *,
    streets: gpd.GeoDataFrame,
    stops: gpd.GeoDataFrame,
) -> gpd.GeoDataFrame:
    """
    Build what can be asked for by name: addresses, stops, places and streets.

    Parameters
    ----------
    points, areas
        Of `OsmTables`, in local metres.
    streets, stops
        Of the city.

    Returns
    -------
    geopandas.GeoDataFrame
        The columns of `City.places`, without duplicates.
    """
    rows = pd.concat(
        [
            _find_addresses(points),
            _find_addresses(areas),
            _find_things(points),
            _find_things(areas),
            _find_stops(stops),
            _find_streets(streets),
        ],
        ignore_index=True,
    )
    near = _nearest_settlement(rows[["x", "y"]].to_numpy(float), points)
    told = rows["detail"].notna().to_numpy()
    rows["detail"] = np.where(told, rows["detail"].to_numpy(object), near)
    rows["detail"] = [
        None if pd.isna(detail) or detail == name else detail
        for detail, name in zip(rows["detail"], rows["name"], strict=True)
    ]
    rows = _drop_repeats(rows)
    return gpd.GeoDataFrame(
        {name: text_column(rows[name]) for name in ("name", "kind", "detail")},
        geometry=shapely.points(rows[["x", "y"]].to_numpy(float)),
        crs=points.crs,
    )


def _is_stop(frame: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    is_stop = np.zeros(len(frame), dtype=bool)
    for key, values in _STOPS.items():
        if key in frame:
            is_stop |= frame[key].isin(values).to_numpy(bool)
    return is_stop


def _stop_role(tags: dict[str, Any]) -> str:
    """Tell what a stop is: a platform, a pole beside the street, where it halts, or a station."""
    transport, railway = tags.get("public_transport"), tags.get("railway")
    if "platform" in {transport, tags.get("highway"), railway}:
        return "platform"
    if transport == "station" or railway in {"halt", "station"}:
        return "station"
    if tags.get("amenity") == "ferry_terminal":
        return "station"
    # A tram's stop is a node of its track, a bus's stands on the pavement unless told otherwise.
    is_halt = transport == "stop_position" or railway in {"stop", "tram_stop"}
    return "stop_position" if is_halt else "pole"


def _stop_kind(tags: dict[str, Any]) -> str:
    if tags.get("railway") in {"halt", "station"}:
        is_subway = tags.get("station") == "subway" or tags.get("subway") == "yes"
        return "subway" if is_subway else "train"
    if tags.get("railway") == "tram_stop":
        return "tram"
    if tags.get("amenity") == "ferry_terminal" or tags.get("ferry") == "yes":
        return "ferry"
    if tags.get("highway") == "bus_stop" or tags.get("bus") == "yes":
        return "bus"
    for kind in ("tram", "subway", "train"):
        if tags.get(kind) == "yes":
            return kind
    return "train" if tags.get("railway") == "platform" else "bus"


def _shelter(tags: dict[str, Any]) -> str:
    for key in ("shelter", "covered"):
        if tags.get(key) in {"yes", "no"}:
            return str(tags[key])
    return "unknown"


def _rows(
    name: Iterable[object],
    kind: str,
    where: NDArray[Any],
    detail: Iterable[object] | None = None,
) -> pd.DataFrame:
    xy = shapely.get_coordinates(shapely.point_on_surface(where)).reshape(-1, 2)
    empty = text_column([None] * len(xy))
    return pd.DataFrame(
        {
            "name": text_column(name),
            "kind": text_column([kind] * len(xy)),
            "detail": empty if detail is None else text_column(detail),
            "x": xy[:, 0],
            "y": xy[:, 1],
        }
    )


def _find_addresses(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    street = frame["addr:street"].where(frame["addr:street"].notna(), frame["addr:place"])
    has = (street.notna() & frame["addr:housenumber"].notna()).to_numpy(bool)
    name = street[has].astype(object) + " " + frame["addr:housenumber"][has].astype(object)
    return _rows(name, "address", np.asarray(frame.geometry)[has], frame["addr:city"][has])


def _find_things(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    is_thing = np.zeros(len(frame), dtype=bool)
    for key in _THINGS:
        if key in frame:
            value = frame[key]
            is_thing |= (value.notna() & ~value.isin(_NO_THING.get(key, ()))).to_numpy(bool)
    has = is_thing & frame["name"].notna().to_numpy(bool) & ~_is_stop(frame)
    return _rows(frame["name"][has], "place", np.asarray(frame.geometry)[has])


def _find_stops(stops: gpd.GeoDataFrame) -> pd.DataFrame:
    named = stops["name"].notna().to_numpy(bool)
    return _rows(stops["name"][named], "stop", np.asarray(stops.geometry)[named])


def _find_streets(streets: gpd.GeoDataFrame) -> pd.DataFrame:
    """Set a named street where each of its ways has its middle, the longest first."""
    named = streets[streets["name"].notna().to_numpy(bool)]
    line = np.asarray(named.geometry)
    middle = shapely.line_interpolate_point(line, 0.5, normalized=True)
    rows = _rows(named["name"], "street", middle)
    rows["length"] = shapely.length(line)
    rows = rows.sort_values(["name", "length", "x", "y"], ascending=[True, False, True, True])
    return rows.drop(columns="length")


def _nearest_settlement(xy: NDArray[np.float64], points: gpd.GeoDataFrame) -> NDArray[Any]:
    named = points["place"].isin(_SETTLEMENT) & points["name"].notna()
    settled = points[named.to_numpy(bool)]
    found = np.full(len(xy), None, dtype=object)
    if len(settled):
        tree = shapely.STRtree(np.asarray(settled.geometry))
        row, nearest = tree.query_nearest(
            shapely.points(xy), max_distance=_FAR_M, all_matches=False
        )
        found[row] = settled["name"].to_numpy(object)[nearest]
    return found


def _drop_repeats(rows: pd.DataFrame) -> pd.DataFrame:
    """Keep one of those with the same name, kind and detail that stand close together."""
    reach = {"street": 2000.0, "stop": 300.0}
    size = np.array([reach.get(kind, _SAME_M) for kind in rows["kind"]])
    cell = pd.DataFrame(
        {
            "name": rows["name"],
            "kind": rows["kind"],
            "detail": rows["detail"].fillna(""),
            "column": np.floor(rows["x"] / size),
            "row": np.floor(rows["y"] / size),
        }
    )
    kept = rows[~cell.duplicated().to_numpy()]
    return kept.sort_values(["kind", "name", "x", "y"], kind="stable", ignore_index=True)
