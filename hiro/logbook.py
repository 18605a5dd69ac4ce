"""Weather files of any format we know, told by what is in them."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyproj
from numpy.typing import NDArray

from .air import LogbookModel, complete_air
from .bounds import check_place
from .clock import check_clock, read_clock
from .epw import is_epw, read_epw
from .errors import WeatherError
from .gap import fill_gaps
from .insolation import complete_insolation
from .irradiance import find_altitude, find_sky
from .metfile import is_metfile, read_metfile
from .record import Record, Stamp
from .sheet import read_sheet
from .tally import count_hours, count_rows
from .testyear import is_testyear, read_testyear
from .weather import Weather

Floats = NDArray[np.float64]

# A year of ten-minute rows with twenty columns stays below.
MOST_BYTES = 10 * 1024 * 1024

_FORMATS: tuple[tuple[Callable[[str], bool], Callable[..., Record]], ...] = (
    (is_epw, read_epw),
    (is_metfile, read_metfile),
    (is_testyear, read_testyear),
)
_FIRST_YEAR, _LAST_YEAR = 1950, 2100  # of which the sun is known
_YEAR = pd.Timedelta(days=365)
_EARTH = pyproj.Geod(ellps="WGS84")
_TEXT_CONTROLS = frozenset("\t\n\r\f\x1a")


def read_weather(
    path: str | Path,
    *,
    zone: str | None = None,
    latitude_deg: float | None = None,
    longitude_deg: float | None = None,
    stamp: Stamp | None = None,
    utc_offset_h: float | None = None,
    year: int | None = None,
    wind_height_m: float = 10.0,
    model: LogbookModel = LogbookModel(),
) -> Weather:
    """
    Read all of a weather file: EPW, DWD test reference year, UMEP met file, or CSV.

    The format is told by what is in the file. Rows keep their order; gaps of a few hours are
    filled, rows in longer ones are left out, and a note counts them.

    Parameters
    ----------
    path
        The file.
    zone
        Time zone by its name, in which times are told; None: the clock of the file.
    latitude_deg, longitude_deg
        Place, north and east positive; None: of the file, where it tells one. [°]
    stamp
        Whether a time in the file is the start, the middle or the end of its interval. EPW and
        test reference years know (the end); UMEP and CSV files do not, and it has to be given.
    utc_offset_h
        Clock of times without an offset; None: that of the format, else of `zone`. [h]
    year
        For the days of a typical year, or of a year that stands for another one.
    wind_height_m
        Above the ground, of the wind in a CSV or UMEP file, unless its column tells. [m]
    model
        Assumptions.

    Raises
    ------
    WeatherError
        If it is no such file, or its times or values cannot be.
    CoordinateError
        If the place is none on Earth.
    """
    return complete(
        _read_record(Path(path)),
        zone=zone,
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
        stamp=stamp,
        utc_offset_h=utc_offset_h,
        year=year,
        wind_height_m=wind_height_m,
        model=model,
    )


def complete(
    record: Record,
    *,
    zone: str | None,
    latitude_deg: float | None,
    longitude_deg: float | None,
    stamp: Stamp | None = None,
    utc_offset_h: float | None = None,
    year: int | None = None,
    wind_height_m: float = 10.0,
    model: LogbookModel = LogbookModel(),
) -> Weather:
    """
    Make weather of what a source tells; arguments and errors are those of `read_weather`.

    Parameters
    ----------
    record
        The rows.
    zone, latitude_deg, longitude_deg, stamp, utc_offset_h, year, wind_height_m, model
        As in `read_weather`.
    """
    notes = list(record.notes)
    latitude_deg, longitude_deg, altitude_m = _settle_place(
        record, latitude_deg, longitude_deg, model, notes
    )
    place = {"latitude_deg": latitude_deg, "longitude_deg": longitude_deg}
    clock = read_clock(record, zone=zone, stamp=stamp, utc_offset_h=utc_offset_h, year=year)
    notes += clock.notes
    _refuse_years(clock.begins, record)
    notes += _tell_short(record, clock.step)
    known = np.asarray(clock.begins.notna())
    begins, step = clock.begins[known], clock.step
    told = {name: column[known] for name, column in record.columns.items()}
    labels = np.array(clock.labels, dtype=object)[known]
    sky = find_sky(begins, step, **place, altitude_m=altitude_m)
    is_elsewhere = _is_far(record, latitude_deg, longitude_deg, model)
    if not is_elsewhere:
        notes += _check_sun(begins, step, told, place, model)
    columns, more = complete_air(
        told,
        altitude_m=altitude_m,
        wind_height_m=record.wind_height_m or wind_height_m,
        model=model,
    )
    radiation, yet_more = complete_insolation(
        told, begins=begins, step=step, sky=sky, is_elsewhere=is_elsewhere, model=model
    )
    notes += [*more, *yet_more]
    columns |= radiation
    kept = _close_gaps(columns, begins=begins, step=step, model=model, notes=notes)
    longwave = told.get("longwave_down_w_m2", np.full(len(begins), np.nan))
    return Weather(
        begins=begins[kept],
        step=step,
        clear_ghi_w_m2=sky.ghi_w_m2[kept],
        extra_w_m2=sky.extra_w_m2[kept],
        # A zero is how some files write "not measured".
        longwave_down_w_m2=np.where(longwave > 0.0, longwave, np.nan)[kept],
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
        source=record.source,
        attribution=record.attribution,
        notes=tuple(notes),
        altitude_m=altitude_m,
        labels=tuple(labels[kept]),
        typical=record.typical,
        **{name: column[kept] for name, column in columns.items()},
    )


def _read_record(path: Path) -> Record:
    """Read the rows of a file, by the format that its content tells."""
    text = _read_text(path)
    for fits, read in _FORMATS:
        if fits(text):
            return read(text, name=path.name)
    return read_sheet(text, name=path.name)


def _read_text(path: Path) -> str:
    """Read a text of bounded size, in UTF-8, UTF-16 with its mark, or else Latin-1."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such path"
        msg = f"The weather file {str(path)!r} cannot be read ({reason})."
        raise WeatherError(msg) from error
    if len(content) > MOST_BYTES:
        msg = (
            f"{path.name!r} is larger than {MOST_BYTES // 1024**2} MB; "
            "cut the days out of it that are wanted."
        )
        raise WeatherError(msg)
    is_wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    if not text.strip():
        msg = f"{path.name!r} is empty; wanted an EPW, DWD TRY, UMEP or CSV file of weather."
        raise WeatherError(msg)
    if any(letter < " " and letter not in _TEXT_CONTROLS for letter in {*text}):
        msg = f"{path.name!r} is no text; wanted an EPW, DWD TRY, UMEP or CSV file of weather."
        raise WeatherError(msg)
    return text


