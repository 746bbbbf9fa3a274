"""The playtest as a page."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from negoenv.benchmark.evaluation import Interval
from negoenv.facts.card import in_words
from negoenv.facts.fact import REPORTED, Effect
from negoenv.markdown import table

from . import sweep
from .burst import Burst
from .exploits import PolicySummary, most_played
from .run import Playtest
from .standings import MEASURES, Gain, Standings
from .verdict import Criterion, ScenarioResult

FigureOf = Callable[[str, str], str | None]
"""Gives the path of a scenario's figure, by scenario and kind, as the page names it; None without figures."""

_MOST_SUMMARIES = 12  # policies in the table of part 4; all of them have transcripts


def numbers(line: Criterion) -> list[str]:
    """Return the numbers of a criterion in words, and its note."""
    numbers = [f"{effect.name}: {_words(effect.interval)} ({effect.criterion})" for effect in line.effects]
    return [*numbers, line.note] if line.note else numbers


def playtest_page(played: Playtest, figure: FigureOf) -> str:
    """Return the playtest as a page.

    Args:
        played: what was found.
        figure: where the figures are.
    """
    settings = played.settings
    names = ", ".join(result.scenario for result in played.results)
    parts = [
        "# Playtest",
        "",
        f"{names}: {settings.episodes:,} held-out suppliers, {settings.seeds} trainings of {settings.steps:,} steps of "
        "each kind. How to read it: see playtest.md among the docs. Intervals are at 95%; a criterion holds if the "
        "whole interval lies within it.",
        "",
        "## Verdict",
        "",
        table(["must hold", "mean and interval", "verdict"], _verdict_rows(played.lines)),
    ]
    for result in played.results:
        parts += ["", *_section(result, figure)]
    return "\n".join(parts) + "\n"


def _verdict_rows(lines: Iterable[Criterion]) -> Iterator[list[str]]:
    for line in lines:
        yield [line.criterion, "<br>".join(numbers(line)), f"**{line.verdict}**"]


def _section(result: ScenarioResult, figure: FigureOf) -> Iterator[str]:
    """Yield the lines of one scenario."""
    yield f"## {result.scenario}"
    for title, kind, lines in (
        ("Who wins", "standings", _standings(result.standings)),
        ("What is lost without a family", "families", _families(result.families)),
        ("At once or in steps", "", _bursts(result.burst)),
        ("What the learned policies win with", "", _exploits(result.exploits)),
        ("From hard to soft", "weights", _sweeps(result.weights)),
        ("What it isolates", "", _capabilities(result.capabilities)),
    ):
        if lines:
            picture = figure(result.scenario, kind) if kind else None
            yield from ["", f"### {title}", "", *([f"![{title}]({picture})", ""] if picture else []), *lines]


def _standings(standings: Standings) -> list[str]:
    rows = [
        [
            row.name,
            _words(row.returned),
            _words(row.score),
            *(_number(row.means.get(name, float("nan"))) for name in MEASURES),
            row.detail or ", ".join(map(_number, row.runs)),
        ]
        for row in standings.rows
    ]
    headers = [
        "player",
        "return",
        "normalised",
        *(name.replace("_rate", "") for name in MEASURES),
        "moves, or trainings",
    ]
    gains = [standings.learning, standings.room, *standings.memory, *([standings.hidden] if standings.hidden else [])]
    return [
        f"Normalised: 0 is the random policy, 1 {standings.best}. Between seeds of a training the return has a "
        f"standard deviation of {_number(standings.seed_deviation)}.",
        "",
        table(headers, rows),
        "",
        _gains([("", gain) for gain in gains]),
    ]


def _gains(gains: Iterable[tuple[str, Gain]]) -> str:
    rows = [
        [label or f"{gain.winner} less {gain.loser}", _words(gain.returned), _words(gain.score)]
        for label, gain in gains
    ]
    return table(["paired by supplier", "return", "share of the span"], rows)


def _families(families: Mapping[str, Gain] | None) -> list[str]:
    return [_gains((f"lost without {name}", gain) for name, gain in families.items())] if families else []


def _bursts(bursts: Mapping[str, Burst] | None) -> list[str]:
    rows = [
        [name, _words(b.breakdowns_at_once), _words(b.breakdowns_in_steps), _words(b.times), _words(b.gain)]
        for name, b in (bursts or {}).items()
    ]
    headers = ["", "breakdowns at once", "breakdowns in steps", "ratio", "return in steps less at once"]
    return [table(headers, rows)] if rows else []


def _exploits(summaries: Sequence[PolicySummary] | None) -> list[str]:
    rows = [
        [
            summary.name,
            *map(_number, (summary.returned, summary.top_share, summary.most_repeated, summary.probes)),
            *map(_number, (summary.ultimatums, summary.bluffs, summary.illegal, summary.breakdown_rate)),
            most_played(summary),
        ]
        for summary in (summaries or ())[:_MOST_SUMMARIES]
    ]
    headers = [
        "policy", "return", "share of its favourite", "most of one move", "PROBE", "ultimatums", "bluffs exposed",
        "illegal", "breakdown", "moves an episode",
    ]  # fmt: skip
    if not summaries:
        return []
    return [f"Transcripts of all {len(summaries)}: `{summaries[0].transcripts.parent}`.", "", table(headers, rows)]


def _sweeps(sweeps: Sequence[sweep.Sweep] | None) -> list[str]:
    rows = [
        [
            f"{one.weight} {point.value:g}{' (default)' if point.default else ''}",
            *(_words(point.measures[name]) for name in sweep.SWEEP_MEASURES),
        ]
        for one in sweeps or ()
        for point in one.points
    ]
    if not sweeps:
        return []
    trends = "; ".join(f"{one.weight} {_words(one.trend)}" for one in sweeps)
    headers = ["weight", *(name.replace("_", " ") for name in sweep.SWEEP_MEASURES)]
    return [table(headers, rows), "", f"Hard moves an episode, highest weight less lowest: {trends}."]


def _capabilities(effects: Sequence[Effect] | None) -> list[str]:
    rows = [[effect.name, _words(effect.interval), _criterion(effect)] for effect in effects or ()]
    return [table(["effect", "mean and interval", "criterion"], rows)] if rows else []


def _criterion(effect: Effect) -> str:
    if effect.criterion == REPORTED:
        return REPORTED
    return f"{effect.criterion}: {'holds' if effect.holds else 'falls short'}"


def _words(interval: Interval) -> str:
    return in_words(interval) if interval.mean == interval.mean else "-"


def _number(value: float) -> str:
    return "-" if value != value else f"{value:.3f}"
