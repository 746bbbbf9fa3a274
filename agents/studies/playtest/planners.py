"""The planners, who go on with what was learnt; they take their time, so they meet few suppliers, side by side."""

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...learning.network_policy import torch_threads
from ...parallel import in_parallel
from ...policy import Policy
from ...registry import load_policy
from .field import REFERENCES
from .played import Played, as_data, from_data
from .store import digest
from .subject import Subject
from .training import Training

_BASE = "gradual"  # what planners go on with, beside what was learnt


def references(subject: Subject, learnt: Training) -> Iterator[Played]:
    """Yield the planners.

    Args:
        subject: the game.
        learnt: a finished training, which planners go on with and which stands in for the suppliers that they miss.
    """
    episodes = subject.settings.reference_episodes
    if not episodes:
        return
    list(in_parallel(_recall, [(subject, name, learnt) for name in REFERENCES], subject.settings.processes))
    related = subject.play_learnt(learnt).returns
    for name in REFERENCES:
        yield Played(name, (from_data(_recall(subject, name, learnt)),), "reference", f"{episodes} suppliers", related)


def _recall(subject: Subject, name: str, learnt: Training) -> dict[str, Any]:
    """Return what a planner played, now or before."""
    policy = load_policy(f"{name}:{learnt.directory},{_BASE}")
    episodes = subject.settings.reference_episodes
    key = {"episodes": episodes, "base": learnt.directory.name, "source": _source(policy)}

    def play() -> dict[str, Any]:
        with torch_threads(1):
            return as_data(subject.play(policy, episodes=episodes))

    return subject.store.remember(name, key, play)


def _source(policy: Policy) -> str:
    """Return a digest of the code beside a policy's class, so that another planner is played anew."""
    folder = Path(inspect.getfile(type(policy))).parent
    return digest(*(path.read_bytes() for path in sorted(folder.glob("*.py"))))
