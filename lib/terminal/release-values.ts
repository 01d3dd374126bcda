import { InvalidArgumentError } from 'commander';

/**
 * Reads the shares of a ladder.
 *
 * @param example shares to be shown in the message
 */
export function readLadder(value: string, example: string): readonly number[] {
  const shares = value.split(',').map((share) => (/^\d{1,3}$/.test(share.trim()) ? Number(share) : Number.NaN));
  const rising = shares.every((share, index) => share >= 1 && share <= 100 && share > (shares[index - 1] ?? 0));
  if (!rising) {
    throw new InvalidArgumentError(`expected rising whole numbers from 1 to 100; for example --ladder ${example}`);
  }
  return shares;
}

/**
 * Reads a key of the context with its value.
 *
 * @param example such as `stage=prod`, to be shown in the message
 */
export function readContextEntry(entry: string, example: string): readonly [key: string, value: string] {
  const at = entry.indexOf('=');
  if (at < 1) {
    throw new InvalidArgumentError(`expected KEY=VALUE; for example -c ${example}`);
  }
  return [entry.slice(0, at), entry.slice(at + 1)];
}
