// The decoding process. It reads files from standard input and writes pixels to descriptor 3, one picture at a time. It
// ends when its input does. It has no environment, and no network if the system allows that.
import { Socket } from "node:net";
import sharp from "sharp";
import { IMAGE_LIMITS } from "../../../../shared/image.ts";
import { InputError } from "../../errors.ts";
import { decodeGreyHere, decodePhotoHere } from "./decode-here.ts";
import { FrameReader, frameOf } from "./frames.ts";
import { ownDataLimit, residentBytes } from "./limits.ts";
import { type Answered, type Asked, askedSchema } from "./messages.ts";

// decoded pictures are not needed again, and more threads cost memory without speeding up one picture
sharp.cache(false);
sharp.concurrency(2);

const output = new Socket({ fd: 3, readable: false });
const say = (head: Answered, ...parts: Uint8Array[]) => {
  output.cork();
  for (const piece of frameOf(head, parts)) output.write(piece);
  output.uncork();
};

async function perform(asked: Asked, file: Uint8Array): Promise<void> {
  const residentNow = () => residentBytes(process.pid) ?? 0;
  if (asked.kind === "grey") {
    const { width, height, data } = await decodeGreyHere(file);
    return say({ kind: "grey", width, height, residentBytes: residentNow() }, data);
  }
  const { width, height, rgb, alpha } = await decodePhotoHere(file, asked.longest);
  say(
    { kind: "photo", width, height, residentBytes: residentNow() },
    rgb,
    ...(alpha === null ? [] : [alpha]),
  );
}

/** Answers with pixels, or with a refusal as in `decodePhoto` or for lack of memory. Other errors end the process. */
async function serve(asked: Asked, file: Uint8Array): Promise<void> {
  try {
    await perform(asked, file);
  } catch (error) {
    const outOfMemory = error instanceof RangeError;
    if (!outOfMemory && !(error instanceof InputError)) throw error;
    const code = outOfMemory ? "image_undecodable" : error.code;
    const message = outOfMemory ? "the image takes too much memory to decode" : error.message;
    say({ kind: "refused", code: code as Extract<Answered, { kind: "refused" }>["code"], message });
  }
}

const reader = new FrameReader(IMAGE_LIMITS.bytes + 1, (head, [file = new Uint8Array()]) =>
  serve(askedSchema.parse(head), file),
);
process.stdin.on("data", (chunk: Buffer) => reader.push(chunk));
process.stdin.on("end", () => process.exit());
say({ kind: "ready", dataBytes: ownDataLimit() });
