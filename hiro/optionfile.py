"""Options kept in the user's cache, as scoring them takes minutes for a large city."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from platformdirs import user_cache_path

import solarpass
from solarpass.atlas import SOFTWARE
from solarpass.city import City
from solarpass.draft import draft_file
from solarpass.errors import SolarpassError
from solarpass.surface import Surface
from solarpass.tables import data_folder

from .catalogue import Catalogue, read_catalogue
from .effect import build_options
from .option import Options
from .premises import EffectModel
from .score import Score

_PROGRAMS = (Path(__file__).parent, Path(solarpass.__file__).parent)
_MOST_KEPT = 24  # files; our choice


def find_options(
    score: Score,
    city: City,
    surface: Surface,
    *,
    catalogue: Catalogue | None = None,
    facts: pd.DataFrame | None = None,
    model: EffectModel = EffectModel(),
    folder: Path | None = None,
) -> Options:
    """
    Find the options of a scored city: those kept, if they rest on all the same, else scored now.

    Parameters
    ----------
    score, city, surface, catalogue, facts, model
        As `build_options` takes them.
    folder
        Where they are kept; None: in the user's cache.
    """
    catalogue = read_catalogue() if catalogue is None else catalogue
    folder = user_cache_path("solarpass") / "options" if folder is None else folder
    path = folder / f"{_sum_up(score, city, surface, catalogue, facts, model)}.npz"
    kept = _read_kept(path, score)
    if kept is not None:
        return kept
    options = build_options(score, city, surface, catalogue=catalogue, facts=facts, model=model)
    with suppress(OSError, SolarpassError):  # a cache that is full or locked stops nobody
        folder.mkdir(parents=True, exist_ok=True)
        save_options(options, path)
        _clear(folder)
    return options


def _read_kept(path: Path, score: Score) -> Options | None:
    """Read options that are kept, if they are whole and of these sites."""
    try:
        options = read_options(path)
    except Exception:  # noqa: BLE001 - none yet, or torn in whatever way: scored anew
        return None
    if options.site_id != tuple(score.sites.table["site_id"]):
        return None
    with suppress(OSError):
        path.touch()
    return options


def save_options(options: Options, path: Path) -> None:
    """
    Write options to a file, whole or not at all.

    Raises
    ------
    SourceError
        If it cannot be written there.
    """
    arrays: dict[str, Any] = {}
    told: dict[str, Any] = {}
    for item in fields(Options):
        value = getattr(options, item.name)
        (arrays if isinstance(value, np.ndarray) else told)[item.name] = value
    text = json.dumps(told, ensure_ascii=False)
    with draft_file(path) as draft:
        np.savez_compressed(draft, allow_pickle=False, told=np.array(text), **arrays)


def read_options(path: Path) -> Options:
    """
    Read what `save_options` wrote.

    Raises
    ------
    Exception
        If there is no file, or it holds something else.
    """
    with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
        told = json.loads(str(file["told"]))
        arrays = {name: file[name] for name in file.files if name != "told"}
    wanted = {item.name for item in fields(Options)}
    if {*arrays, *told} != wanted:  # of another version, which knew other things
        msg = f"Wanted options with {sorted(wanted)}; got {sorted({*arrays, *told})}."
        raise ValueError(msg)
    return Options(**arrays, **{name: _freeze(value) for name, value in told.items()})


def _freeze(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Make tuples of lists."""
    return tuple(_freeze(one) for one in value) if isinstance(value, list) else value


def _clear(folder: Path) -> None:
    """Drop the files used longest ago."""
    kept = sorted(folder.glob("*.npz"), key=lambda path: path.stat().st_mtime)
    for path in kept[:-_MOST_KEPT]:
        path.unlink(missing_ok=True)


def _sum_up(
    score: Score,
    city: City,
    surface: Surface,
    catalogue: Catalogue,
    facts: pd.DataFrame | None,
    model: EffectModel,
) -> str:
    """Sum up all that options rest on, the programs among it: 24 hexadecimal digits."""
    digest = hashlib.sha256(tell_catalogue(catalogue))
    for folder, ending in ((data_folder(), ".csv"), *((path, ".py") for path in _PROGRAMS)):
        for file in sorted(folder.iterdir(), key=lambda one: one.name):
            if file.name.endswith(ending):
                digest.update(file.name.encode() + hashlib.sha256(file.read_bytes()).digest())
    hazard = (score.hazard.utci_c, score.exposure.person_minutes, score.vulnerability.factor)
    rests_on = (score.weather, score.sites.table, score.sites.waiting, *hazard, city, surface)
    for part in _list_parts((SOFTWARE, *rests_on, facts, model)):
        digest.update(f"{len(part)}:".encode() + part)
    return digest.hexdigest()[:24]


def tell_catalogue(catalogue: Catalogue) -> bytes:
    """Write a catalogue out, the same in every process: a set's order is not."""
    told = [(sorted(one.fits), replace(one, fits=frozenset())) for one in catalogue.measures]
    return repr(told).encode()


def _list_parts(thing: object) -> Iterator[bytes]:
    """List what tells one thing from another, field by field."""
    if isinstance(thing, np.ndarray):
        yield f"{thing.dtype.str}{thing.shape}".encode()
        yield repr(thing.tolist()).encode() if thing.dtype == object else thing.tobytes()
    elif isinstance(thing, pd.DataFrame):
        plain = pd.DataFrame(thing.drop(columns="geometry", errors="ignore")).astype(str)
        yield repr(list(plain.columns)).encode()
        yield pd.util.hash_pandas_object(plain).to_numpy().tobytes()
        if "geometry" in thing:
            yield shapely.to_wkb(shapely.GeometryCollection(list(thing["geometry"])))
    elif is_dataclass(thing) and not isinstance(thing, type):
        for item in fields(thing):
            yield item.name.encode()
            yield from _list_parts(getattr(thing, item.name))
    elif isinstance(thing, list | tuple):
        for one in thing:
            yield from _list_parts(one)
    else:
        yield shapely.to_wkb(thing) if isinstance(thing, shapely.Geometry) else repr(thing).encode()
