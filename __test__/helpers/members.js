'use strict';

/** The descriptor of a member of a class, its own or inherited, as its instances have it. */
function memberOf({ prototype }, key) {
  for (let object = prototype; object !== null; object = Object.getPrototypeOf(object)) {
    const descriptor = Object.getOwnPropertyDescriptor(object, key);
    if (descriptor !== undefined) return descriptor;
  }
  return undefined;
}

module.exports = { memberOf };
