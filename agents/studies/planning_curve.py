"""What a planner gains from thinking longer, and what a decision costs."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from rich.table import Table

from negoenv.benchmark.evaluation import Interval
from negoenv.colours import BLUE, GREY, VERMILION
from negoenv.make import make_batch

from ..planning.planner import REFERENCES, Effort, Planner, make_reference
from ..policy import Policy
from ..registry import load_policy, require_fit
from ..reporting.progress import EpisodeBar
from ..reporting.report import report_on
from ..terminal import number_table
from .references import PlannerStudy

BUDGETS = (32, 128, 512, 2048, 8192)
AIM = 50.0  # milliseconds that a decision may take
_TIMED_EPISODES = 8
_COLOURS = dict(zip(REFERENCES, (BLUE, VERMILION), strict=True))
_MARKERS = dict(zip(REFERENCES, ("o", "s"), strict=True))


@dataclass(frozen=True)
class CurvePoint:
    """A planner with one budget."""

    kind: str  # a name of `agents.planning.planner.REFERENCES`
    rollouts: int  # rollouts a decision
    returns: Interval  # mean return on held-out suppliers with its 95% interval
    milliseconds: float  # processor time of a decision in a single row, median
    slowest: float  # the same of the slowest decision


@dataclass(frozen=True)
class PlanningCurve:
    """Planners with several budgets against the same suppliers, and the policies that they go on with."""

    scenario: str  # name of the scenario
    points: tuple[CurvePoint, ...]  # by kind and budget
    bases: dict[str, Interval]  # mean return of each base policy


def measure_curve(study: PlannerStudy, budgets: Sequence[int] = BUDGETS) -> PlanningCurve:
    """Play both planners with each budget of rollouts a decision, and time single decisions.

    Raises:
        NegoenvError: if an argument is wrong.
    """
    scenario, episodes, seed = study.scenario, study.episodes, study.seed
    own = tuple(load_policy(base) for base in study.bases)
    for policy in own:
        require_fit(policy, make_batch(1, scenario))

    def returns(policy: Policy, label: str) -> Interval:
        with EpisodeBar(1, episodes, study.progress) as bar:
            report = report_on(policy, scenario, episodes=episodes, seed=seed, progress=partial(bar, label))
        return report.episodes.metrics()["return"]

    points = []
    for kind in REFERENCES:
        for rollouts in budgets:
            planner = make_reference(kind, own, Effort(rollouts))
            times = decision_times(planner, scenario, seed)
            interval = returns(planner, f"{kind}, {rollouts} rollouts")
            points.append(CurvePoint(kind, rollouts, interval, float(np.median(times)), max(times)))
    played = own or planner.bases_for(make_batch(1, scenario))
    return PlanningCurve(scenario, tuple(points), {policy.name: returns(policy, policy.name) for policy in played})


def decision_times(planner: Planner, scenario: str, seed: int) -> list[float]:
    """Return the processor time of each decision in some episodes of a single row, in milliseconds."""
    batch = make_batch(1, scenario, "test")
    times: list[float] = []
    every = np.ones(1, np.bool_)
    for episode in range(_TIMED_EPISODES):
        batch.seed(seed + episode)
        batch.reset(every)
        planner.attach(batch)
        planner.reset(1, seed + episode)
        episode_starts = every
        while not batch.terminated[0]:
            start = time.process_time()
            moves = planner.act(batch.observations.copy(), batch.action_masks.copy(), episode_starts)
            if episode:  # the first one compiles
                times.append(1e3 * (time.process_time() - start))
            batch.step(moves, every)
            episode_starts = ~every
    return times


def curve_table(curve: PlanningCurve) -> Table:
    """Return the curve as a table for a terminal."""
    rows = [
        (p.kind, str(p.rollouts), str(p.returns), f"{p.milliseconds:.1f}", f"{p.slowest:.1f}") for p in curve.points
    ]
    rows += [(name, "-", str(interval), "-", "-") for name, interval in curve.bases.items()]
    headers = ("planner", "rollouts", "return", "median ms", "slowest ms")
    return number_table(
        f"Planners on {curve.scenario}", headers, rows, "Milliseconds of processor time a decision, one row."
    )


def draw_curve(curve: PlanningCurve, path: Path) -> None:
    """Draw return and time against the budget into a PNG file."""
    from matplotlib.figure import Figure  # takes a second to import

    from .pages import label, save_figure

    figure = Figure(figsize=(9, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    for kind in REFERENCES:
        points = [point for point in curve.points if point.kind == kind]
        rollouts = [point.rollouts for point in points]
        means = np.array([point.returns.mean for point in points])
        ends = np.array([(point.returns.low, point.returns.high) for point in points])
        style = {"color": _COLOURS[kind], "marker": _MARKERS[kind], "label": kind}
        left.errorbar(rollouts, means, yerr=np.abs(ends - means[:, None]).T, capsize=3, **style)
        right.plot(rollouts, [point.milliseconds for point in points], **style)
    if len(curve.bases) <= len(_COLOURS):
        for name, interval in curve.bases.items():
            left.axhline(interval.mean, color=GREY, linestyle="--", label=f"base policy {label(name)}")
    right.axhline(AIM, color=GREY, linestyle=":", label=f"{AIM:g} ms")
    left.set(xscale="log", xlabel="rollouts a decision", ylabel=f"return on {label(curve.scenario)}")
    right.set(xscale="log", ylim=(0, None), xlabel="rollouts a decision", ylabel="processor time a decision, ms")
    for axes in (left, right):
        axes.grid(alpha=0.3)
        axes.legend(frameon=False)
    save_figure(figure, path)
