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
    message = "只能上传 JPG、PNG 图片，PDF，或 PPTX、DOCX、XLSX 文件；旧版 PPT、DOC、XLS 请先另存为新格式。"


class PaperKindRefused(FileKindRefused):
    """A paper that was signed or issued is a picture or a PDF."""

    message = "只能上传 JPG、PNG 图片或 PDF 文件，请重新选择。"


class FileHasMacros(FileKindRefused):
    """A document brings programs along."""

    code = "file_has_macros"
    message = "文件中含有宏，不能上传。请另存为不含宏的文件后重新选择。"


class PictureTooLarge(Invalid):
    """It has too many pixels, whatever the number of its bytes."""

    code = "picture_too_large"
    message = "图片尺寸过大（超过5000万像素），请缩小或重新拍摄后上传。"


class PictureBroken(Invalid):
    """It begins as a picture, and cannot be decoded."""

    code = "picture_broken"
    message = "图片已损坏，无法打开，请重新选择或拍摄。"


class FileEmpty(Invalid):
    """There is nothing in it."""

    code = "file_empty"
    message = "文件是空的，请重新选择。"


class TooManyFiles(TooManyAttempts):
    """The person has uploaded more in a day than anybody needs."""

    code = "too_many_files"
    message = "今天上传的文件过多，请明天再试。"
