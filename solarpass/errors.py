"""
Everything that can go wrong, in one tree.

SolarpassError
├─ NaiveTimeError     (ValueError)    a time without a time zone
├─ WallTimeError      (ValueError)    a wall time that a clock change skips or repeats
├─ CoordinateError    (ValueError)    wrong or missing coordinate reference system
├─ TripError          (ValueError)    a question that does not read
├─ SourceError        (ValueError)    a file or frame that is not what was wanted
├─ FolderError        (ValueError)    a city folder that is missing, foreign or of another version
├─ TableError         (ValueError)    a row of our own tables without unit, source or sense
├─ PlaceError         (LookupError)   no place of that name, or too many
├─ FetchError         (OSError)       an outside service that did not answer as hoped
└─ NoRouteError       (LookupError)   no street joins the two ends

Each says in one sentence what was wanted, what came and what to do.
"""


class SolarpassError(Exception):
    """Base of every error this project raises on purpose."""


class NaiveTimeError(ValueError, SolarpassError):
    """A time carries no time zone, so the sun has no position."""


class WallTimeError(ValueError, SolarpassError):
    """A wall time that a clock change skips, or repeats so that two instants are meant."""


class CoordinateError(ValueError, SolarpassError):
    """Geometry is in the wrong coordinate reference system, or in none."""


class TripError(ValueError, SolarpassError):
    """A trip lacks an end or a start, or holds a value that does not read."""


class SourceError(ValueError, SolarpassError):
    """A file or a frame is not what was wanted: empty, torn, or of another kind."""


class FolderError(ValueError, SolarpassError):
    """A city folder is missing, half there, foreign, or of another version."""


class TableError(ValueError, SolarpassError):
    """A row of a table shipped with the project lacks its unit, source or sense."""


class PlaceError(LookupError, SolarpassError):
    """No place answers to that name, or too many do."""


class FetchError(OSError, SolarpassError):
    """An outside service did not answer, or not with what was asked for."""


class NoRouteError(LookupError, SolarpassError):
    """The streets do not join the two ends."""
