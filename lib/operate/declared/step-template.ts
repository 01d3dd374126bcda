import type { ReleaseState } from '../../release/release';
import { flagsOf } from '../../settings/flags';
import type { AskedService } from '../asked-service';
import { OperateError } from '../operate-error';
import { cdkCommand } from '../typed-command';
import { declaredContext } from './read-declared';

/** Where a stack is deployed. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/**
 * The template of a service in one state of its release, as `cdk deploy` would hand it to CloudFormation; made in this process.
 *
 * @throws SettingsError when the settings have a problem
 * @throws OperateError when something has to be looked up first
 */
export function stepTemplate(asked: AskedService, state: ReleaseState, env: Place): Readonly<Record<string, unknown>> {
  const { context, files } = declaredContext(asked);
  // Loading the CDK takes longer than all that most commands do.
  const { synthesize } = require('../../stack/synthesize') as typeof import('../../stack/synthesize');
  const { template, isIncomplete } = synthesize(
    { ...context, ...flagsOf(state) },
    { files, env, more: { 'aws:cdk:enable-path-metadata': true } },
  );
  if (isIncomplete) {
    throw new OperateError(
      'cdk.context.json: got nothing of what has to be looked up in the account, expected it there; ' +
        `run ${cdkCommand(asked, 'diff')} once, and commit the file`,
    );
  }
  return template as Readonly<Record<string, unknown>>;
}

/** The account and the Region in an ARN. */
export function placeOf(arn: string): Place {
  const [, , , region = '', account = ''] = arn.split(':');
  return { account, region };
}
