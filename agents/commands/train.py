"""Train a policy."""

from pathlib import Path
from typing import Annotated

import typer

from negoenv.errors import NegoenvError

from ..invocation import command_line
from ..learning.algorithms import HYPERPARAMETERS
from ..learning.config import TrainConfig, described_keys, load_config, with_defaults
from ..learning.seeds import cores, train_seeds, with_seeds
from ..reporting.compare import compare
from ..reporting.tables import comparison_table, report_table
from ..terminal import console
from .options import Processes, Runs, ShowProgress, keys_of


def _help_on_keys() -> str:
    """Return every key of a configuration, as the help shows it.

    The defaults of hyperparameters are left out: they are those of libraries that take seconds to import.
    """
    own = [(f"hyperparameters.{name}", known.described) for name, known in HYPERPARAMETERS.items()]
    more = ("Defaults of hyperparameters, by algorithm:", f"    {command_line('list', 'keys')}")
    return keys_of("a configuration", (*with_defaults(described_keys(hyperparameters=False)), *own), *more)


def _train_side_by_side(configs: list[TrainConfig], runs: Path, processes: int, progress: bool) -> None:
    """Train with several seeds, and print what they come to together, beside the best scripted policy."""
    directories = [str(directory) for directory in train_seeds(configs, runs, processes, progress)]
    settings = configs[0]
    scripted = compare((), settings.scenario, episodes=settings.test_episodes).best
    together = compare((scripted.policy, *directories), settings.scenario, episodes=settings.test_episodes)
    console().print(comparison_table(together))
    for directory in directories:
        print(f"Run: {directory}")
    print(f"Compare: {command_line('compare', *directories, '--logdir', 'NEW')}")


EPILOG = _help_on_keys()


def main(
    config: Annotated[
        str | None,
        typer.Argument(
            metavar="CONFIG", help="Name of a configuration that comes with negoenv, such as smoke, or a YAML file."
        ),
    ] = None,
    changes: Annotated[
        list[str] | None,
        typer.Argument(metavar="[KEY=VALUE]...", help="For example seed=1 hyperparameters.gamma=0.98"),
    ] = None,
    directory: Annotated[
        Path | None, typer.Option(help="New directory of the run.", show_default="a numbered one")
    ] = None,
    runs: Runs = Path("runs"),
    run: Annotated[
        Path | None,
        typer.Option("--resume", metavar="RUN", help="Resume this interrupted run from its newest checkpoint."),
    ] = None,
    seeds: Annotated[
        int, typer.Option(min=1, help="Train with so many seeds side by side, from the configured one on.")
    ] = 1,
    processes: Processes = None,
    progress: ShowProgress = True,
) -> None:
    """Train a policy and leave a run directory: settings, curves for TensorBoard, policies, results on test suppliers.

    Unless --directory is given, it is named by scenario, algorithm, the keys that were changed, the seed and a number.
    With --resume nothing else is named: the run is what it was. With --seeds each has a run directory of its own, and
    they are compared with the best scripted policy; intervals count suppliers and seeds.
    """
    if (config is None) == (run is None) or (run and directory):
        raise NegoenvError(
            "Name a configuration, or with --resume a run, which goes on as it was begun: "
            f"{command_line('train', '--help')} says more."
        )
    if seeds > 1 and (run or directory):
        raise NegoenvError("--seeds makes a numbered run directory for each seed; --directory and --resume name one.")
    settings = load_config(config, changes or ()) if config is not None else None
    if settings and seeds > 1:
        _train_side_by_side(with_seeds(settings, seeds), runs, processes or cores(), progress)
        return

    from ..learning.train import resume, train  # torch takes seconds to import; mistakes are told before

    if settings:
        result = train(settings, directory, runs, progress)
    elif run:
        result = resume(run, progress)
    console().print(report_table(result.report))
    print(f"{result.steps:,} steps in {result.seconds:.1f} s ({result.steps / result.seconds:,.0f} a second)")
    print(f"Run: {result.directory}")
    if result.best is not None:
        returned = f"return {result.best.episodes.returns.mean():.3f}"
        print(f"Best on validation suppliers: {result.directory / 'best'}, step {result.best_steps:,}, {returned}")
    print(f"Board: {command_line('board', result.directory)}")
