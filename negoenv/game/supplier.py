"""The hidden type of a supplier: what it wants, what moves it, what it puts up with."""

import numpy as np

from negoenv.game.effects import PRESSING
from negoenv.numerics.layout import Field, Layout

PRICE = "fraction of the first ask"
SHARE = "fraction"
PROBABILITY = "probability"
WEIGHT = "weight, 1 is typical"

SUPPLIER = Layout(
    "supplier",
    Field("archetype", "index into the population's archetypes", 0, 63, "Which kind of supplier it is."),
    Field("reservation_price", PRICE, 0.05, 1.2, "Cost plus least margin: it never sells below.", 0.62),
    Field("aspiration", SHARE, 0, 1, "The limit it expects of the buyer, from reservation price (0) to ask (1).", 0.9),
    Field("bargaining_weight", SHARE, 0, 1, "Share of what lies between offer and that limit it expects to win.", 0.8),
    Field("waiting_cost", "fraction of the first ask, a round", 0, 0.2, "What it costs to go on for a round.", 0.008),
    Field("fairness", "share of the surplus", 0, 1, "The least share that it takes for fair.", 0.16),
    Field("readiness", "log odds", -10, 5, "How readily it moves its ask in a reply.", 0.2),
    Field("concession_rate", "gap fraction", 0, 1, "Mean fraction of its room that it gives at most in a reply.", 0.7),
    Field("concession_spread", "gap fraction", 0, 1, "Half-width of that fraction's triangular distribution.", 0.4),
    Field("generosity", "gap fraction", 0, 1, "Fraction of its room that it gives though nothing was earned.", 0.05),
    Field("midpoint_affinity", PROBABILITY, 0, 1, "Splits the difference where it may.", 0.05),
    Field("matching", "price per price", 0, 3, "How much of a concession it answers with one of its own.", 0.7),
    Field("notice", "gap fraction", 0, 1, "A concession below this is too small to count.", 0.11),
    Field("opportunism", WEIGHT, 0, 3, "Expects more after a concession made without pressure, and owes nothing.", 0.3),
    Field("patience", "fraction of the deadline", 0.2, 2, "When its own deadline comes.", 1.0),
    Field("boulware", "exponent", 0.5, 12, "How late it concedes for time's sake (Faratin et al. 1998).", 4.0),
    Field("decisiveness", PROBABILITY, 0, 1, "Takes an offer that clearly beats going on.", 0.85),
    Field("acceptance_width", PRICE, 0.002, 0.5, "Scale over which acceptance rises with the offer.", 0.03),
    Field("feel_goals", WEIGHT, 0, 3, "Weight of pressure on its goals.", 1.0),
    Field("feel_time", WEIGHT, 0, 3, "Weight of pressure by time.", 1.0),
    Field("feel_information", WEIGHT, 0, 3, "Weight of pressure by information.", 1.0),
    Field("feel_physical", WEIGHT, 0, 3, "Weight of pressure by long, tense sessions; 0 is legal.", 0.3),
    Field("receptive_strong", WEIGHT, 0, 3, "Response to strong pressure.", 0.5),
    Field("receptive_third_party", WEIGHT, 0, 3, "Response to third parties.", 0.5),
    Field("receptive_ultimatum", WEIGHT, 0, 3, "How far an ultimatum is taken to be final.", 0.5),
    Field("receptive_emotion", WEIGHT, 0, 3, "Response to emotion once its weakness is known.", 0.5),
    Field("tolerance", "tension units", 0.1, 5, "Tension at which leaving becomes likely.", 1.0),
    Field("gullibility", SHARE, 0, 1, "How far it believes a claim it cannot check.", 0.6),
    Field("informedness", SHARE, 0, 1, "How often it can check a claim.", 0.3),
    Field("power", SHARE, 0, 1, "Strength of its own outside options.", 0.4),
    Field("pride", WEIGHT, 0, 3, "How much offence it takes.", 1.0),
    Field("weakness", SHARE, 0, 1, "Has a mistake or weakness to be found (1) or none (0).", 0.3),
    Field("exit_rate", PROBABILITY, 0, 1, "Leaves in a calm round over a wide gap.", 0.003),
    Field("anchoring", WEIGHT, 0, 8, "How far the buyer's first offer lowers the limit that it expects.", 1.0),
    Field("tactics_rate", PROBABILITY, 0, 1, "Uses a tactic of its own in a reply.", 0.0),
    Field("honesty", PROBABILITY, 0, 1, "Means what it says then.", 0.5),
    # A type is drawn once and only read after, so half the memory is exact enough.
    number=np.float32,
    arrays={"receptive": tuple(f"receptive_{family.name.lower()}" for family in PRESSING)},
)
