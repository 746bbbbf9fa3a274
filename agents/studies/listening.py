"""What it is worth to remember, and to be told: a buyer learns from one round, from more, or with the type shown."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray
from rich.table import Table
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.vec_env import VecEnv, VecEnvWrapper
from stable_baselines3.common.vec_env.base_vec_env import VecEnvStepReturn

from negoenv.benchmark.evaluation import Interval
from negoenv.benchmark.scores import LearnedReference, Reference, reference
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.errors import NegoenvError
from negoenv.game.supplier import SUPPLIER
from negoenv.interop.sb3 import SB3VecEnv, make_sb3_vec_env
from negoenv.make import game_name, make_batch
from negoenv.scenarios.presets import Named

from ..learning.algorithms import ALGORITHMS
from ..learning.config import TrainConfig
from ..learning.model import build_model, with_memory
from ..learning.network_policy import torch_threads
from ..learning.seeds import with_seeds
from ..parallel import in_parallel, tell_done
from ..reporting.report import EVALUATION_SEED, require_interval
from ..reporting.statistics import SeedNoise
from ..terminal import number_table

Returns = NDArray[np.float64]

_TRAITS = tuple(field for field in SUPPLIER.fields if field.name != "archetype")
ROUND, MEMORY, TOLD = "one round", "several rounds", "one round and the type"
SEEN = (ROUND, MEMORY, TOLD)
"""What the buyers see."""

_ALONE = {"stack": 1, "trace": 0.0}  # keys of a buyer that sees one round


@dataclass(frozen=True)
class Listening:
    """What the buyers achieve on suppliers that they did not meet in training.

    Attributes:
        returns: mean return by what the buyer sees, see `SEEN`.
        memory: how much more is won by remembering than by one round alone, paired by supplier.
        told: how much more is won by being told the type than by one round alone, paired by supplier.
        remembered: what the buyer that remembers sees, in words.
        span: from the random policy to the best known reference; None where none is recorded.
    """

    returns: Mapping[str, Interval]
    memory: Interval
    told: Interval
    remembered: str
    span: float | None


class TypeShown(VecEnvWrapper):
    """Environments whose observation goes on with the traits of the supplier's type, in the order of `SUPPLIER`."""

    def __init__(self, env: SB3VecEnv) -> None:
        """Wrap a vector of negotiations with one supplier each."""
        seen: Any = env.observation_space
        batch: Any = env.env.batch
        self._suppliers = batch.supplier
        low = np.append(seen.low, [trait.low for trait in _TRAITS]).astype(np.float32)
        high = np.append(seen.high, [trait.high for trait in _TRAITS]).astype(np.float32)
        super().__init__(env, spaces.Box(low, high))

    def reset(self) -> NDArray[np.float32]:
        """Begin an episode in each row."""
        return self._with_type(self.venv.reset())

    def step_wait(self) -> VecEnvStepReturn:
        """Play the actions; every episode ends by termination, so that nobody looks at its last observation."""
        observations, rewards, dones, infos = self.venv.step_wait()
        return self._with_type(observations), rewards, dones, infos

    def _with_type(self, observations: Any) -> NDArray[np.float32]:
        types = np.stack([self._suppliers[trait.name] for trait in _TRAITS], axis=1)
        return np.concatenate([observations, types], axis=1).astype(np.float32)


def listen(
    config: TrainConfig,
    rounds: int = 4,
    seeds: int = 3,
    split: str = "test",
    episodes: int = 4096,
    processes: int = 1,
    trace: float = 0.0,
    done: Callable[[int], object] = lambda steps: None,
) -> Listening:
    """Train the three kinds of buyer and let each play the same suppliers, greedily.

    Args:
        config: the training; what it stacks or traces does not matter.
        rounds: how many rounds the buyer that remembers sees.
        seeds: how many trainings there are of each.
        split: of the suppliers that they play.
        episodes: how many of these.
        processes: how many trainings run side by side.
        trace: decay of the trace that the buyer that remembers sees instead of several rounds; 0 for none.
        done: called with the number of steps that were made since the last call.

    Raises:
        NegoenvError: if the game has no single supplier whose type could be told, the algorithm takes no masks, or the
            episodes are too few.
    """
    require_interval(episodes)
    if not ALGORITHMS[config.algorithm].masked:
        masked = " or ".join(name for name, algorithm in ALGORITHMS.items() if algorithm.masked)
        raise NegoenvError(f"algorithm is {config.algorithm}; listening is measured with {masked}.")
    span = _span(config.scenario, split)
    memory = _ALONE | ({"trace": trace} if trace else {"stack": rounds})
    remembered = f"one round and a trace, decay {trace:g}" if trace else f"{rounds} rounds"
    trainings = [
        (seen, one.model_copy(update=memory if seen == MEMORY else _ALONE), split, episodes)
        for seen in SEEN
        for one in with_seeds(config, seeds)
    ]
    with TemporaryDirectory(prefix="negoenv-") as folder:
        files = [Path(folder) / f"{number}.npy" for number in range(len(trainings))]
        steps = dict.fromkeys(range(len(trainings)), 0)

        def told(made: Mapping[int, int]) -> None:
            for number, count in made.items():
                done(count - steps[number])
                steps[number] = count

        calls = [(*training, file) for training, file in zip(trainings, files, strict=True)]
        for number in in_parallel(_train_and_play, calls, processes, told):
            told({number: config.total_steps})
        played = np.stack([np.load(file) for file in files]).reshape(len(SEEN), seeds, episodes)
    return _compared(dict(zip(SEEN, played, strict=True)), remembered, span)


