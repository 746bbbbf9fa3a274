"""Every comparison of speed in one run, and the lines that say how they came out."""

from typing import Any

from agents.reporting import speed
from agents.reporting.speed_startup import startup
from agents.reporting.speed_training import training

_QUICK_SIZES = (1, 64)


def measure(quick: bool = False) -> dict[str, Any]:
    """Run all comparisons, one after the other; the ``quick`` form shows that they run, no more."""
    repetitions, seconds = (1, 0.01) if quick else (7, 0.3)
    return {
        "machine": speed.machine(),
        "quick": quick,
        "by_rows": speed.by_rows(_QUICK_SIZES if quick else speed.SIZES, repetitions, seconds),
        "peers": speed.against_peers(repetitions, seconds, sync_rows=8 if quick else 1024),
        "single": speed.singles(repetitions, seconds),
        "memory": speed.memory(64 if quick else speed.LARGE),
        "startup": startup(1, cold=False) if quick else startup(),
        "training": training(1024, 64) if quick else training(),
    }


def text(results: dict[str, Any]) -> str:
    """Return the results as lines to be read."""
    lines = [f"load {results['machine']['load'][0]:.1f} on {results['machine']['cores']} cores; steps per second"]
    for result in results["by_rows"]:
        rates = "  ".join(f"{name} {rate:,.0f}" for name, rate in result["steps_per_second"].items())
        lines.append(f"{result['rows']:>9,} rows: {rates}")
    peers, single, trained = results["peers"], results["single"], results["training"]
    lines += [f"ours / {name}: {ratio:,.0f}" for name, ratio in peers["ours_times_as_fast"].items()]
    lines += [f"{name} left out: {reason}" for name, reason in peers["absent"].items()]
    lines.append(f"gym.make, ours / CartPole-v1: {single['to_cartpole']:.2f}")
    lines.append(f"PPO, ours / DummyVecEnv: {trained['times_as_fast']:.1f}; env's share {trained['shares']['env']:.0%}")
    memory = results["memory"]
    lines.append(f"bytes a row: {memory['remembered']:.0f} kept, {memory['outputs_of_a_step']:.0f} handed over a step")
    lines += [f"{name}: {seconds:.2f} s" for name, seconds in results["startup"].items()]
    return "\n".join(lines)
