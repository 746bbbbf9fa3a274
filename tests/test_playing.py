"""Playing by hand, without its screen: the talks, the advice, the record, the references, and what is printed."""

import json
import re

import numpy as np
import pytest
import torch
from rich.console import Console

from agents.learning.network_policy import NetworkPolicy
from agents.learning.spec import Game, PolicySpec
from agents.planning.planner import Effort
from agents.planning.references import make_reference
from agents.playing import command, panels
from agents.playing.advice import Adviser
from agents.playing.choices import CLOSING, choices
from agents.playing.files import save
from agents.playing.negotiation import Negotiation, Setting
from agents.playing.options import PlayOptions
from agents.playing.palette import DARK, LIGHT
from agents.playing.printed import print_talks, print_verdict
from agents.playing.record import Record
from agents.playing.references import References, Result
from agents.playing.session import Session
from agents.playing.story import story
from agents.playing.verdict import ranking
from agents.registry import load_policy
from agents.reporting.report import play
from negoenv import NegoenvError
from negoenv.benchmark.evaluation import evaluate
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.game.state import Outcome
from negoenv.game.tactics import FAMILY_OF, Family, Move
from negoenv.scenarios.presets import PRESETS
from negoenv.viewer import phrases, render_ansi
from negoenv.viewer.money import Money

SETTING = Setting.named("Procurement", "test", 11)
PARTNERS = Setting.named({"base": "Partnership", "constants": {"renewal_base": 1.0}}, "test", 2)
OPENING = (Move.OPEN_MODERATE, Move.PROBE, Move.CONCEDE_SMALL)
MONEY = Money()


def watched(policy="gradual", setting=SETTING) -> Session:
    """Return a game that a policy has played to its end."""
    negotiation = Negotiation(setting)
    session = Session(negotiation, policy, Adviser.named(policy, negotiation), watched=True)
    while session.advance():
        pass
    return session


def learnt(algorithm="ppo", masked=False, seed=0) -> NetworkPolicy:
    """Return a policy with random weights."""
    batch = NegotiationBatch(1, SETTING.scenario)
    spec = PolicySpec(algorithm=algorithm, game=Game.of(batch), network=(8,), activation="tanh", masked=masked)
    draw = torch.Generator().manual_seed(seed)
    layers = [torch.randn(shape, generator=draw) for shape in spec.shapes.values()]
    return NetworkPolicy("learnt", spec, list(zip(layers[::2], layers[1::2], strict=True)))


# The talks


def test_a_game_is_the_row_of_an_evaluation():
    """So whoever saw a supplier of a comparison misbehave can meet it: its seed is the comparison's plus its row."""
    episodes = evaluate(load_policy("gradual"), NegotiationBatch(6, SETTING.scenario, "test"), seed=8)
    for row in range(6):
        session = watched(setting=Setting.named("Procurement", "test", 8 + row))
        assert sum(session.negotiation.rewards) == pytest.approx(episodes.returns[row])
        assert session.negotiation.outcome.name.lower() == episodes.outcomes["outcome"][row]


def test_an_offer_is_known_before_it_is_made():
    talks = Negotiation(SETTING)
    for move in OPENING:
        before = render_ansi(talks.events)
        offer = talks.offer_after(move)
        assert render_ansi(talks.events) == before, "asking changes nothing"
        talks.play(move)
        assert talks.events[-1].offer == offer


def test_the_ladder_is_not_played_here():
    with pytest.raises(NegoenvError, match=r"Ladder has neither prices nor words .*Procurement"):
        Setting.named("Ladder", "test", 0)


# Advice


def test_scripted_policies_advise_what_they_would_play():
    session = watched("tit_for_tat")
    assert [advice.move for advice in session.advice] == session.negotiation.moves
    assert not any(advice.values for advice in session.advice)


