/** What tells two images apart: the registry is most often the same, and the beginning of a digest is enough. */
export function shortImage(image: string): string {
  return image.slice(image.lastIndexOf('/') + 1).replace(/@sha\d+:([0-9a-f]{12})[0-9a-f]*$/, '@$1');
}
