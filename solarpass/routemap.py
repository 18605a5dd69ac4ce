"""The map of a walk: sun and shade along it in colour, over houses, streets and water."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .city import City
from .drawing import Dot, Drawing, Letters, Shape, Stroke
from .route import Route
from .underlay import draw_ground, draw_north, draw_rim, draw_scale, fill_pane, frame_pane

COLOURS: Final[Mapping[str, str]] = {
    "shade": "#1f5fa8",
    "part": "#8a5aa8",
    "sun": "#f08c00",
    "unknown": "#8a8a8a",
    "night": "#3b4a66",
}
OTHER: Final = "#6b7280"
_INK: Final = "#1b1f24"
_PAPER: Final = "#ffffff"
_IN_SHADE, _IN_SUN = 0.25, 0.75  # shares of the beam that part the colours; our choice


def draw_route(
    city: City,
    routes: Sequence[Route],
    *,
    chosen: int,
    waypoint_xy: NDArray[np.float64],
    is_night: bool,
) -> Drawing:
    """
    Draw walks.

    Parameters
    ----------
    city
        What lies beneath.
    routes, chosen
        The walks, and which of them is drawn in colours; the others are thin.
    waypoint_xy
        What lies along it, numbered from 1, in local metres, shape ``(n, 2)``. [m]
    is_night
        Whether the sun is down all the way, so that nothing is sun or shade.
    """
    taken = routes[chosen]
    pane = frame_pane(np.vstack([*(route.xy for route in routes), waypoint_xy]))
    shapes: list[Shape] = [fill_pane(pane), *draw_ground(city, pane)]
    for at, route in enumerate(routes):
        if at != chosen:
            shapes.append(Stroke(pane.place(route.xy), _PAPER, 5.0))
            shapes.append(Stroke(pane.place(route.xy), OTHER, 2.2))
    line = pane.place(taken.xy)
    shapes += [Stroke(line, _PAPER, 9.0), Stroke(line, _INK, 7.0)]
    for look, first, last in find_looks(taken, is_night=is_night):
        shapes.append(Stroke(line[first : last + 1], COLOURS[look], 4.6))
    shapes += [*draw_scale(pane), *draw_north("N", pane), draw_rim(pane)]
    for number, (x, y) in enumerate(pane.place(waypoint_xy).tolist(), 1):
        shapes.append(Dot(x, y, 7.5, _PAPER, _INK, 1.2))
        shapes.append(Letters(x, y, str(number), 9.0 if number < 100 else 7.0, is_bold=True))
    ends = {"A": line[0]} if taken.kind == "loop" else {"B": line[-1], "A": line[0]}
    for letter, (x, y) in ends.items():
        shapes.append(Dot(float(x), float(y), 10.0, _INK, _PAPER, 1.6))
        shapes.append(Letters(float(x), float(y), letter, 12.0, _PAPER, is_bold=True))
    return Drawing(pane.width, pane.height, tuple(shapes))


def find_looks(route: Route, *, is_night: bool) -> Iterator[tuple[str, int, int]]:
    """Tell which vertices of a walk have one colour: its name, the first of them, the last."""
    looks = [_find_look(share, is_night=is_night) for share in route.edge_sun_fraction.tolist()]
    bounds = route.edge_vertex.tolist()
    changes = [at for at in range(1, len(looks)) if looks[at] != looks[at - 1]]
    for first, after in pairwise([0, *changes, len(looks)]):
        yield looks[first], bounds[first], bounds[after]


def _find_look(share: float, *, is_night: bool) -> str:
    if is_night:
        return "night"
    if np.isnan(share):
        return "unknown"
    return "shade" if share < _IN_SHADE else "sun" if share > _IN_SUN else "part"
