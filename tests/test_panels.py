"""What a person sees of a game, as text: prices, cues and moves."""

import re

import pytest

from agents.playing import panels
from agents.playing.moves import move_lines
from agents.playing.negotiation import Negotiation, Setting
from agents.playing.panels import DARK_PALETTE, LIGHT_PALETTE
from agents.playing.session import Advice, Adviser
from negoenv.game.effects import Family
from negoenv.game.tactics import Move, families_of
from negoenv.scenarios.presets import PRESETS
from negoenv.viewer import phrases
from tests.test_playing import MONEY, OPENING, SETTING, learned

# What is seen


@pytest.mark.parametrize("palette", [DARK_PALETTE, LIGHT_PALETTE])
@pytest.mark.parametrize("width", [17, 37, 60, 120])
def test_prices_stand_in_order_on_one_scale(palette, width):
    talks = Negotiation(SETTING)
    for move in OPENING:
        talks.play(move)
    lines = panels.price_panel(talks.events, MONEY, width, 9, palette).plain.splitlines()
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
    assert "budget" not in panels.price_panel(talks.events, MONEY, 60, 5, DARK_PALETTE).plain


def test_cues_are_told_in_words_and_bars():
    talks = Negotiation(SETTING)
    start = panels.supplier_panel(talks.events[-1], DARK_PALETTE).plain
    assert "not to be seen" in start
    assert "no pressure yet" in start
    for move in (Move.OPEN_LOW, Move.REVEAL_BUDGET):
        talks.play(move)
    now = talks.events[-1]
    seen = panels.supplier_panel(now, DARK_PALETTE).plain
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
            lines = move_lines(talks, talks.legal, MONEY, None, width, DARK_PALETTE)
            assert set(lines) == {*talks.legal, *Negotiation.closing}
            assert list(lines) == sorted(
                lines, key=lambda move: (move in Negotiation.closing, move.tactic.effects.family, move)
            ), "those that close stand last, in a list of their own"
            assert all(f" {move.name} " in line.plain and len(line) <= width for move, line in lines.items())
        for concession in (m for m in talks.legal if Family.CONCESSION in families_of(m)):
            shown = MONEY(talks.offer_after(concession)) in lines[concession].plain
            conditional = concession.tactic.effects.asked > 0.0
            assert shown != conditional, "whether an exchange would be taken is not told before"


def test_where_there_is_little_room_a_price_says_more_than_words():
    talks = Negotiation(SETTING)
    lines = move_lines(talks, talks.legal, MONEY, None, 36, DARK_PALETTE)
    assert lines[Move.OPEN_FAIR].plain.endswith(MONEY(talks.offer_after(Move.OPEN_FAIR)))
    assert lines[Move.HOLD].plain.endswith("…")
    assert all(len(line) <= 36 for line in lines.values())


def test_a_long_name_takes_room_from_the_meaning_and_not_from_advice():
    talks = Negotiation(SETTING)
    talks.play(Move.OPEN_MODERATE)
    move = Move["CITE_COMPETITORS+CONCEDE_MODERATE"]
    advice = Advice("x", move, "logit", {Move.HOLD: 1.0, move: -2.0}, {Move.HOLD: 0.75, move: 0.25})
    for width, start in ((36, "▸ CITE_COMPETITORS+C… "), (50, f"▸ {move.name} "), (76, f"▸ {move.name} Both at once")):
        lines = move_lines(talks, (move, Move.HOLD), MONEY, advice, width, DARK_PALETTE)
        assert list(lines) == [move, Move.HOLD, *Negotiation.closing]
        assert lines[move].plain.startswith(start)
        assert lines[move].plain.endswith(" 25%    -2.00")
        assert len(lines[move]) == len(lines[Move.HOLD]) == width


def test_advice_stands_beside_the_moves():
    talks = Negotiation(SETTING)
    policy = learned("maskable_ppo", masked=True)
    advice = Adviser(policy, talks).advise()
    lines = move_lines(talks, talks.legal, MONEY, advice, 76, DARK_PALETTE)
    assert [move for move, line in lines.items() if line.plain.startswith("▸")] == [advice.move]
    for move in talks.legal:
        line = lines[move]
        assert line.plain.endswith(f"{advice.probabilities[move]:4.0%} {advice.values[move]:+8.2f}")
