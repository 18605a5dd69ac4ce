"""How much sun is on each street, at each five minutes of a day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .errors import NaiveTimeError, TripError
from .horizon import Horizon
from .leaf import leaves_on
from .outlook import Outlook
from .sun import SunPath

LIT, UNKNOWN = 254, 255
"""The whole edge in the sun, and an edge of which too much is unknown, as stored."""


def _as_sun() -> NDArray[np.uint8]:
    return np.empty((0, 0), np.uint8)


@dataclass(frozen=True, eq=False, slots=True)
class ShadeTable:
    """
    Sun on every edge in every slot of some hours.

    Attributes
    ----------
    times
        When each slot begins, evenly spaced and zone-aware, shape ``(n_times,)``; a slot has
        the sun of its middle.
    sun
        254 times ``sun_fraction``, and 255 where unknown, shape ``(n_times, n_edges)``.
    is_night
        Whether the sun is down, shape ``(n_times,)``; then every edge has 0.
    low, high
        The same as `sun` if what is guessed casts more shade, or less, by its spread; as `sun`
        itself where nothing is guessed. Unknown where `sun` is, and never beyond it.
    """

    times: pd.DatetimeIndex
    sun: NDArray[np.uint8]
    is_night: NDArray[np.bool_]
    low: NDArray[np.uint8] = field(default_factory=_as_sun)
    high: NDArray[np.uint8] = field(default_factory=_as_sun)

    def __post_init__(self) -> None:
        """Lock the arrays, which every session shares."""
        for name in ("low", "high"):
            if not getattr(self, name).size:
                object.__setattr__(self, name, self.sun)
        for array in (self.sun, self.low, self.high, self.is_night):
            array.flags.writeable = False

    def __len__(self) -> int:
        """Count the slots."""
        return len(self.times)

    @property
    def slot_s(self) -> int:
        """Length of a slot. [s]."""
        return find_slot_s(self.times)

    def row_at(self, time: datetime) -> int:
        """
        Find the slot that a zone-aware time falls into.

        Raises
        ------
        NaiveTimeError
            If `time` carries no zone.
        TripError
            If the table does not reach so far.
        """
        if time.tzinfo is None:
            msg = f"Wanted a time with a zone; got naive {time}."
            raise NaiveTimeError(msg)
        row = (pd.Timestamp(time) - self.times[0]) // pd.Timedelta(seconds=self.slot_s)
        if not 0 <= row < len(self):
            end = self.times[-1] + pd.Timedelta(seconds=self.slot_s)
            msg = f"Wanted a time from {self.times[0]} to {end}, which the table holds; got {time}."
            raise TripError(msg)
        return int(row)

    def sun_fraction(self, row: int) -> NDArray[np.float64]:
        """Share of each edge in the sun in one slot, NaN where unknown, ``(n_edges,)``."""
        return _to_fraction(self.sun[row])

    def sun_bounds(self, row: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Least and greatest share of each edge in the sun, NaN where unknown, ``(n_edges,)``."""
        return _to_fraction(self.low[row]), _to_fraction(self.high[row])

    def mean_sun_fraction(self, row: int, *, weights: NDArray[np.float64]) -> float:
        """Average the known edges of one slot by `weights`; NaN if none is known."""
        known = self.sun[row] != UNKNOWN
        if not weights[known].sum() > 0.0:
            return float("nan")
        return float(np.average(self.sun[row][known], weights=weights[known])) / LIT


def find_slot_s(times: pd.DatetimeIndex) -> int:
    """
    Find the length of the slots that even times stand for. [s].

    Raises
    ------
    TripError
        If the times are fewer than two, uneven, or not whole seconds apart.
    """
    steps = np.diff(times.as_unit("ms").asi8)
    if not len(steps) or (steps != steps[0]).any() or steps[0] <= 0 or steps[0] % 1000:
        msg = f"Wanted two times or more at even steps of whole seconds; got {len(times)}."
        raise TripError(msg)
    return int(steps[0]) // 1000


def build_shade(horizon: Horizon | Outlook, sun: SunPath) -> ShadeTable:
    """
    Look up the sun on every edge.

    Parameters
    ----------
    horizon
        What stands between the edges, or single places, and the sky.
    sun
        Its positions at the middles of the slots, at even steps.

    Raises
    ------
    TripError
        If the times are fewer than two or uneven.
    """
    slot_s = find_slot_s(sun.times)
    is_night = sun.elevation_deg <= 0.0
    is_sure = horizon.is_sure or not horizon.knows_casters
    # Of the hours of night nothing is written, so that they take no memory.
    table = np.zeros((1 if is_sure else 3, len(sun), horizon.n_edges), np.uint8)
    if horizon.knows_casters:
        leaf = leaves_on(horizon.leaf_year, sun.times)[:, None]
        in_leaf, bare = np.moveaxis(horizon.pass_crowns()[: len(table), None], -1, 0)
        passed = (leaf * in_leaf + (1.0 - leaf) * bare).astype(np.float32)
        horizon.add_sun(sun, passed, table)
    else:
        table[:, ~is_night[:, None] & ~horizon.is_covered] = UNKNOWN
    begins = sun.times - pd.Timedelta(seconds=slot_s) / 2
    return ShadeTable(begins, table[0], is_night, *table[1:])


def _to_fraction(stored: NDArray[np.uint8]) -> NDArray[np.float64]:
    return np.where(stored == UNKNOWN, np.nan, stored / float(LIT))
