'use strict';

// What the page shows of a real program: the finding that was clicked, its four places, the mend,
// and the arrow, whose ends are in the lanes that the report names.

const { before, describe, it } = require('node:test');
const assert = require('node:assert/strict');
const path = require('node:path');
const { largeReport, pageOf, pageOfReport } = require('./made.js');
const { keep, opened, shown, withBrowser } = require('./opened.js');

const markedIn = (place) => place?.code.find(({ mark }) => mark)?.text.trim();
const shortOf = (place) => `${path.basename(place.file)}:${place.line}`;

/** The ends of the chosen arrow, and which lane each is in. */
function arrowOf(tab) {
  return tab.evaluate(() => {
    const group = document.querySelector('.crossing.chosen');
    const path = group.querySelector('.arrow');
    const matrix = path.getScreenCTM();
    const laneAt = (point) => {
      const { y } = point.matrixTransform(matrix);
      const label = [...document.querySelectorAll('.labels li')].find((li) => {
        const { top, bottom } = li.getBoundingClientRect();
        return top <= y && y < bottom;
      });
      return { context: label?.dataset.context, name: label?.querySelector('b').textContent };
    };
    return {
      finding: group.dataset.finding,
      from: laneAt(path.getPointAtLength(0)),
      to: laneAt(path.getPointAtLength(path.getTotalLength())),
    };
  });
}

