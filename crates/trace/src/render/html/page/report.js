'use strict';

// The report as the page needs it: findings by how sure they are, and what can be drawn of each
// thread, whose clock and whose numbers of contexts are its own.

{
  const { plural } = window.finder;

  /** The path as a reader looks for it: from the program's folder, or from its package. */
  function shorten(file, folders) {
    const plain = file.replace(/^file:\/\//, '').replaceAll('\\', '/');
    const parts = plain.split('/node_modules/');
    if (parts.length > 1) return parts.at(-1);
    const folder = folders.find((cwd) => plain.startsWith(`${cwd}/`));
    return folder === undefined ? plain : plain.slice(folder.length + 1);
  }

  function contextName(context) {
    if (!context || context.id === 0) return 'no context';
    return context.preview ?? `context ${context.id}`;
  }

  const trackKey = ({ pid, thread }) => `${pid ?? 0}/${thread ?? 0}`;

  /** A moment in the run of the context in which a function was made: the last one before. */
  function madeAt(lane, at) {
    const before = lane.runs.filter(({ from }) => from <= at);
    const last = before.reduce((best, run) => (best?.from > run.from ? best : run), undefined);
    if (last === undefined) return lane.context?.at ?? at;
    return (last.from + Math.min(last.to, at)) / 2;
  }

  function trackOf(key, report) {
    const own = (list) => (list ?? []).filter((one) => trackKey(one) === key);
    const lanes = new Map();
    const laneOf = (id) => {
      if (!lanes.has(id)) lanes.set(id, { id, context: { id }, runs: [], found: false });
      return lanes.get(id);
    };
    for (const context of own(report.contexts)) laneOf(context.id).context = context;
    for (const run of own(report.runs)) laneOf(run.ctx).runs.push(run);
    const arrows = own(report.crossings)
      .filter(({ finding }) => finding)
      .map(({ finding, at, ...ends }) => {
        const [from, to] = [laneOf(ends.from), laneOf(ends.to)];
        from.found = true;
        to.found = true;
        return { finding, from, to, made: madeAt(from, at), ran: at };
      });
    const none = laneOf(0);
    const began = ({ context, runs }) => context.at ?? runs[0]?.from ?? 0;
    const all = [...lanes.values()]
      .filter((lane) => lane !== none)
      .sort((a, b) => Number(b.found) - Number(a.found) || began(a) - began(b));
    const { pid, thread } = own(report.contexts)[0] ?? own(report.runs)[0] ?? {};
    return { key, label: `process ${pid}, thread ${thread}`, all, none, arrows };
  }

  function tracksOf(report) {
    const keys = new Set();
    for (const list of [report.crossings, report.contexts, report.runs]) {
      for (const one of list ?? []) keys.add(trackKey(one));
    }
    if (keys.size === 0) keys.add('0/0');
    return [...keys].map((key) => trackOf(key, report));
  }

  function headOf({ processes, node }, certain, possible) {
    const [first] = processes;
    const parts = [
      first?.argv?.map((part, i) => (i < 2 ? part.split(/[\\/]/).at(-1) : part)).join(' '),
      node ? `Node ${node.replace(/^v/, '')}` : undefined,
      processes.length > 1 ? plural(processes.length, 'process', 'processes') : undefined,
      plural(certain.length, 'certain finding'),
      `${possible.length.toLocaleString('en')} possible`,
    ];
    return parts.filter(Boolean).join(' · ');
  }

  function noticesOf({ processes }) {
    const sum = (name) => processes.reduce((total, one) => total + (one[name] ?? 0), 0);
    const notes = processes.flatMap((one) => one.notes ?? []);
    const [dropped, forgotten] = [sum('dropped'), sum('forgotten')];
    const texts = [];
    if (forgotten > 0) {
      texts.push(
        `The picture begins late: ${plural(forgotten, 'older run')} did not fit into the ring.` +
          ' Findings are kept apart from it.',
      );
    }
    if (dropped > 0) {
      texts.push(
        `The picture has gaps: ${plural(dropped, 'event')} came faster than they could be taken,` +
          ' and were dropped.',
      );
    }
    return [...texts, ...notes];
  }

  function readReport(report) {
    const findings = report.findings ?? [];
    const processes = report.processes ?? [];
    const certain = findings.filter((finding) => finding.certain);
    const possible = findings.filter((finding) => !finding.certain);
    const folders = processes.map(({ cwd }) => cwd?.replaceAll('\\', '/')).filter(Boolean);
    return {
      head: headOf({ ...report, processes }, certain, possible),
      notices: noticesOf({ processes }),
      certain,
      possible,
      findings: new Map(findings.map((finding) => [finding.id, finding])),
      tracks: tracksOf(report),
      place: (place) =>
        place ? `${shorten(place.file, folders)}:${place.line}` : 'an unknown place',
    };
  }

  Object.assign(window.finder, { readReport, contextName });
}
