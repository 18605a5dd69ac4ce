"""Labels: what to call a place that has no name of its own, by its street or quarter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from solarpass.tag import text_column

if TYPE_CHECKING:
    import geopandas as gpd

    from solarpass import City

_STREET_M = 100.0  # a street farther off says little about a place; our choice
_QUARTER_M = 1000.0


def label_sites(table: gpd.GeoDataFrame, city: City | None) -> pd.Series[Any]:
    """
    Tell what to call each site where it is shown.

    Its name; without one the nearest street's, else the quarter or town, else its id.

    Parameters
    ----------
    table
        As of `Sites`.
    city
        Where to look for streets; None: names and ids only.
    """
    label = table["name"].to_numpy(object).copy()
    if city is not None:
        named = city.streets[city.streets["name"].notna().to_numpy(bool)]
        _fill(label, table, named, named["name"].to_numpy(object), _STREET_M)
        detailed = city.places[city.places["detail"].notna().to_numpy(bool)]
        _fill(label, table, detailed, detailed["detail"].to_numpy(object), _QUARTER_M)
    bare = pd.isna(label)
    label[bare] = table["site_id"].to_numpy(object)[bare]
    return text_column(label)


def _fill(
    label: Any,  # noqa: ANN401 - an array of text, written into
    table: gpd.GeoDataFrame,
    named: gpd.GeoDataFrame,
    names: Any,  # noqa: ANN401 - an array of text
    within_m: float,
) -> None:
    """Name what has no label yet by the nearest of others."""
    bare = np.flatnonzero(pd.isna(label))
    if not len(bare) or named.empty:
        return
    tree = shapely.STRtree(np.asarray(named.geometry))
    point = np.asarray(table.geometry)[bare]
    row, near = tree.query_nearest(point, max_distance=within_m, all_matches=False)
    label[bare[row]] = names[near]
