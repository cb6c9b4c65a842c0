'use strict';

// Elements of the page. Data becomes text and attributes only, never markup.

{
  const SVG = 'http://www.w3.org/2000/svg';

  function fill(node, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) {
      if (value === undefined || value === null || value === false) continue;
      if (name === 'on') {
        for (const [event, listener] of Object.entries(value)) {
          node.addEventListener(event, listener);
        }
      } else if (name === 'style') {
        // The policy of the page forbids style attributes, and permits this.
        for (const [property, text] of Object.entries(value)) {
          node.style.setProperty(property, text);
        }
      } else {
        node.setAttribute(name, value === true ? '' : String(value));
      }
    }
    node.append(...children.flat().filter((child) => child !== null && child !== undefined));
    return node;
  }

  window.finder = {
    el: (name, attributes = {}, ...children) =>
      fill(document.createElement(name), attributes, children),
    svg: (name, attributes = {}, ...children) =>
      fill(document.createElementNS(SVG, name), attributes, children),
    byId: (id) => document.getElementById(id),
    plural: (n, one, many = `${one}s`) => `${n.toLocaleString('en')} ${n === 1 ? one : many}`,
  };
}
