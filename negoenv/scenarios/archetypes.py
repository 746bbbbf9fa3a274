"""The kinds of supplier. All magnitudes are assumptions; docs/model_card.md tests what they add up to."""

from collections.abc import Mapping

from negoenv.game.supplier import SUPPLIER
from negoenv.scenarios.population import Archetype, Population, Trait
from negoenv.scenarios.unseen_kinds import NEW_KINDS, UNSEEN_KINDS

_SPREAD = {
    "reservation_price": 0.12,
    "aspiration": 0.15,
    "bargaining_weight": 0.05,
    "waiting_cost": 0.015,
    "fairness": 0.387,
    "readiness": 1.0,
    "notice": 0.06,
    "matching": 0.4,
    "tolerance": 0.35,
    "power": 0.25,
    "pride": 0.5,
    "gullibility": 0.3,
    "informedness": 0.25,
    "receptive_strong": 0.42,
    "receptive_third_party": 0.42,
    "receptive_ultimatum": 0.42,
    "receptive_emotion": 0.42,
    "opportunism": 0.6,
    "patience": 0.3,
    "tactics_rate": 0.2,
    "honesty": 0.6,
}
"""Half-width of the spread within each kind, in the unit of the field: kinds are regions, and overlap.

That of fairness is the spread between people in the ultimatum game (Heffner & FeldmanHall 2022: mean .143, standard
deviation .158, 22% never refuse), all others are assumptions.
"""

_MEANS = {"bargaining_weight": 0.92, "acceptance_width": 0.02, "tactics_rate": 0.25, "honesty": 0.5}
"""What the means of a kind are unless it says otherwise, where that is not the default of the field: a supplier who is
not pressed keeps nearly all that it could win, seldom takes less than what going on is worth, and uses tactics of its
own. Assumption."""

