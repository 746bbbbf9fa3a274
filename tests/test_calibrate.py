"""Fitted sellers against the data, the machinery that fits, checks and resamples them, and the script around it."""

import json
import math
from pathlib import Path

import gymnasium as gym
import numpy as np
import pytest

from agents.studies.calibration.fits import spreads_of, write_population
from agents.studies.calibration.refit import RefitEffort, refit
from negoenv import NegoenvError
from negoenv.human import MOMENTS, Buyers, ebay, load_shipped, moments_of
from negoenv.human.check import FAR, FAR_FITTED, HEADLINE, MomentComparison, compare_moments, same_data, share_near
from negoenv.human.fit import bootstrap_fit, cross_validate, fit
from negoenv.human.problem import PARAMETERS, chat_problem
from negoenv.human.simulate import replay, simulate
from negoenv.human.turns import TURN_MOMENTS, Turns, load_shipped_turns, load_turns, turn_moments_of
from negoenv.scenarios import populations
from negoenv.scenarios.population import Population
from negoenv.scenarios.presets import resolve

ROOT = Path(__file__).parents[1]
SCALE = dict.fromkeys(MOMENTS, 0.02)  # in place of bootstrap errors, which take seconds
SEEDS = (1, 2, 3)
MISSED = 2  # fitted moments further away than is asked for: replies without a price, and the second concession
nan = math.nan


@pytest.fixture(scope="module")
def data():
    return load_shipped().bargains


@pytest.fixture(scope="module")
def turns():
    return load_shipped_turns()


@pytest.fixture(scope="module")
def few(data):
    """A part of the data that is quickly fitted."""
    return data.take(np.arange(0, len(data), 4))


@pytest.fixture
def files(tmp_path, few):
    """Two files with that part of the data, for the script."""
    folder = ROOT / "negoenv" / "human" / "data"
    ids = {str(load_shipped().ids[row]) for row in few.row}
    paths = []
    for name in ("negotiations", "offers"):
        lines = (folder / f"human_bargaining_dev_{name}.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines[1:] if line.split(",")[0] in ids]
        paths.append(tmp_path / f"{name}.csv")
        paths[-1].write_text("".join([lines[0], *kept]), encoding="utf-8")
    return ["--negotiations", paths[0], "--offers", paths[1]]


# The sellers that come with negoenv


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_marketplace_fits_the_data(data, turns, seed):
    moments = compare_moments(resolve("Marketplace"), data, seed=seed, turns=turns)
    assert {m.name for m in moments} == {*MOMENTS, *TURN_MOMENTS}
    fitted = [abs(m.z) for m in moments if m.fitted]
    assert max(fitted) < FAR
    assert sum(z > FAR_FITTED for z in fitted) <= MISSED  # docs/human_data.md says which
    assert share_near(moments) > 0.95
    assert all(m.chance_on_unseen_data > 0.9 for m in moments if m.name in HEADLINE)
    assert np.mean([m.chance_on_unseen_data for m in moments]) > 0.95


@pytest.mark.slow
def test_the_draws_differ_and_fit_together(data):
    draws = populations.find("marketplace_draws")
    assert 8 <= len(draws.archetypes) <= 16
    fitted = np.array([chat_problem(data, SCALE).values_of(_alone(draws, k)) for k in range(len(draws.archetypes))])
    assert (np.std(fitted, axis=0) > 0.0).all()
    assert share_near(compare_moments(resolve("Marketplace", population=draws), data)) > 0.9


def _alone(population, place):
    return population.model_copy(update={"archetypes": (population.archetypes[place],)})


@pytest.mark.slow
def test_other_sellers_do_not_fit(data):
    for scenario in (resolve("Procurement"), resolve("Marketplace", population="ebay")):
        moments = compare_moments(scenario, data, replicas=2)
        assert max(abs(m.z) for m in moments if m.fitted) > 10.0


def test_the_names_of_the_populations():
    assert {"ebay", "marketplace", "marketplace_draws"} <= set(populations.names())
    assert "secondary source" in populations.find("ebay").source
    assert resolve("Marketplace").train == populations.find("marketplace")


@pytest.mark.parametrize("env_id", ["negoenv/Marketplace-v0", "negoenv/Procurement-v0"])
def test_population_replaces_both_splits_everywhere(env_id):
    for split in ("train", "test"):
        one = gym.make(env_id, population="ebay", split=split, reveal=True).unwrapped
        many = gym.make_vec(env_id, num_envs=3, population="ebay", split=split).unwrapped
        by_key = gym.make(env_id, scenario={"population": "ebay"}, split=split).unwrapped
        assert one.scenario == many.scenario == by_key.scenario
        assert one.scenario.population(split) == populations.find("ebay")


def test_population_survives_the_spec():
    env = gym.make("negoenv/Marketplace-v0", population="marketplace_draws")
    again = gym.make(gym.envs.registration.EnvSpec.from_json(env.spec.to_json()))
    assert again.unwrapped.scenario == env.unwrapped.scenario


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("name: x\nsource: x\narchetypes: [{name: s, traits: {patienc: 0.5}}]", "Did you mean 'patience'"),
        (
            "name: x\nsource: x\narchetypes: [{name: s, traits: {matching: 4}}]",
            "'matching' is 4; it must lie between 0 and",
        ),
        ("name: x\nsource: x\narchetypes: [{name: s, trait: {drift: .1}}]", "unknown key 'archetypes.0.trait'"),
        ("name: x\narchetypes: [{name: s}]", "key 'source' is missing"),
        ("name: x\nsource: x\narchetypes: []", "key 'archetypes'"),
        ("- x", "a mapping of keys to values is expected"),
        ("name: [", "not valid YAML"),
    ],
)
def test_a_wrong_population_file_is_told_with_file_and_key(tmp_path, content, sentence):
    path = tmp_path / "mine.yaml"
    path.write_text(content)
    with pytest.raises(NegoenvError) as error:
        gym.make("negoenv/Marketplace-v0", population=str(path))
    assert str(path) in str(error.value)
    assert sentence in str(error.value)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"population": "ebai"}, r"^Unknown population 'ebai'\. Did you mean 'ebay'\?"),
        ({"population": 3}, r"^Unknown population '3'\. Accepted: .*the path of a YAML file"),
        ({"population": "/nowhere/mine.yaml"}, r"^There is no file '/nowhere/mine\.yaml'\.$"),
        ({"scenario": {"population": "ebay", "train": "ebay"}}, r"^scenario: key 'population' stands for all splits"),
    ],
)
def test_a_wrong_population_is_told_in_one_sentence(arguments, sentence):
    with pytest.raises(NegoenvError, match=sentence):
        gym.make("negoenv/Marketplace-v0", **arguments)


