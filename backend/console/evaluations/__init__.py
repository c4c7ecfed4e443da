"""Evaluations (鉴定) at the end of dispatches: the list, one whole, its parts written and answered, its paper."""

from backend.console.evaluations import listing, papers, viewing, writing
from backend.console.evaluations.blueprint import bp

__all__ = ["bp", "listing", "papers", "viewing", "writing"]
