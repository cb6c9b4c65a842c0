//! The formats of sources, by the names that Node's load hooks have for them.

use oxc_span::SourceType;

/// How a source is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// The body of a function, sloppy.
    CommonJs,
    /// An ES module.
    Module,
    /// `CommonJs` with types.
    CommonJsTypescript,
    /// `Module` with types.
    ModuleTypescript,
    /// Either, with elements.
    Jsx,
    /// Either, with elements and types.
    Tsx,
}

impl Format {
    /// All names, for a message.
    pub(crate) const NAMES: &'static str =
        "commonjs, module, commonjs-typescript, module-typescript, jsx, tsx";

    /// The format of a name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "commonjs" => Self::CommonJs,
            "module" => Self::Module,
            "commonjs-typescript" => Self::CommonJsTypescript,
            "module-typescript" => Self::ModuleTypescript,
            "jsx" => Self::Jsx,
            "tsx" => Self::Tsx,
            _ => return None,
        })
    }

    /// What the parser calls it.
    pub(crate) const fn source_type(self) -> SourceType {
        match self {
            Self::CommonJs => SourceType::cjs(),
            Self::Module => SourceType::mjs(),
            Self::CommonJsTypescript => SourceType::ts().with_commonjs(true),
            Self::ModuleTypescript => SourceType::ts().with_module(true),
            Self::Jsx => SourceType::jsx().with_unambiguous(true),
            Self::Tsx => SourceType::tsx().with_unambiguous(true),
        }
    }

    /// Whether Node compiles it as the body of a function, which may return.
    pub(crate) const fn is_function_body(self) -> bool {
        !matches!(self, Self::Module | Self::ModuleTypescript)
    }

    /// What Node takes a source for that is no `CommonJs`.
    pub(crate) const fn as_module(self) -> Option<Self> {
        match self {
            Self::CommonJs => Some(Self::Module),
            Self::CommonJsTypescript => Some(Self::ModuleTypescript),
            _ => None,
        }
    }
}
