"""The constants of the Ladder game: who the two suppliers are, what a move does to tension, what a deal is worth."""

from dataclasses import dataclass
from enum import IntEnum

from negoenv.errors import NegoenvError, unknown_name


class LadderMove(IntEnum):
    """What the buyer can do in a round; ``meaning`` says it in a line."""

    HOLD = 0  # let the tension fall
    PRESS = 1  # climb one rung: a small step of pressure
    FORCE = 2  # climb two rungs at once: the same pressure, much more tension
    CONCEDE = 3  # step down a rung: a worse price, much less tension
    CLOSE = 4  # offer to settle at the price of the present rung
    WALK_AWAY = 5  # leave for the outside option

    @property
    def meaning(self) -> str:
        """One line for a person who reads a transcript."""
        return _MEANINGS[self]

    @property
    def climb(self) -> int:
        """Change of the rung, in rungs."""
        return _CLIMBS.get(self, 0)


_MEANINGS = {
    LadderMove.HOLD: "Wait a round on the same rung; tension falls.",
    LadderMove.PRESS: "Step up one rung of pressure; tension may rise.",
    LadderMove.FORCE: "Jump up two rungs of pressure at once; tension rises with the square of the jump.",
    LadderMove.CONCEDE: "Step down one rung, to a worse price; tension falls steeply.",
    LadderMove.CLOSE: "Offer to settle at the price of this rung; after a refusal tension may rise.",
    LadderMove.WALK_AWAY: "Leave for the outside option, which is worth nothing here.",
}
_CLIMBS = {LadderMove.PRESS: 1, LadderMove.FORCE: 2, LadderMove.CONCEDE: -1}


class LadderEnd(IntEnum):
    """How a negotiation ended; the name in lower case is the ``outcome`` that ``info`` reports."""

    DEAL = 0  # the supplier accepted the price of the rung
    BREAKDOWN = 1  # the supplier left in anger
    WALKED_AWAY = 2  # the buyer left
    DEADLINE = 3  # impasse: no deal when the rounds were used up


@dataclass(frozen=True)
class LadderSupplier:
    """One type of supplier: five numbers, all of them assumptions.

    Attributes:
        name: what ``options={"supplier": name}`` calls it.
        offence_probability: chance that one occasion for offence raises tension by a level. A climb of j rungs gives
            j * j independent occasions, so that tension is convex in the jump; a refused offer gives one.
        tolerance: highest tension the supplier bears without thinking of leaving, in levels.
        acceptance: probability that it accepts the price of rung 0 when calm.
        acceptance_per_rung: what each rung takes off that probability.
        acceptance_per_tension: what each level of tension takes off that probability.
    """

    name: str
    offence_probability: float
    tolerance: int
    acceptance: float
    acceptance_per_rung: float
    acceptance_per_tension: float

    def acceptance_probability(self, rung: int, tension: int) -> float:
        """Probability that it accepts an offer to settle."""
        willingness = self.acceptance - self.acceptance_per_rung * rung - self.acceptance_per_tension * tension
        return min(1.0, max(0.0, willingness))


YIELDING = LadderSupplier(
    name="yielding",  # puts agreement above its own outcome, as in the dual-concern model (Pruitt & Rubin 1986)
    offence_probability=0.2,  # probability; assumption
    tolerance=2,  # levels of tension; assumption
    acceptance=1.0,  # probability; assumption
    acceptance_per_rung=0.08,  # probability a rung; assumption
    acceptance_per_tension=0.08,  # probability a level; assumption
)
PROUD = LadderSupplier(
    name="proud",  # resists being pushed and would rather lose the order than face
    offence_probability=0.7,  # probability; assumption
    tolerance=1,  # levels of tension; assumption
    acceptance=1.0,  # probability; assumption
    acceptance_per_rung=0.2,  # probability a rung; assumption
    acceptance_per_tension=0.2,  # probability a level; assumption
)


@dataclass(frozen=True)
class LadderRules:
    """Every constant of the game.

    Raises:
        NegoenvError: if a probability leaves [0, 1], a count is too small, or the two suppliers share a name.
    """

    suppliers: tuple[LadderSupplier, LadderSupplier] = (YIELDING, PROUD)  # the two types, in the order of their codes
    second_probability: float = 0.5  # probability that the supplier is of the second type, proud; assumption
    deadline: int = 8  # rounds; assumption
    shares: tuple[float, ...] = (0.1, 0.3, 0.5, 0.7, 0.9)  # buyer's fraction of the surplus, by rung; assumption
    tensions: int = 4  # levels of tension, 0 is calm; assumption
    hold_relief: int = 1  # levels by which HOLD lowers tension; assumption
    concede_relief: int = 2  # levels by which CONCEDE lowers tension; assumption
    breakdown_steepness: float = 0.2  # breakdown probability a squared level of tension past tolerance; assumption
    breakdown_penalty: float = 0.5  # fraction of the surplus lost when the supplier leaves in anger; assumption
    round_cost: float = 0.01  # fraction of the surplus, for each round but the one of walking away; assumption

    def __post_init__(self) -> None:
        chances = [self.second_probability]
        for supplier in self.suppliers:
            chances += [supplier.offence_probability, supplier.acceptance]
        if not all(0.0 <= chance <= 1.0 for chance in chances):
            raise NegoenvError(f"Ladder probabilities must lie between 0 and 1; they are {chances}.")
        if min(self.deadline, len(self.shares), self.tensions) < 1:
            raise NegoenvError("The Ladder game needs at least one round, one rung and one level of tension.")
        if self.suppliers[0].name == self.suppliers[1].name:
            raise NegoenvError(f"Both suppliers of the Ladder game are named {self.suppliers[0].name!r}.")

    @property
    def rungs(self) -> int:
        """Number of rungs; the lowest is rung 0."""
        return len(self.shares)

    @property
    def supplier_names(self) -> tuple[str, str]:
        """The names of the two types, in the order of their codes."""
        first, second = self.suppliers
        return first.name, second.name

    def supplier_code(self, name: object) -> int:
        """Return the code of the supplier with this name.

        Raises:
            NegoenvError: if there is none.
        """
        if not isinstance(name, str) or name not in self.supplier_names:
            raise unknown_name("supplier", name, self.supplier_names)
        return self.supplier_names.index(name)

    def breakdown_probability(self, supplier: LadderSupplier, tension: int) -> float:
        """Probability that the supplier leaves at the end of a round with this tension."""
        excess = max(0, tension - supplier.tolerance)
        return min(1.0, self.breakdown_steepness * excess**2)


DEFAULT_RULES = LadderRules()
