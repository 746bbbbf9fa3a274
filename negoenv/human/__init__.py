"""Human price bargaining, in numbers: the measured side of a calibration.

`records` loads the data, `bargains` holds negotiations (measured or simulated) as the prices named, `moments` computes
the same numbers of either, `simulate` lets buyers who behave as the measured ones meet simulated sellers.
"""

from negoenv.human.bargains import Bargains
from negoenv.human.csv_files import HumanData, load_csv, load_shipped
from negoenv.human.moments import MOMENTS, Moment, bootstrap, moments_of, standard_errors
from negoenv.human.simulate import Buyers, LaterMoves, later_moves

__all__ = [
    "MOMENTS",
    "Bargains",
    "Buyers",
    "HumanData",
    "LaterMoves",
    "Moment",
    "bootstrap",
    "later_moves",
    "load_csv",
    "load_shipped",
    "moments_of",
    "standard_errors",
]
