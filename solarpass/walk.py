"""How fast one walks, uphill and down, on a clock of whole seconds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from .climb import edge_heights, find_edge_slopes, find_slopes
from .errors import TripError
from .network import Network
from .pavement import CROSSINGS

HAIR_S = 1e-6  # what floating point may add to a whole second without making it the next
MOST_SLOWDOWN = 100.0  # times as long on the steepest piece as on the level; our choice


@dataclass(frozen=True, slots=True)
class WalkModel:
    """
    How a person walks; change one assumption with `dataclasses.replace`.

    Up and down one walks after W. Tobler's hiking function of the slope S, 6 exp(-3.5 |S + 0.05|)
    km/h, of which we keep the shape and put the pace on the level in its place:
    ``speed_m_s * exp(-slope_decay * (|S + easiest_descent| - easiest_descent))``, for metres of
    the ground plan. It is of his "Three presentations on geographical analysis and modeling",
    NCGIA Technical Report 93-1, 1993, and handed down to us: we have not read it. Where no height
    is known one walks as on the level.

    Attributes
    ----------
    speed_m_s
        Walking speed on the level; a mean of adults as handed down to us, said to be of
        U. Weidmann, ETH Zürich, 1993, which we have not read. [m s⁻¹]
    slope_decay
        How fast the speed falls with the slope; Tobler, reported. 0: hills cost no time.
    easiest_descent
        Slope downhill at which one is fastest; Tobler, reported. [m down per m]
    most_slope
        No piece of a way counts as steeper, up or down: what a terrain model has beyond it is
        a wall beside the way, or noise; our choice. [m per m]
    steps_speed_m_s
        Speed along the ground plan of stairs, up or down alike, however steep: they are built
        for it; our choice. [m s⁻¹]
    signals_s, marked_s, side_street_s, street_s, big_road_s
        What it costs to cross a carriageway besides the way: the wait at lights, at
        markings, or, where nothing is marked, for a gap in the traffic of such a street;
        our choice. On a big road without lights one would rather walk on to some. [s]

    Raises
    ------
    TripError
        If a speed is not a positive number, a wait or a slope a negative one, or the steepest
        way takes more than 100 times as long as a level one.
    """

    speed_m_s: float = 1.34
    slope_decay: float = 3.5
    easiest_descent: float = 0.05
    most_slope: float = 0.5
    steps_speed_m_s: float = 0.5
    signals_s: float = 20.0
    marked_s: float = 2.0
    side_street_s: float = 3.0
    street_s: float = 10.0
    big_road_s: float = 45.0

    def __post_init__(self) -> None:
        """Refuse a speed at which one never arrives, and time that runs backwards."""
        for name in ("speed_m_s", "steps_speed_m_s"):
            speed = getattr(self, name)
            if not (isfinite(speed) and speed > 0.0):
                msg = f"`{name}` must be a positive number of metres per second; got {speed}."
                raise TripError(msg)
        for name in ("slope_decay", "easiest_descent", "most_slope"):
            value = getattr(self, name)
            if not (isfinite(value) and value >= 0.0):
                msg = f"`{name}` must be a number, 0 or more; got {value}."
                raise TripError(msg)
        if self.slope_decay * self.most_slope > np.log(MOST_SLOWDOWN):
            msg = (
                f"On a slope of {self.most_slope} one would take more than {MOST_SLOWDOWN:.0f} "
                "times as long as on the level; choose a smaller `most_slope` or `slope_decay`."
            )
            raise TripError(msg)
        for kind in CROSSINGS[1:]:
            wait_s = getattr(self, f"{kind}_s")
            if not (isfinite(wait_s) and wait_s >= 0.0):
                msg = f"`{kind}_s` must be a number of seconds, 0 or more; got {wait_s}."
                raise TripError(msg)

    def slowdown(self, slope: NDArray[np.float64]) -> NDArray[np.float64]:
        """
        Tell how many times as long one takes on a slope as on the level, up positive.

        Examples
        --------
        >>> WalkModel().slowdown(np.array([-0.3, -0.05, 0.0, 0.1, 3.0])).round(2)
        array([2.01, 0.84, 1.  , 1.42, 5.75])
        """
        capped = np.clip(slope, -self.most_slope, self.most_slope)
        away = np.abs(capped + self.easiest_descent) - self.easiest_descent
        times: NDArray[np.float64] = np.exp(self.slope_decay * away)
        return times

    def edge_s(self, network: Network, *, back: bool = False) -> NDArray[np.float64]:
        """
        Time each edge, waits included, before rounding, shape ``(n_edges,)`` [s].

        Parameters
        ----------
        back
            Whether to walk them from the second end to the first.
        """
        speed_m_s = np.where(network.is_steps, self.steps_speed_m_s, self.speed_m_s)
        more_m = self._more_m(*find_slopes(network), back=back)
        slope_m = np.add.reduceat(more_m, network.edge_vertex[:-1])
        slope_m[network.is_steps] = 0.0
        level_s = network.length_m / speed_m_s + np.array(self._waits)[network.crossing]
        edge_s: NDArray[np.float64] = level_s + slope_m / speed_m_s
        return edge_s

    def walk_s(self, network: Network, *, back: bool = False) -> NDArray[np.int32]:
        """Time each edge as `edge_s`, in whole seconds rounded up, shape ``(n_edges,)`` [s]."""
        return whole_s(self.edge_s(network, back=back))

    def at_speed(self, speed_m_s: float | None) -> WalkModel:
        """Walk at another speed, stairs in proportion; None: as it is. [m s⁻¹]."""
        if speed_m_s is None or speed_m_s == self.speed_m_s:
            return self
        steps_speed_m_s = self.steps_speed_m_s * speed_m_s / self.speed_m_s
        return replace(self, speed_m_s=speed_m_s, steps_speed_m_s=steps_speed_m_s)

    def part_s(
        self, network: Network, edge: int, *, start: float, stop: float, slowness: float = 1.0
    ) -> int:
        """
        Time a part of an edge, its share of the wait included, in whole seconds rounded up [s].

        Parameters
        ----------
        start, stop
            Where on the edge one sets out and arrives, from its first end at 0 to its second
            at 1; where `stop` is the smaller, one walks the edge back.
        slowness
            How many times as long this walker takes.
        """
        is_steps = bool(network.is_steps[edge])
        speed_m_s = self.steps_speed_m_s if is_steps else self.speed_m_s
        level_s = float(network.length_m[edge]) / speed_m_s + self._waits[network.crossing[edge]]
        slope_m = 0.0
        if not (is_steps or np.isnan(edge_heights(network, edge)).all()):
            piece_m, slope = find_edge_slopes(network, edge)
            more_m = self._more_m(piece_m, slope, back=stop < start)
            at_m, before_m = (np.cumsum(np.append(0.0, one[:-1])) for one in (piece_m, more_m))
            bounds_m = np.interp(np.sort([start, stop]) * at_m[-1], at_m, before_m)
            slope_m = float(bounds_m[1] - bounds_m[0])
        part_s = level_s * abs(stop - start) + slope_m / speed_m_s
        return int(whole_s(np.array(part_s * slowness)))

    @property
    def _waits(self) -> tuple[float, ...]:
        """List the wait at each kind of `CROSSINGS` [s]."""
        return (0.0, *(getattr(self, f"{kind}_s") for kind in CROSSINGS[1:]))

    def _more_m(
        self, piece_m: NDArray[np.float64], slope: NDArray[np.float64], *, back: bool
    ) -> NDArray[np.float64]:
        """
        Tell how much more of level way each piece is like; exactly nothing where it is level.

        Added to the level's time, not put in its place, so that without a terrain times are to
        the bit what they were.
        """
        more_m: NDArray[np.float64] = piece_m * (self.slowdown(-slope if back else slope) - 1.0)
        return more_m


def whole_s(seconds: NDArray[np.float64]) -> NDArray[np.int32]:
    """
    Round times up to whole seconds; what takes no time takes none. [s].

    Examples
    --------
    >>> whole_s(np.array([0.0, 134.0, 134.1]) / 1.34)
    array([  0, 100, 101], dtype=int32)
    """
    return np.ceil(seconds - HAIR_S).clip(0.0).astype(np.int32)
