"""Files that users write: what they mean, and that none of them hangs, floods the screen or loses a key in silence."""

import json
import math

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from negoenv import NegoenvError, yaml_core
from negoenv.config import FrozenModel, parse_value, read_json, read_yaml
from negoenv.scenarios.population import Population
from negoenv.scenarios.presets import PRESETS, resolve

# The core schema of YAML 1.2


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("14", 14), ("014", 14), ("008", 8), ("010", 10), ("+3", 3), ("-07", -7), ("0o14", 12), ("0x1F", 31),
        ("1_000", 1000), ("1_000.5", 1000.5), ("1e-3", 0.001), ("5e-2", 0.05), ("1E6", 1e6), ("1.", 1.0), (".5", 0.5),
        ("-.5e1", -5.0), (".inf", math.inf), ("-.INF", -math.inf), ("true", True), ("FALSE", False), ("null", None),
        ("~", None), ("", None), ("yes", "yes"), ("No", "No"), ("on", "on"), ("OFF", "OFF"), ("tRUE", "tRUE"),
        ("2020-01-01", "2020-01-01"), ("12:30:45", "12:30:45"), ("1__0", "1__0"), ("_1", "_1"), ("0o8", "0o8"),
        ("0b11", "0b11"), ("1.2.3", "1.2.3"), ("'014'", "014"), ('"1e-3"', "1e-3"), ("[64, 0o14]", [64, 12]),
        ("{a: 5e-2}", {"a": 0.05}), ("<<", "<<"),
    ],
)  # fmt: skip
def test_a_value_is_what_yaml_1_2_says(text, value):
    found = parse_value(text)
    assert found == value
    assert type(found) is type(value)


def test_not_a_number_is_read_as_such():
    assert math.isnan(parse_value(".nan"))


PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
DATA = st.recursive(PLAIN, lambda d: st.lists(d, max_size=4) | st.dictionaries(st.text(), d, max_size=4), max_leaves=20)


@pytest.mark.slow
@given(DATA)
def test_what_is_written_is_read_again(data):
    for flow in (False, None, True):
        assert yaml_core.load(yaml_core.dump(data, flow)) == data


@pytest.mark.parametrize("text", ["1e-3", "0o14", "014", "1_0", "yes", "<<", "=", "2020-01-01", "12:30", "null", "5."])
def test_text_is_written_so_that_no_reader_takes_it_for_something_else(text):
    written = yaml_core.dump({"a": text})
    assert yaml_core.load(written) == yaml.safe_load(written) == {"a": text}


# What is refused, in files and on the command line

REFUSED = {
    "key": ("deadline: 12\nweights: {goodwill: 0.6}\ndeadline: 30\n", ", line 3: the key 'deadline' occurs twice."),
    "inner key": ("weights:\n  round: 0.1\n  round: 0.2\n", ", line 3: the key 'round' occurs twice."),
    "number as key": ("deadline: 3\n12: x\n", ", line 2: the key 12 is no text."),
    "list as key": ("? [a, b]\n: x\n", ", line 1: the key ['a', 'b'] is no text."),
    "tag": ("a: !!python/object/apply:os.getcwd []\n", ", line 1: not valid YAML: could not determine a constructor"),
    "set": ("a: !!set {b}\n", ", line 1: not valid YAML: could not determine a constructor"),
    "time": ("a: !!timestamp 2020-01-01\n", ", line 1: not valid YAML: could not determine a constructor"),
    "bytes": ("a: !!binary aGk=\n", ", line 1: not valid YAML: could not determine a constructor"),
    "wrong tag": ("a: !!int soon\n", ", line 1: 'soon' is no whole number."),
    "long number": (f"a: {'9' * 5000}\n", ", line 1: '999"),
    "two documents": ("a: 1\n---\nb: 2\n", ", line 2: not valid YAML: but found another document."),
    "own contents": ("a: &a [*a]\n", ", line 1: an alias stands for what contains it."),
    "unknown alias": (f"a: *{'b' * 9999}\n", ", line 1: not valid YAML: found undefined alias 'bbb"),
    "control character": ("a: \x1b[31m\n", ": not valid YAML: special characters are not allowed."),
    "nested lists": ("[" * 100_000, ", line 1: it is nested more than 32 levels deep."),
    "nested mappings": ("{a: " * 50_000, ", line 1: it is nested more than 32 levels deep."),
    "nested entries": ("- " * 1_000, ", line 1: it is nested more than 32 levels deep."),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_is_told_short_with_file_and_line(case, tmp_path):
    text, told = REFUSED[case]
    path = tmp_path / "s.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(NegoenvError) as error:
        resolve(path)
    assert str(error.value).startswith(f"{path}{told}")
    assert len(str(error.value)) < len(str(path)) + 180
    assert str(error.value).isprintable()
    with pytest.raises(NegoenvError):
        parse_value(text)


@pytest.mark.parametrize("levels", [5, 7, 9, 30])
def test_aliases_do_not_multiply(tmp_path, levels):
    """Each level lists the one before nine times: 9 levels stand for 387 million words."""
    lines = [f"l0: &l0 [{', '.join(['word'] * 9)}]"]
    lines += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, levels)]
    path = tmp_path / "bomb.yaml"
    path.write_text("\n".join([*lines, f"name: *l{levels - 1}\n"]))
    with pytest.raises(NegoenvError) as error:
        resolve(path)
    assert str(error.value).startswith(f"{path}, line ")
    assert str(error.value).endswith(": it holds more than 50,000 values.")


