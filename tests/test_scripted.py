"""The scripted policies: legal, the same in a batch and alone, and each with the behaviour that it is named after."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from agents.policy import Policy
from agents.scripted import SCRIPTED, make
from agents.scripted.base import concession_towards, nearest_legal, read
from agents.scripted.gradual import Gradual
from negoenv.base_env import SingleEnv
from negoenv.benchmark.evaluation import Episodes, evaluate, paired_difference
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.errors import NegoenvError
from negoenv.game.observation import NAMES
from negoenv.game.tactics import FAMILY_OF, MOVES, PRESSING, Family, Move
from negoenv.scenarios.presets import PRESETS, resolve
from negoenv.scenarios.scenario import Scenario

PROCUREMENT = PRESETS["Procurement"]
FAMILIES = np.array([FAMILY_OF[move] for move in Move])
CONCESSIONS = FAMILIES == Family.CONCESSION
OVER = -1  # stands for a move in a row whose episode has ended

every_policy = pytest.mark.parametrize("name", SCRIPTED)
every_deterministic_policy = pytest.mark.parametrize("name", [name for name in SCRIPTED if name != "random"])


@dataclass
class Played:
    """What was seen before each move and which move it was, the first axis being rounds."""

    moves: np.ndarray
    observations: np.ndarray
    masks: np.ndarray

    def table(self, step: int) -> dict[str, np.ndarray]:
        return read(self.observations[step], self.masks[step])


def play(
    policy: Policy, num_rows: int, seed: int = 7, reset: bool = True, options: dict[str, Any] | None = None
) -> Played:
    batch = NegotiationBatch(num_rows, PROCUREMENT, split="train")
    running, episode_starts = np.ones(num_rows, np.bool_), np.ones(num_rows, np.bool_)
    batch.seed(seed)
    batch.reset(running, options)
    if reset:
        policy.reset(num_rows, seed)
    moves, seen, masks = [], [], []
    while running.any():
        seen.append(batch.observations.copy())
        masks.append(batch.action_masks.copy())
        chosen = policy.act(seen[-1], masks[-1], episode_starts)
        assert chosen.shape == (num_rows,)
        assert chosen.dtype == np.int64
        assert (batch.action_masks[np.arange(num_rows), chosen] == 1)[running].all()
        moves.append(np.where(running, chosen, OVER))
        batch.step(chosen, running)
        running &= ~batch.terminated
        episode_starts = np.zeros(num_rows, np.bool_)
    return Played(np.array(moves), np.array(seen), np.array(masks))


def score(name: str, scenario: Scenario = PROCUREMENT, num_rows: int = 256) -> Episodes:
    return evaluate(make(name), NegotiationBatch(num_rows, scenario, split="train"), seed=0)


def moves_alone(policy: Policy, seed: int) -> list[int]:
    env = SingleEnv(NegotiationBatch(1, PROCUREMENT, split="train"))
    observation, info = env.reset(seed=seed)
    policy.reset(1, seed)
    moves, over = [], False
    while not over:
        move = policy.act(observation, info["action_mask"])
        assert isinstance(move, int)
        moves.append(move)
        observation, _, over, _, info = env.step(np.int64(move))
    return moves


def _named_kinds_of(policy: type[Policy]) -> Iterator[type[Policy]]:
    """Yield the policies below a class that have a name, as far as they are the package's."""
    for kind in policy.__subclasses__():
        if kind.__module__.startswith("agents.scripted") and hasattr(kind, "name"):
            yield kind
        yield from _named_kinds_of(kind)


def test_registry() -> None:
    assert {"random", "gradual", "forcing"} <= set(SCRIPTED)
    assert set(SCRIPTED.values()) == set(_named_kinds_of(Policy))
    for name, policy in SCRIPTED.items():
        assert make(name).name == name
        assert policy.__doc__
    with pytest.raises(NegoenvError, match=r"Unknown policy 'boulwar'\. Did you mean 'boulware'\?"):
        make("boulwar")


