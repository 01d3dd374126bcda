import type { AppContainer } from '../../../lib/local/ecs/app-container';
import { circuitBreakerOf } from '../../../lib/local/ecs/circuit-breaker';
import type { EcsServiceOptions } from '../../../lib/local/ecs/ecs-service';
import type { ServiceDefinition } from '../../../lib/local/ecs/service-definition';
import type { TargetHealth } from '../../../lib/local/emulator/follower';
import { demoCommand, demoHealthCheckCommand } from '../../../lib/settings/demo';
import { until } from '../../until';
import { containerOf, definitionOf, TrialService } from './services';

let trial: TrialService;

afterEach(async () => {
  await trial.service.end();
  expect(await trial.running()).toEqual([]);
});

const answer = async () => (await (await fetch(`http://127.0.0.1:${trial.ports[0]}`)).text()) as string;
const check = {
  command: ['CMD-SHELL', 'false'],
  intervalSeconds: 0.01,
  timeoutSeconds: 60,
  retries: 1,
  startPeriodSeconds: 0,
};

// What a service of one task with this container becomes.
async function applied(
  definition: ServiceDefinition,
  options: Partial<EcsServiceOptions> = {},
  health: TargetHealth = 'healthy',
) {
  trial = new TrialService(definition, options);
  trial.registrar.health = health;
  await trial.service.apply(definition);
}

const withContainer = (app: string, container: Partial<AppContainer>) => definitionOf(app, { app: containerOf(app, container) });
const onlyDemo = (demo: readonly string[]) => ({ commands: { byImage: new Map(), bySlot: {}, demo } });
const circuitBreaker = circuitBreakerOf({ Enable: true });

test('a task answers with its own variables, on its own port', async () => {
  await applied(withContainer('answering', { environment: { SLOT: 'candidate', TEXT: 'http://localhost:8080/' } }));
  expect(JSON.parse(await answer())).toMatchObject({ SLOT: 'candidate', TEXT: `http://localhost:${trial.ports[0]}/` });
});

test('the demo stands for an image whose health check is not its own', async () => {
  const healthCheck = { ...check, command: demoHealthCheckCommand.map((word) => word.replace('wget', 'no-such-program')) };
  await applied(
    withContainer('any', { environment: { SLOT: 'candidate' }, healthCheck }),
    onlyDemo(demoCommand('load-balancer')),
  );
  expect(trial.state.tasks.map(({ healthStatus }) => healthStatus)).toEqual(['HEALTHY']);
  expect(await answer()).toMatch(/^candidate /);
});

test("a container's own check looks at the local port", async () => {
  const look = `test "$(node -e "fetch('http://127.0.0.1:8080').then(({ status }) => console.log(status))")" = 200`;
  await applied(withContainer('answering', { healthCheck: { ...check, command: ['CMD-SHELL', look] } }));
  expect(trial.state.tasks.map(({ healthStatus }) => healthStatus)).toEqual(['HEALTHY']);
});

test('one that does not end when it is asked to is killed after its stop timeout', async () => {
  await applied(withContainer('deaf', { stopTimeoutSeconds: 0.2 }));
  await trial.service.remove();
  expect(trial.state.tasks.map(({ exitCode }) => exitCode)).toEqual([137]);
});

test('a task that listens nowhere is left to the health checks', async () => {
  await expect(applied(definitionOf('silent', { circuitBreaker }), { startPatienceMs: 100 }, 'unhealthy')).rejects.toThrow(
    'last stopped task: Task failed mesh health checks',
  );
  expect(trial.state.tasks[0]).toMatchObject({ stopCode: 'ServiceSchedulerInitiated', startedAt: expect.any(Number) });
});

test('a shell that ends is a task that has died, and takes along what it had started', async () => {
  const demo = ['/bin/sh', '-c', 'sleep 1000 & exit 1'];
  await expect(applied(definitionOf('any', { circuitBreaker }), onlyDemo(demo))).rejects.toThrow(
    'last stopped task: Essential container in task exited with exit code 1',
  );
  await until(() => trial.state.tasks.every(({ lastStatus }) => lastStatus === 'STOPPED'));
  expect(await trial.running()).toEqual([]);
});

test('a program that is not there is told of', async () => {
  await expect(applied(definitionOf('any', { circuitBreaker }), onlyDemo(['/no/such/program']))).rejects.toThrow(
    'last stopped task: CannotStartContainerError: spawn /no/such/program ENOENT',
  );
  expect(trial.state.tasks.map(({ stopCode }) => stopCode)).toContain('TaskFailedToStart');
});

test('a task that no plane takes is stopped, and says why', async () => {
  const definition = definitionOf('answering', { circuitBreaker });
  trial = new TrialService(definition);
  trial.registrar.register = async () => {
    throw new Error('no Envoy');
  };
  await expect(trial.service.apply(definition)).rejects.toThrow('Task could not be registered: no Envoy');
});

test('a task that could not be taken out of the routes is drained all the same', async () => {
  await applied(definitionOf('answering'));
  trial.registrar.deregister = async () => {
    throw new Error('no Envoy');
  };
  await trial.service.remove();
  expect(trial.registrar.notes).toEqual(['register', 'drained']);
});

test('a plane that looks anew says nothing against a healthy task', async () => {
  await applied(definitionOf('answering'));
  const [[, onHealth] = []] = trial.registrar.registered;
  onHealth?.('initial');
  await trial.service.apply(definitionOf('answering', { maximumPercent: 150 }));
  expect(trial.state.tasks).toHaveLength(1);
});