_KINDS: dict[str, tuple[str, dict[str, float]]] = {
    "overstocked": (
        "Has excess stock: strong pressure moves it; it exploits concessions.",
        {
            "reservation_price": 0.50, "aspiration": 0.97, "receptive_strong": 2.1, "receptive_third_party": 0.15,
            "receptive_ultimatum": 0.15, "receptive_emotion": 0.15, "matching": 0.45, "opportunism": 1.2,
            "tolerance": 1.0, "power": 0.2, "pride": 0.8, "weakness": 0.1, "gullibility": 0.7, "informedness": 0.2,
            "tactics_rate": 0.25, "honesty": 0.4,
        },
    ),
    "market_leader": (
        "A strong brand with many buyers: only rivals move it, and anger makes it demand more.",
        {
            "reservation_price": 0.60, "aspiration": 0.97, "receptive_strong": 0.15, "receptive_third_party": 2.1,
            "receptive_ultimatum": 0.3, "receptive_emotion": 0.15, "matching": 0.45, "opportunism": 0.4,
            "tolerance": 1.2, "power": 0.8, "pride": 1.2, "weakness": 0.1, "gullibility": 0.4, "informedness": 0.6,
            "tactics_rate": 0.2, "honesty": 0.75,
        },
    ),
    "family_firm": (
        "Values the relationship: answers concessions, and leaves under pressure.",
        {
            "reservation_price": 0.58, "aspiration": 0.97, "receptive_strong": 0.15, "receptive_third_party": 0.15,
            "receptive_ultimatum": 0.15, "receptive_emotion": 0.15, "matching": 1.18, "opportunism": 0.0,
            "tolerance": 0.8, "power": 0.4, "pride": 1.6, "weakness": 0.1, "gullibility": 0.6, "informedness": 0.3,
            "tactics_rate": 0.15, "honesty": 0.85,
        },
    ),
    "careless_performer": (
        "Has failed the buyer before and hides it: once that is known, emotion moves it.",
        {
            "reservation_price": 0.52, "aspiration": 0.97, "receptive_strong": 0.15, "receptive_third_party": 0.15,
            "receptive_ultimatum": 0.3, "receptive_emotion": 2.4, "matching": 0.45, "opportunism": 0.5,
            "tolerance": 1.0, "power": 0.3, "pride": 0.9, "weakness": 1.0, "gullibility": 0.5, "informedness": 0.4,
        },
    ),
    "staller": (
        "Delays, and moves only when the alternative is no deal.",
        {
            "reservation_price": 0.54, "aspiration": 0.97, "receptive_strong": 0.3, "receptive_third_party": 0.15,
            "receptive_ultimatum": 2.1, "receptive_emotion": 0.15, "matching": 0.3, "opportunism": 1.2,
            "readiness": -0.6, "concession_rate": 0.3,
            "tolerance": 1.3, "power": 0.5, "pride": 0.8, "weakness": 0.1, "gullibility": 0.5, "informedness": 0.3,
            "tactics_rate": 0.4, "honesty": 0.3,
        },
    ),
    # Sole sources: no other supplier, and each knows its power.
    "monopolist": (
        "The only supplier, powerful and proud: resists pressure, answers concessions.",
        {
            "reservation_price": 0.60, "aspiration": 0.98, "receptive_strong": 0.15, "receptive_third_party": 0.15,
            "receptive_ultimatum": 0.15, "receptive_emotion": 0.15, "matching": 1.1, "opportunism": 0.0,
            "tolerance": 0.9, "power": 0.9, "pride": 1.5, "weakness": 0.0, "gullibility": 0.4, "informedness": 0.6,
            "tactics_rate": 0.2, "honesty": 0.8,
        },
    ),
    "dependent_monopolist": (
        "The only supplier, with no other buyer: strong pressure moves it.",
        {
            "reservation_price": 0.52, "aspiration": 0.98, "receptive_strong": 2.1, "receptive_third_party": 0.15,
            "receptive_ultimatum": 0.3, "receptive_emotion": 0.15, "matching": 0.45, "opportunism": 1.2,
            "tolerance": 1.0, "power": 0.8, "pride": 0.9, "weakness": 0.0, "gullibility": 0.7, "informedness": 0.3,
            "tactics_rate": 0.3, "honesty": 0.3,
        },
    ),
    "careless_monopolist": (
        "The only supplier, and delivers badly: once that is known, emotion moves it.",
        {
            "reservation_price": 0.54, "aspiration": 0.98, "receptive_strong": 0.15, "receptive_third_party": 0.15,
            "receptive_ultimatum": 0.15, "receptive_emotion": 2.4, "matching": 0.45, "opportunism": 0.6,
            "tolerance": 1.0, "power": 0.8, "pride": 1.0, "weakness": 1.0, "gullibility": 0.5, "informedness": 0.4,
        },
    ),
    "complacent_monopolist": (
        "The only supplier, waits for concessions: an ultimatum moves it, best from the leader.",
        {
            "reservation_price": 0.56, "aspiration": 0.98, "receptive_strong": 0.15, "receptive_third_party": 0.15,
            "receptive_ultimatum": 2.1, "receptive_emotion": 0.15, "matching": 0.3, "opportunism": 1.2,
            "readiness": -0.8, "concession_rate": 0.3,
            "tolerance": 1.2, "power": 0.8, "pride": 0.9, "weakness": 0.0, "gullibility": 0.5, "informedness": 0.4,
        },
    ),
    # Suppliers with deadlines of their own.
    "hurried": (
        "Has a deadline of its own, before the buyer's: it concedes by itself as that comes near.",
        {
            "reservation_price": 0.52, "aspiration": 0.97, "receptive_strong": 0.3, "receptive_third_party": 0.45,
            "receptive_ultimatum": 0.45, "receptive_emotion": 0.15, "matching": 0.45, "opportunism": 1.0,
            "patience": 0.8, "boulware": 2.0, "feel_time": 2.5,
            "tolerance": 1.0, "power": 0.3, "pride": 0.8, "weakness": 0.0, "gullibility": 0.6, "informedness": 0.3,
        },
    ),
    "unhurried": (
        "Has no deadline and other buyers: leaves under pressure, answers concessions.",
        {
            "reservation_price": 0.56, "aspiration": 0.97, "receptive_strong": 0.15, "receptive_third_party": 0.15,
            "receptive_ultimatum": 0.15, "receptive_emotion": 0.15, "matching": 1.26, "opportunism": 0.0,
            "patience": 2.0, "boulware": 6.0, "feel_time": 0.2, "exit_rate": 0.02,
            "tolerance": 0.8, "power": 0.5, "pride": 1.3, "weakness": 0.0, "gullibility": 0.5, "informedness": 0.4,
            "tactics_rate": 0.2, "honesty": 0.8,
        },
    ),
    "brinkman": (
        "Waits for the last round, and yields only to an ultimatum.",
        {
            "reservation_price": 0.54, "aspiration": 0.97, "receptive_strong": 0.15, "receptive_third_party": 0.15,
            "receptive_ultimatum": 2.1, "receptive_emotion": 0.15, "matching": 0.3, "opportunism": 1.0,
            "readiness": -0.8, "concession_rate": 0.3, "patience": 1.5, "feel_time": 0.3,
            "tolerance": 1.3, "power": 0.5, "pride": 0.8, "weakness": 0.0, "gullibility": 0.5, "informedness": 0.3,
            "tactics_rate": 0.4, "honesty": 0.35,
        },
    ),
    "quarter_end": (
        "Must book orders before its quarter ends, and does not say so: strong pressure moves it.",
        {
            "reservation_price": 0.52, "aspiration": 0.97, "receptive_strong": 2.1, "receptive_third_party": 0.15,
            "receptive_ultimatum": 0.15, "receptive_emotion": 0.15, "matching": 0.3, "opportunism": 1.2,
            "readiness": -0.6, "concession_rate": 0.3, "patience": 1.3, "feel_time": 0.5,
            "tolerance": 1.0, "power": 0.3, "pride": 0.8, "weakness": 0.0, "gullibility": 0.7, "informedness": 0.2,
            "tactics_rate": 0.3, "honesty": 0.4,
        },
    ),
    "broker": (
        "Sells what others make, and has none to sell after you: only rivals move it.",
        {
            "reservation_price": 0.54, "aspiration": 0.97, "receptive_strong": 0.15, "receptive_third_party": 2.1,
            "receptive_ultimatum": 0.15, "receptive_emotion": 0.15, "matching": 0.3, "opportunism": 0.8,
            "readiness": -0.6, "concession_rate": 0.3, "patience": 1.3, "feel_time": 0.5,
            "tolerance": 1.1, "power": 0.6, "pride": 1.0, "weakness": 0.0, "gullibility": 0.3, "informedness": 0.7,
            "tactics_rate": 0.3, "honesty": 0.5,
        },
    ),
    # Suppliers with and without a mistake to be found.
    "concealer": (
        "Hides a mistake: anger moves it once that is known, and offends it before.",
        {
            "reservation_price": 0.50, "aspiration": 0.98, "receptive_strong": 0.15, "receptive_third_party": 0.15,
            "receptive_ultimatum": 0.15, "receptive_emotion": 2.4, "matching": 0.45, "opportunism": 0.8,
            "tolerance": 1.0, "power": 0.5, "pride": 1.1, "weakness": 1.0, "gullibility": 0.4, "informedness": 0.5,
            "tactics_rate": 0.3, "honesty": 0.25,
        },
    ),
    "blameless": (
        "Has made no mistake: anger offends it, and it answers concessions.",
        {
            "reservation_price": 0.58, "aspiration": 0.97, "receptive_strong": 0.15, "receptive_third_party": 0.15,
            "receptive_ultimatum": 0.15, "receptive_emotion": 0.15, "matching": 1.1, "opportunism": 0.0,
            "tolerance": 0.8, "power": 0.7, "pride": 1.7, "weakness": 0.0, "gullibility": 0.5, "informedness": 0.4,
        },
    ),
    "shameless": (
        "Has made a mistake and does not hide it: only strong pressure moves it.",
        {
            "reservation_price": 0.54, "aspiration": 0.97, "receptive_strong": 2.1, "receptive_third_party": 0.3,
            "receptive_ultimatum": 0.3, "receptive_emotion": 0.15, "matching": 0.45, "opportunism": 1.0,
            "tolerance": 1.1, "power": 0.4, "pride": 0.5, "weakness": 1.0, "gullibility": 0.7, "informedness": 0.3,
        },
    ),
    # Suppliers that do not concede by themselves.
    "procrastinator": (
        "Delays every decision: an ultimatum moves it.",
        {
            "reservation_price": 0.52, "aspiration": 0.98, "receptive_strong": 0.15, "receptive_third_party": 0.15,
            "receptive_ultimatum": 2.1, "receptive_emotion": 0.15, "matching": 0.3, "opportunism": 1.0,
            "readiness": -1.2, "concession_rate": 0.2,
            "tolerance": 1.2, "power": 0.4, "pride": 0.8, "weakness": 0.0, "gullibility": 0.5, "informedness": 0.3,
            "tactics_rate": 0.4, "honesty": 0.4,
        },
    ),
    "entrenched": (
        "Does not believe that the order can go elsewhere: only rivals move it.",
        {
            "reservation_price": 0.52, "aspiration": 0.98, "receptive_strong": 0.15, "receptive_third_party": 2.1,
            "receptive_ultimatum": 0.15, "receptive_emotion": 0.15, "matching": 0.3, "opportunism": 0.8,
            "readiness": -1.2, "concession_rate": 0.2,
            "tolerance": 1.1, "power": 0.6, "pride": 1.1, "weakness": 0.0, "gullibility": 0.3, "informedness": 0.7,
        },
    ),
    "aggrieved": (
        "Resists pressure of any kind, and answers concessions.",
        {
            "reservation_price": 0.56, "aspiration": 0.98, "receptive_strong": 0.15, "receptive_third_party": 0.15,
            "receptive_ultimatum": 0.15, "receptive_emotion": 0.15, "matching": 1.3, "opportunism": 0.0,
            "readiness": -1.0, "concession_rate": 0.3,
            "tolerance": 0.8, "power": 0.5, "pride": 1.6, "weakness": 0.0, "gullibility": 0.5, "informedness": 0.4,
        },
    ),
    "hoarder": (
        "Sits on stock that it will not admit to: strong pressure moves it.",
        {
            "reservation_price": 0.50, "aspiration": 0.98, "receptive_strong": 2.1, "receptive_third_party": 0.15,
            "receptive_ultimatum": 0.15, "receptive_emotion": 0.15, "matching": 0.3, "opportunism": 1.2,
            "readiness": -1.2, "concession_rate": 0.2,
            "tolerance": 1.0, "power": 0.3, "pride": 0.8, "weakness": 0.0, "gullibility": 0.7, "informedness": 0.2,
        },
    ),
    "denier": (
        "Denies a mistake: anger moves it once that is known.",
        {
            "reservation_price": 0.52, "aspiration": 0.98, "receptive_strong": 0.15, "receptive_third_party": 0.15,
            "receptive_ultimatum": 0.15, "receptive_emotion": 2.4, "matching": 0.3, "opportunism": 0.8,
            "readiness": -1.2, "concession_rate": 0.2,
            "tolerance": 1.0, "power": 0.5, "pride": 1.1, "weakness": 1.0, "gullibility": 0.4, "informedness": 0.5,
        },
    ),
    # Suppliers that exploit concessions, and one that answers them.
    "shark": (
        "Exploits concessions and asks for more, unless strong pressure comes first.",
        {
            "reservation_price": 0.50, "aspiration": 0.97, "receptive_strong": 2.1, "receptive_third_party": 0.15,
            "receptive_ultimatum": 0.15, "receptive_emotion": 0.15, "matching": 0.3, "opportunism": 2.6,
            "tolerance": 1.1, "power": 0.4, "pride": 0.7, "weakness": 0.0, "gullibility": 0.7, "informedness": 0.2,
            "tactics_rate": 0.45, "honesty": 0.2,
        },
    ),
    "wolf": (
        "Exploits concessions, and knows the market: only rivals move it.",
        {
            "reservation_price": 0.52, "aspiration": 0.97, "receptive_strong": 0.15, "receptive_third_party": 2.1,
            "receptive_ultimatum": 0.45, "receptive_emotion": 0.15, "matching": 0.3, "opportunism": 2.6,
            "tolerance": 1.1, "power": 0.6, "pride": 0.9, "weakness": 0.0, "gullibility": 0.3, "informedness": 0.7,
            "tactics_rate": 0.4, "honesty": 0.35,
        },
    ),
    "reciprocator": (
        "Answers concessions, and resists threats.",
        {
            "reservation_price": 0.56, "aspiration": 0.97, "receptive_strong": 0.15, "receptive_third_party": 0.15,
            "receptive_ultimatum": 0.15, "receptive_emotion": 0.15, "matching": 1.3, "opportunism": 0.0,
            "tolerance": 0.8, "power": 0.4, "pride": 1.5, "weakness": 0.0, "gullibility": 0.6, "informedness": 0.3,
            "tactics_rate": 0.15, "honesty": 0.85,
        },
    ),
    # Suppliers with costs above, near and far below the buyer's limit.
    "priced_out": (
        "Its costs are above the buyer's limit: no deal is possible.",
        {
            "reservation_price": 0.93, "aspiration": 0.95, "receptive_strong": 0.9, "receptive_third_party": 0.6,
            "receptive_ultimatum": 0.15, "receptive_emotion": 0.15, "matching": 0.8, "opportunism": 0.3,
            "tolerance": 1.0, "power": 0.5, "pride": 1.0, "weakness": 0.0, "gullibility": 0.5, "informedness": 0.4,
            "tactics_rate": 0.2, "honesty": 0.85,
        },
    ),
    "poor_mouth": (
        "Claims high costs and has low ones: strong pressure moves it.",
        {
            "reservation_price": 0.55, "aspiration": 0.98, "receptive_strong": 2.1, "receptive_third_party": 0.9,
            "receptive_ultimatum": 0.75, "receptive_emotion": 0.15, "matching": 0.45, "opportunism": 0.8,
            "tolerance": 1.0, "power": 0.4, "pride": 0.9, "weakness": 0.0, "gullibility": 0.6, "informedness": 0.3,
            "tactics_rate": 0.45, "honesty": 0.2,
        },
    ),
    "thin_margin": (
        "Its costs are near the buyer's limit: a deal is possible, at a high price.",
        {
            "reservation_price": 0.70, "aspiration": 0.95, "receptive_strong": 0.15, "receptive_third_party": 0.15,
            "receptive_ultimatum": 0.15, "receptive_emotion": 0.15, "matching": 1.18, "opportunism": 0.0,
            "tolerance": 0.8, "power": 0.4, "pride": 1.2, "weakness": 0.0, "gullibility": 0.5, "informedness": 0.3,
        },
    ),
}  # fmt: skip


def population(name: str, shares: Mapping[str, float]) -> Population:
    """Return a mixture of the kinds above.

    Args:
        name: name of the population.
        shares: share of each kind, by name, relative to the others.
    """
    archetypes = []
    for kind, share in shares.items():
        meaning, means = (_KINDS | UNSEEN_KINDS)[kind]
        means = {field: SUPPLIER.by_name[field].default for field in _SPREAD} | _MEANS | means
        traits = {field: Trait(mean=mean, spread=_SPREAD.get(field, 0.0)) for field, mean in means.items()}
        archetypes.append(Archetype(name=kind, share=share, meaning=meaning, traits=traits))
    return Population(name=name, source="assumption", archetypes=tuple(archetypes))


def split(
    name: str, train: Mapping[str, float], test: Mapping[str, float], unseen: Mapping[str, float] = NEW_KINDS
) -> dict[str, Population]:
    """Return the populations of a scenario: the same kinds, new draws, in somewhat other shares; and other kinds."""
    return {
        "train": population(f"{name}_train", train),
        "test": population(f"{name}_test", test),
        "unseen": population(f"{name}_unseen", unseen),
    }
