/* cuBLASLt: products are counted, descriptors are memory that nothing reads, one algorithm always fits. */
#include "ledger.h"
#include <stdlib.h>
#include <string.h>

static int handle(void **out) {
  *out = calloc(1, 512);
  return 0;
}
int cublasLtCreate(void **out) { return handle(out); }
int cublasLtMatmulDescCreate(void **out, int compute, int scale) { return handle(out); }
int cublasLtMatrixLayoutCreate(void **out, int type, uint64_t rows, uint64_t columns, int64_t leading) { return handle(out); }
int cublasLtMatmulPreferenceCreate(void **out) { return handle(out); }
int cublasLtMatrixTransformDescCreate(void **out, int scale) { return handle(out); }
/* cublasLtMatmulHeuristicResult_t: 96 bytes, of which a zero workspace and state are all that is read */
int cublasLtMatmulAlgoGetHeuristic(void *handle, void *operation, void *a, void *b, void *c, void *d, void *preference,
                                   int wanted, void *results, int *found) {
  memset(results, 0, 96);
  *found = 1;
  return 0;
}
int cublasLtMatmul(void) {
  count(PRODUCTS, 1);
  return 0;
}
