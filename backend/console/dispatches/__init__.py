"""Dispatches (派驻): the list, one with its month of taps, sending, changing, ending, substituting."""

from backend.console.dispatches import changing, creating, ending, suspending, viewing
from backend.console.dispatches.blueprint import bp

__all__ = ["bp", "changing", "creating", "ending", "suspending", "viewing"]
