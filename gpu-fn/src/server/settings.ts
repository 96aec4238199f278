import { z } from "zod";
import { contradiction, engineSettings } from "../engine/settings.ts";
import { MINI, moderatorSettings } from "../moderation/settings.ts";
import { provenanceSettings } from "../provenance/settings.ts";

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/;

/** The environment of the GPU function, read once. */
export const settingsSchema = z
  .object({
    HOST: z.string().min(1).default("127.0.0.1"),
    /** 0 means any free port. */
    PORT: z.coerce.number().int().min(0).max(65_535).default(8000),
    /** The bearer token that the edge sends. */
    GPU_SECRET: z
      .string()
      .regex(/^[\x21-\x7e]{32,}$/, "needs at least 32 characters, ASCII without spaces")
      .optional(),
    /** Modal's proxy token, as the headers Modal-Key and Modal-Secret. */
    MODAL_KEY: z.string().min(1).optional(),
    MODAL_SECRET: z.string().min(1).optional(),
    /** 1: anyone who can reach the loopback interface may use the server. */
    ALLOW_UNAUTHENTICATED: z.enum(["0", "1"]).default("0"),
    MODEL_MANIFEST: z.string().min(1).default(MINI),
    ...engineSettings,
    ...provenanceSettings,
    ...moderatorSettings,
  })
  .superRefine((settings, context) => {
    const { HOST, GPU_SECRET, MODAL_KEY, MODAL_SECRET, ALLOW_UNAUTHENTICATED } = settings;
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: [path], message });
    if ((MODAL_KEY === undefined) !== (MODAL_SECRET === undefined))
      return refuse("MODAL_KEY", "MODAL_KEY and MODAL_SECRET go together");
    const contradicted = contradiction(settings);
    if (contradicted !== null) return refuse("ARITHMETIC", contradicted);
    if ((settings.C2PA_CERTIFICATES === undefined) !== (settings.C2PA_PRIVATE_KEY === undefined))
      return refuse("C2PA_PRIVATE_KEY", "C2PA_CERTIFICATES and C2PA_PRIVATE_KEY go together");
    if (GPU_SECRET !== undefined || MODAL_KEY !== undefined) return;
    if (ALLOW_UNAUTHENTICATED !== "1" || !LOOPBACK.test(HOST))
      refuse(
        "GPU_SECRET",
        "set GPU_SECRET, or MODAL_KEY and MODAL_SECRET; without a secret only a loopback HOST is served, " +
          "and only with ALLOW_UNAUTHENTICATED=1",
      );
  });

export type Settings = z.output<typeof settingsSchema>;
