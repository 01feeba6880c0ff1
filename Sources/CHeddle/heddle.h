// heddle.h: Heddle as the compute backend of another tool. C11, usable from C++.
//
// Rules that hold for every function
//
// - It returns a status; what it makes comes back through the last arguments, which are written only on HEDDLE_OK
//   unless it says otherwise. On any other status heddle_last_error tells code, operation and text, for the calling
//   thread.
// - It never traps, aborts, throws or writes to the console, whatever it is given; only pointers are believed.
// - A handle is a number that is checked at each use. Zero is no handle. heddle_release gives any handle back; what
//   others still need of it stays alive inside: an executable does not need its graph's handle.
// - Any function may be called from any thread. A session and a builder do one thing at a time: a second call meanwhile
//   returns HEDDLE_BUSY.
// - A struct begins with `size`, its size as the caller knows it: `= {.size = sizeof(it)}`. Members that a caller's
//   older version does not have are taken as zero, and zero is each member's default.
// - Text is UTF-8 ending in NUL. A function that gives text takes (buffer, capacity, needed): `needed`, which may be
//   NULL, receives the bytes the text takes with its NUL. With capacity 0 it only does that. If the text does not fit
//   it returns HEDDLE_BUFFER_TOO_SMALL and writes nothing else.
// - Durations are in nanoseconds. Shapes, strides and offsets count elements of the outermost axis first.
// - Callbacks may call any function of this header. What they would need that is busy says so.
// - A forked child of a process in which Heddle had used a device cannot use Heddle: every function but heddle_version,
//   heddle_status_name and heddle_last_error returns HEDDLE_FORKED at once. What the parent has stays the parent's. A
//   child that calls exec is a process of its own.

#ifndef HEDDLE_H
#define HEDDLE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HEDDLE_VERSION_MAJOR 0
#define HEDDLE_VERSION_MINOR 1
#define HEDDLE_VERSION_PATCH 0

typedef int32_t heddle_status;

enum {
  HEDDLE_OK = 0,
  // Arguments
  HEDDLE_NULL_ARGUMENT = 1,      // a pointer that must not be NULL is
  HEDDLE_INVALID_ARGUMENT = 2,   // a value outside what the function takes
  HEDDLE_INVALID_TEXT = 3,       // text that is not UTF-8
  HEDDLE_STRUCT_SIZE = 4,        // a struct's `size` is below its first version's, or above what this library knows
  HEDDLE_INVALID_HANDLE = 5,     // never a handle of this library
  HEDDLE_STALE_HANDLE = 6,       // released before
  HEDDLE_WRONG_HANDLE = 7,       // of another kind
  HEDDLE_BUFFER_TOO_SMALL = 8,   // see the rules above
  HEDDLE_SHUT_DOWN = 9,          // heddle_shutdown was called
  // What was asked for
  HEDDLE_NO_DEVICE = 20,         // no driver, no device, none that the query names, or a limit or folder without which
                                 // no driver works
  HEDDLE_INVALID_GRAPH = 21,     // JSON, an operation, its operands or a name is wrong
  HEDDLE_INVALID_DATA = 22,      // a constant's bytes, or a tensor's shape, encoding or strides
  HEDDLE_INVALID_FILE = 23,      // a file that cannot be read or written, or is not what it should be
  HEDDLE_UNSUPPORTED = 24,       // what is asked for is sound; this device, this version or this model cannot do it
  HEDDLE_INVALID_BINDING = 25,   // an input, output, state or symbol that is missing, unknown or outside its range
  // What happened
  HEDDLE_BUSY = 40,              // the object is doing something else
  HEDDLE_DEADLINE = 41,          // the time was up
  HEDDLE_CANCELLED = 42,
  HEDDLE_UNUSABLE = 43,          // a failed step left the session's states undefined: reset it
  HEDDLE_OUT_OF_MEMORY = 44,     // beyond the budget or the device's limits
  HEDDLE_DEVICE_FAILED = 45,     // a driver's call failed
  HEDDLE_DEVICE_LOST = 46,       // and the context with it: release what was made on it
  HEDDLE_NOT_STARTED = 47,       // nothing was started that could be waited for
  HEDDLE_FORKED = 48,            // this process is a fork of one in which Heddle had used a device
  HEDDLE_INTERNAL = 99           // a defect of the library
};

