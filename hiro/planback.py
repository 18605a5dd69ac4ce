"""Plans read back: the JSON of a plan, checked before anything is made of it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

import numpy as np

from .errors import PaperError
from .measure import PER

_MOST_BYTES: Final = 64_000_000  # a plan of 5,000 works has about 20 MB
_MOST_WORKS: Final = 5_000
_MOST_LETTERS: Final = 5_000  # of one text; a reason has some 300
_MOST_DEPTH: Final = 20
_MOST_EUR: Final = 10**12
_WIDEST_KM: Final = 300.0  # between the works of one city
_KM_PER_DEG: Final = 111.2

Check = Callable[[Any], bool]


@dataclass(frozen=True, eq=False, slots=True)
class PlanBack:
    """
    A plan as its file tells it.

    Attributes
    ----------
    told
        All of it, with the keys and units of `hiro.planfile`; texts without control signs.
    digest
        SHA-256 of the file, in hexadecimal.
    """

    told: Mapping[str, Any]
    digest: str

    @property
    def sites(self) -> Sequence[Mapping[str, Any]]:
        """The works, in the file's order."""
        works: Sequence[Mapping[str, Any]] = self.told["sites"]
        return works

    @property
    def total(self) -> Mapping[str, Any]:
        """Before and after, in all."""
        total: Mapping[str, Any] = self.told["balance"]["total"]
        return total


def read_back(path: Path) -> PlanBack:
    """
    Read a plan that `hiro.planfile.write_plan` wrote as JSON.

    Raises
    ------
    PaperError
        If there is none, it is torn, or it does not hold what a plan holds.
    """
    data = _read_bytes(path)
    try:
        told = json.loads(data.decode("utf-8"), parse_constant=_refuse_constant)
    except RecursionError as error:
        _refuse(path, "is nested too deep", error)
    except ValueError as error:  # also bytes that are no UTF-8, and numbers of too many digits
        _refuse(path, "does not read as JSON; it may be torn", error)
    if not isinstance(told, dict):
        _refuse(path, "holds no plan")
    try:
        told = _clean(told)
        _check(told)
    except _WrongError as error:
        _refuse(path, str(error), error)
    return PlanBack(told, hashlib.sha256(data).hexdigest())


class _WrongError(ValueError):
    """What is wrong, as the end of a sentence."""


def _refuse(path: Path, what: str, error: BaseException | None = None) -> NoReturn:
    msg = (
        f"Wanted the JSON of a plan, as `hiro plan … --out PLAN.json` writes it; "
        f"{str(path)!r} {what}."
    )
    raise PaperError(msg) from error


def _read_bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > _MOST_BYTES:
            _refuse(path, f"has {size:,} bytes, more than the {_MOST_BYTES:,} a plan may have")
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)  # what is no file, such as /dev/zero, tells no size
    except OSError as error:
        _refuse(path, f"cannot be read ({error.strerror or error})", error)
    if len(data) > _MOST_BYTES:
        _refuse(path, f"has more than the {_MOST_BYTES:,} bytes a plan may have")
    return data


def _refuse_constant(name: str) -> NoReturn:
    msg = f"{name} is no number of a plan"
    raise ValueError(msg)


def _clean(node: Any, depth: int = 0) -> Any:  # noqa: ANN401 - JSON
    """Take out of all texts what no page may hold: control signs, and marks that turn lines."""
    if depth > _MOST_DEPTH:
        msg = "is nested too deep"
        raise _WrongError(msg)
    if isinstance(node, str):
        return _clean_text(node)
    if isinstance(node, list):
        return [_clean(one, depth + 1) for one in node]
    if isinstance(node, dict):
        return {_clean_text(key): _clean(one, depth + 1) for key, one in node.items()}
    if isinstance(node, float) and not math.isfinite(node):  # 1e999
        msg = "holds a number beyond all bounds"
        raise _WrongError(msg)
    return node


def _clean_text(text: str) -> str:
    if len(text) > _MOST_LETTERS:
        msg = f"holds a text of {len(text):,} letters, more than {_MOST_LETTERS:,}"
        raise _WrongError(msg)
    keeps = "\N{NO-BREAK SPACE}"
    signs = (" " if sign.isspace() and sign != keeps else sign for sign in text)
    line = "".join(sign for sign in signs if not unicodedata.category(sign).startswith("C"))
    return " ".join(part for part in line.split(" ") if part)


# --- what must be there


def _is_whole(value: Any) -> bool:  # noqa: ANN401 - JSON
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_EUR


def _is_number(value: Any) -> bool:  # noqa: ANN401 - JSON
    return (
        isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _MOST_EUR
    )


def _is_share(value: Any) -> bool:  # noqa: ANN401 - JSON
    return _is_number(value) and 0.0 <= value <= 1.0