# Fits


@pytest.mark.slow
def test_a_fit_comes_nearer_and_repeats_itself(few):
    scenario, problem = resolve("Procurement"), chat_problem(few, SCALE)
    reached = []
    first, again = (fit(scenario, problem, 2, 1, seed=3, progress=reached.append) for _ in range(2))
    assert np.array_equal(first.values, again.values)
    assert len(reached) == 4
    assert reached[1] <= reached[0]
    assert reached[1] == first.distance == again.distance
    bounds = np.array([(p.low, p.high) for p in problem.free])
    assert (bounds[:, 0] <= first.values).all()
    assert (first.values <= bounds[:, 1]).all()


def test_a_warm_start_is_at_least_as_near(few):
    scenario, problem = resolve("Marketplace"), chat_problem(few, SCALE)
    start = problem.values_of(scenario.train)
    cold, warm = (fit(scenario, problem, 1, 1, start=values).distance for values in (None, start))
    assert warm < cold


def test_the_numbers_of_a_population_are_found_again(few):
    problem = chat_problem(few, SCALE)
    values = np.array([0.5 * (p.low + p.high) for p in PARAMETERS])
    population = problem.population(values, "middle", "test")
    assert problem.values_of(population) == pytest.approx(values, abs=1e-4)
    with pytest.raises(NegoenvError, match=r"'ebay' does not name the trait|has 12 archetypes|a fit starts from"):
        problem.values_of(populations.find("marketplace_draws"))


def test_too_few_negotiations_are_refused(data):
    with pytest.raises(NegoenvError, match=r"^3 engaged negotiations are too few for a fit"):
        chat_problem(data.take(np.arange(3)))


@pytest.mark.slow
def test_draws_resample_and_repeat_themselves(few, turns):
    scenario = resolve("Marketplace")
    first, again = (bootstrap_fit(scenario, few, turns, 2, generations=1, seed=4) for _ in range(2))
    assert np.array_equal(first.values, again.values)
    assert not np.array_equal(first.values[0], first.values[1])
    population = first.population("two", "test")
    assert population.archetype_names == ("draw_01", "draw_02")
    assert len(spreads_of(first)) == len(PARAMETERS)
    with pytest.raises(NegoenvError, match="65 draws are asked for; 2 to 64 are possible"):
        bootstrap_fit(scenario, few, None, 65)


