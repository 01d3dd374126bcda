import path from 'node:path';

/** The apps of this folder, by the image that they stand for: such as `example/shop:dies`. */
export const appCommands: ReadonlyMap<string, string> = new Map(
  ['dies', 'sick', 'fragile', 'slow'].map((name) => [
    imageOf(name),
    `exec ${JSON.stringify(process.execPath)} ${JSON.stringify(path.join(__dirname, `${name}.js`))}`,
  ]),
);

/** The image for which an app of this folder stands. */
export function imageOf(name: string): string {
  return `example/shop:${name}`;
}
