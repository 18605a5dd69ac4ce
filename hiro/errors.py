"""
Every error of HiRo.

Each is a `SolarpassError`, so one ``except`` catches all we know of, and a `ValueError`, as all
of them are about what was given::

    SolarpassError
    ├── SiteError           objects that cannot be: doubled, far away, without a place
    ├── WeatherError        weather with gaps, out of bounds, or of another day
    ├── ComfortError        inputs from which no comfort can be told
    ├── TimetableError      a timetable that tells no departures
    └── PopulationError     a table of ages that tells none
"""

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
