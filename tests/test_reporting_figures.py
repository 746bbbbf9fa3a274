"""Figures of a comparison: what is drawn, in both themes, from real episodes."""

import io
import re
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.text import Text
from PIL import Image

from agents.registry import load_policy
from agents.reporting.compare import Comparison, Suite, compare_suite
from agents.reporting.figures.drawing import draw_endings, draw_fan
from agents.reporting.figures.heatmaps import choice_edges, draw_choice, draw_moves
from agents.reporting.figures.pictures import guide, of_comparison, of_report, of_suite, of_training, save_pictures
from agents.reporting.figures.theme import (
    DARK,
    LIGHT,
    THEMES,
    drawing,
    mixed,
    pixels,
    png,
    policy_styles,
    sheet,
    short,
    svg,
)
from agents.reporting.html_page import drawings
from agents.reporting.report import report_on
from agents.reporting.tables import comparison_summary
from agents.reporting.tags import QUESTIONS
from agents.reporting.tensorboard import CARD_DPI, PLACES
from agents.scripted import FOR_CONTRACTS, SCRIPTED
from negoenv.benchmark.evaluation import OUTCOMES, Interval

pytestmark = pytest.mark.slow

SCENARIOS = ["Procurement", "Ladder"]
CURVES = {
    "train": [(step, Interval(0.1, 0.0, 0.2)) for step in (0, 100_000)],
    "validation": [(step, Interval(0.2, 0.1, 0.3)) for step in (0, 100_000)],
    "test": [(100_000, Interval(0.2, 0.1, 0.3))],
}
CARD = (400, 210)  # pixels that a picture has on a card of TensorBoard's first tab, looked at in Chromium
LEGIBLE = 9  # pixels of the smallest letters there
AWKWARD = ("_hidden", "cost$5_$10", "run[seed=1]", "a\\b^2")


@pytest.fixture(scope="module")
def suite():
    return compare_suite(["random"], SCENARIOS, episodes=100, trace=True)


@pytest.fixture(scope="module")
def negotiations():
    return compare_suite(["gradual", "forcing", "random"], ["Procurement"], episodes=100, trace=True)


@pytest.fixture
def episodes(negotiations):
    return negotiations.comparisons[0].best.episodes


@pytest.fixture
def axes():
    with drawing(LIGHT):
        yield sheet(4, 3).subplots()


def contrast(one, other):
    """Return the contrast ratio of two colours (WCAG 2)."""

    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return float(np.dot((0.2126, 0.7152, 0.0722), linear))

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_colours_can_be_read_on_their_paper(theme):
    for colour, least in ((theme.ink, 7), (theme.pale, 4.5), (theme.buyer, 3), (theme.supplier, 3)):
        assert contrast(colour, theme.paper) >= least
    assert contrast(theme.text_on("#ffffff"), "#ffffff") > 7
    assert contrast(theme.text_on("#000000"), "#000000") > 7
    assert mixed("#000000", 0.0, "#ffffff") == (1.0, 1.0, 1.0)
    assert len(set(theme.outcomes.values())) == len(OUTCOMES) == len(theme.outcomes)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_figure_is_drawn_in_both_themes(suite, negotiations, theme):
    pictures = of_suite(suite)
    for comparison in (*suite.comparisons, *negotiations.comparisons):
        pictures += [*of_comparison(comparison), *of_report(comparison.best)]
    assert {picture.question for picture in pictures} == set(QUESTIONS)
    pictures += [of_training("ppo", CURVES), guide("11 policies", ["gradual is best."], {"How sure?": "group 1"})]
    for picture in pictures:
        with drawing(theme):
            figure = picture.draw(theme)
            image = np.asarray(Image.open(io.BytesIO(png(figure))).convert("RGB"))
        paper = [int(theme.paper[i : i + 2], 16) for i in (1, 3, 5)]
        assert (image[0, 0] == paper).all()
        drawn = (image != paper).any(axis=2)
        assert 0.01 < drawn.mean() < 0.95, picture.name
        assert not drawn[0].any(), f"{picture.name} is cut off above"
        assert not drawn[:, -1].any(), f"{picture.name} is cut off at the right"
        assert picture.caption.endswith(".")


@pytest.mark.parametrize("game", ["Contract", "Partnership", "Sourcing"])
def test_the_board_of_a_run_is_drawn_for_other_games_too(game):
    """Trainings of the tests leave it blank; negotiations and the ladder are drawn above."""
    report = report_on(load_policy("random"), game, episodes=60, trace=True)
    for picture in of_report(report):
        with drawing(LIGHT):
            image = pixels(picture.draw(LIGHT), CARD_DPI)
        assert 0.01 < (image != image[0, 0]).any(axis=2).mean() < 0.95, picture.name


@pytest.fixture(scope="module")
def renamed(negotiations):
    """The same negotiations by policies whose names mean something to Matplotlib, to Markdown and to TensorBoard."""
    reports = negotiations.comparisons[0].reports
    again = [replace(reports[i % len(reports)], policy=name) for i, name in enumerate(AWKWARD)]
    return Suite((Comparison(tuple(again)),))


def texts_of(figure):
    """Return what is to be read in a figure."""
    return [text for text in figure.findobj(Text) if text.get_visible() and text.get_text()]