@pytest.mark.slow
def test_a_cross_validation_checks_each_half_with_the_other(few, turns):
    checks = list(cross_validate(resolve("Marketplace"), few, turns, splits=1, generations=1))
    assert len(checks) == 2
    one, other = ({m.name: m for m in moments} for moments in checks)
    agreement = moments_of(few)["agreement"]
    assert 0.5 * (one["agreement"].measured + other["agreement"].measured) == pytest.approx(agreement, abs=0.01)
    assert one["agreement"].fit_error == other["agreement"].error > 0.0
    assert one["given_silent"].fit_error == other["given_silent"].error > 0.0


# Turns


def test_turns_by_hand(tmp_path):
    path = tmp_path / "turns.csv"
    path.write_text(
        "dialogue,first_price,ask,gap,buyer_concession,replied,seller_fraction,accepted\n"
        "a,1,1.0,0.4,0,1,0.5,0\n"  # a first offer; the seller gives half
        "a,0,0.8,0.2,0,1,0,0\n"  # nothing for nothing, after it had moved
        "b,1,1.0,0.5,0,1,0,0\n"
        "b,0,1.0,0.3,0.4,1,1,1\n"  # a concession, taken
        "b,0,1.0,0.3,0.4,0,0,0\n"  # no reply
        "c,0,1.0,0.005,0,1,1,1\n"  # no gap
    )
    turns = load_turns(path)
    assert len(turns) == 4
    assert turns.dialogues == 2
    found = turn_moments_of(turns)
    assert (found["given_first"], found["taken_first"]) == (0.25, 0.0)
    assert (found["given_silent"], found["given_silent_moved"]) == (0.0, 0.0)
    assert (found["given_gave"], found["taken_gave"]) == (1.0, 1.0)
    assert math.isnan(found["given_gave_moved"])
    assert turn_moments_of(turns.take(np.array([0, 0])))["given_first"] == 0.5


def test_shipped_turns_have_the_published_size(turns):
    assert len(turns) == 1429
    found = turn_moments_of(turns)
    assert found["given_silent"] == pytest.approx(0.227, abs=0.02)
    assert found["given_silent_moved"] == pytest.approx(0.136, abs=0.02)
    assert found["taken_silent"] == pytest.approx(0.17, abs=0.02)
    assert found["given_gave"] == pytest.approx(0.58, abs=0.03)
    assert found["given_slope"] == pytest.approx(0.34, abs=0.05)


def test_what_is_no_turn_file_is_told(tmp_path):
    with pytest.raises(NegoenvError, match=r"column 'dialogue' is missing"):
        load_turns(ROOT / "negoenv" / "human" / "data" / "human_bargaining_dev_offers.csv")
    path = tmp_path / "t.csv"
    path.write_text("dialogue,first_price,ask,gap,buyer_concession,replied,seller_fraction,accepted\n")
    with pytest.raises(NegoenvError, match="holds no turn that was replied to"):
        load_turns(path)


def test_simulated_turns_are_those_of_the_prices(few):
    bargains, turns = replay(resolve("Marketplace"), Buyers.of(few), sellers=2, seed=3)
    assert isinstance(turns, Turns)
    assert turns.first.sum() <= len(bargains) == 2 * len(few)
    assert ((turns.given >= 0.0) & (turns.given <= 1.0)).all()
    assert (turns.given[turns.accepted] == 1.0).all()
    assert not turns.moved[turns.first].any()


# Checks


def test_the_error_of_a_difference_counts_all_three():
    moment = MomentComparison(
        "agreement", measured=0.5, simulated=0.63, error=0.03, fit_error=0.04, simulation_error=0.12
    )
    assert moment.error_of_difference == pytest.approx(0.13)
    assert moment.z == pytest.approx(1.0)
    assert moment.near


def test_what_cannot_be_computed_is_not_near():
    assert not MomentComparison("agreement", math.nan, 0.5, math.nan, 0.0, 0.01).near
    assert MomentComparison("agreement", 0.5, 0.5, 0.0, 0.0, 0.0).near
    assert not MomentComparison("agreement", 0.5, 0.6, 0.0, 0.0, 0.0).near


@pytest.mark.parametrize(("apart", "chance"), [(0.0, 0.9973), (3.0, 0.5), (6.0, 0.0013)])
def test_the_chance_on_unseen_data(apart, chance):
    spread = math.hypot(0.01, 0.01)
    moment = MomentComparison("agreement", 0.5, 0.5 + apart * spread, 0.01, 0.0, 0.0)
    assert moment.chance_on_unseen_data == pytest.approx(chance, abs=1e-4)


