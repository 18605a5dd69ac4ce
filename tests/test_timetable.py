import io
import zipfile
from collections import Counter
from contextlib import suppress
from csv import DictReader
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_feed import TABLES, made_feed, trips_at, trips_of

import hiro.feed
from hiro.errors import TimetableError
from hiro.lines import read_lines
from hiro.timetable import find_mode, read_timetable

DAY = date(2026, 7, 20)  # a Monday
FEED = "validation/heidelberg/vrn_gtfs_cut.zip"


def hours_at(timetable, stop="A"):
    """Tell departures of a stop by hour."""
    here = timetable.departures[timetable.departures["stop_id"] == stop]
    return here.groupby("hour")["n"].sum().to_dict()


def refused(path, **options):
    with pytest.raises(TimetableError) as caught:
        read_timetable(path, **options)
    said = str(caught.value)
    assert path.name in said
    assert said.endswith(".")
    assert "\n" not in said
    return said


# --- departures


def test_a_trip_leaves_each_stop_but_its_last(tmp_path):
    read = read_timetable(made_feed(tmp_path), day=DAY)
    assert hours_at(read) == {8: 1}
    assert hours_at(read, "B") == {}
    assert read.n_calls == 2
    assert read.stops["stop_id"].tolist() == ["A"]
    assert (read.zone, read.attribution) == ("Europe/Berlin", ("timetable: Our buses",))
    assert read.departures[["line", "mode"]].iloc[0].tolist() == ["7", "bus"]
    assert read.notes == ()


def test_what_leaves_after_midnight_belongs_to_the_next_morning(tmp_path):
    calendar = TABLES["calendar"].replace("daily,1,1", "daily,1,0")  # not on Tuesdays
    late = {"trips": trips_of(2), "stop_times": trips_at(23 * 60, 28 * 60 + 15)}
    path = made_feed(tmp_path, calendar=calendar, **late)
    assert hours_at(read_timetable(path, day=date(2026, 7, 22))) == {23: 1}  # Tuesday had none
    monday = read_timetable(path, day=DAY)
    assert hours_at(monday) == {23: 1, 4: 1}  # the latter of Sunday
    assert monday.n_calls == 4
    first = read_timetable(path, day=date(2026, 6, 1))
    assert hours_at(first) == {23: 1}  # nothing ran the day before


def test_nobody_boards_where_the_feed_says_so(tmp_path):
    times = (
        "trip_id,departure_time,stop_id,stop_sequence,pickup_type\n"
        "t,08:00:00,A,1,1\nt,08:05:00,A,2,0\nt,08:10:00,B,3,0\n"
    )
    read = read_timetable(made_feed(tmp_path, stop_times=times), day=DAY)
    assert hours_at(read) == {8: 1}
    assert read.n_calls == 3


def test_calls_without_a_time_stand_between_their_neighbours(tmp_path):
    times = (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "t,07:30:00,07:30:00,B,1\nt,,,A,5\nt,,,B,6\nt,09:00:00,,A,9\nt,,,B,10\n"
    )
    read = read_timetable(made_feed(tmp_path, stop_times=times), day=DAY)
    assert hours_at(read) == {8: 1, 9: 1}  # A at 8:00 and 9:00, B at 7:30, 8:30 and never
    assert hours_at(read, "B") == {7: 1, 8: 1}
    assert any(note.startswith("2 calls without a time stand") for note in read.notes)
    assert any(note.startswith("1 calls without a time that") for note in read.notes)


def test_headways_are_unfolded(tmp_path):
    """From 6:00 to 7:00 every 10 minutes, from 7:00 to 8:00 every 20, whatever the trip says."""
    header = "trip_id,start_time,end_time,headway_secs\n"
    spans = f"{header}t,06:00:00,07:00:00,600\nt,07:00:00,08:00:00,1200\n"
    read = read_timetable(made_feed(tmp_path, frequencies=spans), day=DAY)
    assert hours_at(read) == {6: 6, 7: 3}
    assert any("9 trips come from headways" in note for note in read.notes)
    broken = spans.replace("1200", "0")
    read = read_timetable(made_feed(tmp_path, "b.zip", frequencies=broken), day=DAY)
    assert hours_at(read) == {6: 6}
    endless = header + "t,00:00:00,47:00:00,1\n" * 20
    assert "unfolds to more" in refused(made_feed(tmp_path, "c.zip", frequencies=endless), day=DAY)


