'use strict';

// One finding: its sentence, the four places in the order of time, and the mend.

{
  const { el, byId, plural, contextName } = window.finder;

  /** The package of another; that of the program itself says nothing. */
  function packageText(place) {
    const { name, version } = place.package ?? {};
    if (!name || !/[\\/]node_modules[\\/]/.test(place.file)) return null;
    return el('span', { class: 'package' }, version ? `${name} ${version}` : name);
  }

  function codeOf(place) {
    const lines = place.code ?? [];
    if (lines.length === 0) {
      return el('p', { class: 'empty' }, 'The source of this line could not be read.');
    }
    return el(
      'pre',
      { tabindex: 0, 'aria-label': `Source around line ${place.line}` },
      el(
        'code',
        {},
        lines.map(({ line, text, mark }) =>
          el(
            'span',
            { class: mark ? 'line mark' : 'line' },
            el('span', { class: 'number' }, String(line)),
            el('span', { class: 'text' }, `${text}\n`),
          ),
        ),
      ),
    );
  }

  function card(number, name, place, note, model) {
    const head = el(
      'figcaption',
      {},
      el('span', { class: 'step', 'aria-hidden': 'true' }, String(number)),
      el('h3', {}, name),
      el('p', { class: 'note' }, note),
    );
    if (!place) return el('figure', { class: 'card', 'data-step': name }, head);
    head.append(
      el(
        'p',
        { class: 'place' },
        el('code', {}, model.place(place)),
        place.function && place.function !== '<anonymous>' ? ` in ${place.function}` : null,
        packageText(place),
      ),
    );
    return el('figure', { class: 'card', 'data-step': name }, head, codeOf(place));
  }

  // What the second and the third place are, where they are not those of a function that crossed.
  const NAMES = {
    emitter: { made: 'Registered' },
    bind: { made: 'Bound' },
    generator: { made: 'Generator', as: 'begun in that context', ran: 'Resumed by' },
    twins: { made: 'Its twin', as: 'the storage that has the store, of the same code' },
    share: { as: 'the promise that is shared', ran: 'Awaited by' },
    settle: { ran: 'Settled by' },
  };

  function ranNote({ rule, expected, actual, ranBy, ranIn }, model) {
    const site = ranIn?.site ? ` made at ${model.place(ranIn.site)}` : '';
    const inside = ranIn?.type ? `in a callback of ${ranIn.type}${site}` : null;
    const context = rule === 'share' ? expected : actual;
    const where = context ? `in ${contextName(context)}` : 'in no context';
    const parts = [ranBy ? null : 'Node itself', rule === 'twins' ? null : where, inside];
    return parts.filter(Boolean).join(', ');
  }

  function cards(finding, model) {
    const { rule, expected, actual, made, ranBy, read, via } = finding;
    const names = NAMES[finding.madeAs === 'generator' ? finding.madeAs : rule] ?? {};
    const as = names.as ?? `the ${finding.madeAs || 'function'}, in that context`;
    const seen = actual ? `found the store of ${contextName(actual)}` : 'found nothing';
    const caller = via && model.place(via);
    const through = caller && caller !== model.place(ranBy) ? `, called at ${caller}` : '';
    return el(
      'div',
      { class: 'cards' },
      card(1, 'Entered', expected?.entered, expected ? contextName(expected) : 'unknown', model),
      card(2, names.made ?? 'Made', made, as, model),
      card(3, names.ran ?? 'Ran by', ranBy, ranNote(finding, model), model),
      card(4, 'Read', read, `getStore() ${seen}${through}`, model),
    );
  }

  /** What remains after the mend, as buttons that show it. */
  function leftOf(findings, model, choose) {
    return findings.flatMap(({ id, made }) => [
      ' ',
      el('button', { type: 'button', on: { click: () => choose(id, true) } }, model.place(made)),
    ]);
  }

  function proofOf({ proof }, model, choose) {
    if (!proof) {
      const text = 'Not tried: with --try-mends, the program is run again with this line.';
      return el('p', { class: 'proof' }, text);
    }
    const { right, of, left = [], note } = proof;
    if (note) return el('p', { class: 'proof' }, `Tried, without a result: ${note}`);
    if (right === of && left.length === 0) {
      const text = `✓ Tried: with this line, ${right} of ${plural(of, 'read')} were right.`;
      return el('p', { class: 'proof done' }, text);
    }
    const known = left.map((id) => model.findings.get(id)).filter(Boolean);
    const text =
      `Tried: with this line, ${right} of ${plural(of, 'read')} were right. ` +
      (known.length > 0 ? 'Another cause remains:' : 'Another cause remains.');
    return el('p', { class: 'proof' }, text, leftOf(known, model, choose));
  }

  function diffOf({ before, after }) {
    const lines = (kind, sign, name, text) =>
      text
        .split('\n')
        .map((line) =>
          el(
            kind,
            {},
            el('span', { class: 'sign', 'aria-hidden': 'true' }, sign),
            el('span', { class: 'unseen' }, name),
            `${line}\n`,
          ),
        );
    return el(
      'pre',
      { class: 'diff', tabindex: 0, 'aria-label': 'The lines before and after' },
      lines('del', '−', 'before: ', before),
      lines('ins', '+', 'after: ', after),
    );
  }

  function mendOf(finding, model, choose) {
    const { mend } = finding;
    const title = el('h3', {}, 'The mend');
    if (!mend) {
      return el('section', { class: 'mend' }, title, el('p', {}, 'No single line mends it.'));
    }
    const { place, how, before, after, note } = mend;
    const hasLines = typeof before === 'string' && typeof after === 'string';
    return el(
      'section',
      { class: 'mend' },
      title,
      el('p', { class: 'place' }, place ? el('code', {}, model.place(place)) : null, ` ${how}`),
      hasLines ? diffOf(mend) : null,
      note ? el('p', { class: 'note' }, note) : null,
      hasLines || finding.proof ? proofOf(finding, model, choose) : null,
    );
  }

  function showFinding(finding, model, choose) {
    const { kind, why, count, rule } = finding;
    byId('finding').replaceChildren(
      el(
        'p',
        { class: 'facts' },
        el('span', { class: `kind ${kind}` }, kind),
        `${finding.certain ? 'certain' : 'possible'} · rule ${rule} · ${plural(count, 'time')}`,
      ),
      el('h2', { id: 'sentence' }, finding.sentence),
      why ? el('p', { class: 'why' }, `Only possible: ${why}`) : '',
      cards(finding, model),
      mendOf(finding, model, choose),
    );
  }

  function showNothing() {
    byId('finding').replaceChildren(
      el('h2', { id: 'sentence' }, 'No context was lost.'),
      el('p', {}, 'Every function that read a store ran in the context in which it was made.'),
    );
  }

  Object.assign(window.finder, { showFinding, showNothing });
}
