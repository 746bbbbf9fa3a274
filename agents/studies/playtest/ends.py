"""The ends of the normalised score, as the playtest found them, for the records that come with the package."""

import shlex

import negoenv
from negoenv.benchmark.scores import Reference, fingerprint
from negoenv.make import make_batch

from ...reporting.report import EVALUATION_SEED
from ..references import SPLIT
from .result import Result
from .settings import Settings


def reference(result: Result, settings: Settings) -> Reference:
    """Return what 0 and 1 of a preset's normalised score are worth: the random policy and the best of all that played.

    Args:
        result: what was found for the preset.
        settings: how thoroughly.

    Raises:
        NegoenvError: if the result is not a preset's.
    """
    standings = result.standings
    random, best = standings.ends
    sizes = ("steps", "seeds", "episodes", "reference_episodes", "recurrent_steps")
    options = [word for name in sizes for word in (f"--{name.replace('_', '-')}", str(getattr(settings, name)))]
    part = "capabilities" if result.families is None else "families"
    command = ["negoenv", "playtest", "--scenario", result.scenario, "--part", part, *options, "--record"]
    return Reference(
        scenario=result.scenario,
        split=SPLIT,
        fingerprint=fingerprint(make_batch(1, result.scenario, SPLIT)),
        random=random,
        best=best,
        policy=standings.best,
        seed=EVALUATION_SEED,
        episodes=settings.episodes,
        version=negoenv.__version__,
        command=shlex.join(command),
    )
