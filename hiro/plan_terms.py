"""What plans say: one row a term, so that none lacks a language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .rule_terms import RULE_TERMS

# fmt: off
PLAN_TERMS: Final[Mapping[str, tuple[str, str]]] = {
    **RULE_TERMS,
    "verdict": ("Machbarkeit", "Feasibility"),
    "verdict_ok": ("machbar", "feasible"),
    "verdict_check": ("zu prüfen", "to be checked"),
    "verdict_excluded": ("ausgeschlossen", "excluded"),
    "family_green": ("grün", "green"),
    "family_grey": ("baulich", "grey"),
    "family_blue": ("Wasser", "blue"),
    "family_operational": ("organisatorisch", "operational"),
    "group_shade": ("Schatten", "Shade"),
    "group_roof": ("Dach", "Roof"),
    "group_panes": ("Scheiben", "Panes"),
    "group_ground": ("Boden", "Ground"),
    "group_water": ("Wasser", "Water"),
    "group_siting": ("Standort", "Siting"),
    "group_seat": ("Sitzen", "Seat"),
    "group_operation": ("Betrieb", "Operation"),
    "per_place": ("je Warteplatz", "per waiting place"),
    "per_site": ("je Ort", "per site"),
    "per_m2": ("je m²", "per m²"),
    "source_kind_published": ("veröffentlicht, von uns gelesen", "published, read by us"),
    "source_kind_measured": ("gemessen", "measured"),
    "source_kind_reported": ("übernommen, nicht geprüft", "handed down, unchecked"),
    "source_kind_estimate": ("Schätzung", "estimate"),
    "price_estimate": ("Der Preis ist eine Schätzung.", "The price is an estimate."),
    "price_reported": (
        "Der Preis ist übernommen und nicht geprüft.",
        "The price is handed down and unchecked.",
    ),
    "responsible": ("Zuständig", "Responsible"),
    "serves_water": ("Trinkwasser", "Drinking water"),
    "serves_seat": ("Sitzplatz", "Seat"),
    "serves_note": (
        "Das macht den Ort nicht kühler. Gezählt wird, wer es zu Fuß erreicht.",
        "This does not make the place cooler. What counts is who reaches it on foot.",
    ),
    # what measures make of a shelter; the other kinds stand in `hiro.terms`
    "shelter_film_open": ("Glasdach mit Folie, offen", "glass roof with film, open"),
    "shelter_film_closed": ("Glasdach mit Folie, geschlossen", "glass roof with film, closed in"),
    "shelter_sail": ("Sonnensegel", "shade sail"),
    "shelter_pergola": ("Pergola", "pergola with climbers"),
    "shelter_parasol": ("Sonnenschirm", "parasol"),
    # what may make things worse
    "closed_clear_shelter": (
        ("Achtung: Unter einem geschlossenen Glasdach kann es heißer sein als in der Sonne. "
        "Scheiben öffnen oder Folie aufbringen."),
        ("Beware: beneath a closed glass roof it may be hotter than in the sun. Open the panes "
        "or add a film."),
    ),
    "bright_without_shade": (
        ("Achtung: Heller Boden ohne Schatten wirft die Sonne auf die Wartenden. Nur zusammen "
        "mit Schatten sinnvoll."),
        ("Beware: bright ground without shade throws the sun at whoever waits. It makes sense "
        "only together with shade."),
    ),
    "mist_in_humid_air": (
        "Achtung: In feuchter Luft kühlt Nebel kaum und macht es schwüler.",
        "Beware: in moist air mist hardly cools and makes it more sultry.",
    ),
    "worse_than_before": (
        "Achtung: Nach der Rechnung wird es hier heißer als vorher.",
        "Beware: by our reckoning it gets hotter here than before.",
    ),
    "hotter_at_its_hottest": (
        ("Achtung: Die heißeste Stunde des Tages wird hier etwas heißer als vorher, die Summe über "
        "den Tag wird kleiner. Schatten wandert weiter, und Blätter geben mehr Wärme ab als freier "
        "Himmel."),
        ("Beware: the hottest hour of the day gets a little hotter here than before, while the sum "
        "over the day gets less. Shade moves on, and leaves give off more warmth than open sky."),
    ),
    "crown_keeps_night_warm": (
        ("Unter einer Baumkrone bleibt es nach Sonnenuntergang wärmer: In Tempe (Arizona) lag "
        "die Strahlungstemperatur 5 Grad höher (übernommen, nicht geprüft)."),
        ("Beneath a crown it stays warmer after sunset: in Tempe (Arizona) the radiant "
        "temperature was 5 degrees higher (handed down, unchecked)."),
    ),
    "upkeep_over_20_years": ("Unterhalt in 20 Jahren: {euros}.", "Upkeep over 20 years: {euros}."),
    "life_ends": (
        "Hält etwa {years} Jahre. Danach ist neu zu entscheiden.",
        "Lasts about {years} years. After that it is a new decision.",
    ),
    "full_effect_after": (
        "Volle Wirkung nach etwa {years} Jahren.",
        "Full effect after about {years} years.",
    ),
    "full_effect_at_once": ("Wirkt sofort.", "Works at once."),
    "robust_none": (
        "Keine der geprüften Annahmen allein ändert den Plan.",
        "None of the assumptions that were tried changes the plan alone.",
    ),
    "robust_most": (
        ("Am meisten hängt der Plan ab von: {what}. Ändert sich nur das, geht im Mittel {share} "
        "des Geldes an andere Orte oder Maßnahmen."),
        ("The plan depends most on: {what}. If that alone changes, {share} of the money goes to "
        "other places or measures on average."),
    ),
    "robust_kept": (
        ("Unter anderen Annahmen bringt der Plan so, wie er ist, im mittleren Fall {share} dessen, "
        "was der dann beste Plan bringt."),
        ("Under other assumptions the plan as it is brings, in the middle case, {share} of what "
        "the plan that is best then brings."),
    ),
    "robust_single": (
        "Von den einzelnen Maßnahmen bewegt am meisten: {what} ({share}).",
        "Of single measures it is moved most by: {what} ({share}).",
    ),
    "robust_effects": ("Wirkung der Maßnahmen", "effect of the measures"),
    "robust_effect_of": ("Wirkung von „{measure}“", "effect of “{measure}”"),
    "robust_costs": ("Preise", "prices"),
    "robust_waiting": ("Zahl der Wartenden", "how many people wait"),
    "robust_weights": ("Verletzlichkeit der Wartenden", "how vulnerable they are"),
    "robust_sure": ("sichere Empfehlung", "sure recommendation"),
    "robust_unsure": ("hängt von Annahmen ab", "depends on assumptions"),
    "reason_rank": (
        "Rang {rank} von {n} nach Entlastung je Euro: {relief} Personen·K·h für {euros} €.",
        "Rank {rank} of {n} by relief per euro: {relief} person·K·h for {euros} €.",
    ),
    "reason_share": (
        "Das sind {share} der Hitzelast an diesem Ort.",
        "That is {share} of the burden of heat at this place.",
    ),
    "reason_fixed": ("Fest vorgegeben.", "Fixed in by you."),
    "reason_served": ("Bietet allen im Umkreis: {what}.", "Offers to all around: {what}."),
    "reason_floor": (
        "Zählt zum Mindestanteil für {district}.",
        "Counts towards the floor of {district}.",
    ),
    "reason_year": ("Im {year}. Jahr.", "In year {year}."),
    "reason_cause": (
        "Hauptgrund der Hitze hier: {cause}.",
        "Main cause of the heat here: {cause}.",
    ),
    "reason_cause_sun": ("Sonne", "sun"),
    "reason_cause_ground": ("warmer Boden", "warm ground"),
    "reason_cause_wind": ("wenig Wind", "little wind"),
    "reason_cause_waiting": ("langes Warten", "long waiting"),
    "reason_cause_age": ("verletzliche Menschen", "vulnerable people"),
}
# fmt: on
