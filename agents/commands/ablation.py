"""Measure how often a policy plays each argument and offer, and what it loses without."""

from ..registry import load_policy
from ..reporting.files import require_files, write_json
from ..reporting.progress import bar
from ..reporting.report import EVALUATION_SEED
from ..studies.ablation import PARTS, move_uses, uses_table
from ..terminal import printed_after
from .options import Count, Force, JsonFile, PolicyName, ScenarioName, Seed, ShowProgress, SplitName, Trust


def main(
    policy: PolicyName,
    scenario: ScenarioName = "Procurement",
    split: SplitName = "test",
    episodes: Count = 4096,
    seed: Seed = EVALUATION_SEED,
    trust: Trust = False,
    json_file: JsonFile = None,
    force: Force = False,
    progress: ShowProgress = True,
) -> None:
    """Mask each argument and each way of offering, one at a time, and compare the returns on the same suppliers."""
    require_files(force, json=json_file)
    player = load_policy(policy, trust)
    with bar(len(PARTS), "moves", progress) as shown:
        whole, uses = move_uses(player, scenario, split, episodes, seed, shown.update)
    with printed_after(uses_table(player.name, scenario, whole, uses)):
        about = {"policy": player.name, "scenario": scenario, "return": whole.metrics()["return"]}
        write_json(json_file, about | {"moves": uses}, force)
