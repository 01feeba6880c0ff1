// DLPack tensors that lie, and deleters, which are called once on every path.

#include <sys/mman.h>
#include <unistd.h>

#include "abuse.h"
#include "dlpack_tensor.h"

static float data[MOST_TOKENS * WIDTH];

typedef void (*spoiling)(DLManagedTensorVersioned *tensor);

static void major_0(DLManagedTensorVersioned *it) { it->version.major = 0; }
static void major_2(DLManagedTensorVersioned *it) {
  // Another layout: nothing but version, manager_ctx and deleter may be looked at.
  it->version.major = 2;
  it->dl_tensor.shape = (int64_t *)8;
  it->dl_tensor.data = (void *)8;
}
static void major_most(DLManagedTensorVersioned *it) { it->version.major = UINT32_MAX; }
static void axes_minus_1(DLManagedTensorVersioned *it) { it->dl_tensor.ndim = -1; }
static void axes_least(DLManagedTensorVersioned *it) { it->dl_tensor.ndim = INT32_MIN; }
static void axes_0(DLManagedTensorVersioned *it) { it->dl_tensor.ndim = 0; }
static void axes_1(DLManagedTensorVersioned *it) { it->dl_tensor.ndim = 1; }
static void axes_65(DLManagedTensorVersioned *it) { it->dl_tensor.ndim = 65; }
static void axes_most(DLManagedTensorVersioned *it) { it->dl_tensor.ndim = INT32_MAX; }
static void no_shape(DLManagedTensorVersioned *it) { it->dl_tensor.shape = NULL; }
static void no_data(DLManagedTensorVersioned *it) { it->dl_tensor.data = NULL; }
static void negative_extent(DLManagedTensorVersioned *it) { it->dl_tensor.shape[0] = -2; }
static void greatest_extent(DLManagedTensorVersioned *it) { it->dl_tensor.shape[0] = INT64_MAX; }
static void another_width(DLManagedTensorVersioned *it) { it->dl_tensor.shape[1] = WIDTH + 1; }
static void strides(DLManagedTensorVersioned *it, int64_t row, int64_t column) {
  it->dl_tensor.strides = it->dl_tensor.shape + 65;
  it->dl_tensor.strides[0] = row;
  it->dl_tensor.strides[1] = column;
}
static void negative_strides(DLManagedTensorVersioned *it) { strides(it, -WIDTH, 1); }
static void greatest_strides(DLManagedTensorVersioned *it) { strides(it, INT64_MAX, INT64_MAX); }
static void great_strides(DLManagedTensorVersioned *it) { strides(it, INT64_C(1) << 61, 1); }
static void offset_wraps(DLManagedTensorVersioned *it) { it->dl_tensor.byte_offset = UINT64_MAX; }
static void offset_half(DLManagedTensorVersioned *it) { it->dl_tensor.byte_offset = UINT64_C(1) << 63; }
static void offset_far(DLManagedTensorVersioned *it) { it->dl_tensor.byte_offset = INT64_MAX; }
static void lanes_0(DLManagedTensorVersioned *it) { it->dl_tensor.dtype.lanes = 0; }
static void lanes_4(DLManagedTensorVersioned *it) { it->dl_tensor.dtype.lanes = 4; }
static void bits_4(DLManagedTensorVersioned *it) { it->dl_tensor.dtype.bits = 4; }
static void bits_7(DLManagedTensorVersioned *it) { it->dl_tensor.dtype.bits = 7; }
static void bits_0(DLManagedTensorVersioned *it) { it->dl_tensor.dtype.bits = 0; }
static void half(DLManagedTensorVersioned *it) { it->dl_tensor.dtype.bits = 16; }
static void integers(DLManagedTensorVersioned *it) { it->dl_tensor.dtype.code = DLPACK_INT; }
static void unknown_code(DLManagedTensorVersioned *it) { it->dl_tensor.dtype.code = 200; }
static void cuda(DLManagedTensorVersioned *it) { it->dl_tensor.device.device_type = 2; }
static void unknown_device(DLManagedTensorVersioned *it) { it->dl_tensor.device.device_type = -1; }
static void opencl_nothing(DLManagedTensorVersioned *it) {
  it->dl_tensor.device.device_type = DLPACK_OPENCL;
  it->dl_tensor.data = NULL;
}

