"""Playing by hand: a person, a policy or a saved game negotiates with one supplier or several, move by move.

negotiation  an episode, move by move, and one with one supplier
market    one with several suppliers; market_panels is what is seen of them
session   the talks, who chooses the moves, and who advises
results   the same supplier met by policies, and the hidden type revealed
saving    a finished game on disk, and its replay
panels    prices and cues as text, in colours for dark and light terminals
moves     the moves to choose from
screen    all of it on a terminal's whole screen (Textual), or drawn into a file; widgets are its parts
printed   all of it printed line by line, where there is no terminal
command   what negoenv play calls: one game after another
"""
