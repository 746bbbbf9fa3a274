"""Playing by hand: a person, a policy or a saved record negotiates with one supplier, move by move.

The game:

    negotiation  the talks that are played
    advice       what a policy would do now, and how sure it is
    session      who chooses the moves
    record       a finished game on disk, and its replay
    references   the same supplier met by policies

What is seen of it:

    palette      colours for dark and light terminals
    panels       prices and cues as text
    choices      the moves as text
    story        what was said, as text
    verdict      the end as text: the hidden type revealed, the result beside the references
    screen       all of it on a terminal's whole screen (Textual); moves, ending, help and widgets are its parts,
                 screenshot draws it into a file
    printed      all of it printed line by line, where there is no terminal
    files        saving
    options      what a user asks for
    command      what negoenv play calls: one game after another
"""
