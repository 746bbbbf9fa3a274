"""What changes during a negotiation: the state record, and how an episode can end."""

from enum import IntEnum

from negoenv.game.effects import PRESSING, TOPICS
from negoenv.game.supplier import PRICE, PROBABILITY, SHARE
from negoenv.game.supplier_tactics import SupplierTactic
from negoenv.game.tactics import MOVES
from negoenv.game.term_moves import ALL_MOVES
from negoenv.numerics.layout import Field, Layout

PRESSURE = "pressure units"


class Outcome(IntEnum):
    """How an episode stands or ended."""

    OPEN = 0  # still talking
    DEAL = 1
    BREAKDOWN = 2  # the supplier left
    WALKED_AWAY = 3  # the buyer left for its outside option
    DEADLINE = 4  # time ran out without a deal


STATE = Layout(
    "state",
    Field("step", "moves", 0, 2400, "Moves made in this episode."),
    Field("round", "rounds", 0, 200, "Moves made so far for this deal."),
    Field("deadline", "rounds", 1, 200, "Round at which the negotiation of a deal ends."),
    Field("need_date", "rounds", 0, 200, "Round after which each round costs the buyer the cost of delay."),
    # What the buyer sees, in the order of the observation's columns, so that one loop copies it.
    Field("offer", PRICE, 0, 2, "The buyer's standing offer; 0 before there is one."),
    Field("ask", PRICE, 0, 2, "The supplier's standing ask."),
    Field("limit", PRICE, 0, 2, "The buyer's reservation price: what its outside option is worth."),
    Field("budget", PRICE, 0, 2, "The most the buyer may pay."),
    Field("benchmark", PRICE, 0, 2, "Market price that the buyer knows; openings are fractions of it."),
    Field("counter", "gap fraction", 0, 1, "The supplier's concession in its last reply."),
    Field("concession", "gap fraction", 0, 1, "Memory of the buyer's recent concession; halves each round."),
    Field("reaction", "cue", -3, 3, "How the supplier seemed to take the last move (noisy)."),
    Field("strain", "cue", -1, 3, "How strained the supplier seemed (noisy)."),
    Field("wear_strong", SHARE, 0, 1, "How worn strong pressure is."),
    Field("wear_third_party", SHARE, 0, 1, "How worn third parties are."),
    Field("wear_ultimatum", SHARE, 0, 1, "How worn ultimatums are."),
    Field("wear_emotion", SHARE, 0, 1, "How worn emotion is."),
    Field("stalemate", "rounds", 0, 200, "Rounds without movement of either side."),
    Field("goodwill", SHARE, 0, 1, "What the relationship is worth at the start of this deal."),
    Field("weakness_known", "0 or 1", 0, 1, "Whether the buyer has found the supplier's mistake or weakness."),
    Field("cost_estimate", PRICE, 0, 2, "The buyer's estimate of the reservation price; 0 before it has one."),
    Field("quote", PRICE, 0, 2, "Best quote from a rival; 0 while there is none."),
    Field("called", "0 or 1", 0, 1, "An ultimatum was refused, and nothing has followed yet."),
    Field("leader_used", "0 or 1", 0, 1, "Whether the top leader has spoken."),
    Field("probes", "count", 0, 200, "Times the buyer asked for costs."),
    Field("rivals", "count", 0, 200, "Times rivals were really invited."),
    Field("bluffs", "count", 0, 200, "Bluffs of the buyer that were found out."),
    Field("deals_left", "count", 0, 11, "Deals that may follow this one."),
    Field("under_delivered", "0 or 1", 0, 1, "The supplier delivered less than agreed after the last deal."),
    Field("tactic_due", "rounds", 0, 20, "Rounds until what the supplier said comes due; 0 if nothing does."),
    Field("tactic_result", "-1, 0 or 1", -1, 1, "What it said turned out a bluff (-1) or true (1) in the last round."),
    Field("delay_cost", "reward a round", 0, 1, "What a round after its need date costs the buyer."),
    # What it does not see.
    Field("supplier_tactic", "SupplierTactic", 0, len(SupplierTactic) - 1, "What the supplier said with its answer."),
    Field("topic", "index into TOPICS, from 1", 0, len(TOPICS), "What the supplier spoke of; 0 for nothing yet."),
    Field("pending", "SupplierTactic", 0, len(SupplierTactic) - 1, "What it said that is still open; 0 for nothing."),
    Field("pending_meant", "0 or 1", 0, 1, "Whether that is true."),
    Field("pending_given", "0 or 1", 0, 1, "Whether the buyer has given since."),
    Field("ask_before", PRICE, 0, 2, "The ask before the supplier said it."),
    Field("deals", "count", 0, 12, "Deals closed in this episode."),
    Field("expected_limit", PRICE, 0, 2, "What the supplier believes that the buyer would pay at most."),
    Field("fallback", PRICE, 0, 2, "What it believes that it would get elsewhere."),
    Field("unanswered", "moves", 0, 200, "Moves of its own that the buyer has not answered with a concession."),
    Field("refused", "count", 0, 200, "Exchanges that it has refused since the buyer last moved."),
    Field("waited", "rounds", 0, 200, "Rounds in which the buyer gave and said nothing, less those in which it spoke."),
    Field("demonstrated", "0 or 1", 0, 1, "The buyer has acted on its alternatives: invited rivals, or walked out."),
    Field("goals", PRESSURE, 0, 10, "Pressure on its goals."),
    Field("time", PRESSURE, 0, 10, "Pressure by time."),
    Field("information", PRESSURE, 0, 10, "Pressure by information."),
    Field("physical", PRESSURE, 0, 10, "Pressure by long, tense sessions (fatigue)."),
    Field("accustomed", PRESSURE, 0, 40, "Felt pressure that the supplier has got used to."),
    Field("tension", "tension units", 0, 20, "How strained the talks are."),
    Field("credibility", SHARE, 0, 1, "How far the buyer's word is taken."),
    Field("belief", PROBABILITY, 0, 1, "The supplier's belief in the buyer's alternatives."),
    Field("dilution", SHARE, 0, 1, "What an argument loses of its effect to weak ones before it."),
    Field("resentment", "tension units", 0, 40, "Offence, lies and humiliation that are not forgotten."),
    Field("concession_step", PRICE, 0, 2, "The buyer's last concession in price."),
    Field("named_price", PRICE, 0, 4, "The price that the buyer's move names; 0 where it names none."),
    Field("words_strong", "move", 0, MOVES - 1, "The last words of strong pressure; an opening, so none, at first."),
    Field("words_third_party", "move", 0, MOVES - 1, "The last words about third parties."),
    Field("words_ultimatum", "move", 0, MOVES - 1, "The last words of an ultimatum."),
    Field("words_emotion", "move", 0, MOVES - 1, "The last expression of emotion."),
    Field("last_move", "move", -1, len(ALL_MOVES) - 1, "The buyer's last move; -1 before there is one."),
    Field("outcome", "Outcome", 0, 4, "How the episode stands or ended."),
    Field("price", PRICE, 0, 2, "Price of the last deal; 0 before there is one."),
    Field("illegal_moves", "count", 0, 2400, "Moves that were not legal and counted as HOLD."),
    arrays={name: tuple(f"{name}_{family.name.lower()}" for family in PRESSING) for name in ("wear", "words")},
)
