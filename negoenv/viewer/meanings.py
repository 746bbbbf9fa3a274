"""What each family of moves means to a person who has to choose."""

from collections.abc import Mapping

from negoenv.game.effects import Family

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
    Family.TERMS: "terms",
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
    Family.TERMS: "Changes other terms than the price: ask, give, pay for one, or trade one for another.",
}
"""What each family is good for, a sentence or two."""
