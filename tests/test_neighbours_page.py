"""The Python blocks of docs/neighbours.md run, one after the other, with those libraries that are installed."""

import importlib
import re

import pytest

from tests.check_docs import PYTHON, blocks, matches

PAGE = "docs/neighbours.md"
EXTRA = re.compile(r"needs the extra (\w+)")
LIBRARY = {"rllib": "ray.rllib"}  # of an extra that is not called as its library is


def is_there(extra):
    """Whether the library of an extra is installed."""
    try:
        importlib.import_module(LIBRARY.get(extra, extra))
    except ImportError:
        return False
    return True


@pytest.mark.slow
@pytest.mark.timeout(1800)  # a training for each trainer
@pytest.mark.filterwarnings("ignore")  # of other libraries
def test_the_blocks_of_the_page_run(capsys):
    names, printed, left_out = {}, "", []
    for block in blocks(PAGE):
        needed = EXTRA.search(block.reason)
        if block.language == PYTHON and needed and not is_there(needed[1]):
            left_out.append(str(block))
        elif block.language == PYTHON:
            exec(compile(block.text, str(block), "exec"), names)
            printed = capsys.readouterr().out
        elif block.mark == "output":
            assert matches(block.text, printed), f"{block} shows what was not printed: {printed}"
    assert "OwnSupplierEnv" in names
    print("left out:", *left_out)
