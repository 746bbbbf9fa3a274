"""A policy of negoenv as a NegMAS negotiator (AGPL-3.0, an extra) that buys in NegMAS's mechanisms and tournaments."""

from typing import Any

import numpy as np

from negoenv.benchmark.evaluation import Actor
from negoenv.errors import NegoenvError
from negoenv.game.state import Outcome
from negoenv.interop.negmas import require_negmas
from negoenv.interop.own_supplier import OwnSupplierEnv, Talks

_LIMIT, _FIRST_ASK = 0.85, 1.0  # the price in the game that is worth its reserved value to it, and its worst price

_WITHOUT = ("EXCHANGE", "HARD_EXCHANGE")  # the other party cannot be told of them


class _Silent:
    """A supplier that stands where the other party of the mechanism stands."""

    ask = _FIRST_ASK

    def begin(self, talks: Talks, seed: int) -> None:
        """Start at the first ask."""
        self.ask = _FIRST_ASK

    def answer(self, talks: Talks) -> float:
        """Name the ask that was put in."""
        return max(self.ask, talks.offer + 1e-6)


def negmas_buyer(policy: Actor, scenario: str = "Procurement", seed: int = 0) -> Any:
    """Return a class of NegMAS negotiators that plays a policy, for ``mechanism.add(cls(), ufun=...)`` or a tournament.

    It ranks the outcomes by its own utility, whatever they are made of, and lays them out as prices: its best outcome
    is a price of 0, its reserved value the limit, and nothing else is known. The policy sees the game of `scenario`
    with these prices; of its moves only the offers reach the other party. Nothing of its utility is told.

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
            """Lay the outcomes out as prices and start the game."""
            super().on_negotiation_start(state)
            if self.ufun is None:
                raise NegoenvError("A negotiator that plays a policy of negoenv needs a utility function.")
            outcomes = list(self.nmi.outcome_space.enumerate_or_sample(max_cardinality=10_000))
            values = np.array([float(self.ufun(outcome)) for outcome in outcomes])
            order = np.argsort(-values, kind="stable")
            self._outcomes = [outcomes[k] for k in order]
            reserved = float(self.ufun.reserved_value)
            reserved = reserved if np.isfinite(reserved) else float(values.min())
            self._prices = _LIMIT * (values.max() - values[order]) / max(values.max() - reserved, 1e-9)
            self._supplier = _Silent()
            steps = self.nmi.n_steps
            rounds = min(200, int(steps or 20))
            self._env = OwnSupplierEnv(self._supplier, {"base": scenario, "deadline": rounds, "without": _WITHOUT})
            context = {"limit": _LIMIT, "benchmark": 0.7}
            self._seen, info = self._env.reset(seed=seed, options={"context": context})
            self._mask, self._fresh, self._accepts, self._left = info["action_mask"], True, False, False
            self._next: float | None = None
            policy.reset(1, seed)

        def _advance(self, ask: float | None) -> float:
            """Let the policy make its next move, after the other party's offer; return its own offer."""
            if ask is not None:
                self._env.batch.state["ask"] = min(_FIRST_ASK, max(ask, float(self._env.batch.state["offer"][0])))
                self._env.batch.refresh(np.ones(1, np.bool_))
                self._seen, self._mask = self._env.batch.observations[0].copy(), self._env.action_masks()
                self._supplier.ask = float(self._env.batch.state["ask"][0])
            batch = self._env.batch
            if batch.terminated[0]:
                return float(batch.state["offer"][0])
            move = policy.act(self._seen[None], self._mask[None], np.array([self._fresh]))
            self._fresh = False
            self._seen, _, _, _, info = self._env.step(np.int64(np.asarray(move).ravel()[0]))
            self._mask = info["action_mask"]
            self._accepts = info.get("outcome") == Outcome.DEAL
            self._left = info.get("outcome") == Outcome.WALKED_AWAY
            return float(batch.state["offer"][0])

        def _worth(self, offer: Any) -> float:
            """Return an outcome as a price in the game."""
            value = float(self.ufun(offer))
            best, reserved = float(self.ufun(self._outcomes[0])), float(self.ufun.reserved_value)
            reserved = reserved if np.isfinite(reserved) else float(self.ufun(self._outcomes[-1]))
            return _LIMIT * (best - value) / max(best - reserved, 1e-9)

        def respond(self, state: Any, source: str | None = None) -> Any:
            """Accept what the policy accepts, or what is no worse than what it offers next."""
            offer = state.current_offer
            if offer is None:
                return n.ResponseType.REJECT_OFFER
            price = self._worth(offer)
            own = self._next = self._advance(price)
            if self._left:
                return n.ResponseType.END_NEGOTIATION
            return n.ResponseType.ACCEPT_OFFER if self._accepts or price <= own else n.ResponseType.REJECT_OFFER

        def propose(self, state: Any, dest: str | None = None) -> Any:
            """Offer the outcome that is nearest to the policy's offer and no worse for it."""
            own = self._advance(None) if self._next is None else self._next
            self._next = None
            within = int(np.searchsorted(self._prices, own + 1e-9)) - 1
            return self._outcomes[max(0, within)]

    return NegoenvBuyer
