"""Edit a portrait by saying what should change: the client of the Flux-Sculptor API."""

from .async_client import AsyncFluxSculptor
from .calls import API_VERSION
from .client import FluxSculptor
from .errors import ApiError, ConnectionFailed, EditFailed, FluxSculptorError, WebhookInvalid
from .models import Account, Edit, Event, Image, Mask, Problem, WebhookEvent
from .webhooks import verify_webhook

__all__ = [
    "API_VERSION",
    "Account",
    "ApiError",
    "AsyncFluxSculptor",
    "ConnectionFailed",
    "Edit",
    "EditFailed",
    "Event",
    "FluxSculptor",
    "FluxSculptorError",
    "Image",
    "Mask",
    "Problem",
    "WebhookEvent",
    "WebhookInvalid",
    "verify_webhook",
]
