"""HiRo's command line: an answer on stdout and in a file, or one sentence on stderr; 0, 1 or 2."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

import numpy as np
import pandas as pd
import pytest
from affine import Affine
from made_feed import made_feed
from made_town import PLACE, made_town
from rasters import CORNER, LATITUDE, LONGITUDE, write_raster

from hiro.__main__ import main
from hiro.irradiance import find_sky
from solarpass.atlas import build_atlas

HOUR = pd.Timedelta(hours=1)
NORTH = {"latitude_deg": PLACE[0], "longitude_deg": PLACE[1]}


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Build the town once."""
    folder = tmp_path_factory.mktemp("town")
    build_atlas(made_town().write(folder / "town.osm.pbf"), folder / "town")
    return folder / "town"


def run(capsys, *arguments):
    try:
        code = main([str(argument) for argument in arguments])
    except SystemExit as leaving:  # argparse
        code = leaving.code
    out, err = capsys.readouterr()
    return code, out, err


def refused(capsys, *arguments):
    code, out, err = run(capsys, *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1), (code, out, err)
    assert "Traceback" not in err
    assert "should not have happened" not in err
    return err


def score(capsys, town, tmp_path, *arguments):
    """Score the town, and read what was written."""
    path = tmp_path / "heat.geojson"
    code, out, err = run(capsys, "score", town, *arguments, "--out", path)
    assert (code, err) == (0, ""), err
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return out, [feature["properties"] for feature in features]


def clear_days(n=48, *, zone="Europe/Berlin", place=NORTH):
    """Lay out hours of clear summer weather as a station's CSV, in the clock of a zone."""
    begins = pd.date_range("2026-07-20", periods=n, freq="h", tz=zone)
    sky = find_sky(begins, HOUR, **place, altitude_m=50.0)
    swing = np.sin((np.arange(n) - 9) * np.pi / 12)
    return pd.DataFrame(
        {
            "time": begins.strftime("%Y-%m-%dT%H:%M"),
            "temperature_c": 24 + 7 * swing,
            "relative_humidity_pct": 45.0,
            "wind_m_s": 2.0,
            "ghi_w_m2": sky.ghi_w_m2.round(1),
            "dhi_w_m2": sky.dhi_w_m2.round(1),
        }
    )


def test_a_score_is_summed_up_on_stdout(capsys, town, tmp_path):
    out, sites = score(capsys, town, tmp_path)
    assert "4 sites" in out
    assert "design day: 20 July, 33 °C" in out
    assert "no official warning" in out
    assert "keine amtliche Warnung" in out
    assert "DWD" in out or "German weather service" in out
    assert {site["kind"] for site in sites} == {"bus_stop", "playground", "school"}


def test_the_day_can_be_chosen(capsys, town, tmp_path):
    _, july = score(capsys, town, tmp_path)
    out, october = score(capsys, town, tmp_path, "--date", "2026-10-20")
    assert "20 October" in out
    hottest = [max(site["tmrt_max_c"] for site in sites) for sites in (july, october)]
    assert hottest[0] > hottest[1]
    assert july[0]["times"][0].endswith("-07-20T00:00+02:00")


@pytest.mark.parametrize(("day", "n", "doubled"), [("2026-03-29", 23, 0), ("2026-10-25", 25, 1)])
def test_days_when_clocks_change_have_their_hours(day, n, doubled, capsys, town, tmp_path):
    _, sites = score(capsys, town, tmp_path, "--date", day)
    for site in sites:
        assert len(site["hours"]) == len(site["utci_c"]) == len(site["sun_fraction"]) == n
        assert n - len(set(site["hours"])) == doubled
        assert len(set(site["times"])) == n
        assert site["worst_hour"] in site["hours"]


