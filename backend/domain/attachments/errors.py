"""Situations in which a file cannot be taken."""

from __future__ import annotations

from backend.foundation.errors import BangfuError, Invalid, TooManyAttempts


class FileTooLarge(BangfuError):
    """It has more bytes than any proof needs."""

    status = 413
    code = "file_too_large"
    message = "文件不能超过8 MB，请压缩后重新选择。"


class FileKindRefused(BangfuError):
    """Its first bytes are of no kind that is taken, whatever its name says."""

    status = 415
    code = "file_kind_refused"
    message = "只能上传 JPG、PNG 图片或 PDF 文件，请重新选择。"


class FileEmpty(Invalid):
    """There is nothing in it."""

    code = "file_empty"
    message = "文件是空的，请重新选择。"


class TooManyFiles(TooManyAttempts):
    """The person has uploaded more in a day than anybody needs."""

    code = "too_many_files"
    message = "今天上传的文件过多，请明天再试。"