typedef uint64_t heddle_handle;
typedef heddle_handle heddle_backend;     // a device in use: everything made on it shares one context
typedef heddle_handle heddle_constants;   // weights by name
typedef heddle_handle heddle_builder;     // a graph being built
typedef heddle_handle heddle_graph;       // what to compute; knows no device
typedef heddle_handle heddle_executable;  // a graph compiled for a backend
typedef heddle_handle heddle_session;     // one use of an executable: its own states and buffers
typedef heddle_handle heddle_model;       // a language model: tokenizer and executable
typedef heddle_handle heddle_model_session;  // one sequence of tokens on a model: its caches

// Library

// "0.1.0" and so on. Never NULL, never freed.
const char *heddle_version(void);

// The name of a status, such as "HEDDLE_BUSY"; "HEDDLE_UNKNOWN" for others. Never NULL, never freed.
const char *heddle_status_name(heddle_status status);

// What the last failed call on this thread said. HEDDLE_OK and empty texts if none failed. Later successes leave it.
typedef struct heddle_error {
  size_t size;
  heddle_status code;
  char operation[128];  // the function: "heddle_session_run"
  char text[1024];      // a sentence with what was expected and what came, cut if it is longer
} heddle_error;
heddle_status heddle_last_error(heddle_error *error);

// Gives a handle back. A session that still runs is cancelled first, and what the device does with it waited for. A
// model that generates is told to stop, and not waited for: its callback may be who releases it.
heddle_status heddle_release(heddle_handle handle);

// Releases every handle. Afterwards all functions but heddle_version, heddle_status_name, heddle_last_error,
// heddle_live and this one return HEDDLE_SHUT_DOWN, for the rest of the process. Nobody needs to call it; a library
// inside a larger program must not.
heddle_status heddle_shutdown(void);

// What is alive in this process. All zero when every handle is released and nobody else uses Heddle.
typedef struct heddle_live_counts {
  size_t size;
  int64_t handles;
  int64_t contexts, queues, buffers, programs, kernels, events;  // OpenCL objects of Heddle
  int64_t threads;                                               // of Heddle; drivers have their own
} heddle_live_counts;
heddle_status heddle_live(heddle_live_counts *counts);

// Interrupting

// Called on the thread that set it, about every 20 ms while a function keeps that thread: a run, a model that is opened
// or generates, a graph that is compiled. If it returns anything but 0 the function returns HEDDLE_CANCELLED: a run
// within about 0.1 s, whatever the device still does (a step whose last run took less than 0.05 s is waited for), building
// when the program that is built is done. What is left is as after heddle_session_cancel: the session can be used again, or
// says HEDDLE_UNUSABLE; tokens that the token callback had are the caller's; of a model or an executable there is nothing.
// heddle_session_wait does not look: it takes a timeout.
//
// The callback is not called while it runs. A step that it runs itself returns HEDDLE_BUSY if the driver runs one at a
// time. A session that it releases while the step that called it runs goes when that step returns.
//
// heddle_session_cancel and a token callback's answer stop work from another thread. No function of this header may be
// called from a signal handler. A handler sets a flag, and this callback returns it:
//
//   static volatile sig_atomic_t stopped;
//   static void on_interrupt(int signal) { stopped = 1; }
//   static int32_t is_stopped(void *context) { return stopped; }
typedef int32_t (*heddle_interrupt_callback)(void *context);

// Sets the calling thread's callback in place of the one it had; NULL for none. Other threads' stay as they are.
heddle_status heddle_set_interrupt(heddle_interrupt_callback callback, void *context);

// Devices

// HEDDLE_NO_DEVICE if there is no driver, or none with a device.
heddle_status heddle_device_count(size_t *count);

// The device a query names: its identifier, an index, "gpu", "cpu", "PLATFORM/DEVICE", or part of a name. NULL: the one
// HEDDLE_DEVICE names, else the first GPU, else a CPU.
heddle_status heddle_device_find(const char *query, size_t *index);

// Everything the device says of itself, as a JSON object; "identifier" is the text heddle_device_find takes.
heddle_status heddle_device_profile(size_t index, char *buffer, size_t capacity, size_t *needed);

// Backends

