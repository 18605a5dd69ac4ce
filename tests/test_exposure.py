import re
from dataclasses import replace
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_feed import TABLES, made_feed, trips_at, trips_of
from made_sites import degrees, grid, local_crs, made_sites

from hiro.errors import PopulationError, TimetableError
from hiro.exposure import ExposureModel, build_exposure
from hiro.lines import read_lines
from hiro.pairing import fold_stop_name, is_same_name, pair_stops
from hiro.population import read_population
from hiro.profile import hour_shares, read_profile
from hiro.timetable import read_timetable
from hiro.waiting import WaitModel, find_wait_min
from solarpass.errors import NaiveTimeError
from solarpass.osm import read_osm
from solarpass.tables import read_numbers

DAY = date(2026, 7, 20)


def hours_of(day="2026-07-20", zone="Europe/Berlin", step="h"):
    start = pd.Timestamp(day, tz=zone)
    return pd.date_range(start, start + pd.DateOffset(days=1), freq=step, inclusive="left")


def feed_at(tmp_path, *places, minutes=(8 * 60,), **tables):
    """Write a feed whose stops are at some metres: an id and x and y each."""
    rows = ["stop_id,stop_name,stop_lat,stop_lon"]
    for name, x, y in places:
        longitude, latitude = degrees(x, y)
        rows.append(f"{name},Stop {name},{latitude:.7f},{longitude:.7f}")
    told = {"trips": trips_of(len(minutes)), "stop_times": trips_at(*minutes)}
    return read_timetable(
        made_feed(tmp_path, stops="\n".join(rows) + "\n", **(told | tables)), day=DAY
    )


def cells(tmp_path, *rows, header="x,y,age0_9,total"):
    lines = []
    for x, y, *counts in rows:
        east, north = grid(x, y)
        lines.append(",".join(map(str, (f"{east:.2f}", f"{north:.2f}", *counts))))
    path = tmp_path / "cells.csv"
    path.write_text("\n".join([header, *lines]) + "\n")
    return read_population(path)


def lines_at(tmp_path, *rows):
    """Write a list of stops: an id, a name, x, y, all lines and those of trams."""
    text = "id,name,latitude,longitude,total_lines,tram_lines\n"
    for told, name, x, y, n, trams in rows:
        longitude, latitude = degrees(x, y)
        text += f"{told},{name},{latitude:.7f},{longitude:.7f},{n},{trams}\n"
    path = tmp_path / "lines.csv"
    path.write_text(text)
    return read_lines(path)


# --- hours


@pytest.mark.parametrize(("day", "n"), [("2026-03-29", 23), ("2026-07-20", 24), ("2026-10-25", 25)])
def test_a_local_day_sums_up_to_its_own_hours(day, n):
    for step in ("h", "30min", "15min"):
        shares = hour_shares(hours_of(day, step=step))
        assert shares.sum() == pytest.approx(n)
        assert shares.sum(axis=0)[2] == pytest.approx({23: 0.0, 24: 1.0, 25: 2.0}[n])
        assert np.delete(shares.sum(axis=0), 2).tolist() == pytest.approx([1.0] * 23)


def test_steps_of_any_length_and_zones_off_the_hour_are_split():
    india = pd.date_range("2026-07-20 00:00", periods=24, freq="h", tz="UTC").tz_convert(
        "Asia/Kolkata"
    )
    assert hour_shares(india)[0, [5, 6]].tolist() == [0.5, 0.5]
    threes = hour_shares(hours_of(step="3h"))
    assert threes.shape == (8, 24)
    assert threes[2].tolist() == [0.0] * 6 + [1.0] * 3 + [0.0] * 15
    assert hour_shares(hours_of()[:0]).shape == (0, 24)


def test_times_without_a_zone_or_with_gaps_are_refused():
    with pytest.raises(NaiveTimeError, match="time zone"):
        hour_shares(pd.date_range("2026-07-20", periods=3, freq="h"))
    with pytest.raises(TimetableError, match="one step"):
        hour_shares(hours_of()[[0, 1, 3]])
    with pytest.raises(TimetableError, match="one step"):
        hour_shares(hours_of()[::-1])


def test_tables_hold_from_the_hour_they_name():
    bench = read_profile("occupancy", key="kind", of="bench", quantity="persons")
    assert bench[[0, 7, 8, 10, 19, 20, 22, 23]].tolist() == [0, 0, 0.2, 0.5, 0.5, 0.2, 0, 0]
    for kind in read_numbers("occupancy", key="kind"):
        night = read_profile("occupancy", key="kind", of=kind, quantity="persons")[[0, 1, 2, 3, 4]]
        assert not night.any()
    demand = read_profile("boarding", key="what", of="demand", quantity="factor")
    assert not demand[:4].any()
    assert demand[5:].all()


