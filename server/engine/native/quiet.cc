// Lends standard error to a file while TensorFlow's libraries are loaded: they write banners before any setting of
// theirs is read, and Node has no call that redirects a descriptor.
#include <node_api.h>
#include <unistd.h>

namespace {

int Argument(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value value;
  int descriptor = -1;
  napi_get_cb_info(env, info, &count, &value, nullptr, nullptr);
  napi_get_value_int32(env, value, &descriptor);
  return descriptor;
}

// redirect(file): standard error goes to the open file from now on; returns a descriptor of where it went before.
napi_value Redirect(napi_env env, napi_callback_info info) {
  const int file = Argument(env, info);
  const int before = dup(STDERR_FILENO);
  dup2(file, STDERR_FILENO);
  napi_value result;
  napi_create_int32(env, before, &result);
  return result;
}

// restore(before): standard error goes where it went before.
napi_value Restore(napi_env env, napi_callback_info info) {
  const int before = Argument(env, info);
  dup2(before, STDERR_FILENO);
  close(before);
  return nullptr;
}

napi_value Init(napi_env env, napi_value exports) {
  napi_value redirect;
  napi_value restore;
  napi_create_function(env, "redirect", NAPI_AUTO_LENGTH, Redirect, nullptr, &redirect);
  napi_create_function(env, "restore", NAPI_AUTO_LENGTH, Restore, nullptr, &restore);
  napi_set_named_property(env, exports, "redirect", redirect);
  napi_set_named_property(env, exports, "restore", restore);
  return exports;
}

}  // namespace

NAPI_MODULE(NODE_GYP_MODULE_NAME, Init)
