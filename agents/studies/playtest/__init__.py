"""The playtest: whether a scenario is a game worth learning, measured.

settings      how thoroughly
store         what is finished, on disk
subject       the game under test and its variants
training      what is trained, side by side
fixed, search fixed sequences of moves, and the search for the best
played        what was played, and intervals that count suppliers and training seeds
planners      the planners, who meet few suppliers
players       who plays: fixed moves, scripted, learnt and planning policies
field         everybody who played, and how they compare
standings     parts 1 and 2: who wins, and what each family is worth
burst         part 3: the same claims at once and in steps
exploits      part 4: what the learnt policies win with, to be read
sweep         part 5: how the best policy moves with the reward weights
watch, capabilities  part 6: what each scenario isolates
run           all of it
ends          the ends of the normalised score, for the records
verdict       the criteria
page, figures the report
"""
