import { indented, lines, type SnippetRequest } from "./request.ts";

const PLAIN = /^[A-Za-z_]\w*$/;

/** A value as a JavaScript literal: names without quotes. */
export function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(
    ([name, inner]) => `${PLAIN.test(name) ? name : JSON.stringify(name)}: ${literal(inner)}`,
  );
  const short = `{ ${fields.join(", ")} }`;
  return fields.length === 0
    ? "{}"
    : short.length < 80
      ? short
      : `{\n  ${fields.map((field) => indented(field, 2)).join(",\n  ")},\n}`;
}

const say = (call: string) => `console.log(await ${call});`;

/** Operations that the client has a method for. */
const CALLS: Readonly<Record<string, (request: SnippetRequest) => string>> = {
  createEdit: ({ body }) =>
    lines(`const edit = await flux.edit(${literal(body)});`, "console.log(edit.image.url);"),
  createAlternatives: ({ body }) => say(`flux.createAlternatives(${literal(body)})`),
  createMask: ({ body }) => say(`flux.createMask(${literal(body)})`),
  createUpload: ({ body }) => say(`flux.createUpload(${literal(body)})`),
  createToken: ({ body }) => say(`flux.createToken(${literal(body)})`),
  createImage: () =>
    lines(
      'const photo = new Blob([await readFile("portrait.jpg")], { type: "image/jpeg" });',
      say("flux.upload(photo)"),
    ),
  getEdit: ({ ids }) => say(`flux.getEdit(${literal(ids[0])})`),
  cancelEdit: ({ ids }) => say(`flux.cancelEdit(${literal(ids[0])})`),
  deleteEdit: ({ ids }) => `await flux.deleteEdit(${literal(ids[0])});`,
  deleteImage: ({ ids }) => `await flux.deleteImage(${literal(ids[0])});`,
  streamEvents: ({ ids }) =>
    `for await (const { event, data } of flux.followEdit(${literal(ids[0])})) console.log(event, data);`,
  listEdits: () => "for await (const edit of flux.listEdits()) console.log(edit.id, edit.status);",
  getAccount: () => say("flux.getAccount()"),
  listPresets: () => say("flux.listPresets()"),
};

export function typescript(request: SnippetRequest): string {
  const call = CALLS[request.operation]?.(request);
  if (call === undefined) return withFetch(request);
  return lines(
    'import { createClient } from "flux-sculptor-client";',
    request.file ? 'import { readFile } from "node:fs/promises";' : null,
    "",
    `const flux = createClient({ url: ${literal(request.origin)}${request.keyed ? ", key: process.env.FLUX_API_KEY" : ""} });`,
    call,
  );
}

function withFetch({ method, origin, path, keyed, body, file }: SnippetRequest): string {
  const headers = [
    keyed ? "Authorization: `Bearer $" + "{process.env.FLUX_API_KEY}`" : null,
    body && '"Content-Type": "application/json"',
    file ? '"Content-Type": "image/jpeg"' : null,
  ].filter((header) => header !== null);
  const options = [
    method === "get" ? null : `method: "${method.toUpperCase()}"`,
    headers.length > 0 ? `headers: { ${headers.join(", ")} }` : null,
    body && `body: JSON.stringify(${indented(literal(body), 2)})`,
    file ? 'body: await readFile("portrait.jpg")' : null,
  ].filter((option) => option !== null);
  const given = options.length > 0 ? `, {\n  ${options.join(",\n  ")},\n}` : "";
  return lines(
    file ? 'import { readFile } from "node:fs/promises";\n' : null,
    `const answer = await fetch(${literal(origin + path)}${given});`,
    "if (!answer.ok) throw new Error((await answer.json()).detail);",
  );
}
