"""Trees: where their crowns begin and end, and how much beam they let through on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from .tables import read_numbers
from .tag import read_metres, read_tags, text_column

if TYPE_CHECKING:
    from numpy.typing import NDArray


# The highest living tree, a redwood, stands 116 m; no crown is as wide as 50 m.
_TALLEST_M = 120.0
_WIDEST_M = 50.0


@dataclass(frozen=True, slots=True)
class TreeModel:
    """
    Assumptions about trees; change one with `dataclasses.replace`.

    Attributes
    ----------
    base_fraction
        Where the crown begins, as a share of the height; our choice. [1]
    base_m
        A crown over a street begins at most this high and, on a tree of twice that, at least;
        our choice, from the clearance that traffic asks for. [m]
    most_scale
        Where only height or crown is tagged, the other follows it from what is typical, up to
        this much larger; our choice. [1]
    """

    base_fraction: float = 0.25
    base_m: float = 3.0
    most_scale: float = 1.5


@dataclass(frozen=True, slots=True)
class LeafModel:
    """
    When leaves are out, in days of the northern year; all our choice.

    Attributes
    ----------
    out_day, out_per_deg
        Day on which half the leaves are out at 50° of latitude, and days later per degree
        poleward. [d], [d °⁻¹]
    fall_day, fall_per_deg
        Day on which half of them have fallen, and days earlier per degree poleward.
    ramp_days
        From the first leaf to the last. [d]
    tropic_deg
        Below this latitude trees are never bare. [°]
    """

    out_day: float = 112.0
    out_per_deg: float = 2.0
    fall_day: float = 305.0
    fall_per_deg: float = 1.5
    ramp_days: float = 30.0
    tropic_deg: float = 25.0


def leaf_fraction(day: date, latitude_deg: float, *, model: LeafModel | None = None) -> float:
    """
    Tell how far deciduous trees are in leaf: 1 fully, 0 bare.

    Examples
    --------
    >>> leaf_fraction(date(2026, 7, 15), 60.2), leaf_fraction(date(2026, 1, 15), 60.2)
    (1.0, 0.0)
    >>> leaf_fraction(date(2026, 7, 15), -37.8), leaf_fraction(date(2026, 1, 15), 1.3)
    (0.0, 1.0)
    """
    model = model or LeafModel()
    poleward = abs(latitude_deg)
    if poleward < model.tropic_deg:
        return 1.0
    of_year = day.timetuple().tm_yday
    if latitude_deg < 0.0:  # the southern year is half a year behind
        of_year = (of_year + 182) % 365
    out = model.out_day + model.out_per_deg * (poleward - 50.0)
    fall = model.fall_day - model.fall_per_deg * (poleward - 50.0)
    if fall <= out:  # so near the pole that the table has no summer
        return 0.0
    opened = 0.5 + (of_year - out) / model.ramp_days
    closed = 0.5 + (fall - of_year) / model.ramp_days
    return float(np.clip(min(opened, closed), 0.0, 1.0))


def build_trees(
    points: gpd.GeoDataFrame, lines: gpd.GeoDataFrame, *, model: TreeModel | None = None
) -> gpd.GeoDataFrame:
    """
    Build single trees and the trees of rows.

    Parameters
    ----------
    points, lines
        `OsmTables.points` and `OsmTables.lines` in local metres.
    model
        Assumptions.

    Returns
    -------
    geopandas.GeoDataFrame
        The columns of `City.trees`: single trees first, then the rows.
    """
    model = model or TreeModel()
    single = points[points["natural"] == "tree"]
    rows = lines[lines["natural"] == "tree_row"]
    spacing_m = read_numbers("tree", key="what")["tree_row"]["spacing"]
    stem, row = _plant_rows(np.asarray(rows.geometry), spacing_m)
    # Where the trees of a row are mapped one by one, they stand already.
    near = shapely.STRtree(np.asarray(single.geometry)).query(
        stem, predicate="dwithin", distance=0.5 * spacing_m
    )[0]
    stem, row = np.delete(stem, near), np.delete(row, near)
    tags = [*read_tags(single), *np.array([*read_tags(rows), None], dtype=object)[:-1][row]]
    return gpd.GeoDataFrame(
        {
            "osm_id": np.concatenate([single["osm_id"], rows["osm_id"].to_numpy()[row]]).astype(
                np.int64
            ),
            **_size(tags, model),
            "source": text_column(["tree"] * len(single) + ["tree_row"] * len(stem)),
        },
        geometry=np.concatenate([np.asarray(single.geometry), stem]),
        crs=points.crs,
    )


def build_woods(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Build woods: closed canopies with a base and a top.

    Parameters
    ----------
    areas
        `OsmTables.areas` in local metres, valid.
    """
    chosen = areas[(areas["natural"] == "wood") | (areas["landuse"] == "forest")]
    table = read_numbers("tree", key="what")
    tags = read_tags(chosen)
    height = np.array([read_metres(tag.get("height"), most_m=_TALLEST_M) for tag in tags], float)
    height = np.where(np.isnan(height), table["wood"]["height"], height)
    cycle = [_cycle(tag, evergreen=None) for tag in tags]
    return gpd.GeoDataFrame(
        {
            "height_m": height,
            "base_m": np.minimum(table["wood"]["base"], 0.25 * height),
            "leaf_cycle": text_column(cycle),
            **_transmittance(cycle),
        },
        geometry=chosen.geometry.to_numpy(),
        crs=areas.crs,
    )


