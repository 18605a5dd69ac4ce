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
        "pergola",  # its slats and leaves let about half through, as a roof of unknown kind does
    ),
    "opaque": (
        *("metall", "metal", "holz", "wood", "beton", "concrete", "blech", "undurchsichtig"),
        *("lichtundurchlaessig", "festes_dach", "metalldach", "holzdach", "blechdach", "ziegel"),
        *("stahl", "aluminium", "alu", "steel", "edelstahl", "zink", "kunststoff_undurchsichtig"),
        # Cloth lets a tenth through and has no panes: nearer to tin than to a film on glass.
        *("sonnensegel", "segel", "markise", "plane", "membran"),
    ),
    "green_roof": ("green", "gruendach", "begruent", "begruentes_dach", "dachbegruenung"),
    "film": ("folie", "sonnenschutzfolie", "solar_film", "glas_mit_folie", "film_on_glass"),
    "clear_open": ("clear_open_sides", "glasdach", "glass_roof", "glas_offen", "glass_open"),
    "clear_closed": (
        *("glas", "glass", "clear", "acryl", "acrylic", "glas_geschlossen", "plexiglas"),
        *("acrylglas", "acrylic_glass", "plexiglass", "verglast", "verglasung", "polycarbonat"),
        *("polycarbonate", "transparent", "durchsichtig"),
    ),
    "unknown": ("unbekannt", "k_a", "n_a", "na", "keine_angabe", "null", "none_told", "unk"),
}
_SHELTER_OF = {word: kind for kind, words in _WORDS.items() for word in words}
_SHELTER_OF |= {kind: kind for kind in SHELTERS}
_OPEN, _CLOSED = {"offen", "offene", "open"}, {"geschlossen", "geschlossene", "closed"}
_FILLERS = {"aus", "mit", "und", "with", "and", "seitlich", "seiten", "sides", "waende", "of"}


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
    return _SHELTER_OF.get(folded) or _join_words(set(folded.split("_")))


def _join_words(words: set[str]) -> str | None:
    """
    Tell the kind of a shelter by several words in any order, None unless all are known.

    Examples
    --------
    >>> [find_shelter(text) for text in ("geschlossen, Glas", "Unterstand aus Stahl", "kein Glas")]
    ['clear_closed', 'opaque', None]
    """
    is_open, is_closed = bool(words & _OPEN), bool(words & _CLOSED)
    told = {_SHELTER_OF.get(word) for word in words - _OPEN - _CLOSED - _FILLERS}
    if not told or told & {None, "none", "unknown"} or (is_open and is_closed):
        return None
    kinds = told - {"roofed"}
    if kinds and kinds <= {"clear_open", "clear_closed"}:
        is_roof = kinds == {"clear_open"}  # a roof of glass, and nothing else
        return "clear_open" if is_open or (is_roof and not is_closed) else "clear_closed"
    if kinds == {"film", "clear_closed"}:
        return "film"
    # Of steel and glass: which of them is the roof is not told.
    return kinds.pop() if len(kinds) == 1 else "roofed"


def shelter_beneath(told: str, *, roof: str | None) -> str:
    """
    Tell the shelter of a place beneath what the map has above it: a shelter, a hall, or nothing.

    Examples
    --------
    >>> shelter_beneath("unknown", roof="shelter"), shelter_beneath("roofed", roof="hall")
    ('roofed', 'none')
    """
    if roof == "hall" and told in {"unknown", "roofed"}:
        return "none"  # the hall shades by itself
    return "roofed" if roof == "shelter" and told == "unknown" else told
