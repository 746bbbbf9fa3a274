"""What a step looks like from the buyer's side: the record that every view is drawn from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.game import observation
from negoenv.game.effects import PRESSING, TOPICS, Family
from negoenv.game.legal_moves import move_of
from negoenv.game.state import Outcome
from negoenv.game.supplier_tactics import SupplierTactic
from negoenv.game.tactics import AnyMove, Move


@dataclass(frozen=True)
class Deal:
    """What a deal turned out to be worth; the buyer learns all of it when the episode is over.

    Attributes:
        price: fraction of the first ask.
        goodwill: what the relationship is worth now, 0 to 1.
        surplus_share: the buyer's share of the bargaining surplus; ``None`` while the episode goes on.
        under_delivery_probability: probability that the supplier delivers less than agreed; ``None`` while the episode
            goes on, since then it is seen what it delivers.
    """

    price: float
    goodwill: float
    surplus_share: float | None = None
    under_delivery_probability: float | None = None


@dataclass(frozen=True)
class Event:
    """The start of the talks about a deal, or one step: what the buyer sees, and how it ended.

    Prices are fractions of the first ask. What the scenario hides reads 0, as in the observation; a cue that is not
    there to see is ``None``: one that the scenario hides, and any at the start and once the buyer has closed.

    Attributes:
        number: which deal of the episode the talks are about, from 1.
        deals_left: deals that may follow this one.
        under_delivered: whether the supplier delivered less than agreed after the last deal.
        round: moves made so far for this deal.
        deadline: round at which the talks about it end.
        wanted: the move that the buyer chose; ``None`` at the start, or if there is no such move.
        move: the move that counted, HOLD for one that was not legal; ``None`` at the start.
        limit: what the buyer's outside option is worth.
        budget: the most the buyer may pay.
        benchmark: market price that the buyer knows.
        offer: the buyer's standing offer; 0 before there is one.
        ask: the supplier's standing ask.
        reaction: how the supplier seemed to take the move, -3 to 3.
        strain: how strained the supplier seemed, -1 to 3, where calm is about 0; it is about to leave at 1.
        weakness_known: whether the buyer knows a mistake or weakness of the supplier.
        cost_estimate: the buyer's estimate of the reservation price; 0 before it has one.
        quote: best quote from a rival; 0 while there is none.
        probes: times the buyer asked for costs.
        bluffs: bluffs of the buyer that were found out.
        called: whether an ultimatum was refused, and nothing has followed yet.
        stalemate: rounds without movement of either side.
        goodwill: what the relationship is worth at the start of this deal, 0 to 1.
        wear: how worn the means of each family in `PRESSING` are, 0 to 1.
        need_date: round after which each costs the buyer the cost of delay.
        delay_cost: that cost, reward a round.
        said: the tactic that the supplier used in its answer.
        topic: the family that its answer spoke of; ``None`` for nothing.
        open_tactic: the last one of which something was to follow.
        tactic_due: rounds until that comes due; 0 if nothing does.
        tactic_result: 1 if it turned out true in this round, -1 if it turned out a bluff, else 0.
        outcome: how the talks about this deal stand or ended.
        reward_terms: components of this step's reward, by name.
        deal: the deal, if there is one.
        terms: the terms besides the price that are on the table, in words; empty where there is nothing but the price.
        refused: whether the supplier refused the terms that the move asked for.
        priorities: the issues by how much they matter to the supplier, it says; empty before it was asked.
    """

    number: int
    deals_left: int
    under_delivered: bool
    round: int
    deadline: int
    wanted: AnyMove | None
    move: AnyMove | None
    limit: float
    budget: float
    benchmark: float
    offer: float
    ask: float
    reaction: float | None
    strain: float | None
    weakness_known: bool
    cost_estimate: float
    quote: float
    probes: int
    bluffs: int
    called: bool
    stalemate: int
    goodwill: float
    wear: Mapping[Family, float]
    need_date: int
    delay_cost: float
    said: SupplierTactic
    topic: Family | None
    open_tactic: SupplierTactic
    tactic_due: int
    tactic_result: int
    outcome: Outcome
    reward_terms: Mapping[str, float]
    deal: Deal | None
    terms: str = ""
    refused: bool = False
    priorities: tuple[str, ...] = ()

    @property
    def legal(self) -> bool:
        """Whether the move that the buyer chose is the one that counted."""
        return self.wanted is self.move

    @property
    def open_after(self) -> SupplierTactic:
        """The last tactic of the supplier of which something was to follow, after this step."""
        return self.said if self.said.effects.rounds else self.open_tactic

    @property
    def pressing(self) -> bool:
        """Whether the move that counted puts pressure on the supplier, so that ``reaction`` tells how that works."""
        return self.move is not None and self.move.tactic.effects.family in PRESSING


def current_talks(events: Sequence[Event]) -> Sequence[Event]:
    """Return the events of the talks about the last deal, from their start."""
    starts = [place for place, event in enumerate(events) if event.move is None]
    return events[starts[-1] :] if starts else events


class Recorder:
    """Keeps the events of one row of a batch, from the start of its episode.

    Attributes:
        events: the events so far; the first is the start of the talks. A step that closes a deal after which the next
            one is talked about gives two: how it closed, and the start of the next talks.
    """

    def __init__(self, row: int = 0) -> None:
        self.events: list[Event] = []
        self._row = row

    def begin(self, batch: NegotiationBatch) -> None:
        """Forget the last episode and note the start of this one; call it after ``batch.reset``."""
        self.events = [self._see(batch, None, None)]

    def step(self, batch: NegotiationBatch, action: int) -> None:
        """Note one step; call it after ``batch.step``.

        Args:
            batch: the batch that made the step.
            action: what was asked of it, legal or not; see `negoenv.game.legal_moves.move_of`.
        """
        wanted = move_of(action, batch.move_table)
        now = self._see(batch, wanted, batch.move_table[int(batch.state["last_move"][self._row])])
        if now.number > self.events[-1].number and now.outcome is Outcome.OPEN:
            self.events += _closing_and_start(self.events[-1], now, float(batch.seen("price")[self._row]))
        else:
            self.events.append(now)

    def _see(self, batch: NegotiationBatch, wanted: AnyMove | None, move: AnyMove | None) -> Event:
        """Return what there is to see now."""
        row = self._row
        outcome = Outcome(int(batch.state["outcome"][row]))
        cues_shown = move is not None and move.tactic.effects.family is not Family.CLOSE

        def seen(name: str) -> float:
            return float(batch.seen(name)[row] * batch.visible[observation.INDEX[name]])

        def cue(name: str) -> float | None:
            return seen(name) if cues_shown and batch.visible[observation.INDEX[name]] else None

        closed = int(batch.state["deals"][row])
        said = SupplierTactic(int(batch.state["supplier_tactic"][row]))
        if said and not batch.visible[observation.INDEX[f"said_{said.name.lower()}"]]:
            said = SupplierTactic.NONE
        spoken = int(batch.state["topic"][row])
        topic = TOPICS[spoken - 1] if spoken and cues_shown else None
        if topic is not None and not batch.visible[observation.INDEX[f"topic_{topic.name.lower()}"]]:
            topic = None
        return Event(
            number=closed if outcome is Outcome.DEAL else closed + 1,
            deals_left=int(seen("deals_left")),
            under_delivered=bool(seen("under_delivered")),
            round=int(batch.state["round"][row]),
            deadline=int(batch.state["deadline"][row]),
            wanted=wanted,
            move=move,
            limit=seen("limit"),
            budget=seen("budget"),
            benchmark=seen("benchmark"),
            offer=seen("offer"),
            ask=seen("ask"),
            reaction=cue("reaction"),
            strain=cue("strain"),
            weakness_known=bool(seen("weakness_known")),
            cost_estimate=seen("cost_estimate"),
            quote=seen("quote"),
            probes=int(seen("probes")),
            bluffs=int(seen("bluffs")),
            called=bool(seen("called")),
            stalemate=int(seen("stalemate")),
            goodwill=seen("goodwill"),
            need_date=int(batch.state["need_date"][row]),
            delay_cost=seen("delay_cost"),
            said=said,
            topic=topic,
            open_tactic=self.events[-1].open_after if self.events and move is not None else SupplierTactic.NONE,
            tactic_due=int(seen("tactic_due")),
            tactic_result=int(seen("tactic_result")),
            wear={family: seen(f"wear_{family.name.lower()}") for family in PRESSING},
            outcome=outcome,
            reward_terms=dict(zip(batch.reward_names, batch.reward_terms[row].tolist(), strict=True)),
            deal=_deal(batch, row) if outcome is Outcome.DEAL else None,
            terms=batch.told_terms(row),
            refused=bool(batch.told_terms(row)) and batch.refused(row),
            priorities=batch.told_priorities(row),
        )


def _closing_and_start(before: Event, now: Event, price: float) -> tuple[Event, Event]:
    """Return how a deal closed and how the talks about the next one start, of one step that did both."""
    closing = replace(
        before,
        round=before.round + 1,
        wanted=now.wanted,
        move=now.move,
        offer=before.offer if now.move is Move.ACCEPT else price,
        reaction=None,
        strain=None,
        topic=None,
        outcome=Outcome.DEAL,
        reward_terms=now.reward_terms,
        deal=Deal(price, now.goodwill),
    )
    nothing = dict.fromkeys(now.reward_terms, 0.0)
    return closing, replace(now, wanted=None, move=None, reaction=None, strain=None, topic=None, reward_terms=nothing)


def _deal(batch: NegotiationBatch, row: int) -> Deal:
    """Return what the deal in ``row`` turned out to be worth."""
    outcomes = batch.outcomes()
    return Deal(**{field.name: float(outcomes[field.name][row]) for field in fields(Deal)})
