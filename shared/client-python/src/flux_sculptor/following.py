"""Server-Sent Events of an edit: how one connection's events are read, and when the stream is over."""

from __future__ import annotations

import json

from httpx_sse import ServerSentEvent

from .errors import FluxSculptorError
from .models import Edit, Event

ENDS = ("succeeded", "failed", "canceled")
KNOWN = ("queued", "started", "progress", "preview", *ENDS)

SILENCE_S = 45.0
"""Seconds without a byte after which a connection counts as broken; the API sends one every 15 s."""

RETRY_S = 2.0
"""Seconds before a broken stream is taken up again."""


def event_of(sent: ServerSentEvent) -> Event | None:
    """An event of the API; None for one that this client does not know. Raises FluxSculptorError if it is malformed."""
    if sent.event not in KNOWN:
        return None
    try:
        data = json.loads(sent.data)
        edit = Edit.model_validate(data) if sent.event in ENDS else None
        return Event(name=sent.event, data=data, edit=edit, id=sent.id)
    except ValueError:  # pydantic's is one, too
        raise FluxSculptorError(f"the stream has a malformed event {sent.event}") from None


class Following:
    """Where a stream is: the event seen last, and how many connections in a row brought nothing."""

    def __init__(self, retries: int) -> None:
        self.last_event_id: str | None = None
        self.over = False
        self._wordless = 0
        self._retries = retries

    def connecting(self) -> None:
        self._wordless += 1
        if self._wordless > self._retries + 1:
            raise FluxSculptorError(f"the stream of events ended {self._wordless - 1} times in a row without a word")

    def heard(self, sent: ServerSentEvent) -> Event | None:
        self._wordless = 0
        if sent.id:
            self.last_event_id = sent.id
        event = event_of(sent)
        self.over = event is not None and event.name in ENDS
        return event