def _is_text(value: Any) -> bool:  # noqa: ANN401 - JSON
    return isinstance(value, str)


def _is_day(value: Any) -> bool:  # noqa: ANN401 - JSON
    try:
        dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return True


def _is_flag(value: Any) -> bool:  # noqa: ANN401 - JSON
    return isinstance(value, bool)


def _is_level(value: Any) -> bool:  # noqa: ANN401 - JSON
    return _is_whole(value) and value <= 4


def _is_texts(value: Any) -> bool:  # noqa: ANN401 - JSON
    return isinstance(value, list) and all(map(_is_text, value))


def _is_object(value: Any) -> bool:  # noqa: ANN401 - JSON
    return isinstance(value, dict)


def _is_objects(value: Any) -> bool:  # noqa: ANN401 - JSON
    return isinstance(value, list) and all(map(_is_object, value))


def _is_said(value: Any) -> bool:  # noqa: ANN401 - JSON
    return isinstance(value, dict) and all(_is_text(value.get(key)) for key in ("de", "en"))


def _or_none(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _one_of(*values: str) -> Check:
    return lambda value: isinstance(value, str) and value in values


_PLAN: Mapping[str, Check] = {
    **dict.fromkeys(("budget_eur", "cost_eur", "upkeep_eur_per_year", "n_works"), _is_whole),
    **dict.fromkeys(("relief_person_kh", "bound_person_kh", "gap"), _is_number),
    "price_of_equity_pct": _or_none(_is_number),
    **dict.fromkeys(("city", "weather", "licence", "attribution", "assumptions"), _is_text),
    **dict.fromkeys(("warning", "status"), _is_text),
    "day": _is_day,
    **dict.fromkeys(("sites", "measures"), _is_objects),
    **dict.fromkeys(("balance", "wishes"), _is_object),
    **dict.fromkeys(("not_considered", "notes"), _is_texts),
    "robustness": _or_none(_is_object),
    "districts_source": _or_none(_is_text),
    "catalogue": _is_text,
    "exposure_tiers": lambda value: _is_object(value) and all(map(_is_whole, value.values())),
}

_SITE: Mapping[str, Check] = {
    **dict.fromkeys(("label", "kind", "measure_names", "measure_names_de"), _is_text),
    **dict.fromkeys(("reason", "reason_de", "responsible", "responsible_de"), _is_text),
    "district": _or_none(_is_text),
    **dict.fromkeys(("cost_eur", "cost_low_eur", "cost_high_eur"), _is_whole),
    **dict.fromkeys(("upkeep_eur_per_year", "year"), _is_whole),
    **dict.fromkeys(("relief_person_kh", "utci_max_before_c", "utci_max_after_c"), _is_number),
    **dict.fromkeys(("level_before", "level_after"), _is_level),
    "feasibility": _one_of("ok", "check"),
    **dict.fromkeys(("to_check", "to_check_de", "warnings", "warnings_de"), _is_texts),
    "stable_share": _or_none(_is_share),
    "is_sure": _or_none(_is_flag),
    "price_is_estimate": _is_flag,
    "pieces": _is_objects,
    "lon": lambda value: _is_number(value) and abs(value) <= 180.0,
    "lat": lambda value: _is_number(value) and abs(value) <= 90.0,
}

_LEVELS = tuple(f"level_{k}_{when}" for k in range(5) for when in ("before", "after"))
_BALANCE: Mapping[str, Check] = {
    **dict.fromkeys(("n_sites", "n_works", "cost_eur", *_LEVELS), _is_whole),
    "upkeep_eur_per_year": _is_whole,
    **dict.fromkeys(("heat_person_kh_before", "heat_person_kh_after"), _is_number),
    **dict.fromkeys(("relief_person_kh", "person_hours_helped"), _is_number),
}
_DISTRICT: Mapping[str, Check] = {
    **_BALANCE,
    "name": _or_none(_is_text),
    "floor_eur": _or_none(_is_whole),
}
_ROBUSTNESS: Mapping[str, Check] = {
    **dict.fromkeys(("n_draws", "n_sure_sites", "cost_low_eur", "cost_high_eur"), _is_whole),
    **dict.fromkeys(("relief_low_person_kh", "relief_high_person_kh"), _is_number),
    "said": _is_said,
    "moved_share": lambda value: _is_object(value) and all(map(_is_share, value.values())),
}
_PIECE: Mapping[str, Check] = {
    "measure": _is_text,
    **dict.fromkeys(("n", "eur_each"), lambda value: _is_number(value) and value >= 0.0),
    "unit": _one_of(*PER),
}
_MEASURE: Mapping[str, Check] = {
    **dict.fromkeys(("measure_id", "price_per"), _is_text),
    "n_units": lambda value: value is None or (_is_number(value) and value >= 0.0),
    **dict.fromkeys(("name", "responsible"), _is_said),
    "figures": lambda value: _is_object(value) and all(map(_is_object, value.values())),
}
_FIGURE: Mapping[str, Check] = {
    "value": _is_number,
    **dict.fromkeys(("unit", "source", "source_kind", "note"), _is_text),
}
_WISHES: Mapping[str, Check] = {
    "floors": _or_none(_is_object),
    "upkeep_eur_per_year": _or_none(_is_whole),
    "most_a_year": _or_none(_is_whole),
    "n_years": _is_whole,
    "horizon_years": _is_number,
    "fixed_in": _is_object,
    "fixed_out": _is_texts,
    "at_least": lambda value: _is_object(value) and all(map(_is_whole, value.values())),
    **dict.fromkeys(("coverage", "fewest_hot"), _is_flag),
}
_FLOORS: Mapping[str, Check] = {"way": _one_of("spend", "need"), "alpha": _is_share}


def _check(told: Mapping[str, Any]) -> None:
    """Check what a plan tells, and that its sums are those of its works."""
    _match(told, _PLAN, "")
    if len(told["sites"]) > _MOST_WORKS:
        msg = f"has {len(told['sites']):,} works, more than the {_MOST_WORKS:,} a paper may list"
        raise _WrongError(msg)
    _match_all(told["sites"], _SITE, "sites")
    for site in told["sites"]:
        _match_all(site["pieces"], _PIECE, "sites.pieces")
    balance = told["balance"]
    _match(balance.get("total"), _BALANCE, "balance.total")
    _match_all(balance.get("districts"), _DISTRICT, "balance.districts")
    _match(balance, {"notes": _is_texts}, "balance")
    if told["robustness"] is not None:
        _match(told["robustness"], _ROBUSTNESS, "robustness")
    _match_all(told["measures"], _MEASURE, "measures")
    for measure in told["measures"]:
        _match_all([*measure["figures"].values()], _FIGURE, "measures.figures")
    _match(told["wishes"], _WISHES, "wishes")
    if told["wishes"]["floors"] is not None:
        _match(told["wishes"]["floors"], _FLOORS, "wishes.floors")
    _check_sums(told)
    for site in told["sites"]:
        _check_pieces(site)
    _check_places(told["sites"])


def _match(told: Any, wanted: Mapping[str, Check], where: str) -> None:  # noqa: ANN401 - JSON
    if not isinstance(told, dict):
        msg = f"lacks {where!r}"
        raise _WrongError(msg)
    for key, check in wanted.items():
        name = f"{where}.{key}" if where else key
        if key not in told:
            msg = f"lacks {name!r}"
            raise _WrongError(msg)
        if not check(told[key]):
            msg = f"holds under {name!r} what a plan does not"
            raise _WrongError(msg)


def _match_all(told: Any, wanted: Mapping[str, Check], where: str) -> None:  # noqa: ANN401
    if not isinstance(told, list):
        msg = f"lacks {where!r}"
        raise _WrongError(msg)
    for one in told:
        _match(one, wanted, where)


def _check_sums(told: Mapping[str, Any]) -> None:
    """Check that the parts add up: a plan that does not was changed by hand, or cut."""
    summed = ("cost_eur", "upkeep_eur_per_year")
    sums = {key: sum(site[key] for site in told["sites"]) for key in summed}
    sums["n_works"] = len(told["sites"])
    for key, found in sums.items():
        if told[key] != found:
            msg = f"tells {told[key]:,} under {key!r}, but its works add up to {found:,}"
            raise _WrongError(msg)


def _check_pieces(site: Mapping[str, Any]) -> None:
    """Check that pieces times their prices are the cost of a work, where they are told."""
    found = sum(round(one["n"] * one["eur_each"]) for one in site["pieces"])
    if site["pieces"] and found != site["cost_eur"]:
        msg = f"tells a work of {site['cost_eur']:,} €, but its pieces cost {found:,} €"
        raise _WrongError(msg)


def _check_places(sites: Sequence[Mapping[str, Any]]) -> None:
    if not sites:
        return
    lon, lat = (np.array([site[key] for site in sites], float) for key in ("lon", "lat"))
    high = float(np.ptp(lat)) * _KM_PER_DEG
    wide = float(np.ptp(lon)) * _KM_PER_DEG * math.cos(math.radians(float(lat.mean())))
    if max(high, wide) > _WIDEST_KM:
        msg = (
            f"has works {max(high, wide):,.0f} km apart, farther than a city is wide; "
            f"latitude and longitude may be swapped"
        )
        raise _WrongError(msg)
