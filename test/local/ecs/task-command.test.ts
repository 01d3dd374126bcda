import { taskCommand, taskEnvironment, withLocalPorts } from '../../../lib/local/ecs/task-command';
import { containerOf } from './services';

const commands = {
  byImage: new Map([
    ['shop', 'any shop'],
    ['shop:2', 'second shop'],
    ['registry:5000/team/shop', 'shop of a registry'],
  ]),
  bySlot: { green: 'green app' },
  demo: ['node', '-e', 'demo 8080'],
};

test.each([
  ['shop', 'green', 'any shop'],
  ['shop:1', 'green', 'any shop'],
  ['shop:2', 'green', 'second shop'],
  ['shop@sha256:0123', 'blue', 'any shop'],
  ['shop:2@sha256:0123', 'blue', 'any shop'],
  ['registry:5000/team/shop:3', 'blue', 'shop of a registry'],
  ['registry:5000/shop:3', 'green', 'green app'],
  ['other', 'green', 'green app'],
  ['other', 'blue', commands.demo],
  ['other', undefined, commands.demo],
] as const)('an image %s in slot %s runs %j', (image, slot, command) => {
  expect(taskCommand(containerOf('', { image }), slot, commands)).toEqual({ command, isChecked: command !== commands.demo });
});

test('a command in the place of the demo is not checked as its image is', () => {
  const isChecked = (command: readonly string[]) => {
    const healthCheck = { command, intervalSeconds: 1, timeoutSeconds: 1, retries: 1, startPeriodSeconds: 0 };
    const demoHealthCheck = ['CMD-SHELL', 'wget demo'];
    return taskCommand(containerOf('', { image: 'other', healthCheck }), 'green', { ...commands, demoHealthCheck })?.isChecked;
  };
  expect([isChecked(['CMD-SHELL', 'wget demo']), isChecked(['CMD-SHELL', 'wget other'])]).toEqual([false, true]);
});

test('without a port, only what somebody gave a command runs', () => {
  expect(taskCommand(containerOf('', { image: 'worker', ports: [] }), 'blue', commands)).toBeUndefined();
  expect(taskCommand(containerOf('', { image: 'shop', ports: [] }), 'blue', commands)?.command).toBe('any shop');
});

test.each([
  ['8080', '40000'],
  ['serve --port=8080 --admin 9090', 'serve --port=40000 --admin 40001'],
  ['http://localhost:8080/path', 'http://localhost:40000/path'],
  ['http://localhost:8080. 8080, (8080)', 'http://localhost:40000. 40000, (40000)'],
  [
    ':8080 http://+:8080/ 0.0.0.0:8080 [::]:8080 http://[::1]:9090',
    ':40000 http://+:40000/ 0.0.0.0:40000 [::]:40000 http://[::1]:40001',
  ],
  [
    'http://cart.example:8080/ 10.0.0.1:8080 cart:8080 --workers 8080',
    'http://cart.example:8080/ 10.0.0.1:8080 cart:8080 --workers 40000',
  ],
  ['18080 80801 v8080 8080px', '18080 80801 v8080 8080px'],
  ['1.8080 8080.1 app-8080 8080-app _8080', '1.8080 8080.1 app-8080 8080-app _8080'],
])('in %s stand the local ports: %s', (text, local) => {
  expect(withLocalPorts(text, { 8080: 40000, 9090: 40001 })).toBe(local);
});

test('a task gets its own variables with local ports, its secrets as they are, and nothing of an AWS account of the user', () => {
  const before = { ...process.env };
  Object.assign(process.env, { AWS_PROFILE: 'mine', CDK_DEFAULT_ACCOUNT: '1', OTHER: 'other' });
  try {
    const container = containerOf('', {
      environment: { PORT: '8080', URL: 'http://localhost:9090', SLOT: 'g', HOST: 'elsewhere' },
      secrets: { PASSWORD: '8080' },
      ports: [8080, 9090],
    });
    const environment = taskEnvironment(container, { 8080: 40000, 9090: 40001 }, { AWS_REGION: 'us-east-1', URL: 'base' });
    const { PORT, URL, SLOT, HOST, PASSWORD, AWS_REGION, AWS_PROFILE, CDK_DEFAULT_ACCOUNT, OTHER, PATH } = environment;
    expect({ PORT, URL, SLOT, HOST, PASSWORD, AWS_REGION, AWS_PROFILE, CDK_DEFAULT_ACCOUNT, OTHER, PATH }).toEqual({
      PORT: '40000',
      URL: 'http://localhost:40001',
      SLOT: 'g',
      HOST: '127.0.0.1',
      PASSWORD: '8080',
      AWS_REGION: 'us-east-1',
      AWS_PROFILE: undefined,
      CDK_DEFAULT_ACCOUNT: undefined,
      OTHER: 'other',
      PATH: before.PATH,
    });
  } finally {
    process.env = before;
  }
});