def _span(scenario: Named, split: str) -> float | None:
    """Return the span of a game's score.

    Raises:
        NegoenvError: if it is no game with one supplier, whose type could be told.
    """
    game = make_batch(1, scenario, split)
    if not isinstance(game, NegotiationBatch):
        raise NegoenvError(f"Listening is measured with one supplier; {game_name(scenario)} has none or several.")
    scale = reference(game_name(scenario), split, game)
    return scale.best - scale.random if isinstance(scale, Reference) else None


def _train_and_play(seen: str, config: TrainConfig, split: str, episodes: int, file: Path) -> None:
    """Train one buyer, let it play, and leave the return from each supplier in a file."""
    with torch_threads(config.torch_threads):
        rows = make_sb3_vec_env(config.num_envs, config.scenario, "train", config.num_threads)
        model = build_model(config, _shown(rows, seen))
        model.learn(config.total_steps, callback=_StepsMade())
        rows.close()
        rows = make_sb3_vec_env(episodes, config.scenario, split, config.num_threads)
        np.save(file, _played(model, rows, with_memory(_shown(rows, seen), config.stack, config.trace)))
        rows.close()


def _shown(rows: SB3VecEnv, seen: str) -> VecEnv:
    return TypeShown(rows) if seen == TOLD else rows


def _played(model: Any, rows: SB3VecEnv, env: VecEnv) -> Returns:
    """Return what a model wins from each supplier, float64 of shape ``(episodes,)``; it plays greedily."""
    env.seed(EVALUATION_SEED)
    observations: Any = env.reset()
    returns, open_rows = np.zeros(env.num_envs), np.ones(env.num_envs, np.bool_)
    while open_rows.any():
        actions, _ = model.predict(observations, deterministic=True, action_masks=rows.action_masks())
        observations, rewards, dones, _ = env.step(actions)
        returns += np.where(open_rows, rewards, 0.0)
        open_rows &= ~dones
    return returns


class _StepsMade(BaseCallback):
    """Says how many steps are made."""

    def _on_step(self) -> bool:
        tell_done(self.num_timesteps)
        return True


def _compared(played: Mapping[str, Returns], remembered: str, span: float | None) -> Listening:
    """Compare the buyers; of each, returns of shape ``(seeds, episodes)``."""
    noise = SeedNoise.pooled([runs.mean(axis=1).tolist() for runs in played.values()])
    means = {seen: runs.mean(axis=0) for seen, runs in played.items()}
    seeds = len(played[ROUND])
    memory, told = (noise.widen(Interval.of(means[seen] - means[ROUND]), seeds, seeds) for seen in (MEMORY, TOLD))
    returns = {seen: noise.widen(Interval.of(mean), seeds) for seen, mean in means.items()}
    return Listening(returns, memory, told, remembered, span)


def listening_table(config: TrainConfig, found: Listening, seeds: int) -> Table:
    """Return the results as a table, with shares of the span where the game has a record."""
    rows = []
    for seen, difference in ((ROUND, None), (MEMORY, found.memory), (TOLD, found.told)):
        share = f"{difference.mean / found.span:.3f}" if difference and found.span else ""
        sees = found.remembered if seen == MEMORY else seen
        rows.append((sees, str(found.returns[seen]), str(difference) if difference else "", share))
    game = game_name(config.scenario)
    title = f"What listening is worth in {game}: {config.algorithm}, {config.total_steps:,} steps, seeds: {seeds}"
    caption = "Means with 95% intervals over suppliers and, where there are several, seeds of the training."
    heads = ("the buyer sees", "return", "more than with one round", "share of the span")
    return number_table(title, heads, rows, caption)


def settings_of(config: TrainConfig) -> dict[str, Any]:
    """Return what decides how all three kinds of buyer learn."""
    return {key: value for key, value in config.settings.items() if key not in _ALONE}


def learned_reference(config: TrainConfig, found: Listening, episodes: int, command: str) -> LearnedReference:
    """Return what is recorded of the results, given what was run."""
    one_round, memory, told = (found.returns[seen].mean for seen in SEEN)
    settings = settings_of(config)
    return LearnedReference(
        one_round=one_round, memory=memory, told=told, episodes=episodes, settings=settings, command=command
    )


def listening_dict(config: TrainConfig, found: Listening, seeds: int) -> dict[str, Any]:
    """Return the results as plain data."""
    told = {"training": config.label, "scenario": config.scenario, "steps": config.total_steps, "seeds": seeds}
    return told | asdict(found)
