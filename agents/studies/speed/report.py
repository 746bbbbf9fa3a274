"""Every comparison of speed in one run, and the lines that say how they came out."""

from collections.abc import Callable
from typing import Any

from ...reporting.progress import bar
from . import measure as speed
from .beaten import until_beaten
from .game import by_game
from .startup import startup
from .targets import targets
from .training import training

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
        "training": lambda: [training(**how) for how in trained],
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