enum { HEDDLE_TUNING_RECORDED = 0, HEDDLE_TUNING_OFF = 1 };
enum { HEDDLE_NUMERICS_EXACT = 0, HEDDLE_NUMERICS_RELAXED = 1 };

typedef struct heddle_backend_options {
  size_t size;
  const char *device;        // a query as above
  void *opencl_context;      // cl_context to work in instead of one of Heddle's own; retained
  void *opencl_device;       // cl_device_id in that context; NULL if it has only one
  uint64_t memory_budget;    // bytes of device memory; 0: most of the device's
  const char *cache_folder;  // for built programs; NULL: HEDDLE_CACHE_DIR or ~/.cache/heddle, "": none
  int32_t tuning;            // HEDDLE_TUNING_…: whether measured choices are followed
  int32_t numerics;          // HEDDLE_NUMERICS_…: whether choices may change bits
} heddle_backend_options;
heddle_status heddle_backend_create(const heddle_backend_options *options, heddle_backend *backend);

// {"device": identifier, "deviceBytes", "budgetBytes", "buildCount", "allocationCount"} now.
heddle_status heddle_backend_state(heddle_backend backend, char *buffer, size_t capacity, size_t *needed);

// Whether each operation of a graph runs here. If not, `supported` is 0 and the text says which node and why.
heddle_status heddle_backend_supports(
    heddle_backend backend, heddle_graph graph, int32_t *supported, char *buffer, size_t capacity, size_t *needed);

// Encodings

// The bytes that a tensor of this encoding and shape takes: of a constant, of what heddle_session_read gives for an output
// in blocks or sparse. HEDDLE_INVALID_DATA if there is no such encoding, the shape does not fit it, or the count 63 bits;
// HEDDLE_INVALID_ARGUMENT for more axes than a tensor has.
heddle_status heddle_encoding_byte_count(
    const char *encoding, const int64_t *shape, size_t rank, size_t *byte_count);

// Constants

// Called once, with the caller's context, when borrowed memory is no longer needed; on any thread that is inside a
// function of this header.
typedef void (*heddle_release_callback)(void *context);

heddle_status heddle_constants_create(heddle_constants *constants);

// Every tensor of a GGUF or safetensors file, or of a model's folder, that Heddle can compute with, by its name there (of a
// folder: by GGUF's). The files are mapped, not read.
heddle_status heddle_constants_open(const char *path, heddle_constants *constants);

// Writes every constant to a safetensors file, which heddle_constants_open reads: f32, f16, bf16 and i32 as every reader of
// the format knows them, others as bytes that the file's metadata describes. A regular file appears whole or not at all.
// HEDDLE_INVALID_FILE if it cannot be written, HEDDLE_INVALID_DATA for what the format cannot hold: a constant of more than 8
// axes or named "__metadata__", more than 2⁴² bytes, or more than 2¹⁷ tensors.
heddle_status heddle_constants_save(heddle_constants constants, const char *path);

// Adds a constant. `encoding` is a name such as "f32", "q4_1" or "2:4-int4"; `data` its row-major bytes as a file holds
// them. Without `release` the bytes are copied; with it they are borrowed, must not change, and `release` is called
// when they are no longer needed, or before a call that fails returns.
heddle_status heddle_constants_add(
    heddle_constants constants, const char *name, const char *encoding, const int64_t *shape, size_t rank,
    const void *data, size_t byte_count, heddle_release_callback release, void *context);

// {"name": {"encoding": …, "shape": […]}, …}
heddle_status heddle_constants_list(heddle_constants constants, char *buffer, size_t capacity, size_t *needed);

// Dimensions

// The value of a symbol.
typedef struct heddle_symbol {
  const char *name;
  int64_t value;
} heddle_symbol;

// Reads an extent as graphs hold it, a number or an expression over symbols ("past + tokens", "2*tokens",
// "ceil(tokens/64)"), and gives its canonical form: equal dimensions give equal text. A symbol is letters of ASCII,
// digits, '_' and '.', a letter or '_' first. `value`, which may be NULL, receives the dimension's value under
// `symbols`, where those that the dimension does not have mean nothing: HEDDLE_INVALID_BINDING if one is missing.
// HEDDLE_INVALID_GRAPH if the text is no dimension, or if something in it does not fit 64 bits.
heddle_status heddle_dimension(
    const char *text, const heddle_symbol *symbols, size_t symbol_count, int64_t *value, char *buffer, size_t capacity,
    size_t *needed);

