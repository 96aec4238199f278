import { join } from "node:path";
import { EXCLUSIONS } from "./exclusions.ts";
import type { SampleAccount } from "./sample-account.ts";

/** Who makes the requests of a run. */
export type Caller =
  | { readonly kind: "customers"; readonly wfcFile: string }
  | { readonly kind: "admin"; readonly key: string };

interface Values {
  /** Operations by `METHOD /path`; a parameter is named by its place: `path.id`, `body.image`. */
  readonly operation: string;
  readonly values: Readonly<Record<string, string | readonly string[]>>;
}

/** How often a known value is taken in place of one made up. */
const SHARE = 0.5;

/** Parameters whose real values lead further than made-up ones would. */
function valuesOf({ account, image, erasable, edit, revocable, tokens, file }: SampleAccount): Values[] {
  return [
    ...["GET /v1/edits/{id}", "GET /v1/edits/{id}/events", "POST /v1/edits/{id}/cancel"].map((operation) => ({
      operation,
      values: { "path.id": edit },
    })),
    { operation: "POST /v1/edits", values: { "body.image": image } },
    { operation: "POST /v1/alternatives", values: { "body.image": image } },
    { operation: "POST /v1/masks", values: { "body.image": image } },
    { operation: "POST /v1/sign", values: { "body.constraints.image": image } },
    { operation: "GET /v1/render/{token}", values: { "path.token": tokens.render } },
    { operation: "PUT /v1/uploads/{token}", values: { "path.token": tokens.uploads } },
    { operation: "DELETE /v1/images/{id}", values: { "path.id": erasable } },
    {
      operation: "GET /v1/files/{key}",
      values: { "path.key": file.key, "query.expires": file.expires, "query.signature": file.signature },
    },
    { operation: "POST /v1/keys", values: { "body.account": account } },
    { operation: "POST /v1/accounts/{id}/credits", values: { "path.id": account } },
    { operation: "PUT /v1/accounts/{id}/provenance", values: { "path.id": account } },
    { operation: "DELETE /v1/keys/{id}", values: { "path.id": revocable } },
  ];
}

/** Schemathesis' configuration (TOML). Strings are written as JSON writes them, which TOML reads alike. */
export function configOf(caller: Caller, account: SampleAccount): string {
  const dictionaries: string[] = [];
  const operations: string[] = [];
  for (const { operation, values } of valuesOf(account)) {
    const bindings = Object.entries(values).map(([parameter, value]) => {
      const name = `known-${dictionaries.length}`;
      dictionaries.push(`[dictionaries.${name}]\nvalues = [${[value].flat().map(text).join(", ")}]`);
      return `${text(parameter)} = { dictionary = ${text(name)}, probability = ${SHARE} }`;
    });
    operations.push(
      `[[operations]]\ninclude-name = ${text(operation)}\nparameters = { ${bindings.join(", ")} }`,
    );
  }
  for (const { operation, rule } of EXCLUSIONS)
    operations.push(
      `# ${rule}\n[[operations]]\ninclude-name = ${text(operation)}\nchecks.positive_data_acceptance.enabled = false`,
    );
  const auth =
    caller.kind === "customers"
      ? `[auth.wfc]\npath = ${text(caller.wfcFile)}\npeers = ["one", "other"]`
      : `[auth.openapi.key]\nbearer = ${text(caller.key)}`;
  // a made-up token beside the key would only be ignored
  const generation = "[generation]\nwith-security-parameters = false";
  const hooks = `hooks = ${text(join(import.meta.dirname, "hooks.py"))}`;
  return `${[hooks, generation, auth, ...dictionaries, ...operations].join("\n\n")}\n`;
}

/** Users of a run, in Web Fuzzing Commons' format: what one owns the other must not see. */
export function wfcOf([one, other]: SampleAccount["keys"]): string {
  const user = (name: string, key: string) => ({
    name,
    fixedHeaders: [{ name: "Authorization", value: `Bearer ${key}` }],
  });
  return JSON.stringify({ auth: [user("one", one), user("other", other)] });
}

const text = (value: string) => JSON.stringify(value);
