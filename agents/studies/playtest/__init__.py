"""The playtest: whether a scenario is a game worth learning, measured.

settings      how thoroughly
under_test    the game under test, its variants, and what is trained on it
training      trainings side by side, and what is finished, on disk
sequences     fixed sequences of moves, and the search for the best
players       who plays: fixed moves, scripted, learned and planning policies
played        what they played, and how they compare, with suppliers and training seeds counted
standings     parts 1 and 2: who wins, and what each family is worth
burst         part 3: the same claims at once and in steps
exploits      part 4: what the learned policies win with, to be read
sweep         part 5: how the best policy moves with the reward weights
capabilities  part 6: what each scenario isolates
run           all of it
verdict       the criteria
page, figures the report as a page; output: as data, tables, files and records
"""
