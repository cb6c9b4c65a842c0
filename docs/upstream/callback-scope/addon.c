// Calls JavaScript back in the four ways of Node-API. Errors of Node-API end the process.

#define NAPI_VERSION 8
#include <node_api.h>
#include <stdlib.h>

#define CHECK(call) do { if ((call) != napi_ok) abort(); } while (0)

static napi_value argument(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value value;
  CHECK(napi_get_cb_info(env, info, &count, &value, NULL, NULL));
  return value;
}

static napi_value name(napi_env env) {
  napi_value value;
  CHECK(napi_create_string_utf8(env, "addon", NAPI_AUTO_LENGTH, &value));
  return value;
}

static void call(napi_env env, napi_value function) {
  napi_value undefined;
  CHECK(napi_get_undefined(env, &undefined));
  CHECK(napi_call_function(env, undefined, function, 0, NULL, NULL));
}

static napi_value threadsafe_function(napi_env env, napi_callback_info info) {
  napi_threadsafe_function function;
  CHECK(napi_create_threadsafe_function(env, argument(env, info), NULL, name(env), 0, 1, NULL,
                                        NULL, NULL, NULL, &function));
  CHECK(napi_call_threadsafe_function(function, NULL, napi_tsfn_nonblocking));
  CHECK(napi_release_threadsafe_function(function, napi_tsfn_release));
  return NULL;
}

struct work { napi_async_work work; napi_ref function; };

static void execute(napi_env env, void* data) {}

static void complete(napi_env env, napi_status status, void* data) {
  struct work* work = data;
  napi_value function;
  CHECK(napi_get_reference_value(env, work->function, &function));
  CHECK(napi_delete_reference(env, work->function));
  CHECK(napi_delete_async_work(env, work->work));
  free(work);
  call(env, function);
}

static napi_value async_work(napi_env env, napi_callback_info info) {
  struct work* work = malloc(sizeof *work);
  CHECK(napi_create_reference(env, argument(env, info), 1, &work->function));
  CHECK(napi_create_async_work(env, NULL, name(env), execute, complete, work, &work->work));
  CHECK(napi_queue_async_work(env, work->work));
  return NULL;
}

static napi_async_context context;

static napi_value async_init(napi_env env, napi_callback_info info) {
  CHECK(napi_async_init(env, NULL, name(env), &context));
  return NULL;
}

static napi_value callback_scope(napi_env env, napi_callback_info info) {
  napi_callback_scope scope;
  napi_value global;
  CHECK(napi_get_global(env, &global));
  CHECK(napi_open_callback_scope(env, global, context, &scope));
  call(env, argument(env, info));
  CHECK(napi_close_callback_scope(env, scope));
  return NULL;
}

static napi_value make_callback(napi_env env, napi_callback_info info) {
  napi_value global;
  CHECK(napi_get_global(env, &global));
  CHECK(napi_make_callback(env, context, global, argument(env, info), 0, NULL, NULL));
  return NULL;
}

#define EXPORT(name) do { \
  napi_value function; \
  CHECK(napi_create_function(env, #name, NAPI_AUTO_LENGTH, name, NULL, &function)); \
  CHECK(napi_set_named_property(env, exports, #name, function)); \
} while (0)

NAPI_MODULE_INIT() {
  EXPORT(threadsafe_function);
  EXPORT(async_work);
  EXPORT(async_init);
  EXPORT(callback_scope);
  EXPORT(make_callback);
  return exports;
}
