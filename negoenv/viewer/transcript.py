"""The negotiation as a text for people, with prices in currency, not as fractions of the first ask."""

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from negoenv.game.effects import Family
from negoenv.game.state import Outcome
from negoenv.game.tactics import AnyMove
from negoenv.viewer import phrases
from negoenv.viewer.events import Event

FIRST_ASK = 100_000.0  # what the supplier asks first, in currency
CURRENCY = "EUR"


@dataclass(frozen=True)
class Money:
    """Writes prices in currency.

    Attributes:
        first_ask: what the supplier asks first, in currency.
        currency: its name.
    """

    first_ask: float = FIRST_ASK
    currency: str = CURRENCY

    def number(self, price: float) -> str:
        """Return a price, a fraction of the first ask, as a number; small sums have cents."""
        return f"{price * self.first_ask:,.{0 if self.first_ask >= 1000 else 2}f}"

    def __call__(self, price: float) -> str:
        """Return a price, a fraction of the first ask, in currency."""
        return f"{self.currency} {self.number(price)}"


WIDTH = 100  # characters a line

_STALEMATE_ROUNDS = 3  # a stalemate is worth a sentence whenever it has lasted so many more rounds
_NO_BREAK = "\u00a0"  # a space at which a line is not broken


def render_ansi(events: Sequence[Event], first_ask: float = FIRST_ASK, currency: str = CURRENCY) -> str:
    """Return the transcript so far, a paragraph a round, at most 100 characters wide; see `transcript_lines`."""
    lines = transcript_lines(events, first_ask, currency)
    return "\n".join(wrapped(line, WIDTH, currency, indent="    ") for line in lines)


def wrapped(line: str, width: int, currency: str = CURRENCY, indent: str = "") -> str:
    """Return a line broken between words, but not between a currency and its number.

    Args:
        line: words and prices.
        width: characters a line.
        currency: name of the currency.
        indent: what every line but the first begins with.
    """
    glued = line.replace(f"{currency} ", f"{currency}{_NO_BREAK}")
    return textwrap.fill(glued, width, subsequent_indent=indent).replace(_NO_BREAK, " ")


def transcript_lines(events: Sequence[Event], first_ask: float = FIRST_ASK, currency: str = CURRENCY) -> list[str]:
    """Return the transcript so far, as lines; see `transcript_steps`.

    Args:
        events: the events of one episode, from its start.
        first_ask: what the supplier asks first, in currency.
        currency: name of the currency.
    """
    return [line for line, _ in transcript_steps(events, Money(first_ask, currency))]


def transcript_steps(events: Sequence[Event], money: Money) -> Iterator[tuple[str, Event | None]]:
    """Yield the lines of the transcript, each with the step that it tells, or ``None``.

    A line for the start, one for each round and one for the result, of every deal; and one for the return.

    Args:
        events: the events of one episode, from its start.
        money: writes prices.
    """
    if not events:
        return
    uses: Counter[AnyMove | None] = Counter()
    yield _start(events[0], money), None
    for before, now in pairwise(events):
        if now.move is None:
            yield _result(before, before, money), None
            yield _start(now, money), None
        else:
            yield " ".join(_round(before, now, uses[now.move], money)), now
            uses[now.move] += 1
    if events[-1].outcome is not Outcome.OPEN:
        yield _result(events[-2], events[-1], money), None
        yield _return(events), None


def _start(event: Event, money: Money) -> str:
    """Return what the buyer knows before its first move."""
    deals = {"number": event.number, "most": event.number + event.deals_left}
    known = []
    if event.number > 1:
        known.append(phrases.AGAIN.format(**deals))
        known.append(phrases.UNDER_DELIVERED if event.under_delivered else phrases.DELIVERED)
    known.append(f"{'It' if known else 'The supplier'} asks {money(event.ask)}.")
    if event.benchmark:
        known.append(f"The market pays about {money(event.benchmark)}.")
    if event.limit:
        known.append(f"Above {money(event.limit)} you are better off elsewhere.")
    known.append(f"You have {_rounds(event.deadline - event.round)}.")
    if event.delay_cost > 0.0:
        known.append(phrases.NEED.format(rounds=_rounds(event.need_date), cost=f"{event.delay_cost:.3f}"))
    if event.terms:
        known.append(phrases.TERMS.format(terms=event.terms))
    if event.number == 1 and event.deals_left:
        known.append(phrases.AHEAD.format(**deals))
    return " ".join(known)


