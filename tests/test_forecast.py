"""Open-Meteo is played by a loopback server, which answers in its form."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

import numpy as np
import pandas as pd
import pytest

from hiro.day import choose_day
from hiro.errors import WeatherError
from hiro.forecast import ATTRIBUTION, fetch_forecast
from hiro.irradiance import find_sky
from solarpass.errors import CoordinateError, FetchError

PLACE = {"latitude_deg": 51.05, "longitude_deg": 13.74}
ZONE = "Europe/Berlin"
HOUR = pd.Timedelta(hours=1)
UNITS = {
    "time": "iso8601",
    "temperature_2m": "°C",
    "relative_humidity_2m": "%",
    "wind_speed_10m": "m/s",
    "surface_pressure": "hPa",
    "shortwave_radiation": "W/m²",
    "direct_normal_irradiance": "W/m²",
    "diffuse_radiation": "W/m²",
}


def build_answer():
    """Four days of a clear sky, as api.open-meteo.com shapes them (timezone=UTC)."""
    times = pd.date_range("2026-07-18", periods=96, freq="h", tz="UTC")
    before = find_sky(times - HOUR, HOUR, **PLACE, altitude_m=113.0)
    hour = np.arange(96)
    hourly = {
        "time": [f"{t:%Y-%m-%dT%H:%M}" for t in times],
        "temperature_2m": (22.0 - 8.0 * np.cos(2 * np.pi * (hour - 2) / 24)).round(1).tolist(),
        "relative_humidity_2m": (55 + 20 * np.cos(2 * np.pi * (hour - 2) / 24)).round().tolist(),
        "wind_speed_10m": (2.0 + 0.1 * (hour % 7)).round(2).tolist(),
        "surface_pressure": [1001.3] * 96,
        "shortwave_radiation": before.ghi_w_m2.round(1).tolist(),
        "direct_normal_irradiance": before.dni_w_m2.round(1).tolist(),
        "diffuse_radiation": before.dhi_w_m2.round(1).tolist(),
    }
    return {
        "latitude": 51.06,
        "longitude": 13.74,
        "generationtime_ms": 0.21,
        "utc_offset_seconds": 0,
        "timezone": "GMT",
        "timezone_abbreviation": "GMT",
        "elevation": 115.0,
        "hourly_units": UNITS,
        "hourly": hourly,
    }


@pytest.fixture(scope="module")
def answer():
    return build_answer()


@pytest.fixture
def service(answer):
    """Serve on a loopback port; `turn` changes what is answered."""

    class Handler(BaseHTTPRequestHandler):
        turn = None

        def log_message(self, *_args):
            pass

        def do_GET(self):
            self.asked.append(self.path)
            code, body, pause_s, claim = 200, json.dumps(answer).encode(), 0.0, 0
            if self.turn is not None:
                code, body, pause_s, claim = self.turn(body)
            self.send_response(code)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(body) + claim))
            self.end_headers()
            half = len(body) // 2
            try:
                self.wfile.write(body[:half])
                self.wfile.flush()
                time.sleep(pause_s)
                self.wfile.write(body[half:])
            except OSError:
                pass

    Handler.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Handler, f"http://127.0.0.1:{server.server_port}/v1/forecast"
    server.shutdown()
    server.server_close()
    thread.join()


def fetch(url, **more):
    return fetch_forecast(**{"zone": ZONE, **PLACE, "url": url, "timeout_s": 5.0, **more})


def test_a_forecast_becomes_weather(service, answer):
    handler, url = service
    weather = fetch(url, days=2)
    asked = {name: told[0] for name, told in parse_qs(urlparse(handler.asked[0]).query).items()}
    assert {*asked["hourly"].split(",")} == {*UNITS} - {"time"}
    assert (asked["wind_speed_unit"], asked["timezone"]) == ("ms", "UTC")
    assert (asked["latitude"], asked["longitude"]) == ("51.0500", "13.7400")
    assert (asked["past_days"], asked["forecast_days"]) == ("1", "3")

    assert weather.attribution == ATTRIBUTION == "Weather data by Open-Meteo.com (CC BY 4.0)"
    assert "Open-Meteo" in weather.source
    assert len(weather) == 95
    assert weather.begins[0] == pd.Timestamp("2026-07-18T00:00Z")
    hourly = answer["hourly"]
    # Radiation is of the hour before its time, the rest is of that instant.
    assert weather.ghi_w_m2 == pytest.approx(hourly["shortwave_radiation"][1:])
    assert weather.ghi_w_m2 == pytest.approx(weather.clear_ghi_w_m2, abs=8.0)
    air_c = np.array(hourly["temperature_2m"])
    assert weather.air_temperature_c == pytest.approx(0.5 * (air_c[1:] + air_c[:-1]))
    assert not any("clock" in note or "UTC offset" in note for note in weather.notes)

    day = choose_day(weather, pd.Timestamp("2026-07-19").date(), zone=ZONE)
    assert len(day) == 24
    assert day.begins[0] == pd.Timestamp("2026-07-19", tz=ZONE)


def test_hours_without_values_are_left_out(service):
    handler, url = service

    def turn(body):
        told = json.loads(body)
        for column in ("shortwave_radiation", "direct_normal_irradiance", "diffuse_radiation"):
            told["hourly"][column][56:66] = [None] * 10  # by day; night is known
        return 200, json.dumps(told).encode(), 0.0, 0

    handler.turn = staticmethod(turn)
    weather = fetch(url)
    assert len(weather) == 85
    assert any("10 rows" in note for note in weather.notes)


def change_json(key, value):
    def turn(body):
        told = json.loads(body)
        at = told
        *path, last = key.split("/")
        for step in path:
            at = at[step]
        at[last] = value
        return 200, json.dumps(told).encode(), 0.0, 0

    return turn


@pytest.mark.parametrize(
    ("turn", "told"),
    [
        (lambda _b: (429, b'{"error":true,"reason":"Minutely limit"}', 0.0, 0), "busy.*429"),
        (lambda _b: (503, b"", 0.0, 0), "busy"),
        (lambda _b: (500, b"<html>no</html>", 0.0, 0), r"refused.*500\)"),
        (lambda _b: (400, b'{"error":true,"reason":"Bad latitude"}', 0.0, 0), "400: Bad latitude"),
        (lambda b: (200, b[: len(b) // 2], 0.0, 0), "cut off"),
        (lambda b: (200, b, 0.0, 100), "broke off|cannot be reached"),
        (lambda _b: (200, b"<html>hello</html>", 0.0, 0), "no JSON"),
        (lambda _b: (200, b"[" * 100_000, 0.0, 0), "no JSON"),
        (lambda _b: (200, b"\xff\xfe\x00", 0.0, 0), "no JSON"),
        (lambda _b: (200, b"[1, 2]", 0.0, 0), "holds no hours"),
        (lambda _b: (200, b'{"hourly": {}}', 0.0, 0), "holds no hours"),
        (lambda _b: (200, b" " * 3_000_000, 0.0, 0), "larger than 2 MB"),
        (change_json("hourly_units/wind_speed_10m", "km/h"), "wind_speed_10m.*m/s.*km/h"),
        (change_json("hourly/temperature_2m", [1.0]), "differ in number"),
        (change_json("hourly/temperature_2m", ["warm"] * 96), "does not read"),
        (change_json("hourly/temperature_2m", {"a": 1}), "does not read"),
        (change_json("hourly/time", ["noon"] * 96), "does not read"),
        (change_json("hourly/time", None), "differ in number|does not read"),
        (change_json("hourly/time", ["2026-07-18T00:00"] * 96), "not an hour apart"),
    ],
    ids=map(str, range(19)),
)
def test_what_is_not_as_hoped_gets_one_sentence(service, turn, told):
    handler, url = service
    handler.turn = staticmethod(turn)
    with pytest.raises(FetchError, match=told) as caught:
        fetch(url)
    assert "\n" not in str(caught.value)
    assert len(handler.asked) == 1


@pytest.mark.parametrize("pause_s", [2.0])
def test_a_stall_ends_in_time(service, pause_s):
    handler, url = service
    handler.turn = staticmethod(lambda body: (200, body, pause_s, 0))
    with pytest.raises(FetchError, match=r"within 0\.3 s"):
        fetch(url, timeout_s=0.3)


def test_no_service_is_told():
    with pytest.raises(FetchError, match="are you online"):
        fetch("http://127.0.0.1:9/v1/forecast")
    with pytest.raises(FetchError, match="broke off"):
        fetch("nonsense")


def test_weather_that_cannot_be_is_refused(service):
    handler, url = service
    handler.turn = staticmethod(change_json("hourly/temperature_2m", [300.0] * 96))
    with pytest.raises(WeatherError, match="kelvin"):
        fetch(url)


def test_a_question_that_cannot_be_is_not_asked(service):
    handler, url = service
    with pytest.raises(CoordinateError):
        fetch(url, latitude_deg=91.0)
    with pytest.raises(WeatherError, match="no time zone"):
        fetch(url, zone="Mars/Olympus")
    for days in (0, 16):
        with pytest.raises(FetchError, match="1 to 15 days"):
            fetch(url, days=days)
    assert handler.asked == []
