"""Budgets of subsidies (补贴预算): a year of each programme with its chart, and setting a budget."""

from backend.console.budgets import setting, viewing
from backend.console.budgets.blueprint import bp

__all__ = ["bp", "setting", "viewing"]
