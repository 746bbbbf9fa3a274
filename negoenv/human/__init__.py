"""Human price bargaining, in numbers: the measured side of a calibration.

`records` loads the data, `bargains` holds negotiations (measured or simulated) as the prices named, `moments` computes
the same numbers of either, `simulate` lets buyers who behave as the measured ones meet simulated sellers.
"""

from negoenv.human.bargains import Bargains
from negoenv.human.moments import MOMENTS, Moment, bootstrap, evaluate, standard_errors
from negoenv.human.records import HumanData, load, load_shipped
from negoenv.human.simulate import Buyers, LaterMoves, later_moves

__all__ = [
    "MOMENTS",
    "Bargains",
    "Buyers",
    "HumanData",
    "LaterMoves",
    "Moment",
    "bootstrap",
    "evaluate",
    "later_moves",
    "load",
    "load_shipped",
    "standard_errors",
]
