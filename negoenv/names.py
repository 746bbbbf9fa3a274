"""What may be called a name: it becomes part of file names, tables and pages, and must be nothing else there."""

import re
from typing import Annotated

from pydantic import AfterValidator

from negoenv.errors import NegoenvError, shown

MAX_LETTERS = 60
"""Characters of the longest name."""

_PATTERN = re.compile(rf"(?!.*\.\.)(?!.*\.\Z)[A-Za-z0-9_][A-Za-z0-9_.+=-]{{0,{MAX_LETTERS - 1}}}\Z")


def checked_name(what: str, name: str) -> str:
    """Return ``name`` if it may be one.

    A name has 1 to 60 letters (A to Z), digits and ``_ - . + =``. It begins with a letter, a digit or ``_``, does not
    end with a dot and holds no two dots in a row, so that it climbs out of no directory and hides nowhere.

    Args:
        what: what it is to be, for example ``"run name"``.
        name: what the user wrote.

    Raises:
        NegoenvError: if it is no name.
    """
    if not _PATTERN.match(name):
        raise NegoenvError(
            f"{shown(name)} is no {what}; accepted are 1 to {MAX_LETTERS} letters, digits and _ - . + =, beginning "
            "with a letter, a digit or _, with no dot at the end and no two in a row."
        )
    return name


def _named(name: str) -> str:
    return checked_name("name", name)


Name = Annotated[str, AfterValidator(_named)]
"""A name as the field of a model."""