@pytest.mark.parametrize(
    "row",
    [
        "06:00:00,22:00:00,0",
        "06:00:00,22:00:00,-5",
        "06:00:00,22:00:00,x",
        "22:00:00,06:00:00,600",
        "00:00:00,9999999:00:00,1",
    ],
)
def test_headways_that_do_not_read_are_left_out_and_counted(row, tmp_path):
    """A trip that stands there has no times of its own; another is not harmed by it."""
    header = "trip_id,start_time,end_time,headway_secs\n"
    alone = made_feed(tmp_path, frequencies=f"{header}t,{row}\n")
    assert "no departure on 2026-07-20 (1 headway that does not read" in refused(alone, day=DAY)
    two = {"trips": trips_of(2), "stop_times": trips_at(480, 540)}
    beside = made_feed(tmp_path, "b.zip", frequencies=f"{header}t0,{row}\nt0,{row}\n", **two)
    read = read_timetable(beside, day=DAY)
    assert hours_at(read) == {9: 1}
    assert "2 headways that do not read were left out." in read.notes


@pytest.mark.parametrize("ends", ["00010101,99991231", "00010101,20260831", "20260601,99991231"])
def test_a_calendar_without_end_is_cut_to_our_time(ends, tmp_path):
    calendar = TABLES["calendar"].replace("20260601,20260831", ends)
    changes = "service_id,date,exception_type\ndaily,00010101,1\ndaily,99991231,2\n"
    path = made_feed(tmp_path, calendar=calendar, calendar_dates=changes)
    read = read_timetable(path, day=DAY)
    assert hours_at(read) == {8: 1}
    assert any(note.startswith("Days of the calendar before 1900 or after") for note in read.notes)
    assert read_timetable(path).day.year >= 1900


def test_a_zip_that_swells_and_an_endless_line_are_refused(tmp_path):
    """Nothing of them is unpacked, so neither memory nor time is spent."""
    path = made_feed(tmp_path, stop_times=None)
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("stop_times.txt", "w") as file,
    ):
        file.write(TABLES["stop_times"].encode())
        for _ in range(110):
            file.write(b"0" * 1_000_000)
    assert "times its size" in refused(path, day=DAY)
    line = TABLES["stop_times"] + "t,08:20:00,08:20:00," + "A" * 1_000_001 + ",3\n"
    assert "longer than 1 MB" in refused(made_feed(tmp_path, "l.zip", stop_times=line), day=DAY)


def test_a_platform_without_a_place_has_that_of_its_station(tmp_path):
    stops = (
        "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
        "S,Station,51.07,13.75,1,\nA,Alpha,,,0,S\nB,Beta,95,13.7,0,\n"
    )
    stop = read_timetable(made_feed(tmp_path, stops=stops), day=DAY).stops.iloc[0]
    assert stop[["stop_id", "station"]].tolist() == ["A", "S"]
    assert (stop["latitude_deg"], stop["longitude_deg"]) == (51.07, 13.75)
    nowhere = stops.replace("51.07", "x")
    assert "no stop where it is" in refused(made_feed(tmp_path, "n.zip", stops=nowhere), day=DAY)


def test_modes_of_both_kinds_are_known():
    assert [find_mode(k) for k in ("0", "1", "2", "3", "4")] == [
        "tram",
        "metro",
        "rail",
        "bus",
        "ferry",
    ]
    assert [find_mode(k) for k in ("109", "400", "704", "800", "906")] == [
        *("rail", "metro", "bus", "bus", "tram")
    ]
    assert find_mode("-1") == find_mode("") == find_mode("9" * 400) == "other"


# --- the day


def test_a_day_outside_gives_the_same_weekday_nearest_inside(tmp_path):
    path = made_feed(tmp_path)
    after = read_timetable(path, day=date(2027, 1, 6))  # a Wednesday
    assert after.day == date(2026, 8, 26)
    assert "nothing on Wednesday 2027-01-06" in after.notes[0]
    assert "Wednesday 2026-08-26" in after.notes[0]
    assert read_timetable(path, day=date(1999, 1, 4)).day == date(2026, 6, 1)


