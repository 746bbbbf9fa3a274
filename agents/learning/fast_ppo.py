"""PPO on legal moves that learns several times as fast as Stable-Baselines3's, since its networks are compiled.

It is MaskablePPO of sb3-contrib but for two things that Numba computes, not PyTorch: playing a step (`sample_rows`)
and the gradient of a minibatch (`add_gradients`). Loss, schedules, advantages, initial weights and optimiser are those
of that class, and so are results, callbacks and the state on disk; a test holds the gradients against PyTorch's. What
is saved is what PyTorch does around networks of this size, and the way to memory: a few rows at a time pass through
both networks, forward and back, and stay in the processor's cache.

Everything random is a function of the seed and of the number of steps made, so there is no generator to keep.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from gymnasium import spaces
from numpy.typing import NDArray
from sb3_contrib import MaskablePPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.utils import explained_variance
from stable_baselines3.common.vec_env import VecEnv
from torch import nn

from negoenv.numerics.matrix_product import Floats

from .fast_networks import STATISTICS, Experience, Terms, add_gradients, make_network, sample_rows

_ADAM_EPSILON = 1e-5  # that of Stable-Baselines3's policies
_STANDARD_EPSILON = 1e-8  # that of Stable-Baselines3's standardised advantages
_LENGTH_EPSILON = 1e-6  # that of PyTorch's clipped gradients


class FastPPO(MaskablePPO):
    """PPO on legal moves, over an `SB3VecEnv` or one around it; networks of linear layers on the processor.

    Its arguments are those of `sb3_contrib.MaskablePPO` and ``ent_coef_final``, the weight that the entropy bonus falls
    to, linearly, until the end. None keeps it constant.
    """

    def __init__(
        self, policy: str, env: VecEnv, learning_rate: float | Callable[[float], float] = 3e-3, n_steps: int = 16,
        batch_size: int = 2048, n_epochs: int = 4, gamma: float = 0.99, gae_lambda: float = 0.95,
        clip_range: float = 0.2, clip_range_vf: float | None = None, normalize_advantage: bool = True,
        ent_coef: float = 0.0, ent_coef_final: float | None = None, vf_coef: float = 0.5, max_grad_norm: float = 0.5,
        target_kl: float | None = None, stats_window_size: int = 100, policy_kwargs: dict[str, Any] | None = None,
        seed: int = 0, device: str = "cpu",
    ) -> None:  # fmt: skip
        self.ent_coef_final = ent_coef if ent_coef_final is None else ent_coef_final
        super().__init__(
            policy, env, learning_rate, n_steps, batch_size, n_epochs, gamma, gae_lambda, clip_range, clip_range_vf,
            normalize_advantage, ent_coef, vf_coef, max_grad_norm, target_kl=target_kl,
            stats_window_size=stats_window_size, policy_kwargs=policy_kwargs, seed=seed, device=device,
        )  # fmt: skip

    def _setup_model(self) -> None:
        """Make the networks as Stable-Baselines3 does, and lay their weights out in one vector."""
        super()._setup_model()
        parameters = [*self.policy.parameters()]
        weights = nn.Parameter(nn.utils.parameters_to_vector(parameters).detach())
        weights.grad = torch.zeros_like(weights)
        nn.utils.vector_to_parameters(weights, parameters)  # they are views of it now
        self.policy.optimizer = torch.optim.Adam([weights], self.lr_schedule(1.0), eps=_ADAM_EPSILON)
        self._gradient: Floats = weights.grad.numpy()
        ends = np.cumsum([parameter.numel() for parameter in parameters])[:-1]
        slopes: dict[Any, Floats] = {
            parameter: part.reshape(parameter.shape)
            for parameter, part in zip(parameters, np.split(self._gradient, ends), strict=True)
        }
        extractor: Any = self.policy.mlp_extractor
        actor = make_network([*extractor.policy_net, self.policy.action_net], slopes)
        critic = make_network([*extractor.value_net, self.policy.value_net], slopes)
        self._networks = (actor, critic, {nn.Tanh: False, nn.ReLU: True}[self.policy.activation_fn])

    def collect_rollouts(
        self, env: VecEnv, callback: BaseCallback, rollout_buffer: Any, n_rollout_steps: int, use_masking: bool = True
    ) -> bool:
        """Play ``n_rollout_steps`` steps into the buffer; return whether no callback has ended the training."""
        game: Any = env.unwrapped
        seen: Any = self._last_obs
        finished: Any = self.ep_info_buffer
        buffer, rows = rollout_buffer, env.num_envs
        buffer.pos, buffer.full = 0, False  # its memory is used again
        self._transpose()
        callback.on_rollout_start()
        chances = np.random.default_rng((self.seed or 0, self.num_timesteps)).random((n_rollout_steps, rows))
        for step in range(n_rollout_steps):
            buffer.observations[step] = seen.reshape(buffer.observations[step].shape)
            buffer.action_masks[step] = game.action_masks() if use_masking else 1.0
            buffer.episode_starts[step] = self._last_episode_starts
            actions = np.empty(rows, np.int64)
            known = (actions, buffer.log_probs[step], buffer.values[step])
            sample_rows(*self._networks, self._inputs(seen), buffer.action_masks[step], chances[step], *known)
            buffer.actions[step] = actions[:, None]
            seen, buffer.rewards[step], dones, infos = env.step(actions)
            self._last_obs, self._last_episode_starts = seen, dones
            self.num_timesteps += rows
            callback.update_locals({"actions": actions, "dones": dones, "infos": infos})
            if not callback.on_step():
                return False
            ended = np.flatnonzero(dones)
            finished.extend(infos[row]["episode"] for row in ended)
            cut = [row for row in ended if infos[row]["TimeLimit.truncated"]]
            if cut:  # what would have come is worth what the critic expects
                last = np.array([infos[row]["terminal_observation"] for row in cut])
                buffer.rewards[step, cut] += self.gamma * self._expected(last)
        buffer.pos, buffer.full = n_rollout_steps, True
        buffer.compute_returns_and_advantage(torch.from_numpy(self._expected(seen)), dones)
        callback.on_rollout_end()
        return True

    def train(self) -> None:
        """Learn from the buffer as MaskablePPO does, and record the same numbers."""
        self._update_learning_rate(self.policy.optimizer)
        model: Any = self  # whose schedules are made by the constructor
        left, size, clip_value = self._current_progress_remaining, model.batch_size, model.clip_range_vf
        clip = model.clip_range(left)
        entropy = self.ent_coef_final + (self.ent_coef - self.ent_coef_final) * left
        terms = Terms(entropy, self.vf_coef, clip, math.inf if clip_value is None else clip_value(left))
        batch, random = self._collected(), np.random.default_rng((self.seed or 0, self.num_timesteps, 1))
        learned: list[dict[str, float]] = []  # from each minibatch
        too_far = False
        for _ in range(self.n_epochs):
            order, begun = random.permutation(len(batch.actions)), len(learned)
            for first in range(0, len(order), size):
                learned.append(self.gradients(batch, order[first : first + size], terms))
                too_far = self.target_kl is not None and learned[-1]["approx_kl"] > 1.5 * self.target_kl
                if too_far:
                    break
                length = math.sqrt(np.square(self._gradient, dtype=np.float64).sum())
                self._gradient *= np.float32(min(1.0, self.max_grad_norm / (length + _LENGTH_EPSILON)))
                self.policy.optimizer.step()
            self._n_updates += 1
            if too_far:
                break
        policy_loss, value_loss, entropy_loss, *_ = learned[-1].values()
        numbers = {name: float(np.mean([one[name] for one in learned])) for name in STATISTICS} | {
            "approx_kl": float(np.mean([one["approx_kl"] for one in learned[begun:]])),  # of the last pass, as there
            "loss": policy_loss + entropy * entropy_loss + self.vf_coef * value_loss,
            "explained_variance": explained_variance(batch.values, batch.returns),
            "clip_range": clip,
            "ent_coef": entropy,
        }
        for name, number in numbers.items():
            self.logger.record(f"train/{name}", number)
        self.logger.record("train/n_updates", self._n_updates, exclude="tensorboard")

    def gradients(self, batch: Experience, chosen: NDArray[np.int64], terms: Terms) -> dict[str, float]:
        """Compute the loss's gradient for some rows into that of the weights' vector; return their `STATISTICS`."""
        advantages = batch.advantages[chosen]
        if self.normalize_advantage and len(chosen) > 1:
            advantages -= advantages.mean()
            advantages /= advantages.std(ddof=1) + np.float32(_STANDARD_EPSILON)
        sums = np.zeros(len(STATISTICS))
        self._gradient[:] = 0.0
        self._transpose()
        add_gradients(*self._networks, batch, chosen, advantages, terms, sums)
        return dict(zip(STATISTICS, (sums / len(chosen)).tolist(), strict=True))

    def _collected(self) -> Experience:
        """Return the buffer as one batch."""
        buffer = self.rollout_buffer
        flat = [part.reshape(-1) for part in (buffer.log_probs, buffer.values, buffer.advantages, buffer.returns)]
        masks = buffer.action_masks.reshape(-1, buffer.action_masks.shape[-1])
        seen = buffer.observations.reshape(len(masks), -1)
        return Experience(self._inputs(seen), masks, buffer.actions.reshape(-1).astype(np.int64), *flat)

    def _inputs(self, observations: NDArray[Any]) -> Floats:
        """Return what enters the networks: numbers as they are, a state one-hot; float32 of shape ``(rows, n)``."""
        if isinstance(self.observation_space, spaces.Discrete):
            return np.eye(int(self.observation_space.n), dtype=np.float32)[observations.reshape(-1).astype(np.int64)]
        return np.ascontiguousarray(observations, np.float32)

    def _expected(self, observations: NDArray[Any]) -> Floats:
        """Return what the critic expects, float32 of shape ``(rows,)``."""
        actor, critic, relu = self._networks
        inputs, rows = self._inputs(observations), len(observations)
        masks, expected = np.ones((rows, len(actor.biases[-1])), np.float32), np.empty(rows, np.float32)
        unused = (np.zeros(rows), np.empty(rows, np.int64), np.empty(rows, np.float32))
        sample_rows(actor, critic, relu, inputs, masks, *unused, expected)
        return expected

    def _transpose(self) -> None:
        """Copy the weights to where they lie transposed."""
        actor, critic, _ = self._networks
        for weight, copy in zip(actor.weights + critic.weights, actor.transposed + critic.transposed, strict=True):
            copy[:, : len(weight)] = weight.T
