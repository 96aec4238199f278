import type { Id } from "../../../shared/ids.ts";
import { randomSymbols } from "../../../shared/ids.ts";
import { IMAGE_LIMITS } from "../../../shared/image.ts";
import type { SignRequest, UploadRequest } from "../../../shared/sign.ts";
import { UPLOAD_LIFE_S } from "../../../shared/sign.ts";
import type { Claims, ClaimsOf } from "./claims.ts";
import { promptDigest } from "./limits.ts";

/** The account for which a token acts, and the key that grants it. */
export interface Grantor {
  readonly account: Id<"acct">;
  readonly key: Id<"key">;
}

/** The default preset of a render. */
const RENDER_PRESET = "paper";

const seconds = (now: number) => Math.floor(now / 1000);

/** The grant of a request to `POST /v1/sign`. @param now Unix milliseconds */
export async function granted(grantor: Grantor, request: SignRequest, now: number): Promise<Claims> {
  const common = {
    sub: grantor.account,
    key: grantor.key,
    jti: randomSymbols(),
    exp: seconds(now) + request.expires_in,
  };
  const uses = request.max_uses === undefined ? {} : { max: request.max_uses };
  switch (request.action) {
    case "upload":
      return { act: "upload", ...common, ...uses };
    case "edit": {
      const { image, prompts, presets, max_credits } = request.constraints ?? {};
      return {
        act: "edit",
        ...common,
        ...uses,
        ...(image !== undefined && { img: image }),
        ...(prompts !== undefined && { prm: await Promise.all(prompts.map(promptDigest)) }),
        ...(presets !== undefined && { pre: presets }),
        ...(max_credits !== undefined && { crd: max_credits }),
      };
    }
    case "render": {
      const { image, prompts, presets, max_credits } = request.constraints;
      const [prompt = ""] = prompts;
      return {
        act: "render",
        ...common,
        img: image,
        prompt,
        pre: presets?.[0] ?? RENDER_PRESET,
        ...(max_credits !== undefined && { crd: max_credits }),
      };
    }
  }
}

/** One PUT of one image. @param until when the grant it comes from expires, Unix seconds */
export function grantedUpload(
  grantor: Grantor,
  image: Id<"img">,
  request: UploadRequest,
  now: number,
  until: number,
): ClaimsOf<"put"> {
  return {
    act: "put",
    sub: grantor.account,
    key: grantor.key,
    jti: randomSymbols(),
    exp: Math.min(until, seconds(now) + UPLOAD_LIFE_S),
    img: image,
    type: request.content_type,
    bytes: request.bytes ?? IMAGE_LIMITS.bytes,
  };
}

/** The address where a token is used: of a render, the image's own. @param publicUrl where clients reach the worker */
export function tokenUrl(publicUrl: string, action: Claims["act"], token: string): string {
  const { origin } = new URL(publicUrl);
  if (action === "render") return `${origin}/v1/render/${token}`;
  if (action === "put") return `${origin}/v1/uploads/${token}`;
  return `${origin}/v1/${action}s?token=${token}`;
}
