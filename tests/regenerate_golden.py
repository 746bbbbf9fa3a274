"""Write the golden negotiations anew: ``python -m tests.regenerate_golden``.

It also records anew in what state a thousand steps end (`tests.recorded_run`).

For each of `tests.situations.SITUATIONS` the first seed is looked for in which the plan leads to what is described.
Read the difference before committing it: whatever changed in the files is what the change did to the model.
"""

import itertools
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import gymnasium as gym

from negoenv.game.observation import INDEX
from negoenv.game.tactics import Move
from negoenv.registration import environment_id
from negoenv.viewer import transcript_lines
from tests import recorded_run
from tests.golden_plans import ObservedNegotiation
from tests.situations import SITUATIONS, Situation

FOLDER = Path(__file__).parent / "golden"
MAX_SEEDS = 20_000
PAGE = Path(__file__).parents[1] / "docs" / "negotiations.md"
ON_PAGE = ("argued", "exchange", "warning")
"""The golden negotiations that the documentation shows."""


@dataclass(frozen=True)
class Golden:
    """What is needed to play a golden negotiation again."""

    title: str
    id: str
    seed: int
    split: str
    moves: tuple[Move, ...]


def read(path: Path) -> Golden:
    """Return the header and the moves of a file."""
    text = path.read_text(encoding="utf-8")
    title, *pairs = (line.removeprefix("# ") for line in text.splitlines() if line.startswith("# "))
    header = dict(pair.split(": ", 1) for pair in pairs)
    moves = tuple(Move[name] for name in re.findall(r"^([A-Z][A-Z0-9_+]+)$", text, re.MULTILINE))
    return Golden(title, header["id"], int(header["seed"]), header["split"], moves)


def replay(golden: Golden) -> ObservedNegotiation:
    """Play the moves of a golden negotiation."""
    talks = ObservedNegotiation(gym.make(golden.id, split=golden.split).unwrapped, golden.seed)
    for move in golden.moves:
        talks.play(move)
    return talks


def text(golden: Golden, talks: ObservedNegotiation) -> str:
    """Return a negotiation as a file shows it."""
    start, *rest = transcript_lines(talks.events)
    rounds, result = rest[: len(golden.moves)], rest[len(golden.moves) :]
    lines = [f"# {golden.title}", f"# id: {golden.id}", f"# seed: {golden.seed}", f"# split: {golden.split}", "", start]
    for move, observation, reward, told in zip(
        golden.moves, talks.observations[1:], talks.rewards, rounds, strict=True
    ):
        offer, ask = (observation[INDEX[name]] for name in ("offer", "ask"))
        lines += ["", move.name, f"offer {offer:.6f}, ask {ask:.6f}, reward {reward:+.6f}", told]
    return "\n".join([*lines, "", *result, ""])


def negotiate(situation: Situation, seed: int) -> tuple[Golden, ObservedNegotiation]:
    """Follow the plan of a situation to the end of the talks."""
    env_id = environment_id(situation.name)
    talks = ObservedNegotiation(gym.make(env_id, split=situation.split).unwrapped, seed)
    moves = []
    for move in itertools.chain(situation.plan(talks), itertools.repeat(Move.HOLD)):
        moves.append(move)
        talks.play(move)
        if talks.over:
            break
    return Golden(situation.title, env_id, seed, situation.split, tuple(moves)), talks


def find(situation: Situation, first: int) -> str:
    """Return the file of a situation, with the first seed from ``first`` on that shows it."""
    for seed in range(first, first + MAX_SEEDS):
        golden, talks = negotiate(situation, seed)
        if situation.shown(talks):
            return text(golden, talks)
    raise SystemExit(f"No seed from {first} to {first + MAX_SEEDS} shows: {situation.title}")


def page() -> str:
    """Return the page of the documentation that shows some of the files as they are told."""
    lines = ["# Three negotiations", "", _HEADING]
    for name in ON_PAGE:
        golden = read(FOLDER / f"{name}.txt")
        talks = replay(golden)
        kind = talks.batch.revealed()["archetype"][0]
        told = transcript_lines(talks.events)
        about = f"`{golden.id}`, seed {golden.seed}; the kind of the supplier is `{kind}`."
        lines += ["", f"## {golden.title}", "", about, ""]
        lines += [f"> {line}\n>" for line in told[:-1]] + [f"> {told[-1]}"]
    return "\n".join([*lines, ""])


_HEADING = """\
Played by plans of a few lines (`tests/golden_plans.py`), each with the first supplier that leads where its title says;
the tests replay them bit for bit. Made by `python -m tests.regenerate_golden`."""


def main() -> None:
    """Write every file, remove those that no situation stands for, and write the page."""
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.txt"):
        if path.stem not in SITUATIONS:
            path.unlink()
    for number, (name, situation) in enumerate(SITUATIONS.items()):
        path = FOLDER / f"{name}.txt"
        new = find(situation, first=100 * number)  # each meets suppliers of its own
        changed = not path.exists() or path.read_text(encoding="utf-8") != new
        path.write_text(new, encoding="utf-8")
        print(f"{'changed ' if changed else 'the same'}  {name}", file=sys.stderr)
    recorded_run.FILE.write_text(recorded_run.text(), encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
