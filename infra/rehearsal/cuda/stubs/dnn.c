/* cuDNN 9: descriptors are memory that nothing reads; those that are prepared for a shape are counted. */
#include "ledger.h"
#include <stdlib.h>
#include <string.h>

size_t cudnnGetVersion(void) { return 91600; }
size_t cudnnGetCudartVersion(void) { return 13000; }
const char *cudnnGetErrorString(int status) { return status ? "CUDNN_STATUS_NOT_SUPPORTED" : "CUDNN_STATUS_SUCCESS"; }
void cudnnGetLastErrorString(char *message, size_t size) {
  if (size) *message = 0;
}

static int handle(void **out) {
  *out = calloc(1, 64);
  return 0;
}
int cudnnCreate(void **out) { return handle(out); }
int cudnnCreateTensorDescriptor(void **out) { return handle(out); }
int cudnnCreateFilterDescriptor(void **out) { return handle(out); }
int cudnnCreateConvolutionDescriptor(void **out) { return handle(out); }
int cudnnCreateActivationDescriptor(void **out) { return handle(out); }
int cudnnCreateReduceTensorDescriptor(void **out) { return handle(out); }
int cudnnCreatePoolingDescriptor(void **out) { return handle(out); }
int cudnnCreateDropoutDescriptor(void **out) { return handle(out); }
int cudnnBackendCreateDescriptor(int type, void **out) { return handle(out); }
int cudnnBackendFinalize(void *descriptor) {
  count(CONVOLUTION_PLANS, 1);
  return 0;
}
int cudnnGetStream(void *handle, void **stream) {
  *stream = 0;
  return 0;
}

/* One element of every attribute: a zero, or the descriptor that the caller brought (type 15). */
enum { HANDLE = 0, INT64 = 3, DOUBLE = 5, VOID = 6, DESCRIPTOR = 15 };
int cudnnBackendGetAttribute(void *descriptor, int name, int type, int64_t wanted, int64_t *found, void *elements) {
  if (found) *found = 1;
  if (!elements || wanted < 1 || type == DESCRIPTOR) return 0;
  int wide = type == HANDLE || type == INT64 || type == DOUBLE || type == VOID;
  memset(elements, 0, wide ? 8 : 4);
  return 0;
}