// Graphs

// A value of a builder. Checked at each use.
typedef uint64_t heddle_value;

heddle_status heddle_builder_create(heddle_builder *builder);

// Declares a symbol that dimensions may use, and the values it may take. Its name is letters of ASCII, digits and '_',
// no digit first.
heddle_status heddle_builder_symbol(heddle_builder builder, const char *name, int64_t minimum, int64_t maximum);

// A constant; its type comes from the store.
heddle_status heddle_builder_constant(
    heddle_builder builder, heddle_constants constants, const char *name, heddle_value *value);

// Every operation as JSON, with sorted keys: [{"name": …, "family": …, "formula": …, "operands": […], "members": […],
// "result": …}, …]. An operand: {"name", "type", "isOptional", "isRepeated"}, and "flag", the member that is true if the
// operand is there: "epilogue.bias". A member: {"name", "kind"}, and "defaultValue" if it may be left out, "choices" of a
// choice, "members" of an object.
heddle_status heddle_operations(char *buffer, size_t capacity, size_t *needed);

// Adds an operation, as it stands in a graph's JSON:
//   {"input": {"name": "x", "type": {"encoding": "f32", "shape": ["tokens", 64]}}}    {"matmul": {}}
//   {"attention": {"scale": 0.125, "past": "past"}}    {"encode": {"encoding": "2:4-int4"}}
// Operands and members of each: heddle_operations, or `heddle operations`. matmul takes x [.., T, K] and w [.., M, K].
// A dimension is a number or an expression over symbols: "past + tokens", "2*tokens", "ceil(tokens/64)".
// Results are written to `results`, at most `capacity` of them; `count` may be NULL. `label` names the node in messages
// and profiles and may be NULL.
heddle_status heddle_builder_apply(
    heddle_builder builder, const char *operation, const heddle_value *operands, size_t operand_count,
    const char *label, heddle_value *results, size_t capacity, size_t *count);

// The encoding and the shape of a value, as they stand in a graph's JSON: {"encoding": "f32", "shape": ["tokens", 64]}.
heddle_status heddle_builder_type(
    heddle_builder builder, heddle_value value, char *buffer, size_t capacity, size_t *needed);

// Names the value a state has after a run.
heddle_status heddle_builder_update(heddle_builder builder, const char *state, heddle_value value);

// Names an output.
heddle_status heddle_builder_output(heddle_builder builder, const char *name, heddle_value value);

// The graph of what was added so far. The builder can go on.
heddle_status heddle_builder_build(heddle_builder builder, heddle_graph *graph);

heddle_status heddle_graph_from_json(const char *json, size_t length, heddle_graph *graph);

// The graph as JSON, with sorted keys: the same graph gives the same text.
heddle_status heddle_graph_json(heddle_graph graph, char *buffer, size_t capacity, size_t *needed);

// Executables

enum { HEDDLE_INPUT = 0, HEDDLE_OUTPUT = 1, HEDDLE_STATE = 2 };

// Where the elements of an input, output or state lie in the memory that will be bound to it. Without one: row-major.
typedef struct heddle_layout {
  size_t size;
  int32_t place;           // HEDDLE_INPUT, …
  const char *name;
  int64_t offset;          // elements
  const int64_t *strides;  // elements, one for each axis, 0 or more; of an output no two elements may meet
  size_t rank;
} heddle_layout;

typedef struct heddle_compile_options {
  size_t size;
  const heddle_layout *layouts;
  size_t layout_count;
} heddle_compile_options;

// Plans the graph, builds its kernels and packs its constants; a graph without constants takes 0 for them. The same
// graph with the same constants and options gives the executable that is already there, in well under a millisecond.
heddle_status heddle_compile(
    heddle_backend backend, heddle_graph graph, heddle_constants constants, const heddle_compile_options *options,
    heddle_executable *executable);

// How the graph runs: {"launches": [of each range of symbols], "kernels": [names], "constantBytes", "choices": text}.
heddle_status heddle_executable_plan(heddle_executable executable, char *buffer, size_t capacity, size_t *needed);

// Sessions

