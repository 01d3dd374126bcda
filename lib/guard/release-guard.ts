// The rule of `release/` as a resource of the stack: CloudFormation asks it before it changes anything of the service.

import { Annotations, CfnResource, type IResolveContext, Lazy, Stack, Tokenization } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import { isOpenParameter } from './parameter-names';
import { ReleaseGuardFunction } from './release-guard-function';
import { writtenDown } from './written-down';

/** What is to be guarded: settings by name; a map of settings is compared entry by entry. */
export interface GuardedState {
  /** Which settings are written down: a whole number that rises when there is another one, or one less. */
  readonly shape: number;

  /** Whether the route waits until a slot that joins, or changes, in the same deploy can answer. */
  readonly routeWaits: boolean;

  /** How requests come in. */
  readonly wayIn: Readonly<Record<string, unknown>> & { readonly plane: string };

  /** The active slots, each with its weight and with what makes its version. */
  readonly slots: Readonly<Record<string, Readonly<Record<string, unknown>> & { readonly weight: number }>>;
}

/** Properties of the guard. */
export interface ReleaseGuardProps {
  /** Name of the service, put in front of what the guard says. */
  readonly serviceName: string;

  /** What is deployed, asked for when the template is made. */
  readonly state: () => GuardedState;

  /**
   * Why this one deploy goes through unguarded. It is a property of the guard, so it shows in a difference and in a change set, and
   * a deploy without it is guarded again.
   *
   * @default - the deploy is guarded
   */
  readonly allowUnsafe?: string;

  /**
   * Names under which the users of the app know the settings; `{slot}` in one stands for the name of the slot. With them, the guard
   * does not say the name of the service.
   *
   * @default - the names of the properties
   */
  readonly settingNames?: Readonly<Record<string, string>>;

  /** How long the guard's log is kept at least, in days. */
  readonly logRetentionDays: number;
}

// A custom resource waits an hour by itself. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html
const serviceTimeoutSeconds = 60;

/**
 * Refuses a deploy that would take a slot with requests away, or change it: CloudFormation rolls back before anything is touched.
 *
 * A custom resource whose properties are the state of the service; CloudFormation calls its function with the old and the new ones,
 * whoever deploys and with whatever tool. Never refused: to create, to delete, and the way back of a failed deploy.
 */
export class ReleaseGuard extends Construct {
  /** The resource that holds the state. */
  readonly resource: CfnResource;

  constructor(scope: Construct, id: string, props: ReleaseGuardProps) {
    super(scope, id);
    const { allowUnsafe, settingNames } = props;
    const guardFunction = ReleaseGuardFunction.of(this);
    guardFunction.keepLogs(props.logRetentionDays);
    this.resource = new CfnResource(this, 'Resource', {
      type: 'Custom::ReleaseGuard',
      properties: {
        ServiceToken: guardFunction.functionArn,
        ServiceTimeout: serviceTimeoutSeconds,
        State: Lazy.uncachedAny({ produce: (context: IResolveContext) => this.writtenState(props.state(), context) }),
        ...(allowUnsafe === undefined ? {} : { AllowUnsafe: allowUnsafe }),
        ...(settingNames ? { SettingNames: settingNames } : { Service: props.serviceName }),
      },
    });
    if (allowUnsafe !== undefined) {
      Annotations.of(this).addInfo(
        `allowUnsafe: got ${JSON.stringify(allowUnsafe)}, so nothing refuses this deploy; leave it away for the next one`,
      );
    }
  }

  /** Lets everything in a construct wait for the guard, as far as it is in the same stack. */
  holdBack(construct: IConstruct): void {
    // A stack cannot wait for a part of another one that waits for it.
    if (Stack.of(construct) === Stack.of(this)) {
      construct.node.addDependency(this.resource);
    }
  }

  private writtenState({ slots, wayIn, ...state }: GuardedState, context: IResolveContext): unknown {
    if (context.preparing) {
      // Now the CDK looks for references to other stacks, and for nothing else.
      return { wayIn, slots };
    }
    const stack = Stack.of(this);
    const isParameter = (logicalId: string) => logicalId.startsWith('AWS::') || isOpenParameter(stack, logicalId);
    const written = (settings: Readonly<Record<string, unknown>>) =>
      writtenDown(context.resolve(Object.fromEntries(Object.entries(settings).map(asEntries))), isParameter);
    return {
      ...state,
      wayIn: written(wayIn),
      slots: Object.fromEntries(Object.entries(slots).map(([name, slot]) => [name, written(slot)])),
    };
  }
}

// Before tokens are resolved: after it, a variable named `Ref` would look like a reference.
function asEntries([name, value]: [string, unknown]): [string, unknown] {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value) && !Tokenization.isResolvable(value);
  return [name, isMap ? Object.entries(value) : value];
}
