"""What ``reset(options=...)`` may fix of Sourcing, read and checked before anything changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from negoenv.engine.batch import Mask
from negoenv.engine.options import Options
from negoenv.errors import NegoenvError, unknown_name
from negoenv.scenarios.population import Population
from negoenv.sourcing.scenario import SourcingScenario

_OPTIONS = ("suppliers", "supplier", "context")
_CONTEXT = ("limit", "budget", "benchmark", "deadline", "need_date", "delay_cost", "goodwill")


@dataclass(frozen=True)
class SourcingOptions:
    """How episodes are to begin.

    Attributes:
        suppliers: for each supplier, what `negoenv.engine.options.Options` says of one.
    """

    suppliers: tuple[Options, ...]

    @classmethod
    def read(
        cls, options: Mapping[str, Any], scenario: SourcingScenario, population: Population, mask: Mask
    ) -> "SourcingOptions":
        """Return the options of a reset.

        ``{"suppliers": [...]}`` lists for each supplier what `negoenv.NegotiationEnv` takes for its one: a mapping of
        traits, the name of an archetype, or ``None`` for one that is drawn; ``{"supplier": ...}`` says the same for
        all; ``{"context": {field: value}}`` fixes limit, budget, benchmark, deadline, need_date or delay_cost of the
        buyer.

        Raises:
            NegoenvError: for an unknown option, field or archetype, another number of suppliers, or a value that no
                episode could begin with.
        """
        for name in options:
            if name not in _OPTIONS:
                raise unknown_name("option of reset", name, _OPTIONS)
        context = options.get("context", {})
        if isinstance(context, Mapping):
            for name in context:
                if name not in _CONTEXT:
                    raise unknown_name("field of the context", name, _CONTEXT)
        count = scenario.suppliers
        listed = options.get("suppliers", [options.get("supplier")] * count)
        if isinstance(listed, (str, Mapping)) or not isinstance(listed, Sequence) or len(listed) != count:
            raise NegoenvError(f"options: 'suppliers' must list what each of the {count} suppliers is to be.")
        return cls(
            tuple(
                Options.read({"supplier": {} if one is None else one, "context": context}, scenario, population, mask)
                for one in listed
            )
        )
