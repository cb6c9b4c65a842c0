// A processor for binary data: inverts an image, and counts in memory that is shared.

export default function invert({ pixels, progress }) {
  for (let i = 0; i < pixels.length; i++) pixels[i] = 255 - pixels[i];
  if (progress !== undefined) Atomics.add(progress, 0, pixels.length);
  return pixels;
}
