import type { Problem } from "../../../shared/problem.ts";
import type { Scope } from "../../../shared/scopes.ts";
import { type Call, type Customer, chunked, uploaded } from "../client.ts";

/** A request without a key. */
export interface Ask extends Call {
  readonly path: string;
}

/** Who may make a request: anyone, the operator, a key (with a scope), or a holder of the address's signature. */
export type Access = "anybody" | "operator" | "signature" | { readonly scope: Scope | null };

export type Wrong = readonly [change: Partial<Ask>, status: number, code: Problem["code"]];

/** One operation of the contract: a request that succeeds, and invalid ones. */
export interface Operation {
  readonly name: string;
  readonly access: Access;
  readonly status: number;
  /** A request that succeeds, with everything it needs created for its owner. */
  readonly ask: (owner: Customer) => Ask | Promise<Ask>;
  /** POST: another request for the same Idempotency-Key. Null if only the path distinguishes requests. */
  readonly other?: ((ask: Ask) => Ask) | null;
  /** Changes to the request, each with its refusal. */
  readonly wrong?: () => readonly Wrong[];
  /** The request refers to something of its owner's, which is unknown to everyone else. */
  readonly owned?: boolean;
  /** The route's refusal of an address with a tampered signature. */
  readonly forged?: readonly [status: number, code: Problem["code"]];
}

export const PROMPT = "a woman wearing glasses";

export const PNG = { "Content-Type": "image/png" };

/** The minimal body of an edit or a mask. */
export const picture = async ({ key }: Customer) => ({ image: await uploaded(key), prompt: PROMPT });

export const pathOf = (url: string) => url.replace("https://edge.test", "");

/** The same request with another body. */
export const withBody =
  (body: unknown) =>
  (ask: Ask): Ask => ({ ...ask, body });

/** Errors that any JSON body can have. */
export const wrongJson = (): Wrong[] => [
  [{ body: "{", headers: { "Content-Type": "application/json" } }, 400, "invalid_request"],
  [{ body: chunked("{}"), headers: { "Content-Type": "application/json" } }, 411, "length_required"],
  [{ body: "<x/>", headers: { "Content-Type": "text/xml" } }, 415, "unsupported_media"],
  [{ body: { surprise: true } }, 422, "invalid_request"],
];
