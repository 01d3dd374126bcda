import { keyTable, keyTopics } from '../../lib/settings/key-table';
import { keyNames, perSlotKeyNames, perSlotKeys } from '../../lib/settings/keys';

// Not while the tests are collected: a table that fails is a test that fails.
const tablesOf = () => keyTopics.map((topic) => keyTable(topic).split('\n'));
const rowsOf = () => tablesOf().flatMap(([, , ...ofTopic]) => ofTopic);

test('the table of each topic has a head and a key', () => {
  expect(tablesOf().map(([head, line]) => [head, line])).toEqual(
    keyTopics.map(() => ['| key | values | default | meaning |', '|---|---|---|---|']),
  );
  expect(tablesOf().filter((table) => table.length < 3)).toEqual([]);
});

test('every key is in one row, and no cell is empty', () => {
  const rows = rowsOf();
  const cells = rows.map((row) => row.split(' | '));
  expect(cells.flatMap(([names]) => [...(names ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name)).sort()).toEqual(
    keyNames.filter((name) => !perSlotKeyNames.includes(name)).sort(),
  );
  expect(cells.filter((row) => row.length !== 4)).toEqual([]);
  expect(rows.filter((row) => !/^\| \S.* \| \S.* \| \S.* \| \S.* \|$/.test(row))).toEqual([]);
});

test('the row of a key says whether it can be given per slot', () => {
  const marked = rowsOf().filter((row) => /[(;] ?per slot\) \|$/.test(row));
  expect(marked.map((row) => /`(\w+)`/.exec(row)?.[1]).sort()).toEqual([...perSlotKeys].sort());
});

test('the meaning of a key is a sentence', () => {
  const meanings = rowsOf().map((row) => row.split(' | ').at(-1)?.replace(/ \|$/, '') ?? '');
  expect(meanings.filter((meaning) => meaning.split(' ').length < 3 || meaning.endsWith('.'))).toEqual([]);
});

test.each([
  [
    'the keys of the slots side by side, with their defaults',
    '| `blueActive` / `greenActive` | boolean | `true` / `false` | does the slot exist |',
  ],
  [
    'values that depend on the plane',
    '| `blueWeight` / `greenWeight` | 0-100 (app-mesh); 0-999 (load-balancer, lattice) | `1` / `0` | its share of the requests, relative to the other slot |',
  ],
  [
    'defaults that depend on the plane',
    '| `512` (app-mesh); `256` (load-balancer, lattice) | task size in CPU units (per slot) |',
  ],
  ['no default', '| `certificateArn` | ARN | none |'],
  ['no variables', '| `A=1,B=2` or an object | none |'],
  ['the plane of a key that only one has', '| image of the X-Ray daemon (app-mesh only; per slot) |'],
])('shows %s', (_, part) => {
  expect(rowsOf().join('\n')).toContain(part);
});
