"""The kinds of supplier of the brief. All magnitudes are assumptions; the model card tests what they add up to."""

from negoenv.population import Archetype, Population, Trait

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

_KINDS: dict[str, tuple[str, dict[str, float]]] = {
    "overstocked": (
        "A seller with full stores: strong pressure lowers what it expects; it takes concessions for weakness.",
        {
            "reservation_price": 0.50, "aspiration": 0.97, "receptive_strong": 1.5, "receptive_third_party": 0.2,
            "receptive_ultimatum": 0.3, "receptive_emotion": 0.0, "reciprocity": 0.2, "opportunism": 0.8,
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
}  # fmt: skip


def _population(name: str, shares: dict[str, float], widen: float) -> Population:
    """Return a mixture of the kinds above, with the spreads of all traits multiplied by ``widen``."""
    archetypes = []
    for kind, share in shares.items():
        meaning, means = _KINDS[kind]
        traits = {field: Trait(mean=mean, spread=widen * _SPREAD.get(field, 0.0)) for field, mean in means.items()}
        archetypes.append(Archetype(name=kind, share=share, meaning=meaning, traits=traits))
    return Population(name=name, source="assumption", archetypes=tuple(archetypes))


PROCUREMENT_TRAIN = _population("procurement_train", dict.fromkeys(_KINDS, 1.0), 1.0)
PROCUREMENT_TEST = _population(
    "procurement_test",
    {"overstocked": 0.8, "market_leader": 1.2, "family_firm": 1.2, "careless_performer": 0.8, "staller": 1.0},
    1.4,
)
