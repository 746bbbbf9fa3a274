"""Self-play: a supplier is trained against a buyer that stays as it is, an approximate best response to it.

What a policy keeps against a best response says how far it can be exploited (Timbers et al. 2022, *Approximate
exploitability: learning a best response*, recalled, unverified).
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.callbacks import BaseCallback, CallbackList

from negoenv.benchmark.evaluation import Interval, evaluate
from negoenv.errors import NegoenvError
from negoenv.interop.opponents import OpponentBatch
from negoenv.interop.sb3_supplier import SupplierVecEnv

from ..policy import Policy
from ..registry import require_fit
from ..reporting.files import new_directory, numbered_directory, write_json
from ..reporting.lock import alone_in
from ..reporting.progress import bar
from ..reporting.report import EVALUATION_SEED, report_on
from ..reporting.robustness import Robustness
from ..reporting.tensorboard import event_logger
from .algorithms import ALGORITHMS
from .callbacks import FiniteCheck, RolloutCurves
from .config import CONFIGS, TrainConfig
from .model import build_model, current_policy
from .network_policy import NetworkPolicy, torch_threads
from .opponents import plain_negotiation, supplier_game
from .provenance import provenance
from .resumption import CONFIG, EVALUATION, VERSIONS
from .spec import PolicySpec, Training
from .storage import save_policy

WORST_CASE = CONFIGS / "selfplay" / "worst_case.yaml"
"""The configuration of a supplier's training, unless another one is given."""


@dataclass(frozen=True)
class SelfPlay:
    """What a self-play run left.

    Attributes:
        directory: the run directory; ``--opponent`` of evaluations takes it.
        before: the buyer's return against the game's own test suppliers.
        against: what it achieves against the new one.
        steps: steps that were made, over all rows.
        seconds: what they took.
    """

    directory: Path
    before: Interval
    against: Robustness
    steps: int
    seconds: float


class _Steps(BaseCallback):
    """Shows how many steps were made, and the supplier's last returns."""

    def __init__(self, total: int, shown: bool) -> None:
        super().__init__()
        self._bar = bar(total, "supplier", shown, "steps")

    def _on_step(self) -> bool:
        self._bar.update(self.num_timesteps - self._bar.n)
        return True

    def _on_training_end(self) -> None:
        self._bar.close()


def require_for_suppliers(config: TrainConfig) -> None:
    """Refuse a configuration that no supplier can be trained with.

    Raises:
        NegoenvError: if the algorithm sees no masks, or there is memory, opponents or a tracker.
    """
    masked = [name for name, algorithm in ALGORITHMS.items() if algorithm.masked]
    if config.algorithm not in masked:
        raise NegoenvError(f"algorithm is {config.algorithm}; a supplier learns with {' or '.join(masked)}.")
    if config.stack > 1 or config.trace or config.tracker or config.opponents:
        raise NegoenvError("stack, trace, tracker and opponents are keys of a buyer's training, not of a supplier's.")


def against_suppliers(config: TrainConfig, suppliers: Iterable[Path], share: float) -> TrainConfig:
    """Return the training of a buyer against the population and trained suppliers mixed.

    Args:
        config: its training otherwise.
        suppliers: run directories of `train_supplier`.
        share: the part of its rows that they play in, each in as many.
    """
    opponents = tuple(map(str, suppliers))
    mixed = {"name": f"{config.base_name}_selfplay", "opponents": opponents, "opponent_share": share}
    return config.model_copy(update=mixed)


