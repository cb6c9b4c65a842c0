'use strict';

// What is drawn: a lane with its boxes, and an arrow between two lanes.

{
  const { el, svg, plural, contextName } = window.finder;
  const ROW = 46;
  const AXIS = 30;
  const BOX = 18;
  const HUES = 6;
  const BADGE = 9;

  const middle = (row) => AXIS + row * ROW + ROW / 2;
  const hueOf = ({ id }) => (id === 0 ? 'none' : `hue-${id % HUES}`);

  /** Boxes of a lane; those that would touch are drawn as one. */
  function boxesOf(lane, scale) {
    const boxes = [];
    const [first, last] = [scale.start, scale.moments.at(-1)];
    const shown = lane.runs.filter(({ from, to }) => to >= first && from <= last);
    for (const run of shown.sort((a, b) => a.from - b.from)) {
      const from = scale.x(run.from);
      const to = Math.max(scale.x(run.to), from + 4);
      const previous = boxes.at(-1);
      if (previous !== undefined && from < previous.to + 1.5) {
        previous.to = Math.max(previous.to, to);
        previous.runs.push(run);
      } else boxes.push({ from, to, runs: [run] });
    }
    return boxes;
  }

  function boxTitle(runs, model) {
    const names = runs
      .slice(0, 4)
      .map(({ what, site }) => (site ? `${what} of ${model.place(site)}` : what));
    const rest = runs.length > 4 ? ` and ${runs.length - 4} more` : '';
    return `${plural(runs.length, 'run')}: ${names.join(', ')}${rest}`;
  }

  function drawLane(lane, row, scale, model) {
    const y = middle(row);
    const none = lane.id === 0;
    const start = none ? scale.start : (lane.context.at ?? lane.runs[0]?.from ?? scale.start);
    const last = lane.runs.reduce((end, { to }) => Math.max(end, to), start);
    const end = none ? scale.moments.at(-1) : last;
    return svg(
      'g',
      { class: `lane ${hueOf(lane)}`, 'data-context': lane.id },
      svg('line', { class: 'life', x1: scale.x(start), x2: scale.x(end), y1: y, y2: y }),
      boxesOf(lane, scale).map(({ from, to, runs }) =>
        svg(
          'rect',
          { class: 'run', x: from, y: y - BOX / 2, width: to - from, height: BOX, rx: 4 },
          svg('title', {}, boxTitle(runs, model)),
        ),
      ),
    );
  }

  function badge(x, y, text, kind) {
    return svg(
      'g',
      { class: `badge ${kind}` },
      svg('circle', { cx: x, cy: y, r: BADGE }),
      svg('text', { x, y: y + 4 }, text),
    );
  }

  function badgesOf(arrow, at) {
    const entered = Math.min(at.entered, at.x1 - 2 * BADGE - 4);
    return [
      badge(Math.max(entered, BADGE + 1), at.from, '1', 'step'),
      badge(at.x1, at.from, '2', 'step'),
      badge(at.x2, at.to, '3', 'step'),
      badge(at.x3, at.to, '4', 'read'),
    ];
  }

  /** `standing` is whether it is chosen, of the same finding, or another. */
  function drawArrow(arrow, rows, scale, standing, choose) {
    const [from, to] = [rows.get(arrow.from.id), rows.get(arrow.to.id)];
    if (from === undefined || to === undefined) return null;
    const down = to >= from ? 1 : -1;
    const [x1, x2] = [scale.x(arrow.made), scale.x(arrow.ran)];
    const at = { x1, x2, x3: x2 + 2 * BADGE + 6, from: middle(from), to: middle(to) };
    at.entered = scale.x(arrow.from.context.at ?? arrow.made);
    const y1 = at.from + (down * BOX) / 2;
    const y2 = at.to - down * (BOX / 2 + 5);
    const bend = Math.max(18, Math.abs(y2 - y1) * 0.45) * down;
    const path = `M${x1},${y1} C${x1},${y1 + bend} ${x2},${y2 - bend} ${x2},${y2}`;
    const width = at.x3 - x2 + 24;
    return svg(
      'g',
      {
        class: `crossing ${standing}`,
        'data-finding': arrow.finding,
        'data-from': arrow.from.id,
        'data-to': arrow.to.id,
        on: { click: () => choose(arrow.finding, false) },
      },
      svg('rect', { class: 'ran', x: x2 - 12, y: at.to - 12, width, height: 24, rx: 12 }),
      svg('path', { class: 'reach', d: path }),
      svg('path', { class: 'arrow', d: path, 'marker-end': 'url(#head)' }),
      standing === 'chosen'
        ? badgesOf(arrow, at)
        : svg('circle', { class: 'read', cx: at.x3, cy: at.to, r: 5 }),
    );
  }

  function labelOf({ context, runs, id }, model) {
    const count = plural(runs.length, 'run');
    const entered = context.entered ? `${model.place(context.entered)} · ` : '';
    const storage = context.storage ? `${context.storage}: ` : '';
    return el(
      'li',
      {
        class: hueOf({ id }),
        'data-context': id,
        title: id === 0 ? undefined : `${storage}${contextName(context)}`,
      },
      el('b', {}, contextName(context)),
      el('span', {}, `${entered}${count}`),
    );
  }

  Object.assign(window.finder, { ROW, AXIS, drawLane, drawArrow, labelOf });
}