@pytest.mark.slow
def test_other_data_has_the_errors_of_both(data, few):
    scenario = resolve("Marketplace")
    alone, both = (compare_moments(scenario, few, other, replicas=2) for other in (None, data))
    for one, two in zip(alone, both, strict=True):
        assert one.fit_error == 0.0
        assert two.error_of_difference == pytest.approx(math.hypot(one.error_of_difference, two.fit_error), nan_ok=True)
    assert same_data(data, data.take(np.arange(len(data))))
    assert not same_data(data, few)


# eBay


def test_ebay_shows_the_published_numbers():
    sellers = resolve("Marketplace", population="ebay")
    # what the fit found of the buyers is not in the population; any buyers as eager get these replies
    replies = ebay.ebay_moments(simulate(sellers, ebay.assumed_buyers(np.array([0.0, 0.4, 1.2])), 20))
    for name in ("reply_accept", "reply_counter", "reply_decline"):
        assert replies[name] == pytest.approx(ebay.TARGETS[name], abs=0.03)


def test_what_ebays_buyers_do():
    moves = ebay.AssumedMoves(takes=0.25, returns=0.5, fractions=np.array([0.1, 0.9]))
    uniform = np.array([0.0, 0.2, 0.3, 0.6, 0.7, 0.99])
    countered = moves.draw(2, uniform, np.ones(6, np.bool_))
    assert countered == pytest.approx([1.0, 1.0, 0.1, 0.9, nan, nan], nan_ok=True)
    declined = moves.draw(2, uniform, np.zeros(6, np.bool_))
    assert declined == pytest.approx([0.1, 0.1, 0.9, nan, nan, nan], nan_ok=True)
    assert np.isnan(moves.draw(ebay.MAX_OFFERS + 1, uniform, np.zeros(6, np.bool_))).all()


def test_ebays_buyers_open_as_published():
    buyers = ebay.assumed_buyers(np.array([0.1, 0.4, 1.0]))
    assert buyers.first_price.mean() == pytest.approx(ebay.FIRST_OFFER, abs=2e-3)


def test_ebays_moments_by_hand(data):
    found = ebay.ebay_moments(data)
    assert found["agreement"] == moments_of(data)["agreement"]
    assert found["reply_accept"] + found["reply_counter"] + found["reply_decline"] == pytest.approx(1.0)
    firm = moments_of(data)["reply_counter"] - found["reply_counter"]  # those who repeat their price have declined
    assert 0.0 < firm < 0.2


# The script


@pytest.mark.slow
def test_check_prints_and_writes_what_it_found(command, tmp_path, files):
    status, out, err = command("calibrate", "--check", *files, "--json", tmp_path / "c.json")
    assert (status, err) == (0, "")
    assert "the sampling errors of both data sets" in " ".join(out.split())
    written = json.loads((tmp_path / "c.json").read_text())
    assert set(written["moments"]) == set(MOMENTS)
    summary = written["summary"]
    assert summary["moments"] == len(MOMENTS)
    assert summary["data_of_the_fit"] is False
    assert set(summary["headline_z"]) == set(HEADLINE)
    assert written["moments"]["agreement"]["standard_error_of_fitted_data"] > 0.0


@pytest.mark.slow
def test_check_knows_the_data_of_the_fit(command, files):
    fitted = [str(argument).replace("--", "--fitted-", 1) for argument in files]
    status, out, _ = command("calibrate", "--check", *files, *fitted)
    assert status == 0
    assert "Counted as the data that the sellers were fitted to" in out


@pytest.mark.slow
def test_fit_writes_a_population_that_check_accepts(command, tmp_path, files):
    mine = tmp_path / "mine.yaml"
    status, out, _ = command("calibrate", *files, "--generations", 1, "--out", mine, "--no-progress")
    assert status == 0
    assert "within 3 standard errors" in out
    population = Population.from_yaml(mine)
    assert population.name == "mine"
    assert "131 engaged negotiations" in population.source
    status, out, _ = command("calibrate", *files, "--generations", 1, "--bootstrap", 2, "--population", mine)
    assert status == 0
    assert "2 draws" in out
    status, _, err = command("calibrate", *files, "--out", mine)
    assert (status, err) == (2, f"{mine} exists already; give --force to overwrite it, or name another file.\n")
    assert Population.from_yaml(mine) == population


