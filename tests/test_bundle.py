"""Policies that are handed on: what they say, that they play the same, and that nothing runs whoever made them."""

import hashlib
import json
import pickle
import random
import warnings
import zipfile
from contextlib import suppress

import numpy as np
import pytest

from agents.learning.bundle import ZIP, read_bundle
from agents.learning.exporting import bundled, write_bundle
from agents.learning.storage import SPEC_FILE, WEIGHTS_FILE, read_policy, save_policy
from agents.learning.train import train
from agents.registry import load_policy
from agents.reporting.report import report_on
from negoenv import NegoenvError
from negoenv.make import make_batch
from tests.hostile import VALUES, WEIGHTS, WritesAFile, places_in
from tests.test_training_progress import SMALL


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return train(SMALL, tmp_path_factory.mktemp("runs") / "mine")


@pytest.fixture
def marker(tmp_path):
    """A place where a file appears if something runs."""
    path = tmp_path / "it_ran"
    yield path
    assert not path.exists()


@pytest.fixture
def policy(run):
    return bundled(read_policy(run.directory), "ours", 64, {"torch": "2.13", "platform": "left out"})


@pytest.fixture(params=["directory", "zip"])
def bundle(request, policy, tmp_path):
    path = tmp_path / f"bundle{ZIP if request.param == 'zip' else ''}"
    write_bundle(policy, path, onnx=False)
    return path


def changed(bundle, **files):
    """Write a bundle with other contents of some files, None for none, as a zip is and as a directory is."""
    if bundle.is_dir():
        for name, content in files.items():
            bundle.joinpath(name).unlink(missing_ok=True)
            if content is not None:
                bundle.joinpath(name).write_bytes(content)
        return
    with zipfile.ZipFile(bundle) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(bundle, "w") as archive:
        for name, content in (contents | files).items():
            if content is not None:
                archive.writestr(name, content)


def spec_of(bundle):
    if bundle.is_dir():
        return json.loads((bundle / SPEC_FILE).read_text())
    with zipfile.ZipFile(bundle) as archive:
        return json.loads(archive.read(SPEC_FILE))


def respecified(bundle, change):
    spec = spec_of(bundle)
    change(spec)
    changed(bundle, **{SPEC_FILE: json.dumps(spec).encode()})


# What is handed on


def test_a_bundle_says_what_it_is_and_plays_the_same(bundle, run):
    spec = spec_of(bundle)
    assert spec["game"]["columns"]
    assert "HOLD" in spec["game"]["moves"]
    assert spec["game"]["settings"]["deadline"] == make_batch(1, "Procurement").scenario.deadline
    said = spec["bundle"]
    assert said["versions"] == {"torch": "2.13"}
    (score,) = said["scores"]
    assert (score["scenario"], score["split"], score["episodes"], score["seed"]) == ("Procurement", "test", 64, 10**6)
    loaded = load_policy(bundle)
    assert (loaded.name, loaded.steps) == ("ours", 512)
    ours, theirs = (report_on(policy, "Procurement", episodes=64) for policy in (loaded, read_policy(run.directory)))
    np.testing.assert_array_equal(ours.episodes.returns, theirs.episodes.returns)
    assert score["metrics"]["return"]["mean"] == pytest.approx(ours.episodes.returns.mean())


def test_the_same_policy_is_the_same_zip(policy, tmp_path):
    for name in ("one.zip", "other.zip"):
        write_bundle(policy, tmp_path / name, onnx=False)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "other.zip").read_bytes()


@pytest.mark.slow
def test_commands_take_a_bundle(command, run, tmp_path):
    for out in (tmp_path / "shared", tmp_path / "shared.zip"):
        status, told, err = command("export", run.directory, "--out", out, "--episodes", 32, "--no-onnx")
        assert (status, err) == (0, "")
        assert told.splitlines()[0] == f"Policy: {out}"
        status, told, err = command("evaluate", out, "--episodes", 16, "--no-progress")
        assert (status, err) == (0, "")
        assert "mine on Procurement" in told
        status, _, err = command("export", run.directory, "--out", out, "--no-onnx")
        assert status == 2
        assert "exists already" in err
        status, told, _ = command("compare", out, "random", "--episodes", 16, "--no-progress")
        assert status == 0
        assert "mine" in told
        status, told, _ = command("play", "--watch", out, "--seed", 1, "--save", tmp_path / f"{out.name}.json")
        assert status == 0
        assert json.loads((tmp_path / f"{out.name}.json").read_text())["player"] == "mine"
    planner = load_policy(f"uninformed:{tmp_path / 'shared.zip'}")
    assert report_on(planner, "Procurement", episodes=2).episodes.returns.shape == (2,)
    spec = json.loads((tmp_path / "shared" / SPEC_FILE).read_text())
    assert spec["bundle"]["versions"].keys() >= {"torch", "negoenv", "python"}
    status, _, err = command("export", run.directory, "--name", "../up", "--out", tmp_path / "y", "--no-onnx")
    assert status == 2
    assert "is no name of a policy" in err
    assert not (tmp_path / "y").exists()


# What others make


@pytest.mark.parametrize("what", WEIGHTS)
@pytest.mark.parametrize("hashed", [True, False])
def test_hostile_weights_are_refused_and_nothing_runs(what, hashed, bundle, marker):
    content = WEIGHTS[what](marker)
    changed(bundle, **{WEIGHTS_FILE: content})
    told = "does not have the hash"
    if hashed:
        respecified(bundle, lambda spec: spec["bundle"].update(weights_sha256=hashlib.sha256(content).hexdigest()))
        told = "is not a readable safetensors file"
    with pytest.raises(NegoenvError, match=told) as error:
        load_policy(bundle)
    assert "\n" not in str(error.value)


