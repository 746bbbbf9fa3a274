"""Measure how well the kind of a supplier can be told from what the buyer sees."""

from ..reporting.files import require_files, write_json
from ..reporting.progress import bar
from ..studies.identification import STEPS, identification_table, identify
from ..terminal import printed_after
from .options import Count, Force, JsonFile, ScenarioName, ShowProgress


def main(
    scenario: ScenarioName = "Procurement",
    episodes: Count = 40_000,
    json_file: JsonFile = None,
    force: Force = False,
    progress: ShowProgress = True,
) -> None:
    """Fit classifiers that name the kind of supplier, from the last observation and from all so far."""
    require_files(force, json=json_file)
    with bar(len(STEPS), "classifiers", progress) as shown:
        results = identify(scenario, episodes, shown.update)
    with printed_after(identification_table(scenario, results)):
        write_json(json_file, {"scenario": scenario, "steps": results}, force)
