"""NegMAS (AGPL-3.0, an extra of its own): its negotiators as suppliers, so that a policy meets what nobody here wrote.

Nothing of NegMAS is imported before a `NegmasSupplier` is made, and nothing of it is copied here
(https://negmas.readthedocs.io).
"""

import importlib
import random
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.errors import NegoenvError, shown
from negoenv.installation import importing
from negoenv.interop.supplier_protocol import Answer, Package, Talks

PRICES = 21
"""Prices on the table of a NegMAS negotiation: MiCRO concedes one outcome an offer, so that many take it too long."""

LOWEST = 0.4  # of the grid, fraction of the first ask; below the cost of all but a few suppliers
_SAME = 1e-9  # a smaller difference of prices is none
_SAO = "negmas.sao.negotiators"

BUILT_IN = (
    "AdditiveFirstFollowingTBNegotiator",
    "AdditiveLastOfferFollowingTBNegotiator",
    "AdditiveParetoFollowingTBNegotiator",
    "AspirationNegotiator",
    "BestOfferOrientedTBNegotiator",
    "BoulwareTBNegotiator",
    "CABNegotiator",
    "CANNegotiator",
    "CARNegotiator",
    "ConcederTBNegotiator",
    "FastMiCRONegotiator",
    "FirstOfferOrientedTBNegotiator",
    "LastOfferOrientedTBNegotiator",
    "LinearTBNegotiator",
    "MiCRONegotiator",
    "MultiplicativeFirstFollowingTBNegotiator",
    "MultiplicativeLastOfferFollowingTBNegotiator",
    "MultiplicativeParetoFollowingTBNegotiator",
    "NaiveTitForTatNegotiator",
    "NiceNegotiator",
    "NiceTitForTatNegotiator",
    "RandomNegotiator",
    "SimpleTitForTatNegotiator",
    "TopFractionNegotiator",
    "ToughNegotiator",
    "WABNegotiator",
    "WANNegotiator",
    "WARNegotiator",
)
"""Negotiators that come with NegMAS and play as a supplier."""


def require_negmas() -> Any:
    """Import NegMAS.

    Raises:
        NegoenvError: if it is not installed.
    """
    with importing("NegMAS", "negmas"):
        return importlib.import_module("negmas")


def imported_apart(module: str) -> Any:
    """Import a module of negotiators whose imports of ``agents`` mean another package than ours of that name.

    So do those of negmas-negolog, which puts its own first on the path; names and path are as before afterwards.

    Raises:
        ImportError: if it cannot be imported.
    """
    path, ours = list(sys.path), _modules_of("agents")
    for name in ours:
        del sys.modules[name]
    try:
        return importlib.import_module(module)
    finally:
        for name in _modules_of("agents"):
            del sys.modules[name]
        sys.modules.update(ours)
        sys.path[:] = [*path, *(place for place in sys.path if place not in path)]


def _modules_of(package: str) -> dict[str, Any]:
    """Return what has been imported of a package."""
    return {name: module for name, module in sys.modules.items() if name.partition(".")[0] == package}


