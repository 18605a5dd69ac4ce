"""Pieces: how many of each measure a bundle takes, and what one of them costs."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from solarpass.words import Words

from .catalogue import Catalogue
from .measure import PER
from .numeral import Numeral
from .option import Options
from .plan_terms import PLAN_TERMS

_ONE_SITE: Final = "site"


class Piece(NamedTuple):
    """
    One measure of a bundle, counted as it is paid for.

    Attributes
    ----------
    measure
        Its id.
    n
        How many of `unit`: waiting places, 1 of a whole site, or m² to a tenth.
    unit
        One of `hiro.measure.PER`.
    eur_each
        The typical price of one; `n` times this, to the euro, is its part of the cost. [€]
    """

    measure: str
    n: float
    unit: str
    eur_each: float

    def tell(self) -> dict[str, Any]:
        """Tell it as a file does, whole numbers without a point."""
        return {
            "measure": self.measure,
            "n": int(self.n) if float(self.n).is_integer() else self.n,
            "unit": self.unit,
            "eur_each": self.eur_each,
        }


def list_pieces(options: Options, row: int, catalogue: Catalogue) -> tuple[Piece, ...]:
    """List the pieces of an option, in the order of its measures; none where that is not told."""
    if not options.units:
        return ()
    measures = (catalogue.find(one) for one in options.measures[row])
    return tuple(
        Piece(measure.measure_id, n, measure.per, measure.invest.typical_eur)
        for measure, n in zip(measures, options.units[row], strict=True)
    )


def name_measures(options: Options, row: int, catalogue: Catalogue, language: str) -> list[str]:
    """Name the measures of an option, with how many there are of each where that is told."""
    names = [catalogue.find(one).name[language] for one in options.measures[row]]
    pieces = list_pieces(options, row, catalogue)
    counted = [
        count_name(name, piece.n, piece.unit, language)
        for name, piece in zip(names, pieces, strict=bool(pieces))
    ]
    return counted or names


def count_name(name: str, n: float, unit: str, language: str) -> str:
    r"""
    Say how many of a measure there are; of a whole site there is just the one.

    Examples
    --------
    >>> count_name("Pergola", 3, "place", "de").replace("\N{MULTIPLICATION SIGN}", "x")
    '3 x Pergola'
    >>> count_name("Heat plan", 1, "site", "en")
    'Heat plan'
    >>> count_name("Entsiegeln", 47.5, "m2", "de")
    '47,5\xa0m² Entsiegeln'
    """
    count = Numeral(language).exact(n)
    if unit == _ONE_SITE and n == 1:
        return name
    of = "\N{NO-BREAK SPACE}m²" if unit == "m2" else " \N{MULTIPLICATION SIGN}"
    return f"{count}{of} {name}"


def tell_each(eur_each: float, unit: str, language: str) -> str:
    r"""
    Say what one costs, and of what.

    Examples
    --------
    >>> tell_each(8000.0, "place", "de")
    '8.000\xa0€ je Warteplatz'
    """
    of = Words(language, PLAN_TERMS)(f"per_{unit}") if unit in PER else unit
    return f"{Numeral(language).euros(eur_each)} {of}"
