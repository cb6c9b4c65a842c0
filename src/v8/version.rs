//! Which V8s are known: those whose headers declare the functions that are looked up as they
//! are called.

use crate::error::Error;

/// Major and minor number of a V8.
type Version = (u32, u32);

/// The V8 of Node 20.
const OLDEST: Version = (11, 3);

/// The V8 of Node 26.
const NEWEST: Version = (14, 6);

/// Fails unless `version`, as in `process.versions.v8`, is that of a known V8.
///
/// # Errors
/// [`Error::V8Unknown`].
pub(crate) fn require_known(version: &str) -> Result<(), Error> {
    let (major, minor) = parse(version).unwrap_or_default();
    if (OLDEST..=NEWEST).contains(&(major, minor)) {
        Ok(())
    } else {
        Err(Error::V8Unknown { major, minor })
    }
}

fn parse(version: &str) -> Option<Version> {
    let mut numbers = version.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::require_known;
    use crate::error::Error;

    #[test]
    fn the_v8s_of_node_20_to_26_are_known() {
        for version in [
            "11.3.244.8-node.38",
            "12.4.254.21-node.57",
            "13.6.233.17-node.53",
            "14.6.202.34-node.40",
        ] {
            assert_eq!(require_known(version), Ok(()), "{version}");
        }
    }

    #[test]
    fn earlier_and_later_ones_are_not() {
        for (version, major, minor) in [
            ("11.2.0", 11, 2),
            ("14.7.1", 14, 7),
            ("15.0.5-node.1", 15, 0),
        ] {
            assert_eq!(
                require_known(version),
                Err(Error::V8Unknown { major, minor })
            );
        }
    }

    #[test]
    fn neither_is_what_cannot_be_read() {
        for version in ["", "14", "14.", "fourteen.6", "-14.6"] {
            assert_eq!(
                require_known(version),
                Err(Error::V8Unknown { major: 0, minor: 0 }),
                "{version}"
            );
        }
    }
}
