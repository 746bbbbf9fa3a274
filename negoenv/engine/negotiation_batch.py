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
from negoenv.errors import whole_number
from negoenv.game import episode_info as reports
from negoenv.game import observation, reward
from negoenv.game.constants import CONSTANTS
from negoenv.game.legal_moves import legal_moves
from negoenv.game.state import STATE
from negoenv.game.supplier import SUPPLIER
from negoenv.game.supplier_tactics import SUPPLIER_EFFECT_DTYPE, SupplierTactic, supplier_effect_table
from negoenv.game.tactics import EFFECT_DTYPE, MOVES, Move, effect_table
from negoenv.numerics.threads import run_in_parts
from negoenv.scenarios.scenario import RANGES, Scenario
from negoenv.scenarios.splits import stream_of

_PRESSURES = ("goals", "time", "information", "physical")  # by source, as the state names them
_BELIEFS = {"expected_limit", "fallback"}  # what is derived from supplier and ask unless it is given
_MIN_ROWS_A_THREAD = 256  # below this a second thread costs more than it saves
_DERIVED = {
    "state", "supplier", "state_matrix", "supplier_matrix", "keys", "episodes", "constants", "weights", "effects",
    "visible", "tiles",
}  # fmt: skip


class NegotiationBatch(Batch):
    """Rows of negotiations in one scenario.

    Attributes:
        scenario: the game.
        move_table: its moves by number.
        columns: names of the columns of its observations.
        state: one record a row, see `negoenv.game.state.STATE`.
        supplier: the hidden types, one record a row, see `negoenv.game.supplier.SUPPLIER`.
        reports: what became of the rows that the last step finished, cleared in the others that it played or began.
    """

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

    def __init__(self, num_rows: int, scenario: Scenario, split: str = "train", num_threads: int = 1) -> None:
        """Allocate the buffers.

        Args:
            num_rows: number of negotiations side by side.
            scenario: the game.
            split: "train", "validation", "test" or "unseen", the population that suppliers come from.
            num_threads: at most so many threads step the rows; the results do not depend on it.
        """
        self.scenario = scenario
        self.move_table, self.columns = scenario.moves, scenario.columns
        self.observation_space, self.action_space = self._spaces()
        super().__init__(num_rows)
        self.stream = stream_of(split)
        self.population = population = scenario.population(split)
        self._none = np.zeros(self.num_rows, np.bool_)
        self._types = (population.cumulative_shares, population.means, population.spreads)
        self._num_threads = whole_number("num_threads", num_threads)
        self.records = new_records(self.num_rows)
        self.reports = np.zeros(self.num_rows, reports.EPISODE_INFO)
        self.game = np.zeros(1, GAME)
        self._derive()
        self.episodes[:] = -1
        self.constants[:] = scenario.constant_record(split)
        self.weights[:] = scenario.weight_record()
        self.effects[:] = effect_table()
        self.game["legal"] = legal_moves(scenario.allowed_moves()[:MOVES])
        self.game["sight"] = observation.sight(scenario.visible_columns())
        self.game["ranges"] = [(r.low, r.high) for r in (getattr(scenario, name) for name in RANGES)]
        self.game["tactics"] = supplier_effect_table()
        self.game["tactics"]["weight"] *= scenario.supplier_tactics_of(split)
        self.game["deadline"] = scenario.deadline
        self.game["deals"] = scenario.deals
        self.game["slack"] = scenario.budget_slack

    def _spaces(self) -> tuple[spaces.Box, spaces.Discrete]:
        """Return the space of observations and that of moves."""
        return spaces.Box(observation.LOWS, observation.HIGHS, dtype=np.float32), spaces.Discrete(MOVES)

    def _derive(self) -> None:
        """Name the parts of the records, all of them views, and take scratch memory for each part that is stepped."""
        memory, game = self.records, self.game
        self.state, self.supplier = memory["state"], memory["supplier"]
        self.state_matrix, self.supplier_matrix = memory["state_numbers"], memory["supplier_numbers"]
        self.keys, self.episodes = memory["key"], memory["episode"]
        self.constants, self.weights = game["constants"], game["weights"]
        self.effects, self.visible = game["effects"][0], game["sight"]["visible"][0]
        self.tiles = kernels.new_tiles(max(1, min(self._num_threads, self.num_rows // _MIN_ROWS_A_THREAD)))

    def __getstate__(self) -> dict[str, Any]:
        """Return what a copy, or a pickle, is made of."""
        return {name: value for name, value in self.__dict__.items() if name not in _DERIVED}

    def __setstate__(self, attributes: dict[str, Any]) -> None:
        """Make a copy, or what was pickled, whole: its parts are the memory of its own records."""
        self.__dict__.update(attributes)
        self._derive()

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

    def reset(self, mask: Mask, options: dict[str, Any] | None = None) -> None:
        """Start the next episode in the rows of ``mask``.

        Args:
            mask: bool of shape ``(rows,)``.
            options: ``{"supplier": {field: value}}`` fixes fields of the hidden type, or the name of an archetype
                fixes the kind; ``{"context": {field: value}}`` fixes fields of the state at the start. Values are
                numbers or arrays of shape ``(rows,)``.

        Raises:
            NegoenvError: for an unknown option, field or archetype, or a value out of range.
        """
        if not options:
            self._reset(mask, True, self.population.cumulative_shares)
            return
        chosen = self._read(mask, options)
        self._reset(mask, True, chosen.shares)
        self._fix(mask, chosen)

    def check_options(self, mask: Mask, options: dict[str, Any]) -> None:
        """Raise what `reset` would raise for these options; change nothing."""
        self._read(mask, options)

    def _read(self, mask: Mask, options: Mapping[str, Any]) -> Options:
        return Options.read(options, self.scenario, self.population, mask)

    def autoreset(self, mask: Mask) -> None:
        """Start the next episode in the rows of ``mask``, which have just ended; what their last step gave stays."""
        self._reset(mask, False, self.population.cumulative_shares)

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

    def step(self, actions: NDArray[np.int64], mask: Mask) -> None:
        """Play one move in each row of ``mask``; a move that is not legal counts as HOLD and is counted."""
        self._play(actions, mask, self._none)

    def step_or_reset(self, actions: NDArray[np.int64], over: Mask) -> None:
        """Begin the next episode in the rows that are ``over``, and play one move in all others."""
        self._play(actions, ~over, over)

    def _play(self, actions: NDArray[np.int64], plays: Mask, begins: Mask) -> None:
        arguments = (
            plays, begins, actions, self.records, self.game, self.tiles, *self._types,
            self.observations, self.action_masks, self.rewards, self.reward_terms, self.terminated, self.reports,
        )  # fmt: skip
        run_in_parts(kernels.step_rows, kernels.step_rows_in_parallel, len(self.tiles), *arguments)

    def rules(self) -> Mapping[str, Any]:
        """Return the numbers of the scenario and of the suppliers, the effects of moves, and what is seen."""
        names = EFFECT_DTYPE.names or ()
        return self.scenario.numbers() | {
            "constants": CONSTANTS.as_dict(self.constants),  # those of a varied game are its own
            "effects": {move.name: {name: float(self.effects[name][move]) for name in names} for move in Move},
            "supplier_effects": {
                tactic.name: {
                    name: float(self.game["tactics"][name][0, tactic]) for name in SUPPLIER_EFFECT_DTYPE.names or ()
                }
                for tactic in SupplierTactic
            },
            "moves": [move.name for move in self.move_table],
            "columns": list(self.columns),
            "suppliers": self.population.numbers(),
        }

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
        state = self.state
        pressure = np.sum([state[source] for source in _PRESSURES], axis=0)
        return {"offer": self.seen("offer"), "ask": self.seen("ask"), "pressure": pressure, "strain": state["strain"]}