def train_supplier(
    config: TrainConfig,
    buyer: Policy,
    objective: str = "profit",
    directory: Path | None = None,
    runs: Path = Path("runs"),
    progress: bool = False,
) -> SelfPlay:
    """Train a supplier against a buyer; the same configuration on the same machine gives the same weights.

    The directory holds ``config.yaml``, ``versions.json``, TensorBoard's curves, the supplier as ``policy.safetensors``
    with ``policy.json``, and ``evaluation.json``: what the buyer keeps against it on test suppliers. A run that is
    broken off begins anew.

    Args:
        config: the training.
        buyer: a policy, which does not learn.
        objective: what the supplier is after, of `negoenv.interop.sb3_supplier.OBJECTIVES_OF_SUPPLIERS`.
        directory: a new directory for the run; a numbered one under ``runs`` is made unless given.
        runs: where numbered directories are made.
        progress: whether to show a progress bar.

    Raises:
        NegoenvError: if the configuration is none for suppliers, the buyer does not fit, or training diverges.
    """
    require_for_suppliers(config)
    game = plain_negotiation(config.scenario, "train")
    require_fit(buyer, game)
    against = {"buyer": buyer.name, "objective": objective}
    spec = PolicySpec(
        algorithm=config.algorithm, game=supplier_game(game), network=config.network, activation=config.activation,
        masked=True, training=Training(
            label="worst_case", seed=config.seed, total_steps=config.total_steps, settings=config.settings | against
        ),
    )  # fmt: skip
    with torch_threads(config.torch_threads), _learner(config, buyer, objective) as model:
        called = f"worst_case_seed={config.seed}"
        directory = new_directory(directory) if directory else numbered_directory(runs, called)
        with alone_in(directory):
            return _trained(config, buyer, model, spec, directory, progress)


@contextmanager
def _learner(config: TrainConfig, buyer: Policy, objective: str) -> Iterator[BaseAlgorithm]:
    """Hand over the untrained model of a supplier."""
    game = plain_negotiation(config.scenario, "train")
    env = SupplierVecEnv(config.num_envs, game.scenario, buyer, objective)
    try:
        yield build_model(config, env)
    finally:
        env.close()


def _trained(
    config: TrainConfig, buyer: Policy, model: BaseAlgorithm, spec: PolicySpec, directory: Path, progress: bool
) -> SelfPlay:
    """Train the supplier, keep it, and play the buyer against it."""
    (directory / CONFIG).write_text(yaml.safe_dump(config.model_dump(mode="json"), sort_keys=False), encoding="utf-8")
    write_json(directory / VERSIONS, provenance(config) | {"against": spec.training.settings["buyer"]})

    def current() -> NetworkPolicy:
        return current_policy(model, spec, directory.resolve().name)

    logger = event_logger(directory)
    model.set_logger(logger)
    callbacks = [FiniteCheck(current), RolloutCurves(config.log_every), _Steps(config.total_steps, progress)]
    began = time.perf_counter()
    try:
        model.learn(config.total_steps, CallbackList([*callbacks]), log_interval=None)  # type: ignore[arg-type]
    finally:
        logger.close()
    seconds = time.perf_counter() - began
    supplier = current()
    save_policy(supplier, directory)
    before, against = what_survives(buyer, supplier, config.scenario, config.test_episodes)
    found: dict[str, Any] = {
        "buyer": buyer.name, "objective": spec.training.settings["objective"], "episodes": config.test_episodes,
        "seed": EVALUATION_SEED, "return": asdict(before), "against": asdict(against),
    }  # fmt: skip
    write_json(directory / EVALUATION, found)
    return SelfPlay(directory, before, against, model.num_timesteps, seconds)


def what_survives(
    buyer: Policy, supplier: NetworkPolicy, scenario: str | dict[str, Any], episodes: int
) -> tuple[Interval, Robustness]:
    """Return a buyer's return against the game's test suppliers, and what it keeps against a new one."""
    report = report_on(buyer, scenario, "test", episodes)
    batch = OpponentBatch(episodes, plain_negotiation(scenario, "test").scenario, "test", [supplier])
    returns = evaluate(buyer, batch, EVALUATION_SEED).returns
    return Interval.of(report.episodes.returns), Robustness.of(supplier.name, report.episodes.returns, returns)
