//! Tests of the mends: each is code that a person would write.

use super::code::{bound, Mended, Target};

const HEAD: &str = "const { AsyncResource } = require('node:async_hooks');\n";

/// The changed lines of `code` below a line that has the class.
fn mended(code: &str, target: Target<'_>) -> Option<(String, String)> {
    bound(&format!("{HEAD}{code}"), "/app/a.js", target).map(|mended| (mended.before, mended.after))
}

fn pair(before: &str, after: &str) -> (String, String) {
    (before.to_owned(), after.to_owned())
}

#[test]
fn a_callback_on_one_line_is_bound() {
    assert_eq!(
        mended(
            "pool.query(sql, (row) => log(row));",
            Target::Function(2, 17)
        ),
        Some(pair(
            "pool.query(sql, (row) => log(row));",
            "pool.query(sql, AsyncResource.bind((row) => log(row)));"
        ))
    );
}

#[test]
fn a_callback_of_several_lines_changes_its_first_and_its_last() {
    let code = "  pool.query(sql, async function onRow(row) {\n    log(row);\n  }, 5);\n";
    assert_eq!(
        mended(code, Target::Function(2, 19)),
        Some(pair(
            "  pool.query(sql, async function onRow(row) {\n  }, 5);",
            "  pool.query(sql, AsyncResource.bind(async function onRow(row) {\n  }), 5);"
        ))
    );
}

#[test]
fn the_first_function_of_a_line_is_meant_without_a_column() {
    let line = "run(() => 1, () => 2);";
    assert_eq!(
        mended(line, Target::Function(2, 0)),
        Some(pair(line, "run(AsyncResource.bind(() => 1), () => 2);"))
    );
}

#[test]
fn columns_count_utf16_units() {
    let line = "run('😀é', () => 1);";
    let column = u32::try_from("run('😀é', ".encode_utf16().count() + 1).unwrap();
    let found = bound(
        &format!("{HEAD}{line}"),
        "/a.js",
        Target::Function(2, column),
    )
    .unwrap();
    assert_eq!(found.after, "run('😀é', AsyncResource.bind(() => 1));");
    assert_eq!((found.line, found.column), (2, column));
}

#[test]
fn a_listener_is_bound_where_it_is_registered() {
    let line = "req.on('end', onEnd).on('error', fail);";
    assert_eq!(
        mended(line, Target::Listener(2, 5)),
        Some(pair(
            line,
            "req.on('end', AsyncResource.bind(onEnd)).on('error', fail);"
        ))
    );
    assert_eq!(
        mended(line, Target::Listener(2, 22)),
        Some(pair(
            line,
            "req.on('end', onEnd).on('error', AsyncResource.bind(fail));"
        ))
    );
    assert_eq!(mended("req.on('end');", Target::Listener(2, 5)), None);
    assert_eq!(mended("req.on('end', 5);", Target::Listener(2, 5)), None);
}

#[test]
fn a_bound_function_is_wrapped_as_a_whole() {
    let line = "pool.query(sql, this.onRow.bind(this));";
    assert_eq!(
        mended(line, Target::Bound(2, 28)),
        Some(pair(
            line,
            "pool.query(sql, AsyncResource.bind(this.onRow.bind(this)));"
        ))
    );
}

#[test]
fn a_declaration_is_bound_where_its_name_is_handed_over_if_that_is_one_place() {
    let code = "function onEnd() {}\nstream.on('end', onEnd);";
    assert_eq!(mended(code, Target::Function(2, 1)), None);
    assert_eq!(
        mended(code, Target::Argument("onEnd")),
        Some(pair(
            "stream.on('end', onEnd);",
            "stream.on('end', AsyncResource.bind(onEnd));"
        ))
    );
    let twice = format!("{code}\nother(onEnd);");
    assert_eq!(mended(&twice, Target::Argument("onEnd")), None);
}

#[test]
fn methods_are_not_bound_where_they_stand() {
    assert_eq!(mended("x({ m() {} });", Target::Function(2, 5)), None);
    assert_eq!(
        mended("x({ get m() { return 1 } });", Target::Function(2, 0)),
        None
    );
    assert_eq!(mended("class A { m() {} }", Target::Function(2, 0)), None);
    assert_eq!(
        mended("class A { m = () => 1; }", Target::Function(2, 15)),
        Some(pair(
            "class A { m = () => 1; }",
            "class A { m = AsyncResource.bind(() => 1); }"
        ))
    );
}

#[test]
fn the_file_says_which_class_it_can_use() {
    let import = |source: &str, path| {
        let Mended { after, import, .. } = bound(source, path, Target::Function(1, 0)).unwrap();
        (after, import)
    };
    assert_eq!(
        import("run(() => 1); // AsyncLocalStorage", "/a.js"),
        (
            "run(AsyncLocalStorage.bind(() => 1)); // AsyncLocalStorage".to_owned(),
            None
        )
    );
    assert_eq!(
        import("run((x: number) => x);", "/a.cts").1,
        Some("const { AsyncResource } = require('node:async_hooks');")
    );
    assert_eq!(
        import("run(() => 1); export {};", "/a.js").1,
        Some("import { AsyncResource } from 'node:async_hooks';")
    );
}

#[test]
fn what_does_not_parse_or_is_not_there_has_no_mend() {
    assert_eq!(mended("run(() => ", Target::Function(2, 5)), None);
    assert_eq!(mended("run(() => 1);", Target::Function(99, 1)), None);
    assert_eq!(mended("run(() => 1);", Target::Function(2, 4000)), None);
    assert_eq!(mended("run(() => 1);", Target::Function(0, 0)), None);
    let long = format!("run(() => {{ /* {} */ }});", "x".repeat(500));
    assert_eq!(mended(&long, Target::Function(2, 5)), None);
}
