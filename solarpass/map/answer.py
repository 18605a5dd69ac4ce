"""What is found for a question: walks to choose from, or the sentence why there are none."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import dist
from typing import Final

import numpy as np

from solarpass.directions import Step, find_steps
from solarpass.errors import SolarpassError, TripError
from solarpass.front import find_front
from solarpass.route import Route, find_routes
from solarpass.snap import snap
from solarpass.trip import Trip
from solarpass.words import Words

from .choice import choose_walks
from .question import Place, Question
from .scene import Scene

ONE_PLACE_M: Final = 25.0  # ends nearer than this are taken for the same place; our choice
MOST_KEPT: Final = 64  # trips; our choice


@dataclass(frozen=True, eq=False, slots=True)
class Answer:
    """
    A question and what was found for it.

    Attributes
    ----------
    scene, question
        The city, and what was asked of it.
    words
        The language to answer in.
    routes, steps
        The shortest first, the shadiest last, between them those that are neither, or None; and
        the steps of each.
    faults
        What did not read or did not work, each as a sentence.
    night
        Whether the sun is down when one sets out.
    """

    scene: Scene
    question: Question
    words: Words
    routes: tuple[Route, ...] | None
    steps: tuple[tuple[Step, ...], ...]
    faults: tuple[str, ...]
    night: bool

    @property
    def dark(self) -> bool:
        """Whether it is night all the way; the sun may rise on it."""
        return self.night and not any(route.sun_s for route in self.routes or ())

    @property
    def same(self) -> bool:
        """Whether the shortest walk is the shadiest as well."""
        if self.routes is None:
            return False
        shortest, *_, shadiest = self.routes
        return np.array_equal(shortest.xy, shadiest.xy)


def find_answer(scene: Scene, question: Question, words: Words) -> Answer:
    """Answer a question as far as it is asked; what goes wrong is said, not raised."""
    said = {"percent": words.percent(question.budget), "city": scene.city.name}
    faults = [words(term, **said) for term in question.faults]
    ends = {"off_from": question.origin, "off_to": question.destination}
    off = [term for term, place in ends.items() if place and _is_off_streets(scene, place)]
    faults += [words(term, **said) for term in off]
    routes: tuple[Route, ...] | None = None
    steps: tuple[tuple[Step, ...], ...] = ()
    try:
        if _is_one_place(scene, question):
            faults.append(words("same_place"))
        elif not off and question.trip is not None:
            routes, steps = find_walks(scene, question.trip)
    except SolarpassError as error:
        faults.append(words.error(error, **said))
    night = scene.is_night(question.departs)
    return Answer(scene, question, words, routes, steps, tuple(faults), night=night)


_Found = tuple[tuple[Route, ...], tuple[tuple[Step, ...], ...]]


@lru_cache(maxsize=MOST_KEPT)
def find_walks(scene: Scene, trip: Trip) -> _Found:
    """
    Find the walks to choose from, and the steps of each; kept, for a page asks at every touch.

    Raises
    ------
    SolarpassError
        If there is no way.
    """
    network, shade = scene.atlas.network, scene.atlas.shade_on(trip.departs.date())
    front = find_front(network, shade, trip)
    walks = choose_walks(front)
    if len(walks) == 1:  # told as both, which are one
        walks = tuple(find_routes(network, shade, trip))
    return walks, tuple(find_steps(network, route, shade=shade) for route in walks)


def _is_off_streets(scene: Scene, place: Place) -> bool:
    try:
        snap(scene.atlas.network, scene.city.to_local(*place)[0])
    except TripError:
        return True
    return False


def _is_one_place(scene: Scene, question: Question) -> bool:
    if question.origin is None or question.destination is None:
        return False
    latitudes, longitudes = zip(question.origin, question.destination, strict=True)
    return dist(*scene.city.to_local(latitudes, longitudes)) < ONE_PLACE_M
