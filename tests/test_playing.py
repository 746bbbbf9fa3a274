"""Playing by hand, without its screen: the talks, the advice, the record, the references, and what is printed."""

import re

import numpy as np
import pytest
import torch
from rich.console import Console

from agents.learning.network_policy import NetworkPolicy
from agents.learning.spec import Game, PolicySpec
from agents.planning.planner import Effort, make_reference
from agents.playing import command
from agents.playing.command import PlayOptions
from agents.playing.negotiation import Negotiation, Setting
from agents.playing.panels import DARK_PALETTE
from agents.playing.printed import print_talks, print_verdict, session_transcript
from agents.playing.results import PlayResult, References, ranking
from agents.playing.session import Adviser, Session
from agents.registry import load_policy
from agents.reporting.report import report_on
from negoenv import NegoenvError
from negoenv.benchmark.evaluation import evaluate
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.game.state import Outcome
from negoenv.game.tactics import Move
from negoenv.viewer import render_ansi
from negoenv.viewer.transcript import Money

SETTING = Setting.named("Procurement", "test", 11)
PARTNERS = Setting.named({"base": "Partnership", "constants": {"renewal_base": 1.0}}, "test", 4)
OPENING = (Move.OPEN_MODERATE, Move.PROBE, Move.CONCEDE_SMALL)
MONEY = Money()


def watched(policy="gradual", setting=SETTING) -> Session:
    """Return a game that a policy has played to its end."""
    negotiation = Negotiation(setting)
    session = Session(negotiation, policy, Adviser.named(policy, negotiation), watched=True)
    while session.advance():
        pass
    return session


def learned(algorithm="ppo", masked=False, seed=0) -> NetworkPolicy:
    """Return a policy with random weights."""
    batch = NegotiationBatch(1, SETTING.scenario)
    spec = PolicySpec(algorithm=algorithm, game=Game.of(batch), network=(8,), activation="tanh", masked=masked)
    draw = torch.Generator().manual_seed(seed)
    layers = [torch.randn(shape, generator=draw) for shape in spec.shapes.values()]
    return NetworkPolicy("learned", spec, list(zip(layers[::2], layers[1::2], strict=True)))


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


@pytest.mark.parametrize("seed", range(1, 6))
def test_what_an_offer_leads_to_is_not_known_before_it_is_made(seed):
    """Where another deal follows one that would be taken, too, last words included."""
    talks = Negotiation(Setting(PARTNERS.scenario, "test", seed))
    talks.play(Move.OPEN_FAIR)
    now = talks.events[-1]
    for name in ("CONCEDE_LARGE", "OFFER_115", "ULTIMATUM+CONCEDE_LARGE"):
        if Move[name] in talks.legal:
            assert now.offer < talks.offer_after(Move[name]) < now.ask


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
    policy = learned(algorithm, masked)
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
    advice = Adviser(learned("dqn"), Negotiation(SETTING)).advise()
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


@pytest.mark.slow
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
        Adviser(learned(), Negotiation(Setting.named("Marketplace", "test", 0)))


def test_what_the_adviser_would_have_done_is_told_where_it_differs():
    talks = Negotiation(SETTING)
    session = Session(talks, adviser=Adviser.named("soft_liner", talks))
    same = session.current_advice.move
    session.play(same)
    session.play(Move.SILENCE)
    told = session_transcript(session, MONEY, 100).plain.replace("\n", " ")
    assert session.agreements == 1
    assert told.count("(soft_liner: ") == 1
    assert f"(soft_liner: {session.advice[1].move.name})" in told


# References


def test_references_meet_the_very_same_supplier():
    session = watched()
    own = PlayResult.of(session.negotiation, "gradual")
    gradual, random = References(SETTING, ("gradual", "random", "gradual")).results()
    assert gradual == own
    report = report_on(load_policy("random"), "Procurement", "test", 2, SETTING.seed)
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
    adviser = learned()
    adviser.name = name
    talks = Negotiation(Setting(scenario, "test", 11))
    session = Session(talks, name, Adviser(adviser, talks, any_scenario=True), script=(Move.HOLD, Move.WALK_AWAY))
    while session.advance():
        pass
    console = Console(width=100, force_terminal=True, color_system=None)
    with console.capture() as captured:
        print_talks(console, session, DARK_PALETTE)
        print_verdict(console, session, [PlayResult.of(talks, name)], DARK_PALETTE)
    printed = captured.get()
    assert f"{scenario.name}, test split, seed 11, played by {seen}\n" in printed
    assert f"({seen}: " in printed
    assert re.search(rf"The supplier was: [a-z ]+\. {re.escape(seen)}", printed)
    assert printed.count(f" {seen} ") >= 2, "both in the ranking"
    assert "\x1b[31m" not in printed


@pytest.mark.parametrize("width", [36, 50, 76, 120])
def test_the_ranking_always_tells_who_and_the_return(width):
    own = PlayResult.of(watched().negotiation, "split_the_difference")
    console = Console(width=width, color_system=None)
    with console.capture() as captured:
        console.print(ranking(own, [], MONEY, DARK_PALETTE, width))
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
