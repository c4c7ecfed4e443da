"""Promotion (晋升资格): the personnel office's list, one person whole, and their papers."""

from backend.console.promotion import listing, papers, viewing
from backend.console.promotion.blueprint import bp

__all__ = ["bp", "listing", "papers", "viewing"]
