import { Help } from 'commander';
import { columnsOf, type Output } from './output';
import { wrapped } from './wrapped';

/** A longer line is hard to read. */
const mostRoom = 80;

/** With less room beside the names, what they mean stands below them. */
const leastRoomBeside = 40;

/** How many characters a line of the help takes. */
export function helpRoom(output: Output = process.stdout): number {
  return output.isTTY ? Math.min(mostRoom, columnsOf(output)) : mostRoom;
}

/** The help of a command, for a narrow terminal too. */
export class HelpText extends Help {
  override minWidthToWrap = 1;

  override styleUsage(usage: string): string {
    const start = 'Usage: ';
    return wrapped(`${start}${usage}`, this.room, '  ').join('\n').slice(start.length);
  }

  override formatItem(term: string, termWidth: number, description: string, helper: Help): string {
    if (this.room - termWidth - 4 >= leastRoomBeside) {
      return super.formatItem(term, termWidth, description, helper);
    }
    return [
      ...wrapped(term, this.room - 2).map((line) => `  ${line}`),
      ...(description === '' ? [] : wrapped(description, this.room - 6).map((line) => `      ${line}`)),
    ].join('\n');
  }

  private get room(): number {
    return this.helpWidth ?? mostRoom;
  }
}
