'use strict';

// Reads a module of lib/ as a list of tokens, in the form that it has in dist/.

const fs = require('node:fs');
const path = require('node:path');
const ts = require('typescript');

/**
 * @typedef {object} Token
 * @property {string} text
 * @property {number} line  in the source, from 0
 * @property {number} column
 * @property {string} before  the white space before it, with the line breaks of comments
 *
 * @param {string} lib
 * @param {string} name  of the module: its path in lib/, without the extension
 * @param {object} options
 * @param {(name: string, read: string[] | undefined) => string} options.target  what stands in place
 *   of `require(name)`; `read` are the properties of it that the module reads, if it names them
 * @param {string[]} [options.compiled]  functions of the module that V8 is to compile with the file
 * @param {Record<string, string>} options.programs  where in dist/ the modules are that are run by
 *   their path
 * @param {boolean} [options.isWhole]  it stays the module of a file, and does not become a function
 * @returns {{ name: string, source: string, tokens: Token[], after: string }}
 */
function readModule(lib, name, { target, programs, compiled = [], isWhole = false }) {
  const source = fs.readFileSync(path.join(lib, `${name}.js`), 'utf8');
  const file = ts.createSourceFile(
    `${name}.js`,
    source,
    ts.ScriptTarget.Latest,
    true,
    ts.ScriptKind.JS,
  );
  const folder = path.posix.dirname(name);
  const tokens = [];
  const found = new Set(compiled);
  let end = 0;

  function add(node, text) {
    const start = node.getStart(file, false);
    const { line, character } = file.getLineAndCharacterOfPosition(start);
    tokens.push({ text, line, column: character, before: whiteSpace(source.slice(end, start)) });
    end = node.getEnd();
  }

  function visit(node) {
    if (node.kind >= ts.SyntaxKind.FirstJSDocNode && node.kind <= ts.SyntaxKind.LastJSDocNode) {
      return;
    }
    if (!isWhole && isExport(node)) {
      addExport(node);
      return;
    }
    const replaced = replacement(node);
    if (replaced !== undefined) {
      add(node, replaced);
      return;
    }
    const first = tokens.length;
    const children = node.getChildren(file);
    if (children.length > 0) children.forEach(visit);
    else if (node.getEnd() > node.getStart(file, false)) add(node, node.getText(file));
    if (ts.isFunctionDeclaration(node) && found.delete(node.name.text)) inParentheses(node, first);
  }

  const isExport = (node) =>
    ts.isBinaryExpression(node) && node.left.getText(file) === 'module.exports';

  // The function of the module returns what the module exports: `import { … }` would take the names
  // for those of the file.
  function addExport({ left, operatorToken, right, parent }) {
    if (parent !== file.statements.at(-1)) {
      throw new Error(`lib/${name}.js does not end with exports`);
    }
    add(left, 'return');
    end = operatorToken.getEnd();
    visit(right);
  }

  // V8 compiles a function in parentheses with what is around it. It would parse a declaration twice:
  // as a whole with the file, and when it is called.
  function inParentheses(node, first) {
    tokens[first].text = `var ${node.name.text} = (${tokens[first].text}`;
    tokens.at(-1).text += ');';
  }

  function replacement(node) {
    if (!ts.isCallExpression(node)) return undefined;
    const called = node.expression.getText(file);
    const [first, ...rest] = node.arguments;
    if (called === 'require' && ts.isStringLiteral(first) && first.text.startsWith('.')) {
      return target(path.posix.join(folder, first.text).replace(/\.js$/, ''), propertiesOf(node));
    }
    if (called !== 'path.join' || first.getText(file) !== '__dirname') return undefined;
    return inDist(path.posix.join('lib', folder, ...rest.map((argument) => argument.text)));
  }

  // Those that `const { a, b } = …` names, or that follow the name in `const x = …`.
  function propertiesOf(value) {
    const { parent } = value;
    if (!ts.isVariableDeclaration(parent) || parent.initializer !== value) return undefined;
    if (!ts.isIdentifier(parent.name)) {
      return parent.name.elements.map((element) => (element.propertyName ?? element.name).text);
    }
    const read = new Set();
    const look = (node) => {
      if (
        ts.isPropertyAccessExpression(node) &&
        node.expression.getText(file) === parent.name.text
      ) {
        read.add(node.name.text);
      }
      ts.forEachChild(node, look);
    };
    look(file);
    return [...read];
  }

  // The path of a file of the package. Written out, because tools that copy what a program needs
  // look for such calls.
  function inDist(place) {
    const inLib = path.posix.relative('lib', place);
    const steps = inLib.startsWith('..')
      ? ['..', ...place.split('/').filter((step) => step !== '.')]
      : [programs[inLib.replace(/\.js$/, '')]];
    if (steps.includes(undefined)) throw new Error(`dist/ has no ${place}`);
    return `path.join(${['__dirname', ...steps.map((step) => `'${step}'`)].join(', ')})`;
  }

  visit(file);
  if (found.size > 0) throw new Error(`lib/${name}.js has no function ${[...found]}`);
  return { name, source, tokens, after: whiteSpace(source.slice(end)) };
}

// Comments are left out, and the line breaks in them stay.
function whiteSpace(text) {
  if (!text.includes('/')) return text;
  const stripped = text
    .replace(/\/\/[^\n]*/g, '')
    .replace(/\/\*[^]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ''));
  return stripped.replace(/[ \t]+(?=\n)/g, '');
}

module.exports = { readModule };
