"""Who plays a scenario: fixed moves, scripted, learnt and planning policies."""

from collections.abc import Iterator, Mapping, Sequence

from ...registry import load_policy
from ...reporting.progress import bar
from ...scripted import SCRIPTED
from .field import BASELINE, LEFT_OUT, RANDOM, REFERENCES, REPEATED, SEQUENCE, Field, without
from .fixed import FixedMoves, Tryout, in_words
from .planners import references
from .played import Played, seed_noise
from .search import best_repeated, best_sequence
from .subject import NAMES, Subject
from .training import Training


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
