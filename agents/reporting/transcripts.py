"""Four negotiations of each policy, told in words: its best, a typical one, its worst, and a breakdown."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from negoenv.benchmark.evaluation import Episodes
from negoenv.engine.batch import Batch
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.game.state import Outcome
from negoenv.make import make_batch
from negoenv.scenarios.presets import Named
from negoenv.sourcing import SourcingBatch
from negoenv.sourcing.transcript import replay_sourcing
from negoenv.viewer import RecordedNegotiation, render_ansi, transcript_lines

from .files import write_text
from .report import Report, move_names

FOLDER = "transcripts"
ORDER = ("best", "typical", "worst", "breakdown")
Story = tuple[tuple[str, ...], str]  # lines and body of a transcript


@dataclass(frozen=True)
class Transcript:
    """One negotiation in words."""

    name: str  # which one it is, a word of `ORDER`
    title: str  # what it is: whose, against whom, how it ended
    lines: tuple[str, ...]  # a line for the start, for each round, and for the result
    body: str  # the same, wrapped for a text file

    def text(self) -> str:
        """Return it for a text file."""
        return f"{self.title}\n\n{self.body}\n"


def notable(episodes: Episodes) -> dict[str, int]:
    """Return which episode is the best, typical (of median return), the worst, and a typical breakdown if there is one.

    Of several equal ones the first is taken.
    """
    returns = episodes.returns
    broken = np.flatnonzero(episodes.outcomes["outcome"] == Outcome.BREAKDOWN.name.lower())
    found = {"best": int(returns.argmax()), "typical": _median(returns), "worst": int(returns.argmin())}
    if broken.size:
        found["breakdown"] = int(broken[_median(returns[broken])])
    return found


def _median(returns: NDArray[np.float64]) -> int:
    return int(np.abs(returns - np.median(returns)).argmin())


def write_transcripts(report: Report, scenario: Named, folder: Path | None = None) -> list[Transcript]:
    """Replay the notable episodes of a traced report, each on its seed.

    Args:
        report: what was played, with a trace.
        scenario: the game in which it was played, as in `negoenv.make.make_batch`.
        folder: where a text file of each is written; none unless given.
    """
    episodes = report.episodes
    numbers = notable(episodes)
    batch = make_batch(1, scenario, report.split)
    told = (
        replayed
        if isinstance(batch, NegotiationBatch)
        else _replayed_sourcing
        if isinstance(batch, SourcingBatch)
        else _list
    )
    written = [
        Transcript(name, _title(report, name, number), *story)
        for (name, number), story in zip(numbers.items(), told(episodes, list(numbers.values()), batch), strict=True)
    ]
    if folder is not None:
        for transcript in written:
            write_text(folder / f"{transcript.name}.txt", transcript.text())
    return written


def replayed(episodes: Episodes, numbers: Sequence[int], batch: Batch) -> list[Story]:
    """Play the moves of some traced episodes again, in a batch of one row, and return what there is to tell of each."""
    assert isinstance(batch, NegotiationBatch)
    assert episodes.trace is not None
    stories: list[Story] = []
    for number in numbers:
        played = RecordedNegotiation(batch, episodes.seed + number)
        for action in episodes.trace.moves_of(number):
            played.play(int(action))
        stories.append((tuple(transcript_lines(played.events)), render_ansi(played.events)))
    return stories


def _replayed_sourcing(episodes: Episodes, numbers: Sequence[int], batch: Batch) -> list[Story]:
    """Do what `replayed` does, for several suppliers."""
    assert isinstance(batch, SourcingBatch)
    assert episodes.trace is not None
    moves = episodes.trace.moves_of
    stories = [replay_sourcing(batch, episodes.seed + number, moves(number).tolist()) for number in numbers]
    return [(tuple(story.lines), story.text()) for story in stories]


def _list(episodes: Episodes, numbers: Sequence[int], batch: Batch) -> list[Story]:
    """Return a line for each move, for games that nobody has put into words."""
    trace, names = episodes.trace, move_names(episodes)
    assert trace is not None
    stories = []
    for number in numbers:
        lines = []
        for before, move in enumerate(trace.moves_of(number)):
            seen = ", ".join(f"{name} {column[before, number]:g}" for name, column in trace.columns.items())
            lines.append(f"Round {before + 1}. {names[move].capitalize()} ({seen}).")
        stories.append((tuple(lines), "\n".join(lines)))
    return stories


def _title(report: Report, name: str, number: int) -> str:
    """Return what a transcript is."""
    episodes = report.episodes
    article = "a" if name in ("typical", "breakdown") else "the"
    against = f" with a supplier of the kind {episodes.suppliers[number]}" if len(episodes.suppliers) else ""
    outcome = str(episodes.outcomes["outcome"][number]).replace("_", " ")
    what = "breakdown" if name == "breakdown" else f"{name} negotiation"
    return (
        f"{report.policy} on {report.scenario}: {article} {what}{against}, seed {episodes.seed + number}; "
        f"{outcome}, return {episodes.returns[number]:.2f}."
    )