static const struct {
  const char *name;
  spoiling spoil;
  heddle_status status;
} wrong[] = {
    {"major version 0", major_0, HEDDLE_INVALID_DATA},
    {"major version 2", major_2, HEDDLE_INVALID_DATA},
    {"greatest major version", major_most, HEDDLE_INVALID_DATA},
    {"-1 axes", axes_minus_1, HEDDLE_INVALID_DATA},
    {"least axes", axes_least, HEDDLE_INVALID_DATA},
    {"no axes", axes_0, HEDDLE_INVALID_DATA},
    {"one axis", axes_1, HEDDLE_INVALID_DATA},
    {"65 axes", axes_65, HEDDLE_INVALID_DATA},
    {"greatest axes", axes_most, HEDDLE_INVALID_DATA},
    {"no shape", no_shape, HEDDLE_INVALID_DATA},
    {"no data", no_data, HEDDLE_NULL_ARGUMENT},
    {"negative extent", negative_extent, HEDDLE_INVALID_DATA},
    {"greatest extent", greatest_extent, HEDDLE_INVALID_DATA},
    {"another width", another_width, HEDDLE_INVALID_DATA},
    {"negative strides", negative_strides, HEDDLE_INVALID_DATA},
    {"greatest strides", greatest_strides, HEDDLE_INVALID_DATA},
    {"great strides", great_strides, HEDDLE_INVALID_DATA},
    {"offset wraps", offset_wraps, HEDDLE_INVALID_DATA},
    {"offset 2^63", offset_half, HEDDLE_INVALID_DATA},
    {"offset beyond the address space", offset_far, HEDDLE_INVALID_DATA},
    {"no lanes", lanes_0, HEDDLE_INVALID_DATA},
    {"4 lanes", lanes_4, HEDDLE_INVALID_DATA},
    {"4 bits", bits_4, HEDDLE_INVALID_DATA},
    {"7 bits", bits_7, HEDDLE_INVALID_DATA},
    {"0 bits", bits_0, HEDDLE_INVALID_DATA},
    {"float16", half, HEDDLE_INVALID_DATA},
    {"integers", integers, HEDDLE_INVALID_DATA},
    {"unknown code", unknown_code, HEDDLE_INVALID_DATA},
    {"CUDA", cuda, HEDDLE_INVALID_DATA},
    {"unknown device", unknown_device, HEDDLE_INVALID_DATA},
    {"OpenCL, but no cl_mem", opencl_nothing, HEDDLE_NULL_ARGUMENT},
};

static void lies(heddle_session session) {
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
    check_row(wrong[i].name);
    int deleted = dlpack_deleted;
    DLManagedTensorVersioned *tensor = dlpack_float_tensor(data, 2, WIDTH);
    wrong[i].spoil(tensor);
    EXPECT(wrong[i].status, heddle_session_bind_dlpack(session, HEDDLE_INPUT, "x", tensor, NULL));
    IS(dlpack_deleted == deleted + 1);
    // Without a deleter there is nobody to tell.
    tensor = dlpack_float_tensor(data, 2, WIDTH);
    void (*deleter)(DLManagedTensorVersioned *) = tensor->deleter;
    wrong[i].spoil(tensor);
    tensor->deleter = NULL;
    EXPECT(wrong[i].status, heddle_session_bind_dlpack(session, HEDDLE_INPUT, "x", tensor, NULL));
    deleter(tensor);
  }
  check_row("");
  int deleted = dlpack_deleted;
  DLManagedTensorVersioned *tensor = dlpack_float_tensor(data, 2, ROWS);
  strides(tensor, 1, 1);
  EXPECT(HEDDLE_INVALID_DATA, heddle_session_bind_dlpack(session, HEDDLE_OUTPUT, "y", tensor, NULL));
  tensor = dlpack_float_tensor(data, 2, ROWS);
  tensor->flags = DLPACK_READ_ONLY;
  EXPECT(HEDDLE_INVALID_DATA, heddle_session_bind_dlpack(session, HEDDLE_OUTPUT, "y", tensor, NULL));
  IS(dlpack_deleted == deleted + 2);
}

