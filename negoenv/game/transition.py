"""One step of one negotiation: the buyer's move, then the supplier's answer."""

from negoenv.game import bargaining, beliefs, persuasion, supplier_turn
from negoenv.game.effects import Family
from negoenv.game.persuasion import Record, clip
from negoenv.game.state import STATE, Outcome
from negoenv.game.tactics import Move
from negoenv.numerics.compiled import compiled
from negoenv.numerics.randomness import Tile, drawn, triangular, triangular_from

_ULTIMATUM = int(Family.ULTIMATUM)
_PROBE = int(Family.PROBE)
_ACCEPT = int(Move.ACCEPT)
_WALK_AWAY = int(Move.WALK_AWAY)
_WALK_OUT = int(Move.WALK_OUT)
_INVITE = int(Move.INVITE_RIVALS)

_CUE, _STRAIN = ((STATE.by_name[cue].low, STATE.by_name[cue].high) for cue in ("reaction", "strain"))

_HIGHEST_QUOTE = STATE.by_name["quote"].high
_MAX_PROBES = STATE.by_name["probes"].high  # counted over all deals of an episode

_DEAL = float(Outcome.DEAL)
_BREAKDOWN = float(Outcome.BREAKDOWN)
_WALKED_AWAY = float(Outcome.WALKED_AWAY)
_DEADLINE = float(Outcome.DEADLINE)


@compiled
def argue(s: Record, p: Record, c: Record, e: Record, move: int, u_bluff: float) -> float:
    """Say what the move says; return its signed strength: how far it bites."""
    worn = persuasion.wear(s, c, e.family, move)
    timing = 1.0 - e.early * min(1.0, s.round / s.deadline)
    strength = (1.0 - worn) * timing * persuasion.response(s, p, c, e)
    if strength > 0.0:
        strength *= beliefs.believed(s, p, e) * beliefs.bites(s, c, e) * (1.0 - s.dilution)
    heard = 1.0 - e.claim * (1.0 - s.credibility)  # before a bluff of this move is found out
    s.belief += e.alternatives * s.credibility * (1.0 - s.belief)
    offer = bargaining.next_offer(s, e) if bargaining.gives(e) else s.offer
    if beliefs.found_out(s, p, c, e, offer, worn, u_bluff):
        beliefs.expose(s, c)
        strength = -c.bluff_defiance
    if strength > 0.0:
        beliefs.convince(s, p, c, e, strength)
    persuasion.offend(s, p, c, e, strength, heard, worn)
    persuasion.press(s, p, c, e, strength)
    persuasion.soothe(s, e)
    return strength


@compiled
def probe(s: Record, p: Record, c: Record, u_find: float, u_noise: float, v_noise: float) -> None:
    """Ask for costs: may find the weakness, and sharpens the estimate of the reservation price.

    The estimate is the mean of all readings so far, so its error shrinks with the square root of the probes.
    """
    s.probes = min(s.probes + 1.0, _MAX_PROBES)
    if u_find < c.probe_finds * p.weakness:
        s.weakness_known = 1.0
    reading = p.reservation_price + c.probe_noise * triangular(u_noise, v_noise)
    s.cost_estimate = clip(s.cost_estimate + (reading - s.cost_estimate) / s.probes, 0.0, 2.0)


@compiled
def invite(s: Record, c: Record, u_quote: float, u_price: float) -> None:
    """Invite rivals: they may send a quote, which is an outside option. Where none ever does, that shows nothing."""
    s.rivals += 1.0
    if c.quote_chance > 0.0:
        s.demonstrated = 1.0
    if u_quote < c.quote_chance:
        quote = min(s.limit * (c.quote_low + (c.quote_high - c.quote_low) * u_price), _HIGHEST_QUOTE)
        s.quote = min(s.quote, quote) if s.quote > 0.0 else quote


@compiled
def act(
    s: Record, p: Record, c: Record, e: Record, tactics: Record, move: int, urgency: float, draws: Tile, row: int
) -> tuple[float, float, float]:
    """Play the buyer's move on the supplier.

    Returns:
        Its signed strength as an argument, the credit that it earns as a concession, and what it gave, in price.
    """
    u_bluff, u_find, u_quote, u_price = drawn(draws, 2, row)
    _, _, _, u_check = drawn(draws, 1, row)  # for moves that do not walk out
    supplier_turn.look_into(s, c, tactics, e, u_check)
    strength = argue(s, p, c, e, move, u_bluff)
    credit, given = 0.0, 0.0
    if e.opening > 0.0:
        credit, given = bargaining.open_with(s, p, c, e, urgency)
    elif bargaining.gives(e):
        credit, given = bargaining.concede(s, p, c, e)
    elif e.silence > 0.0:
        s.waited += e.silence
    elif persuasion.presses(e.family):
        s.waited = max(0.0, s.waited - 1.0)
    if e.family == _PROBE:
        probe(s, p, c, u_find, u_quote, u_price)
    elif move == _INVITE:
        invite(s, c, u_quote, u_price)
    persuasion.saturate(s)
    return strength, credit, given


