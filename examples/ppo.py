"""PPO in a single file, in the way of CleanRL, on a vector environment of negoenv: to read, to copy and to change.

    .venv/bin/python examples/ppo.py --total-steps 1_000_000
    .venv/bin/python examples/ppo.py --lstm

What is easily got wrong, and where it is done right here:

- masks: the probability of what is not legal is 0, when a move is drawn and when it is weighed again (`masked`);
- autoreset: the mode is SAME_STEP, so that every row of the rollout is a move that was played. An observation that
  follows an end belongs to the next episode: nothing is carried over it, neither value nor memory;
- truncation: only ``--max-episode-steps`` cuts an episode off; then the worth of the last observation is added, for
  which ``final_obs`` is there. The deadline is part of the game: it terminates.
"""

import argparse
import time
from dataclasses import dataclass, fields
from typing import Any

import gymnasium as gym
import numpy as np
import torch
from torch import Tensor, nn
from torch.distributions import Categorical

import negoenv  # noqa: F401 - registers the ids


@dataclass
class Args:
    """What can be set on the command line, as ``--total-steps 1_000_000``."""

    env_id: str = "negoenv/Procurement-v0"
    seed: int = 0
    total_steps: int = 1_000_000
    num_envs: int = 256
    num_steps: int = 64
    max_episode_steps: int = 0  # 0: an episode ends as the game ends it
    learning_rate: float = 3e-3
    gamma: float = 1.0
    gae_lambda: float = 0.95
    epochs: int = 6
    minibatches: int = 4
    clip: float = 0.3
    entropy: float = 0.02
    value: float = 0.5
    max_grad_norm: float = 0.5
    hidden: int = 64
    lstm: bool = False
    test_episodes: int = 1024


def layer(inputs: int, outputs: int, gain: float = 2**0.5) -> nn.Linear:
    """Return a linear layer with orthogonal weights."""
    made = nn.Linear(inputs, outputs)
    nn.init.orthogonal_(made.weight, gain)
    nn.init.zeros_(made.bias)
    return made


class Agent(nn.Module):
    """Two networks, one for the moves and one for the worth; with ``lstm`` over a memory that both share."""

    def __init__(self, columns: int, moves: int, hidden: int, lstm: bool) -> None:
        super().__init__()
        self.memory = nn.LSTM(columns, hidden) if lstm else None
        inputs = hidden if lstm else columns
        self.actor = nn.Sequential(
            layer(inputs, hidden), nn.ReLU(), layer(hidden, hidden), nn.ReLU(), layer(hidden, moves, 0.01)
        )
        self.critic = nn.Sequential(
            layer(inputs, hidden), nn.ReLU(), layer(hidden, hidden), nn.ReLU(), layer(hidden, 1, 1.0)
        )

    def start(self, rows: int) -> tuple[Tensor, Tensor]:
        """Return the memory of ``rows`` episodes that have just begun."""
        size = self.memory.hidden_size if self.memory else 0
        return torch.zeros(1, rows, size), torch.zeros(1, rows, size)

    def recall(self, seen: Tensor, starts: Tensor, state: Any) -> tuple[Tensor, Any]:
        """Run the memory over ``seen``, shape (steps, rows, columns); it begins anew where an episode ``starts``."""
        if self.memory is None:
            return seen, state
        outputs = []
        for now, start in zip(seen, starts, strict=True):
            keep = (1.0 - start)[None, :, None]
            output, state = self.memory(now[None], (state[0] * keep, state[1] * keep))
            outputs.append(output)
        return torch.cat(outputs), state

    def worth(self, features: Tensor) -> Tensor:
        """Return the value of each row."""
        return self.critic(features).squeeze(-1)


def masked(logits: Tensor, mask: Tensor) -> Categorical:
    """Return the distribution over the legal moves."""
    return Categorical(logits=torch.where(mask, logits, torch.tensor(-1e8)))


def tensor(array: Any) -> Tensor:
    """Return an array as a float32 tensor of its own."""
    return torch.tensor(np.asarray(array), dtype=torch.float32)


@torch.no_grad()
def collect(args: Args, envs: Any, agent: Agent, now: dict[str, Any], returns: list[float]) -> dict[str, Tensor]:
    """Play ``num_steps`` in every row, on from ``now``; return what happened, each of shape (steps, rows, ...)."""
    kept: dict[str, list[Tensor]] = {
        name: [] for name in ("seen", "masks", "starts", "moves", "logs", "values", "rewards", "ends")
    }
    for _ in range(args.num_steps):
        seen, mask = tensor(now["seen"]), torch.tensor(now["mask"], dtype=torch.bool)
        features, now["state"] = agent.recall(seen[None], now["starts"][None], now["state"])
        chosen = masked(agent.actor(features[0]), mask)
        moves = chosen.sample()
        observations, rewards, terminated, truncated, infos = envs.step(moves.numpy())
        gained = tensor(rewards)
        for row in np.flatnonzero(truncated & ~terminated):
            last, start = tensor(infos["final_obs"][row])[None, None], torch.zeros(1, 1)
            own = tuple(part[:, row : row + 1] for part in now["state"])
            gained[row] += args.gamma * agent.worth(agent.recall(last, start, own)[0])[0, 0]
        step = (seen, mask, now["starts"], moves, chosen.log_prob(moves), agent.worth(features[0]), gained)
        ends = tensor(terminated | truncated)
        for values, value in zip(kept.values(), (*step, ends), strict=True):
            values.append(value)
        now["return"] += rewards
        returns += now["return"][terminated | truncated].tolist()
        now["return"][terminated | truncated] = 0.0
        now |= {"seen": observations, "mask": infos["action_mask"], "starts": ends}
    return {name: torch.stack(values) for name, values in kept.items()}


