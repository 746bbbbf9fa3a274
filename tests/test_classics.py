"""Each classic policy has the behaviour that it is named after."""

import numpy as np

from agents.scripted import make
from negoenv.benchmark.evaluation import paired_difference
from negoenv.game.tactics import Move
from tests.scripted_play import CONCESSIONS, OVER, PROCUREMENT, play, score


def test_who_gives_nothing_hardly_does_better_than_chance() -> None:
    """Opening and then holding, or forcing, loses the supplier, whereas a random move is at times a concession.

    Chance leaves some of them for a search, too, which costs it less than a breakdown.
    """
    chance, forcing = (score(name, num_rows=1024) for name in ("random", "forcing"))
    assert paired_difference(score("hold_out", num_rows=1024), chance).high < 0.0
    assert paired_difference(forcing, chance).high < 0.1
    for name in ("gradual", "conceder", "split_the_difference"):
        assert paired_difference(score(name, num_rows=1024), chance).low > 0.1, name
        assert paired_difference(score(name, num_rows=1024), forcing).low > 0.1, name
    assert paired_difference(score("soft_liner", num_rows=1024), chance).low > 0.0


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
    steps = [Move.HOLD, Move.CONCEDE_SMALL, Move.CONCEDE_MODERATE, Move.CONCEDE_LARGE]
    grades = fractions[steps]
    for step in range(1, len(played.moves)):
        moves = played.moves[step]
        answers = np.isin(moves, steps)
        if not answers.any():
            break
        assert not CONCESSIONS[moves[~answers & (moves != OVER)]].any(), "it asks for nothing in return"
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
    """Nearly all of its deals are closed by the supplier, at the offer in the middle of the gap."""
    episodes = score("split_the_difference", num_rows=1024)
    deals = episodes.metrics()["deal_rate"].mean
    assert deals > 0.45
    assert episodes.uses[:, Move.ACCEPT].mean() < 0.2 * deals