@pytest.mark.slow
def test_cross_validation_and_ebay_are_reported(command, tmp_path, files):
    status, out, err = command("calibrate", *files, "--cross-validate", 1, "--generations", 1)
    assert (status, err) == (0, "")  # a bar is shown on a terminal only
    assert "On halves that were not fitted" in out
    with_ebay = ["--ebay", "--generations", 1, "--out", tmp_path / "e.yaml", "--json", tmp_path / "e.json"]
    status, out, _ = command("calibrate", *with_ebay, "--no-progress")
    assert status == 0
    assert "secondary source" in " ".join(out.split())
    assert Population.from_yaml(tmp_path / "e.yaml").name == "ebay"
    assert set(json.loads((tmp_path / "e.json").read_text())["simulated"]) == set(ebay.TARGETS)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--negotiations", "x.csv"], "Name both --negotiations and --offers, or neither"),
        (["--check", "--fitted-offers", "x.csv"], "Name both --fitted-negotiations and --fitted-offers, or neither"),
        (["--check", "--scenario", "Markt"], "Unknown scenario 'Markt'"),
        (["--check", "--population", "ebai"], "Unknown population 'ebai'. Did you mean 'ebay'?"),
        (["--check", "--ebay"], "--check and --ebay are two jobs; ask for one of them."),
        (["--check", "--out", "x.yaml"], "--check makes no population, so there is nothing to write to x.yaml."),
        (["--bootstrap", "1"], "Invalid value for '--bootstrap': "),
        (["--bootstrap", "2", "--population", "marketplace_draws"], "a fit starts from a population of one"),
        (["--ebay", "--population", "marketplace_draws"], "is a mixture; name one of a single archetype"),
        (["--check", "--negotiations", "no.csv", "--offers", "no.csv"], "no.csv cannot be read: there is no such file"),
        (["--check", "--negotiations", "docs", "--offers", "docs"], "docs is a directory; name a file."),
        (["--check", "--json", "README.md"], "README.md exists already; give --force"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_is_told_in_one_sentence(command, arguments, sentence):
    status, out, err = command("calibrate", *arguments, "--no-progress")
    assert (status, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("name", ["calibrate", "refit"])
def test_help_reads_well(command, name):
    status, out, err = command(name, "--help")
    assert (status, err) == (0, "")
    assert "Usage:" in out


# All of it, once more


@pytest.mark.slow
def test_refit_writes_populations_tables_and_figures(tmp_path, monkeypatch, few):
    page = tmp_path / "page.md"
    parts = ("moments", "draws", "ebay", "cross")
    page.write_text("".join(f"Words.\n<!-- begin {part} -->\n<!-- end {part} -->\n" for part in parts))
    monkeypatch.setattr("agents.studies.calibration.fits.measured_bargains", lambda *_: few)
    effort = RefitEffort(draws=2, splits=1, generations=1)
    refit(tmp_path / "p", page, tmp_path / "figures", effort, seed=1, progress=False)  # halves that show all moments
    text = page.read_text()
    assert text.count("Words.") == 4
    assert text.count("| --- |") == 3
    assert {file.stem for file in (tmp_path / "p").iterdir()} == {"ebay", "marketplace", "marketplace_draws"}
    assert all(Population.from_yaml(file).name == file.stem for file in (tmp_path / "p").iterdir())
    assert {file.name for file in (tmp_path / "figures").iterdir()} == {"human_moments.png", "human_errors.png"}
    with pytest.raises(NegoenvError, match="exists already; give --force"):
        refit(tmp_path / "p", page, tmp_path / "figures", effort, progress=False)


def test_a_page_without_marks_is_refused(tmp_path):
    (tmp_path / "page.md").write_text("Nothing.")
    with pytest.raises(NegoenvError, match="the marks <!-- begin moments --> and"):
        refit(tmp_path, tmp_path / "page.md", tmp_path, RefitEffort(), progress=False)


def test_a_written_population_is_read_again(tmp_path):
    population = populations.find("marketplace")
    path = tmp_path / "deep" / "copy.yaml"
    write_population(path, population, "first line\nsecond line")
    assert path.read_text().startswith("# first line\n# second line\nname: marketplace\n")
    assert Population.from_yaml(path) == population
    with pytest.raises(NegoenvError, match="exists already"):
        write_population(path, population, "")


def test_the_page_shows_the_shipped_fit(data):
    """The page's tables are those of the shipped files: what it says of the market is found again."""
    moments = {m.name: m for m in compare_moments(resolve("Marketplace"), data)}
    page = (ROOT / "docs" / "human_data.md").read_text(encoding="utf-8")
    for name in HEADLINE:
        assert f"| `{name}` | {moments[name].measured:.3f} | {moments[name].simulated:.3f} |" in page
