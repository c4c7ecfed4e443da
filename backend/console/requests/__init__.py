"""Leave and corrections (请假与补签), and missed shifts: lists, one of each, and what is decided about them."""

from backend.console.requests import corrections, leave, missed
from backend.console.requests.blueprint import bp

__all__ = ["bp", "corrections", "leave", "missed"]
