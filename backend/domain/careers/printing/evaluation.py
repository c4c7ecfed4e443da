"""What a printed 鉴定表 says: the value that the PDF and the Word document are both drawn from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

TITLE = "对口支援派驻人员鉴定表"
NO_CODE = "鉴定完成后生成核验码"
NO_DATE = "年　　月　　日"
Field = tuple[str, str]


@dataclass(frozen=True)
class Section:
    """What one of those who take part wrote, with the line under it that is signed, sealed and dated.

    Without `signs` nothing is signed: the record says so.
    """

    label: str
    text: str
    grade_label: str = ""
    signs: str = ""  # as what: 签字, 科室负责人
    signer_name: str = ""
    signed_on_label: str = NO_DATE
    sealed: bool = False

    @property
    def signature_line(self) -> str:
        """The line under the text."""
        if not self.signs:
            return ""
        grade = f"等次：{self.grade_label}" if self.grade_label else ""
        seal = "（盖章）" if self.sealed else ""
        return "　　".join(filter(None, (grade, f"{self.signs}：{self.signer_name}", seal, self.signed_on_label)))


@dataclass(frozen=True)
class PrintedEvaluation:
    """One evaluation with every text as it is to be read; `fields` row by row under the title."""

    fields: Sequence[Sequence[Field]]
    sections: Sequence[Section]
    status_label: str
    is_valid: bool
    verification_code: str | None = None
    verification_url: str | None = None

    @property
    def invalid_notice(self) -> str:
        return f"{self.status_label}：本表未完成，无效"

    @property
    def footer(self) -> str:
        """The code and where it leads."""
        code = f"核验码 {self.verification_code}" if self.verification_code else NO_CODE
        return "　".join(filter(None, (code, self.verification_url or "")))

    def texts(self) -> Iterator[str]:
        """Every text that somebody entered or the record says."""
        yield from (text for row in self.fields for _label, text in row)
        for section in self.sections:
            yield from (section.text, section.signature_line)
        yield self.verification_code or ""
