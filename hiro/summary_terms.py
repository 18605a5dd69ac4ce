"""What the first page of a paper for a council says: one row a term, in German and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# fmt: off
SUMMARY_TERMS: Final[Mapping[str, tuple[str, str]]] = {
    # the first page
    "paper_title_n": (
        "Schutz vor Hitze: {n} Orte in {city}",
        "Shelter from heat: {n} places in {city}",
    ),
    "paper_title_one": (
        "Schutz vor Hitze: ein Ort in {city}",
        "Shelter from heat: one place in {city}",
    ),
    "paper_title_none": (
        "Schutz vor Hitze in {city}: kein Ort",
        "Shelter from heat in {city}: no place",
    ),
    "paper_subtitle": (
        "Vorlage für den Rat. Gerechnet für einen heißen Tag: {day}.",
        "Paper for the council. Reckoned for one hot day: {day}.",
    ),
    "paper_contents": ("Inhalt", "Contents"),
    "paper_page": ("Seite", "Page"),
    "sum_title": ("Das Wichtigste auf einer Seite", "The main points on one page"),
    "sum_title_other": ("Das Wichtigste auf Deutsch", "The main points in English"),
    "sum_what": ("Worum geht es?", "What is it about?"),
    "sum_what_text": (
        ("An heißen Tagen leiden Menschen, die draußen warten, spielen, lernen oder sich "
        "ausruhen. Dieser Plan zeigt, wo die Stadt mit ihrem Geld am meisten dagegen tun kann."),
        ("On hot days people suffer who wait, play, learn or rest outdoors. This plan shows "
        "where the city can do most about it for its money."),
    ),
    "sum_do": ("Was ist geplant?", "What is planned?"),
    "sum_do_n": (
        "An {n} Orten soll etwas getan werden: {measures}.",
        "Something is to be done at {n} places: {measures}.",
    ),
    "sum_do_one": (
        "An einem Ort soll etwas getan werden: {measures}.",
        "Something is to be done at one place: {measures}.",
    ),
    "sum_do_none": (
        "Nichts: Für dieses Budget und diese Vorgaben wurde keine Maßnahme gewählt.",
        "Nothing: for this budget and these wishes no measure was chosen.",
    ),
    "sum_do_more": ("und weitere Maßnahmen", "and more measures"),
    "sum_do_years": (
        "Die Arbeiten verteilen sich auf bis zu {n} Jahre.",
        "The works are spread over up to {n} years.",
    ),
    "sum_cost": ("Was kostet das?", "What does it cost?"),
    "sum_cost_text": (
        "Einmal {cost}, bei einem Budget von {budget}. Dazu jedes Jahr {upkeep} für den Unterhalt.",
        "{cost} once, of a budget of {budget}. Then {upkeep} of upkeep each year.",
    ),
    "sum_cost_range": (
        ("Die Preise sind keine Angebote. In neun von zehn Rechnungen mit anderen Preisen kosten "
        "dieselben Maßnahmen rund {low} bis {high}\N{NO-BREAK SPACE}€."),
        ("The prices are no offers. In nine of ten reckonings with other prices the same "
        "measures cost about {low} to {high}\N{NO-BREAK SPACE}€."),
    ),
    "sum_cost_over": (
        "Das kann also mehr sein als das Budget.",
        "So it may be more than the budget.",
    ),
    "sum_cost_unsure": ("Die Preise sind keine Angebote.", "The prices are no offers."),
    "sum_gain": ("Was bringt das?", "What does it bring?"),
    "sum_gain_text": (
        ("Der Plan nimmt den Menschen rund {relief} Personen·K·h Hitze ab, im Mittel der Jahre, "
        "die er wirkt. Ein Personen·K·h heißt: Ein Mensch hat es eine Stunde lang ein Grad weniger "
        "heiß. Wer Hitze schlecht verträgt, zählt mehr."),
        ("The plan takes about {relief} person·K·h of heat off people, on average over the "
        "years it works. One person·K·h means: one human being has it one degree less hot for one "
        "hour. Those who bear heat badly count for more."),
    ),
    "sum_gain_before": (
        ("Heute sind es an allen {n} untersuchten Orten zusammen rund {before} Personen·K·h an "
        "einem solchen Tag. Wenn alles gewachsen ist, sind es noch rund {after}."),
        ("Today it is about {before} person·K·h on such a day at all {n} places looked at. Once "
        "all has grown it is about {after}."),
    ),
    "sum_fair": ("Ist das gerecht verteilt?", "Is it fairly spread?"),
    "sum_fair_spend": (
        ("Ein Anteil von {share} des Budgets ist nach der Hitze auf die Stadtteile verteilt, "
        "damit keiner leer ausgeht."),
        ("A share of {share} of the budget goes to the districts by their heat, so that none "
        "goes without."),
    ),
    "sum_fair_need": (
        "Der Stadtteil, dem am wenigsten geholfen wird, bekommt so viel Hilfe wie möglich.",
        "The district that is helped least is helped as much as may be.",
    ),
    "sum_fair_price": (
        ("Das kostet {price} der Entlastung, die ohne diese Vorgabe möglich wäre. "
        "Diesen Preis der Gerechtigkeit muss der Rat wollen."),
        ("That costs {price} of the relief that would be possible without that rule. "
        "This price of equity is for the council to want."),
    ),
    "sum_fair_free": (
        "Das kostet keine Entlastung.",
        "That costs no relief.",
    ),
    "sum_fair_none": (
        ("Es gibt keine Mindestanteile für Stadtteile. Das Geld geht dahin, wo es am meisten "
        "bringt. Stadtteile können leer ausgehen."),
        ("There are no floors for districts. The money goes where it brings most. Districts may "
        "go without."),
    ),
    "sum_sure": ("Wie sicher ist das?", "How sure is it?"),
    "sum_sure_text": (
        ("Wir haben {draws}-mal mit anderen Annahmen gerechnet. Bei {sure} von {n} Orten bleiben "
        "dabei fast immer dieselben Maßnahmen. Bei den übrigen kommt es auf die Annahmen an."),
        ("We reckoned {draws} times with other assumptions. At {sure} of {n} places the measures "
        "nearly always stay the same. For the others it depends on the assumptions."),
    ),
    "sum_sure_none": (
        "Wie sehr der Plan von Annahmen abhängt, wurde nicht geprüft.",
        "How far the plan depends on assumptions was not tried.",
    ),
    "sum_check": ("Was ist noch zu klären?", "What is still to be settled?"),
    "sum_check_text": (
        ("Leitungen, Eigentum, Denkmalschutz und vieles mehr stehen auf keiner Karte. Vor dem Bau "
        "muss das jemand prüfen. Was an jedem Ort zu prüfen ist, steht im Teil „{part}“."),
        ("Pipes, owners, listed sites and much more are on no map. Someone must check them before "
        "anything is built. What to check at each place stands in the part “{part}”."),
    ),
    "sum_sure_people": (
        "Wie viele Menschen da sind, ist an {n} von {all} Orten angenommen, nicht gezählt.",
        "How many people are there is assumed, not counted, at {n} of {all} places.",
    ),
}
# fmt: on
