"""Train a pressure policy for each of some configurations and compare it with the scripted ones."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from negoenv.make import make_batch

from ..registry import default_policies
from ..reporting.compare import Comparison, compare_suite
from ..reporting.directory import write_suite
from ..reporting.files import numbered_directory
from .config import load_config
from .train import train


def demo(
    configs: Iterable[Path | str], changes: Iterable[str] = (), runs: Path = Path("runs"), progress: bool = False
) -> Iterator[tuple[Comparison, Path]]:
    """Train and compare, one configuration after the other, on held-out suppliers.

    Args:
        configs: training runs, as in `agents.learning.config.load_config`; all are read before the first is trained.
        changes: ``key=value``, applied to each of them.
        runs: where the run directories are made, and one directory with each comparison.
        progress: whether to show progress bars.

    Yields:
        Each comparison, and the directory that holds it.

    Raises:
        NegoenvError: if a configuration is wrong.
    """
    for config in [load_config(path, changes) for path in configs]:
        result = train(config, runs=runs, progress=progress)
        scripted = default_policies(make_batch(1, config.scenario))
        policies = (*scripted, str(result.directory))
        suite = compare_suite(policies, [config.scenario], episodes=config.test_episodes, trace=True, progress=progress)
        directory = numbered_directory(runs, f"{config.label}_compared")
        write_suite(suite, [config.scenario], directory, progress)
        yield suite.comparisons[0], directory