def test_a_few_aliases_are_fine(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_text(
        "name: p\nsource: assumption\narchetypes:\n- {name: a, traits: &traits {power: 0.3, pride: {mean: 1e-1}}}\n"
        "- {name: b, traits: *traits}\n"
    )
    population = Population.from_yaml(path)
    assert population.archetypes[0].traits == population.archetypes[1].traits


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"a: \xff\n", " cannot be read: byte 4 is not UTF-8."),
        (b"#" * 300_000, " is larger than 262,144 bytes."),
        (b"\x00", ": not valid YAML: special characters are not allowed."),
    ],
)
def test_an_unreadable_file_is_told(tmp_path, content, told):
    path = tmp_path / "s.yaml"
    path.write_bytes(content)
    with pytest.raises(NegoenvError) as error:
        read_yaml(path)
    assert str(error.value) == f"{path}{told}"


def test_a_folder_and_an_impossible_path_are_told(tmp_path):
    with pytest.raises(NegoenvError, match=r"is a directory; name a file\.$"):
        read_yaml(tmp_path)
    with pytest.raises(NegoenvError, match=r"^a\\x00b\.yaml cannot be read: "):
        read_yaml("a\x00b.yaml")
    with pytest.raises(NegoenvError, match=r"^There is no file '.*\\x1b"):
        read_yaml(tmp_path / "\x1b[31m.yaml")


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path):
    (tmp_path / "s.yaml").write_text("\ufeffdeadline: 9\n", encoding="utf-8")
    (tmp_path / "s.json").write_text('\ufeff{"deadline": 9}', encoding="utf-8")
    assert read_yaml(tmp_path / "s.yaml") == read_json(tmp_path / "s.json") == {"deadline": 9}


def test_a_scenario_file_cannot_name_itself_as_its_base(tmp_path):
    path = tmp_path / "s.yaml"
    path.write_text(f"base: {path}\n")
    with pytest.raises(NegoenvError, match=r"^Unknown scenario '.*s\.yaml'\. Accepted: "):
        resolve(path)


# Faults that were found


def of_file(tmp_path, text):
    path = tmp_path / "fault.yaml"
    path.write_text(text)
    return path


def test_a_leading_zero_changes_no_number(tmp_path):
    assert resolve(of_file(tmp_path, "base: Procurement\ndeadline: 014\n")).deadline == 14


def test_an_exponent_makes_a_number(tmp_path):
    text = "name: mine\nsource: assumption\narchetypes:\n  - name: a\n    traits:\n      exit_rate: 5e-2\n"
    population = Population.from_yaml(of_file(tmp_path, f"{text}      pride: {{mean: 1e-1, spread: 5e-2}}\n"))
    traits = population.archetypes[0].traits
    assert (traits["exit_rate"].mean, traits["pride"].mean, traits["pride"].spread) == (0.05, 0.1, 0.05)


@pytest.mark.parametrize("share", [".inf", "-.inf", ".nan", "1e999", "1e300"])
def test_a_share_is_a_finite_number(tmp_path, share):
    text = "name: mine\nsource: assumption\narchetypes:\n- {name: b}\n- {name: a, share: SHARE}\n"
    path = of_file(tmp_path, text.replace("SHARE", share))
    with pytest.raises(
        NegoenvError, match=r"key 'archetypes\.1\.share' is .*: input should be (a finite|less than)"
    ) as e:
        Population.from_yaml(path)
    assert str(e.value).startswith(str(path))


