import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnTopic } from 'aws-cdk-lib/aws-sns';
import { guardCode } from '../../lib/guard/guard-code';
import { type GuardedState, ReleaseGuard, type ReleaseGuardProps } from '../../lib/guard/release-guard';

const guardType = 'Custom::ReleaseGuard';

const state = (settings: Readonly<Record<string, unknown>> = {}): GuardedState => ({
  shape: 1,
  routeWaits: true,
  wayIn: { plane: 'load-balancer' },
  slots: { blue: { weight: 1, ...settings } },
});

const guard = (stack: Stack, id: string, props: Partial<ReleaseGuardProps> = {}) =>
  new ReleaseGuard(stack, id, { serviceName: 'shop', logRetentionDays: 30, state: () => state(), ...props });

describe('the release guard', () => {
  let stack: Stack;

  beforeEach(() => {
    stack = new Stack(new App(), 'Stack');
  });

  test('holds the state and the name of the service', () => {
    guard(stack, 'Guard');
    Template.fromStack(stack).hasResourceProperties(guardType, {
      ServiceTimeout: 60,
      Service: 'shop',
      State: { shape: 1, routeWaits: true, wayIn: { plane: 'load-balancer' }, slots: { blue: { weight: 1 } } },
      AllowUnsafe: Match.absent(),
      SettingNames: Match.absent(),
    });
  });

  test('holds the names of the app instead of the name of the service', () => {
    guard(stack, 'Guard', { settingNames: { image: '{slot}Image' } });
    Template.fromStack(stack).hasResourceProperties(guardType, {
      SettingNames: { image: '{slot}Image' },
      Service: Match.absent(),
    });
  });

  test('a reason is a property, and a notice', () => {
    guard(stack, 'Guard', { allowUnsafe: 'green answers 500' });
    Template.fromStack(stack).hasResourceProperties(guardType, { AllowUnsafe: 'green answers 500' });
    Annotations.fromStack(stack).hasInfo(
      '/Stack/Guard',
      'allowUnsafe: got "green answers 500", so nothing refuses this deploy; leave it away for the next one',
    );
  });

  test('a parameter is seen, unless it hides its value; a resource is not waited for', () => {
    const tag = new CfnParameter(stack, 'Tag');
    const hidden = new CfnParameter(stack, 'Hidden', { noEcho: true });
    const topic = new CfnTopic(stack, 'Topic');
    const settings = {
      image: `shop:${tag.valueAsString}`,
      environment: { TOPIC: topic.ref, SECRET: hidden.valueAsString, Ref: 'x' },
    };
    guard(stack, 'Guard', { state: () => state(settings) });
    Template.fromStack(stack).hasResourceProperties(guardType, {
      State: {
        slots: {
          blue: {
            image: { 'Fn::Join': ['', ['shop:', { Ref: 'Tag' }]] },
            environment: ['Ref=x', 'SECRET=<Hidden>', 'TOPIC=<Topic>'],
          },
        },
      },
    });
  });

  test('what another stack has is handed over by that stack', () => {
    const other = new Stack(stack.node.root as App, 'Other');
    const topic = new CfnTopic(other, 'Topic');
    guard(stack, 'Guard', { state: () => state({ environment: { TOPIC: topic.ref } }) });
    expect(Object.keys(Template.fromStack(other).findOutputs('*'))).toHaveLength(1);
  });

  test('what it holds back waits for it, what is in another stack does not', () => {
    const other = new Stack(stack.node.root as App, 'Other');
    const [here, there] = [new CfnTopic(stack, 'Here'), new CfnTopic(other, 'There')];
    const releaseGuard = guard(stack, 'Guard');
    const logicalId = stack.getLogicalId(releaseGuard.resource);
    releaseGuard.holdBack(here);
    releaseGuard.holdBack(there);
    Template.fromStack(stack).hasResource('AWS::SNS::Topic', { DependsOn: [logicalId] });
    Template.fromStack(other).hasResource('AWS::SNS::Topic', { DependsOn: Match.absent() });
  });

  describe('its function', () => {
    test('is one for all guards of a stack, and keeps the log as long as one of them asks', () => {
      guard(stack, 'One', { logRetentionDays: 7 });
      guard(stack, 'Two', { logRetentionDays: 90 });
      guard(stack, 'Three', { logRetentionDays: 30 });
      const template = Template.fromStack(stack);
      template.resourceCountIs(guardType, 3);
      template.resourceCountIs('AWS::Lambda::Function', 1);
      template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
    });

    test('keeps the log for ever when one of them asks', () => {
      guard(stack, 'One', { logRetentionDays: 9999 });
      guard(stack, 'Two');
      Template.fromStack(stack).hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: Match.absent() });
    });

    test('is the text that is tested, on the newest Node of Lambda, and ends before CloudFormation gives up', () => {
      guard(stack, 'Guard');
      const template = Template.fromStack(stack);
      template.hasResourceProperties('AWS::Lambda::Function', {
        Code: { ZipFile: guardCode() },
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Timeout: 50,
        FunctionName: Match.absent(),
      });
    });

    test('may look at its own stack and write its own log, nothing else', () => {
      guard(stack, 'Guard');
      const template = Template.fromStack(stack);
      const [role, ...others] = Object.values(template.findResources('AWS::IAM::Role'));
      const [logGroup = ''] = Object.keys(template.findResources('AWS::Logs::LogGroup'));
      expect(others).toEqual([]);
      expect(role?.Properties.ManagedPolicyArns).toBeUndefined();
      expect(role?.Properties.Policies[0].PolicyDocument.Statement).toEqual([
        { Action: 'cloudformation:DescribeStacks', Effect: 'Allow', Resource: { Ref: 'AWS::StackId' } },
        {
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Effect: 'Allow',
          Resource: { 'Fn::GetAtt': [logGroup, 'Arn'] },
        },
      ]);
      template.resourceCountIs('AWS::IAM::Policy', 0);
    });
  });
});
