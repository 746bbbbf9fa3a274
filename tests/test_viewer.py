"""What is shown of a negotiation: the record, the transcript, the picture."""

import re
import sys
from dataclasses import replace

import numpy as np
import pytest
from gymnasium.error import DependencyNotInstalled

from negoenv import NegoenvError
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.game.effects import PRESSING, Family
from negoenv.game.state import STATE, Outcome
from negoenv.game.tactics import SIMPLE, Move
from negoenv.installation import install_command
from negoenv.scenarios.presets import resolve
from negoenv.viewer import (
    RENDERERS,
    Event,
    RecordedNegotiation,
    Recorder,
    phrases,
    render_ansi,
    render_rgb_array,
    transcript_lines,
)
from negoenv.viewer.events import current_talks
from negoenv.viewer.meanings import FAMILIES, PURPOSES
from negoenv.viewer.transcript import WIDTH, Money

ONE = np.ones(1, np.bool_)
CALM = {"supplier": {"exit_rate": 0.0, "tolerance": 5.0, "decisiveness": 0.0}}
OPEN_TALKS = (Move.OPEN_FAIR, Move.PROBE, Move.CITE_COMPETITORS, Move.HOLD, Move.CONCEDE_SMALL)


def play(moves, scenario=None, options=None, seed=7) -> list[Event]:
    played = RecordedNegotiation(NegotiationBatch(1, resolve(scenario)), seed, options)
    for move in moves:
        if not played.over:
            played.play(move)
    return list(played.events)


def test_every_move_has_phrases():
    values = {"offer": "EUR 1", "ask": "EUR 2"}
    for move in Move:
        said = move.tactic.phrases
        assert len(set(said)) == len(said) > 0, move
        assert all(phrase.format(**values).endswith(".") for phrase in said), move


def test_every_move_has_a_meaning_that_fits_a_line():
    assert set(FAMILIES) == set(PURPOSES) == set(Family)
    lines = {move: move.tactic.meaning.format(offer="EUR 100,000", ask="EUR 100,000") for move in Move}
    assert all(line.endswith(".") and len(line) <= 44 for line in lines.values())
    assert len({lines[move] for move in SIMPLE}) == len(SIMPLE), "a combined one is told by its name and its price"


def test_every_end_has_a_result():
    assert set(phrases.RESULTS) == set(Outcome) - {Outcome.OPEN}


@pytest.mark.parametrize("manners", [phrases.REACTIONS, phrases.STRAINS])
def test_bands_rise_and_cover_every_cue(manners):
    edges = [manner.below for manner in manners]
    assert edges == sorted(edges)
    assert edges[-1] == float("inf")
    assert [phrases.band(manners, edge - 1e-9) for edge in edges[:-1]] == list(range(len(edges) - 1))


def test_events_hold_what_the_buyer_did_and_saw():
    events = play(OPEN_TALKS, options=CALM)
    assert [event.round for event in events] == list(range(len(OPEN_TALKS) + 1))
    assert [event.move for event in events] == [None, *OPEN_TALKS]
    assert events[0].reaction is None
    assert events[1].strain is not None
    assert events[2].cost_estimate > 0.0
    assert events[-1].offer > events[1].offer > 0.0
    assert events[0].budget >= events[0].limit
    assert 0.0 < events[0].goodwill <= 1.0
    assert set(events[0].wear) == set(PRESSING)
    assert events[0].wear[Family.STRONG] == 0.0 < events[3].wear[Family.STRONG]


def test_a_recorded_negotiation_is_played_to_its_end_and_no_further():
    played = RecordedNegotiation(NegotiationBatch(1, resolve(None)), seed=7, options=CALM)
    assert set(played.legal) == {Move(move) for move in np.flatnonzero(played.batch.action_masks[0])}
    for action in (Move.OPEN_FAIR, Move.OPEN_LOW, 99, Move.WALK_AWAY):
        assert not played.over
        played.play(action)
    assert played.moves == [Move.OPEN_FAIR, Move.OPEN_LOW, Move.WALK_AWAY], "as chosen; 99 is no move"
    assert [event.move for event in played.steps] == [Move.OPEN_FAIR, Move.HOLD, Move.HOLD, Move.WALK_AWAY]
    assert played.rewards == pytest.approx([sum(event.reward_terms.values()) for event in played.steps])
    assert (played.over, played.legal, played.outcome) == (True, (), Outcome.WALKED_AWAY)
    with pytest.raises(NegoenvError, match="ended after 4 moves; no move comes after that"):
        played.play(Move.HOLD)


def test_a_new_episode_forgets_the_last():
    batch = NegotiationBatch(1, resolve(None))
    recorder = Recorder()
    for _ in range(2):
        batch.reset(ONE)
        recorder.begin(batch)
        assert [event.round for event in recorder.events] == [0]
        batch.step(np.array([Move.HOLD]), ONE)
        recorder.step(batch, Move.HOLD)


