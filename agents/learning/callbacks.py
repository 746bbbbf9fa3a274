"""What happens beside training: the progress bar, checkpoints, held-out evaluations and curves."""

from abc import abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from stable_baselines3.common.callbacks import BaseCallback
from tqdm import tqdm

from negoenv.evaluation import Episodes

from ..reporting.report import Report
from ..reporting.tags import TRAIN
from ..reporting.tensorboard import record_episodes, record_report
from .network_policy import NetworkPolicy
from .storage import save_policy

CurrentPolicy = Callable[[], NetworkPolicy]
_ADDED = ("terminal_observation", "TimeLimit.truncated", "episode", "reward_terms", "hidden")
"""Keys of a finished row's info that are no outcome."""


class Every(BaseCallback):
    """Does something at the end of the first rollout after each ``interval`` steps; never if that is 0."""

    def __init__(self, interval: int) -> None:
        super().__init__()
        self._interval = interval
        self._due = interval

    def _on_step(self) -> bool:
        return True

    def _on_rollout_end(self) -> None:
        if self._interval and self.num_timesteps >= self._due:
            self._due = (self.num_timesteps // self._interval + 1) * self._interval
            self.act()

    @abstractmethod
    def act(self) -> None:
        """Do it."""


class Progress(BaseCallback):
    """A bar with the speed and an estimate of the time left, on stderr if that is a terminal."""

    def __init__(self, label: str) -> None:
        super().__init__()
        self._label = label

    def _on_training_start(self) -> None:
        total = self.locals["total_timesteps"]
        self._bar = tqdm(total=total, desc=self._label, unit=" steps", unit_scale=True, mininterval=0.5, disable=None)

    def _on_step(self) -> bool:
        self._bar.update(self.num_timesteps - self._bar.n)
        return True

    def _on_training_end(self) -> None:
        self._bar.close()


class Checkpoints(Every):
    """Stores the policy as it is, in ``step_<steps>``."""

    def __init__(self, interval: int, directory: Path, current: CurrentPolicy) -> None:
        super().__init__(interval)
        self._directory = directory
        self._current = current

    def act(self) -> None:
        """Store it."""
        save_policy(self._current(), self._directory / f"step_{self.num_timesteps:09d}")


class HeldOut(Every):
    """Evaluates the policy, greedy, on suppliers held out of training; a curve of their split, from step 0 on."""

    def __init__(self, interval: int, evaluate: Callable[[], Report]) -> None:
        super().__init__(interval)
        self._evaluate = evaluate

    def _on_training_start(self) -> None:
        self.act()
        self.logger.dump(0)

    def act(self) -> None:
        """Evaluate it."""
        record_report(self.logger, self._evaluate())


class RolloutCurves(Every):
    """Draws what the exploring policy achieved since the last point: the curves of ``train``; writes all curves."""

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
