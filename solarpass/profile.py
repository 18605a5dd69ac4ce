"""Profiles: who walks, and what the way has to be like: a question, as plain as a trip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from .errors import TripError

Who = Literal["walk", "pram", "wheelchair"]

WHO: Final[tuple[Who, ...]] = get_args(Who)
_WISHES: Final = ("lit", "quiet")


@dataclass(frozen=True, slots=True)
class Profile:
    """
    Who walks, and what the way has to be like.

    Attributes
    ----------
    who
        On foot, with a pram, or in a wheelchair.
    lit
        Whether the way has to be lit where one walks it by night.
    quiet
        Whether one keeps away from big roads where there is another way.

    Raises
    ------
    TripError
        If nobody of that kind is known.
    """

    who: Who = "walk"
    lit: bool = False
    quiet: bool = False

    def __post_init__(self) -> None:
        """Refuse whom we cannot plan for."""
        if self.who not in WHO:
            msg = f"`profile` must be one of {', '.join(WHO)}; got {str(self.who)[:40]!r}."
            raise TripError(msg)

    @classmethod
    def from_text(cls, text: str) -> Profile:
        """
        Read a profile as it stands in a link: who, then wishes, joined by ``+``.

        Raises
        ------
        TripError
            If a part of it does not read.

        Examples
        --------
        >>> Profile.from_text("wheelchair+lit")
        Profile(who='wheelchair', lit=True, quiet=False)
        >>> Profile.from_text("quiet").to_text()
        'walk+quiet'
        """
        parts = text.strip().lower().replace(" ", "+").split("+") if text.strip() else []
        who = [part for part in parts if part not in _WISHES]
        if len(who) > 1 or not set(who) <= set(WHO) or len(parts) != len(set(parts)):
            msg = (
                f"`profile` must be one of {', '.join(WHO)}, with {' or '.join(_WISHES)} behind "
                f"a plus if wished, such as wheelchair+lit; got {text[:40]!r}."
            )
            raise TripError(msg)
        asked = WHO[WHO.index(who[0])] if who else "walk"
        return cls(who=asked, lit="lit" in parts, quiet="quiet" in parts)

    def to_text(self) -> str:
        """Write the profile so that `from_text` reads it back."""
        return "+".join([self.who, *(wish for wish in _WISHES if getattr(self, wish))])
