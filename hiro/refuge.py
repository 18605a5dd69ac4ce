"""Refuge: where one stands better, near a site, hour by hour."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import KDTree

from .site import Sites

_SAME_K = 0.1  # no one feels less; so much cooler a place must be, to be worth a walk


def find_refuge(
    sites: Sites, waiting_utci_c: NDArray[np.float64], *, reach_m: float
) -> NDArray[np.int64]:
    """
    Find the coolest place where one waits near each site: its own, of equals.

    Parameters
    ----------
    sites
        Sites, each shown at one of its places.
    waiting_utci_c
        How hot it feels at each place where one waits, shape ``(n_times, n_waiting)``. [°C]
    reach_m
        One goes so far, from the place where the site is shown. [m]

    Returns
    -------
    numpy.ndarray
        Rows of `Sites.waiting`, shape ``(n_times, n_sites)``.
    """
    site = sites.waiting["site"].to_numpy(np.int64)
    marker = shapely.get_coordinates(np.asarray(sites.table.geometry))
    away_m = np.hypot(*(sites.xy - marker[site]).T)
    first = np.lexsort([away_m, site])
    home = first[np.searchsorted(site[first], np.arange(sites.n_sites))]
    felt_c = np.rint(waiting_utci_c / _SAME_K)
    near = KDTree(sites.xy[home]).query_ball_tree(KDTree(sites.xy), reach_m)
    refuge = np.empty((len(waiting_utci_c), sites.n_sites), np.int64)
    for k, found in enumerate(near):
        places = np.array([home[k], *sorted(set(found) - {int(home[k])})], np.int64)
        refuge[:, k] = places[np.argmin(felt_c[:, places], axis=1)]
    return refuge
