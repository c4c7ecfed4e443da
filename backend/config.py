"""Settings from the environment; production refuses to boot without its secrets."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

TENCENTS_API = "https://api.weixin.qq.com"
_TENCENTS_HOSTS = frozenset({"api.weixin.qq.com", "api2.weixin.qq.com", "sh.api.weixin.qq.com"})
_ENVIRONMENTS = ("development", "test", "production")

# Throw-away values, so that a fresh clone runs; production refuses every one of them.
_DEVELOPMENT_DEFAULTS = {
    "DATABASE_URL": "postgresql+psycopg://bangfu@127.0.0.1:55432/bangfu",
    "REDIS_URL": "redis://127.0.0.1:56379/0",
    "SECRET_KEY": "development-only-not-a-secret",
    "ENCRYPTION_KEYS": "dev1:" + base64.b64encode(b"development-only-32-byte-key-001").decode(),
    "INDEX_KEY": base64.b64encode(b"development-only-32-byte-key-002").decode(),
    "WECHAT_APP_ID": "wx0000000000000000",
    "WECHAT_APP_SECRET": "development-only",
    "WECHAT_PUSH_TOKEN": "development-only",
    "WECHAT_API_URL": "http://127.0.0.1:8002",
    "PUBLIC_URL": "http://127.0.0.1:8000",
    "ATTACHMENT_STORE": (Path(__file__).resolve().parent.parent / ".local" / "attachments").as_uri(),
}
# Patients' messages are long-term, as a public hospital's may be; those of work are not.
_DEVELOPMENT_TEMPLATES = json.dumps(
    {key: {"id": f"dev-{key}", "kind": "long_term"} for key in ("booking_made", "clinic_changed", "place_offered")}
    | {"visit_reminder": {"id": "dev-visit_reminder", "kind": "long_term"}}
    | {key: {"id": f"dev-{key}", "kind": "one_time"} for key in ("work_notice", "spot_check")}
)


class ConfigurationError(Exception):
    """The environment does not make a configuration that may boot."""


def is_tencents_host(url: str) -> bool:
    """Tell whether the URL is HTTPS to a host of Tencent's server API."""
    parts = urlsplit(url)
    return parts.scheme == "https" and parts.hostname in _TENCENTS_HOSTS


@dataclass(frozen=True, kw_only=True)
class InstalledTemplate:
    """A message template as the mini-program of this installation has it."""

    id: str
    standing: bool  # long-term (长期订阅): allowed once; else each accept is for one message
    fields: Mapping[str, str] = field(default_factory=dict)  # slot → WeChat's field, where it is not as in the code


@dataclass(frozen=True, kw_only=True)
class S3Access:
    """How a bucket is reached; without an endpoint it is Amazon's."""

    endpoint: str = ""
    region: str = "us-east-1"
    access_key: str = field(default="", repr=False)
    secret_key: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What differs from one installation to the next."""

    environment: str
    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    encryption_keys: dict[str, bytes] = field(repr=False)  # key id → 32 bytes; the first encrypts, all decrypt
    index_key: bytes = field(repr=False)  # for keyed hashes, on which look-ups and uniqueness stand
    wechat_app_id: str
    wechat_app_secret: str = field(repr=False)
    wechat_push_token: str = field(repr=False)
    wechat_api_url: str
    public_url: str  # of this installation, as WeChat reaches it
    attachment_store: str  # file:///folder or s3://bucket/prefix
    s3: S3Access = S3Access()
    wechat_templates: Mapping[str, InstalledTemplate] = field(default_factory=dict)
    log_level: str = "INFO"
    trusted_proxies: int = 0  # how many proxies in front of us set X-Forwarded-For, -Proto and -Host

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read the settings.

        Raises:
            ConfigurationError: a variable is missing or malformed, or production names a throw-away value.
        """
        environment = environ.get("BANGFU_ENV", "development")
        if environment not in _ENVIRONMENTS:
            raise ConfigurationError(f"BANGFU_ENV must be one of {', '.join(_ENVIRONMENTS)}")
        value = _reader(environ, production=environment == "production")
        return cls(
            environment=environment,
            database_url=_with_driver(value("DATABASE_URL")),
            redis_url=value("REDIS_URL"),
            secret_key=value("SECRET_KEY"),
            encryption_keys=_parse_keys(value("ENCRYPTION_KEYS")),
            index_key=_parse_key("INDEX_KEY", value("INDEX_KEY")),
            wechat_app_id=value("WECHAT_APP_ID"),
            wechat_app_secret=value("WECHAT_APP_SECRET"),
            wechat_push_token=value("WECHAT_PUSH_TOKEN"),
            wechat_api_url=_wechat_api_url(environ, environment),
            public_url=_public_url(value("PUBLIC_URL"), environment),
            attachment_store=_attachment_store(value("ATTACHMENT_STORE")),
            s3=_s3_access(environ, needed=value("ATTACHMENT_STORE").startswith("s3:")),
            wechat_templates=_parse_templates(environ.get("WECHAT_TEMPLATES") or _default_templates(environment)),
            log_level=environ.get("LOG_LEVEL", "INFO"),
            trusted_proxies=_parse_count("TRUSTED_PROXIES", environ.get("TRUSTED_PROXIES") or "0"),
        )


