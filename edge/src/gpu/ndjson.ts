/** A line that is too long: its sender does not speak our protocol. */
export class LineTooLongError extends Error {
  override name = "LineTooLongError";
}

/** Events are a few hundred bytes; the limit bounds memory. */
const LINE_MAX = 64 * 1024;

/**
 * Turns bytes into lines of UTF-8 text without their line ends; empty lines are skipped. The last line needs no line
 * end. A line of more than `max` characters is a stream error.
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
