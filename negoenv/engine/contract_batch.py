"""A batch of contracts with several issues: negotiations, and a record of the terms for each row."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from negoenv.engine import contract_kernels as kernels
from negoenv.engine.batch import Mask
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.engine.options import Options
from negoenv.engine.supplier_batch import by_member
from negoenv.game import episode_info as reports
from negoenv.game import observation, term_moves, terms_info, terms_observation
from negoenv.game.term_moves import TermMove, term_effect_table
from negoenv.game.terms_state import TERMS, TERMS_CONSTANTS
from negoenv.numerics.threads import run_in_parts
from negoenv.scenarios.scenario import Scenario

_MASKS = tuple(f"_{name}" for name in terms_info.CONTRACT_INFO.names or ())
_COST = ("offer", "ask", "budget")  # prices of the state that are supplier-equivalent
_ZERO = "offer"  # 0 of it means that there is none


class ContractBatch(NegotiationBatch):
    """Rows of negotiations about several issues.

    Attributes:
        terms: the terms of each row, see `negoenv.game.terms_state.TERMS`.
        issues: what all rows share of them, one record of `negoenv.game.terms_state.CONTRACT`.
        extras: what became of the terms in the rows that the last step finished.
    """

    row_arrays = (*NegotiationBatch.row_arrays, "terms", "extras")
    handed_over = (*NegotiationBatch.handed_over, "extras")

    def __init__(self, num_rows: int, scenario: Scenario, split: str = "train", num_threads: int = 1) -> None:
        """Allocate the buffers; see `NegotiationBatch`."""
        assert scenario.issues is not None
        super().__init__(num_rows, scenario, split, num_threads)
        self.terms = np.zeros(self.num_rows, TERMS.dtype)
        self.extras = np.zeros(self.num_rows, terms_info.CONTRACT_INFO)
        self.issues = scenario.issues.record(self.population.archetype_names)
        allowed, count = scenario.allowed_moves(), len(TermMove)
        self.issues["allowed"] = allowed[-count:]
        self.issues["effects"] = term_effect_table()
        shown = [name not in scenario.hidden for name in terms_observation.NAMES]
        self.issues["visible"][0, : len(shown)] = shown

    def _spaces(self) -> tuple[spaces.Box, spaces.Discrete]:
        """Return the space of observations and that of moves."""
        box = spaces.Box(terms_observation.LOWS, terms_observation.HIGHS, dtype=np.float32)
        return box, spaces.Discrete(len(self.move_table))

    def _reset(self, mask: Mask, clears: bool, shares: NDArray[np.float64]) -> None:
        super()._reset(mask, clears, shares)
        self._begin_terms(mask)

    def _fix(self, mask: Mask, options: Options) -> None:
        super()._fix(mask, options)
        self._begin_terms(mask)

    def _begin_terms(self, mask: Mask) -> None:
        kernels.reset_terms(mask, self.records, self.terms, self.issues)
        self.refresh(mask)

    def refresh(self, mask: Mask) -> None:
        """Write observations and masks anew in the rows of ``mask``, after the records were changed by hand."""
        kernels.observe_contract_rows(
            mask, self.records, self.terms, self.game, self.issues, self.observations, self.action_masks
        )

    def _play(self, actions: NDArray[np.int64], plays: Mask, begins: Mask) -> None:
        arguments = (
            plays, begins, actions, self.records, self.terms, self.game, self.issues, self.tiles, *self._types,
            self.observations, self.action_masks, self.rewards, self.reward_terms, self.terminated, self.reports,
            self.extras,
        )  # fmt: skip
        loops = kernels.step_contract_rows, kernels.step_contract_rows_in_parallel
        run_in_parts(*loops, len(self.tiles), *arguments)

    def rules(self) -> Mapping[str, Any]:
        """Return the numbers of the scenario and of the suppliers, the effects of moves, and what is seen."""
        rules = dict(super().rules())
        rules["effects"] |= by_member(TermMove, self.issues["effects"][0])
        rules["constants_of_terms"] = TERMS_CONSTANTS.as_dict(self.issues["constants"])
        return rules

    def outcomes(self, index: NDArray[np.intp] | None = None) -> dict[str, NDArray[Any]]:
        """Return what `NegotiationBatch.outcomes` returns, at the terms agreed on, and what became of those."""
        chosen = np.arange(self.num_rows) if index is None else index
        written, extras = np.zeros(len(chosen), reports.EPISODE_INFO), np.zeros(len(chosen), terms_info.CONTRACT_INFO)
        kernels.report_contract_rows(chosen, self.records, self.terms, self.game, self.issues, written, extras)
        return reports.columns(written) | terms_info.contract_columns(extras)

    def outcomes_of(self, terminated: Mask) -> dict[str, NDArray[Any]]:
        """Return `outcomes` of the rows that the last step ``terminated``, as it wrote them, and where they apply."""
        extras = terms_info.contract_columns(self.extras)
        found = super().outcomes_of(terminated)
        return found | extras | dict.fromkeys(_MASKS, self.reports["is_deal"])

    def revealed(self, index: NDArray[np.intp] | None = None) -> dict[str, NDArray[Any]]:
        """Return the name of each archetype, the fields of the hidden type, and what the issues cost it."""
        terms = self.terms if index is None else self.terms[index]
        return super().revealed(index) | {name: terms[name].copy() for name in terms_observation.WEIGHTS}

    def seen(self, name: str) -> NDArray[np.float64]:
        """Return a field of the state as the buyer sees it: prices for the terms on the table; shape ``(rows,)``."""
        column = super().seen(name)
        if name in _COST:
            priced = np.asarray(column + self.terms["cost"])
            return np.where(column > 0.0, priced, 0.0) if name == _ZERO else priced
        if name == "price":
            return np.where(column > 0.0, column + self.terms["cost"], 0.0)
        return np.maximum(0.0, column + self.terms["worth"]) if name == "limit" else column

    def told_terms(self, row: int) -> str:
        """Return the terms on the table in words."""
        issues, levels, values = self.scenario.issues, self.terms["level"][row], self.issues["values"][0]
        assert issues is not None
        told = (
            f"{name} {values[k, int(levels[k])]:g} {issues.issue(name).unit}"
            for k, name in enumerate(term_moves.ISSUES)
        )
        return ", ".join(told)

    def told_priorities(self, row: int) -> tuple[str, ...]:
        """Return the issues in the order in which the supplier said that they matter; empty before it was asked."""
        said = self.terms["priority"][row]
        order = np.argsort(-said, kind="stable")
        return tuple(term_moves.ISSUES[k] for k in order) if said.any() else ()

    def refused(self, row: int) -> bool:
        """Return whether the supplier refused the terms that the last move asked for."""
        return bool(self.terms["refused"][row])

    def priced(
        self, rows: NDArray[np.intp], levels: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Return what terms are worth to the buyer, what they add to its budget, and what they cost the suppliers.

        Args:
            rows: numbers of rows.
            levels: the level of each issue in each of them, shape ``(len(rows), issues)``.

        Returns:
            Three arrays of shape ``(len(rows),)``, beside the standard terms, in fractions of the first ask.
        """
        worth, budgeted, cost = (np.zeros(len(rows)) for _ in range(3))
        for k in range(len(term_moves.ISSUES)):
            level = levels[:, k]
            worth += self.issues["worth"][0, k, level]
            budgeted += self.issues["budgeted"][0, k, level]
            cost += self.terms["weight"][rows, k] * self.issues["burden"][0, k, level]
        return worth, budgeted, cost

    def take_seen(self, rows: NDArray[np.intp], observations: NDArray[np.float32]) -> None:
        """Put the terms that are seen on the table, and turn prices, written as they are seen, into the supplier's.

        Args:
            rows: numbers of rows, as many in succession for each observation.
            observations: what is seen, shape ``(n, columns)``.
        """
        each = len(rows) // max(1, len(observations))
        seen = {name: np.repeat(observations[:, k], each) for k, name in enumerate(self.columns)}
        terms, steps = self.terms, self.issues["levels"][0] - 1
        shares = np.stack([seen[f"{issue}_level"] for issue in term_moves.ISSUES], axis=1)
        levels = np.rint(shares * steps).astype(np.int64)
        worth, budgeted, cost = self.priced(rows, levels)
        terms["level"][rows] = levels
        for issue in term_moves.ISSUES:
            terms[f"{issue}_quote"][rows] = seen[f"{issue}_quote"] / terms_observation.STEP_SCALE
            terms[f"{issue}_priority"][rows] = seen[f"{issue}_priority"]
        terms["worth"][rows], terms["cost"][rows], terms["refused"][rows] = worth, cost, seen["refused"]
        for name in _COST:
            column = self.state[name][rows]
            told = column > 0.0 if name == _ZERO else np.ones(len(rows), np.bool_)
            self.state[name][rows] = np.where(told, column - self.terms["cost"][rows], column)
        self.state["limit"][rows] -= worth
        if self.visible[observation.INDEX["budget"]]:  # it tells the limit where a principle is given up, too
            self.state["limit"][rows] = seen["budget"] - self.scenario.budget_slack - budgeted


def negotiations(num_rows: int, scenario: Scenario, split: str = "train", num_threads: int = 1) -> NegotiationBatch:
    """Return ``num_rows`` negotiations of a scenario; see `NegotiationBatch` for the arguments."""
    made = NegotiationBatch if scenario.issues is None else ContractBatch
    return made(num_rows, scenario, split, num_threads)
