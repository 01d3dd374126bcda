import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { readOperateLine } from '../../lib/operate/command-line';
import { ContextFile } from '../../lib/operate/context-file';
import type { Check } from '../../lib/operate/gate/check';
import { checkDifference } from '../../lib/operate/gate/expected-difference';
import { checksBefore } from '../../lib/operate/gate/gate';
import { checkInLines } from '../../lib/operate/gate/gate-display';
import { checkGuardRule } from '../../lib/operate/gate/guard-rule';
import { nothingInWords } from '../../lib/operate/gate/nothing-to-release';
import { checkOrders } from '../../lib/operate/gate/orders';
import { sharesOfState, splitInWords } from '../../lib/operate/gate/shares';
import type { Sight } from '../../lib/operate/gate/sight';
import { stepKind } from '../../lib/operate/gate/step-kind';
import { jumpFrom } from '../../lib/operate/rollback/jump';
import { imagesOf, slotInWords } from '../../lib/operate/slot-in-words';
import { statusOf } from '../../lib/operate/status/status';
import { statusLines } from '../../lib/operate/status/status-text';
import { commandOf, type StepToDeploy, watchInWords } from '../../lib/operate/step/deploy-step';
import { verifyAlarms } from '../../lib/operate/verify/alarms';
import { verifySameEverywhere } from '../../lib/operate/verify/same-everywhere';
import { verifyStackSettled } from '../../lib/operate/verify/stack-settled';
import { verifyLines } from '../../lib/operate/verify/verify-text';
import type { ReleaseStep } from '../../lib/release/release';
import { releaseStateOf } from '../../lib/release/release-state';
import { releasePosition } from '../../lib/release/remaining-steps';
import { flagsOf } from '../../lib/settings/flags';
import { readSettings } from '../../lib/settings/read-settings';
import {
  alarms,
  asked,
  declaredWith,
  images,
  liveWith,
  minutesWith,
  now,
  stackWith,
  waiting,
} from '../../test/operate/example-release';
import { fenced } from './screens';

/** How wide a screen in the docs is, in characters. */
const room = 110;
const shown = { room, paint: (_: string, text: string) => text };

/** What `plan` prints before a release, from real templates. */
export function planScreen(): string {
  const text = execFileSync(process.execPath, ['-r', 'tsx/cjs', join(__dirname, 'plan-screen.ts')], {
    cwd: join(__dirname, '..', '..'),
    encoding: 'utf8',
  });
  return screen('plan', text.trimEnd().split('\n'));
}

/** What `status` prints in the midst of a release. */
export function statusScreen(): string {
  return screen('status', statusLines(statusOf(waiting), { ...shown, now }));
}

/** What `status` prints when somebody has changed a weight by hand. */
export function differenceScreen(): string {
  return screen('status', statusLines(statusOf({ ...waiting, live: liveWith({ blue: 1, green: 1 }) }), { ...shown, now }));
}

/** What `next` prints on the way from 75/25 to 50/50. */
export function nextScreen(): string {
  const { step, title } = nextStep();
  const deploy = { asked, options: { bakeMinutes: undefined }, step, sight } as StepToDeploy;
  const route = 'AWS::ElasticLoadBalancingV2::ListenerRule App/ProductionRule';
  const checks: readonly Check[] = [
    ...checksBefore(step, sight, { minRequests: 100, deployCommand: 'npx cdk deploy' }),
    checkDifference(
      { created: [], changed: [route, 'Custom::ReleaseGuard App/Guard'], deleted: [], replaced: [] },
      stepKind(sight.state, step.state),
    ),
    checkGuardRule(sight.stack.state, stackWith({ blue: 1, green: 1 }).state),
    checkOrders({ intermediateStates: 14, broken: undefined }),
  ];
  return screen('next', [
    title,
    ...checks.flatMap((check) => checkInLines(check, shown.paint, room)),
    `deploy ${step.name} (${step.description}) to ${asked.stackName}? [y/N] y`,
    `  $ ${commandOf(deploy).replaceAll('arn:aws:cloudwatch:::', '…')}`,
    watchInWords(deploy).trimEnd(),
    '  …',
    `  ✓ live: ${splitInWords(sharesOfState(step.state))}`,
    `cdk.context.json now says so; commit it:  ${new ContextFile(asked).commitCommand(step.name)}`,
  ]);
}

