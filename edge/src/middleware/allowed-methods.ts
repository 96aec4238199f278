interface Route {
  readonly method: string;
  readonly path: string;
}

const compiled = new Map<string, RegExp>();

/** A router's pattern (`/v1/edits/:id`, `/v1/files/:key{.+}`) as a regular expression for whole paths. */
function expressionOf(pattern: string): RegExp {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const source = pattern.replace(
    /:\w+\{(.+?)\}|:\w+|[.*+?^$()|[\]\\]/g,
    (part, custom: string | undefined) => custom ?? (part.startsWith(":") ? "[^/]+" : `\\${part}`),
  );
  const expression = new RegExp(`^${source}$`);
  compiled.set(pattern, expression);
  return expression;
}

/** The methods registered for a path, sorted; empty if there is no route. */
export function allowedMethods(routes: readonly Route[], path: string): string[] {
  const methods = new Set<string>();
  for (const { method, path: pattern } of routes)
    if (method !== "ALL" && expressionOf(pattern).test(path)) methods.add(method);
  if (methods.has("GET")) methods.add("HEAD");
  if (methods.size > 0) methods.add("OPTIONS");
  return [...methods].sort();
}
