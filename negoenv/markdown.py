"""What is written in Markdown: tables, and text that must not be taken for Markdown."""

from collections.abc import Iterable, Sequence

_MEANT = {character: f"&#{ord(character)};" for character in "\\`*_{}[]<>#|&~$!"}


def table(headers: Sequence[str], rows: Iterable[Sequence[str]], numbers: bool = False) -> str:
    """Return a table.

    Args:
        headers: heads of the columns.
        rows: cells in Markdown; a bar in one is escaped.
        numbers: whether all columns but the first hold numbers, which are set to the right.
    """
    rule = ["---", *["---:" if numbers else "---"] * (len(headers) - 1)]
    lines = [headers, rule, *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines)


def literal(text: str) -> str:
    """Return text as Markdown that shows it as it is, such as a name that somebody else has chosen."""
    return "".join(_MEANT.get(character, character) for character in text)
