"""What simple policies achieve: one repeated move, one fixed sequence of moves, six rules without memory.

Each is searched on the training split and played on another. A game that one of them comes close to winning needs no
learning.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rich.table import Table

from negoenv.benchmark.evaluation import Interval
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.make import make_batch

from ..policy import Policy
from ..reporting.report import EVALUATION_SEED, report_on, require_interval
from ..terminal import number_table
from .playtest.rules import best_rules
from .playtest.sequences import FixedMoves, PlanEvaluator, best_repeated, best_sequence, plan_in_words
from .playtest.settings import Settings


@dataclass(frozen=True)
class SimplePolicy:
    """One that was found.

    Attributes:
        kind: what it is.
        found: mean return on the suppliers that it was not found on.
        score: that, 0 for the random policy and 1 for the best known reference; None where none is recorded.
        words: what it does.
    """

    kind: str
    found: Interval
    score: Interval | None
    words: str


def simple_policies(
    scenario: str,
    split: str = "test",
    episodes: int = 4096,
    settings: Settings | None = None,
    tick: Callable[[], object] = lambda: None,
) -> list[SimplePolicy]:
    """Search the best policies of each kind and play them.

    Args:
        scenario: as in `negoenv.make.make_batch`; in games with several suppliers rules alone are searched.
        split: of the suppliers that they are played on.
        episodes: how many.
        settings: sizes of the searches; those of a playtest unless given.
        tick: called after each generation of the searches.
    """
    require_interval(episodes)  # before the searches, which take minutes
    results = []
    for kind, policy, words in _searched(scenario, settings or Settings(), tick):
        report = report_on(policy, scenario, split, episodes, EVALUATION_SEED)
        results.append(SimplePolicy(kind, Interval.of(report.episodes.returns), report.score, words))
    return results


def generations(settings: Settings) -> int:
    """Return how often ``tick`` is called for a game with one supplier, at most."""
    return settings.rule_generations + settings.restarts * settings.iterations


def _searched(scenario: str, settings: Settings, tick: Callable[[], object]) -> Iterator[tuple[str, Policy, str]]:
    game = make_batch(1, scenario)
    if isinstance(game, NegotiationBatch):
        plans = PlanEvaluator(scenario)
        for kind, plan in (
            ("repeated move", best_repeated(plans, settings)),
            ("fixed sequence", best_sequence(plans, settings, tick)),
        ):
            yield kind, FixedMoves(plan), plan_in_words(plan)
    rules = best_rules(scenario, settings, tick)
    yield "six rules", rules, rules.words


def simple_table(scenario: str, split: str, found: Sequence[SimplePolicy]) -> Table:
    """Return the results as a table."""
    rows = [(f.kind, str(f.found), str(f.score) if f.score else "") for f in found]
    title = f"Simple policies in {scenario} ({split})"
    span = "Found on the training split. The span: from the random policy to the best known reference."
    caption = "\n".join((span, *(f"{f.kind.capitalize()}: {f.words}." for f in found)))
    return number_table(title, ("best", "return", "share of the span"), rows, caption)
