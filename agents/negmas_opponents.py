"""NegMAS negotiators as opponents of an evaluation: ``--opponent negmas:NAME``, or a whole group of them."""

from collections.abc import Sequence

from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.errors import NegoenvError
from negoenv.installation import importing
from negoenv.interop.negmas import BUILT_IN, NegmasSupplier, imported_apart, negotiator_class, require_negmas
from negoenv.interop.own_supplier import own_suppliers
from negoenv.interop.own_supplier_batch import OwnSupplierBatch
from negoenv.make import make_batch
from negoenv.scenarios.presets import Named

PREFIX = "negmas:"
"""What the name of such an opponent begins with."""

PACKAGES = {"genius_agents": "negmas_genius_agents", "negolog": "negmas_negolog"}
"""Groups of negotiators that come in packages of their own; "built_in" are those that come with NegMAS."""

MOST_ROWS = 16
"""So many at a time: each has a mechanism with all outcomes of its own."""

_BASES = ("NegologNegotiatorWrapper",)  # negotiators of no strategy


def is_negmas(name: str) -> bool:
    """Return whether an opponent is one of NegMAS."""
    return name.startswith(PREFIX)


def with_groups(names: Sequence[str]) -> tuple[str, ...]:
    """Return names of opponents, each group of NegMAS negotiators as all that are in it.

    Raises:
        NegoenvError: if a package is missing.
    """
    return tuple(one for name in names for one in _members(name))


def _members(name: str) -> tuple[str, ...]:
    group = name.removeprefix(PREFIX)
    if not is_negmas(name) or group not in ("built_in", *PACKAGES):
        return (name,)
    if group == "built_in":
        return tuple(PREFIX + one for one in BUILT_IN)
    kind = require_negmas().SAONegotiator
    with importing(name, "negmas"):
        module = imported_apart(PACKAGES[group])
    found = [key for key, value in vars(module).items() if isinstance(value, type) and issubclass(value, kind)]
    return tuple(f"{PREFIX}{PACKAGES[group]}:{key}" for key in sorted(found) if key not in _BASES)


def negmas_batch(num_rows: int, scenario: Named, split: str, name: str) -> OwnSupplierBatch:
    """Return negotiations whose suppliers are NegMAS negotiators; one that fails is counted, and leaves.

    Raises:
        NegoenvError: if there is no such negotiator, NegMAS is missing, or the game is none with one supplier.
    """
    game = make_batch(1, scenario, split)
    if not isinstance(game, NegotiationBatch):
        raise NegoenvError(f"{name} plays in negotiations with one supplier.")
    kind = negotiator_class(name.removeprefix(PREFIX))
    return own_suppliers(num_rows, game.scenario, split, lambda: NegmasSupplier(kind), crash_leaves=True)
