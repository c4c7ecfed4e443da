"""A doctor's first day, over HTTP only: a hospital's spreadsheet, a phone, and the office's page a moment later."""

from __future__ import annotations

import re
import subprocess
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import requests
from openpyxl import Workbook

from backend.foundation import clock
from dev.places import PYTHON, ROOT
from tests.support.deployment import Deployment, environment_of
from tests.support.standin import Standin

HOSPITAL, TOWNSHIP = "53019901", "53019910"
TELEPHONE = "13807784483"
AT_THE_SITE = {"longitude": 103.2003, "latitude": 27.3001, "accuracy_m": 25, "coordinate_system": "GCJ-02"}
AT_HOME = {"longitude": 103.9, "latitude": 27.9, "accuracy_m": 25, "coordinate_system": "GCJ-02"}


def write_roster(path: Path) -> None:
    """Write what the medical affairs office keeps: who is sent where, from yesterday on."""
    first, last = clock.today() - timedelta(days=1), clock.today() + timedelta(days=120)
    book = Workbook()
    book.remove(book.worksheets[0])
    sheets: dict[str, list[list[Any]]] = {
        "机构": [
            ["机构代码", "机构名称", "类型", "等级", "上级机构代码"],
            ["53019900", "云岭县卫生健康局", "卫生健康局", "", ""],
            [HOSPITAL, "云岭县人民医院", "县级医院", "二级甲等", "53019900"],
            [TOWNSHIP, "青石镇中心卫生院", "乡镇卫生院", "一级", "53019900"],
        ],
        "派驻点": [
            ["机构代码", "派驻点名称", "经度", "纬度", "坐标系", "半径(米)"],
            [TOWNSHIP, "院本部", 103.2, 27.3, "GCJ-02", 300],
        ],
        "人员": [
            ["机构代码", "工号", "姓名", "性别", "出生年月", "职称", "科室", "手机号", "身份证后四位", "角色"],
            [HOSPITAL, "A0001", "吕芬春", "男", date(1982, 3, 13), "副主任医师", "内科", TELEPHONE, "8313", "派驻人员"],
            [HOSPITAL, "M0001", "秦明永", "男", date(1974, 1, 26), "", "", "13992369388", "3003", "医务科"],
            [TOWNSHIP, "T0001", "郑明卫", "男", date(1979, 11, 16), "", "", "13973270296", "6440", "受援院长"],
        ],
        "派驻": [
            ["派出机构代码", "工号", "受援机构代码", "派驻点名称", "类型", "开始日期", "结束日期", "接收科室"],
            [HOSPITAL, "A0001", TOWNSHIP, "院本部", "长期派驻", first, last, "内科"],
        ],
    }
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)


class Phone:
    """Somebody's WeChat with the mini-program in it."""

    def __init__(self, server: str, standin: Standin, openid: str, telephone: str) -> None:
        self._api, self._standin, self._openid, self._telephone = f"{server}/api/v1", standin, openid, telephone
        self._headers: dict[str, str] = {}

    def log_in(self) -> Any:
        answer = self.post("/session", {"code": self._standin.login_code(self._openid)})
        self._headers = {"Authorization": f"Bearer {answer['access_token']}"}
        return answer["me"]

    def bind(self, name: str, tail: str) -> Any:
        code = self._standin.phone_code(self._telephone)
        return self.post("/me/binding", {"phone_code": code, "name": name, "identity_last4": tail})

    def tap(self, dispatch_id: str, location: dict[str, Any], key: str) -> Any:
        body = {"dispatch_id": dispatch_id, "kind": "in", "location": location}
        return self.post("/check-ins", body, {"Idempotency-Key": key})["check_in"]

    def post(self, path: str, body: Any, headers: dict[str, str] | None = None) -> Any:
        answer = requests.post(self._api + path, json=body, headers=self._headers | (headers or {}), timeout=10)
        return answer.json()

    def get(self, path: str) -> Any:
        return requests.get(self._api + path, headers=self._headers, timeout=10).json()


