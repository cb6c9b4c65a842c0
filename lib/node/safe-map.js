'use strict';

// Map and Set as they are when the package is loaded. Programs replace methods of built-in classes,
// and if one of those threw, the books of a pool would be wrong for ever.

/**
 * A subclass whose methods are its own.
 *
 * @template {new (...args: any[]) => object} T
 * @param {T} Base
 */
function safe(Base) {
  const Safe = class extends Base {};
  const methods = Object.getOwnPropertyDescriptors(Base.prototype);
  Object.defineProperties(Safe.prototype, { ...methods, constructor: { value: Safe } });
  return Safe;
}

const SafeMap = safe(Map);
const SafeSet = safe(Set);

module.exports = { SafeMap, SafeSet };
