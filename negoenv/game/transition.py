"""One step of one negotiation: the buyer's move, then the supplier's answer."""

from negoenv.game import bargaining, information, persuasion, ultimatum
from negoenv.game.persuasion import Record, clip
from negoenv.game.state import Outcome
from negoenv.game.tactics import Family, Move
from negoenv.numerics.compiled import compiled
from negoenv.numerics.randomness import Tile, drawn, triangular

_OPENING = int(Family.OPENING)
_ULTIMATUM = int(Family.ULTIMATUM)
_CONCESSION = int(Family.CONCESSION)
_PROBE = int(Family.PROBE)
_ACCEPT = int(Move.ACCEPT)
_WALK_AWAY = int(Move.WALK_AWAY)
_WALK_OUT = int(Move.WALK_OUT)
_INVITE = int(Move.INVITE_RIVALS)

_DEAL = float(Outcome.DEAL)
_BREAKDOWN = float(Outcome.BREAKDOWN)
_WALKED_AWAY = float(Outcome.WALKED_AWAY)
_DEADLINE = float(Outcome.DEADLINE)


@compiled
def act(s: Record, p: Record, c: Record, e: Record, move: int, urgency: float, draws: Tile, row: int) -> float:
    """Play the buyer's move on the supplier; return its signed strength, for the cue."""
    u_bluff, u_find, u_quote, u_price = drawn(draws, 2, row)
    worn = persuasion.wear(s, e.family)
    timing = 1.0 - e.early * min(1.0, s.round / s.deadline)
    strength = (1.0 - worn) * timing * persuasion.response(s, p, c, e)
    if strength > 0.0:
        strength *= information.believed(s, p, e)
    s.belief += e.alternatives * s.credibility * (1.0 - s.belief)
    if information.found_out(s, p, c, e, worn, u_bluff):
        information.expose(s, c)
        strength = -c.bluff_defiance
    persuasion.offend(s, p, c, e)
    drive = persuasion.press(s, p, c, e, strength)
    persuasion.soothe(s, e)
    if e.family == _OPENING:
        bargaining.open_with(s, p, c, e)
    elif e.family == _CONCESSION:
        drive += bargaining.concede(s, p, c, e, bargaining.next_offer(s, e))
    elif e.family == _PROBE:
        information.probe(s, p, c, u_find, u_quote, u_price)
    elif move == _INVITE:
        information.invite(s, c, u_quote, u_price)
    bargaining.lower_target(s, p, c, drive, urgency)
    persuasion.saturate(s)
    return strength


@compiled
def settle(s: Record, price: float) -> None:
    """Close the deal at ``price``."""
    s.outcome = _DEAL
    s.price = price
    s.deals += 1.0


@compiled
def answer(
    s: Record, p: Record, c: Record, e: Record, move: int, previous_offer: float, urgency: float, draws: Tile, row: int
) -> None:
    """Let the supplier answer: leave, comply with an ultimatum, accept the standing offer, or counter."""
    u_exit, u_comply, u_accept, u_firm = drawn(draws, 0, row)
    u_middle, u_gap, v_gap, u_return = drawn(draws, 1, row)
    if bargaining.leaves(s, p, c, u_exit):
        s.outcome = _BREAKDOWN
        return
    if e.family == _ULTIMATUM:
        s.leader_used = max(s.leader_used, e.leader)
        lateness = min(1.0, s.round / s.deadline)
        final = ultimatum.taken_as_final(s, p, c, e, lateness)
        if u_comply < final * ultimatum.is_fair(s, p, c):
            settle(s, s.offer)
            return
        s.called = 1.0
    elif move == _WALK_OUT:
        if u_comply >= ultimatum.calls_back(s, p, c):
            if u_return < c.walk_out_exit:
                s.outcome = _BREAKDOWN
                return
            s.credibility *= c.walk_out_credibility
        else:
            bargaining.lower_target(s, p, c, c.callback_yield, 0.0)
    if bargaining.accepts(s, p, c, previous_offer, urgency, u_accept):
        settle(s, s.offer)
        return
    bargaining.counter(s, p, c, e, u_firm, u_middle, u_gap, v_gap)


@compiled
def show(s: Record, p: Record, c: Record, strength: float, draws: Tile, row: int) -> None:
    """Write the noisy cues that the buyer sees: how the last move was taken, how strained the supplier is."""
    u0, u1, u2, u3 = drawn(draws, 3, row)
    s.reaction = clip(strength + c.cue_noise * triangular(u0, u1), -1.0, 1.0)
    s.strain = clip(s.tension / p.tolerance + c.cue_noise * triangular(u2, u3), 0.0, 2.0)


@compiled
def advance(s: Record, p: Record, c: Record, e: Record, move: int, urgency: float, draws: Tile, row: int) -> None:
    """Play one step: a legal move, with its effects, on a supplier in such ``urgency``, 0 to 1."""
    s.last_move = move
    if move == _ACCEPT:
        settle(s, s.ask)
    elif move == _WALK_AWAY:
        s.outcome = _WALKED_AWAY
    else:
        previous_offer = s.offer
        if s.round == 0.0:
            bargaining.apply_goodwill(s, p, c)
        persuasion.relax(s, c)
        if move in (_WALK_OUT, _INVITE):
            s.called = 0.0
        ultimatum.nothing_followed(s, c)
        strength = act(s, p, c, e, move, urgency, draws, row)
        answer(s, p, c, e, move, previous_offer, urgency, draws, row)
        persuasion.wear_out(s, c, e.family)
        show(s, p, c, strength, draws, row)
    s.step += 1.0
    s.round += 1.0
    if s.outcome == 0.0 and s.round >= s.deadline:
        s.outcome = _DEADLINE
