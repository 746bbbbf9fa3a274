"""What happens beside training: what is kept of the policy, how it does on validation suppliers, curves."""

import math
import sys
from abc import abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.logger import Logger
from tqdm import tqdm

from negoenv.benchmark.evaluation import Episodes
from negoenv.engine.batch import OUTCOME_NAMES
from negoenv.errors import NegoenvError

from ..reporting.report import Report
from ..reporting.tags import TRAIN
from ..reporting.tensorboard import record_episodes, record_report
from .network_policy import NetworkPolicy
from .storage import checkpoint_name, checkpoints, remove_checkpoint, save_checkpoint, save_policy

CurrentPolicy = Callable[[], NetworkPolicy]
OnStep = Callable[[int, Report | None], None]
"""What is called with the steps made so far and the last report on validation suppliers, if there is one."""

_ADDED = ("terminal_observation", "TimeLimit.truncated", "episode", "reward_terms", "hidden")
"""Keys of a finished row's info that are no outcome."""


class PeriodicCallback(BaseCallback):
    """Does something after the first update that follows each ``interval`` steps, and at the end; never if that is 0.

    What it sees belongs to the step `num_timesteps`: the policy has learned from all steps up to it, and the next one
    has not been made. A training that goes on from a checkpoint does at its steps what it would have done anyway: what
    was due when the checkpoint was written had been done.
    """

    def __init__(self, interval: int) -> None:
        super().__init__()
        self._interval = interval
        self._due = interval
        self._acted = -1

    def _on_training_start(self) -> None:
        if self.num_timesteps:
            self._acted = self.num_timesteps
        self._set_due()

    def _set_due(self) -> None:
        if self._interval:
            self._due = (self.num_timesteps // self._interval + 1) * self._interval

    def _on_step(self) -> bool:
        return True

    def _on_rollout_start(self) -> None:
        if self._interval and self.num_timesteps >= self._due:
            self._set_due()
            self._act_once()

    def _on_training_end(self) -> None:
        if self._interval:
            self._act_once()

    def _act_once(self) -> None:
        """Act, unless that has been done at this step."""
        if self._acted != self.num_timesteps:
            self._acted = self.num_timesteps
            self.act()

    @abstractmethod
    def act(self) -> None:
        """Do it."""


class FiniteCheck(PeriodicCallback):
    """Ends the training when the policy is not made of finite numbers any more.

    Attributes:
        last: the policy when it was last looked at.
    """

    def __init__(self, current: CurrentPolicy, interval: int = 10_000) -> None:
        super().__init__(interval)
        self._current = current
        self.last = current()

    def act(self) -> None:
        """Look at it.

        Raises:
            NegoenvError: if it is not sound.
        """
        policy = self._current()
        if not policy.is_finite():
            raise NegoenvError("the network holds numbers that are not finite")
        self.last = policy


class SavingCallback(PeriodicCallback):
    """Writes policies; when that fails, it says so once and training goes on."""

    _told = False

    def keep(self, directory: Path, save: Callable[[], None]) -> bool:
        """Write a policy into a directory and return whether it is there."""
        while True:
            try:
                save()
                return True
            except OSError as error:
                if self.make_room():
                    continue
                if not self._told:
                    problem = error.strerror or error
                    tqdm.write(f"{directory} cannot be written: {problem}; training goes on.", file=sys.stderr)
                self._told = True
                return False

    def make_room(self) -> bool:
        """Give up something older, and return whether there was something."""
        return False


class Checkpoints(SavingCallback):
    """Keeps the last few policies, each with the state of its training, in ``step_<steps>``; on a full disk fewer.

    It comes after all callbacks whose work a training that goes on from a checkpoint must not do once more.
    """

    def __init__(
        self, interval: int, kept: int, directory: Path, current: CurrentPolicy, state: Callable[[], dict[str, Any]]
    ) -> None:
        super().__init__(interval)
        self._kept = kept
        self._directory = directory
        self._current = current
        self._state = state
        self._written = checkpoints(directory)

    def act(self) -> None:
        """Keep the present one, and remove the oldest if there are more than enough."""
        directory = self._directory / checkpoint_name(self.num_timesteps)
        policy = self._current().kept_as("checkpoint")
        if self.keep(directory, lambda: save_checkpoint(policy, self._state(), directory)):
            self._written.append(directory)
            if len(self._written) > self._kept:
                remove_checkpoint(self._written.pop(0))

    def make_room(self) -> bool:
        """Remove the oldest but the last one, which may be all that will ever be kept."""
        if len(self._written) < 2:
            return False
        remove_checkpoint(self._written.pop(0))
        return True


class Validation(SavingCallback):
    """Evaluates the policy, greedy, on validation suppliers from step 0 on; draws the curves and keeps the best policy.

    Attributes:
        latest: the last evaluation.
        best: the one of the best policy.
        best_steps: after how many steps that was.
    """

    def __init__(
        self, interval: int, directory: Path, current: CurrentPolicy, evaluate: Callable[[NetworkPolicy], Report]
    ) -> None:
        super().__init__(interval)
        self._directory = directory
        self._current = current
        self._evaluate = evaluate
        self.latest: Report | None = None
        self.best: Report | None = None
        self.best_steps = 0

    def restore(self, best: NetworkPolicy) -> None:
        """Take a policy that was kept for the best one so far."""
        self.best, self.best_steps = self._evaluate(best), best.steps

    def _on_training_start(self) -> None:
        super()._on_training_start()
        self._curves = Logger(None, self.logger.output_formats)  # apart from the numbers that wait for a later step
        self._act_once()

    def _on_training_end(self) -> None:
        self._act_once()
        if self.latest is None:  # what goes on from its last evaluation makes none
            self.latest = self._evaluate(self._current())

    def act(self) -> None:
        """Evaluate it."""
        policy = self._current()
        self.latest = report = self._evaluate(policy)
        record_report(self._curves, report)
        self._curves.dump(self.num_timesteps)
        better = policy.is_finite() and _mean_return(report) > _mean_return(self.best)
        best = policy.kept_as("best")
        if better and self.keep(self._directory, lambda: save_policy(best, self._directory)):
            self.best, self.best_steps = report, self.num_timesteps

    def as_dict(self) -> dict[str, Any]:
        """Return what tuning may look at as plain data: mean returns on validation suppliers, last and best."""
        return {
            "return": _mean_return(self.latest), "best_return": _mean_return(self.best), "best_step": self.best_steps,
        }  # fmt: skip


class StepCallback(BaseCallback):
    """Calls a function after each step of all rows, and once more at the end."""

    def __init__(self, validation: Validation, on_step: OnStep) -> None:
        super().__init__()
        self._validation = validation
        self._on_step_made = on_step

    def _on_step(self) -> bool:
        self._on_step_made(self.num_timesteps, self._validation.latest)
        return True

    def _on_training_end(self) -> None:
        self._on_step_made(self.num_timesteps, self._validation.latest)


def _mean_return(report: Report | None) -> float:
    return -math.inf if report is None else float(report.episodes.returns.mean())


class RolloutCurves(PeriodicCallback):
    """Draws what the exploring policy achieved since the last point: the curves of ``train``.

    The numbers that the algorithm tells of itself are drawn with them.
    """

    def _on_training_start(self) -> None:
        super()._on_training_start()
        rows = self.training_env.num_envs
        self._rows = np.arange(rows)
        self._uses = np.zeros((rows, int(self.model.action_space.n)), np.int64)  # type: ignore[attr-defined]
        self._forget()

    def _forget(self) -> None:
        self._infos: list[dict[str, Any]] = []
        self._finished_uses: list[Any] = []

    def _on_step(self) -> bool:
        self._uses[self._rows, self.locals["actions"].reshape(-1)] += 1
        dones = self.locals["dones"]
        if dones.any():
            infos = self.locals["infos"]
            self._infos += [infos[row] for row in np.flatnonzero(dones)]
            self._finished_uses.append(self._uses[dones])
            self._uses[dones] = 0
        return True

    def act(self) -> None:
        """Draw one point of each curve."""
        if self._infos:
            record_episodes(self.logger, TRAIN, self._episodes())
        self._forget()
        self.model.dump_logs()

    def _episodes(self) -> Episodes:
        """Return the finished episodes as evaluation does, so that a tag means the same on both sides."""
        returns = np.array([info["episode"]["r"] for info in self._infos])
        names = dict.fromkeys(name for info in self._infos for name in info if name not in _ADDED)
        outcomes = {name: np.array([info.get(name, np.nan) for info in self._infos]) for name in names}
        outcomes["outcome"] = np.array(OUTCOME_NAMES)[outcomes["outcome"]]  # infos have its code
        return Episodes(returns, outcomes, np.concatenate(self._finished_uses), {}, 0)
