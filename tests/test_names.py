"""Names are nothing but names, and no character of anybody's text reaches a terminal that would obey it."""

import ast
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negoenv import NegoenvError
from negoenv.errors import printable, shown, unknown_name
from negoenv.names import MAX_LETTERS, checked_name
from negoenv.scenarios import populations
from negoenv.scenarios.archetypes import population
from negoenv.scenarios.differences import changed_name, differences
from negoenv.scenarios.population import Archetype
from negoenv.scenarios.presets import PRESETS, changes, resolve
from tests.conftest import ROOT

NAMES = ("Procurement", "ppo-001", "_hidden", "a", "7", "v1.2", "Procurement+deadline=12", "x" * MAX_LETTERS)
NO_NAMES = (
    "", ".", "..", "../../escaped", "/absolute", "a/b", "a\\b", ".hidden", "-x", "a..b", "a.", "a b", "a\n",
    "[/x] $5_$", "\x1b[31m", "é", "a\x00", "\u202eevil", "x" * (MAX_LETTERS + 1),
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_kept(name):
    assert checked_name("run name", name) == name
    assert resolve({"name": name}).name == name


@pytest.mark.parametrize("name", NO_NAMES)
def test_what_is_no_name_is_refused_in_one_printable_sentence(name):
    with pytest.raises(
        NegoenvError, match=r"is no run name; accepted are 1 to 60 letters, digits and _ - \. \+ ="
    ) as e:
        checked_name("run name", name)
    assert str(e.value).isprintable()
    with pytest.raises(NegoenvError, match=r"^scenario: key 'name': .* is no name; accepted are") as e:
        resolve({"name": name})
    assert str(e.value).isprintable()


def test_whoever_is_named_is_named_so():
    one = {"name": "p", "source": "assumption", "archetypes": [{"name": "a"}]}
    assert resolve({"test": one}).test.archetype_names == ("a",)
    for wrong, place in (
        ({"name": "../p"}, "test.name"),
        ({"archetypes": [{"name": "a b"}]}, "test.archetypes.0.name"),
    ):
        with pytest.raises(NegoenvError, match=f"key '{place}': .* is no name"):
            resolve({"test": one | wrong})
    with pytest.raises(NegoenvError, match=r"key 'test\.archetypes': A archetype is named twice: a, a"):
        resolve({"test": one | {"archetypes": [{"name": "a"}, {"name": "a"}]}})


def test_what_comes_with_negoenv_is_named_so():
    suppliers = [p for scenario in PRESETS.values() for p in (scenario.train, scenario.test)]
    suppliers += [populations.shipped(name) for name in populations.names()]
    for name in (*PRESETS, *(p.name for p in suppliers), *(kind for p in suppliers for kind in p.archetype_names)):
        assert checked_name("name", name) == name


def test_text_is_made_printable():
    assert printable("plain, é, 中, 🎉") == "plain, é, 中, 🎉"
    assert printable("\x1b[2J\x07\x9b\x7f") == r"\x1b[2J\x07\x9b\x7f"
    assert printable("a\nb\rc\u2028d") == r"a\nb\rc\u2028d"
    assert printable("\u202egpj.exe\u2066\udc80") == r"\u202egpj.exe\u2066\udc80"


@given(st.text())
def test_any_text_is_made_printable_on_one_line(text):
    assert printable(text).isprintable()
    assert printable(printable(text)) == printable(text)
    error = NegoenvError(f"{text} is wrong.", text)
    assert str(error).count("\n") == 1
    assert all(line.isprintable() for line in str(error).split("\n"))
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


@pytest.mark.parametrize(
    "value",
    ["x" * 10**6, ["x" * 10**6] * 50, {str(n): n for n in range(10**5)}, 10**5000, 7**70, "\x1b" * 50],
    ids=type,
)
def test_a_bad_value_is_shown_short(value):
    assert len(shown(value)) <= 80
    assert len(str(unknown_name("scenario", value, ["Procurement"]))) < 160
    with pytest.raises(NegoenvError) as error:
        resolve({"deadline": value})
    assert len(str(error.value)) < 240
    assert str(error.value).isprintable()


def test_a_small_value_is_shown_whole():
    assert [shown(value) for value in ("soon", [1], 2.5, None)] == ["'soon'", "[1]", "2.5", "None"]


def test_only_ten_mistakes_are_told():
    with pytest.raises(NegoenvError) as error:
        resolve({f"key_{number}": 1 for number in range(5000)})
    lines = str(error.value).splitlines()
    assert len(lines) == 11
    assert lines[-1] == "scenario: 4990 more are wrong."


def test_mistakes_of_a_file_in_a_file_are_told_a_line_each(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_text("name: p\nsource: x\narchetypes: [{name: a, shar: 1, share: -1}]\n")
    with pytest.raises(NegoenvError) as error:
        resolve({"train": str(path)})
    lines = str(error.value).splitlines()
    assert len(lines) == 2
    assert all(line.startswith(f"scenario: key 'train': {path}: ") for line in lines)


def test_a_public_class_or_function_is_defined_once():
    places = {}
    for path in sorted(path for package in ("negoenv", "agents") for path in (ROOT / package).rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(str(path.relative_to(ROOT)))
    del places["main"]  # of every command
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


# What a changed game is called


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({}, "Procurement"),
        ({"deadline": 20, "summary": "Words do not count."}, "Procurement"),
        ({"deadline": 12}, "Procurement+deadline=12"),
        ({"deadline": 12, "weights": {"goodwill": 0.6}}, "Procurement+deadline=12+weights.goodwill=0.6"),
        ({"constants": {"anchor": 0.1000001}}, "Procurement+constants.anchor=0.1000001"),
        ({"weights": {"round": 1e-5}}, "Procurement+weights.round=1e-05"),
        ({"limit": {"low": 0.5, "high": 0.9}}, "Procurement+limit=0.5-0.9"),
        ({"hidden": ["strain", "reaction"]}, "Procurement+hidden=reaction-strain"),
        ({"without": ["EMOTION", "HOLD"]}, "Procurement+without=EMOTION-HOLD"),
        ({"population": "ebay"}, "Procurement+population=ebay"),
        ({"train": "ebay"}, "Procurement+train=ebay"),
        ({"test": "ebay"}, "Procurement+test=ebay"),
        ({"validation": "ebay"}, "Procurement+validation=ebay"),
        ({"base": "Marketplace", "population": "ebay"}, "Marketplace+population=ebay"),
        ({"name": "mine", "deadline": 12}, "mine"),
        ({"name": "Procurement", "deadline": 12}, "Procurement"),
    ],
    ids=str,
)
def test_a_changed_game_is_called_by_its_changes(given, name):
    assert resolve(given).name == name


@pytest.mark.parametrize(
    ("given", "base"),
    [
        ({}, None),
        ({"deadline": 20}, None),
        ({"summary": "Words do not count."}, None),
        ({"deadline": 12}, "Procurement"),
        ({"name": "mine"}, "Procurement"),
        ({"base": "Marketplace", "deadline": 3}, "Marketplace"),
        ({"base": None, "deadline": 3}, "Procurement"),
    ],
    ids=str,
)
def test_a_changed_game_knows_its_preset(given, base):
    assert resolve(given).base == base
    assert bool(changes(resolve(given))) == ("deadline" in given and given["deadline"] != 20)


def test_what_was_changed_is_said_in_words():
    scenario = resolve({
        "deadline": 12, "weights": {"goodwill": 0.65}, "limit": {"low": 0.5, "high": 0.9}, "without": ["EMOTION"],
        "hidden": ["strain", "reaction"], "population": "ebay",
    })  # fmt: skip
    assert [str(change) for change in changes(scenario)] == [
        "deadline 12, not 20",
        "limit 0.5 to 0.9, not 0.8 to 0.9",
        "weights.goodwill 0.65, not 0.3",
        "hidden reaction, strain, not nothing",
        "without EMOTION, not nothing",
        "population ebay, not procurement_train, procurement_test, procurement_unseen",
    ]
    (trained_on,) = differences(resolve({"deadline": 12}), resolve("Procurement"))
    assert (trained_on.key, trained_on.one, trained_on.other) == ("deadline", "12", "20")
    assert differences(scenario, scenario) == changes(PRESETS["Procurement"]) == []
    assert [d.key for d in differences(PRESETS["Procurement"], PRESETS["Partnership"])] == ["deadline", "deals"]
    (suppliers,) = differences(resolve({"test": "ebay"}), PRESETS["Procurement"])
    assert str(suppliers) == "test procurement_test, not ebay"


def test_the_same_game_is_called_the_same_whatever_the_way_to_it():
    once = resolve({"deadline": 12, "population": "ebay"})
    assert resolve({"deadline": 12}, population="ebay") == once
    assert resolve({"deadline": 12}, population=populations.shipped("ebay")) == once
    assert resolve({"without": ["HOLD", "HOLD"]}).name == resolve({"without": ["HOLD"]}).name
    assert resolve(resolve({"name": "mine"}), population="ebay").name == "mine+population=ebay"


def test_many_changes_make_a_short_name_of_their_own():
    constants = {"keep_goals": 0.7, "keep_time": 0.7, "keep_tension": 0.7, "jump_cost": 2.0, "momentum": 1.0}
    scenario = resolve({"deadline": 12, "constants": constants})
    assert scenario.name.startswith("Procurement+deadline=12+5_more-")
    assert len(scenario.name) <= MAX_LETTERS
    assert checked_name("name", scenario.name)
    names = {resolve({"deadline": 12, "constants": constants | {"momentum": m / 100}}).name for m in range(1, 100)}
    assert len(names) == 99
    long = resolve({"name": "x" * MAX_LETTERS})
    again = resolve(long, population="ebay")
    assert len(again.name) == MAX_LETTERS
    assert checked_name("name", again.name)
    assert again.name.startswith("xxxxxxxxxx")


def test_populations_of_one_name_make_games_of_two_names(tmp_path):
    names = set()
    for power in (0.1, 0.2):
        path = tmp_path / f"{power}.yaml"
        path.write_text(f"name: mine\nsource: assumption\narchetypes: [{{name: a, traits: {{power: {power}}}}}]\n")
        names.add(resolve(None, population=path).name)
    path.write_text(path.read_text().replace("source: assumption", "source: elsewhere"))
    assert resolve(None, population=path).name in names
    assert len(names) == 2
    assert all(name.startswith("Procurement+population=mine-") for name in names)


def test_a_game_of_ones_own_has_no_base():
    suppliers = population("some", {"staller": 1.0})
    preset = PRESETS["Procurement"]
    own = preset.model_copy(update={"name": "Own", "train": suppliers, "test": suppliers})
    assert changed_name(own, own) == "Own"
    assert resolve(own, population="ebay").base is None
    assert resolve(own, population="ebay").name == "Own+population=ebay"
    assert Archetype(name="a").name == "a"
