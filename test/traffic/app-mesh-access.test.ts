import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import { askForAppMeshAccess } from '../../lib/traffic/app-mesh-access';
import { type Context, templateOf } from '../app-template';

type Asking = { readonly Parameters?: Readonly<Record<string, unknown>>; readonly Rules?: Readonly<Record<string, unknown>> };

const asked = (template: object) => {
  const { Parameters = {}, Rules = {} } = template as Asking;
  return { parameter: Parameters.AppMeshAccess, rule: Rules.AppMeshHasEnded };
};

test('a stack on App Mesh is refused with a sentence, unless its account says that it has access', () => {
  const { parameter, rule } = asked(templateOf());
  expect(parameter).toMatchObject({ Type: 'String', Default: 'ended', AllowedValues: ['ended', 'granted'] });
  expect(rule).toEqual({
    Assertions: [
      {
        Assert: { 'Fn::Equals': [{ Ref: 'AppMeshAccess' }, 'granted'] },
        AssertDescription:
          'AWS ended App Mesh on 2026-09-30, so nothing was deployed; to move, set trafficPlane to load-balancer or lattice in cdk.json, as docs/app-mesh.md describes. An account that still has access deploys with --parameters AppMeshAccess=granted',
      },
    ],
  });
});

test.each<Context>([{ trafficPlane: 'load-balancer' }, { trafficPlane: 'lattice' }])(
  '$trafficPlane asks for nothing',
  (context) => {
    expect(asked(templateOf(context))).toEqual({ parameter: undefined, rule: undefined });
  },
);

test('once per stack, wherever in it', () => {
  const stack = new Stack(new App(), 'Stack');
  askForAppMeshAccess(new Construct(stack, 'One'), 'choose another plane');
  askForAppMeshAccess(new Construct(stack, 'Two'), 'choose another plane');
  const template = Template.fromStack(stack).toJSON();
  expect(asked(template)).toEqual({ parameter: expect.anything(), rule: expect.anything() });
  expect(Object.keys(template.Parameters)).toHaveLength(2);
});

test('a nested stack is refused with the stack around it, before that makes anything', () => {
  const stack = new Stack(new App(), 'Stack');
  const nested = new NestedStack(stack, 'Nested');
  askForAppMeshAccess(new Construct(nested, 'Plane'), 'choose another plane');
  expect(asked(Template.fromStack(stack).toJSON())).toEqual({ parameter: expect.anything(), rule: expect.anything() });
  expect(asked(Template.fromStack(nested).toJSON())).toEqual({ parameter: undefined, rule: undefined });
});
