"""
Instances: objects with options to choose among, in plain JSON, for anyone's own numbers.

``{"objects": [{"id": "a", "options": [{"name": "tree", "cost": 5000, "benefit": 42.5}]}]}``
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import numpy as np

from .errors import PlanError
from .hull import Floats, Ints
from .knapsack import choose_exactly

CENTS = 100
"""Of which costs are counted, so that 0.10 is no rounding."""

_MOST_BYTES = 200_000_000
_MOST_OPTIONS = 1_000_000
_LARGEST_COST, _LARGEST_BENEFIT = Decimal(10**10), Decimal(10**15)
_CENT = Decimal("0.01")
_LONGEST = 60  # letters of a name that is told


@dataclass(frozen=True, eq=False, slots=True)
class Instance:
    """
    Objects, of each of which at most one option is chosen.

    Attributes
    ----------
    ids
        Of the objects, each once, in the order of the file, ``n_objects``.
    names
        Of the options, each once within its object, ``n``.
    group
        Row of the object of each option, ``(n,)``.
    cost_cents
        Whole hundredths of the unit in which the file tells costs, ``(n,)``.
    benefit
        In whatever unit the file has, ``(n,)``.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    group: Ints
    cost_cents: Ints
    benefit: Floats

    def __post_init__(self) -> None:
        """Lock the arrays."""
        for array in (self.group, self.cost_cents, self.benefit):
            array.flags.writeable = False


def read_instance(path: str | Path) -> Instance:
    """
    Read an instance.

    Costs are numbers from 0 with at most two decimals, and count to the cent; benefits any
    finite numbers. Ids and names are texts or whole numbers. What else the file holds is
    passed over.

    Parameters
    ----------
    path
        JSON in UTF-8.

    Raises
    ------
    PlanError
        If the file is missing, is no JSON, says something twice, or tells an option that none
        can be.
    """
    path = Path(path)
    told = _parse(path)
    objects = told.get("objects") if isinstance(told, dict) else None
    if not isinstance(objects, list):
        msg = f'{path} holds no instance; wanted {{"objects": [{{"id", "options": […]}}]}}.'
        raise PlanError(msg)
    ids: dict[str, None] = {}
    rows: list[_Row] = []
    for k, one in enumerate(objects):
        at = f"{path}, object {k + 1}"
        own_id = _read_text(_get(one, "id", at), f'{at}, "id"')
        if own_id in ids:
            _refuse(at, f"the id {_quote(own_id)} stands there twice; wanted each once")
        ids[own_id] = None
        rows += _read_options(one, k, f"{at} ({_quote(own_id)})")
        if len(rows) > _MOST_OPTIONS:
            _refuse(str(path), f"wanted at most {_MOST_OPTIONS:,} options")
    return Instance(
        tuple(ids),
        tuple(row.name for row in rows),
        group=np.array([row.group for row in rows], np.int64),
        cost_cents=np.array([row.cost_cents for row in rows], np.int64),
        benefit=np.array([row.benefit for row in rows], float),
    )


def solve_instance(instance: Instance, *, budget_cents: int) -> dict[str, Any]:
    """
    Choose the options that bring most for a budget: see `hiro.choose_exactly`.

    Returns
    -------
    dict
        ``chosen``, the name of the option of each object that has one, in the order of the
        file; ``cost``, ``benefit``, and ``bound``, which no choice within the budget exceeds.

    Raises
    ------
    PlanError
        If the budget is negative, or the instance too large for its proof.
    """
    choice = choose_exactly(
        instance.cost_cents,
        instance.benefit,
        instance.group,
        budget=budget_cents,
        n_groups=len(instance.ids),
    )
    pairs = zip(instance.ids, choice.chosen.tolist(), strict=True)
    whole, cents = divmod(choice.cost, CENTS)
    return {
        "chosen": {own_id: instance.names[row] for own_id, row in pairs if row >= 0},
        "cost": choice.cost / CENTS if cents else whole,
        "benefit": choice.benefit,
        "bound": choice.bound,
    }


class _Row(NamedTuple):
    """An option, read."""

    group: int
    name: str
    cost_cents: int
    benefit: float


