"""The board as it is seen: a real TensorBoard server on loopback, opened in headless Chromium.

Without a browser what is drawn is skipped; what is served is tested all the same.
"""

import html
import io
import re
import socket
import subprocess
import sys
from types import SimpleNamespace
from urllib.request import urlopen

import numpy as np
import pytest
from PIL import Image

from agents.learning.config import TrainConfig
from agents.learning.train import train
from agents.reporting.compare import compare_suite
from agents.reporting.directory import OVERVIEW, write_suite
from agents.reporting.server import advice, boards, newest
from agents.reporting.tags import FAILS, LEARNS, NEGOTIATES, QUESTIONS, START, TAGS, TEST, TRAIN, VALIDATION
from agents.reporting.tensorboard import HPARAMS, METRICS, event_logger, record_episodes
from agents.scripted import SCRIPTED
from negoenv import NegoenvError
from tests.board_server import fetch, serve
from tests.browser import FLAGS, PATIENCE, browser

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

EPISODES = 64
MAX_TAGS = 30
AWKWARD = "run[seed=1]*_`<i>$5"  # a name that means something to Markdown and to HTML
RETURN = TAGS["return"].path


@pytest.fixture(scope="module", autouse=True)
def blank_boards():
    """Boards are looked at here."""


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Train with two algorithms and compare them with scripted policies."""
    runs = tmp_path_factory.mktemp("runs")
    common = {"total_steps": 512, "num_envs": 16, "network": (16, 16), "eval_episodes": 16, "eval_every": 256,
              "test_episodes": EPISODES, "log_every": 128}  # fmt: skip
    on_policy = {"n_steps": 16, "batch_size": 64, "n_epochs": 2}
    off_policy = {"learning_starts": 64, "batch_size": 32}
    learned = [
        train(TrainConfig(algorithm=name, hyperparameters=hyperparameters, **common), runs / directory).directory
        for name, hyperparameters, directory in (("ppo", on_policy, AWKWARD), ("dqn", off_policy, "dqn-001"))
    ]
    policies = ["gradual", "random", *map(str, learned)]
    suite = compare_suite(policies, ["Procurement"], episodes=EPISODES, trace=True)
    write_suite(suite, ["Procurement"], runs / "compared")
    reports = {report.policy: report for report in suite.comparisons[0].reports}
    return SimpleNamespace(folder=runs, reports=reports, learned=[directory.name for directory in learned])


@pytest.fixture(scope="module")
def board(runs):
    """Serve the comparison as a user does."""
    with serve(runs.folder / "compared") as address:
        yield SimpleNamespace(address=address, url=address.partition("/?")[0], **vars(runs))


def run_of(policy):
    """Return the run of a policy: its sort and its name, without what no directory may be called."""
    name = {AWKWARD: "run-seed=1---i-5"}.get(policy, policy)
    return f"{'scripted' if policy in ('gradual', 'random') else 'trained'}-{name}"


@pytest.fixture(scope="module")
def loaded(board):
    """Wait until the server has read every run, each time for its next answer."""
    curves = {f"{run_of(policy)}/{TRAIN}" for policy in board.learned}
    for _ in range(100_000):
        if (
            set(map(run_of, board.reports)) <= set(fetch(board, "plugin/text/tags"))
            and OVERVIEW in fetch(board, "plugin/images/tags")
            and curves <= set(fetch(board, "plugin/scalars/tags"))
        ):
            return board
    pytest.fail(f"the server shows only {fetch(board, 'plugin/scalars/tags')}")


def test_runs_are_called_by_sort_and_policy(loaded):
    names = set(fetch(loaded, "runs"))
    curves = {f"{run_of(policy)}/{split}" for policy in loaded.learned for split in (TRAIN, VALIDATION)}
    assert names == {OVERVIEW, *map(run_of, loaded.reports), *curves}


def test_scripted_runs_begin_first_so_that_they_keep_their_colours(loaded):
    """TensorBoard lists runs by when they began, and gives out its colours in that order."""
    learned = sorted(map(run_of, loaded.learned))
    curves = [name for run in learned for name in (run, f"{run}/{TRAIN}", f"{run}/{VALIDATION}")]
    assert fetch(loaded, "runs") == ["scripted-gradual", "scripted-random", OVERVIEW, *curves]


def test_what_is_learned_has_another_colour_than_the_best_script():
    order = [*sorted(SCRIPTED), OVERVIEW, "trained", TRAIN, VALIDATION]
    colours = {name: number % 7 for number, name in enumerate(order)}  # TensorBoard has seven
    assert colours["gradual"] not in {colours[name] for name in order[-3:]}


def test_tags_are_few_grouped_and_explained(loaded):
    by_run = fetch(loaded, "plugin/scalars/tags")
    described = {tag: entry for tags in by_run.values() for tag, entry in tags.items()}
    assert len(described) <= MAX_TAGS
    known = {tag.path: tag for tag in TAGS.values()}
    assert set(described) <= set(known)
    assert not [tag for tag in described if tag.endswith(("low", "high"))]  # intervals are drawn, they are no tags
    for tag, entry in described.items():
        assert known[tag].meaning.removesuffix(".") in re.sub("<[^>]*>", "", entry["description"]).replace("&#39;", "'")
    assert {tag.partition("/")[0] for tag in described} >= {*QUESTIONS, LEARNS}
    assert set(fetch(loaded, "plugin/timeseries/tags")["scalars"]["tagDescriptions"]) == set(described)


def test_a_table_of_all_tags_would_fit_the_board():
    assert len(TAGS) <= MAX_TAGS  # whatever the algorithm


def test_results_are_flat_lines_beside_the_learning_curves(loaded):
    for policy, report in loaded.reports.items():
        points = fetch(loaded, "plugin/scalars/scalars", run=run_of(policy), tag=RETURN)
        assert [point[1] for point in points] == [0, 512]
        assert points[-1][2] == pytest.approx(report.episodes.returns.mean(), rel=1e-5)
    for policy in loaded.learned:  # one tag, so one chart
        assert len(fetch(loaded, "plugin/scalars/scalars", run=f"{run_of(policy)}/{TRAIN}", tag=RETURN)) >= 2


def test_train_validation_and_test_are_runs_of_one_tag(tmp_path, runs):
    logger = event_logger(tmp_path)
    for split in (TRAIN, VALIDATION, TEST):
        record_episodes(logger, split, runs.reports["gradual"].episodes)
    logger.dump(7)
    logger.close()
    written = {path.parent.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("events.*")}
    assert written == {".", TRAIN, VALIDATION}


def test_hparams_begin_with_the_learning_rate(loaded):
    experiment = fetch(loaded, "plugin/hparams/experiment", body={"experimentName": ""})
    columns = [info["name"] for info in experiment["hparamInfos"]]
    assert columns[0] == "learning_rate"
    assert set(columns) == set(HPARAMS)
    assert len(columns) <= 8
    assert {info["name"]["tag"] for info in experiment["metricInfos"]} == {TAGS[name].path for name in METRICS}
    query = {
        "experimentName": "",
        "colParams": [{"hparam": name} for name in columns]
        + [{"metric": info["name"]} for info in experiment["metricInfos"]],
        "allowedStatuses": ["STATUS_UNKNOWN", "STATUS_SUCCESS", "STATUS_FAILURE", "STATUS_RUNNING"],
        "startIndex": 0,
        "sliceSize": 100,
    }
    groups = fetch(loaded, "plugin/hparams/session_groups", body=query)["sessionGroups"]
    rows = {group["name"]: group for group in groups}
    assert set(rows) == set(map(run_of, loaded.reports))  # one each, though scripted ones have the same values
    for policy, report in loaded.reports.items():
        row = rows[run_of(policy)]
        values = {value["name"]["tag"]: value["value"] for value in row["metricValues"]}
        assert values[RETURN] == pytest.approx(report.episodes.returns.mean(), rel=1e-5)
        assert ("learning_rate" in row["hparams"]) == (policy in loaded.learned)
    assert {row["hparams"]["algorithm"] for row in rows.values()} == {"scripted", "ppo", "dqn"}


def test_figures_are_served_as_images(loaded):
    tags = fetch(loaded, "plugin/images/tags")
    assert {tag.partition("/")[0] for tag in tags[OVERVIEW]} == {START, *QUESTIONS} - {NEGOTIATES}
    best = run_of(next(iter(loaded.reports)))
    assert set(tags) == {OVERVIEW, best, *map(run_of, loaded.learned)}  # few, and of those that one looks for
    for run, entries in tags.items():
        for tag, entry in entries.items():
            assert entry["description"]
            (image,) = fetch(loaded, "plugin/images/images", run=run, tag=tag, sample=0)
            with urlopen(f"{loaded.url}/data/plugin/images/individualImage?{image['query']}") as answer:
                pixels = np.asarray(Image.open(io.BytesIO(answer.read())).convert("L"))
            assert min(pixels.shape) > 100
            assert pixels.std() > 5  # not a blank sheet


def test_transcripts_and_the_guide_are_served_as_text(loaded):
    start = "".join(
        part["text"]
        for tag in (f"{START}/guide", f"{START}/results")
        for part in fetch(loaded, "plugin/text/text", run=OVERVIEW, tag=tag)
    )
    assert all(policy in html.unescape(start) for policy in loaded.reports)
    assert "<i>" not in start
    for policy in loaded.reports:
        for tag in (
            f"{NEGOTIATES}/best negotiation",
            f"{NEGOTIATES}/typical negotiation",
            f"{FAILS}/worst negotiation",
        ):
            (text,) = fetch(loaded, "plugin/text/text", run=run_of(policy), tag=tag)
            assert "Round 1." in text["text"]
            assert "<strong>" in text["text"]


def test_one_scenario_a_board(runs, tmp_path):
    assert newest(runs.folder) == runs.folder / "compared"
    found = boards(runs.folder)
    assert {path.name for path in found} == {"compared", *runs.learned}
    assert all(names == ["Procurement"] for names in found.values())
    assert "One scenario alone" not in advice(runs.folder / "compared")
    suite = compare_suite(["random"], ["Procurement", "Ladder"], episodes=8, trace=True)
    write_suite(suite, ["Procurement", "Ladder"], tmp_path / "both")
    said = advice(tmp_path / "both")
    for name in ("Procurement", "Ladder"):
        assert f"board {tmp_path / 'both' / name}" in said
        assert any((tmp_path / "both" / name / OVERVIEW).glob("events.*"))
    with pytest.raises(NegoenvError, match="neither a comparison nor a training run"):
        newest(tmp_path / "both" / "Ladder" / OVERVIEW)


def test_a_port_in_use_is_a_sentence(runs):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "negoenv", "board", str(runs.folder), "--port", str(port)]
        done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == f"Port {port} is in use; name another with --port, or 0 for any free one."


@pytest.fixture(scope="module")
def page(loaded, tmp_path_factory):
    """Open the board in a browser of its own, with an empty profile."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = browser()
    with playwright.sync_playwright() as driver:
        context = driver.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"), executable_path=path, headless=True, args=list(FLAGS),
            viewport={"width": 1440, "height": 1000}, timeout=PATIENCE,
        )  # fmt: skip
        context.set_default_timeout(PATIENCE)
        yield context.pages[0]
        context.close()


