"""The words of the transcript but for those of the moves. What comes again is worded another way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from negoenv.game.effects import Family
from negoenv.game.state import Outcome

NOT_LEGAL = "{move} is not legal now and counts as HOLD."
NO_SUCH_MOVE = "There is no such move: it counts as HOLD."

FOUND_OUT = "A check shows that it is not true."
WEAKNESS = "You find a weakness: a mistake that the supplier has made."
COSTS = "You estimate that it could go as low as {cost_estimate}."
QUOTE = "A rival quotes {quote}."
TERMS = "The terms on the table: {terms}."
TERMS_REFUSED = "The supplier will not talk about that."
PRIORITIES = "It says that it cares most about {issues}, in this order."
AGREED = "Agreed: {terms}."
CALLED = "It refuses the ultimatum."
SUPPLIER_BLUFF = "What it said was a bluff."
SUPPLIER_MEANS_IT = "You find out that it means what it said."
NEED = "You need the goods within {rounds}; each one more costs {cost}."
STALEMATE = "The talks have hardly moved for {stalemate} rounds."


@dataclass(frozen=True)
class Manner:
    """How the supplier takes a move.

    Attributes:
        below: the cue is below this.
        verbs: what the supplier does, in the present tense.
        soft: whether it leads one to expect that the supplier moves.
    """

    below: float
    verbs: tuple[str, str]
    soft: bool


REACTIONS = (
    Manner(-0.3, ("bristles", "takes it badly"), soft=False),
    Manner(0.15, ("shrugs it off", "is not impressed"), soft=False),
    Manner(0.6, ("hesitates", "grows thoughtful"), soft=True),
    Manner(float("inf"), ("is shaken", "looks worried"), soft=True),
)
"""How it takes pressure, by the cue ``reaction``."""

STRAINS = (
    Manner(0.2, ("smiles", "nods"), soft=True),
    Manner(0.5, ("listens", "considers it"), soft=True),
    Manner(0.85, ("frowns", "folds its arms"), soft=False),
    Manner(float("inf"), ("glares", "looks at its watch"), soft=False),
)
"""How it takes the other moves, by how strained it seems."""

STRAIN_CHANGES = (
    "The talks are relaxed.",
    "The talks are businesslike.",
    "The talks are strained.",
    "It is close to leaving.",
)
"""Said when pressure has brought the talks into another band of `STRAINS`."""

TOPICS: Mapping[Family, tuple[str, str]] = {
    Family.STRONG: ("It speaks of its order books.", "It mentions what it has in stock."),
    Family.THIRD_PARTY: ("It asks who else you buy from.", "It compares itself with others."),
    Family.ULTIMATUM: ("It wonders whether you have decided.", "It says that there is time."),
    Family.EMOTION: ("It speaks of how you treat each other.", "It comes back to past deliveries."),
    Family.CONCESSION: ("It asks what it would get in return.", "It says that both must give."),
}
"""What it speaks of with its answer."""

MOVED = ("comes down to {ask}", "moves to {ask}")
RAISED = ("asks {ask} now", "goes up to {ask}")
UNMOVED = ("repeats {ask}", "stays at {ask}")

EXCHANGED = "The supplier agrees: you come up to {offer}, and it comes down to {ask}."
NOT_EXCHANGED = "The supplier does not agree to that."

ENDINGS: Mapping[Outcome, str] = {
    Outcome.DEAL: "The supplier takes your {offer}, and you shake hands.",
    Outcome.BREAKDOWN: "The supplier gathers its papers and leaves.",
    Outcome.DEADLINE: "Time is up.",
}
"""What the supplier, or the clock, does when it is not the buyer who ends the talks."""

RESULTS: Mapping[Outcome, str] = {
    Outcome.DEAL: "Deal at {price} after {rounds}.",
    Outcome.BREAKDOWN: "No deal: the supplier left after {rounds}.",
    Outcome.WALKED_AWAY: "No deal: you left after {rounds}{reason}.",
    Outcome.DEADLINE: "No deal: time ran out after {rounds}.",
}
NO_NEXT_DEAL = "The supplier will not deal with you again."
"""Said when more deals might have followed this one."""

AHEAD = "It may be the first of {most} deals."
AGAIN = "The supplier negotiates with you again, for deal {number} of {most}."
DELIVERED = "It delivered what was agreed."
UNDER_DELIVERED = "It delivered less than agreed."

REASON = ", for a rival's quote of {quote}"


def pick(phrases: Sequence[str], count: int) -> str:
    """Return the phrase to use after ``count`` others: one after the other, from the first again."""
    return phrases[count % len(phrases)]


def band(manners: Sequence[Manner], cue: float) -> int:
    """Return the index of the first of ``manners`` that the cue is below."""
    return next(index for index, manner in enumerate(manners) if cue < manner.below)
