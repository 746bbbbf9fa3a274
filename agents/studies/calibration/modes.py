"""What ``negoenv calibrate`` can do: fit, check, draw, cross-validate, fit eBay's numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType

from negoenv.errors import NegoenvError
from negoenv.human import Bargains
from negoenv.human.check import MomentComparison, SignComparison, compare_signs
from negoenv.human.measured import HumanEvidence, same_data
from negoenv.human.turns import Turns
from negoenv.names import checked_name
from negoenv.scenarios.population import Population
from negoenv.scenarios.presets import resolve
from negoenv.scenarios.scenario import Scenario

from ...reporting.files import require_files, write_json
from ...terminal import number_table, printed_after
from . import fits as c
from . import tables as t
from .sources import DataFiles, measured_bargains, measured_turns, shipped_evidence


class Mode(Enum):
    """What to do; the option that asks for it, and the generations of its optimiser."""

    FIT = ("", 120)  # fit the data
    CHECK = ("--check", 0)  # fit nothing
    DRAWS = ("--bootstrap", 25)  # refit resamples; each starts near its goal
    CROSS = ("--cross-validate", 60)  # fit halves
    EBAY = ("--ebay", 60)  # fit published numbers

    @property
    def option(self) -> str:
        """The option of the command line."""
        return self.value[0]

    @property
    def generations(self) -> int:
        """Generations of the optimiser unless the user says."""
        return self.value[1]


@dataclass(frozen=True, eq=False)
class Job:
    """What the user asked for; see the help of the command."""

    scenario: str
    population: str | None
    files: DataFiles
    fitted_negotiations: Path | None
    fitted_offers: Path | None
    generations: int | None
    seed: int
    out: Path | None
    json_file: Path | None
    force: bool
    progress: bool

    @cached_property
    def data(self) -> Bargains:
        """The negotiations that are fitted."""
        return measured_bargains(self.files.negotiations, self.files.offers)

    @cached_property
    def turns(self) -> Turns | None:
        """The turns that are fitted, if there are any."""
        return measured_turns(self.files.turns, self.files.names_negotiations)

    @cached_property
    def measured(self) -> HumanEvidence:
        """What is checked."""
        return self.files.measured()

    @cached_property
    def fitted_to(self) -> HumanEvidence | None:
        """What the sellers were fitted to; ``None`` if that are the negotiations which are checked."""
        bargains = measured_bargains(self.fitted_negotiations, self.fitted_offers, "fitted-")
        return None if same_data(bargains, self.measured.bargains) else shipped_evidence(bargains)

    def name(self, usual: str) -> str:
        """Return what the fitted population is called: as its file, if one is asked for."""
        return self.out.stem if self.out else usual

    def check(self, mode: Mode) -> None:
        """Refuse what cannot be done or written, before anything long begins.

        Raises:
            NegoenvError: for the first of them.
        """
        if mode is not Mode.CHECK and (self.fitted_negotiations or self.fitted_offers):
            raise NegoenvError("--fitted-negotiations and --fitted-offers are of use with --check only.")
        if mode is Mode.EBAY and self.files.named:
            raise NegoenvError("--ebay fits published numbers; leave out --negotiations, --offers and other data.")
        for option in ("dialogues", "rejections", "participants"):
            if mode is not Mode.CHECK and getattr(self.files, option):
                raise NegoenvError(f"--{option} is of use with --check only: nothing is fitted to it.")
        require_files(self.force, json=self.json_file, out=self.out)
        if self.out is None:
            return
        if mode in (Mode.CHECK, Mode.CROSS):
            raise NegoenvError(f"{mode.option} makes no population, so there is nothing to write to {self.out}.")
        if self.out.suffix not in (".yaml", ".yml"):
            raise NegoenvError(f"{self.out} does not end in .yaml, by which --population would know it for a file.")
        checked_name("name of a population", self.out.stem)

    def write(self, population: Population, note: str) -> str:
        """Write a fitted population, if that was asked for, and return the sentence that says so."""
        if self.out is None:
            return ""
        c.write_population(self.out, population, note, self.force)
        return f"Population: {self.out}"


def chosen_mode(asked: Mapping[Mode, object]) -> Mode:
    """Return the mode that was asked for.

    Raises:
        NegoenvError: if there are several.
    """
    modes = [mode for mode, value in asked.items() if value]
    if len(modes) > 1:
        raise NegoenvError(f"{modes[0].option} and {modes[1].option} are two jobs; ask for one of them.")
    return modes[0] if modes else Mode.FIT


def perform(job: Job, mode: Mode, count: int) -> None:
    """Do the job, write what is to be written, and print what came out.

    Args:
        job: what the user asked for.
        mode: what is done.
        count: draws or splits.

    Raises:
        NegoenvError: if a file is in the way, or the job cannot be done; before anything long begins, where possible.
    """
    job.check(mode)
    game = resolve(job.scenario, population=job.population)
    table, sentences, data = _WORK[mode](job, game, count, job.generations or mode.generations)
    with printed_after(table, *filter(None, sentences)):
        write_json(job.json_file, data, job.force)


_Result = tuple[RenderableType, tuple[str, ...], dict[str, Any]]
"""A table, sentences, and all of it as plain data."""


def _check(job: Job, game: Scenario, count: int, generations: int) -> _Result:
    moments = c.check_sellers(game, job.measured, job.fitted_to, job.progress)
    return _compared(moments, compare_signs(game, job.measured))


def _compared(moments: list[MomentComparison], signs: list[SignComparison], written: str = "") -> _Result:
    """Return a check: what there is of moments and signs, and what was written."""
    tables = (*(t.moments_table(moments) for _ in moments[:1]), *(t.signs_table(signs) for _ in signs[:1]))
    said = (*(t.sentences(moments) for _ in moments[:1]), *(t.signs_sentence(signs) for _ in signs[:1]), written)
    return Group(*tables), said, t.check_dict(moments, signs)


def _fit(job: Job, game: Scenario, count: int, generations: int) -> _Result:
    source = c.source_of(job.files.negotiations, job.data, job.turns)
    population = c.fit_chats(
        game,
        job.data,
        job.turns,
        job.name("fitted"),
        source,
        generations,
        job.seed,
        job.progress,
        game.train if job.population else None,
    )
    written = job.write(population, CHAT_NOTE)
    moments = c.check_sellers(
        resolve(game, population=population), HumanEvidence(job.data, job.turns), None, job.progress
    )
    return _compared(moments, [], written)


def _draw(job: Job, game: Scenario, count: int, generations: int) -> _Result:
    draws = c.draw_sellers(game, job.data, job.turns, count, generations, job.seed, job.progress)
    population = draws.population(job.name("draws"), c.source_of(job.files.negotiations, job.data, job.turns))
    written = job.write(population, DRAWS_NOTE)
    spreads = c.spreads_of(draws)
    table = number_table(
        f"Fitted numbers over {count} resamples of the negotiations",
        ("number", "mean", "standard error"),
        ((number, f"{mean:.3f}", f"{error:.3f}") for number, (mean, error) in spreads.items()),
    )
    numbers = {number: {"mean": mean, "standard_error": error} for number, (mean, error) in spreads.items()}
    return table, (f"{count} draws, an archetype each.", written), {"draws": count, "numbers": numbers}


def _cross(job: Job, game: Scenario, count: int, generations: int) -> _Result:
    checks = c.cross_check(game, job.data, job.turns, count, generations, job.seed, job.progress)
    return t.cross_table(checks), (t.cross_sentence(checks),), t.cross_dict(checks)


def _ebay(job: Job, game: Scenario, count: int, generations: int) -> _Result:
    population, simulated, habits = c.fit_ebay(game, generations, job.seed, job.progress)
    written = job.write(population, EBAY_NOTE)
    words = ", ".join(f"{name} {value:.2f}" for name, value in habits.items())
    assumed = f"Assumed of the buyers, not published: {words}."
    return t.ebay_table(simulated), (assumed, written), t.ebay_dict(simulated, habits)


_WORK = {Mode.FIT: _fit, Mode.CHECK: _check, Mode.DRAWS: _draw, Mode.CROSS: _cross, Mode.EBAY: _ebay}

CHAT_NOTE = """\
Sellers fitted to human price bargaining by simulated moments; see docs/human_data.md. Traits that are not named keep
their defaults: what is not named here shows in no data, and is an assumption here as everywhere.
Made by negoenv calibrate --out FILE."""

DRAWS_NOTE = """\
Sellers fitted to resampled human price bargaining, an archetype for each resample: as uncertain as the data leaves
them. Traits that are not named keep their defaults. Made by negoenv calibrate --bootstrap N --out FILE."""

EBAY_NOTE = """\
Sellers fitted to a few published numbers of eBay's Best Offer, which come through a secondary source; single offers are
not published, so what buyers do was assumed: see docs/human_data.md. Traits without a number of eBay's are those of the
sellers fitted to chats, or defaults. Made by negoenv calibrate --ebay --out FILE."""
