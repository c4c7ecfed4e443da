"""The OpenAPI document, completed with what is true of every endpoint, and its page with vendored assets."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, Final

from apiflask import APIFlask
from flask import Blueprint, Response

from backend.api.authentication import is_open, open_to_everybody
from backend.api.schemas.activity_kinds import describe_kinds

_SECURITY: Final = "AccessToken"
_ALWAYS: Final = {"422": "填写的内容有误", "500": "系统出错", "503": "依赖的服务暂时不可用"}
_WITH_BODY: Final = {"400": "不是有效的 JSON", "413": "内容过大", "415": "不是 JSON"}
_WITH_SESSION: Final = {"401": "没有登录，或登录已失效"}
_WITH_PATH: Final = {"404": "不存在，或不在单位范围内"}
_ERROR: Final = {
    "type": "object",
    "required": ["error"],
    "additionalProperties": False,
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "additionalProperties": False,
            "properties": {
                "code": {"type": "string", "description": "稳定的错误代码", "pattern": "^[a-z0-9_]+$"},
                "message": {"type": "string", "description": "中文一句话，说明怎么办"},
                "fields": {
                    "type": "object",
                    "description": "仅在填写有误时：字段路径 → 原因",
                    "additionalProperties": {"type": "array", "items": {"type": "string"}},
                },
            },
        }
    },
}
_PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def register(app: APIFlask) -> None:
    """Let the document say what holds for every endpoint."""
    app.config.update(
        AUTO_VALIDATION_ERROR_RESPONSE=False,
        AUTO_AUTH_ERROR_RESPONSE=False,
        AUTO_404_RESPONSE=False,
        AUTO_SERVERS=False,
        AUTO_OPERATION_ID=True,
        SPEC_DECORATORS=[_without_warnings],
        SECURITY_SCHEMES={_SECURITY: {"type": "http", "scheme": "bearer"}},
    )
    app.schema_name_resolver = _schema_name

    @app.spec_processor
    def complete(spec: dict[str, Any] | str) -> dict[str, Any] | str:
        return _completed(app, spec) if isinstance(spec, dict) else spec


def add_page(api: Blueprint) -> None:
    """Serve the document's page from our own files: offices have no CDN."""
    api.add_url_rule("/docs", "docs", _page)


@open_to_everybody
def _page() -> Response:
    page = (Path(__file__).parent / "static/swagger-ui/page.html").read_text()
    return Response(page, headers={"Content-Security-Policy": _PAGE_POLICY})


def _without_warnings(view: Callable[[], Response]) -> Callable[[], Response]:
    """Generate the document without apispec's warning of a schema that is used both alone and within another.

    APIFlask registers such a one twice; `_without_twins` mends it.
    """

    @wraps(view)
    def quiet() -> Response:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            return view()

    return quiet


def _without_twins(spec: dict[str, Any]) -> dict[str, Any]:
    schemas = spec["components"]["schemas"]
    names = {}
    for name in list(schemas):
        original = name.rstrip("0123456789")
        if original != name and schemas.get(original) == schemas[name]:
            del schemas[name]
            names[f"#/components/schemas/{name}"] = f"#/components/schemas/{original}"
    renamed: dict[str, Any] = _renamed(spec, names)
    return renamed


def _renamed(part: Any, names: Mapping[str, str]) -> Any:
    if isinstance(part, dict):
        return {key: _renamed(value, names) for key, value in part.items()}
    if isinstance(part, list):
        return [_renamed(value, names) for value in part]
    return names.get(part, part) if isinstance(part, str) else part


def _schema_name(schema: Any) -> str:
    kind: type = schema if isinstance(schema, type) else type(schema)
    return kind.__name__.removesuffix("Out")


def _completed(app: APIFlask, spec: dict[str, Any]) -> dict[str, Any]:
    spec["components"]["schemas"].pop("HTTPError", None)
    spec["components"]["schemas"]["Error"] = _ERROR
    describe_kinds(spec["components"]["schemas"])
    open_ids = {
        f"{method.lower()}_{rule.endpoint.replace('.', '_')}"
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if is_open(app.view_functions[rule.endpoint])
    }
    for path in spec["paths"].values():
        for operation in path.values():
            _complete_operation(operation, needs_session=operation["operationId"] not in open_ids)
    return _without_twins(spec)


def _complete_operation(operation: dict[str, Any], *, needs_session: bool) -> None:
    errors = dict(_ALWAYS)
    if needs_session:
        operation["security"] = [{_SECURITY: []}]
        errors |= _WITH_SESSION
    if "requestBody" in operation:
        operation["requestBody"]["required"] = True
        errors |= _WITH_BODY
    in_path = [parameter for parameter in operation.get("parameters", ()) if parameter["in"] == "path"]
    if in_path:
        errors |= _WITH_PATH
    for parameter in in_path:
        parameter["schema"] = {"type": "string", "format": "uuid"}
    for status, description in errors.items():
        operation["responses"].setdefault(status, {"description": description})
    _complete_responses(operation["responses"])


def _complete_responses(responses: dict[str, Any]) -> None:
    """Errors have one shape; a second success (202 beside 200) has the shape of the first."""
    success = next((r["content"] for s, r in responses.items() if s < "300" and _has_schema(r)), None)
    for status, response in responses.items():
        if status >= "400":
            response["content"] = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
        elif success is not None and status != "204":
            response["content"] = success
        else:
            response.pop("content", None)
        response["headers"] = response.get("headers", {}) | {
            "X-Request-ID": {"schema": {"type": "string"}, "description": "报告问题时请提供"}
        }


def _has_schema(response: dict[str, Any]) -> bool:
    return any(content.get("schema") for content in response.get("content", {}).values())
