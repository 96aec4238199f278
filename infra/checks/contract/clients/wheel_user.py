"""Who has installed flux-sculptor-client from PyPI: an edit from a file, its events, its picture; the same with asyncio."""

import asyncio
import base64
import hashlib
import hmac
import json
import os
import time
import unittest
from pathlib import Path

import httpx
from flux_sculptor import (
    ApiError,
    AsyncFluxSculptor,
    ConnectionFailed,
    FluxSculptor,
    FluxSculptorError,
    WebhookInvalid,
    models,
    verify_webhook,
)

PORTRAIT = Path(os.environ["PORTRAIT"])
PROMPT = "a woman wearing glasses"


class Client(unittest.TestCase):
    def setUp(self):
        self.flux = FluxSculptor()  # FLUX_API_URL and FLUX_API_KEY
        self.addCleanup(self.flux.close)

    def test_an_edit_from_a_file_waits_for_its_picture(self):
        names = []
        edit = self.flux.edit(
            PORTRAIT, PROMPT, schedule={"steps": 4}, on_event=lambda event: names.append(event.name)
        )
        self.assertEqual(edit.status, "succeeded")
        self.assertEqual(names[-1], "succeeded")
        self.assertEqual(self.flux.download(edit)[1:4], b"PNG")

    def test_an_upload_serves_edits_masks_and_alternatives(self):
        image = self.flux.upload(PORTRAIT.read_bytes())
        self.assertGreater(image.width, 63)
        events = list(self.flux.stream(image.id, edits=[{"prompt": PROMPT}]))
        self.assertEqual([events[0].name, events[-1].name], ["accepted", "succeeded"])
        mask = self.flux.create_mask(image.id, PROMPT)
        self.assertTrue(mask.mask.id.startswith("img_"))
        several = self.flux.create_alternatives(image.id, [PROMPT, "a woman with bangs"])
        self.assertEqual(len(several), 2)
        newest = next(self.flux.list_edits(limit=1))
        self.assertEqual(self.flux.wait_for_edit(newest.id).id, newest.id)

    def test_what_a_listener_raises_is_raised(self):
        def listen(event):
            raise FluxSculptorError("the bar is full")

        with self.assertRaisesRegex(FluxSculptorError, "the bar is full"):
            self.flux.edit(PORTRAIT, PROMPT, on_event=listen)

    def test_one_key_one_edit(self):
        first = self.flux.create_edit(PORTRAIT, PROMPT, idempotency_key="python-1")
        again = self.flux.create_edit(PORTRAIT, PROMPT, idempotency_key="python-1")
        self.assertEqual(first.id, again.id)

    def test_tokens_and_uploads_without_a_key(self):
        upload = self.flux.create_upload("image/png", size=PORTRAIT.stat().st_size)
        self.assertEqual(httpx.put(upload.url, content=PORTRAIT.read_bytes()).status_code, 201)
        token = self.flux.create_token("edit", expires_in=600, max_uses=1)
        with FluxSculptor(self.flux.url, token=token.token) as app:
            self.assertEqual(app.edit(upload.image_id, PROMPT).status, "succeeded")

    def test_refusals_have_their_code_and_say_what_to_do(self):
        with self.assertRaises(ApiError) as refused:
            self.flux.create_edit("portrait.png", PROMPT)
        self.assertEqual(refused.exception.code, "invalid_request")
        self.assertIn("image: send the id of an uploaded image", str(refused.exception))
        with self.assertRaises(ConnectionFailed) as nowhere:
            FluxSculptor("http://127.0.0.1:9", "sk_x", retries=0).get_account()
        self.assertIn("nothing answers at http://127.0.0.1:9", str(nowhere.exception))
        with self.assertRaises(ValueError):
            FluxSculptor("localhost:8787")
        self.assertEqual(FluxSculptor(f"{self.flux.url}/v1/").get_account(), self.flux.get_account())

    def test_asyncio_has_the_same_methods(self):
        async def edited():
            async with AsyncFluxSculptor() as flux:
                edit = await flux.edit(PORTRAIT, PROMPT)
                picture = await flux.download(edit)
                account = await flux.get_account()
                newest = [one async for one in flux.list_edits(limit=1)]
                return edit, picture, account, newest

        edit, picture, account, newest = asyncio.run(edited())
        self.assertEqual((edit.status, picture[1:4]), ("succeeded", b"PNG"))
        self.assertEqual(account.held, self.flux.get_account().held)
        self.assertTrue(newest)

        def methods(kind):
            return {name for name in vars(kind) if not name.startswith("_")}

        self.assertEqual(methods(FluxSculptor), methods(AsyncFluxSculptor))


class Contract(unittest.TestCase):
    """The models have the fields of the running API's document, and read its examples."""

    NAMES = ("Image", "Mask", "Account", "Edit", "EditPage", "Alternatives", "Upload", "SignedToken", "Problem", "Presets", "WebhookEvent")

    def test_fields(self):
        schemas = httpx.get(f"{os.environ['FLUX_API_URL']}/openapi.json").json()["components"]["schemas"]
        for name in self.NAMES:
            fields = getattr(models, name).model_fields
            with self.subTest(name):
                self.assertEqual(set(schemas[name]["properties"]), set(fields))
                required = {field for field, info in fields.items() if info.is_required()}
                self.assertEqual(set(schemas[name]["required"]), required)
                if "example" in schemas[name]:
                    getattr(models, name).model_validate(schemas[name]["example"])


class Webhooks(unittest.TestCase):
    SECRET = "whsec_" + base64.b64encode(b"a secret of twenty-four b").decode()

    def signed(self, body, sent=None):
        sent = str(int(time.time() if sent is None else sent))
        key = base64.b64decode(self.SECRET.removeprefix("whsec_"))
        digest = hmac.new(key, f"evt_1.{sent}.{body}".encode(), hashlib.sha256).digest()
        signature = f"v1,{base64.b64encode(digest).decode()}"
        return {"Webhook-Id": "evt_1", "Webhook-Timestamp": sent, "Webhook-Signature": f"v1,AAAA {signature}"}

    def test_what_was_signed_is_read_and_nothing_else(self):
        edit = httpx.get(f"{os.environ['FLUX_API_URL']}/openapi.json").json()["components"]["schemas"]["Edit"]
        event = {"type": "edit.succeeded", "timestamp": "2026-11-28T12:00:00Z", "data": edit["example"]}
        body = json.dumps(event)
        self.assertEqual(verify_webhook(self.SECRET, self.signed(body), body).data.status, "succeeded")
        for headers, text in (
            (self.signed(body), body + " "),
            (self.signed(body, time.time() - 301), body),
            ({}, body),
        ):
            with self.assertRaises(WebhookInvalid):
                verify_webhook(self.SECRET, headers, text)


if __name__ == "__main__":
    unittest.main()
