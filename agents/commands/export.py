"""Hand a policy on."""

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from ..invocation import command_line
from ..reporting.files import require_writable
from ..reporting.lock import new_work
from .options import Count, Force


def main(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Directory of a run, of its best policy or a checkpoint.")],
    out: Annotated[Path, typer.Option(help="New directory, or a file that ends in .zip.")],
    name: Annotated[
        str, typer.Option(help="What the policy is called.", show_default="as its run is called in tables")
    ] = "",
    episodes: Count = 4096,
    onnx: Annotated[bool, typer.Option(help="Write its ONNX graph beside it; needs the extra onnx.")] = True,
    force: Force = False,
) -> None:
    """Write a trained policy as one directory or zip to hand on, with its score on test suppliers.

    It holds weights (safetensors), what the policy is (JSON: network, observation, moves, scenario, versions, scores
    and the hash of the weights) and its ONNX graph. evaluate, compare and play take it as they take a run directory.
    """
    packed = out.suffix == ".zip"
    require_writable(out if packed else None, force)
    with nullcontext() if packed else new_work(out):  # before anything is played
        from ..learning.exporting import bundled, versions_of, write_bundle  # torch takes seconds to import
        from ..learning.onnx_file import require_onnx
        from ..learning.storage import read_policy

        if onnx:
            require_onnx()
        policy = read_policy(run)
        policy = bundled(policy, name or policy.name.replace("/", "_"), episodes, versions_of(run))
        write_bundle(policy, out, onnx)
    print(f"Policy: {out}")
    print(f"Play it: {command_line('evaluate', out)}")
