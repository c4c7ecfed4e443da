"""Reading bodies and queries strictly: one parser, small limits, every error in one shape and in Chinese."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final, NoReturn

import orjson
from apiflask.schema_adapters.marshmallow import parser
from flask import Request, current_app, request
from marshmallow import Schema, ValidationError
from webargs.multidictproxy import MultiDictProxy
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from backend.api.errors import BodyTooLarge, BrokenJson, NotJson, NotMultipart
from backend.api.schemas.strict import UNKNOWN_FIELD
from backend.domain.attachments.errors import FileTooLarge
from backend.domain.attachments.rules import MAXIMUM_BYTES
from backend.foundation.errors import Invalid

MAXIMUM_JSON_BYTES: Final = 64 * 1024
MAXIMUM_FILE_BODY_BYTES: Final = MAXIMUM_BYTES + 16 * 1024  # what multipart puts around a file

parser.unknown = None  # what a schema does not name, its own setting decides: refused, in queries too


@parser.location_loader("json")
def load_json(req: Request, _schema: Schema) -> Any:
    """Return the body of a request.

    Raises:
        NotJson, BodyTooLarge, BrokenJson: it cannot be read.
    """
    if not req.is_json:
        raise NotJson
    if (req.content_length or 0) > MAXIMUM_JSON_BYTES:
        raise BodyTooLarge
    req.max_content_length = MAXIMUM_JSON_BYTES + 1  # a chunked body is read so far, and no error tells that it goes on
    body = req.get_data()
    if len(body) > MAXIMUM_JSON_BYTES:
        raise BodyTooLarge
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise BrokenJson from None


@parser.location_loader("files")
def load_files(req: Request, schema: Schema) -> Any:
    """Return the parts of a multipart body: one file.

    Raises:
        NotMultipart, FileTooLarge: it cannot be read.
    """
    if req.mimetype != "multipart/form-data":
        raise NotMultipart
    req.max_content_length = MAXIMUM_FILE_BODY_BYTES
    try:
        parts: MultiDict[str, Any] = MultiDict([*req.form.items(multi=True), *req.files.items(multi=True)])
    except RequestEntityTooLarge:
        raise FileTooLarge from None
    repeated = [name for name, values in parts.lists() if len(values) > 1]
    if repeated:
        raise Invalid(fields={name: ["只能有一个。"] for name in repeated})
    return MultiDictProxy(parts, schema)


@parser.location_loader("query")
def load_query(req: Request, schema: Schema) -> Any:
    """Return the query of a request; a parameter may be given once.

    Raises:
        Invalid: one is repeated.
    """
    repeated = [name for name, values in req.args.lists() if len(values) > 1]
    if repeated:
        raise Invalid(fields={name: ["这个参数只能出现一次。"] for name in repeated})
    return MultiDictProxy(req.args, schema)


@parser.error_handler
def refuse(error: ValidationError, _request: Request, _schema: Schema, **_how: Any) -> NoReturn:
    """Raise marshmallow's findings as our own error.

    Raises:
        Invalid: always.
    """
    # webargs puts the location above all: {"json": {"name": [...]}}.
    (found,) = error.messages.values() if isinstance(error.messages, dict) else (error.messages,)
    raise Invalid(fields=dict(_flattened(found))) from None


def refuse_unread_query() -> None:
    """Refuse a query on an endpoint that reads none: a mistyped filter must not look as if it had worked.

    Raises:
        Invalid: there is one.
    """
    if request.query_string and not _reads_query(request.endpoint or ""):
        raise Invalid(fields={name: [UNKNOWN_FIELD] for name in request.args} or None)


def _reads_query(endpoint: str) -> bool:
    view = current_app.view_functions.get(endpoint)
    return _names_query(view) if view is not None else True


@cache
def _names_query(view: Any) -> bool:
    arguments = getattr(view, "_spec", {}).get("args") or ()
    return any(location == "query" for _schema, location in arguments)


def _flattened(messages: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            below = path if name == "_schema" else f"{path}.{name}".lstrip(".")
            yield from _flattened(inner, below)
    else:
        texts = messages if isinstance(messages, list) else [messages]
        yield path or "body", [str(text) for text in texts]