def _parse(path: Path) -> object:
    """Parse JSON strictly: no key twice, no NaN, decimals as they stand."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            _refuse(str(path), f"wanted at most {_MOST_BYTES // 10**6} MB")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        msg = f"{path} cannot be read ({error.strerror}); wanted a file of JSON."
        raise PlanError(msg) from error
    except UnicodeDecodeError as error:
        msg = f"{path} is no text in UTF-8; wanted a file of JSON."
        raise PlanError(msg) from error
    try:
        return json.loads(
            text, object_pairs_hook=_pair, parse_float=Decimal, parse_constant=_refuse_constant
        )
    except PlanError as error:
        msg = f"{path}: {error}"
        raise PlanError(msg) from error
    except json.JSONDecodeError as error:
        msg = f"{path} is no JSON: {error.msg} in line {error.lineno}, column {error.colno}."
        raise PlanError(msg) from error
    except (ValueError, ArithmeticError, RecursionError) as error:  # a number of 10,000 digits
        msg = f"{path} is no JSON that can be read: a number too long or lists too deep."
        raise PlanError(msg) from error


def _pair(pairs: list[tuple[str, object]]) -> dict[str, object]:
    told = dict(pairs)
    if len(told) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        msg = f"the key {_quote(twice)} stands twice in one object; wanted it once."
        raise PlanError(msg)
    return told


def _refuse_constant(name: str) -> NoReturn:
    msg = f"{name} is no number; wanted finite ones."
    raise PlanError(msg)


def _read_options(one: object, group: int, at: str) -> list[_Row]:
    options = _get(one, "options", at)
    if not isinstance(options, list):
        _refuse(at, 'wanted a list of "options"')
    rows: dict[str, _Row] = {}
    for k, option in enumerate(options):
        here = f"{at}, option {k + 1}"
        name = _read_text(_get(option, "name", here), f'{here}, "name"')
        if name in rows:
            _refuse(here, f"the name {_quote(name)} stands there twice; wanted each once an object")
        cost_cents = _read_cost(_get(option, "cost", here), here)
        benefit = _read_benefit(_get(option, "benefit", here), here)
        rows[name] = _Row(group, name, cost_cents, benefit)
    return list(rows.values())


def _get(told: object, key: str, at: str) -> object:
    if not isinstance(told, dict):
        _refuse(at, 'wanted an object in braces, such as {"id", "options"} or {"name", "cost"}')
    if key not in told:
        _refuse(at, f'"{key}" is missing')
    return told[key]


def _read_text(given: object, at: str) -> str:
    if isinstance(given, int) and not isinstance(given, bool):
        return str(given)
    if not isinstance(given, str) or not given.strip():
        _refuse(at, f"wanted a text that is not empty, or a whole number; got {_quote(given)}")
    if any("\ud800" <= letter <= "\udfff" for letter in given):
        _refuse(at, f"{_quote(given)} holds half a letter")
    return given


def _read_number(given: object, at: str, wanted: str) -> Decimal:
    if isinstance(given, bool) or not isinstance(given, int | Decimal):
        _refuse(at, f"wanted {wanted}; got {_quote(given)}")
    return Decimal(given)


def _read_cost(given: object, at: str) -> int:
    wanted = f'a "cost" from 0 to {_LARGEST_COST:,} with at most two decimals'
    number = _read_number(given, at, wanted)
    if not 0 <= number <= _LARGEST_COST or number != number.quantize(_CENT):
        _refuse(at, f"wanted {wanted}; got {_quote(given)}")
    return int(number * CENTS)


def _read_benefit(given: object, at: str) -> float:
    wanted = 'a "benefit" between -10¹⁵ and 10¹⁵'
    number = _read_number(given, at, wanted)
    if not -_LARGEST_BENEFIT <= number <= _LARGEST_BENEFIT:
        _refuse(at, f"wanted {wanted}; got {_quote(given)}")
    return float(number)


def _refuse(at: str, what: str) -> NoReturn:
    msg = f"{at}: {what}."
    raise PlanError(msg)


def _quote(given: object) -> str:
    """Quote what was given, cut, and so that it steers no terminal."""
    text = str(given) if isinstance(given, Decimal) else repr(given)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
