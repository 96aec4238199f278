import type { Written } from "../../../shared/gpu.ts";
import { GpuUnavailableError } from "../gpu/client.ts";

/**
 * Checks the GPU function's report of an object against storage: the requested key, and an object of that size and, if
 * storage has computed one, of that hash. @throws GpuUnavailableError if they differ
 */
export async function checkWritten(
  bucket: R2Bucket,
  asked: { key: string },
  written: Written,
): Promise<void> {
  if (written.key !== asked.key)
    throw new GpuUnavailableError("the GPU function names a key it was not given");
  const object = await bucket.head(written.key);
  const sha256 = object?.checksums.toJSON().sha256 ?? written.sha256;
  if (object?.size !== written.bytes || sha256 !== written.sha256) {
    throw new GpuUnavailableError("what the GPU function wrote is not in storage");
  }
}
