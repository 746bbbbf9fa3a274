"""What batches of negotiations and of Sourcing share: suppliers drawn from a population, and the rules as numbers."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from negoenv.engine import kernels
from negoenv.engine.batch import Batch, Mask
from negoenv.errors import whole_number
from negoenv.game import observation
from negoenv.game.constants import CONSTANTS
from negoenv.game.legal_moves import legal_moves
from negoenv.game.supplier_tactics import SupplierTactic, supplier_effect_table
from negoenv.game.tactics import MOVES, effect_table
from negoenv.numerics.layout import Records
from negoenv.scenarios.scenario import RANGES, Scenario
from negoenv.scenarios.splits import stream_of

_PRESSURES = ("goals", "time", "information", "physical")  # by source, as the state names them
_MIN_ROWS_A_THREAD = 256  # below this a second thread costs more than it saves


class SupplierBatch(Batch):
    """Rows with suppliers of hidden types, in one scenario.

    Attributes:
        scenario: the game.
        population: where the suppliers of its split come from.
        move_table: its moves by number.
        columns: names of the columns of its observations.
        records: what is remembered of each supplier, of `negoenv.engine.records.ROW`.
        state: their states, see `negoenv.game.state.STATE`: a view.
        supplier: the hidden types, see `negoenv.game.supplier.SUPPLIER`: a view.
        game: what all rows share, one record.
    """

    derived: ClassVar[frozenset[str]] = frozenset({"state", "supplier", "tiles"})
    """Names of the attributes that `_derive` makes anew; a pickle leaves them out."""

    scenario: Scenario
    move_table: tuple[Any, ...]
    columns: tuple[str, ...]
    records: Records
    game: Records

    def __init__(self, num_rows: int, scenario: Scenario, split: str, num_threads: int) -> None:
        super().__init__(num_rows)
        self.scenario = scenario
        self.stream = stream_of(split)
        self.population = population = scenario.population(split)
        self._none = np.zeros(self.num_rows, np.bool_)
        self._types = (population.cumulative_shares, population.means, population.spreads)
        self._num_threads = whole_number("num_threads", num_threads)

    def _derive(self) -> None:
        """Name the parts of the records, all of them views, and take scratch memory for each part that is stepped."""
        self.state, self.supplier = self.records["state"], self.records["supplier"]
        self.tiles = kernels.new_tiles(max(1, min(self._num_threads, self.num_rows // _MIN_ROWS_A_THREAD)))

    def __getstate__(self) -> dict[str, Any]:
        """Return what a copy, or a pickle, is made of."""
        return {name: value for name, value in self.__dict__.items() if name not in self.derived}

    def __setstate__(self, attributes: dict[str, Any]) -> None:
        """Make a copy, or what was pickled, whole: its parts are the memory of its own records."""
        self.__dict__.update(attributes)
        self._derive()

    def reset(self, mask: Mask, options: dict[str, Any] | None = None) -> None:
        """Start the next episode in the rows of ``mask``.

        Args:
            mask: bool of shape ``(rows,)``.
            options: what is fixed, see `negoenv.engine.options.Options` and, in Sourcing,
                `negoenv.sourcing.engine.options.SourcingOptions`.

        Raises:
            NegoenvError: for an unknown option, field or archetype, or a value out of range.
        """
        self._begin(mask, self._read(mask, options) if options else None, clears=True)

    def check_options(self, mask: Mask, options: dict[str, Any]) -> None:
        """Raise what `reset` would raise for these options; change nothing."""
        self._read(mask, options)

    def autoreset(self, mask: Mask) -> None:
        """Start the next episode in the rows of ``mask``, which have just ended; what their last step gave stays."""
        self._begin(mask, None, clears=False)

    @abstractmethod
    def _read(self, mask: Mask, options: Mapping[str, Any]) -> Any:
        """Return the options of a reset, checked."""

    @abstractmethod
    def _begin(self, mask: Mask, options: Any, clears: bool) -> None:
        """Start the next episode in the rows of ``mask``; clear what their last step gave, if ``clears``."""

    def step(self, actions: NDArray[np.int64], mask: Mask) -> None:
        """Play one action in each row of ``mask``; one that is not legal counts as HOLD and is counted."""
        self._play(actions, mask, self._none)

    def step_or_reset(self, actions: NDArray[np.int64], over: Mask) -> None:
        """Begin the next episode in the rows that are ``over``, and play one action in all others."""
        self._play(actions, ~over, over)

    @abstractmethod
    def _play(self, actions: NDArray[np.int64], plays: Mask, begins: Mask) -> None:
        """Begin the next episode in the rows of ``begins``, and play one action in those of ``plays``."""

    def _write_rules(self, game: Records, split: str) -> None:
        """Write the scenario's rules between the buyer and one supplier into a record of `negoenv.engine.records.GAME`.

        The weights of the reward are those of the game, and left alone.
        """
        scenario = self.scenario
        game["constants"] = scenario.constant_record(split)
        game["effects"] = effect_table()
        game["legal"] = legal_moves(scenario.allowed_moves()[:MOVES])
        game["sight"] = observation.sight(scenario.visible_columns())
        game["ranges"] = [(r.low, r.high) for r in (getattr(scenario, name) for name in RANGES)]
        game["tactics"] = supplier_effect_table()
        game["tactics"]["weight"] *= scenario.supplier_tactics_of(split)
        game["deadline"], game["slack"] = scenario.deadline, scenario.budget_slack

    def _told_rules(self, game: Records, moves: Iterable[IntEnum], effects: Records) -> dict[str, Any]:
        """Return numbers of the scenario and of such a record, the effects of moves, and what is seen, by name."""
        return self.scenario.numbers() | {
            "constants": CONSTANTS.as_dict(game["constants"]),  # those of a varied game are its own
            "effects": by_member(moves, effects),
            "supplier_effects": by_member(SupplierTactic, game["tactics"][0]),
            "moves": [move.name for move in self.move_table],
            "columns": list(self.columns),
        }

    def _pressure(self) -> NDArray[np.float64]:
        """Return the pressure of all sources together, of the shape of ``state``."""
        pressure: NDArray[np.float64] = np.sum([self.state[source] for source in _PRESSURES], axis=0)
        return pressure


def by_member(members: Iterable[IntEnum], table: Records) -> dict[str, dict[str, float]]:
    """Return the fields of each record of a table by name, under the name of the member that stands for it."""
    names = table.dtype.names or ()
    return {
        member.name: {name: float(record[name]) for name in names}
        for member, record in zip(members, table, strict=True)
    }
