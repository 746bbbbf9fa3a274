"""Servers that a command of the package starts are reached from this machine only."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from torch.utils.tensorboard import SummaryWriter

from agents.reporting.server import start

LISTENING = "0A"  # a state in /proc/net/tcp
LOOPBACK = {"0100007F", "00000000000000000000000001000000"}  # 127.0.0.1 and ::1, as /proc writes them
TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))


def addresses(port):
    """Return the addresses at which any process of this machine listens on a port."""
    rows = [row.split() for table in TABLES if table.is_file() for row in table.read_text().splitlines()[1:]]
    places = [row[1].split(":") for row in rows if row[3] == LISTENING]
    return {address for address, theirs in places if int(theirs, 16) == port}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what TensorBoard brings along
@pytest.mark.skipif(not TABLES[0].is_file(), reason="needs /proc/net/tcp, which says who listens where")
def test_a_board_listens_on_this_machine_only(tmp_path):
    with SummaryWriter(tmp_path) as events:
        events.add_scalar("a", 1.0, 0)
    port = urlsplit(start(tmp_path, 0)).port
    assert addresses(port)
    assert addresses(port) <= LOOPBACK