def test_a_holiday_inside_counts_as_missing(tmp_path):
    off = "service_id,date,exception_type\ndaily,20260720,2\nnone,20260720,9\n,x,1\n"
    read = read_timetable(made_feed(tmp_path, calendar_dates=off), day=DAY)
    assert read.day in {date(2026, 7, 13), date(2026, 7, 27)}


def test_a_weekday_that_never_runs_is_refused(tmp_path):
    calendar = TABLES["calendar"].replace("daily,1", "daily,0")
    said = refused(made_feed(tmp_path, calendar=calendar), day=DAY)
    assert "nothing on any Monday" in said


def test_service_by_single_days_alone_is_read(tmp_path):
    days = "service_id,date,exception_type\ndaily,20260720,1\nother,20260721,1\n"
    path = made_feed(tmp_path, calendar=None, calendar_dates=days)
    assert read_timetable(path, day=DAY).day == DAY
    busiest = read_timetable(path)
    assert busiest.day == DAY
    assert "No day was asked for" in busiest.notes[0]


# --- the real feed


def test_heidelbergs_stop_calls_are_as_counted_by_others(reference_data):
    """17,133 stop calls on 2022-06-18 stand in the notes to the reference data."""
    read = read_timetable(reference_data / FEED, day=date(2022, 6, 18))
    assert read.n_calls == 17_133
    assert read.day == date(2022, 6, 18)
    assert read.notes == ()
    assert set(read.departures["mode"]) == {"tram", "bus"}
    assert read.zone == "Europe/Berlin"
    assert read.stops[["latitude_deg", "longitude_deg"]].notna().all(axis=None)


def test_heidelbergs_departures_are_those_of_a_slow_count(reference_data):
    """A twin by csv and dictionaries, stop by stop and hour by hour."""
    with zipfile.ZipFile(reference_data / FEED) as archive:

        def rows(name):
            return DictReader(io.TextIOWrapper(archive.open(f"{name}.txt"), "utf-8-sig"))

        runs = {day: set() for day in ("20220617", "20220618")}
        for row in rows("calendar_dates"):
            if row["date"] in runs:
                runs[row["date"]].add(row["service_id"])
        service = {row["trip_id"]: row["service_id"] for row in rows("trips")}
        calls = list(rows("stop_times"))
    last = {}
    for call in calls:
        order = int(call["stop_sequence"])
        last[call["trip_id"]] = max(last.get(call["trip_id"], 0), order)
    counted = Counter()
    for call in calls:
        if int(call["stop_sequence"]) == last[call["trip_id"]] or call["pickup_type"] == "1":
            continue
        hour = int(call["departure_time"].split(":")[0])
        if service[call["trip_id"]] in runs["20220618"] and hour < 24:
            counted[call["stop_id"], hour] += 1
        if service[call["trip_id"]] in runs["20220617"] and hour >= 24:
            counted[call["stop_id"], hour - 24] += 1
    read = read_timetable(reference_data / FEED, day=date(2022, 6, 18))
    ours = read.departures.groupby(["stop_id", "hour"])["n"].sum().to_dict()
    assert ours == dict(counted)


def test_heidelbergs_feed_without_the_day_says_so(reference_data):
    read = read_timetable(reference_data / FEED, day=date(2026, 7, 18))
    assert read.day.weekday() == 5
    assert date(2022, 6, 12) <= read.day <= date(2022, 12, 10)
    assert "2026-07-18" in read.notes[0]


# --- what is no feed


def test_no_file_an_empty_one_a_folder_and_no_zip_are_refused(tmp_path):
    assert "is not there" in refused(tmp_path / "none.zip")
    empty = tmp_path / "empty.zip"
    empty.write_bytes(b"")
    assert "is empty" in refused(empty)
    assert "is a folder" in refused(tmp_path)
    text = tmp_path / "text.zip"
    text.write_text("stop_id,stop_name\n")
    assert "does not open as a zip" in refused(text)
    torn = tmp_path / "torn.zip"
    torn.write_bytes(made_feed(tmp_path).read_bytes()[:300])
    assert "does not open as a zip" in refused(torn)


@pytest.mark.parametrize("table", ["stops", "routes", "trips", "stop_times", "calendar"])
def test_a_missing_table_is_named(tmp_path, table):
    assert f"{table}.txt" in refused(made_feed(tmp_path, **{table: None}))


