"""Storage: a folder and a bucket keep objects alike."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backend.config import S3Access
from backend.foundation.storage import Storage, StorageUnavailable
from dev.ports import pick
from tests.support.storage import served_bucket

LARGE = os.urandom(6 * 1024 * 1024)  # more than S3 takes in one part of an upload in parts


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storage]:
    with served_bucket(tmp_path_factory.mktemp("s3")) as bucket:
        yield bucket


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return Storage((tmp_path / "not yet there").as_uri().replace("%20", " "))
    bucket: Storage = request.getfixturevalue("bucket")
    return bucket


def in_a_minute() -> datetime:
    return datetime.now(UTC) + timedelta(minutes=1)


def test_what_is_put_comes_back_until_it_is_deleted(storage: Storage) -> None:
    for key, content in (("a/1/one", b"one"), ("a/2/two", LARGE), ("b/three", b"")):
        storage.put(key, content)
        assert storage.get(key) == content
    assert sorted(storage.keys("a/", before=in_a_minute())) == ["a/1/one", "a/2/two"]
    storage.delete(["a/1/one", "never/there", "a/2/two"])
    assert list(storage.keys("a/", before=in_a_minute())) == []
    with pytest.raises(StorageUnavailable):
        storage.get("a/1/one")
    assert storage.get("b/three") == b""


def test_what_came_later_is_not_listed(storage: Storage) -> None:
    storage.put("late/one", b"one")
    assert list(storage.keys("late/", before=datetime.now(UTC) - timedelta(minutes=1))) == []


def test_a_bucket_out_of_reach_or_with_another_secret_says_so_without_naming_either(bucket: Storage) -> None:
    assert bucket.s3 is not None
    for access in (
        dataclasses.replace(bucket.s3, secret_key="another"),
        S3Access(endpoint=f"http://127.0.0.1:{pick()}", access_key="theKey", secret_key="theSecret"),
    ):
        elsewhere = Storage(bucket.url, access)
        for deed in (lambda: elsewhere.put("a", b"a"), lambda: elsewhere.get("a")):  # noqa: B023 - called at once
            with pytest.raises(StorageUnavailable) as caught:
                deed()
            assert (caught.value.status, caught.value.__cause__) == (503, None)
            assert "theKey" not in repr(caught.value)
        elsewhere.delete_if_possible(["a"])  # an orphan is left for the sweep, and nobody is troubled


def test_what_a_killed_process_left_in_a_folder_is_dropped_when_it_is_old(tmp_path: Path) -> None:
    storage = Storage(tmp_path.as_uri())
    storage.put("a/whole", b"whole")
    half = tmp_path / "a" / "half#1"
    half.write_bytes(b"ha")
    assert storage.drop_unfinished(before=datetime.now(UTC) - timedelta(hours=1)) == 0
    assert storage.drop_unfinished(before=in_a_minute()) == 1
    assert (half.exists(), storage.get("a/whole")) == (False, b"whole")
