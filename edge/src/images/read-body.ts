import { Refusal } from "../problem.ts";

/**
 * Reads a body of announced length into one buffer of that size.
 * @throws Refusal `invalid_request` (400) if the body is shorter or longer than announced
 */
export async function readBody(
  body: ReadableStream | null,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  let received = 0;
  for await (const chunk of (body ?? new Blob([]).stream()) as ReadableStream<Uint8Array>) {
    if (received + chunk.byteLength > length) throw mismatch();
    bytes.set(chunk, received);
    received += chunk.byteLength;
  }
  if (received !== length) throw mismatch();
  return bytes;
}

const mismatch = () =>
  new Refusal("invalid_request", "the body is not as long as its Content-Length says", { status: 400 });