@pytest.mark.parametrize(("algorithm", "masked"), [("ppo", False), ("maskable_ppo", True)])
def test_probabilities_are_those_that_the_policy_would_draw_from(algorithm, masked):
    talks = Negotiation(SETTING)
    policy = learnt(algorithm, masked)
    advice = Adviser(policy, talks).advise()
    assert advice.kind == "logit"
    assert set(advice.values) == set(advice.probabilities) == set(talks.legal)
    assert sum(advice.probabilities.values()) == pytest.approx(1.0)
    logits = policy.scores(talks.batch.observations, np.ones(1, np.bool_))[0]
    legal = list(talks.legal)
    drawn = torch.softmax(logits[legal] if masked else logits, 0)
    probe = drawn[legal.index(Move.PROBE)] if masked else drawn[Move.PROBE]
    assert advice.probabilities[Move.PROBE] == pytest.approx(float(probe), rel=1e-5)
    if not masked:  # what is not legal is a way to say HOLD
        illegal = [move for move in Move if move not in legal]
        assert advice.probabilities[Move.HOLD] == pytest.approx(float(drawn[[Move.HOLD, *illegal]].sum()), rel=1e-5)


def test_action_values_are_no_probabilities():
    advice = Adviser(learnt("dqn"), Negotiation(SETTING)).advise()
    assert advice.kind == "action value"
    assert advice.values
    assert not advice.probabilities


def test_an_adviser_that_remembers_is_asked_once_a_move():
    """What an episode of its own would have had it play, as long as one follows its advice."""
    session = watched("tit_for_tat")
    talks = Negotiation(SETTING)
    follower = Session(talks, adviser=Adviser.named("tit_for_tat", talks))
    while not talks.over:
        follower.play(follower.current_advice.move)
    assert talks.moves == session.negotiation.moves


@pytest.mark.parametrize("name", ["informed", "uninformed"])
def test_a_planner_advises_on_the_talks_as_they_are(name):
    planner = make_reference(name, effort=Effort(rollouts=64, phases=1, capacity=256))
    talks = Negotiation(SETTING)
    session = Session(talks, adviser=Adviser(planner, talks))
    for move in (Move.OPEN_FAIR, Move.PROBE, Move.HOLD):
        assert session.current_advice.move in talks.legal
        session.play(move)
        assert planner._moves.tolist() == [session.current_advice.move]
    assert not talks.over


def test_an_adviser_of_another_game_is_refused():
    with pytest.raises(NegoenvError, match="was trained on Procurement, not on Marketplace"):
        Adviser(learnt(), Negotiation(Setting.named("Marketplace", "test", 0)))


def test_what_the_adviser_would_have_done_is_told_where_it_differs():
    talks = Negotiation(SETTING)
    session = Session(talks, adviser=Adviser.named("soft_liner", talks))
    same = session.current_advice.move
    session.play(same)
    session.play(Move.SILENCE)
    told = story(session, MONEY, 100).plain.replace("\n", " ")
    assert session.agreements == 1
    assert told.count("(soft_liner: ") == 1
    assert f"(soft_liner: {session.advice[1].move.name})" in told


# What is seen


@pytest.mark.parametrize("palette", [DARK, LIGHT])
@pytest.mark.parametrize("width", [17, 37, 60, 120])
def test_prices_stand_in_order_on_one_scale(palette, width):
    talks = Negotiation(SETTING)
    for move in OPENING:
        talks.play(move)
    lines = panels.prices(talks.events, MONEY, width, 9, palette).plain.splitlines()
    assert all(len(line) <= width for line in lines)
    prices = [float(re.search(r"[\d,]{5,}", line)[0].replace(",", "")) for line in lines]
    assert prices == sorted(prices, reverse=True)
    assert {line[:9].strip() for line in lines} >= {"budget", "ask", "limit", "market", "offer", "its cost?"}
    if width > 40:
        marks = [max(line.find("●"), line.find("◆")) for line in lines]
        assert marks == sorted(marks, reverse=True)
        assert min(marks) > 0
        assert all("EUR" in line for line in lines)


def test_where_there_is_little_room_the_budget_is_left_out():
    talks = Negotiation(SETTING)
    for move in OPENING:
        talks.play(move)
    assert "budget" not in panels.prices(talks.events, MONEY, 60, 5, DARK).plain


