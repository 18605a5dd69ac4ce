"""Small GTFS feeds for tests."""

import zipfile

TABLES = {
    "agency": "agency_name,agency_timezone\nOur buses,Europe/Berlin\n",
    "stops": "stop_id,stop_name,stop_lat,stop_lon\nA,Alpha,51.05,13.74\nB,Beta,51.06,13.74\n",
    "routes": "route_id,route_short_name,route_type\nr,7,3\n",
    "trips": "route_id,service_id,trip_id,direction_id\nr,daily,t,0\n",
    "stop_times": (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "t,08:00:00,08:00:00,A,1\nt,08:10:00,08:10:00,B,2\n"
    ),
    "calendar": (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "daily,1,1,1,1,1,1,1,20260601,20260831\n"
    ),
}


def made_feed(tmp_path, name="feed.zip", *, folder="", **tables):
    """Write a feed; a table given as None is left out."""
    path = tmp_path / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for table, text in (TABLES | tables).items():
            if text is not None:
                archive.writestr(f"{folder}{table}.txt", text)
    return path


def trips_at(*times, stops="AB", trip="t"):
    """Write stop times of a trip a time, each ten minutes from stop to stop."""
    rows = ["trip_id,arrival_time,departure_time,stop_id,stop_sequence"]
    for number, minutes in enumerate(times):
        for order, stop in enumerate(stops):
            at = minutes + 10 * order
            clock = f"{at // 60:02d}:{at % 60:02d}:00"
            rows.append(f"{trip}{number},{clock},{clock},{stop},{order}")
    return "\n".join(rows) + "\n"


def trips_of(n, *, route="r", service="daily", direction="0", trip="t"):
    """Write as many trips."""
    rows = [f"{route},{service},{trip}{i},{direction}" for i in range(n)]
    return "\n".join(["route_id,service_id,trip_id,direction_id", *rows]) + "\n"