typedef struct heddle_session_options {
  size_t size;
  const heddle_symbol *symbols;  // those in the shapes of states
  size_t symbol_count;
  void *opencl_queue;  // cl_command_queue to enqueue on, in order and in the backend's context; retained. Creating the
                       // session, binding host memory and resetting wait for all that is in it
} heddle_session_options;

// A session's own memory is what its steps need. States have theirs from the start, as the symbols here size them. Inputs,
// outputs and intermediates have none before a step needs it, and none while memory of the caller is used in their place. A
// step that needs more than there is makes it: for an input or an output up to the next power of two of its bytes, for
// intermediates up to that of the symbols, though not more than the greatest values of the symbols need, nor than the budget
// allows. It stays until more is made, memory of the caller is used in place of it, or the session is released. A step that
// fits makes nothing. Beyond the budget heddle_session_run returns HEDDLE_OUT_OF_MEMORY, and the session goes on with its
// states as they were. Where old and new memory do not fit side by side the old goes first: if the device then refuses the
// new, outputs are gone, as if no run had made them, and so is what was written to inputs.
heddle_status heddle_session_create(
    heddle_executable executable, const heddle_session_options *options, heddle_session *session);

enum { HEDDLE_MEMORY_HOST = 0, HEDDLE_MEMORY_OPENCL = 1 };

// Memory of the caller. It must stay valid until something else is bound to the place or the session is released. What
// the caller enqueued on a cl_mem must be complete before a run, unless the session is on that queue. A cl_mem that is
// bound to an output or a state may be bound to nothing else; host memory that overlaps is copied.
typedef struct heddle_memory {
  size_t size;
  int32_t kind;            // HEDDLE_MEMORY_…
  int32_t is_read_only;    // the library must not write it: inputs only
  void *data;              // the address, or a cl_mem of the backend's context
  uint64_t byte_count;     // bytes from `data` that may be touched; 0 for all of a cl_mem
  uint64_t byte_offset;    // where the tensor begins
  const int64_t *shape;    // NULL: as the symbols of a run say. Else symbols that are an axis get their value from it
  const int64_t *strides;  // elements, from `data` + byte_offset on; NULL: the layout the executable was compiled with,
                           // offset and all, else row-major
  size_t rank;             // of shape and strides
} heddle_memory;

// Lets a session read and write the caller's memory; NULL lets it use its own again, in which an input has no value and a
// state its initial one. Each run reads inputs from it and writes outputs and states to it. `copied`, which may be NULL,
// receives whether a run copies: 0 if the device uses the memory where it is. Host memory is used in place where the device
// shares it, the address suits the element and the elements lie as the executable was compiled for; else it is gathered
// before and scattered after each run. A cl_mem is always used in place: HEDDLE_INVALID_DATA says which layout to compile
// with.
heddle_status heddle_session_bind(
    heddle_session session, int32_t place, const char *name, const heddle_memory *memory, int32_t *copied);

// The same for a DLPack tensor (include DLPack's header): CPU or OpenCL. The session takes it over: its deleter is
// called once, when something else is bound or the session is released, or before a call that fails returns.
struct DLManagedTensorVersioned;
heddle_status heddle_session_bind_dlpack(
    heddle_session session, int32_t place, const char *name, struct DLManagedTensorVersioned *tensor, int32_t *copied);

// What a place holds after a run as a DLPack tensor, for the caller to delete. HEDDLE_MEMORY_HOST: a copy.
// HEDDLE_MEMORY_OPENCL: the session's own buffer, which later runs write again unless one of them needs more room and makes
// another; HEDDLE_INVALID_BINDING with host memory bound. HEDDLE_INVALID_DATA for an output that no run has made, and for an
// input of which less was written than the last run's symbols say.
heddle_status heddle_session_export_dlpack(
    heddle_session session, int32_t place, const char *name, int32_t kind, struct DLManagedTensorVersioned **tensor);

// Writes row-major bytes to the device memory of an input or state, from its start and as many as the caller says. An
// input that was written needs nothing bound: it keeps its value until something is; a run whose symbols make it larger
// than what was written returns HEDDLE_INVALID_DATA. Reads those of any place, in any encoding, as the last run's symbols
// size it: heddle_encoding_byte_count says how many. Blocks until the bytes are there; before that for what a step that
// passed its timeout or was cancelled left on the device, and, of a state that was bound and is no longer, until it has its
// initial value again, or HEDDLE_OUT_OF_MEMORY. HEDDLE_INVALID_DATA for reading what no run has made,
// HEDDLE_INVALID_BINDING for writing to host memory, which the caller does itself, and for device memory with a layout.
heddle_status heddle_session_write(
    heddle_session session, int32_t place, const char *name, const void *data, size_t byte_count);
