"""Figures of a search: how its best return grew, and which keys it depends on."""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from ..extras import needed
from ..reporting.figures.theme import THEMES, Theme, drawing, png, rows_of, sheet
from ..reporting.files import write_bytes

_SIZE = (4.8, 2.8)  # inches
_ROW = 0.3  # inches, of a chart with a row for each key
_FEWEST = 4  # trials that the importance of keys is told from


def draw_history(study: Any, theme: Theme) -> Figure:
    """Draw the return of each trial on validation suppliers, and the best so far."""
    state = needed("optuna", "sweep", "A search").trial.TrialState
    figure = sheet(*_SIZE)
    axes = figure.subplots()
    ended = study.get_trials(deepcopy=False, states=(state.COMPLETE,))
    pruned = [t for t in study.get_trials(deepcopy=False, states=(state.PRUNED,)) if t.intermediate_values]
    axes.plot([t.number for t in ended], [t.value for t in ended], "o", color=theme.buyer, label="to the end")
    last = [t.intermediate_values[max(t.intermediate_values)] for t in pruned]
    axes.plot([t.number for t in pruned], last, "x", color=theme.supplier, label="pruned, there")
    best = np.maximum.accumulate([t.value for t in ended])
    axes.step([t.number for t in ended], best, where="post", color=theme.ink, linewidth=1.2, label="best so far")
    axes.set(title="Trials", xlabel="trial", ylabel="validation return (higher is better)")
    axes.grid(axis="y")
    figure.legend(loc="outside lower center", ncols=3)
    return figure


def importances(study: Any) -> dict[str, float]:
    """Return the share of each key in what the return depends on, the largest first; nothing if too few trials ended.

    As PED-ANOVA tells it (Watanabe, Bansal & Hutter 2023), which asks what good trials have in common.
    """
    optuna = needed("optuna", "sweep", "A search")
    if len(study.get_trials(deepcopy=False, states=(optuna.trial.TrialState.COMPLETE,))) < _FEWEST:
        return {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        warnings.simplefilter("ignore", UserWarning)  # of trials whose values are all the same
        found = optuna.importance.get_param_importances(
            study, evaluator=optuna.importance.PedAnovaImportanceEvaluator()
        )
    return {key: float(share) for key, share in sorted(found.items(), key=lambda pair: -pair[1])}


def draw_importances(study: Any, theme: Theme) -> Figure:
    """Draw `importances`."""
    found = importances(study)
    figure = sheet(_SIZE[0], 1.0 + _ROW * len(found))
    axes = figure.subplots()
    axes.barh(range(len(found)), [*found.values()], color=theme.buyer, height=0.6)
    rows_of(axes, [key.rpartition(".")[2] for key in found])
    axes.set(title="What the return depends on", xlabel="share (PED-ANOVA)")
    return figure


def save_figures(study: Any, folder: Path) -> list[Path]:
    """Write both figures, in both themes, as PNG; that of importances only if there is something to tell.

    Returns:
        The files in the light theme.
    """
    drawn: dict[str, Callable[[Any, Theme], Figure]] = {"history": draw_history}
    if importances(study):
        drawn["importances"] = draw_importances
    for name, draw in drawn.items():
        for theme in THEMES:
            with drawing(theme):
                write_bytes(folder / f"{name}_{theme.name}.png", png(draw(study, theme)))
    return [folder / f"{name}_{THEMES[0].name}.png" for name in drawn]