@torch.no_grad()
def advantages(args: Args, agent: Agent, now: dict[str, Any], kept: dict[str, Tensor]) -> Tensor:
    """Return the generalised advantage of each move (Schulman et al. 2016); nothing flows back over an end."""
    features, _ = agent.recall(tensor(now["seen"])[None], now["starts"][None], now["state"])
    following, gain = agent.worth(features[0]), torch.zeros(args.num_envs)
    found = torch.zeros_like(kept["rewards"])
    for step in reversed(range(args.num_steps)):
        goes_on = 1.0 - kept["ends"][step]
        delta = kept["rewards"][step] + args.gamma * following * goes_on - kept["values"][step]
        gain = delta + args.gamma * args.gae_lambda * goes_on * gain
        found[step], following = gain, kept["values"][step]
    return found


def update(args: Args, agent: Agent, optimizer: Any, kept: dict[str, Tensor], gains: Tensor, state: Any) -> None:
    """Improve the networks on a rollout; a minibatch is some of the rows with all their steps, for the memory."""
    targets = gains + kept["values"]
    gains = (gains - gains.mean()) / (gains.std() + 1e-8)
    for _ in range(args.epochs):
        for rows in torch.randperm(args.num_envs).chunk(args.minibatches):
            own = tuple(part[:, rows] for part in state)
            features, _ = agent.recall(kept["seen"][:, rows], kept["starts"][:, rows], own)
            chosen = masked(agent.actor(features), kept["masks"][:, rows])
            ratio = (chosen.log_prob(kept["moves"][:, rows]) - kept["logs"][:, rows]).exp()
            gain = gains[:, rows]
            clipped = torch.clamp(ratio, 1 - args.clip, 1 + args.clip)
            loss = -torch.min(gain * ratio, gain * clipped).mean() - args.entropy * chosen.entropy().mean()
            loss = loss + args.value * 0.5 * (agent.worth(features) - targets[:, rows]).pow(2).mean()
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(agent.parameters(), args.max_grad_norm)
            optimizer.step()


def begin(agent: Agent, envs: Any, seed: int) -> dict[str, Any]:
    """Start an episode in every row."""
    seen, infos = envs.reset(seed=seed)
    rows = envs.num_envs
    return {
        "seen": seen, "mask": infos["action_mask"], "starts": torch.ones(rows), "state": agent.start(rows),
        "return": np.zeros(rows),
    }  # fmt: skip


def train(args: Args, say: Any = print) -> Agent:
    """Return an agent that was trained as ``args`` say; the same ``args`` give the same agent on one thread."""
    torch.manual_seed(args.seed)
    envs = gym.make_vec(
        args.env_id, num_envs=args.num_envs, autoreset_mode="SameStep", max_episode_steps=args.max_episode_steps or None
    )
    columns, moves = envs.single_observation_space.shape[0], int(envs.single_action_space.n)
    agent = Agent(columns, moves, args.hidden, args.lstm)
    optimizer = torch.optim.Adam(agent.parameters(), lr=args.learning_rate, eps=1e-5)
    now, returns, began = begin(agent, envs, args.seed), [], time.monotonic()
    updates = max(1, args.total_steps // (args.num_envs * args.num_steps))
    for number in range(updates):
        optimizer.param_groups[0]["lr"] = args.learning_rate * (1.0 - number / updates)
        state = tuple(part.clone() for part in now["state"])
        kept = collect(args, envs, agent, now, returns)
        update(args, agent, optimizer, kept, advantages(args, agent, now, kept), state)
        steps = (number + 1) * args.num_envs * args.num_steps
        rate = steps / (time.monotonic() - began)
        say(f"{steps:>9,} steps  return {np.mean(returns[-1000:]):+.3f}  {rate:,.0f} steps/s")
    envs.close()
    return agent


@torch.no_grad()
def test(args: Args, agent: Agent) -> float:
    """Return the mean return of the likeliest moves with held-out suppliers, one episode each."""
    envs = gym.make_vec(args.env_id, num_envs=args.test_episodes, split="test", autoreset_mode="SameStep")
    now = begin(agent, envs, 1_000_000)
    over, total = np.zeros(args.test_episodes, np.bool_), np.zeros(args.test_episodes)
    while not over.all():
        features, now["state"] = agent.recall(tensor(now["seen"])[None], now["starts"][None], now["state"])
        moves = masked(agent.actor(features[0]), torch.tensor(now["mask"], dtype=torch.bool)).probs.argmax(-1)
        seen, rewards, terminated, _, infos = envs.step(moves.numpy())
        total += np.where(over, 0.0, rewards)
        over |= terminated
        now |= {"seen": seen, "mask": infos["action_mask"], "starts": tensor(terminated)}
    return float(total.mean())


def parsed(line: list[str] | None = None) -> Args:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for field in fields(Args):
        name, kind = f"--{field.name.replace('_', '-')}", type(field.default)
        how = {"action": "store_true"} if kind is bool else {"type": kind, "default": field.default}
        parser.add_argument(name, help=f"default: {field.default}", **how)
    return Args(**vars(parser.parse_args(line)))


if __name__ == "__main__":
    torch.set_num_threads(1)  # networks this small lose more by waiting for each other than they win
    given = parsed()
    print(f"held out: {test(given, train(given)):+.3f}")
