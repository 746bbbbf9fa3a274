"""A batch of negotiations: the records, and the calls into the compiled loops."""

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from negoenv import kernels, observation, reports, reward
from negoenv.batch import Batch, Rows
from negoenv.constants import CONSTANTS
from negoenv.dynamics.legality import legal_moves
from negoenv.errors import NegoenvError, unknown_name
from negoenv.memory import GAME, row_records
from negoenv.scenario import Scenario
from negoenv.splits import stream_of
from negoenv.state import STATE
from negoenv.supplier import SUPPLIER
from negoenv.tactics import EFFECT_DTYPE, MOVES, Move, effect_table

_OPTIONS = ("supplier", "context")
_PRESSURES = ("goals", "time", "information", "physical")  # by source, as the state names them
_MIN_ROWS_A_THREAD = 256  # below this a second thread costs more than it saves


class NegotiationBatch(Batch):
    """Rows of negotiations in one scenario.

    Attributes:
        scenario: the game.
        state: one record a row, see `negoenv.state.STATE`.
        supplier: the hidden types, one record a row, see `negoenv.supplier.SUPPLIER`.
        reports: what became of the rows that the last step finished, cleared in the others that it played or began.
    """

    reward_names = reward.TERMS
    row_arrays = ("memory", "_none", "reports", "observations", "action_masks", "rewards", "terminated", "reward_terms")
    handed_over = (*Batch.handed_over, "reports")

    def __init__(self, rows: int, scenario: Scenario, split: str = "train", num_threads: int = 1) -> None:
        """Allocate the buffers.

        Args:
            rows: number of negotiations side by side.
            scenario: the game.
            split: "train", "validation" or "test", the population that suppliers come from.
            num_threads: at most so many threads step the rows; the results do not depend on it.
        """
        self.observation_space = observation.observation_space()
        self.action_space = spaces.Discrete(MOVES)
        super().__init__(rows)
        if not isinstance(num_threads, (int, np.integer)) or num_threads < 1:
            raise NegoenvError(f"num_threads is {num_threads!r}; it must be a whole number of at least 1.")
        self.scenario = scenario
        self.stream = stream_of(split)
        self.population = population = scenario.population(split)
        self._none = np.zeros(self.rows, np.bool_)
        self._types = (population.cumulative_shares, population.means, population.spreads)
        self._chunks = max(1, min(num_threads, self.rows // _MIN_ROWS_A_THREAD))
        self.memory = row_records(self.rows)
        self.reports = np.zeros(self.rows, reports.REPORT)
        self.game = np.zeros(1, GAME)
        self._name_parts()
        self.episodes[:] = -1
        self.constants[:] = scenario.constant_record()
        self.weights[:] = scenario.weight_record()
        self.effects[:] = effect_table()
        self.game["legal"] = legal_moves(scenario.allowed_moves())
        self.game["sight"] = observation.sight(scenario.visible_columns())
        self.game["ranges"] = [(r.low, r.high) for r in (scenario.limit, scenario.benchmark, scenario.goodwill)]
        self.game["deadline"] = scenario.deadline
        self.game["deals"] = scenario.deals
        self.game["slack"] = scenario.budget_slack

    def _name_parts(self) -> None:
        """Name the parts of the records; all of them are views."""
        memory, game = self.memory, self.game
        self.state, self.supplier = memory["state"], memory["supplier"]
        self.state_matrix, self.supplier_matrix = memory["state_numbers"], memory["supplier_numbers"]
        self.keys, self.episodes = memory["key"], memory["episode"]
        self.constants, self.weights = game["constants"], game["weights"]
        self.effects, self.visible = game["effects"][0], game["sight"]["visible"][0]

    def __setstate__(self, attributes: dict[str, Any]) -> None:
        """Make a copy, or what was pickled, whole: its parts are the memory of its own records."""
        self.__dict__.update(attributes)
        self._name_parts()

    def varied(self, rows: int, constants: Mapping[str, float]) -> Self:
        """Return another batch, as `resized` does, of the game with some constants of the model changed.

        Raises:
            NegoenvError: if a constant is unknown or its value out of range.
        """
        other = self.resized(rows)
        other.game = self.game.copy()
        other._name_parts()
        for name, value in constants.items():
            other.constants[name] = CONSTANTS.check(name, value)
        return other

    def begin(self, rows: Rows, options: dict[str, Any] | None = None) -> None:
        """Start the next episode in ``rows``.

        Args:
            rows: bool of shape ``(rows,)``.
            options: ``{"supplier": {field: value}}`` fixes fields of the hidden type, or the name of an archetype
                fixes the kind; ``{"context": {field: value}}`` fixes fields of the state at the start. Values are
                numbers or arrays of shape ``(rows,)``.

        Raises:
            NegoenvError: for an unknown option, field or archetype, or a value out of range.
        """
        chosen = dict(options or {})
        for name in chosen:
            if name not in _OPTIONS:
                raise unknown_name("option of reset", name, _OPTIONS)
        population = self.population
        shares = population.cumulative_shares
        fixed: Any = chosen.get("supplier", {})
        if isinstance(fixed, str):
            if fixed not in population.archetype_names:
                raise unknown_name("archetype", fixed, population.archetype_names)
            shares = (np.arange(len(shares)) >= population.archetype_names.index(fixed)).astype(np.float64)
            fixed = {}
        self._begin(rows, True, shares)
        if chosen:
            self._fix(rows, fixed, chosen.get("context", {}))

    def begin_again(self, rows: Rows) -> None:
        """Start the next episode in ``rows``, which have just ended; what their last step gave stays."""
        self._begin(rows, False, self.population.cumulative_shares)

    def _begin(self, rows: Rows, clears: bool, shares: NDArray[np.float64]) -> None:
        kernels.begin_rows(
            rows, clears, self.memory, self.game, kernels.tiles(1), shares, self.population.means,
            self.population.spreads, self.observations, self.action_masks, self.rewards, self.reward_terms,
            self.terminated,
        )  # fmt: skip

    def _fix(self, rows: Rows, supplier: Mapping[str, Any], context: Mapping[str, Any]) -> None:
        """Overwrite fields of the hidden type and of the starting state in ``rows``."""
        for option, layout, records, values in (
            ("supplier", SUPPLIER, self.supplier, supplier),
            ("context", STATE, self.state, context),
        ):
            if not isinstance(values, Mapping):
                raise NegoenvError(f"options: {option!r} is {values!r}; a mapping of fields to numbers is expected.")
            for name, value in values.items():
                try:
                    numbers = np.broadcast_to(np.asarray(value, np.float64), self.rows)[rows]
                except (TypeError, ValueError):
                    raise NegoenvError(
                        f"options: {option} field {name!r} is {value!r}; a number is expected, or {self.rows} of them."
                    ) from None
                for extreme in (numbers.min(initial=np.inf), numbers.max(initial=-np.inf)):
                    if numbers.size:
                        layout.check(name, float(extreme), "options")
                records[name][rows] = numbers
        if "limit" in context and "budget" not in context:
            state, highest = self.state, STATE.by_name["budget"].high
            state["budget"][rows] = np.minimum(state["limit"][rows] + self.scenario.budget_slack, highest)
        kernels.seat_rows(rows, "ask" not in context, "target" not in context, self.memory)
        self.refresh(rows)

    def refresh(self, rows: Rows) -> None:
        """Write observations and masks anew in ``rows``, after the records were changed by hand."""
        kernels.show_rows(rows, self.memory, self.game, self.observations, self.action_masks)

    def step(self, actions: NDArray[np.int64], rows: Rows) -> None:
        """Play one move in each of ``rows``; a move that is not legal counts as HOLD and is counted."""
        self._play(actions, rows, self._none)

    def step_or_begin(self, actions: NDArray[np.int64], over: Rows) -> None:
        """Begin the next episode in the rows that are ``over``, and play one move in all others."""
        self._play(actions, ~over, over)

    def _play(self, actions: NDArray[np.int64], plays: Rows, begins: Rows) -> None:
        arguments = (
            plays, begins, actions, self.memory, self.game, kernels.tiles(self._chunks), *self._types,
            self.observations, self.action_masks, self.rewards, self.reward_terms, self.terminated, self.reports,
        )  # fmt: skip
        if self._chunks == 1:
            kernels.step_rows(0, 1, *arguments)
        else:
            kernels.step_rows_in_parallel(self._chunks, *arguments)

    def rules(self) -> Mapping[str, Any]:
        """Return the numbers of the scenario and of the suppliers, the effects of moves, and what is seen."""
        names = EFFECT_DTYPE.names or ()
        return self.scenario.numbers() | {
            "constants": CONSTANTS.as_dict(self.constants),  # those of a varied game are its own
            "effects": {move.name: {name: float(self.effects[name][move]) for name in names} for move in Move},
            "moves": [move.name for move in Move],
            "columns": list(observation.NAMES),
            "suppliers": self.population.numbers(),
        }

    def outcomes(self, rows: NDArray[np.intp] | None = None) -> dict[str, NDArray[Any]]:
        """Return outcome, price, surplus share, supplier's margin, goodwill, risk of under-delivery and counts."""
        chosen = np.arange(self.rows) if rows is None else rows
        written = np.zeros(len(chosen), reports.REPORT)
        reports.write_reports(chosen, self.memory, self.game, written)
        return reports.columns(written)

    def outcomes_of(self, terminated: Rows) -> dict[str, NDArray[Any]]:
        """Return `outcomes` of the rows that the last step ``terminated``, as it wrote them, and where they apply."""
        return (
            reports.columns(self.reports)
            | dict.fromkeys(reports.MASKS_OF_A_DEAL, self.reports["is_deal"])
            | dict.fromkeys(reports.OTHER_MASKS, terminated)
        )

    def revealed(self, rows: NDArray[np.intp] | None = None) -> dict[str, NDArray[Any]]:
        """Return the name of each archetype and the fields of the hidden type."""
        names = np.array(self.population.archetype_names)
        supplier = self.supplier if rows is None else self.supplier[rows]
        fields = {name: supplier[name].copy() for name in SUPPLIER.names if name != "archetype"}
        return {"archetype": names[supplier["archetype"].astype(np.int64)], **fields}

    def traced(self) -> dict[str, NDArray[Any]]:
        """Return the prices on the table, the pressure of all sources together, and the mood as it seemed."""
        state = self.state
        pressure = np.sum([state[source] for source in _PRESSURES], axis=0)
        return {"offer": state["offer"], "ask": state["ask"], "pressure": pressure, "mood": state["mood"]}
