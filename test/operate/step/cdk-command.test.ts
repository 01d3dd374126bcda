import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deployWords, runCdk } from '../../../lib/operate/step/cdk-command';

const root = path.resolve(__dirname, '..', '..', '..');
const asked = { folder: root, context: { stage: 'prod' }, stage: 'prod', stackName: 'sample-prod-blue-green' };
const state = { blue: { active: true, weight: 3 }, green: { active: true, weight: 1 } };
const flags = [
  '-c',
  'stage=prod',
  '-c',
  'blueActive=true',
  '-c',
  'blueWeight=3',
  '-c',
  'greenActive=true',
  '-c',
  'greenWeight=1',
];

test.each([
  [
    ['arn:A', 'arn:B'],
    ['--rollback-trigger-alarm-arns', 'arn:A', 'arn:B', '--monitoring-time-minutes', '5'],
  ],
  [[], ['--rollback-trigger-alarm-arns', 'none']],
])('a state is deployed with all flags, and with what watches it: %j', (triggers, watched) => {
  expect(deployWords(asked, { state, triggers, bakeMinutes: 5 })).toEqual([
    'deploy',
    'sample-prod-blue-green',
    ...flags,
    '--require-approval',
    'never',
    '--rollback',
    ...watched,
    '--progress',
    'events',
  ]);
});

test('nothing that makes a deploy unsafe is ever passed on', () => {
  const words = deployWords(asked, { state, triggers: ['arn:A'], bakeMinutes: 0 });
  expect(words.filter((word) => /hotswap|express|rollback$|force/.test(word))).toEqual(['--rollback']);
});

test('the command line of the project runs, and what it writes is passed on', async () => {
  const written: string[] = [];
  const err = { write: (text: string) => written.push(text) > 0 };
  const terminal = { err, environment: process.env };
  const end = await runCdk(asked, ['--version'], terminal, new AbortController().signal);
  expect(end).toEqual({ code: 0, lastLines: [expect.stringMatching(/^2\.\d+\.\d+/)] });
  expect(written.join('')).toContain(end.lastLines[0]);
});

test('a signal ends it', async () => {
  const terminal = { err: { write: () => true }, environment: process.env };
  const end = await runCdk(asked, ['--version'], terminal, AbortSignal.abort());
  expect(end.code).not.toBe(0);
});

test('a project without a cdk command line is told what to do', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'no-cdk-'));
  const run = () => runCdk({ folder }, ['--version'], { err: { write: () => true }, environment: {} }, AbortSignal.abort());
  expect(run).toThrow(
    /^aws-cdk: got no such package in .*, expected the cdk command line, which deploys; install it with npm ci$/,
  );
  rmSync(folder, { recursive: true });
});
