"""What a buyer gives up of one objective for another: policies that were trained with other weights of the objectives.

Each weight multiplies the terms of one objective of `negoenv.interop.mo_gymnasium`, so that a training maximises a
weighted sum of the reward vector. What came of it is measured in the game as it is.
"""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.benchmark.evaluation import Episodes, Interval
from negoenv.colours import BLUE, GREY, VERMILION
from negoenv.errors import NegoenvError, nearest, shown
from negoenv.interop.mo_gymnasium import OBJECTIVES, objectives_of
from negoenv.make import make_batch
from negoenv.markdown import table
from negoenv.scenarios.presets import resolve

from ..learning.config import TrainConfig, load_config
from ..registry import load_policy
from ..reporting.report import report_on
from ..reporting.tables import with_margin
from .pages import label, measured_on, save_figure

CONFIG = "procurement_fast_ppo"
"""The configuration of the trainings, unless another one is given."""

SCRIPTED = ("gradual", "conceder")
"""Policies that are measured beside them."""

MEASURED_TRADE_OFF = "trade-off"
"""Name of the part of a page that holds the table."""

_WEIGHTS_OF = {
    "surplus": ("surplus", "outside_option", "tactics"),
    "goodwill": ("goodwill", "under_delivery"),
    "time": ("round", "deadline"),
    "breakdown": ("breakdown",),
}
"""The reward weights of a scenario that an objective multiplies. What delay costs is drawn and seen, and stays."""

Weights = dict[str, float]
"""By what each objective is multiplied; 1 for those that are not named."""

GRID: tuple[Weights, ...] = (
    *({"goodwill": factor} for factor in (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)),
    {"time": 8.0},
    {"breakdown": 0.0},
    {"breakdown": 4.0},
)
"""The weights that are tried, unless others are given."""


@dataclass(frozen=True)
class Point:
    """What a policy comes to.

    Attributes:
        name: the weights that it was trained with, or its own name.
        objectives: the mean reward of each objective, in the order of `OBJECTIVES`, weights as the game has them.
        price: of its deals, fraction of the first ask.
        goodwill: after its deals, a fraction.
        deals: share of the negotiations that end with a deal.
        trained: whether it was trained here.
    """

    name: str
    objectives: tuple[Interval, ...]
    price: Interval
    goodwill: Interval
    deals: Interval
    trained: bool


def parse_weights(text: str) -> Weights:
    """Return weights as they are written on a command line, for example ``"goodwill=2,time=0.5"``.

    Raises:
        NegoenvError: for an objective that there is not, or what is no number from 0 to 10.
    """
    weights = {}
    for part in text.split(","):
        name, _, number = part.partition("=")
        if name not in OBJECTIVES:
            raise NegoenvError(
                f"There is no objective {shown(name)}.{nearest(name, OBJECTIVES)} There are: {', '.join(OBJECTIVES)}."
            )
        try:
            weights[name] = float(number)
        except ValueError:
            weights[name] = np.nan
        if not 0.0 <= weights[name] <= 10.0:
            raise NegoenvError(f"The weight of {name} is {shown(number)}; a number from 0 to 10 is expected.")
    return weights


def weighted(scenario: str | dict[str, Any], weights: Mapping[str, float]) -> dict[str, Any]:
    """Return a scenario whose reward is the weighted sum of the objectives, as a configuration names it."""
    game = resolve(scenario)
    now = game.weight_layout.as_dict(game.weight_record())
    scaled = {
        name: float(now[name]) * weights.get(objective, 1.0)
        for objective, names in _WEIGHTS_OF.items()
        for name in names
    }
    own: dict[str, Any] = scenario if isinstance(scenario, dict) else {"base": scenario}
    return {**own, "weights": {**own.get("weights", {}), **scaled}}


def point_of(name: str, policy: str | Path, scenario: str | dict[str, Any], episodes: int, trained: bool) -> Point:
    """Play a policy on held-out suppliers of the game as it is."""
    played = report_on(load_policy(policy), scenario, episodes=episodes, any_scenario=True).episodes
    values = played.values()
    means = tuple(Interval.of(column) for column in vectors(played).T)
    price, goodwill, deals = (Interval.of(values[key]) for key in ("price", "goodwill", "deal_rate"))
    return Point(name, means, price, goodwill, deals, trained)


