"""What somebody may put into a file who means no good."""

import json
import os
import pickle
import struct


class WritesAFile:
    """A pickle of it writes a file when it is read."""

    def __init__(self, path):
        self._path = path

    def __reduce__(self):
        return os.mkdir, (str(self._path),)


def header(tensors, size=None):
    text = json.dumps(tensors).encode()
    return struct.pack("<Q", len(text) if size is None else size) + text


HUGE = {"0.weight": {"dtype": "F32", "shape": [2**40, 2**20], "data_offsets": [0, 2**62]}}
WEIGHTS = {
    "a pickle": lambda marker: pickle.dumps(WritesAFile(marker)),
    "a header of 2^60 bytes": lambda _: header({}, 2**60),
    "a header of 200 MB": lambda _: header({}, 200_000_000) + b" " * 100,
    "tensors larger than the file": lambda _: header(HUGE),
    "tensors whose size wraps around": lambda _: header({"0.weight": HUGE["0.weight"] | {"data_offsets": [0, 0]}}),
    "overlapping tensors": lambda _: header(
        {str(i): {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]} for i in range(2)}
    ) + bytes(4),
    "nothing": lambda _: b"",
}  # fmt: skip


VALUES = (
    None, True, -1, 0, 10**30, 1e308, "", "x" * 1000, "\x1b[31m", "../..", "HOLD", [], {}, [1], {"a": 1}, [[[[]]]],
)  # fmt: skip


def places_in(data, place=()):
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inner:
        yield (*place, key)
        yield from places_in(value, (*place, key))