def test_illegal_moves_are_told():
    events = play([Move.HOLD, Move.OPEN_LOW, 99], options=CALM)
    assert [event.legal for event in events] == [True, True, False, False]
    assert [event.move for event in events[1:]] == [Move.HOLD] * 3
    lines = transcript_lines(events)
    assert "OPEN_LOW" in lines[2]
    assert phrases.NO_SUCH_MOVE in lines[3]


def test_hidden_columns_are_not_shown():
    events = play(OPEN_TALKS, scenario={"hidden": ["strain", "reaction", "benchmark"]}, options=CALM)
    assert all(event.strain is None and event.reaction is None and event.benchmark == 0.0 for event in events)
    text = render_ansi(events)
    verbs = [verb for manner in (*phrases.REACTIONS, *phrases.STRAINS) for verb in manner.verbs]
    assert not any(verb in text for verb in verbs)
    assert render_rgb_array(events).shape == (500, 800, 3)


def test_transcript_tells_rounds_prices_and_the_end():
    events = play([*OPEN_TALKS, Move.WALK_AWAY], options=CALM)
    lines = transcript_lines(events)
    assert [line.split(".")[0] for line in lines[1:7]] == [f"Round {number}" for number in range(1, 7)]
    for line, event in zip(lines[:6], events[:6], strict=True):
        assert f"EUR {event.ask * 100_000:,.0f}" in line
    assert f"EUR {events[1].offer * 100_000:,.0f}" in lines[1]
    assert lines[-2].startswith("No deal: you left after 6 rounds")
    total = sum(sum(event.reward_terms.values()) for event in events)
    assert lines[-1].startswith(f"Return {total:+.2f}: rounds ")


def test_transcript_tells_what_a_deal_is_worth():
    events = play([Move.OPEN_FAIR, Move.ACCEPT], options={**CALM, "context": {"budget": 2.0}})
    deal = events[-1].deal
    assert deal is not None
    assert deal.price == events[1].ask
    text = render_ansi(events)
    assert f"Deal at EUR {deal.price * 100_000:,.0f} after 2 rounds." in text
    assert f"surplus is {deal.surplus_share:.0%}" in text


def test_transcript_tells_of_bluffs_weaknesses_quotes_and_refusals():
    events = play(OPEN_TALKS, options=CALM)
    last = replace(events[-1], weakness_known=False, stalemate=0)
    ultimatum = replace(last, wanted=Move.ULTIMATUM, move=Move.ULTIMATUM)
    for told, news in (
        (phrases.FOUND_OUT, replace(last, bluffs=last.bluffs + 1)),
        (phrases.WEAKNESS, replace(last, weakness_known=True)),
        ("A rival quotes EUR 50,000.", replace(last, quote=0.5)),
        (phrases.CALLED, replace(ultimatum, called=True)),
        ("hardly moved for 6 rounds", replace(last, stalemate=6)),
    ):
        assert told in transcript_lines([last, news])[1]
        assert told not in transcript_lines([last, last])[1]


def test_transcript_is_wrapped_between_words_and_prices():
    lines = render_ansi(play(OPEN_TALKS, options=CALM)).splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert not any(line.endswith("EUR") for line in lines)


def test_currency_can_be_chosen():
    assert "The supplier asks USD 12.50." in render_ansi(play([]), first_ask=12.5, currency="USD")


@pytest.mark.parametrize("mode", RENDERERS)
def test_views_are_deterministic_and_grow(mode):
    render = RENDERERS[mode]
    events = play(OPEN_TALKS, options=CALM)
    assert np.array_equal(render(events), render(play(OPEN_TALKS, options=CALM)))
    for count in range(len(events)):
        assert not np.array_equal(render(events[:count]), render(events[: count + 1]))


def test_picture_is_rgb_and_not_blank():
    picture = render_rgb_array(play(OPEN_TALKS))
    assert picture.dtype == np.uint8
    assert picture.shape == (500, 800, 3)
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 50


@pytest.mark.parametrize("highest", [False, True])
def test_views_hold_any_cue(highest):
    """Cues are noisy: a calm supplier may seem less strained than not at all."""
    events = play(OPEN_TALKS, options=CALM)
    cues = {name: (STATE.by_name[name].low, STATE.by_name[name].high)[highest] for name in ("reaction", "strain")}
    extreme = [events[0], *(replace(event, **cues) for event in events[1:])]
    manners = (phrases.REACTIONS, phrases.STRAINS)
    verbs = {verb for manner in manners for verb in manner[-1 if highest else 0].verbs}
    for line, event in zip(transcript_lines(extreme)[1:], extreme[1:], strict=False):
        assert any(verb in line for verb in verbs), event.move
    assert not np.array_equal(render_rgb_array(extreme), render_rgb_array(events))


@pytest.mark.parametrize("deadline", [1, 7, 200])
def test_picture_holds_any_deadline(deadline):
    moves = [Move.OPEN_LOW] + [Move.HOLD] * deadline
    assert render_rgb_array(play(moves, scenario={"deadline": deadline}, options=CALM)).shape == (500, 800, 3)


