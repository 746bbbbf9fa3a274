"""The human data: what its README publishes is found again, and moments are what a pencil says they are."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from negoenv.errors import NegoenvError
from negoenv.human import (
    MOMENTS,
    Bargains,
    Buyers,
    HumanData,
    bootstrap,
    later_moves,
    load_csv,
    load_shipped,
    moments_of,
)
from negoenv.human.bargains import BUYER, SELLER, SMALLEST_GAP
from negoenv.human.simulate import simulate
from negoenv.scenarios.presets import resolve

nan = np.nan
NOT = np.zeros(1, np.bool_)  # the seller has not conceded
ROUNDING = 6e-4  # the published values have three decimals

PUBLISHED = {
    name: float(value)
    for name, value in (
        pair.split()
        for pair in """
agreement .813; sale_price_mean .807; sale_price_sd .126
sale_price_10 .621; sale_price_25 .750; sale_price_50 .833; sale_price_75 .900; sale_price_90 .933
first_price_mean .705; first_price_sd .170; reply_accept .245; reply_counter .650; reply_none .105
counter_mean .847; counter_fraction_mean .452; counter_fraction_sd .251; counter_firm .079; counter_midpoint .133
seller_concession_1 .108; seller_concession_2 .118; seller_concession_3 .057
accept_to_0.5 .077; accept_to_0.6 .097; accept_to_0.7 .129
accept_to_0.8 .253; accept_to_0.9 .446; accept_to_1.0 .458
breakdown_to_0.5 .242; breakdown_to_0.6 .258; breakdown_to_0.7 .198
breakdown_to_0.8 .182; breakdown_to_0.9 .116; breakdown_to_1.0 .167
anchoring_correlation .741; anchoring_slope .560; anchoring_slope_bargained .528; prices_named 2.54
""".strip()
        .replace("\n", ";")
        .split(";")
    )
}
# The README does not say how misread prices were left out of these; our rule moves them by less than a fifth of their
# standard error.
TOLERANCE = {
    "counter_fraction_mean": 2e-3,
    "counter_fraction_sd": 2.5e-3,
    "seller_concession_2": 1.5e-3,
    "prices_named": 5e-3,
}

NEGOTIATIONS = "negotiation,category,buyer_target,messages,turns,seconds,outcome,sale_price\n"
OFFERS = "negotiation,event,turn,seconds,role,intent,price\n"


@pytest.fixture(scope="module")
def shipped() -> Bargains:
    return load_shipped().bargains


@pytest.fixture(scope="module")
def by_hand() -> Bargains:
    """Six engaged negotiations and, before the last, one in which only the seller named a price."""
    rounds = [  # (buyer, seller) by round, sale price
        ([(0.6, nan)], 0.6),
        ([(0.5, 0.75), (0.6, nan)], 0.675),
        ([(0.8, 1.0), (0.8, 0.8)], 0.8),
        ([(0.4, 1.0), (0.5, 0.9), (0.6, nan)], 0.75),
        ([(0.9, nan)], nan),
        ([(nan, 0.9)], 0.9),
        ([(0.7, 0.9), (0.8, nan)], 0.8),
    ]
    prices = np.array([named + [(nan, nan)] * (3 - len(named)) for named, _ in rounds])
    buyer, seller = prices[:, :, 0], prices[:, :, 1]
    sale_price = np.array([price for _, price in rounds])
    agreement = np.isfinite(sale_price)
    return Bargains.from_rounds(buyer, seller, agreement, sale_price, 0.5)


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_moment_is_found_again(shipped: Bargains, name: str) -> None:
    assert moments_of(shipped)[name] == pytest.approx(PUBLISHED[name], abs=TOLERANCE.get(name, ROUNDING))


def test_shipped_data_has_the_published_size(shipped: Bargains) -> None:
    data = load_shipped()
    assert len(data.ids) == 643
    assert len(shipped) == 523
    assert np.array_equal(data.outcome[shipped.row] == "agreement", shipped.agreement)


def test_moments_by_hand(by_hand: Bargains) -> None:
    found = moments_of(by_hand)
    expected = {
        "agreement": 5 / 6,
        "sale_price_mean": (0.6 + 0.675 + 0.8 + 0.75 + 0.8) / 5,
        "sale_price_50": 0.75,
        "first_price_mean": (0.6 + 0.5 + 0.8 + 0.4 + 0.9 + 0.7) / 6,
        "reply_accept": 1 / 6,
        "reply_counter": 4 / 6,
        "reply_none": 1 / 6,
        "counter_mean": (0.75 + 1.0 + 1.0 + 0.9) / 4,
        "counter_fraction_mean": (0.5 + 0.0 + 0.0 + 1 / 3) / 4,
        "counter_firm": 2 / 4,
        "counter_midpoint": 1 / 4,
        "seller_concession_1": (0.25 + 0.1) / 4,
        "seller_concession_2": (0.2 + 0.1) / 2,
        "accept_to_0.5": 0.0,
        "accept_to_0.6": 1.0,
        "breakdown_to_0.8": 0.0,
        "breakdown_to_0.9": 1.0,
        "prices_named": (1 + 3 + 4 + 5 + 1 + 3) / 6,
        "midpoint_deals": 3
        / 4,  # .75 and .6 meet at .675, .9 and .6 at .75, .9 and .7 at .8; .8 is not between .8 and 1
        "reciprocity_slope": (1 - 0.2) / (0 - 1 / 6),  # the seller closes all of the gap, and a fifth of it
        "later_accept_to_target": 0.0,
        "later_accept_to_quarter": 0.0,
        "later_accept_past_half": 1 / 2,  # the other .8 was still followed by a price
        "agreement_short": 1 / 2,
        "agreement_medium": 1.0,
        "agreement_long": 1.0,
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected)
    assert math.isnan(found["seller_concession_3"])
    assert list(by_hand.row) == [0, 1, 2, 3, 4, 6]


def test_consecutive_prices_of_one_role_merge_into_the_last() -> None:
    roles = [SELLER, BUYER, BUYER, SELLER, SELLER, BUYER]
    found = Bargains.from_events(roles, [[nan, 0.5, 0.6, 0.9, 0.8, 0.7]], [True], [0.7])
    assert np.array_equal(found.prices[0, :4], [nan, 0.6, 0.8, 0.7], equal_nan=True)
    found = Bargains.from_events(roles, [[1.0, 0.5, nan, nan, 0.8, nan]], [False], [nan])
    assert np.array_equal(found.prices[0, :4], [1.0, 0.5, 0.8, nan], equal_nan=True)


def test_gap_fractions_are_undefined_without_a_gap() -> None:
    found = Bargains.from_rounds([[0.99, 0.995]], [[0.995, nan]], [True], [0.995])
    assert found.standing[0, 0] - found.first_price[0] < SMALLEST_GAP
    assert np.isnan(found.gap_fractions).all()


def test_no_negotiation_has_undefined_moments_and_no_bootstrap() -> None:
    empty = Bargains.from_rounds(np.full((2, 3), nan), np.full((2, 3), nan), [False, False], [nan, nan])
    assert len(empty) == 0
    assert all(math.isnan(value) for value in moments_of(empty).values())
    assert all(fractions.size == 0 for fractions in later_moves(empty).fractions)
    with pytest.raises(NegoenvError, match=r"needs 1 engaged negotiation .* got 0 and 500\."):
        bootstrap(empty)


def test_bootstrap_repeats_and_matches_the_binomial_error(shipped: Bargains) -> None:
    draws, again = (bootstrap(shipped, resamples=200, seed=3) for _ in range(2))
    assert set(draws) == set(MOMENTS)
    assert all(np.array_equal(draws[name], again[name], equal_nan=True) for name in MOMENTS)
    share = shipped.agreement.mean()
    assert draws["agreement"].std() == pytest.approx(math.sqrt(share * (1 - share) / len(shipped)), rel=0.15)


def test_later_moves_by_hand(by_hand: Bargains) -> None:
    second, later = later_moves(by_hand).fractions
    # .8 to .8 of .95: none; .4 to .5 of 1: 1/6; .5 to .6 of .75: .4; .7 to .8 of .9: 1/2; then .5 to .6 of .9
    assert second == pytest.approx([0.0, 0.17, 0.4, 0.5])
    assert later == pytest.approx([0.25])


def test_the_end_counts_as_the_buyers_move() -> None:
    found = Bargains.from_rounds([[0.5]] * 4, [[0.9]] * 4, [True, True, True, False], [0.5, 0.9, 0.7, nan])
    moves = later_moves(found)
    assert moves.fractions[0] == pytest.approx([0.0, 0.5, 1.0, nan], nan_ok=True)
    assert moves.fractions[1].size == 0
    assert moves.draw(2, np.array([0.3, 0.99]), NOT) == pytest.approx([0.5, nan], nan_ok=True)
    assert np.isnan(moves.draw(3, np.array([0.3]), NOT)).all()


def test_shipped_replay(shipped: Bargains) -> None:
    second, later = later_moves(shipped).fractions
    assert len(second) > 300
    assert len(later) > 50
    accepted = (second == 1.0).mean()
    assert 0.35 < accepted < 0.5


def test_a_simulation_replays_the_first_prices_and_repeats_itself(shipped: Bargains) -> None:
    scenario = resolve("Procurement")
    buyers = replace(Buyers.of(shipped), talks=(0.0, 0.0), restates=1.0)  # else prices without a reply merge
    found, again = (simulate(scenario, buyers, sellers=2, seed=5) for _ in range(2))
    assert len(found) == 2 * len(shipped)
    assert found.first_price == pytest.approx(np.repeat(shipped.first_price, 2))
    assert np.array_equal(np.isnan(found.prices[:, 0]), np.repeat(np.isnan(shipped.prices[:, 0]), 2))
    assert np.array_equal(found.prices, again.prices, equal_nan=True)
    assert not np.array_equal(found.prices, simulate(scenario, buyers, 2, seed=6).prices, equal_nan=True)


def test_a_formal_offer_of_the_standing_price_is_an_acceptance(tmp_path: Path) -> None:
    offers = "1,0,1,0,buyer,init,0.5\n1,2,2,9,seller,offer,0.5\n2,1,1,0,seller,offer,0.9\n2,2,2,0,buyer,offer,0.9\n"
    dropped = "1,1,1,3,seller,echo,0.5\n1,3,3,9,buyer,counter,9.5\n"
    found = _load(tmp_path, "1,car,.5,2,2,9,agreement,0.5\n2,car,.5,2,2,9,agreement,0.9\n", offers + dropped).bargains
    assert list(found.row) == [0]
    assert found.accepted_at_once.all()
    assert list(found.prices_named) == [1]


@pytest.mark.parametrize(
    ("negotiations", "offers", "sentence"),
    [
        ("1,car,x,2,2,9,reject,\n", "", r"negotiations\.csv, line 2, column 'buyer_target': 'x' is not a number\.$"),
        ("1,car,.5,2,2,9,agreement,\n", "", r"line 2, column 'sale_price': '' is not a number\.$"),
        ("1,car,.5,2,2,9,reject\n1,car,.5,2,2,9,reject\n", "", r"line 3, column 'negotiation': '1' occurs twice\.$"),
        (
            "1,car,.5,2,2,9,agreemnt,\n",
            "",
            r"column 'outcome': Unknown outcome 'agreemnt'\. Did you mean 'agreement'\?",
        ),
        ("1,car,.5,2,2,9,reject,\n", "1,0,1,0,buyer,init,nan\n", r"offers\.csv, line 2, column 'price': 'nan' is not"),
        ("1,car,.5,2,2,9,reject,\n", "1,.5,1,0,buyer,init,.5\n", r"column 'event': '\.5' is not a whole number\.$"),
        ("1,car,.5,2,2,9,reject,\n", "7,0,1,0,buyer,init,.5\n", r"'negotiation': '7' is not among the negotiations\.$"),
        (" ,car,.5,2,2,9,reject,\n", "", r"line 2, column 'negotiation': the id is missing\.$"),
        (
            "1,car,.5,2,2,9,reject,\n",
            "1.0,0,1,0,buyer,init,.5\n",
            r"'negotiation': '1\.0' is not among the negotiations",
        ),
        ("1,car,.5,2,2,9,reject,\n", "1,0,1,0,byer,init,.5\n", r"Unknown role 'byer'\. Did you mean 'buyer'\?"),
    ],
)
def test_an_unreadable_cell_is_named(tmp_path: Path, negotiations: str, offers: str, sentence: str) -> None:
    with pytest.raises(NegoenvError, match=sentence):
        _load(tmp_path, negotiations, offers)


def test_missing_file_and_missing_column_are_named(tmp_path: Path) -> None:
    with pytest.raises(NegoenvError, match=r"nowhere\.csv cannot be read: there is no such file\.$"):
        load_csv(tmp_path / "nowhere.csv", tmp_path / "offers.csv")
    (tmp_path / "n.csv").write_text(NEGOTIATIONS.replace(",outcome", ""))
    with pytest.raises(NegoenvError, match=r"n\.csv: column 'outcome' is missing; needed: negotiation, category"):
        load_csv(tmp_path / "n.csv", tmp_path / "offers.csv")


def test_a_byte_order_mark_is_no_part_of_the_header(tmp_path: Path) -> None:
    (tmp_path / "n.csv").write_text(f"\ufeff{NEGOTIATIONS}1,car,.5,2,2,9,reject,\n", encoding="utf-8")
    (tmp_path / "o.csv").write_text(f"\ufeff{OFFERS}1,0,1,0,buyer,init,0.5\n", encoding="utf-8")
    assert load_csv(tmp_path / "n.csv", tmp_path / "o.csv").bargains.first_price.tolist() == [0.5]


def test_ids_are_text(tmp_path: Path) -> None:
    """As numbers, ids of 19 digits would be rounded to each other."""
    ids = ["1633714289408531272", "1633714289408531273", "a-1", "007", "7"]
    data = _load(
        tmp_path,
        "".join(f"{name},car,.5,2,2,9,reject,\n" for name in ids),
        "".join(f"{name},0,1,0,buyer,init,0.{number + 3}\n" for number, name in enumerate(ids)),
    )
    assert data.ids.tolist() == ids
    assert data.bargains.first_price.tolist() == [0.3, 0.4, 0.5, 0.6, 0.7]


def test_amounts_of_money_are_refused_with_the_lines_that_hold_them(tmp_path: Path) -> None:
    fine = "1,car,.5,2,2,9,agreement,0.7\n2,car,.5,2,2,9,reject,\n"
    named = "1,0,1,0,buyer,init,0.5\n1,1,1,0,seller,echo,480\n1,2,1,0,buyer,counter,336\n2,0,1,0,seller,init,480\n"
    with pytest.raises(NegoenvError) as error:
        _load(tmp_path, fine, named)
    assert str(error.value) == (
        f"{tmp_path / 'offers.csv'}, column 'price': 2 of 3 prices lie outside 0.15 to 1.15 "
        "(line 4: 336, line 5: 480), and would be left out; prices must be fractions of the list price, "
        "not amounts of money."
    )
    with pytest.raises(NegoenvError, match=r"column 'sale_price': 1 of 1 prices .* \(line 2: 480\), and would be"):
        _load(tmp_path, "1,car,.5,2,2,9,agreement,480\n", "")
    money = "".join(f"{n},car,432,2,2,9,reject,\n" for n in range(7))
    with pytest.raises(NegoenvError, match=r"'buyer_target': 7 of 7 prices .* \(.*line 6: 432 and 2 more\), and would"):
        _load(tmp_path, money, "")


def test_misread_prices_are_left_out_and_counted(tmp_path: Path) -> None:
    offers = "".join(f"{n},0,1,0,buyer,init,{0.5 if n else 30}\n" for n in range(5))
    data = _load(tmp_path, "".join(f"{n},car,.5,2,2,9,reject,\n" for n in range(5)), offers)
    assert len(data.bargains) == 4
    where = f"{tmp_path / 'offers.csv'}, column 'price'"
    assert data.left_out == (f"{where}: 1 of 5 prices lie outside 0.15 to 1.15 (line 2: 30), and were left out.",)
    assert [sentence.split(": ")[1][:9] for sentence in load_shipped().left_out] == ["3 of 461 ", "7 of 1989"]


def _load(folder: Path, negotiations: str, offers: str) -> HumanData:
    (folder / "negotiations.csv").write_text(NEGOTIATIONS + negotiations)
    (folder / "offers.csv").write_text(OFFERS + offers)
    return load_csv(folder / "negotiations.csv", folder / "offers.csv")
