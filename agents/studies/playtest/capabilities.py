"""Part 6: what each scenario isolates, read off what PPO has learnt there."""

from collections.abc import Callable, Sequence

from negoenv.benchmark.evaluation import Interval
from negoenv.facts.fact import Effect

from ...scripted import SCRIPTED
from .field import Field
from .played import over_runs
from .subject import NAMES, Subject
from .training import Training
from .watch import Watched, watch

ALGORITHM = "ppo"
ONCE = {"deals": 1}
"""What turns several deals in one episode into one."""

# The issue gives no numbers for these words; they are chosen before anything was measured.
_MORE_OFTEN_THAN_NOT = 0.5
_SELDOM = 0.2
_NEARLY_ALWAYS = 0.8


def trainings(subject: Subject) -> list[Training]:
    """Return what must be trained to read off the scenario's capability; nothing if it isolates none."""
    if subject.scenario.name not in CAPABILITIES:
        return []
    once = subject.trainings(ALGORITHM, subject.variant(**ONCE)) if subject.scenario.name == "Partnership" else []
    return [*subject.trainings(ALGORITHM), *once]


def capability(subject: Subject, field: Field) -> list[Effect]:
    """Return the effects in which the capability that the scenario isolates must show; none if it isolates none."""
    measure = CAPABILITIES.get(subject.scenario.name)
    return list(measure(subject, field)) if measure else []


def _watched(subject: Subject) -> list[Watched]:
    return [watch(subject, subject.learnt(training)) for training in subject.trainings(ALGORITHM)]


def _walks_away(subject: Subject, field: Field) -> list[Effect]:
    """Return how often PPO leaves where there is a deal to be had, and where there is none."""
    runs = _watched(subject)
    left = over_runs([run.episodes.outcomes["outcome"] == "walked_away" for run in runs])
    zone = runs[0].zone
    return [
        Effect("walks away where there is no zone of agreement", Interval.of(left[~zone]), _MORE_OFTEN_THAN_NOT),
        Effect("walks away where there is one", Interval.of(left[zone]), high=_SELDOM),
    ]


def _knows_first(subject: Subject, field: Field) -> list[Effect]:
    """Return how much of PPO's emotional pressure comes after the weakness is known."""
    runs = _watched(subject)
    made, known = (over_runs([getattr(run, name) for run in runs]) for name in ("emotion", "emotion_known"))
    used = made > 0.0
    share = Interval.of(known[used] / made[used])
    return [
        Effect("emotional moves an episode", Interval.of(made), 0.0),
        Effect("share of them after the weakness is known, in episodes with any", share, _NEARLY_ALWAYS),
    ]


def _keeps_goodwill(subject: Subject, field: Field) -> list[Effect]:
    """Return the goodwill after the first of several deals less that after the only one, over the same suppliers."""
    several = over_runs([run.goodwill_after_first for run in _watched(subject)])
    once = [
        watch(subject, subject.learnt(training), subject.variant(**ONCE))
        for training in subject.trainings(ALGORITHM, subject.variant(**ONCE))
    ]
    only = over_runs([run.episodes.values()["goodwill"] for run in once])
    return [Effect("goodwill after deal 1, less that of the same game played once", Interval.of(several - only), 0.0)]


def _beats_all(subject: Subject, field: Field) -> list[Effect]:
    """Return PPO's return less that of each scripted policy."""
    learnt = field.players[NAMES[ALGORITHM]]
    return [Effect(f"return less that of {name}", field.gain(learnt, field.players[name]), 0.0) for name in SCRIPTED]


CAPABILITIES: dict[str, Callable[[Subject, Field], Sequence[Effect]]] = {
    "EmptyZone": _walks_away,
    "HiddenWeakness": _knows_first,
    "Partnership": _keeps_goodwill,
    "SoleSource": _beats_all,
}
"""What measures the capability, by the name of the scenario that isolates it."""
