"""The planners, who go on with what was learnt; they take their time, so they meet few suppliers, side by side."""

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agents.catalogue import load_policy
from agents.learning.learnt import torch_threads
from agents.playtest.field import REFERENCES
from agents.playtest.played import Played, as_data, from_data
from agents.playtest.side_by_side import side_by_side
from agents.playtest.store import digest
from agents.playtest.subject import Subject
from agents.playtest.training import Training
from agents.policy import Policy
from negoenv.errors import NegoenvError

_BASE = "gradual"  # what planners go on with, beside what was learnt


def references(subject: Subject, learnt: Training) -> Iterator[Played]:
    """Yield the planners that there are.

    Args:
        subject: the game.
        learnt: a finished training, which planners go on with and which stands in for the suppliers that they miss.
    """
    episodes = subject.settings.reference_episodes
    policies = {name: _load(name, learnt) for name in REFERENCES} if episodes else {}
    known = [name for name, policy in policies.items() if policy is not None]
    list(side_by_side(_recall, [(subject, name, learnt) for name in known], subject.settings.processes))
    for name in known:
        few = from_data(_recall(subject, name, learnt))
        related = subject.play_learnt(learnt).returns
        yield Played(name, (few,), "reference", f"{episodes} suppliers", related)


def _load(name: str, learnt: Training) -> Policy | None:
    """Return a planner; None where this installation has none."""
    try:
        return load_policy(f"{name}:{learnt.directory},{_BASE}")
    except NegoenvError:
        return None


def _recall(subject: Subject, name: str, learnt: Training) -> dict[str, Any]:
    """Return what a planner played, now or before."""
    policy = _load(name, learnt)
    assert policy is not None
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
