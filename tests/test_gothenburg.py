"""Where the sun was measured in Gothenburg, hour by hour, there it is found."""

import json

import numpy as np
import pandas as pd
import pyproj
import pytest

from solarpass.outlook import build_outlook
from solarpass.relief import read_relief
from solarpass.shade import build_shade
from solarpass.sun import find_sun
from solarpass.surface import surface_from_arrays

SITES = {
    "gvc": ("DSM_GVC_1m.tif", "DEM_GVC_1m.tif", "CDSM_GVC_1m.tif", 0),
    "kronenhuset": ("DSM_KR.tif", "DEM_KR.tif", "CDSM_KR.asc", 1),
}


def read_hours(folder, *, lag):
    """Join what the station and the open sky measured; the start of each hour in UTC."""
    open_sky = pd.concat(
        pd.read_csv(path, sep=r"\s+") for path in sorted(folder.glob("MetFile*.txt"))
    ).rename(columns={"%iy": "iy"})
    station = pd.read_csv(next(folder.glob("measurements_*.csv")))
    days = pd.to_datetime(station["date"].astype(str)) if "date" in station else None
    station["id"] = 280 if days is None else days.dt.day_of_year
    station["it"] = station["hour"] - lag
    hours = station.merge(open_sky, on=["id", "it"])
    start = [
        pd.Timestamp(int(iy), 1, 1, tz="UTC") + pd.Timedelta(days=int(day) - 1, hours=int(hour) - 1)
        for iy, day, hour in zip(hours["iy"], hours["id"], hours["it"], strict=True)
    ]
    return hours, start


def read_site(folder, names):
    """Read a site in metres around its station, and put its crowns on."""
    station = json.loads((folder / "poi.geojson").read_text(encoding="utf-8"))
    own = station["properties"]["crs"]
    way = pyproj.Transformer.from_crs(own, "EPSG:4326", always_xy=True)
    longitude, latitude = way.transform(*station["geometry"]["coordinates"])
    crs = pyproj.CRS.from_proj4(
        f"+proj=tmerc +lat_0={latitude} +lon_0={longitude} +k=1 +ellps=WGS84 +units=m"
    )
    dsm, dem, cdsm = (
        read_relief(
            [folder / name],
            crs=crs,
            bounds=(-250.0, -250.0, 250.0, 250.0),
            smooth=name == names[1],
            stated_crs=own,
        )
        for name in names
    )
    ground = np.nan_to_num(dem.height_m, nan=np.nanmin(dem.height_m))[::-1].astype(float)
    solid = np.where(np.isnan(dsm.height_m[::-1]), ground, dsm.height_m[::-1])
    crown = np.where(cdsm.height_m[::-1] > 0.0, cdsm.height_m[::-1], np.nan)
    west, _, _, north = dsm.window.bounds
    surface = surface_from_arrays(
        solid,
        cell_m=dsm.window.cell_m,
        west_m=west,
        north_m=north,
        ground_m=ground,
        crown_top_m=ground + crown,
        crown_base_m=ground + crown / 4,
        transmittance=(0.03, 0.03),
    )
    return surface, latitude, longitude


@pytest.mark.parametrize(("site", "n_hours", "n_right"), [("gvc", 30, 29), ("kronenhuset", 10, 9)])
def test_the_sun_that_was_measured_in_gothenburg_is_found(reference_data, site, n_hours, n_right):
    folder = reference_data / "validation" / "gothenburg" / site
    *names, lag = SITES[site]
    surface, latitude, longitude = read_site(folder, names)
    assert surface.model.eye_m == 1.1
    outlook = build_outlook(surface, np.zeros((1, 2)), latitude_deg=latitude)
    hours, starts = read_hours(folder, lag=lag)
    wrong, counted = [], 0
    for start, hour in zip(starts, hours.itertuples(), strict=True):
        times = pd.date_range(start, periods=12, freq="5min") + pd.Timedelta(minutes=2.5)
        sun = find_sun(times, latitude_deg=latitude, longitude_deg=longitude)
        if sun.elevation_deg.mean() <= 5.0 or hour.Kdn < 80.0 or hour.Kdir < 100.0:
            continue
        counted += 1
        modelled = build_shade(outlook, sun).sun[:, 0].mean() / 254.0
        if (modelled > 0.5) != (hour.Kdown / hour.Kdn > 0.5):
            wrong.append((hour.id, hour.hour))
    assert counted == n_hours
    assert n_hours - len(wrong) >= n_right, wrong
