"""What policies make of a contract with several issues, and a picture of it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.benchmark.evaluation import Episodes, paired_difference
from negoenv.colours import BLUE, GREY, VERMILION
from negoenv.engine.contract_batch import ContractBatch
from negoenv.game.term_moves import ISSUES
from negoenv.make import make_batch
from negoenv.markdown import table

from ..registry import load_policy
from ..reporting.report import report_on
from ..reporting.tables import with_margin
from .pages import measured_on, save_figure

NAME = "Contract"
KNOWN: dict[str, Any] = {"base": NAME, "hidden": []}
"""The game in which the supplier's weights are seen."""

POLICIES = ("logroller", "gradual", "issue_by_issue", "accommodating", "random")
_COLUMNS = ("return", "deal_rate", "frontier_share", "value_created", "value_claimed", "principle_kept")
MEASURED_CONTRACT = "measured"
"""Name of the part of a page that holds the table."""


def evaluated(name: str, episodes: int, known: bool = False) -> Episodes:
    """Play a policy on held-out suppliers, whose weights it sees if they are ``known``."""
    return report_on(load_policy(name), KNOWN if known else NAME, episodes=episodes).episodes


def outcome_table(played: dict[str, Episodes]) -> str:
    """Return a Markdown table of what policies came to: means with their 95% intervals."""
    metrics = {name: episodes.metrics() for name, episodes in played.items()}
    return table(("policy", *_COLUMNS), [(name, *(with_margin(m[c]) for c in _COLUMNS)) for name, m in metrics.items()])


def all_terms(batch: ContractBatch) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what all terms are worth to the buyer and cost the supplier of the first row, shape ``(terms,)`` each."""
    g, weights = batch.issues[0], batch.terms["weight"][0]
    worth, cost = np.zeros(1), np.zeros(1)
    for k in range(len(ISSUES)):
        levels = slice(int(g["least"][k]), int(g["levels"][k]))
        worth = (worth[:, None] + g["worth"][k, levels]).ravel()
        cost = (cost[:, None] + weights[k] * g["burden"][k, levels]).ravel()
    return worth, cost


def draw(path: Path, seed: int) -> None:
    """Draw terms, frontier and the course of a negotiation with one supplier, in gains over no deal."""
    from matplotlib.figure import Figure  # takes a second to import

    batch = make_batch(1, NAME, "test")
    assert isinstance(batch, ContractBatch)
    figure = Figure(figsize=(9, 4), layout="constrained")
    for axes, name in zip(
        figure.subplots(1, 2, sharex=True, sharey=True), ("issue_by_issue", "logroller"), strict=True
    ):
        offers, asks = _course(batch, name, seed)
        limit, cost = float(batch.state["limit"][0]), float(batch.supplier["reservation_price"][0])
        worth, burden = all_terms(batch)
        joint = limit - cost + worth - burden
        for value in joint:
            axes.plot([0.0, value], [value, 0.0], color=GREY, alpha=0.06, linewidth=1.0)
        best = joint.max()
        axes.plot([0.0, best], [best, 0.0], color="black", label="Pareto frontier")
        axes.plot([0.0, limit - cost], [limit - cost, 0.0], color="black", linestyle=":", label="standard terms")
        axes.plot(0.5 * best, 0.5 * best, "k*", markersize=10, label="Nash, Kalai-Smorodinsky")
        axes.plot(*offers.T, "o-", color=BLUE, markersize=3, label="the buyer's offers")
        axes.plot(*asks.T, "s-", color=VERMILION, markersize=3, label="the supplier's asks")
        axes.set(title=name, xlabel="buyer's gain, fraction of the first ask", ylim=(-0.15, None))
        axes.grid(alpha=0.3)
    figure.axes[0].set_ylabel("supplier's gain")
    figure.axes[0].legend(frameon=False, fontsize=8)
    save_figure(figure, path)


def _course(batch: ContractBatch, name: str, seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return gains of buyer and supplier at each offer and each ask of a negotiation, shape ``(rounds, 2)`` each."""
    policy, row = load_policy(name), np.ones(1, np.bool_)
    batch.seed(seed)
    batch.reset(row)
    policy.reset(1, seed)
    found: dict[str, list[tuple[float, float]]] = {"offer": [], "ask": []}
    starts = row
    while not batch.terminated[0]:
        batch.step(policy.act(batch.observations.copy(), batch.action_masks.copy(), starts), row)
        starts = ~row
        created = float(batch.terms["worth"][0] - batch.terms["cost"][0])
        for what, places in found.items():
            price = float(batch.state[what][0])
            if price > 0.0:
                gain = float(batch.state["limit"][0]) + created - price
                places.append((gain, price - float(batch.supplier["reservation_price"][0])))
    return np.array(found["offer"]), np.array(found["ask"])


def contract_page(
    names: Sequence[str], known: str | None, episodes: int, tick: Callable[[], object] = lambda: None
) -> str:
    """Return the game that is measured, what policies come to, and what the first of them is better by, in Markdown.

    Args:
        names: the policies.
        known: one that is played where the supplier's weights are seen.
        episodes: held-out suppliers.
        tick: called after each policy.
    """
    players = [*((name, False) for name in names), *([] if known is None else [(known, True)])]
    played = {}
    for name, sees in players:
        played[f"{name} (weights seen)" if sees else name] = evaluated(name, episodes, sees)
        tick()
    first = next(iter(played))
    differences = [
        (f"{first} less {name}", with_margin(paired_difference(played[first], played[name])))
        for name in list(played)[1:]
    ]
    parts = [measured_on(make_batch(1, NAME, "test")), outcome_table(played)]
    return "\n\n".join([*parts, table(("paired", "difference in return"), differences)])
