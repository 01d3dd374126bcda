import type { DeployedStack } from '../../../lib/operate/deployed/deployed-stack';
import type { StackEvent } from '../../../lib/operate/deployed/stack-events';
import { type DeployEnd, outcomeOf } from '../../../lib/operate/step/outcome';

const name = 'sample-blue-green';
const stack = (status: string, changedAt: number, statusReason?: string) =>
  ({ name, status, statusReason, changedAt: new Date(changedAt) }) as DeployedStack;
const event = (type: string, status: string, reason?: string): StackEvent => ({
  id: status,
  at: new Date(5),
  logicalId: type === 'AWS::CloudFormation::Stack' ? name : 'AppThing',
  physicalId: '',
  type,
  status,
  reason,
});
const guard = 'Custom::ReleaseGuard';
const ofStack = 'AWS::CloudFormation::Stack';
const goesBack = (reason: string) => event(ofStack, 'UPDATE_ROLLBACK_IN_PROGRESS', reason);

const begins = (second: number) => ({ ...event(ofStack, 'UPDATE_IN_PROGRESS'), at: new Date(2026, 10, 27, 14, 0, second) });

const end = (more: Partial<DeployEnd>): DeployEnd => ({
  before: stack('UPDATE_COMPLETE', 1),
  after: stack('UPDATE_COMPLETE', 2),
  events: [],
  isDeployed: false,
  cdk: { code: 1, lastLines: ['Failed:', 'the last line'] },
  isStopped: false,
  commands: { rollback: 'ROLLBACK', status: 'STATUS', cdkRollback: 'CDK ROLLBACK' },
  ...more,
});

test.each<[string, Partial<DeployEnd>, string, number, string]>([
  ['it is done', { cdk: { code: 0, lastLines: [] }, isDeployed: true }, 'done', 0, ''],
  [
    'there was nothing to deploy',
    { after: stack('UPDATE_COMPLETE', 1), cdk: { code: 0, lastLines: [] }, isDeployed: true },
    'done',
    0,
    '',
  ],
  ['the cdk command line fails when CloudFormation is through', { isDeployed: true }, 'done', 0, ''],
  [
    'the deploy of somebody else is there, and this one is not',
    {},
    'differs',
    6,
    'another deploy was made instead (stack sample-blue-green: is UPDATE_COMPLETE), expected this one; STATUS shows what is deployed',
  ],
  ...[0, 1].map((code): [string, Partial<DeployEnd>, string, number, string] => [
    `somebody else deploys before it, or right after it (cdk ends with ${code})`,
    {
      cdk: { code, lastLines: [] },
      isDeployed: true,
      events: [
        begins(1),
        event(ofStack, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'),
        event(ofStack, 'UPDATE_COMPLETE'),
        begins(2),
        event(ofStack, 'UPDATE_ROLLBACK_IN_PROGRESS'),
        event(ofStack, 'UPDATE_ROLLBACK_COMPLETE'),
      ],
    },
    'differs',
    6,
    'another deploy came in between (14:00:01 UPDATE_COMPLETE, 14:00:02 UPDATE_ROLLBACK_COMPLETE), expected this one only; ' +
      'STATUS shows what is deployed, ROLLBACK goes back',
  ]),
  [
    'the guard refuses it',
    {
      after: stack('UPDATE_ROLLBACK_COMPLETE', 2),
      events: [
        event(
          guard,
          'UPDATE_FAILED',
          'Received response status [FAILED] from custom resource. Message returned: release guard: greenActive: got false (RequestId: 1-2)',
        ),
        goesBack('The following resource(s) failed to update: [AppThing]. '),
      ],
    },
    'refused',
    4,
    'release guard: greenActive: got false',
  ],
  [
    'an alarm goes off',
    { after: stack('UPDATE_ROLLBACK_COMPLETE', 2), events: [goesBack('Rollback trigger arn:A went into ALARM state')] },
    'rolled back',
    5,
    'Rollback trigger arn:A went into ALARM state',
  ],
  [
    'an alarm goes off while tasks come up, which is cancelled',
    {
      after: stack('UPDATE_ROLLBACK_COMPLETE', 2),
      events: [
        event('AWS::ECS::Service', 'UPDATE_FAILED', 'Resource update cancelled'),
        goesBack('Rollback trigger arn:A went into ALARM state'),
      ],
    },
    'rolled back',
    5,
    'Rollback trigger arn:A went into ALARM state',
  ],
  [
    'a resource fails',
    {
      after: stack('UPDATE_ROLLBACK_COMPLETE', 2),
      events: [event('AWS::ECS::Service', 'CREATE_FAILED', 'tasks failed to start'), goesBack('…')],
    },
    'rolled back',
    5,
    'AppThing (AWS::ECS::Service) failed: tasks failed to start',
  ],
  [
    'it never came as far as CloudFormation',
    { after: stack('UPDATE_COMPLETE', 1) },
    'unchanged',
    4,
    'cdk deploy: ended with 1, and nothing was changed; its last lines:\n  Failed:\n  the last line',
  ],
  [
    'the same, where the last deploy was taken back',
    { before: stack('UPDATE_ROLLBACK_COMPLETE', 1), after: stack('UPDATE_ROLLBACK_COMPLETE', 1) },
    'unchanged',
    4,
    'cdk deploy: ended with 1, and nothing was changed; its last lines:\n  Failed:\n  the last line',
  ],
  [
    'the cdk command line fails while CloudFormation is at work',
    { after: stack('UPDATE_IN_PROGRESS', 2) },
    'busy',
    6,
    'cdk deploy: ended with 1, but CloudFormation goes on (stack sample-blue-green: is UPDATE_IN_PROGRESS); STATUS --watch',
  ],
  [
    'it cannot go back',
    { after: stack('UPDATE_ROLLBACK_FAILED', 2) },
    'stuck',
    6,
    'stack sample-blue-green: is UPDATE_ROLLBACK_FAILED; CDK ROLLBACK',
  ],
  ['it is gone', { after: undefined }, 'stuck', 6, 'stack sample-blue-green: is not there any more'],
  [
    'the user stops it, and CloudFormation goes on',
    { after: stack('UPDATE_IN_PROGRESS', 2), isStopped: true, cdk: { code: null, lastLines: [] } },
    'stopped',
    130,
    'stopped, but CloudFormation goes on (stack sample-blue-green: is UPDATE_IN_PROGRESS); STATUS --watch shows it, ROLLBACK undoes it',
  ],
  [
    'the user stops it before it begins',
    { after: stack('UPDATE_COMPLETE', 1), isStopped: true, cdk: { code: null, lastLines: [] } },
    'stopped',
    130,
    'stopped before CloudFormation began; nothing was changed',
  ],
  [
    'the user stops it when it is over',
    { isStopped: true, cdk: { code: 0, lastLines: [] } },
    'stopped',
    130,
    'stopped when CloudFormation was through (stack sample-blue-green: is UPDATE_COMPLETE); STATUS shows what is deployed',
  ],
])('%s', (_, more, kind, exitCode, sentence) => {
  expect(outcomeOf(end(more))).toEqual({ kind, sentence, exitCode });
});
