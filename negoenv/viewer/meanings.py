"""What each move means to a person who has to choose one: a line each."""

from collections.abc import Mapping

from negoenv.tactics import Family, Move

MEANINGS: Mapping[Move, str] = {
    Move.OPEN_LOW: "A bold first offer: {offer}.",
    Move.OPEN_MODERATE: "A first offer below the market: {offer}.",
    Move.OPEN_FAIR: "A first offer at the market: {offer}.",
    Move.REVEAL_BUDGET: "Say that this is all there is.",
    Move.CITE_COMPETITORS: "Hint at other suppliers; may be checked.",
    Move.DENY_SCARCITY: "Deny that it is scarce; may be checked.",
    Move.INVITE_RIVALS: "Invite bids: costs, may bring a quote.",
    Move.CLAIM_NEW_PROCESS: "Say demand will go; may be checked.",
    Move.ULTIMATUM: "{offer}, or no deal. For a stalemate.",
    Move.LEADER_ULTIMATUM: "The chief's word, once: {offer}.",
    Move.RAISE_VOICE: "Show anger; it offends if not deserved.",
    Move.FURY: "Rage; it offends deeply if not deserved.",
    Move.SILENCE: "Say nothing, and let it work.",
    Move.SILENT_THREAT: "Close the folder. Works best early.",
    Move.WALK_OUT: "Leave the room; it may call you back.",
    Move.CONCEDE_SMALL: "Come up a little: {offer}.",
    Move.CONCEDE_MODERATE: "Come up some way: {offer}.",
    Move.CONCEDE_LARGE: "Come up a long way: {offer}.",
    Move.HOLD: "Stay put, stay friendly; tension falls.",
    Move.PROBE: "Ask for its costs; look for a weakness.",
    Move.ACCEPT: "Take the standing ask: {ask}.",
    Move.WALK_AWAY: "Leave for good: no deal.",
}
"""A line for each move; ``offer`` is the standing offer after it, ``ask`` the standing ask, both in currency."""

FAMILIES: Mapping[Family, str] = {
    Family.OPENING: "opening",
    Family.STRONG: "pressure",
    Family.THIRD_PARTY: "rivals",
    Family.ULTIMATUM: "ultimatum",
    Family.EMOTION: "emotion",
    Family.CONCESSION: "concession",
    Family.HOLD: "retreat",
    Family.PROBE: "question",
    Family.CLOSE: "close",
}
"""A word for each family."""
