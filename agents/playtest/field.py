"""Everybody who plays a scenario on the same held-out suppliers: fixed moves, scripted, learnt, planning policies."""

import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial, reduce
from pathlib import Path
from typing import Any

from agents.catalogue import load_policy
from agents.playtest.bars import bar
from agents.playtest.fixed import FixedMoves, Tryout, in_words
from agents.playtest.played import Played, SeedNoise, as_data, difference, from_data, share_of_span
from agents.playtest.search import best_repeated, best_sequence
from agents.playtest.store import digest
from agents.playtest.subject import NAMES, Subject
from agents.playtest.training import Training
from agents.policy import Policy
from agents.scripted import SCRIPTED
from negoenv.errors import NegoenvError
from negoenv.evaluation import Interval
from negoenv.tactics import Family, Move

RANDOM, REPEATED, SEQUENCE = "random", "best repeated move", "best fixed sequence"
ZERO, BASELINE = RANDOM, NAMES["maskable_ppo"]
REFERENCES = ("informed", "uninformed")
"""Planners, by their names in `agents.catalogue`: one is told the supplier's type, the other is not."""

LEFT_OUT = (
    *(f.name for f in (Family.STRONG, Family.THIRD_PARTY, Family.ULTIMATUM, Family.EMOTION, Family.CONCESSION)),
    Move.PROBE.name,
    Move.HOLD.name,
)
"""The tactics, and the two moves, that must earn their place."""


def without(name: str) -> str:
    """Return what the policy trained without a move or family is called."""
    return f"{BASELINE} without {name}"


@dataclass(frozen=True)
class Field:
    """Everybody, on the same suppliers.

    Attributes:
        players: by name, in the order of playing.
        noise: what the seeds of trainings do.
    """

    players: Mapping[str, Played]
    noise: SeedNoise

    @property
    def zero(self) -> Played:
        """The random policy: 0 of the normalised score."""
        return self.players[ZERO]

    @cached_property
    def best(self) -> Played:
        """The single policy with the highest mean return of all that were run: 1 of the normalised score."""
        return self.best_among(self.players.values())

    def best_among(self, players: Iterable[Played]) -> Played:
        """Return the best single run of some players; those who met few suppliers are compared on these alone."""
        runs = sorted((player.best_run for player in players), key=lambda run: -len(run.returns))
        return reduce(lambda best, run: run if self.gain(run, best).mean > 0.0 else best, runs)

    def score(self, player: Played) -> Interval:
        """Return the normalised score of a player."""
        return share_of_span(player, None, self.zero, self.best, self.noise)

    def gain(self, a: Played, b: Played) -> Interval:
        """Return the return of a less that of b."""
        return difference(a, b, self.noise)

    def gain_share(self, a: Played, b: Played) -> Interval:
        """Return the same in units of the normalised score."""
        return share_of_span(a, b, self.zero, self.best, self.noise)


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
    return Field(players, SeedNoise.pooled(players.values()))


def _players(subject: Subject, learnt: Mapping[str, Iterable[Training]]) -> Iterator[Played]:
    yield from _fixed(subject)
    for name in SCRIPTED:
        yield Played(name, (subject.play(load_policy(name)),), "random" if name == RANDOM else "scripted")
    for name, trainings in learnt.items():
        yield Played(name, tuple(subject.play_learnt(training) for training in trainings), "learnt")
    yield from _references(subject)


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


def _references(subject: Subject) -> Iterator[Played]:
    """Yield the planners that there are."""
    episodes = subject.settings.reference_episodes
    for name in REFERENCES if episodes else ():
        try:
            policy = load_policy(name)
        except NegoenvError:  # this installation has no such planner
            continue
        key = {"episodes": episodes, "source": _source(policy)}
        data = subject.store.remember(name, key, partial(_played_data, subject, policy))
        yield Played(name, (from_data(data),), "reference", f"{episodes} suppliers")


def _played_data(subject: Subject, policy: Policy) -> dict[str, Any]:
    return as_data(subject.play(policy, episodes=subject.settings.reference_episodes))


def _source(policy: Policy) -> str:
    """Return a digest of the code beside a policy's class, so that another planner is played anew."""
    folder = Path(inspect.getfile(type(policy))).parent
    return digest(*(path.read_bytes() for path in sorted(folder.glob("*.py"))))
