"""What the form, the shown reports and the moderators' page say: one row a term."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# fmt: off
REPORT_FACE_TERMS: Final[Mapping[str, tuple[str, str]]] = {
    # the form
    "report_page": ("Hitze melden", "Report heat"),
    "report_intro": (
        "Wo ist es dir zu heiß? Deine Stadt liest es. Es dauert etwa eine Minute.",
        "Where is it too hot for you? Your city reads it. It takes about a minute.",
    ),
    "report_other_language": ("English", "Deutsch"),
    "report_where": ("Wo?", "Where?"),
    "report_search": ("Straße, Haltestelle oder Adresse", "Street, stop or address"),
    "report_here": ("Mein Standort", "Where I am"),
    "report_map": ("Auf der Karte", "On the map"),
    "report_map_close": ("Karte schließen", "Close the map"),
    "report_map_name": ("Karte: tippe auf den Ort", "Map: tap the place"),
    "report_map_hint": (
        "Tippe auf den Ort. Mit der Tastatur: Pfeile bewegen die Karte, Enter wählt ihre Mitte.",
        "Tap the place. By keyboard: arrows move the map, Enter chooses its middle.",
    ),
    "report_no_map": (
        "Diesem Browser fehlt WebGL 2 für die Karte. Suche den Ort mit Worten.",
        "This browser lacks WebGL 2, which the map needs. Search for the place in words.",
    ),
    "report_change": ("Ort ändern", "Change place"),
    "report_place_set": ("Ort gewählt: {name}", "Place chosen: {name}"),
    "report_at": ("Punkt bei {name}", "Spot near {name}"),
    "report_looking": ("Dein Standort wird gesucht …", "Finding where you are …"),
    "report_rough": (
        "Dein Standort ist nur auf etwa {m} m genau: Bitte tippe auf den Ort.",
        "Where you are is known to about {m} m: please tap the place.",
    ),
    "report_no_position": (
        "Dein Standort ist nicht zu bekommen. Suche den Ort oder tippe auf die Karte.",
        "Where you are cannot be told. Search for the place, or tap the map.",
    ),
    "report_nothing_found": ("Kein Ort mit diesem Namen.", "No place of that name."),
    "bad_place": (
        "Der Ort im Link ist nicht lesbar. Bitte wähle ihn selbst.",
        "The place in the link does not read. Please choose it yourself.",
    ),
    "bad_site": (
        "Den Ort aus dem Link gibt es hier nicht (mehr). Bitte wähle ihn selbst.",
        "The place in the link is not here (any more). Please choose it yourself.",
    ),
    "bad_city": (
        "Die Stadt im Link gibt es hier nicht; gezeigt wird {city}.",
        "The city in the link is not here; this is {city}.",
    ),
    "report_optional": ("freiwillig", "optional"),
    "report_hint": (
        "Zum Beispiel: ein Baum, eine Bank im Schatten. Keine Namen, bitte.",
        "For example: a tree, a seat in the shade. No names, please.",
    ),
    "report_letters": ("{n} von {most} Zeichen", "{n} of {most} letters"),
    "report_photo_hint": ("JPEG, PNG oder WebP", "JPEG, PNG or WebP"),
    "report_photo_alt": ("Dein Foto", "Your photo"),
    "report_photo_away": ("Foto entfernen", "Remove photo"),
    "report_consent_title": ("Einverstanden?", "Do you agree?"),
    "report_agree_label": ("Ja, einverstanden", "Yes, I agree"),
    "report_privacy_title": ("Was wir speichern und wie lange", "What we keep and for how long"),
    "report_send": ("Melden", "Send report"),
    "report_sending": ("Wird gesendet …", "Sending …"),
    "report_missing": ("Es fehlt noch etwas:", "Something is missing:"),
    "report_miss_place": ("Bitte wähle, wo es ist.", "Please choose where it is."),
    "report_miss_felt": ("Bitte wähle, wie es sich anfühlt.", "Please choose how it feels."),
    "report_miss_category": ("Bitte wähle, worum es geht.", "Please choose what it is about."),
    "report_offline": (
        "Keine Verbindung. Deine Angaben bleiben hier stehen: Versuche es gleich noch einmal.",
        "No connection. What you wrote stays here: try again in a moment.",
    ),
    # once it has arrived
    "report_code_title": ("Dein Löschcode", "Your deletion code"),
    "report_code_why": (
        ("Mit diesem Code kannst du die Meldung samt Foto jederzeit löschen. Wir zeigen ihn nur "
        "jetzt. Schreibe ihn auf oder kopiere ihn."),
        ("With this code you can delete the report and its photo at any time. We show it only "
        "now: write it down or copy it."),
    ),
    "report_copy": ("Code kopieren", "Copy code"),
    "report_copied": ("Kopiert", "Copied"),
    "report_next_title": ("Wie geht es weiter?", "What happens next?"),
    "report_next": (
        ("Die Stadt sieht deine Meldung an. Passt sie, steht sie danach auf der Karte, "
        "ohne Namen. Sie hilft zu entscheiden, wo Schatten und Wasser fehlen."),
        ("The city looks at your report. If it is fine, it is then shown on the map, without a "
        "name. It helps to decide where shade and water are missing."),
    ),
    "report_again": ("Noch etwas melden", "Report something else"),
    "report_to_map": ("Zur Hitzekarte", "To the map of heat"),
    "report_delete_title": ("Meldung löschen", "Delete a report"),
    "report_delete_code": ("Löschcode", "Deletion code"),
    "report_delete": ("Endgültig löschen", "Delete for good"),
    "report_delete_empty": ("Bitte gib den Code ein.", "Please type the code."),
    # beside the score
    "report_here_button": ("Hitze hier melden", "Report heat here"),
    "report_qr": ("QR-Code zum Aushängen", "QR code to put up"),
    "report_qr_alt": ("QR-Code, der das Formular öffnet", "QR code that opens the form"),
    "report_qr_svg": ("Blatt zum Drucken (SVG)", "Sheet to print (SVG)"),
    "report_qr_png": ("Nur der Code (PNG)", "Only the code (PNG)"),
    "report_qr_sheet": ("Zu heiß hier? / Too hot here?", "Too hot here? / Zu heiß hier?"),
    "reports_told": ("Das sagen Leute hier", "What people say here"),
    "reports_all": ("Meldungen von Leuten ({n})", "Reports by people ({n})"),
    "reports_show": ("Meldungen auf der Karte zeigen", "Show reports on the map"),
    "reports_beside": (
        "Meldungen stehen neben der Rechnung und ändern sie nicht.",
        "Reports stand beside the reckoning and do not change it.",
    ),
    "reports_photo_alt": ("Foto zu dieser Meldung", "Photo of this report"),
    "reports_more": ("Gezeigt sind die neuesten {n}.", "Shown are the latest {n}."),
    # the moderators' page
    "moderation": ("Meldungen prüfen", "Look at reports"),
    "moderation_none": (
        ("Diese Seite ist noch nicht eingerichtet. Lege mit `hiro reports password DATEI --who "
        "KÜRZEL` ein Passwort an und starte die App mit der Umgebungsvariablen "
        "HIRO_MODERATORS=DATEI."),
        ("This page is not set up yet. Make a password with `hiro reports password FILE --who "
        "SIGN`, and start the app with the environment variable HIRO_MODERATORS=FILE."),
    ),
    "moderation_sign": ("Kürzel", "Sign"),
    "moderation_password": ("Passwort", "Password"),
    "moderation_enter": ("Anmelden", "Log in"),
    "moderation_wrong": (
        "Kürzel oder Passwort stimmt nicht.",
        "The sign or the password is wrong.",
    ),
    "moderation_leave": ("Abmelden", "Log out"),
    "moderation_who": ("Angemeldet als {who}", "Logged in as {who}"),
    "moderation_state": ("Welche", "Which"),
    "moderation_count": ("{word}: {n}", "{word}: {n}"),
    "moderation_empty": ("Hier ist nichts.", "There is nothing here."),
    "moderation_show": ("Zeigen", "Show"),
    "moderation_hide": ("Nicht zeigen", "Hide"),
    "moderation_why": ("Grund", "Reason"),
    "moderation_why_hint": ("zum Beispiel: nennt einen Namen", "for example: names somebody"),
    "moderation_no_why": (
        "Bitte schreibe einen Grund, wenn etwas nicht gezeigt oder gelöscht wird.",
        "Please give a reason where something is hidden or erased.",
    ),
    "moderation_no_photo": ("Foto löschen", "Erase photo"),
    "moderation_no_text": ("Text löschen", "Erase text"),
    "moderation_done": ("{what}, {place}: {word}.", "{what}, {place}: {word}."),
    "moderation_page": ("Seite", "Page"),
    "moderation_place": ("Ort", "Place"),
    "moderation_log": ("Wer hat was entschieden", "Who decided what"),
    "moderation_log_head": ("Wann|Wer|Was|Meldung|Grund", "When|Who|What|Report|Reason"),
    "moderation_export": ("Gezeigte Meldungen speichern", "Save the reports that are shown"),
    "moderation_weights": ("Meldungen zählen mit", "Reports count"),
    "moderation_weights_per": (
        "Was eine Meldung zum Gewicht ihres Ortes beiträgt, in %",
        "What a report adds to the weight of its place, in %",
    ),
    "moderation_weights_why": (
        ("Probe, es wird nichts gespeichert: Jede gezeigte Meldung, dass es heiß ist, hebt das "
        "Gewicht ihres Ortes um {per} %, zusammen höchstens auf das {most}-Fache. Wer meldet, ist "
        "keine Stichprobe."),
        ("A trial; nothing is stored: each report shown that it is hot raises the weight of its "
        "place by {per} %, all together to at most {most} times. Who reports is no sample."),
    ),
    "moderation_weights_none": (
        "Keine gezeigte Meldung zählt an einem Ort; die Rangliste bleibt, wie sie ist.",
        "No report that is shown counts at a place; the ranks stay as they are.",
    ),
    "moderation_weights_told": (
        "Orte mit Meldungen: {n}. Orte mit anderem Rang als vorher: {moved}.",
        "Places with reports: {n}. Places with another rank than before: {moved}.",
    ),
    "moderation_weights_head": (
        "Ort|Meldungen|Faktor|Rang vorher|Rang nachher|Personen·K·h vorher|nachher",
        "Place|Reports|Factor|Rank before|Rank after|Person·K·h before|after",
    ),
    "moderation_weights_wait": (
        "Die Hitze wird noch berechnet. Bitte schalte in einer Minute noch einmal ein.",
        "The heat is still being reckoned. Please switch it on again in a minute.",
    ),
    "decided_shown": ("gezeigt", "shown"),
    "decided_hidden": ("nicht gezeigt", "hidden"),
    "decided_photo erased": ("Foto gelöscht", "photo erased"),
    "decided_text erased": ("Text gelöscht", "text erased"),
    "decided_deleted": ("gelöscht", "deleted"),
}
# fmt: on
