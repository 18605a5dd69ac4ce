"""The trade between time and sun: every walk that none is both quicker and shadier than."""

from __future__ import annotations

from .network import Network
from .route import Route, search_routes
from .shade import ShadeTable
from .trip import Trip
from .walk import WalkModel


def find_front(
    network: Network,
    shade: ShadeTable,
    trip: Trip,
    *,
    walk: WalkModel | None = None,
    exact: bool = False,
    waits: bool = False,
) -> list[Route]:
    """
    Find each walk within the budget that is quicker than any with so little sun.

    Parameters
    ----------
    network, shade, trip, walk, exact, waits
        As `find_routes`, by the same law and the same search.

    Returns
    -------
    list of Route
        By rising ``walk_s``, each with less sun than the one before (for who likes the sun, with
        more): ``"shortest"`` first, ``"shadiest"`` or ``"sunniest"`` last, ``"pareto"`` between.
        One alone, the shortest, if none within the budget is better.

    Raises
    ------
    TripError, NoRouteError, SourceError
        As `find_routes`.
    """
    return search_routes(network, shade, trip, walk, exact=exact, waits=waits, whole=True)
