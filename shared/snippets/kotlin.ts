import { lines, type SnippetRequest } from "./request.ts";

/** A Kotlin string literal. */
const literal = (text: string) => JSON.stringify(text).replaceAll("$", "\\$");

export function kotlin({ operation, method, origin, path, keyed, body, file }: SnippetRequest): string {
  const sent = body
    ? `${literal(JSON.stringify(body))}.toRequestBody("application/json".toMediaType())`
    : file
      ? `File("portrait.jpg").asRequestBody("image/jpeg".toMediaType())`
      : `"".toRequestBody()`;
  const verb = method === "get" ? null : method === "delete" ? ".delete()" : `.${method}(${sent})`;
  const imports = [
    file ? "java.io.File" : null,
    verb !== null && method !== "delete" && (body !== null || file)
      ? "okhttp3.MediaType.Companion.toMediaType"
      : null,
    "okhttp3.OkHttpClient",
    "okhttp3.Request",
    file ? "okhttp3.RequestBody.Companion.asRequestBody" : null,
    verb !== null && method !== "delete" && !file ? "okhttp3.RequestBody.Companion.toRequestBody" : null,
  ];
  return lines(
    ...imports.map((name) => name && `import ${name}`),
    "",
    "val request = Request.Builder()",
    `    .url(${literal(origin + path)})`,
    keyed ? `    .header("Authorization", "Bearer \${System.getenv("FLUX_API_KEY")}")` : null,
    operation === "createEdit" ? `    .header("Prefer", "wait")` : null,
    verb && `    ${verb}`,
    "    .build()",
    "OkHttpClient().newCall(request).execute().use { println(it.body.string()) }",
  );
}