def test_one_changed_weight_is_noticed(bundle, run):
    content = bytearray((run.directory / WEIGHTS_FILE).read_bytes())
    content[-1] ^= 1
    changed(bundle, **{WEIGHTS_FILE: bytes(content)})
    with pytest.raises(NegoenvError, match=r"does not have the hash that policy\.json tells"):
        load_policy(bundle)


SPECS = {
    "renamed moves": (lambda spec: spec["game"]["moves"].reverse(), "plays other moves"),
    "renamed columns": (lambda spec: spec["game"]["columns"].reverse(), "observes other columns"),
    "another network": (lambda spec: spec.update(network=[10**9]), "holds the tensors"),
    "a name that climbs": (lambda spec: spec["bundle"].update(name="../../up"), "is no name"),
    "a name with an escape": (lambda spec: spec["bundle"].update(name="\x1b]0;x"), "is no name"),
    "an unknown key": (lambda spec: spec.update(run="rm"), "unknown key"),
    "an unknown activation": (lambda spec: spec.update(activation="os.system"), "activation"),
    "a normalisation": (lambda spec: spec["bundle"].update(normalisation="mean"), "normalisation"),
    "no hash": (lambda spec: spec["bundle"].update(weights_sha256=""), "weights_sha256"),
    "another format": (lambda spec: spec.update(format=99), "has format 99"),
}  # fmt: skip


@pytest.mark.parametrize("what", SPECS)
def test_what_a_bundle_says_is_checked(what, bundle):
    change, told = SPECS[what]
    respecified(bundle, change)
    with pytest.raises(NegoenvError, match=told):
        report_on(load_policy(bundle), "Procurement", episodes=2)


NAMES = ["../it_ran", "/tmp/negoenv_it_ran", "policy.json/../../it_ran", "a/policy.json", "policy.py", "..", "data.pkl"]


@pytest.mark.parametrize("name", NAMES)
def test_a_zip_holds_nothing_but_a_policy(name, policy, tmp_path, marker):
    write_bundle(policy, tmp_path / "x.zip", onnx=False)
    changed(tmp_path / "x.zip", **{name: pickle.dumps(WritesAFile(marker))})
    before = sorted(tmp_path.iterdir())
    with pytest.raises(NegoenvError, match=r"x\.zip holds .*; a policy is made of policy\.json"):
        load_policy(tmp_path / "x.zip")
    assert sorted(tmp_path.iterdir()) == before


def test_a_link_in_a_zip_is_text(policy, tmp_path):
    (tmp_path / "secret").write_text('{"format": 2}')
    write_bundle(policy, tmp_path / "x.zip", onnx=False)
    entry = zipfile.ZipInfo(SPEC_FILE)
    entry.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "y.zip", "w") as archive:
        archive.writestr(entry, str(tmp_path / "secret"))
        archive.writestr(WEIGHTS_FILE, b"")
    with pytest.raises(NegoenvError, match="not valid JSON"):
        load_policy(tmp_path / "y.zip")


def test_a_file_twice_in_a_zip_is_refused(policy, tmp_path):
    write_bundle(policy, tmp_path / "x.zip", onnx=False)
    with warnings.catch_warnings(), zipfile.ZipFile(tmp_path / "x.zip", "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr(SPEC_FILE, b"{}")
    with pytest.raises(NegoenvError, match="holds a file twice"):
        load_policy(tmp_path / "x.zip")


def test_a_zip_bomb_is_refused_without_being_unpacked(policy, tmp_path):
    write_bundle(policy, tmp_path / "x.zip", onnx=False)
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(SPEC_FILE, b" " * 100_000_000)
    assert (tmp_path / "x.zip").stat().st_size < 200_000
    with pytest.raises(NegoenvError, match=r"holds policy\.json of more than 4,000,000 bytes"):
        load_policy(tmp_path / "x.zip")


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_zip_is_told_in_a_sentence_or_does_no_harm(seed, policy, tmp_path):
    path = tmp_path / "x.zip"
    write_bundle(policy, path, onnx=False)
    draw = np.random.default_rng(seed)
    content = bytearray(path.read_bytes())
    if seed % 2:
        content = content[: draw.integers(len(content))]
    else:
        for place in draw.integers(len(content), size=3):
            content[place] = draw.integers(256)
    path.write_bytes(content)
    with suppress(NegoenvError):
        assert report_on(read_bundle(path), "Procurement", episodes=2).policy == "ours"


def test_a_zip_without_a_hash_is_refused(run, tmp_path):
    save_policy(read_policy(run.directory), tmp_path / "plain")
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for name in (SPEC_FILE, WEIGHTS_FILE):
            archive.write(tmp_path / "plain" / name, name)
    with pytest.raises(NegoenvError, match="lacks the key 'bundle'"):
        load_policy(tmp_path / "x.zip")


@pytest.mark.slow
def test_changes_of_what_a_bundle_says_are_refused_in_a_sentence_or_do_no_harm(policy, tmp_path):
    write_bundle(policy, tmp_path, onnx=False)
    spec = spec_of(tmp_path)
    text = json.dumps(spec)
    everywhere = list(places_in(spec))
    near = [place for place in everywhere if len(place) <= 2]
    draw = random.Random(0)
    refused = 0
    for _ in range(300):
        spec = changed_part = json.loads(text)
        *outer, last = draw.choice(near if draw.random() < 0.7 else everywhere)
        for key in outer:
            changed_part = changed_part[key]
        changed_part[last] = draw.choice(VALUES)
        (tmp_path / SPEC_FILE).write_text(json.dumps(spec))
        try:
            report = report_on(load_policy(tmp_path), "Procurement", episodes=2)
        except NegoenvError:
            refused += 1
        else:
            json.dumps(report.as_dict())
    assert 100 < refused < 300
