"""Situations in which a rule of promotion, a paper about service or a certificate cannot be what it should."""

from __future__ import annotations

from backend.foundation.errors import Conflict, Invalid, NotFound


class PromotionRuleNotFound(NotFound):
    """There is no such rule, or not for this actor."""

    code = "promotion_rule_not_found"
    message = "没有找到这条晋升规则。它可能不在您的单位范围内。"


class PromotionRuleInvalid(Invalid):
    """What was filled in cannot be a rule."""

    code = "promotion_rule_invalid"


class PromotionRuleDecided(Conflict):
    """It is approved, rejected or withdrawn already."""

    code = "promotion_rule_decided"
    message = "这条规则已有结论，不能再改动。需要调整时，请另提新版本。"


class OwnPromotionRule(Conflict):
    """Nobody approves what they proposed."""

    code = "own_promotion_rule"
    message = "不能批准本人提出的规则，请由其他有权限的人办理。"


class NotOwnPromotionRule(Conflict):
    """Only who proposed a rule takes it back."""

    code = "not_own_promotion_rule"
    message = "只能由提出人撤回。如不同意，请选择不批准并写明原因。"


class PromotionRuleOverlaps(Conflict):
    """Another version holds in these days, which this one does not simply follow."""

    code = "promotion_rule_overlaps"
    message = "这段时间已有同名规则的其他版本。新版本须在现行版本之后开始；请调整起始日期后重新提出。"


class PersonUnknown(NotFound):
    """There is no such person, or not for this actor."""

    code = "person_not_found"
    message = "没有找到这位人员。可能不在您的单位范围内。"


class OwnRecord(Conflict):
    """Nobody keeps their own record."""

    code = "own_record"
    message = "不能办理本人的材料，请由本单位其他人事科人员办理。"


class ServiceInvalid(Invalid):
    """What was filled in cannot be service that somebody did."""

    code = "service_invalid"


class ServiceOverlaps(Conflict):
    """A paper of the same days was entered already."""

    code = "service_overlaps"
    message = "这段时间与已登记的另一段经历重叠，请核对起止日期。"


class PaperNotFound(NotFound):
    """There is no such service, refusal or paper, or not for this actor."""

    code = "service_paper_not_found"
    message = "没有找到这条记录。它可能不在您的单位范围内。"


class PaperWithdrawn(Conflict):
    """It was taken back already."""

    code = "service_paper_withdrawn"
    message = "这条记录已撤销，请刷新后查看。"


class PaperFiled(Conflict):
    """The paper is filed already."""

    code = "service_paper_filed"
    message = "这段经历已有证明材料。需要更换时，请撤销后重新登记。"


class ReasonNeeded(Invalid):
    """It must be said why."""

    code = "reason_missing"
    message = "请填写原因。"

    def __init__(self) -> None:
        super().__init__(fields={"reason": ["请填写原因，不超过200字。"]})


class NoRuleForTitle(Conflict):
    """Nobody has said what the title asks."""

    code = "no_rule_for_title"
    message = "该职称还没有已批准的晋升规则，不能出具证明。请先提出规则并由他人批准。"


class NotEligible(Conflict):
    """A certificate says what is so."""

    code = "not_eligible"
    message = "按现行规则尚不符合条件，不能出具证明。请查看还缺什么。"


class CertificateIssued(Conflict):
    """One that holds is there already."""

    code = "certificate_issued"
    message = "该职称已有有效的服务证明，请直接使用。需要按最新情况重新出具时，请先作废原证明。"


class CertificateNotFound(NotFound):
    """There is no such certificate, or not for this actor."""

    code = "certificate_not_found"
    message = "没有找到这份服务证明。它可能不在您的单位范围内。"


class CertificateRevoked(Conflict):
    """It was revoked already."""

    code = "certificate_revoked"
    message = "这份证明已经作废，请刷新后查看。"
