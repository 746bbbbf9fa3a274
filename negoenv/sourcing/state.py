"""What Sourcing remembers besides the record of each supplier: the order, and how the buyer stands with each supplier.

Each supplier has the records of a price negotiation, `negoenv.game.state.STATE` and `negoenv.game.supplier.SUPPLIER`.
Its clock starts when its talks begin: ``round`` counts from there, and ``deadline`` is what was left then. Its outcome
DEAL means that a price is agreed, which stands like an ask until the buyer awards; BREAKDOWN, that it has left.
"""

from negoenv.game.state import Outcome
from negoenv.game.supplier import PRICE
from negoenv.numerics.layout import Field, Layout
from negoenv.sourcing.moves import LAYOUT

ORDER = Layout(
    "order",
    Field("step", "moves", 0, 2400, "Moves made in this episode."),
    Field("round", "rounds", 0, 200, "Rounds that are gone."),
    Field("deadline", "rounds", 1, 200, "Round at which all ends."),
    Field("need_date", "rounds", 0, 400, "Round after which each round costs the buyer the cost of delay."),
    Field("lead", "rounds", 0, 200, "Rounds from a requirement's arrival to its need date."),
    Field("delay_cost", "reward a round", 0, 1, "What a round after the need date costs the buyer."),
    Field("limit", PRICE, 0, 2, "The buyer's reservation price for a requirement."),
    Field("ceiling", PRICE, 0, 2, "The most it may pay for one requirement."),
    Field("funds", PRICE, 0, 24, "What is left of the budget over all."),
    Field("requirements", "count", 1, 12, "Requirements of the episode."),
    Field("bought", "count", 0, 12, "Requirements that were awarded."),
    Field("next_arrival", "rounds", 0, 400, "Round in which the requirement after this one arrives."),
    Field("outcome", "Outcome", 0, len(Outcome) - 1, "How the episode stands or ended."),
    Field("supplier", "index", -1, LAYOUT - 1, "Who got the last award, or most of it; -1 before there is one."),
    Field("second", "index", -1, LAYOUT - 1, "Who got the rest; -1 for nobody."),
    Field("share", "fraction", 0, 1, "Part of the order that the first of them got."),
    Field("price", PRICE, 0, 2, "Mean price of the last award; 0 before there is one."),
    Field("paid", PRICE, 0, 24, "Sum of the prices of all awards."),
    Field("splits", "count", 0, 12, "Awards that were split."),
    Field("lost", "count", 0, LAYOUT, "Suppliers that left in anger."),
    Field("lost_now", "count", 0, LAYOUT, "Those that did in the last round."),
    Field("last_supplier", "index", -1, LAYOUT - 1, "Whom the last move was for; -1 for nobody."),
    Field("last_move", "SourcingMove", -1, 200, "The last move for that supplier; -1 before there is one."),
    Field("illegal_moves", "count", 0, 2400, "Moves that were not legal and counted as HOLD."),
)

CONTACT = Layout(
    "contact",
    Field("awake", "0 or 1", 0, 1, "Whether it takes part; who does not may be invited."),
    Field("begun", "rounds", -1, 200, "Round in which its talks began; -1 before that."),
    Field("age", "rounds", 0, 200, "Rounds since it was last talked to, or invited."),
    Field("lie", PRICE, 0, 2, "The made-up quote that it believes; 0 if there is none."),
)
