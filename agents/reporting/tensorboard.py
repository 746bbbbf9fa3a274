"""Numbers for TensorBoard: the same tags, layout and hyperparameter columns for every kind of policy."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stable_baselines3.common.logger import HParam, Logger, TensorBoardOutputFormat, configure
from torch.utils.tensorboard import SummaryWriter

from negoenv.evaluation import OUTCOMES, Episodes

from .report import WITH_INTERVAL, Report, bounds, scalars

HPARAMS: dict[str, bool | str | float] = {
    "Policy": "-", "Scenario": "-", "Algorithm": "none", "seed": 0, "total_steps": 0, "num_envs": 0, "network": "-",
    "stack": 0, "activation": "-", "anneal": False, "learning_rate": 0.0, "gamma": 0.0, "batch_size": 0, "n_steps": 0,
    "n_epochs": 0, "gae_lambda": 0.0, "ent_coef": 0.0, "vf_coef": 0.0, "clip_range": 0.0, "max_grad_norm": 0.0,
    "buffer_size": 0, "train_freq": 0, "gradient_steps": 0, "target_update_interval": 0, "exploration_fraction": 0.0,
}  # fmt: skip
"""The columns of the HPARAMS tab and what stands in them where a policy has no such thing. Runs with different columns
would hide each other's. The tab sorts columns by name and shows few at first, so those that say what a run is are
capitalised: capitals sort before the rest."""

METRICS = ("return", "deal_rate", "breakdown_rate", "price", "surplus_share", "goodwill", "rounds")
"""The tags beside them."""

VALIDATION = "validation"
HELD_OUT = "heldout"
INTERVAL = "heldout_interval"
BY_SUPPLIER = "heldout_by_supplier"
BREAKDOWNS = "heldout_breakdown_rate_by_supplier"
COMPARED = "compared"
LESS_THE_BEST = "return_less_the_best"

_TITLES = {
    "return": "Return", "deal_rate": "Share of deals", "breakdown_rate": "Share of breakdowns",
    "price": "Price, fraction of the first ask", "goodwill": "Goodwill after the deal", "rounds": "Rounds",
}  # fmt: skip

Charts = dict[str, list[Any]]


def hparams(values: Mapping[str, Any]) -> HParam:
    """Return one row of the HPARAMS tab; what is unknown, or no number where one is expected, has its neutral value."""
    row: dict[str, bool | str | float | None] = {}
    for name, neutral in HPARAMS.items():
        value = values.get(name.lower(), neutral)
        fits = isinstance(value, str) if isinstance(neutral, str) else isinstance(value, (bool, int, float))
        row[name] = value if fits else neutral
    return HParam(row, {f"{HELD_OUT}/{tag}": 0.0 for tag in METRICS})


def layout(compared: bool) -> dict[str, Charts]:
    """Return the charts of the CUSTOM SCALARS tab by category.

    Args:
        compared: whether there are differences to the best policy to be drawn.
    """

    def margin(tag: str) -> list[Any]:
        return ["Margin", [f"{HELD_OUT}/{tag}", f"{INTERVAL}/{tag}_low", f"{INTERVAL}/{tag}_high"]]

    def lines(*tags: str) -> list[Any]:
        return ["Multiline", list(tags)]

    charts = {f"{_TITLES[tag]}, with its 95% interval": margin(tag) for tag in WITH_INTERVAL}
    better, *others = charts
    difference: Charts = {}
    if compared:
        tags = [f"{COMPARED}/{LESS_THE_BEST}{end}" for end in ("", "_low", "_high")]
        difference = {"Return less that of the best, by supplier, with its 95% interval": ["Margin", tags]}
    return {
        "1. Which policy is better, and how sure is that?": {better: charts[better]} | difference,
        "2. How does it negotiate?": {
            "Use of tactics, moves an episode": lines(f"{HELD_OUT}/use_.*"),
            **{title: charts[title] for title in others},
        },
        "3. Where does it fail?": {
            "How negotiations end, shares": lines(*(f"{HELD_OUT}/{outcome}_rate" for outcome in OUTCOMES)),
            "Return by kind of supplier": lines(f"{BY_SUPPLIER}/.*"),
            "Share of breakdowns by kind of supplier": lines(f"{BREAKDOWNS}/.*"),
        },
    }


def event_logger(directory: Path) -> Logger:
    """Return a logger that writes event files into ``directory``, and nothing else."""
    return configure(str(directory), ["tensorboard"])


def writer_of(logger: Logger) -> SummaryWriter:
    """Return the writer behind a logger of `event_logger`, for what is no number."""
    (output,) = (output for output in logger.output_formats if isinstance(output, TensorBoardOutputFormat))
    return output.writer


def record(logger: Logger, prefix: str, values: Mapping[str, float]) -> None:
    """Hand numbers to a logger under ``prefix/name``."""
    for name, value in values.items():
        logger.record(f"{prefix}/{name}", value)


def record_report(logger: Logger, report: Report) -> None:
    """Hand what is said of a policy in numbers to a logger; validation suppliers have curves of their own."""
    if report.split == VALIDATION:
        record(logger, VALIDATION, scalars(report.episodes))
    else:
        record_held_out(logger, report.episodes)


def record_held_out(logger: Logger, episodes: Episodes) -> None:
    """Hand everything that is said of held-out episodes in numbers to a logger."""
    record(logger, HELD_OUT, scalars(episodes))
    record(logger, INTERVAL, bounds(episodes))
    for prefix, metric in ((BY_SUPPLIER, "return"), (BREAKDOWNS, "breakdown_rate")):
        record(logger, prefix, {kind: interval.mean for kind, interval in episodes.by_supplier(metric).items()})