heddle_status heddle_session_read(
    heddle_session session, int32_t place, const char *name, void *data, size_t byte_count);

// All states to their initial values; the session is usable again.
heddle_status heddle_session_reset(heddle_session session);

typedef struct heddle_run_options {
  size_t size;
  const heddle_symbol *symbols;  // those that no bound shape tells
  size_t symbol_count;
  int64_t timeout;         // nanoseconds; 0: none. A run that passes it returns HEDDLE_DEADLINE; what the device was
                           // given goes on and writes bound memory. The session's next call waits for it
  int32_t is_profiled;     // whether heddle_session_profile is to tell of this run
} heddle_run_options;

// Runs one step on the calling thread and returns when its results are there. NULL options: the symbols of the last
// run's options again, without timeout and profile.
heddle_status heddle_session_run(heddle_session session, const heddle_run_options *options);

// Runs one step on a thread of the session's own. Until it was waited for the session is busy.
heddle_status heddle_session_start(heddle_session session, const heddle_run_options *options);

// Waits for what was started; a negative timeout for as long as it takes, 0 only looks. HEDDLE_BUSY if it still runs;
// else the run's own status, once.
heddle_status heddle_session_wait(heddle_session session, int64_t timeout);

// Stops the step that runs, whoever runs it: it returns HEDDLE_CANCELLED, unless it was done before it saw this. What
// the device was given goes on as after a timeout. HEDDLE_OK too if nothing runs.
heddle_status heddle_session_cancel(heddle_session session);

// Device times of the last profiled run, as JSON: {"entries": [{"node", "operation", "label", "variant", "started",
// "ended"}, …]} in nanoseconds.
heddle_status heddle_session_profile(heddle_session session, char *buffer, size_t capacity, size_t *needed);

// Language models

typedef struct heddle_model_options {
  size_t size;
  int32_t chunk;            // the most tokens of one step; 0: 512
  const char *activations;  // what quantized weights multiply: "exact", or "int8", which is faster; NULL: exact
  const char *cache;        // how keys and values are kept: "f32", "f16", "bf16" or "q8_0"; NULL: f32
  int64_t expert_memory;    // the most bytes of a sequence's experts, the others stay in the file; 0: room for all
} heddle_model_options;

// Opens a model's file or folder of a family that Heddle knows (`heddle formats`) and compiles it.
heddle_status heddle_model_open(
    heddle_backend backend, const char *path, const heddle_model_options *options, heddle_model *model);

// {"architecture", "vocabularySize", "contextLength", "layerCount", "layers", "chunk", "parameters"…}
heddle_status heddle_model_info(heddle_model model, char *buffer, size_t capacity, size_t *needed);

// The ids of a text, as a prompt. `count` receives how many there are; HEDDLE_BUFFER_TOO_SMALL if that is above
// `capacity`.
heddle_status heddle_model_tokenize(
    heddle_model model, const char *text, int32_t *ids, size_t capacity, size_t *count);

// The ids of a conversation that the model's chat template lays out, up to where the assistant is to answer. The
// conversation is JSON, as servers take it: a list of messages, or an object with "messages", and maybe "tools", the
// descriptions of what the model may call, and "chat_template_kwargs", variables of the template:
//
//   {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Is it raining in Oslo?"},
//                 {"role": "assistant", "tool_calls": [{"id": "1", "type": "function", "function":
//                   {"name": "weather", "arguments": {"city": "Oslo"}}}]},
//                 {"role": "tool", "tool_call_id": "1", "name": "weather", "content": "rain"}],
//    "tools": [{"type": "function", "function": {"name": "weather", "description": "…", "parameters": {…}}}]}
//
// What a message says never becomes a token that steers the model.
heddle_status heddle_model_tokenize_messages(
    heddle_model model, const char *messages, int32_t *ids, size_t capacity, size_t *count);

