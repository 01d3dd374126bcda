/** A column of a table. */
export interface Column<Row> {
  readonly header: string;
  readonly cell: (row: Row) => string;

  /** @default - on the left */
  readonly right?: boolean;

  /** What may go when there is no room; the highest number goes first. */
  readonly optional?: number;

  /** How a cell is shown, after its width is known; as it is, if it is not given. */
  readonly paint?: (text: string, row: Row) => string;
}

const gap = '  ';

/**
 * Lines of a table: the header, and one for each row. Where there is no room, columns are left out, and then cells are cut.
 *
 * @param room characters per line
 */
export function inColumns<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  room: number,
  paintHeader: (text: string) => string = (text) => text,
): readonly string[] {
  const shown = fitting(columns, rows, room);
  const widths = shown.map((column) => widthOf(column, rows));
  const line = (cells: readonly { readonly text: string; readonly paint: (text: string) => string }[]) => {
    let left = room;
    const parts = cells.map(({ text, paint }, index) => {
      const last = index === cells.length - 1;
      const width = widths[index] ?? 0;
      const padded = shown[index]?.right ? text.padStart(width) : last ? text : text.padEnd(width);
      const cut = shortened(padded, left);
      left -= cut.length + gap.length;
      return cut.trim() === '' ? cut : paint(cut);
    });
    return parts
      .filter((_, index) => index === 0 || parts[index] !== '')
      .join(gap)
      .trimEnd();
  };
  return [
    line(shown.map(({ header }) => ({ text: header, paint: paintHeader }))),
    ...rows.map((row) =>
      line(shown.map(({ cell, paint }) => ({ text: cell(row), paint: (text) => paint?.(text, row) ?? text }))),
    ),
  ];
}

/** A text of so many characters at most. */
export function shortened(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, Math.max(0, room - 1))}${room > 0 ? '…' : ''}`;
}

function fitting<Row>(columns: readonly Column<Row>[], rows: readonly Row[], room: number): readonly Column<Row>[] {
  const most = Math.max(...columns.map(({ optional = 0 }) => optional));
  for (let kept = most; kept > 0; kept -= 1) {
    const shown = columns.filter(({ optional = 0 }) => optional <= kept);
    const width = shown.reduce((sum, column) => sum + gap.length + widthOf(column, rows), -gap.length);
    if (width <= room) {
      return shown;
    }
  }
  return columns.filter(({ optional = 0 }) => optional === 0);
}

function widthOf<Row>({ header, cell }: Column<Row>, rows: readonly Row[]): number {
  return Math.max(header.length, ...rows.map((row) => cell(row).length));
}
