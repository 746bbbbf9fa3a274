"""What several suppliers are worth, and what is said about them: paired experiments on held-out suppliers.

8,192 episodes each unless told otherwise, the same suppliers for all.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from negoenv.benchmark.evaluation import Episodes, Interval, evaluate, paired_difference
from negoenv.markdown import table
from negoenv.sourcing import SourcingBatch, resolve_sourcing

from ..reporting.progress import bar
from ..reporting.report import EVALUATION_SEED
from ..scripted import make
from .pages import measured_on

EPISODES = 8192
"""So many suppliers, unless told otherwise."""

MEASURED_SOURCING = "measured"
"""Name of the part of a page that holds the tables."""

RELATIONSHIP = {"goodwill": 1.2, "under_delivery": 1.2, "lost": 0.3}
"""Weights of a relationship that goes on: what goodwill is worth where several deals follow, as in Partnership."""

ROWS = 1024
"""Rows whose steps are timed."""

Game = Mapping[str, Any]
_Row = tuple[str, ...]


def _play(policy: str, game: Game, episodes: int) -> Episodes:
    return evaluate(make(policy), SourcingBatch(episodes, resolve_sourcing(game), "test"), EVALUATION_SEED)


def _told(interval: Interval) -> str:
    return f"{interval.mean:+.3f} ± {interval.mean - interval.low:.3f}"


def more_suppliers(episodes: int) -> list[_Row]:
    """Return return, price and gain over one fewer of the squeeze, by number of suppliers."""
    rows: list[_Row] = []
    fewer = None
    for count in range(1, 6):
        played = _play("squeeze", {"suppliers": count, "invited": 5}, episodes)
        metrics = played.metrics()
        gain = "" if fewer is None else _told(paired_difference(played, fewer))
        rows.append((str(count), f"{metrics['return'].mean:.3f}", f"{metrics['price'].mean:.3f}", gain))
        fewer = played
    return rows


def _difference(what: str, one: tuple[str, Game], other: tuple[str, Game], episodes: int) -> _Row:
    return what, _told(paired_difference(_play(*one, episodes), _play(*other, episodes)))


def comparisons(episodes: int) -> list[_Row]:
    """Return paired differences: true quotes, made-up ones by who finds them out, relationships, a second source."""
    no_quote: Game = {"without": ["SHOW_QUOTE"]}
    silent: Game = {"market": {"talk_chance": 0.0}}
    loud: Game = {"market": {"talk_chance": 0.5}}
    lasting: Game = {"weights": RELATIONSHIP}
    fragile: Game = {"weights": {"under_delivery": 2.0}}
    return [
        _difference("a true quote as an argument, less without", ("squeeze", {}), ("squeeze", no_quote), episodes),
        _difference("made-up quotes, less none, suppliers do not talk", ("bluffer", silent),
                    ("squeeze", {**silent, **no_quote}), episodes),
        _difference("... suppliers talk with a chance of .5 a round", ("bluffer", loud),
                    ("squeeze", {**loud, **no_quote}), episodes),
        _difference("made-up quotes, less true ones", ("bluffer", {}), ("squeeze", {}), episodes),
        _difference("squeezing all, less one loyal source", ("squeeze", {}), ("loyal", {}), episodes),
        _difference("... where the relationship counts", ("squeeze", lasting), ("loyal", lasting), episodes),
        _difference("a second source, less one", ("dual_squeeze", {}), ("squeeze", {}), episodes),
        _difference("... where under-delivery costs 2", ("dual_squeeze", fragile), ("squeeze", fragile), episodes),
    ]  # fmt: skip


def speed(steps: int = 300) -> list[_Row]:
    """Return steps a second of legal random actions at `ROWS` rows on one thread, and bytes a row remembers."""
    rows: list[_Row] = []
    for count in range(1, 6):
        batch = SourcingBatch(ROWS, resolve_sourcing({"suppliers": count, "invited": 5}))
        batch.seed(0)
        over, rng = np.zeros(ROWS, np.bool_), np.random.default_rng(0)
        batch.reset(~over)
        seconds = []
        for _ in range(steps):
            actions = (rng.random(batch.action_masks.shape) * batch.action_masks).argmax(axis=1)
            start = time.perf_counter()
            batch.new_buffers()
            batch.step_or_reset(actions, over)
            seconds.append(time.perf_counter() - start)
            over = batch.terminated.copy()
        memory = sum(getattr(batch, name).nbytes for name in ("records", "orders", "contacts", "keys", "episodes"))
        rows.append((str(count), f"{ROWS / float(np.median(seconds)) / 1e6:.2f} M", f"{memory // ROWS:,}"))
    return rows


def sourcing_page(episodes: int = EPISODES, progress: bool = True) -> str:
    """Return the game that is measured, and all experiments as tables in Markdown."""
    parts: dict[str, tuple[tuple[str, ...], Callable[[], list[_Row]]]] = {
        "suppliers": (("suppliers", "return", "price", "gain over one fewer"), lambda: more_suppliers(episodes)),
        "arguments": (("what", "difference in return"), lambda: comparisons(episodes)),
        "speed": (("suppliers", "steps a second", "bytes a row"), speed),
    }
    tables = [measured_on(SourcingBatch(1, resolve_sourcing({}), "test"))]
    with bar(len(parts), "Sourcing", progress, "parts") as shown:
        for name, (headers, measure) in parts.items():
            shown.set_description(name)
            tables.append(table(headers, measure()))
            shown.update()
    return "\n\n".join(tables)
