"""One transition of one negotiation, written once and compiled by Numba.

    persuasion   how a move presses, offends or calms the supplier
    information  what is claimed, found out, probed and quoted
    ultimatum    ultimatums and walking out
    bargaining   acceptance, counter-offers, leaving
    transition   the order in which these happen in one step

Every function takes the records by name: ``s`` the state, ``p`` the supplier (the other *p*arty), ``c`` the constants,
``e`` the effects of the move. They change ``s`` in place.
"""
