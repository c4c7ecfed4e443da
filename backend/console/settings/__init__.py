"""Settings (制度设置): single values, and the chain of approvals of subsidies."""

from backend.console.settings import chains, values
from backend.console.settings.blueprint import bp

__all__ = ["bp", "chains", "values"]
