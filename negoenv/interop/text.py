"""The game in words, for language models: an observation as a paragraph, the legal moves as a list, and an answer back.

Everything is a plain string; what is told is what the observation holds, and nothing else.
"""

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.errors import NegoenvError, nearest, shown
from negoenv.game import observation as columns
from negoenv.game.effects import TOPICS
from negoenv.game.supplier_tactics import TACTICS
from negoenv.game.tactics import Move

_WORD = re.compile(r"[A-Z][A-Z0-9_+]*[A-Z0-9]")
_LINE = re.compile(r"^\W*(?:MOVE|ANSWER)\W+(.*)$", re.MULTILINE)
_ROUNDS = 1.0 / columns.ROUND_SCALE


RULES = (
    "You buy from a supplier whose cost you do not know. Prices are in percent of its first ask. Press step by step: "
    "forced, the supplier leaves, which is the worst for you; a deal is worth the more the cheaper it is, but leave it "
    "a profit. Answer with the name of one move in capitals, on a line that begins with MOVE:"
)
"""What the game is about, in a few sentences."""


def _percent(price: float) -> str:
    return f"{100 * price:.1f}%"


def told_observation(observation: NDArray[np.float32]) -> str:
    """Return an observation of a negotiation about a price as a paragraph.

    Args:
        observation: float32 of shape ``(columns,)``.

    Raises:
        NegoenvError: if it is one of another game.
    """
    if np.shape(observation) != (len(columns.NAMES),):
        raise NegoenvError(
            f"An observation has the shape {np.shape(observation)}; that of a negotiation about a price, "
            f"({len(columns.NAMES)},), is expected."
        )
    seen = {name: float(value) for name, value in columns.named(observation).items()}
    left = round(seen["rounds_left"] * _ROUNDS)
    told = [f"{left} round{'' if left == 1 else 's'} left. The supplier asks {_percent(seen['ask'])}."]
    told.append(f"Your offer is {_percent(seen['offer'])}." if seen["offer"] else "You have made no offer yet.")
    told.append(
        f"A deal above {_percent(seen['limit'])} is worse than none; you may pay {_percent(seen['budget'])} at most; "
        f"the market pays {_percent(seen['benchmark'])}."
    )
    if seen["counter"]:
        told.append(f"It has just come down by {100 * seen['counter']:.0f}% of the gap.")
    told.append(f"The talks seem {_degree(seen['strain'])}.")
    told += [f"It: {tactic.effects.meaning}" for tactic in TACTICS if seen[f"said_{tactic.name.lower()}"]]
    told += [columns.COLUMNS[columns.INDEX[name]].meaning for name in _topics() if seen[name]]
    if seen["tactic_due"]:
        told.append(f"What it said comes due in {seen['tactic_due']:.0f} rounds.")
    if seen["tactic_result"]:
        told.append("What it said was a bluff." if seen["tactic_result"] < 0 else "What it said was true.")
    if seen["cost_estimate"]:
        told.append(f"You estimate its cost at {_percent(seen['cost_estimate'])}.")
    if seen["quote"]:
        told.append(f"A rival has quoted {_percent(seen['quote'])}.")
    if seen["weakness_known"]:
        told.append("You know a mistake or weakness of the supplier.")
    if seen["called"]:
        told.append("It has refused your ultimatum, and nothing has followed.")
    return " ".join(told)


def _degree(strain: float) -> str:
    return (
        "calm" if strain < 0.3 else "businesslike" if strain < 0.7 else "strained" if strain < 1.0 else "near breaking"
    )


def _topics() -> tuple[str, ...]:
    return tuple(f"topic_{family.name.lower()}" for family in TOPICS)


def told_moves(observation: NDArray[np.float32], mask: NDArray[np.int8]) -> str:
    """Return the legal moves, a line each: the name and what it means.

    Args:
        observation: float32 of shape ``(columns,)``, for the prices in the meanings.
        mask: 1 for each legal move, else 0; int8 of shape ``(moves,)``.
    """
    seen = columns.named(observation)
    gap = float(seen["ask"]) - float(seen["offer"])
    lines = []
    for move in Move:
        if mask[move]:
            effects = move.tactic.effects
            named = max(effects.opening, effects.price) * float(seen["benchmark"])
            offer = named or float(seen["offer"]) + effects.concession * gap
            prices = {"offer": _percent(offer), "ask": _percent(float(seen["ask"]) - effects.asked * gap)}
            lines.append(f"{move.name}: {move.tactic.meaning.format(**prices)}")
    return "\n".join(lines)


def parse_move(text: Any, mask: NDArray[np.int8]) -> Move:
    """Return the move that a free text names: the last one named after "MOVE:", or the only one named at all.

    Raises:
        NegoenvError: if it names none, several, or one that is not legal now.
    """
    lines = _LINE.findall(str(text).upper())
    words = _WORD.findall(lines[-1] if lines else str(text))
    named = list(dict.fromkeys(Move[word] for word in words if word in Move.__members__))
    legal = [move.name for move in Move if mask[move]]
    if len(named) != 1:
        what = f"names {len(named)} moves" if named else "names no move"
        near = "" if named or not words else nearest(words[-1], legal)
        raise NegoenvError(f"The answer {shown(text)} {what}.{near} One of these is expected: {', '.join(legal)}.")
    if not mask[named[0]]:
        raise NegoenvError(f"{named[0].name} is not legal now. One of these is expected: {', '.join(legal)}.")
    return named[0]