def test_what_is_said_and_offered_at_once_is_told_in_full():
    for argument, offer in (("CITE_COMPETITORS", "CONCEDE_SMALL"), ("ULTIMATUM", "OFFER_105")):
        events = play([Move.OPEN_FAIR, Move[f"{argument}+{offer}"]], options=CALM)
        line = transcript_lines(events)[2]
        for name in (argument, offer):
            assert Move[name].tactic.phrases[0].format(offer=Money()(events[-1].offer)) in line


@pytest.mark.parametrize("legal", [True, False])
def test_the_longest_name_of_a_move_fits_below_the_chart(legal):
    longest = max(Move, key=lambda move: len(move.name))
    events = play([Move.OPEN_FAIR, longest], options=CALM)
    assert events[-1].legal
    pictures = [
        render_rgb_array([*events[:-1], replace(events[-1], wanted=wanted, move=longest if legal else Move.HOLD)])
        for wanted in (longest, Move.HOLD)
    ]
    assert (pictures[0][-2:] == 255).all()
    assert not np.array_equal(*pictures)


def test_picture_without_pillow_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL", None)
    monkeypatch.delitem(sys.modules, "negoenv.viewer.canvas", raising=False)
    monkeypatch.delattr("negoenv.viewer.canvas", raising=False)
    with pytest.raises(DependencyNotInstalled, match=re.escape(install_command("render"))):
        render_rgb_array(play([]))


# Several deals in one episode

PARTNERS = {"base": "Partnership", "deals": 2, "deadline": 4, "constants": {"renewal_base": 1.0}}
GENEROUS = CALM | {"context": {"ask": 0.75, "limit": 0.9, "budget": 0.95}}
TWO_DEALS = (Move.OPEN_FAIR, Move.ACCEPT, Move.OPEN_LOW, Move.WALK_AWAY)


def test_a_deal_before_the_last_closes_and_the_next_talks_start():
    events = play(TWO_DEALS, scenario=PARTNERS, options=GENEROUS)
    assert [event.move for event in events] == [None, *TWO_DEALS[:2], None, *TWO_DEALS[2:]]
    assert [event.number for event in events] == [1, 1, 1, 2, 2, 2]
    assert [event.round for event in events] == [0, 1, 2, 0, 1, 2]
    closing, start = events[2:4]
    assert closing.outcome is Outcome.DEAL
    assert closing.deal.price == closing.ask == events[1].ask
    assert closing.deal.surplus_share is None, "not known while the same supplier is dealt with"
    assert (start.outcome, start.offer, start.ask) == (Outcome.OPEN, 0.0, 1.0)
    assert start.goodwill == closing.deal.goodwill


def test_the_price_is_the_offer_where_the_supplier_took_it():
    willing = {"decisiveness": 1.0, "acceptance_width": 0.002, "reservation_price": 0.3, "fairness": 0.0, "power": 0.0}
    eager = {
        "supplier": GENEROUS["supplier"] | willing,
        "context": GENEROUS["context"] | {"expected_limit": 0.3},  # it expects no more than what is offered
    }
    events = play([Move.OPEN_FAIR], scenario=PARTNERS, options=eager)
    assert events[1].deal is not None
    assert events[1].deal.price == events[1].offer > 0.0
    assert "takes your EUR" in transcript_lines(events)[1]


def test_transcript_tells_of_every_deal():
    events = play(TWO_DEALS, scenario=PARTNERS, options=GENEROUS)
    lines = transcript_lines(events)
    assert [line.split(".")[0] for line in lines[1:3]] == ["Round 1", "Round 2"]
    assert "It may be the first of 2 deals." in lines[0]
    assert lines[3].startswith("Deal at EUR ")
    assert "share" not in lines[3]
    assert lines[4].startswith("The supplier negotiates with you again, for deal 2 of 2. It delivered")
    assert lines[5].startswith("Round 1.")
    assert lines[-2].startswith("No deal: you left after 2 rounds")
    assert f"{sum(sum(event.reward_terms.values()) for event in events):+.2f}" in lines[-1]


def test_transcript_tells_that_a_supplier_has_had_enough():
    sulky = PARTNERS | {"constants": {"renewal_base": 0.0, "renewal_goodwill": 0.0}}
    events = play(TWO_DEALS, scenario=sulky, options=GENEROUS)
    assert len(events) == 3
    assert transcript_lines(events)[-2].endswith(phrases.NO_NEXT_DEAL)
    last = play([*TWO_DEALS[:3], Move.ACCEPT], scenario=PARTNERS, options=GENEROUS)
    assert phrases.NO_NEXT_DEAL not in " ".join(transcript_lines(last))


def test_the_picture_shows_the_talks_about_the_present_deal():
    events = play(TWO_DEALS[:3], scenario=PARTNERS, options=GENEROUS)
    assert current_talks(events) == events[3:]
    assert not np.array_equal(render_rgb_array(events), render_rgb_array(events[:2]))
    assert render_rgb_array(events).shape == (500, 800, 3)
