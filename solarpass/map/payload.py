"""What the two components are told: small things as they are, heavy ones by their address."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any, Final

from solarpass.city import City
from solarpass.directions import crossings_of
from solarpass.export import routes_to_geojson
from solarpass.osm import ATTRIBUTION, LICENCE
from solarpass.words import Words

from .answer import Answer
from .card import tell_saved
from .question import Place
from .scene import Scene
from .server import city_address, stamp

LEAST_ZOOM: Final = 14.0  # from which shadows can be told; our choice


def map_payload(answer: Answer) -> dict[str, Any]:
    """Tell the map what to draw."""
    scene, question, words = answer.scene, answer.question, answer.words
    address, now = city_address(scene), stamp(question.departs)
    shown = "" if answer.routes is None else f"{[route.walk_s for route in answer.routes]}"
    return {
        "city": city_payload(scene, words),
        "ends": _ends(answer),
        "check": _mark(answer),
        "routes": _routes(answer),
        "crossings": _crossings(answer),
        "sun": None if answer.night else f"{address}/sun/{now}",
        "shadow": None
        if answer.night or not scene.city.knows_buildings
        else {"folder": f"{address}/shadow/{now}", "grid": scene.window_grid},
        "night": answer.night,
        "announce": " ".join(answer.faults)
        or (words("night") if answer.dark else tell_saved(answer)),
        "shown": f"{now} {shown}",  # for tests: the answer that stands on the screen
        "words": words.frontend(),
    }


def city_payload(scene: Scene, words: Words) -> dict[str, Any]:
    """Tell a map of a city what lies below all else."""
    address = city_address(scene)
    latitude, longitude = scene.city.centre
    return {
        "layers": {name: f"{address}/{name}.json" for name in scene.layers},
        "name": scene.city.name,
        "bounds": scene.bounds,
        "centre": [longitude, latitude],
        "least_zoom": LEAST_ZOOM,
        "unknown": words("edge_of_data" if scene.city.knows_buildings else "unknown"),
        "attribution": _attribution(scene.city),
    }


def form_payload(answer: Answer, *, cities: Mapping[str, str], city: str) -> dict[str, Any]:
    """
    Tell the form what it shows.

    Parameters
    ----------
    cities
        What the cities to choose from are called in the link, and on the page.
    city
        The chosen one, as in the link.
    """
    scene, question, words = answer.scene, answer.question, answer.words
    day = scene.daylight(question.departs.date())
    sunrise, sunset = (at.hour * 60 + at.minute for at in day) if day else (None, None)
    return {
        "language": words.language,
        "other_language": words.other,
        "cities": [{"key": key, "name": name} for key, name in cities.items()],
        "city": city,
        "places": f"{city_address(scene)}/places",
        "ends": _ends(answer),
        "is_checking": question.check is not None,
        "at": f"{question.departs:%Y-%m-%dT%H:%M}",
        "day": {"sunrise": sunrise, "sunset": sunset},
        "budget": question.budget,
        "shortest_s": answer.routes[0].walk_s if answer.routes else None,
        "words": words.frontend(),
    }


def _attribution(city: City) -> str:
    others = [*city.registers, *filter(None, [city.provenance.get("heights_credit", "")])]
    credit = f"{_linked(ATTRIBUTION)} ({_linked(LICENCE)})"
    return "; ".join([credit, *(html.escape(other) for other in others)])


def _linked(credit: str) -> str:
    """Make a link of words and their address; both must stand wherever the data is shown."""
    said, address = credit.rsplit(", ", 1)
    return f'<a href="{address}" target="_blank" rel="noopener">{said}</a>'


def _ends(answer: Answer) -> dict[str, dict[str, Any] | None]:
    question = answer.question
    picked = (
        (question.origin, question.origin_name),
        (question.destination, question.destination_name),
    )
    return {
        key: _tell_place(answer, place, picked=name)
        for key, (place, name) in zip(("from", "to"), picked, strict=True)
    }


def _mark(answer: Answer) -> dict[str, Any] | None:
    """Mark the place that is checked, with a label for whoever hears the map."""
    mark = _tell_place(answer, answer.question.check, picked=None)
    return mark and {**mark, "label": f"{answer.words('check_title')} {mark['title']}"}


def _tell_place(
    answer: Answer, place: Place | None, *, picked: str | None
) -> dict[str, Any] | None:
    return place and {
        "latitude": place[0],
        "longitude": place[1],
        "title": answer.scene.name_near(place, picked=picked),
    }


def _routes(answer: Answer) -> dict[str, Any] | None:
    """
    Write the routes as GeoJSON, with the text of the tag each wears on the map.

    Of two that would say the same, the shadiest alone wears one.
    """
    if answer.routes is None:
        return None
    words = answer.words
    drawn = routes_to_geojson(answer.scene.atlas, answer.routes, steps=answer.steps)
    for feature, route in zip(drawn["features"], answer.routes, strict=True):
        del feature["properties"]["steps"]  # the cards tell them
        walk, sun = words.minutes(route.walk_s), words.minutes(route.sun_s)
        feature["properties"]["label"] = walk if answer.dark else words("tag", walk=walk, sun=sun)
    shortest, shadiest = (feature["properties"] for feature in drawn["features"])
    if shortest["label"] == shadiest["label"]:
        shortest["label"] = ""
    return drawn


def _crossings(answer: Answer) -> list[dict[str, Any]]:
    """Tell where the shadiest walk crosses streets, and where that is a step of its own."""
    if answer.routes is None:
        return []
    told = []
    for step in answer.steps[-1]:
        for crossing in crossings_of([step]):
            latitude, longitude = answer.scene.city.to_degrees([crossing.xy])[0]
            at = [round(float(longitude), 7), round(float(latitude), 7)]
            told.append({"at": at, "is_step": step.kind == "cross"})
    return told
