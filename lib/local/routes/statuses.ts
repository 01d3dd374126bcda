import { LocalError } from '../local-error';
import type { PropertyReader } from '../template/property-reader';

/**
 * Reads the statuses that mean healthy, such as `200`, `200,202` or `200-299`, as pairs of first and last.
 *
 * @throws LocalError when they are written in another way
 */
export function readStatuses(matcher: PropertyReader, name: string): readonly (readonly [number, number])[] {
  const text = matcher.text(name);
  if (!/^\d{3}(-\d{3})?(,\d{3}(-\d{3})?)*$/.test(text)) {
    throw new LocalError(`${matcher.path}.${name}: got "${text}", expected statuses such as 200, 200,202 or 200-299`);
  }
  return text.split(',').map((part) => {
    const [first = '', last = first] = part.split('-');
    return [Number(first), Number(last)] as const;
  });
}
