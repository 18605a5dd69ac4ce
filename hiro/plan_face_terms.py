"""What the city's face says of measures and plans: one row a term, in German and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# fmt: off
PLAN_FACE_TERMS: Final[Mapping[str, tuple[str, str]]] = {
    "short_budget": (
        ("Was gewünscht ist, kostet zusammen mindestens {least}. Bitte mehr Geld einplanen oder "
        "die Wünsche lockern."),
        ("What is wished for costs {least} at least. Please plan for more money or loosen the "
        "wishes."),
    ),
    # measures of one place
    "helps_title": ("Was hier hilft", "What helps here"),
    "helps_order": (
        "Zuerst, was für jeden Euro am meisten Hitze von den Menschen nimmt.",
        "First what takes most heat off people for each euro.",
    ),
    "helps_wait": (
        "Maßnahmen werden durchgerechnet …",
        "Reckoning the measures …",
    ),
    "helps_begin": (
        "Maßnahmen hier durchrechnen (etwa {about})",
        "Reckon the measures here (about {about})",
    ),
    "offers_more": ("Weitere Maßnahmen ({n})", "More measures ({n})"),
    "helps_none": (
        "Wir kennen keine Maßnahme, die hier möglich ist und hilft.",
        "We know of no measure that is possible here and helps.",
    ),
    "helps_needless": (
        "Hier ist es an diesem Tag nicht heiß genug, dass eine Maßnahme zählt.",
        "It is not hot enough here on this day for a measure to count.",
    ),
    "cooler": (
        ("fühlt sich in den heißen Stunden im Schnitt {degrees}\N{NO-BREAK SPACE}°C kühler an"),
        ("feels {degrees}\N{NO-BREAK SPACE}°C cooler on average in the hot hours"),
    ),
    "cooler_not": (
        "fühlt sich in den heißen Stunden nicht kühler an",
        "does not feel cooler in the hot hours",
    ),
    "hotter": (
        "fühlt sich in den heißen Stunden im Schnitt {degrees}\N{NO-BREAK SPACE}°C heißer an",
        "feels {degrees}\N{NO-BREAK SPACE}°C hotter on average in the hot hours",
    ),
    "fewer": (
        "{n}\N{NO-BREAK SPACE}% weniger Wartezeit in der Hitze",
        "{n}\N{NO-BREAK SPACE}% less waiting in the heat",
    ),
    "less_heat": (
        "nimmt {n}\N{NO-BREAK SPACE}% der Hitze von den Menschen",
        "takes {n}\N{NO-BREAK SPACE}% of the heat off people",
    ),
    "more_heat": (
        "bringt {n}\N{NO-BREAK SPACE}% mehr Hitze",
        "brings {n}\N{NO-BREAK SPACE}% more heat",
    ),
    "mean_heat": (
        "im Mittel von {years} Jahren {n}\N{NO-BREAK SPACE}%",
        "{n}\N{NO-BREAK SPACE}% on average over {years} years",
    ),
    "level_step": (
        "Heißeste Stunde: Stufe {before} → {after}",
        "Hottest hour: level {before} → {after}",
    ),
    "level_same": (
        "Heißeste Stunde: bleibt Stufe {before}",
        "Hottest hour: stays at level {before}",
    ),
    "serves_water_reach": (
        "Trinkwasser für alle im Umkreis von {reach}\N{NO-BREAK SPACE}m",
        "Drinking water for all within {reach}\N{NO-BREAK SPACE}m",
    ),
    "serves_seat_reach": (
        "Sitzplatz für alle im Umkreis von {reach}\N{NO-BREAK SPACE}m",
        "A seat for all within {reach}\N{NO-BREAK SPACE}m",
    ),
    "cost_once": ("{euros} einmalig", "{euros} once"),
    "cost_free": ("kostet nichts", "costs nothing"),
    "cost_yearly": ("{euros} im Jahr", "{euros} a year"),
    "cost_between": (
        "Je nach Ort {low} bis {high}",
        "Depending on the place {low} to {high}",
    ),
    "upkeep_between": (
        "im Jahr {low} bis {high}",
        "each year {low} to {high}",
    ),
    "estimate_mark": ("Schätzung", "Estimate"),
    "feasible_0": ("machbar", "feasible"),
    "feasible_1": ("zu prüfen", "to be checked"),
    "details_of": ("Einzelheiten", "Details"),
    "details_for": ("zu: {names}", "of: {names}"),
    "check_first": ("Vorher zu prüfen", "To be checked before"),
    "met_title": ("Spricht nicht dagegen", "Nothing against it"),
    "grown_after": (
        "Volle Wirkung nach etwa {n} Jahren.",
        "Full effect after about {n} years.",
    ),
    "grown_at_once": ("Wirkt sofort.", "Works at once."),
    "lasts": ("Hält etwa {n} Jahre.", "Lasts about {n} years."),
    "who_decides": ("Zuständig: {who}.", "Decides: {who}."),
    "in_plan": ("Im Plan", "In the plan"),
    "worse_title": ("Macht es hier heißer", "Makes it hotter here"),
    "excluded_n": ("Geht hier nicht ({n})", "Not possible here ({n})"),
    "withheld_told": (
        "Bieten wir nirgends an, weil es die Hitze verschlimmert: {names}.",
        "We offer this nowhere, as it makes the heat worse: {names}.",
    ),
    "helps_how": (
        ("Jede Maßnahme ist mit derselben Physik neu gerechnet, fertig gewachsen und am "
        "gezeigten Tag. Preise sind keine Angebote."),
        ("Each measure is scored anew by the same physics, once grown and on the day shown. "
        "Prices are no offers."),
    ),
    # the plan
    "tab_list": ("Orte", "Places"),
    "tab_plan": ("Plan", "Plan"),
    "tabs": ("Ansicht", "View"),
    "plan_title": ("Der beste Plan für das Geld", "The best plan for the money"),
    "plan_intro": (
        "Welche Maßnahmen nehmen mit diesem Geld am meisten Hitze von den Menschen?",
        "Which measures take most heat off people for this money?",
    ),
    "budget": ("Budget", "Budget"),
    "budget_slider": ("Budget in Schritten", "Budget in steps"),
    "budget_field": ("Budget in Euro", "Budget in euros"),
    "upkeep_limit": ("Höchstens im Jahr", "At most each year"),
    "upkeep_field": ("Unterhalt im Jahr höchstens, in Euro", "Upkeep a year at most, in euros"),
    "upkeep_any": ("egal", "any"),
    "fair_switch": ("Gerecht auf die Stadtteile verteilen", "Spread fairly over the districts"),
    "fair_cells": (
        "Gerecht auf die Viertel verteilen",
        "Spread fairly over the quarters",
    ),
    "fair_why": (
        ("{alpha}\N{NO-BREAK SPACE}% des Geldes gehen an alle {n} Stadtteile, je nach ihrer "
        "Hitze; der Rest dahin, wo er am meisten hilft."),
        ("{alpha}\N{NO-BREAK SPACE}% of the money go to all {n} districts by their heat; the "
        "rest to where it helps most."),
    ),
    "fair_why_cells": (
        ("{alpha}\N{NO-BREAK SPACE}% des Geldes gehen an alle {n} Viertel (Quadrate von 500 m, "
        "weil die Karte keine Stadtteile kennt), je nach ihrer Hitze; der Rest dahin, wo er am "
        "meisten hilft."),
        ("{alpha}\N{NO-BREAK SPACE}% of the money go to all {n} quarters (squares of 500 m, as "
        "the map knows no districts) by their heat; the rest to where it helps most."),
    ),
    "fair_price": (
        "Die Gerechtigkeit kostet {n}\N{NO-BREAK SPACE}% der Wirkung.",
        "Fairness costs {n}\N{NO-BREAK SPACE}% of the effect.",
    ),
    "fair_free": (
        "Die Gerechtigkeit kostet hier nichts.",
        "Fairness costs nothing here.",
    ),
    "sum_works": ("{n} Orte", "{n} places"),
    "sum_works_one": ("1 Ort", "1 place"),
    "sum_cost": ("Kosten", "Cost"),
    "sum_upkeep": ("Unterhalt im Jahr", "Upkeep a year"),
    "sum_share": ("Hitze weniger, im Mittel", "Less heat, on average"),
    "sum_grown": ("wenn alles gewachsen ist", "once all has grown"),
    "percent": ("{n}\N{NO-BREAK SPACE}%", "{n}\N{NO-BREAK SPACE}%"),
    "sum_levels": (
        "Orte nach Stufe in der heißesten Stunde",
        "Places by level in the hottest hour",
    ),
    "before": ("jetzt", "now"),
    "after": ("mit Plan", "with plan"),
    "change": ("Änderung", "Change"),
    "shown_on_map": ("Die Karte zeigt", "The map shows"),
    "proof": (
        "Bewiesen: kein anderer Plan für dieses Geld nimmt mehr Hitze weg.",
        "Proven: no other plan for this money takes away more heat.",
    ),
    "proof_gap": (
        ("Bewiesen: kein anderer Plan nimmt mehr als {n}\N{NO-BREAK SPACE}% mehr Hitze weg "
        "als dieser."),
        "Proven: no other plan takes away more than {n}\N{NO-BREAK SPACE}% more heat than this.",
    ),
    "proof_time": (
        ("Die Zeit hat nicht gereicht: Der beste Plan könnte bis zu {n}\N{NO-BREAK SPACE}% mehr "
        "wegnehmen."),
        ("Time ran out: the best plan might take away up to {n}\N{NO-BREAK SPACE}% more."),
    ),
    "proof_wait": ("Wird gerechnet …", "Reckoning …"),
    "proof_live": (
        "Vorläufig, höchstens {n}\N{NO-BREAK SPACE}% unter dem besten. Wird genau gerechnet …",
        "Preliminary, at most {n}\N{NO-BREAK SPACE}% below the best. Reckoning exactly …",
    ),
    "proof_dragging": (
        "Vorläufig, höchstens {n}\N{NO-BREAK SPACE}% unter dem besten.",
        "Preliminary, at most {n}\N{NO-BREAK SPACE}% below the best.",
    ),
    "sure_wait": (
        "Wie sicher das ist, wird geprüft …",
        "How sure this is, is being tried …",
    ),
    "sure_n": (
        "Sichere Empfehlung: {n} von {works} Orten. {depends}",
        "Sure recommendation: {n} of {works} places. {depends}",
    ),
    "sure_mark": ("sichere Empfehlung", "sure recommendation"),
    "sure_share": (
        "bleibt so in {n}\N{NO-BREAK SPACE}% der Proben",
        "stays so in {n}\N{NO-BREAK SPACE}% of the trials",
    ),
    "sure_why": (
        ("Eine Probe rechnet den Plan mit anderen Wirkungen, Preisen und Gewichten neu; hier "
        "{draws} Mal."),
        ("A trial reckons the plan anew with other effects, prices and weights; here {draws} "
        "times."),
    ),
    "works_title": ("Was gebaut wird", "What is built"),
    "works_none": (
        "Für dieses Geld gibt es nichts, was Hitze von den Menschen nimmt.",
        "For this money there is nothing that takes heat off people.",
    ),
    "works_more": ("{n} weitere zeigen", "Show {n} more"),
    "work_level": ("Stufe {before} → {after}", "level {before} → {after}"),
    "work_same": ("bleibt Stufe {before}", "stays at level {before}"),
    "work_less": (
        "{n}\N{NO-BREAK SPACE}% weniger Hitze",
        "{n}\N{NO-BREAK SPACE}% less heat",
    ),
    "districts_table": ("Nach Stadtteilen", "By district"),
    "cells_table": ("Nach Vierteln", "By quarter"),
    "district": ("Stadtteil", "District"),
    "quarter": ("Viertel", "Quarter"),
    "nowhere": ("in keinem", "in none"),
    "works_head": ("Orte", "Places"),
    "cost_head": ("Kosten", "Cost"),
    "due_head": ("mindestens", "at least"),
    "less_head": ("Hitze", "Heat"),
    "save_plan": ("Plan speichern", "Save the plan"),
    "save_as": ("als {kind}", "as {kind}"),
    "plan_how": (
        ("Gezählt wird Hitze auf Menschen an einem solchen Tag, im Mittel über {years} Jahre: "
        "Bäume wachsen, Dächer altern. Nächte, Regen und Pflege durch Menschen vor Ort sind "
        "nicht dabei. Preise sind keine Angebote, und was zu prüfen ist, muss jemand vor Ort "
        "prüfen."),
        ("What counts is heat on people on such a day, on average over {years} years: trees "
        "grow, roofs wear out. Nights, rain and care by people on site are not in it. Prices "
        "are no offers, and what is to be checked somebody must check on site."),
    ),
    "plan_mark": ("im Plan", "in the plan"),
    "plan_in_card": (
        "Im Plan für {euros}: {names}.",
        "In the plan for {euros}: {names}.",
    ),
    # while it is reckoned
    "options_wait": (
        ("Alle Maßnahmen an allen Orten werden durchgerechnet. Das dauert etwa {about}, "
        "aber nur beim ersten Mal."),
        "Reckoning all measures at all places. This takes about {about}, but only the first time.",
    ),
    "options_since": ("Seit {since}.", "For {since} so far."),
    "options_long": (
        "Das dauert länger als gedacht.",
        "This takes longer than expected.",
    ),
    "seconds_n": ("{n}\N{NO-BREAK SPACE}Sekunden", "{n}\N{NO-BREAK SPACE}seconds"),
    "minutes_n": ("{n}\N{NO-BREAK SPACE}Minuten", "{n}\N{NO-BREAK SPACE}minutes"),
    "minute_one": ("1\N{NO-BREAK SPACE}Minute", "1\N{NO-BREAK SPACE}minute"),
    "plan_lost": (
        "Der Plan konnte nicht berechnet werden.",
        "The plan could not be reckoned.",
    ),
    "plan_fault": (
        "Der Plan konnte nicht berechnet werden: {reason}",
        "The plan could not be reckoned: {reason}",
    ),
    "plan_busy": (
        "Gerade wird zu viel anderes gerechnet. Versuche es in einer Minute wieder.",
        "Too much else is being reckoned. Try again in a minute.",
    ),
    "again": ("Noch einmal versuchen", "Try again"),
    "bad_budget": (
        "Der Link nennt kein lesbares Budget, daher ist kein Plan geöffnet.",
        "The link names no budget that reads, so no plan is open.",
    ),
    "bad_upkeep": (
        "Der Link nennt keinen lesbaren Unterhalt, daher gilt keine Grenze.",
        "The link names no upkeep that reads, so there is no limit.",
    ),
    "bad_fair": (
        "Der Link sagt nicht lesbar, ob gerecht verteilt wird, daher wird es nicht.",
        "The link does not say readably whether to spread fairly, so it is not done.",
    ),
}
# fmt: on
