"""Numbers of a plan in the words of a language: the digits of its file, never others."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, time

from solarpass.words import Words

_SPACE = "\N{NO-BREAK SPACE}"
_DASH = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class Numeral:
    """
    How a language writes numbers.

    Attributes
    ----------
    language
        ``de`` or ``en``.
    """

    language: str

    def number(self, value: float, digits: int = 0) -> str:
        """
        Write a number.

        Examples
        --------
        >>> Numeral("de").number(1234.5, 1), Numeral("en").number(1234.5, 1)
        ('1.234,5', '1,234.5')
        """
        text = f"{value:,.{digits}f}"
        if float(text.replace(",", "")) == 0.0:
            text = text.removeprefix("-")
        return text.translate(str.maketrans(",.", ".,")) if self.language == "de" else text

    def euros(self, value: float) -> str:
        r"""
        Write an amount; cents only where there are some.

        Examples
        --------
        >>> Numeral("de").euros(24000), Numeral("en").euros(2.5)
        ('24.000\xa0€', '2.50\xa0€')
        """
        digits = 0 if float(value).is_integer() else 2
        return f"{self.number(value, digits)}{_SPACE}€"

    def span(self, low: float, high: float) -> str:
        r"""
        Write between which amounts one lies.

        Examples
        --------
        >>> Numeral("de").span(12000, 60000).split("\N{EN DASH}")
        ['12.000', '60.000\xa0€']
        """
        return f"{self.number(low)}{_DASH}{self.number(high)}{_SPACE}€"

    def heat(self, value: float) -> str:
        """
        Write persons K h: whole, two digits below ten, as reasons do.

        Examples
        --------
        >>> Numeral("de").heat(965.6405), Numeral("de").heat(1.6916), Numeral("de").heat(0.0)
        ('966', '1,69', '0')
        """
        return self.number(value, 2 if 0.0 < abs(value) < 10.0 else 0)

    def about(self, value: float) -> str:
        r"""
        Write a number for reading, to three digits; the exact one stands in a table.

        Examples
        --------
        >>> Numeral("de").about(115926), Numeral("en").about(264830.2), Numeral("de").about(1.6916)
        ('116.000', '265,000', '1,69')
        """
        places = 2 - math.floor(math.log10(abs(value))) if value else 0
        return self.number(round(value, places), max(min(places, 2), 0))

    def exact(self, value: float) -> str:
        """
        Write a number with the digits it has, at most nine after the point.

        Examples
        --------
        >>> Numeral("de").exact(16700.0), Numeral("de").exact(0.25)
        ('16.700', '0,25')
        """
        digits = len(f"{value:.9f}".rstrip("0").partition(".")[2])
        return self.number(value, digits)

    def percent(self, value: float, digits: int = 0) -> str:
        r"""
        Write a percentage, given as one.

        Examples
        --------
        >>> Numeral("de").percent(3.488, 1)
        '3,5\xa0%'
        """
        return f"{self.number(value, digits)}{_SPACE}%"

    def date(self, day: str) -> str:
        """
        Write a day.

        Examples
        --------
        >>> Numeral("de").date("2026-07-20")
        '20. Juli 2026'
        """
        return Words(self.language).date(_at_midnight(date.fromisoformat(day)))


def _at_midnight(day: date) -> datetime:
    return datetime.combine(day, time())
