import { paintFor } from '../../lib/terminal/paint';

const red = '\u001b[31mtext\u001b[39m';

test.each([
  { isTTY: true, environment: {}, shown: red },
  { isTTY: true, environment: { NO_COLOR: '' }, shown: red },
  { isTTY: true, environment: { NO_COLOR: '1' }, shown: 'text' },
  { isTTY: true, environment: { TERM: 'dumb' }, shown: 'text' },
  { isTTY: true, environment: { FORCE_COLOR: '0' }, shown: 'text' },
  { isTTY: true, environment: { FORCE_COLOR: '1', NO_COLOR: '1' }, shown: red },
  { isTTY: false, environment: {}, shown: 'text' },
  { isTTY: false, environment: { FORCE_COLOR: '1' }, shown: red },
  { isTTY: false, environment: { FORCE_COLOR: 'false' }, shown: 'text' },
])('with $environment, and a terminal: $isTTY', ({ isTTY, environment, shown }) => {
  expect(paintFor({ isTTY, write: () => true }, environment)('red', 'text')).toBe(shown);
});