describe('the page of a program that loses its context', () => {
  const own = withBrowser();
  let file;
  let report;
  let finding;
  before(async () => {
    ({ file, report } = await pageOf('pool-eager.js', own.folder, ['--try-mends']));
    finding = report.findings.find(({ certain }) => certain);
  });

  it('a click on a finding shows its sentence, the four excerpts and the mend', async () => {
    await opened(own.browser, file, async (tab) => {
      await tab.locator(`[data-finding="${finding.id}"][role="option"]`).click();
      const { sentence, cards, before: old, after, proof } = await shown(tab);
      assert.equal(sentence, finding.sentence);
      const places = [finding.expected.entered, finding.made, finding.ranBy, finding.read];
      assert.deepEqual(
        cards,
        ['Entered', 'Made', 'Ran by', 'Read'].map((name, i) => ({
          name,
          place: shortOf(places[i]),
          marked: markedIn(places[i]),
        })),
      );
      assert.ok(cards.every(({ marked }) => marked.length > 0));
      assert.match(cards[3].marked, /getStore\(\)/);
      assert.deepEqual([old, after], [`${finding.mend.before}\n`, `${finding.mend.after}\n`]);
      assert.match(after, /AsyncLocalStorage\.bind\(/);
      assert.equal(proof, '✓ Tried: with this line, 3 of 3 reads were right.');
      await keep(tab, 'finding');
    });
  });

  it('the arrow leads from the lane of the making to that of the running', async () => {
    await opened(own.browser, file, async (tab) => {
      await tab.locator(`[data-finding="${finding.id}"][role="option"]`).click();
      const crossing = report.crossings.find((one) => one.finding === finding.id);
      const arrow = await arrowOf(tab);
      const { preview } = report.contexts.find(({ id }) => id === crossing.from);
      assert.deepEqual(arrow, {
        finding: finding.id,
        from: { context: String(crossing.from), name: preview },
        to: { context: '0', name: 'no context' },
      });
      const runs = await tab.locator(`.lane[data-context="${crossing.from}"] .run`).count();
      assert.ok(runs > 0, 'the lane has a box');
    });
  });

  it('the picture is there in words', async () => {
    await opened(own.browser, file, async (tab) => {
      await tab.locator('#words summary').click();
      const words = await tab.locator('#words li').allInnerTexts();
      const made = shortOf(finding.made);
      const sentence = words.find((text) => text.includes(made));
      assert.match(sentence, /^After [\d.]+ (?:µs|ms|s), what was made at .+ ran in no context; /);
      assert.ok(
        words.some((text) => /^no context: \d+ runs?\.$/.test(text)),
        words.join('\n'),
      );
    });
  });

  it('an address with the id of a finding opens it', async () => {
    await opened(own.browser, file, async (tab) => {
      assert.equal(new URL(tab.url()).hash, `#${finding.id}`);
      const selected = tab.locator('[role="option"][aria-selected="true"]');
      assert.equal(await selected.getAttribute('data-finding'), finding.id);
    });
  });
});

describe('the page of a program whose listeners run for another request', () => {
  const own = withBrowser();

  it('the arrow leads from the one request to the other', async () => {
    const { file, report } = await pageOf('emitter-other-request.js', own.folder);
    const finding = report.findings.find(({ kind, certain }) => certain && kind === 'foreign');
    await opened(own.browser, file, async (tab) => {
      await tab.locator(`[data-finding="${finding.id}"][role="option"]`).click();
      const ends = ({ id, preview }) => ({ context: String(id), name: preview });
      assert.deepEqual(await arrowOf(tab), {
        finding: finding.id,
        from: ends(finding.expected),
        to: ends(finding.actual),
      });
      const { cards } = await shown(tab);
      assert.equal(cards[1].marked, markedIn(finding.made));
      await keep(tab, 'foreign');
    });
  });
});

describe('the page of any report', () => {
  const own = withBrowser();
  const fileOf = (name) => path.join(own.folder, `${name}.html`);

  it('data is text: no element, no script and no style comes of it', async () => {
    const text = '</script><img src=x onerror="document.title=1"><style>*{display:none}</style>';
    const { file } = pageOfReport(largeReport(3, 2, text), fileOf('nasty'));
    await opened(own.browser, file, async (tab) => {
      const { sentence, cards } = await shown(tab);
      assert.equal(sentence, `The store of requests was lost in ${text}.`);
      assert.equal(cards[3].marked, text);
      assert.equal(await tab.locator('img').count(), 0);
      assert.equal(await tab.locator('style').count(), 1);
      assert.equal(await tab.title(), 'Lost context');
    });
  });

  it('what a script of another would ask for is refused', async () => {
    const { file } = pageOfReport(largeReport(1, 1), fileOf('policy'));
    const policy = require('node:fs')
      .readFileSync(file, 'utf8')
      .match(/Content-Security-Policy" content="([^"]+)"/)[1];
    assert.match(policy, /^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-/);
    assert.doesNotMatch(policy, /unsafe/);
  });

  it('a report without findings says so', async () => {
    const { file } = pageOfReport(largeReport(3, 0), fileOf('none'));
    await opened(own.browser, file, async (tab) => {
      assert.equal(await tab.locator('#finding h2').innerText(), 'No context was lost.');
      assert.equal(await tab.locator('#list').innerText(), 'No certain finding.');
    });
  });

  it('an empty report can be opened', async () => {
    const { file } = pageOfReport({ version: 1 }, fileOf('empty'));
    await opened(own.browser, file, async (tab) => {
      assert.equal(await tab.locator('#finding h2').innerText(), 'No context was lost.');
    });
  });

  it('what the ring dropped is said', async () => {
    const { file } = pageOfReport(largeReport(3, 1), fileOf('dropped'));
    await opened(own.browser, file, async (tab) => {
      const notices = (await tab.locator('.notice').allInnerTexts()).join('\n');
      assert.match(notices, /begins late: 12,345 older runs did not fit into the ring/);
      assert.match(notices, /has gaps: 3 events came faster/);
    });
  });

  it('possible findings are under a tab of their own, with the reason', async () => {
    const report = largeReport(4, 2);
    Object.assign(report.findings[1], { certain: false, why: 'it ran in two contexts' });
    const { file } = pageOfReport(report, fileOf('possible'));
    await opened(own.browser, file, async (tab) => {
      assert.equal(await tab.locator('[role="option"]').count(), 1);
      await tab.getByRole('tab', { name: /Possible/ }).click();
      await tab.locator('[role="option"]').click();
      const why = await tab.locator('#finding .why').innerText();
      assert.equal(why, 'Only possible: it ran in two contexts');
    });
  });
});
