"""The progress bar of evaluations: on stderr, if that is a terminal, with an estimate of the time left."""

from types import TracebackType

from tqdm import tqdm


class EpisodeBar:
    """Shows how many episodes have ended, over several plays of equally many episodes.

    Call it with the label of a play and the number of its episodes that have ended; another label is the next play.
    """

    def __init__(self, plays: int, episodes: int, show: bool = True) -> None:
        self._episodes = episodes
        self._label: str | None = None
        self._before = 0
        self._bar = tqdm(
            total=plays * episodes, unit=" episodes", unit_scale=True, mininterval=0.2, disable=None if show else True
        )

    def __enter__(self) -> "EpisodeBar":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._bar.close()

    def __call__(self, label: str, ended: int) -> None:
        """Show that ``ended`` episodes of the play ``label`` have ended."""
        if label != self._label:
            self._before += 0 if self._label is None else self._episodes
            self._label = label
            self._bar.set_description(label, refresh=False)
        self._bar.update(self._before + ended - self._bar.n)
