"""Other libraries' negotiation environments, as steppers. Each is imported only when it is there (extra ``peers``)."""

import random
from collections.abc import Callable

from .contest import Stepper

_MOVES = 300


def open_spiel_bargaining() -> Stepper:
    """Return a stepper of OpenSpiel's ``bargaining`` (C++, called from Python) under random legal moves."""
    import pyspiel

    game = pyspiel.load_game("bargaining")
    rng = random.Random(0)
    draws = [rng.random() for _ in range(2 * _MOVES)]  # before the clock starts, as for ours

    def play() -> int:
        steps, state = 0, game.new_initial_state()
        for draw in draws:
            if state.is_terminal():
                state = game.new_initial_state()
            legal = state.legal_actions()  # of a chance node: its outcomes, all as likely
            steps += not state.is_chance_node()
            state.apply_action(legal[int(draw * len(legal))])
        return steps

    return play


def negmas_mechanism() -> Stepper:
    """Return a stepper of NegMAS's ``SAOMechanism``: Boulware against Conceder over one price; a round is a step."""
    from negmas import LinearUtilityFunction, SAOMechanism, make_issue
    from negmas.sao import BoulwareTBNegotiator, ConcederTBNegotiator

    issues = [make_issue(100, "price")]

    def play() -> int:
        mechanism = SAOMechanism(issues=issues, n_steps=20)
        buyer = LinearUtilityFunction({"price": -1.0}, bias=100.0, issues=issues)
        seller = LinearUtilityFunction({"price": 1.0}, issues=issues)
        mechanism.add(BoulwareTBNegotiator(name="buyer"), ufun=buyer)
        mechanism.add(ConcederTBNegotiator(name="seller"), ufun=seller)
        mechanism.run()
        return int(mechanism.current_step)

    return play


PEERS: dict[str, tuple[str, Callable[[], Stepper]]] = {
    "open_spiel": ("pyspiel", open_spiel_bargaining),
    "negmas": ("negmas", negmas_mechanism),
}
"""Name, the module that must be there, and what makes the stepper."""
