"""The hidden type of a supplier: what it wants, what moves it, what it puts up with."""

import numpy as np

from negoenv.game.tactics import PRESSING
from negoenv.numerics.layout import Field, Layout

PRICE = "fraction of the first ask"
SHARE = "fraction"
PROBABILITY = "probability"
WEIGHT = "weight, 1 is typical"

SUPPLIER = Layout(
    "supplier",
    Field("archetype", "index into the population's archetypes", 0, 63, "Which kind of supplier it is."),
    Field("reservation_price", PRICE, 0.05, 1.2, "Cost plus least margin: it never sells below.", 0.62),
    Field("aspiration", SHARE, 0, 1, "First target price, from its reservation price (0) to its first ask (1).", 0.9),
    Field("drift", "fraction of the distance to the reservation price, a round", 0, 1, "Concedes by itself.", 0.01),
    Field("concession_rate", "gap fraction", 0, 1, "Mean fraction of the open gap given in a counter.", 0.5),
    Field("concession_spread", "gap fraction", 0, 1, "Half-width of that fraction's triangular distribution.", 0.3),
    Field("firmness", PROBABILITY, 0, 1, "Repeats its ask instead of countering.", 0.1),
    Field("midpoint_affinity", PROBABILITY, 0, 1, "Splits the difference where it may.", 0.05),
    Field("patience", "fraction of the deadline", 0.2, 2, "When its own deadline comes.", 1.0),
    Field("boulware", "exponent", 0.5, 12, "How late it concedes for time's sake (Faratin et al. 1998).", 4.0),
    Field("decisiveness", PROBABILITY, 0, 1, "Takes an offer that clearly beats its target.", 0.8),
    Field("acceptance_width", PRICE, 0.002, 0.5, "Scale over which acceptance rises around the target.", 0.02),
    Field("reciprocity", "gap fraction per gap fraction", 0, 3, "Answers a concession with a concession.", 0.3),
    Field("opportunism", WEIGHT, 0, 3, "Raises its target after a concession made without pressure.", 0.3),
    Field("feel_goals", WEIGHT, 0, 3, "Weight of pressure on its goals.", 1.0),
    Field("feel_time", WEIGHT, 0, 3, "Weight of pressure by time.", 1.0),
    Field("feel_information", WEIGHT, 0, 3, "Weight of pressure by information.", 1.0),
    Field("feel_physical", WEIGHT, 0, 3, "Weight of pressure by long, tense sessions; 0 is legal.", 0.3),
    Field("receptive_strong", WEIGHT, -3, 3, "Response to strong pressure; below 0 it digs in.", 0.5),
    Field("receptive_third_party", WEIGHT, -3, 3, "Response to third parties; below 0 it digs in.", 0.5),
    Field("receptive_ultimatum", WEIGHT, -3, 3, "How far an ultimatum is taken to be final.", 0.5),
    Field("receptive_emotion", WEIGHT, 0, 3, "Response to emotion once its weakness is known.", 0.5),
    Field("tolerance", "tension units", 0.1, 5, "Tension at which leaving becomes likely.", 1.0),
    Field("gullibility", SHARE, 0, 1, "How far it believes a claim it cannot check.", 0.6),
    Field("informedness", SHARE, 0, 1, "How often it can check a claim.", 0.3),
    Field("power", SHARE, 0, 1, "Strength of its own outside options.", 0.4),
    Field("pride", WEIGHT, 0, 3, "How much offence it takes.", 1.0),
    Field("weakness", SHARE, 0, 1, "Has a mistake or weakness to be found (1) or none (0).", 0.3),
    Field("exit_rate", PROBABILITY, 0, 1, "Leaves in a calm round over a wide gap.", 0.003),
    Field("anchoring", WEIGHT, 0, 8, "How far the buyer's first offer pulls its target towards itself.", 1.0),
    # A type is drawn once and only read after, so half the memory is exact enough.
    number=np.float32,
    arrays={"receptive": tuple(f"receptive_{family.name.lower()}" for family in PRESSING)},
)
