"""What the supplier says with its answer: its own tactics are chosen, looked into, and come due."""

from negoenv.game.beliefs import expect_less, first_ask
from negoenv.game.effects import PRESSING, TOPICS, Family
from negoenv.game.persuasion import Record
from negoenv.game.supplier_tactics import Occasion
from negoenv.numerics.compiled import compiled

_PROBE = int(Family.PROBE)
_OPENING, _CONCESSION, _STUCK, _OTHER, _STRAINED = map(int, Occasion)
_NUM_TOPICS = len(TOPICS)
_NUM_PRESSING = len(PRESSING)
_STRAIN = 0.5  # of the tolerance, from which on it warns


@compiled
def occasion(s: Record, p: Record, e: Record, given: float) -> int:
    """Return what the supplier answers, as bits."""
    strained = _STRAINED if s.tension > _STRAIN * p.tolerance else 0
    if e.opening > 0.0:
        return _OPENING | strained
    if given > 0.0:
        return _CONCESSION | strained
    return (_STUCK if s.stalemate >= 2.0 else _OTHER) | strained


@compiled
def choose(s: Record, p: Record, tactics: Record, occasion: int, u_use: float, u_which: float) -> int:
    """Return the tactic that the supplier uses now, 0 for none: one that fits, while nothing it said is still open."""
    if s.pending > 0.0 or u_use >= p.tactics_rate:
        return 0
    total = 0.0
    for k in range(len(tactics)):
        total += tactics[k].weight if tactics[k].occasions & occasion else 0.0
    left = u_which * total
    for k in range(len(tactics)):
        if tactics[k].weight > 0.0 and tactics[k].occasions & occasion:
            left -= tactics[k].weight
            if left <= 0.0:
                return k
    return 0


@compiled
def move_ask(s: Record, p: Record, share: float, worth: float) -> None:
    """Raise the ask by a share of the gap, at most to the first ask; or lower it by one of the room that is left."""
    if share > 0.0:
        s.ask = min(first_ask(p), s.ask + share * (s.ask - s.offer))
    else:
        s.ask += share * max(0.0, s.ask - max(worth, s.offer))
    s.expected_limit = min(s.expected_limit, s.ask)


@compiled
def use(s: Record, p: Record, tactics: Record, tactic: int, worth: float, u_meant: float) -> None:
    """Use a tactic: what shows at once, and what comes due later."""
    t = tactics[tactic]
    s.supplier_tactic = tactic
    meant = 1.0 if u_meant < p.honesty else 0.0
    if t.rounds > 0.0:
        s.pending = tactic
        s.pending_meant = meant
        s.pending_given = 0.0
        s.tactic_due = t.rounds
        s.ask_before = s.ask
    if t.now != 0.0 and s.offer > 0.0:
        move_ask(s, p, t.now, worth)
    s.fallback += t.fallback * meant * max(0.0, s.ask - s.fallback)


@compiled
def withdraw(s: Record, c: Record, back: float) -> None:
    """Take back what turned out a bluff: it expects less of a buyer who sees through it."""
    s.tactic_result = -1.0
    expect_less(s, s.offer, c.caught_yield)
    if back < 0.0:
        s.ask = max(min(s.ask, s.ask_before), s.offer)
        s.expected_limit = min(s.expected_limit, s.ask)


@compiled
def look_into(s: Record, c: Record, tactics: Record, e: Record, u: float) -> None:
    """Let the buyer ask about what the supplier said: it may learn whether that is true, and a bluff is over."""
    if s.pending == 0.0:
        return
    t = tactics[int(s.pending)]
    asked = e.family == _PROBE or (e.scarcity > 0.0 and t.fallback > 0.0)
    if asked and u < c.check_chance:
        if s.pending_meant > 0.0:
            s.tactic_result = 1.0
        else:
            s.pending = 0.0
            s.tactic_due = 0.0
            withdraw(s, c, t.back)


@compiled
def come_due(s: Record, p: Record, c: Record, tactics: Record, given: float, worth: float, u: float) -> bool:
    """Let a round pass over what the supplier said; return whether it leaves because of it."""
    if s.pending == 0.0:
        return False
    if given > 0.0:
        s.pending_given = 1.0
    s.tactic_due -= 1.0
    if s.tactic_due > 0.0:
        return False
    t = tactics[int(s.pending)]
    s.pending = 0.0
    if t.gives != 0.0 and (t.gives > 0.0) != (s.pending_given > 0.0):
        return False  # what the buyer did has settled it, and nobody learns what it would have been
    if s.pending_meant == 0.0:
        withdraw(s, c, t.back)
        return False
    s.tactic_result = 1.0
    if t.back > 0.0:
        s.ask = max(s.ask, s.ask_before)
    if t.due != 0.0:
        move_ask(s, p, t.due, worth)
    return u < t.exit


@compiled
def speak(s: Record, p: Record, c: Record, u: float) -> None:
    """Choose the topic of the supplier's answer: what weighs with it comes up more often.

    One answer tells little of its type, many tell much; an assumption.
    """
    total = p.matching + _NUM_TOPICS * c.topic_chance
    for k in range(_NUM_PRESSING):
        total += p.receptive[k]
    left = u * total
    s.topic = _NUM_TOPICS
    for k in range(_NUM_PRESSING):
        left -= p.receptive[k] + c.topic_chance
        if left < 0.0:
            s.topic = k + 1.0
            return
