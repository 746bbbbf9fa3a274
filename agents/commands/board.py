"""Open TensorBoard."""

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from negoenv.errors import NegoenvError


def main(
    logdir: Annotated[Path, typer.Argument(help="Run, comparison, or folder of several.")] = Path("runs"),
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 for any free one.")] = 6006,
) -> int:
    """Open TensorBoard on what training and comparing have written; served to this machine only."""
    if not any(logdir.rglob("events.out.tfevents.*")):
        raise NegoenvError(f"{logdir} holds nothing that TensorBoard shows; name a run, a comparison or their folder.")
    arguments = ["--logdir", str(logdir), "--host", "localhost", "--port", str(port)]
    return subprocess.call([sys.executable, "-m", "tensorboard.main", *arguments])
