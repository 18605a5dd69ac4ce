"""Options kept in the user's cache, as scoring them takes minutes for a large city."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields, replace
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import pandas as pd
from platformdirs import user_cache_path

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

_UNREADABLE = (OSError, ValueError, KeyError, TypeError, BadZipFile)
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
    with suppress(
        OSError, ValueError, KeyError, TypeError, BadZipFile
    ):  # none yet, or torn: scored anew
        return read_options(path)
    options = build_options(score, city, surface, catalogue=catalogue, facts=facts, model=model)
    with suppress(OSError, SolarpassError):  # a cache that is full or locked stops nobody
        folder.mkdir(parents=True, exist_ok=True)
        save_options(options, path)
        _clear(folder)
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
    OSError, ValueError, KeyError, TypeError, BadZipFile
        If there is no file, or it holds something else.
    """
    with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
        told = json.loads(str(file["told"]))
        arrays = {name: file[name] for name in file.files if name != "told"}
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
    """Sum up all that options rest on: 24 hexadecimal digits."""
    digest = hashlib.sha256(repr((SOFTWARE, city.name, surface.model, model)).encode())
    digest.update(tell_catalogue(catalogue))
    for table in sorted(data_folder().iterdir(), key=lambda one: one.name):
        if table.name.endswith(".csv"):
            digest.update(table.read_bytes())
    for part in _list_parts(score, city, facts):
        digest.update(part)
    return digest.hexdigest()[:24]


def tell_catalogue(catalogue: Catalogue) -> bytes:
    """Write a catalogue out, the same in every process: a set's order is not."""
    told = [(sorted(one.fits), replace(one, fits=frozenset())) for one in catalogue.measures]
    return repr(told).encode()


def _list_parts(score: Score, city: City, facts: pd.DataFrame | None) -> Iterator[bytes]:
    """List what of a score and a city tells one from another."""
    hazard, weather = score.hazard, score.weather
    for item in fields(weather):
        value = getattr(weather, item.name)
        yield value.tobytes() if isinstance(value, np.ndarray) else repr(value).encode()
    for frame in (score.sites.table, score.sites.waiting, city.buildings, city.trees, city.streets):
        yield (
            pd.util.hash_pandas_object(pd.DataFrame(frame.drop(columns="geometry")).astype(str))
            .to_numpy()
            .tobytes()
        )
        yield b"".join(frame.geometry.to_wkb())
    for array in (hazard.utci_c, score.exposure.person_minutes, score.vulnerability.factor):
        yield np.ascontiguousarray(array).tobytes()
    if facts is not None:
        yield facts.to_csv().encode()
