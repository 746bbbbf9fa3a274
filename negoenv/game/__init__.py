"""The rules of the game, written once and compiled by Numba; to be read in this order.

    tactics        the moves: a row each says all there is to it
    state          what changes during a negotiation, and how an episode can end
    supplier       the hidden type
    constants      every number of the rules, with unit, range and source
    legal_moves    which moves are legal
    transition     what happens in one step, in which order
    persuasion     how a move presses, offends or calms the supplier
    information    what is claimed, found out, probed and quoted
    ultimatum      ultimatums and walking out
    beliefs        what the supplier expects of the buyer, and from going on
    bargaining     offers, acceptance, counter-offers, leaving
    reward         what a step is worth
    after_deal     what a deal leaves behind, and the next one
    observation    what the buyer sees
    episode_info   what is told of an episode at its end

Every function takes the records by name: ``s`` the state, ``p`` the supplier (the other *p*arty), ``c`` the constants,
``e`` the effects of the move. They change ``s`` in place.
"""
