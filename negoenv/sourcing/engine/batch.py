"""A batch of Sourcing: the records, and the calls into the compiled loops."""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from negoenv.engine.batch import Batch, Mask
from negoenv.engine.kernels import reset_prices
from negoenv.engine.records import new_records
from negoenv.engine.supplier_batch import SupplierBatch
from negoenv.game.state import Outcome
from negoenv.game.supplier import SUPPLIER
from negoenv.numerics.threads import run_in_parts
from negoenv.sourcing.award import SOURCING_TERMS
from negoenv.sourcing.engine import kernels
from negoenv.sourcing.engine.options import SourcingOptions
from negoenv.sourcing.engine.records import SOURCING_GAME, SOURCING_INFO
from negoenv.sourcing.moves import ACTIONS, LAYOUT, Situation, SourcingAction, SourcingMove, sourcing_effects
from negoenv.sourcing.observation import OBSERVATION_HIGHS, OBSERVATION_LOWS, SOURCING_NAMES, WIDTH
from negoenv.sourcing.scenario import SourcingScenario
from negoenv.sourcing.state import CONTACT, ORDER

_OUTCOMES = np.array([outcome.name.lower() for outcome in Outcome])


class SourcingBatch(SupplierBatch):
    """Rows of Sourcing in one scenario.

    Attributes:
        count: how many suppliers there are.
        records: one a supplier, shape ``(rows, count)``; so ``state`` and ``supplier``.
        orders: one record a row, see `negoenv.sourcing.state.ORDER`.
        contacts: how the buyer stands with each supplier, ``CONTACT`` of shape ``(rows, count)``.
    """

    reward_names = SOURCING_TERMS
    move_table = tuple(SourcingAction)
    columns = SOURCING_NAMES
    derived = SupplierBatch.derived | {"_flat", "_marks"}
    scenario: SourcingScenario
    row_arrays: ClassVar[tuple[str, ...]] = (*Batch.row_arrays, "_none", "records", "orders", "contacts")

    def __init__(self, num_rows: int, scenario: SourcingScenario, split: str = "train", num_threads: int = 1) -> None:
        """Allocate the buffers.

        Args:
            num_rows: number of episodes side by side.
            scenario: the game.
            split: "train", "validation", "test" or "unseen", the population that suppliers come from.
            num_threads: at most so many threads step the rows; the results do not depend on it.
        """
        self.observation_space = spaces.Box(OBSERVATION_LOWS, OBSERVATION_HIGHS, dtype=np.float32)
        self.action_space = spaces.Discrete(ACTIONS)
        super().__init__(num_rows, scenario, split, num_threads)
        self.count = scenario.suppliers
        shape = (self.num_rows, self.count)
        self.records = new_records(self.num_rows * self.count).reshape(shape)
        self.contacts = CONTACT.records(self.num_rows * self.count).reshape(shape)
        self.orders = ORDER.records(self.num_rows)
        self.game = game = np.zeros(1, SOURCING_GAME)
        self._write_rules(game["base"], split)
        game["base"]["deals"] = scenario.requirements
        game["market"] = scenario.market_record()
        game["weights"] = scenario.weight_record()
        game["effects"] = sourcing_effects()
        game["needs"] = [
            m.needs if a else Situation.NEVER for m, a in zip(SourcingMove, scenario.allowed(), strict=True)
        ]
        game["stands_for"] = [move.stands_for for move in SourcingMove]
        game["shares"] = scenario.shares()
        game["invited"] = scenario.awake
        game["requirements"], game["budget_share"] = scenario.requirements, scenario.budget_share
        self._derive()

    def _derive(self) -> None:
        super()._derive()
        self._flat = self.records.reshape(-1)
        self._marks = np.zeros(self.num_rows * self.count, np.bool_)

    @property
    def _blocks(self) -> NDArray[np.float32]:
        """The observations, a block a supplier: the same memory."""
        return self.observations.reshape(self.num_rows * LAYOUT, WIDTH)

    def _read(self, mask: Mask, options: Mapping[str, Any]) -> SourcingOptions:
        return SourcingOptions.read(options, self.scenario, self.population, mask)

    def _begin(self, mask: Mask, options: SourcingOptions | None, clears: bool) -> None:
        shares, means, spreads = self._types
        marks, flat, game = self._marks, self._flat, self.game
        kernels.mark_rows(mask, self.keys, self.episodes, flat, self.count, marks)
        if options is None:
            kernels.draw_marked(marks, flat, game, self.tiles, shares, means, spreads)
        else:
            for k, one in enumerate(options.suppliers):
                mine = marks & (np.arange(len(marks)) % self.count == k)
                kernels.draw_marked(mine, flat, game, self.tiles, one.shares, means, spreads)
                for name, column in one.supplier.items():
                    self.supplier[name][mask, k] = column[mask]
                for name, column in one.context.items():
                    self.state[name][mask, k] = column[mask]
                if "limit" in one.context and "budget" not in one.context:
                    self.state["budget"][mask, k] = self.state["limit"][mask, k] + self.scenario.budget_slack
                reset_prices(mine, True, flat, game["base"])
        kernels.reset_orders(
            mask, self.orders, flat, self.contacts, game, self.count, clears, self._blocks, self.action_masks,
            self.rewards, self.reward_terms, self.terminated,
        )  # fmt: skip

    def refresh(self, mask: Mask) -> None:
        """Write observations and masks anew in the rows of ``mask``, after the records were changed by hand."""
        kernels.show_rows(
            mask, self.orders, self._flat, self.contacts, self.game, self.count, self._blocks, self.action_masks
        )  # fmt: skip

    def _play(self, actions: NDArray[np.int64], plays: Mask, begins: Mask) -> None:
        arguments = (
            plays, begins, actions, self.keys, self.episodes, self.orders, self._flat, self.contacts, self.game,
            self.count, self._marks, self.tiles, *self._types, self._blocks, self.action_masks, self.rewards,
            self.reward_terms, self.terminated,
        )  # fmt: skip
        run_in_parts(kernels.play_rows, kernels.play_rows_in_parallel, len(self.tiles), *arguments)

    def rules(self) -> Mapping[str, Any]:
        """Return the numbers of the scenario and of the suppliers, the effects of moves, and what is seen."""
        told = self._told_rules(self.game["base"], SourcingMove, self.game["effects"][0])
        return told | {"suppliers_drawn": self.population.numbers()}

    def outcomes(self, index: NDArray[np.intp] | None = None) -> dict[str, NDArray[Any]]:
        """Return outcome, price, shares, goodwill, expected failure and counts; NaN where a deal is needed for it.

        ``surplus_share`` is of the surplus with the cheapest of the suppliers, ``supplier_margin`` of the one that got
        most, ``goodwill`` and ``under_delivery_probability`` are of all that were awarded, ``best_share`` is what the
        first of them got; ``sources`` counts them, ``talked_to`` those that the buyer has talked to.
        """
        chosen = np.arange(self.num_rows) if index is None else index
        written = np.zeros(len(chosen), SOURCING_INFO)
        kernels.report_rows(chosen, self.orders, self._flat, self.game, self.count, written)
        names = [name for name in SOURCING_INFO.names or () if name not in ("deal", "outcome")]
        return {"outcome": _OUTCOMES[written["outcome"]], **{name: written[name] for name in names}}

    def revealed(self, index: NDArray[np.intp] | None = None) -> dict[str, NDArray[Any]]:
        """Return the kind of the cheapest supplier, and of each one its kind and traits, as ``power_1`` and so on."""
        supplier = self.supplier if index is None else self.supplier[index]
        names = np.array(self.population.archetype_names)[supplier["archetype"].astype(np.int64)]
        cheapest = supplier["reservation_price"].argmin(axis=1)
        kinds = {"cheapest": names[np.arange(len(names)), cheapest]}
        kinds |= {f"archetype_{k + 1}": names[:, k] for k in range(self.count)}
        traits = {
            f"{name}_{k + 1}": supplier[name][:, k].copy()
            for k in range(self.count) for name in SUPPLIER.names if name != "archetype"
        }  # fmt: skip
        return {**kinds, **traits}

    def traced(self) -> dict[str, NDArray[Any]]:
        """Return the lowest price and the highest offer, and of the suppliers the most pressure and strain."""
        state = self.state
        price = np.where(state["outcome"] == Outcome.DEAL, state["price"], state["ask"])
        part = (self.contacts["awake"] > 0.0) & (state["outcome"] != Outcome.BREAKDOWN)
        return {
            "offer": state["offer"].max(axis=1),
            "ask": np.where(part, price, 2.0).min(axis=1),
            "pressure": self._pressure().max(axis=1),
            "strain": state["strain"].max(axis=1),
        }
