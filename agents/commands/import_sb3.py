"""Take in a model of Stable-Baselines3."""

from pathlib import Path
from typing import Annotated

import typer

from negoenv.names import checked_name

from ..invocation import command_line
from ..reporting.lock import new_work
from .options import ScenarioName


def main(
    model: Annotated[Path, typer.Argument(metavar="ZIP", help="What save of the model has written.")],
    out: Annotated[Path, typer.Option(help="New directory for the policy, which is called after it.")],
    scenario: ScenarioName = "Procurement",
) -> None:
    """Make a policy directory of a zip of Stable-Baselines3 or sb3-contrib, without running what is pickled in it.

    The zip does not say which game it was trained on: --scenario does. PPO, A2C, DQN, MaskablePPO and RecurrentPPO are
    taken, with networks of linear layers and tanh or ReLU between them; not what was trained through VecNormalize.
    """
    name = checked_name("name of a policy", out.resolve().name)
    with new_work(out):
        from ..learning.sb3_zip import read_sb3_zip  # torch takes seconds to import
        from ..learning.storage import save_policy

        save_policy(read_sb3_zip(model, scenario, name), out)
    print(f"Policy: {out}")
    print(f"Play it: {command_line('evaluate', out, '--scenario', scenario)}")
