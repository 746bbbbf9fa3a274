"""Part 6: what each scenario isolates, read off what PPO has learned there, and what it knew when it moved."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.benchmark.evaluation import Episodes, Interval, evaluate
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.facts.fact import Effect
from negoenv.game.effects import Family
from negoenv.game.term_moves import ALL_MOVES

from ...policy import Policy
from ...reporting.report import EVALUATION_SEED
from ...scripted import SCRIPTED
from .played import Floats, PlayerPool, over_runs
from .training import TrainingRun
from .under_test import PPO, ScenarioUnderTest

_EMOTION = np.array([move.tactic.effects.family == Family.EMOTION for move in ALL_MOVES])


@dataclass(frozen=True)
class ObservedEpisodes:
    """What was seen of some episodes, an entry each."""

    episodes: Episodes  # what is reported of any evaluation
    zone: NDArray[np.bool_]  # whether there was a zone of agreement: the supplier's reservation price below the buyer's
    emotion: Floats  # moves of emotional pressure
    emotion_known: Floats  # those of them that were made after the weakness was known
    goodwill_after_first: Floats  # goodwill after the first deal, whether or not a second followed; NaN without a deal


class _ObservingPolicy:
    """Lets a policy play and looks at the batch before each move."""

    def __init__(self, policy: Policy, batch: NegotiationBatch) -> None:
        self.policy, self.batch = policy, batch
        self.emotion, self.known = np.zeros(batch.num_rows), np.zeros(batch.num_rows)
        self.goodwill = np.full(batch.num_rows, np.nan)

    def reset(self, num_rows: int, seed: int = 0) -> None:
        """Begin, as the policy does."""
        self.policy.reset(num_rows, seed)
        self._first_goodwill = self.batch.state["goodwill"].copy()

    def act(self, observation: NDArray[Any], action_mask: NDArray[np.int8], episode_starts: NDArray[np.bool_]) -> Any:
        """Return the policy's moves."""
        state, running = self.batch.state, ~self.batch.terminated
        moves = np.asarray(self.policy.act(observation, action_mask, episode_starts))
        legal = action_mask[np.arange(len(moves)), moves] == 1
        angry = running & legal & _EMOTION[moves]
        self.emotion += angry
        self.known += angry & (state["weakness_known"] == 1.0)
        new = running & np.isnan(self.goodwill) & (state["goodwill"] != self._first_goodwill)
        self.goodwill[new] = state["goodwill"][new]
        return moves


def play_observed(tested: ScenarioUnderTest, policy: Policy, game: dict[str, Any] | None = None) -> ObservedEpisodes:
    """Play a policy on the held-out suppliers, and look."""
    batch = tested.batch(game=game)
    watcher = _ObservingPolicy(policy, batch)
    episodes = evaluate(watcher, batch, EVALUATION_SEED)
    no_second = np.isnan(watcher.goodwill)  # so the deal that ended the episode was the first
    watcher.goodwill[no_second] = episodes.values()["goodwill"][no_second]
    zone = batch.supplier["reservation_price"] < batch.state["limit"]
    return ObservedEpisodes(episodes, zone, watcher.emotion, watcher.known, watcher.goodwill)


ONCE = {"deals": 1}
"""What turns several deals in one episode into one."""

# No publication gives numbers for these words; they were chosen before anything was measured.
_MORE_OFTEN_THAN_NOT = 0.5
_SELDOM = 0.2
_NEARLY_ALWAYS = 0.8


def capability_trainings(tested: ScenarioUnderTest) -> list[TrainingRun]:
    """Return what must be trained to read off the scenario's capability; nothing if it isolates none."""
    if tested.scenario.name not in CAPABILITIES:
        return []
    once = tested.trainings(game=tested.variant(**ONCE)) if tested.scenario.name == "Partnership" else []
    return [*tested.trainings(), *once]


def capability(tested: ScenarioUnderTest, pool: PlayerPool) -> list[Effect]:
    """Return the effects in which the capability that the scenario isolates must show; none if it isolates none."""
    measure = CAPABILITIES.get(tested.scenario.name)
    return list(measure(tested, pool)) if measure else []


def _watched(tested: ScenarioUnderTest) -> list[ObservedEpisodes]:
    return [play_observed(tested, tested.learned(training)) for training in tested.trainings()]


def _walks_away(tested: ScenarioUnderTest, pool: PlayerPool) -> list[Effect]:
    """Return how often PPO leaves where there is a deal to be had, and where there is none."""
    runs = _watched(tested)
    left = over_runs([run.episodes.outcomes["outcome"] == "walked_away" for run in runs])
    zone = runs[0].zone
    return [
        Effect("walks away where there is no zone of agreement", Interval.of(left[~zone]), _MORE_OFTEN_THAN_NOT),
        Effect("walks away where there is one", Interval.of(left[zone]), high=_SELDOM),
    ]


def _knows_first(tested: ScenarioUnderTest, pool: PlayerPool) -> list[Effect]:
    """Return how much of PPO's emotional pressure comes after the weakness is known."""
    runs = _watched(tested)
    made, known = (over_runs([getattr(run, name) for run in runs]) for name in ("emotion", "emotion_known"))
    used = made > 0.0
    share = Interval.of(known[used] / made[used])
    return [
        Effect("emotional moves an episode", Interval.of(made), 0.0),
        Effect("share of them after the weakness is known, in episodes with any", share, _NEARLY_ALWAYS),
    ]


def _keeps_goodwill(tested: ScenarioUnderTest, pool: PlayerPool) -> list[Effect]:
    """Return the goodwill after the first of several deals less that after the only one, over the same suppliers."""
    several = over_runs([run.goodwill_after_first for run in _watched(tested)])
    once = [
        play_observed(tested, tested.learned(training), tested.variant(**ONCE))
        for training in tested.trainings(game=tested.variant(**ONCE))
    ]
    only = over_runs([run.episodes.values()["goodwill"] for run in once])
    return [Effect("goodwill after deal 1, less that of the same game played once", Interval.of(several - only), 0.0)]


def _beats_all(tested: ScenarioUnderTest, pool: PlayerPool) -> list[Effect]:
    """Return PPO's return less that of each scripted policy."""
    learned = pool.players[PPO]
    return [Effect(f"return less that of {name}", pool.gain(learned, pool.players[name]), 0.0) for name in SCRIPTED]


CAPABILITIES: dict[str, Callable[[ScenarioUnderTest, PlayerPool], Sequence[Effect]]] = {
    "EmptyZone": _walks_away,
    "HiddenWeakness": _knows_first,
    "Partnership": _keeps_goodwill,
    "SoleSource": _beats_all,
}
"""What measures the capability, by the name of the scenario that isolates it."""
