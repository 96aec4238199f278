"""What Schemathesis must know beyond the document. Loaded by the configuration that config.ts writes."""

import uuid

import schemathesis

# These make what another operation deletes. Under an Idempotency-Key that came before they give the first answer
# again, by contract, also of a thing that was deleted since, which looks as if it had been made and were missing.
MAKERS = {"POST /v1/images", "POST /v1/edits", "POST /v1/keys"}


@schemathesis.hook
def before_call(context, case, kwargs):
    key = (case.headers or {}).get("idempotency-key")
    if case.operation.label in MAKERS and isinstance(key, str) and 0 < len(key) <= 200:
        case.headers["idempotency-key"] = f"{key}-{uuid.uuid4()}"
