"""The issues of a supply contract. Ranges, weights and shapes are assumptions.

The weights of suppliers go with their kind: who is short of cash pays dearly for time to pay, who has full stores for
small orders, who delivers badly for a service that it must keep up.
"""

from negoenv.scenarios.issues import Issues, PriceIssue, Shape, TermIssue

_KINDS = ("default", "overstocked", "market_leader", "family_firm", "careless_performer", "staller")


def _by_kind(*weights: float) -> dict[str, float]:
    return dict(zip(_KINDS, weights, strict=True))


SUPPLY_CONTRACT = Issues(
    price=PriceIssue(range=(0.4, 1.2), weight=0.50, supplier=_by_kind(0.50, 0.48, 0.48, 0.48, 0.48, 0.48)),
    payment=TermIssue(
        unit="days", range=(30, 90), weight=0.12,
        supplier=_by_kind(0.12, 0.12, 0.18, 0.19, 0.09, 0.11),
    ),
    delivery=TermIssue(
        unit="days", range=(28, 8), weight=0.16, shape=Shape.CONCAVE,
        supplier=_by_kind(0.15, 0.10, 0.15, 0.14, 0.16, 0.21), supplier_shape=Shape.CONCAVE,
    ),
    volume=TermIssue(
        unit="units", range=(1000, 600), weight=0.12,
        supplier=_by_kind(0.12, 0.19, 0.08, 0.11, 0.09, 0.12),
    ),
    service=TermIssue(
        unit="% on time", range=(90, 98), weight=0.10, shape=Shape.CLIFF, least=2,
        supplier=_by_kind(0.11, 0.11, 0.11, 0.08, 0.18, 0.08), supplier_shape=Shape.CONCAVE,
    ),
    spread=0.95,
    constants={"markup": 0.3, "markup_spread": 0.3},
)  # fmt: skip
"""The issues of ``Contract-v0``. Suppliers of one kind differ by nearly as much as kinds do, and pad their quotes by up
to 60%, so that what a step costs them is to be found out."""