# --- waiting


def test_waits_are_half_the_headway_then_planned_then_capped():
    assert find_wait_min([2.0, 10.0, 11.0]).tolist() == [1.0, 5.0, 5.5]
    assert find_wait_min([12.0, 20.0, 30.0]).tolist() == pytest.approx([5.6, 8.0, 11.0])
    assert find_wait_min([43.4, 60.0, 1e9]).tolist() == [15.0, 15.0, 15.0]
    with pytest.raises(TimetableError, match="most_min"):
        WaitModel(most_min=-1.0)


# --- timetables


def test_one_stop_by_hand(tmp_path):
    """Four departures at eight: a headway of 15 min, hence 6.5 min, for 1.5 times 1.6 persons."""
    timetable = feed_at(tmp_path, ("A", 0, 0), ("B", 900, 0), minutes=(480, 490, 500, 530))
    told = build_exposure(made_sites((5, 5), (900, 0)), hours_of(), timetable=timetable)
    assert told.tier.tolist() == ["gtfs", "default"]  # nothing leaves where a trip ends
    assert told.boardings[0] == pytest.approx(4 * 1.5 * 1.6)
    assert told.person_minutes[8, 0] == pytest.approx(4 * 1.5 * 1.6 * 6.5)
    assert told.person_minutes[:, 0].sum() == told.person_minutes[8, 0]
    assert told.wait_min[0] == pytest.approx(6.5)
    assert told.persons[0] == pytest.approx(4 * 1.5 * 1.6 * 6.5 / 60)
    assert told.attribution == ("timetable: Our buses",)


def test_riders_wait_for_their_own_line(tmp_path):
    """Two lines every 30 minutes are not one every 15, nor are two directions."""
    tables = {
        "routes": "route_id,route_short_name,route_type\nr,7,3\nq,8,3\n",
        "trips": "route_id,service_id,trip_id,direction_id\n"
        "r,daily,t0,0\nr,daily,t1,0\nq,daily,t2,0\nq,daily,t3,1\n",
    }
    minutes = (480, 510, 490, 520)
    timetable = feed_at(tmp_path, ("A", 0, 0), ("B", 900, 0), minutes=minutes, **tables)
    told = build_exposure(made_sites((0, 0)), hours_of(), timetable=timetable)
    each = 1.5 * 1.6
    assert told.person_minutes[8, 0] == pytest.approx(each * (2 * 11.0 + 15.0 + 15.0))


def test_both_platforms_of_a_stop_are_one_site(tmp_path):
    sites = made_sites((0, 0))
    calls = "trip_id,departure_time,stop_id,stop_sequence\n"
    for number, stop in enumerate("AC"):
        calls += f"t{number},08:{number}0:00,{stop},1\nt{number},08:50:00,B,2\n"
    timetable = feed_at(
        tmp_path, ("A", -10, 0), ("B", 900, 0), ("C", 10, 0), minutes=(0, 0), stop_times=calls
    )
    told = build_exposure(sites, hours_of(), timetable=timetable)
    assert told.boardings[0] == pytest.approx(2 * 1.5 * 1.6)


def test_trams_carry_more_than_buses(tmp_path):
    tram = TABLES["routes"].replace("r,7,3", "r,7,0")
    bus = feed_at(tmp_path, ("A", 0, 0), ("B", 900, 0))
    rails = feed_at(tmp_path, ("A", 0, 0), ("B", 900, 0), routes=tram)
    riders = [
        build_exposure(made_sites((0, 0)), hours_of(), timetable=one).boardings[0]
        for one in (bus, rails)
    ]
    assert riders[1] / riders[0] == pytest.approx(4.0 / 1.5)


def test_what_leaves_at_night_boards_nobody(tmp_path):
    timetable = feed_at(tmp_path, ("A", 0, 0), ("B", 900, 0), minutes=(125, 26 * 60))
    told = build_exposure(made_sites((0, 0)), hours_of(), timetable=timetable)
    assert told.tier.tolist() == ["gtfs"]
    assert not told.person_minutes.any()
    assert np.isnan(told.wait_min[0])


# --- pairing


