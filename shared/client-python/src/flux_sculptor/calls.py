"""Each request of the API as a value: what is sent, and how the answer is read. Nothing here does any input or output."""

from __future__ import annotations

import json
import random
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from os import PathLike
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import httpx
from pydantic import ValidationError

from .errors import ApiError
from .models import (
    Account,
    Alternatives,
    Edit,
    EditPage,
    Image,
    Mask,
    Model,
    Presets,
    Problem,
    SignedToken,
    Upload,
)

API_VERSION = "2026-11-28"
"""The version of the API that this client speaks, sent as `Flux-Version`."""

T = TypeVar("T")

Source = str | bytes | PathLike
"""A picture: bytes, a path, or as text an image id, a data URL or an https URL."""


@dataclass(frozen=True)
class Call(Generic[T]):
    method: str
    path: str
    read: Callable[[httpx.Response], T]
    params: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    content: bytes | None = None
    data: Mapping[str, str] | None = None
    files: Mapping[str, tuple[str, bytes]] | None = None

    def arguments(self, key: str | None, token: str | None) -> dict[str, Any]:
        """What httpx is to send: the same in every try, the idempotency key included."""
        headers = {"Flux-Version": API_VERSION, **self.headers}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        if self.method == "POST":
            headers.setdefault("Idempotency-Key", str(uuid.uuid4()))
        params = {name: value for name, value in self.params.items() if value is not None}
        if token:
            params["token"] = token
        sent = {"json": self.json, "content": self.content, "data": self.data, "files": self.files}
        return {
            "method": self.method,
            "url": self.path,
            "params": params,
            "headers": headers,
            **{name: value for name, value in sent.items() if value is not None},
        }


def _json(model: type[Model]) -> Callable[[httpx.Response], Any]:
    def read(answer: httpx.Response) -> Any:
        try:
            return model.model_validate_json(answer.content)
        except ValidationError:
            raise ApiError(origin_of(answer), answer.status_code, None, None) from None

    return read


def origin_of(answer: httpx.Response) -> str:
    url = answer.request.url
    return f"{url.scheme}://{url.netloc.decode()}"


def _once(idempotency_key: str | None) -> dict[str, str]:
    return {} if idempotency_key is None else {"Idempotency-Key": idempotency_key}


def _edit_path(edit_id: str) -> str:
    return f"/v1/edits/{quote(edit_id, safe='')}"


def create_edit(
    image: Source, idempotency_key: str | None, wait: int | None, fields: Mapping[str, Any]
) -> Call[Edit]:
    headers = {**_once(idempotency_key), **({} if wait is None else {"Prefer": f"wait={wait}"})}
    order = {"image": image, **{name: value for name, value in fields.items() if value is not None}}
    files = {name: _file(order.pop(name)) for name in ("image", "mask") if _is_file(order.get(name))}
    if not files:
        return Call("POST", "/v1/edits", _json(Edit), headers=headers, json=order)
    texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in order.items()}
    return Call("POST", "/v1/edits", _json(Edit), headers=headers, data=texts, files=files)


def _is_file(value: object) -> bool:
    return isinstance(value, (bytes, PathLike))


def _file(value: bytes | PathLike) -> tuple[str, bytes]:
    return ("image", value) if isinstance(value, bytes) else (Path(value).name, Path(value).read_bytes())


def upload(file: bytes | PathLike, idempotency_key: str | None) -> Call[Image]:
    headers = {"Content-Type": "application/octet-stream", **_once(idempotency_key)}
    return Call("POST", "/v1/images", _json(Image), headers=headers, content=_file(file)[1])


def _post(path: str, model: type[Model], idempotency_key: str | None, body: Mapping[str, Any]) -> Call[Any]:
    given = {name: value for name, value in body.items() if value is not None}
    return Call("POST", path, _json(model), headers=_once(idempotency_key), json=given)


def create_alternatives(
    image: str, prompts: Iterable[str], key: str | None, fields: Mapping[str, Any]
) -> Call[Alternatives]:
    body = {"image": image, "alternatives": [{"prompt": prompt} for prompt in prompts], **fields}
    return _post("/v1/alternatives", Alternatives, key, body)


def create_mask(image: str, key: str | None, fields: Mapping[str, Any]) -> Call[Mask]:
    return _post("/v1/masks", Mask, key, {"image": image, **fields})


def create_upload(content_type: str, size: int | None, key: str | None) -> Call[Upload]:
    return _post("/v1/uploads", Upload, key, {"content_type": content_type, "bytes": size})


def create_token(
    action: str, expires_in: int, max_uses: int | None, constraints: Mapping[str, Any] | None, key: str | None
) -> Call[SignedToken]:
    body = {"action": action, "expires_in": expires_in, "max_uses": max_uses, "constraints": constraints}
    return _post("/v1/sign", SignedToken, key, body)


def cancel_edit(edit_id: str, key: str | None) -> Call[Edit]:
    return Call("POST", f"{_edit_path(edit_id)}/cancel", _json(Edit), headers=_once(key))


def get_edit(edit_id: str) -> Call[Edit]:
    return Call("GET", _edit_path(edit_id), _json(Edit))


def list_edits(status: str | None, limit: int | None, cursor: str | None) -> Call[EditPage]:
    params = {"status": status, "limit": limit, "cursor": cursor}
    return Call("GET", "/v1/edits", _json(EditPage), params=params)


def get_account() -> Call[Account]:
    return Call("GET", "/v1/account", _json(Account))


def list_presets() -> Call[Presets]:
    return Call("GET", "/v1/presets", _json(Presets))


def delete(kind: str, thing_id: str) -> Call[None]:
    return Call("DELETE", f"/v1/{kind}/{quote(thing_id, safe='')}", lambda _: None)


def events(edit_id: str, last_event_id: str | None) -> Call[None]:
    headers = {"Accept": "text/event-stream"}
    if last_event_id is not None:
        headers["Last-Event-ID"] = last_event_id
    return Call("GET", f"{_edit_path(edit_id)}/events", lambda _: None, headers=headers)


def error_of(answer: httpx.Response) -> ApiError:
    """A refusal as an error. The answer's body must have been read."""
    try:
        problem = Problem.model_validate_json(answer.content)
    except ValidationError:
        problem = None  # not the API's own words
    return ApiError(origin_of(answer), answer.status_code, problem, retry_after_of(answer))


def retry_after_of(answer: httpx.Response) -> float | None:
    """`Retry-After` in seconds (RFC 9110, 10.2.3: a number or a date)."""
    text = answer.headers.get("Retry-After", "")
    if text.isdecimal():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (TypeError, ValueError):
        return None


def pause_before(tried: int, answer: httpx.Response | None) -> float | None:
    """Seconds until another try, or None if none will help. `answer` is None if there was no answer."""
    back_off = min(8.0, 0.25 * 2**tried) * (0.5 + random.random() / 2)
    if answer is None:
        return back_off
    after = retry_after_of(answer)
    # a conflict that says when to come back is a first request under the same key that still runs
    if answer.status_code not in (429, 502, 503, 504) and not (answer.status_code == 409 and after is not None):
        return None
    if after is None:
        return back_off
    return None if after > 60 else max(after, back_off)
