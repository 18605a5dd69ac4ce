import csv
import hashlib
import importlib
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from solarpass.leaf import leaves_on
from solarpass.picture import cast

FOLDER = Path(__file__).parents[1] / "benchmarks" / "shade_routing"
FROZEN = "7a1e0dc75e9942b67c9298fdb9949a07075cea74415b798439a9f3be0336ee9c"


@pytest.fixture
def rooms(monkeypatch):
    """Open the benchmark's modules as its scripts do, and close them after."""
    monkeypatch.syspath_prepend(str(FOLDER))
    names = ("trips", "answer", "score", "run")
    yield {name: importlib.import_module(name) for name in names}
    for name in names:
        sys.modules.pop(name, None)


def test_the_trips_are_frozen():
    told = (FOLDER / "trips.csv").read_bytes()
    assert hashlib.sha256(told).hexdigest() == FROZEN
    rows = list(csv.DictReader(told.decode().splitlines()))
    assert len({(row["city"], row["trip"]) for row in rows}) == len(rows)


def test_a_trip_lies_in_its_band(rooms):
    trips = rooms["trips"]
    for city in rooms["run"].CITIES:
        for pair in trips.read_pairs(city):
            (from_lat, from_lon), (to_lat, to_lon) = pair.origin, pair.destination
            east = (to_lon - from_lon) * np.cos(np.deg2rad(from_lat))
            away_m = 6_371_000.0 * np.deg2rad(np.hypot(to_lat - from_lat, east))
            least_m, most_m = trips.BANDS_M[pair.band]
            assert least_m - 20.0 < away_m < most_m + 20.0


def test_few_pairs_are_taken_from_each_band(rooms):
    few = rooms["trips"].read_pairs("helsinki", 6)
    assert [pair.band for pair in few] == ["short", "short", "middle", "middle", "long", "long"]


def feature(atlas, trips, xy, *, at, kind="mine"):
    pair = trips.read_pairs("helsinki", 1)[0]
    degrees = atlas.city.to_degrees(xy)[:, ::-1]
    told = {"city": "helsinki", "trip": pair.name, "at": at.isoformat(), "kind": kind}
    line = {"type": "LineString", "coordinates": degrees.tolist()}
    return {"type": "Feature", "properties": told, "geometry": line}


def cast_whole(atlas, at):
    """Cast the shadows of a whole city at once."""
    times = pd.DatetimeIndex([at])
    sun = atlas.find_sun(times)
    return cast(
        atlas.surface,
        azimuth_deg=float(sun.azimuth_deg[0]),
        elevation_deg=float(sun.elevation_deg[0]),
        cell_m=1.0,
        leaf_fraction=float(leaves_on(atlas.horizon.leaf_year, times)[0]),
    )


def test_blocks_are_what_a_picture_of_the_whole_city_is_made_of(rooms, helsinki, monkeypatch):
    score = rooms["score"]
    monkeypatch.setattr(score, "MOST_BLOCKS", 3)
    reference = score.Reference(helsinki)
    begins = datetime(2026, 9, 15, 17, tzinfo=helsinki.zone)
    whole = cast_whole(helsinki, pd.Timestamp(begins) + pd.Timedelta(seconds=150))
    west, south, east, north = reference.whole.bounds
    rng = np.random.default_rng(2)
    xy = rng.uniform((west - 40, south - 40), (east + 40, north + 40), (4000, 2))
    seen = reference.look(xy, np.zeros(len(xy)), begins)
    column, row = np.floor(xy[:, 0] - west).astype(int), np.floor(north - xy[:, 1]).astype(int)
    n_rows, n_columns = whole.sun.shape
    inside = (row >= 0) & (row < n_rows) & (column >= 0) & (column < n_columns)
    assert np.isnan(seen[~inside]).all()
    np.testing.assert_array_equal(seen[inside], whole.sun[row[inside], column[inside]])
    assert len(reference._kept) == 3


