"""The kinds of supplier of the brief. All magnitudes are assumptions; the model card tests what they add up to."""

from collections.abc import Mapping

from negoenv.scenarios.population import Archetype, Population, Trait

_SPREAD = {
    "reservation_price": 0.10,
    "aspiration": 0.03,
    "tolerance": 0.25,
    "power": 0.10,
    "pride": 0.25,
    "gullibility": 0.15,
    "informedness": 0.15,
    "receptive_strong": 0.25,
    "receptive_third_party": 0.25,
    "receptive_ultimatum": 0.25,
    "receptive_emotion": 0.25,
    "reciprocity": 0.15,
}
"""Half-width of the spread within each archetype, in the unit of the field."""

_HELD_OUT_WIDER = 1.4
"""How much wider than in training traits are spread among the suppliers that are held out."""

_KINDS: dict[str, tuple[str, dict[str, float]]] = {
    "overstocked": (
        "A seller with full stores: strong pressure lowers what it expects; it takes concessions for weakness.",
        {
            "reservation_price": 0.50, "aspiration": 0.97, "receptive_strong": 1.5, "receptive_third_party": 0.0,
            "receptive_ultimatum": 0.1, "receptive_emotion": 0.0, "reciprocity": 0.1, "opportunism": 1.2,
            "tolerance": 1.0, "power": 0.2, "pride": 0.8, "weakness": 0.1, "gullibility": 0.7, "informedness": 0.2,
        },
    ),
    "market_leader": (
        "A strong brand with many buyers: only real rivals move it, and shouting makes it demand more.",
        {
            "reservation_price": 0.60, "aspiration": 0.97, "receptive_strong": -0.6, "receptive_third_party": 1.6,
            "receptive_ultimatum": 0.2, "receptive_emotion": 0.1, "reciprocity": 0.1, "opportunism": 0.4,
            "tolerance": 1.2, "power": 0.8, "pride": 1.2, "weakness": 0.1, "gullibility": 0.4, "informedness": 0.6,
        },
    ),
    "family_firm": (
        "Minds the relationship: gives when it is given to, and leaves when it is pushed.",
        {
            "reservation_price": 0.58, "aspiration": 0.97, "receptive_strong": -0.5, "receptive_third_party": -0.4,
            "receptive_ultimatum": -0.6, "receptive_emotion": 0.0, "reciprocity": 1.1, "opportunism": 0.0,
            "tolerance": 0.8, "power": 0.4, "pride": 1.6, "weakness": 0.1, "gullibility": 0.6, "informedness": 0.3,
        },
    ),
    "careless_performer": (
        "Has failed the buyer before and hopes that nobody noticed.",
        {
            "reservation_price": 0.52, "aspiration": 0.97, "receptive_strong": 0.1, "receptive_third_party": 0.1,
            "receptive_ultimatum": 0.2, "receptive_emotion": 2.2, "reciprocity": 0.1, "opportunism": 0.5,
            "tolerance": 1.0, "power": 0.3, "pride": 0.9, "weakness": 1.0, "gullibility": 0.5, "informedness": 0.4,
        },
    ),
    "staller": (
        "Plays for time and moves only when the alternative is no deal.",
        {
            "reservation_price": 0.54, "aspiration": 0.97, "receptive_strong": 0.2, "receptive_third_party": 0.1,
            "receptive_ultimatum": 1.6, "receptive_emotion": 0.0, "reciprocity": 0.0, "opportunism": 1.2,
            "firmness": 0.4, "concession_rate": 0.3, "drift": 0.005,
            "tolerance": 1.3, "power": 0.5, "pride": 0.8, "weakness": 0.1, "gullibility": 0.5, "informedness": 0.3,
        },
    ),
    # Sole sources: nobody else makes it, and each knows its power.
    "monopolist": (
        "Knows that nobody else makes it, and is too proud to be pushed; gives to those who give.",
        {
            "reservation_price": 0.60, "aspiration": 0.98, "receptive_strong": -0.7, "receptive_third_party": -0.5,
            "receptive_ultimatum": -0.5, "receptive_emotion": 0.0, "reciprocity": 1.0, "opportunism": 0.0,
            "tolerance": 0.9, "power": 0.9, "pride": 1.5, "weakness": 0.0, "gullibility": 0.4, "informedness": 0.6,
        },
    ),
    "dependent_monopolist": (
        "Nobody else makes it, and nobody else buys it: fears for the order and hides it.",
        {
            "reservation_price": 0.52, "aspiration": 0.98, "receptive_strong": 1.5, "receptive_third_party": -0.3,
            "receptive_ultimatum": 0.2, "receptive_emotion": 0.0, "reciprocity": 0.1, "opportunism": 1.2,
            "tolerance": 1.0, "power": 0.8, "pride": 0.9, "weakness": 0.0, "gullibility": 0.7, "informedness": 0.3,
        },
    ),
    "careless_monopolist": (
        "Delivers late and badly, since nobody can go elsewhere, and would rather not hear of it.",
        {
            "reservation_price": 0.54, "aspiration": 0.98, "receptive_strong": -0.2, "receptive_third_party": -0.4,
            "receptive_ultimatum": 0.1, "receptive_emotion": 2.2, "reciprocity": 0.1, "opportunism": 0.6,
            "tolerance": 1.0, "power": 0.8, "pride": 1.0, "weakness": 1.0, "gullibility": 0.5, "informedness": 0.4,
        },
    ),
    "complacent_monopolist": (
        "Waits for the buyer to give in, until its leader says that there will be no deal.",
        {
            "reservation_price": 0.56, "aspiration": 0.98, "receptive_strong": 0.1, "receptive_third_party": -0.3,
            "receptive_ultimatum": 1.6, "receptive_emotion": 0.0, "reciprocity": 0.0, "opportunism": 1.2,
            "firmness": 0.5, "concession_rate": 0.3, "drift": 0.004,
            "tolerance": 1.2, "power": 0.8, "pride": 0.9, "weakness": 0.0, "gullibility": 0.5, "informedness": 0.4,
        },
    ),
    # Suppliers whose own time runs out, or does not.
    "hurried": (
        "Has a closing date of its own, before the buyer's.",
        {
            "reservation_price": 0.52, "aspiration": 0.97, "receptive_strong": 0.2, "receptive_third_party": 0.3,
            "receptive_ultimatum": 0.3, "receptive_emotion": 0.0, "reciprocity": 0.1, "opportunism": 1.0,
            "patience": 0.8, "boulware": 2.0, "feel_time": 2.5,
            "tolerance": 1.0, "power": 0.3, "pride": 0.8, "weakness": 0.0, "gullibility": 0.6, "informedness": 0.3,
        },
    ),
    "unhurried": (
        "Has all the time in the world and goes where it is wanted; answers what it is given.",
        {
            "reservation_price": 0.56, "aspiration": 0.97, "receptive_strong": -0.5, "receptive_third_party": -0.4,
            "receptive_ultimatum": -0.5, "receptive_emotion": 0.0, "reciprocity": 1.2, "opportunism": 0.0,
            "patience": 2.0, "boulware": 6.0, "feel_time": 0.2, "exit_rate": 0.02,
            "tolerance": 0.8, "power": 0.5, "pride": 1.3, "weakness": 0.0, "gullibility": 0.5, "informedness": 0.4,
        },
    ),
    "brinkman": (
        "Lets the clock run to the last round, and gives way only to those who would rather go.",
        {
            "reservation_price": 0.54, "aspiration": 0.97, "receptive_strong": 0.1, "receptive_third_party": 0.1,
            "receptive_ultimatum": 1.7, "receptive_emotion": 0.0, "reciprocity": 0.0, "opportunism": 1.0,
            "firmness": 0.5, "concession_rate": 0.3, "drift": 0.004, "patience": 1.5, "feel_time": 0.3,
            "tolerance": 1.3, "power": 0.5, "pride": 0.8, "weakness": 0.0, "gullibility": 0.5, "informedness": 0.3,
        },
    ),
    # Who has something to hide, and who has not.
    "concealer": (
        "Hides a grave mistake; whoever knows of it may be angry, whoever does not may not.",
        {
            "reservation_price": 0.50, "aspiration": 0.98, "receptive_strong": -0.3, "receptive_third_party": -0.2,
            "receptive_ultimatum": 0.1, "receptive_emotion": 2.4, "reciprocity": 0.1, "opportunism": 0.8,
            "tolerance": 1.0, "power": 0.5, "pride": 1.1, "weakness": 1.0, "gullibility": 0.4, "informedness": 0.5,
        },
    ),
    "blameless": (
        "Has done nothing wrong, and takes accusations badly; gives to those who give.",
        {
            "reservation_price": 0.58, "aspiration": 0.97, "receptive_strong": -0.4, "receptive_third_party": -0.3,
            "receptive_ultimatum": -0.4, "receptive_emotion": 0.0, "reciprocity": 1.0, "opportunism": 0.0,
            "tolerance": 0.8, "power": 0.7, "pride": 1.7, "weakness": 0.0, "gullibility": 0.5, "informedness": 0.4,
        },
    ),
    "shameless": (
        "Has failed as well, and does not mind who knows; only the fear for the order moves it.",
        {
            "reservation_price": 0.54, "aspiration": 0.97, "receptive_strong": 1.3, "receptive_third_party": 0.2,
            "receptive_ultimatum": 0.2, "receptive_emotion": 0.1, "reciprocity": 0.1, "opportunism": 1.0,
            "tolerance": 1.1, "power": 0.4, "pride": 0.5, "weakness": 1.0, "gullibility": 0.7, "informedness": 0.3,
        },
    ),
    # Who does not move by itself.
    "procrastinator": (
        "Puts every decision off, until it is told that there will be none.",
        {
            "reservation_price": 0.52, "aspiration": 0.98, "receptive_strong": 0.1, "receptive_third_party": 0.1,
            "receptive_ultimatum": 1.6, "receptive_emotion": 0.0, "reciprocity": 0.0, "opportunism": 1.0,
            "firmness": 0.7, "concession_rate": 0.2, "drift": 0.0,
            "tolerance": 1.2, "power": 0.4, "pride": 0.8, "weakness": 0.0, "gullibility": 0.5, "informedness": 0.3,
        },
    ),
    "entrenched": (
        "Does not believe that the order can go elsewhere, until rivals are at the door.",
        {
            "reservation_price": 0.52, "aspiration": 0.98, "receptive_strong": -0.3, "receptive_third_party": 1.7,
            "receptive_ultimatum": -0.3, "receptive_emotion": 0.0, "reciprocity": 0.0, "opportunism": 0.8,
            "firmness": 0.7, "concession_rate": 0.2, "drift": 0.0,
            "tolerance": 1.1, "power": 0.6, "pride": 1.1, "weakness": 0.0, "gullibility": 0.3, "informedness": 0.7,
        },
    ),
    "aggrieved": (
        "Feels pushed around already: pressure of any kind hardens it, and it melts when it is given to.",
        {
            "reservation_price": 0.56, "aspiration": 0.98, "receptive_strong": -0.6, "receptive_third_party": -0.6,
            "receptive_ultimatum": -0.8, "receptive_emotion": 0.0, "reciprocity": 1.3, "opportunism": 0.0,
            "firmness": 0.6, "concession_rate": 0.3, "drift": 0.0,
            "tolerance": 0.8, "power": 0.5, "pride": 1.6, "weakness": 0.0, "gullibility": 0.5, "informedness": 0.4,
        },
    ),
    # Who takes a concession for weakness, and who does not.
    "shark": (
        "Takes every gift for weakness and asks for more, unless it has reason to fear for the order.",
        {
            "reservation_price": 0.50, "aspiration": 0.97, "receptive_strong": 1.4, "receptive_third_party": 0.0,
            "receptive_ultimatum": 0.1, "receptive_emotion": 0.0, "reciprocity": 0.0, "opportunism": 2.6,
            "tolerance": 1.1, "power": 0.4, "pride": 0.7, "weakness": 0.0, "gullibility": 0.7, "informedness": 0.2,
        },
    ),
    "wolf": (
        "The same, but knows the market: only real rivals impress it.",
        {
            "reservation_price": 0.52, "aspiration": 0.97, "receptive_strong": -0.3, "receptive_third_party": 1.6,
            "receptive_ultimatum": 0.3, "receptive_emotion": 0.0, "reciprocity": 0.0, "opportunism": 2.6,
            "tolerance": 1.1, "power": 0.6, "pride": 0.9, "weakness": 0.0, "gullibility": 0.3, "informedness": 0.7,
        },
    ),
    "reciprocator": (
        "Gives as it is given to, and is hurt by threats.",
        {
            "reservation_price": 0.56, "aspiration": 0.97, "receptive_strong": -0.5, "receptive_third_party": -0.4,
            "receptive_ultimatum": -0.6, "receptive_emotion": 0.0, "reciprocity": 1.3, "opportunism": 0.0,
            "tolerance": 0.8, "power": 0.4, "pride": 1.5, "weakness": 0.0, "gullibility": 0.6, "informedness": 0.3,
        },
    ),
    # Who can afford the buyer's limit, and who cannot.
    "priced_out": (
        "Costs more than the buyer can pay, and would like the order all the same.",
        {
            "reservation_price": 0.93, "aspiration": 0.95, "receptive_strong": 0.6, "receptive_third_party": 0.4,
            "receptive_ultimatum": 0.0, "receptive_emotion": 0.0, "reciprocity": 0.5, "opportunism": 0.3,
            "tolerance": 1.0, "power": 0.5, "pride": 1.0, "weakness": 0.0, "gullibility": 0.5, "informedness": 0.4,
        },
    ),
    "poor_mouth": (
        "Says that it cannot go lower; it can, for those who keep on asking.",
        {
            "reservation_price": 0.55, "aspiration": 0.98, "receptive_strong": 1.2, "receptive_third_party": 0.6,
            "receptive_ultimatum": 0.5, "receptive_emotion": 0.0, "reciprocity": 0.1, "opportunism": 0.8,
            "tolerance": 1.0, "power": 0.4, "pride": 0.9, "weakness": 0.0, "gullibility": 0.6, "informedness": 0.3,
        },
    ),
    "thin_margin": (
        "Lives on thin margins: a deal is possible, at a price near the buyer's limit.",
        {
            "reservation_price": 0.70, "aspiration": 0.95, "receptive_strong": -0.2, "receptive_third_party": -0.2,
            "receptive_ultimatum": -0.3, "receptive_emotion": 0.0, "reciprocity": 1.1, "opportunism": 0.0,
            "tolerance": 0.8, "power": 0.4, "pride": 1.2, "weakness": 0.0, "gullibility": 0.5, "informedness": 0.3,
        },
    ),
}  # fmt: skip


def population(name: str, shares: Mapping[str, float], widen: float = 1.0) -> Population:
    """Return a mixture of the kinds above.

    Args:
        name: name of the population.
        shares: share of each kind, by name, relative to the others.
        widen: what the spreads of all traits are multiplied by.
    """
    archetypes = []
    for kind, share in shares.items():
        meaning, means = _KINDS[kind]
        traits = {field: Trait(mean=mean, spread=widen * _SPREAD.get(field, 0.0)) for field, mean in means.items()}
        archetypes.append(Archetype(name=kind, share=share, meaning=meaning, traits=traits))
    return Population(name=name, source="assumption", archetypes=tuple(archetypes))


def split(name: str, train: Mapping[str, float], test: Mapping[str, float]) -> dict[str, Population]:
    """Return both populations of a scenario: the same kinds in other shares, and the held-out ones spread wider."""
    return {
        "train": population(f"{name}_train", train),
        "test": population(f"{name}_test", test, _HELD_OUT_WIDER),
    }
