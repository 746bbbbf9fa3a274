"""How a training under way is shown."""

import sys
import time

import numpy as np
from stable_baselines3.common.callbacks import BaseCallback
from tqdm import tqdm

from negoenv.benchmark.evaluation import Interval
from negoenv.benchmark.scores import Reference

from .callbacks import Validation

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
        self._before = self.num_timesteps  # made by the process that this one goes on from
        self._began = self._told = time.perf_counter()
        self._bar = tqdm(
            total=self._total,
            initial=self._before,
            desc=self._label,
            unit=" steps",
            unit_scale=True,
            mininterval=0.5,
            disable=None,
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
        speed = (self.num_timesteps - self._before) / seconds
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
