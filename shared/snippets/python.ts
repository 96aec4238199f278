import { lines, type SnippetRequest } from "./request.ts";

/** A value as a Python literal. */
export function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "object") return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([name, inner]) => `${JSON.stringify(name)}: ${literal(inner)}`)
    .join(", ")}}`;
}

type Body = Readonly<Record<string, unknown>>;

/** Arguments by name, the first ones by position. */
function given(body: Body | null, ...first: string[]): string {
  const rest: Record<string, unknown> = { ...body };
  const placed = first.flatMap((name) => {
    if (!(name in rest)) return [];
    const value = literal(rest[name]);
    delete rest[name];
    return [value];
  });
  const named = Object.entries(rest).map(([name, value]) => `${name}=${literal(value)}`);
  const short = [...placed, ...named].join(", ");
  return short.length < 80 ? short : `\n    ${[...placed, ...named].join(",\n    ")},\n`;
}

const promptsOf = (body: Body | null) => {
  const { alternatives, ...rest } = (body ?? {}) as { alternatives?: { prompt: string }[] };
  return { ...rest, prompts: (alternatives ?? []).map(({ prompt }) => prompt) };
};

/** Operations that the client has a method for. */
const CALLS: Readonly<Record<string, (request: SnippetRequest) => string>> = {
  createEdit: ({ body }) =>
    lines(`edit = flux.edit(${given(body, "image", "prompt")})`, "print(edit.image.url)"),
  createAlternatives: ({ body }) =>
    `print(flux.create_alternatives(${given(promptsOf(body), "image", "prompts")}))`,
  createMask: ({ body }) => `print(flux.create_mask(${given(body, "image", "prompt")}))`,
  createUpload: ({ body }) => {
    const { bytes: size, ...rest } = body ?? {};
    return `print(flux.create_upload(${given({ ...rest, ...(size !== undefined && { size }) }, "content_type")}))`;
  },
  createToken: ({ body }) => `print(flux.create_token(${given(body, "action")}))`,
  createImage: () => 'print(flux.upload(Path("portrait.jpg")))',
  getEdit: ({ ids }) => `print(flux.get_edit(${literal(ids[0])}))`,
  cancelEdit: ({ ids }) => `print(flux.cancel_edit(${literal(ids[0])}))`,
  deleteEdit: ({ ids }) => `flux.delete_edit(${literal(ids[0])})`,
  deleteImage: ({ ids }) => `flux.delete_image(${literal(ids[0])})`,
  streamEvents: ({ ids }) =>
    lines(`for event in flux.follow_edit(${literal(ids[0])}):`, "    print(event.name, event.data)"),
  listEdits: () => lines("for edit in flux.list_edits():", "    print(edit.id, edit.status)"),
  getAccount: () => "print(flux.get_account())",
  listPresets: () => "print(flux.list_presets())",
};

export function python(request: SnippetRequest): string {
  const call = CALLS[request.operation]?.(request);
  if (call === undefined) return withHttpx(request);
  return lines(
    request.file ? "from pathlib import Path\n" : null,
    "from flux_sculptor import FluxSculptor",
    "",
    `flux = FluxSculptor(${literal(request.origin)})${request.keyed ? "  # the key is in FLUX_API_KEY" : ""}`,
    call,
  );
}

function withHttpx({ method, origin, path, keyed, body, file }: SnippetRequest): string {
  const headers = [
    keyed ? `"Authorization": f"Bearer {os.environ['FLUX_API_KEY']}"` : null,
    file ? '"Content-Type": "image/jpeg"' : null,
  ].filter((header) => header !== null);
  const options = [
    headers.length > 0 ? `headers={${headers.join(", ")}}` : null,
    body && `json=${literal(body)}`,
    file ? 'content=Path("portrait.jpg").read_bytes()' : null,
  ].filter((option) => option !== null);
  return lines(
    keyed ? "import os" : null,
    file ? "from pathlib import Path" : null,
    keyed || file ? "" : null,
    "import httpx",
    "",
    `answer = httpx.${method}(\n    ${[literal(origin + path), ...options].join(",\n    ")},\n)`,
    "answer.raise_for_status()",
  );
}
