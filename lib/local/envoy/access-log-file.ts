import { createReadStream } from 'node:fs';
import type { AccessLogLine } from './envoy-configuration';

/**
 * Reads an access log while Envoy writes it. A last line that is not complete yet is left out: whoever needs it reads again.
 *
 * @param file its path
 */
export async function* accessLogLines(file: string): AsyncGenerator<AccessLogLine> {
  let rest = '';
  for await (const chunk of createReadStream(file, 'utf8')) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      yield JSON.parse(line) as AccessLogLine;
    }
  }
}
