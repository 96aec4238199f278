import { expect, test } from "vitest";
import { answer, call, customer, refusal } from "../../test/client.ts";
import { png } from "../../test/pictures.ts";
import { formFields } from "./form.ts";

const BOUNDARY = "9a63f0e1-8e4c-4dbf-8f11-cafefeedbeef";
const PROMPT = "a man wearing glasses";

interface Part {
  /** Header lines as a client writes them. */
  readonly headers: readonly string[];
  readonly body: string | Uint8Array;
}

/** A form as bytes, written line by line the way each client does it. */
function form(parts: readonly Part[], before = ""): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const pieces = parts.flatMap(({ headers, body }) => [
    encoder.encode(`--${BOUNDARY}\r\n${headers.join("\r\n")}\r\n\r\n`),
    typeof body === "string" ? encoder.encode(body) : body,
    encoder.encode("\r\n"),
  ]);
  const all = [encoder.encode(before), ...pieces, encoder.encode(`--${BOUNDARY}--\r\n`)];
  const bytes = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of all) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

const send = async (bytes: Uint8Array<ArrayBuffer>, type = `multipart/form-data; boundary="${BOUNDARY}"`) => {
  const { key } = await customer();
  return call("/v1/edits", { key, body: bytes, headers: { "Content-Type": type } });
};

const field = (name: string, body: string): Part => ({
  headers: [`Content-Disposition: form-data; name="${name}"`],
  body,
});

const photo = (headers: readonly string[]): Part => ({ headers, body: png(64, 64) });

test.each<[string, readonly Part[], string?]>([
  [
    ".NET",
    [
      photo([
        "Content-Type: image/png",
        "Content-Disposition: form-data; name=image; filename=a.png; filename*=utf-8''a.png",
      ]),
      {
        headers: ["Content-Type: text/plain; charset=utf-8", "Content-Disposition: form-data; name=prompt"],
        body: PROMPT,
      },
    ],
  ],
  [
    "Ktor",
    [
      photo(["Content-Disposition: form-data; name=image; filename=a.png", "Content-Type: image/png"]),
      { headers: ["Content-Disposition: form-data; name=prompt", "Content-Length: 21"], body: PROMPT },
    ],
  ],
  [
    "a client that names no file",
    [
      photo(['Content-Disposition: form-data; name="image"', "Content-Type: application/octet-stream"]),
      field("prompt", PROMPT),
    ],
  ],
  [
    "a generated client: objects as JSON with their type, a list part by part",
    [
      photo(['Content-Disposition: form-data; name="image"; filename="blob"']),
      {
        headers: ['Content-Disposition: form-data; name="edits"', "Content-Type: application/json"],
        body: '{"prompt":"red lipstick"}',
      },
      {
        headers: ['Content-Disposition: form-data; name="edits"', "Content-Type: application/json"],
        body: '{"prompt":"wearing glasses"}',
      },
      {
        headers: ['Content-Disposition: form-data; name="schedule"', "Content-Type: application/json"],
        body: '"fast"',
      },
    ],
  ],
  [
    "a browser's form in which nothing optional was filled in",
    [
      photo(['Content-Disposition: form-data; name="image"; filename="a.png"', "Content-Type: image/png"]),
      {
        headers: [
          'Content-Disposition: form-data; name="mask"; filename=""',
          "Content-Type: application/octet-stream",
        ],
        body: "",
      },
      field("source_prompt", ""),
      field("webhook_url", ""),
      field("metadata", ""),
      field("prompt", PROMPT),
    ],
  ],
  [
    "a client that begins with a line break",
    [photo(['Content-Disposition: form-data; name="image"; filename="a.png"']), field("prompt", PROMPT)],
    "\r\n",
  ],
  [
    "a file of another name and type than it is",
    [
      photo(['Content-Disposition: form-data; name="image"; filename="a.heic"', "Content-Type: image/heic"]),
      field("prompt", PROMPT),
    ],
  ],
])("a form of %s is an edit", async (_, parts, before) => {
  await answer(send(form(parts, before)), 202);
});

