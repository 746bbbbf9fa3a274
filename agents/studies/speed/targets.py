"""What the speed should reach, and what was measured of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Target:
    """One number that should be reached.

    Attributes:
        what: what it is.
        measured: what came out.
        met: whether that is enough; None where it is for orientation only.
    """

    what: str
    measured: str
    met: bool | None


def targets(results: dict[str, Any]) -> Iterator[Target]:
    """Yield the targets of which ``results`` hold the numbers."""
    by_rows = {result["rows"]: result for result in results["by_rows"]}
    if (usual := by_rows.get(1024)) is not None:
        ratio = usual["to_cartpole"][2]
        yield Target("1,024 rows on 2 threads: as fast as CartPole", f"{ratio:.2f} of it", ratio >= 1.0)
        ratios = usual["to_null"]
        yield Target(
            "... half the null kernel, on as many threads",
            " and ".join(f"{ratio:.2f} ({threads})" for threads, ratio in ratios.items()),
            min(ratios.values()) >= 0.5,
        )
        yield Target("... for orientation: 10 M steps a second", _rate(usual["steps_per_second"]["ours, 2"]), None)
    for peer, least in (("sync", 100), ("open_spiel", 20), ("negmas", 1000)):
        if (times := results["peers"]["ours_times_as_fast"].get(peer)) is not None:
            yield Target(f"{least:,} times {_PEERS[peer]}", f"{times:,.0f} times", times >= least)
    if (large := by_rows.get(1_048_576)) is not None and usual is not None:
        dearer = {threads: large["nanoseconds_a_step"][threads] / cost for threads, cost in
                  usual["nanoseconds_a_step"].items()}  # fmt: skip
        shown = ", ".join(f"{ratio:.2f} times ({threads})" for threads, ratio in dearer.items())
        yield Target("a step at 1,048,576 rows: at most twice its cost at 1,024", shown, max(dearer.values()) <= 2.0)
    memory = results["memory"]
    kept, given = memory["remembered"], memory["outputs_of_a_step"]
    yield Target("512 bytes a row", f"{kept:.0f} kept; {given:.0f} more are handed over at each step", kept <= 512)
    single = results["single"]
    shown = f"{single['to_cartpole']:.2f}; by Gymnasium's benchmark_step {single['to_cartpole_by_gymnasium']:.2f}"
    yield Target("gym.make: as fast as CartPole-v1's", f"{shown} of it", single["to_cartpole"] >= 1.0)
    trainings = results["training"]
    times = max(training["times_as_fast"] for training in trainings)
    shown = ", ".join(f"{training['times_as_fast']:.1f} times ({training['rows']:,} rows)" for training in trainings)
    yield Target("SB3 PPO: 5 times 8 environments in DummyVecEnv", shown, times >= 5.0)
    shares = {training["rows"]: training["shares"]["env"] for training in trainings}
    shown = ", ".join(f"{share:.0%} ({rows:,} rows)" for rows, share in shares.items())
    yield Target("... environment and adapter at most 15% of the time", shown, max(shares.values()) <= 0.15)
    for name, (what, most) in _STARTUP.items():
        if (seconds := results["startup"].get(name)) is not None:
            yield Target(what, f"{seconds:.2f} s", seconds <= most)


_PEERS = {
    "sync": "our own environment under SyncVectorEnv",
    "open_spiel": "OpenSpiel's bargaining",
    "negmas": "a NegMAS mechanism",
}
_STARTUP = {
    "import_over_dependencies": ("import negoenv: at most 0.3 s over its dependencies", 0.3),
    "first_step_warm": ("first step from a warm cache in 1 s", 1.0),
    "first_step_cold": ("first step from a cold cache in 20 s", 20.0),
}


def _rate(steps_per_second: float) -> str:
    return f"{steps_per_second / 1e6:.1f} M"
