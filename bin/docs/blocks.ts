/** What is made for the docs: the text of a block from the one before, by the name that stands in its markers. */
export type Blocks = Readonly<Record<string, (before: string) => string>>;

/**
 * A page with what stands between `<!-- name -->` and `<!-- /name -->` made anew.
 *
 * @param page name of the page, for errors
 * @throws Error when a marker names nothing that is made, or is not closed
 */
export function withBlocks(page: string, text: string, blocks: Blocks): string {
  const made = text.replace(
    /(<!-- ([\w-]+) -->\n)([\s\S]*?)(<!-- \/\2 -->)/g,
    (_, start: string, name: string, before: string, end: string) => {
      const block = Object.hasOwn(blocks, name) ? blocks[name] : undefined;
      if (!block) {
        throw new Error(`${page}: got <!-- ${name} -->, expected one of ${Object.keys(blocks).join(', ')}`);
      }
      return `${start}${block(before).trimEnd()}\n${end}`;
    },
  );
  const { length: starts } = text.match(/^<!-- [\w-]+ -->$/gm) ?? [];
  const { length: ends } = text.match(/^<!-- \/[\w-]+ -->$/gm) ?? [];
  const names = blockNames(text);
  if (starts !== names.length || ends !== names.length) {
    throw new Error(
      `${page}: got ${starts} starts and ${ends} ends of blocks, expected each <!-- name --> with its <!-- /name -->`,
    );
  }
  return made;
}

/** The names of the blocks of a page, in their order. */
export function blockNames(text: string): string[] {
  return [...text.matchAll(/<!-- ([\w-]+) -->\n[\s\S]*?<!-- \/\1 -->/g)].map(([, name = '']) => name);
}
