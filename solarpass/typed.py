"""What may be typed after an option: texts read as values, or refused in one sentence."""

from __future__ import annotations

import argparse
import math
from datetime import date


def read_budget(text: str) -> float:
    """Read how much longer a walk may be, as a share."""
    try:
        return float(text)
    except ValueError:
        msg = f"wanted a share such as 0.15 (at most 15 % longer), got {text!r}"
        raise argparse.ArgumentTypeError(msg) from None


def read_port(text: str) -> int:
    """Read a port to listen on."""
    if not (text.isdecimal() and 1 <= int(text) <= 65535):
        msg = f"wanted a port between 1 and 65535, got {text!r}"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


def read_seed(text: str) -> int:
    """Read a seed of chance."""
    if not (text.isdecimal() and len(text) <= 18):
        msg = f"wanted a whole number, 0 or more, got {text!r}"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


def read_most(text: str) -> int:
    """Read how many rows to tell."""
    if not (text.isdecimal() and text.isascii() and 0 < len(text) <= 6 and int(text) > 0):
        msg = f"wanted a whole number from 1 to 999999, got {text!r}"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


def read_least_minutes(text: str) -> float:
    """Read the least that is worth telling. [min]."""
    return _read_number(text, 0.0, 1e6, wanted="minutes, 0 or more")


def read_minutes(text: str) -> float:
    """Read how long a round walk shall be. [min]."""
    return _read_number(text, 5.0, 180.0, wanted="minutes between 5 and 180")


def read_kilometres_per_hour(text: str) -> float:
    """Read a walking speed in km/h, as metres a second. [m s⁻¹]."""
    return _read_number(text, 1.08, 10.8, wanted="km/h between 1.08 and 10.8") / 3.6


def read_day(text: str) -> date:
    """Read a day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        msg = f"wanted a day such as 2026-07-15, got {text!r}"
        raise argparse.ArgumentTypeError(msg) from None


def read_year(text: str) -> int:
    """Read a year."""
    if not (text.isdecimal() and len(text) == 4):
        msg = f"wanted a year such as 2026, got {text!r}"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


def read_degrees(text: str) -> float:
    """Read an angle. [°]."""
    return _read_number(text, -360.0, 360.0, wanted="degrees")


def read_share(text: str) -> float:
    """Read a share between 0 and 1."""
    return _read_number(text, 0.0, 1.0, wanted="a share between 0 and 1")


def read_cell(text: str) -> float:
    """Read the side of a cell. [m]."""
    return _read_number(text, 0.1, 100.0, wanted="metres between 0.1 and 100")


def read_columns(text: str) -> dict[str, str]:
    """Read pairs of what a column tells and its name."""
    pairs = [pair.partition("=") for pair in text.split(",")]
    if not all(what.strip() and name.strip() for what, _, name in pairs):
        msg = f"wanted pairs such as height=baumhoehe,crown=krone, got {text!r}"
        raise argparse.ArgumentTypeError(msg)
    return {what.strip().lower(): name.strip() for what, _, name in pairs}


def _read_number(text: str, least: float, most: float, *, wanted: str) -> float:
    """Read a number within bounds."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not least <= number <= most:
        msg = f"wanted {wanted}, got {text!r}"
        raise argparse.ArgumentTypeError(msg)
    return number