def test_the_same_question_gives_the_same_bytes(capsys, town, tmp_path):
    paths = [tmp_path / name for name in ("a.geojson", "b.geojson")]
    for path in paths:
        run(capsys, "score", town, "--date", "2026-07-20", "--out", path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_kinds_can_be_chosen(capsys, town, tmp_path):
    _, sites = score(capsys, town, tmp_path, "--kinds", "bus_stop,bus_stop,school")
    assert sorted(site["kind"] for site in sites) == ["bus_stop", "bus_stop", "school"]


def test_a_kind_that_the_map_has_none_of_is_no_answer(capsys, town, tmp_path):
    out = tmp_path / "heat.csv"
    code, told, err = run(capsys, "score", town, "--kinds", "hospital", "--out", out)
    assert (code, told, err.count("\n")) == (1, "", 1)
    assert "hospital" in err
    assert not out.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["score"],
        ["score", "--kinds", "palace", "--out", "x.csv"],
        ["score", "--kinds", ",", "--out", "x.csv"],
        ["score", "--date", "2026-02-30", "--out", "x.csv"],
        ["score", "--date", "2500-01-01", "--out", "x.csv"],
        ["score", "--stamp", "end", "--out", "x.csv"],
        ["score", "--utc-offset", "-3", "--out", "x.csv"],
        ["score", "--gtfs-date", "2026-01-01", "--out", "x.csv"],
        ["score", "--forecast-url", "http://127.0.0.1", "--out", "x.csv"],
        ["score", "--forecast", "--weather", "x.epw", "--out", "x.csv"],
        ["score", "--kinds", "school", "--sites", "x.csv", "--out", "x.csv"],
        ["score", "--weather", "x.csv", "--utc-offset", "99", "--out", "x.csv"],
        ["score", "--weather", "x.csv", "--wind-height", "nan", "--out", "x.csv"],
        ["score", "nowhere", "--out", "x.csv"],
        ["score", "nowhere", "--out", "x.shp"],
        ["score", "nowhere", "--out", "x"],
        ["score", "nowhere", "--out", "none/x.csv"],
    ],
)
def test_a_command_that_does_not_read_is_one_sentence(arguments, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    refused(capsys, *arguments)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", [["--help"], ["score", "--help"], ["point", "--help"]])
def test_help_teaches(command, capsys):
    code, out, _ = run(capsys, *command)
    assert code == 0
    assert "usage: hiro" in out


# --- what a city knows of its own


def write_sites(tmp_path, *rows):
    path = tmp_path / "own.csv"
    path.write_text("site_id,lat,lon,name\n" + "".join(f"{row}\n" for row in rows))
    return path


def test_a_list_of_one_s_own_is_scored(capsys, town, tmp_path):
    own = write_sites(tmp_path, "a,52.0001,13.0001,=SUM(1)", "b,52.0002,13.0003,", "c,48,11,far")
    out, sites = score(capsys, town, tmp_path, "--sites", own)
    assert [site["site_id"] for site in sites] == ["a", "b"]
    assert [site["name"] for site in sites] == ["=SUM(1)", None]
    assert "1" in out


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["a,52.0001,13.0001,x", "a,52.0002,13.0001,y"], "same id"),
        (["a,13.0001,52.0001,x", "b,13.0002,52.0001,x"], "swapped"),
        (["a,48.1,11.5,x"], "does not lie in"),
        ([], "own.csv"),
    ],
)
def test_a_list_that_cannot_be_is_one_sentence(rows, said, capsys, town, tmp_path):
    own = write_sites(tmp_path, *rows)
    err = refused(capsys, "score", town, "--sites", own, "--out", tmp_path / "heat.csv")
    assert said in err


def test_a_list_is_never_written_over(capsys, town, tmp_path):
    own = write_sites(tmp_path, "a,52.0001,13.0001,x")
    before = own.read_bytes()
    assert "read" in refused(capsys, "score", town, "--sites", own, "--out", own)
    assert own.read_bytes() == before


def test_a_station_s_weather_is_taken(capsys, town, tmp_path):
    path = tmp_path / "station.csv"
    clear_days().to_csv(path, index=False)
    out, sites = score(capsys, town, tmp_path, "--weather", path, "--stamp", "start")
    assert "No day was asked for" in out
    _, warmer = score(
        capsys, town, tmp_path, "--weather", path, "--stamp", "start", "--date", "2026-07-21"
    )
    assert warmer[0]["times"][0].startswith("2026-07-21T00:00")
    assert len(sites[0]["hours"]) == 24


