import { useState } from "preact/hooks";
import { readTokens, type Tokens } from "../model/tokens.ts";

/** Where the server has no demo budget: the visitor brings tokens. */
export function TokenForm({ give }: { give: (tokens: Tokens) => void }) {
  const [fault, setFault] = useState<string | null>(null);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget as HTMLFormElement).get("tokens") ?? "");
    const read = readTokens(text);
    if (typeof read === "string") setFault(read);
    else give(read);
  };
  return (
    <form class="card tokens" onSubmit={submit}>
      <h2>This server gives no demo credits</h2>
      <p>
        On your own server, sign two tokens with <code>POST /v1/sign</code>, one with{" "}
        <code>"action": "edit"</code> and one with <code>"action": "upload"</code>, and paste both answers
        here. Tokens end by themselves. A secret key (<code>sk_…</code>) never belongs into a web page.
      </p>
      <label for="tokens">The two addresses or answers of POST /v1/sign</label>
      <textarea
        id="tokens"
        name="tokens"
        rows={3}
        spellcheck={false}
        autocomplete="off"
        aria-describedby="tokens-fault"
        aria-invalid={fault !== null}
      />
      <p id="tokens-fault" class="fault" role="alert">
        {fault}
      </p>
      <button type="submit" class="primary">
        Use these tokens
      </button>
    </form>
  );
}
