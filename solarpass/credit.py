"""
Credit: whose data an answer rests on, and the files that carry it.

A file appears whole or not at all: it is written under another name and renamed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray

from .atlas import Atlas
from .draft import draft_file
from .osm import LICENCE

NODATA = -1.0  # in rasters: inside a building, or no data on what casts shade


def find_credit(atlas: Atlas) -> dict[str, str]:
    """Say whose data an answer rests on, under which licence, and what it assumes."""
    return {
        "attribution": atlas.city.attribution,
        "licence": LICENCE,
        "assumptions": atlas.city.assumptions,
    }


def write_table(table: gpd.GeoDataFrame, path: Path) -> None:
    """Write a table as ``.parquet``, else as GeoJSON, with its attributes."""
    with draft_file(path) as draft:
        if path.suffix.lower() == ".parquet":
            table.to_parquet(draft)
            return
        collection = {**table.attrs, **json.loads(table.to_json(na="null", drop_id=True))}
        draft.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")


def write_tiff(
    atlas: Atlas,
    bands: Mapping[str, NDArray[np.float32]],
    path: Path,
    *,
    transform: Affine,
    **tags: str,
) -> None:
    """Write bands of one shape with their names, whose data they are, and more tags."""
    n_rows, n_columns = next(iter(bands.values())).shape
    with (
        draft_file(path) as draft,
        rasterio.open(
            draft,
            "w",
            driver="GTiff",
            height=n_rows,
            width=n_columns,
            count=len(bands),
            dtype="float32",
            crs=atlas.city.crs.to_wkt(),
            transform=transform,
            nodata=NODATA,
            compress="deflate",
            predictor=3,
            tiled=True,
        ) as raster,
    ):
        for number, (name, band) in enumerate(bands.items(), 1):
            raster.write(np.where(np.isnan(band), np.float32(NODATA), band), number)
            raster.set_band_description(number, name)
            raster.set_band_unit(number, "h" if name.startswith("sun_hours") else "1")
        credit = find_credit(atlas)
        raster.update_tags(TIFFTAG_COPYRIGHT=credit["attribution"], **credit, **tags)
