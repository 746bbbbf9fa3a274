"""The constants of a market of several suppliers, and what its outcomes are worth: unit, range, default and source.

What happens between the buyer and one supplier has the constants of `negoenv.game.constants`.
"""

from negoenv.game.supplier import PRICE, PROBABILITY, SHARE
from negoenv.numerics.layout import Field, Layout

_A = "assumption"
_TENSION = "tension units"
_SURPLUS = "reward a whole surplus"
_ONCE = "reward"

MARKET = Layout(
    "market",
    # Asks stand, age and expire; suppliers drop out and come back.
    Field("ask_life", "rounds", 1, 200, "Rounds for which an ask stands while nobody talks to the supplier.", 6, _A),
    Field("drop_rate", PROBABILITY, 0, 1, "Chance a round of dropping out once the ask has expired.", 0.15, _A),
    Field("return_chance", PROBABILITY, 0, 1, "Chance that an invited supplier comes.", 0.9, _A),
    # Bidding against each other: shape after the descending auction (Vickrey 1961), magnitudes assumed.
    Field("bid_chance", PROBABILITY, 0, 1, "Chance that a supplier answers another's lower ask with a bid.", 0.8, _A),
    Field("bid_power", SHARE, 0, 1, "How much power takes away from that chance.", 0.6, _A),
    Field("undercut", SHARE, 0.01, 1, "How far a bid goes below that ask, towards its least price.", 0.35,
          "shape: Vickrey 1961, descending auction; magnitude: assumption"),
    Field("quote_yield", SHARE, 0, 1, "How far the limit that it expects falls to another's ask.", 0.5, _A),
    Field("bid_tension", _TENSION, 0, 5, "Tension of a bid in a proud supplier.", 0.08,
          "sign: Jap 2003, 2007, reverse auctions strain the relationship; magnitude: assumption"),
    Field("bid_resentment", _TENSION, 0, 5, "Lasting resentment of a bid in a proud supplier.", 0.2,
          "sign: Jap 2003, 2007; magnitude: assumption"),
    Field("beaten_out", PROBABILITY, 0, 1, "Chance that who cannot match an ask drops out.", 0.25, _A),
    # Quotes that are made up.
    Field("false_cut", "fraction of the ask", 0.01, 0.5, "How far below its ask a made-up quote lies.", 0.12, _A),
    Field("talk_chance", PROBABILITY, 0, 1, "Chance a round that two suppliers talk, and find a made-up quote out.",
          0.04, _A),
    Field("reopen_resentment", _TENSION, 0, 5, "Resentment of a supplier whose agreed price is opened again.", 0.15,
          _A),
    # Awards.
    Field("reserve", SHARE, 0, 1, "Part of a failed delivery that a second supplier makes up for.", 0.8,
          "sign: Tomlin 2006, dual sourcing against disruption; magnitude: assumption"),
    Field("whole_saving", PRICE, 0.01, 2, "Saving below the limit that counts as a whole surplus.", 0.3, _A),
    # Requirements that arrive.
    Field("spacing_low", "fraction of the deadline", 0, 1, "Least time between two requirements.", 0.15, _A),
    Field("spacing_high", "fraction of the deadline", 0, 1, "Most time between two requirements.", 0.3, _A),
)  # fmt: skip

SOURCING_WEIGHTS = Layout(
    "weights",
    Field("surplus", _SURPLUS, 0, 10, "What the buyer saves below its limit.", 1.0, _A),
    Field("goodwill", "reward for full goodwill", 0, 10, "What the next order from these suppliers is worth.", 0.3, _A),
    Field("under_delivery", "reward a certain failure", 0, 10, "Cost of under-delivery.", 0.4, _A),
    Field("round", "reward a round", 0, 1, "Cost of a round.", 0.005, _A),
    Field("tactics", _SURPLUS, 0, 10, "Weight of what moves really cost.", 1.0, _A),
    Field("split", _ONCE, 0, 10, "Cost of a second contract.", 0.02, _A),
    Field("lost", "reward a supplier", 0, 10, "Penalty for a supplier that leaves in anger.", 0.1, _A),
    Field("breakdown", _ONCE, 0, 10, "Penalty when nobody is left.", 0.25, _A),
    Field("deadline", "reward a requirement", 0, 10, "Penalty for what is not bought when time runs out.", 0.2, _A),
)
