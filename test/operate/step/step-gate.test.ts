import { awsClients } from '../../../lib/operate/aws-clients';
import type { Sight } from '../../../lib/operate/gate/sight';
import type { GateResult } from '../../../lib/operate/gate/wait-at-gate';
import { StepGate } from '../../../lib/operate/step/step-gate';
import { canary, type ReleaseDirection, type ReleaseStep } from '../../../lib/release/release';

const asked = { folder: '.', context: {}, stage: undefined, stackName: 'shop' };
const options = { to: undefined, timeoutMs: undefined, minRequests: 100 };
const quarter = (direction?: ReleaseDirection) => canary([25], direction)[2] as ReleaseStep;
const passed = (what: string, step = quarter()): GateResult & { readonly step: ReleaseStep } => ({
  sight: { declared: what } as unknown as Sight,
  step,
  checks: [],
  refused: undefined,
});

/** A gate of which each further look gives a result, and a person who takes some time to answer. */
function gate(later: GateResult | undefined, { yes = true, tookMs = 6000 } = {}): StepGate {
  const ask = async () => {
    const now = performance.now() + tookMs;
    jest.spyOn(performance, 'now').mockReturnValue(now);
    return yes;
  };
  const terminal = { out: { write: () => true }, err: { write: () => true }, environment: {}, requireAnswers: () => {}, ask };
  const made = new StepGate(asked, awsClients({}), options, () => '', terminal, new AbortController().signal);
  jest.spyOn(made, 'pass').mockResolvedValue(later);
  return made;
}
afterEach(() => jest.restoreAllMocks());

test('who answers at once deploys what was seen', async () => {
  const before = passed('before');
  await expect(gate(passed('later'), { tookMs: 1 }).agreed(before)).resolves.toBe(before);
});

test('who answers late deploys what is seen then', async () => {
  const later = passed('later');
  await expect(gate(later).agreed(passed('before'))).resolves.toBe(later);
});

test('what is refused by then is not deployed', async () => {
  const later = { ...passed('later'), refused: { exitCode: 4, problems: ['green: errors'] } } as const;
  await expect(gate(later).agreed(passed('before'))).resolves.toBe(later);
});

test.each<[string, GateResult | undefined]>([
  ['the step of the other direction', passed('later', quarter({ from: 'green', to: 'blue' }))],
  ['no step', { ...passed('later'), step: undefined }],
])('a yes is not one to %s', async (_, later) => {
  const { refused, sight } = await gate(later).agreed(passed('before'));
  expect(refused).toEqual({
    exitCode: 4,
    problems: ['75/25: got an answer when it was no longer the next step; nothing was changed'],
  });
  expect(sight).toBe(later?.sight);
});

test('a no is one', async () => {
  const { refused } = await gate(passed('later'), { yes: false }).agreed(passed('before'));
  expect(refused).toEqual({ exitCode: 4, problems: ['75/25: not deployed; nothing was changed'] });
});
