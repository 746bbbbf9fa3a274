"""The named scenarios: a row of data each."""

from negoenv.populations import shipped
from negoenv.scenario import Range, Scenario

_MARKETPLACE = shipped("marketplace")

_ALL = (
    Scenario(
        name="Procurement",
        summary=(
            "Everything at once: five kinds of supplier, each moved by other means. A good buyer tries mild means, "
            "reads the reaction, builds pressure in steps of the right kind, retreats when the mood sours, and leaves "
            "the supplier a profit."
        ),
    ),
    Scenario(
        name="Marketplace",
        summary=(
            "Sellers fitted to human price bargaining: they concede readily and reward patience and middling openings. "
            "What tactics do to them is not in the data; it keeps the assumptions of the model."
        ),
        deadline=10,
        limit=Range(low=1.0, high=1.0),
        benchmark=Range(low=0.78, high=0.88),
        train=_MARKETPLACE,
        test=_MARKETPLACE,
    ),
)

PRESETS: dict[str, Scenario] = {scenario.name: scenario for scenario in _ALL}
