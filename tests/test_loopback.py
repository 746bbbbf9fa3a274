"""Servers that a command of the package starts are reached from this machine only."""

from urllib.parse import urlsplit

import pytest
from torch.utils.tensorboard import SummaryWriter

from agents.reporting.server import start
from tests.listening import LOOPBACK, TABLES, addresses


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what TensorBoard brings along
@pytest.mark.skipif(not TABLES[0].is_file(), reason="needs /proc/net/tcp, which says who listens where")
def test_a_board_listens_on_this_machine_only(tmp_path):
    with SummaryWriter(tmp_path) as events:
        events.add_scalar("a", 1.0, 0)
    port = urlsplit(start(tmp_path, 0)).port
    assert addresses(port)
    assert addresses(port) <= LOOPBACK
