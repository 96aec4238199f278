/** The parts of an OpenAPI document that a client can depend on, one per line. */

interface Schema {
  readonly properties?: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
  }[];
  readonly requestBody?: { readonly content: object };
  readonly responses: object;
}

export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/**
 * What clients may send must stay accepted, what they read must stay: operations, parameters, bodies, statuses, fields.
 */
export function surfaceOf({ paths, components }: Document): string[] {
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, { operationId, parameters = [], requestBody, responses }]) => {
      const name = `${method.toUpperCase()} ${path}`;
      return [
        `${name} is ${operationId}`,
        ...parameters.map((parameter) => `${name} takes ${parameter.in} ${parameter.name}`),
        ...Object.keys(requestBody?.content ?? {}).map((type) => `${name} takes ${type}`),
        ...Object.keys(responses)
          .filter((status) => status < "400")
          .map((status) => `${name} answers ${status}`),
      ];
    }),
  );
  const fields = Object.entries(components.schemas).flatMap(([name, { properties = {} }]) =>
    Object.keys(properties).map((field) => `${name}.${field}`),
  );
  return [...operations, ...fields].sort();
}

/** Required parts of a request: these may not grow within a version. */
export function demandsOf({ paths, components }: Document): string[] {
  const parameters = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, { parameters = [] }]) =>
      parameters
        .filter(({ required, in: place }) => required && place !== "path")
        .map(({ name }) => `${method.toUpperCase()} ${path} needs ${name}`),
    ),
  );
  const sent = Object.entries(components.schemas).filter(([name]) =>
    /Request$|Form$|^New|^Sign(?!ed)/.test(name),
  );
  return [
    ...parameters,
    ...sent.flatMap(([name, { required = [] }]) => required.map((field) => `${name} needs ${field}`)),
  ].sort();
}
