"""Price negotiations with a believable supplier, as Gymnasium environments.

Importing the package registers the ids: ``gym.make("negoenv/Procurement-v0")``.
"""

from negoenv.env import NegotiationEnv
from negoenv.errors import NegoenvError
from negoenv.game.effects import Family
from negoenv.game.state import Outcome
from negoenv.game.tactics import Move
from negoenv.registration import register_all
from negoenv.scenarios.scenario import Scenario
from negoenv.vector_env import NegotiationVectorEnv

__all__ = ["Family", "Move", "NegoenvError", "NegotiationEnv", "NegotiationVectorEnv", "Outcome", "Scenario"]
__version__ = "0.1.0"

register_all()