def _tell_short(record: Record, step: pd.Timedelta) -> list[str]:
    """Say where an EPW file, which is of a year, is not whole."""
    n_rows, n_year = len(record.stamps), round(_YEAR / step)
    if record.kind != "an EPW file" or n_rows >= n_year:
        return []
    return [f"The EPW file holds {n_rows:,} of a year's {n_year:,} intervals; it may be cut off."]


def _refuse_years(begins: pd.DatetimeIndex, record: Record) -> None:
    """Refuse days of which the sun is not known, the same as are refused of a date."""
    years = begins[begins.notna()].year
    wrong = years[(years < _FIRST_YEAR) | (years > _LAST_YEAR)]
    if len(wrong):
        msg = f"Wanted weather from {_FIRST_YEAR} to {_LAST_YEAR}; got {wrong[0]} in {record.kind}."
        raise WeatherError(msg)


def _settle_place(
    record: Record,
    latitude_deg: float | None,
    longitude_deg: float | None,
    model: LogbookModel,
    notes: list[str],
) -> tuple[float, float, float]:
    """Settle the place: as asked, else of the file; say so if they lie far apart."""
    own = record.latitude_deg, record.longitude_deg
    if latitude_deg is None or longitude_deg is None:
        latitude_deg, longitude_deg = own
    if latitude_deg is None or longitude_deg is None:
        msg = f"There is no place told in {record.kind}; give its latitude and longitude."
        raise WeatherError(msg)
    check_place(latitude_deg=latitude_deg, longitude_deg=longitude_deg)
    altitude_m = record.altitude_m
    if own[0] is not None and own[1] is not None:
        check_place(latitude_deg=own[0], longitude_deg=own[1])
        _, _, apart_m = _EARTH.inv(own[1], own[0], longitude_deg, latitude_deg)
        if apart_m > 1000.0 * model.farthest_km:
            notes.append(
                f"The weather is of {own[0]:.2f}, {own[1]:.2f}, which is "
                f"{apart_m / 1000.0:,.0f} km away; the sun is that of the place asked for."
            )
            altitude_m = None
    if altitude_m is None:
        altitude_m = find_altitude(latitude_deg, longitude_deg)
    check_place(latitude_deg=latitude_deg, longitude_deg=longitude_deg, altitude_m=altitude_m)
    return latitude_deg, longitude_deg, altitude_m


def _is_far(record: Record, latitude_deg: float, longitude_deg: float, model: LogbookModel) -> bool:
    """Tell whether a file is of another place than that asked for, with a sun of its own."""
    if record.latitude_deg is None or record.longitude_deg is None:
        return False
    _, _, apart_m = _EARTH.inv(
        record.longitude_deg, record.latitude_deg, longitude_deg, latitude_deg
    )
    return bool(apart_m > 1000.0 * model.farthest_km)


def _check_sun(
    begins: pd.DatetimeIndex,
    step: pd.Timedelta,
    told: Mapping[str, Floats],
    place: Mapping[str, float],
    model: LogbookModel,
) -> tuple[str, ...]:
    """Check the clock, where global, diffuse and beam are all told."""
    if not {"ghi_w_m2", "dhi_w_m2", "dni_w_m2"} <= {*told}:
        return ()
    return check_clock(
        begins,
        step,
        ghi_w_m2=told["ghi_w_m2"],
        dhi_w_m2=told["dhi_w_m2"],
        dni_w_m2=told["dni_w_m2"],
        latitude_deg=place["latitude_deg"],
        longitude_deg=place["longitude_deg"],
        tolerance=model.clock_tolerance,
    )


def _close_gaps(
    columns: dict[str, Floats],
    *,
    begins: pd.DatetimeIndex,
    step: pd.Timedelta,
    model: LogbookModel,
    notes: list[str],
) -> NDArray[np.bool_]:
    """Fill short gaps in place; return which rows are whole then."""
    longest = pd.Timedelta(hours=model.longest_gap_h)
    for name, column in tuple(columns.items()):
        columns[name], filled = fill_gaps(column, begins=begins, step=step, longest=longest)
        if filled:
            notes.append(f"`{name}` was interpolated in {count_rows(filled)}.")
    whole: NDArray[np.bool_] = np.all([np.isfinite(column) for column in columns.values()], axis=0)
    lost = begins[~whole]
    if not whole.any():
        msg = "No row of the weather file tells temperature, humidity and radiation at once."
        raise WeatherError(msg)
    if len(lost):
        notes.append(
            f"{count_rows(len(lost))} in gaps longer than {model.longest_gap_h:g} h left out: "
            f"{count_hours(lost)}."
        )
    return whole
