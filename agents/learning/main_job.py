"""The main job: train a pressure policy for each of some configurations and compare it with the scripted ones."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from agents.catalogue import default_policies
from agents.learning.config import load_config
from agents.learning.train import train
from agents.reporting.compare import Comparison, compare
from agents.reporting.files import numbered_directory, write_json
from agents.reporting.tensorboard import log_comparison
from negoenv.games import make_batch


def main_job(
    configs: Iterable[Path], changes: Iterable[str] = (), runs: Path = Path("runs"), progress: bool = False
) -> Iterator[Comparison]:
    """Train and compare, one configuration after the other, on held-out suppliers.

    Args:
        configs: YAML files of training runs; all are read before the first is trained.
        changes: ``key=value``, applied to each of them.
        runs: where the run directories are made, and one directory with each comparison.
        progress: whether to show progress bars.

    Raises:
        NegoenvError: if a configuration is wrong.
    """
    for config in [load_config(path, changes) for path in configs]:
        result = train(config, runs=runs, progress=progress)
        scripted = default_policies(make_batch(1, config.scenario))
        comparison = compare((*scripted, str(result.directory)), config.scenario, episodes=config.test_episodes)
        directory = numbered_directory(runs, f"{config.run_name}_compared")
        log_comparison(comparison, directory)
        write_json(directory / "comparison.json", comparison.as_dict())
        yield comparison