def test_the_guide_is_on_the_tab_that_opens_first(loaded, page):
    page.goto(loaded.address.partition("#")[0])
    page.locator(f"text={START}/Guide").first.wait_for()
    assert page.url.endswith("#timeseries")
    assert "smoothing=0" in page.url
    place = page.locator("image-card img").first
    assert place.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    place.wait_for(state="visible")


@pytest.mark.parametrize(
    ("tab", "contents"),
    [
        ("timeseries", [f"text={START}/Mean return", "line-chart"]),
        ("scalars", ["vz-line-chart2 path.line"]),
        ("images", ["text=Difference to the best policy", "tf-image-loader img"]),
        ("text", ["text=you want to know", "text=Round 1."]),
        ("hparams", ["text=learning rate", "text=trained-dqn-001"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_tab_draws(loaded, page, tab, contents, tmp_path):
    page.goto(f"{loaded.url}/#{tab}")
    page.reload()  # a change of the fragment alone loads nothing
    for content in contents:
        place = page.locator(content).first
        place.wait_for(state="attached" if "path" in content else "visible")
        if content.endswith("path.line"):
            assert len(place.get_attribute("d")) > 20
        if content.endswith("img"):
            assert place.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    picture = tmp_path / f"{tab}.png"  # for whoever wants to look: pytest keeps the last three
    page.screenshot(path=picture, timeout=PATIENCE)
    assert np.asarray(Image.open(picture).convert("L")).std() > 5
