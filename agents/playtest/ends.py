"""The ends of the normalised score, as the playtest found them, for the records that come with the package."""

import shlex

import negoenv
from agents.playtest.result import Result
from agents.playtest.settings import Settings
from agents.reporting.references import SPLIT
from agents.reporting.report import EVALUATION_SEED
from negoenv.games import make_batch
from negoenv.scores import Reference, fingerprint


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
    command = ["python", "scripts/playtest.py", "--scenario", result.scenario, "--part", part, *options, "--record"]
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
