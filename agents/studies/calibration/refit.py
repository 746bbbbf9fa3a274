"""Everything that is computed from the human data, once more: the populations that come with negoenv, their page."""

from dataclasses import dataclass
from pathlib import Path

from negoenv.human.check import compare
from negoenv.scenarios.presets import resolve

from ...reporting.files import require_folder, require_writable
from ...terminal import printed_after
from ..pages import fill, require_page
from . import page
from . import run as c
from .figures import save
from .modes import CHAT_NOTE, DRAWS_NOTE, EBAY_NOTE, Mode
from .tables import cross_sentence, sentences

SCENARIO = "Marketplace"


@dataclass(frozen=True)
class Effort:
    """How much is computed.

    Attributes:
        draws: resamples that are refitted.
        splits: splits of the cross-validation.
        generations: of the optimiser in every fit; what each kind of fit needs unless given.
    """

    draws: int = 12
    splits: int = 4
    generations: int | None = None

    def of(self, mode: Mode) -> int:
        """Return the generations for one kind of fit."""
        return self.generations or mode.generations


def refit(
    populations: Path,
    text: Path,
    figures: Path,
    effort: Effort,
    seed: int = 0,
    force: bool = False,
    progress: bool = True,
) -> None:
    """Fit the populations that come with negoenv, check them, and write files, figures and the tables of the page.

    Args:
        populations: folder of the population files.
        text: the page, with marks for the tables.
        figures: folder of the figures.
        effort: how much is computed.
        seed: keys simulation, resampling and optimiser.
        force: overwrite the population files.
        progress: show progress bars.

    Raises:
        NegoenvError: if a file is in the way and ``force`` is not given, or the page lacks a mark.
    """
    chats, draws_file, ebay_file = (
        populations / f"{name}.yaml" for name in ("marketplace", "marketplace_draws", "ebay")
    )
    for file in (chats, draws_file, ebay_file):
        require_writable(file, force)
    require_page(text, "moments", "draws", "ebay", "cross")
    require_folder(figures, "the figures")
    game, data = resolve(SCENARIO), c.measured(None, None)
    source = c.source_of(None, data)

    fitted = c.fit_chats(game, data, chats.stem, source, effort.of(Mode.FIT), seed, progress)
    c.write_population(chats, fitted, CHAT_NOTE, force)
    game = resolve(game, population=fitted)
    moments = compare(game, data)

    draws = c.draw_sellers(game, data, effort.draws, effort.of(Mode.DRAWS), seed, progress)
    c.write_population(draws_file, draws.population(draws_file.stem, source), DRAWS_NOTE, force)

    population, simulated, habits = c.fit_ebay(game, effort.of(Mode.EBAY), seed, progress)
    c.write_population(ebay_file, population, EBAY_NOTE, force)

    checks = c.cross_check(game, data, effort.splits, effort.of(Mode.CROSS), seed, progress)
    parts = {
        "moments": page.check_part(moments),
        "draws": page.draws_part(draws, fitted),
        "ebay": page.ebay_part(simulated, habits),
        "cross": cross_sentence(checks),
    }
    with printed_after(sentences(moments), cross_sentence(checks)):
        fill(text, parts)
        save(moments, checks, figures)
