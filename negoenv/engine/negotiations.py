"""Which batch plays a scenario: one about the price alone, or one about several issues."""

from negoenv.engine.contract_batch import ContractBatch
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.scenarios.scenario import Scenario


def negotiations(num_rows: int, scenario: Scenario, split: str = "train", num_threads: int = 1) -> NegotiationBatch:
    """Return ``num_rows`` negotiations of a scenario; see `NegotiationBatch` for the arguments."""
    made = NegotiationBatch if scenario.issues is None else ContractBatch
    return made(num_rows, scenario, split, num_threads)
