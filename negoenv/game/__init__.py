"""The rules of the game, written once and compiled by Numba; to be read in this order.

    tactics        the moves: a row each says all there is to it
    state          what changes during a negotiation, and how an episode can end
    supplier       the hidden type
    constants      every number of the rules, with unit, range and source
    legal_moves    which moves are legal
    transition     what happens in one step, in which order
    persuasion     how a move presses, offends or calms the supplier
    beliefs        what the supplier believes of the buyer, of claims and ultimatums, and expects from going on
    bargaining     offers, acceptance, counter-offers, leaving
    reward         what a deal and a step are worth
    after_deal     whether there is a next deal, and what goes on into it
    observation    what the buyer sees
    episode_info   what is told of an episode at its end

Every function takes the records by name: ``s`` the state, ``p`` the supplier (the other *p*arty), ``c`` the constants,
``e`` the effects of the move. They change ``s`` in place.
"""
