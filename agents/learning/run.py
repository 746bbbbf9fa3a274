"""A training run: what it is while it is under way, what it leaves, and what is kept of it when it is broken off."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from stable_baselines3.common.base_class import BaseAlgorithm

from negoenv.errors import NegoenvError

from ..invocation import command_line
from ..reporting.report import Report, report_on
from .callbacks import FiniteCheck
from .config import TrainConfig
from .model import current_policy
from .network_policy import NetworkPolicy
from .spec import PolicySpec
from .storage import save_policy


@dataclass(frozen=True)
class RunResult:
    """What a training run left.

    Attributes:
        directory: the run directory; `agents.registry.load_policy` takes it.
        report: the final policy on the test suppliers.
        steps: environment steps that were made by this process.
        seconds: what they took, evaluations included.
        best: the policy that was best on the validation suppliers, on them; None if it could not be written.
        best_steps: after how many steps that was; it is in the directory ``best``.
    """

    directory: Path
    report: Report
    steps: int
    seconds: float
    best: Report | None
    best_steps: int


@dataclass(frozen=True)
class Run:
    """A training run under way."""

    config: TrainConfig  # what it is
    directory: Path  # what it leaves
    model: BaseAlgorithm  # what learns
    spec: PolicySpec  # what its policies say of themselves

    @property
    def name(self) -> str:
        """What the run is called: as its directory."""
        return self.directory.resolve().name

    def policy(self) -> NetworkPolicy:
        """Return the policy as it is, greedy."""
        return current_policy(self.model, self.spec, self.name)

    def evaluate(self, policy: NetworkPolicy, split: str, episodes: int, trace: bool = False) -> Report:
        """Return what a policy achieves on suppliers that it is not trained with."""
        return report_on(policy, self.config.scenario, split, episodes, trace=trace, unseen=True)


@contextmanager
def kept(run: Run, finite_check: FiniteCheck) -> Iterator[None]:
    """Keep what has been learned, whatever ends the training, and say where it is."""
    try:
        yield
    except BaseException as error:
        policy = run.policy()
        diverged = not policy.is_finite()
        saved = _save(finite_check.last if diverged else policy, run.directory)
        go_on = f"{command_line('train', '--resume', run.directory)} goes on with it"
        if isinstance(error, KeyboardInterrupt):
            raise KeyboardInterrupt(f"Interrupted; {saved}; {go_on}.") from None
        if diverged:
            raise NegoenvError(
                f"Training diverged at step {policy.steps:,}: the network holds numbers that are not finite; {saved}. "
                "A smaller learning_rate may help."
            ) from error
        if isinstance(error, OSError):
            problem = f"{error.filename or 'A file'} cannot be written: {error.strerror or error}"
            raise NegoenvError(f"{problem}; {saved}; {go_on}.") from error
        raise


def _save(policy: NetworkPolicy, directory: Path) -> str:
    """Write a policy into its run directory and return in words whether it is there."""
    try:
        save_policy(policy, directory)
    except OSError as error:
        return f"the policy cannot be written to {directory} ({error.strerror or error}), what was kept before stays"
    return f"{directory} holds the policy of step {policy.steps:,}"
