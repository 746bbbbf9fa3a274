"""What the golden negotiations show: for each a plan of the buyer, and what must have come of it.

A situation holds no seed: ``python -m tests.regenerate_golden`` looks for the first one in which the plan leads there,
so the set keeps its meaning when numbers of the model change.
"""

from collections.abc import Callable
from dataclasses import dataclass

from negoenv.game.effects import Family
from negoenv.game.state import Outcome
from negoenv.game.supplier_tactics import SupplierTactic
from negoenv.game.tactics import FAMILY_OF, Move
from tests import golden_plans
from tests.golden_plans import ObservedNegotiation, Plan


@dataclass(frozen=True)
class Situation:
    """One golden negotiation.

    Attributes:
        title: what it shows.
        plan: the buyer's moves, one after the other; after the last it holds.
        shown: whether that is what happened.
        name: of the scenario.
        split: population of suppliers.
    """

    title: str
    plan: Callable[[ObservedNegotiation], Plan]
    shown: Callable[[ObservedNegotiation], bool]
    name: str = "Procurement"
    split: str = "train"


def _ended(talks: ObservedNegotiation, outcome: Outcome) -> bool:
    return talks.now.outcome is outcome


def _deal_share(talks: ObservedNegotiation) -> float:
    """Return the buyer's share of the surplus; 0 without a deal."""
    return talks.now.deal.surplus_share if talks.now.deal else 0.0


def _ends_with(talks: ObservedNegotiation, move: Move) -> bool:
    return talks.now.move is move


def _cheaper_after_anger(talks: ObservedNegotiation) -> bool:
    angry = [
        number for number, event in enumerate(talks.events) if event.move and FAMILY_OF[event.move] is Family.EMOTION
    ]
    if len(angry) < 3:
        return False
    before, after = talks.events[angry[0] - 1], talks.events[angry[-1]]
    return before.weakness_known and before.ask - after.ask > 0.03 and _deal_share(talks) > 0.2


def _exchanged(talks: ObservedNegotiation) -> int:
    """Return how many exchanges were taken: both sides moved."""
    events = talks.events
    return sum(events[n].offer > events[n - 1].offer for n in talks.played(Move.EXCHANGE))


def _called_back(talks: ObservedNegotiation) -> bool:
    """The buyer's word is worth as much as before, and the supplier asks clearly less."""
    for number in talks.played(Move.WALK_OUT):
        before, after = talks.events[number - 1], talks.events[number]
        kept = talks.credibility[number] == talks.credibility[number - 1]
        if kept and before.ask - after.ask > 0.02 and after.outcome is Outcome.OPEN:
            return _ended(talks, Outcome.DEAL)
    return False


SITUATIONS = {
    "patience": Situation(
        "Patience: pressure in steps, with a retreat after each, wins a good deal and keeps the goodwill.",
        golden_plans.patience,
        lambda t: _deal_share(t) > 0.3 and t.now.round >= 7 and t.now.deal.goodwill > 0.5,
    ),
    "burst": Situation(
        "A burst: the same kind of pressure all at once, and the supplier leaves.",
        golden_plans.burst,
        lambda t: _ended(t, Outcome.BREAKDOWN) and 4 <= t.now.round <= 6 and (t.events[-2].strain or 0.0) > 0.7,
    ),
    "bluff": Situation(
        "A bluff is found out: the buyer's word is worth little afterwards.",
        golden_plans.bluff,
        lambda t: t.now.bluffs == 1 and _ended(t, Outcome.WALKED_AWAY) and t.credibility[-1] < 0.6,
    ),
    "ultimatum_taken": Situation(
        "An ultimatum in a stalemate is taken.",
        golden_plans.ultimatum,
        lambda t: _ended(t, Outcome.DEAL) and _ends_with(t, Move.ULTIMATUM),
    ),
    "ultimatum_refused": Situation(
        "An ultimatum is refused, and the buyer does what it said.",
        golden_plans.ultimatum,
        lambda t: _ended(t, Outcome.WALKED_AWAY) and t.events[-2].called,
    ),
    "leader": Situation(
        "The top leader speaks once; what others cannot say twice, it cannot either.",
        golden_plans.leader,
        lambda t: _ended(t, Outcome.WALKED_AWAY) and t.events[-4].called and not t.events[-3].legal,
        split="test",
    ),
    "rival": Situation(
        "A rival's quote is a real outside option: walking away is worth something.",
        golden_plans.rival,
        lambda t: _ended(t, Outcome.WALKED_AWAY) and t.rewards[-1] > 0.1,
    ),
    "weakness": Situation(
        "Information first: a weakness is found, and only then anger lowers the ask.",
        golden_plans.weakness,
        _cheaper_after_anger,
    ),
    "called_back": Situation(
        "The buyer walks out, and the supplier calls it back with a lower ask.",
        golden_plans.walk_out,
        _called_back,
    ),
    "exchange": Situation(
        "If you come down, I come up: one exchange is refused, others are taken, and there is a deal.",
        golden_plans.exchange,
        lambda t: _ended(t, Outcome.DEAL) and _exchanged(t) >= 2 and len(t.played(Move.EXCHANGE)) > _exchanged(t),
    ),
    "silence": Situation(
        "Silence does not win: who opens and then waits loses the supplier.",
        golden_plans.waiting,
        lambda t: _ended(t, Outcome.BREAKDOWN) and t.now.round >= 6,
    ),
    "deadline": Situation(
        "Waiting alone moves nobody: time runs out.",
        golden_plans.waiting,
        lambda t: _ended(t, Outcome.DEADLINE),
    ),
    "illegal": Situation(
        "Moves that are not legal count as HOLD.",
        golden_plans.out_of_order,
        lambda t: _ended(t, Outcome.WALKED_AWAY) and sum(not event.legal for event in t.events) >= 4,
    ),
    "accept": Situation(
        "The buyer concedes and takes the ask as soon as that beats leaving.",
        golden_plans.accept,
        lambda t: _ended(t, Outcome.DEAL) and _ends_with(t, Move.ACCEPT) and t.now.round >= 4 and _deal_share(t) > 0.0,
    ),
    "no_opening": Situation(
        "No opening: the talks begin without an anchor, and the first offer is made at the benchmark.",
        golden_plans.no_opening,
        lambda t: _ended(t, Outcome.DEAL) and t.events[3].offer == 0.0 and t.events[4].offer > t.now.benchmark,
    ),
    "argued": Situation(
        "Argument and offer at once: the budget is named with each offer, and a last word closes.",
        golden_plans.argued,
        lambda t: _ended(t, Outcome.DEAL) and t.now.move is Move["ULTIMATUM+CONCEDE_SMALL"],
    ),
    "supplier_bluff": Situation(
        "The supplier bluffs, the buyer asks, and the bluff is over.",
        golden_plans.asked,
        lambda t: _ended(t, Outcome.DEAL) and any(e.tactic_result < 0 and e.move is Move.PROBE for e in t.events),
    ),
    "warning": Situation(
        "A strained supplier threatens to leave; a concession averts it, and there is a deal.",
        golden_plans.warned,
        lambda t: _ended(t, Outcome.DEAL) and any(e.said is SupplierTactic.THREAT_TO_LEAVE for e in t.events),
    ),
    "marketplace": Situation(
        "A seller of the human-fitted marketplace answers shrinking concessions.",
        golden_plans.shrinking,
        lambda t: _ended(t, Outcome.DEAL) and t.now.round == 4,
        name="Marketplace",
        split="test",
    ),
}