def test_a_line_is_walked_under_the_pictures_of_its_own_minutes(rooms, helsinki):
    """Beside a slow twin: each metre looked up by itself, in a whole picture of its own slot."""
    score = rooms["score"]
    reference = score.Reference(helsinki)
    west, south, east, north = helsinki.city.extent.bounds
    middle = np.array([(west + east) / 2, (south + north) / 2])
    xy = middle + np.array([[-300.0, -40.0], [0.0, 30.0], [350.0, 10.0]])
    departs = datetime(2026, 7, 15, 17, 3, tzinfo=helsinki.zone)
    length_m, sun_s, unknown_s = score.walk_line(reference, xy, departs)
    along = [0.0, *np.cumsum(np.hypot(*np.diff(xy, axis=0).T))]
    assert length_m == pytest.approx(along[-1])
    n = round(length_m)
    slow_s, lost_s, pictures = 0.0, 0.0, {}
    for k in range(n):
        at_m = (k + 0.5) * length_m / n
        x, y = (np.interp(at_m, along, xy[:, axis]) for axis in (0, 1))
        passed_s = departs.timestamp() + at_m / score.SPEED_M_S
        slot = passed_s // score.SLOT_S * score.SLOT_S
        if slot not in pictures:
            instant = np.datetime64(int(slot + score.SLOT_S / 2), "s")
            at = pd.Timestamp(instant, tz="UTC").tz_convert(helsinki.zone)
            pictures[slot] = cast_whole(helsinki, at)
        picture = pictures[slot]
        west_m, north_m, cell_m = (getattr(picture.transform, one) for one in "cfa")
        column, row = (x - west_m) / cell_m, (north_m - y) / cell_m
        value = picture.sun[int(row), int(column)]
        each_s = length_m / n / score.SPEED_M_S
        slow_s += 0.0 if np.isnan(value) else float(value) * each_s
        lost_s += each_s if np.isnan(value) else 0.0
    assert sun_s == pytest.approx(slow_s, abs=1e-6)
    assert unknown_s == pytest.approx(lost_s, abs=1e-6)
    assert 0.0 < sun_s < length_m / score.SPEED_M_S
    night = datetime(2026, 12, 15, 23, 0, tzinfo=helsinki.zone)
    assert score.walk_line(reference, xy, night)[1] == 0.0


def test_lines_that_are_no_answer_are_refused(rooms, helsinki):
    score, trips = rooms["score"], rooms["trips"]
    reference = score.Reference(helsinki)
    pair = trips.read_pairs("helsinki", 1)[0]
    ends = helsinki.city.to_local(*np.transpose([pair.origin, pair.destination]))
    at = datetime(2026, 7, 15, 12, tzinfo=helsinki.zone)
    good = feature(helsinki, trips, ends, at=at)
    assert len(score.score_lines(reference, [good], "helsinki")) == 1
    assert score.score_lines(reference, [good], "monaco") == []
    with pytest.raises(SystemExit, match="60 m off"):
        score.score_lines(reference, [feature(helsinki, trips, ends + 90.0, at=at)], "helsinki")
    for wrong in ({"trip": "x"}, {"at": "2026-07-15T12:00"}):
        torn = json.loads(json.dumps(good))
        torn["properties"] |= wrong
        with pytest.raises(SystemExit, match="with its offset"):
            score.score_lines(reference, [torn], "helsinki")


def test_walks_are_held_beside_the_shortest_of_the_same_trip(rooms):
    score = rooms["score"]
    at = datetime(2026, 7, 15, 12, tzinfo=UTC)
    scores = [
        score.Score("a", at, "shortest", 100.0, 60.0, 0.0),
        score.Score("a", at, "shadiest", 110.0, 30.0, 0.0),
        score.Score("b", at, "shortest", 100.0, 50.0, 0.0),
        score.Score("b", at, "shadiest", 100.0, 55.0, 0.0),
        score.Score("c", at, "shortest", 100.0, 0.0, 0.0),  # in the shade: nothing to gain
        score.Score("c", at, "shadiest", 100.0, 0.0, 0.0),
    ]
    told = score.compare(scores, "shadiest")
    assert told["trips"] == 2
    assert told["less_sun"] == told["more_sun"] == 0.5
    assert told["median_saving"] == pytest.approx(0.5)
    assert told["longer"] == pytest.approx(0.05)


def test_the_frozen_sun_is_walked_again_under_the_one_that_moves(rooms, helsinki):
    answer, trips = rooms["answer"], rooms["trips"]
    pairs = trips.read_pairs("helsinki", 6)
    for one in answer.answer_all(
        helsinki, pairs, [datetime(2026, 7, 15, 17, tzinfo=helsinki.zone)]
    ):
        shortest, shadiest = one.routes["shortest"], one.routes["shadiest"]
        assert one.sun_s["shortest"] == pytest.approx(shortest.sun_s)
        assert one.sun_s["shadiest"] == pytest.approx(shadiest.sun_s)
        assert one.routes["frozen"].walk_s <= (1 + answer.BUDGET) * shortest.walk_s
        assert one.sun_s["exact"] <= one.sun_s["frozen"] + 1e-9


def test_the_page_says_if_other_work_ran_beside(rooms):
    run = rooms["run"]
    assert "other work" not in run.tell_machine(1.2)
    assert "other work beside (load 2.3)" in run.tell_machine(2.3)


def test_no_trip_of_the_benchmark_outlasts_the_frozen_table(rooms, helsinki):
    answer, trips = rooms["answer"], rooms["trips"]
    for departs in trips.departures(helsinki.zone):
        shade = helsinki.shade_on(departs.date())
        still = answer.stand_still(shade, departs)
        assert len(still.times) * shade.slot_s == answer.LONGEST_H * 3600
        assert (still.sun == shade.sun[shade.row_at(departs)]).all()