class Office:
    """A browser at a desk, without the browser."""

    def __init__(self, server: str) -> None:
        self._server, self._browser = f"{server}/console", requests.Session()

    def log_in(self, staff_number: str, password: str, organisation_code: str = "") -> requests.Response:
        form = {"staff_number": staff_number, "password": password, "organisation_code": organisation_code}
        return self.submit("/login", form)

    def submit(self, path: str, form: dict[str, str]) -> requests.Response:
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.read(path))
        assert token is not None
        return self._browser.post(self._server + path, data=form | {"csrf_token": token[1]}, timeout=10)

    def read(self, path: str) -> str:
        return self._browser.get(self._server + path, timeout=10).text


def command(deployment: Deployment, *arguments: str) -> str:
    """Run a command of flask as whoever runs the server does."""
    done = subprocess.run(
        [str(PYTHON), "-m", "flask", "--app", "wsgi", *arguments],
        cwd=ROOT,
        env=environment_of(deployment.settings) | {"LOG_LEVEL": "WARNING", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout.strip()


def line_of(name: str, page: str) -> str:
    """Return the text of the table row that starts with a name."""
    row = re.search(rf"<tr>(?:(?!</tr>).)*{name}.*?</tr>", page, re.DOTALL)
    assert row is not None, f"{name} is not on the page"
    return re.sub(r"<[^>]+>|\s+", " ", row[0])


def test_from_the_spreadsheet_to_the_office_page(server: Deployment, standin: Standin, tmp_path: Path) -> None:
    roster = tmp_path / "roster.xlsx"
    write_roster(roster)
    assert "检查通过，尚未导入。" in command(server, "import", "roster", str(roster), "--dry-run")
    assert "已导入。" in command(server, "import", "roster", str(roster))
    one_time = command(server, "accounts", "set-password", HOSPITAL, "M0001", "--generate")

    office = Office(server.url)
    assert "修改密码" in office.log_in("M0001", one_time).text
    office.submit("/password", {"old": one_time, "new": "一句只有我记得的话吧", "again": "一句只有我记得的话吧"})
    assert "吕芬春" in office.read("/today")
    assert "在点内" not in line_of("吕芬春", office.read("/today"))

    phone = Phone(server.url, standin, "o-lv-fenchun", TELEPHONE)
    me = phone.log_in()
    assert (me["person"], me["binding"]["state"]) == (None, "unbound")
    assert phone.bind("吕芬春", "0000")["error"]["code"] == "binding_not_matched"
    assert phone.bind("吕芬春", "8313")["binding"]["state"] == "bound"
    today = phone.get("/me/today")
    assert today["duty"]["recipient"]["name"] == "青石镇中心卫生院"
    assert today["notice_count"] == 1

    far = phone.tap(today["duty"]["dispatch_id"], AT_HOME, "tap-0001")
    assert far["verdict"] == "outside"
    near = phone.tap(today["duty"]["dispatch_id"], AT_THE_SITE, "tap-0002")
    assert (near["verdict"], near["effective"]) == ("inside", True)
    again = phone.tap(today["duty"]["dispatch_id"], AT_THE_SITE, "tap-0002")
    assert again["id"] == near["id"]

    assert "在点内" in line_of("吕芬春", office.read("/today"))
    assert len(phone.get("/me/today")["taps"]) == 2

    assert "新增0" in re.sub(r"\s", "", command(server, "import", "roster", str(roster)))


def test_the_log_of_the_day_names_nobody(server: Deployment, standin: Standin, tmp_path: Path) -> None:
    roster = tmp_path / "roster.xlsx"
    write_roster(roster)
    command(server, "import", "roster", str(roster))
    phone = Phone(server.url, standin, "o-lv-fenchun", TELEPHONE)
    phone.log_in()
    phone.bind("吕芬春", "8313")
    phone.tap(phone.get("/me/today")["duty"]["dispatch_id"], AT_THE_SITE, "tap-0001")

    said = server.words_of("web")

    assert said, "a log that says nothing proves nothing"
    for secret in ("吕芬春", TELEPHONE, "8313", "o-lv-fenchun", "103.2003", "27.3001"):
        assert secret not in said
