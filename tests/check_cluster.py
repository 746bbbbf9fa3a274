"""A sweep on a cluster of three nodes on this machine, of which one is removed half-way, and a process is killed.

    python -m tests.check_cluster                  30 trials
    python -m tests.check_cluster --trials 6

It needs the extra ray and takes some minutes. Ray listens on the machine's own address, so this goes into a network
namespace that holds loopback alone (Linux; `unshare` of util-linux). The nodes get code and configurations with the
tasks, as those of other machines would. The table must be that of the local engine, row for row.
"""

import argparse
import collections
import fcntl
import json
import os
import shutil
import signal
import socket
import struct
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
os.environ.setdefault("RAY_raylet_start_wait_time_s", "300")  # on a busy machine a node takes minutes to start

_SET_FLAGS, _UP = 0x8914, 0x49  # SIOCSIFFLAGS; IFF_UP, IFF_LOOPBACK and IFF_RUNNING, of linux/sockios.h and linux/if.h
_NODES = 3
_STORE = 100 * 2**20  # bytes
SWEEP = {
    "configs": ["procurement_fast_ppo"],
    "scenarios": ["Marketplace"],
    "settings": {
        "total_steps": 49_152, "num_envs": 128, "eval_episodes": 64, "eval_every": 16_384, "test_episodes": 256,
        "checkpoint_every": 8192, "hyperparameters.batch_size": 512, "hyperparameters.learning_rate": 0.01,
        "hyperparameters.ent_coef": 0.0,
    },
}  # fmt: skip


def loopback_up() -> None:
    """Let this namespace speak with itself."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh", b"lo", _UP))


def training() -> list[int]:
    """Return the processes that train at present, by what Ray calls them."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            line = (entry / "cmdline").read_bytes().decode(errors="replace") if entry.name.isdigit() else ""
        except OSError:
            continue  # it has ended
        if line.startswith("ray::run_elsewhere"):
            found.append(int(entry.name))
    return found


def cluster_of(nodes: int) -> Any:
    """Start a cluster of so many nodes with a core each on this machine."""
    from ray.cluster_utils import Cluster

    each = {"num_cpus": 1, "object_store_memory": _STORE, "include_dashboard": False}
    cluster = Cluster(initialize_head=True, head_node_args=each)
    for _ in range(nodes - 1):
        cluster.add_node(**each)
    cluster.wait_for_nodes(timeout=300)
    return cluster


def disturbed(trials: list[Any], folder: Path) -> tuple[Any, dict[str, int], list[str]]:
    """Run a sweep on a cluster that loses a process after a quarter of the trials, and a node after the half.

    Returns:
        The result, after how many trials each loss came, and the trials in the order in which they ended.
    """
    from agents.sweeps.engines import make_engine
    from agents.sweeps.sweep import run_sweep

    cluster = cluster_of(_NODES)
    done: dict[str, int] = {}
    order: list[str] = []
    engine = make_engine("ray", 1, folder / "ray", cluster.address, str(folder / "shared"))

    def watched(work: Any, calls: Any, *, told: Any = None) -> Any:
        """Pass on what the engine yields, and disturb it."""
        calls = list(calls)
        for number, error in engine(work, calls, told=told):
            order.append(calls[number][0].result.stem)
            yield number, error
            count = len(order)
            if count >= len(trials) // 4 and "a process is killed" not in done and (busy := training()):
                os.kill(busy[0], signal.SIGKILL)
                done["a process is killed"] = count
            if count == len(trials) // 2:
                cluster.remove_node(cluster.list_all_nodes()[-1], allow_graceful=False)
                done["a node is removed"] = count

    try:
        result = run_sweep(trials, folder / "ray", watched, progress=True)
    finally:
        cluster.shutdown()
    return result, done, order


def check(count: int, folder: Path) -> list[str]:
    """Run the sweep on the cluster and in processes; return what is wrong."""
    from agents.sweeps.engines import local_engine
    from agents.sweeps.plan import SweepConfig, trials_of
    from agents.sweeps.sweep import run_sweep

    trials = trials_of(SweepConfig.model_validate(SWEEP | {"seeds": count}))
    names = [trial.name for trial in trials]
    began = time.perf_counter()
    result, done, order = disturbed(trials, folder)
    print(f"On the cluster: {len(result.rows)} of {count} trials, {time.perf_counter() - began:.0f} s; {done}.")
    began = time.perf_counter()
    local = run_sweep(trials, folder / "local", local_engine(1), progress=True)
    print(f"In this process: {len(local.rows)} of {count} trials, {time.perf_counter() - began:.0f} s.")
    runs = sorted(path.parent.name for path in (folder / "ray").glob("trials/*/*/evaluation.json"))
    versions = [json.loads(path.read_text()) for path in (folder / "ray").glob("trials/*/*/versions.json")]
    print(f"Gone on with from a checkpoint: {sum('resumed' in noted for noted in versions)} trials.")
    wrong = [f"{name} failed: {why}" for name, why in result.failures.items()]
    wrong += [f"it was not so that {what}" for what in ("a process is killed", "a node is removed") if what not in done]
    wrong += [f"{name} ended {times} times" for name, times in collections.Counter(order).items() if times > 1]
    if [row["trial"] for row in result.rows] != names or runs != sorted(names):
        wrong.append("trials are missing, or there twice")
    if result.table.read_bytes() != local.table.read_bytes():
        wrong.append("the tables differ")
    if len({row["return"] for row in local.rows}) < count // 2:
        wrong.append("the trials hardly differ, so that comparing them says little")
    return wrong


def in_namespace(module: str) -> None:
    """Start this command again in a network namespace with loopback alone, unless it is in one.

    Args:
        module: the name by which Python runs it.
    """
    if "--inside" in sys.argv:
        sys.argv.remove("--inside")
        loopback_up()
        return
    if shutil.which("unshare") is None:
        sys.exit("unshare is missing: this runs on Linux alone.")
    again = [sys.executable, "-m", module, *sys.argv[1:], "--inside"]
    os.execvp("unshare", ["unshare", "--map-root-user", "--net", *again])


def main() -> None:
    """Check, and exit with status 1 if something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=30, help="how many")
    in_namespace("tests.check_cluster")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wrong = check(given.trials, Path(folder))
    sys.exit("\n".join(wrong) if wrong else 0)


if __name__ == "__main__":
    main()