@pytest.mark.parametrize(
    ("table", "column"),
    [("stops", "stop_lat"), ("trips", "service_id"), ("stop_times", "stop_sequence")],
)
def test_a_missing_column_is_named(tmp_path, table, column):
    path = made_feed(tmp_path, **{table: TABLES[table].replace(column, "other")})
    assert f"{table}.txt lacks the columns {column}" in refused(path)


@pytest.mark.parametrize("table", ["stops", "routes", "trips", "stop_times", "calendar"])
def test_an_empty_table_is_refused_in_a_sentence(tmp_path, table):
    refused(made_feed(tmp_path, **{table: ""}), day=DAY)
    header = TABLES[table].split("\n", 1)[0] + "\n"
    if table != "routes":  # a trip of no known route is still a trip
        refused(made_feed(tmp_path, "h.zip", **{table: header}), day=DAY)


def test_what_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(hiro.feed, "MOST_BYTES", 300)
    assert "unpacks to" in refused(made_feed(tmp_path))


def test_a_feed_in_one_folder_is_read_and_no_path_is_followed(tmp_path):
    path = made_feed(tmp_path, folder="../../gtfs/")
    assert hours_at(read_timetable(path, day=DAY)) == {8: 1}
    assert {one.name for one in tmp_path.iterdir()} == {"feed.zip"}
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("other/stops.txt", TABLES["stops"])
    assert "stops.txt twice" in refused(path)


def test_a_mark_of_the_byte_order_and_spaces_are_passed_over(tmp_path):
    stops = "\ufeff" + TABLES["stops"].replace(",", ", ")
    read = read_timetable(made_feed(tmp_path, stops=stops), day=DAY)
    assert read.stops["name"].tolist() == ["Alpha"]


@settings(deadline=None)  # files are written
@given(st.binary(max_size=200), st.sampled_from(sorted(TABLES)))
def test_rubbish_in_a_table_gives_a_timetable_or_a_sentence(tmp_path_factory, rubbish, table):
    path = tmp_path_factory.mktemp("feed") / "feed.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in TABLES.items():
            told = text.encode()
            archive.writestr(f"{name}.txt", told + rubbish if name == table else told)
    with suppress(TimetableError):
        read = read_timetable(path, day=DAY)
        assert (read.departures["n"] > 0).all()
        assert read.departures["hour"].between(0, 23).all()


@settings(deadline=None)  # files are written
@given(st.lists(st.integers(0, 3 * 24 * 60 - 11), min_size=1, max_size=12))
def test_every_departure_of_a_daily_feed_is_counted_once(tmp_path_factory, minutes):
    """On a day amid the calendar, each trip leaves once, today, or begun on a day before."""
    tables = {"trips": trips_of(len(minutes)), "stop_times": trips_at(*minutes)}
    path = made_feed(tmp_path_factory.mktemp("feed"), **tables)
    counted = np.zeros(24, dtype=int)
    for minute in minutes:
        counted[minute // 60 % 24] += 1
    read = read_timetable(path, day=DAY)
    assert hours_at(read) == {int(h): int(counted[h]) for h in np.flatnonzero(counted)}


# --- lists of lines


def test_dresdens_list_tells_lines_of_each_mode(reference_data):
    lines = read_lines(reference_data / "dresden" / "vvo_stations.csv")
    assert len(lines.table) == 3913 - 55
    assert "55 stops without a line" in lines.notes[0]
    known = lines.table.set_index("stop_id")
    assert known.loc["de:14612:688", ["bus", "tram"]].tolist() == [1.0, 0.0]  # Am Rittergut
    assert (lines.table[["bus", "tram", "rail", "metro"]] >= 0.0).all(axis=None)
    assert "vvo_stations.csv" in lines.attribution[0]


def test_a_list_without_lines_or_places_is_refused(tmp_path):
    def said(text):
        path = tmp_path / "lines.csv"
        path.write_text(text)
        with pytest.raises(TimetableError) as caught:
            read_lines(path)
        return str(caught.value)

    assert "tells no number of lines" in said("id,latitude,longitude\na,51,13\n")
    assert "does not read" in said("id,total_lines\na,3\n")
    assert "no stop at which a line calls" in said("id,latitude,longitude,lines\na,51,13,0\n")
    assert "no row that has a place" in said("id,latitude,longitude,lines\n")
