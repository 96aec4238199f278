import {
  getMultipartBoundary,
  MaxFileSizeExceededError,
  MultipartParser,
  type MultipartPart,
} from "@remix-run/multipart-parser";
import { editFields } from "../../../shared/edit.ts";
import { IMAGE_LIMITS } from "../../../shared/image.ts";
import { unknownField } from "../middleware/unknown-field.ts";
import { invalid, Refusal } from "../problem.ts";

/** Fields that may be files. */
const PICTURES = new Set(["image", "mask"]);

/** Fields that hold JSON. A schedule is a preset's name or an object. */
const JSON_FIELDS = new Set(["edits", "mask_options", "face", "output", "deadline_ms", "metadata"]);

/** Fields whose parts may repeat: some clients send each item of a list as a separate part. */
const LISTS = new Set(["edits"]);

const PARTS_MAX = 100;

/** A body is parsed in pieces of this many bytes: one that arrives slowly has no more of them than any other. */
const BLOCK_BYTES = 65_536;

/**
 * Parses a form (RFC 7578) into the object that JSON would have been, its files as bytes. It is parsed as it arrives,
 * so that nothing is held twice. Names may be unquoted, as .NET and Ktor send them; an empty part counts as absent,
 * since browsers send one for a file input without a choice.
 * @param maxBytes of all parts together
 * @throws Refusal `invalid_request`: 400 if the form cannot be parsed, 422 for a field given twice or with invalid
 * JSON; `payload_too_large`
 */
export async function formFields(
  body: ReadableStream<Uint8Array> | null,
  contentType: string,
  maxBytes: number,
): Promise<Record<string, unknown>> {
  const fields = new Map<string, unknown>();
  for await (const part of partsOf(body, contentType, maxBytes)) {
    const name = nameOf(part);
    if (part.size === 0) continue;
    const value = contentOf(name, part);
    if (LISTS.has(name)) fields.set(name, [...((fields.get(name) as unknown[]) ?? []), value].flat());
    else if (fields.has(name)) throw invalid(name.slice(0, 100), "the field is there twice");
    else fields.set(name, value);
  }
  // defined as own properties, whatever their names: assigning `__proto__` would not create one
  return Object.fromEntries(fields);
}

async function* partsOf(
  body: ReadableStream<Uint8Array> | null,
  contentType: string,
  maxBytes: number,
): AsyncGenerator<MultipartPart> {
  const boundary = getMultipartBoundary(contentType);
  if (!boundary)
    throw unreadable("multipart/form-data needs a boundary; let the HTTP library set the Content-Type");
  const parser = new MultipartParser(boundary.trim(), {
    maxFileSize: IMAGE_LIMITS.bytes,
    maxTotalSize: maxBytes,
    maxParts: PARTS_MAX,
  });
  let first = true;
  for await (const block of blocksOf(body)) {
    // anything after the last boundary is ignored
    if (isOver(parser)) break;
    yield* understood(() => parser.write(first ? withoutLineBreak(block) : block));
    first = false;
  }
  yield* understood(() => {
    parser.finish();
    return [];
  });
}

/** A body in pieces of equal size, except for the last. */
async function* blocksOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  let block = new Uint8Array(BLOCK_BYTES);
  let filled = 0;
  for await (const chunk of body ?? []) {
    for (let at = 0; at < chunk.length; ) {
      const taken = chunk.subarray(at, at + BLOCK_BYTES - filled);
      block.set(taken, filled);
      filled += taken.length;
      at += taken.length;
      if (filled < BLOCK_BYTES) continue;
      yield block;
      block = new Uint8Array(BLOCK_BYTES);
      filled = 0;
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
}

function isOver(parser: MultipartParser): boolean {
  try {
    parser.finish();
    return true;
  } catch {
    return false; // its only answer
  }
}

/** Feeds a block to the parser; its errors become ours. @throws Refusal as `formFields` */
function understood(parse: () => Iterable<MultipartPart>): MultipartPart[] {
  try {
    return [...parse()];
  } catch (error) {
    if (error instanceof MaxFileSizeExceededError)
      throw new Refusal("payload_too_large", `an image may have ${IMAGE_LIMITS.bytes / 1e6} MB`);
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

/** Some clients start with the line break that belongs to the first boundary. */
const withoutLineBreak = (bytes: Uint8Array) =>
  bytes[0] === 0x0d && bytes[1] === 0x0a ? bytes.subarray(2) : bytes;

const unreadable = (detail: string) => new Refusal("invalid_request", detail, { status: 400 });

function contentOf(name: string, part: MultipartPart): unknown {
  if (PICTURES.has(name) && isFile(part)) return taken(part);
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

/** A file in one piece. The pieces in which it arrived are let go at once: the loop keeps its part until the next. */
function taken(part: MultipartPart): Uint8Array {
  const { bytes } = part;
  part.content.length = 0;
  return bytes;
}

/** @throws Refusal `invalid_request` if it is not UTF-8: 422 for a file, which was probably meant for another field; else 400 */
function textOf(name: string, part: MultipartPart): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(part.bytes);
  } catch {
    if (part.filename) throw invalid(name.slice(0, 100), noFile(name));
    throw unreadable(`${name.slice(0, 100)}: the field is not text in UTF-8`);
  }
}

/** A part is a file if it has a file name or its own type; its content decides which kind of picture it is. */
const isFile = ({ filename, mediaType = "text/plain" }: MultipartPart) =>
  filename !== undefined || !mediaType.startsWith("text/");

const noFile = (name: string) =>
  Object.hasOwn(editFields, name) ? "text is needed, not a file" : unknownField(name);

/** A preset's name as generated clients send it: a JSON string. */
const unquoted = (text: string) => /^"([a-z-]+)"$/.exec(text.trim())?.[1] ?? text;
