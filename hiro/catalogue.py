"""The catalogue: every measure with its prices, sources and effects, ours or a city's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from solarpass.tables import COLUMNS, SOURCE_KINDS, read_numbers, read_table

from .cells import read_cells, read_number
from .cover import COVERS
from .errors import CatalogueError
from .measure import FAMILIES, GROUPS, PER, Change, Cost, Crown, Figure, Measure
from .option import SERVED
from .quantity import CROWN, find_bounds, find_unit, read_unit, tell_quantities
from .site import KINDS

WANTED = f"a catalogue of measures: CSV with {', '.join(('measure', 'quantity', *COLUMNS))}"

_OURS = "data/measures.csv"
_ID = re.compile(r"[a-z][a-z0-9_]{0,59}")
_ENDS = ("low", "typical", "high")
_PRICES = tuple(f"{what}_{end}" for what in ("invest", "upkeep") for end in _ENDS)


class _Cell(NamedTuple):
    """What one row says, and where it stands."""

    where: str
    text: str
    unit: str
    source: str
    source_kind: str
    note: str


@dataclass(frozen=True, eq=False, slots=True)
class Catalogue:
    """
    What can be done.

    Attributes
    ----------
    measures
        Those offered, in the table's order, a city's own last.
    withheld
        Those that are known and not offered, as what makes things worse.
    source
        What the figures are from, for whoever reads a plan.
    """

    measures: tuple[Measure, ...]
    withheld: tuple[Measure, ...]
    source: str

    def __len__(self) -> int:
        """Count what is offered."""
        return len(self.measures)

    @property
    def ids(self) -> tuple[str, ...]:
        """Name what is offered."""
        return tuple(measure.measure_id for measure in self.measures)

    def find(self, measure_id: str) -> Measure:
        """
        Find a measure by its id.

        Raises
        ------
        CatalogueError
            If it is not offered.
        """
        for measure in self.measures:
            if measure.measure_id == measure_id:
                return measure
        msg = f"{measure_id!r} is no measure on offer; wanted one of {', '.join(self.ids)}."
        raise CatalogueError(msg)


def read_catalogue(path: str | Path | None = None) -> Catalogue:
    """
    Read what can be done, and what that costs.

    A city's own file replaces our rows one by one, by measure and quantity, and may add
    measures. It has the columns of ``data/measures.csv``; one is switched off by the quantity
    ``offered`` with value 0.

    Parameters
    ----------
    path
        The city's own file; None: ours alone.

    Raises
    ------
    CatalogueError
        If the file is missing, torn or too large; if a row lacks its unit or source, or gives
        what cannot be: prices that fall, a life of 0, a kind of site or of shelter that is none.

    Examples
    --------
    >>> tree = read_catalogue().find("street_tree")
    >>> tree.name["de"], tree.invest.typical_eur, tree.is_estimate
    ('Straßenbaum, neue Baumgrube', 5900.0, True)
    """
    if path is None:
        return _read_ours()
    told = {measure: dict(cells) for measure, cells in _list_ours().items()}
    own = _list_rows(Path(path))
    for measure, cells in own.items():
        told.setdefault(measure, {}).update(cells)
    catalogue = _gather(told, source=f"{_OURS}, {sum(map(len, own.values()))} rows replaced")
    return Catalogue(
        catalogue.measures, catalogue.withheld, f"{catalogue.source} by {Path(path).name}"
    )


@cache
def _read_ours() -> Catalogue:
    return _gather(_list_ours(), source=_OURS)


@cache
def _list_ours() -> dict[str, dict[str, _Cell]]:
    table = read_table("measures").to_dict("records")
    rows = ((f"Row {i + 2} of {_OURS}", row) for i, row in enumerate(table))
    return _list_cells((where, {str(k): str(v) for k, v in row.items()}) for where, row in rows)


def _list_rows(path: Path) -> dict[str, dict[str, _Cell]]:
    """List what a file says, by measure and quantity."""
    rows = read_cells(path, wanted=WANTED, error=CatalogueError)
    if not rows:
        msg = f"{path} holds no row; wanted {WANTED}."
        raise CatalogueError(msg)
    wanted = ("measure", "quantity", *COLUMNS[:4])
    missing = [name for name in wanted if name not in rows[0].cells]
    if missing:
        msg = f"{path} lacks the column {missing[0]!r}; wanted {WANTED}."
        raise CatalogueError(msg)
    return _list_cells((f"Row {row.number} of {path.name}", row.cells) for row in rows)


def _list_cells(rows: Iterable[tuple[str, Mapping[str, str]]]) -> dict[str, dict[str, _Cell]]:
    told: dict[str, dict[str, _Cell]] = {}
    for where, row in rows:
        measure, quantity = row["measure"], row["quantity"].casefold()
        if _ID.fullmatch(measure) is None:
            msg = f"{where}: {measure[:60]!r} is no id; wanted small letters, digits and _."
            raise CatalogueError(msg)
        cells = told.setdefault(measure, {})
        if quantity in cells:
            msg = f"{where} gives {quantity} of {measure} again; wanted once."
            raise CatalogueError(msg)
        empty = next((name for name in COLUMNS[:4] if not row[name].strip()), None)
        if empty is not None:
            msg = f"{where} lacks its {empty}: every number of a plan has one."
            raise CatalogueError(msg)
        if row["source_kind"] not in SOURCE_KINDS:
            msg = (
                f"{where} has source_kind {row['source_kind'][:60]!r}; wanted one of "
                f"{', '.join(SOURCE_KINDS)}."
            )
            raise CatalogueError(msg)
        told_in = read_unit(row["unit"])
        cells[quantity] = _Cell(
            where, row["value"], told_in, row["source"], row["source_kind"], row.get("note", "")
        )
        _check_quantity(quantity, cells[quantity])
    return told


def _check_quantity(quantity: str, cell: _Cell) -> None:
    """Refuse what is no quantity, or told in another unit."""
    wanted = find_unit(quantity)
    if wanted is None:
        msg = f"{cell.where}: {quantity[:60]!r} is no quantity; wanted one of {tell_quantities()}."
        raise CatalogueError(msg)
    if cell.unit != wanted:
        msg = f"{cell.where}: {quantity} in {cell.unit[:40]!r}; wanted in {wanted!r}."
        raise CatalogueError(msg)


# --- measures


def _gather(told: Mapping[str, Mapping[str, _Cell]], *, source: str) -> Catalogue:
    measures: list[Measure] = []
    withheld: list[Measure] = []
    for measure_id, cells in told.items():
        reader = _Reader(measure_id, cells)
        measure = reader.read()
        (measures if reader.number("offered", 1.0) > 0.0 else withheld).append(measure)
    return Catalogue(tuple(measures), tuple(withheld), source)


class _Reader:
    """Reads one measure out of its cells."""

    def __init__(self, measure_id: str, cells: Mapping[str, _Cell]) -> None:
        self.measure_id, self.cells = measure_id, cells
        self.figures: dict[str, Figure] = {}
        for quantity, cell in cells.items():
            if cell.unit != "text":
                value = self._read(quantity, cell)
                self.figures[quantity] = Figure(
                    value, cell.unit, cell.source, cell.source_kind, cell.note
                )

    def read(self) -> Measure:
        """Put the measure together, or say which row stands against it."""
        for quantity in (*_PRICES, "life", "full_effect"):
            self._need(quantity)
        per = self._choice("per", PER)
        if per == "m2":
            self._need("area")
        return Measure(
            measure_id=self.measure_id,
            name=self._both("name"),
            family=self._choice("family", FAMILIES),
            group=self._choice("group", GROUPS),
            fits=self._fits(),
            per=per,
            area_m2=self.number("area", 0.0),
            invest=self._cost("invest"),
            upkeep=self._cost("upkeep"),
            life_years=self.number("life"),
            full_effect_years=self.number("full_effect"),
            first_effect=self.number("first_effect", 1.0),
            change=self._change(),
            rules={k[5:]: v.value for k, v in self.figures.items() if k.startswith("rule_")},
            responsible=self._both("responsible"),
            figures=self.figures,
        )

    def number(self, quantity: str, default: float = 0.0) -> float:
        """Tell a number, or what holds where none is given."""
        figure = self.figures.get(quantity)
        return default if figure is None else figure.value

    def _read(self, quantity: str, cell: _Cell) -> float:
        try:
            value = read_number(cell.text)
        except ValueError as trouble:
            msg = f"{cell.where}: {quantity} {cell.text[:60]!r} {trouble}."
            raise CatalogueError(msg) from trouble
        bounds = find_bounds(quantity)
        if not bounds.least <= value <= bounds.most:
            msg = (
                f"{cell.where}: {quantity} is {value:g} {cell.unit}; wanted {bounds.least:g} to "
                f"{bounds.most:g}."
            )
            raise CatalogueError(msg)
        return value

    def _need(self, quantity: str) -> _Cell:
        if quantity not in self.cells:
            where = next(iter(self.cells.values())).where
            msg = f"{where}: the measure {self.measure_id} has no {quantity}; add a row of it."
            raise CatalogueError(msg)
        return self.cells[quantity]

    def _blame(self, quantities: Iterable[str]) -> str:
        """Tell which of some rows to mend: a city's own, where ours are not at fault alone."""
        rows = [self.cells[name].where for name in quantities]
        return next((row for row in rows if not row.endswith(_OURS)), rows[0])

    def _choice(self, quantity: str, known: tuple[str, ...]) -> str:
        cell = self._need(quantity)
        return _pick(cell, quantity, cell.text, known)

    def _both(self, what: str) -> Mapping[str, str]:
        """Tell a text in both languages; who gives one means both."""
        told = {end: self.cells.get(f"{what}_{end}") for end in ("de", "en")}
        either = told["de"] or told["en"] or self._need(f"{what}_de")
        return {end: " ".join((cell or either).text.split()) for end, cell in told.items()}

    def _fits(self) -> frozenset[str]:
        cell = self._need("fits")
        words = cell.text.replace(",", " ").split()
        return frozenset(_pick(cell, "fits", word, KINDS) for word in words or [""])

    def _cost(self, what: str) -> Cost:
        low, typical, high = (self.number(f"{what}_{end}") for end in _ENDS)
        if not low <= typical <= high:
            where = self._blame(f"{what}_{end}" for end in ("typical", "low", "high"))
            msg = (
                f"{where}: {what} of {self.measure_id} is {low:g}, {typical:g} and {high:g} "
                "EUR; wanted low, typical and high rising."
            )
            raise CatalogueError(msg)
        return Cost(low, typical, high)

    def _of(self, prefix: str, known: tuple[str, ...]) -> list[tuple[str, str]]:
        """List quantities that start so, with what follows, which must be known."""
        named = [name for name in self.cells if name.startswith(prefix)]
        parts = [(name, name.removeprefix(prefix)) for name in named]
        return [(name, _pick(self.cells[name], name, part, known)) for name, part in parts]

    def _change(self) -> Change:
        roofs = _roofs()
        shelter = {
            kind: _pick(self.cells[name], name, self.cells[name].text, roofs)
            for name, kind in self._of("shelter_", roofs)
        }
        cover = {kind: self.number(name) for name, kind in self._of("cover_", COVERS)}
        if sum(cover.values()) > 1.0 + 1e-9:
            where = self._blame(f"cover_{kind}" for kind in cover)
            msg = f"{where}: the covers of {self.measure_id} sum to more than 1."
            raise CatalogueError(msg)
        serves = self._choice("serves", SERVED) if "serves" in self.cells else ""
        return Change(
            shelter=shelter,
            crown=self._crown(),
            cover=cover,
            move_m=self.number("move"),
            air_k=self.number("air"),
            humidity_pct=self.number("humidity"),
            spray_from_c=self.number("spray_from"),
            spray_from_hour=self.number("spray_from_hour"),
            waiting_factor=self.number("waiting_factor", 1.0),
            serves=serves,
            reach_m=self.number("reach"),
        )

    def _crown(self) -> Crown | None:
        if not any(name.startswith("crown_") for name in self.cells):
            return None
        for name in CROWN:
            self._need(name)
        crown = Crown(*map(self.number, CROWN))
        ok = crown.radius_m <= crown.most_radius_m and crown.base_m < crown.height_m
        if not ok or crown.height_m > crown.most_height_m:
            msg = (
                f"{self._blame(CROWN)}: the crown of {self.measure_id} shrinks, or "
                "ends below where it begins; wanted radius and height to grow, base below both."
            )
            raise CatalogueError(msg)
        return crown


def _pick(cell: _Cell, quantity: str, text: str, known: tuple[str, ...]) -> str:
    if text not in known:
        msg = f"{cell.where}: {quantity} {text[:60]!r}; wanted one of {', '.join(known)}."
        raise CatalogueError(msg)
    return text


def _roofs() -> tuple[str, ...]:
    """Name the kinds of shelter whose roof is known: a measure changes no other."""
    table = read_numbers("shelter", key="kind")
    return tuple(kind for kind, told in table.items() if "transmittance" in told)