def test_figures_on_the_board_can_be_read_on_a_card():
    played = [name for name in SCRIPTED if name not in FOR_CONTRACTS]
    policies = [*played, "trained_with_a_name_that_is_far_too_long-001"]
    scripted = compare_suite(played, ["Procurement"], episodes=40, trace=True)
    best = scripted.comparisons[0].best
    comparison = Comparison((*scripted.comparisons[0].reports, replace(best, policy=policies[-1])))
    pictures = [*of_comparison(comparison), *of_report(best), *of_suite(Suite((comparison,)))]
    pictures += [of_training(policies[-1], CURVES), guide("11 policies", [comparison_summary(comparison)], PLACES)]
    for picture in pictures:
        if picture.small:
            with drawing(LIGHT):
                figure = picture.draw(LIGHT)
                scale = min(room / inches for room, inches in zip(CARD, figure.get_size_inches(), strict=True)) / 72
                smallest = min(text.get_fontsize() for text in texts_of(figure)) * scale
                image = np.asarray(Image.open(io.BytesIO(png(figure))).convert("RGB"))
            assert smallest >= LEGIBLE, picture.name
            edges = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
            assert (edges == image[0, 0]).all(), f"{picture.name} is cut off"


def test_names_are_shown_as_they_are(renamed, axes):
    comparison = renamed.comparisons[0]
    for picture in (*of_comparison(comparison), *of_suite(renamed)):
        with drawing(LIGHT):
            figure = picture.draw(LIGHT)
            png(figure)
        shown = {text.get_text() for text in texts_of(figure)}
        assert set(AWKWARD) <= shown, picture.name
        assert not any(text.get_parse_math() for text in texts_of(figure)), picture.name


def test_a_policy_keeps_its_colour_in_every_comparison():
    trained = [f"ppo-{number:03d}" for number in range(8)]  # more than there are colours
    together = policy_styles([*SCRIPTED, *trained], LIGHT)
    for name in ("gradual", *trained):
        assert policy_styles([name], LIGHT)[name][0] == together[name][0]
    assert len(set(together.values())) == len(together)
    assert {"--", ":"} == {together[name][1] for name in SCRIPTED}
    assert not {"--", ":"} & {together[name][1] for name in trained}


def test_what_users_see_says_which_way_is_good(negotiations):
    comparison = negotiations.comparisons[0]
    for picture in (*of_comparison(comparison), *of_report(comparison.best)):
        with drawing(LIGHT):
            said = " ".join(text.get_text() for text in texts_of(picture.draw(LIGHT)))
        if "moves" not in picture.name and "tactics" not in picture.name:
            assert re.search("higher is|lower is|are good", said), picture.name


def test_the_same_figure_is_the_same_file(negotiations):
    picture = of_comparison(negotiations.comparisons[0])[0]
    for write in (png, svg):
        files = []
        for _ in range(2):
            with drawing(DARK):
                files.append(write(picture.draw(DARK)))
        assert files[0] == files[1]


def test_a_fan_is_made_of_quantiles(episodes, axes):
    draw_fan(axes, episodes, LIGHT)
    ask = axes.lines[0]
    trace = episodes.trace
    rounds = ask.get_xdata()
    assert list(rounds) == list(range(1, len(rounds) + 1))
    for drawn, asked in zip(ask.get_ydata(), trace.columns["ask"], strict=False):
        assert drawn == pytest.approx(np.nanmedian(asked))
    assert axes.lines[1].get_xdata()[0] == 2  # there is no offer before the first move


def test_endings_add_up_to_the_outcomes(episodes, axes):
    draw_endings(axes, episodes, LIGHT)
    last = [layer.get_paths()[0].vertices for layer in axes.collections]
    assert len(last) == len(OUTCOMES)
    assert last[-1][:, 1].max() == pytest.approx(1.0)


def test_a_heat_map_of_moves_shows_shares(episodes, axes):
    image = draw_moves(axes, episodes, LIGHT, by_group=True)
    np.testing.assert_allclose(np.asarray(image.get_array()).sum(axis=0), 1.0)


def test_a_map_of_choices_covers_what_was_played(negotiations, axes):
    all_episodes = [report.episodes for report in negotiations.comparisons[0].reports]
    edges = choice_edges(all_episodes)
    assert all((np.diff(edge) > 0.0).all() for edge in edges)
    draw_choice(axes, all_episodes[0], LIGHT, edges)
    assert axes.patches
    assert len(axes.patches) == len(axes.texts)


def test_a_long_name_leaves_room_for_what_is_drawn():
    assert short("gradual") == "gradual"
    assert short("a" * 50 + "b" * 50) == "a" * 10 + "…" + "b" * 10


def test_processes_draw_the_same_files(negotiations, tmp_path):
    pictures = [(one.file, one.picture) for one in drawings(negotiations)[2:4]]
    for processes in (1, 2):
        save_pictures(pictures, tmp_path / str(processes), processes=processes)
    alone, together = ({p.name: p.read_bytes() for p in (tmp_path / n).iterdir()} for n in ("1", "2"))
    assert len(alone) == 8
    assert alone == together