@compiled
def settle(s: Record, price: float) -> None:
    """Close the deal at ``price``."""
    s.outcome = _DEAL
    s.price = price
    s.deals += 1.0


@compiled
def answer(
    s: Record, p: Record, c: Record, e: Record, tactics: Record, move: int, previous_offer: float, strength: float,
    credit: float, given: float, urgency: float, draws: Tile, row: int,
) -> None:  # fmt: skip
    """Let the supplier answer: leave, comply with an ultimatum, accept the standing offer, or counter."""
    u_exit, u_comply, u_accept, u_ready = drawn(draws, 0, row)
    u_middle, u_gap, v_gap, u_return = drawn(draws, 1, row)
    u_due, u_use, u_which, u_meant = drawn(draws, 4, row)
    worth = beliefs.going_on(s, p, c, urgency)
    if bargaining.leaves(s, p, c, worth, u_exit):
        s.outcome = _BREAKDOWN
        return
    if e.family == _ULTIMATUM:
        s.leader_used = max(s.leader_used, e.leader)
        lateness = min(1.0, s.round / s.deadline)
        final = beliefs.taken_as_final(s, p, c, e, lateness)
        if u_comply < final * beliefs.is_fair(s, p, c):
            settle(s, s.offer)
            return
        s.called = 1.0
    elif move == _WALK_OUT:
        if u_comply >= beliefs.calls_back(s, p, c):
            if u_return < c.walk_out_exit:
                s.outcome = _BREAKDOWN
                return
            s.credibility *= c.walk_out_credibility
        else:
            strength = max(strength, c.callback_yield)
        s.demonstrated = 1.0
    if e.asked > 0.0 and bargaining.exchanges(s, p, c, e, urgency, u_comply):
        return
    if bargaining.accepts(s, p, c, previous_offer, worth, urgency, u_accept):
        settle(s, s.offer)
        return
    if supplier_turn.come_due(s, p, c, tactics, given, worth, u_due):
        s.outcome = _BREAKDOWN
        return
    tactic = supplier_turn.choose(s, p, tactics, supplier_turn.occasion(s, p, e, given), u_use, u_which)
    u_ready = max(u_ready, tactics[tactic].holds)  # of 1: it does not move
    bargaining.counter(s, p, c, e, credit, given, max(0.0, strength), worth, urgency, u_ready, u_middle, u_gap, v_gap)
    if tactic > 0:
        supplier_turn.use(s, p, tactics, tactic, worth, u_meant)


@compiled
def show(s: Record, p: Record, c: Record, tactics: Record, strength: float, draws: Tile, row: int) -> None:
    """Write the noisy cues that the buyer sees: how the last move was taken, how strained the supplier is."""
    u0, u1, u_strain, u_topic = drawn(draws, 3, row)
    s.reaction = clip(strength + c.cue_noise * triangular(u0, u1), _CUE[0], _CUE[1])
    strain = s.tension / p.tolerance + tactics[int(s.supplier_tactic)].strain
    s.strain = clip(strain + c.cue_noise * triangular_from(u_strain), _STRAIN[0], _STRAIN[1])
    supplier_turn.speak(s, p, c, u_topic)


@compiled
def hear_move(
    s: Record, p: Record, c: Record, e: Record, tactics: Record, move: int, urgency: float, draws: Tile, row: int
) -> tuple[float, float, float]:
    """Play a move that neither accepts nor leaves up to the supplier's answer; return what `act` does."""
    if s.round == 0.0:
        beliefs.apply_goodwill(s, p, c)
    persuasion.relax(s, c)
    if move in (_WALK_OUT, _INVITE):
        s.called = 0.0
    beliefs.nothing_followed(s, c)
    return act(s, p, c, e, tactics, move, urgency, draws, row)


@compiled
def end_round(s: Record) -> None:
    """Let the round pass."""
    s.step += 1.0
    s.round += 1.0
    if s.outcome == 0.0 and s.round >= s.deadline:
        s.outcome = _DEADLINE


@compiled
def advance(
    s: Record, p: Record, c: Record, e: Record, tactics: Record, move: int, urgency: float, draws: Tile, row: int
) -> None:
    """Play one step: a legal move, with its effects, on a supplier in such ``urgency``, 0 to 1, with these tactics."""
    s.last_move = move
    s.supplier_tactic = 0.0
    s.topic = 0.0
    s.tactic_result = 0.0
    if move == _ACCEPT:
        settle(s, s.ask)
    elif move == _WALK_AWAY:
        s.outcome = _WALKED_AWAY
    else:
        previous_offer = s.offer
        strength, credit, given = hear_move(s, p, c, e, tactics, move, urgency, draws, row)
        answer(s, p, c, e, tactics, move, previous_offer, strength, credit, given, urgency, draws, row)
        persuasion.wear_out(s, c, e.family, move)
        show(s, p, c, tactics, strength, draws, row)
    end_round(s)
