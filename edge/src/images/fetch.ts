import { IMAGE_LIMITS } from "../../../shared/image.ts";
import { verifyFile } from "../../../shared/signing.ts";
import { type Env, settingsOf } from "../env.ts";
import { holding } from "../limits/held-bodies.ts";
import { invalid, Refusal } from "../problem.ts";
import { refuseTarget } from "../webhooks/target.ts";

/** Maximum time to fetch a picture, in milliseconds, redirects included. */
const TIME_MS = 15_000;

const REDIRECTS_MAX = 3;

const REDIRECTED = new Set([301, 302, 303, 307, 308]);

/**
 * Fetches a picture from a public https address, under the same rules as for webhooks; each redirect is checked again.
 * A signed address of our own file is read from storage.
 * @param path the field that holds the address, for the refusal
 * @throws Refusal `invalid_request` if nothing can be fetched there, `payload_too_large` above 15 MB, `unavailable` if
 * this isolate holds too many pictures now
 */
export async function fetchPicture(
  env: Env,
  address: string,
  path: string,
  send: typeof fetch = fetch,
): Promise<Uint8Array> {
  const own = await ownFile(env, address);
  if (own !== null) return own;
  const signal = AbortSignal.timeout(TIME_MS);
  let url = address;
  for (let hops = 0; hops <= REDIRECTS_MAX; hops++) {
    const reason = refuseTarget(url, { allowPrivate: settingsOf(env).ALLOW_PRIVATE_WEBHOOKS });
    if (reason !== null)
      throw invalid(path, `the URL ${hops > 0 ? "redirects to one that is refused: it " : ""}${reason}`);
    const answer = await answered(url, path, signal, send);
    const location = answer.headers.get("Location");
    if (!REDIRECTED.has(answer.status) || location === null) return pictureIn(answer, url, path, signal);
    await answer.body?.cancel();
    url = URL.parse(location, url)?.href ?? "";
  }
  throw invalid(path, `the URL redirects more than ${REDIRECTS_MAX} times`);
}

async function answered(
  url: string,
  path: string,
  signal: AbortSignal,
  send: typeof fetch,
): Promise<Response> {
  try {
    return await send(url, {
      redirect: "manual",
      signal,
      headers: { Accept: "image/*", "User-Agent": "Flux-Sculptor-Images/1" },
    });
  } catch {
    throw unreachable(url, path, signal);
  }
}

async function pictureIn(
  answer: Response,
  url: string,
  path: string,
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (!answer.ok || answer.body === null) {
    await answer.body?.cancel();
    throw invalid(path, `${new URL(url).host} answered ${answer.status}; the URL must be public`);
  }
  const body: ReadableStream<Uint8Array> = answer.body;
  const announced = Number(answer.headers.get("Content-Length")) || IMAGE_LIMITS.bytes;
  try {
    if (announced > IMAGE_LIMITS.bytes) throw tooLarge(path);
    return await holding(announced, () => gathered(body, path));
  } catch (error) {
    await body.cancel().catch(() => undefined); // a broken one has nothing left to cancel
    if (error instanceof Refusal) throw error;
    throw unreachable(url, path, signal);
  }
}

/** @throws Refusal `payload_too_large` */
async function gathered(body: ReadableStream<Uint8Array>, path: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > IMAGE_LIMITS.bytes) throw tooLarge(path);
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

const tooLarge = (path: string) =>
  new Refusal("payload_too_large", `${path}: an image may have ${IMAGE_LIMITS.bytes / 1e6} MB`);

const unreachable = (url: string, path: string, { aborted }: AbortSignal) =>
  invalid(
    path,
    aborted
      ? `${new URL(url).host} did not send the image within ${TIME_MS / 1000} s`
      : `${new URL(url).host} cannot be reached`,
  );

/** The bytes of a file at an address that we signed, such as a result's; null for any other address. */
async function ownFile(env: Env, address: string): Promise<Uint8Array | null> {
  const { PUBLIC_URL, signingSecrets } = settingsOf(env);
  const url = URL.parse(address);
  const [, encoded] = /^\/v1\/files\/([\w%/.-]+)$/.exec(url?.pathname ?? "") ?? [];
  if (url?.origin !== new URL(PUBLIC_URL).origin || encoded === undefined) return null;
  const { searchParams } = url;
  const key = encoded.replaceAll("%2F", "/");
  const grant = { method: "GET", key, expires: Number(searchParams.get("expires")) } as const;
  const now = Date.now() / 1000;
  if (!(await verifyFile(signingSecrets, grant, searchParams.get("signature") ?? "", now))) return null;
  const object = await env.IMAGES.get(key);
  return object && new Uint8Array(await object.arrayBuffer());
}
