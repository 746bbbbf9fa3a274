"""The constants of the model: name, unit, range, default and source of each.

A scenario may override any of them by name, so the magnitude of every assumption can be swept. Facts by
number are those of docs/model_card.md.
"""

from negoenv.game.supplier import PRICE, PROBABILITY, SHARE, WEIGHT
from negoenv.numerics.layout import Field, Layout

_A = "assumption"
_KEPT = "fraction kept a round"
_TENSION = "tension units"

CONSTANTS = Layout(
    "constants",
    # How the state relaxes.
    Field("keep_goals", _KEPT, 0, 1, "Pressure on goals left after a round.", 0.80, _A),
    Field("keep_time", _KEPT, 0, 1, "Pressure by time left after a round.", 0.85, _A),
    Field("keep_information", _KEPT, 0, 1, "Pressure by information left after a round.", 0.92, _A),
    Field("keep_physical", _KEPT, 0, 1, "Fatigue left after a round.", 0.80, _A),
    Field("keep_tension", _KEPT, 0, 1, "Tension left after a round of other moves than HOLD.", 0.97, _A),
    Field("wear_use", SHARE, 0, 1, "How much of its freshness a family loses by one use.", 0.55, _A),
    Field("wear_recovery", "fraction a round", 0, 1, "How much of the wear is gone after a round.", 0.20, _A),
    Field("adaptation", "fraction a round", 0, 1, "How fast a supplier gets used to pressure.", 0.45, _A),
    # Pressure and tension (fact 21).
    Field("jump_free", "pressure units", 0, 5, "Rise of felt pressure that causes no tension.", 0.2, _A),
    Field("jump_cost", "tension a squared pressure unit", 0, 50, "Tension of a jump in pressure, convex.", 2.5, _A),
    Field("momentum", WEIGHT, 0, 5, "How much more a move works on pressure already built up.", 0.8, _A),
    Field("yield_rate", "gap fraction a pressure unit", 0, 5, "Fall of the target for a rise of pressure.", 0.6, _A),
    Field("strain_resistance", SHARE, 0, 2, "Yield lost at a tension as high as the tolerance.", 1.0, _A),
    Field("reactance", SHARE, 0, 2, "Rise of the target when a move is met with defiance.", 0.25, _A),
    Field("defiance_tension", _TENSION, 0, 5, "Tension of a move that is met with defiance.", 0.35, _A),
    # Anger and threats (facts 8 to 13).
    Field("anger_yield", WEIGHT, 0, 3, "Response of a powerless supplier to anger without cause.", 0.35,
          "sign: Van Kleef, De Dreu & Manstead 2004; magnitude: assumption"),
    Field("anger_reactance", WEIGHT, 0, 5, "Defiance of a powerful supplier to anger without cause.", 1.2,
          "sign: Van Kleef & Cote 2007; magnitude: assumption"),
    Field("anger_after_concession", WEIGHT, 0, 10, "How much a recent concession of the buyer blunts anger.", 4.0,
          "Van Kleef, De Dreu & Manstead 2004: no effect of anger after a large concession"),
    Field("anger_resentment", WEIGHT, 0, 5, "Lasting resentment of anger without cause.", 0.6,
          "sign: Cote et al. 2013; Campagna et al. 2016; magnitude: assumption"),
    Field("threat_yield", WEIGHT, 0, 3, "Response to a threat without words.", 0.45,
          "sign: Sinaceur & Neale 2005; magnitude: assumption"),
    Field("leverage", WEIGHT, 0, 5, "Response to emotion for each unit of known weakness.", 0.6, _A),
    # Beliefs, bluffs and ultimatums (facts 13 to 16, 22).
    Field("bluff_credibility", SHARE, 0, 1, "Credibility left after a bluff is found out.", 0.35,
          "sign: Boles, Croson & Murnighan 2000; magnitude: assumption"),
    Field("bluff_resentment", _TENSION, 0, 5, "Lasting resentment of a bluff found out.", 0.35,
          "sign: Boles, Croson & Murnighan 2000; magnitude: assumption"),
    Field("bluff_distrust", PRICE, 0, 1, "Rise of the least acceptable offer with each bluff found out.", 0.03,
          "sign: Croson, Boles & Murnighan 2003; magnitude: assumption"),
    Field("called_credibility", SHARE, 0, 1, "Credibility left when nothing follows a refused ultimatum.", 0.45, _A),
    Field("unfair_share", SHARE, 0, 1, "Surplus share at which half the believed ultimatums are refused.", 0.20,
          "Oosterbeek, Sloof & van de Kuilen 2004; Knight"),
    Field("unfair_width", SHARE, 0.005, 1, "Scale over which refusal falls with the surplus share.", 0.08,
          "fitted to the same: about .5 at a fifth, about 0 at half of the surplus"),
    Field("stalemate_gap", "gap fraction", 0, 1, "A counter that gives less counts as no movement.", 0.06, _A),
    Field("stalemate_full", "rounds", 1, 20, "Rounds of stalemate after which ultimatums are fully expected.", 2.0, _A),
    Field("pressure_belief", WEIGHT, 0, 3, "How far built-up pressure makes an ultimatum believed.", 0.35, _A),
    Field("leader_belief", WEIGHT, 0, 5, "How much more an ultimatum is believed from the top leader.", 0.6,
          "assumption (no study found)"),
    Field("bluff_defiance", "signed strength", 0, 3, "Defiance when a bluff is found out.", 0.5, _A),
    Field("bluff_wear", WEIGHT, 0, 10, "How much more a worn claim is found out.", 2.0, _A),
    Field("ultimatum_early", SHARE, 0, 1, "Share of an ultimatum's belief that it has at the very start.", 0.5,
          "sign: Sinaceur & Neale 2005; magnitude: assumption"),
    Field("callback_belief", WEIGHT, 0, 2, "How much the belief in alternatives adds to that chance.", 0.5, _A),
    Field("callback_pressure", WEIGHT, 0, 2, "How much felt pressure adds to it, at most.", 0.4, _A),
    Field("callback_power", SHARE, 0, 1, "How much power takes away from it.", 0.7, _A),
    Field("callback_yield", "gap fraction", 0, 1, "Fall of the target when the supplier calls back.", 0.3, _A),
    Field("walk_out_credibility", SHARE, 0, 1, "Credibility left when nobody calls back.", 0.8, _A),
    Field("callback_base", PROBABILITY, 0, 1, "Chance that a supplier calls a buyer back who walked out.", 0.25, _A),
    Field("walk_out_exit", PROBABILITY, 0, 1, "Chance that a supplier who does not call back is gone.", 0.25, _A),
    # Concessions (facts 4, 5, 18, 24).
    Field("reciprocal_yield", WEIGHT, 0, 5, "Fall of the target a unit of reciprocity and gap conceded.", 0.9, _A),
    Field("embolden", WEIGHT, 0, 5, "Rise of the target for each unit of opportunism and gap conceded.", 0.5, _A),
    Field("relax", SHARE, 0, 2, "Share of the pressure that a concession of the whole gap takes away.", 0.8, _A),
    Field("opportunism_pressure", "pressure units", 0.05, 5, "Felt pressure at which no one is emboldened.", 0.6, _A),
    Field("limit_signal", "gap fraction", 0, 1, "Fall of the target when concessions shrink, rise when they grow.", 0.1,
          "sign: Tey et al. 2021; magnitude: assumption"),
    Field("midpoint_pull", SHARE, 0, 10, "How much more often an offer in the middle of the last gap is taken.", 0.2,
          "sign: Backus et al. 2020; magnitude: assumption"),
    # Time (facts 6, 7).
    Field("deadline_yield", "gap fraction a round", 0, 1, "Fall of the target at the supplier's own deadline.", 0.04,
          "shape: Faratin, Sierra & Jennings 1998; magnitude: assumption"),
    Field("deadline_eagerness", "acceptance units", 0, 10, "Pull towards any acceptable offer at the deadline.", 1.5,
          "sign: Roth, Murnighan & Schoumaker 1988; magnitude: assumption"),
    # Leaving (facts 1, 2, 7, 11, 21).
    Field("anchor", SHARE, 0, 1, "How far a first offer pulls the target towards itself.", 0.15,
          "sign: Petrowsky et al. 2025; magnitude: assumption"),
    Field("insult_resentment", WEIGHT, 0, 5, "Lasting resentment for each unit of such tension.", 0.5, _A),
    Field("insult", "tension a squared price unit", 0, 200, "Tension of a first offer far below the target.", 6.0,
          "sign: Petrowsky et al. 2025; magnitude: assumption"),
    Field("insult_free", PRICE, 0, 1, "Distance below the target that offends nobody.", 0.20, _A),
    Field("hazard_width", _TENSION, 0.01, 5, "Scale over which leaving becomes likely around the tolerance.", 0.08, _A),
    Field("hazard_most", PROBABILITY, 0, 1, "Chance of leaving in a round far past the tolerance.", 0.60, _A),
    Field("exit_gap", WEIGHT, 0, 20, "How much more a supplier leaves for a unit of price between the sides.", 3.0, _A),
    # Before and after the deal (facts 12, 17, 19, 20, 25).
    Field("goodwill_yield", SHARE, 0, 1, "Fall of the first target for goodwill above a stranger's; rise below.", 0.20,
          "sign: Curhan, Elfenbein & Eisenkraft 2010; magnitude: assumption"),
    Field("goodwill_stranger", SHARE, 0, 1, "Goodwill at which the past neither helps nor hurts.", 0.4, _A),
    Field("goodwill_margin", SHARE, 0.01, 2, "Surplus share at which goodwill reaches 63%.", 0.10, _A),
    Field("goodwill_tension", WEIGHT, 0, 5, "Loss of goodwill with tension and resentment at the deal.", 0.5,
          "sign: Hueffmeier et al. 2014; magnitude: assumption"),
    Field("under_delivery_base", PROBABILITY, 0, 1, "Chance of under-delivery by a content supplier.", 0.03, _A),
    Field("under_delivery_squeeze", PROBABILITY, 0, 1, "Chance added for a supplier without any margin.", 0.45, _A),
    Field("under_delivery_resentment", WEIGHT, 0, 5, "Chance added with resentment.", 0.35,
          "sign: Wang et al. 2012; Campagna et al. 2016; magnitude: assumption"),
    Field("least_surplus", PRICE, 0.01, 1, "Surplus that the buyer's shares are at least taken of.", 0.2, _A),
    Field("renewal_base", PROBABILITY, 0, 1, "Chance that a supplier without goodwill deals again.", 0.3, _A),
    Field("renewal_goodwill", PROBABILITY, 0, 1, "How much full goodwill adds to that chance.", 0.8,
          "sign: Curhan, Elfenbein & Eisenkraft 2010; magnitude: assumption"),
    # Information.
    Field("probe_finds", PROBABILITY, 0, 1, "Chance that PROBE finds an existing weakness.", 0.55, _A),
    Field("probe_noise", PRICE, 0, 1, "Half-width of the first cost estimate's error.", 0.12, _A),
    Field("quote_chance", PROBABILITY, 0, 1, "Chance that invited rivals quote.", 0.6, _A),
    Field("quote_low", "fraction of the limit", 0, 2, "Lowest quote of a rival.", 0.80, _A),
    Field("quote_high", "fraction of the limit", 0, 2, "Highest quote of a rival.", 1.05, _A),
    Field("cue_noise", "cue", 0, 1, "Half-width of the noise of what the buyer sees of strain and reaction.", 0.15, _A),
)  # fmt: skip
