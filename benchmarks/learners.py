"""Two configurations of the same game, trained with the same seeds: how fast, how good, and how soon it is good enough.

    .venv/bin/python benchmarks/learners.py                        # fast_ppo beside maskable_ppo, as they are shipped
    .venv/bin/python benchmarks/learners.py --seeds 2 total_steps=300_000

Time is that of the processor, so that other work on the machine counts little, and evaluations stop the clock. The two
trainings of a seed run one after the other in the same process. Every 125,000 steps the greedy policy meets the test
suppliers; the best scripted policy is beaten when its mean return there is lower. Results are appended to ``--out`` as
they come, and what is there is not trained again.
"""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from agents.learning.config import load_config
from agents.parallel import in_parallel
from agents.reporting.compare import compare
from agents.reporting.report import report_on
from negoenv.errors import NegoenvError

PAIR = ("procurement_fast_ppo", "procurement_maskable_ppo")
EVERY = 125_000  # steps between two evaluations


def train_timed(config: str, changes: tuple[str, ...], seed: int, episodes: int, scripted: float) -> dict[str, Any]:
    """Train; return the seconds that it took, those until the scripted return was beaten, and the final return."""
    import torch
    from stable_baselines3.common.callbacks import BaseCallback

    from agents.learning.model import build_model, current_policy, spec_of
    from negoenv.interop.sb3 import make_sb3_vec_env

    torch.set_num_threads(1)
    run = load_config(config, (*changes, f"seed={seed}"))
    env = make_sb3_vec_env(run.num_envs, run.scenario, "train", 1)
    spec = spec_of(run, env.env.batch)
    warm = run.model_copy(update={"total_steps": 1})
    build_model(warm, make_sb3_vec_env(run.num_envs, run.scenario, "train", 1)).learn(1)  # compiles
    model = build_model(run, env)

    class Clock(BaseCallback):
        """Knows how long training took without evaluations, and evaluates."""

        due, asking, beaten, curve = EVERY, 0.0, None, ()

        def seconds(self) -> float:
            return time.process_time() - began - self.asking

        def ask(self) -> float:
            before = time.process_time()
            policy = current_policy(self.model, spec, "asked")
            reached = float(report_on(policy, run.scenario, "test", episodes).episodes.returns.mean())
            self.asking += time.process_time() - before
            self.curve = (*self.curve, (self.num_timesteps, round(self.seconds(), 2), round(reached, 4)))
            if self.beaten is None and reached > scripted:
                self.beaten = self.seconds()
            return reached

        def _on_step(self) -> bool:
            return True

        def _on_rollout_start(self) -> None:
            if self.num_timesteps >= self.due:
                self.due += EVERY
                self.ask()

    clock, began = Clock(), time.process_time()
    model.learn(run.total_steps, clock, log_interval=None)
    seconds = clock.seconds()
    return {
        "config": config, "changes": list(changes), "seed": seed, "steps": model.num_timesteps, "seconds": seconds,
        "return": clock.ask(), "seconds_until_beaten": clock.beaten, "curve": clock.curve,
    }  # fmt: skip


def train_pair(
    pair: tuple[str, ...], changes: tuple[str, ...], seed: int, episodes: int, scripted: float, out: Path
) -> None:
    """Train what ``out`` does not hold yet of one seed, and append it."""
    there = {(found["config"], found["seed"]) for found in results(out, changes)}
    for config in pair:
        if (config, seed) not in there:
            found = json.dumps(train_timed(config, changes, seed, episodes, scripted))
            with out.open("a", encoding="utf-8") as file:
                file.write(f"{found}\n")


def results(out: Path, changes: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the results in a file that were found with these changes."""
    lines = out.read_text(encoding="utf-8").splitlines() if out.exists() else []
    return [found for found in map(json.loads, lines) if found["changes"] == list(changes)]


def with_interval(numbers: list[float]) -> str:
    """Return a mean over seeds with half of its 95% interval, by Student's t."""
    if len(numbers) < 2:
        return f"{numbers[0]:.3f}"
    half = stats.t.ppf(0.975, len(numbers) - 1) * statistics.stdev(numbers) / len(numbers) ** 0.5
    return f"{statistics.fmean(numbers):.3f} ± {half:.3f}"


def tell(pair: tuple[str, ...], found: list[dict[str, Any]]) -> None:
    """Print the results of the seeds of which both trainings are there."""
    by_seed: dict[int, dict[str, Any]] = {}
    for one in found:
        by_seed.setdefault(one["seed"], {})[one["config"]] = one
    both = [(seed, of[pair[0]], of[pair[1]]) for seed, of in sorted(by_seed.items()) if {*pair} <= {*of}]
    if not both:
        return
    print(f"| seed | steps a second: {pair[0]} | {pair[1]} | return | return | beaten after, s | beaten after, s |")
    print("|---|---|---|---|---|---|---|")
    for seed, one, other in both:
        speeds = " | ".join(f"{of['steps'] / of['seconds']:,.0f}" for of in (one, other))
        returns = " | ".join(f"{of['return']:.3f}" for of in (one, other))
        until = " | ".join(
            f"{of['seconds_until_beaten']:.0f}" if of["seconds_until_beaten"] else f"not in {of['seconds']:.0f}"
            for of in (one, other)
        )
        print(f"| {seed} | {speeds} | {returns} | {until} |")
    speed = [one["steps"] / one["seconds"] / (other["steps"] / other["seconds"]) for _, one, other in both]
    print(f"times as many steps a second: {with_interval(speed)}")
    print(
        f"difference of the final returns: {with_interval([one['return'] - other['return'] for _, one, other in both])}"
    )
    sooner = [
        (other["seconds_until_beaten"] or other["seconds"]) / one["seconds_until_beaten"]
        if one["seconds_until_beaten"]
        else 0
        for _, one, other in both
    ]
    print(f"times as soon beaten, by seed (at least, where never): {', '.join(f'{times:.1f}' for times in sooner)}")


def main() -> None:
    """Train, and print a table of what is there after each seed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("changes", nargs="*", metavar="KEY=VALUE", help="changes to both configurations")
    parser.add_argument("--pair", nargs=2, default=PAIR, metavar="CONFIG", help="the two configurations")
    parser.add_argument("--seeds", type=int, default=5, help="how many, from 0 on")
    parser.add_argument("--episodes", type=int, default=4096, help="test suppliers of each evaluation")
    parser.add_argument("--processes", type=int, default=1, help="seeds side by side")
    parser.add_argument("--out", type=Path, default=Path("runs/learners.jsonl"), help="where results are kept")
    given = parser.parse_args()
    pair, changes = tuple(given.pair), tuple(given.changes)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    best = compare((), load_config(pair[0], changes).scenario, episodes=given.episodes).best
    scripted = float(np.mean(best.episodes.returns))
    print(f"Best scripted policy: {best.policy}, {scripted:.4f} on {given.episodes} test suppliers.", file=sys.stderr)
    calls = [(pair, changes, seed, given.episodes, scripted, given.out) for seed in range(given.seeds)]
    for number in in_parallel(train_pair, calls, given.processes):
        print(f"Seed {number} is done.", file=sys.stderr)
    tell(pair, results(given.out, changes))


if __name__ == "__main__":
    try:
        main()
    except NegoenvError as error:
        sys.exit(str(error))
