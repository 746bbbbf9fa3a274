"""Progress bars, on stderr if that is a terminal."""

from typing import Any

from tqdm import tqdm


def bar(total: int, label: str, shown: bool, unit: str = "it", leave: bool = True) -> "tqdm[Any]":
    """Return a bar with an estimate of the time left.

    Args:
        total: how many units there are.
        label: what is counted.
        shown: whether it is wanted; elsewhere than on a terminal it is never shown.
        unit: the word for one.
        leave: whether it stays when it is full.
    """
    return tqdm(total=total, desc=label, unit=f" {unit}", unit_scale=True, leave=leave, disable=None if shown else True)
