import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { slotNames } from '../../lib/release/slots';
import { appKeys, keyNames, perSlotKeyNames, slotKeys } from '../../lib/settings/keys';
import { propertyTable } from '../../lib/settings/property-table';

const lib = join(__dirname, '../../lib');
const sources = ['service', 'traffic'].flatMap((room) =>
  readdirSync(join(lib, room)).map((file) => readFileSync(join(lib, room, file), 'utf8')),
);

/** The properties of an interface as its source has them, with those that it takes over from another. */
function propertiesOf(name: string): string[] {
  const bodies = sources.flatMap((source) => new RegExp(`export interface ${name} [^]*?\\n}`).exec(source)?.[0] ?? []);
  return bodies.flatMap((body) => [
    ...[...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, property]) => property as string),
    ...[...body.matchAll(/^export interface \w+ extends (\w+)/g)].flatMap(([, parent]) => propertiesOf(parent as string)),
  ]);
}

const named = [
  ...Object.values(appKeys),
  ...slotNames.flatMap((slot) => Object.values(slotKeys).map((key) => key(slot))),
].flatMap(({ props = [] }) => props);

test.each([...new Set(named)])('%s is a property of the constructs', (prop) => {
  const [name = '', property] = prop.split('.');
  expect(propertiesOf(name)).toContain(property);
});

test('every key is in the table', () => {
  const shown = keyNames.filter((key) => !perSlotKeyNames.includes(key));
  expect(shown.filter((key) => !propertyTable().includes(`\`${key}\``))).toEqual([]);
});
