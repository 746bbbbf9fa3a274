"""What happens beside training: what is kept of the policy, how it does on validation suppliers, curves, progress."""

import math
import sys
import time
from abc import abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.logger import Logger
from tqdm import tqdm

from negoenv.benchmark.evaluation import Episodes, Interval
from negoenv.benchmark.scores import Reference
from negoenv.errors import NegoenvError

from ..reporting.report import Report
from ..reporting.tags import TRAIN
from ..reporting.tensorboard import record_episodes, record_report
from .network_policy import NetworkPolicy
from .storage import remove_checkpoint, save_checkpoint

CurrentPolicy = Callable[[], NetworkPolicy]
_ADDED = ("terminal_observation", "TimeLimit.truncated", "episode", "reward_terms", "hidden")
"""Keys of a finished row's info that are no outcome."""


class Every(BaseCallback):
    """Does something after the first update that follows each ``interval`` steps, and at the end; never if that is 0.

    What it sees belongs to the step `num_timesteps`: the policy has learnt from all steps up to it, and the next one
    has not been made.
    """

    def __init__(self, interval: int) -> None:
        super().__init__()
        self._interval = interval
        self._due = interval
        self._acted = -1

    def _on_step(self) -> bool:
        return True

    def _on_rollout_start(self) -> None:
        if self._interval and self.num_timesteps >= self._due:
            self._due = (self.num_timesteps // self._interval + 1) * self._interval
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


class Soundness(Every):
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


class Keeping(Every):
    """Writes policies; when that fails, it says so once and training goes on."""

    _told = False

    def keep(self, policy: NetworkPolicy, directory: Path) -> bool:
        """Write a policy and return whether it is there."""
        while True:
            try:
                save_checkpoint(policy, directory)
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


class Checkpoints(Keeping):
    """Keeps the last few policies, in ``step_<steps>``; on a full disk fewer."""

    def __init__(self, interval: int, kept: int, directory: Path, current: CurrentPolicy) -> None:
        super().__init__(interval)
        self._kept = kept
        self._directory = directory
        self._current = current
        self._written: list[Path] = []

    def act(self) -> None:
        """Keep the present one, and remove the oldest if there are more than enough."""
        directory = self._directory / f"step_{self.num_timesteps:09d}"
        if self.keep(self._current().kept_as("checkpoint"), directory):
            self._written.append(directory)
            if len(self._written) > self._kept:
                remove_checkpoint(self._written.pop(0))

    def make_room(self) -> bool:
        """Remove the oldest but the last one, which may be all that will ever be kept."""
        if len(self._written) < 2:
            return False
        remove_checkpoint(self._written.pop(0))
        return True


class Validation(Keeping):
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

    def _on_training_start(self) -> None:
        self._curves = Logger(None, self.logger.output_formats)  # apart from the numbers that wait for a later step
        self._act_once()

    def _on_training_end(self) -> None:
        self._act_once()

    def act(self) -> None:
        """Evaluate it."""
        policy = self._current()
        self.latest = report = self._evaluate(policy)
        record_report(self._curves, report)
        self._curves.dump(self.num_timesteps)
        better = policy.is_finite() and _mean_return(report) > _mean_return(self.best)
        if better and self.keep(policy.kept_as("best"), self._directory):
            self.best, self.best_steps = report, self.num_timesteps


def _mean_return(report: Report | None) -> float:
    return -math.inf if report is None else float(report.episodes.returns.mean())


class RolloutCurves(Every):
    """Draws what the exploring policy achieved since the last point: the curves of ``train``.

    The numbers that the algorithm tells of itself are drawn with them.
    """

    def _on_training_start(self) -> None:
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
        return Episodes(returns, outcomes, np.concatenate(self._finished_uses), {}, 0)


_SECONDS = 10.0  # between two lines


class TrainingProgress(BaseCallback):
    """Shows steps, speed, time left, the return of the last episodes and that on validation suppliers.

    The score is that return between the ends that were measured on test suppliers, which are of the same kinds.
    """

    def __init__(self, label: str, validation: Validation, ends: Reference | None = None) -> None:
        super().__init__()
        self._label = label
        self._validation = validation
        self._ends = ends

    def _on_training_start(self) -> None:
        self._total = self.locals["total_timesteps"]
        self._began = self._told = time.perf_counter()
        self._bar = tqdm(
            total=self._total, desc=self._label, unit=" steps", unit_scale=True, mininterval=0.5, disable=None
        )

    def _on_step(self) -> bool:
        self._bar.update(self.num_timesteps - self._bar.n)
        if self._bar.disable and time.perf_counter() - self._told >= _SECONDS:
            self._told = time.perf_counter()
            print(self.line(self._told - self._began), file=sys.stderr, flush=True)
        return True

    def _on_rollout_start(self) -> None:
        self._bar.set_postfix_str(self.achieved(), refresh=False)

    def _on_training_end(self) -> None:
        self.close()

    def close(self) -> None:
        """Take the bar away from the lines that follow."""
        if hasattr(self, "_bar"):
            self._bar.close()

    def line(self, seconds: float) -> str:
        """Return what is said after some seconds of training."""
        speed = self.num_timesteps / seconds
        left = tqdm.format_interval(max(0, self._total - self.num_timesteps) / speed)
        made = f"{self.num_timesteps:,} of {self._total:,} steps"
        parts = [made, f"{speed:,.0f} a second", self.achieved(), f"{left} left"]
        return f"{self._label}: {', '.join(part for part in parts if part)}"

    def achieved(self) -> str:
        """Return the returns in words; nothing before the first episode has ended."""
        parts = []
        if self.model.ep_info_buffer:
            parts.append(f"return {np.mean([episode['r'] for episode in self.model.ep_info_buffer]):.3f}")
        if self._validation.latest is not None:
            returned = Interval.of(self._validation.latest.episodes.returns)
            score = f" (score {self._ends.score(returned).mean:.2f})" if self._ends else ""
            parts.append(f"validation {returned.mean:.3f}{score}")
        return ", ".join(parts)
