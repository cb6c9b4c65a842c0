// A processor made of functions: the default export takes the tasks of a pool, unless the pool was
// told the name of another one.

/** Whether `number` is a prime. */
export function isPrime(number) {
  if (number < 2) return false;
  for (let divisor = 2; divisor * divisor <= number; divisor++) {
    if (number % divisor === 0) return false;
  }
  return true;
}

/** How many primes there are from `from` on, below `to`. May return a promise just as well. */
export default function countPrimes({ from, to }) {
  let count = 0;
  for (let number = from; number < to; number++) {
    if (isPrime(number)) count++;
  }
  return count;
}

/** The primes from `from` on, for `pool.stream()`. May be asynchronous just as well. */
export function* primes({ from }) {
  for (let number = from; ; number++) {
    if (isPrime(number)) yield number;
  }
}
