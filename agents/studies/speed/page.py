"""The part of docs/speed.md that is measured: tables in Markdown, written between two marks."""

from typing import Any

from negoenv.markdown import table

from .targets import targets

MEASURED = "measured"
"""Name of that part of the page, as in `agents.studies.pages`."""

NAMES = {
    "ours, 1": "ours, 1 thread",
    "ours, 2": "ours, 2 threads",
    "cartpole": "CartPole, hand-vectorised",
    "null, 1": "null kernel, 1 thread",
    "null, 2": "null kernel, 2 threads",
}
_VERDICTS = {True: "met", False: "**missed**", None: ""}


def markdown(results: dict[str, Any]) -> str:
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
        [f"{result['rows']:,}", *(_rate(result["steps_per_second"][name]) for name in NAMES)]
        for result in results["by_rows"]
    ]
    return "Steps a second, median of the repetitions:\n\n" + table(["rows", *NAMES.values()], rows)


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
