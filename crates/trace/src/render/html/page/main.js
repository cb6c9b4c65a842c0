'use strict';

// Puts the parts of the page together: what is chosen in the list is shown everywhere.

{
  const { el, byId, readReport, listOf, Picture, showFinding, showNothing } = window.finder;

  const model = readReport(JSON.parse(byId('report').textContent));
  byId('summary').textContent = model.head;
  byId('notices').append(...model.notices.map((text) => el('p', { class: 'notice' }, text)));

  const order = [...model.certain, ...model.possible];
  const list = listOf(model, choose);
  const picture = new Picture(model, choose);

  /** Shows a finding; `move` is whether the focus goes to it, as Enter does. */
  function choose(id, move) {
    const finding = model.findings.get(id);
    if (finding === undefined) return;
    list.select(finding);
    picture.select(id);
    showFinding(finding, model, choose);
    const number = order.indexOf(finding) + 1;
    byId('live').textContent = `Finding ${number} of ${order.length}: ${finding.sentence}`;
    window.history.replaceState(null, '', `#${id}`);
    if (move) byId('finding').focus();
  }

  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') list.focus();
  });

  const wanted = model.findings.get(window.location.hash.slice(1)) ?? order[0];
  if (wanted === undefined) {
    showNothing();
    picture.draw();
  } else choose(wanted.id, false);
}
