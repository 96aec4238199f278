// The client's types are the API's: what the schemas give must be what the client says, and what the client lets a
// caller send must be what the schemas take. Checked by `tsc`; a test that fails here fails to compile.
import { expectTypeOf, test } from "vitest";
import type { z } from "zod";
import type { alternativesRequestSchema } from "../../alternatives.ts";
import type * as answers from "../../answers.ts";
import type { Edit, editRequestSchema } from "../../edit.ts";
import type { EditEvent } from "../../event.ts";
import type { Problem } from "../../problem.ts";
import type { Signed, signRequestSchema, Upload, uploadRequestSchema } from "../../sign.ts";
import type { WebhookEvent } from "../../webhook.ts";
import type * as client from "./types.ts";

/** Makes arrays and fields readonly, recursively: the client promises not to change its arguments. */
type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Name in keyof T]: Frozen<T[Name]> }
    : T;

test("answers match the schemas", () => {
  expectTypeOf<answers.Image>().toExtend<client.Image>();
  expectTypeOf<answers.Mask>().toExtend<client.Mask>();
  expectTypeOf<answers.Account>().toExtend<client.Account>();
  expectTypeOf<Edit>().toExtend<client.Edit>();
  expectTypeOf<EditEvent>().toExtend<client.EditEvent>();
  expectTypeOf<Problem>().toExtend<client.Problem>();
  expectTypeOf<Signed>().toExtend<client.Signed>();
  expectTypeOf<Upload>().toExtend<client.Upload>();
  expectTypeOf<WebhookEvent>().toExtend<client.WebhookEvent>();
  expectTypeOf<keyof Edit>().toEqualTypeOf<keyof client.Edit>();
  expectTypeOf<keyof answers.Account>().toEqualTypeOf<keyof client.Account>();
  expectTypeOf<client.Edit>().toExtend<Edit>();
  expectTypeOf<client.EditEvent>().toExtend<EditEvent>();
  expectTypeOf<Problem["policy"]>().toEqualTypeOf<client.Problem["policy"]>();
  expectTypeOf<Problem["code"]>().toEqualTypeOf<client.ProblemCode>();
  expectTypeOf<EditEvent["event"]>().toEqualTypeOf<client.EditEvent["event"]>();
});

type Texts<T> = Omit<T, "image" | "mask"> & { readonly image: string; readonly mask?: string | undefined };

test("requests match the schemas, with every field", () => {
  expectTypeOf<Texts<client.EditOrder>>().toExtend<Frozen<z.input<typeof editRequestSchema>>>();
  expectTypeOf<client.AlternativesOrder>().toExtend<Frozen<z.input<typeof alternativesRequestSchema>>>();
  expectTypeOf<client.SignRequest>().toExtend<Frozen<z.input<typeof signRequestSchema>>>();
  expectTypeOf<client.UploadRequest>().toExtend<Frozen<z.input<typeof uploadRequestSchema>>>();
  expectTypeOf<keyof client.EditOrder>().toEqualTypeOf<keyof z.input<typeof editRequestSchema>>();
  expectTypeOf<keyof client.AlternativesOrder>().toEqualTypeOf<
    keyof z.input<typeof alternativesRequestSchema>
  >();
});
