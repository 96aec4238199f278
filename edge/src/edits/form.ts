import { getMultipartBoundary, type MultipartPart, parseMultipart } from "@remix-run/multipart-parser";
import { IMAGE_LIMITS } from "../../../shared/image.ts";
import { invalid, Refusal } from "../problem.ts";

/** Fields that may be files. */
const PICTURES = new Set(["image", "mask"]);

/** Fields that hold JSON. A schedule is a preset's name or an object. */
const JSON_FIELDS = new Set(["edits", "mask_options", "face", "output", "deadline_ms", "metadata"]);

/** Fields whose parts may repeat: some clients send each item of a list as a part of its own. */
const LISTS = new Set(["edits"]);

const PARTS_MAX = 100;

/**
 * A form (RFC 7578) as the object that JSON would have been. Names may come without quotes, as .NET and Ktor send them;
 * an empty part counts as absent, as browsers send a file input in which nothing was chosen.
 * @throws Refusal `invalid_request`: 400 if the form cannot be read, 422 for a field given twice or with broken JSON;
 *   `payload_too_large`
 */
export function formFields(bytes: Uint8Array, contentType: string): Record<string, unknown> {
  const fields = new Map<string, unknown>();
  for (const part of partsOf(bytes, contentType)) {
    const name = nameOf(part);
    if (part.size === 0) continue;
    if (part.size > IMAGE_LIMITS.bytes)
      throw new Refusal("payload_too_large", `${name}: an image may have ${IMAGE_LIMITS.bytes / 1e6} MB`);
    const value = contentOf(name, part);
    if (LISTS.has(name)) fields.set(name, [...((fields.get(name) as unknown[]) ?? []), value].flat());
    else if (fields.has(name)) throw invalid(name.slice(0, 100), "the field is there twice");
    else fields.set(name, value);
  }
  // as fields of its own, whatever their names: assigned, `__proto__` would not become one
  return Object.fromEntries(fields);
}

function partsOf(bytes: Uint8Array, contentType: string): MultipartPart[] {
  const boundary = getMultipartBoundary(contentType);
  if (!boundary)
    throw unreadable("multipart/form-data needs a boundary; let the HTTP library set the Content-Type");
  const limits = { maxFileSize: bytes.byteLength, maxTotalSize: bytes.byteLength, maxParts: PARTS_MAX };
  try {
    return [...parseMultipart(withoutLineBreak(bytes), { boundary: boundary.trim(), ...limits })];
  } catch {
    throw unreadable("the form cannot be parsed: it is cut off, or its boundary is not the header's");
  }
}

/** The name of a part. @throws Refusal `invalid_request` (400) if its headers are not UTF-8 */
function nameOf(part: MultipartPart): string {
  try {
    return part.name ?? "";
  } catch {
    throw unreadable("the headers of a part of the form cannot be read");
  }
}

/** Some clients begin with the line break that belongs to the first boundary. */
const withoutLineBreak = (bytes: Uint8Array) =>
  bytes[0] === 0x0d && bytes[1] === 0x0a ? bytes.subarray(2) : bytes;

const unreadable = (detail: string) => new Refusal("invalid_request", detail, { status: 400 });

function contentOf(name: string, part: MultipartPart): unknown {
  if (PICTURES.has(name) && isFile(part)) return fileOf(part);
  const text = textOf(name, part);
  if (PICTURES.has(name)) return text.trim();
  const json = JSON_FIELDS.has(name) || (name === "schedule" && text.trimStart().startsWith("{"));
  if (!json) return name === "schedule" ? unquoted(text) : text;
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(name, "the field is not valid JSON");
  }
}

/** @throws Refusal `invalid_request` (400) if it is not UTF-8 */
function textOf(name: string, part: MultipartPart): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(part.bytes);
  } catch {
    throw unreadable(`${name.slice(0, 100)}: the field is not text in UTF-8`);
  }
}

/** By a file name or a type of its own; what kind of picture it is, its content says. */
const isFile = ({ filename, mediaType = "text/plain" }: MultipartPart) =>
  filename !== undefined || !mediaType.startsWith("text/");

const fileOf = (part: MultipartPart) =>
  new File([part.bytes as Uint8Array<ArrayBuffer>], part.filename ?? "");

/** A preset's name as generated clients send it: as a string of JSON. */
const unquoted = (text: string) => /^"([a-z-]+)"$/.exec(text.trim())?.[1] ?? text;
