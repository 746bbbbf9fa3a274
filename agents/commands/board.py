"""Open TensorBoard."""

from pathlib import Path
from typing import Annotated

import typer

_RUNS = Path("runs")


def main(
    logdir: Annotated[
        Path | None,
        typer.Argument(help="Comparison, run, or folder of several.", show_default=f"the newest comparison in {_RUNS}"),
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 for any free one.")] = 6006,
) -> None:
    """Open TensorBoard on what training and comparing have written; served to this machine only."""
    from ..reporting.server import advice, newest, start, wait  # TensorBoard takes seconds to import

    shown = logdir or newest(_RUNS)
    address = start(shown, port)
    print(f"TensorBoard shows {shown} at {address} (Ctrl-C ends it).")
    print(advice(shown), flush=True)
    wait()
