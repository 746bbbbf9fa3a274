"""What a calibration fits to what: the free traits of the sellers, and the moments they are to show."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from negoenv.errors import NegoenvError
from negoenv.human.bargains import Bargains, Floats
from negoenv.human.moments import MOMENTS, moments_of, standard_errors
from negoenv.human.simulate import Buyers, Replay
from negoenv.human.turns import TURN_MOMENTS, Turns, turn_errors, turn_moments_of
from negoenv.scenarios.population import Archetype, Population, Trait


@dataclass(frozen=True)
class Parameter:
    """One number that is fitted."""

    name: str  # field of the supplier, or a habit of the buyers
    part: str  # "mean" or "spread"
    low: float  # smallest value tried
    high: float  # largest value tried


@dataclass(frozen=True, eq=False)
class Problem:
    """What is fitted to what."""

    parameters: tuple[Parameter, ...]  # what is free in the sellers
    given: Mapping[str, Trait]  # traits that are set and not fitted
    meaning: str  # who the sellers are, one sentence
    moments: Callable[[Replay], Mapping[str, float]]  # of simulated negotiations, by name
    measured: Mapping[str, float]  # what they are to be, by name
    scale: Mapping[str, float]  # in which units a distance from it is counted, by name
    buyers: Callable[[Floats], Buyers]  # returns the buyers, given the values of `habits`
    habits: tuple[Parameter, ...] = ()  # what is free in the buyers, where nothing is known of it

    @property
    def free(self) -> tuple[Parameter, ...]:
        """Everything that is fitted; the order of a vector of values."""
        return (*self.parameters, *self.habits)

    def habits_of(self, values: Floats) -> Floats:
        """Return the part of the values that belongs to the buyers."""
        return values[len(self.parameters) :]

    def archetype(self, values: Floats, name: str = "seller", share: float = 1.0) -> Archetype:
        """Return the sellers that the values describe."""
        parts = {trait: given.model_dump() for trait, given in self.given.items()}
        for parameter, value in zip(self.parameters, values, strict=False):
            parts.setdefault(parameter.name, {})[parameter.part] = round(float(value), 4)
        traits = {trait: Trait(**numbers) for trait, numbers in parts.items()}
        return Archetype(name=name, share=share, meaning=self.meaning, traits=traits)

    def population(self, values: Floats, name: str, source: str) -> Population:
        """Return a population of these sellers alone."""
        return Population(name=name, source=source, archetypes=(self.archetype(values),))

    def values_of(self, population: Population) -> Floats:
        """Return the values that describe the sellers of a population, for a fit to start from.

        Raises:
            NegoenvError: if it is a mixture, or does not name a trait that is fitted.
        """
        if len(population.archetypes) != 1:
            raise NegoenvError(
                f"The population {population.name!r} has {len(population.archetypes)} archetypes; "
                "a fit starts from a population of one."
            )
        traits = population.archetypes[0].traits
        for parameter in self.parameters:
            if parameter.name not in traits:
                raise NegoenvError(
                    f"The population {population.name!r} does not name the trait {parameter.name!r}, which is fitted; "
                    "a fit starts from one that was fitted before."
                )
        return np.array([getattr(traits[parameter.name], parameter.part) for parameter in self.parameters])


PARAMETERS = (
    Parameter("reservation_price", "mean", 0.1, 0.9),
    Parameter("reservation_price", "spread", 0.0, 0.8),
    Parameter("aspiration", "mean", 0.2, 1.0),
    Parameter("aspiration", "spread", 0.0, 1.0),
    Parameter("bargaining_weight", "mean", 0.1, 1.0),
    Parameter("concession_rate", "mean", 0.1, 1.0),
    Parameter("concession_spread", "mean", 0.0, 1.0),
    Parameter("midpoint_affinity", "mean", 0.0, 0.6),
    Parameter("decisiveness", "mean", 0.2, 1.0),
    Parameter("exit_rate", "mean", 0.0, 0.2),
    Parameter("readiness", "mean", -3.0, 3.0),
    Parameter("readiness", "spread", 0.0, 1.5),
    Parameter("generosity", "mean", 0.0, 1.0),
    Parameter("acceptance_width", "mean", 0.005, 0.2),
    Parameter("anchoring", "mean", 0.0, 4.0),
    Parameter("receptive_strong", "mean", 0.0, 1.0),
    Parameter("receptive_ultimatum", "mean", 0.0, 1.0),
)
"""What prices and words can identify; the last two are what the sellers make of claims and last offers."""

GIVEN = {
    "weakness": Trait(mean=0.0),
    "opportunism": Trait(mean=0.0),
    "patience": Trait(mean=2.0),
    "matching": Trait(mean=1.0),
    "waiting_cost": Trait(mean=0.005),
    "fairness": Trait(mean=0.145, spread=0.357),
}
"""Traits that are set and not fitted.

There is no weakness and no opportunism to be seen. Chats end long before the rounds that the game allows, so that
sellers have no deadline of their own. Beside generosity, which is fitted, matching and cost of waiting hardly show.
Fairness is that of people in the ultimatum game (Heffner & FeldmanHall 2022): of all centres and half-widths in steps
of .005 and .0025 those whose farthest moment of `negoenv.human.rejections` is nearest.
"""

REDUNDANT = ("reply_none",)  # 1 less the other two replies
_MIN_ERROR = 1e-3  # no moment is aimed at more closely


def chat_problem(bargains: Bargains, scale: Mapping[str, float] | None = None, turns: Turns | None = None) -> Problem:
    """Return the fit of sellers to measured negotiations, whose buyers are replayed.

    Args:
        bargains: the data.
        scale: units of the distances; the bootstrap standard errors of the data unless given.
        turns: turns whose moments are fitted too; none unless given.

    Raises:
        NegoenvError: if a moment that is fitted, or its error, cannot be computed of so few negotiations.
    """
    names = [name for name, moment in MOMENTS.items() if moment.fitted and name not in REDUNDANT]
    errors = dict(standard_errors(bargains) if scale is None else scale)
    measured, buyers = moments_of(bargains, names), Buyers.of(bargains, turns)
    if turns is not None:
        measured |= {name: value for name, value in turn_moments_of(turns).items() if TURN_MOMENTS[name].fitted}
        errors |= {name: errors.get(name, error) for name, error in turn_errors(turns).items()}
    for name in names:
        if math.isnan(measured[name]) or math.isnan(errors[name]):
            raise NegoenvError(
                f"{len(bargains)} engaged negotiations are too few for a fit: they do not show the moment {name!r} "
                f"({MOMENTS[name].meaning})."
            )

    def simulated(found: Replay) -> Mapping[str, float]:
        return moments_of(found.bargains, names) | (turn_moments_of(found.turns) if turns is not None else {})

    return Problem(
        parameters=PARAMETERS,
        given=GIVEN,
        meaning="A private seller of second-hand goods in a chat of a few minutes.",
        moments=simulated,
        measured=measured,
        scale={name: max(errors[name], _MIN_ERROR) for name in measured},
        buyers=lambda habits: buyers,
    )
