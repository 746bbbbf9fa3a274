"""Every comparison of speed in one run, what it should reach, and how it came out: in lines, and as a page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from negoenv.markdown import table

from ...reporting.progress import bar
from . import measure as speed
from .measure import by_game
from .ppo import startup, time_training, until_beaten


@dataclass(frozen=True)
class Target:
    """One number that should be reached."""

    what: str  # what it is
    measured: str  # what came out
    met: bool | None  # whether that is enough; None where it is for orientation only


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


MEASURED = "measured"
"""Name of that part of the page, as in `agents.studies.pages`."""

SERIES = {
    "ours, 1": "ours, 1 thread",
    "ours, 2": "ours, 2 threads",
    "cartpole": "CartPole, hand-vectorised",
    "null, 1": "null kernel, 1 thread",
    "null, 2": "null kernel, 2 threads",
}
_VERDICTS = {True: "met", False: "**missed**", None: ""}


def speed_page(results: dict[str, Any]) -> str:
    """Return the results as sentences and tables."""
    return "\n\n".join([_machine(results["machine"]), _by_rows(results), _targets(results), _by_game(results["game"]),
                        _beaten(results["beaten"])])  # fmt: skip


def _machine(machine: dict[str, Any]) -> str:
    versions = ", ".join(f"{package} {version}" for package, version in machine["versions"].items())
    return (
        f"One run on {machine['cores']} cores of {machine['processor']}, load average {machine['load'][0]:.1f} at its "
        f"start; Python {machine['python']}, {versions}."
    )


def _by_rows(results: dict[str, Any]) -> str:
    rows = [
        [f"{result['rows']:,}", *(_rate(result["steps_per_second"][name]) for name in SERIES)]
        for result in results["by_rows"]
    ]
    return "Steps a second, median of the repetitions:\n\n" + table(["rows", *SERIES.values()], rows)


def _targets(results: dict[str, Any]) -> str:
    rows = [[target.what, target.measured, _VERDICTS[target.met]] for target in targets(results)]
    return "Numbers in brackets are threads, or rows where it says so.\n\n" + table(["target", "measured", ""], rows)


def _by_game(costs: dict[str, dict[str, float]]) -> str:
    rows = [[what, ", ".join(f"{value}: {cost:.0f}" for value, cost in by.items())] for what, by in costs.items()]
    return "Nanoseconds a step of 1,024 rows on one thread, by size of the game:\n\n" + table(
        ["what grows", "value: cost"], rows
    )


def _beaten(beaten: dict[str, Any]) -> str:
    policy = f"the best scripted policy, {beaten['policy']} (return {beaten['its_return']:.3f})"
    if not beaten["beaten"]:
        return f"In {beaten['steps']:,} steps ({beaten['seconds']:.0f} s) PPO did not beat {policy}."
    return (
        f"PPO takes {beaten['seconds']:.0f} seconds, or {beaten['steps']:,} steps, until it beats {policy}, on the "
        f"same held-out suppliers, by an interval that excludes 0 (return {beaten['return']:.3f})."
    )


def _rate(steps_per_second: float) -> str:
    if steps_per_second < 1e6:
        return f"{steps_per_second / 1e3:,.0f} k"
    return f"{steps_per_second / 1e6:.1f} M"


_QUICK_SIZES = (1, 64)
_TRAINED_ROWS = (256, 1024)


def measure(quick: bool = False, progress: bool = False) -> dict[str, Any]:
    """Run all comparisons, one after the other.

    Args:
        quick: show that they run, no more.
        progress: whether to show a progress bar.
    """
    repetitions, seconds = (1, 0.01) if quick else (7, 0.3)
    sizes = _QUICK_SIZES if quick else speed.SIZES
    trained = [{"steps": 1024, "num_rows": 64, "repetitions": 1}] if quick else [{"num_rows": n} for n in _TRAINED_ROWS]
    parts: dict[str, Callable[[], Any]] = {
        "by_rows": lambda: [speed.by_rows(rows, repetitions, seconds) for rows in sizes],
        "peers": lambda: speed.against_peers(repetitions, seconds, sync_rows=8 if quick else 1024),
        "single": lambda: speed.singles(repetitions, seconds),
        "game": lambda: by_game(repetitions, seconds, num_rows=64 if quick else 1024),
        "memory": lambda: speed.memory(64 if quick else speed.LARGE),
        "startup": lambda: startup(1, cold=False) if quick else startup(),
        "training": lambda: [time_training(**how) for how in trained],
        "beaten": lambda: until_beaten(most_steps=1, episodes=64) if quick else until_beaten(),
    }
    results: dict[str, Any] = {"machine": speed.machine(), "quick": quick}
    with bar(len(parts), "Speed", progress, "parts") as shown:
        for name, part in parts.items():
            shown.set_description(name)
            results[name] = part()
            shown.update()
    return results


def text(results: dict[str, Any]) -> str:
    """Return the results as lines to be read."""
    lines = [f"load {results['machine']['load'][0]:.1f} on {results['machine']['cores']} cores; steps per second"]
    for result in results["by_rows"]:
        rates = "  ".join(f"{name} {rate:,.0f}" for name, rate in result["steps_per_second"].items())
        lines.append(f"{result['rows']:>9,} rows: {rates}")
    lines += [f"{name} left out: {reason}" for name, reason in results["peers"]["absent"].items()]
    for what, costs in results["game"].items():
        lines.append(f"ns a step by {what}: " + "  ".join(f"{value}: {cost:.0f}" for value, cost in costs.items()))
    beaten = results["beaten"]
    lines.append(
        f"best scripted policy beaten: {beaten['beaten']}, {beaten['steps']:,} steps, {beaten['seconds']:.0f} s"
    )
    verdicts = {True: "met", False: "MISSED", None: ""}
    lines += [f"{target.what}: {target.measured}  {verdicts[target.met]}".rstrip() for target in targets(results)]
    return "\n".join(lines)
