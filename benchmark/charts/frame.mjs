// What stands around the marks of every chart: a card with title, legend and caption. An image
// cannot follow the page's colours, so it has a background of its own, which is light or dark by
// the preference of the reader; either is legible on any page.

import { createHash } from 'node:crypto';

export const WIDTH = 760;
export const LEFT = 220; // for the names of bars and operations
const MARGIN = 20;
const HEAD = 78;
const FOOT = 20; // per line of the caption
const COLUMNS = 112; // characters in a line of the caption

const STYLE = `
svg { --text: #1f2328; --soft: #59636e; --line: #d1d9e0; --card: #ffffff;
  --ours: #b7410e; --other: #6e7781; --none: #0969da; color: var(--text); }
@media (prefers-color-scheme: dark) { svg { --text: #f0f6fc; --soft: #9198a1; --line: #3d444d;
  --card: #0d1117; --ours: #f0883e; --other: #8b949e; --none: #58a6ff; } }
text { font-family: system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif;
  font-size: 13px; fill: var(--text); stroke: none; }
.title { font-size: 18px; font-weight: 600; }
.soft { fill: var(--soft); font-size: 12px; }
.panel { font-weight: 600; }
`;

function escaped(text) {
  return `${text}`.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export function textAt(x, y, text, kind = '', anchor = 'start') {
  return `<text x="${x}" y="${y}" class="${kind}" text-anchor="${anchor}">${escaped(text)}</text>`;
}

function wrapped(text) {
  const lines = [''];
  for (const word of text.split(' ')) {
    if (lines.at(-1).length + word.length >= COLUMNS) lines.push('');
    lines[lines.length - 1] += `${lines.at(-1) === '' ? '' : ' '}${word}`;
  }
  return lines;
}

function legend(entries) {
  let x = MARGIN;
  return entries
    .map(({ label, color }) => {
      const at = x;
      x += 24 + label.length * 7.2;
      return (
        `<circle cx="${at + 5}" cy="58" r="5" fill="var(--${color})"/>` +
        textAt(at + 15, 62, label, 'soft')
      );
    })
    .join('');
}

/** Identifies the results that a chart is of. */
export function digest(file) {
  return createHash('sha256').update(file).digest('hex').slice(0, 16);
}

/**
 * @param {{ title: string, description: string, entries: { label: string, color: string }[],
 *   caption: string, source: string, parts: { svg: string, height: number }[] }} chart
 */
export function framed({ title, description, entries, caption, source, parts }) {
  let y = HEAD;
  const placed = parts.map(({ svg, height }) => {
    const at = y;
    y += height;
    return `<g transform="translate(0,${at})">${svg}</g>`;
  });
  const lines = wrapped(caption);
  const height = y + 12 + lines.length * FOOT;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" \
viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title description" \
data-results="${source}">
<title id="title">${escaped(title)}</title>
<desc id="description">${escaped(description)}</desc>
<style>${STYLE}</style>
<rect x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8" fill="var(--card)" \
stroke="var(--line)"/>
${textAt(MARGIN, 34, title, 'title')}
${legend(entries)}
${placed.join('\n')}
${lines.map((each, i) => textAt(MARGIN, y + 18 + i * FOOT, each, 'soft')).join('\n')}
</svg>
`;
}
