import { tooBusy } from '../../../lib/rehearsal/run/too-busy';

test.each([
  { busy: 0.5, lateMs: 20, timeoutMs: 2000, cause: undefined },
  { busy: 0.94, lateMs: 199, timeoutMs: 2000, cause: undefined },
  { busy: undefined, lateMs: 99, timeoutMs: 100, cause: undefined },
  { busy: 0.993, lateMs: 20, timeoutMs: 2000, cause: 'the processors were busy for 99.3 % of the time' },
  { busy: 0.5, lateMs: 200, timeoutMs: 2000, cause: 'the client came up to 200 ms too late to do its own work' },
  { busy: undefined, lateMs: 100, timeoutMs: 100, cause: 'the client came up to 100 ms too late to do its own work' },
  {
    busy: 1,
    lateMs: 1400,
    timeoutMs: 500,
    cause: 'the processors were busy for 100 % of the time, and the client came up to 1.4 s too late to do its own work',
  },
])('busy $busy, late by $lateMs of $timeoutMs ms: $cause', ({ busy, lateMs, timeoutMs, cause }) => {
  expect(tooBusy({ busy, lateMs }, timeoutMs)).toBe(cause);
});
