"""The very same supplier, met by policies: what a result is set beside."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from negoenv.benchmark.evaluation import evaluate
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.errors import printable
from negoenv.game.state import Outcome

from ..planning.references import REFERENCES
from ..policy import Policy
from ..registry import default_policies, load_policy, require_fit
from .negotiation import Negotiation, Setting


@dataclass(frozen=True)
class Result:
    """What somebody got out of one supplier.

    Attributes:
        player: who, fit to be shown.
        outcome: how it ended.
        value: the return.
        rounds: moves made.
        deals: deals closed.
        price: of the deal, fraction of the first ask; ``None`` without one.
        surplus_share: the buyer's share of the bargaining surplus; ``None`` without a deal.
        goodwill: what the relationship is worth afterwards; ``None`` without a deal.
    """

    player: str
    outcome: str
    value: float
    rounds: int
    deals: int
    price: float | None
    surplus_share: float | None
    goodwill: float | None

    @classmethod
    def of(cls, negotiation: Negotiation, player: str) -> "Result":
        """Return the result of finished talks."""
        return cls._from(player, sum(negotiation.rewards), negotiation.batch)

    @classmethod
    def _from(cls, player: str, value: float, batch: NegotiationBatch) -> "Result":
        reported = {name: values[0].item() for name, values in batch.outcomes().items()}
        deal = reported["outcome"] == Outcome.DEAL.name.lower()
        price, share, goodwill = (reported[name] if deal else None for name in ("price", "surplus_share", "goodwill"))
        return cls(
            printable(player), reported["outcome"], value, reported["rounds"], reported["deals"], price, share, goodwill
        )

    @classmethod
    def by(cls, policy: Policy, setting: Setting) -> "Result":
        """Let a policy meet the supplier, with the same random numbers."""
        batch = NegotiationBatch(1, setting.scenario, setting.split)
        episodes = evaluate(policy, batch, setting.seed)
        return cls._from(policy.name, float(episodes.returns[0]), batch)


def usual_references(setting: Setting) -> tuple[str, ...]:
    """Return the names of the policies that every result is set beside: the scripted ones, and the planners."""
    batch = NegotiationBatch(1, setting.scenario, setting.split)
    return (*default_policies(batch), *REFERENCES)


class References:
    """The policies that a result is set beside.

    Attributes:
        policies: all of them.
    """

    def __init__(self, setting: Setting, names: Iterable[str], any_scenario: bool = False) -> None:
        """Load the policies, so that a mistake in a name is told before a game is played.

        Args:
            setting: the supplier.
            names: see `agents.registry.load_policy`; one that is named twice plays once.
            any_scenario: accept learnt policies that were trained on another scenario.

        Raises:
            NegoenvError: if a policy is unknown or was trained on another game.
        """
        batch = NegotiationBatch(1, setting.scenario, setting.split)
        self.policies = [load_policy(name) for name in dict.fromkeys(names)]
        for policy in self.policies:
            require_fit(policy, batch, any_scenario)
        self._setting = setting

    def results(self, progress: Callable[[str], None] = lambda name: None) -> Iterator[Result]:
        """Yield what each policy gets; ``progress`` is called with its name before it plays."""
        for policy in self.policies:
            progress(printable(policy.name))
            yield Result.by(policy, self._setting)
