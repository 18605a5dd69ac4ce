"""A made-up alert in CAP 1.2, as DWD writes them."""

from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

SENT = datetime(2026, 7, 20, 8, tzinfo=UTC)
HERE = "60,24 61,24 61,26 60,26 60,24"  # around Helsinki
NS = "urn:oasis:names:tc:emergency:cap:1.2"


def made_alert(
    *,
    headline="Amtliche WARNUNG vor HITZE",
    event="STARKE HITZE",
    code="247",
    language="de-DE",
    severity="Moderate",
    status="Actual",
    kind="Alert",
    identifier="2.49.0.0.276.0.DWD.1",
    references="",
    sent=SENT,
    ends=None,
    area=f"<polygon>{HERE}</polygon>",
    head="",
):
    """Write an alert of heat."""
    at = sent.isoformat(timespec="seconds")
    expires = (ends or sent + timedelta(hours=9)).isoformat(timespec="seconds")
    text = f"""<?xml version="1.0" encoding="UTF-8"?>{head}
<alert xmlns="{NS}"><identifier>{identifier}</identifier><sender>opendata@dwd.de</sender>
<sent>{at}</sent><status>{status}</status><msgType>{kind}</msgType><scope>Public</scope>
<references>{references}</references><info><language>{language}</language>
<category>Health</category><event>{event}</event><urgency>Immediate</urgency>
<severity>{severity}</severity><certainty>Likely</certainty>
<eventCode><valueName>II</valueName><value>{code}</value></eventCode><onset>{at}</onset>
<expires>{expires}</expires><senderName>Zentrum für Medizin-Meteorologische Forschung</senderName>
<headline>{escape(headline)}</headline><instruction>Trinken Sie viel.</instruction>
<area><areaDesc>Helsinki</areaDesc>{area}
<geocode><valueName>WARNCELLID</valueName><value>111000000</value></geocode></area></info></alert>"""
    return text.encode()
