"""A negotiation with several suppliers at once, as the screen, the printed page and a record need it."""

import copy
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from rich.text import Text

from negoenv.game.state import Outcome
from negoenv.game.supplier import SUPPLIER
from negoenv.sourcing import SourcingAction, SourcingBatch, SourcingMove, SourcingScenario
from negoenv.sourcing.moves import AWARDS, MOVES_A_SUPPLIER
from negoenv.sourcing.observation import supplier_views
from negoenv.sourcing.transcript import SourcingTranscript
from negoenv.viewer.meanings import FAMILIES
from negoenv.viewer.transcript import Money

from .market_panels import SupplierStatus, market_prices, market_suppliers
from .negotiation import Negotiation, PlayedNegotiation, Setting, kind_in_words, priced_meaning
from .panels import Palette

_ALL = np.ones(1, np.bool_)
_HOLD, _WALK_AWAY = SourcingAction["HOLD"], SourcingAction["WALK_AWAY"]
_WORDS = {_HOLD: "Let a round pass.", _WALK_AWAY: "Buy nothing here."}
_GROUPS = {_HOLD: "wait", _WALK_AWAY: "leave"}


class Market(PlayedNegotiation):
    """A negotiation with several suppliers, from the start."""

    batch: SourcingBatch
    closing = (_HOLD, _WALK_AWAY)
    hold = _HOLD
    counterpart = "the suppliers"

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.batch = SourcingBatch(1, setting.scenario, setting.split)  # type: ignore[arg-type]  # see `new_negotiation`
        self.batch.seed(setting.seed)
        self.batch.reset(_ALL)
        self.rewards: list[float] = []
        self._transcript = SourcingTranscript(self.batch)
        self._prices: list[tuple[float, float]] = []

    @property
    def moves(self) -> Sequence[SourcingAction]:
        """The actions that were played."""
        return [turn.wanted for turn in self._transcript.turns if turn.wanted is not None]

    @property
    def legal(self) -> tuple[SourcingAction, ...]:
        """The actions that are legal now, supplier by supplier; none once the episode has ended."""
        mask = self.batch.action_masks[0]
        return () if self.over else tuple(action for action in SourcingAction if mask[action])

    def play(self, action: int) -> None:
        """Play one action; one that is not legal counts as HOLD."""
        self.batch.step(np.array([int(action)]), _ALL)
        self._transcript.step(action)
        self.rewards.append(float(self.batch.rewards[0]))
        traced = self.batch.traced()
        self._prices.append((float(traced["ask"][0]), float(traced["offer"][0])))

    def move_of(self, action: int) -> SourcingAction:
        """Return the action of a number."""
        return SourcingAction(action)

    @property
    def outcome(self) -> Outcome:
        """How the talks stand or ended."""
        return Outcome(int(self.batch.orders["outcome"][0]))

    @property
    def prices(self) -> Sequence[tuple[float, float]]:
        """The lowest ask and the highest offer after each action."""
        return self._prices

    @property
    def clock(self) -> tuple[str, str]:
        """The round, and the number of the requirement where there are several."""
        order = self.batch.orders[0]
        number = min(order["bought"] + 1, order["requirements"])
        several = f"requirement {number:.0f} of {order['requirements']:.0f}" if order["requirements"] > 1 else ""
        return f"round {order['round']:.0f} of {order['deadline']:.0f}", several

    def transcript_steps(self, money: Money) -> Iterator[tuple[str, bool]]:
        """Yield the lines of the transcript."""
        return self._transcript.transcript_steps(money)

    def group(self, action: SourcingAction) -> str:
        """Return a word for the family of what is done."""
        return _GROUPS.get(action) or FAMILIES[SourcingMove(action % MOVES_A_SUPPLIER).tactic.effects.family]

    def simple(self, action: SourcingAction) -> bool:
        """Return whether it is an argument or an offer alone."""
        return action in self.closing or action % MOVES_A_SUPPLIER != SourcingMove.SHOW_QUOTE_AND_CONCEDE

    def meaning(self, action: SourcingAction, money: Money) -> tuple[str, str]:
        """Return what an action means, and its price."""
        if action in _WORDS:
            return _WORDS[action], ""
        k, move = action // MOVES_A_SUPPLIER, SourcingMove(action % MOVES_A_SUPPLIER)
        stand = self._stands()[k]
        sets_price = move.stands_for.tactic.effects.opening > 0.0 or "{offer}" in move.tactic.meaning
        prices = {
            "offer": money(self._offer_after(action, k) if sets_price else stand.offer),
            "ask": money(stand.ask),
            "quote": money(stand.other),
            "cost_estimate": money(float(self.batch.state["cost_estimate"][0, k])),
        }
        return priced_meaning(move.tactic.meaning, prices)

    def _offer_after(self, action: SourcingAction, k: int) -> float:
        """Return the offer to supplier ``k`` that would stand after ``action``."""
        trial = copy.deepcopy(self.batch)  # as `Negotiation.offer_after` asks the rules
        trial.supplier["reservation_price"] = SUPPLIER.by_name["reservation_price"].high
        trial.step(np.array([int(action)]), _ALL)
        return float(trial.state["offer"][0, k])

    def confirmation(self, action: SourcingAction) -> str:
        """Return why an action is asked for twice."""
        if action is _WALK_AWAY:
            return "leave without a deal."
        k, move = action // MOVES_A_SUPPLIER, action % MOVES_A_SUPPLIER
        above = action not in self.closing and move in AWARDS and self._stands()[k].ask > self.batch.orders["limit"][0]
        return "buy above your limit." if above else ""

    def _stands(self) -> list[SupplierStatus]:
        """Return how the suppliers stand."""
        seen = supplier_views(self.batch.observations[0])
        return [SupplierStatus.of(self._transcript.turns[-1].suppliers[k], seen, k) for k in range(self.batch.count)]

    def price_panel(self, money: Money, width: int, height: int, palette: Palette) -> Text:
        """Return every supplier's ask and the offer to it on a line."""
        return market_prices(self._stands(), self.batch.orders[0], money, width, height, palette)

    def supplier_panel(self, palette: Palette) -> Text:
        """Return how the suppliers seem, and for how long their prices stand."""
        return market_suppliers(self._stands(), self.batch.orders[0], palette)

    def revealed(self, money: Money, width: int) -> Text:
        """Return who the suppliers were."""
        kinds = self.batch.population.archetypes
        told = []
        for name, hidden in self.hidden_types().items():
            floor = f"It would never have sold below {money(hidden['reservation_price'])}."
            told.append(kind_in_words(name, kinds[int(hidden["archetype"])], floor, money, width))
        return Text("\n").join(told)

    def hidden_types(self) -> Mapping[str, Mapping[str, float]]:
        """Return the hidden types."""
        suppliers: NDArray[np.void] = self.batch.supplier[0]
        return {f"S{k + 1}": SUPPLIER.as_dict(suppliers[k : k + 1]) for k in range(self.batch.count)}


def new_negotiation(setting: Setting) -> PlayedNegotiation:
    """Return a negotiation that has just begun: with one supplier, or with several."""
    return Market(setting) if isinstance(setting.scenario, SourcingScenario) else Negotiation(setting)
