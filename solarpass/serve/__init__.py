"""The HTTP door: what the command line answers, for a map in a browser or an app on a phone."""

from .door import build_door
from .house import is_loopback, open_door

__all__ = ["build_door", "is_loopback", "open_door"]
