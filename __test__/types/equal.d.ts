// Whether two types are the same, `any` and optionality included: two generic functions are
// assignable to each other only if their conditional types are identical.
export type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** `expect<Equal<A, B>>(true)` compiles only if the types are the same. */
export declare function expect<Same extends boolean>(same: Same): void;
