enum Colour {
  Red = 1,
  Green,
}

export default (name: keyof typeof Colour): string => `${name} is ${Colour[name]}`;
