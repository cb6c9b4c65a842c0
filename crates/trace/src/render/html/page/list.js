'use strict';

// The list of findings, and the tabs above it: one stop of the tabulator each, arrow keys inside.

{
  const { el, byId } = window.finder;

  /** Makes arrow keys, Home and End move the focus in `items()`. */
  function rove(container, items, keys) {
    container.addEventListener('keydown', (event) => {
      const all = items();
      const at = all.indexOf(document.activeElement);
      const to = { [keys[0]]: at - 1, [keys[1]]: at + 1, Home: 0, End: all.length - 1 }[event.key];
      if (at < 0 || to === undefined) return;
      event.preventDefault();
      const next = all[Math.min(Math.max(to, 0), all.length - 1)];
      for (const one of all) one.tabIndex = one === next ? 0 : -1;
      next.focus();
    });
  }

  function proofText({ proof }) {
    if (!proof || proof.note) return null;
    const done = proof.right === proof.of && proof.left.length === 0;
    return el(
      'span',
      { class: done ? 'proof done' : 'proof' },
      `${done ? '✓ ' : ''}mend: ${proof.right} of ${proof.of}`,
    );
  }

  function item(finding, model, choose) {
    const { made, read, count, kind } = finding;
    const times = count > 1 ? ` · ${count} times` : '';
    return el(
      'li',
      {
        role: 'option',
        id: `option-${finding.id}`,
        'data-finding': finding.id,
        'aria-selected': 'false',
        tabindex: -1,
        on: {
          click: () => choose(finding.id, false),
          keydown: (event) => {
            if (event.key !== 'Enter' && event.key !== ' ') return;
            event.preventDefault();
            choose(finding.id, true);
          },
        },
      },
      el('span', { class: `kind ${kind}` }, kind),
      el('span', { class: 'where' }, model.place(made ?? read)),
      el(
        'span',
        { class: 'what' },
        `${finding.storage?.name ?? 'storage'} read in ${model.place(read)}${times}`,
      ),
      proofText(finding),
    );
  }

  function listOf(model, choose) {
    const panel = byId('list');
    const groups = [
      { id: 'certain', label: 'Certain', findings: model.certain },
      { id: 'possible', label: 'Possible', findings: model.possible },
    ];
    const tabs = byId('list').previousElementSibling;
    const options = () => [...panel.querySelectorAll('[role="option"]')];
    let shown;

    function show(id) {
      shown = id;
      const { label, findings } = groups.find((group) => group.id === id);
      for (const tab of tabs.children) {
        const selected = tab.id === `tab-${id}`;
        tab.setAttribute('aria-selected', String(selected));
        tab.tabIndex = selected ? 0 : -1;
      }
      panel.setAttribute('aria-labelledby', `tab-${id}`);
      if (findings.length === 0) {
        panel.replaceChildren(el('p', { class: 'empty' }, `No ${label.toLowerCase()} finding.`));
        return;
      }
      const box = el('ul', { role: 'listbox', 'aria-label': `${label} findings` });
      box.append(...findings.map((finding) => item(finding, model, choose)));
      panel.replaceChildren(box);
      options()[0].tabIndex = 0;
      rove(box, options, ['ArrowUp', 'ArrowDown']);
    }

    tabs.append(
      ...groups.map(({ id, label, findings }) =>
        el(
          'button',
          {
            type: 'button',
            role: 'tab',
            id: `tab-${id}`,
            'aria-controls': 'list',
            on: { click: () => show(id), focus: () => shown !== id && show(id) },
          },
          label,
          el('span', { class: 'number' }, String(findings.length)),
        ),
      ),
    );
    rove(tabs, () => [...tabs.children], ['ArrowLeft', 'ArrowRight']);
    show(model.certain.length === 0 && model.possible.length > 0 ? 'possible' : 'certain');

    return {
      /** Marks the finding as chosen, and shows its tab. */
      select(finding) {
        const group = finding.certain ? 'certain' : 'possible';
        if (group !== shown) show(group);
        for (const option of options()) {
          const chosen = option.dataset.finding === finding.id;
          option.setAttribute('aria-selected', String(chosen));
          option.tabIndex = chosen ? 0 : -1;
          if (chosen) option.scrollIntoView({ block: 'nearest' });
        }
      },
      focus: () => panel.querySelector('[role="option"][tabindex="0"]')?.focus(),
    };
  }

  Object.assign(window.finder, { listOf });
}
