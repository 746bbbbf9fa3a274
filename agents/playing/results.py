"""What a game came to, beside what policies get from the very same supplier; and who that was."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.table import Table
from rich.text import Text

from negoenv.benchmark.evaluation import evaluate
from negoenv.engine.batch import Batch
from negoenv.errors import printable
from negoenv.game.state import Outcome
from negoenv.game.supplier import SUPPLIER
from negoenv.make import make_batch
from negoenv.viewer.transcript import Money

from ..planning.planner import planners_of
from ..policy import Policy
from ..registry import default_policies, load_policy, require_fit
from .negotiation import PlayedNegotiation, Setting
from .panels import Palette
from .session import Session


@dataclass(frozen=True)
class PlayResult:
    """What somebody got out of one supplier."""

    player: str  # who, fit to be shown
    outcome: str  # how it ended
    value: float  # the return
    rounds: int  # moves made
    deals: int  # deals closed
    price: float | None  # of the deal, fraction of the first ask; ``None`` without one
    surplus_share: float | None  # the buyer's share of the bargaining surplus; ``None`` without a deal
    goodwill: float | None  # what the relationship is worth afterwards; ``None`` without a deal

    @classmethod
    def of(cls, negotiation: PlayedNegotiation, player: str) -> "PlayResult":
        """Return the result of finished talks."""
        return cls._from(player, sum(negotiation.rewards), negotiation.batch)

    @classmethod
    def _from(cls, player: str, value: float, batch: Batch) -> "PlayResult":
        reported = {name: values[0].item() for name, values in batch.outcomes().items()}
        deal = reported["outcome"] == Outcome.DEAL.name.lower()
        price, share, goodwill = (reported[name] if deal else None for name in ("price", "surplus_share", "goodwill"))
        return cls(
            printable(player), reported["outcome"], value, reported["rounds"], reported["deals"], price, share, goodwill
        )

    @classmethod
    def by(cls, policy: Policy, setting: Setting) -> "PlayResult":
        """Let a policy meet the supplier, with the same random numbers."""
        batch = make_batch(1, setting.scenario, setting.split)
        episodes = evaluate(policy, batch, setting.seed)
        return cls._from(policy.name, float(episodes.returns[0]), batch)


def usual_references(setting: Setting) -> tuple[str, ...]:
    """Return the names of the policies that every result is set beside: the scripted ones, and the planners."""
    batch = make_batch(1, setting.scenario, setting.split)
    return (*default_policies(batch), *planners_of(batch))


class References:
    """The policies that a result is set beside.

    Attributes:
        policies: all of them.
    """

    def __init__(self, setting: Setting, names: Iterable[str], any_scenario: bool = False, trust: bool = False) -> None:
        """Load the policies, so that a mistake in a name is told before a game is played.

        Args:
            setting: the supplier.
            names: see `agents.registry.load_policy`; one that is named twice plays once.
            any_scenario: accept learned policies that were trained on another scenario.
            trust: see there, too.

        Raises:
            NegoenvError: if a policy is unknown or was trained on another game.
        """
        batch = make_batch(1, setting.scenario, setting.split)
        self.policies = [load_policy(name, trust) for name in dict.fromkeys(names)]
        for policy in self.policies:
            require_fit(policy, batch, any_scenario)
        self._setting = setting

    def results(self, progress: Callable[[str], None] = lambda name: None) -> Iterator[PlayResult]:
        """Yield what each policy gets; ``progress`` is called with its name before it plays."""
        for policy in self.policies:
            progress(printable(policy.name))
            yield PlayResult.by(policy, self._setting)


_TOLD = (
    "receptive_strong",
    "receptive_third_party",
    "receptive_ultimatum",
    "receptive_emotion",
    "weakness",
    "matching",
    "fairness",
    "opportunism",
    "tolerance",
    "pride",
    "power",
    "gullibility",
    "informedness",
    "patience",
)
"""The fields of the hidden type that explain a result, in the order in which they are told."""

_COLUMNS: Mapping[int, tuple[str, ...]] = {
    70: ("outcome", "price", "share", "goodwill", "rounds", "return"),
    48: ("outcome", "price", "return"),
    0: ("price", "return"),
}
"""What is shown of a result from so many characters a line on."""


def hidden_type(talks: PlayedNegotiation, palette: Palette) -> Table:
    """Return the fields of the hidden type that explain a result; of several suppliers side by side."""
    table = Table(box=None, padding=(0, 1, 0, 0), show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    types = talks.hidden_types()
    for _ in types:
        table.add_column(justify="right", no_wrap=True)
    table.add_column(style=palette.pale)
    if len(types) > 1:
        table.add_row("", *types, "")
    for name in _TOLD:
        field = SUPPLIER.by_name[name]
        table.add_row(name.replace("_", " "), *(f"{hidden[name]:.2f}" for hidden in types.values()), field.meaning)
    return table


def ranking(own: PlayResult, references: Sequence[PlayResult], money: Money, palette: Palette, width: int) -> Table:
    """Return the result among the references, the best first; with fewer columns where there is little room."""
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style=palette.pale)
    table.add_column("", no_wrap=True)
    table.add_column("who", overflow="fold")
    shown = next(headings for least, headings in _COLUMNS.items() if width >= least)
    for heading in shown:
        table.add_column(heading, justify="left" if heading == "outcome" else "right", no_wrap=True)
    for result in sorted([own, *references], key=lambda result: -result.value):
        cells = {
            "outcome": _outcome(result),
            "price": "-" if result.price is None else money.number(result.price),
            "share": "-" if result.surplus_share is None else f"{result.surplus_share:.0%}",
            "goodwill": "-" if result.goodwill is None else f"{result.goodwill:.0%}",
            "rounds": str(result.rounds),
            "return": f"{result.value:+.2f}",
        }
        table.add_row(
            "▸" if result is own else "",
            Text(result.player),  # a name, and no markup
            *(cells[heading] for heading in shown),
            style=f"bold {palette.good}" if result is own else "",
        )
    return table


def _outcome(result: PlayResult) -> str:
    """Return how it ended, and how many deals there were if there was more than one."""
    last = result.outcome.replace("_", " ")
    if result.deals < 2:
        return last
    return f"{result.deals} deals" if last == Outcome.DEAL.name.lower() else f"{result.deals} deals, {last}"


def agreement(session: Session) -> str:
    """Return how often the player did what the adviser said; nothing without an adviser, or if that played."""
    if session.adviser is None or session.adviser.name == session.player:
        return ""
    rounds = len(session.negotiation.moves)
    who = session.player.capitalize() if session.by_hand else session.player
    return f"{who} and {session.adviser.name} chose the same move in {session.agreements} of {rounds} rounds."
