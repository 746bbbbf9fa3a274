"""The model card: every fact run, as plain data and as a page."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from negoenv.benchmark.evaluation import Interval
from negoenv.facts.fact import REPORTED, Confidence, Effect, Fact, Finding, Verdict
from negoenv.markdown import table

EPISODES, QUICK = 20_000, 4_000
"""Suppliers in each arm of each experiment: for the card, and for a quick look."""

HEADING = """\
# Model card

What the supplier model shows, row by row: simulated negotiations, {episodes:,} suppliers in each arm of an experiment,
the same suppliers and the same random numbers in all of them. A row holds if the whole 95% interval of each of its
effects lies within the criterion. {summary}

Made by `.venv/bin/negoenv model-card --markdown docs/model_card.md --figures docs/figures`.

Confidence in a source: **A** its abstract or opening was read; **S** the number comes through a secondary source; **R**
recalled, unverified; **Assumption** a claim without published support, whose figure is the sweep over its magnitude, 0
included.
"""

LIMITS = """\
## What this card cannot show

- **The effects of tactics are not identified by prices.** The human data are prices named, acceptances and breakdowns.
  They fix how sellers concede, accept and leave on the marketplace; what pressure, threats, anger, bluffs or ultimatums
  do is taken from the signs of published effects. Their magnitudes are assumptions, and can be overridden by name.
- **Crowd-workers are not suppliers in a lasting relationship.** They played sellers of second-hand goods, in one chat
  of a few minutes, with somebody they would not meet again. Nothing in the data speaks of goodwill,
  under-delivery or a next deal.
- A row that holds says that the model reproduces a finding under the conditions stated, not that the finding holds
  for your suppliers, nor that its size is right. Where a source gives no number, only the sign is checked, and "no
  effect" means within a fifth of the effect where there is one.
- The intervals are those of the simulation. They know nothing of the uncertainty of the sources, nor of the form of
  the model.
- In price data alone low-balling pays. That gradual pressure beats forcing comes from breakdowns, goodwill and
  under-delivery, so the reward's weights of these decide what is learnt.
"""


@dataclass(frozen=True)
class FactResult:
    """A fact and what its experiment found."""

    fact: Fact
    finding: Finding

    @property
    def verdict(self) -> Verdict:
        """What the finding says of the claim."""
        return self.fact.verdict(self.finding)

    @property
    def holds(self) -> bool:
        """Whether the claim holds, be it a finding or an assumption."""
        return self.verdict in (Verdict.HOLDS, Verdict.ASSUMED)

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain data."""
        fact, plot = self.fact, self.finding.plot
        return {
            **{name: getattr(fact, name) for name in ("row", "name", "known", "claim", "source")},
            "confidence": fact.confidence.value,
            "assumption": fact.is_assumption,
            "conditions": fact.conditions,
            "verdict": self.verdict.value,
            "reason": "" if self.holds else fact.reason,
            "effects": [effect.as_dict() for effect in self.finding.effects],
            "figure": {
                "x": plot.x,
                "y": plot.y,
                "ticks": list(plot.ticks),
                "curves": [
                    {"label": c.label, "x": [float(x) for x in c.x], "y": [asdict(i) for i in c.y]} for c in plot.curves
                ],
            },
        }


def run_card(facts: Iterable[Fact], episodes: int = EPISODES) -> list[FactResult]:
    """Run the experiments of some facts, each with so many suppliers in each arm."""
    return [FactResult(fact, fact.experiment(episodes)) for fact in facts]


def in_words(interval: Interval) -> str:
    """Return an interval with as many decimals as its size asks for."""
    decimals = 3 if max(abs(interval.low), abs(interval.high)) >= 0.1 else 4
    mean, low, high = (f"{x + 0.0:.{decimals}f}" for x in (interval.mean, interval.low, interval.high))
    return f"{mean} [{low}, {high}]"


def summary(results: Sequence[FactResult]) -> str:
    """Return how many rows hold, and which fall short, in one or two sentences."""
    short = [f"{result.fact.row} ({result.fact.name.lower()})" for result in results if not result.holds]
    assumed = sum(result.fact.is_assumption for result in results)
    sentence = f"{len(results) - len(short)} of {len(results)} rows hold; {assumed} are assumptions."
    return f"{sentence} Falling short: {', '.join(short)}." if short else sentence


def sweep_lines(result: FactResult) -> list[str]:
    """Return what becomes of an assumption as its magnitude changes, a line for each curve; nothing for a finding."""
    if not result.fact.is_assumption:
        return []
    return [
        f"Sweep, {curve.label}: "
        + ", ".join(f"{x:g}: {y.mean + 0.0:.3f}" for x, y in zip(curve.x, curve.y, strict=True))
        for curve in result.finding.plot.curves
    ]


def card_dict(results: Sequence[FactResult], episodes: int) -> dict[str, Any]:
    """Return the card as plain data."""
    return {
        "episodes": episodes,
        "summary": summary(results),
        "confidence": {letter.value: letter.name for letter in Confidence},
        "rows": [result.as_dict() for result in results],
    }


def card_page(results: Sequence[FactResult], episodes: int, figure: Callable[[Fact], str | None]) -> str:
    """Return the card as a page.

    Args:
        results: the rows.
        episodes: suppliers in each arm.
        figure: path of a fact's figure as the page names it, or ``None``.
    """
    rows, sections = [], []
    for result in results:
        fact = result.fact
        link = f"[{fact.name}](#row-{fact.row})"
        rows.append((str(fact.row), link, fact.claim, str(result.verdict), fact.source))
        sections.append(_section(result, figure(fact)))
    heading = HEADING.format(episodes=episodes, summary=summary(results))
    card = table(("row", "fact", "claim", "verdict", "source"), rows)
    return "\n".join([heading, card, "", LIMITS, *sections])


def _section(result: FactResult, figure: str | None) -> str:
    fact = result.fact
    lines = [
        f'<a id="row-{fact.row}"></a>',
        "",
        f"## {fact.row}. {fact.name}: {result.verdict}",
        "",
        f"{fact.known} *{fact.source}.*",
        "",
        f"**The model must show:** {fact.claim}",
        "",
        table(("effect", "mean, 95% interval", "criterion", ""), map(_effect, result.finding.effects)),
    ]
    lines += ["", fact.conditions, *(f"\n{line}" for line in sweep_lines(result))]
    if not result.holds and fact.reason:
        lines += ["", f"**Why it falls short:** {fact.reason}"]
    if figure is not None:
        lines += ["", f"![{fact.name}]({figure})"]
    return "\n".join([*lines, ""])


def _effect(effect: Effect) -> tuple[str, str, str, str]:
    """Return the cells of an effect."""
    verdict = "" if effect.criterion == REPORTED else "holds" if effect.holds else "falls short"
    return effect.name, in_words(effect.interval), effect.criterion, verdict
