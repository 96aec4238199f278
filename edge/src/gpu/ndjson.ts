/** A line that is longer than it may be: whoever wrote it does not speak our protocol. */
export class LineTooLongError extends Error {
  override name = "LineTooLongError";
}

/** Events are a few hundred bytes; memory stays bounded whatever comes. */
const LINE_MAX = 64 * 1024;

/**
 * Bytes in, lines of UTF-8 text out, without their ends; empty lines are left out. The last line needs no end.
 * A line of more than `max` characters is an error of the stream.
 */
export function splitLines(max = LINE_MAX): TransformStream<Uint8Array, string> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  let rest = "";
  const take = (text: string, out: TransformStreamDefaultController<string>) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    if ([rest, ...lines].some((line) => line.length > max))
      throw new LineTooLongError(`more than ${max} characters`);
    for (const line of lines) if (line.trim() !== "") out.enqueue(line);
  };
  return new TransformStream<Uint8Array, string>({
    transform: (bytes, out) => take(decoder.decode(bytes, { stream: true }), out),
    flush: (out) => take(`${decoder.decode()}\n`, out),
  });
}
