"""Payment runs (发放批次): the list, preparing one, releasing it, its files, what the bank said; people's accounts."""

from backend.console.payments import accounts, files, preparing, runs, settling
from backend.console.payments.blueprint import bp

__all__ = ["accounts", "bp", "files", "preparing", "runs", "settling"]
