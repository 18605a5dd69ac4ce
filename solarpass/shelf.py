"""Shelves: the arrays of one thing as files in a folder, checked when they are mapped again."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def find_array_types(kind: type) -> dict[str, np.dtype[Any]]:
    """Tell which fields of a dataclass are arrays, and of what they are."""
    written = {field.name: str(field.type) for field in fields(kind)}
    return {
        name: np.dtype(getattr(np, text.removeprefix("NDArray[np.").removesuffix("]")))
        for name, text in written.items()
        if text.startswith("NDArray")
    }


def read_plain(path: Path) -> dict[str, Any]:
    """
    Read an object of JSON.

    Raises
    ------
    OSError, ValueError
        If there is no file, or it holds something else.
    """
    told = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(told, dict):
        msg = f"{path.name} holds no JSON object"
        raise ValueError(msg)  # noqa: TRY004 - of a file, not of a caller
    return told


def save_arrays(arrays: Mapping[str, NDArray[Any]], folder: Path) -> int:
    """Write one array a file into a folder that may be new, and return their checksum."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)
    return sum_files(folder, arrays)


def open_arrays(
    folder: Path, types: Mapping[str, np.dtype[Any]], *, crc32: object
) -> dict[str, NDArray[Any]]:
    """
    Map arrays into memory that `save_arrays` wrote.

    Parameters
    ----------
    folder
        Where they lie.
    types
        Their names, and of what they are.
    crc32
        What `save_arrays` returned.

    Raises
    ------
    OSError, ValueError
        If one is missing, or they are not what was written.
    """
    if sum_files(folder, types) != crc32:  # first, so that no torn header is ever parsed
        msg = "its arrays are not those that were written"
        raise ValueError(msg)
    array = {
        # Of `.npy` only, which holds no pickle; and as a plain view, which numba knows
        # sooner than the memmap behind it.
        name: np.asarray(np.lib.format.open_memmap(folder / f"{name}.npy", mode="r"))
        for name in types
    }
    for name, kind in types.items():
        if array[name].dtype != kind:
            msg = f"{name}.npy holds {array[name].dtype}, not {kind}"
            raise ValueError(msg)
    return array


def sum_files(folder: Path, names: Iterable[str]) -> int:
    """Sum up arrays with all that their files tell of them, one after another: a crc32."""
    crc32 = 0
    for name in sorted(names):
        crc32 = zlib.crc32(np.memmap(folder / f"{name}.npy", np.uint8, mode="r").data, crc32)
    return crc32
