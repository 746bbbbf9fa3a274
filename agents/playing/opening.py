"""Which talks a setting begins: with one supplier, or with several."""

from negoenv.sourcing import SourcingScenario

from .market import Market
from .talks import Negotiation, PlayedTalks, Setting


def begin(setting: Setting) -> PlayedTalks:
    """Return talks that have just begun."""
    return Market(setting) if isinstance(setting.scenario, SourcingScenario) else Negotiation(setting)
