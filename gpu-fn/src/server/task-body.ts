import type { z } from "zod";
import { problem, type ServerContext } from "./problem.ts";

/** Largest size of a task's JSON in bytes. */
const TASK_BYTES = 65_536;

/**
 * Reads and checks the JSON of a task.
 * @returns the task, or the problem to answer with: 411, 413, 415, 400 (not JSON), 422 (not a task)
 */
export async function readTask<Schema extends z.ZodType>(
  c: ServerContext,
  schema: Schema,
): Promise<{ task: z.output<Schema> } | { refused: Response }> {
  const length = c.req.header("Content-Length");
  if (length === undefined) return { refused: problem(c, "length_required", "send a Content-Length") };
  if (Number(length) > TASK_BYTES)
    return { refused: problem(c, "payload_too_large", `a task has at most ${TASK_BYTES} bytes`) };
  const type = c.req.header("Content-Type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json")
    return { refused: problem(c, "unsupported_media", "a task is application/json") };
  const json = parseJson(await c.req.text());
  if (json === undefined)
    return { refused: problem(c, "invalid_request", "the body is not JSON", { status: 400 }) };
  const parsed = schema.safeParse(json);
  if (parsed.success) return { task: parsed.data };
  const errors = parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
  return { refused: problem(c, "invalid_request", "the body is not a task", { errors }) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