@every_policy
def test_no_illegal_move(name: str) -> None:
    episodes = score(name)
    assert episodes.outcomes["illegal_moves"].sum() == 0
    assert np.isfinite(episodes.returns).all()


@every_policy
@pytest.mark.parametrize(
    "changes",
    [
        {"without": ["HOLD", "STRONG", "CONCEDE_SMALL"]},
        {"without": ["OPENING", "CONCESSION", "ULTIMATUM", "ACCEPT"]},
        {"hidden": list(NAMES)},
        {"deadline": 1},
        {"limit": {"low": 0.3, "high": 0.4}},
    ],
)
def test_no_illegal_move_in_odd_games(name: str, changes: dict[str, Any]) -> None:
    assert score(name, resolve(changes), num_rows=64).outcomes["illegal_moves"].sum() == 0


@every_policy
def test_alone_as_in_a_batch(name: str) -> None:
    together = play(make(name), 16).moves
    policy = make(name)
    for row in range(16):
        column = together[:, row]
        assert moves_alone(policy, 7 + row) == column[column != OVER].tolist()


@every_policy
def test_rows_do_not_depend_on_their_neighbours(name: str) -> None:
    few, many = play(make(name), 8), play(make(name), 64)
    rounds = len(few.moves)
    assert np.array_equal(few.moves, many.moves[:rounds, :8])
    assert (many.moves[rounds:, :8] == OVER).all()


@every_deterministic_policy
def test_memory_starts_anew_with_each_episode(name: str) -> None:
    policy = make(name)
    first = play(policy, 32, seed=1)
    again = play(policy, 32, seed=1, reset=False)
    assert np.array_equal(first.moves, again.moves)


@every_deterministic_policy
def test_another_game_is_refused(name: str) -> None:
    with pytest.raises(
        NegoenvError, match=rf"The policy '{name}' plays {MOVES} moves .* 6 moves .* 'random' plays any game"
    ):
        make(name).act(np.zeros(4, np.int64), np.ones((4, 6), np.int8))
    with pytest.raises(NegoenvError, match="columns"):
        make(name).act(np.zeros((4, 3), np.float32), np.ones((4, MOVES), np.int8))


def test_random_plays_any_game_uniformly() -> None:
    policy = make("random")
    policy.reset(2000, seed=3)
    mask = np.tile(np.array([0, 1, 1, 0, 1, 1], np.int8), (2000, 1))
    counts = sum(np.bincount(policy.act(np.zeros(2000, np.int64), mask), minlength=6) for _ in range(10))
    assert counts[[0, 3]].tolist() == [0, 0]
    assert np.abs(counts[[1, 2, 4, 5]] / 20000 - 0.25).max() < 0.015  # five standard errors


def test_random_is_a_function_of_seed_row_and_call() -> None:
    mask = np.ones((50, 20), np.int8)

    def draws(num_rows: int, seed: int) -> np.ndarray:
        policy = make("random")
        policy.reset(num_rows, seed)
        return np.array([policy.act(np.zeros(num_rows, np.int64), mask[:num_rows]) for _ in range(20)])

    assert np.array_equal(draws(50, 5)[:, :8], draws(8, 5))
    assert np.array_equal(draws(50, 5)[:, 3], draws(1, 8)[:, 0])  # row i is seeded with seed + i
    assert (draws(50, 5) != draws(50, 1005)).mean() > 0.9
    assert len(np.unique(draws(50, 5)[:, 0])) > 5


