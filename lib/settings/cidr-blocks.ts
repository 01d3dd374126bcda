import { isIPv4 } from 'node:net';
import type { ValueType } from './value-type';

/** IPv4 ranges: a list in a JSON file, or separated by commas. */
export function cidrBlocks(most: number): ValueType<readonly string[]> {
  return {
    expected: `1 to ${most} different IPv4 ranges in CIDR notation, separated by commas`,
    kind: `1-${most} CIDR blocks`,
    parse: (value) => {
      const blocks: unknown[] = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : [];
      const valid = blocks.length >= 1 && blocks.length <= most && blocks.every(isBlock);
      return valid && new Set(blocks.map(networkOf)).size === blocks.length ? blocks : undefined;
    },
  };
}

// EC2 leaves out the bits behind the prefix, and refuses a rule that it has already.
function networkOf(block: string): string {
  const [address = '', length = ''] = block.split('/');
  const bits = address
    .split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('');
  return bits.slice(0, Number(length));
}

function isBlock(value: unknown): value is string {
  if (typeof value !== 'string') {
    return false;
  }
  const slash = value.lastIndexOf('/');
  return isIPv4(value.slice(0, slash)) && /^(\d|[12]\d|3[0-2])$/.test(value.slice(slash + 1));
}
