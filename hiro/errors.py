"""
Every error of HiRo.

Each is a `SolarpassError`, so one ``except`` catches all we know of, and a `ValueError`, as all
of them are about what was given::

    SolarpassError
    ├── SiteError           objects that cannot be: doubled, far away, without a place
    ├── WeatherError        weather with gaps, out of bounds, or of another day
    ├── ComfortError        inputs from which no comfort can be told
    ├── TimetableError      a timetable that tells no departures
    ├── PopulationError     a table of ages that tells none
    ├── CatalogueError      measures without a price, a life or a source
    ├── PlanError           wishes that no plan can meet, or a solver that gave none
    │   └── ShortBudgetError    wishes that cost more than there is
    ├── PaperError          the file of a plan of which no paper can be made
    ├── AlertError          a file that holds no alert that can be read
    └── ReportError         a report, a photo or a store of reports that is not what was wanted
"""

from collections.abc import Mapping

from solarpass.errors import SolarpassError


class SiteError(ValueError, SolarpassError):
    """Objects that cannot be: doubled, far away, or without a place."""


class WeatherError(ValueError, SolarpassError):
    """Weather with gaps, out of bounds, or of another day."""


class ComfortError(ValueError, SolarpassError):
    """Inputs from which no comfort can be told."""


class TimetableError(ValueError, SolarpassError):
    """A timetable that tells no departures."""


class PopulationError(ValueError, SolarpassError):
    """A table of ages that tells none."""


class CatalogueError(ValueError, SolarpassError):
    """Measures without a price, a life or a source."""


class PlanError(ValueError, SolarpassError):
    """Wishes that no plan can meet, or a solver that gave none."""


class ShortBudgetError(PlanError):
    """
    Wishes that cost more than there is.

    Attributes
    ----------
    least_eur
        What they cost at least. [€]
    """

    def __init__(self, message: str, *, least_eur: int) -> None:
        """Keep what they cost."""
        super().__init__(message)
        self.least_eur = least_eur


class ReportError(ValueError, SolarpassError):
    """
    A report, a photo or a store of reports that is not what was wanted.

    Attributes
    ----------
    term, values
        Of `hiro.report_terms`, by which `hiro.refusal` says it in either language.
    """

    def __init__(
        self, sentence: str, *, term: str = "", values: Mapping[str, object] | None = None
    ) -> None:
        """Keep the sentence, and what it was made of."""
        super().__init__(sentence)
        self.term = term
        self.values = dict(values or {})


class PaperError(ValueError, SolarpassError):
    """The file of a plan of which no paper can be made."""


class AlertError(ValueError, SolarpassError):
    """A file that holds no alert that can be read."""
