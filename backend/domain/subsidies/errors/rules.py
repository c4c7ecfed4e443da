"""Situations in which a programme, an item, a rule or a budget cannot be kept so."""

from __future__ import annotations

from backend.foundation.errors import Conflict, Invalid


class ProgrammeInvalid(Invalid):
    """A name or a kind is missing, or the organisation pays nobody."""

    code = "programme_invalid"


class ProgrammeExists(Conflict):
    """The organisation has a programme of this name."""

    code = "programme_exists"
    message = "本单位已有同名的补贴项目，请换一个名称。"


class ItemExists(Conflict):
    """The programme has an item of this name."""

    code = "item_exists"
    message = "这个项目已有同名的名目，请换一个名称，或在原名目下提出新规则。"


class RuleInvalid(Invalid):
    """The terms, months, audience or document make no rule."""

    code = "rule_invalid"


class RuleOverlaps(Conflict):
    """An approved version for the same item and audience holds in some of these months."""

    code = "rule_overlaps"
    message = "同一名目、同一适用范围在这些月份已有批准的规则。新规则要晚于原规则的起始月份开始，或避开它的月份。"


class RuleDecided(Conflict):
    """It was approved, rejected or withdrawn before."""

    code = "rule_decided"
    message = "这条规则已经办理，请刷新后查看。"


class OwnProposal(Conflict):
    """Who proposed it does not decide on it."""

    code = "own_proposal"
    message = "不能批准或否决自己提出的规则，请由另一人办理。"


class NotOwnProposal(Conflict):
    """Only who proposed it withdraws it."""

    code = "not_own_proposal"
    message = "只有提出人可以撤回。如不同意，请选择“不予批准”。"


class ReasonMissing(Invalid):
    """A refusal says why."""

    code = "reason_missing"
    message = "请填写理由，让提出人知道要改什么。"


class BudgetInvalid(Invalid):
    """The sum, the year or the document makes no budget."""

    code = "budget_invalid"


class TrialTooLarge(Conflict):
    """A year has too many months of people to compute while somebody waits."""

    code = "trial_too_large"
    message = "这一年会签的考勤表太多，不能当场试算。请由各医院分别试算。"