@pytest.mark.parametrize(
    ("change", "arguments", "said"),
    [
        (lambda table: table, [], "--stamp"),
        (lambda table: table.assign(temperature_c=300.0), ["--stamp=start"], "kelvin"),
        (lambda table: table.drop(range(6, 16)), ["--stamp=start", "--date=2026-07-20"], "gaps"),
        (lambda table: table, ["--stamp=start", "--date=2026-08-20"], "does not hold"),
        (lambda table: table.head(0), ["--stamp=start"], "no row"),
    ],
)
def test_weather_that_cannot_be_is_one_sentence(change, arguments, said, capsys, town, tmp_path):
    path, out = tmp_path / "station.csv", tmp_path / "heat.csv"
    change(clear_days()).to_csv(path, index=False)
    assert said in refused(capsys, "score", town, "--weather", path, *arguments, "--out", out)
    assert not out.exists()


@pytest.mark.parametrize("option", ["--weather", "--sites", "--gtfs", "--lines", "--population"])
def test_files_that_are_none_are_one_sentence(option, capsys, town, tmp_path):
    for wrong in (tmp_path, tmp_path / "missing.csv"):
        err = refused(capsys, "score", town, option, wrong, "--out", tmp_path / "heat.csv")
        assert wrong.name in err


def test_a_timetable_without_the_day_answers_with_the_same_weekday(capsys, town, tmp_path):
    lat, lon = 52.0, 13.0
    stops = (
        f"stop_id,stop_name,stop_lat,stop_lon\nA,Markt,{lat},{lon}\nB,Nord,{lat},{lon + 0.001}\n"
    )
    feed = made_feed(tmp_path, stops=stops)
    out, sites = score(capsys, town, tmp_path, "--gtfs", feed, "--gtfs-date", "2031-01-06")
    assert "same weekday" in out
    assert "gtfs" in {site["exposure_tier"] for site in sites}
    out, _ = score(capsys, town, tmp_path, "--gtfs", feed, "--date", "2026-07-21")
    assert "same weekday" not in out  # that of --date is in the feed


def test_where_heat_harms_nobody_it_says_so(capsys, town, tmp_path):
    path = tmp_path / "station.csv"
    clear_days().assign(temperature_c=5.0).drop(columns="dhi_w_m2").to_csv(path, index=False)
    out, _ = score(capsys, town, tmp_path, "--weather", path, "--stamp", "start")
    assert "On this day heat harms nowhere here: UTCI at most " in out
    assert "The worst" not in out
    assert "in 48 rows of the whole file" in out


def test_a_name_steers_no_terminal(capsys, town, tmp_path):
    own = write_sites(tmp_path, f'a,52.0001,13.0001,"\x1b[2J\u202eevil\u2028{"x" * 200}"')
    out, sites = score(capsys, town, tmp_path, "--sites", own)
    assert not {"\x1b", "\u202e", "\u2028"} & {*out}
    assert "[2Jevil xxx" in out
    assert "x" * 80 not in out
    assert "\u202e" in sites[0]["name"]  # the file keeps what was told


def test_a_population_of_another_place_is_one_sentence(capsys, town, tmp_path):
    path = tmp_path / "cells.csv"
    path.write_text("x,y,age0_9,total\n4545350,3280150,5,20\n")
    err = refused(capsys, "score", town, "--population", path, "--out", tmp_path / "heat.csv")
    assert "No cell of the population lies within 3 km of a site" in err


def test_a_population_is_read(capsys, town, tmp_path):
    path = tmp_path / "districts.csv"
    ring = "12.9 51.9,13.1 51.9,13.1 52.1,12.9 52.1,12.9 51.9"
    path.write_text(f'name;a65plus;total;geom\nMitte;400;1000;"SRID=4326;POLYGON(({ring}))"\n')
    _, sites = score(capsys, town, tmp_path, "--population", path)
    assert "districts" in {site["vulnerability_tier"] for site in sites}


# --- the forecast, played by a loopback server