static void count_deletion(DLManagedTensorVersioned *tensor) { (*(int *)tensor->manager_ctx)++; }

// A tensor of another major version may be shorter than ours: only its first three members may be read.
static void shorter(heddle_session session) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  mprotect(pages + page, page, PROT_NONE);
  DLManagedTensorVersioned *tensor =
      (DLManagedTensorVersioned *)(void *)(pages + page - offsetof(DLManagedTensorVersioned, flags));
  int deleted = 0;
  tensor->version.major = 2;
  tensor->manager_ctx = &deleted;
  tensor->deleter = count_deletion;
  EXPECT(HEDDLE_INVALID_DATA, heddle_session_bind_dlpack(session, HEDDLE_INPUT, "x", tensor, NULL));
  IS(deleted == 1);
  munmap(pages, 2 * page);
}

static void kept(const fixture *good, heddle_session session) {
  const heddle_symbol past = {"past", 0};
  heddle_run_options options = {.size = sizeof(options), .symbols = &past, .symbol_count = 1};
  for (int i = 0; i < MOST_TOKENS * WIDTH; i++) data[i] = (float)i;
  float y[2 * ROWS] = {0};
  int deleted = dlpack_deleted;
  // Columns of a wider tensor, with and without a step between them.
  DLManagedTensorVersioned *tensor = dlpack_float_tensor(data, 2, WIDTH);
  strides(tensor, 8, 2);
  tensor->dl_tensor.byte_offset = 4;
  tensor->flags = DLPACK_READ_ONLY;
  EXPECT(HEDDLE_OK, heddle_session_bind_dlpack(session, HEDDLE_INPUT, "x", tensor, NULL));
  EXPECT(HEDDLE_OK, heddle_session_run(session, &options));
  EXPECT(HEDDLE_OK, heddle_session_read(session, HEDDLE_OUTPUT, "y", y, sizeof(y)));
  IS(y[0] == 1 && y[1] == 3 && y[2] == 12 && y[3] == 9 && y[4] == 11 && y[5] == 28);
  IS(dlpack_deleted == deleted);
  // Given back when another is bound; a failed binding keeps the one that is there.
  EXPECT(HEDDLE_OK, heddle_session_bind_dlpack(session, HEDDLE_INPUT, "x", dlpack_float_tensor(data, 2, WIDTH), NULL));
  IS(dlpack_deleted == deleted + 1);
  tensor = dlpack_float_tensor(data, 2, WIDTH);
  tensor->version.major = 7;
  EXPECT(HEDDLE_INVALID_DATA, heddle_session_bind_dlpack(session, HEDDLE_INPUT, "x", tensor, NULL));
  IS(dlpack_deleted == deleted + 2);
  EXPECT(HEDDLE_OK, heddle_session_run(session, &options));
  EXPECT(HEDDLE_OK, heddle_session_bind(session, HEDDLE_INPUT, "x", NULL, NULL));
  IS(dlpack_deleted == deleted + 3);
  // Or when the session goes.
  heddle_session other = make_session(good->executable);
  EXPECT(HEDDLE_OK, heddle_session_bind_dlpack(other, HEDDLE_INPUT, "x", dlpack_float_tensor(data, 2, WIDTH), NULL));
  tensor = dlpack_float_tensor(data, 2, WIDTH);
  tensor->deleter = NULL;
  EXPECT(HEDDLE_OK, heddle_session_bind_dlpack(other, HEDDLE_INPUT, "x", tensor, NULL));
  EXPECT(HEDDLE_OK, heddle_session_bind_dlpack(other, HEDDLE_INPUT, "x", dlpack_float_tensor(data, 2, WIDTH), NULL));
  free(tensor->manager_ctx);
  free(tensor);
  IS(dlpack_deleted == deleted + 4);
  EXPECT(HEDDLE_OK, heddle_release(other));
  IS(dlpack_deleted == deleted + 5);
}

