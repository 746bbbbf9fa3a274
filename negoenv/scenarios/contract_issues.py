"""The issues of a supply contract. Ranges, weights and shapes are assumptions.

The weights of suppliers go with their kind: who is short of cash pays dearly for time to pay, who has full stores for
small orders, who delivers badly for a service that it must keep up.
"""

from negoenv.scenarios.issues import Issues, PriceIssue, Shape, TermIssue

_PRICE = {
    "default": 0.56,
    "overstocked": 0.54,
    "market_leader": 0.54,
    "family_firm": 0.53,
    "careless_performer": 0.53,
    "staller": 0.53,
}
SUPPLY_CONTRACT = Issues(
    price=PriceIssue(range=(0.4, 1.2), weight=0.50, supplier=_PRICE),
    payment=TermIssue(
        unit="days", range=(30, 90), weight=0.12,
        supplier={"default": 0.10, "overstocked": 0.10, "market_leader": 0.20, "family_firm": 0.22,
                  "careless_performer": 0.05, "staller": 0.08},
    ),
    delivery=TermIssue(
        unit="days", range=(28, 8), weight=0.16, shape=Shape.CONCAVE,
        supplier={"default": 0.12, "overstocked": 0.04, "market_leader": 0.12, "family_firm": 0.11,
                  "careless_performer": 0.14, "staller": 0.22},
        supplier_shape=Shape.CONCAVE,
    ),
    volume=TermIssue(
        unit="units", range=(1000, 600), weight=0.12,
        supplier={"default": 0.10, "overstocked": 0.22, "market_leader": 0.04, "family_firm": 0.08,
                  "careless_performer": 0.06, "staller": 0.11},
    ),
    service=TermIssue(
        unit="% on time", range=(90, 98), weight=0.10, shape=Shape.CLIFF, least=2,
        supplier={"default": 0.12, "overstocked": 0.10, "market_leader": 0.10, "family_firm": 0.06,
                  "careless_performer": 0.22, "staller": 0.06},
        supplier_shape=Shape.CONCAVE,
    ),
)  # fmt: skip
"""The issues of ``Contract-v0``."""
