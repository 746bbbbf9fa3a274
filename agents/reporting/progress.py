"""Progress bars: on stderr, if that is a terminal, with an estimate of the time left."""

from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any, TypeVar

from tqdm import tqdm

from negoenv.errors import printable

Thing = TypeVar("Thing")


def bar(total: int, label: str | None, shown: bool, unit: str = "it", leave: bool = True) -> "tqdm[Any]":
    """Return a bar.

    Args:
        total: how many units there are.
        label: what is counted.
        shown: whether it is wanted; elsewhere than on a terminal it is never shown.
        unit: the word for one.
        leave: whether it stays when it is full.
    """
    return tqdm(
        total=total, desc=label and printable(label), unit=f" {unit}", unit_scale=True, leave=leave, mininterval=0.2,
        disable=None if shown else True,
    )  # fmt: skip


def tracked(things: Sequence[Thing], label: str, shown: bool, unit: str = "it") -> Iterator[Thing]:
    """Yield things, and show how many have been dealt with; the arguments are those of `bar`."""
    with bar(len(things), label, shown, unit, leave=False) as progress:
        for thing in things:
            yield thing
            progress.update()


class EpisodeBar:
    """Shows how many episodes have ended, over several plays of equally many episodes.

    Call it with the label of a play and the number of its episodes that have ended; another label is the next play.
    """

    def __init__(self, plays: int, episodes: int, show: bool = True) -> None:
        self._episodes = episodes
        self._label: str | None = None
        self._before = 0
        self._bar = bar(plays * episodes, None, show, "episodes")

    def __enter__(self) -> "EpisodeBar":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._bar.close()

    def __call__(self, label: str, ended: int) -> None:
        """Show that ``ended`` episodes of the play ``label`` have ended."""
        if label != self._label:
            self._before += 0 if self._label is None else self._episodes
            self._label = label
            self._bar.set_description(printable(label), refresh=False)
        self._bar.update(self._before + ended - self._bar.n)
