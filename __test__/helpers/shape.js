'use strict';

// The visible form of an object: its own keys with the attributes of each property.

/** `{ key: 'cw fn name/length' | 'c get' | 'cw' }`, c, e, w for the attributes that are set. */
function shape(object) {
  return Object.fromEntries(
    Reflect.ownKeys(object).map((key) => {
      const descriptor = Object.getOwnPropertyDescriptor(object, key);
      const { configurable, enumerable, writable, value, get, set } = descriptor;
      const attributes = [configurable && 'c', enumerable && 'e', writable && 'w']
        .filter(Boolean)
        .join('');
      const kinds = [
        typeof value === 'function' ? `fn ${value.name}/${value.length}` : '',
        get === undefined ? '' : 'get',
        set === undefined ? '' : 'set',
      ];
      return [String(key), [attributes, ...kinds].filter(Boolean).join(' ')];
    }),
  );
}

module.exports = { shape };
