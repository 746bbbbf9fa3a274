"""The splits of a game's suppliers, and which random numbers belong to each."""

from typing import Literal

from negoenv.errors import unknown_name

Split = Literal["train", "validation", "test", "unseen"]

STREAMS: dict[Split, int] = {"train": 0, "validation": 1, "test": 0, "unseen": 2}
"""The stream of random numbers of each split, see `negoenv.numerics.randomness.row_keys`.

Suppliers of different streams are never the same, whatever the seeds: what was chosen on those of validation has not
met those of the test. Training and test differ by their populations, and by the seeds that are used. "unseen" has kinds
of supplier, constants and tactics of the supplier that training never shows.
"""

UNSEEN: Split = "unseen"
SPLITS: tuple[Split, ...] = tuple(STREAMS)


def stream_of(split: str) -> int:
    """Return the stream of a split.

    Raises:
        NegoenvError: if there is no such split.
    """
    for known, stream in STREAMS.items():
        if split == known:
            return stream
    raise unknown_name("split", split, SPLITS)