@pytest.mark.parametrize(
    ("wish", "illegal", "played"),
    [
        (Move.CONCEDE_LARGE, (), Move.CONCEDE_LARGE),
        (Move.CONCEDE_LARGE, (Move.CONCEDE_LARGE,), Move.CONCEDE_MODERATE),
        (Move.CONCEDE_MODERATE, (Move.CONCEDE_MODERATE,), Move.CONCEDE_SMALL),
        (Move.CONCEDE_SMALL, tuple(np.flatnonzero(CONCESSIONS)), Move.HOLD),
        (Move.LEADER_ULTIMATUM, (Move.LEADER_ULTIMATUM,), Move.ULTIMATUM),
        (Move.ACCEPT, (Move.ACCEPT,), Move.HOLD),
        (Move.ACCEPT, (Move.ACCEPT, Move.HOLD), Move.PROBE),
        (Move.FURY, (Move.FURY,), Move.RAISE_VOICE),
        (Move.OPEN_LOW, (Move.OPEN_LOW,), Move.OPEN_MODERATE),
    ],
)
def test_nearest_legal(wish: Move, illegal: tuple[Move, ...], played: Move) -> None:
    mask = np.ones((1, MOVES), np.int8)
    mask[0, list(illegal)] = 0
    assert nearest_legal(np.array([wish]), mask).tolist() == [played]


def test_concession_towards_a_price() -> None:
    table = {"offer": np.full(5, 0.6), "gap": np.full(5, 0.2)}
    wished = np.array([0.5, 0.602, 0.62, 0.66, 0.9])
    expected = [Move.HOLD, Move.HOLD, Move.CONCEDE_SMALL, Move.CONCEDE_MODERATE, Move.CONCEDE_LARGE]
    assert concession_towards(table, wished).tolist() == expected


def test_table_reads_the_clock() -> None:
    played = play(make("hold_out"), 8)
    for step in range(len(played.moves)):
        running = played.moves[step] != OVER
        table = played.table(step)
        assert (table["deadline"][running] == PROCUREMENT.deadline).all()
        assert (table["round"][running] == step).all()


def test_gradual_beats_the_others() -> None:
    best = score("gradual", num_rows=1024)
    for name in SCRIPTED:
        if name != "gradual":
            assert paired_difference(best, score(name, num_rows=1024)).low > 0.0, name


def test_who_gives_nothing_does_worse_than_chance() -> None:
    """Opening and then holding, or forcing, loses the supplier, whereas a random move is at times a concession."""
    chance = score("random", num_rows=1024)
    for name in ("hold_out", "forcing"):
        assert paired_difference(score(name, num_rows=1024), chance).high < 0.0, name
    for name in ("gradual", "conceder", "split_the_difference", "soft_liner"):
        assert paired_difference(score(name, num_rows=1024), chance).low > 0.1, name


@pytest.mark.parametrize("family", ["STRONG", "THIRD_PARTY", "ULTIMATUM", "EMOTION", "PROBE"])
def test_gradual_makes_do_without_a_family(family: str) -> None:
    episodes = score("gradual", resolve({"without": [family]}))
    assert episodes.metrics()["deal_rate"].mean > 0.7


def test_forcing_breaks_what_gradual_does_not() -> None:
    broken = {name: score(name, num_rows=1024).metrics()["breakdown_rate"].mean for name in ("forcing", "gradual")}
    assert broken["gradual"] < 0.12
    assert broken["forcing"] > 5.0 * broken["gradual"]


def test_gradual_presses_only_the_calm_and_uses_emotion_only_with_a_cause() -> None:
    policy = Gradual()
    played = play(policy, 512)
    for step, moves in enumerate(played.moves):
        table = played.table(step)
        families = np.where(moves == OVER, OVER, FAMILIES[moves])
        emotion = families == Family.EMOTION
        pressing = emotion | np.isin(families, [Family.STRONG, Family.THIRD_PARTY, Family.ULTIMATUM])
        assert (table["strain"] < policy.habits.tense)[pressing].all()
        assert (table["weakness_known"] == 1.0)[emotion].all()
        assert (table["last_emotion"] == 0.0)[emotion].all()
    assert (FAMILIES[played.moves[played.moves != OVER]] == Family.EMOTION).any()


