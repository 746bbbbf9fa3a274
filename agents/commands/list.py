"""Show what there is."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from negoenv.errors import unknown_name

from ..inventory import INVENTORIES, Inventory, markdown
from ..reporting.files import require_writable, write_text
from ..terminal import printed_after
from .options import Force


def main(
    what: Annotated[
        list[str] | None, typer.Argument(metavar="[WHAT]...", help=", ".join(INVENTORIES), show_default="all of them")
    ] = None,
    markdown_file: Annotated[Path | None, typer.Option("--markdown", help="Write a page of it, too.")] = None,
    force: Force = False,
) -> None:
    """Show every name that a command, a configuration or gymnasium.make takes, and what it stands for."""
    for word in what or ():
        if word not in INVENTORIES:
            raise unknown_name("list", word, INVENTORIES)
    require_writable(markdown_file, force)
    with printed_after(*(_table(INVENTORIES[word]()) for word in what or INVENTORIES)):
        if markdown_file is not None:
            write_text(markdown_file, markdown())


def _table(inventory: Inventory) -> Table:
    """Return an inventory as a table for a terminal."""
    table = Table(title=inventory.title, title_justify="left", show_lines=False)
    for number, header in enumerate(inventory.headers):
        table.add_column(header, no_wrap=number == 0, ratio=1 if header == "about" else None)
    for row in inventory.rows:
        table.add_row(*row)
    return table