@pytest.fixture
def open_meteo():
    """Answer whatever days are asked for, from yesterday on, with the same clear day."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            asked = parse_qs(urlparse(self.path).query)
            first = pd.Timestamp.now("UTC").floor("D") - pd.Timedelta(days=1)
            n = 24 * (int(asked["forecast_days"][0]) + 1)
            times = pd.date_range(first, periods=n, freq="h")
            sky = find_sky(times - HOUR, HOUR, **NORTH, altitude_m=50.0)
            columns = {
                "temperature_2m": ("°C", [28.0] * n),
                "relative_humidity_2m": ("%", [40.0] * n),
                "wind_speed_10m": ("m/s", [2.0] * n),
                "surface_pressure": ("hPa", [1008.0] * n),
                "shortwave_radiation": ("W/m²", sky.ghi_w_m2.tolist()),
                "direct_normal_irradiance": ("W/m²", sky.dni_w_m2.tolist()),
                "diffuse_radiation": ("W/m²", sky.dhi_w_m2.tolist()),
            }
            hours = {"time": times.strftime("%Y-%m-%dT%H:%M").tolist()}
            body = {
                "hourly": hours | {name: values for name, (_, values) in columns.items()},
                "hourly_units": {"time": "iso8601"} | {k: unit for k, (unit, _) in columns.items()},
            }
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_a_forecast_is_asked_for(capsys, town, tmp_path, open_meteo):
    out, sites = score(capsys, town, tmp_path, "--forecast", "--forecast-url", open_meteo)
    today = f"{pd.Timestamp.now('Europe/Berlin'):%Y-%m-%d}"
    assert sites[0]["times"][0].startswith(today)
    assert "forecast of Open-Meteo" in out
    collection = json.loads((tmp_path / "heat.geojson").read_text(encoding="utf-8"))
    assert "Open-Meteo" in collection["attribution"]


def test_a_forecast_too_far_ahead_is_one_sentence(capsys, town, tmp_path, open_meteo):
    more = ["--forecast", "--forecast-url", open_meteo, "--out", tmp_path / "heat.csv"]
    refused(capsys, "score", town, "--date", "2099-07-20", *more)
    refused(capsys, "score", town, "--date", "2001-07-20", *more)


# --- one point on rasters


EAST, NORTHERN = CORNER[0] + 30.5, CORNER[1] - 36.5  # three metres north of the house


def point(capsys, tmp_path, *arguments, at=(EAST, NORTHERN), lat=LATITUDE, lon=LONGITUDE, hours=0):
    """Score a point of flat ground with a house in its south."""
    heights = np.full((60, 60), 10.0, np.float32)
    heights[40:56, :] = 25.0
    more = {}
    if lon != LONGITUDE:  # no coordinate system of its own, around 0, 0
        more = {"crs": None, "transform": Affine(1.0, 0.0, -30.0, 0.0, -1.0, 30.0)}
    dsm = write_raster(tmp_path / "dsm.tif", heights, **more)
    zone = f"Etc/GMT{-hours:+d}" if hours else "UTC"
    table = clear_days(24, zone=zone, place={"latitude_deg": lat, "longitude_deg": lon})
    table.to_csv(tmp_path / "day.csv", index=False)
    asked = {"--dsm": dsm, "--at": ",".join(map(str, at)), "--weather": tmp_path / "day.csv"}
    asked |= {"--stamp": "start", "--lat": lat, "--lon": lon, "--utc-offset": hours}
    asked |= {"--out": tmp_path / "point.csv"}
    asked |= dict(zip(arguments[::2], arguments[1::2], strict=True))
    return run(capsys, "point", *(word for pair in asked.items() for word in pair))


def test_a_point_has_a_row_for_each_of_the_file(capsys, tmp_path):
    code, out, err = point(capsys, tmp_path)
    assert (code, err) == (0, "")
    assert "24 intervals" in out
    told, asked = pd.read_csv(tmp_path / "point.csv"), pd.read_csv(tmp_path / "day.csv")
    assert told["time"].tolist() == asked["time"].tolist()
    assert told.columns.tolist() == [
        *("time", "tmrt_c", "utci_c", "pet_c", "sun_fraction"),
        *("kdown_w_m2", "kup_w_m2", "ldown_w_m2", "lup_w_m2", "utci_is_clamped"),
    ]
    assert told.notna().all(axis=None)
    assert told["sun_fraction"].between(0.0, 1.0).all()


def test_a_house_in_the_south_takes_the_noon_sun(capsys, tmp_path):
    point(capsys, tmp_path)
    behind = pd.read_csv(tmp_path / "point.csv")
    point(capsys, tmp_path, at=(EAST, CORNER[1] - 2.5))
    open_ground = pd.read_csv(tmp_path / "point.csv")
    noon = 11  # UTC
    assert behind["sun_fraction"][noon] < 0.1
    assert open_ground["sun_fraction"][noon] == pytest.approx(1.0)
    assert 15.0 < open_ground["tmrt_c"][noon] - behind["tmrt_c"][noon] < 45.0


def test_points_west_and_south_of_zero_can_be_typed(capsys, tmp_path):
    code, _, err = point(capsys, tmp_path, at=(-5.5, -2.5), lat=-33.9, lon=-3.7, hours=-3)
    assert (code, err) == (0, "")
    joined = (tmp_path / "point.csv").read_bytes()
    table = pd.read_csv(tmp_path / "point.csv")
    assert table["kdown_w_m2"].idxmax() == 9  # 12:15 UTC
    code, _, err = point(capsys, tmp_path, at=(-5.5, -2.5), lat=-33.9, lon=-3.7, hours=-3)
    assert (tmp_path / "point.csv").read_bytes() == joined


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"--out": "point.tif"}, ".csv"),
        ({"--out": "none/point.csv"}, "folder"),
        ({"--out": "day.csv"}, "that are read"),
        ({"--at": "x,2"}, "east and north"),
        ({"--at": "1,2,3"}, "east and north"),
        ({"--at": "nan,2"}, "east and north"),
        ({"--at": f"{NORTHERN},{EAST}"}, "latitude"),
        ({"--lat": "91"}, "91"),
        ({"--lon": "east"}, "degrees"),
        ({"--dsm": "none.tif"}, "none.tif"),
        ({"--dsm": "day.csv"}, "day.csv"),
        ({"--weather": "none.txt"}, "none.txt"),
        ({"--cdsm": "none.tif"}, "none.tif"),
        ({"--stamp": "later"}, "later"),
    ],
)
def test_a_point_that_cannot_be_is_one_sentence(change, said, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = point(capsys, tmp_path, *(word for pair in change.items() for word in pair))
    assert (code, out, err.count("\n")) == (2, "", 1), (out, err)
    assert said in err
    assert "should not have happened" not in err
    assert not (tmp_path / "point.csv").exists()


def test_a_point_within_walls_is_one_sentence(capsys, tmp_path):
    dem = write_raster(tmp_path / "dem.tif", np.full((60, 60), 10.0, np.float32))
    inside = (EAST, CORNER[1] - 48.5)
    code, out, err = point(capsys, tmp_path, "--dem", dem, at=inside)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "in the open" in err


@pytest.mark.parametrize(
    ("site", "days", "lag", "rmse_k"), [("gvc", 3, 0, 4.0), ("kronenhuset", 1, 1, 4.0)]
)
def test_what_was_measured_in_gothenburg_is_met(
    site, days, lag, rmse_k, capsys, tmp_path, reference_data
):
    """The command finds what stations measured; the marks stand in a test of their own."""
    folder = reference_data / "validation" / "gothenburg" / site
    models = {
        f"--{name}": next(folder.glob(pattern))
        for name, pattern in (
            *(("dsm", "DSM_*.tif"), ("dem", "DEM_*.tif")),
            *(("cdsm", "CDSM_*"), ("landcover", "landcover_*.tif")),
        )
    }
    station = json.loads((folder / "poi.geojson").read_text(encoding="utf-8"))
    asked = {"--at": ",".join(map(str, station["geometry"]["coordinates"])), "--stamp": "end"}
    asked |= {"--lat": 57.7, "--lon": 11.97, "--utc-offset": 0, "--out": tmp_path / "point.csv"}
    parts = []
    for weather in sorted(folder.glob("MetFile*.txt")):
        pairs = {**models, **asked, "--weather": weather}
        code, _, err = run(capsys, "point", *(word for pair in pairs.items() for word in pair))
        assert (code, err) == (0, "")
        parts.append(pd.read_csv(tmp_path / "point.csv", parse_dates=["time"]))
    assert len(parts) == days
    told = pd.concat(parts)
    told = told.assign(hour=told["time"].dt.hour + lag, date=told["time"].dt.strftime("%Y%m%d"))
    measured = pd.read_csv(next(folder.glob("measurements_*.csv")), dtype={"date": str})
    both = measured.merge(told, on=["date", "hour"] if "date" in measured else "hour")
    assert len(both) == len(measured)
    assert np.sqrt(((both["tmrt_c"] - both["Tmrt"]) ** 2).mean()) < rmse_k
