"""Progress bars."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

_PATIENCE = 1.0  # seconds before a bar appears: most policies are done by then


@contextmanager
def episode_bar(label: str, episodes: int, shown: bool) -> Iterator[Callable[[int], None]]:
    """Yield a function that is told how many of ``episodes`` have ended, and moves a bar on stderr."""
    with tqdm(total=episodes, desc=label, unit="episode", leave=False, delay=_PATIENCE, disable=not shown) as bar:

        def ended(number: int) -> None:
            bar.update(number - bar.n)

        yield ended
