/* The CUDA runtime without a GPU: memory is accounted for, copies are counted, kernels do nothing. Environment:
   REHEARSAL_LEDGER (a file of ENTRIES 64-bit integers), REHEARSAL_GIB (the device's memory), REHEARSAL_SM (90). */
#define _GNU_SOURCE
#include "ledger.h"
#include <cuda_runtime_api.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Copies up to this size are made, so that shapes which travel through the device stay true. */
#define SMALL 4096
#define PAGE 4096
/* Address space that device memory is taken from, once; its pages are hardly touched. */
#define SPACE (1ull << 42)

struct block {
  char *start;
  size_t bytes;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct block *blocks;
static size_t used, room;
static char *base, *next;
static int64_t *ledger;
static int64_t unread[ENTRIES];

__attribute__((constructor)) static void start(void) {
  base = next = mmap(0, SPACE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  const char *path = getenv("REHEARSAL_LEDGER");
  int file = path ? open(path, O_RDWR) : -1;
  void *mapped = MAP_FAILED;
  if (file >= 0) {
    mapped = mmap(0, sizeof unread, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
  }
  ledger = mapped == MAP_FAILED ? unread : mapped;
}

void count(enum entry entry, int64_t amount) {
  int64_t now = __atomic_add_fetch(&ledger[entry], amount, __ATOMIC_SEQ_CST);
  if (entry == DEVICE_LIVE && now > ledger[DEVICE_PEAK]) ledger[DEVICE_PEAK] = now;
}

static size_t capacity(void) {
  const char *gib = getenv("REHEARSAL_GIB");
  return (size_t)((gib ? atof(gib) : 80) * (1ull << 30));
}

static int on_device(const void *p) { return (const char *)p >= base && (const char *)p < next; }

cudaError_t cudaMalloc(void **out, size_t size) {
  size_t bytes = (size + PAGE - 1) / PAGE * PAGE;
  if (bytes == 0) bytes = PAGE;
  pthread_mutex_lock(&lock);
  count(DEVICE_REQUESTS, 1);
  void *mapped = MAP_FAILED;
  if (ledger[DEVICE_LIVE] + bytes <= capacity() && next + bytes <= base + SPACE)
    mapped = mmap(next, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
  if (mapped == MAP_FAILED) {
    count(DEVICE_REFUSALS, 1);
    pthread_mutex_unlock(&lock);
    return cudaErrorMemoryAllocation;
  }
  if (used == room) {
    room = room ? 2 * room : 1024;
    blocks = realloc(blocks, room * sizeof *blocks);
  }
  blocks[used++] = (struct block){mapped, bytes};
  next += bytes;
  count(DEVICE_LIVE, (int64_t)bytes);
  *out = mapped;
  pthread_mutex_unlock(&lock);
  return cudaSuccess;
}

cudaError_t cudaFree(void *p) {
  pthread_mutex_lock(&lock);
  for (size_t i = 0; p && i < used; i++) {
    if (blocks[i].start != p) continue;
    mmap(p, blocks[i].bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
    count(DEVICE_LIVE, -(int64_t)blocks[i].bytes);
    blocks[i] = blocks[--used];
    break;
  }
  pthread_mutex_unlock(&lock);
  return cudaSuccess;
}

cudaError_t cudaFreeAsync(void *p, cudaStream_t stream) { return cudaFree(p); }
cudaError_t cudaMallocFromPoolAsync(void **out, size_t size, cudaMemPool_t pool, cudaStream_t stream) {
  return cudaMalloc(out, size);
}

cudaError_t cudaMallocHost(void **out, size_t size) {
  *out = aligned_alloc(PAGE, (size + PAGE - 1) / PAGE * PAGE);
  return *out ? cudaSuccess : cudaErrorMemoryAllocation;
}
cudaError_t cudaHostAlloc(void **out, size_t size, unsigned flags) { return cudaMallocHost(out, size); }
cudaError_t cudaFreeHost(void *p) {
  free(p);
  return cudaSuccess;
}

/* The direction is read off the addresses: what a caller says may be `cudaMemcpyDefault`. */
static void copy(void *to, const void *from, size_t bytes) {
  int into = on_device(to), out = on_device(from);
  if (into && !out) count(TO_DEVICE, (int64_t)bytes);
  if (out && !into) count(TO_HOST, (int64_t)bytes);
  if (!into && !out) memcpy(to, from, bytes);
  else if (bytes <= SMALL) memcpy(to, from, bytes);
  else if (!into) memset(to, 0, bytes);
}

cudaError_t cudaMemcpy(void *to, const void *from, size_t bytes, enum cudaMemcpyKind kind) {
  copy(to, from, bytes);
  return cudaSuccess;
}
cudaError_t cudaMemcpyAsync(void *to, const void *from, size_t bytes, enum cudaMemcpyKind kind, cudaStream_t stream) {
  copy(to, from, bytes);
  return cudaSuccess;
}

cudaError_t cudaMemGetInfo(size_t *free_bytes, size_t *total) {
  *total = capacity();
  *free_bytes = *total - (size_t)ledger[DEVICE_LIVE];
  return cudaSuccess;
}

static int sm(void) {
  const char *given = getenv("REHEARSAL_SM");
  return given ? atoi(given) : 90;
}

cudaError_t cudaGetDeviceCount(int *count) {
  *count = 1;
  return cudaSuccess;
}
cudaError_t cudaGetDevice(int *device) {
  *device = 0;
  return cudaSuccess;
}
cudaError_t cudaRuntimeGetVersion(int *version) {
  *version = CUDART_VERSION;
  return cudaSuccess;
}
cudaError_t cudaDriverGetVersion(int *version) { return cudaRuntimeGetVersion(version); }

cudaError_t cudaGetDeviceProperties(struct cudaDeviceProp *p, int device) {
  memset(p, 0, sizeof *p);
  strcpy(p->name, "a GPU that is rehearsed");
  p->totalGlobalMem = capacity();
  p->major = sm() / 10;
  p->minor = sm() % 10;
  p->warpSize = 32;
  p->multiProcessorCount = 132;
  p->maxThreadsPerBlock = p->maxThreadsDim[0] = p->maxThreadsDim[1] = 1024;
  p->maxThreadsDim[2] = 64;
  p->maxThreadsPerMultiProcessor = 2048;
  p->maxBlocksPerMultiProcessor = 32;
  p->maxGridSize[0] = 2147483647;
  p->maxGridSize[1] = p->maxGridSize[2] = 65535;
  p->regsPerBlock = p->regsPerMultiprocessor = 65536;
  p->sharedMemPerBlock = 48 << 10;
  p->sharedMemPerBlockOptin = 227 << 10;
  p->sharedMemPerMultiprocessor = 228 << 10;
  p->reservedSharedMemPerBlock = 1 << 10;
  p->totalConstMem = 64 << 10;
  p->l2CacheSize = 50 << 20;
  p->textureAlignment = 512;
  p->asyncEngineCount = 3;
  p->concurrentKernels = p->cooperativeLaunch = p->unifiedAddressing = p->memoryPoolsSupported = 1;
  p->canMapHostMemory = p->hostRegisterSupported = 1;
  return cudaSuccess;
}

cudaError_t cudaDeviceGetAttribute(int *value, enum cudaDeviceAttr attribute, int device) {
  struct cudaDeviceProp p;
  cudaGetDeviceProperties(&p, device);
  switch (attribute) {
    case cudaDevAttrMaxThreadsPerBlock: *value = p.maxThreadsPerBlock; break;
    case cudaDevAttrMaxSharedMemoryPerBlock: *value = (int)p.sharedMemPerBlock; break;
    case cudaDevAttrMaxSharedMemoryPerBlockOptin: *value = (int)p.sharedMemPerBlockOptin; break;
    case cudaDevAttrMaxSharedMemoryPerMultiprocessor: *value = (int)p.sharedMemPerMultiprocessor; break;
    case cudaDevAttrMultiProcessorCount: *value = p.multiProcessorCount; break;
    case cudaDevAttrComputeCapabilityMajor: *value = p.major; break;
    case cudaDevAttrComputeCapabilityMinor: *value = p.minor; break;
    case cudaDevAttrWarpSize: *value = p.warpSize; break;
    default: *value = 1;
  }
  return cudaSuccess;
}

cudaError_t cudaPointerGetAttributes(struct cudaPointerAttributes *attributes, const void *p) {
  memset(attributes, 0, sizeof *attributes);
  attributes->type = on_device(p) ? cudaMemoryTypeDevice : cudaMemoryTypeUnregistered;
  attributes->devicePointer = (void *)p;
  return cudaSuccess;
}

/* Handles are memory of their own, as nothing looks inside of them. */
static cudaError_t handle(void **out) {
  *out = calloc(1, 64);
  return cudaSuccess;
}
cudaError_t cudaStreamCreate(cudaStream_t *stream) { return handle((void **)stream); }
cudaError_t cudaStreamCreateWithFlags(cudaStream_t *stream, unsigned flags) { return handle((void **)stream); }
cudaError_t cudaEventCreate(cudaEvent_t *event) { return handle((void **)event); }
cudaError_t cudaEventCreateWithFlags(cudaEvent_t *event, unsigned flags) { return handle((void **)event); }
cudaError_t cudaMemPoolCreate(cudaMemPool_t *pool, const struct cudaMemPoolProps *props) { return handle((void **)pool); }
cudaError_t cudaLibraryLoadData(cudaLibrary_t *library, const void *code, enum cudaJitOption *a, void **b, unsigned c,
                                enum cudaLibraryOption *d, void **e, unsigned f) {
  return handle((void **)library);
}
cudaError_t cudaLibraryGetKernel(cudaKernel_t *kernel, cudaLibrary_t library, const char *name) {
  return handle((void **)kernel);
}
void **__cudaRegisterFatBinary(void *binary) {
  static void *registered[4];
  return registered;
}
cudaError_t __cudaGetKernel(cudaKernel_t *kernel, const void *function) {
  *kernel = (cudaKernel_t)function;
  return cudaSuccess;
}

cudaError_t cudaMemPoolGetAttribute(cudaMemPool_t pool, enum cudaMemPoolAttr attribute, void *value) {
  *(uint64_t *)value = 0;
  return cudaSuccess;
}
cudaError_t cudaStreamIsCapturing(cudaStream_t stream, enum cudaStreamCaptureStatus *status) {
  *status = cudaStreamCaptureStatusNone;
  return cudaSuccess;
}
cudaError_t cudaEventElapsedTime(float *ms, cudaEvent_t from, cudaEvent_t to) {
  *ms = 1;
  return cudaSuccess;
}
cudaError_t cudaLaunchHostFunc(cudaStream_t stream, cudaHostFn_t call, void *data) {
  call(data);
  return cudaSuccess;
}
cudaError_t cudaLaunchKernel(const void *kernel, dim3 grid, dim3 block, void **arguments, size_t shared, cudaStream_t stream) {
  count(LAUNCHES, 1);
  return cudaSuccess;
}
cudaError_t __cudaLaunchKernel(cudaKernel_t kernel, dim3 grid, dim3 block, void **arguments, size_t shared,
                               cudaStream_t stream) {
  count(LAUNCHES, 1);
  return cudaSuccess;
}
cudaError_t cudaFuncGetAttributes(struct cudaFuncAttributes *attributes, const void *kernel) {
  memset(attributes, 0, sizeof *attributes);
  attributes->maxThreadsPerBlock = 1024;
  attributes->numRegs = 32;
  attributes->ptxVersion = attributes->binaryVersion = sm();
  attributes->maxDynamicSharedSizeBytes = 227 << 10;
  return cudaSuccess;
}
cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int *blocks, const void *kernel, int size, size_t shared,
                                                                   unsigned flags) {
  *blocks = 2;
  return cudaSuccess;
}

static int driver_entry(void) { return 0; }
cudaError_t cudaGetDriverEntryPointByVersion(const char *name, void **entry, unsigned version, unsigned long long flags,
                                             enum cudaDriverEntryPointQueryResult *result) {
  *entry = (void *)driver_entry;
  if (result) *result = cudaDriverEntryPointSuccess;
  return cudaSuccess;
}

const char *cudaGetErrorName(cudaError_t error) { return error ? "cudaErrorMemoryAllocation" : "cudaSuccess"; }
const char *cudaGetErrorString(cudaError_t error) { return error ? "out of memory" : "no error"; }
