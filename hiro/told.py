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
    "collection of figures of this project": "Zahlensammlung dieses Projekts",
    # sentences on before and after
    "Levels, hours and heat after the plan are told as on the same day once all has grown.": (
        "Stufen, Stunden und Hitze nach dem Plan gelten für denselben Tag, wenn alles gewachsen "
        "ist."
    ),
    "The relief of a plan is the discounted mean over the horizon; once all has grown is another.":
    (
        "Die Entlastung eines Plans ist das Mittel der Jahre, spätere zählen etwas weniger. Wenn "
        "alles gewachsen ist, ist sie eine andere."
    ),
    "Hours are summed over sites; person-hours helped are of all who are that day at sites where "
    "heat becomes less.": (
        "Stunden sind über die Orte zusammengezählt. Geholfen wird allen, die an diesem Tag an "
        "Orten sind, an denen die Hitze weniger wird."
    ),
    "The ground is taken to be paved everywhere.": "Der Boden gilt überall als gepflastert.",
    # sources and notes of prices
    "Vienna": "Wien",
    "Nuremberg": "Nürnberg",
    "Hanover, a pilot": "Hannover, ein Versuch",
    "Hanover, a pilot; Essen": "Hannover, ein Versuch; Essen",
    "prices of rental": "Mietpreise",
    "real price; the city's rate was 4,700": "tatsächlicher Preis; der Satz der Stadt war 4.700",
    "with pipes moved": "mit verlegten Leitungen",
    "half at 7 years, by the growth of the crown": "zur Hälfte nach 7 Jahren, je nach der Krone",
    "about 1,500": "etwa 1.500",
    "Remscheid: 7,169 over 5 years": "Remscheid: 7.169 in 5 Jahren",
    "rented": "gemietet",
    "middle of 5 to 10": "Mitte von 5 bis 10",
    "at once": "sofort",
    "net": "netto",
    "as with a solid roof": "wie bei einem festen Dach",
    "12,000 for 5 years; Essen: 10 hours a year": "12.000 für 5 Jahre; Essen: 10 Stunden im Jahr",
    "as the typical one": "wie der übliche",
    "the collection names two figures, taken as typical and high": (
        "die Zahlensammlung nennt zwei Werte, hier als üblich und hoch genommen"
    ),
    "Würzburg: 36,000 for 200 m2": "Würzburg: 36.000 für 200 m²",
    "8,000 to 9,000": "8.000 bis 9.000",
    "Bremen pays up to 20, a third of the cost, as was handed down": (
        "Bremen zahlt bis zu 20, ein Drittel der Kosten (übernommen, nicht geprüft)"
    ),
    "1 to 2": "1 bis 2",
    "the collection says at once": "die Zahlensammlung sagt: sofort",
    "without the connection": "ohne den Anschluss",
    "2 for 30,000; Bavaria grants at most 15,000": "2 für 30.000; Bayern gibt höchstens 15.000",
    "4,000 and more": "4.000 und mehr",
    "the collection names none": "die Zahlensammlung nennt keine Dauer",
}
# fmt: on
