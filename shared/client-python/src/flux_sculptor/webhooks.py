"""Webhooks, checked after the Standard Webhooks specification."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Mapping

from pydantic import ValidationError

from .errors import WebhookInvalid
from .models import WebhookEvent


def verify_webhook(
    secret: str,
    headers: Mapping[str, str],
    body: bytes | str,
    *,
    tolerance: float = 300,
    now: float | None = None,
) -> WebhookEvent:
    """Checks that the API sent a webhook, and reads it.

    `secret` is `whsec_…` of `GET /v1/account`, `body` what came before any JSON was read from it, `tolerance` the most
    seconds since it was sent. Raises WebhookInvalid if it is forged, altered or too old.
    """
    given = {name.lower(): value for name, value in headers.items()}
    try:
        message_id, sent, signatures = (given[f"webhook-{name}"] for name in ("id", "timestamp", "signature"))
    except KeyError as error:
        raise WebhookInvalid(f"the webhook's header {error} is missing") from None
    try:
        age = abs((time.time() if now is None else now) - float(sent))
    except ValueError:
        raise WebhookInvalid("the webhook's time is none") from None
    if not age <= tolerance:
        raise WebhookInvalid(f"the webhook was sent more than {tolerance:g} s ago")
    text = body.encode() if isinstance(body, str) else body
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        raise WebhookInvalid("the secret is not one of this API: whsec_…") from None
    digest = hmac.new(key, f"{message_id}.{sent}.".encode() + text, hashlib.sha256).digest()
    expected = f"v1,{base64.b64encode(digest).decode()}"
    if not any(hmac.compare_digest(expected.encode(), one.encode()) for one in signatures.split(" ")):
        raise WebhookInvalid("the webhook's signature is not valid")
    try:
        return WebhookEvent.model_validate_json(text)
    except ValidationError:
        raise WebhookInvalid("the webhook's body is not one of this API's events") from None