def test_cues_are_told_in_words_and_bars():
    talks = Negotiation(SETTING)
    start = panels.supplier(talks.events[-1], DARK).plain
    assert "not to be seen" in start
    assert "no pressure yet" in start
    for move in (Move.OPEN_LOW, Move.REVEAL_BUDGET):
        talks.play(move)
    now = talks.events[-1]
    seen = panels.supplier(now, DARK).plain
    assert phrases.REACTIONS[phrases.band(phrases.REACTIONS, now.reaction)].verbs[0] in seen
    assert "█" in seen
    assert f"{now.deadline - 2} left" in seen
    assert len(seen.splitlines()) == 7
    assert max(map(len, seen.splitlines())) <= 36


@pytest.mark.parametrize("name", PRESETS)
def test_every_legal_move_has_a_line_that_fits(name):
    talks = Negotiation(Setting.named(name, "test", 5))
    for move in (None, *OPENING):
        if move is not None:
            talks.play(move)
        if talks.over:
            break
        for width in (60, 76, 120):
            lines = choices(talks, MONEY, None, width, DARK)
            assert set(lines) == {*talks.legal, *CLOSING}
            assert list(lines) == sorted(lines, key=lambda move: (FAMILY_OF[move], move))
            assert all(move.name in line.plain and len(line) <= width for move, line in lines.items())
        prices = {m: MONEY(talks.offer_after(m)) for m in talks.legal if FAMILY_OF[m] is Family.CONCESSION}
        assert all(price in lines[m].plain for m, price in prices.items())


def test_where_there_is_little_room_a_price_says_more_than_words():
    talks = Negotiation(SETTING)
    lines = choices(talks, MONEY, None, 36, DARK)
    assert lines[Move.OPEN_FAIR].plain.endswith(MONEY(talks.offer_after(Move.OPEN_FAIR)))
    assert lines[Move.HOLD].plain.endswith("…")
    assert all(len(line) <= 36 for line in lines.values())


def test_advice_stands_beside_the_moves():
    talks = Negotiation(SETTING)
    policy = learnt("maskable_ppo", masked=True)
    advice = Adviser(policy, talks).advise()
    lines = choices(talks, MONEY, advice, 76, DARK)
    assert [move for move, line in lines.items() if line.plain.startswith("▸")] == [advice.move]
    for move in talks.legal:
        line = lines[move]
        assert line.plain.endswith(f"{advice.probabilities[move]:4.0%} {advice.values[move]:+8.2f}")


# The record


@pytest.fixture
def game(tmp_path):
    """A finished game on disk."""
    path = tmp_path / "game.json"
    save(watched(), path)
    return path


def test_a_record_replays(game):
    record = Record.read(game)
    record.check("game")
    assert record.player == "gradual"
    talks = Negotiation(record.setting)
    session = Session(talks, record.player, script=record.script)
    while session.advance():
        pass
    assert render_ansi(talks.events) == render_ansi(watched().negotiation.events)


def test_a_record_holds_scenarios_of_ones_own(tmp_path):
    (tmp_path / "mine.yaml").write_text("{name: Mine, deadline: 7, weights: {goodwill: 0.9}}")
    setting = Setting.named(str(tmp_path / "mine.yaml"), "train", 3)
    Record.of(watched("boulware", setting).negotiation, "boulware").write(tmp_path / "game.json")
    record = Record.read(tmp_path / "game.json")
    record.check("game")
    assert record.scenario.model_dump() == setting.scenario.model_dump()


COLUMNS = ("moves", "asks", "offers", "rewards")


def change(**changes):
    return lambda content: content | changes


