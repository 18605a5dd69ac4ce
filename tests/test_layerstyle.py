"""Styles in a GeoPackage: as QGIS reads them, beside layers that read as before."""

import sqlite3
import time
import xml.etree.ElementTree as ET
from contextlib import closing

import geopandas as gpd
import pyogrio
import pytest
import shapely

from hiro.layerstyle import LEVEL_COLUMNS, make_qml
from hiro.palette import LEVEL_FILLS
from hiro.tablefile import write_table
from solarpass.errors import SourceError

ABOUT = {"licence": "L", "attribution": "A", "day": "2026-07-20"}


def make_table():
    points = [shapely.Point(13.7, 51.0), shapely.Point(13.71, 51.01)]
    columns = {"label": ["a", "b"], "level": [1, 4], "level_before": [3, 2]}
    return gpd.GeoDataFrame(columns, geometry=points, crs="EPSG:4326")


def write(path, layer):
    write_table(make_table(), ABOUT, path, layer=layer, nested=(), names=())
    return path


@pytest.mark.parametrize("layer", LEVEL_COLUMNS)
def test_a_layer_carries_its_style_by_default(tmp_path, layer):
    path = write(tmp_path / "a.gpkg", layer)
    styles = pyogrio.read_dataframe(path, layer="layer_styles")
    assert len(styles) == 1
    style = styles.iloc[0]
    with closing(sqlite3.connect(path)) as file:
        (column,) = file.execute("SELECT column_name FROM gpkg_geometry_columns").fetchone()
        (kind,) = file.execute(
            "SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'"
        ).fetchone()
    assert (style["f_table_name"], style["f_geometry_column"]) == (layer, column)
    assert bool(style["useAsDefault"])
    assert kind == "attributes"
    assert len(gpd.read_file(path, layer=layer)) == 2
    assert pyogrio.list_layers(path)[0, 0] == layer  # the first, which tools open unasked


@pytest.mark.parametrize("layer", LEVEL_COLUMNS)
def test_the_style_has_a_colour_and_words_for_each_level(layer):
    style = ET.fromstring(make_qml(layer))  # noqa: S314 - our own text
    renderer = style.find("renderer-v2")
    assert renderer.get("attr") in make_table().columns
    categories = renderer.findall("categories/category")
    assert [category.get("value") for category in categories] == list("01234")
    assert "sehr stark / very strong" in categories[3].get("label")
    symbols = {symbol.get("name"): symbol for symbol in renderer.findall("symbols/symbol")}
    for category, fill in zip(categories, LEVEL_FILLS, strict=True):
        options = symbols[category.get("symbol")].findall("layer/Option/Option")
        told = {option.get("name"): option.get("value") for option in options}
        red, green, blue, opacity = map(int, told["color"].split(","))
        assert f"#{red:02x}{green:02x}{blue:02x}" == fill
        assert opacity == 255


def test_the_same_table_gives_the_same_bytes(tmp_path):
    first = write(tmp_path / "a.gpkg", "plan").read_bytes()
    time.sleep(1.1)
    assert write(tmp_path / "b.gpkg", "plan").read_bytes() == first


def test_layers_without_levels_are_left_alone(tmp_path):
    path = write(tmp_path / "a.gpkg", "others")
    assert pyogrio.list_layers(path)[:, 0].tolist() == ["others"]


def test_a_style_that_cannot_be_written_leaves_no_file(tmp_path, monkeypatch):
    def refuse(*_, **__):
        msg = "disk full"
        raise sqlite3.OperationalError(msg)

    monkeypatch.setattr("hiro.tablefile.style_layer", refuse)
    with pytest.raises(SourceError, match="Cannot write"):
        write(tmp_path / "a.gpkg", "plan")
    assert list(tmp_path.iterdir()) == []
