"""Shelters: what keeps the sun off whoever waits, as tags and words tell it."""

from __future__ import annotations

from collections.abc import Mapping

from solarpass.column import fold_name

SHELTERS = (
    *("none", "opaque", "green_roof", "film", "clear_open", "clear_closed", "roofed", "unknown"),
)

# Values of roof:material, material and building:material, by what they do to the sun.
_MATERIALS = {
    "opaque": (
        *("metal", "steel", "aluminium", "aluminum", "copper", "zinc", "tin", "metal_sheet"),
        *("wood", "timber", "concrete", "cement", "brick", "stone", "sandstone", "masonry"),
        *("roof_tiles", "tile", "tiles", "slate", "bitumen", "tar_paper", "asphalt", "eternit"),
        *("asphalt_shingle", "thatch", "plaster", "gravel", "solar_panels", "composite"),
    ),
    "green_roof": (
        "grass",
        "sod",
        "green",
        "plants",
        "vegetation",
        "sedum",
        "living",
        "green_roof",
    ),
    "clear": ("glass", "acrylic", "acrylic_glass", "plexiglass", "polycarbonate", "transparent"),
}
_KIND_OF = {word: kind for kind, words in _MATERIALS.items() for word in words}

# What lists call shelters, German and English; each of SHELTERS answers to its own name as well.
_WORDS = {
    "none": (
        *("no", "n", "nein", "kein", "keine", "keiner", "false", "0", "ohne", "open", "offen"),
        *("not_available", "nicht_vorhanden", "kein_unterstand", "ohne_unterstand", "kein_dach"),
    ),
    "roofed": (
        *("yes", "y", "j", "ja", "true", "1", "mit", "vorhanden", "available", "dach", "roof"),
        *("unterstand", "wartehaus", "wartehaeuschen", "wartehalle", "fgu", "fahrgastunterstand"),
        *("shelter", "bus_shelter", "ueberdacht", "covered", "haeuschen", "pavillon"),
    ),
    "opaque": (
        *("metall", "metal", "holz", "wood", "beton", "concrete", "blech", "undurchsichtig"),
        *("lichtundurchlaessig", "festes_dach", "metalldach", "holzdach", "blechdach", "ziegel"),
    ),
    "green_roof": ("green", "gruendach", "begruent", "begruentes_dach", "dachbegruenung"),
    "film": ("folie", "sonnenschutzfolie", "solar_film", "glas_mit_folie", "film_on_glass"),
    "clear_open": ("clear_open_sides", "glasdach", "glass_roof", "glas_offen", "glass_open"),
    "clear_closed": ("glas", "glass", "clear", "acryl", "acrylic", "glas_geschlossen", "plexiglas"),
    "unknown": ("unbekannt", "k_a", "n_a", "na", "keine_angabe", "null", "none_told", "unk"),
}
_SHELTER_OF = {word: kind for kind, words in _WORDS.items() for word in words}
_SHELTER_OF |= {kind: kind for kind in SHELTERS}


def read_shelter(tags: Mapping[str, object]) -> str:
    """
    Tell the kind of a shelter by what is tagged.

    A clear roof is taken to have panes unless ``wall=no``; a roof of unknown material is
    roofed; where nothing is told, the shelter is unknown, which is not none.

    Parameters
    ----------
    tags
        ``shelter`` (yes, no, unknown), and ``roof_material``, ``shelter_type``, ``wall``; None
        where absent.

    Examples
    --------
    >>> read_shelter({"shelter": "yes", "roof_material": "glass", "wall": "no"})
    'clear_open'
    >>> read_shelter({"shelter": "yes"}), read_shelter({"shelter": "no"}), read_shelter({})
    ('roofed', 'none', 'unknown')
    """
    told = tags.get("shelter")
    if told == "no":
        return "none"
    material = fold_name(str(tags.get("roof_material") or "").split(";")[0])
    kind = _KIND_OF.get(material)
    if kind == "clear":
        return "clear_open" if tags.get("wall") == "no" else "clear_closed"
    if kind is not None:
        return kind
    if tags.get("shelter_type") == "sun_shelter":
        return "opaque"
    return "roofed" if told == "yes" or tags.get("shelter_type") else "unknown"


def find_shelter(word: object) -> str | None:
    """
    Tell the kind of a shelter by a word of a list, None if the word is not known.

    Examples
    --------
    >>> find_shelter("Wartehäuschen"), find_shelter("nein"), find_shelter(None), find_shelter("?!x")
    ('roofed', 'none', 'unknown', None)
    """
    if word is None or (isinstance(word, float) and word != word):  # noqa: PLR0124 - NaN
        return "unknown"
    if isinstance(word, bool):
        return "roofed" if word else "none"
    text = str(word).strip()
    folded = fold_name(text)
    if folded.endswith("_0") and folded[:-2].isdigit():  # 1.0, as pandas writes a column with gaps
        folded = folded[:-2]
    if not folded:
        return "unknown" if text.strip("-?") == "" else None
    return _SHELTER_OF.get(folded)
