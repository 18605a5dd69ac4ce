"""Files of others are what their ending says, or are not opened."""

import http.server
import threading

import geopandas as gpd
import pytest
import shapely
from made_sites import made_sites

from hiro.district import read_districts
from solarpass.errors import SolarpassError
from solarpass.layer import check_layer
from solarpass.points import read_points
from solarpass.survey import read_survey

VRT = (
    "<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>{}</SrcDataSource></OGRVRTLayer>"
    "</OGRVRTDataSource>"
)
STREAM = '{{"type": "gdal_streamed_alg", "command_line": "gdal vector read {}"}}'


@pytest.fixture
def asked():
    """Serve nothing, and tell what was asked for."""
    paths = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            paths.append(self.path)
            self.send_error(404)

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"/vsicurl/http://127.0.0.1:{server.server_address[1]}/secret.geojson", paths
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("ending", [".gpkg", ".geojson", ".json", ".fgb"])
@pytest.mark.parametrize("text", [VRT, STREAM])
def test_nothing_within_leads_elsewhere(asked, tmp_path, ending, text):
    url, paths = asked
    path = tmp_path / f"list{ending}"
    path.write_text(text.format(url))
    with pytest.raises(SolarpassError, match="does not read"):
        read_districts(path, made_sites((0, 0)))
    with pytest.raises(SolarpassError):
        read_survey(path)
    with pytest.raises(SolarpassError):
        read_points(path)
    assert paths == []


def test_what_is_what_it_says_passes(tmp_path):
    frame = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(1, 2)], crs="EPSG:4326")
    for ending, driver in ((".gpkg", "GPKG"), (".geojson", "GeoJSON"), (".fgb", "FlatGeobuf")):
        path = tmp_path / f"list{ending}"
        frame.to_file(path, driver=driver)
        check_layer(path)
    marked = tmp_path / "marked.geojson"
    marked.write_bytes(b"\xef\xbb\xbf \n" + (tmp_path / "list.geojson").read_bytes())
    check_layer(marked)