def test_gradual_drops_means_that_left_the_supplier_cold() -> None:
    """It uses a family again much more often where its first use was taken well."""
    played = play(Gradual(), 1024)
    for family, column in ((Family.STRONG, "strong"), (Family.THIRD_PARTY, "third_party")):
        uses = np.where(played.moves == OVER, False, FAMILIES[played.moves] == family)
        heard = np.array([played.table(step)["reaction"] for step in range(len(played.moves))])
        first = uses.argmax(axis=0)
        later = np.array([played.table(step)[f"last_{column}"] for step in range(len(played.moves))])
        rows = uses.any(axis=0) & (first + 1 < len(uses))
        rows[rows] &= played.moves[first[rows] + 1, np.flatnonzero(rows)] != OVER
        assert (later[first[rows] + 1, np.flatnonzero(rows)] == 1.0).all()
        reaction, again = heard[first[rows] + 1, np.flatnonzero(rows)], uses.sum(axis=0)[rows] > 1
        assert again[reaction > 1.0].mean() > again[reaction < 0.2].mean() + 0.3


def test_gradual_claims_only_prices_that_say_something() -> None:
    played = play(Gradual(), 512)
    for claim, content in ((Move.REVEAL_BUDGET, 1.10), (Move.CITE_COMPETITORS, 0.95)):
        assert (played.moves == claim).any()
        for step, moves in enumerate(played.moves):
            table = {name: column[moves == claim] for name, column in played.table(step).items()}
            assert (table["ask"] > content * table["benchmark"]).all()
            assert (table["offer"] <= content * table["benchmark"]).all()


def test_gradual_shows_rivals_before_an_ultimatum_and_gives_it_after_a_stalemate() -> None:
    policy = Gradual()
    played = play(policy, 512)
    for step, moves in enumerate(played.moves):
        table = played.table(step)
        final = np.isin(moves, [Move.ULTIMATUM, Move.LEADER_ULTIMATUM])
        assert (table["rivals"] > 0.0)[final].all()
        assert (table["stalemate"] >= policy.habits.stuck)[final].all()
        assert (table["last_concession"] == 0.0)[final].all()
        assert (table["leader_used"] == 1.0)[moves == Move.ULTIMATUM].all()
    assert (played.moves == Move.LEADER_ULTIMATUM).any()


def test_gradual_answers_moves_and_ends_long_silence() -> None:
    policy = Gradual()
    played = play(policy, 512)
    given = CONCESSIONS[played.moves] & (played.moves != OVER)
    first = played.moves[given.argmax(axis=0), np.arange(512)][given.any(axis=0)]
    assert (first == Move.CONCEDE_MODERATE).mean() > 0.9  # noticed; less only where the limit is near
    fractions = np.array([move.tactic.effects.concession for move in Move])
    quiet = np.zeros(512)
    for step, moves in enumerate(played.moves):
        table = played.table(step)
        offer = table["offer"] + fractions[moves] * table["gap"]
        assert (offer <= table["worth"] + 1e-6)[given[step]].all()
        spoke = given[step] | np.isin(FAMILIES[moves], PRESSING)
        able = (table["worth"] - table["offer"] >= 0.1 * table["gap"]) & (moves != OVER)
        quiet = np.where(spoke | ~able, 0.0, quiet + 1.0)
        assert quiet.max() <= policy.habits.patience


def test_gradual_asks_for_costs_early() -> None:
    policy = Gradual()
    played = play(policy, 256)
    late = int(policy.habits.early * PROCUREMENT.deadline)
    asked = played.moves == Move.PROBE
    assert asked[:late].any(axis=0).mean() > 0.5
    assert not asked[late:].any()
    assert asked.sum(axis=0).max() <= policy.habits.probes


def test_gradual_leaves_where_costs_leave_no_room() -> None:
    empty = PRESETS["EmptyZone"]
    batch = NegotiationBatch(256, empty, split="train")
    left = evaluate(make("gradual"), batch, options={"supplier": "priced_out"})
    stayed = evaluate(make("gradual"), batch, options={"supplier": "poor_mouth"})
    assert left.uses[:, Move.WALK_AWAY].mean() > 0.5 > 5.0 * stayed.uses[:, Move.WALK_AWAY].mean()
    assert left.metrics()["rounds"].mean < 0.6 * empty.deadline


