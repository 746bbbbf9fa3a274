"""Search the best open-loop plans and memoryless rules."""

from ..reporting.files import require_files, write_json
from ..reporting.progress import bar
from ..studies.playtest.settings import QUICK, Settings
from ..studies.simple_policies import generations, simple_policies, simple_table
from ..terminal import printed_after
from .options import Count, Force, JsonFile, ScenarioName, ShowProgress, SplitName, Tiny


def main(
    scenario: ScenarioName = "Procurement",
    split: SplitName = "test",
    episodes: Count = 4096,
    json_file: JsonFile = None,
    quick: Tiny = False,
    force: Force = False,
    progress: ShowProgress = True,
) -> None:
    """Search the best repeated move, the best fixed sequence and the best six rules without memory; play each.

    They are searched on the training split: 50,000 candidates each, in one to three minutes a game. What they reach of
    the span from the random policy to the best known reference says how much of a game is to be learned.
    """
    require_files(force, json=json_file)
    settings = QUICK if quick else Settings()
    with bar(generations(settings), "generations", progress) as shown:
        found = simple_policies(scenario, split, episodes, settings, shown.update)
    with printed_after(simple_table(scenario, split, found)):
        write_json(json_file, {"scenario": scenario, "split": split, "policies": found}, force)
