"""A comparison in sentences: who is best, by how much, whether that may be chance, and what to know of the policies."""

from collections.abc import Sequence

from negoenv.benchmark.evaluation import Interval

from .compare import Comparison, Configuration
from .report import Report


def summary(comparison: Comparison) -> str:
    """Return who is best in one scenario, how far ahead of the next, and what the intervals count."""
    best, *others = comparison.configurations
    first = best.reports[0]
    sentence = (
        f"{first.scenario}, {len(first.episodes.returns):,} {first.split} suppliers: {best.name} is best with "
        f"{in_words(comparison.mean_of(best))}"
    )
    if others:
        lead = comparison.less(best, others[0])
        learnt = bool(best.seeds or others[0].seeds)
        chance = "chance" if comparison.noise.freedom or not learnt else "chance among suppliers"
        sentence += f"; {others[0].name} comes next, {in_words(lead)} lower by supplier, {_sure(lead, chance)}"
    told = f"{sentence} (± is half of the 95% interval)."
    return " ".join([told, *_counted(comparison, (best, *others[:1])), *notes(comparison.reports)])


def notes(reports: Sequence[Report]) -> list[str]:
    """Return what must be known of some policies: that they were trained on another game, or not to the end."""
    found = []
    for report in reports:
        if report.another_game:
            found.append(f"{report.policy} was trained on another game: {'; '.join(report.another_game)}.")
        training = report.training
        if training is not None and training.kept == "last" and report.steps < training.total_steps:
            steps = f"{report.steps:,} of {training.total_steps:,} steps"
            found.append(f"The training of {report.policy} was broken off after {steps}.")
    return found


def single_seeds(reports: Sequence[Report]) -> list[str]:
    """Return what the intervals of single policies count, if any of them is learnt."""
    if all(report.training is None for report in reports):
        return []
    which = "Each learnt policy" if len(reports) > 1 else "The policy"
    return [f"{which} is of one training seed: intervals count suppliers, not seeds."]


def in_words(interval: Interval) -> str:
    """Return a mean and half of its interval, for example "0.586 ± 0.022"."""
    return f"{interval.mean:.3f} ± {(interval.high - interval.low) / 2:.3f}"


def _sure(lead: Interval, chance: str) -> str:
    """Return whether the lead of the best may be ``chance``."""
    if lead.low == lead.high == 0.0:
        return "the same against every supplier"
    return f"more than {chance}" if lead.low > 0.0 else f"which may be {chance}"


def _counted(comparison: Comparison, configurations: Sequence[Configuration]) -> list[str]:
    """Return what the intervals of some configurations count; nothing if none of them is learnt."""
    learnt = [configuration for configuration in configurations if configuration.seeds]
    if not comparison.noise.freedom:
        return single_seeds([configuration.reports[0] for configuration in configurations])
    alone = [configuration.name for configuration in learnt if configuration.seeds == 1]
    scatter = f"; of {' and '.join(alone)} there is one, and the others' scatter is taken" if alone else ""
    return [f"Intervals count suppliers and training seeds{scatter}."] if learnt else []
