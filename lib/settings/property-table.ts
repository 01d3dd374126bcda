import { slotNames } from '../release/slots';
import { appKeys, type Key, slotKeyName, slotKeys } from './keys';

/** Which property of the constructs says the same as a key, as a Markdown table: the constructs use the CDK's words. */
export function propertyTable(): string {
  const slotRows = Object.entries(slotKeys).map(([suffix, keyOf]) =>
    row(
      slotNames.map((slot) => slotKeyName(slot, suffix as keyof typeof slotKeys)),
      keyOf(slotNames[0]) as Key<unknown>,
    ),
  );
  const appRows = Object.entries(appKeys).map(([name, key]) => row([name], key as Key<unknown>));
  return ['| key | in the constructs |', '|---|---|', ...slotRows, ...appRows].join('\n');
}

function row(names: readonly string[], { props = [] }: Key<unknown>): string {
  const code = (texts: readonly string[], between: string) => texts.map((text) => `\`${text}\``).join(between);
  return `| ${code(names, ' / ')} | ${props.length > 0 ? code(props, ', ') : 'only in the app'} |`;
}
