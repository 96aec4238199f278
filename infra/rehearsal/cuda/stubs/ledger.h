/* What the stubs count, in a file that the rehearsal maps and reads while they run: one 64-bit integer each, in the order of
   ../ledger.ts. */
#pragma once
#include <stdint.h>

enum entry {
  DEVICE_LIVE,      /* bytes allocated on the device */
  DEVICE_PEAK,      /* the most of them since the reader set it */
  DEVICE_REQUESTS,  /* calls of cudaMalloc */
  DEVICE_REFUSALS,  /* of those, calls that were out of memory */
  TO_DEVICE,        /* bytes copied from the host */
  TO_HOST,          /* bytes copied to the host */
  PRODUCTS,         /* matrix products: cuBLAS and cuBLASLt */
  CONVOLUTION_PLANS /* cudnnBackendFinalize: descriptors that cuDNN prepares for a shape */,
  LAUNCHES,         /* kernels launched */
  ENTRIES
};

void count(enum entry entry, int64_t amount);
