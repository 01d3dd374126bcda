// A CDK app of a user's: two stacks, one of them with two blue/green services. It takes the state of the slots from its context.
import { App, Stack, aws_sns as sns } from 'aws-cdk-lib';
import { OwnStack } from './own-stacks';

const app = new App();
const text = (key: string) => `${app.node.getContext(key)}`;
const slot = (name: string) => ({ active: text(`${name}Active`) === 'true', weight: Number(text(`${name}Weight`)) });

const stuck = app.node.tryGetContext('stuck') !== undefined;
const state = stuck
  ? { blue: { active: true, weight: 1 }, green: { active: true, weight: 1 } }
  : { blue: slot('blue'), green: slot('green') };
new sns.Topic(new Stack(app, 'Records'), 'Topic');
new OwnStack(app, 'Shop', {
  plane: 'load-balancer',
  state,
  services: ['shop', 'cart'],
  props: { healthCheckPath: app.node.tryGetContext("shop's health path") },
});
app.synth();
