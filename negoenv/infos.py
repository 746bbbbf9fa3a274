"""What environments say of themselves and, in ``infos``, of their rows: laid out as Gymnasium's own do it."""

from collections.abc import Iterable
from typing import Any

from negoenv.engine.actions import Actions
from negoenv.engine.batch import OUTCOME_NAMES, Batch, Mask, over_all_rows

METADATA = {"render_modes": [], "outcomes": OUTCOME_NAMES}
"""Of an environment that renders nothing, with what the code ``info["outcome"]`` stands for."""

RENDERED_METADATA = {**METADATA, "render_fps": 2}
"""Of one that can be rendered, and of many of its kind, which cannot; `gymnasium.Env` names its modes."""


def of_every_step(batch: Batch, space: Actions, played: Mask, shown: Mask) -> dict[str, Any]:
    """Return the reward terms, which apply in the rows that ``played``, and the action masks of those ``shown``."""
    masks = {"action_mask": space.masks(batch.action_masks), "_action_mask": shown}
    if not played.any():
        return masks
    terms = dict(zip(batch.reward_names, batch.reward_terms.T, strict=True))
    return masks | {"reward_terms": terms | _masked(terms, played), "_reward_terms": played}


def report(batch: Batch, terminated: Mask, reveal: bool) -> dict[str, Any]:
    """Return what became of the ``terminated`` rows, if it applies in any: each with a mask of those in which it does.

    Args:
        batch: the game.
        terminated: the rows whose episode the last step ended.
        reveal: whether the hidden truth is told, too.
    """
    found = batch.outcomes_of(terminated)
    masks = {id(mask): mask for name, mask in found.items() if name[0] == "_"}  # most names share one of two
    empty = {key for key, mask in masks.items() if not mask.any()}
    infos: dict[str, Any] = {
        name: values for name, values in found.items() if id(found[f"_{name.lstrip('_')}"]) not in empty
    }
    if reveal:
        rows = terminated.nonzero()[0]
        hidden = {name: over_all_rows(batch.num_rows, rows, values) for name, values in batch.revealed(rows).items()}
        infos |= {"hidden": hidden | _masked(hidden, terminated), "_hidden": terminated}
    return infos


def _masked(names: Iterable[str], rows: Mask) -> dict[str, Mask]:
    """Return by ``_name`` the rows in which each of the ``names`` applies."""
    return dict.fromkeys([f"_{name}" for name in names], rows)
