"""How fast one walks, on a clock of whole seconds."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from .errors import TripError
from .network import Network
from .pavement import CROSSINGS

HAIR_S = 1e-6  # what floating point may add to a whole second without making it the next


@dataclass(frozen=True, slots=True)
class WalkModel:
    """
    How a person walks; change one assumption with `dataclasses.replace`.

    Attributes
    ----------
    speed_m_s
        Walking speed on the level; a mean of adults as handed down to us, said to be of
        U. Weidmann, ETH Zürich, 1993, which we have not read. [m s⁻¹]
    steps_speed_m_s
        Speed along the ground plan of stairs, up or down alike; our choice. [m s⁻¹]
    signals_s, marked_s, side_street_s, street_s, big_road_s
        What it costs to cross a carriageway besides the way: the wait at lights, at
        markings, or, where nothing is marked, for a gap in the traffic of such a street;
        our choice. On a big road without lights one would rather walk on to some. [s]

    Raises
    ------
    TripError
        If a speed is not a positive number, or a wait a negative one.
    """

    speed_m_s: float = 1.34
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
        for kind in CROSSINGS[1:]:
            wait_s = getattr(self, f"{kind}_s")
            if not (isfinite(wait_s) and wait_s >= 0.0):
                msg = f"`{kind}_s` must be a number of seconds, 0 or more; got {wait_s}."
                raise TripError(msg)

    def edge_speed_m_s(self, network: Network) -> NDArray[np.float64]:
        """Tell the speed on each edge, shape ``(n_edges,)`` [m s⁻¹]."""
        return np.where(network.is_steps, self.steps_speed_m_s, self.speed_m_s)

    def edge_s(self, network: Network) -> NDArray[np.float64]:
        """Time each edge, waits included, before rounding, shape ``(n_edges,)`` [s]."""
        waits = np.array([0.0, *(getattr(self, f"{kind}_s") for kind in CROSSINGS[1:])])
        walked_s: NDArray[np.float64] = network.length_m / self.edge_speed_m_s(network)
        edge_s: NDArray[np.float64] = walked_s + waits[network.crossing]
        return edge_s

    def walk_s(self, network: Network) -> NDArray[np.int32]:
        """Time each edge, waits included, in whole seconds rounded up, ``(n_edges,)`` [s]."""
        return whole_s(self.edge_s(network))


def whole_s(seconds: NDArray[np.float64]) -> NDArray[np.int32]:
    """
    Round times up to whole seconds; what takes no time takes none. [s].

    Examples
    --------
    >>> whole_s(np.array([0.0, 134.0, 134.1]) / 1.34)
    array([  0, 100, 101], dtype=int32)
    """
    return np.ceil(seconds - HAIR_S).clip(0.0).astype(np.int32)
