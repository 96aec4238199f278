"""The client that blocks until the answer is there."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from os import PathLike
from typing import Any, TypeVar

import httpx
from httpx_sse import connect_sse

from . import calls
from .calls import Call, Source
from .errors import ConnectionFailed, EditFailed, FluxSculptorError
from .following import RETRY_S, SILENCE_S, Following
from .models import Account, Edit, Event, Image, Mask, Presets, SignedToken, Upload

T = TypeVar("T")


class FluxSculptor:
    """The API, typed. Limits, outages and broken connections are tried again, a POST always under the same key.

    `url` and `key` default to the environment's FLUX_API_URL and FLUX_API_KEY; `token` is a signed one in place of a key.
    Every method raises ApiError if the API refuses and ConnectionFailed if nothing answers.
    """

    def __init__(
        self,
        url: str | None = None,
        key: str | None = None,
        *,
        token: str | None = None,
        retries: int = 3,
        timeout: float = 90,
        http: httpx.Client | None = None,
    ) -> None:
        self.url = address_of(url)
        self._key = None if token else key or os.environ.get("FLUX_API_KEY")
        self._token = token
        self._retries = retries
        self._http = http or httpx.Client(timeout=timeout)

    def __enter__(self) -> FluxSculptor:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def edit(
        self,
        image: Source,
        prompt: str | None = None,
        *,
        on_event: Callable[[Event], None] | None = None,
        idempotency_key: str | None = None,
        **fields: Any,
    ) -> Edit:
        """Makes an edit and waits for its picture. Raises EditFailed if it ends without one.

        `fields` are those of `POST /v1/edits`: source_prompt, edits, mask, mask_options, schedule, output, metadata …
        """
        accepted = self.create_edit(image, prompt, idempotency_key=idempotency_key, **fields)
        edit = accepted
        for event in self._until_broken(accepted.id):
            if on_event:
                on_event(event)
            edit = event.edit or edit
        if not edit.is_final:
            edit = self.wait_for_edit(accepted.id)
        if edit.status != "succeeded" or edit.image is None:
            raise EditFailed(edit)
        return edit

    def stream(self, image: Source, prompt: str | None = None, **fields: Any) -> Iterator[Event]:
        """Makes an edit and yields what happens to it, `accepted` first."""
        accepted = self.create_edit(image, prompt, **fields)
        yield Event(name="accepted", data={}, edit=accepted)
        yield from self.follow_edit(accepted.id)

    def upload(self, file: bytes | PathLike, *, idempotency_key: str | None = None) -> Image:
        """Uploads a photo or a mask; its `id` takes the place of `image` or `mask`."""
        return self._send(calls.upload(file, idempotency_key))

    def download(self, edit: Edit) -> bytes:
        """The picture of an edit that succeeded."""
        if edit.image is None:
            raise EditFailed(edit)
        try:
            answer = self._http.get(edit.image.url)
        except httpx.TransportError as error:
            raise ConnectionFailed(edit.image.url, error) from None
        if answer.is_error:
            raise calls.error_of(answer)
        return answer.content

    def create_edit(
        self,
        image: Source,
        prompt: str | None = None,
        *,
        wait: int | None = None,
        idempotency_key: str | None = None,
        **fields: Any,
    ) -> Edit:
        """Asks for an edit and does not wait, or at most `wait` seconds (60)."""
        return self._send(calls.create_edit(image, idempotency_key, wait, {"prompt": prompt, **fields}))

    def create_alternatives(
        self, image: str, prompts: Iterable[str], *, idempotency_key: str | None = None, **fields: Any
    ) -> list[Edit]:
        """Several wishes for one uploaded photo, an edit for each, in their order; all are accepted or none."""
        return self._send(calls.create_alternatives(image, prompts, idempotency_key, fields)).data

    def create_mask(
        self, image: str, prompt: str | None = None, *, idempotency_key: str | None = None, **fields: Any
    ) -> Mask:
        return self._send(calls.create_mask(image, idempotency_key, {"prompt": prompt, **fields}))

    def get_edit(self, edit_id: str) -> Edit:
        return self._send(calls.get_edit(edit_id))

    def wait_for_edit(self, edit_id: str) -> Edit:
        """The edit once it is final: `succeeded`, `failed` or `canceled`."""
        pause = 0.25
        while not (edit := self.get_edit(edit_id)).is_final:
            time.sleep(pause)
            pause = min(5.0, pause * 1.5)
        return edit

    def follow_edit(self, edit_id: str) -> Iterator[Event]:
        """What happens to the edit, up to its end; broken streams are resumed after the event seen last."""
        following = Following(self._retries)
        timeout = httpx.Timeout(SILENCE_S)
        while not following.over:
            following.connecting()
            sent = calls.events(edit_id, following.last_event_id).arguments(self._key, self._token)
            try:
                with connect_sse(self._http, url=self.url + sent.pop("url"), timeout=timeout, **sent) as source:
                    if source.response.status_code == 204:
                        return
                    if source.response.is_error:
                        source.response.read()
                        raise calls.error_of(source.response)
                    for message in source.iter_sse():
                        if event := following.heard(message):
                            yield event
            except httpx.TransportError:
                pass  # taken up again below
            if not following.over:
                time.sleep(RETRY_S)

    def _until_broken(self, edit_id: str) -> Iterator[Event]:
        """Events until their stream ends or breaks for good; what a caller's `on_event` raises is not caught here."""
        try:
            yield from self.follow_edit(edit_id)
        except FluxSculptorError:
            pass  # whoever listens asks for the edit instead

    def cancel_edit(self, edit_id: str, *, idempotency_key: str | None = None) -> Edit:
        return self._send(calls.cancel_edit(edit_id, idempotency_key))

    def list_edits(self, *, status: str | None = None, limit: int | None = None) -> Iterator[Edit]:
        """All edits, newest first, page by page as they are asked for."""
        cursor = None
        while True:
            page = self._send(calls.list_edits(status, limit, cursor))
            yield from page.data
            if (cursor := page.next_cursor) is None:
                return

    def delete_edit(self, edit_id: str) -> None:
        """Erases its mask, its result and the pictures that came with it."""
        self._send(calls.delete("edits", edit_id))

    def delete_image(self, image_id: str) -> None:
        """Erases the image and all that was derived from it."""
        self._send(calls.delete("images", image_id))

    def create_upload(
        self, content_type: str, *, size: int | None = None, idempotency_key: str | None = None
    ) -> Upload:
        """A URL that one image can be PUT to without a key."""
        return self._send(calls.create_upload(content_type, size, idempotency_key))

    def create_token(
        self,
        action: str,
        *,
        expires_in: int,
        max_uses: int | None = None,
        constraints: dict[str, Any] | None = None,
        idempotency_key: str | None = None,
    ) -> SignedToken:
        """A token for an app or a page."""
        return self._send(calls.create_token(action, expires_in, max_uses, constraints, idempotency_key))

    def get_account(self) -> Account:
        return self._send(calls.get_account())

    def list_presets(self) -> Presets:
        """Schedules with their prices, and the regions that can be located."""
        return self._send(calls.list_presets())

    def _send(self, call: Call[T]) -> T:
        sent = call.arguments(self._key, self._token)
        sent["url"] = self.url + sent["url"]
        tried = 0
        while True:
            answer, failure = None, None
            try:
                answer = self._http.request(**sent)
            except httpx.TransportError as error:
                failure = error
            if answer is not None and answer.is_success:
                return call.read(answer)
            pause = calls.pause_before(tried, answer) if tried < self._retries else None
            if pause is None:
                raise calls.error_of(answer) if answer is not None else ConnectionFailed(self.url, failure)
            time.sleep(pause)
            tried += 1


def address_of(url: str | None) -> str:
    """The API's address without a slash or a version at its end. Raises ValueError if it is none."""
    given = url or os.environ.get("FLUX_API_URL") or ""
    if not given.startswith(("https://", "http://")):
        raise ValueError(f"url: give the API's address, https://…, or set FLUX_API_URL; not {given!r}")
    return given.rstrip("/").removesuffix("/v1")
