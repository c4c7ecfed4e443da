"""Records of activities (工作日志): a list with filters, one record with its proof, signing, the list as a file."""

from backend.console.activities import exporting, listing, signing, viewing
from backend.console.activities.blueprint import bp

__all__ = ["bp", "exporting", "listing", "signing", "viewing"]
