"""How much beam meets who walks, in W h m⁻²: the sun of 8 o'clock is not that of 13 o'clock."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .beam import Beam
from .errors import SourceError, TripError
from .route import Route
from .shade import ShadeTable, find_slot_s

_S_PER_H = 3600.0


@dataclass(frozen=True, eq=False, slots=True)
class Dose:
    """
    The beam that meets a standing person along one walk.

    Attributes
    ----------
    edge_wh_m2
        On each edge walked; the unknown counts as sun, shape ``(n_walked,)``. [W h m⁻²]
    wh_m2
        On the whole walk. [W h m⁻²]
    unknown_wh_m2
        What of it is not known to arrive. [W h m⁻²]
    """

    edge_wh_m2: NDArray[np.float64]
    wh_m2: float
    unknown_wh_m2: float

    def __post_init__(self) -> None:
        """Freeze the array."""
        self.edge_wh_m2.flags.writeable = False


def find_dose(route: Route, beam: Beam, *, sun_fraction: NDArray[np.float64] | None = None) -> Dose:
    """
    Add up the clear-sky beam along a walk.

    Each edge has the share of sun that the route found when it was entered; the beam is that of
    the middle of each slot, for the seconds walked in it.

    Parameters
    ----------
    route
        The walk.
    beam
        At the middles of even slots that cover the walk, such as those of `day_times`.
    sun_fraction
        Share of each walked edge in the sun, NaN where unknown, in place of the route's own: the
        low or the high end of it, say. Shape ``(n_walked,)``.

    Raises
    ------
    TripError
        If the beam's slots are uneven or do not cover the walk.
    SourceError
        If `sun_fraction` is of another walk.
    """
    share = route.edge_sun_fraction if sun_fraction is None else np.asarray(sun_fraction, float)
    if share.shape != route.edge.shape:
        msg = f"Wanted a share of sun for each of {len(route.edge)} edges; got {share.shape}."
        raise SourceError(msg)
    slot_s = find_slot_s(beam.times)
    middle = pd.Timestamp(route.departs) - beam.times[0]
    entered_s = middle.total_seconds() + slot_s / 2.0 + route.entered_s.astype(float)
    left_s = entered_s + route.edge_walk_s
    end_s = slot_s * len(beam)
    if len(entered_s) and not (entered_s[0] >= 0.0 and left_s[-1] <= end_s):
        msg = (
            f"Wanted the beam from {route.departs:%Y-%m-%d %H:%M} to {route.arrives:%H:%M}; got "
            f"that around {beam.times[0]:%Y-%m-%d %H:%M} to {beam.times[-1]:%Y-%m-%d %H:%M}."
        )
        raise TripError(msg)
    # What has met a body in full sun by each border of slots, which grows evenly between.
    borders_s = slot_s * np.arange(len(beam) + 1.0)
    sum_wh_m2 = np.concatenate([[0.0], np.cumsum(beam.body_w_m2 * slot_s / _S_PER_H)])
    full = np.interp(left_s, borders_s, sum_wh_m2) - np.interp(entered_s, borders_s, sum_wh_m2)
    unknown = np.isnan(share)
    edge_wh_m2 = np.where(unknown, 1.0, share) * full
    return Dose(edge_wh_m2, float(edge_wh_m2.sum()), float(edge_wh_m2[unknown].sum()))


def edge_dose_wh_m2(
    shade: ShadeTable, row: int, edge_s: NDArray[np.int32] | NDArray[np.float64], beam: Beam
) -> NDArray[np.float64]:
    """
    Tell what beam meets who walks an edge in one slot of a table.

    Parameters
    ----------
    shade
        The sun on the edges.
    row
        The slot: see `ShadeTable.row_at`.
    edge_s
        How long each edge is walked, as `WalkModel.walk_s` tells it, shape ``(n_edges,)``. [s]
    beam
        At the middles of the table's slots, and at no other times.

    Returns
    -------
    NDArray[np.float64]
        NaN where the sun is unknown, shape ``(n_edges,)``. [W h m⁻²]

    Raises
    ------
    SourceError
        If the beam is of other times than the table, or `edge_s` of another network.
    """
    middles = shade.times + pd.Timedelta(seconds=shade.slot_s) / 2
    if len(beam) != len(shade) or not (beam.times == middles).all():
        msg = (
            f"Wanted the beam at the middles of the table's {len(shade)} slots; got {len(beam)} "
            f"times: find it with the `SunPath` that the shade was built with."
        )
        raise SourceError(msg)
    fraction = shade.sun_fraction(row)
    if fraction.shape != np.shape(edge_s):
        msg = f"Wanted the seconds of {len(fraction)} edges; got the shape {np.shape(edge_s)}."
        raise SourceError(msg)
    return fraction * edge_s * float(beam.body_w_m2[row]) / _S_PER_H
