"""The board as it is seen: a real TensorBoard server on loopback, opened in headless Chromium.

Chromium is looked for, not fetched, on a user's machine. Where ``CI`` or ``NEGOENV_INSTALL_BROWSER`` is set it is
installed with apt, by root; ``make board`` sets the latter. Without a browser what is drawn is skipped; what is served
is tested all the same.
"""

import io
import json
import os
import re
import shutil
import subprocess
import sys
from types import SimpleNamespace
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import numpy as np
import pytest
from PIL import Image

from agents.learning.config import TrainConfig
from agents.learning.train import train
from agents.reporting.directory import OVERVIEW, write_suite
from agents.reporting.figures.catalogue import QUESTIONS
from agents.reporting.suite import compare_suite
from agents.reporting.tensorboard import HPARAMS, METRICS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PATIENCE = 300_000  # milliseconds; a browser on a busy machine takes long
EPISODES = 64
COMPARED = "compared"


def browser():
    """Return the path of a Chromium, installing one where that was asked for, or skip."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None and (os.environ.get("CI") or os.environ.get("NEGOENV_INSTALL_BROWSER")):
        if shutil.which("apt-get") is None or os.geteuid() != 0:
            pytest.skip("Chromium is missing and cannot be installed: that takes apt-get and root")
        for command in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", *command], check=True, capture_output=True)
        path = shutil.which("chromium")
    return path or pytest.skip("Chromium is not installed; `make board` installs it with apt")


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    """Serve two training runs of different algorithms and their comparison with scripted policies."""
    runs = tmp_path_factory.mktemp("runs")
    common = {"total_steps": 512, "num_envs": 16, "network": (16, 16), "eval_episodes": 16, "eval_every": 256,
              "test_episodes": EPISODES, "log_every": 128}  # fmt: skip
    on_policy = {"n_steps": 16, "batch_size": 64, "n_epochs": 2}
    off_policy = {"learning_starts": 64, "batch_size": 32}
    learnt = [
        train(TrainConfig(algorithm=name, hyperparameters=hyperparameters, **common), runs=runs).directory
        for name, hyperparameters in (("ppo", on_policy), ("dqn", off_policy))
    ]
    policies = ["gradual", "random", *map(str, learnt)]
    suite = compare_suite(policies, ["Procurement"], episodes=EPISODES, trace=True)
    write_suite(suite, ["Procurement"], runs / COMPARED)
    command = [sys.executable, "-m", "tensorboard.main", "--logdir", str(runs), "--host", "127.0.0.1", "--port", "0",
               "--load_fast", "false"]  # fmt: skip
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as server:
        try:
            said = []
            for line in server.stderr:  # ends when the server does
                said.append(line)
                if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                    break
            else:
                pytest.fail(f"TensorBoard did not start: {''.join(said)}")
            ranked = [
                f"{COMPARED}/{rank:02d}_{report.policy}"
                for rank, report in enumerate(suite.comparisons[0].reports, start=1)
            ]
            yield SimpleNamespace(
                url=found[0], suite=suite, ranked=ranked, learnt=[directory.name for directory in learnt]
            )
        finally:
            server.terminate()


def fetch(board, route, body=None, **query):
    """Return what the server answers, parsed if it is JSON."""
    url = f"{board.url}/data/{route}" + (f"?{urlencode(query)}" if query else "")
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(url, data, {"Content-Type": "application/json"}), timeout=PATIENCE / 1000) as answer:
        content = answer.read()
    return json.loads(content) if answer.headers.get_content_type() == "application/json" else content


@pytest.fixture(scope="module")
def loaded(board):
    """Wait until the server has read every run, each time for its next answer."""
    overview = f"{COMPARED}/{OVERVIEW}"
    while not (
        set(board.ranked) <= set(fetch(board, "plugin/text/tags"))
        and set(board.learnt) <= set(fetch(board, "plugin/text/tags"))
        and overview in fetch(board, "plugin/images/tags")
    ):
        pass
    return board


def test_runs_sort_by_rank_the_best_first(loaded):
    runs = [run for run in sorted(fetch(loaded, "runs")) if run.startswith(COMPARED)]
    assert runs == [f"{COMPARED}/{OVERVIEW}", *loaded.ranked]


def test_scalars_are_served(loaded):
    tags = fetch(loaded, "plugin/scalars/tags")
    for run, report in zip(loaded.ranked, loaded.suite.comparisons[0].reports, strict=True):
        points = fetch(loaded, "plugin/scalars/scalars", run=run, tag="heldout/return")
        assert [point[1] for point in points] == [0, 512]  # a flat line as long as the learning curves
        assert points[-1][2] == pytest.approx(report.episodes.returns.mean(), rel=1e-5)
        assert set(tags[loaded.learnt[0]]) & set(tags[run]) >= {"heldout/return", "heldout/breakdown_rate"}
    curve = fetch(loaded, "plugin/scalars/scalars", run=loaded.learnt[0], tag="validation/return")
    assert len(curve) >= 3


def test_custom_scalars_ask_for_tags_that_there_are(loaded):
    layout = fetch(loaded, "plugin/custom_scalars/layout")
    titles = [category["title"] for category in layout["category"]]
    assert titles == [f"{number}. {question}" for number, question in enumerate(QUESTIONS.values(), start=1)]
    tags = set(fetch(loaded, "plugin/scalars/tags")[loaded.ranked[0]])
    for category in layout["category"]:
        for chart in category["chart"]:
            series = chart.get("margin", {}).get("series", [])
            asked = [tag for one in series for tag in one.values()]
            assert set(asked) <= tags, chart["title"]
            for pattern in chart.get("multiline", {}).get("tag", []):
                assert any(re.fullmatch(pattern, tag) for tag in tags), pattern
            assert asked or chart["multiline"]["tag"]


def test_hparams_hide_no_column_of_any_algorithm(loaded):
    experiment = fetch(loaded, "plugin/hparams/experiment", body={"experimentName": ""})
    assert {info["name"] for info in experiment["hparamInfos"]} == set(HPARAMS)
    assert {info["name"]["tag"] for info in experiment["metricInfos"]} == {f"heldout/{tag}" for tag in METRICS}
    columns = {
        "colParams": [{"metric": info["name"]} for info in experiment["metricInfos"]]
        + [{"hparam": info["name"]} for info in experiment["hparamInfos"]],
        "allowedStatuses": ["STATUS_UNKNOWN", "STATUS_SUCCESS", "STATUS_FAILURE", "STATUS_RUNNING"],
        "startIndex": 0,
        "sliceSize": 100,
    }
    groups = fetch(loaded, "plugin/hparams/session_groups", body={"experimentName": "", **columns})["sessionGroups"]
    rows = {group["hparams"]["Policy"] + group["sessions"][0]["name"]: group["hparams"] for group in groups}
    assert len(groups) == len(loaded.ranked) + len(loaded.learnt)
    assert {row["Algorithm"] for row in rows.values()} == {"none", "ppo", "dqn"}
    for row in rows.values():
        assert set(row) == set(HPARAMS)
        assert (row["clip_range"] > 0.0) == (row["Algorithm"] == "ppo")
        assert (row["buffer_size"] > 0.0) == (row["Algorithm"] == "dqn")


def test_figures_are_served_as_images(loaded):
    tags = fetch(loaded, "plugin/images/tags")
    names = {tag.split("/")[0] for tag in tags[f"{COMPARED}/{OVERVIEW}"]}
    assert names == set(QUESTIONS)
    for run in (f"{COMPARED}/{OVERVIEW}", loaded.ranked[0], loaded.learnt[0]):
        for tag in tags[run]:
            (entry,) = fetch(loaded, "plugin/images/images", run=run, tag=tag, sample=0)
            with urlopen(f"{loaded.url}/data/plugin/images/individualImage?{entry['query']}") as answer:
                image = np.asarray(Image.open(io.BytesIO(answer.read())).convert("L"))
            assert min(image.shape) > 100
            assert image.std() > 5  # not a blank sheet


def test_transcripts_and_the_guide_are_served_as_text(loaded):
    tags = fetch(loaded, "plugin/text/tags")
    start = [tag for tag in tags[f"{COMPARED}/{OVERVIEW}"] if tag.startswith("0_start_here")]
    guide = "".join(
        part["text"]
        for tag in start
        for part in fetch(loaded, "plugin/text/text", run=f"{COMPARED}/{OVERVIEW}", tag=tag)
    )
    assert all(question in guide for question in QUESTIONS.values())
    assert all(report.policy in guide for report in loaded.suite.comparisons[0].reports)
    for run in (loaded.ranked[0], loaded.learnt[0]):
        for name in ("2_how_it_negotiates/best", "2_how_it_negotiates/typical", "3_where_it_fails/worst"):
            (tag,) = (tag for tag in tags[run] if tag.startswith(name))
            (text,) = fetch(loaded, "plugin/text/text", run=run, tag=tag)
            assert "Round 1." in text["text"]
            assert "<strong>" in text["text"]


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


@pytest.mark.parametrize(
    ("tab", "contents"),
    [
        ("timeseries", ["text=1_which_is_better/Procurement_returns", "text=3_where_it_fails"]),
        ("scalars", ["vz-line-chart2 path.line"]),
        (
            "custom_scalars",
            ["text=1. Which policy is better, and how sure is that?", "tf-custom-scalar-margin-chart-card path.area"],
        ),
        ("images", ["text=1_which_is_better/Procurement_returns", "tf-image-loader img"]),
        ("text", ["text=you want to know", "text=Round 1."]),
        ("hparams", ["text=heldout/return", "text=procurement_dqn_seed=0-001"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_tab_draws(loaded, page, tab, contents, tmp_path):
    page.goto(f"{loaded.url}/#{tab}")
    page.reload()  # a change of the fragment alone loads nothing
    for content in contents:
        place = page.locator(content).first
        place.wait_for(state="attached" if "path" in content else "visible")
        if content.endswith(("path.line", "path.area")):
            assert len(place.get_attribute("d")) > 20
        if content.endswith("img"):
            assert place.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    picture = tmp_path / f"{tab}.png"  # for whoever wants to look: pytest keeps the last three
    page.screenshot(path=picture, timeout=PATIENCE)
    assert np.asarray(Image.open(picture).convert("L")).std() > 5
