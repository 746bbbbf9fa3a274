"""What each move and each family of moves means to a person who has to choose: a line each."""

from collections.abc import Mapping

from negoenv.game.tactics import Family, Move

MEANINGS: Mapping[Move, str] = {
    Move.OPEN_LOW: "A bold first offer: {offer}.",
    Move.OPEN_MODERATE: "A first offer below the market: {offer}.",
    Move.OPEN_FAIR: "A first offer at the market: {offer}.",
    Move.REVEAL_BUDGET: "Say that this is all there is.",
    Move.CITE_COMPETITORS: "Hint at other suppliers; may be checked.",
    Move.DENY_SCARCITY: "Deny that it is scarce; may be checked.",
    Move.INVITE_RIVALS: "Invite bids: costs, may bring a quote.",
    Move.CLAIM_NEW_PROCESS: "Say you can do without; may be checked.",
    Move.ULTIMATUM: "{offer}, or no deal. For a stalemate.",
    Move.LEADER_ULTIMATUM: "Your chief's last word, once: {offer}.",
    Move.RAISE_VOICE: "Show anger; it offends if not deserved.",
    Move.FURY: "Rage; it offends deeply if not deserved.",
    Move.SILENCE: "Say nothing; a mild pressure.",
    Move.SILENT_THREAT: "Close the folder. Works best early.",
    Move.WALK_OUT: "Leave the room; it may call you back.",
    Move.CONCEDE_SMALL: "Give a tenth of the gap: {offer}.",
    Move.CONCEDE_MODERATE: "Give a quarter of the gap: {offer}.",
    Move.CONCEDE_LARGE: "Give half of the gap: {offer}.",
    Move.HOLD: "Keep your offer, be friendly; strain falls.",
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

PURPOSES: Mapping[Family, str] = {
    Family.OPENING: "Your first offer, in round 1 only. A low one draws the ask down, but may offend.",
    Family.STRONG: "Lowers what the supplier expects to get. A false claim that is found out costs your credibility.",
    Family.THIRD_PARTY: "Others take its place. Bids cost money and may bring a quote; a claim may be checked.",
    Family.ULTIMATUM: "Your offer or no deal. Strongest when neither side moves; refused, it costs your credibility.",
    Family.EMOTION: "Works on a supplier whose mistake or weakness you know; otherwise it may offend.",
    Family.CONCESSION: "Raises your offer. Some suppliers give in return, others ask for more.",
    Family.HOLD: "Keeps your offer and lets the strain fall.",
    Family.PROBE: "Estimates the supplier's costs, and may find a mistake or weakness.",
    Family.CLOSE: "Ends the talks about this deal.",
}
"""What each family is good for, a sentence or two."""
