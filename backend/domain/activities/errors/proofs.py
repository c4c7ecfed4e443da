"""Situations in which files cannot prove a record."""

from __future__ import annotations

from backend.foundation.errors import Conflict, Invalid, NotFound


class ProofNotFound(NotFound):
    """There is no such file, or somebody else uploaded it."""

    code = "proof_not_found"
    message = "没有找到这个附件，它可能已被清理。请重新选择文件上传。"


class TooManyProofs(Invalid):
    """More files than anybody looks through."""

    code = "too_many_proofs"
    message = "一条记录最多附9个文件，请删去多余的。"


class ProofRepeated(Invalid):
    """One file is named twice."""

    code = "proof_repeated"
    message = "同一个文件只需附一次，请删去重复的。"


class PhotoNotPicture(Invalid):
    """A photograph must be one."""

    code = "photo_not_picture"
    message = "现场照片须是 JPG 或 PNG 图片，请重新选择；其他文件请选“其他材料”。"


class PictureWaiting(Conflict):
    """WeChat has not said yet what it thinks of a picture."""

    code = "picture_waiting"
    message = "图片审核中，通过后才能查看，请稍后再看。"


class PictureHidden(NotFound):
    """WeChat has refused a picture: its owner only sees it."""

    code = "picture_hidden"
    message = "这张图片未通过微信审核，已隐藏。"
