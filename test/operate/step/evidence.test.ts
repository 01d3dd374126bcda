import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EvidenceFolder, type StepEvidence } from '../../../lib/operate/step/evidence';
import { release } from '../../../lib/release/release';
import { minutesOf } from '../gate/minutes';

const [before, , half] = release();
const evidence: StepEvidence = {
  who: 'arn:aws:iam::123456789012:user/ann',
  begun: '2026-11-27T23:51:04.381Z',
  ended: '2026-11-27T23:56:04.381Z',
  stack: 'sample-blue-green',
  step: '50/50',
  before: (before ?? fail()).state,
  after: (half ?? fail()).state,
  checks: [{ name: 'requests', verdict: 'pass', sentence: 'green: 120 requests in 9 minutes' }],
  minutes: minutesOf({ blue: [1], green: [2, 1, 40] }),
  alarms: [],
  command: 'npx cdk deploy',
  outcome: { kind: 'done', sentence: '', exitCode: 0 },
};
let folder: string;
let said: string[];
const err = { write: (text: string) => said.push(text) > 0 };

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'evidence-'));
  said = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

test('one file for each step, in a folder that is made', () => {
  const made = path.join(folder, 'a', 'b');
  EvidenceFolder.open(made).write(evidence, err);
  EvidenceFolder.open(made).write({ ...evidence, begun: '2026-11-28T00:00:00.000Z', step: 'blue at 0' }, err);
  expect(readdirSync(made).sort()).toEqual([
    '2026-11-27T23-51-04-381Z-sample-blue-green-50-50.json',
    '2026-11-28T00-00-00-000Z-sample-blue-green-blue-at-0.json',
  ]);
  const [first = ''] = readdirSync(made).sort();
  expect(said).toContain(`evidence: ${path.join(made, first)}\n`);
  expect(JSON.parse(readFileSync(path.join(made, first), 'utf8'))).toEqual({
    ...evidence,
    minutes: [
      {
        at: '1970-01-01T00:00:00.000Z',
        slots: { blue: { requests: 1, errors: 0 }, green: { requests: 2, errors: 1, latencyMs: 40 } },
      },
    ],
  });
});

test.each([
  ['below a file', () => path.join(folder, 'file', 'below')],
  ['a file', () => path.join(folder, 'file')],
  ['a link that leads nowhere', () => path.join(folder, 'link', 'below')],
])('a folder that cannot be made is told at once: %s', (_, place) => {
  writeFileSync(path.join(folder, 'file'), '');
  symlinkSync(path.join(folder, 'nowhere'), path.join(folder, 'link'));
  const open = () => EvidenceFolder.open(place());
  expect(open).toThrow(/^--evidence: got .*, expected a folder that can be written to/);
  expect(open).toThrow(expect.objectContaining({ exitCode: 2 }));
});

test('so is one where the file system takes none', () => {
  // In a process of its own, which can be ended when it does not come back.
  const open = `require(${JSON.stringify(require.resolve('../../../lib/operate/step/evidence'))}).EvidenceFolder.open('/proc/nope')`;
  const { status, stderr } = spawnSync(process.execPath, ['-r', 'tsx/cjs', '-e', open], { timeout: 60_000, encoding: 'utf8' });
  expect(stderr).toContain('--evidence: got /proc/nope, expected a folder that can be written to');
  expect(status).toBe(1);
});

test('what cannot be written any more is told, and undoes nothing', () => {
  const made = EvidenceFolder.open(path.join(folder, 'gone'));
  rmSync(path.join(folder, 'gone'), { recursive: true });
  made.write(evidence, err);
  expect(said.join('')).toMatch(/^--evidence: got ENOENT.* the evidence of this step is lost\n$/);
});

function fail(): never {
  throw new Error('a release has steps');
}
