"""What the golden negotiations show: for each a plan of the buyer, and what must have come of it.

A situation holds no seed: ``python -m tests.regenerate_golden`` looks for the first one in which the plan leads there,
so the set keeps its meaning when numbers of the model change.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from negoenv import NegotiationEnv
from negoenv.game.effects import Family
from negoenv.game.state import Outcome
from negoenv.game.supplier_tactics import SupplierTactic
from negoenv.game.tactics import FAMILY_OF, Move
from negoenv.viewer import Event, RecordedNegotiation


class Talks(RecordedNegotiation):
    """One negotiation as it goes on.

    Attributes:
        credibility: the buyer's hidden credibility, at the start and after each move.
        observations: what was returned, at the start and after each move.
    """

    def __init__(self, env: NegotiationEnv, seed: int) -> None:
        super().__init__(env.batch, seed)
        self.observations: list[Any] = []
        self.credibility: list[float] = []
        self._note()

    def play(self, action: int) -> None:
        super().play(action)
        self._note()

    def _note(self) -> None:
        self.observations.append(self.batch.observations[0].copy())
        self.credibility.append(float(self.batch.state["credibility"][0]))

    @property
    def now(self) -> Event:
        return self.events[-1]

    def played(self, *moves: Move) -> list[int]:
        """Return the numbers of the rounds in which one of ``moves`` counted; the first is 1."""
        return [number for number, event in enumerate(self.events) if event.move in moves]


Plan = Iterator[Move]


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
    plan: Callable[[Talks], Plan]
    shown: Callable[[Talks], bool]
    name: str = "Procurement"
    split: str = "train"


def patience(talks: Talks) -> Plan:
    """Pressure by turns, a retreat after each, a small concession now and then."""
    yield Move.OPEN_MODERATE
    while True:
        for means in (Move.REVEAL_BUDGET, Move.INVITE_RIVALS, Move.CONCEDE_SMALL):
            yield from (means, Move.HOLD) if means in talks.legal else (Move.HOLD,)


def burst(talks: Talks) -> Plan:
    yield from (Move.OPEN_LOW, Move.CITE_COMPETITORS, Move.CLAIM_NEW_PROCESS, Move.DENY_SCARCITY, Move.FURY, Move.FURY)


def bluff(talks: Talks) -> Plan:
    """Claim until a claim is found out, then see what the word is still worth, and leave."""
    yield Move.OPEN_MODERATE
    while not talks.now.bluffs:
        yield Move.CITE_COMPETITORS
        yield Move.CLAIM_NEW_PROCESS
    yield from (Move.CITE_COMPETITORS, Move.HOLD, Move.WALK_AWAY)


def ultimatum(talks: Talks) -> Plan:
    """Come near, wait for a stalemate, say the last word, and leave if it is refused."""
    yield from (Move.OPEN_FAIR, Move.CONCEDE_SMALL)
    while talks.now.stalemate < 2:
        yield Move.HOLD
    yield from (Move.ULTIMATUM, Move.WALK_AWAY)


def leader(talks: Talks) -> Plan:
    yield from (Move.OPEN_MODERATE, Move.CITE_COMPETITORS)
    while talks.now.stalemate < 2:
        yield Move.HOLD
    yield Move.LEADER_ULTIMATUM
    yield from (Move.LEADER_ULTIMATUM, Move.INVITE_RIVALS, Move.WALK_AWAY)


def rival(talks: Talks) -> Plan:
    yield Move.OPEN_LOW
    while not talks.now.quote:
        yield Move.INVITE_RIVALS
    yield from (Move.CITE_COMPETITORS, Move.WALK_AWAY)


def weakness(talks: Talks) -> Plan:
    """Look for it first, be angry only then, and settle."""
    yield Move.OPEN_MODERATE
    while not talks.now.weakness_known:
        yield Move.PROBE
    for anger in (Move.RAISE_VOICE, Move.SILENT_THREAT, Move.RAISE_VOICE):
        yield from (anger, Move.HOLD)
    while talks.now.ask > 0.9 * talks.now.limit:
        yield Move.HOLD
    yield Move.ACCEPT


def walk_out(talks: Talks) -> Plan:
    yield from (Move.OPEN_FAIR, Move.INVITE_RIVALS, Move.WALK_OUT, Move.HOLD, Move.CONCEDE_MODERATE, Move.CONCEDE_LARGE)


def waiting(talks: Talks) -> Plan:
    yield Move.OPEN_LOW


def out_of_order(talks: Talks) -> Plan:
    """What is not legal counts as HOLD: no offer stands, no budget reaches the ask, the opening is past."""
    yield from (Move.ULTIMATUM, Move.ACCEPT, Move.OPEN_FAIR, Move.LEADER_ULTIMATUM, Move.CONCEDE_SMALL, Move.OPEN_LOW)
    yield Move.WALK_AWAY


def accept(talks: Talks) -> Plan:
    """Concede and take the first ask that is better than leaving."""
    yield Move.OPEN_FAIR
    while talks.now.ask > talks.now.limit:
        yield Move.CONCEDE_SMALL if Move.CONCEDE_SMALL in talks.legal else Move.HOLD
    yield Move.ACCEPT


def no_opening(talks: Talks) -> Plan:
    """Without an opening there is no anchor: the first offer starts at the benchmark."""
    yield from (Move.PROBE, Move.DENY_SCARCITY, Move.HOLD)
    while True:
        yield Move.CONCEDE_MODERATE if Move.CONCEDE_MODERATE in talks.legal else Move.HOLD


def exchange(talks: Talks) -> Plan:
    """Move step for step, as long as the supplier agrees."""
    yield Move.OPEN_MODERATE
    while True:
        yield Move.EXCHANGE if Move.EXCHANGE in talks.legal else Move.HOLD


def shrinking(talks: Talks) -> Plan:
    yield from (Move.OPEN_MODERATE, Move.CONCEDE_LARGE, Move.CONCEDE_MODERATE, Move.CONCEDE_SMALL)


def argued(talks: Talks) -> Plan:
    """Say and offer at once: the budget with each step, as long as it is credible; then the last word with a step."""
    yield Move.OPEN_MODERATE
    for both in ("REVEAL_BUDGET+OFFER_90", "REVEAL_BUDGET+OFFER_100", "ULTIMATUM+CONCEDE_SMALL"):
        yield from (Move[both], Move.HOLD)


def asked(talks: Talks) -> Plan:
    """Ask about what the supplier says, and give where it means it."""
    yield from (Move.OPEN_MODERATE, Move.REVEAL_BUDGET)
    while True:
        yield (
            Move.PROBE
            if talks.now.tactic_due
            else Move.CONCEDE_SMALL
            if Move.CONCEDE_SMALL in talks.legal
            else Move.HOLD
        )


def warned(talks: Talks) -> Plan:
    """Press until the supplier threatens to leave; then give."""
    yield Move.OPEN_MODERATE
    while not talks.now.tactic_due:
        yield Move.RAISE_VOICE
    yield Move.CONCEDE_MODERATE
    while True:
        yield Move.CONCEDE_SMALL if Move.CONCEDE_SMALL in talks.legal else Move.HOLD


def _ended(talks: Talks, outcome: Outcome) -> bool:
    return talks.now.outcome is outcome


def _deal_share(talks: Talks) -> float:
    """Return the buyer's share of the surplus; 0 without a deal."""
    return talks.now.deal.surplus_share if talks.now.deal else 0.0


