"""An old ledger at the office's browser: checked, compared with its foot, written, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from backend.extensions import db
from tests.imports.ledgers import day, ledger
from tests.support.accounts import give_password
from tests.support.browser import log_in_as
from tests.support.county import County, make_county
from tests.support.deployment import Deployment
from tests.support.factories import make_dispatch
from tests.support.legibility import look


@pytest.fixture
def county(office_server: Deployment) -> Iterator[County]:
    """Return a county of the test's own; its medical affairs can log in."""
    with office_server.app.app_context():
        county = make_county()
        give_password(county.medical_affairs)
        yield county


@pytest.mark.slow  # a roster goes the same way in the suite
def test_a_ledger_is_checked_written_and_taken_back(
    page: Page, office_server: Deployment, county: County, tmp_path: Path
) -> None:
    office_server.start_worker()
    make_dispatch(county.doctor, county.township)
    who = {"工号": county.doctor.staff_number, "受援机构代码": county.township.code}
    lecture = {"类别": "讲座", "主题或内容": "高血压规范管理", "单位": "次", "人次": 40}
    file = tmp_path / "台账.xlsx"
    file.write_bytes(ledger([day(**{**who, "数量": "20余"}), day(**{**who, **lecture, "数量": 1})]))
    db.session.commit()
    log_in_as(page, office_server.url, county.hospital, county.medical_affairs)
    page.get_by_role("link", name="表格导入").click()
    page.get_by_label("工作台账", exact=True).check()
    page.get_by_label("Excel 文件").set_input_files(file)
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_text("检查完成，没有错误")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("row", name="门诊")).to_contain_text("20余人次")
    look(page, "ledger-checked")
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_text("已全部写入")).to_be_visible(timeout=30_000)
    page.get_by_text("撤回导入").click()
    page.get_by_label("撤回原因").fill("导错了文件")
    look(page, "ledger-withdrawing")
    page.get_by_role("button", name="确认撤回").click()
    expect(page.get_by_text("已撤回2条记录")).to_be_visible()
