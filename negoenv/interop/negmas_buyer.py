"""A policy of negoenv as a NegMAS negotiator (AGPL-3.0, an extra) that buys in NegMAS's mechanisms and tournaments."""

from typing import Any

import numpy as np

from negoenv.benchmark.evaluation import Actor
from negoenv.errors import NegoenvError
from negoenv.game.state import Outcome
from negoenv.interop.negmas import require_negmas
from negoenv.interop.negmas_layout import LIMIT, layout_for
from negoenv.interop.own_supplier import OwnSupplierEnv, Talks

_WITHOUT = ("EXCHANGE", "HARD_EXCHANGE")  # the other party cannot be told of them


class _Silent:
    """A supplier that stands where the other party of the mechanism stands."""

    ask = 1.0

    def begin(self, talks: Talks, seed: int) -> None:
        """Start at the first ask."""
        self.ask = talks.ask

    def answer(self, talks: Talks) -> float:
        """Name the ask that was put in."""
        return max(self.ask, talks.offer + 1e-6)


def negmas_buyer(policy: Actor, scenario: str = "Procurement", seed: int = 0) -> Any:
    """Return a class of NegMAS negotiators that plays a policy, for ``mechanism.add(cls(), ufun=...)`` or a tournament.

    It goes by its own utility. In a scenario about a price the outcomes, whatever they are made of, are laid out as
    prices: the best is a price of 0, the reserved value the limit. In one with several issues the price is one of the
    mechanism's issues and the others, up to four, are the terms; what the other party offers for other terms is shown
    to the policy as the price for those on the table that is worth the same to it. Nothing else is known. The policy
    sees the game of `scenario`; of its moves only the offers reach the other party. Nothing of its utility is told.

    Args:
        policy: for example `agents.registry.load_policy` of a run.
        scenario: the scenario whose observations and moves the policy knows.
        seed: of the cues that the game would show.

    Raises:
        NegoenvError: if NegMAS is missing.
    """
    n = require_negmas()

    class NegoenvBuyer(n.SAONegotiator):  # type: ignore[misc, name-defined]
        """Offers what the policy offers, and accepts what it accepts."""

        def on_negotiation_start(self, state: Any) -> None:
            """Lay the outcomes out and start the game."""
            super().on_negotiation_start(state)
            if self.ufun is None:
                raise NegoenvError("A negotiator that plays a policy of negoenv needs a utility function.")
            self._supplier = _Silent()
            rounds = min(200, int(self.nmi.n_steps or 20))
            self._env = OwnSupplierEnv(self._supplier, {"base": scenario, "deadline": rounds, "without": _WITHOUT})
            self._layout = layout_for(self.ufun, self.nmi.outcome_space, self._env.batch)
            self._layout.prepare(self._env.batch)
            context = {"limit": LIMIT, "benchmark": 0.7}
            self._seen, info = self._env.reset(seed=seed, options={"context": context})
            self._mask, self._fresh, self._accepts, self._left = info["action_mask"], True, False, False
            self._next: float | None = None
            policy.reset(1, seed)

        def _advance(self, ask: float | None) -> float:
            """Let the policy make its next move, after the other party's offer; return its own offer."""
            batch = self._env.batch
            if ask is not None:
                batch.state["ask"] = min(self._layout.highest_ask, max(ask, float(batch.state["offer"][0])))
                batch.refresh(np.ones(1, np.bool_))
                self._seen, self._mask = batch.observations[0].copy(), self._env.action_masks()
                self._supplier.ask = float(batch.state["ask"][0])
            if not batch.terminated[0]:
                move = policy.act(self._seen[None], self._mask[None], np.array([self._fresh]))
                self._fresh = False
                self._seen, _, _, _, info = self._env.step(np.int64(np.asarray(move).ravel()[0]))
                self._mask = info["action_mask"]
                self._accepts = info.get("outcome") == Outcome.DEAL
                self._left = info.get("outcome") == Outcome.WALKED_AWAY
            return float(batch.state["offer"][0])

        def respond(self, state: Any, source: str | None = None) -> Any:
            """Accept what the policy accepts, or what is no worse than what it offers next."""
            offer = state.current_offer
            if offer is None:
                return n.ResponseType.REJECT_OFFER
            asked = self._layout.price(offer, self._env.batch)
            own = self._next = self._advance(asked)
            if self._left:
                return n.ResponseType.END_NEGOTIATION
            accepts = self._accepts and asked <= self._layout.highest_ask  # it saw no higher price
            takes = accepts or self._layout.price(offer, self._env.batch) <= own
            return n.ResponseType.ACCEPT_OFFER if takes else n.ResponseType.REJECT_OFFER

        def propose(self, state: Any, dest: str | None = None) -> Any:
            """Offer the outcome that is nearest to the policy's offer and no worse for it."""
            own = self._advance(None) if self._next is None else self._next
            self._next = None
            return self._layout.outcome(own, self._env.batch)

    return NegoenvBuyer
