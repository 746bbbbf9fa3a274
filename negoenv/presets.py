"""The named scenarios: a row of data each."""

from negoenv.scenario import Scenario

_ALL = (
    Scenario(
        name="Procurement",
        summary=(
            "Everything at once: five kinds of supplier, each moved by other means. A good buyer tries mild means, "
            "reads the reaction, builds pressure in steps of the right kind, retreats when the mood sours, and leaves the "
            "supplier a profit."
        ),
    ),
)

PRESETS: dict[str, Scenario] = {scenario.name: scenario for scenario in _ALL}
