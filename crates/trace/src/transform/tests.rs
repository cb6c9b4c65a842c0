//! The transform, by what it inserts. What a transformed program does is tested in JavaScript.

use super::{transform, Format, Mend, Options, Transformed};

const PLAIN: Options<'static> = Options {
    deep: false,
    source_map: false,
    mends: &[],
};

fn with(source: &str, format: Format, options: &Options<'_>) -> Option<Transformed> {
    transform(source, "/transform/tests.js", format, options)
}

/// The code without the numbers of sites.
fn code(source: &str, options: &Options<'_>) -> String {
    let output = with(source, Format::CommonJs, options).expect("it parses");
    let mut parts = output.code.split("__ahrAT(");
    let mut code = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (parent, rest) = part.split_once(',').expect("a call has a site");
        let rest = rest.trim_start_matches(|digit: char| digit.is_ascii_digit());
        code.push_str("__ahrAT(");
        code.push_str(parent);
        code.push_str(rest);
    }
    code
}

#[track_caller]
fn becomes(source: &str, expected: &str) {
    assert_eq!(code(source, &PLAIN), expected);
}

#[track_caller]
fn stays(source: &str) {
    becomes(source, source);
}

#[test]
fn functions_have_heads() {
    becomes(
        "function a(){return function(){}}",
        "function a(){const __ahrC1=__ahrAT(void 0);return function(){__ahrAT(__ahrC1);}}",
    );
    becomes(
        "({*a(){()=>1},get b(){return()=>2},async c(){}})",
        "({*a(){const __ahrC1=__ahrAT(void 0);()=>(__ahrAT(__ahrC1),1)},\
         get b(){const __ahrC3=__ahrAT(void 0);return()=>(__ahrAT(__ahrC3),2)},async c(){}})",
    );
    stays("function a(){} b=()=>{}; class C{m(){} static{d()}}");
}

#[test]
fn generators_say_that_they_go_on() {
    let code = |source| {
        let output = with(source, Format::CommonJs, &PLAIN).expect("it parses");
        let digits = |character: char| character.is_ascii_digit();
        output.code.replace("__ahrC1", "own").replace(digits, "")
    };
    assert_eq!(
        code("()=>function*(){const a=yield\n(yield a)}"),
        "()=>{const own=__ahrAT(void ,);return(function*(){__ahrAT(own,);\
         const a=__ahrResumed(yield,own,);\n(__ahrResumed(yield a,own,))})}",
    );
    assert_eq!(
        code("function*a(){yield b}"),
        "function*a(){const own=__ahrAT(void ,);__ahrResumed(yield b,own,);}",
    );
    assert_eq!(
        code("function*a(){b.enterWith(c);yield d}"),
        "function*a(){const own=__ahrAT(void ,);let __ahrC=own;\
         b.enterWith(c),__ahrC=__ahrAT(void ,);__ahrResumed(yield d,__ahrC,);}",
    );
    stays("function*a(){b}");
}

#[test]
fn heads_stand_behind_directives() {
    becomes(
        "function a(){'use strict'\nreturn()=>1}",
        "function a(){'use strict';const __ahrC1=__ahrAT(void 0);\nreturn()=>(__ahrAT(__ahrC1),1)}",
    );
    becomes(
        "()=>{function a(){'use strict';}}",
        "()=>{const __ahrC1=__ahrAT(void 0);function a(){'use strict';__ahrAT(__ahrC1);}}",
    );
}

#[test]
fn expressions_stay_expressions() {
    becomes(
        "a=>(b=>({c}))",
        "a=>{const __ahrC1=__ahrAT(void 0);return((b=>(__ahrAT(__ahrC1),({c}))))}",
    );
}

#[test]
fn parameters_belong_to_what_is_around() {
    becomes(
        "function a(b=()=>1){return()=>2}",
        "function a(b=()=>1){const __ahrC2=__ahrAT(void 0);return()=>(__ahrAT(__ahrC2),2)}",
    );
}

#[test]
fn fields_are_evaluated_by_each_instance() {
    becomes(
        "class A{f=()=>1;#g=()=>2;h=[()=>3];static i=()=>4;[j]=()=>5}",
        "class A{f=((__ahrC1)=>({[\"f\"]:()=>(__ahrAT(__ahrC1),1)})[\"f\"])(__ahrAT(void 0));\
         #g=((__ahrC3)=>({[\"#g\"]:()=>(__ahrAT(__ahrC3),2)})[\"#g\"])(__ahrAT(void 0));\
         h=((__ahrC5)=>([()=>(__ahrAT(__ahrC5),3)]))(__ahrAT(void 0));static i=()=>4;[j]=()=>5}",
    );
}

#[test]
fn some_code_is_left_alone() {
    stays("with(a){b=()=>()=>1}");
    stays("function a(){'use asm';function b(){}}");
    let decorated = "@A(()=>()=>1)class B{@C(()=>()=>1)m(){}}";
    let output = with(decorated, Format::ModuleTypescript, &PLAIN).expect("it parses");
    assert_eq!(output.code, decorated);
}

#[test]
fn what_does_not_parse_or_opts_out_is_nothing() {
    assert!(with("function(", Format::CommonJs, &PLAIN).is_none());
    assert!(with("a;// async-hooks-rs: no-trace", Format::CommonJs, &PLAIN).is_none());
    assert!(with("'async-hooks-rs: no-trace'", Format::CommonJs, &PLAIN).is_some());
    assert!(with("import a from 'a'", Format::CommonJs, &PLAIN).is_some());
    assert!(with("return", Format::Module, &PLAIN).is_none());
}

#[test]
fn formats_have_names() {
    for name in Format::NAMES.split(", ") {
        assert!(Format::from_name(name).is_some(), "{name}");
    }
    assert!(Format::from_name("json").is_none());
}

#[test]
fn mends_bind_expressions() {
    let mends = [(1, 3), (1, 20), (2, 0)].map(|(line, column)| Mend { line, column });
    let options = Options {
        mends: &mends,
        ..PLAIN
    };
    let output = with(
        "a(()=>1);function b(){}\n[c=>c,d=>d]",
        Format::CommonJs,
        &options,
    );
    let output = output.expect("it parses");
    let expected = "a(__ahrBind(()=>1));function b(){}\n[__ahrBind(c=>c),__ahrBind(d=>d)]";
    assert_eq!(output.code, expected);
    assert_eq!(output.unmended, [1]);
}

#[test]
fn deep_mode_tells_of_objects() {
    let options = Options {
        deep: true,
        ..PLAIN
    };
    assert_eq!(
        code("a={};function b(){c=new new D;throw new E({})}", &options),
        "a={};function b(){c=__ahrOwn(new new D);throw new E(__ahrOwn({}))}",
    );
}

#[test]
fn what_nests_deeply_is_transformed_or_left() {
    for (open, close) in [("(", ")"), ("[", "]"), ("a=>", ""), ("!", "")] {
        for levels in [1000, 40_000] {
            let source = [&open.repeat(levels), "1", &close.repeat(levels)].concat();
            let output = with(&source, Format::CommonJs, &PLAIN);
            assert!(output.is_some() || levels > 1000, "{open} {levels}");
        }
    }
}
