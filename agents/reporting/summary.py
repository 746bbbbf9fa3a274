"""A comparison in a sentence: who is best, by how much, and whether that may be chance."""

from negoenv.evaluation import Interval

from .compare import Comparison


def summary(comparison: Comparison) -> str:
    """Return who is best in one scenario, and how far ahead of the next."""
    best, *others = comparison.reports
    sentence = (
        f"{best.scenario}, {len(best.episodes.returns):,} {best.split} suppliers: {best.policy} is best with "
        f"{in_words(best.episodes.metrics()['return'])}"
    )
    if others:
        difference = comparison.differences()[others[0].policy]
        sure = "more than chance" if difference.high < 0.0 else "which may be chance"
        behind = Interval(-difference.mean, -difference.high, -difference.low)
        sentence += f"; {others[0].policy} comes next, {in_words(behind)} lower by supplier, {sure}"
    return f"{sentence} (± is half of the 95% interval)."


def in_words(interval: Interval) -> str:
    """Return a mean and half of its interval, for example "0.586 ± 0.022"."""
    return f"{interval.mean:.3f} ± {(interval.high - interval.low) / 2:.3f}"
