import { inColumns } from '../../lib/terminal/columns';

interface Fruit {
  readonly name: string;
  readonly count: number;
  readonly taste: string;
}

const fruits: readonly Fruit[] = [
  { name: 'apple', count: 12, taste: 'sour' },
  { name: 'fig', count: 3, taste: '' },
];
const columns = [
  { header: 'fruit', cell: ({ name }: Fruit) => name },
  { header: 'count', cell: ({ count }: Fruit) => `${count}`, right: true, optional: 1 },
  { header: 'taste', cell: ({ taste }: Fruit) => taste, optional: 2 },
];

it.each([
  [80, ['fruit  count  taste', 'apple     12  sour', 'fig        3']],
  [18, ['fruit  count', 'apple     12', 'fig        3']],
  [11, ['fruit', 'apple', 'fig']],
  [4, ['fru…', 'app…', 'fig']],
])('in a room of %d, columns stand below each other, as many as fit', (room, lines) => {
  expect(inColumns(columns, fruits, room)).toEqual(lines);
});

it('a cell is painted without changing the widths', () => {
  const painted = columns.map((column) => ({
    ...column,
    paint: (text: string, { count }: Fruit) => (count > 5 ? `<${text}>` : text),
  }));
  expect(inColumns(painted, fruits, 80, (text) => text.toUpperCase())).toEqual([
    'FRUIT  COUNT  TASTE',
    '<apple>  <   12>  <sour>',
    'fig        3',
  ]);
});