def _ends_with(talks: Talks, move: Move) -> bool:
    return talks.now.move is move


def _cheaper_after_anger(talks: Talks) -> bool:
    angry = [
        number for number, event in enumerate(talks.events) if event.move and FAMILY_OF[event.move] is Family.EMOTION
    ]
    if len(angry) < 3:
        return False
    before, after = talks.events[angry[0] - 1], talks.events[angry[-1]]
    return before.weakness_known and before.ask - after.ask > 0.03 and _deal_share(talks) > 0.2


def _exchanged(talks: Talks) -> int:
    """Return how many exchanges were taken: both sides moved."""
    events = talks.events
    return sum(events[n].offer > events[n - 1].offer for n in talks.played(Move.EXCHANGE))


def _called_back(talks: Talks) -> bool:
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
        patience,
        lambda t: _deal_share(t) > 0.3 and t.now.round >= 7 and t.now.deal.goodwill > 0.5,
    ),
    "burst": Situation(
        "A burst: the same kind of pressure all at once, and the supplier leaves.",
        burst,
        lambda t: _ended(t, Outcome.BREAKDOWN) and 4 <= t.now.round <= 6 and (t.events[-2].strain or 0.0) > 0.7,
    ),
    "bluff": Situation(
        "A bluff is found out: the buyer's word is worth little afterwards.",
        bluff,
        lambda t: t.now.bluffs == 1 and _ended(t, Outcome.WALKED_AWAY) and t.credibility[-1] < 0.6,
    ),
    "ultimatum_taken": Situation(
        "An ultimatum in a stalemate is taken.",
        ultimatum,
        lambda t: _ended(t, Outcome.DEAL) and _ends_with(t, Move.ULTIMATUM),
    ),
    "ultimatum_refused": Situation(
        "An ultimatum is refused, and the buyer does what it said.",
        ultimatum,
        lambda t: _ended(t, Outcome.WALKED_AWAY) and t.events[-2].called,
    ),
    "leader": Situation(
        "The top leader speaks once; what others cannot say twice, it cannot either.",
        leader,
        lambda t: _ended(t, Outcome.WALKED_AWAY) and t.events[-4].called and not t.events[-3].legal,
        split="test",
    ),
    "rival": Situation(
        "A rival's quote is a real outside option: walking away is worth something.",
        rival,
        lambda t: _ended(t, Outcome.WALKED_AWAY) and t.rewards[-1] > 0.1,
    ),
    "weakness": Situation(
        "Information first: a weakness is found, and only then anger lowers the ask.",
        weakness,
        _cheaper_after_anger,
    ),
    "called_back": Situation(
        "The buyer walks out, and the supplier calls it back with a lower ask.",
        walk_out,
        _called_back,
    ),
    "exchange": Situation(
        "If you come down, I come up: one exchange is refused, others are taken, and there is a deal.",
        exchange,
        lambda t: _ended(t, Outcome.DEAL) and _exchanged(t) >= 2 and len(t.played(Move.EXCHANGE)) > _exchanged(t),
    ),
    "silence": Situation(
        "Silence does not win: who opens and then waits loses the supplier.",
        waiting,
        lambda t: _ended(t, Outcome.BREAKDOWN) and t.now.round >= 6,
    ),
    "deadline": Situation(
        "Waiting alone moves nobody: time runs out.",
        waiting,
        lambda t: _ended(t, Outcome.DEADLINE),
    ),
    "illegal": Situation(
        "Moves that are not legal count as HOLD.",
        out_of_order,
        lambda t: _ended(t, Outcome.WALKED_AWAY) and sum(not event.legal for event in t.events) >= 4,
    ),
    "accept": Situation(
        "The buyer concedes and takes the ask as soon as that beats leaving.",
        accept,
        lambda t: _ended(t, Outcome.DEAL) and _ends_with(t, Move.ACCEPT) and t.now.round >= 4 and _deal_share(t) > 0.0,
    ),
    "no_opening": Situation(
        "No opening: the talks begin without an anchor, and the first offer is made at the benchmark.",
        no_opening,
        lambda t: _ended(t, Outcome.DEAL) and t.events[3].offer == 0.0 and t.events[4].offer > t.now.benchmark,
    ),
    "argued": Situation(
        "Argument and offer at once: the budget is named with each offer, and a last word closes.",
        argued,
        lambda t: _ended(t, Outcome.DEAL) and t.now.move is Move["ULTIMATUM+CONCEDE_SMALL"],
    ),
    "supplier_bluff": Situation(
        "The supplier bluffs, the buyer asks, and the bluff is over.",
        asked,
        lambda t: _ended(t, Outcome.DEAL) and any(e.tactic_result < 0 and e.move is Move.PROBE for e in t.events),
    ),
    "warning": Situation(
        "A strained supplier threatens to leave; a concession averts it, and there is a deal.",
        warned,
        lambda t: _ended(t, Outcome.DEAL) and any(e.said is SupplierTactic.THREAT_TO_LEAVE for e in t.events),
    ),
    "marketplace": Situation(
        "A seller of the human-fitted marketplace answers shrinking concessions.",
        shrinking,
        lambda t: _ended(t, Outcome.DEAL) and t.now.round == 4,
        name="Marketplace",
        split="test",
    ),
}
