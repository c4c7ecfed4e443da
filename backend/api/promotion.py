"""/me/promotion: what one's service comes to for a title, and one's certificates of service."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import Response, request

from backend.api.authentication import current_actor
from backend.api.schemas.promotion import PromotionOut
from backend.domain.careers.models.promotion import ServiceCertificate
from backend.domain.careers.printing.certificate import write_certificate
from backend.domain.careers.queries.eligibility import Judged, own_promotion
from backend.domain.careers.queries.papers import own_certificates
from backend.domain.careers.rules.conditions import sentence_of
from backend.domain.careers.rules.eligibility import Finding, arithmetic_of, total_of
from backend.domain.careers.rules.service_days import EXCLUDED_LABELS, Segment
from backend.domain.careers.service.certificates import open_own_certificate, printed_certificate

bp = APIBlueprint("promotion", __name__, url_prefix="/me", tag="晋升")


@bp.get("/promotion")
@bp.output(PromotionOut)
@bp.doc(summary="本人的服务年限与晋升资格", description="按今天有效的全部规则计算；本单位及以上的规则须同时满足。")
def show() -> dict[str, Any]:
    actor = current_actor()
    return {
        "titles": [_title(judged) for judged in own_promotion(actor)],
        "certificates": [_certificate(one) for one in own_certificates(actor)],
    }


@bp.get("/certificates/<uuid:certificate_id>.pdf")
@bp.doc(summary="本人的服务证明", responses={200: "PDF文件"})
def show_certificate(certificate_id: UUID) -> Response:
    certificate = open_own_certificate(current_actor(), certificate_id)
    printed = printed_certificate(certificate, verify_at=f"{request.host_url}console/verify?code=")
    return Response(write_certificate(printed), mimetype="application/pdf")


def _title(judged: Judged) -> dict[str, Any]:
    verdict, missing = judged.verdict, judged.missing
    tightest = verdict.tightest
    return {
        "title": verdict.title,
        "eligible": verdict.is_eligible,
        "verdict_label": "服务年限已符合" if verdict.is_eligible else "服务年限尚不符合",
        "by": judged.by,
        "counted_days": tightest.counted / 2,
        "required_days": tightest.demand.required_days,
        "missing": missing,
        "segments": [_segment(segment) for segment in tightest.segments],
        "rules": [_finding(finding) for finding in verdict.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "name": finding.demand.name,
        "document": finding.demand.document,
        "sentence": sentence_of(finding.demand),
        "is_met": finding.is_met,
        "counted_days": finding.counted / 2,
        "required_days": finding.demand.required_days,
        "total": total_of(finding),
        "segments": [_segment(segment) for segment in finding.segments],
    }


def _segment(segment: Segment) -> dict[str, Any]:
    return {
        "recipient": segment.stay.place,
        "first": segment.starts_on,
        "last": segment.ends_on,
        "days": segment.days,
        "excluded": [
            {"reason": EXCLUDED_LABELS[reason], "days": halves / 2} for reason, halves in segment.excluded.items()
        ],
        "counted": segment.counted / 2,
        "evaluation_label": segment.stay.evaluation_label,
        "arithmetic": arithmetic_of(segment),
    }


def _certificate(certificate: ServiceCertificate) -> dict[str, Any]:
    return {
        "id": certificate.id,
        "title": certificate.title,
        "issued_at": certificate.issued_at,
        "verification_code": certificate.verification_code,
        "revoked": certificate.revoked_at is not None,
        "revoke_reason": certificate.revoke_reason,
    }
