"""The two stations of Gothenburg: hours measured, and the same hours reckoned by HiRo."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from hiro.forcing import KELVIN, SIGMA
from hiro.logbook import read_weather
from hiro.point import Plot, PointModel, read_plot, score_point
from hiro.weather import Weather


@dataclass(frozen=True)
class Station:
    """Files and clock of one station: measured hour less met file's hour, and its place."""

    dsm: str
    dem: str
    cdsm: str
    landcover: str
    lag_h: int
    latitude_deg: float
    longitude_deg: float


STATIONS = {
    "gvc": Station(
        "DSM_GVC_1m.tif",
        "DEM_GVC_1m.tif",
        "CDSM_GVC_1m.tif",
        "landcover_1m_GVC.tif",
        0,
        57.6894,
        11.9667,
    ),
    "kronenhuset": Station(
        "DSM_KR.tif", "DEM_KR.tif", "CDSM_KR.asc", "landcover_KR.tif", 1, 57.7077, 11.9637
    ),
}


def read_station(reference: Path, name: str, *, model: PointModel = PointModel()) -> Plot:
    """Read the rasters around a station."""
    station, folder = STATIONS[name], _folder(reference, name)
    poi = json.loads((folder / "poi.geojson").read_text(encoding="utf-8"))
    return read_plot(
        [folder / station.dsm],
        at=tuple(poi["geometry"]["coordinates"]),
        cdsm=[folder / station.cdsm],
        dem=[folder / station.dem],
        landcover=[folder / station.landcover],
        latitude_deg=station.latitude_deg,
        longitude_deg=station.longitude_deg,
        model=model,
    )


def read_days(reference: Path, name: str) -> list[tuple[Weather, pd.DataFrame]]:
    """Read the weather of each day, and the met file's own day and hour of each interval."""
    station = STATIONS[name]
    days = []
    for path in sorted(_folder(reference, name).glob("MetFile*.txt")):
        weather = read_weather(
            path,
            latitude_deg=station.latitude_deg,
            longitude_deg=station.longitude_deg,
            stamp="end",
            utc_offset_h=0,
        )
        days.append((weather, pd.read_csv(path, sep=r"\s+")[["id", "it"]]))
    return days


def read_measured(reference: Path, name: str, *, slip_h: int = 0) -> pd.DataFrame:
    """Read what was measured, by the met file's day and hour; `six_c` is of the six fluxes."""
    table = pd.read_csv(next(_folder(reference, name).glob("measurements_*.csv")))
    days = pd.to_datetime(table["date"].astype(str)).dt.day_of_year if "date" in table else 280
    table["id"], table["it"] = days, table["hour"] - STATIONS[name].lag_h - slip_h
    short = 0.06 * (table.Kdown + table.Kup) + 0.22 * (table.Kn + table.Ke + table.Ks + table.Kw)
    long = 0.06 * (table.Ldown + table.Lup) + 0.22 * (table.Ln + table.Le + table.Ls + table.Lw)
    table["six_c"] = ((0.70 * short + 0.97 * long) / (0.97 * SIGMA)) ** 0.25 - KELVIN
    return table


def score_station(
    reference: Path,
    name: str,
    *,
    model: PointModel = PointModel(),
    plot: Plot | None = None,
    slip_h: int = 0,
) -> pd.DataFrame:
    """Join measured and reckoned hours of one station."""
    plot = read_station(reference, name, model=model) if plot is None else plot
    told = []
    for weather, clock in read_days(reference, name):
        table = score_point(plot, weather, model=model)
        told.append(table.assign(id=clock["id"].to_numpy(), it=clock["it"].to_numpy()))
    measured = read_measured(reference, name, slip_h=slip_h)
    return measured.merge(pd.concat(told), on=["id", "it"])


def find_errors(table: pd.DataFrame) -> np.ndarray:
    """Tell how much warmer radiation is reckoned than its six fluxes were measured. [K]."""
    return (table["tmrt_c"] - table["six_c"]).to_numpy(float)


def tell(errors: np.ndarray) -> str:
    """Tell RMSE, MAE, bias and hours in one line."""
    return (
        f"RMSE {np.sqrt(np.mean(errors**2)):.2f} K, MAE {np.abs(errors).mean():.2f} K, "
        f"bias {errors.mean():+.2f} K, {len(errors)} hours"
    )


def _folder(reference: Path, name: str) -> Path:
    return reference / "validation" / "gothenburg" / name
