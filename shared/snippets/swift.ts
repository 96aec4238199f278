import { lines, type SnippetRequest } from "./request.ts";

/** A Swift string literal; raw if it contains quotes. */
const literal = (text: string) => (/["\\]/.test(text) ? `#"${text}"#` : `"${text}"`);

export function swift({ operation, method, origin, path, keyed, body, file }: SnippetRequest): string {
  const events = operation === "streamEvents";
  return lines(
    "import Foundation",
    "",
    `var request = URLRequest(url: URL(string: ${literal(origin + path)})!)`,
    method === "get" ? null : `request.httpMethod = "${method.toUpperCase()}"`,
    keyed
      ? `request.setValue("Bearer \\(ProcessInfo.processInfo.environment["FLUX_API_KEY"]!)", forHTTPHeaderField: "Authorization")`
      : null,
    operation === "createEdit" ? `request.setValue("wait", forHTTPHeaderField: "Prefer")` : null,
    body && `request.setValue("application/json", forHTTPHeaderField: "Content-Type")`,
    body && `request.httpBody = Data(${literal(JSON.stringify(body))}.utf8)`,
    file ? `request.setValue("image/jpeg", forHTTPHeaderField: "Content-Type")` : null,
    file ? `request.httpBody = try Data(contentsOf: URL(fileURLWithPath: "portrait.jpg"))` : null,
    events
      ? "let (bytes, _) = try await URLSession.shared.bytes(for: request)"
      : "let (data, answer) = try await URLSession.shared.data(for: request)",
    events
      ? "for try await line in bytes.lines { print(line) }"
      : "print((answer as! HTTPURLResponse).statusCode, String(decoding: data, as: UTF8.self))",
  );
}