def test_an_id_beats_nearness_and_nearness_beats_a_name():
    sites = made_sites(
        (0, 0), (100, 0), (300, 0), names=["Alpha", None, "Gamma"], ifopt=[None, "de:1:7", None]
    )
    paired = pair_stops(
        sites,
        np.array([[10.0, 0.0], [10.0, 0.0], [450.0, 0.0], [450.0, 0.0], [9000.0, 0.0]]),
        ids=["de:01:7:2:1", "x", "y", None, "de:1:7"],
        names=["Alpha", "Gamma", "Town, Gamma", "Delta", "Alpha"],
        trams=np.zeros(5, dtype=bool),
        near_m=75.0,
        name_m=200.0,
    )
    assert paired.site.tolist() == [1, 0, 2, -1, -1]
    assert paired.way.tolist() == ["id", "near", "name", "", ""]
    assert paired.nearest_m.tolist() == pytest.approx([10, 10, 150, 150, np.inf])


def test_other_kinds_of_sites_are_no_stops(tmp_path):
    timetable = feed_at(tmp_path, ("A", 0, 0), ("B", 900, 0))
    told = build_exposure(made_sites((0, 0), kind="bench"), hours_of(), timetable=timetable)
    assert told.tier.tolist() == ["default"]
    assert np.isnan(told.boardings[0])
    assert any("0 of 1 stops of the timetable are sites" in note for note in told.notes)


def test_names_are_folded_as_towns_write_them():
    pairs = [
        ("Heidelberg, Kaiserstraße", "Kaiserstr."),
        ("Dossenheim, Süd Bstg G2", "Dossenheim Süd"),
        ("Rohrbacher Straße (1)", "Rohrbacherstrasse"),
        ("HD Hbf", "HD, Hauptbahnhof"),
    ]
    for one, other in pairs:
        assert is_same_name(fold_stop_name(one), fold_stop_name(other)), (one, other)
    assert not is_same_name(fold_stop_name("Kaiserstraße"), fold_stop_name("Königstraße"))
    assert not is_same_name(fold_stop_name(None), fold_stop_name("Alpha"))


def test_what_did_not_join_is_named(tmp_path):
    timetable = feed_at(tmp_path, ("A", 0, 0), ("B", 900, 0))
    told = build_exposure(made_sites((5000, 0)), hours_of(), timetable=timetable)
    assert "Without a site: Stop A." in told.notes
    assert any("1 of 1 stops have no departure" in note for note in told.notes)


def test_heidelbergs_stops_join(reference_data):
    """Each stop of the feed that has a site of its own place or name is joined to it."""
    timetable = read_timetable(
        reference_data / "validation/heidelberg/vrn_gtfs_cut.zip", day=date(2022, 6, 18)
    )
    place = (49.41, 8.69)
    stops = timetable.stops
    points = gpd.GeoSeries(
        gpd.points_from_xy(stops["longitude_deg"], stops["latitude_deg"]), crs=4326
    ).to_crs(local_crs(place))
    xy = np.column_stack([points.x, points.y])
    shifted = made_sites(*(xy + np.array([30.0, 20.0])), place=place)
    told = build_exposure(shifted, hours_of("2022-06-18"), timetable=timetable)
    assert any(f"{len(stops)} of {len(stops)} stops" in note for note in told.notes)
    by_hour = timetable.departures.groupby("hour")["n"].sum()
    demand = read_profile("boarding", key="what", of="demand", quantity="factor")
    least, most = (
        sum(n * demand[hour] * each for hour, n in by_hour.items()) for each in (1.5, 4.0)
    )
    assert least < np.nansum(told.boardings[told.tier == "gtfs"]) < most


def test_heidelbergs_stops_join_to_those_of_the_map(reference_data):
    """Where the map has any stop within 200 m, nine in ten of the feed's are joined, at least."""
    points = read_osm(reference_data / "osm" / "heidelberg-net.osm.pbf").points
    halts = points[(points["highway"] == "bus_stop") | (points["railway"] == "tram_stop")]
    place = (49.41, 8.69)
    at = halts.geometry.to_crs(local_crs(place))
    kinds = np.where(halts["railway"] == "tram_stop", "tram_stop", "bus_stop")
    names = [name if isinstance(name, str) else None for name in halts["name"]]
    sites = made_sites(*zip(at.x, at.y, strict=True), kind=kinds, names=names, place=place)
    timetable = read_timetable(
        reference_data / "validation/heidelberg/vrn_gtfs_cut.zip", day=date(2022, 6, 18)
    )
    told = build_exposure(sites, hours_of("2022-06-18"), timetable=timetable)
    counted = next(note for note in told.notes if "stops of the timetable are sites" in note)
    n_joined, n_stops, *_, n_near, _ = map(int, re.findall(r"\d+", counted))
    assert n_stops == 292
    assert n_near >= 150  # the rest is Mannheim's, or trams that the extract does not hold
    assert n_joined >= 0.9 * n_near
    assert (told.tier == "gtfs").sum() > 80


