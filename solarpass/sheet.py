"""Sheets: raster files of heights, each judged before it is read."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyproj
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.enums import ColorInterp
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.windows import Window as Cut

from .errors import CoordinateError, SourceError

ENDINGS = frozenset({".tif", ".tiff", ".asc", ".img", ".vrt", ".xyz", ".jp2", ".bil", ".hgt"})
NO_LICENCE = "licence not stated"

_LOWEST_M, _HIGHEST_M = -500.0, 9000.0  # the Dead Sea's shore at -430 m, the Everest at 8,849 m
# Marks that stand for "unknown" though a file does not declare them: no land lies there in metres,
# and hardly any in centimetres.
_LOW_MARKS = (-9999.0, -32767.0, -32768.0, -99999.0)
_HIGH_MARKS = (9999.0, 32767.0, 65535.0, 99999.0)  # in decimetres, some of these are mountains
_MARK_FROM = 1e6  # and all that is higher than any unit of length makes of a mountain
_METRES_OF = {
    **dict.fromkeys(["", "m", "metre", "metres", "meter", "meters"], 1.0),
    **dict.fromkeys(["dm", "decimetre", "decimeter"], 0.1),
    **dict.fromkeys(["cm", "centimetre", "centimeter"], 0.01),
    **dict.fromkeys(["ft", "foot", "feet", "international foot"], 0.3048),
    **dict.fromkeys(["us-ft", "us survey foot", "us_survey_foot", "ftus"], 1200.0 / 3937.0),
}


@dataclass(frozen=True, eq=False, slots=True)
class Sheet:
    """
    One raster file of heights.

    Attributes
    ----------
    path
        Where it lies.
    crs
        Its coordinate reference system, without what that tells of heights.
    transform
        From (column, row) to its coordinates.
    n_rows, n_columns
        Its size. [count]
    metres
        Metres to one unit of its heights; where nothing is stated they are metres.
    """

    path: Path
    crs: pyproj.CRS
    transform: Affine
    n_rows: int
    n_columns: int
    metres: float

    def read(
        self, row: int, column: int, n_rows: int, n_columns: int, *, every: int = 1
    ) -> NDArray[np.float32]:
        """
        Read the heights of a part, NaN where unknown. [m].

        Parameters
        ----------
        row, column, n_rows, n_columns
            The part, which lies within the sheet; whole multiples of `every`. [count]
        every
            Take the middle one of each so many rows and columns only. [count]

        Raises
        ------
        SourceError
            If the file breaks off, or what it holds are no heights in metres.
        """
        shape = (n_rows // every, n_columns // every)
        cut = Cut(column, row, n_columns, n_rows)
        with _opened(self.path) as raster:
            raw = raster.read(1, window=cut, out_shape=shape, masked=True)
            scale, offset = raster.scales[0], raster.offsets[0]
        # Marks are told by what stands in the file, before scale and unit.
        told = np.ma.filled(raw.astype(np.float64), np.nan)
        told[np.isin(told, _LOW_MARKS) | ~(np.abs(told) < _MARK_FROM)] = np.nan
        height_m = (told * scale + offset) * self.metres
        no_land = (height_m > _HIGHEST_M) | (told == _most(raw.dtype))
        height_m[no_land & np.isin(told, _HIGH_MARKS)] = np.nan
        height_m[height_m < _LOWEST_M] = np.nan
        highest = np.nanmax(height_m, initial=-np.inf)
        if highest > _HIGHEST_M:
            msg = (
                f"{self.path} has heights up to {highest:,.0f} m; wanted metres above the sea or "
                "the ground: if it counts in decimetres or centimetres, say so in the file, as "
                "`gdal_translate -a_scale 0.1` or `-a_scale 0.01` does."
            )
            raise SourceError(msg)
        height: NDArray[np.float32] = height_m.astype(np.float32)
        return height


def find_sheets(paths: Iterable[str | Path]) -> list[Path]:
    """
    Find raster files: those named, those in a folder, and those a pattern such as ``*.tif`` meets.

    Raises
    ------
    SourceError
        If a file does not exist, or a folder or pattern holds none.
    """
    found: dict[Path, None] = {}
    for named in paths:
        path = Path(named).expanduser()
        if path.is_file():
            found[path] = None
            continue
        if path.is_dir():
            within = [p for p in sorted(path.iterdir()) if p.suffix.lower() in ENDINGS]
        else:
            within = sorted(path.parent.glob(path.name)) if set("*?[") & set(path.name) else []
        if not within:
            lacks = "is a folder without rasters" if path.is_dir() else "does not exist"
            msg = f"{path} {lacks}; wanted a raster of heights, such as a GeoTIFF, or their folder."
            raise SourceError(msg)
        found |= dict.fromkeys(within)
    return list(found)


def read_sheet(path: Path, *, crs: object = None) -> Sheet:
    """
    Read what a raster file tells of itself.

    Parameters
    ----------
    path
        The file.
    crs
        The coordinate reference system of a file that states none, as pyproj takes it.

    Raises
    ------
    SourceError
        If it is no raster, or not one of heights.
    CoordinateError
        If it does not tell where it lies.
    """
    if path.stat().st_size == 0:
        msg = f"{path} is empty; wanted a raster of heights: download it again."
        raise SourceError(msg)
    with _opened(path) as raster:
        _refuse_other_rasters(path, raster)
        stated = raster.crs.to_wkt() if raster.crs else crs
        if raster.transform.is_identity or not stated:
            lacks = "where it lies" if raster.transform.is_identity else "in which system it lies"
            msg = (
                f"{path} does not tell {lacks}; wanted a georeferenced raster: state its "
                "coordinate reference system, as in --raster-crs EPSG:25833, or in the file, as "
                "`gdal_edit.py -a_srs EPSG:25833` does."
            )
            raise CoordinateError(msg)
        whole = _read_crs(path, stated)
        return Sheet(
            path=path,
            crs=_lay_flat(whole),
            transform=raster.transform,
            n_rows=raster.height,
            n_columns=raster.width,
            metres=_metres_of_unit(path, raster.units[0], whole),
        )


def tell_sheets(paths: Sequence[Path], *, credit: str = "") -> dict[str, str]:
    """
    Tell what goes into the provenance of heights: ``source``, ``sha256`` of all, ``licence``.

    Parameters
    ----------
    paths
        Files, as `find_sheets` finds them.
    credit
        Licence and whom to name, where the files do not tell.
    """
    ordered = sorted(paths, key=lambda path: path.name)
    digest, licences = hashlib.sha256(), dict[str, None]()
    for path in ordered:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
        with _opened(path) as raster:
            told = raster.tags().get("TIFFTAG_COPYRIGHT") or raster.tags().get("licence")
        if told:
            licences[" ".join(told.split())] = None
    more = f" and {len(ordered) - 3} more" if len(ordered) > 3 else ""
    credit = " ".join(credit.split())
    known = [*licences, *([credit] if credit and credit not in licences else [])]
    return {
        "source": ", ".join(path.name for path in ordered[:3]) + more,
        "sha256": digest.hexdigest(),
        "licence": "; ".join(known) or NO_LICENCE,
    }


@contextmanager
def _opened(path: Path) -> Iterator[rasterio.DatasetReader]:
    """Open a raster, and say what is wrong with it in our words."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)  # we say so ourselves
            raster = rasterio.open(path)
    except RasterioError as error:
        msg = (
            f"{path} does not read as a raster ({_first_line(error)}); wanted one of heights, "
            "such as a GeoTIFF: download it again."
        )
        raise SourceError(msg) from error
    with raster:
        try:
            yield raster
        except RasterioError as error:
            msg = f"{path} breaks off ({_first_line(error)}); it is torn: download it again."
            raise SourceError(msg) from error