MISTAKES = {
    "ask": (lambda content: content | {"asks": [0.5, *content["asks"][1:]]}, "after round 1, asks was 0.500000"),
    "outcome": (change(outcome="bribed"), "outcome was bribed and is"),
    "unfinished": (
        lambda content: content | {name: content[name][:-1] for name in COLUMNS},
        "and is open",
    ),
    "too long": (
        lambda content: content | {name: content[name] + content[name][-1:] for name in COLUMNS},
        "moves was another move and is the end of the talks",
    ),
    "other seed": (change(seed=12), "does not go the same way now"),
    "unknown move": (lambda content: content | {"moves": ["OPEN_LOW", "BRIBE"]}, "Unknown move 'BRIBE'"),
    "lengths": (lambda content: content | {"offers": []}, "there are 0 offers for"),
    "unknown key": (change(sed=1), "unknown key 'sed'"),
    "negative seed": (change(seed=-1), "key 'seed' is -1"),
    "split": (change(split="tset"), "key 'split' is 'tset'"),
    "format": (change(format=2), "key 'format' is 2"),
    "not finite": (lambda content: content | {"asks": [float("nan"), *content["asks"][1:]]}, "is no finite number"),
    "scenario": (lambda content: content | {"scenario": content["scenario"] | {"deadline": 0}}, "deadline"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_record_that_is_not_what_it_was_is_refused(game, mistake):
    spoil, sentence = MISTAKES[mistake]
    game.write_text(json.dumps(spoil(json.loads(game.read_text()))))
    with pytest.raises(NegoenvError, match=re.escape(sentence)) as error:
        Record.read(game).check(str(game))
    assert str(error.value).startswith(str(game))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("content", "sentence"), [("{", "not valid JSON"), ("[1]", "an object"), ("[" * 100_000, "levels deep")]
)
def test_a_file_that_is_no_record_is_refused(tmp_path, content, sentence):
    path = tmp_path / "game.json"
    path.write_text(content)
    with pytest.raises(NegoenvError, match=sentence):
        Record.read(path)


def test_a_large_file_is_not_read(tmp_path):
    path = tmp_path / "game.json"
    path.write_bytes(b" " * 5_000_000)
    with pytest.raises(NegoenvError, match="larger than"):
        Record.read(path)


def test_several_deals_are_one_record(tmp_path):
    session = watched("gradual", PARTNERS)
    assert [event.number for event in session.negotiation.events if event.move is None] == [1, 2, 3, 4]
    save(session, tmp_path / "game.json")
    record = Record.read(tmp_path / "game.json")
    record.check("game")
    assert len(record.moves) == len(record.asks) == len(session.negotiation.steps)
    own = Result.of(session.negotiation, "gradual")
    assert own.deals == 4
    table = Console(width=100, color_system=None)
    with table.capture() as shown:
        table.print(ranking(own, [], MONEY, DARK, 100))
    assert "4 deals" in shown.get()


# Saving


def test_a_game_is_saved_to_be_read_and_to_be_seen(tmp_path):
    session = watched()
    save(session, tmp_path / "game.txt")
    save(session, tmp_path / "game.png")
    text = (tmp_path / "game.txt").read_text()
    assert not any(line.endswith(" ") for line in text.splitlines())
    assert text.startswith("Procurement, test split, seed 11, played by gradual\n")
    assert "It would never have sold below EUR" in text.replace("\n", " ")
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 100
    assert (tmp_path / "game.png").read_bytes().startswith(b"\x89PNG")


def test_nothing_is_overwritten(game):
    before = game.read_text()
    with pytest.raises(NegoenvError, match="exists already; give --force"):
        save(watched("boulware"), game)
    assert game.read_text() == before
    save(watched("boulware"), game, force=True)
    assert Record.read(game).player == "boulware"


def test_an_unfinished_game_is_not_saved(tmp_path):
    with pytest.raises(NegoenvError, match="not over"):
        save(Session(Negotiation(SETTING)), tmp_path / "game.json")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "sentence"), [("game.pkl", "ends in '.pkl'"), ("file/game.json", "cannot be written")]
)
def test_files_that_a_game_cannot_be_saved_to(tmp_path, name, sentence):
    (tmp_path / "file").touch()
    with pytest.raises(NegoenvError, match=sentence):
        save(watched(), tmp_path / name)


# References


