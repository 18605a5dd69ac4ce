"""Why a measure can, may or cannot be: a sentence for each answer of a rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# fmt: off
RULE_TERMS: Final[Mapping[str, tuple[str, str]]] = {
    "why_kind_met": (
        "Die Maßnahme passt zu dieser Art von Ort ({kind}).",
        "The measure fits this kind of place ({kind}).",
    ),
    "why_kind_failed": (
        "Die Maßnahme ist für diese Art von Ort nicht gedacht ({kind}).",
        "The measure is not meant for this kind of place ({kind}).",
    ),
    "why_room_failed": (
        "Die Karte zeigt hier keinen geeigneten Platz dafür.",
        "The map shows no suitable spot for it here.",
    ),
    "why_shelter_met": (
        "Das heutige Dach ist bekannt. Die Maßnahme passt an {n_fit} von {n_places} Warteplätzen.",
        "The roof of today is known. The measure fits {n_fit} of {n_places} waiting places.",
    ),
    "why_shelter_failed": (
        "Hier gibt es nichts, was die Maßnahme ändern kann. Heute: {shelter}.",
        "There is nothing here for the measure to change. Today: {shelter}.",
    ),
    "why_shelter_unknown": (
        ("An {n_unknown} von {n_places} Warteplätzen ist nicht sicher bekannt, welches Dach "
        "dort steht. Bitte vor Ort nachsehen."),
        ("At {n_unknown} of {n_places} waiting places it is not surely known which roof stands "
        "there. Please look on site."),
    ),
    "why_pipes_met": (
        "Die nächste Leitung liegt {value} m entfernt. Nötig sind {limit} m.",
        "The nearest pipe is {value} m away. Needed are {limit} m.",
    ),
    "why_pipes_near": (
        ("Die nächste Leitung liegt nur {value} m entfernt, nötig sind {limit} m. Mit einem "
        "Wurzelschutz kann es gehen."),
        ("The nearest pipe is only {value} m away, needed are {limit} m. With a root barrier it"
        " may do."),
    ),
    "why_pipes_failed": (
        "Eine Leitung liegt nur {value} m entfernt. Unter {least} m hilft auch kein Wurzelschutz.",
        "A pipe is only {value} m away. Below {least} m no root barrier helps.",
    ),
    "why_pipes_unknown": (
        ("Lage der Leitungen unbekannt. Ein Baum braucht {limit} m Abstand oder einen "
        "Wurzelschutz. Bitte Leitungsauskunft einholen."),
        ("Where pipes lie is unknown. A tree needs {limit} m of distance or a root barrier. "
        "Please ask for the plans of pipes."),
    ),
    "why_pit_met": (
        "Für die Wurzeln ist Platz: {value} m³ Boden, nötig sind {limit} m³.",
        "There is room for the roots: {value} m³ of soil, needed are {limit} m³.",
    ),
    "why_pit_failed": (
        "Für die Wurzeln ist zu wenig Platz: {value} m³ Boden, nötig sind {limit} m³.",
        "There is too little room for the roots: {value} m³ of soil, needed are {limit} m³.",
    ),
    "why_pit_unknown": (
        "Ob im Boden {limit} m³ Platz für die Wurzeln sind, ist unbekannt.",
        "Whether the ground has {limit} m³ of room for the roots is unknown.",
    ),
    "why_catenary_met": ("Hier hängt keine Fahrleitung.", "No overhead wire hangs here."),
    "why_catenary_mapped": (
        "Die Karte zeigt hier keine Straßenbahn, also keine Fahrleitung der Straßenbahn.",
        "The map shows no tramway here, thus no overhead wire of trams.",
    ),
    "why_catenary_near": (
        ("Hier hängt eine Fahrleitung oder die Straßenbahn fährt nah vorbei. Die Krone muss "
        "davon frei bleiben."),
        "An overhead wire hangs here, or trams pass close by. The crown must keep clear of it.",
    ),
    "why_catenary_unknown": (
        "Ob hier eine Fahrleitung hängt, ist unbekannt. Die Krone müsste davon frei bleiben.",
        ("Whether an overhead wire hangs here is unknown. The crown would have to keep clear of"
        " it."),
    ),
    "why_lane_met": (
        "Die Krone reicht nicht über die Fahrbahn: sie ist {value} m entfernt.",
        "The crown does not reach over the lane, which is {value} m away.",
    ),
    "why_lane_near": (
        ("Die Krone wächst über die Fahrbahn ({value} m entfernt). Dort müssen {limit} m Höhe "
        "frei bleiben."),
        ("The crown will grow over the lane ({value} m away). There {limit} m of height must "
        "stay clear."),
    ),
    "why_lane_unknown": (
        "Abstand zur Fahrbahn unbekannt. Über einer Fahrbahn müssen {limit} m Höhe frei bleiben.",
        "The distance to the lane is unknown. Above a lane {limit} m of height must stay clear.",
    ),
    "why_fall_zone_met": (
        "Der Platz liegt nicht im Fallbereich von Spielgeräten.",
        "The spot is not in the fall zone of play equipment.",
    ),
    "why_fall_zone_failed": (
        "Der Platz liegt im Fallbereich von Spielgeräten. Dort darf nichts Hartes stehen.",
        "The spot is in the fall zone of play equipment, where nothing hard may stand.",
    ),
    "why_fall_zone_unknown": (
        ("Wo Kinder von Spielgeräten fallen können, darf nichts Hartes stehen. Bitte vor Ort "
        "prüfen."),
        ("Where children may fall from play equipment nothing hard may stand. Please check on "
        "site."),
    ),
    "why_passage_met": (
        "Es bleiben {value} m Weg frei. Nötig sind {limit} m.",
        "{value} m of way stay free. Needed are {limit} m.",
    ),
    "why_passage_failed": (
        "Es bleiben nur {value} m Weg frei. Für Rollstühle und Kinderwagen sind {limit} m nötig.",
        "Only {value} m of way stay free. Wheelchairs and prams need {limit} m.",
    ),
    "why_passage_unknown": (
        ("Ob {limit} m Weg für Rollstühle und Kinderwagen frei bleiben, ist unbekannt. Bitte "
        "messen."),
        "Whether {limit} m of way stay free for wheelchairs and prams is unknown. Please measure.",
    ),
    "why_watering_met": ("Das Gießen im Sommer ist geregelt.", "Watering in summer is settled."),
    "why_watering_failed": (
        "Niemand gießt den Baum im Sommer.",
        "Nobody waters the tree in summer.",
    ),
    "why_watering_unknown": (
        "Jemand muss den Baum den ganzen Sommer gießen. Wer, ist noch offen.",
        "Somebody must water the tree all summer. Who is still open.",
    ),
    "why_waiting_depth_met": (
        "Die Wartefläche ist {value} m tief. Nötig sind {limit} m.",
        "The waiting area is {value} m deep. Needed are {limit} m.",
    ),
    "why_waiting_depth_failed": (
        "Die Wartefläche ist nur {value} m tief. Nötig sind {limit} m.",
        "The waiting area is only {value} m deep. Needed are {limit} m.",
    ),
    "why_waiting_depth_unknown": (
        "Tiefe der Wartefläche unbekannt. Nötig sind {limit} m. Bitte messen.",
        "The depth of the waiting area is unknown. Needed are {limit} m. Please measure.",
    ),
    "why_roof_height_met": (
        "Die freie Höhe reicht: {value} m, nötig sind {limit} m.",
        "The clear height is enough: {value} m, needed are {limit} m.",
    ),
    "why_roof_height_failed": (
        "Die freie Höhe reicht nicht: {value} m, nötig sind {limit} m unter dem Dach.",
        "The clear height is not enough: {value} m, needed are {limit} m beneath the roof.",
    ),
    "why_roof_height_unknown": (
        "Ob {limit} m Höhe unter dem Dach frei bleiben, ist unbekannt.",
        "Whether {limit} m of height stay clear beneath the roof is unknown.",
    ),
    "why_kerb_met": (
        "Das Dach endet {value} m vor dem Bordstein. Nötig sind {limit} m.",
        "The roof ends {value} m before the kerb. Needed are {limit} m.",
    ),
    "why_kerb_failed": (
        "Das Dach endet nur {value} m vor dem Bordstein. Nötig sind {limit} m.",
        "The roof ends only {value} m before the kerb. Needed are {limit} m.",
    ),
    "why_kerb_unknown": (
        "Ob zwischen Dach und Bordstein {limit} m bleiben, ist unbekannt. Bitte messen.",
        "Whether {limit} m are left between roof and kerb is unknown. Please measure.",
    ),
    "why_heritage_met": ("Kein Denkmalschutz.", "The site is not listed."),
    "why_heritage_near": (
        "Denkmalschutz: Die Genehmigung dauert {least} bis {limit} Monate länger.",
        "Listed site: the permit takes {least} to {limit} months more.",
    ),
    "why_heritage_unknown": (
        ("Denkmalschutz unbekannt. Eine Genehmigung würde {least} bis {limit} Monate länger "
        "dauern."),
        ("Whether the site is listed is unknown. A permit would take {least} to {limit} months "
        "more."),
    ),
    "why_ad_contract_met": (
        "Der Eigentümer des Wartehauses stimmt zu.",
        "The owner of the shelter agrees.",
    ),
    "why_ad_contract_failed": (
        "Der Eigentümer des Wartehauses stimmt nicht zu.",
        "The owner of the shelter does not agree.",
    ),
    "why_ad_contract_unknown": (
        "Das Wartehaus gehört oft einer Werbefirma. Ob sie zustimmt, ist unbekannt.",
        "The shelter often belongs to an advertising company. Whether it agrees is unknown.",
    ),
    "why_roof_load_met": (
        "Das Dach trägt {value} kg/m² mehr. Nötig sind {limit} kg/m².",
        "The roof carries {value} kg/m² more. Needed are {limit} kg/m².",
    ),
    "why_roof_load_failed": (
        "Das Dach trägt nur {value} kg/m² mehr. Nötig sind {limit} kg/m².",
        "The roof carries only {value} kg/m² more. Needed are {limit} kg/m².",
    ),
    "why_roof_load_unknown": (
        ("Ob das Dach {limit} kg/m² mehr trägt, ist unbekannt. Die meisten Wartehäuser tragen "
        "das nicht."),
        "Whether the roof carries {limit} kg/m² more is unknown. Most shelters do not.",
    ),
    "why_rain_met": (
        "Wind und Regen sind hier kein Hindernis.",
        "Wind and rain do not stand against it here.",
    ),
    "why_rain_failed": (
        "Die Scheiben werden gegen Wind und Regen gebraucht.",
        "The panes are needed against wind and rain.",
    ),
    "why_rain_unknown": (
        "Ohne Scheiben kommen Wind und Regen herein. Bitte abwägen.",
        "Without panes wind and rain come in. Please weigh it.",
    ),
    "why_climbing_met": (
        "Klettern ist hier kein Hindernis.",
        "Climbing does not stand against it here.",
    ),
    "why_climbing_failed": (
        "Kinder würden hinaufklettern. Das ist hier nicht erlaubt.",
        "Children would climb it, which is not allowed here.",
    ),
    "why_climbing_unknown": (
        "Kinder können hinaufklettern. Manche Städte lehnen das auf Spielplätzen ab.",
        "Children may climb it. Some cities refuse this on playgrounds.",
    ),
    "why_take_down_met": (
        "Jemand nimmt das Segel ab, wenn der Wind {limit} m/s erreicht.",
        "Somebody takes the sail down when the wind reaches {limit} m/s.",
    ),
    "why_take_down_failed": (
        "Niemand ist da, der das Segel bei {limit} m/s Wind abnimmt.",
        "Nobody is there to take the sail down in {limit} m/s of wind.",
    ),
    "why_take_down_unknown": (
        "Ab {limit} m/s Wind muss jemand das Segel abnehmen. Wer, ist noch offen.",
        "From {limit} m/s of wind on somebody must take the sail down. Who is still open.",
    ),
    "why_staff_met": (
        "Jemand ist da, der den Schirm schließt.",
        "Somebody is there to close the parasol.",
    ),
    "why_staff_failed": (
        "Niemand ist da, der den Schirm schließt.",
        "Nobody is there to close the parasol.",
    ),
    "why_staff_unknown": (
        "Jemand muss den Schirm schließen. Wer, ist noch offen.",
        "Somebody must close the parasol. Who is still open.",
    ),
    "why_sealed_met": (
        "{value} % des Bodens sind versiegelt. Das lässt sich ändern.",
        "{value} % of the ground is sealed, which can be changed.",
    ),
    "why_sealed_failed": (
        "Nur {value} % des Bodens sind versiegelt. Hier gibt es kaum etwas zu ändern.",
        "Only {value} % of the ground is sealed. There is hardly anything to change here.",
    ),
    "why_sealed_mapped": (
        ("Nach der Karte sind {value} % des Bodens versiegelt. Karten sind hier ungenau, bitte "
        "nachsehen."),
        "By the map {value} % of the ground is sealed. Maps are coarse here, please look.",
    ),
    "why_sealed_unknown": (
        "Ob der Boden versiegelt ist, ist unbekannt.",
        "Whether the ground is sealed is unknown.",
    ),
    "why_contamination_met": ("Der Boden ist sauber.", "The soil is clean."),
    "why_contamination_failed": (
        "Der Boden ist belastet. Er muss versiegelt bleiben, bis er saniert ist.",
        "The soil is contaminated. It must stay sealed until it is cleaned.",
    ),
    "why_contamination_unknown": (
        "Ob der Boden belastet ist, ist unbekannt. Bitte prüfen lassen.",
        "Whether the soil is contaminated is unknown. Please have it tested.",
    ),
    "why_lines_beneath_met": (
        "Unter der Fläche liegen keine Leitungen.",
        "No pipes or cables lie beneath.",
    ),
    "why_lines_beneath_near": (
        "Unter der Fläche liegen Leitungen. Dort darf nur flach gepflanzt werden.",
        "Pipes or cables lie beneath. Only shallow roots may grow there.",
    ),
    "why_lines_beneath_unknown": (
        "Ob Leitungen unter der Fläche liegen, ist unbekannt. Bitte Leitungsauskunft einholen.",
        "Whether pipes or cables lie beneath is unknown. Please ask for their plans.",
    ),
    "why_fire_lane_met": (
        "Die Feuerwehr braucht diese Fläche nicht.",
        "The fire brigade does not need this ground.",
    ),
    "why_fire_lane_failed": (
        "Die Feuerwehr braucht diese Fläche zum Fahren.",
        "The fire brigade needs this ground to drive on.",
    ),
    "why_fire_lane_unknown": (
        "Ob die Feuerwehr diese Fläche zum Fahren braucht, ist unbekannt.",
        "Whether the fire brigade needs this ground to drive on is unknown.",
    ),
    "why_mains_met": (
        "Die Wasserleitung ist {value} m entfernt. Höchstens {limit} m sind sinnvoll.",
        "The water main is {value} m away. At most {limit} m make sense.",
    ),
    "why_mains_failed": (
        "Die Wasserleitung ist zu weit weg: {value} m. Höchstens {limit} m sind sinnvoll.",
        "The water main is too far away: {value} m. At most {limit} m make sense.",
    ),
    "why_mains_unknown": (
        "Abstand zur Wasserleitung unbekannt. Höchstens {limit} m sind sinnvoll.",
        "The distance to the water main is unknown. At most {limit} m make sense.",
    ),
    "why_germ_test_met": (
        "Das Wasser wird regelmäßig auf Keime geprüft.",
        "The water is tested for germs regularly.",
    ),
    "why_germ_test_failed": (
        "Niemand prüft das Wasser auf Keime.",
        "Nobody tests the water for germs.",
    ),
    "why_germ_test_unknown": (
        "Jemand muss das Wasser regelmäßig auf Keime prüfen. Wer, ist noch offen.",
        "Somebody must test the water for germs regularly. Who is still open.",
    ),
    "why_humid_air_met": (
        "Die Luft ist an heißen Tagen trocken genug: {value} % Feuchte, höchstens {limit} %.",
        "The air is dry enough on hot days: {value} % of humidity, at most {limit} %.",
    ),
    "why_humid_air_failed": (
        ("Die Luft ist an heißen Tagen zu feucht: {value} %, höchstens {limit} %. Nebel kühlt "
        "dann kaum."),
        "The air is too moist on hot days: {value} %, at most {limit} %. Mist then hardly cools.",
    ),
    "why_humid_air_unknown": (
        ("Wie feucht die Luft hier an heißen Tagen ist, ist unbekannt. Über {limit} % kühlt "
        "Nebel kaum."),
        "How moist the air is here on hot days is unknown. Above {limit} % mist hardly cools.",
    ),
    "why_upkeep_secured_met": (
        "Das Geld für den Betrieb ist gesichert.",
        "The money to run it is secured.",
    ),
    "why_upkeep_secured_failed": (
        "Das Geld für den Betrieb fehlt.",
        "The money to run it is lacking.",
    ),
    "why_upkeep_secured_unknown": (
        ("Ob das Geld für den Betrieb gesichert ist, ist unbekannt. Brunnen werden sonst oft "
        "abgestellt."),
        ("Whether the money to run it is secured is unknown. Fountains are often switched off "
        "otherwise."),
    ),
    "why_sight_lines_met": (
        "Bordstein, Sicht und Halteposition erlauben das Verlegen.",
        "Kerb, sight and where vehicles stop allow the move.",
    ),
    "why_sight_lines_failed": (
        "Bordstein, Sicht oder Halteposition erlauben das Verlegen nicht.",
        "Kerb, sight or where vehicles stop do not allow the move.",
    ),
    "why_sight_lines_unknown": (
        "Bordstein, Sicht und Halteposition sind noch zu prüfen.",
        "Kerb, sight and where vehicles stop are still to be checked.",
    ),
    "why_operator_met": ("Der Verkehrsbetrieb stimmt zu.", "The transport operator agrees."),
    "why_operator_failed": (
        "Der Verkehrsbetrieb stimmt nicht zu.",
        "The transport operator does not agree.",
    ),
    "why_operator_unknown": (
        "Der Verkehrsbetrieb muss zustimmen. Ob er das tut, ist unbekannt.",
        "The transport operator must agree. Whether it does is unknown.",
    ),
}
# fmt: on
