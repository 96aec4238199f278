"""A client of openapi-python-client: uploads a photo, makes an edit of it as JSON and one as a form, fetches the pictures."""

import os
from io import BytesIO
from pathlib import Path

import httpx
from flux_sculptor_client import AuthenticatedClient
from flux_sculptor_client.api.edits import create_edit
from flux_sculptor_client.api.images import create_image
from flux_sculptor_client.models import EditForm, EditRequest, MaskOptions, Problem
from flux_sculptor_client.types import File

client = AuthenticatedClient(
    base_url=os.environ["FLUX_API_URL"],
    token=os.environ["FLUX_API_KEY"],
    timeout=httpx.Timeout(90),
)
photo = Path(os.environ["PORTRAIT"]).read_bytes()


def picture(edit):
    if isinstance(edit, Problem):
        raise SystemExit(edit.detail)
    answer = httpx.get(edit.image.url)
    assert answer.content[1:4] == b"PNG", answer.status_code
    print(f"a picture of {len(answer.content)} bytes")


image = create_image.sync(client=client, body=File(payload=BytesIO(photo)))
order = EditRequest(image=image.id, prompt="a woman wearing glasses", mask_options=MaskOptions(feather=0.03))
picture(create_edit.sync(client=client, body=order, prefer="wait"))
form = EditForm(
    image=File(payload=BytesIO(photo), file_name="portrait.png", mime_type="image/png"),
    prompt="a woman wearing glasses",
    mask_options=MaskOptions(feather=0.03),
)
picture(create_edit.sync(client=client, body=form, prefer="wait"))
