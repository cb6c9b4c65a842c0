// Neither Node nor the test runner makes JavaScript of it: the loader that the threads are given does.
enum Colour {
  Red = 1,
  Green,
}

export default (name: keyof typeof Colour): number => Colour[name];