def negotiator_class(name: str) -> Any:
    """Return a class of NegMAS negotiators by name, for example "BoulwareTBNegotiator" or "module:Class".

    Raises:
        NegoenvError: if there is none, or NegMAS is missing.
    """
    require_negmas()
    module, _, attribute = name.rpartition(":")
    try:
        return getattr(imported_apart(module or _SAO), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise NegoenvError(
            f"There is no NegMAS negotiator {shown(name)} ({error}); accepted are names of {_SAO} and module:Class."
        ) from None


class Seeded:
    """Runs what draws from the global generators of Python and NumPy, as NegMAS does, on a stream of its own."""

    def __init__(self, seed: int) -> None:
        """Begin a stream; ``seed`` has 64 bits."""
        self._seed = int(np.random.default_rng(seed).integers(2**32))
        self._states: tuple[Any, Any] | None = None

    def __call__(self, play: Callable[[], Any]) -> Any:
        """Return what ``play`` returns; the caller's generators stay as they are."""
        callers = random.getstate(), np.random.get_state()  # noqa: NPY002
        if self._states is None:
            random.seed(self._seed)
            np.random.seed(self._seed)  # noqa: NPY002
        else:
            random.setstate(self._states[0])
            np.random.set_state(self._states[1])  # noqa: NPY002
        try:
            return play()
        finally:
            self._states = random.getstate(), np.random.get_state()  # noqa: NPY002
            random.setstate(callers[0])
            np.random.set_state(callers[1])  # noqa: NPY002


def make_mechanism(kind: Any, arguments: dict[str, Any], worth: NDArray[np.float64], rounds: int, first: bool) -> Any:
    """Make a mechanism of a negotiator and a party whose offers are put in from outside, about one issue or several.

    Args:
        kind: the class of the negotiator.
        arguments: what it is made with.
        worth: its utility of each outcome, float64 with one axis for each issue: the price, then the others; 0 is what
            no deal is worth to it.
        rounds: rounds in which both offer.
        first: whether it offers first.

    Returns:
        The mechanism, and the other party, whose ``answer(outcome)`` makes what ``mechanism.step`` takes for it. That
        one has no utility, so that nothing of it can be learned but by its offers.
    """
    n = require_negmas()

    class Outside(n.SAONegotiator):  # type: ignore[misc, name-defined]
        def answer(self, outcome: tuple[int, ...]) -> Any:
            return n.SAOResponse(n.ResponseType.REJECT_OFFER, outcome)

    issues = [n.make_issue(values, f"issue_{k}" if k else "price") for k, values in enumerate(worth.shape)]
    mechanism = n.SAOMechanism(
        issues=issues, n_steps=2 * rounds + 2, one_offer_per_step=True, sync_calls=True,
        ignore_negotiator_exceptions=True,
    )  # fmt: skip
    table = {outcome: float(u) for outcome, u in np.ndenumerate(worth)}
    utility = n.MappingUtilityFunction(table, reserved_value=0.0, outcome_space=mechanism.outcome_space)
    outside = Outside(name="other")
    for own in (True, False) if first else (False, True):
        if own:
            mechanism.add(kind(name="negotiator", **arguments), ufun=utility)
        else:
            mechanism.add(outside)
    return mechanism, outside


class NegmasSupplier:
    """A NegMAS negotiator at the other side, about one price or several issues; see `OwnSupplier`.

    The two alternate offers in a mechanism of NegMAS. The negotiator knows its own utility, which rises with its profit
    from 0 at its reservation price to 1 at what it asks first and above, and nothing of the buyer's: no utility of the
    buyer is in the mechanism at all. Where there are several issues an outcome is a price and a level of each.

    Attributes:
        timed_out: whether the mechanism ran out of time in the last talks.
    """

    def __init__(self, negotiator: Any, prices: int = PRICES, **arguments: Any) -> None:
        """Take a negotiator.

        Args:
            negotiator: a class, or a name as of `negotiator_class`.
            prices: how many prices there are to offer, evenly spaced up to the first ask, and what the terms that are
                dearest to the supplier cost it above that.
            arguments: what the class is made with.

        Raises:
            NegoenvError: if NegMAS is missing, or has no such negotiator.
        """
        require_negmas()
        self._class = negotiator_class(negotiator) if isinstance(negotiator, str) else negotiator
        self._arguments = arguments
        self._count = prices
        self.timed_out = False

    def begin(self, talks: Talks, seed: int) -> None:
        """Make a new negotiator; the global random states that NegMAS draws from are seeded while it plays."""
        self._seeded = Seeded(seed)
        self._first_ask = talks.ask
        self._grid = np.linspace(LOWEST, talks.ask + sum(map(max, talks.costs)), self._count)
        self.timed_out = False
        profit = self._grid - talks.reservation_price
        for costs in talks.costs:
            profit = profit[..., None] - np.array(costs)
        most = max(talks.ask - talks.reservation_price, 1e-3)
        self._mechanism, self._buyer = self._seeded(
            lambda: make_mechanism(self._class, self._arguments, np.minimum(profit, most) / most, talks.deadline, False)
        )

    def answer(self, talks: Talks) -> float | Answer | Package:
        """Lay the buyer's offer, the nearest price at or below it, before the negotiator, and return its answer.

        It knows no exchanges: one comes about where it asks for no more now than that would leave it asking for.

        Raises:
            RuntimeError: if the negotiator failed.
        """
        offered = max(0, int(np.searchsorted(self._grid, talks.offer + _SAME)) - 1)

        def exchange() -> Any:
            self._mechanism.step({self._buyer.id: self._buyer.answer((offered, *talks.offered))})
            return self._mechanism.step()

        state = self._seeded(exchange)
        self.timed_out = bool(state.timedout)
        if state.has_error:
            raise RuntimeError(f"{self._class.__name__} failed: {state.error_details}")
        if state.agreement is not None and talks.offer >= self._grid[0] - _SAME:
            return Answer.ACCEPT
        outcome = state.current_offer if state.agreement is None else state.agreement
        if outcome is None or (state.ended and state.agreement is None):
            return Answer.LEAVE
        terms = tuple(map(int, outcome[1:]))
        ask = min(float(self._grid[int(outcome[0])]), self._first_ask + talks.cost(terms))  # worth the same to it
        named = talks.exchange
        if named is not None and ask - talks.cost(terms) <= named.ask - talks.cost(talks.terms):
            return Answer.AGREE
        return Package(ask, terms) if terms else ask
