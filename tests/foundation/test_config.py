"""Settings: development runs as it is, production refuses every throw-away value."""

from __future__ import annotations

import base64

import pytest

from backend.config import ConfigurationError, Settings

KEY = base64.b64encode(bytes(range(32))).decode()
PRODUCTION = {
    "BANGFU_ENV": "production",
    "DATABASE_URL": "postgres://bangfu@db/bangfu",
    "REDIS_URL": "redis://queue/0",
    "SECRET_KEY": "of-this-hospital",
    "ENCRYPTION_KEYS": f"k2:{KEY},k1:{KEY}",
    "INDEX_KEY": KEY,
    "WECHAT_APP_ID": "wx1234567890abcdef",
    "WECHAT_APP_SECRET": "of-this-hospital",
    "WECHAT_PUSH_TOKEN": "of-this-hospital",
    "PUBLIC_URL": "https://bangfu.example",
    "ATTACHMENT_STORE": "s3://bangfu/files",
    "S3_ACCESS_KEY": "of-this-hospital",
    "S3_SECRET_KEY": "of-this-hospital",
}


def test_production_boots_with_all_its_secrets_and_speaks_to_tencent() -> None:
    settings = Settings.from_environment(PRODUCTION)
    assert settings.database_url == "postgresql+psycopg://bangfu@db/bangfu"
    assert settings.wechat_api_url == "https://api.weixin.qq.com"
    assert list(settings.encryption_keys) == ["k2", "k1"]


@pytest.mark.parametrize("name", sorted(PRODUCTION.keys() - {"BANGFU_ENV"}))
def test_production_does_not_boot_without_one_of_them(name: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        Settings.from_environment({**PRODUCTION, name: ""})


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "INDEX_KEY", "ENCRYPTION_KEYS", "WECHAT_APP_SECRET", "ATTACHMENT_STORE"]
)
def test_production_refuses_the_value_of_development(name: str) -> None:
    from backend.config import _DEVELOPMENT_DEFAULTS

    with pytest.raises(ConfigurationError, match=name):
        Settings.from_environment({**PRODUCTION, name: _DEVELOPMENT_DEFAULTS[name]})


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8002",
        "http://api.weixin.qq.com",
        "https://api.weixin.qq.com.example.com",
        "https://example.com/api.weixin.qq.com",
        "https://user@example.com#api.weixin.qq.com",
    ],
)
def test_production_refuses_the_stand_in_and_all_that_looks_like_tencent(url: str) -> None:
    with pytest.raises(ConfigurationError, match="WECHAT_API_URL"):
        Settings.from_environment({**PRODUCTION, "WECHAT_API_URL": url})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENCRYPTION_KEYS", "k1"),
        ("ENCRYPTION_KEYS", "k1:notbase64!"),
        ("ENCRYPTION_KEYS", f"much-too-long:{KEY}"),
        ("INDEX_KEY", base64.b64encode(b"short").decode()),
        ("BANGFU_ENV", "staging"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "all"),
        ("PUBLIC_URL", "http://bangfu.example"),
        ("PUBLIC_URL", "https://bangfu.example?from=here"),
        ("ATTACHMENT_STORE", "/srv/files"),
        ("ATTACHMENT_STORE", "file://srv/files"),
        ("ATTACHMENT_STORE", "s3:///files"),
        ("S3_ENDPOINT", "minio:9000"),
    ],
)
def test_a_malformed_value_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        Settings.from_environment({**PRODUCTION, name: value})


def test_no_secret_shows_in_what_a_settings_object_prints() -> None:
    text = repr(Settings.from_environment(PRODUCTION))
    assert "of-this-hospital" not in text
    assert str(bytes(range(32))) not in text
