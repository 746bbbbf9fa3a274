"""The simulated side of all that was measured: the buyers of the data against the sellers of a scenario."""

from negoenv.human.bargains import Floats
from negoenv.human.csv_files import load_shipped
from negoenv.human.dialogues import Dialogues, dialogue_moments_of, said_elsewhere
from negoenv.human.goodwill import SIZED, simulated_opinions
from negoenv.human.measured import HumanEvidence
from negoenv.human.moments import moments_of
from negoenv.human.rejections import simulated_rejections
from negoenv.human.simulate import Buyers, later_moves, replay
from negoenv.human.turns import load_shipped_turns, turn_moments_of
from negoenv.scenarios.scenario import Scenario


class Simulation:
    """Simulates each part of some data that there is."""

    def __init__(self, scenario: Scenario, data: HumanEvidence) -> None:
        """Take the buyers from the data.

        Args:
            scenario: the game, and in its training population the sellers.
            data: what was measured; buyers of parts that it lacks are those that come with the package.
        """
        self._scenario, self._data = scenario, data
        self._bargains = load_shipped().bargains if data.bargains is None else data.bargains
        self._turns = load_shipped_turns() if data.turns is None else data.turns
        self._buyers = Buyers.of(self._bargains, self._turns)
        self._elsewhere: Floats | None = None

    def moments(self, seed: int) -> dict[str, float]:
        """Return every moment that the data has, of one simulation."""
        data, found = self._data, dict[str, float]()
        if data.bargains is not None or data.turns is not None:
            talks = replay(self._scenario, self._buyers, 1, seed)
            found |= moments_of(talks.bargains) if data.bargains is not None else {}
            found |= turn_moments_of(talks.turns) if data.turns is not None else {}
        if data.dialogues is not None:
            found |= dialogue_moments_of(self._dialogues(data.dialogues, seed))
        if data.rejections is not None:
            found |= simulated_rejections(self._scenario, seed=seed)
        if data.participants is not None:
            opinions = self.opinions(seed)
            found |= {name: opinions[name] for name in SIZED}
        return found

    def opinions(self, seed: int) -> dict[str, float]:
        """Return what the sellers think of these buyers, in one simulation."""
        return simulated_opinions(self._scenario, self._buyers, seed)

    def _dialogues(self, measured: Dialogues, seed: int) -> Dialogues:
        """Return simulated dialogues of the buyers of measured ones."""
        buyers = measured.buyers(later_moves(self._bargains), self._turns)
        talks = replay(self._scenario, buyers, 1, seed)
        if self._elsewhere is None:
            self._elsewhere = said_elsewhere(measured, talks)
        return measured.simulated(talks, self._elsewhere, seed)
