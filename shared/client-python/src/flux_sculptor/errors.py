"""What may go wrong. Every error of this package is a FluxSculptorError."""

from __future__ import annotations

from .models import Edit, Problem


class FluxSculptorError(Exception):
    """Any error of this package."""


class ApiError(FluxSculptorError):
    """The API refused a request, and trying again did not help.

    `problem` is None if the answer came from something else on the way, such as a proxy.
    """

    def __init__(self, url: str, status: int, problem: Problem | None, retry_after: float | None) -> None:
        said = f"{problem.code}: {problem.detail}" if problem else None
        super().__init__(
            said or f"{url} answered {status}, but not as this API does; is it the right address?"
        )
        self.status = status
        self.problem = problem
        self.retry_after = retry_after

    @property
    def code(self) -> str | None:
        """The stable code by which to decide what to do."""
        return self.problem.code if self.problem else None

    @property
    def request_id(self) -> str | None:
        """What to tell support."""
        return self.problem.request_id if self.problem else None


class ConnectionFailed(FluxSculptorError):
    """Nothing answered at the address, and trying again did not help."""

    def __init__(self, url: str, reason: object) -> None:
        super().__init__(f"nothing answers at {url} ({reason}); is the server running there?")


class EditFailed(FluxSculptorError):
    """An edit ended without a picture: it failed, or it was canceled."""

    def __init__(self, edit: Edit) -> None:
        error = edit.error
        said = f"{error.code}: {error.detail}" if error else f"the edit was {edit.status}"
        super().__init__(f"{said} ({edit.id})")
        self.edit = edit

    @property
    def code(self) -> str | None:
        return self.edit.error.code if self.edit.error else None


class WebhookInvalid(FluxSculptorError):
    """A webhook that this API did not send, or that is too old to be taken."""
