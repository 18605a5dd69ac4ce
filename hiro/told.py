"""What the file of a plan tells in English only, in German."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# fmt: off
GERMAN: Final[Mapping[str, str]] = {
    # sentences that a plan's file tells in English only
    "Pipes, owners, heritage and wires are not on the map: check what stands under to_check.": (
        "Leitungen, Eigentum, Denkmalschutz und Oberleitungen stehen nicht auf der Karte. Bitte "
        "prüfen, was bei jedem Ort steht."
    ),
    "Prices are no offers; grants, rising prices and the staff of the city are not in them.": (
        "Preise sind keine Angebote. Zuschüsse, steigende Preise und das Personal der Stadt sind "
        "nicht darin."
    ),
    "Each site is scored by itself: shade that reaches a neighbouring site is not counted there.": (
        "Jeder Ort ist für sich gerechnet. Schatten, der auf einen Nachbarort fällt, zählt dort "
        "nicht."
    ),
    "Only heat by daylight counts: not nights, rain, air, animals, plants, nor how a place looks.":
    (
        "Nur Hitze am Tag zählt. Nächte, Regen, Luft, Tiere, Pflanzen und das Bild eines Ortes "
        "zählen nicht."
    ),
    "Nobody is taken to come because it is cooler, and the climate is taken to stay as it is.": (
        "Es ist nicht gerechnet, dass jemand kommt, weil es kühler ist. Das Klima bleibt in der "
        "Rechnung, wie es ist."
    ),
    "How many find room in the shade that is built: all who are at its places count as in it.": (
        "Wie viele in den gebauten Schatten passen, ist nicht gerechnet: Alle, die an seinen "
        "Plätzen sind, zählen als im Schatten."
    ),
    "our choice": "von uns angesetzt",
    "catalogue handed down with the design": "Katalog, mit dem Entwurf übernommen",
    "handed down with the design": "mit dem Entwurf übernommen",
}
# fmt: on
