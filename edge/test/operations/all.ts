import { ACCOUNT } from "./account.ts";
import { EDITS } from "./edits.ts";
import { IMAGES } from "./images.ts";
import type { Operation } from "./operation.ts";
import { SERVICE } from "./service.ts";
import { SIGNED_USE } from "./signed-use.ts";

/** Every operation of the contract. */
export const OPERATIONS: readonly Operation[] = [...EDITS, ...IMAGES, ...SIGNED_USE, ...ACCOUNT, ...SERVICE];
