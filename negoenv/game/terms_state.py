"""What is kept of the terms besides the price: the record of a row, the constants, and what all rows share."""

import numpy as np

from negoenv.game.supplier import PRICE, SHARE
from negoenv.game.tactics import EFFECT_DTYPE
from negoenv.game.term_moves import ISSUES, TERM_MOVES
from negoenv.numerics.layout import Field, Layout

MOST_LEVELS = 5
"""So many levels an issue may have."""

MOST_KINDS = 64
"""So many kinds of supplier a population may have."""

_A = "assumption"

TERMS = Layout(
    "terms",
    *(Field(f"{issue}_level", "level", 0, MOST_LEVELS - 1, f"Level of {issue} on the table.") for issue in ISSUES),
    *(
        Field(f"{issue}_quote", PRICE, 0, 2, f"What the supplier last quoted for a step of {issue}; 0 before that.")
        for issue in ISSUES
    ),
    *(
        Field(
            f"{issue}_priority", SHARE, 0, 1,
            f"How much {issue} matters to it, it says: 1 most, then .75, .5, .25; 0 before it was asked.",
        )
        for issue in ISSUES
    ),
    *(
        Field(f"{issue}_weight", PRICE, 0, 4, f"What the whole range of {issue} costs the supplier (hidden).")
        for issue in ISSUES
    ),
    Field("refused", "0 or 1", 0, 1, "The supplier refused the terms that the last move asked for."),
    Field("worth", PRICE, -8, 8, "What the terms are worth to the buyer, beside the standard ones."),
    Field("cost", PRICE, -8, 8, "What they cost the supplier, beside the standard ones."),
    Field("best", PRICE, 0, 8, "The most by which worth can exceed cost."),
    Field("opening", PRICE, 0, 2, "The buyer's first offer, at the standard terms; 0 before there is one."),
    arrays={
        name: tuple(f"{issue}_{name}" for issue in ISSUES) for name in ("level", "quote", "priority", "weight")
    },
)  # fmt: skip
"""What a row remembers of the terms."""

TERMS_CONSTANTS = Layout(
    "constants of terms",
    Field("markup", SHARE, 0, 1, "Mean of what a quote for other terms adds to the supplier's cost.", 0.12, _A),
    Field("markup_spread", SHARE, 0, 1, "Half-width of its spread.", 0.12, _A),
    Field("refusal", "probability", 0, 1, "Chance that it refuses to talk about terms that cost it next to nothing.",
          0.03, _A),
    Field("refusal_cost", "probability a first ask", 0, 50, "Rise of that chance with what they cost it.", 4.0, _A),
    Field("refusal_strain", "probability", 0, 5, "Rise of that chance at a tension as high as the tolerance.", 0.3, _A),
    Field("demand_signal", "price per price", 0, 3, "How much a granted demand raises the limit it expects.", 0.3, _A),
    Field("reclaim", SHARE, 0, 1, "Share of what it gave for a concession that it takes back with the concession.",
          1.0, _A),
)  # fmt: skip
"""The constants of the terms: name, unit, range, default and source of each."""

_TABLE = (np.float64, (len(ISSUES), MOST_LEVELS))

CONTRACT = np.dtype(
    [
        ("levels", np.int64, (len(ISSUES),)),  # how many each issue has
        ("standard", np.int64, (len(ISSUES),)),  # at which the talks begin, and prices are compared
        ("least", np.int64, (len(ISSUES),)),  # below which no deal is worth having; 0 where there is none
        ("worth", *_TABLE),  # to the buyer, beside the standard level, fraction of the first ask
        ("budgeted", *_TABLE),  # the same, but that a budget knows no principle
        ("burden", *_TABLE),  # cost of the supplier beside the standard level, as a share of that of the whole range
        ("kinds", np.float64, (MOST_KINDS, len(ISSUES))),  # cost of the whole range by kind, fraction of the first ask
        ("spread", np.float64),  # half-width of the spread of that cost within a kind, as a share of it
        ("price_range", np.float64, (2,)),  # of the price, fractions of the first ask
        ("price_weight", np.float64),  # of the buyer
        ("base", np.float64, (2,)),  # utility of buyer and supplier at the standard terms but for the price
        ("standing", np.float64, (len(ISSUES),)),  # value of the standard level to the supplier, 0 to 1
        ("values", *_TABLE),  # of the levels in their units
        ("allowed", np.int8, (TERM_MOVES,)),  # the moves that the scenario has
        ("visible", np.float32, (32,)),  # 1 for each column of `negoenv.game.terms_observation` that is shown
        ("effects", EFFECT_DTYPE, (TERM_MOVES,)),
        ("constants", TERMS_CONSTANTS.dtype),
    ],
    align=True,
)
"""What all rows share: the issues, as numbers."""
