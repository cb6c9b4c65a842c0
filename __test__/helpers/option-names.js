'use strict';

// The names of all options: of our own types, and of Node's types that ours extend or that the
// package passes on to Node.

const path = require('node:path');
const ts = require('typescript');

const root = path.resolve(__dirname, '../..');
const ours = [
  'index.d.ts',
  'native-callbacks.d.ts',
  'worker-pool.d.ts',
  'worker-pool-types.d.ts',
  'async-context.d.ts',
].map((name) => path.join(root, name));

const NODES = new Set([
  'AddEventListenerOptions',
  'AsyncResourceOptions',
  'EventEmitterAsyncResourceOptions',
  'EventEmitterOptions',
  'HookCallbacks',
  'ResourceLimits',
  'StructuredSerializeOptions',
  'WorkerOptions',
]);

// Further names that Node's JavaScript reads.
const UNTYPED = [
  'captureRejections',
  'capture',
  'code',
  'ctor',
  'detail',
  'once',
  'passive',
  'signal',
  'transfer',
  'trackPromises',
  'type',
];

/** The names of the properties of all types that are options. */
function optionNames() {
  const program = ts.createProgram(ours, {
    types: ['node'],
    typeRoots: [path.join(root, 'node_modules/@types')],
  });
  const checker = program.getTypeChecker();
  const names = new Set(UNTYPED);
  const visit = (node, isOptions) => {
    if (ts.isInterfaceDeclaration(node) && isOptions(node.name.text)) {
      const type = checker.getTypeAtLocation(node.name);
      for (const { name } of checker.getPropertiesOfType(type)) names.add(name);
    }
    ts.forEachChild(node, (child) => visit(child, isOptions));
  };
  for (const file of program.getSourceFiles()) {
    if (ours.includes(path.normalize(file.fileName))) {
      visit(file, (name) => /Options$|^(?:Native|Addon)Processor$/.test(name));
    } else if (file.fileName.includes('/@types/node/')) visit(file, (name) => NODES.has(name));
  }
  return [...names].sort();
}

module.exports = { optionNames };
