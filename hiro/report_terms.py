"""What reports say, from the form to a refusal: one row a term, so that none lacks a language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

CONSENT_VERSION: Final = "2026-1"
"""Of the text `report_consent`; a change of its sense wants another."""

# fmt: off
REPORT_TERMS: Final[Mapping[str, tuple[str, str]]] = {
    # how it felt, from 1 to 5
    "felt": ("Wie fühlt es sich an?", "How does it feel?"),
    "felt_1": ("kalt", "cold"),
    "felt_2": ("angenehm", "comfortable"),
    "felt_3": ("warm", "warm"),
    "felt_4": ("heiß", "hot"),
    "felt_5": ("unerträglich", "unbearable"),
    # what it is about
    "category": ("Worum geht es?", "What is it about?"),
    "category_no_shade": ("kein Schatten", "no shade"),
    "category_dark_asphalt": ("dunkler Asphalt", "dark asphalt"),
    "category_no_water": ("kein Trinkwasser", "no drinking water"),
    "category_long_wait": ("langes Warten", "long wait"),
    "category_broken_shelter": ("Unterstand kaputt", "broken shelter"),
    "category_wrong_shade": ("Schatten hier falsch angezeigt", "wrong shade shown here"),
    "category_other": ("etwas anderes", "something else"),
    "suggestion": ("Was würde helfen?", "What would help?"),
    "photo": ("Foto", "Photo"),
    # where a report stands
    "state_new": ("noch nicht geprüft", "not looked at yet"),
    "state_shown": ("gezeigt", "shown"),
    "state_hidden": ("nicht gezeigt", "hidden"),
    "source_form": ("aus dem Formular", "from the form"),
    "source_import": ("übernommen", "imported"),
    # what happens to it
    "report_consent": (
        ("Ich melde das freiwillig. Meine Meldung darf nach einer Prüfung ohne Namen auf der Karte "
        "gezeigt und als offene Daten (CC0 1.0) weitergegeben werden, ein Foto nur auf der Karte. "
        "Ich schreibe keine Namen und fotografiere keine Gesichter oder Kennzeichen."),
        ("I report this of my own accord. Once looked at, my report may be shown on the map "
        "without a name and passed on as open data (CC0 1.0), a photo on the map only. I write no "
        "names and take no pictures of faces or number plates."),
    ),
    "report_privacy": (
        ("Wir speichern keinen Namen, keine Adresse und keine IP. Gespeichert werden Ort, Minute, "
        "Angaben und Foto; aus dem Foto sind Aufnahmeort und Gerät entfernt. Gegen Missbrauch wird "
        "eine verschlüsselte Kennung gespeichert, die nach einer Stunde nicht mehr zählt und beim "
        "nächsten Aufräumen gelöscht wird. Fotos löschen wir nach {photo_months} Monaten, "
        "Meldungen nach {months}."),
        ("We keep no name, no address and no IP. What is kept is place, minute, answers and photo; "
        "where and with what a photo was taken is removed from it. Against misuse a scrambled key "
        "is kept, which counts no more after an hour and is erased at the next clearing. Photos "
        "are erased after {photo_months} months, reports after {months}."),
    ),
    "report_code": (
        ("Mit diesem Code kannst du die Meldung samt Foto jederzeit löschen. Wir zeigen ihn nur "
        "jetzt: {code}"),
        ("With this code you can delete the report and its photo at any time. We show it only "
        "now: {code}"),
    ),
    "report_thanks": (
        "Danke! Deine Meldung ist angekommen.",
        "Thank you! Your report has arrived.",
    ),
    "report_deleted": (
        "Die Meldung und ihr Foto sind gelöscht.",
        "The report and its photo are deleted.",
    ),
    "report_no_such_code": (
        "Zu diesem Code gibt es keine Meldung (mehr). Bitte prüfe die Zeichen.",
        "No report has this code (any more); please check its signs.",
    ),
    # refusals of what is told
    "report_place": (
        "Der Ort fehlt oder ist keine Zahl: {place}. Bitte tippe ihn auf der Karte an.",
        "Wanted a place as latitude and longitude in degrees, and got {place}; tap it on the map.",
    ),
    "report_swapped": (
        "Länge und Breite sind wohl vertauscht: {place}. Andersherum liegt der Ort in {city}.",
        "Latitude and longitude look swapped in {place}; the other way round it lies in {city}.",
    ),
    "report_swapped_earth": (
        "Länge und Breite sind wohl vertauscht: {place}. Die Breite geht bis 90.",
        "Latitude and longitude look swapped in {place}, for latitudes end at 90; turn them round.",
    ),
    "report_beyond": (
        "Der Ort {place} liegt {km} km außerhalb von {city}. Bitte wähle einen Ort in {city}.",
        "The place {place} lies {km} km outside {city}; choose one in {city}.",
    ),
    "report_felt": (
        "Bitte wähle, wie es sich anfühlt (1 bis 5); angekommen ist {got}.",
        "Wanted how it feels as a number from 1 (cold) to 5 (unbearable), and got {got}.",
    ),
    "report_category": (
        "Bitte wähle, worum es geht; angekommen ist {got}.",
        "Wanted a category such as no_shade, and got {got}; choose one of {wanted}.",
    ),
    "report_long": (
        "Der Text hat {n} Zeichen, höchstens {most} sind möglich. Bitte kürze ihn.",
        "The text has {n} letters, and at most {most} are taken; shorten it.",
    ),
    "report_id": (
        "Die Kennung {got} passt nicht. Bitte öffne das Formular noch einmal.",
        "{got} is no id of {what}; wanted up to 80 letters, digits and signs: open the form again.",
    ),
    "report_time": (
        "Die Zeit {got} kann nicht stimmen. Bitte prüfe sie.",
        "The time {got} cannot be; wanted one with a time zone, from 2000 until now.",
    ),
    "report_agree": (
        "Ohne deine Einwilligung nehmen wir nichts an. Bitte setze den Haken.",
        "Nothing is taken without consent to the text in force ({version}); please tick the box.",
    ),
    "report_reload": (
        "Die Seite ist veraltet. Bitte lade sie neu; kopiere vorher, was du geschrieben hast.",
        "The page is out of date; load it again, and copy what you wrote before.",
    ),
    "report_withdrawn": (
        "Diese Meldung wurde mit ihrem Löschcode gelöscht und kommt nicht zurück.",
        "This report was deleted by its code and does not come back; open the form again.",
    ),
    "report_twice": (
        "Diese Meldung ist schon angekommen, danke.",
        "This report has arrived already, thank you; it is not stored twice.",
    ),
    # refusals of photos
    "photo_heavy": (
        "Das Foto hat {mb} MB, höchstens {most} sind möglich. Bitte nimm ein kleineres.",
        "The photo has {mb} MB, and at most {most} are taken; choose a smaller one.",
    ),
    "photo_huge": (
        "Das Foto hat {n} Millionen Bildpunkte, höchstens {most} sind möglich. Nimm ein kleineres.",
        "The photo has {n} million pixels, and at most {most} are taken; choose a smaller one.",
    ),
    "photo_none": (
        "Das ist kein Foto, das wir lesen können. Möglich sind JPEG, PNG und WebP.",
        "This is no photo that we can read; wanted a JPEG, a PNG or a WebP.",
    ),
    "photo_torn": (
        "Das Foto ist unvollständig oder beschädigt. Bitte wähle es noch einmal aus.",
        "The photo is torn or damaged; choose it again.",
    ),
    "photo_scans": (
        "Das Foto ist ungewöhnlich aufgebaut ({n} Durchgänge). Bitte nimm ein anderes.",
        "The photo has {n} scans, and at most {most} are taken; choose another one.",
    ),
    "photo_busy": (
        "Gerade kommen viele Fotos an. Bitte versuche es gleich noch einmal.",
        "Many photos are coming in just now; try again in a moment.",
    ),
    # refusals of the store
    "reports_slow": (
        "Von hier kamen in der letzten Stunde schon {n} Meldungen. Bitte versuche es später.",
        "There were {n} reports from here within the hour, which is the most; try again later.",
    ),
    "reports_many": (
        "Gerade kommen sehr viele Meldungen an. Bitte versuche es in einer Stunde noch einmal.",
        "Very many reports are coming in just now ({n} within the hour); try again in an hour.",
    ),
    "reports_attempts": (
        "Zu viele Versuche ({n} in einer Stunde). Bitte versuche es später.",
        "Too many attempts ({n} within the hour); try again later.",
    ),
    "reports_busy": (
        "Die Meldungen sind gerade gesperrt; gespeichert wurde nichts. Versuche es gleich wieder.",
        ("The store of reports {path} stays locked by another program; nothing was stored: try "
        "again in a moment."),
    ),
    "reports_full": (
        "Der Speicher ist voll; gespeichert wurde nichts. Bitte sage der Stadt Bescheid.",
        ("The store of reports {path} takes no more ({reason}); nothing was stored: make room, or "
        "purge it."),
    ),
    "reports_readonly": (
        "Meldungen können gerade nicht gespeichert werden. Bitte sage der Stadt Bescheid.",
        "The store of reports {path} cannot be written ({reason}); allow it, or name another file.",
    ),
    "reports_broken": (
        "Die gespeicherten Meldungen lassen sich nicht lesen. Bitte sage der Stadt Bescheid.",
        ("{path} is no store of reports that reads ({reason}); name another file, or put back a "
        "copy."),
    ),
    "reports_foreign": (
        "Die Datei gehört zu einem anderen Programm. Bitte sage der Stadt Bescheid.",
        "{path} is a database of another program; name another file for reports.",
    ),
    "reports_newer": (
        "Die Meldungen stammen von einer neueren Version. Bitte sage der Stadt Bescheid.",
        "{path} was written by a newer HiRo (form {got}, this one knows {known}); update HiRo.",
    ),
    "reports_moved": (
        "Die Datei der Meldungen ist weg oder ausgetauscht. Bitte versuche es gleich noch einmal.",
        "{path} was deleted or replaced; nothing was stored: try again, which opens it anew.",
    ),
    "reports_none": (
        "Es gibt noch keine Meldungen.",
        "There are no reports at {path}; name a file that is there, or import some first.",
    ),
    "proxies_unread": (
        "Die App ist nicht richtig eingerichtet. Bitte sage der Stadt Bescheid.",
        "Wanted addresses or networks of proxies in HIRO_PROXIES, such as 10.0.0.1; got {got}.",
    ),
    "report_unread": (
        "Die Meldung {report_id} lässt sich nicht lesen.",
        "Report {report_id} does not read ({reason}); put back a copy, or update HiRo.",
    ),
    "reports_unread": (
        "Nicht lesbar und daher nicht dabei: {n}.",
        "Left out, as they do not read: {n}.",
    ),
    "report_unknown": (
        "Die Meldung {report_id} gibt es nicht (mehr).",
        "There is no report {report_id} (any more); `hiro reports list` tells which there are.",
    ),
    "decision_unknown": (
        "Wer entscheidet und was, fehlt: {got}.",
        "Wanted who decides, and shown or hidden; got {got}.",
    ),
}
# fmt: on

FELT_WORDS: Final[Mapping[str, int]] = {
    # Other forms' words for it; never a stronger one than was said (our choice), so that the
    # seven steps of the 2024 form end at "hot" and leave "unbearable" to who says so.
    "sehr kalt": 1, "very cold": 1, "kalt": 1, "cold": 1, "sehr kühl": 1, "sehr cool": 1,
    "kühl": 1, "cool": 1, "very cool": 1, "etwas kühl": 2, "etwas cool": 2, "slightly cool": 2,
    "neutral": 2, "angenehm": 2, "comfortable": 2, "etwas warm": 3, "slightly warm": 3,
    "warm": 3, "sehr warm": 4, "very warm": 4, "heiß": 4, "heiss": 4, "hot": 4,
    "sehr heiß": 5, "sehr heiss": 5, "very hot": 5, "unerträglich": 5, "unbearable": 5,
}  # fmt: skip
