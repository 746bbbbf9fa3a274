"""Measured beside simulated moments: as tables for a terminal and a page, as plain data, in sentences."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from rich.table import Table

from negoenv.human import ebay
from negoenv.human.check import FAR, FAR_FITTED, HEADLINE, TOLD, MomentComparison, SignComparison, share_near
from negoenv.human.fit import Draws
from negoenv.markdown import table
from negoenv.scenarios.population import Population

from ...terminal import number_table
from .fits import spreads_of


def moments_table(moments: Sequence[MomentComparison]) -> Table:
    """Return measured beside simulated moments; those far apart are marked."""
    parts = "the data's own sampling error" if seen(moments) else "the sampling errors of both data sets"
    rows = []
    for moment in moments:
        far = "" if moment.near else "!"
        aim = "" if moment.fitted else "not fitted"
        numbers = [f"{n:.3f}" for n in (moment.measured, moment.simulated, moment.error_of_difference)]
        rows.append((moment.name, *numbers, f"{moment.z:+.1f}{far}", aim))
    headers = ("moment", "measured", "simulated", "error of difference", "z", "")
    caption = f"z: in standard errors of the difference ({parts}, and the simulation's error). ! beyond {FAR:g}."
    return number_table("Measured and simulated moments", headers, rows, caption)


def seen(moments: Sequence[MomentComparison]) -> bool:
    """Return whether the data is that of the fit."""
    return all(moment.fit_error == 0.0 for moment in moments)


def check_summary(moments: Sequence[MomentComparison]) -> dict[str, Any]:
    """Return how a check came out, in a few numbers."""
    found: dict[str, Any] = {
        "data_of_the_fit": seen(moments),
        "moments": len(moments),
        "within_3_standard_errors": sum(moment.near for moment in moments),
        "share_within_3_standard_errors": share_near(moments),
        "headline_z": {moment.name: moment.z for moment in moments if moment.name in HEADLINE},
    }
    if seen(moments):
        found["largest_z_of_fitted"] = max((abs(m.z) for m in moments if m.fitted), default=0.0)
        found["share_expected_on_unseen_data"] = float(np.mean([m.chance_on_unseen_data for m in moments]))
    return found


def sentences(moments: Sequence[MomentComparison]) -> str:
    """Return how a check came out, in sentences."""
    found = check_summary(moments)
    headline = ", ".join(f"{name} {z:+.1f}" for name, z in found["headline_z"].items())
    of_headline = f" z of {headline}." if headline else ""
    lines = [
        f"{found['within_3_standard_errors']} of {found['moments']} moments "
        f"({found['share_within_3_standard_errors']:.0%}) are within {FAR:g} standard errors of the "
        f"difference.{of_headline}"
    ]
    if found["data_of_the_fit"]:
        lines.append(
            f"Counted as the data that the sellers were fitted to: the largest z of a fitted moment is "
            f"{found['largest_z_of_fitted']:.1f} (at most {FAR_FITTED:g} is asked for); on unseen data of this size "
            f"{found['share_expected_on_unseen_data']:.1%} of all moments are to be expected within {FAR:g}."
        )
    return "\n".join(lines)


def check_dict(moments: Sequence[MomentComparison], signs: Sequence[SignComparison] = ()) -> dict[str, Any]:
    """Return a check as plain data."""
    told = [sign for sign in signs if sign.told]
    return {
        "summary": check_summary(moments) | {"signs_told": len(told), "signs_that_agree": sum(s.agrees for s in told)},
        "moments": {moment.name: _numbers(moment) for moment in moments},
        "signs": {
            s.name: {
                "measured": s.measured,
                "error": s.error,
                "simulated": s.simulated,
                "told": s.told,
                "agrees": s.agrees,
            }
            for s in signs
        },
    }


def signs_table(signs: Sequence[SignComparison]) -> Table:
    """Return the effects on opinions of which only the sign is compared."""
    caption = f"In standard deviations of each side's own scale. Told: more than {TOLD:g} standard errors from 0."
    return number_table("Opinions: signs only", _SIGN_HEADERS, _sign_rows(signs), caption)


_SIGN_HEADERS = ("effect", "people", "error", "model", "sign")


def _sign_rows(signs: Sequence[SignComparison]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for sign in signs:
        verdict = ("same" if sign.agrees else "other") + ("" if sign.told else ", not told")
        rows.append((sign.name, f"{sign.measured:+.2f}", f"{sign.error:.2f}", f"{sign.simulated:+.2f}", verdict))
    return rows


def signs_sentence(signs: Sequence[SignComparison]) -> str:
    """Return how the signs came out, in a sentence."""
    told = [sign for sign in signs if sign.told]
    return (
        f"Of {len(signs)} effects on opinions people tell the sign of {len(told)}, of which the model has "
        f"{sum(sign.agrees for sign in told)}."
    )


def signs_part(signs: Sequence[SignComparison]) -> str:
    """Return the signs for the page."""
    rows = [(f"`{name}`", *cells) for name, *cells in _sign_rows(signs)]
    return f"{signs_sentence(signs)}\n\n{table(_SIGN_HEADERS, rows, numbers=True)}"


def _numbers(moment: MomentComparison) -> dict[str, Any]:
    return {
        "measured": moment.measured,
        "simulated": moment.simulated,
        "standard_error": moment.error,
        "standard_error_of_fitted_data": moment.fit_error,
        "simulation_error": moment.simulation_error,
        "error_of_difference": moment.error_of_difference,
        "z": moment.z,
        "fitted": moment.fitted,
    }


def cross_table(checks: Sequence[Sequence[MomentComparison]]) -> Table:
    """Return how each moment came out on halves that the fit had not seen."""
    rows = []
    for moments in zip(*checks, strict=True):
        z = np.array([moment.z for moment in moments])
        near = f"{sum(moment.near for moment in moments)} of {len(moments)}"
        rows.append((moments[0].name, f"{z.mean():+.1f}", f"{np.abs(z).max():.1f}", near))
    title = f"{len(checks)} checks on halves that were not fitted"
    return number_table(title, ("moment", "mean z", "largest |z|", "near"), rows, f"near: within {FAR:g}.")


def cross_summary(checks: Sequence[Sequence[MomentComparison]]) -> dict[str, Any]:
    """Return how a cross-validation came out, in a few numbers."""
    shares = [share_near(moments) for moments in checks]
    headline = [[moment for moment in moments if moment.name in HEADLINE] for moments in checks]
    return {
        "checks": len(checks),
        "share_within_3_standard_errors": {"mean": float(np.mean(shares)), "least": min(shares)},
        "checks_with_every_headline_near": sum(all(m.near for m in moments) for moments in headline),
        "largest_headline_z": max(abs(m.z) for moments in headline for m in moments),
    }


def cross_sentence(checks: Sequence[Sequence[MomentComparison]]) -> str:
    """Return how a cross-validation came out, in a sentence."""
    found = cross_summary(checks)
    shares = found["share_within_3_standard_errors"]
    return (
        f"On halves that were not fitted {shares['mean']:.1%} of all moments are within {FAR:g} standard errors of the "
        f"difference (least of {found['checks']} checks: {shares['least']:.1%}); {', '.join(HEADLINE)} all are in "
        f"{found['checks_with_every_headline_near']} of {found['checks']}; their largest z is "
        f"{found['largest_headline_z']:.1f}."
    )


def cross_dict(checks: Sequence[Sequence[MomentComparison]]) -> dict[str, Any]:
    """Return a cross-validation as plain data."""
    return {
        "summary": cross_summary(checks),
        "checks": [{moment.name: _numbers(moment) for moment in moments} for moments in checks],
    }


def ebay_table(simulated: dict[str, float]) -> Table:
    """Return eBay's published numbers beside the simulated ones."""
    rows = [(name, f"{number:.3f}", f"{simulated[name]:.3f}") for name, number in ebay.TARGETS.items()]
    caption = f"Published numbers come through a secondary source: {ebay.SOURCE}."
    return number_table("eBay's Best Offer", ("number", "published", "simulated"), rows, caption)


def ebay_dict(simulated: dict[str, float], habits: dict[str, float]) -> dict[str, Any]:
    """Return a fit to eBay's numbers as plain data."""
    return {"source": ebay.SOURCE, "published": ebay.TARGETS, "simulated": simulated, "buyers": habits}


def check_part(moments: Sequence[MomentComparison]) -> str:
    """Return the check on the data of the fit."""
    rows = [
        (
            f"`{m.name}`",
            f"{m.measured:.3f}",
            f"{m.simulated:.3f}",
            f"{m.error_of_difference:.3f}",
            f"{m.z:+.1f}",
            "yes" if m.fitted else "",
        )
        for m in moments
    ]
    headers = ("moment", "measured", "simulated", "error of difference", "z", "fitted")
    return f"{sentences(moments)}\n\n{table(headers, rows, numbers=True)}"


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