test("a form that cannot be read is refused with the reason", async () => {
  const whole = form([field("prompt", PROMPT)]);
  for (const [bytes, type, sentence] of [
    [whole.slice(0, -8), undefined, /cut off/],
    [whole, "multipart/form-data; boundary=other", /boundary is not the header's/],
    [whole, "multipart/form-data", /let the HTTP library set the Content-Type/],
  ] as const)
    expect((await refusal(send(bytes, type), 400, "invalid_request")).detail).toMatch(sentence);
});

test("a field given twice is refused", async () => {
  const twice = form([field("image", "img_1"), field("prompt", "a beard"), field("prompt", "glasses")]);
  const { errors } = await refusal(send(twice), 422, "invalid_request");
  expect(errors).toEqual([{ path: "prompt", message: "the field is there twice" }]);
});

test("text that is not UTF-8 is refused", async () => {
  const odd = form([
    field("image", "img_1"),
    { ...field("prompt", ""), body: Uint8Array.of(0x61, 0xff, 0xfe) },
  ]);
  await refusal(send(odd), 400, "invalid_request");
});

test.each([
  ["file", 'unknown field; did you mean "image"?'],
  ["image[]", 'unknown field; did you mean "image"?'],
  ["prompt", "text is needed, not a file"],
])("a photo in the field %s is refused with the field where it belongs", async (name, message) => {
  const headers = [
    `Content-Disposition: form-data; name="${name}"; filename="a.png"`,
    "Content-Type: image/png",
  ];
  const { errors } = await refusal(send(form([photo(headers)])), 422, "invalid_request");
  expect(errors).toEqual([{ path: name, message }]);
});

test("a form with more than a hundred parts is refused", async () => {
  const many = form(new Array<Part>(101).fill(field("edits", '{"prompt":"glasses"}')));
  await refusal(send(many), 400, "invalid_request");
});

/** A form that arrives in chunks of this many bytes, with something after its end. */
const inPieces = (bytes: Uint8Array, size: number) =>
  new ReadableStream<Uint8Array>({
    start(stream) {
      for (let at = 0; at < bytes.length; at += size) stream.enqueue(bytes.slice(at, at + size));
      stream.enqueue(new TextEncoder().encode("\r\nepilogue"));
      stream.close();
    },
  });

test.each([1, 7, 1_000, 65_536, 200_000])("a form in pieces of %i bytes is the same form", async (size) => {
  const picture = crypto.getRandomValues(new Uint8Array(size === 1 ? 2_000 : 60_000));
  const fill = crypto.getRandomValues(new Uint8Array(size === 1 ? 100 : 65_000));
  const bytes = form(
    [
      { headers: ['Content-Disposition: form-data; name="image"; filename="a.png"'], body: picture },
      { headers: ['Content-Disposition: form-data; name="mask"; filename="b.png"'], body: fill },
      field("prompt", PROMPT),
    ],
    "\r\n",
  );
  const type = `multipart/form-data; boundary=${BOUNDARY}`;
  expect(await formFields(inPieces(bytes, size), type, 1_000_000)).toEqual({
    image: picture,
    mask: fill,
    prompt: PROMPT,
  });
});

test("a file above the limit stops the parsing of its form", async () => {
  let read = 0;
  const head = new TextEncoder().encode(
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n`,
  );
  const body = new ReadableStream<Uint8Array>({
    start: (stream) => stream.enqueue(head),
    pull(stream) {
      read += 1_000_000;
      stream.enqueue(new Uint8Array(1_000_000));
    },
  });
  await expect(formFields(body, `multipart/form-data; boundary=${BOUNDARY}`, 1e9)).rejects.toMatchObject({
    code: "payload_too_large",
  });
  expect(read).toBeLessThan(20_000_000);
});
