"""How fast one walks, on a clock of whole seconds."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from .errors import TripError
from .network import Network

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

    Raises
    ------
    TripError
        If a speed is not a positive number.

    Examples
    --------
    >>> WalkModel().seconds(np.array([0.0, 134.0, 134.1]), speed_m_s=1.34)
    array([  0, 100, 101], dtype=int32)
    """

    speed_m_s: float = 1.34
    steps_speed_m_s: float = 0.5

    def __post_init__(self) -> None:
        """Refuse a speed at which one never arrives."""
        for name in ("speed_m_s", "steps_speed_m_s"):
            speed = getattr(self, name)
            if not (isfinite(speed) and speed > 0.0):
                msg = f"`{name}` must be a positive number of metres per second; got {speed}."
                raise TripError(msg)

    def edge_speed_m_s(self, network: Network) -> NDArray[np.float64]:
        """Tell the speed on each edge, shape ``(n_edges,)`` [m s⁻¹]."""
        return np.where(network.is_steps, self.steps_speed_m_s, self.speed_m_s)

    def walk_s(self, network: Network) -> NDArray[np.int32]:
        """Time each edge, in whole seconds rounded up, shape ``(n_edges,)`` [s]."""
        return self.seconds(network.length_m, speed_m_s=self.edge_speed_m_s(network))

    def seconds(
        self, length_m: NDArray[np.float64], *, speed_m_s: NDArray[np.float64] | float
    ) -> NDArray[np.int32]:
        """Time a stretch, in whole seconds rounded up; a stretch of no length takes none [s]."""
        return np.ceil(length_m / speed_m_s - HAIR_S).clip(0.0).astype(np.int32)
