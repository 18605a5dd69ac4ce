"""Glare files: where shade is missing, as a layer for planners and a list of sites for HiRo."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import shapely

from .atlas import Atlas
from .credit import find_credit, write_table
from .draft import draft_file
from .draw import draw_missing
from .glare import Glare, GlareModel, find_glares
from .glarename import call_glares
from .missing import Missing
from .osm import LICENCE

MISSING_ENDINGS = {".geojson", ".parquet", ".gpkg", ".csv", ".png"}
USUAL_MOST = 50  # what a planner can look at; our choice
_N_MARKED = 12  # on a picture
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # a spreadsheet would run these
_MEANING = (
    "saved_min: minutes in the sun that full shade on a stretch saves at least, of 1,000 trips "
    "that look for shade; low_min and high_min if heights are off as far as they may be, and all "
    "of the unknown is shade, or sun; the trips are drawn by chance between streets and stops, "
    "nobody was counted: read the numbers as a ranking of places, not as numbers of people"
)
_DIGITS = {
    "length_m": 1,
    "saved_min": 3,
    "saved_min_per_m": 5,
    "low_min": 3,
    "high_min": 3,
    "unknown_min": 3,
}


def glare_sites(
    atlas: Atlas,
    missing: Missing,
    *,
    n_most: int | None = None,
    model: GlareModel = GlareModel(),
) -> gpd.GeoDataFrame:
    """
    Lay the stretches where most is missing out as a table, the worst first, in degrees.

    ``site_id``, ``name`` and ``kind`` stand as HiRo reads lists of sites, so that what is written
    of it with `write_glares`, or by hand, goes into ``hiro score --sites FILE``. The other columns
    are what `Glare` tells, with ``rank``, ``walked_fraction`` (share of the trips), and ``lat``
    and ``lon`` of a place amid the stretch.

    Parameters
    ----------
    atlas
        The city.
    missing
        By `find_missing`.
    n_most
        Only the worst so many; None: all.
    model
        What makes one stretch, and how much it saves at least.
    """
    return _tabulate(atlas, missing, _find(atlas, missing, n_most, model))


def _find(
    atlas: Atlas, missing: Missing, n_most: int | None, model: GlareModel
) -> list[tuple[str, Glare]]:
    """Find the worst stretches, each with its name."""
    glares = find_glares(atlas.network, missing, model=model)[:n_most]
    return list(zip(call_glares(atlas.city, glares), glares, strict=True))


def _tabulate(
    atlas: Atlas, missing: Missing, named: Sequence[tuple[str, Glare]]
) -> gpd.GeoDataFrame:
    glares = [glare for _, glare in named]
    lines = np.array([glare.line for glare in glares] + [None], dtype=object)[:-1]
    rows = {
        "rank": np.arange(1, len(glares) + 1),
        "site_id": _texts([f"shade-{rank}" for rank in range(1, len(glares) + 1)]),
        "name": _texts([name for name, _ in named]),
        "kind": _texts(["other"] * len(glares)),
        "street": _texts([glare.name for glare in glares]),
        "side": _texts([glare.side for glare in glares]),
        "highway": _texts([glare.highway for glare in glares]),
        **{
            name: np.array([getattr(glare, name) for glare in glares], float).round(digits)
            for name, digits in _DIGITS.items()
        },
        "n_walked": np.array([glare.n_walked for glare in glares], np.int64),
    }
    rows["walked_fraction"] = (rows["n_walked"] / missing.n_trips).round(6)
    amid = atlas.city.to_degrees(_find_middles(lines))
    rows["lat"], rows["lon"] = amid.T.round(7)
    local = gpd.GeoDataFrame(rows, geometry=gpd.GeoSeries(lines, crs=atlas.city.crs))
    table = local.to_crs("EPSG:4326")
    table.attrs = {**find_credit(atlas), **_tell_about(atlas, missing)}
    return table


def missing_edges(atlas: Atlas, missing: Missing) -> gpd.GeoDataFrame:
    """Lay out every edge that was walked, with the columns of `Missing`, in degrees."""
    network = atlas.network
    walked = np.flatnonzero((missing.n_walked > 0) & (network.length_m > 0.0))
    names = np.array([*network.street_name, None], dtype=object)[network.street[walked]]
    rows: dict[str, Any] = {
        "edge": walked,
        "osm_id": network.osm_id[walked],
        "name": _texts(names.tolist()),
        "length_m": network.length_m[walked].round(2),
        **{
            name: getattr(missing, name)[walked].round(4)
            for name in ("saved_min", "low_min", "high_min", "unknown_min", "error_min")
        },
        "n_walked": missing.n_walked[walked],
    }
    lines = gpd.GeoSeries(network.lines()[walked], crs=network.crs)
    table = gpd.GeoDataFrame(rows, geometry=lines).to_crs("EPSG:4326")
    table.attrs = {**find_credit(atlas), **_tell_about(atlas, missing)}
    return table


def write_glares(
    atlas: Atlas,
    missing: Missing,
    path: Path,
    *,
    n_most: int | None = USUAL_MOST,
    model: GlareModel = GlareModel(),
) -> None:
    """
    Write where shade is missing, by the file's ending.

    ``.geojson``, ``.parquet`` and ``.csv`` hold the table of `glare_sites`; ``.gpkg`` the same
    as its first layer, and the edges of `missing_edges` as its second; ``.png`` is a picture, on
    which the worst few stretches bear their numbers and names.

    Parameters
    ----------
    atlas, missing, n_most, model
        As in `glare_sites`.
    path
        Ends in one of `MISSING_ENDINGS`.
    """
    ending = path.suffix.lower()
    named = _find(atlas, missing, n_most, model)
    if ending == ".png":
        marks = [(name, glare.worst_xy) for name, glare in named[:_N_MARKED]]
        with draft_file(path) as draft:
            draw_missing(atlas.city, atlas.network, missing, marks=marks).savefig(
                draft, dpi=200, metadata={"Source": atlas.city.attribution, "Copyright": LICENCE}
            )
        return
    table = _tabulate(atlas, missing, named)
    if ending == ".gpkg":
        _write_layers(path, {"stretches": table, "edges": missing_edges(atlas, missing)})
    elif ending == ".csv":
        flat = table.drop(columns="geometry")
        for name in ("name", "street"):
            flat[name] = [_disarm(cell) for cell in flat[name]]
        flat["licence"], flat["attribution"] = table.attrs["licence"], table.attrs["attribution"]
        with draft_file(path) as draft:
            flat.to_csv(draft, index=False, lineterminator="\n")
    else:
        write_table(table, path)


def _write_layers(path: Path, layers: dict[str, gpd.GeoDataFrame]) -> None:
    # GDAL dates the file by its clock; dated so, the same input gives the same bytes.
    option = "OGR_CURRENT_DATE"
    before = pyogrio.get_gdal_config_option(option)
    pyogrio.set_gdal_config_options({option: "2000-01-01T00:00:00.000Z"})
    try:
        with draft_file(path) as draft:
            for name, layer in layers.items():
                pyogrio.write_dataframe(
                    layer,
                    draft,
                    layer=name,
                    driver="GPKG",
                    append=draft.exists(),
                    promote_to_multi=True,
                    geometry_type="MultiLineString",
                    layer_metadata={key: str(value) for key, value in layer.attrs.items()},
                )
    finally:
        pyogrio.set_gdal_config_options({option: before})


def _tell_about(atlas: Atlas, missing: Missing) -> dict[str, Any]:
    return {
        "city": atlas.city.name,
        "meaning": _MEANING,
        "n_trips": missing.n_trips,
        "n_lost": missing.n_lost,
        "walk_min": round(missing.walk_min, 1),
        "sun_min": round(missing.sun_min, 1),
        "departs": [one.isoformat() for one in missing.departs],
    }


def _find_middles(lines: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Find a place amid each line, on its longest part, shape ``(n, 2)`` [m]."""
    longest = [max(shapely.get_parts(line), key=shapely.length) for line in lines]
    amid = shapely.line_interpolate_point(
        np.array([*longest, None], dtype=object)[:-1], 0.5, normalized=True
    )
    return shapely.get_coordinates(amid).reshape(-1, 2)


def _texts(cells: Sequence[str | None]) -> np.ndarray[Any, Any]:
    return np.array([*cells, None], dtype=object)[:-1]


def _disarm(cell: str | None) -> str | None:
    """Keep a spreadsheet from running a name."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
