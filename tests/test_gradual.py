"""What `gradual` does, and that it pays."""

import numpy as np
import pytest

from agents.scripted import FOR_CONTRACTS, SCRIPTED, make
from agents.scripted.gradual import Gradual
from negoenv.benchmark.evaluation import evaluate, paired_difference
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.game.effects import PRESSING, Family
from negoenv.game.tactics import Move
from negoenv.scenarios.presets import PRESETS, resolve
from tests.scripted_play import CONCESSIONS, FAMILIES, OVER, PROCUREMENT, play, score


def test_gradual_beats_the_others() -> None:
    best = score("gradual", num_rows=1024)
    for name in SCRIPTED:
        if name != "gradual" and name not in FOR_CONTRACTS:
            assert paired_difference(best, score(name, num_rows=1024)).low > 0.0, name


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
        assert again[reaction > 1.0].mean() > again[reaction < 0.2].mean() + 0.1, "who is moved may agree before"


def test_gradual_claims_only_prices_that_say_something() -> None:
    played = play(Gradual(), 4096)  # one of them is rare
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
