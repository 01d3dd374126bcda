import { release } from '../lib/release/release';
import { keyTable } from '../lib/settings/key-table';
import { stepTable } from '../lib/settings/step-table';

const tables: Readonly<Record<string, () => string>> = {
  keys: keyTable,
  steps: () => stepTable(release()),
};

/**
 * The README with its tables made anew, each between `<!-- name -->` and `<!-- /name -->`.
 *
 * @throws Error when the place of a table is missing
 */
export function withTables(readme: string): string {
  return Object.entries(tables).reduce((text, [name, table]) => {
    const place = new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- /${name} -->)`);
    if (!place.test(text)) {
      throw new Error(`README: got no <!-- ${name} --> … <!-- /${name} -->, expected a place for the table of ${name}`);
    }
    return text.replace(place, (_, start: string, end: string) => `${start}${table()}\n${end}`);
  }, readme);
}
