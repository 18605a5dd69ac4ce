"""What the two components are told: small things as they are, heavy ones by their address."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from math import isnan
from typing import Any, Final

import numpy as np

from solarpass.city import City
from solarpass.directions import Step, crossings_of
from solarpass.export import routes_to_geojson
from solarpass.osm import ATTRIBUTION, LICENCE
from solarpass.route import Route
from solarpass.routetext import IN_SHADE, tell_waypoint
from solarpass.wayside import Waypoint
from solarpass.words import Words

from .answer import Answer
from .card import tell_longer, tell_saved
from .online import read_online
from .question import Place
from .scene import Scene
from .server import TILES, city_address, stamp
from .takeaway import walk_address

N_MARKS: Final = 20  # parts of a walk, at the ends of which it is told what is left; our choice
LEAST_ZOOM: Final = 14.0  # from which shadows can be told; our choice


def map_payload(answer: Answer, *, passed: Sequence[Sequence[Waypoint]] = ()) -> dict[str, Any]:
    """Tell the map what to draw; `passed` lies along each walk, if that was asked for."""
    scene, question, words = answer.scene, answer.question, answer.words
    address, now = city_address(scene), stamp(question.departs)
    return {
        "city": city_payload(scene, words),
        "ends": _ends(answer),
        "check": _mark(answer),
        "routes": _routes(answer),
        "chosen": len(answer.routes or ()) - 1,
        "crossings": _crossings(answer),
        "left": [_count_down(route) for route in answer.routes or ()],
        "picture": walk_address(answer, 0, "svg") if answer.routes else None,
        "wayside": [[_waypoint(answer, one) for one in of_walk] for of_walk in passed],
        "sun": None if answer.night else f"{address}/sun/{now}",
        "shadow": None
        if answer.night or not scene.city.knows_buildings
        else {"folder": f"{address}/shadow/{now}", "grid": scene.window_grid},
        "night": answer.night,
        "announce": " ".join(answer.faults)
        or (words("night") if answer.dark else tell_saved(answer)),
        "shown": _shown(answer),  # which answer stands on the screen
        "words": words.frontend(),
    }


def _waypoint(answer: Answer, one: Waypoint) -> dict[str, Any]:
    """Tell of one thing on the way what a mark needs; partly in the shade is not shaded."""
    kinds = {"bench": "bench", "toilets": "toilet"}
    is_unknown = one.kind != "bench" or one.is_dark or isnan(one.sun_fraction)
    return {
        "kind": kinds.get(one.kind, "water"),
        "at": [round(one.longitude_deg, 7), round(one.latitude_deg, 7)],
        "name": one.name,
        "shaded": None if is_unknown else one.sun_fraction < IN_SHADE,
        "words": tell_waypoint(one, answer.words),
    }


def front_payload(answer: Answer) -> dict[str, Any]:
    """Tell the slider the walks to choose from, as few words each; none where one is all."""
    routes = () if answer.routes is None or answer.same or answer.dark else answer.routes
    return {
        "stops": [tell_longer(answer, number) for number in range(len(routes))],
        "shown": _shown(answer),
        "chosen": len(answer.routes or ()) - 1,
        "words": {"label": answer.words("front_label")},
    }


def _shown(answer: Answer) -> str:
    walks = "" if answer.routes is None else f"{[route.walk_s for route in answer.routes]}"
    return f"{stamp(answer.question.departs)} {walks}"


def city_payload(scene: Scene, words: Words) -> dict[str, Any]:
    """Tell a map of a city what lies below all else."""
    address = city_address(scene)
    latitude, longitude = scene.heart
    return {
        "layers": {name: f"{address}/{name}.json" for name in scene.layers},
        "tiles": scene.tiles
        and {
            "address": address + TILES,
            "least_zoom": scene.tiles.least_zoom,
            "most_zoom": scene.tiles.most_zoom,
        },
        "prisms": f"{address}/prisms" if scene.prisms else None,
        "online": _offer_online(words),
        "name": scene.city.name,
        "bounds": scene.bounds,
        "centre": [longitude, latitude],
        "least_zoom": LEAST_ZOOM,
        "unknown": words("edge_of_data" if scene.city.knows_buildings else "unknown"),
        "attribution": _attribution(scene.city),
    }


def _offer_online(words: Words) -> dict[str, Any] | None:
    """Offer tiles from elsewhere, if the operator named any; the visitor is asked first."""
    online = read_online()
    if online is None:
        return None
    return {
        "address": online.address,
        "credit": html.escape(online.credit),
        "title": words("online_map"),
        "note": words("online_note", host=online.host),
        "load": words("online_load"),
        "failed": words("online_failed", host=online.host),
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
        "profile": {
            "who": question.profile.who,
            "lit": question.profile.lit,
            "quiet": question.profile.quiet,
        },
        "speed": question.speed_m_s,
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
    for number, feature in enumerate(drawn["features"]):
        feature["properties"]["number"] = number
    shortest, *_, shadiest = (feature["properties"] for feature in drawn["features"])
    if shortest["label"] == shadiest["label"]:
        shortest["label"] = ""
    return drawn


def _count_down(route: Route) -> list[list[int]]:
    """Tell seconds left, and how many of them in the sun, at even marks along a walk."""
    sun_s = route.edge_walk_s * np.nan_to_num(route.edge_sun_fraction, nan=1.0)
    walked_m = np.concatenate([[0.0], np.cumsum(route.edge_length_m)])
    at_m = np.linspace(0.0, walked_m[-1], N_MARKS + 1)
    columns = [
        each_s.sum() - np.interp(at_m, walked_m, np.concatenate([[0.0], np.cumsum(each_s)]))
        for each_s in (route.edge_walk_s.astype(float), sun_s)
    ]
    return [[round(left), round(sun)] for left, sun in zip(*columns, strict=True)]


def _crossings(answer: Answer) -> list[list[dict[str, Any]]]:
    """Tell where each walk crosses streets, and where that is a step of its own."""
    return [_cross(answer, steps) for steps in answer.steps]


def _cross(answer: Answer, steps: Sequence[Step]) -> list[dict[str, Any]]:
    told = []
    for step in steps:
        for crossing in crossings_of([step]):
            latitude, longitude = answer.scene.city.to_degrees([crossing.xy])[0]
            at = [round(float(longitude), 7), round(float(latitude), 7)]
            told.append({"at": at, "is_step": step.kind == "cross"})
    return told
