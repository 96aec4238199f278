"""What the API answers, as its contract says it. `npm run test:contract` holds these to the running document."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """Fields that a newer API has and this client does not know stay readable as attributes."""

    model_config = ConfigDict(extra="allow", frozen=True)


class Image(Model):
    """`POST /v1/images`. Sides in pixels, as shown upright."""

    id: str
    width: int
    height: int
    bytes: int
    content_type: str
    expires_at: datetime


class RegionShare(Model):
    """`coverage` is a share of the photo, from 0 to 1."""

    prompt: str
    coverage: float


class Face(Model):
    """Pixels of the upright photo, from the brows to the chin."""

    left: float
    top: float
    width: float
    height: float


class LocatedMask(Model):
    id: str
    url: str
    width: int
    height: int
    coverage: float
    source: Literal["pasl", "cache"]
    fusion: dict[str, object] | None


class Mask(Model):
    """`POST /v1/masks`. `mask.id` takes the place of `mask` in an edit."""

    mask: LocatedMask
    faces: list[Face]
    regions: list[RegionShare]


class KeyLimits(Model):
    requests: int
    edits: int


class Key(Model):
    id: str
    name: str
    scopes: list[str]
    limits: KeyLimits


class Account(Model):
    """`GET /v1/account`. `balance` may be spent; `held` is set aside for edits that are not final."""

    id: str
    name: str
    balance: int
    held: int
    webhook_secret: str | None = None
    key: Key


class Picture(Model):
    url: str
    width: int
    height: int
    content_type: str


class UsedMask(Model):
    url: str
    coverage: float
    source: Literal["pasl", "cache", "user"]
    fusion: dict[str, object] | None


class Preservation(Model):
    """Outside of the mask, before the photo's own pixels are put back."""

    psnr_outside_db: float
    ssim_outside: float


class Tokens(Model):
    computed: int
    all: int


class Timings(Model):
    queue_ms: float
    mask_ms: float
    inversion_ms: float
    edit_ms: float
    total_ms: float
    evaluations: int
    tokens: Tokens | None = None
    """Tokens of the picture that each evaluation of the edit computed, and how many there are."""


class Cache(Model):
    mask: bool
    inversion: bool


class ModelVersion(Model):
    id: str
    version: str


class Usage(Model):
    credits: int


class Failure(Model):
    code: str
    detail: str
    policy: str | None = None


class Urls(Model):
    self: str
    events: str
    cancel: str


Status = Literal["queued", "running", "succeeded", "failed", "canceled"]


class Edit(Model):
    """An edit as every route and every webhook shows it. URLs are signed and expire."""

    id: str
    status: Status
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    image: Picture | None
    mask: UsedMask | None
    regions: list[RegionShare]
    read_as: str | None
    warnings: list[str]
    preservation: Preservation | None
    timings: Timings | None
    cache: Cache
    model: ModelVersion
    usage: Usage
    error: Failure | None
    metadata: dict[str, str]
    urls: Urls

    @property
    def is_final(self) -> bool:
        return self.status in ("succeeded", "failed", "canceled")


class EditPage(Model):
    data: list[Edit]
    next_cursor: str | None
    has_more: bool


class Alternatives(Model):
    data: list[Edit]


class Upload(Model):
    """Where to PUT an image, once, without a key."""

    image_id: str
    url: str
    expires_at: datetime


class SignedToken(Model):
    """A token, and the URL it is for. `image_expires_at` is when the photo that it names is erased."""

    url: str
    token: str
    expires_at: datetime
    image_expires_at: datetime | None


class Preset(Model):
    """`credits` is the price of one edit."""

    name: str
    schedule: dict[str, object]
    evaluations: int
    credits: int


class Presets(Model):
    presets: list[Preset]
    regions: list[str]


class Problem(Model):
    """An error answer (RFC 9457). `detail` says what was wrong and what to do; `code` is stable."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: list[dict[str, str]] | None = None
    policy: str | None = None


class WebhookEvent(Model):
    """Body of a webhook. `timestamp` is when the edit became final, the same in every delivery."""

    type: Literal["edit.succeeded", "edit.failed", "edit.canceled"]
    timestamp: datetime
    data: Edit


class Event(Model):
    """What happens to an edit: `accepted`, `queued`, `started`, `progress`, `preview`, then how it ended.

    `edit` is there with `accepted` and with the three ends. `data` is the event's own content.
    """

    name: str
    data: dict[str, object]
    edit: Edit | None = None
    id: str | None = None
