/* cuBLAS: products are counted. */
#include "ledger.h"
#include <stdlib.h>

int cublasCreate_v2(void **handle) {
  *handle = calloc(1, 64);
  return 0;
}
int cublasGetMathMode(void *handle, int *mode) {
  *mode = 0;
  return 0;
}
const char *cublasGetStatusName(int status) { return "CUBLAS_STATUS"; }
const char *cublasGetStatusString(int status) { return "CUBLAS_STATUS"; }

#define PRODUCT(name) \
  int name(void) { \
    count(PRODUCTS, 1); \
    return 0; \
  }
PRODUCT(cublasSgemm_v2)
PRODUCT(cublasGemmEx)
PRODUCT(cublasGemmBatchedEx)
PRODUCT(cublasGemmStridedBatchedEx)
PRODUCT(cublasSgemmStridedBatched)
PRODUCT(cublasSgemmBatched)
