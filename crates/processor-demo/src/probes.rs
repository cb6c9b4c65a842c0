//! What the tests need besides the examples.

use async_hooks_rs_processor::{Error, Processor, Processors, Run, Value};
use napi::bindgen_prelude::{Env, Object};
use napi::{sys, JsValue};
use napi_derive::napi;
use std::ptr;
use std::sync::atomic::{AtomicU32, Ordering};

/// Returns the task, borrowed.
struct Echo;

impl Processor for Echo {
    fn name(&self) -> &'static str {
        "echo"
    }

    fn run<'task>(&self, task: &'task Value<'task>, _: &Run<'task>) -> Result<Value<'task>, Error> {
        Ok(task.clone())
    }
}

/// Fails in the way that the task says.
struct Break;

impl Processor for Break {
    fn name(&self) -> &'static str {
        "break"
    }

    fn run<'task>(&self, task: &'task Value<'task>, _: &Run<'task>) -> Result<Value<'task>, Error> {
        match task.as_str() {
            Some("panic") => panic!("out of luck"),
            Some("any panic") => std::panic::panic_any(7),
            Some("code") => Err(Error::with_code("ERR_MINE", "as was asked for")),
            Some("memory") => Err(Error::out_of_memory()),
            Some("kind") => Ok(Value::Other("a Map")),
            _ => Err(Error::new(format!("received {}", task.kind()))),
        }
    }
}

/// How many tasks of [`Wait`] have ended after an abort.
static ABORTED: AtomicU32 = AtomicU32::new(0);

/// Says that it has started, and waits until it is aborted.
struct Wait;

impl Processor for Wait {
    fn name(&self) -> &'static str {
        "wait"
    }

    fn run<'task>(&self, _: &'task Value<'task>, run: &Run<'task>) -> Result<Value<'task>, Error> {
        run.progress(&"started".into())?;
        while !run.is_aborted() {
            std::thread::yield_now();
        }
        ABORTED.fetch_add(1, Ordering::SeqCst);
        Ok(Value::Null)
    }
}

/// How many tasks of the processor `wait` have ended after an abort, in this process.
#[napi]
pub fn aborted() -> u32 {
    ABORTED.load(Ordering::SeqCst)
}

/// Reports from threads of its own.
struct Ask;

impl Processor for Ask {
    fn name(&self) -> &'static str {
        "ask"
    }

    fn run<'task>(&self, _: &'task Value<'task>, run: &Run<'task>) -> Result<Value<'task>, Error> {
        std::thread::scope(|scope| {
            for number in 0..4 {
                scope.spawn(move || {
                    assert!(!run.is_aborted(), "nobody has aborted it");
                    run.progress(&Value::Number(f64::from(number)))
                });
            }
        });
        Ok(Value::Null)
    }
}

/// Exports with the processors of this file.
#[napi]
pub fn probes(env: &Env) -> napi::Result<Object<'_>> {
    static PROBES: Processors = Processors::new(&[&Echo, &Break, &Wait, &Ask]);
    let exports = Object::new(env)?;
    PROBES.export(env, &exports)?;
    Ok(exports)
}

/// What the exports of an addon have that was built for another major version.
#[napi]
pub fn of_another_version(env: &Env) -> napi::Result<Object<'_>> {
    use async_hooks_rs_processor::abi::{Header, MAGIC, MAJOR, TYPE_TAG};
    static OTHER: Header = Header {
        magic: MAGIC,
        major: MAJOR + 1,
        minor: 3,
        size: 16,
    };
    let object = Object::new(env)?;
    let [lower, upper] = TYPE_TAG;
    let tag = sys::napi_type_tag { lower, upper };
    let header = ptr::from_ref(&OTHER).cast_mut().cast();
    let (raw, handle) = (env.raw(), object.value().value);
    // SAFETY: the object was made in this callback. It wraps a static, which nobody writes to.
    let wrapped =
        unsafe { sys::napi_wrap(raw, handle, header, None, ptr::null_mut(), ptr::null_mut()) };
    napi::check_status!(wrapped)?;
    // SAFETY: as above; the tag is copied.
    napi::check_status!(unsafe { sys::napi_type_tag_object(raw, handle, &raw const tag) })?;
    Ok(object)
}