# --- lines, population and nothing


def test_lines_by_hand(tmp_path):
    """Two bus lines of both directions: at eight every 30 min, 11 min for each rider."""
    lines = lines_at(
        tmp_path, ("de:1:7", "Alpha", 0, 0, 2, ""), ("de:1:8", "Beta", 5000, 0, 1, "4")
    )
    sites = made_sites((20, 0), (5000, 20), (9000, 0), kind=["bus_stop", "tram_stop", "bus_stop"])
    told = build_exposure(sites, hours_of(), lines=lines)
    assert told.tier.tolist() == ["lines", "lines", "default"]
    riders = 2 * 2 * 2 * 1.5 * 1.6
    assert told.person_minutes[8, 0] == pytest.approx(riders * 11.0)
    assert told.person_minutes[8, 1] == pytest.approx(2 * 6 * 4.0 * 1.6 * 5.0)  # a tram line


def test_sites_that_are_one_stop_of_a_list_share_its_lines(tmp_path):
    lines = lines_at(tmp_path, ("de:1:7", "Alpha", 0, 0, 2, ""))
    one = build_exposure(made_sites((20, 0)), hours_of(), lines=lines)
    two = build_exposure(made_sites((20, 0), (-20, 0)), hours_of(), lines=lines)
    assert two.boardings.sum() == pytest.approx(one.boardings.sum())
    assert two.boardings[0] == two.boardings[1]


def test_those_who_live_around_are_shared_among_the_stops_they_reach(tmp_path):
    """By hand: 100 persons reach both, 60 the first only; each boards 0.6 times a day."""
    population = cells(tmp_path, (0, 0, 9, 100), (-350, 0, 6, 60))
    told = build_exposure(made_sites((-100, 0), (100, 0)), hours_of(), population=population)
    assert told.tier.tolist() == ["population", "population"]
    assert told.boardings.tolist() == pytest.approx([0.6 * (50 + 60), 0.6 * 50])
    assert not told.person_minutes[:4].any()


def test_the_best_tier_stands(tmp_path):
    timetable = feed_at(tmp_path, ("A", 0, 0), ("B", 900, 0))
    lines = lines_at(tmp_path, ("a", "Alpha", 0, 0, 2, ""), ("b", "Beta", 3000, 0, 2, ""))
    population = cells(tmp_path, *((x, 0, 9, 100) for x in (0, 3000, 6000)))
    sites = made_sites((0, 0), (3000, 0), (6000, 0), (9000, 0))
    known = {"timetable": timetable, "lines": lines, "population": population}
    told = build_exposure(sites, hours_of(), **known)
    assert told.tier.tolist() == ["gtfs", "lines", "population", "default"]
    assert told.boardings[3] == pytest.approx(60.0)
    assert "1 by default, 1 by gtfs, 1 by lines, 1 by population" in told.notes[-1]
    assert len(told.attribution) == 3


def test_children_around_fill_playgrounds(tmp_path):
    """By hand: three times as many children as at the other of two: 1.5 and 0.5 of the mean."""
    header = "x,y,0_12,13plus,total"
    population = cells(tmp_path, (0, 0, 90, 910, 1000), (9000, 0, 30, 970, 1000), header=header)
    exact = replace(ExposureModel(), n0_persons=1e-6)
    sites = made_sites((0, 0), (9000, 0), (0, 0), kind=["playground", "playground", "square"])
    told = build_exposure(sites, hours_of(), population=population, model=exact)
    plain = build_exposure(sites, hours_of())
    assert (told.person_minutes[16] / plain.person_minutes[16]).tolist() == pytest.approx(
        [1.5, 0.5, 1]
    )
    assert told.tier.tolist() == ["population", "population", "default"]
    assert plain.person_minutes[16, 0] == 600.0  # ten persons for an hour


def test_every_kind_has_people_by_day_and_none_by_night():
    from hiro.site import KINDS  # noqa: PLC0415

    sites = made_sites(*((0, 0) for _ in KINDS), kind=KINDS)
    told = build_exposure(sites, hours_of())
    assert (told.persons > 0.0).all()
    assert not told.person_minutes[[0, 1, 2, 3]].any()
    assert set(told.tier) == {"default"}
    assert not told.person_minutes.flags.writeable


