'use strict';

// Where a moment is in the picture. Callbacks run for microseconds and wait for seconds, so the
// width of the time between two moments grows with its logarithm.

{
  const STEP = 7;
  const PER_DECADE = 11;
  const BEFORE = 26;
  const AFTER = 54; // room for what is written beside the last moment

  const widthOf = (us) => STEP + PER_DECADE * Math.log10(1 + us / 20);

  /** Of sorted, different moments: their places, before they are stretched. */
  function places(moments) {
    let at = 0;
    return moments.map((moment, i) => {
      if (i > 0) at += widthOf(moment - moments[i - 1]);
      return at;
    });
  }

  /** The index of the last moment that is not after `time`. */
  function before(moments, time) {
    let [low, high] = [0, moments.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (moments[middle] <= time) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  function scaleOf(times, room, zoom) {
    const moments = [...new Set(times)].sort((a, b) => a - b);
    if (moments.length === 0) moments.push(0);
    const at = places(moments);
    const natural = at.at(-1) + BEFORE + AFTER;
    // What is not much wider than the room is made to fit.
    const width = Math.min((natural > 3 * room ? natural : room) * zoom, 60_000);
    const factor = (width - BEFORE - AFTER) / (at.at(-1) || 1);
    const x = (time) => {
      const i = before(moments, time);
      const next = Math.min(i + 1, moments.length - 1);
      const span = moments[next] - moments[i];
      const part = span > 0 ? Math.max(0, time - moments[i]) / span : 0;
      return BEFORE + factor * (at[i] + (at[next] - at[i]) * Math.min(part, 1));
    };
    return { x, width, moments, start: moments[0] };
  }

  function timeText(us) {
    if (us < 1000) return `${Math.round(us)} µs`;
    if (us < 1_000_000) return `${(us / 1000).toFixed(us < 10_000 ? 1 : 0)} ms`;
    return `${(us / 1_000_000).toFixed(1)} s`;
  }

  /** Moments to write at the top: none nearer to its neighbour than the text is wide. */
  function ticksOf(scale, distance = 96) {
    const ticks = [];
    for (const moment of scale.moments) {
      const x = scale.x(moment);
      const last = ticks.at(-1);
      if (last !== undefined && x - last.x < distance) continue;
      ticks.push({ x, text: timeText(moment - scale.start) });
    }
    return ticks;
  }

  Object.assign(window.finder, { scaleOf, ticksOf, timeText });
}