// What is exported outlives session, executable and backend, and can be bound again.
static void exported(const fixture *good) {
  heddle_session session = make_session(good->executable), other = make_session(good->executable);
  NEED(run_step(session, 0, 2));
  DLManagedTensorVersioned *copy = NULL, *buffer = NULL, *cache = NULL;
  EXPECT(HEDDLE_OK, heddle_session_export_dlpack(session, HEDDLE_OUTPUT, "y", HEDDLE_MEMORY_HOST, &copy));
  EXPECT(HEDDLE_OK, heddle_session_export_dlpack(session, HEDDLE_OUTPUT, "y", HEDDLE_MEMORY_OPENCL, &buffer));
  EXPECT(HEDDLE_OK, heddle_session_export_dlpack(session, HEDDLE_STATE, "cache", HEDDLE_MEMORY_HOST, &cache));
  IS(copy->dl_tensor.ndim == 2 && copy->dl_tensor.shape[0] == 2 && copy->dl_tensor.shape[1] == ROWS);
  IS(((float *)copy->dl_tensor.data)[2] == 7 && buffer->dl_tensor.device.device_type == DLPACK_OPENCL);
  IS(cache->dl_tensor.shape[0] == CAPACITY && ((float *)cache->dl_tensor.data)[7] == 8);
  EXPECT(HEDDLE_OK, heddle_release(session));
  IS(((float *)copy->dl_tensor.data)[5] == 15);
  EXPECT(HEDDLE_INVALID_DATA, heddle_session_bind_dlpack(other, HEDDLE_INPUT, "x", copy, NULL));
  EXPECT(HEDDLE_INVALID_DATA, heddle_session_bind_dlpack(other, HEDDLE_INPUT, "x", buffer, NULL));
  cache->deleter(cache);
  // A buffer of another context.
  heddle_backend backend = 0;
  heddle_executable executable = 0;
  EXPECT(HEDDLE_OK, heddle_backend_create(NULL, &backend));
  EXPECT(HEDDLE_OK, heddle_compile(backend, good->graph, good->constants, NULL, &executable));
  session = make_session(executable);
  NEED(run_step(session, 0, 2));
  EXPECT(HEDDLE_OK, heddle_session_export_dlpack(session, HEDDLE_INPUT, "x", HEDDLE_MEMORY_OPENCL, &buffer));
  EXPECT(HEDDLE_INVALID_DATA, heddle_session_bind_dlpack(other, HEDDLE_INPUT, "x", buffer, NULL));
  EXPECT(HEDDLE_OK, heddle_session_export_dlpack(session, HEDDLE_INPUT, "x", HEDDLE_MEMORY_OPENCL, &buffer));
  EXPECT(HEDDLE_OK, heddle_release(session));
  EXPECT(HEDDLE_OK, heddle_release(executable));
  EXPECT(HEDDLE_OK, heddle_release(backend));
  buffer->deleter(buffer);
  EXPECT(HEDDLE_OK, heddle_release(other));
}

void abuse_dlpack(const fixture *good) {
  heddle_session session = make_session(good->executable);
  int alive = dlpack_made - dlpack_deleted;
  lies(session);
  shorter(session);
  kept(good, session);
  exported(good);
  EXPECT(HEDDLE_OK, heddle_release(session));
  // One was taken back by hand.
  IS(dlpack_made - dlpack_deleted == alive + 1);
}
