"""What lies in the storage and what the rows say go together: neither is without the other."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import time_machine
from flask import Flask

from backend.domain.attachments.models import Attachment
from backend.domain.attachments.queries import read_own_file
from backend.domain.attachments.rules import storage_key
from backend.domain.attachments.service.files import store_file
from backend.domain.attachments.service.sweeping import drop_loose_files, sweep_storage
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.errors import NotFound
from backend.foundation.ids import new_id
from backend.foundation.storage import Storage, StorageUnavailable
from backend.foundation.transaction import transaction
from dev.places import PYTHON, ROOT
from tests.support.county import County, make_county
from tests.support.deployment import Deployment, environment_of
from tests.support.storage import served_bucket

PDF = b"%PDF-1.7 " + b"sign-in sheet " * 50
_A_DAY = timedelta(days=1)


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Iterator[Path]:
    """Return a folder that the application of this test keeps its files in."""
    before = app.extensions["storage"]
    app.extensions["storage"] = Storage(tmp_path.as_uri())
    yield tmp_path
    app.extensions["storage"] = before


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_lies_encrypted_under_a_key_that_follows_from_its_row(folder: Path, county: County) -> None:
    attachment = store_file(county.visitor, "签到表.pdf", PDF)
    (kept,) = files_in(folder)
    assert kept == folder / storage_key(attachment.id)
    assert b"sign-in" not in kept.read_bytes()
    assert read_own_file(county.visitor, attachment.id).content == PDF


def test_an_upload_whose_transaction_fails_leaves_nothing(folder: Path, county: County) -> None:
    def fail_after_the_upload() -> None:
        with transaction():
            store_file(county.visitor, "签到表.pdf", PDF)
            assert len(files_in(folder)) == 1
            raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        fail_after_the_upload()
    assert files_in(folder) == []
    assert db.session.query(Attachment).count() == 0


def test_an_upload_that_cannot_be_kept_leaves_no_row(app: Flask, folder: Path, county: County) -> None:
    (folder / "attachments").write_text("in the way")
    with pytest.raises(StorageUnavailable):
        store_file(county.visitor, "签到表.pdf", PDF)
    assert db.session.query(Attachment).count() == 0


def test_a_file_that_is_dropped_goes_with_its_content(folder: Path, county: County) -> None:
    attachment = store_file(county.visitor, "签到表.pdf", PDF)
    with time_machine.travel(clock.now() + 8 * _A_DAY, tick=False):
        assert drop_loose_files() == 1
    assert files_in(folder) == []
    with pytest.raises(NotFound):
        read_own_file(county.visitor, attachment.id)


def test_the_sweep_deletes_what_has_been_without_a_row_for_a_day_and_nothing_else(
    app: Flask, folder: Path, county: County
) -> None:
    attachment = store_file(county.visitor, "签到表.pdf", PDF)
    orphan, foreign = storage_key(new_id()), "attachments/read-me"
    for key in (orphan, foreign):
        app.extensions["storage"].put(key, b"left")
    assert sweep_storage() == 0  # somebody may be about to commit its row
    with time_machine.travel(clock.now() + _A_DAY + timedelta(minutes=1), tick=False):
        assert sweep_storage() == 1
    left = {path.relative_to(folder).as_posix() for path in files_in(folder)}
    assert left == {storage_key(attachment.id), foreign}


def test_a_bucket_keeps_files_as_a_folder_does(app: Flask, folder: Path, county: County, tmp_path: Path) -> None:
    with served_bucket(tmp_path / "s3") as bucket:
        app.extensions["storage"] = bucket
        attachment = store_file(county.visitor, "签到表.pdf", PDF)
        assert read_own_file(county.visitor, attachment.id).content == PDF
        bucket.put(storage_key(new_id()), b"left")
        with time_machine.travel(clock.now() + 8 * _A_DAY, tick=False):
            assert (drop_loose_files(), sweep_storage()) == (1, 1)
            assert list(bucket.keys("", before=clock.now())) == []


@pytest.mark.slow
def test_the_migration_moves_what_rows_hold_into_the_storage_and_back(deployment: Deployment, tmp_path: Path) -> None:
    with deployment.app.app_context():
        county = make_county()
        row_id: UUID = store_file(county.visitor, "签到表.pdf", PDF).id
        key, storage = storage_key(row_id), deployment.app.extensions["storage"]
        kept = storage.get(key)
        db.session.remove()
        migrate(deployment, "downgrade", "0013")
        held = db.session.execute(db.text("SELECT content FROM attachments")).scalar_one()
        assert bytes(held) == kept
        storage.delete([key])
        db.session.remove()
        migrate(deployment, "upgrade")
        assert storage.get(key) == kept
        assert read_own_file(county.visitor, row_id).content == PDF


def migrate(deployment: Deployment, *how: str) -> None:
    subprocess.run(
        [str(PYTHON), "-m", "flask", "--app", "wsgi", "db", *how],
        cwd=ROOT,
        env=environment_of(deployment.settings),
        check=True,
        capture_output=True,
    )
