"""The desk (服务台): the clinics of a day, who comes to one, walk-ins, what is entered afterwards, appeals."""

from backend.console.desk import afterwards, appeals, days, receiving, walk_ins
from backend.console.desk.blueprint import bp

__all__ = ["afterwards", "appeals", "bp", "days", "receiving", "walk_ins"]
