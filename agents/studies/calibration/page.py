"""The numbers of ``docs/human_data.md``, part by part, as `agents.studies.pages` fills them in."""

from collections.abc import Mapping, Sequence

from negoenv.human import MOMENTS, ebay
from negoenv.human.check import Comparison
from negoenv.human.resampling import Draws
from negoenv.markdown import table
from negoenv.scenarios.population import Population

from . import tables
from .run import spreads_of


def check_part(moments: Sequence[Comparison]) -> str:
    """Return the check on the data of the fit."""
    rows = [
        (
            f"`{m.name}`",
            f"{m.measured:.3f}",
            f"{m.simulated:.3f}",
            f"{m.error_of_difference:.3f}",
            f"{m.z:+.1f}",
            "yes" if MOMENTS[m.name].fitted else "",
        )
        for m in moments
    ]
    headers = ("moment", "measured", "simulated", "error of difference", "z", "fitted")
    return f"{tables.sentences(moments)}\n\n{table(headers, rows, numbers=True)}"


def draws_part(draws: Draws, population: Population) -> str:
    """Return the fitted numbers and how uncertain they are."""
    fitted = draws.problem.values_of(population)
    spreads = spreads_of(draws)
    rows = [
        (f"`{number}`", f"{value:.3f}", f"{mean:.3f}", f"{error:.3f}")
        for value, (number, (mean, error)) in zip(fitted, spreads.items(), strict=True)
    ]
    headers = ("number", "fit of all", f"mean of {len(draws.values)} resamples", "standard error")
    return table(headers, rows, numbers=True)


def ebay_part(simulated: Mapping[str, float], habits: Mapping[str, float]) -> str:
    """Return eBay's numbers beside the simulated ones, and what its buyers had to be."""
    rows = [
        (name.replace("_", " "), f"{target:.3f}", f"{simulated[name]:.3f}", f"{simulated[name] - target:+.3f}")
        for name, target in ebay.TARGETS.items()
    ]
    words = ", ".join(f"`{name}` {value:.2f}" for name, value in habits.items())
    numbers = table(("number", "published", "simulated", "difference"), rows, numbers=True)
    return f"{numbers}\n\nHabits that the fit found: {words}."