def vectors(played: Episodes) -> NDArray[np.float64]:
    """Return the reward vector of each episode, float64 of shape ``(episodes, 4)``."""
    vectors: NDArray[np.float64] = np.stack(list(played.terms.values()), axis=1) @ objectives_of(played.terms)
    return vectors


def train_and_play(
    config: TrainConfig, grid: Sequence[Weights] = GRID, episodes: int = 4096, tick: Callable[[], object] = lambda: None
) -> list[Point]:
    """Train a policy for each weights, and measure them and some scripted ones in the game as it is.

    Args:
        config: the training; its scenario is the game. Nothing of the runs is kept.
        grid: the weights.
        episodes: held-out suppliers.
        tick: called after each training.

    Raises:
        NegoenvError: if the game has several suppliers, or as `agents.learning.train.train`.
    """
    from ..learning.train import train  # torch takes seconds to import

    found = []
    for weights in grid:
        name = ", ".join(f"{objective} x {factor:g}" for objective, factor in weights.items())
        changes = {"scenario": weighted(config.scenario, weights), "eval_every": 0, "checkpoint_every": 0}
        with tempfile.TemporaryDirectory(prefix="negoenv-") as folder:
            directory = train(config.model_copy(update={**changes, "test_episodes": 2}), Path(folder) / "run").directory
            found.append(point_of(name, directory, config.scenario, episodes, trained=True))
        tick()
    return [*found, *(point_of(name, name, config.scenario, episodes, trained=False) for name in SCRIPTED)]


def trade_off_config(name: str | Path, changes: Sequence[str]) -> TrainConfig:
    """Return the configuration of the trainings.

    Raises:
        NegoenvError: if it is none, or its game has no such weights.
    """
    config = load_config(name, changes)
    layout = resolve(config.scenario).weight_layout
    missing = [weight for names in _WEIGHTS_OF.values() for weight in names if weight not in layout.names]
    if missing:
        raise NegoenvError(f"The game has no reward weights {', '.join(missing)}.")
    return config


def trade_off_page(points: Sequence[Point], config: TrainConfig) -> str:
    """Return the game that is measured and what each policy comes to, in Markdown."""
    heads = ("weights, or policy", *OBJECTIVES, "price", "goodwill after", "deals")
    rows = [
        (point.name, *map(_shown, (*point.objectives, point.price, point.goodwill, point.deals))) for point in points
    ]
    steps = f"Trained with {config.total_steps:,} steps each, seed {config.seed}."
    return "\n\n".join((f"{measured_on(make_batch(1, config.scenario, 'test'))} {steps}", table(heads, rows)))


def _shown(interval: Interval) -> str:
    return "-" if np.isnan(interval.mean) else with_margin(interval)


def front_of(points: Sequence[Point]) -> list[Point]:
    """Return the points with deals than which no other has both a lower price and more goodwill, by price."""
    places = [(p, p.price.mean, p.goodwill.mean) for p in points if not np.isnan(p.price.mean)]
    front = [p for p, price, good in places if not any(q < price and g > good for _, q, g in places)]
    return sorted(front, key=lambda p: p.price.mean)


def draw_trade_off(points: Sequence[Point], path: Path) -> None:
    """Draw goodwill after the deal against the price of each policy, with 95% intervals, into a PNG file.

    A line joins the trained ones that no other is better than in both.
    """
    from matplotlib.figure import Figure  # takes a second to import

    figure = Figure(figsize=(7, 4.2), layout="constrained")
    axes = figure.subplots()
    front = front_of([point for point in points if point.trained])
    axes.plot([p.price.mean for p in front], [p.goodwill.mean for p in front], color=BLUE, alpha=0.5)
    for point in points:
        colour = BLUE if point in front else VERMILION if point.trained else GREY
        spread = [[[one.mean - one.low], [one.high - one.mean]] for one in (point.price, point.goodwill)]
        style: dict[str, Any] = {
            "color": colour,
            "marker": "o" if point.trained else "s",
            "capsize": 2,
            "linestyle": "none",
        }
        axes.errorbar(point.price.mean, point.goodwill.mean, xerr=spread[0], yerr=spread[1], **style)
        place = (point.price.mean, point.goodwill.mean)
        axes.annotate(label(point.name), place, (5, 5), textcoords="offset points", fontsize=8)
    axes.set(
        xlabel="price of deals, fraction of the first ask (lower is better)",
        ylabel="goodwill after a deal\n(higher is better)",
    )
    axes.margins(0.12)
    axes.grid(alpha=0.3)
    save_figure(figure, path)
