//! Several reports as one.

use rustc_hash::FxHashMap;

use super::model::{Finding, Report, VERSION};

/// The reports of several processes as one.
pub(crate) fn merge(reports: Vec<Report>) -> Report {
    let mut all = Report {
        version: VERSION,
        ..Report::default()
    };
    let mut findings = Vec::new();
    for report in reports {
        if all.node.is_empty() {
            all.node = report.node;
        }
        all.processes.extend(report.processes);
        all.contexts.extend(report.contexts);
        all.runs.extend(report.runs);
        all.crossings.extend(report.crossings);
        findings.extend(report.findings);
    }
    all.findings = united(findings);
    all
}

/// The findings with each id once: in the order in which they were first seen, the certain first.
///
/// What is only possible in one process is not certain because another saw less of it.
pub(crate) fn united(findings: Vec<Finding>) -> Vec<Finding> {
    let mut index: FxHashMap<String, usize> = FxHashMap::default();
    let mut all: Vec<Finding> = Vec::new();
    for finding in findings {
        let Some(first) = index.get(&finding.id).and_then(|at| all.get_mut(*at)) else {
            index.insert(finding.id.clone(), all.len());
            all.push(finding);
            continue;
        };
        first.count += finding.count;
        if first.certain && !finding.certain {
            first.certain = false;
            first.why = finding.why;
        }
        first.proof = first.proof.take().or(finding.proof);
        first.known = first.known.or(finding.known);
    }
    all.sort_by_key(|finding| !finding.certain);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::model::{Context, Process};

    fn finding(id: &str, certain: bool, count: u64) -> Finding {
        Finding {
            id: id.to_owned(),
            certain,
            count,
            why: (!certain).then(|| "why".to_owned()),
            ..Finding::default()
        }
    }

    fn report(pid: u32, findings: Vec<Finding>) -> Report {
        Report {
            node: format!("v{pid}"),
            processes: vec![Process {
                pid,
                ..Process::default()
            }],
            contexts: vec![Context {
                id: 1,
                pid,
                ..Context::default()
            }],
            findings,
            ..Report::default()
        }
    }

    #[test]
    fn one_bug_of_two_processes_is_one_finding() {
        let merged = merge(vec![
            report(1, vec![finding("a", true, 2), finding("b", true, 1)]),
            report(2, vec![finding("c", true, 1), finding("a", true, 3)]),
        ]);
        let seen: Vec<_> = merged
            .findings
            .iter()
            .map(|finding| (finding.id.as_str(), finding.count))
            .collect();
        assert_eq!(seen, [("a", 5), ("b", 1), ("c", 1)]);
        assert_eq!(merged.version, VERSION);
        assert_eq!(merged.node, "v1");
        assert_eq!(merged.processes.len(), 2);
        let contexts: Vec<_> = merged.contexts.iter().map(|context| context.pid).collect();
        assert_eq!(contexts, [1, 2]);
    }

    #[test]
    fn doubt_of_one_process_is_doubt_of_all() {
        let merged = merge(vec![
            report(1, vec![finding("a", true, 1), finding("b", true, 1)]),
            report(2, vec![finding("a", false, 1)]),
        ]);
        assert_eq!(merged.findings[0].id, "b");
        assert!(!merged.findings[1].certain);
        assert_eq!(merged.findings[1].why.as_deref(), Some("why"));
    }

    #[test]
    fn nothing_and_reports_with_missing_fields_merge() {
        assert_eq!(merge(Vec::new()).findings, []);
        let sparse: Report = serde_json::from_str(r#"{"findings":[{"id":"a"}],"new":1}"#).unwrap();
        assert_eq!(merge(vec![sparse]).findings[0].count, 0);
    }
}
