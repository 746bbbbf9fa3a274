"""The kinds of supplier that no training shows: those of the split "unseen". All magnitudes are assumptions."""

UNSEEN_KINDS: dict[str, tuple[str, dict[str, float]]] = {
    "hard_bargainer": (
        "Wants nearly all of what there is, moves rarely, and bluffs little.",
        {
            "reservation_price": 0.55, "aspiration": 0.99, "bargaining_weight": 1.0, "receptive_strong": 0.75,
            "receptive_third_party": 0.9, "receptive_ultimatum": 0.75, "receptive_emotion": 0.15, "matching": 0.5,
            "readiness": -0.5, "opportunism": 0.8, "tolerance": 1.3, "power": 0.6, "pride": 0.8, "weakness": 0.1,
            "gullibility": 0.3, "informedness": 0.6, "tactics_rate": 0.15, "honesty": 0.8,
        },
    ),
    "gambler": (
        "Bluffs at every turn, and gives way to who sees through it.",
        {
            "reservation_price": 0.50, "aspiration": 0.98, "receptive_strong": 1.2, "receptive_third_party": 0.9,
            "receptive_ultimatum": 0.9, "receptive_emotion": 0.6, "matching": 0.5, "opportunism": 1.0,
            "tolerance": 1.2, "power": 0.3, "pride": 0.6, "weakness": 0.3, "gullibility": 0.6, "informedness": 0.3,
            "tactics_rate": 0.6, "honesty": 0.1,
        },
    ),
    "bureaucrat": (
        "Slow, asks its superiors about everything, and notices large concessions only.",
        {
            "reservation_price": 0.56, "aspiration": 0.95, "receptive_strong": 0.6, "receptive_third_party": 1.2,
            "receptive_ultimatum": 0.45, "receptive_emotion": 0.0, "matching": 0.8, "notice": 0.18, "readiness": -0.8,
            "opportunism": 0.2, "tolerance": 1.4, "power": 0.5, "pride": 0.5, "weakness": 0.4, "gullibility": 0.5,
            "informedness": 0.5, "tactics_rate": 0.5, "honesty": 0.8,
        },
    ),
    "partner": (
        "Looks for a fair price, answers concessions, and says what is so.",
        {
            "reservation_price": 0.58, "aspiration": 0.9, "bargaining_weight": 0.6, "fairness": 0.3,
            "receptive_strong": 0.3, "receptive_third_party": 0.3, "receptive_ultimatum": 0.15,
            "receptive_emotion": 0.3, "matching": 1.2, "opportunism": 0.0, "tolerance": 0.7, "power": 0.4,
            "pride": 1.4, "weakness": 0.2, "gullibility": 0.7, "informedness": 0.4, "tactics_rate": 0.2,
            "honesty": 0.95,
        },
    ),
    "overstretched": (
        "Its costs are near or above what the buyer can pay, and it says so.",
        {
            "reservation_price": 0.86, "aspiration": 0.95, "receptive_strong": 0.6, "receptive_third_party": 0.6,
            "receptive_ultimatum": 0.3, "receptive_emotion": 0.15, "matching": 0.9, "opportunism": 0.2,
            "tolerance": 0.9, "power": 0.5, "pride": 1.0, "weakness": 0.1, "gullibility": 0.5, "informedness": 0.4,
            "tactics_rate": 0.3, "honesty": 0.9,
        },
    ),
}  # fmt: skip
"""What each means, and its traits by name."""

NEW_KINDS = {"hard_bargainer": 1.0, "gambler": 1.0, "bureaucrat": 1.0, "partner": 1.0}
"""The shares of most scenarios."""