def test_references_meet_the_very_same_supplier():
    session = watched()
    own = Result.of(session.negotiation, "gradual")
    gradual, random = References(SETTING, ("gradual", "random", "gradual")).results()
    assert gradual == own
    report = play(load_policy("random"), "Procurement", "test", 2, SETTING.seed)
    assert random.value == pytest.approx(float(report.episodes.returns[0]))
    assert (own.price is None) == (session.negotiation.outcome is not Outcome.DEAL)


def test_an_unknown_reference_is_told_before_the_game():
    with pytest.raises(NegoenvError, match="Did you mean 'random'"):
        References(SETTING, ("randm",))


def test_the_usual_references_are_known():
    assert {"gradual", "random"} < set(command.usual_references(SETTING))
    assert References(SETTING, command.usual_references(SETTING)).policies


def test_who_advised_is_ranked_too():
    trained = "soft_liner"  # any policy; those of the usual references play once
    options = PlayOptions(seed=11, advise=trained, references=("random",))
    names = [policy.name for policy in command.prepare(options)[1].policies]
    assert names[0] == trained
    assert len(names) == len(set(names))
    assert {"gradual", "informed"} < set(names)
    _, references = command.prepare(PlayOptions(seed=11, advise="informed:gradual"))
    assert references.policies[0].name.startswith("informed:"), "one that is no usual reference"


def test_a_later_game_is_saved_beside_the_first(tmp_path):
    first = tmp_path / "game.json"
    assert command._another(None) is None
    assert command._another(first) == tmp_path / "game-2.json"
    (tmp_path / "game-2.json").touch()
    assert command._another(first) == tmp_path / "game-3.json"


@pytest.mark.parametrize(("name", "seen"), [("run[seed=1]", "run[seed=1]"), ("[/x]\x1b[31m\n", "[/x]\\x1b[31m\\n")])
def test_names_are_printed_as_they_are(name, seen, tmp_path):
    """They come from directories, files and saved games, which somebody else may have made."""
    kinds = tuple(kind.model_copy(update={"meaning": name}) for kind in SETTING.scenario.test.archetypes)
    population = SETTING.scenario.test.model_copy(update={"archetypes": kinds})
    scenario = SETTING.scenario.model_copy(update={"test": population})
    adviser = learnt()
    adviser.name = name
    talks = Negotiation(Setting(scenario, "test", 11))
    session = Session(talks, name, Adviser(adviser, talks, any_scenario=True), script=(Move.HOLD, Move.WALK_AWAY))
    while session.advance():
        pass
    console = Console(width=100, force_terminal=True, color_system=None)
    with console.capture() as captured:
        print_talks(console, session, DARK)
        print_verdict(console, session, [Result.of(talks, name)], DARK)
    printed = captured.get()
    assert f"{scenario.name}, test split, seed 11, played by {seen}\n" in printed
    assert f"({seen}: " in printed
    assert re.search(rf"The supplier was: [a-z ]+\. {re.escape(seen)}", printed)
    assert printed.count(f" {seen} ") >= 2, "both in the ranking"
    assert "\x1b[31m" not in printed


@pytest.mark.parametrize("width", [36, 50, 76, 120])
def test_the_ranking_always_tells_who_and_the_return(width):
    own = Result.of(watched().negotiation, "split_the_difference")
    console = Console(width=width, color_system=None)
    with console.capture() as captured:
        console.print(ranking(own, [], MONEY, DARK, width))
    lines = captured.get().splitlines()
    assert len(lines) == 2
    assert max(map(len, lines)) <= width
    assert "split_the_difference" in lines[1]
    assert f"{own.value:+.2f}" in lines[1]
    assert MONEY.number(own.price) in lines[1]
    assert ("goodwill" in lines[0]) == (width >= 70)


def test_seeds_that_nobody_chose_differ():
    """A person who plays again meets somebody else, and the seed is told so that it can be named again."""
    seeds = {command.prepare(PlayOptions(watch="random"))[0].negotiation.setting.seed for _ in range(8)}
    assert len(seeds) > 1
    assert all(0 <= seed < 1_000_000 for seed in seeds)
