//! Reports for the tests of all forms.

use crate::report::model::{
    Context, Finding, Line, Mend, Package, Place, Process, RanIn, Report, Storage,
};

/// A place with lines of code, the one of the place marked.
pub(super) fn place(
    file: &str,
    (line, column): (u32, u32),
    function: &str,
    code: &[(u32, &str)],
) -> Place {
    Place {
        file: format!("/app/{file}"),
        line,
        column,
        function: (!function.is_empty()).then(|| function.to_owned()),
        package: None,
        code: code
            .iter()
            .map(|(number, text)| Line {
                line: *number,
                text: (*text).to_owned(),
                mark: *number == line,
            })
            .collect(),
    }
}

/// A place in a package.
fn packaged(place: Place) -> Place {
    Place {
        package: Some(Package {
            name: "pool".to_owned(),
            version: Some("1.2.3".to_owned()),
        }),
        ..place
    }
}

/// A certain finding: a callback of a pool.
pub(super) fn lost() -> Finding {
    let pool = "node_modules/pool/index.js";
    Finding {
        id: "0123456789ab".to_owned(),
        certain: true,
        kind: "lost".to_owned(),
        rule: "birth".to_owned(),
        sentence: "requests.getStore() at log.js:2 gave undefined, because the function onRow was \
                   lost."
            .to_owned(),
        storage: Storage {
            name: Some("requests".to_owned()),
            created: Some(place("app.js", (1, 18), "", &[])),
        },
        read: Some(place(
            "log.js",
            (2, 20),
            "log",
            &[(2, "  const store = requests.getStore();")],
        )),
        via: Some(place("app.js", (9, 5), "handler", &[(9, "    log(row);")])),
        expected: Some(Context {
            id: 1,
            preview: Some("{ id: 'a' }".to_owned()),
            entered: Some(place("app.js", (3, 12), "", &[])),
            ..Context::default()
        }),
        made: Some(place(
            "app.js",
            (8, 17),
            "handler",
            &[
                (6, "  // too far away"),
                (7, "  const sql = 'select 1';"),
                (8, "  pool.query(sql, (row) => {"),
                (9, "    log(row);"),
                (10, "  });"),
            ],
        )),
        made_as: "function".to_owned(),
        ran_by: Some(packaged(place(
            pool,
            (33, 5),
            "release",
            &[(33, "    next(row);")],
        ))),
        ran_in: Some(RanIn {
            kind: "Timeout".to_owned(),
            site: Some(packaged(place(pool, (9, 1), "", &[]))),
        }),
        count: 3,
        mend: Some(Mend {
            place: Some(place("app.js", (8, 17), "handler", &[])),
            how: "bind function".to_owned(),
            before: Some("  pool.query(sql, (row) => {\n  });".to_owned()),
            after: Some("  pool.query(sql, AsyncResource.bind((row) => {\n  }));".to_owned()),
            note: Some(
                "It needs `const { AsyncResource } = require('node:async_hooks');`.".to_owned(),
            ),
        }),
        ..Finding::default()
    }
}

/// Another read of the same cause, in another's context.
pub(super) fn foreign() -> Finding {
    Finding {
        id: "ba9876543210".to_owned(),
        kind: "foreign".to_owned(),
        sentence: "requests.getStore() at log.js:7 gave the store of another context.".to_owned(),
        read: Some(place("log.js", (7, 9), "audit", &[])),
        via: None,
        count: 1,
        ..lost()
    }
}

/// A possible finding.
pub(super) fn possible() -> Finding {
    Finding {
        certain: false,
        rule: "batch".to_owned(),
        why: Some("one batch may serve several contexts".to_owned()),
        ..foreign()
    }
}

/// A report with `findings`.
pub(super) fn report(findings: Vec<Finding>) -> Report {
    Report {
        version: 1,
        node: "v24.0.0".to_owned(),
        processes: vec![Process {
            pid: 7,
            cwd: "/app".to_owned(),
            threads: 2,
            contexts: 4,
            reads: 10,
            crossings: 3,
            ..Process::default()
        }],
        findings,
        ..Report::default()
    }
}
