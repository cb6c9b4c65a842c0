'use strict';

// The picture: a lane for each context of a thread, the last one for what ran in none. Lanes
// without a finding are folded. What can be seen is also said in words, below it.

{
  const { el, svg, byId, plural, contextName } = window.finder;
  const { scaleOf, ticksOf, timeText, ROW, AXIS, drawLane, drawArrow, labelOf } = window.finder;
  const FOUND = 24; // lanes that are shown before any is folded
  const ARROWS = 300;
  const MORE = 100;

  /** What the picture shows, as sentences. */
  function wordsOf(lanes, arrows, model, start) {
    const lines = arrows.map(({ finding, from, to, ran }) => {
      const { made, read } = model.findings.get(finding);
      return (
        `After ${timeText(Math.max(0, ran - start))}, what was made at ${model.place(made)} in ` +
        `${contextName(from.context)} ran in ${contextName(to.context)}; ` +
        `the store was read at ${model.place(read)}.`
      );
    });
    const runs = lanes.map(({ context, runs: all }) => {
      const entered = context.entered ? `, entered at ${model.place(context.entered)}` : '';
      return `${contextName(context)}${entered}: ${plural(all.length, 'run')}.`;
    });
    return el('ul', {}, ...[...lines, ...runs].map((text) => el('li', {}, text)));
  }

  /** Moments of contexts and arrows; what runs in none fills the time around them. */
  function timesOf(lanes, arrows) {
    const times = [];
    for (const { id, context, runs } of lanes) {
      if (id === 0) continue;
      if (context.at !== undefined) times.push(context.at);
      for (const { from, to } of runs) times.push(from, to);
    }
    for (const { made, ran } of arrows) times.push(made, ran);
    if (times.length > 0) return times;
    return lanes.flatMap(({ runs }) => runs.flatMap(({ from, to }) => [from, to]));
  }

  function headMarker() {
    const marker = { id: 'head', viewBox: '0 0 10 10', refX: 5, refY: 5, orient: 'auto' };
    return svg(
      'defs',
      {},
      svg(
        'marker',
        { ...marker, markerWidth: 7, markerHeight: 7 },
        svg('path', { d: 'M0,0 L10,5 L0,10 z' }),
      ),
    );
  }

  function gridOf(scale, height) {
    return ticksOf(scale).map(({ x, text }) =>
      svg(
        'g',
        { class: 'tick' },
        svg('line', { x1: x, x2: x, y1: AXIS - 6, y2: height }),
        svg('text', { x, y: AXIS - 12 }, text),
      ),
    );
  }

  /** The lanes to show for the arrow `mine`, and how many are folded. */
  function visible({ all, none }, mine, more) {
    const found = all.filter((lane) => lane.found);
    const first = (found.length > 0 ? found : all).slice(0, FOUND);
    const own = [mine?.from, mine?.to].filter(
      (lane) => lane !== undefined && lane !== none && !first.includes(lane),
    );
    const shown = new Set([...own, ...first]);
    const rest = all.filter((lane) => !shown.has(lane));
    const folded = rest.slice(more);
    return {
      lanes: [...shown, ...rest.slice(0, more), none],
      folded: folded.length,
      quiet: folded.every((lane) => !lane.found) && found.length > 0,
    };
  }

  class Picture {
    #model;
    #choose;
    #area = byId('scroll');
    #track;
    #finding;
    #more = 0;
    #zoom = 1;
    #width = 0;
    #scale;

    constructor(model, choose) {
      this.#model = model;
      this.#choose = choose;
      [this.#track] = model.tracks;
      byId('wider').addEventListener('click', () => this.#zoomTo(this.#zoom * 1.5));
      byId('narrower').addEventListener('click', () => this.#zoomTo(this.#zoom / 1.5));
      byId('fit').addEventListener('click', () => this.#zoomTo(1));
      this.#offerTracks();
      new ResizeObserver(() => {
        if (this.#area.clientWidth !== this.#width) this.draw();
      }).observe(this.#area);
    }

    /** Shows a finding, in the picture of the thread in which it was seen. */
    select(finding) {
      this.#finding = finding;
      const track = this.#model.tracks.find((one) => this.#arrowIn(one) !== undefined);
      if (track !== undefined && this.#arrowIn(this.#track) === undefined) this.#show(track);
      this.draw();
      this.#reveal();
    }

    draw() {
      const mine = this.#arrowIn(this.#track);
      const { lanes, folded, quiet } = visible(this.#track, mine, this.#more);
      const rows = new Map(lanes.map(({ id }, row) => [id, row]));
      const others = this.#track.arrows.filter((one) => one !== mine).slice(0, ARROWS);
      const drawn = [...others, mine].filter(
        (one) => one !== undefined && rows.has(one.from.id) && rows.has(one.to.id),
      );
      const names = el(
        'ol',
        { class: 'labels' },
        lanes.map((lane) => labelOf(lane, this.#model)),
      );
      this.#area.replaceChildren(el('div', { class: 'canvas' }, names));
      this.#width = this.#area.clientWidth;
      const room = this.#width - names.offsetWidth;
      this.#scale = scaleOf(timesOf(lanes, drawn), room, this.#zoom);
      names.after(this.#tracks(lanes, rows, drawn, mine));
      this.#sayMissing(mine);
      this.#sayFolded(folded, quiet);
      const words = wordsOf(lanes, drawn, this.#model, this.#scale.start);
      byId('words').lastElementChild.replaceChildren(words);
    }

    #tracks(lanes, rows, drawn, mine) {
      const height = AXIS + lanes.length * ROW;
      const standing = (arrow) => {
        if (arrow === mine) return 'chosen';
        return arrow.finding === this.#finding ? 'same' : 'other';
      };
      const size = `${plural(lanes.length, 'lane')}, ${plural(drawn.length, 'arrow')}`;
      return svg(
        'svg',
        {
          class: 'tracks',
          width: this.#scale.width,
          height,
          role: 'img',
          'aria-label': `${size}; the same in words is below`,
        },
        headMarker(),
        gridOf(this.#scale, height),
        lanes.map((lane, row) => drawLane(lane, row, this.#scale, this.#model)),
        drawn.map((one) => drawArrow(one, rows, this.#scale, standing(one), this.#choose)),
      );
    }

    #arrowIn({ arrows }) {
      return arrows.find((arrow) => arrow.finding === this.#finding);
    }

    #sayMissing(mine) {
      const missing = this.#finding !== undefined && mine === undefined;
      byId('missing').textContent = missing
        ? 'This finding has no arrow: it is not of a function that crossed, or the ring no longer' +
          ' holds it.'
        : '';
    }

    #sayFolded(folded, quiet) {
      const parts = [];
      if (folded > 0) {
        const next = Math.min(MORE, folded);
        const without = quiet ? ' without a finding' : '';
        parts.push(`${plural(folded, 'other context')}${without}: folded.`);
        parts.push(this.#folding(`Show ${next} more`, this.#more + next));
      }
      if (this.#more > 0) parts.push(this.#folding('Fold', 0));
      byId('folded').replaceChildren(...parts.flatMap((part) => [part, ' ']));
    }

    #folding(text, more) {
      const click = () => {
        this.#more = more;
        this.draw();
        byId('folded').querySelector('button')?.focus();
      };
      return el('button', { type: 'button', on: { click } }, text);
    }

    #offerTracks() {
      const { tracks } = this.#model;
      if (tracks.length < 2) return;
      const change = () => {
        this.#show(tracks[byId('thread').selectedIndex]);
        this.draw();
      };
      const choices = tracks.map(({ label }) => el('option', {}, label));
      const attributes = { id: 'thread', 'aria-label': 'Thread', on: { change } };
      byId('fit').parentElement.before(el('select', attributes, ...choices));
    }

    #show(track) {
      this.#track = track;
      this.#more = 0;
      const choice = byId('thread');
      if (choice !== null) choice.selectedIndex = this.#model.tracks.indexOf(track);
    }

    #zoomTo(zoom) {
      this.#zoom = Math.min(Math.max(zoom, 0.25), 16);
      this.draw();
      this.#reveal();
    }

    #reveal() {
      const mine = this.#arrowIn(this.#track);
      if (mine === undefined) return;
      const center = (this.#scale.x(mine.made) + this.#scale.x(mine.ran)) / 2;
      const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
      const left = center - this.#area.clientWidth / 3;
      this.#area.scrollTo({ left, behavior: calm ? 'auto' : 'smooth' });
    }
  }

  Object.assign(window.finder, { Picture });
}
