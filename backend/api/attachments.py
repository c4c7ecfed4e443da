"""/attachments: proof files, uploaded before they are attached to something."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import Response

from backend.api.authentication import current_actor, open_to_everybody
from backend.api.files import file_response
from backend.api.schemas.attachments import AttachmentInput, AttachmentOut
from backend.domain.attachments.queries import read_for_check, read_own_file
from backend.domain.attachments.rules import MAXIMUM_BYTES
from backend.domain.attachments.service.files import store_file

bp = APIBlueprint("attachments", __name__, url_prefix="/attachments", tag="附件")


@bp.post("")
@bp.input(AttachmentInput, location="files")
@bp.output(AttachmentOut, status_code=201)
@bp.doc(
    summary="上传一个文件",
    description="JPG、PNG、PDF、PPTX、DOCX、XLSX，不超过 8 MB；种类按内容判断。图片中的拍摄信息会被去除。"
    "上传后凭编号附在工作日志、请假等上。",
    responses={
        403: "没有绑定人员",
        413: "文件过大",
        415: "不是可以上传的文件，或含有宏",
        422: "图片已损坏或尺寸过大",
        429: "上传过多",
    },
)
def upload(files_data: dict[str, Any]) -> Any:
    file = files_data["file"]
    return store_file(current_actor(), file.filename or "", file.stream.read(MAXIMUM_BYTES + 1))


@bp.get("/checks/<token>")
@open_to_everybody
@bp.doc(hide=True)
def fetch_for_check(token: str) -> Response:
    """Show a picture to WeChat, which comes by a token that we gave it."""
    return file_response(read_for_check(token))


@bp.get("/<uuid:attachment_id>")
@bp.doc(summary="本人上传的文件", responses={200: "文件本身"})
def download(attachment_id: UUID) -> Response:
    return file_response(read_own_file(current_actor(), attachment_id))
