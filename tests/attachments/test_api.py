"""/attachments as a phone calls it."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.api.parsing import MAXIMUM_FILE_BODY_BYTES
from backend.domain.attachments.models import Attachment
from backend.domain.attachments.rules import MAXIMUM_BYTES, PictureCheck
from backend.domain.attachments.service import files
from backend.domain.audit.models import AuditEvent
from backend.extensions import db
from backend.foundation.actor import Role
from tests.support.county import County, make_county
from tests.support.documents import PPTX, as_zip
from tests.support.phone import make_phone
from tests.support.pictures import PNG, bomb, photograph

PHOTO = PNG
TAKEN_AT = datetime(2026, 11, 3, 9)  # noqa: DTZ001 - as cameras write it


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def phone(county: County) -> dict[str, str]:
    return make_phone(county.doctor)


def upload(client: FlaskClient, phone: dict[str, str], content: bytes = PHOTO, name: str = "病假条.png") -> Any:
    # Written out: the test client would leave its temporary file of a large body open.
    head = f'--part\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + content + b"\r\n--part--\r\n"
    return client.post(
        "/api/v1/attachments", data=body, headers=phone, content_type="multipart/form-data; boundary=part"
    )


def code(response: Any) -> str:
    return str(response.get_json()["error"]["code"])


def test_an_uploaded_file_is_kept_encrypted_and_comes_back_as_it_was(
    client: FlaskClient, phone: dict[str, str], county: County
) -> None:
    response = upload(client, phone)
    assert response.status_code == 201
    told = response.get_json()
    assert (told["filename"], told["content_type"], told["size"]) == ("病假条.png", "image/png", len(PHOTO))
    row = db.session.scalars(select(Attachment)).one()
    assert row.uploaded_by_person_id == county.doctor.id

    file = client.get(f"/api/v1/attachments/{told['id']}", headers=phone)
    assert file.data == PHOTO
    assert file.mimetype == "image/png"
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Cache-Control"] == "no-store"
    assert file.headers["Content-Disposition"].endswith("filename*=UTF-8''%E7%97%85%E5%81%87%E6%9D%A1.png")


def test_the_trail_tells_of_an_upload_without_its_name(
    client: FlaskClient, phone: dict[str, str], county: County
) -> None:
    upload(client, phone, name="吕芬春病历.jpg")
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "upload_file")).one()
    assert event.details == {"size": len(PHOTO)}


def test_a_name_that_lies_does_not_change_what_the_file_is(client: FlaskClient, phone: dict[str, str]) -> None:
    told = upload(client, phone, b"%PDF-1.4 rest", "photo.jpg").get_json()
    assert (told["filename"], told["content_type"]) == ("photo.pdf", "application/pdf")
    refused = upload(client, phone, b"<html><script>alert(1)</script>", "photo.jpg")
    assert (refused.status_code, code(refused)) == (415, "file_kind_refused")


def test_what_a_camera_wrote_into_a_photograph_is_not_kept(
    client: FlaskClient, phone: dict[str, str], county: County
) -> None:
    told = upload(client, phone, photograph(place=(102.8329, 24.8801), taken_at=TAKEN_AT), "IMG_1.jpg")
    row = db.session.scalars(select(Attachment)).one()
    assert (row.taken_on, row.picture_check) == (date(2026, 11, 3), PictureCheck.UNASKED)
    assert row.place is not None
    assert b"102." not in row.place
    kept = client.get(f"/api/v1/attachments/{told.get_json()['id']}", headers=phone).data
    assert b"Exif" not in kept


@pytest.mark.parametrize(
    ("content", "status", "expected"),
    [
        (PNG[:-100], 422, "picture_broken"),
        (bomb(60_000, 60_000), 422, "picture_too_large"),
        (as_zip("[Content_Types].xml", "ppt/presentation.xml", "ppt/vbaProject.bin"), 415, "file_has_macros"),
        (as_zip("evil.html"), 415, "file_kind_refused"),
    ],
)
def test_what_cannot_be_shown_to_anybody_is_refused_and_leaves_nothing(
    client: FlaskClient, phone: dict[str, str], content: bytes, status: int, expected: str
) -> None:
    refused = upload(client, phone, content)
    assert (refused.status_code, code(refused)) == (status, expected)
    assert db.session.scalars(select(Attachment)).all() == []


def test_slides_are_taken(client: FlaskClient, phone: dict[str, str]) -> None:
    told = upload(client, phone, PPTX, "高血压讲座.PPTX").get_json()
    assert told["filename"] == "高血压讲座.pptx"
    assert client.get(f"/api/v1/attachments/{told['id']}", headers=phone).data == PPTX


def test_eight_megabytes_are_the_limit(client: FlaskClient, phone: dict[str, str]) -> None:
    head = b"%PDF-1.7"
    assert upload(client, phone, head + bytes(MAXIMUM_BYTES - len(head))).status_code == 201
    for size in (MAXIMUM_BYTES + 1, MAXIMUM_FILE_BODY_BYTES + 1):
        refused = upload(client, phone, head + bytes(size - len(head)))
        assert (refused.status_code, code(refused)) == (413, "file_too_large")
        assert "8 MB" in refused.get_json()["error"]["message"]


def test_other_routes_keep_their_small_limit(client: FlaskClient, phone: dict[str, str]) -> None:
    large = client.put("/api/v1/me/current-role", json={"role": "x" * 70_000}, headers=phone)
    assert (large.status_code, code(large)) == (413, "body_too_large")


@pytest.mark.parametrize(
    ("sent", "status", "expected"),
    [
        ({"json": {"file": "x"}}, 415, "not_multipart"),
        ({"data": {"other": (BytesIO(PHOTO), "a.jpg")}}, 422, "invalid"),
        ({"data": {"file": "text"}, "content_type": "multipart/form-data"}, 422, "invalid"),
        ({"data": {}, "content_type": "multipart/form-data"}, 422, "invalid"),
        ({"data": {"file": (BytesIO(b""), "a.jpg")}}, 422, "file_empty"),
        ({"data": {"file": [(BytesIO(PHOTO), "a.jpg"), (BytesIO(PHOTO), "b.jpg")]}}, 422, "invalid"),
    ],
)
def test_what_is_no_file_is_refused(
    client: FlaskClient, phone: dict[str, str], sent: dict[str, Any], status: int, expected: str
) -> None:
    response = client.post("/api/v1/attachments", headers=phone, **sent)
    assert (response.status_code, code(response)) == (status, expected)


def test_nobody_else_reads_a_file_that_belongs_to_nothing(
    client: FlaskClient, phone: dict[str, str], county: County
) -> None:
    path = f"/api/v1/attachments/{upload(client, phone).get_json()['id']}"
    others = [make_phone(county.medical_affairs, Role.MEDICAL_AFFAIRS), make_phone(county.director, Role.DIRECTOR)]
    for other in (*others, make_phone(None)):
        assert client.get(path, headers=other).status_code == 404
    assert client.get(path).status_code == 401


def test_who_is_on_no_roster_uploads_nothing(client: FlaskClient, app: Flask) -> None:
    assert upload(client, make_phone(None)).status_code == 403


def test_one_phone_fills_nobodys_disk(
    client: FlaskClient, phone: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "UPLOADS_A_DAY", 2)
    assert [upload(client, phone).status_code for _ in range(3)] == [201, 201, 429]
