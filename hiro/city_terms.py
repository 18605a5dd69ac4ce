"""What the city's face says of districts, files, links, warnings and missing shade."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# fmt: off
CITY_TERMS: Final[Mapping[str, tuple[str, str]]] = {
    # filters
    "all_districts": ("Alle Stadtteile", "All districts"),
    "all_quarters": ("Alle Viertel", "All quarters"),
    "near_title": ("In der Nähe suchen:", "Search nearby:"),
    "near_button": (
        "Orte bei {name}",
        "Places near {name}",
    ),
    "near_told": (
        "Höchstens {reach}\N{NO-BREAK SPACE}m von {name}",
        "Within {reach}\N{NO-BREAK SPACE}m of {name}",
    ),
    "near_here": ("diesem Punkt", "this point"),
    "near_clear": ("Überall suchen", "Search everywhere"),
    "sifted_list": (
        "Der schlimmste zuerst. Die Zahl links ist der Rang in der ganzen Stadt.",
        "The worst first. The number on the left is the rank in the whole city.",
    ),
    "only_switch": (
        "Nur an den Orten des Filters ({n})",
        "Only at the places of the filter ({n})",
    ),
    "only_why": (
        "Der Filter der Liste: {told}. Ohne Haken plant er für die ganze Stadt.",
        "The list's filter: {told}. Without the tick the plan is for the whole city.",
    ),
    "bad_only": (
        "Der Link sagt nicht lesbar, für welche Orte geplant wird, daher für alle.",
        "The link does not say readably for which places to plan, so it is for all.",
    ),
    "bad_sieve": (
        "Ein Filter des Links ist nicht lesbar und wurde weggelassen.",
        "A filter of the link does not read and was left out.",
    ),
    "bad_shade": (
        "Der Link sagt nicht lesbar, was gezeigt werden soll.",
        "The link does not say readably what is to be shown.",
    ),
    # files, links, print
    "save_score": ("Liste speichern", "Save the list"),
    "save_score_why": (
        ("Die Orte, die der Filter übrig lässt, mit allen Stunden, Lizenz und Quellen."),
        ("The places that the filter leaves, with all hours, licence and sources."),
    ),
    "save_paper": ("Vorlage für den Rat", "Paper for the council"),
    "save_paper_why": (
        ("Der Plan zum Lesen, Drucken und Abstimmen, mit Karte, Preisen und Quellen. Das dauert "
        "einige Sekunden."),
        ("The plan to read, print and vote on, with map, prices and sources. This takes some "
        "seconds."),
    ),
    "paper_html": ("lesen und drucken", "read and print"),
    "paper_docx": ("als DOCX", "as DOCX"),
    "share_title": (
        "Diese Auskunft als Link, QR-Code oder Druck",
        "This answer as a link, a QR code or on paper",
    ),
    "share_link": ("Kurzer Link zu diesem Ort", "Short link to this place"),
    "share_copy": ("Link kopieren", "Copy the link"),
    "share_copied": ("Kopiert.", "Copied."),
    "share_print": ("Drucken", "Print"),
    "share_qr_alt": (
        "QR-Code, der zeigt, wie heiß es hier wird",
        "QR code that shows how hot it gets here",
    ),
    "share_qr_svg": ("QR-Code als SVG", "QR code as SVG"),
    "share_qr_png": ("QR-Code als PNG", "QR code as PNG"),
    # reports on the map
    "report_card": ("Was jemand meldet", "What somebody reports"),
    "report_mark": ("gemeldet", "reported"),
    "report_close": ("Schließen", "Close"),
    "report_site": ("Zum Ort: {name}", "To the place: {name}"),
    # official warnings
    "warn_title": ("Amtliche Warnung", "Official warning"),
    "warn_more": ("Einzelheiten der Warnung", "Details of the warning"),
    "warn_holds": ("Gilt {from} bis {to}.", "Holds from {from} to {to}."),
    "warn_open": ("Gilt ab {from}.", "Holds from {from}."),
    "warn_areas": ("Für: {areas}.", "For: {areas}."),
    "warn_sender": ("Herausgegeben von {sender}, {sent}.", "Issued by {sender}, {sent}."),
    "warn_beside": (
        "Sie gilt jetzt und für das ganze Gebiet; unsere Stufen gelten für einzelne Orte am {day}.",
        "It holds now and for the whole area; our levels hold for single places on {day}.",
    ),
    "warn_none": (
        "Keine amtliche Hitzewarnung für {city} liegt vor.",
        "There is no official warning of heat for {city}.",
    ),
    "warn_lost": (
        "Amtliche Warnungen können gerade nicht gelesen werden. Sieh nach auf dwd.de.",
        "Official warnings cannot be read just now. Look at dwd.de.",
    ),
    # missing shade
    "tab_shade": ("Schattenlücken", "Shade gaps"),
    "shade_title": ("Wo Schatten fehlt", "Where shade is missing"),
    "shade_intro": (
        ("Hier gehen Menschen in der Sonne, auch wenn sie Schatten suchen. Ein Baum oder ein Dach "
        "brächte hier am meisten."),
        ("Here people walk in the sun even when they look for shade. A tree or a roof would bring "
        "most here."),
    ),
    "shade_wait": (
        "Wege durch die Stadt werden gesucht …",
        "Searching walks through the city …",
    ),
    "shade_about": (
        "Wege durch die Stadt werden gesucht. Das dauert etwa {about}.",
        "Searching walks through the city. This takes about {about}.",
    ),
    "shade_saved": (
        "{n}\N{NO-BREAK SPACE}Minuten Sonne weniger auf 1.000 Wegen",
        "{n}\N{NO-BREAK SPACE}minutes less in the sun on 1,000 walks",
    ),
    "shade_range": (
        "{low} bis {high}, je nach wahren Höhen",
        "{low} to {high}, depending on true heights",
    ),
    "shade_walked": (
        "{n}\N{NO-BREAK SPACE}% der Wege kommen vorbei",
        "{n}\N{NO-BREAK SPACE}% of the walks pass here",
    ),
    "shade_how": (
        ("Aus {trips} Wegen, zufällig gezogen zwischen Straßen und Haltestellen, um {hours} Uhr. "
        "Gezählt hat niemand: Lies die Zahlen als Rangfolge. Jede ist das Mindeste, was voller "
        "Schatten dort spart."),
        ("Of {trips} walks, drawn by chance between streets and stops, at {hours}. Nobody was "
        "counted: read the numbers as a ranking. Each is the least that full shade there saves."),
    ),
    "shade_mark": ("Schatten fehlt: je breiter, je mehr", "shade missing: the wider the more"),
    "shade_none": (
        "Nirgends fehlt hier an diesem Tag Schatten.",
        "Nowhere is shade missing here on this day.",
    ),
    "shade_lost": (
        "Wo Schatten fehlt, ließ sich nicht berechnen.",
        "Where shade is missing could not be reckoned.",
    ),
}
# fmt: on
