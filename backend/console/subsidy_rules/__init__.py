"""Rules of subsidies (补贴规则): programmes, items, versions and what holds where; proposing and deciding."""

from backend.console.subsidy_rules import changing, deciding, viewing
from backend.console.subsidy_rules.blueprint import bp

__all__ = ["bp", "changing", "deciding", "viewing"]
