//! Calls outside of any request of the application.

use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use napi::sys;
use napi::{Env, Error, Result, Status};

/// Calls `work` as if nothing in JavaScript had led here: what it makes does not keep what
/// `AsyncLocalStorage` holds for the caller. In a runtime that knows no such calls, this is an ordinary call.
pub(super) fn outside_of_any_context<T, F: FnOnce() -> T>(env: Env, work: F) -> Result<T> {
    let mut task = Task { work: Some(work), result: None };
    let raw = env.raw();
    let (mut function, mut receiver, mut returned) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
    // SAFETY: `raw` is the environment of the thread that runs this. `task` outlives the only call of the
    // function that gets its address: nobody else has the function.
    unsafe {
        let data: *mut c_void = ptr::from_mut(&mut task).cast();
        check(sys::napi_create_function(raw, ptr::null(), 0, Some(perform::<T, F>), data, &mut function))?;
        check(sys::napi_create_object(raw, &mut receiver))?;
        check(sys::napi_make_callback(
            raw,
            ptr::null_mut(),
            receiver,
            function,
            0,
            ptr::null(),
            &mut returned,
        ))?;
    }
    task.result.ok_or_else(|| Error::from_reason("a callback was not called"))
}

struct Task<T, F> {
    work: Option<F>,
    result: Option<T>,
}

/// Does what the function's data says.
unsafe extern "C" fn perform<T, F: FnOnce() -> T>(
    env: sys::napi_env,
    info: sys::napi_callback_info,
) -> sys::napi_value {
    let mut data = ptr::null_mut();
    // SAFETY: Node calls this with valid handles, and the data is what the function was made with.
    unsafe {
        let (count, arguments, this) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
        if sys::napi_get_cb_info(env, info, count, arguments, this, &mut data) != sys::Status::napi_ok {
            return ptr::null_mut();
        }
        let task = &mut *data.cast::<Task<T, F>>();
        if let Some(work) = task.work.take() {
            // A panic must not cross into Node; without a result, the caller has an error.
            task.result = catch_unwind(AssertUnwindSafe(work)).ok();
        }
    }
    ptr::null_mut()
}

fn check(status: sys::napi_status) -> Result<()> {
    match status {
        sys::Status::napi_ok => Ok(()),
        other => Err(Error::new(Status::from(other), "cannot call JavaScript")),
    }
}