def test_gradual_suits_its_means_to_the_supplier() -> None:
    def use(archetype: str) -> dict[str, float]:
        batch = NegotiationBatch(256, PROCUREMENT, split="train")
        return evaluate(make("gradual"), batch, options={"supplier": archetype}).family_use()

    overstocked, leader, family = use("overstocked"), use("market_leader"), use("family_firm")
    assert overstocked["strong"] > leader["strong"]
    assert leader["third_party"] > family["third_party"]
    assert family["concession"] > overstocked["concession"]
    assert use("careless_performer")["emotion"] > overstocked["emotion"]
    assert use("staller")["ultimatum"] > family["ultimatum"]


def test_hold_out_never_concedes() -> None:
    uses = score("hold_out").uses
    assert uses[:, CONCESSIONS].sum() == 0
    assert (uses[:, Move.OPEN_LOW] == 1).all()
    assert uses[:, Move.HOLD].sum() > 0


def test_soft_liner_pays_more_than_boulware() -> None:
    assert paired_difference(score("soft_liner"), score("boulware"), "price").low > 0.0
    assert score("soft_liner").metrics()["breakdown_rate"].mean < score("boulware").metrics()["breakdown_rate"].mean


def test_boulware_concedes_later_than_conceder() -> None:
    def first_concession(name: str) -> float:
        conceded = np.isin(play(make(name), 256).moves, np.flatnonzero(CONCESSIONS))
        rows = conceded.any(axis=0)
        return float(conceded.argmax(axis=0)[rows].mean())

    assert first_concession("conceder") < 2.0
    assert first_concession("boulware") > 0.4 * PROCUREMENT.deadline


def test_micro_never_concedes_more_often_than_the_supplier_moved() -> None:
    played = play(make("micro"), 256)
    asks = np.array([played.table(step)["ask"] for step in range(len(played.moves))])
    moved = np.cumsum(np.abs(np.diff(asks, axis=0, prepend=asks[:1])) > 1e-6, axis=0)
    conceded = np.cumsum(played.moves == Move.CONCEDE_SMALL, axis=0)
    assert (conceded <= moved).all()
    assert conceded[-1].sum() > 256
    assert not np.isin(played.moves, [Move.CONCEDE_MODERATE, Move.CONCEDE_LARGE]).any()


def test_tit_for_tat_answers_with_the_nearest_concession() -> None:
    played = play(make("tit_for_tat"), 256)
    fractions = np.array([move.tactic.effects.concession for move in Move])
    grades = np.unique(fractions)
    for step in range(1, len(played.moves)):
        moves = played.moves[step]
        answers = np.isin(moves, [Move.HOLD, *np.flatnonzero(CONCESSIONS)])
        counter = played.table(step)["counter"][answers]
        given = fractions[moves[answers]]
        nearest = grades[np.abs(grades - counter[:, None]).argmin(axis=1)]
        assert (given <= nearest).all()  # less only where the budget forbids more
        assert np.mean(given == nearest) > 0.9


def test_split_the_difference_meets_once_then_closes() -> None:
    played = play(make("split_the_difference"), 256)
    assert np.isin(played.moves[1], [Move.CONCEDE_LARGE, OVER]).all()
    for step in range(2, len(played.moves)):
        moves, table = played.moves[step], played.table(step)
        wanted = np.where(table["ask"] <= table["worth"], Move.ACCEPT, Move.HOLD)
        assert np.isin(moves, [Move.ACCEPT, Move.HOLD, OVER]).all()
        assert (moves == wanted)[(moves != OVER) & (np.abs(table["ask"] - table["worth"]) > 1e-6)].all()
    assert (played.moves == Move.ACCEPT).any()


def test_suppliers_take_offers_in_the_middle() -> None:
    """Most of its deals are closed by the supplier, at the offer in the middle of the gap."""
    episodes = score("split_the_difference", num_rows=1024)
    deals = episodes.metrics()["deal_rate"].mean
    assert deals > 0.7
    assert episodes.uses[:, Move.ACCEPT].mean() < 0.2 * deals