def _round(before: Event, now: Event, uses: int, money: Money) -> Iterator[str]:
    """Yield the sentences of one round, in which a move is played that was played ``uses`` times before."""
    assert now.move is not None
    values = {
        "offer": money(now.offer),
        "ask": money(now.ask),
        "quote": money(now.quote),
        "cost_estimate": money(now.cost_estimate),
        "stalemate": now.stalemate,
    }
    yield f"Round {now.round}{', the last' if now.round == now.deadline else ''}."
    if not now.legal:
        yield phrases.NOT_LEGAL.format(move=now.wanted.name) if now.wanted is not None else phrases.NO_SUCH_MOVE
    yield phrases.pick(now.move.tactic.phrases, uses).format(**values)
    if now.quote != before.quote:
        yield phrases.QUOTE.format(**values)
    if now.weakness_known and not before.weakness_known:
        yield phrases.WEAKNESS
    if now.probes > before.probes:
        yield phrases.COSTS.format(**values)
    if now.bluffs > before.bluffs:
        yield phrases.FOUND_OUT
    if now.refused:
        yield phrases.TERMS_REFUSED
    if now.priorities != before.priorities:
        yield phrases.PRIORITIES.format(issues=", ".join(now.priorities))
    if now.terms != before.terms:
        yield phrases.TERMS.format(terms=now.terms)
    if now.move.tactic.effects.family is Family.CLOSE:
        return
    if now.outcome in (Outcome.OPEN, Outcome.DEADLINE):
        asked = now.legal and now.move.tactic.effects.asked > 0.0
        if asked and now.offer != before.offer:
            yield phrases.EXCHANGED.format(**values)
        else:
            if asked:
                yield phrases.NOT_EXCHANGED
            yield _answer(before, now, money)
        yield from _consequences(before, now, values)
    elif now.outcome is Outcome.BREAKDOWN:
        yield from _supplier_tactics(before, now, values)
    if now.outcome in phrases.ENDINGS:
        yield phrases.ENDINGS[now.outcome].format(**values)


def _answer(before: Event, now: Event, money: Money) -> str:
    """Return how the supplier takes the move and what it asks now."""
    same = money(now.ask) == money(before.ask)
    moved = now.ask < before.ask and not same
    told = phrases.MOVED if moved else phrases.UNMOVED if same else phrases.RAISED
    reply = phrases.pick(told, now.round).format(ask=money(now.ask))
    cue, manners = (now.reaction, phrases.REACTIONS) if now.pressing else (now.strain, phrases.STRAINS)
    if cue is None:
        return f"The supplier {reply}."
    manner = manners[phrases.band(manners, cue)]
    return f"The supplier {phrases.pick(manner.verbs, now.round)} {'and' if manner.soft == moved else 'but'} {reply}."


def _consequences(before: Event, now: Event, values: dict[str, object]) -> Iterator[str]:
    """Yield what there is to notice after the answer."""
    if now.called and now.move is not None and now.move.tactic.effects.family is Family.ULTIMATUM:
        yield phrases.CALLED
    yield from _supplier_tactics(before, now, values)
    if now.topic is not None:
        yield phrases.pick(phrases.TOPICS[now.topic], now.round)
    if now.stalemate > before.stalemate and now.stalemate % _STALEMATE_ROUNDS == 0:
        yield phrases.STALEMATE.format(**values)
    if now.strain is not None and before.strain is not None:
        band = phrases.band(phrases.STRAINS, now.strain)
        if band != phrases.band(phrases.STRAINS, before.strain):
            yield phrases.STRAIN_CHANGES[band]


def _supplier_tactics(before: Event, now: Event, values: dict[str, object]) -> Iterator[str]:
    """Yield what became of what the supplier said before, and what it says now."""
    tactic = now.open_tactic.effects
    moved = now.ask != before.ask or tactic.due == 0.0  # who asks may learn that it was meant, and nothing comes of it
    over = moved and not now.tactic_due
    if now.tactic_result < 0:
        yield phrases.SUPPLIER_BLUFF
    elif now.tactic_result > 0 and not over:
        yield phrases.SUPPLIER_MEANS_IT
    if now.tactic_result and (now.tactic_result < 0) == (tactic.back < 0.0) and over and tactic.outcome:
        yield tactic.outcome.format(**values)
    if now.said:
        yield now.said.effects.phrase.format(**values)


def _result(before: Event, event: Event, money: Money) -> str:
    """Return how the talks about a deal ended, and what is known of what that is worth to both sides."""
    deal = event.deal
    terms = [phrases.AGREED.format(terms=event.terms)] if deal and event.terms else []
    sentences = [
        phrases.RESULTS[event.outcome].format(
            price=money(deal.price if deal else 0.0),
            rounds=_rounds(event.round),
            reason=phrases.REASON.format(quote=money(event.quote)) if 0.0 < event.quote < event.limit else "",
        )
    ]
    sentences += terms
    if deal:
        if deal.surplus_share is not None:
            sentences.append(f"Your share of the surplus is {deal.surplus_share:.0%}.")
        sentences.append(f"Goodwill stands at {deal.goodwill:.0%}.")
        if deal.under_delivery_probability is not None:
            risk = f"{deal.under_delivery_probability:.0%}"
            sentences.append(f"The supplier will under-deliver with a probability of {risk}.")
        if before.deals_left > event.deals_left:
            sentences.append(phrases.NO_NEXT_DEAL)
    return " ".join(sentences)


def _rounds(count: int) -> str:
    return f"{count} round{'' if count == 1 else 's'}"


def _return(events: Sequence[Event]) -> str:
    """Return the sum of the rewards and its terms, those that are not 0."""
    totals = {name: sum(event.reward_terms[name] for event in events) for name in events[-1].reward_terms}
    terms = [f"{name.replace('_', ' ')} {total:+.2f}" for name, total in totals.items() if total]
    return f"Return {sum(totals.values()):+.2f}: {', '.join(terms)}."
