"""Negotiations reduced to the prices named: one representation for measured and for simulated ones."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

SELLER, BUYER = 0, 1
"""Who named a price; also the parity of the role's columns in `Bargains.prices`."""

LIST_PRICE = 1.0
"""The price that stands before the seller names one: prices are fractions of it."""

SAME_PRICE = 1e-3
"""Two prices nearer than this are one price (fraction of the list price)."""

SMALLEST_GAP = 0.02
"""Below this distance of the two standing prices a fraction of their gap means nothing (fraction of the list price)."""

_MIN_COLUMNS = 8  # two columns a move and four moves, so that moments may name columns without asking


@dataclass(frozen=True, eq=False)
class Bargains:
    """Engaged negotiations (the buyer named at least one price), prices as fractions of the list price.

    Attributes:
        prices: prices in order, float64 of shape ``(n, columns)``; even columns are the seller's, odd ones the
            buyer's. Column 0 is ``nan`` where the buyer spoke first; after the last price all are ``nan``.
        agreement: whether a deal was made, bool of shape ``(n,)``.
        sale_price: price of the deal, ``nan`` without one or if misread, float64 of shape ``(n,)``.
        buyer_target: the price that the buyer hopes for, ``nan`` if unknown, float64 of shape ``(n,)``.
        row: place among the negotiations that were given, the not engaged ones included, int64 of shape ``(n,)``.
    """

    prices: Floats
    agreement: NDArray[np.bool_]
    sale_price: Floats
    buyer_target: Floats
    row: NDArray[np.int64]

    @classmethod
    def from_events(
        cls,
        roles: ArrayLike,
        prices: ArrayLike,
        agreement: ArrayLike,
        sale_price: ArrayLike,
        buyer_target: ArrayLike = np.nan,
    ) -> "Bargains":
        """Merge consecutive prices of one role into the last and keep the engaged negotiations.

        An acceptance is no event: it shows in ``agreement`` and ``sale_price``. Nor is the seller's list price, which
        stands from the beginning; a price that is insisted upon is named again.

        Args:
            roles: whose turn it was, ``SELLER`` or ``BUYER``, shape ``(n, events)`` or ``(events,)``.
            prices: the price named, ``nan`` if none, shape ``(n, events)``.
            agreement: shape ``(n,)``.
            sale_price: shape ``(n,)``.
            buyer_target: shape ``(n,)``, or one number for all.
        """
        prices = np.asarray(prices, np.float64)
        roles = np.broadcast_to(np.asarray(roles, np.int64), prices.shape)
        n, events = prices.shape
        merged = np.full((n, max(_MIN_COLUMNS, 2 * (events // 2 + 1))), np.nan)
        column = np.full(n, -1)
        for event in range(events):
            spoken = np.flatnonzero(np.isfinite(prices[:, event]))
            role, last = roles[spoken, event], column[spoken]
            column[spoken] = np.where(last < 0, role, last + (last % 2 != role))
            merged[spoken, column[spoken]] = prices[spoken, event]
        engaged = np.flatnonzero(np.isfinite(merged[:, 1]))
        return cls(
            merged[engaged],
            np.asarray(agreement, np.bool_)[engaged],
            np.asarray(sale_price, np.float64)[engaged],
            np.broadcast_to(np.asarray(buyer_target, np.float64), n)[engaged],
            engaged,
        )

    @classmethod
    def from_rounds(
        cls,
        buyer_prices: ArrayLike,
        seller_prices: ArrayLike,
        agreement: ArrayLike,
        sale_price: ArrayLike,
        buyer_target: ArrayLike = np.nan,
    ) -> "Bargains":
        """Build from rounds in which the buyer moves first; ``nan`` where a side named no price.

        Args:
            buyer_prices: shape ``(n, rounds)``.
            seller_prices: the seller's answer in the same round, shape ``(n, rounds)``.
            agreement: shape ``(n,)``.
            sale_price: shape ``(n,)``.
            buyer_target: shape ``(n,)``, or one number for all.
        """
        pair = np.stack([np.asarray(buyer_prices, np.float64), np.asarray(seller_prices, np.float64)], axis=-1)
        n, rounds, _ = pair.shape
        roles = np.tile([BUYER, SELLER], rounds)
        return cls.from_events(roles, pair.reshape(n, 2 * rounds), agreement, sale_price, buyer_target)

    def __len__(self) -> int:
        return len(self.prices)

    def take(self, rows: NDArray[np.int64]) -> "Bargains":
        """Return the negotiations in ``rows``, in that order; one may occur more than once."""
        return Bargains(
            self.prices[rows], self.agreement[rows], self.sale_price[rows], self.buyer_target[rows], self.row[rows]
        )

    @cached_property
    def first_price(self) -> Floats:
        """The buyer's first price, shape ``(n,)``."""
        return self.prices[:, 1]

    @cached_property
    def countered(self) -> NDArray[np.bool_]:
        """Whether the seller named a price after the buyer's first one, shape ``(n,)``."""
        return np.isfinite(self.prices[:, 2])

    @cached_property
    def accepted_at_once(self) -> NDArray[np.bool_]:
        """Whether the buyer's first price was the deal and no other was named after it, shape ``(n,)``."""
        return ~self.countered & self.agreement & (np.abs(self.sale_price - self.first_price) <= SAME_PRICE)

    @cached_property
    def prices_named(self) -> NDArray[np.int64]:
        """Prices named by both sides, shape ``(n,)``."""
        named: NDArray[np.int64] = np.isfinite(self.prices).sum(axis=1)
        return named

    @cached_property
    def standing(self) -> Floats:
        """The prices, with the list price in column 0 where the seller had named none, shape ``(n, columns)``."""
        standing = self.prices.copy()
        standing[np.isnan(standing[:, 0]), 0] = LIST_PRICE
        return standing

    @cached_property
    def gap_fractions(self) -> Floats:
        """How much of the gap to the other side's standing price each price closes, shape ``(n, columns)``.

        0: the own price again, 1: the other side's price. ``nan`` in columns 0 and 1, where nothing of one's own
        stands, and where the gap is less than `SMALLEST_GAP`.
        """
        own, other, price = self.standing[:, :-2], self.standing[:, 1:-1], self.standing[:, 2:]
        upwards = np.where(np.arange(2, self.prices.shape[1]) % 2 == BUYER, 1.0, -1.0)
        gap = (other - own) * upwards
        fractions = np.full(self.prices.shape, np.nan)
        np.divide((price - own) * upwards, gap, out=fractions[:, 2:], where=gap >= SMALLEST_GAP)
        return fractions

    @cached_property
    def seller_concessions(self) -> Floats:
        """By how much the seller's own first, second ... price undercut its lowest before, shape ``(n, columns / 2)``.

        Fractions of the list price, not below 0; ``nan`` past its last price. The list price counts as its lowest
        before the first.
        """
        seller = self.prices[:, 0::2]
        lowest = np.fmin.accumulate(np.column_stack([np.full(len(self), LIST_PRICE), seller]), axis=1)[:, :-1]
        drops = np.where(np.isnan(seller), np.nan, np.maximum(lowest - seller, 0.0))
        return np.where(np.isnan(seller[:, :1]), np.roll(drops, -1, axis=1), drops)
