"""Levels of heat (Gefahrenstufen) by UTCI, how likely each is, and the hours above them."""

from __future__ import annotations

from typing import Final

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from scipy.special import ndtr

Floats = NDArray[np.float64]

LEVEL_UTCI_C: Final = (26.0, 32.0, 38.0, 46.0)
"""
Where the levels 1 to 4 begin: moderate, strong, very strong and extreme heat stress. [°C]

The assessment scale of UTCI of P. Bröde et al. (2012), as handed down by the design (reported).
They are never moved to please.
"""

HOT_UTCI_C: Final = LEVEL_UTCI_C[1]
"""Above this, degree-hours are counted. [°C]"""

N_LEVELS: Final = len(LEVEL_UTCI_C) + 1


def find_degree_hours(utci_c: Floats, *, step_h: float) -> Floats:
    """
    Add up what is above 32 °C over the first axis. [K h].

    Examples
    --------
    >>> find_degree_hours(np.array([[31.0], [33.0], [36.5]]), step_h=1.0)
    array([5.5])
    """
    total: Floats = np.maximum(utci_c - HOT_UTCI_C, 0.0).sum(axis=0) * step_h
    return total


def find_level(utci_c: Floats) -> NDArray[np.int8]:
    """
    Find the level of heat: a temperature at which one begins belongs to it.

    Examples
    --------
    >>> find_level(np.array([25.9, 26.0, 37.9, 46.1]))
    array([0, 1, 2, 4], dtype=int8)
    """
    return np.searchsorted(LEVEL_UTCI_C, utci_c, side="right").astype(np.int8)


def find_probability(centre: Floats, spread: Floats, weight: scipy.sparse.csr_array) -> Floats:
    """
    Tell how likely each level is.

    Parameters
    ----------
    centre, spread
        Mean and standard deviation of normal errors around each row's own value, shape
        ``(n_times, n_rows)``. [°C], [K]
    weight
        Averages rows to sites, shape ``(n_sites, n_rows)``.

    Returns
    -------
    numpy.ndarray
        Shape ``(n_times, n_sites, 5)``; each site's five sum to 1.
    """
    bounds = np.array([-np.inf, *LEVEL_UTCI_C, np.inf])
    below = ndtr((bounds - centre[:, :, None]) / np.maximum(spread, 1e-6)[:, :, None])
    likely = np.diff(below, axis=2)
    sites = np.stack([(weight @ likely[:, :, k].T).T for k in range(N_LEVELS)], axis=2)
    probability: Floats = sites / sites.sum(axis=2, keepdims=True)
    return probability