def test_equal_shares_stay_equal_however_large(tmp_path):
    population = Population(
        name="p", source="x", archetypes=[{"name": name, "share": 1e9} for name in ("a", "b", "c", "d")]
    )
    assert population.cumulative_shares.tolist() == [0.25, 0.5, 0.75, 1.0]


def _numbers(model, place=()):
    """Yield where a model holds numbers."""
    for name, value in model:
        if isinstance(value, FrozenModel):
            yield from _numbers(value, (*place, name))
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            yield (*place, name)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_every_number_of_a_scenario_is_finite(value):
    suppliers = {"name": "p", "source": "x", "archetypes": [{"name": "a", "traits": {"power": {"mean": 0.5}}}]}
    places = [
        *_numbers(PRESETS["Procurement"]),
        ("weights", "round"),
        ("constants", "anchor"),
        ("train", "archetypes", 0, "share"),
        ("train", "archetypes", 0, "traits", "power"),
        ("train", "archetypes", 0, "traits", "power", "mean"),
        ("train", "archetypes", 0, "traits", "power", "spread"),
    ]
    assert {("deadline",), ("limit", "low"), ("goodwill", "high"), ("budget_slack",)} <= set(places)
    for place in places:
        data = json.loads(PRESETS["Procurement"].model_dump_json()) | {"train": json.loads(json.dumps(suppliers))}
        inner = data
        for key in place[:-1]:
            inner = inner[key]
        inner[place[-1]] = value
        with pytest.raises(NegoenvError, match=rf"'{'.'.join(map(str, place))}.*finite"):
            resolve(data)


def test_goodwill_at_the_start_is_what_can_be_observed():
    with pytest.raises(NegoenvError, match=r"key 'goodwill': .*'goodwill' is 2; it must lie between 0 and 1\.$"):
        resolve({"goodwill": {"low": 2, "high": 2}})
    assert resolve({"goodwill": {"low": 0, "high": 1}}).goodwill.high == 1.0


# JSON


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"a": 1, "b": {"c": 1, "c": 2}}', ": the key 'c' occurs twice."),
        ('{"a": NaN}', ": 'NaN' is no finite number."),
        ('{"a": -Infinity}', ": '-Infinity' is no finite number."),
        ('{"a": 1e999}', ": '1e999' is no finite number."),
        ('{"a": 1', ", line 1: not valid JSON: "),
        ("[1]", ": an object with keys is expected, not list."),
        ('{"a": ' * 40 + "1" + "}" * 40, ": it is nested more than 32 levels deep."),
        ("[" * 500_000, ": it is nested more than 32 levels deep."),
        (f'{{"a": {"9" * 5000}}}', ": '999"),
        ('{"a": "' + "x" * 4_000_000 + '"}', " is larger than 4,000,000 bytes."),
    ],
    ids=range(10),
)
def test_json_that_is_refused_is_told_short(tmp_path, text, told):
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(NegoenvError) as error:
        read_json(path)
    assert str(error.value).startswith(f"{path}{told}")
    assert len(str(error.value)) < len(str(path)) + 180


def test_json_is_read(tmp_path):
    data = {"a": [1, 2.5, None, True, "x"], "b": {"c": {}}}
    (tmp_path / "a.json").write_text(json.dumps(data))
    assert read_json(tmp_path / "a.json") == data
    with pytest.raises(NegoenvError, match="There is no file"):
        read_json(tmp_path / "b.json")


# A scenario in a file of another kind


@pytest.mark.slow
@pytest.mark.parametrize("changes", [{}, {"deadline": 12}, {"population": "marketplace_draws"}, {"validation": "ebay"}])
@pytest.mark.parametrize("name", PRESETS)
def test_a_scenario_goes_whole_through_json_and_yaml(name, changes, tmp_path):
    scenario = resolve({"base": name, **changes})
    text = scenario.model_dump_json()
    assert type(scenario).model_validate_json(text) == scenario
    (tmp_path / "s.json").write_text(text)
    assert type(scenario).model_validate(read_json(tmp_path / "s.json")) == scenario
    (tmp_path / "s.yaml").write_text(yaml_core.dump(scenario.model_dump(mode="json")))
    assert type(scenario).model_validate(read_yaml(tmp_path / "s.yaml")) == scenario
