"""The observation of Sourcing as a dictionary: a row of columns for each supplier, and which of them there are."""

from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from negoenv.errors import unknown_name
from negoenv.sourcing.moves import LAYOUT
from negoenv.sourcing.observation import OBSERVATION_HIGHS, OBSERVATION_LOWS, SOURCING_NAMES, WIDTH

OBSERVATION_FORMS = ("flat", "dict")
"""How an observation may be laid out."""

_PRESENT = SOURCING_NAMES.index("present")


def checked_form(form: str) -> str:
    """Return the form of observations if there is such a one.

    Raises:
        NegoenvError: if there is none.
    """
    if form not in OBSERVATION_FORMS:
        raise unknown_name("observation", form, OBSERVATION_FORMS)
    return form


def dict_space() -> spaces.Dict:
    """Return the space of one observation as a dictionary."""
    shape = (LAYOUT, WIDTH)
    return spaces.Dict(
        suppliers=spaces.Box(OBSERVATION_LOWS.reshape(shape), OBSERVATION_HIGHS.reshape(shape), dtype=np.float32),
        present=spaces.MultiBinary(LAYOUT),
    )


def as_dict(observations: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """Return observations, one or a batch, as a dictionary: ``suppliers`` is a view of them, ``present`` int8."""
    blocks = observations.reshape(*observations.shape[:-1], LAYOUT, WIDTH)
    return {"suppliers": blocks, "present": blocks[..., _PRESENT].astype(np.int8)}
