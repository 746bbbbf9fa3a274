"""How the buyer plays the golden negotiations: each plan is a generator of moves that sees what came of the last."""

from collections.abc import Iterator
from typing import Any

from negoenv import NegotiationEnv
from negoenv.game.tactics import Move
from negoenv.viewer import Event, RecordedNegotiation


class ObservedNegotiation(RecordedNegotiation):
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


def patience(talks: ObservedNegotiation) -> Plan:
    """Pressure by turns, a retreat after each, a small concession now and then."""
    yield Move.OPEN_MODERATE
    while True:
        for means in (Move.REVEAL_BUDGET, Move.INVITE_RIVALS, Move.CONCEDE_SMALL):
            yield from (means, Move.HOLD) if means in talks.legal else (Move.HOLD,)


def burst(talks: ObservedNegotiation) -> Plan:
    yield from (Move.OPEN_LOW, Move.CITE_COMPETITORS, Move.CLAIM_NEW_PROCESS, Move.DENY_SCARCITY, Move.FURY, Move.FURY)


def bluff(talks: ObservedNegotiation) -> Plan:
    """Claim until a claim is found out, then see what the word is still worth, and leave."""
    yield Move.OPEN_MODERATE
    while not talks.now.bluffs:
        yield Move.CITE_COMPETITORS
        yield Move.CLAIM_NEW_PROCESS
    yield from (Move.CITE_COMPETITORS, Move.HOLD, Move.WALK_AWAY)


def ultimatum(talks: ObservedNegotiation) -> Plan:
    """Come near, wait for a stalemate, say the last word, and leave if it is refused."""
    yield from (Move.OPEN_FAIR, Move.CONCEDE_SMALL)
    while talks.now.stalemate < 2:
        yield Move.HOLD
    yield from (Move.ULTIMATUM, Move.WALK_AWAY)


def leader(talks: ObservedNegotiation) -> Plan:
    yield from (Move.OPEN_MODERATE, Move.CITE_COMPETITORS)
    while talks.now.stalemate < 2:
        yield Move.HOLD
    yield Move.LEADER_ULTIMATUM
    yield from (Move.LEADER_ULTIMATUM, Move.INVITE_RIVALS, Move.WALK_AWAY)


def rival(talks: ObservedNegotiation) -> Plan:
    yield Move.OPEN_LOW
    while not talks.now.quote:
        yield Move.INVITE_RIVALS
    yield from (Move.CITE_COMPETITORS, Move.WALK_AWAY)


def weakness(talks: ObservedNegotiation) -> Plan:
    """Look for it first, be angry only then, and settle."""
    yield Move.OPEN_MODERATE
    while not talks.now.weakness_known:
        yield Move.PROBE
    for anger in (Move.RAISE_VOICE, Move.SILENT_THREAT, Move.RAISE_VOICE):
        yield from (anger, Move.HOLD)
    while talks.now.ask > 0.9 * talks.now.limit:
        yield Move.HOLD
    yield Move.ACCEPT


def walk_out(talks: ObservedNegotiation) -> Plan:
    yield from (Move.OPEN_FAIR, Move.INVITE_RIVALS, Move.WALK_OUT, Move.HOLD, Move.CONCEDE_MODERATE, Move.CONCEDE_LARGE)


def waiting(talks: ObservedNegotiation) -> Plan:
    yield Move.OPEN_LOW


def out_of_order(talks: ObservedNegotiation) -> Plan:
    """What is not legal counts as HOLD: no offer stands, no budget reaches the ask, the opening is past."""
    yield from (Move.ULTIMATUM, Move.ACCEPT, Move.OPEN_FAIR, Move.LEADER_ULTIMATUM, Move.CONCEDE_SMALL, Move.OPEN_LOW)
    yield Move.WALK_AWAY


def accept(talks: ObservedNegotiation) -> Plan:
    """Concede and take the first ask that is better than leaving."""
    yield Move.OPEN_FAIR
    while talks.now.ask > talks.now.limit:
        yield Move.CONCEDE_SMALL if Move.CONCEDE_SMALL in talks.legal else Move.HOLD
    yield Move.ACCEPT


def no_opening(talks: ObservedNegotiation) -> Plan:
    """Without an opening there is no anchor: the first offer starts at the benchmark."""
    yield from (Move.PROBE, Move.DENY_SCARCITY, Move.HOLD)
    while True:
        yield Move.CONCEDE_MODERATE if Move.CONCEDE_MODERATE in talks.legal else Move.HOLD


def exchange(talks: ObservedNegotiation) -> Plan:
    """Move step for step, as long as the supplier agrees."""
    yield Move.OPEN_MODERATE
    while True:
        yield Move.EXCHANGE if Move.EXCHANGE in talks.legal else Move.HOLD


def shrinking(talks: ObservedNegotiation) -> Plan:
    yield from (Move.OPEN_MODERATE, Move.CONCEDE_LARGE, Move.CONCEDE_MODERATE, Move.CONCEDE_SMALL)


def argued(talks: ObservedNegotiation) -> Plan:
    """Say and offer at once: the budget with each step, as long as it is credible; then the last word with a step."""
    yield Move.OPEN_MODERATE
    for both in ("REVEAL_BUDGET+OFFER_90", "REVEAL_BUDGET+OFFER_100", "ULTIMATUM+CONCEDE_SMALL"):
        yield from (Move[both], Move.HOLD)


def asked(talks: ObservedNegotiation) -> Plan:
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


def warned(talks: ObservedNegotiation) -> Plan:
    """Press until the supplier threatens to leave; then give."""
    yield Move.OPEN_MODERATE
    while not talks.now.tactic_due:
        yield Move.RAISE_VOICE
    yield Move.CONCEDE_MODERATE
    while True:
        yield Move.CONCEDE_SMALL if Move.CONCEDE_SMALL in talks.legal else Move.HOLD