def _reader(environ: Mapping[str, str], *, production: bool) -> Callable[[str], str]:
    def value(name: str) -> str:
        given = environ.get(name, "")
        if not production:
            return given or _DEVELOPMENT_DEFAULTS[name]
        if not given:
            raise ConfigurationError(f"{name} must be set in production")
        if given == _DEVELOPMENT_DEFAULTS[name]:
            raise ConfigurationError(f"{name} still has its development value")
        return given

    return value


def _wechat_api_url(environ: Mapping[str, str], environment: str) -> str:
    if environment == "production":
        url = environ.get("WECHAT_API_URL", TENCENTS_API)
        if not is_tencents_host(url):
            raise ConfigurationError("WECHAT_API_URL must be a host of Tencent's in production")
        return url
    return environ.get("WECHAT_API_URL") or _DEVELOPMENT_DEFAULTS["WECHAT_API_URL"]


def _public_url(url: str, environment: str) -> str:
    parts = urlsplit(url)
    allowed = ("https",) if environment == "production" else ("https", "http")
    if parts.scheme not in allowed or not parts.hostname or parts.query or parts.fragment:
        raise ConfigurationError(f"PUBLIC_URL must be an address that begins with {' or '.join(allowed)}://")
    return url.rstrip("/")


def _attachment_store(url: str) -> str:
    parts = urlsplit(url)
    is_folder = parts.scheme == "file" and not parts.netloc and parts.path.startswith("/")
    is_bucket = parts.scheme == "s3" and bool(parts.netloc)
    if not (is_folder or is_bucket) or parts.query or parts.fragment:
        raise ConfigurationError("ATTACHMENT_STORE must be file:///folder or s3://bucket/prefix")
    return url


def _s3_access(environ: Mapping[str, str], *, needed: bool) -> S3Access:
    access = S3Access(
        endpoint=environ.get("S3_ENDPOINT", "").rstrip("/"),
        region=environ.get("S3_REGION") or "us-east-1",
        access_key=environ.get("S3_ACCESS_KEY", ""),
        secret_key=environ.get("S3_SECRET_KEY", ""),
    )
    if needed and not (access.access_key and access.secret_key):
        raise ConfigurationError("ATTACHMENT_STORE in a bucket needs S3_ACCESS_KEY and S3_SECRET_KEY")
    if access.endpoint and urlsplit(access.endpoint).scheme not in ("http", "https"):
        raise ConfigurationError("S3_ENDPOINT must begin with http:// or https://")
    return access


def _default_templates(environment: str) -> str:
    """Ids are given out by WeChat to each mini-program: until production has some, everybody finds notices inside."""
    return "{}" if environment == "production" else _DEVELOPMENT_TEMPLATES


def _parse_templates(text: str) -> dict[str, InstalledTemplate]:
    try:
        return {key: _template(**given) for key, given in json.loads(text).items()}
    except (AttributeError, TypeError, ValueError):
        raise ConfigurationError(
            'WECHAT_TEMPLATES must be {"our key": {"id": …, "kind": "long_term" or "one_time", "fields": {…}}, …}'
        ) from None


def _template(*, id: str, kind: str, fields: Mapping[str, str] | None = None) -> InstalledTemplate:
    if not id or kind not in ("long_term", "one_time"):
        raise ValueError
    named = {str(slot): str(name) for slot, name in (fields or {}).items()}
    return InstalledTemplate(id=id, standing=kind == "long_term", fields=named)


def _with_driver(url: str) -> str:
    """Hosts hand out postgres:// and postgresql://; SQLAlchemy wants the driver named."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _parse_count(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) > 5:
        raise ConfigurationError(f"{name} must be a number from 0 to 5")
    return int(text)


def _parse_keys(text: str) -> dict[str, bytes]:
    keys = {}
    for part in text.split(","):
        key_id, separator, encoded = part.strip().partition(":")
        if not separator or not key_id.isalnum() or len(key_id) > 8:
            raise ConfigurationError("ENCRYPTION_KEYS must be id:base64[,id:base64…], ids of 1–8 characters")
        keys[key_id] = _parse_key("ENCRYPTION_KEYS", encoded)
    return keys


def _parse_key(name: str, encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except ValueError:
        raise ConfigurationError(f"{name} must be base64") from None
    if len(key) != 32:
        raise ConfigurationError(f"{name} must be 32 bytes in base64")
    return key