/** What `next` waits for before it turns a slot off. */
export function drainScreen(): string {
  const { stack, state } = deployed({ blue: 0, green: 1 });
  const stopping: Sight = {
    ...sight,
    stack,
    state,
    declared: declaredOf({ blue: 0, green: 1 }),
    live: liveWith({ blue: 0, green: 1 }),
    minutes: minutesWith(
      { blue: { requests: 1, errors: 0, latencyMs: 40 }, green: { requests: 1978, errors: 2, latencyMs: 44 } },
      10,
    ),
  };
  const { step, title } = nextStep(state);
  const checks = checksBefore(step, stopping, { minRequests: 100, deployCommand: 'npx cdk deploy' });
  return screen('next', [
    title,
    ...checks.filter(({ verdict }) => verdict !== 'pass').flatMap((check) => checkInLines(check, shown.paint, room)),
  ]);
}

/** What `next` prints when the slot that is off has nothing new. */
export function nothingScreen(): string {
  return screen('next', [nothingInWords('green', 'blue', images.blue)]);
}

/** What `rollback` prints. */
export function rollbackScreen(): string {
  const { stack, state, live } = sight;
  const jump = jumpFrom(asked, state, live, undefined);
  if (!('to' in jump)) {
    throw new Error('expected a jump to show in the docs, got none');
  }
  const [before, after] = [state, jump.after].map((each) => splitInWords(sharesOfState(each)));
  return screen('rollback', [
    `${stack.name} · ${stack.state.wayIn.plane} · ${before} → ${after}`,
    `${slotInWords(jump.to, imagesOf(stack.state))} is to answer all requests, now? [y/N] y`,
    '  … UPDATE_IN_PROGRESS',
    '  … UPDATE_COMPLETE',
    `✓ live: ${after}; in force everywhere after 10 s`,
    `rolled back: ${after}; both slots go on running`,
    `cdk.context.json now says so; commit it:  ${new ContextFile(asked).commitCommand(`back to ${jump.to}`)}`,
  ]);
}

/** What `verify` prints when an image is not there. */
export function verifyScreen(): string {
  const idle = statusOf({
    ...waiting,
    stack: stackWith({ blue: 1, green: 0 }),
    live: liveWith({ blue: 1, green: 0 }),
    declared: declaredWith({ blue: 1, green: 0 }),
  });
  const lines = verifyLines(
    asked.stackName,
    [
      {
        part: 'account',
        name: 'credentials',
        verdict: 'ok',
        sentence: 'account 123456789012, as arn:aws:sts::123456789012:assumed-role/release/ann',
      },
      { part: 'account', name: 'bootstrap', verdict: 'ok', sentence: 'version 31, needed: 6 or later' },
      verifyStackSettled(idle),
      ...verifySameEverywhere(idle),
      ...verifyAlarms(asked, alarms, []),
      { part: 'images', name: 'blue', verdict: 'ok', sentence: 'example/shop:1.4.0 is there' },
      {
        part: 'images',
        name: 'green',
        verdict: 'not ok',
        sentence: 'example/shop:1.5.0: is not there; push it, or name another one',
      },
      { part: 'secrets', name: 'DB_PASSWORD', verdict: 'ok', sentence: 'secret prod/db is there' },
      { part: 'slots', name: 'green', verdict: 'ok', sentence: '/health answers 200' },
    ],
    shown,
  );
  return screen('verify', lines);
}

function deployed(weights: Readonly<Record<string, number>>): Pick<Sight, 'stack' | 'state'> {
  const stack = stackWith(weights);
  return { stack, state: releaseStateOf(stack.state) };
}

// Of what is declared, only the state is looked at here.
function declaredOf(weights: Readonly<Record<string, number>>): Sight['declared'] {
  return { state: declaredWith(weights).state, settings: readSettings({ ...flagsOf(declaredWith(weights).state) }) };
}

const sight: Sight = {
  ...deployed({ blue: 3, green: 1 }),
  declared: declaredOf({ blue: 3, green: 1 }),
  live: waiting.live,
  direction: { from: 'blue', to: 'green' },
  nothingToRelease: undefined,
  alarms,
  minutes: minutesWith(
    { blue: { requests: 1482, errors: 1, latencyMs: 41 }, green: { requests: 496, errors: 1, latencyMs: 44 } },
    12,
  ),
  settleMs: 10_000,
};

function nextStep(state = sight.state): { readonly step: ReleaseStep; readonly title: string } {
  const { steps, at } = releasePosition({ ladder: waiting.ladder, to: sight.direction.to }, state);
  const step = steps[at + 1] as ReleaseStep;
  return { step, title: `step ${at + 1} of ${steps.length - 1}: ${step.name}: ${step.description}` };
}

function screen(command: string, lines: readonly string[]): string {
  return fenced(`$ npm run --silent release -- ${command}\n${lines.join('\n')}`, 'console');
}

/** What `--help` prints of all commands, and of `next`. */
export function releaseHelp(): string {
  return fenced([['--help'], ['next', '--help']].map((words) => readOperateLine(words).help).join('\n\n'), 'text');
}