def test_a_kind_we_do_not_know_is_named():
    told = build_exposure(made_sites((0, 0), kind="casino"), hours_of())
    assert told.persons[0] > 0.0
    assert any("casino" in note for note in told.notes)
    assert build_exposure(made_sites(), hours_of()).person_minutes.shape == (24, 0)


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_days_of_23_and_25_hours_have_as_many_people(day):
    """The clock moves at night, when nobody is there."""
    sites = made_sites((0, 0), (0, 0), kind=["tram_stop", "square"])
    odd, usual = (build_exposure(sites, hours_of(one)).persons for one in (day, "2026-07-20"))
    assert odd.tolist() == pytest.approx(usual.tolist())


@settings(deadline=None)  # files are written
@given(
    st.lists(st.tuples(st.floats(-600, 600), st.floats(-600, 600)), min_size=1, max_size=6),
    st.lists(
        st.tuples(
            st.floats(-600, 600), st.floats(-600, 600), st.integers(0, 20), st.integers(0, 500)
        ),
        min_size=1,
        max_size=6,
    ),
)
def test_nobody_boards_twice(tmp_path_factory, places, rows):
    """All stops together have no more riders than live there, whoever reaches which."""
    population = cells(tmp_path_factory.mktemp("cells"), *rows)
    told = build_exposure(made_sites(*places), hours_of(), population=population)
    filled = told.tier == "population"
    n_all = sum(max(young, total) for _, _, young, total in rows)
    assert told.boardings[filled].sum() <= 0.6 * n_all + 1e-6
    assert (told.person_minutes >= 0.0).all()


def test_a_list_and_people_of_another_place_are_refused(tmp_path):
    sites = made_sites((0, 0), kind="bus_stop")
    far = lines_at(tmp_path, ("a", "Alpha", 50_000, 0, 2, ""))
    with pytest.raises(TimetableError, match="of 1 the nearest is 50 km away: give those"):
        build_exposure(sites, hours_of(), lines=far)
    longitude, latitude = degrees(0, 0)
    path = tmp_path / "turned.csv"
    path.write_text(f"id,latitude,longitude,total_lines\na,{longitude},{latitude},2\n")
    with pytest.raises(TimetableError, match="turned round it would lie here"):
        build_exposure(sites, hours_of(), lines=read_lines(path))
    people = cells(tmp_path, (0, 40_000, 5, 20))
    with pytest.raises(PopulationError, match="No cell of the population lies within 3 km"):
        build_exposure(sites, hours_of(), population=people)


def test_only_who_was_used_is_named(tmp_path):
    lines = lines_at(tmp_path, ("a", "Alpha", 0, 0, 2, ""))
    near = build_exposure(made_sites((0, 0)), hours_of(), lines=lines)
    assert near.attribution == lines.attribution
    away = build_exposure(made_sites((0, 1500)), hours_of(), lines=lines)
    assert (away.tier.tolist(), away.attribution) == (["default"], ())


def test_a_stop_of_too_many_lines_counts_as_none(tmp_path):
    lines = lines_at(tmp_path, ("a", "A", 0, 0, 100_000, ""), ("b", "B", 500, 0, 3, ""))
    assert lines.table["stop_id"].tolist() == ["b"]
    assert any("above 200 lines, taken as none: 1" in note for note in lines.notes)


def test_shares_of_districts_fill_no_stop(reference_data):
    population = read_population(reference_data / "dresden" / "population_0-5.csv")
    told = build_exposure(made_sites((0, 0)), hours_of(), population=population)
    assert told.tier.tolist() == ["default"]
    assert any("tells of districts, not of cells" in note for note in told.notes)


def test_the_model_refuses_what_cannot_be():
    for name in ("catchment_m", "boardings_per_person", "n0_persons"):
        for value in (0.0, -1.0, np.nan, np.inf):
            with pytest.raises(TimetableError, match=name):
                replace(ExposureModel(), **{name: value})


def test_who_takes_a_train_does_not_wait_at_the_bus_stop(tmp_path):
    rail, metro = (TABLES["routes"].replace("r,7,3", f"r,7,{kind}") for kind in (2, 1))
    sites = made_sites((0, 0), (0, 40), kind=["bus_stop", "tram_stop"])
    trains = feed_at(tmp_path, ("A", 0, 0), ("B", 900, 0), routes=rail)
    assert set(build_exposure(sites, hours_of(), timetable=trains).tier) == {"default"}
    metros = feed_at(tmp_path, ("A", 0, 20), ("B", 900, 0), routes=metro)
    told = build_exposure(sites, hours_of(), timetable=metros)
    assert told.tier.tolist() == ["default", "gtfs"]
