"""Who plays a scenario: fixed moves, scripted, learnt and planning policies.

Planners go on with what was learnt; they take their time, so they meet few suppliers, side by side.
"""

import inspect
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ...learning.network_policy import torch_threads
from ...parallel import in_parallel
from ...policy import Policy
from ...registry import load_policy
from ...reporting.progress import bar
from ...scripted import SCRIPTED
from .played import (
    BASELINE,
    LEFT_OUT,
    RANDOM,
    REFERENCES,
    REPEATED,
    SEQUENCE,
    Field,
    Played,
    as_data,
    from_data,
    seed_noise,
    without,
)
from .sequences import FixedMoves, Tryout, best_repeated, best_sequence, in_words
from .subject import NAMES, Subject
from .training import Training, digest

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


def groups(subject: Subject, ablations: bool = True) -> dict[str, list[Training]]:
    """Return the trainings behind each learnt player of the field, by its name."""
    settings = subject.settings
    found = {name: subject.trainings(algorithm) for algorithm, name in NAMES.items() if algorithm != "recurrent_ppo"}
    found[stacked(settings.stack)] = subject.trainings("ppo", stack=settings.stack)
    if settings.recurrent_steps:
        found[NAMES["recurrent_ppo"]] = subject.trainings("recurrent_ppo", steps=settings.recurrent_steps)
    if ablations:
        for name in (name for name in LEFT_OUT if name not in subject.scenario.without):
            found[without(name)] = subject.trainings("maskable_ppo", subject.without(name))
    return found


def stacked(rounds: int) -> str:
    """Return what PPO is called that sees the last rounds side by side."""
    return f"PPO, {rounds} rounds stacked"


def everybody(subject: Subject, ablations: bool = True) -> Field:
    """Search, and play everybody; what has been trained must be finished.

    Args:
        subject: the game.
        ablations: whether the policies trained without a family play, too.
    """
    learnt = groups(subject, ablations)
    total = 2 + len(SCRIPTED) + len(REFERENCES) + len(learnt)
    players = {}
    with bar(total, f"{subject.scenario.name}, held out", subject.progress, "players") as shown:
        for player in _players(subject, learnt):
            players[player.name] = player
            shown.update()
    return Field(players, seed_noise(players.values()))


def _players(subject: Subject, learnt: Mapping[str, Sequence[Training]]) -> Iterator[Played]:
    yield from _fixed(subject)
    for name in SCRIPTED:
        yield Played(name, (subject.play(load_policy(name)),), "random" if name == RANDOM else "scripted")
    for name, trainings in learnt.items():
        yield Played(name, tuple(subject.play_learnt(training) for training in trainings), "learnt")
    yield from references(subject, learnt[BASELINE][0])


def _fixed(subject: Subject) -> Iterator[Played]:
    """Yield the best repeated move and the best sequence, both found on the training split."""
    settings = subject.settings
    tryout = Tryout(subject.variant())
    sizes = ("candidates", "iterations", "restarts", "suppliers")
    key = {name: getattr(settings, name) for name in sizes}
    total = settings.restarts * settings.iterations
    with bar(total, "Search for a sequence", subject.progress, "iterations", leave=False) as shown:
        plans = {
            REPEATED: subject.store.remember(REPEATED, key, lambda: {"plan": best_repeated(tryout, settings)}),
            SEQUENCE: subject.store.remember(
                SEQUENCE, key, lambda: {"plan": best_sequence(tryout, settings, shown.update)}
            ),
        }
    for name, found in plans.items():
        yield Played(name, (subject.play(FixedMoves(found["plan"])),), "fixed", in_words(found["plan"]))
