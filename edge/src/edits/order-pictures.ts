import type { NewEdit } from "../account/contract/edits.ts";
import type { ImageRow } from "../account/contract/images.ts";
import type { Asker } from "../context.ts";
import { type Env, settingsOf } from "../env.ts";
import type { Upload } from "../images/store.ts";
import { refuseUsedUp } from "../tokens/uses.ts";
import { knownPicture, refuseOtherSize, storedPicture } from "./given-picture.ts";
import { notAccepted } from "./not-accepted.ts";
import type { EditOrder, Load, NamedOrder } from "./order.ts";

/** The pictures of an edit, as the account gets them. */
export type Pictures = Pick<NewEdit["input"], "image" | "mask" | "inline">;

export const namesOf = ({ image, mask }: NamedOrder): Pictures => ({
  image: image.id,
  mask: mask?.id ?? ("auto" as const),
  inline: [],
});

/** Stores the pictures that were sent along if the order can be accepted; the account then decides for good. */
export async function storedPictures(
  env: Env,
  asker: Asker,
  { image, mask }: EditOrder,
  load: Load,
): Promise<Pictures> {
  if (asker.permit !== undefined) refuseUsedUp(asker.permit);
  const [photo, region] = await Promise.all([
    knownPicture(env, asker, image),
    mask && knownPicture(env, asker, mask),
  ]);
  if (region !== null) refuseOtherSize(region, photo);
  const refused = await asker.account.refusalOf(load);
  if (refused !== null) throw notAccepted(settingsOf(env), refused, load.credits);
  const [photoRow, maskRow] = await Promise.all([
    storedPicture(env, asker, photo),
    region && storedPicture(env, asker, region),
  ]);
  const inline = [isNew(photo) ? photoRow : null, isNew(region) ? maskRow : null];
  return {
    image: photoOf(photoRow),
    mask: maskRow === null ? "auto" : maskOf(maskRow),
    inline: inline.flatMap((row) => row?.id ?? []),
  };
}

const isNew = (picture: ImageRow | Upload | null) => picture !== null && !("id" in picture);

const photoOf = ({ id, key, sha256, width, height }: ImageRow) => ({ id, key, sha256, width, height });

const maskOf = ({ id, key, sha256 }: ImageRow) => ({ id, key, sha256 });
