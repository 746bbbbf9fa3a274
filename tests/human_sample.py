"""Human bargains for tests: all that come with negoenv, and a part of them that is quickly fitted."""

from pathlib import Path

import numpy as np

from negoenv.human import MOMENTS, load_shipped
from negoenv.human.turns import load_shipped_turns
from negoenv.human.words import WORDS

FOLDER = Path(__file__).parents[1] / "negoenv" / "human" / "data"
SCALE = dict.fromkeys(MOMENTS, 0.02)  # in place of bootstrap errors, which take seconds

SHIPPED = load_shipped()
DATA = SHIPPED.bargains
TURNS = load_shipped_turns()
FLAGS = ",".join(f"t_{word}" for word in WORDS)
FEW = DATA.take(np.arange(0, len(DATA), 4))


def written(folder: Path) -> list[object]:
    """Write `FEW` as two files into a folder, and return the options that name them."""
    ids = {str(SHIPPED.ids[row]) for row in FEW.row}
    paths = []
    for name in ("negotiations", "offers"):
        lines = (FOLDER / f"human_bargaining_dev_{name}.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines[1:] if line.split(",")[0] in ids]
        paths.append(folder / f"{name}.csv")
        paths[-1].write_text("".join([lines[0], *kept]), encoding="utf-8")
    return ["--negotiations", paths[0], "--offers", paths[1]]
