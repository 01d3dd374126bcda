import { readFileSync } from 'node:fs';
import type { Resources } from './stacks';

/** What a `Custom::Thing` does, and when it refuses. All values reach its function as text. */
export interface Thing {
  readonly Value: number;

  /** Refuses an update while the status of the stack is like this, when it goes to or comes from a thing that says so. */
  readonly RefusedIn?: string;

  /** Connects to this address, and refuses with what came of it. */
  readonly Reach?: string;

  /** Ends without an answer. */
  readonly Silent?: boolean;

  /** Never ends. */
  readonly Stuck?: boolean;

  readonly ServiceTimeout?: number;
}

/** A request that reached the function. */
export interface Seen {
  readonly request: string;
  readonly from?: string;
  readonly to: string;

  /** The status of the stack at that time, asked by the function. */
  readonly status: string;

  /** The process of the function, the one that started it, and its Node. */
  readonly pid: number;
  readonly parent: number;
  readonly node: string;
}

/** Written to be read by Lambda as it is. */
const functionText = `
const { appendFileSync } = require('node:fs');
const { CloudFormationClient, DescribeStacksCommand } = require('@aws-sdk/client-cloudformation');

exports.handler = async (event) => {
  const { RequestType, StackId, RequestId, LogicalResourceId, ResourceProperties: to, OldResourceProperties: from } = event;
  const { Stacks: [{ StackStatus: status }] } = await new CloudFormationClient().send(new DescribeStacksCommand({ StackName: StackId }));
  const seen = { request: RequestType, from: from?.Value, to: to.Value, status, pid: process.pid, parent: process.ppid, node: process.execPath };
  appendFileSync(to.SeenIn, JSON.stringify(seen) + '\\n');
  console.log('seen ' + RequestType);
  if (to.Silent === 'true') return;
  if (to.Stuck === 'true') await new Promise(() => setInterval(() => {}, 1000));

  const reached = to.Reach && (await fetch(to.Reach).then(() => 'reached', ({ cause }) => cause.message));
  const refusing = [from, to].some((thing) => thing?.RefusedIn && new RegExp(thing.RefusedIn).test(status));
  const Reason = reached || (RequestType === 'Update' && refusing ? 'refused: ' + from.Value + ' to ' + to.Value : '');
  await fetch(event.ResponseURL, {
    method: 'PUT',
    headers: { 'content-type': '' },
    body: JSON.stringify({
      Status: Reason && RequestType !== 'Delete' ? 'FAILED' : 'SUCCESS',
      Reason, StackId, RequestId, LogicalResourceId, PhysicalResourceId: 'thing',
    }),
  });
};
`;

/**
 * A custom resource with the function that backs it, and the function's role and log group.
 *
 * @param seenIn a file for what the function sees
 */
export function thing(seenIn: string, { Value, ...options }: Thing): Resources {
  return {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        },
        Policies: [
          {
            PolicyName: 'thing',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [
                {
                  Effect: 'Allow',
                  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
                  Resource: { 'Fn::GetAtt': ['Log', 'Arn'] },
                },
                { Effect: 'Allow', Action: 'cloudformation:DescribeStacks', Resource: { Ref: 'AWS::StackId' } },
              ],
            },
          },
        ],
      },
    },
    Log: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 30 } },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Code: { ZipFile: functionText },
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        LoggingConfig: { LogGroup: { Ref: 'Log' } },
        Timeout: 30,
      },
    },
    Thing: {
      Type: 'Custom::Thing',
      Properties: {
        ServiceToken: { 'Fn::GetAtt': ['Function', 'Arn'] },
        ServiceTimeout: 60,
        SeenIn: seenIn,
        Value,
        ...options,
      },
    },
  };
}

export function seen(seenIn: string): Seen[] {
  return readFileSync(seenIn, 'utf8')
    .split('\n')
    .filter((line) => line)
    .map((line) => JSON.parse(line));
}