def _plant_rows(lines: NDArray[Any], spacing_m: float) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Set stems along lines, from the first vertex to the last: stems, and the line of each."""
    n_gaps = np.maximum(np.rint(shapely.length(lines) / spacing_m), 1).astype(np.int64)
    row = np.repeat(np.arange(len(lines)), n_gaps + 1)
    nth = np.concatenate([np.arange(n + 1) / n for n in n_gaps]) if len(lines) else np.empty(0)
    stem = shapely.line_interpolate_point(lines[row], nth, normalized=True)
    closes = shapely.is_closed(lines[row]) & (nth == 1.0)
    return stem[~closes], row[~closes]


def _genus(tags: dict[str, Any]) -> str | None:
    for key in ("genus", "species", "taxon"):
        value = tags.get(key)
        if isinstance(value, str) and value.strip():
            words = value.replace(";", " ").replace("\u00d7", " ").split()
            return words[0].capitalize() if words else None
    return None


def _cycle(tags: dict[str, Any], *, evergreen: float | None) -> str:
    said, kind = tags.get("leaf_cycle"), tags.get("leaf_type")
    if said in {"deciduous", "semi_deciduous"}:
        return "deciduous"
    if said in {"evergreen", "semi_evergreen"}:
        return "evergreen"
    if evergreen is not None:
        return "evergreen" if evergreen else "deciduous"
    return "evergreen" if kind == "needleleaved" else "unknown"


def _size(tags: list[dict[str, Any]], model: TreeModel) -> dict[str, Any]:
    by_genus = read_numbers("genus", key="genus")
    default = read_numbers("tree", key="what")["tree"]
    genus = [_genus(tag) for tag in tags]
    typical = [by_genus.get(name or "", default) for name in genus]
    height = np.array([read_metres(tag.get("height"), most_m=_TALLEST_M) for tag in tags], float)
    crown = np.array(
        [read_metres(tag.get("diameter_crown"), most_m=_WIDEST_M) for tag in tags], float
    )
    crown[crown > 2.0 * height] = np.nan  # wider than twice its height: a slip of the unit
    told = np.isfinite(height) | np.isfinite(crown)
    source = np.array(
        ["genus" if name in by_genus else "default" for name in genus] + [""], dtype=object
    )[:-1]
    source[told] = "tagged"

    typical_height = np.array([size["height"] for size in typical], float)
    typical_crown = np.array([size["crown_diameter"] for size in typical], float)
    # One measure told scales the other: a young lime is small both ways.
    scale = np.minimum(np.fmin(height / typical_height, crown / typical_crown), model.most_scale)
    scale = np.where(np.isnan(scale), 1.0, scale)
    height = np.where(np.isnan(height), typical_height * scale, height)
    crown = np.where(np.isnan(crown), typical_crown * scale, crown)
    base = np.minimum(np.maximum(model.base_fraction * height, model.base_m), 0.5 * height)
    cycle = [
        _cycle(tag, evergreen=size.get("evergreen"))
        for tag, size in zip(tags, typical, strict=True)
    ]
    return {
        "height_m": height.round(2),
        "base_m": base.round(2),
        "crown_diameter_m": crown.round(2),
        "genus": text_column(genus),
        "leaf_cycle": text_column(cycle),
        **_transmittance(cycle),
        "size_source": text_column(source),
    }


def _transmittance(cycle: list[str]) -> dict[str, NDArray[np.float64]]:
    table = read_numbers("tree", key="what")
    return {
        name: np.array([table[one][name] for one in cycle], dtype=float)
        for name in ("transmittance_leaf", "transmittance_bare")
    }