def _most(dtype: np.dtype[np.generic]) -> float:
    """Tell the highest number of a file that counts in whole ones."""
    return float(np.iinfo(dtype.name).max) if dtype.kind in "iu" else np.inf


def _first_line(error: BaseException) -> str:
    """Find what GDAL said first, below what rasterio makes of it."""
    while error.__cause__ is not None:
        error = error.__cause__
    return str(error).split("\n", 1)[0].rstrip(".")[:200]


def _refuse_other_rasters(path: Path, raster: rasterio.DatasetReader) -> None:
    kinds = [kind for kind in raster.colorinterp if kind != ColorInterp.alpha]
    if len(kinds) != 1:
        msg = (
            f"{path} has {len(kinds)} bands; wanted one, of heights: pick it out, as "
            "`gdal_translate -b 1` does."
        )
        raise SourceError(msg)
    if kinds[0] == ColorInterp.palette or raster.dtypes[0].startswith("complex"):
        msg = (
            f"{path} is a picture and holds no heights; wanted a terrain, surface or canopy model."
        )
        raise SourceError(msg)
    if raster.transform.determinant == 0.0:
        msg = f"{path} has cells without area; wanted a georeferenced raster: download it again."
        raise SourceError(msg)


def _read_crs(path: Path, stated: object) -> pyproj.CRS:
    try:
        return pyproj.CRS.from_user_input(stated)
    except pyproj.exceptions.ProjError as error:
        msg = (
            f"{path} has the coordinate reference system {str(stated)[:80]!r}, which is none that "
            "we know; state another, as in --raster-crs EPSG:25833."
        )
        raise CoordinateError(msg) from error


def _lay_flat(crs: pyproj.CRS) -> pyproj.CRS:
    """Drop what a system tells of heights, lest they be moved from one geoid to another."""
    if crs.is_compound:
        return crs.sub_crs_list[0]
    return crs.to_2d() if len(crs.axis_info) == 3 else crs


def _metres_of_unit(path: Path, unit: str | None, crs: pyproj.CRS) -> float:
    """Find the unit of heights: the band's, else the vertical system's, else metres."""
    if unit:
        if unit.strip().casefold() not in _METRES_OF:
            msg = f"{path} counts its heights in {unit!r}; wanted metres or feet: convert it."
            raise SourceError(msg)
        return _METRES_OF[unit.strip().casefold()]
    vertical = crs.axis_info[2:]
    return float(vertical[0].unit_conversion_factor) if vertical else 1.0
