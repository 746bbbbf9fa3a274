"""A batch of negotiations: the records, and the calls into the compiled loops."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from negoenv.engine import kernels
from negoenv.engine.batch import Batch, Mask
from negoenv.engine.options import Options
from negoenv.engine.records import GAME, new_records
from negoenv.engine.supplier_batch import SupplierBatch
from negoenv.game import episode_info as reports
from negoenv.game import observation, reward
from negoenv.game.constants import CONSTANTS
from negoenv.game.state import STATE
from negoenv.game.supplier import SUPPLIER
from negoenv.game.tactics import MOVES, AnyMove, Move
from negoenv.numerics.threads import run_in_parts
from negoenv.scenarios.scenario import Scenario

_BELIEFS = {"expected_limit", "fallback"}  # what is derived from supplier and ask unless it is given


class NegotiationBatch(SupplierBatch):
    """Rows of negotiations in one scenario.

    Attributes:
        records: one a row; so ``state`` and ``supplier``.
        reports: what became of the rows that the last step finished, cleared in the others that it played or began.
    """

    move_table: tuple[AnyMove, ...]
    reward_names = reward.TERMS
    row_arrays: ClassVar[tuple[str, ...]] = (
        "records",
        "_none",
        "reports",
        "observations",
        "action_masks",
        "rewards",
        "terminated",
        "reward_terms",
    )
    handed_over: ClassVar[tuple[str, ...]] = (*Batch.handed_over, "reports")
    derived = SupplierBatch.derived | {
        "state_matrix", "supplier_matrix", "keys", "episodes", "constants", "weights", "effects", "visible"
    }  # fmt: skip

    def __init__(self, num_rows: int, scenario: Scenario, split: str = "train", num_threads: int = 1) -> None:
        """Allocate the buffers.

        Args:
            num_rows: number of negotiations side by side.
            scenario: the game.
            split: "train", "validation", "test" or "unseen", the population that suppliers come from.
            num_threads: at most so many threads step the rows; the results do not depend on it.
        """
        self.move_table, self.columns = scenario.moves, scenario.columns
        self.observation_space, self.action_space = self._spaces()
        super().__init__(num_rows, scenario, split, num_threads)
        self.records = new_records(self.num_rows)
        self.reports = np.zeros(self.num_rows, reports.EPISODE_INFO)
        self.game = np.zeros(1, GAME)
        self._derive()
        self.episodes[:] = -1
        self._write_rules(self.game, split)
        self.game["deals"] = scenario.deals
        self.weights[:] = scenario.weight_record()

    def _spaces(self) -> tuple[spaces.Box, spaces.Discrete]:
        """Return the space of observations and that of moves."""
        return spaces.Box(observation.LOWS, observation.HIGHS, dtype=np.float32), spaces.Discrete(MOVES)

    def _derive(self) -> None:
        super()._derive()
        memory, game = self.records, self.game
        self.state_matrix, self.supplier_matrix = memory["state_numbers"], memory["supplier_numbers"]
        self.keys, self.episodes = memory["key"], memory["episode"]
        self.constants, self.weights = game["constants"], game["weights"]
        self.effects, self.visible = game["effects"][0], game["sight"]["visible"][0]

    def varied(self, num_rows: int, constants: Mapping[str, float]) -> Self:
        """Return another batch, as `resized` does, of the game with some constants of the model changed.

        Raises:
            NegoenvError: if a constant is unknown or its value out of range.
        """
        other = self.resized(num_rows)
        other.game = self.game.copy()
        other._derive()
        for name, value in constants.items():
            other.constants[name] = CONSTANTS.check(name, value)
        return other

    def _read(self, mask: Mask, options: Mapping[str, Any]) -> Options:
        return Options.read(options, self.scenario, self.population, mask)

    def _begin(self, mask: Mask, options: Options | None, clears: bool) -> None:
        self._reset(mask, clears, self.population.cumulative_shares if options is None else options.shares)
        if options is not None:
            self._fix(mask, options)

    def _reset(self, mask: Mask, clears: bool, shares: NDArray[np.float64]) -> None:
        kernels.reset_rows(
            mask, clears, self.records, self.game, self.tiles, shares, self.population.means,
            self.population.spreads, self.observations, self.action_masks, self.rewards, self.reward_terms,
            self.terminated,
        )  # fmt: skip

    def _fix(self, mask: Mask, options: Options) -> None:
        """Overwrite fields of the hidden type and of the starting state in the rows of ``mask``."""
        context = options.context
        for records, columns in ((self.supplier, options.supplier), (self.state, context)):
            for name, column in columns.items():
                records[name][mask] = column[mask]
        if "limit" in context and "budget" not in context:
            state, highest = self.state, STATE.by_name["budget"].high
            state["budget"][mask] = np.minimum(state["limit"][mask] + self.scenario.budget_slack, highest)
        kernels.reset_prices(mask, "ask" not in context, self.records, self.game)
        for belief in _BELIEFS & context.keys():
            self.state[belief][mask] = context[belief][mask]
        self.refresh(mask)

    def refresh(self, mask: Mask) -> None:
        """Write observations and masks anew in the rows of ``mask``, after the records were changed by hand."""
        kernels.observe_rows(mask, self.records, self.game, self.observations, self.action_masks)

    def _play(self, actions: NDArray[np.int64], plays: Mask, begins: Mask) -> None:
        arguments = (
            plays, begins, actions, self.records, self.game, self.tiles, *self._types,
            self.observations, self.action_masks, self.rewards, self.reward_terms, self.terminated, self.reports,
        )  # fmt: skip
        run_in_parts(kernels.step_rows, kernels.step_rows_in_parallel, len(self.tiles), *arguments)

    def rules(self) -> Mapping[str, Any]:
        """Return the numbers of the scenario and of the suppliers, the effects of moves, and what is seen."""
        return self._told_rules(self.game, Move, self.effects) | {"suppliers": self.population.numbers()}

    def outcomes(self, index: NDArray[np.intp] | None = None) -> dict[str, NDArray[Any]]:
        """Return outcome, price, surplus share, supplier's margin, goodwill, risk of under-delivery and counts."""
        chosen = np.arange(self.num_rows) if index is None else index
        written = np.zeros(len(chosen), reports.EPISODE_INFO)
        reports.write_episode_infos(chosen, self.records, self.game, written)
        return reports.columns(written)

    def outcomes_of(self, terminated: Mask) -> dict[str, NDArray[Any]]:
        """Return `outcomes` of the rows that the last step ``terminated``, as it wrote them, and where they apply."""
        return (
            reports.columns(self.reports)
            | {"outcome": self.state["outcome"].astype(np.int64)}
            | dict.fromkeys(reports.MASKS_OF_A_DEAL, self.reports["is_deal"])
            | dict.fromkeys(reports.OTHER_MASKS, terminated)
        )

    def revealed(self, index: NDArray[np.intp] | None = None) -> dict[str, NDArray[Any]]:
        """Return the name of each archetype and the fields of the hidden type."""
        names = np.array(self.population.archetype_names)
        supplier = self.supplier if index is None else self.supplier[index]
        fields = {name: supplier[name].copy() for name in SUPPLIER.names if name != "archetype"}
        return {"archetype": names[supplier["archetype"].astype(np.int64)], **fields}

    def seen(self, name: str) -> NDArray[np.float64]:
        """Return a field of the state as the buyer sees it, whether or not the scenario shows it; shape ``(rows,)``."""
        column: NDArray[np.float64] = self.state[name]
        return column

    def told_terms(self, row: int) -> str:
        """Return the terms besides the price in words; empty where there are none."""
        return ""

    def told_priorities(self, row: int) -> tuple[str, ...]:
        """Return the issues in the order in which the supplier said that they matter; empty before it was asked."""
        return ()

    def refused(self, row: int) -> bool:
        """Return whether the supplier refused the terms that the last move asked for."""
        return False

    def take_seen(self, rows: NDArray[np.intp], observations: NDArray[np.float32]) -> None:
        """Make ``rows`` whole after the state's fields that are seen were written into them: here there is no more.

        Args:
            rows: numbers of rows, as many in succession for each observation.
            observations: what is seen, shape ``(n, columns)``.
        """

    def traced(self) -> dict[str, NDArray[Any]]:
        """Return the prices on the table, the pressure of all sources together, and the strain as it seemed."""
        seen = {"offer": self.seen("offer"), "ask": self.seen("ask")}
        return {**seen, "pressure": self._pressure(), "strain": self.state["strain"]}
