"""The client for asyncio: the same methods, awaited."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable, AsyncIterator
from os import PathLike
from typing import Any, TypeVar

import httpx
from httpx_sse import aconnect_sse

from . import calls
from .calls import Call, Source
from .client import address_of
from .errors import ConnectionFailed, EditFailed, FluxSculptorError
from .following import RETRY_S, SILENCE_S, Following
from .models import Account, Edit, Event, Image, Mask, Presets, SignedToken, Upload

T = TypeVar("T")


class AsyncFluxSculptor:
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
        http: httpx.AsyncClient | None = None,
    ) -> None:
        self.url = address_of(url)
        self._key = None if token else key or os.environ.get("FLUX_API_KEY")
        self._token = token
        self._retries = retries
        self._http = http or httpx.AsyncClient(timeout=timeout)

    async def __aenter__(self) -> AsyncFluxSculptor:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self._http.aclose()

    async def edit(
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
        accepted = await self.create_edit(image, prompt, idempotency_key=idempotency_key, **fields)
        edit = accepted
        async for event in self._until_broken(accepted.id):
            if on_event:
                on_event(event)
            edit = event.edit or edit
        if not edit.is_final:
            edit = await self.wait_for_edit(accepted.id)
        if edit.status != "succeeded" or edit.image is None:
            raise EditFailed(edit)
        return edit

    async def stream(self, image: Source, prompt: str | None = None, **fields: Any) -> AsyncIterator[Event]:
        """Makes an edit and yields what happens to it, `accepted` first."""
        accepted = await self.create_edit(image, prompt, **fields)
        yield Event(name="accepted", data={}, edit=accepted)
        async for event in self.follow_edit(accepted.id):
            yield event

    async def upload(self, file: bytes | PathLike, *, idempotency_key: str | None = None) -> Image:
        """Uploads a photo or a mask; its `id` takes the place of `image` or `mask`."""
        return await self._send(calls.upload(file, idempotency_key))

    async def download(self, edit: Edit) -> bytes:
        """The picture of an edit that succeeded."""
        if edit.image is None:
            raise EditFailed(edit)
        try:
            answer = await self._http.get(edit.image.url)
        except httpx.TransportError as error:
            raise ConnectionFailed(edit.image.url, error) from None
        if answer.is_error:
            raise calls.error_of(answer)
        return answer.content

    async def create_edit(
        self,
        image: Source,
        prompt: str | None = None,
        *,
        wait: int | None = None,
        idempotency_key: str | None = None,
        **fields: Any,
    ) -> Edit:
        """Asks for an edit and does not wait, or at most `wait` seconds (60)."""
        return await self._send(calls.create_edit(image, idempotency_key, wait, {"prompt": prompt, **fields}))

    async def create_alternatives(
        self, image: str, prompts: Iterable[str], *, idempotency_key: str | None = None, **fields: Any
    ) -> list[Edit]:
        """Several wishes for one uploaded photo, an edit for each, in their order; all are accepted or none."""
        return (await self._send(calls.create_alternatives(image, prompts, idempotency_key, fields))).data

    async def create_mask(
        self, image: str, prompt: str | None = None, *, idempotency_key: str | None = None, **fields: Any
    ) -> Mask:
        return await self._send(calls.create_mask(image, idempotency_key, {"prompt": prompt, **fields}))

    async def get_edit(self, edit_id: str) -> Edit:
        return await self._send(calls.get_edit(edit_id))

    async def wait_for_edit(self, edit_id: str) -> Edit:
        """The edit once it is final: `succeeded`, `failed` or `canceled`."""
        pause = 0.25
        while not (edit := await self.get_edit(edit_id)).is_final:
            await asyncio.sleep(pause)
            pause = min(5.0, pause * 1.5)
        return edit

    async def follow_edit(self, edit_id: str) -> AsyncIterator[Event]:
        """What happens to the edit, up to its end; broken streams are resumed after the event seen last."""
        following = Following(self._retries)
        timeout = httpx.Timeout(SILENCE_S)
        while not following.over:
            following.connecting()
            sent = calls.events(edit_id, following.last_event_id).arguments(self._key, self._token)
            try:
                async with aconnect_sse(self._http, url=self.url + sent.pop("url"), timeout=timeout, **sent) as source:
                    if source.response.status_code == 204:
                        return
                    if source.response.is_error:
                        await source.response.aread()
                        raise calls.error_of(source.response)
                    async for message in source.aiter_sse():
                        if event := following.heard(message):
                            yield event
            except httpx.TransportError:
                pass  # taken up again below
            if not following.over:
                await asyncio.sleep(RETRY_S)

    async def _until_broken(self, edit_id: str) -> AsyncIterator[Event]:
        """Events until their stream ends or breaks for good; what a caller's `on_event` raises is not caught here."""
        try:
            async for event in self.follow_edit(edit_id):
                yield event
        except FluxSculptorError:
            pass  # whoever listens asks for the edit instead

    async def cancel_edit(self, edit_id: str, *, idempotency_key: str | None = None) -> Edit:
        return await self._send(calls.cancel_edit(edit_id, idempotency_key))

    async def list_edits(self, *, status: str | None = None, limit: int | None = None) -> AsyncIterator[Edit]:
        """All edits, newest first, page by page as they are asked for."""
        cursor = None
        while True:
            page = await self._send(calls.list_edits(status, limit, cursor))
            for edit in page.data:
                yield edit
            if (cursor := page.next_cursor) is None:
                return

    async def delete_edit(self, edit_id: str) -> None:
        """Erases its mask, its result and the pictures that came with it."""
        await self._send(calls.delete("edits", edit_id))

    async def delete_image(self, image_id: str) -> None:
        """Erases the image and all that was derived from it."""
        await self._send(calls.delete("images", image_id))

    async def create_upload(
        self, content_type: str, *, size: int | None = None, idempotency_key: str | None = None
    ) -> Upload:
        """A URL that one image can be PUT to without a key."""
        return await self._send(calls.create_upload(content_type, size, idempotency_key))

    async def create_token(
        self,
        action: str,
        *,
        expires_in: int,
        max_uses: int | None = None,
        constraints: dict[str, Any] | None = None,
        idempotency_key: str | None = None,
    ) -> SignedToken:
        """A token for an app or a page."""
        return await self._send(calls.create_token(action, expires_in, max_uses, constraints, idempotency_key))

    async def get_account(self) -> Account:
        return await self._send(calls.get_account())

    async def list_presets(self) -> Presets:
        """Schedules with their prices, and the regions that can be located."""
        return await self._send(calls.list_presets())

    async def _send(self, call: Call[T]) -> T:
        sent = call.arguments(self._key, self._token)
        sent["url"] = self.url + sent["url"]
        tried = 0
        while True:
            answer, failure = None, None
            try:
                answer = await self._http.request(**sent)
            except httpx.TransportError as error:
                failure = error
            if answer is not None and answer.is_success:
                return call.read(answer)
            pause = calls.pause_before(tried, answer) if tried < self._retries else None
            if pause is None:
                raise calls.error_of(answer) if answer is not None else ConnectionFailed(self.url, failure)
            await asyncio.sleep(pause)
            tried += 1
