"""What papers for a council say: one row a term, so that none lacks a language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .summary_terms import SUMMARY_TERMS

# fmt: off
PAPER_TERMS: Final[Mapping[str, tuple[str, str]]] = {
    **SUMMARY_TERMS,
    # what is decided
    "decide_title": ("Was beschlossen wird", "What is decided"),
    "decide_lead": ("Vorschlag für den Beschluss:", "Proposed decision:"),
    "decide_works": (
        "Die Stadt setzt die Maßnahmen der Liste um. Dafür sind {cost} vorgesehen.",
        "The city carries out the measures of the list. {cost} are set aside for it.",
    ),
    "decide_upkeep": (
        "Für den Unterhalt sind jedes Jahr {upkeep} vorgesehen.",
        "{upkeep} are set aside for upkeep each year.",
    ),
    "decide_check": (
        ("Die Verwaltung prüft vor jedem Bau die genannten Punkte, holt Angebote ein und "
        "berichtet, wo etwas nicht geht."),
        ("Before anything is built the administration checks the points named, asks for offers "
        "and reports where something cannot be done."),
    ),
    "decide_none": (
        "Mit diesem Plan ist nichts zu beschließen.",
        "With this plan there is nothing to decide.",
    ),
    "decide_table": ("Der Plan in Zahlen", "The plan in numbers"),
    "decide_what": ("Was", "What"),
    "decide_much": ("Wie viel", "How much"),
    "row_budget": ("Budget", "Budget"),
    "row_cost": ("Kosten, einmalig", "Cost, once"),
    "row_upkeep": ("Unterhalt je Jahr", "Upkeep each year"),
    "row_upkeep_most": ("Unterhalt je Jahr, höchstens erlaubt", "Upkeep each year, most allowed"),
    "row_works": ("Orte, an denen etwas geschieht", "Places where something is done"),
    "row_sites": ("Orte, die untersucht wurden", "Places looked at"),
    "row_relief": (
        "Entlastung (Personen·K·h, Mittel über {years} Jahre)",
        "Relief (person·K·h, mean over {years} years)",
    ),
    "row_heat_before": (
        "Hitze heute an allen Orten (Personen·K·h)",
        "Heat today at all places (person·K·h)",
    ),
    "row_heat_after": (
        "Hitze, wenn alles gewachsen ist (Personen·K·h)",
        "Heat once all has grown (person·K·h)",
    ),
    "row_bound": (
        "Mehr als so viel kann kein Plan mit diesen Vorgaben (Personen·K·h)",
        "No plan under these wishes can bring more than (person·K·h)",
    ),
    "row_gap": (
        "Abstand zum besten möglichen Plan höchstens",
        "At most so far from the best plan there is",
    ),
    "row_hours": (
        "Stunden von Menschen, die an diesem Tag weniger heiß werden",
        "Hours of people that become less hot on that day",
    ),
    "row_equity": ("Preis der Gerechtigkeit (Entlastung weniger)", "Price of equity (less relief)"),
    "row_years": (
        "Jahre, auf die sich die Arbeiten verteilen",
        "Years over which works are spread",
    ),
    "row_per_year": ("Orte je Jahr höchstens", "Places a year at most"),
    "row_fixed": ("Vorher festgelegt", "Fixed beforehand"),
    "row_without": ("Vorher ausgeschlossen", "Ruled out beforehand"),
    "row_at_least": ("Mindestens so viele: {kind}", "At least so many: {kind}"),
    "row_fewest": (
        "Zuerst so wenige heiße Orte wie möglich",
        "As few hot places as possible first",
    ),
    "row_coverage": (
        "Trinkwasser und Sitze in der Nähe zählen mit",
        "Water and seats near by count too",
    ),
    "yes": ("ja", "yes"),
    # map
    "map_title": ("Karte", "Map"),
    "map_alternative": (
        ("Karte von {city} mit den Orten des Plans als nummerierte Punkte. Alle Angaben stehen "
        "auch in der Liste."),
        ("Map of {city} with the places of the plan as numbered dots. All of it stands in the "
        "list too."),
    ),
    "map_caption": (
        ("Die Nummern sind die der Liste. Je dunkler ein Punkt, desto heißer ist der Ort heute "
        "({levels}). Liegen Punkte zu dicht, führt ein Strich zum genauen Ort. {credit}"),
        ("The numbers are those of the list. The darker a dot, the hotter the place is today "
        "({levels}). Where dots lie too close, a line leads to the exact place. {credit}"),
    ),
    "map_bare": (
        "Ohne Straßen und Häuser, da der Ordner der Stadt nicht vorlag.",
        "Without streets and houses, as the city's folder was not at hand.",
    ),
    "map_none": (
        "Der Plan hat keine Orte, daher gibt es keine Karte.",
        "The plan has no places, so there is no map.",
    ),
    "map_north": ("N", "N"),
    # list
    "list_title": ("Die Liste der Orte", "The list of places"),
    "list_none": ("Die Liste ist leer.", "The list is empty."),
    "list_lead": (
        ("Die Reihenfolge: nach Jahren, darin die größte Entlastung zuerst. Kosten: erst der "
        "übliche Preis, darunter, zwischen welchen Grenzen er liegt."),
        ("The order: by year, within it the most relief first. Cost: first the usual price, below "
        "it between which ends it lies."),
    ),
    "list_levels": (
        ("Stufen: {levels}. Die Stufe gilt für die heißeste Zeit des Tages; „nachher“ meint: wenn "
        "alles gewachsen ist. Keine amtliche Warnung."),
        ("Levels: {levels}. The level is that of the hottest time of the day; “after” means once "
        "all has grown. No official warning."),
    ),
    "list_relief": (
        ("Entlastung ist die Summe über den Tag, im Mittel der Jahre. An einzelnen Orten kann die "
        "heißeste Stunde trotzdem gleich bleiben oder wärmer werden; dann steht es beim Ort."),
        ("Relief is the sum over the day, on average over the years. At some places the hottest "
        "hour may yet stay the same or get warmer; then the place says so."),
    ),
    "same_name": ("{label} (Nr. {k} der Karte)", "{label} (no. {k} on the map)"),
    "list_caption": (
        "Orte und Maßnahmen in der Reihenfolge des Plans",
        "Places and measures in the plan's order",
    ),
    "col_number": ("Nr.", "No."),
    "col_place": ("Ort", "Place"),
    "col_measures": ("Maßnahmen, zuständig", "Measures, who is responsible"),
    "col_cost": ("Kosten (von\N{EN DASH}bis)", "Cost (low\N{EN DASH}high)"),
    "col_upkeep": ("Unterhalt je Jahr", "Upkeep a year"),
    "col_relief": ("Entlastung (Personen· K·h)", "Relief (person· K·h)"),
    "col_level": ("Stufe vorher → nachher", "Level before → after"),
    "col_feasible": ("Machbar?", "Feasible?"),
    "col_sure": ("Sicher?", "Sure?"),
    "responsible_is": ("Zuständig: {who}", "Responsible: {who}"),
    "no_district": ("ohne Stadtteil", "no district"),
    "in_year": ("Jahr {year}", "Year {year}"),
    "price_guess": ("Preis teils geschätzt", "Price partly an estimate"),
    "price_told": ("Preis übernommen", "Price handed down"),
    "felt_most": ("gefühlt {before} → {after} °C", "feels like {before} → {after} °C"),
    "feasible_ok": ("machbar", "feasible"),
    "feasible_check": ("erst prüfen", "check first"),
    "sure_yes": ("sicher", "sure"),
    "sure_no": ("hängt von Annahmen ab", "depends on assumptions"),
    "sure_share": ("gleich in {share} der Rechnungen", "the same in {share} of reckonings"),
    "sure_untold": ("nicht geprüft", "not tried"),
    # each place
    "each_title": ("Jeder Ort: warum, und was zu prüfen ist", "Each place: why, and what to check"),
    "each_lead": (
        "„Rang“ ordnet nach Entlastung für jeden Euro, die Nummer nach der Liste.",
        "“Rank” orders by relief for each euro, the number is that of the list.",
    ),
    "each_caption": ("Gründe und offene Prüfungen je Ort", "Reasons and open checks of each place"),
    "col_why": ("Warum hier, warum das", "Why here, why this"),
    "col_check": ("Vor dem Bau zu prüfen", "To check before building"),
    "warning_is": ("Hinweis: {text}", "Note: {text}"),
    "check_nothing": ("Nichts bekannt.", "Nothing known."),
    # districts
    "districts_title": ("Nach Stadtteilen", "By district"),
    "districts_none": ("Stadtteile sind nicht bekannt.", "Districts are not known."),
    "districts_caption": (
        "Kosten, Mindestanteil und Wirkung je Stadtteil",
        "Cost, floor and effect by district",
    ),
    "col_district": ("Stadtteil", "District"),
    "col_works": ("Orte im Plan, von allen", "Places in the plan, of all"),
    "col_spend": ("Kosten", "Cost"),
    "col_floor": ("Mindestanteil", "Floor"),
    "col_heat_before": ("Hitze heute (Personen·K·h)", "Heat today (person·K·h)"),
    "col_heat_after": ("Hitze danach", "Heat after"),
    "col_hot": (
        "Orte ab Stufe „sehr stark“, heute → danach",
        "Places from “very strong” on, today → after",
    ),
    "of_all": (
        "{n}\N{NO-BREAK SPACE}von\N{NO-BREAK SPACE}{all}",
        "{n}\N{NO-BREAK SPACE}of\N{NO-BREAK SPACE}{all}",
    ),
    "total": ("Zusammen", "In all"),
    "districts_rest": ("ohne Stadtteil", "in no district"),
    "floor_none": ("keiner", "none"),
    "districts_source": (
        "Grenzen der Stadtteile: {source}.",
        "Borders of the districts: {source}.",
    ),
    "equity_means": (
        ("Mindestanteil: So viel Geld soll wenigstens in den Stadtteil gehen, soweit es dort "
        "etwas zu tun gibt."),
        ("Floor: so much money at least shall go to the district, as far as there is something "
        "to do there."),
    ),
    # how sure
    "sure_title": ("Wie sicher das ist", "How sure this is"),
    "sure_lead": (
        ("Niemand kennt alle Zahlen genau. Deshalb wurde {draws}-mal neu gerechnet, jedes Mal mit "
        "anderen Preisen, Wirkungen, Wartenden und Gewichten."),
        ("Nobody knows all the numbers well. So it was reckoned anew {draws} times, each time with "
        "other prices, effects, numbers waiting and weights."),
    ),
    "sure_relief": (
        ("In neun von zehn Rechnungen liegt die Entlastung dieses Plans zwischen {low} und {high} "
        "Personen·K·h."),
        ("In nine of ten reckonings the relief of this plan lies between {low} and {high} "
        "person·K·h."),
    ),
    "sure_cost": (
        "In neun von zehn Rechnungen liegen die Kosten zwischen {low} und {high}.",
        "In nine of ten reckonings the cost lies between {low} and {high}.",
    ),
    "sure_sites": (
        ("Sichere Empfehlung bei {sure} von {n} Orten: Dort bleiben fast immer dieselben "
        "Maßnahmen. Das übrige ist eine gute, aber nicht die einzig richtige Antwort."),
        ("A sure recommendation at {sure} of {n} places: there the measures nearly always stay "
        "the same. The rest is a good answer, but not the only right one."),
    ),
    "sure_table": (
        "Wie viel des Geldes anderswohin ginge, wenn sich nur das ändert",
        "How much of the money would go elsewhere if that alone changed",
    ),
    "col_assumption": ("Annahme", "Assumption"),
    "col_moved": ("Geld, das anderswohin geht", "Money that goes elsewhere"),
    # prices
    "prices_title": ("Woher die Preise kommen", "Where the prices come from"),
    "prices_lead": (
        ("Keiner dieser Preise ist ein Angebot. „Schätzung“: von uns angesetzt. „Übernommen, nicht "
        "geprüft“: aus einer genannten Quelle, die wir nicht selbst gelesen haben."),
        ("None of these prices is an offer. “Estimate”: set by us. “Handed down, unchecked”: from "
        "a source that is named but that we did not read ourselves."),
    ),
    "prices_none": ("Es sind keine Maßnahmen geplant.", "No measures are planned."),
    "prices_caption": (
        "Preise und Dauer je Maßnahme mit Art und Quelle",
        "Prices and life of each measure with kind and source",
    ),
    "col_measure": ("Maßnahme", "Measure"),
    "col_quantity": ("Angabe", "Figure"),
    "col_kind": ("Art", "Kind"),
    "col_source": ("Quelle", "Source"),
    "figure_invest_low": ("Preis, niedrig", "Price, low"),
    "figure_invest_typical": ("Preis, üblich", "Price, usual"),
    "figure_invest_high": ("Preis, hoch", "Price, high"),
    "figure_upkeep_low": ("Unterhalt je Jahr, niedrig", "Upkeep a year, low"),
    "figure_upkeep_typical": ("Unterhalt je Jahr, üblich", "Upkeep a year, usual"),
    "figure_upkeep_high": ("Unterhalt je Jahr, hoch", "Upkeep a year, high"),
    "figure_life": ("Hält", "Lasts"),
    "figure_full_effect": ("Volle Wirkung nach", "Full effect after"),
    "unit_years": ("{n} Jahren", "{n} years"),
    "unit_at_once": ("sofort", "at once"),
    "unit_years_life": ("{n} Jahre", "{n} years"),
    "prices_catalogue": (
        "Der Katalog der Maßnahmen: {name}.",
        "The catalogue of measures: {name}.",
    ),
    # grounds
    "grounds_title": ("Worauf das beruht", "What it rests on"),
    "grounds_day": ("Der gerechnete Tag", "The day it was reckoned for"),
    "grounds_assumed": ("Annahmen", "Assumptions"),
    "grounds_missing": ("Was nicht berücksichtigt ist", "What was not considered"),
    "grounds_english": (
        "Diese Sätze gibt es nur auf Englisch:",
        "",
    ),
    "grounds_notes": ("Hinweise der Rechnung", "Notes of the reckoning"),
    "end_title": ("Warnung, Lizenz, Herkunft", "Warning, licence, origin"),
    "warn_title": ("Keine amtliche Warnung", "No official warning"),
    "warn_text": (
        ("Dieser Plan und seine Stufen sind keine amtliche Warnung. Vor Hitze warnt in Deutschland "
        "der Deutsche Wetterdienst (DWD): www.dwd.de."),
        ("This plan and its levels are no official warning. In Germany it is the German weather "
        "service (DWD) that warns of heat: www.dwd.de."),
    ),
    "licence_title": ("Lizenz und Namensnennung", "Licence and attribution"),
    "licence_text": ("Daten: {attribution}.", "Data: {attribution}."),
    "licence_name": ("Lizenz der Daten: {licence}.", "Licence of the data: {licence}."),
    "licence_map": ("Hintergrund der Karte: {credit}.", "Ground of the map: {credit}."),
    "licence_file": (
        ("Gemacht mit HiRo aus der Datei des Plans. Alle Zahlen stehen genauer dort. "
        "Prüfsumme der Datei (SHA-256): {digest}"),
        ("Made with HiRo from the file of the plan, which has all numbers in full. "
        "Checksum of the file (SHA-256): {digest}"),
    ),
}
# fmt: on
