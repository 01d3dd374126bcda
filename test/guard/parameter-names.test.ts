import { CfnParameter, Stack } from 'aws-cdk-lib';
import { CfnTopic } from 'aws-cdk-lib/aws-sns';
import { isOpenParameter } from '../../lib/guard/parameter-names';

test('a parameter is one by its name in the template, wherever it stands and whenever it comes', () => {
  const stack = new Stack();
  new CfnTopic(stack, 'Topic');
  new CfnParameter(stack, 'Early');
  expect(['Early', 'Topic', 'Late', 'Renamed'].map((name) => isOpenParameter(stack, name))).toEqual([true, false, false, false]);

  new CfnParameter(stack, 'Late');
  new CfnParameter(new CfnTopic(stack, 'Other'), 'Below').overrideLogicalId('Renamed');
  expect(['Late', 'Renamed', 'Below'].map((name) => isOpenParameter(stack, name))).toEqual([true, true, false]);
});

test('a parameter that hides its value is none, also when it hides it later', () => {
  const stack = new Stack();
  const parameter = new CfnParameter(stack, 'Secret');
  expect(isOpenParameter(stack, 'Secret')).toBe(true);
  parameter.noEcho = true;
  expect(isOpenParameter(stack, 'Secret')).toBe(false);
});

test('each stack has parameters of its own', () => {
  const [one, other] = [new Stack(), new Stack()];
  new CfnParameter(one, 'Tag');
  expect([one, other].map((stack) => isOpenParameter(stack, 'Tag'))).toEqual([true, false]);
});