// The text of tokens, those that steer the model too. U+FFFD stands for bytes that are no UTF-8.
heddle_status heddle_model_detokenize(
    heddle_model model, const int32_t *ids, size_t count, char *buffer, size_t capacity, size_t *needed);

// Sequences: token ids in, logits out

// A new, empty sequence of at most `capacity` tokens, 0 for the model's context. It keeps the model alive inside. It does
// one thing at a time: a second call meanwhile returns HEDDLE_BUSY.
heddle_status heddle_model_session_create(heddle_model model, int64_t capacity, heddle_model_session *session);

// Adds `count` tokens, in steps of at most the model's chunk. `logits`, which may be NULL with a `capacity` of 0, receives
// those of what comes next: one for each of the vocabulary; HEDDLE_BUFFER_TOO_SMALL if `capacity` is less. All tokens are
// added or none. `timeout` is in nanoseconds, 0 for none.
heddle_status heddle_model_session_extend(
    heddle_model_session session, const int32_t *ids, size_t count, int64_t timeout, float *logits, size_t capacity);

// Forgets the tokens from `position` on, so that the next ones take their places. HEDDLE_INVALID_ARGUMENT if it holds fewer.
heddle_status heddle_model_session_rewind(heddle_model_session session, int64_t position);

// How many tokens it holds.
heddle_status heddle_model_session_position(heddle_model_session session, int64_t *position);

// How often experts were in memory, of a model with `expert_memory`, as JSON: {"hits", "misses", "fetchedByteCount",
// "residentByteCount"}; null of one whose experts all are. In each step an expert counts once a layer.
heddle_status heddle_model_session_experts(
    heddle_model_session session, char *buffer, size_t capacity, size_t *needed);

// Generating

// What `prompt` is.
enum {
  HEDDLE_PROMPT_TEXT = 0,      // a text to continue
  HEDDLE_PROMPT_MESSAGE = 1,   // a user's message to answer
  HEDDLE_PROMPT_MESSAGES = 2   // a conversation to answer, as of heddle_model_tokenize_messages
};

// Filters of sampling apply in this order: penalties, temperature, top_k, top_p, min_p.
typedef struct heddle_generate_options {
  size_t size;
  int32_t maximum_tokens;  // 0: 128
  float temperature;       // 0: the most probable token, always
  int32_t top_k;           // 0: all
  float top_p;             // 0: all
  uint64_t seed;
  int64_t timeout;         // nanoseconds; 0: none
  int32_t is_chat;         // HEDDLE_PROMPT_…
  const char *system;      // before a user's message, what the system says; NULL: nothing
  const char *const *stop; // texts that end the answer and are none of it
  size_t stop_count;
  heddle_model_session session;  // goes on with what it holds of the prompt, so that only new tokens are run; 0: a new one
  float min_p;             // keeps tokens with this part of the most probable one's probability; 0: all
  float repetition_penalty;   // divides logits above 0 of tokens that were there, multiplies those below; 0 or 1: none
  int32_t repetition_window;  // how many of the last tokens penalties look at; 0: all
  float frequency_penalty;    // taken from a token's logit for each time it was there
  float presence_penalty;     // taken from a token's logit if it was there
  int32_t log_probabilities;  // each token comes with its own and those of so many of the most probable; -1: its own alone;
                              // 0: none
} heddle_generate_options;

// The natural logarithm of a token's probability: the softmax of the model's logits, before sampling.
typedef struct heddle_log_probability {
  int32_t id;
  float value;
} heddle_log_probability;

typedef struct heddle_token {
  size_t size;
  int32_t id;
  int32_t is_end;    // this token ends the text
  const char *text;  // what it completes, valid during the call
  size_t length;     // bytes of text, without its NUL
  float log_probability;              // 0 unless log_probabilities asks
  const heddle_log_probability *top;  // the most probable tokens, valid during the call
  size_t top_count;
} heddle_token;

// Returns 0 to go on; else generating stops and heddle_model_generate returns HEDDLE_CANCELLED.
typedef int32_t (*heddle_token_callback)(void *context, const heddle_token *token);

// Continues a prompt on the calling thread and hands each token to the callback. Several threads may generate at once.
heddle_status heddle_model_generate(
    heddle_model model, const char *prompt, const heddle_generate_options *options, heddle_token_callback callback,
    void *context);

#ifdef __cplusplus
}
#endif

#endif
