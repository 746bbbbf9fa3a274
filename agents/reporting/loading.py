"""A comparison read back from its directory, which somebody else may have made, or nobody finished.

Nothing outside of the directory is read, whatever its files say: names are names, and links are not followed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from negoenv.config import read_json
from negoenv.errors import NegoenvError

from ..invocation import command_line
from .compare import Comparison, Suite
from .directory import RUNS_KEY
from .episode_store import FILE, load_report
from .files import RESULTS
from .report import Report
from .transcripts import FOLDER, notable

_MAX_JSON = 64_000_000  # bytes of the table of a comparison
_MAX_TEXT = 1_000_000  # bytes of a transcript; a long negotiation has some 10,000

Transcripts = dict[str, tuple[str, str]]
"""Title and text of a run's transcripts, by their names."""


@dataclass(frozen=True)
class Loaded:
    """A comparison as it lies on the disk."""

    suite: Suite  # what was compared
    transcripts: Mapping[tuple[str, str], Transcripts]  # what was told of each run, by scenario and policy


def load_comparison(directory: Path) -> Loaded:
    """Read a comparison that `agents.reporting.directory.write_suite` has written.

    Raises:
        NegoenvError: if there is none, it is not whole, or a file of it is damaged.
    """
    by_scenario: dict[str, dict[str, Report]] = {}
    transcripts = {}
    for run in _runs(directory):
        report = load_report(_inside(directory, run, FILE).parent)
        reports = by_scenario.setdefault(report.scenario, {})
        for name, other in reports.items():
            _require_comparable(report, run, other, name, directory)
        reports[run] = report
        transcripts[report.scenario, report.policy] = _transcripts(directory, run, report)
    ranked = [
        sorted(reports.values(), key=lambda report: -report.episodes.returns.mean()) for reports in by_scenario.values()
    ]
    return Loaded(Suite(tuple(Comparison(tuple(reports)) for reports in ranked)), transcripts)


def _runs(directory: Path) -> Sequence[str]:
    """Return the runs of a comparison, as paths relative to its directory, if they are all there and no others."""
    files = [*directory.glob(f"*/{FILE}"), *directory.glob(f"*/*/{FILE}")]
    there = sorted(file.parent.relative_to(directory).as_posix() for file in files)
    if not (directory / RESULTS).exists():
        if there:
            raise NegoenvError(
                f"{directory} holds runs ({len(there)}), but not {RESULTS}, which is written last: the comparison was "
                "broken off, or copied in part. Compare anew, into a new directory."
            )
        new = f"{directory}-compared" if directory.exists() else directory
        raise NegoenvError(f"{directory} holds no comparison; {command_line('compare', '--logdir', new)} writes one.")
    named = read_json(_inside(directory, RESULTS), _MAX_JSON).get(RUNS_KEY)
    if not isinstance(named, list) or not named or not all(isinstance(run, str) for run in named):
        raise NegoenvError(f"{directory / RESULTS}: key {RUNS_KEY!r} must list the directories of the runs.")
    if missing := [run for run in named if run not in there]:
        raise NegoenvError(f"{directory} lacks runs that {RESULTS} lists: {', '.join(missing)}.")
    if others := [run for run in there if run not in named]:
        raise NegoenvError(_told_apart(directory, others[0], named))
    return named


def _told_apart(directory: Path, other: str, named: Sequence[str]) -> str:
    """Return the sentence on a run that is not one of the comparison: a copy of one, or from elsewhere."""
    content = _inside(directory, other, FILE).read_bytes()
    for run in named:
        if _inside(directory, run, FILE).read_bytes() == content:
            return f"{directory} holds a run twice, as {run} and as {other}; take one away."
    return f"{directory} holds {other}, which is not one of the runs that {RESULTS} lists; take it away."


def _inside(directory: Path, *parts: str) -> Path:
    """Return the path of what lies in a directory, if it is neither a link nor reached by one.

    Args:
        directory: the directory of the comparison.
        parts: a run that was found in it, and names of ours.
    """
    path = directory.joinpath(*parts)
    for place in (path, *path.parents):
        if place == directory:
            break
        if place.is_symlink():
            raise NegoenvError(f"{place} is a link; only what lies in {directory} itself is read.")
    return path


def _require_comparable(report: Report, run: str, other: Report, name: str, directory: Path) -> None:
    """Refuse two runs that are not about the same suppliers, or are of the same policy."""
    if report.policy == other.policy:
        raise NegoenvError(f"{directory} holds the policy {report.policy!r} twice, in {name} and in {run}.")
    one, two = report.episodes, other.episodes
    same = (
        (one.seed, one.returns.shape, one.uses.shape[1]) == (two.seed, two.returns.shape, two.uses.shape[1])
        and one.suppliers.tolist() == two.suppliers.tolist()
        and (report.split, report.reference) == (other.split, other.reference)
        and {*one.outcomes} == {*two.outcomes}
    )
    if not same:
        raise NegoenvError(f"{directory}: {name} and {run} did not play against the same suppliers.")


def _transcripts(directory: Path, run: str, report: Report) -> Transcripts:
    """Return what was told of a run."""
    told = {}
    for name in notable(report.episodes):
        path = _inside(directory, run, FOLDER, f"{name}.txt")
        if not path.is_file():
            raise NegoenvError(f"{directory} lacks {path.relative_to(directory)}; compare anew.")
        with path.open("rb") as file:
            content = file.read(_MAX_TEXT + 1)
        if len(content) > _MAX_TEXT:
            raise NegoenvError(f"{path} is larger than {_MAX_TEXT:,} bytes, so it is no transcript.")
        try:
            title, _, text = content.decode("utf-8").partition("\n")
        except UnicodeDecodeError as error:
            raise NegoenvError(f"{path} cannot be read: byte {error.start + 1} is not UTF-8.") from None
        told[name] = (title, text.strip())
    return told
