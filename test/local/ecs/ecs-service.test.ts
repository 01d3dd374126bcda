import { circuitBreakerOf } from '../../../lib/local/ecs/circuit-breaker';
import type { EcsServiceOptions } from '../../../lib/local/ecs/ecs-service';
import type { ServiceDefinition } from '../../../lib/local/ecs/service-definition';
import { takesConnections } from '../../../lib/local/tasks/task-processes';
import { until } from '../../until';
import { containerOf, definitionOf, TrialService } from './services';

let trial: TrialService;

afterEach(async () => {
  await trial.service.end();
  expect(await trial.running()).toEqual([]);
});

async function begin(definition: ServiceDefinition, options: Partial<EcsServiceOptions> = {}): Promise<void> {
  trial = new TrialService(definition, options);
  await trial.service.apply(definition);
}

const breaker = circuitBreakerOf({ Enable: true, Rollback: true });

test('a service is stable when its tasks answer, and gone when it is removed', async () => {
  await begin(definitionOf('answering', { desiredCount: 2 }));
  const { ports } = trial;
  expect(await Promise.all(ports.map(takesConnections))).toEqual([true, true]);
  expect(trial.state.deployments).toEqual([
    expect.objectContaining({ status: 'PRIMARY', desiredCount: 2, runningCount: 2, pendingCount: 0, rolloutState: 'COMPLETED' }),
  ]);
  await trial.service.remove();
  expect(await Promise.all(ports.map(takesConnections))).toEqual([false, false]);
  expect(trial.state.deployments).toEqual([]);
  expect(trial.state.tasks.map(({ lastStatus, stopCode }) => [lastStatus, stopCode])).toEqual([
    ['STOPPED', 'ServiceSchedulerInitiated'],
    ['STOPPED', 'ServiceSchedulerInitiated'],
  ]);
  expect(trial.events).toEqual([
    'has started 2 tasks:.',
    'deployment completed.',
    'has reached a steady state.',
    'has stopped 2 running tasks:.',
    'has begun draining connections on 1 tasks.',
    'has begun draining connections on 1 tasks.',
  ]);
  expect(trial.states.at(-1)).toEqual(trial.state);
});

test('a new definition takes the place of the old one, and never are there less tasks than the minimum', async () => {
  await begin(definitionOf('answering', { desiredCount: 2, maximumPercent: 150 }));
  const old = trial.ports;
  await trial.service.apply(definitionOf('answering', { desiredCount: 2, maximumPercent: 150, tasksAreFrom: 'new' }));
  expect(trial.ports).toHaveLength(2);
  expect(trial.ports.filter((port) => old.includes(port))).toEqual([]);
  const runs = trial.states.map(({ tasks }) => tasks.filter(({ desiredStatus }) => desiredStatus === 'RUNNING'));
  expect(Math.max(...runs.map((tasks) => tasks.length))).toBe(3);
  const stable = runs.findIndex((tasks) => tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length === 2);
  expect(Math.min(...runs.slice(stable).map((tasks) => tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length))).toBe(
    2,
  );
});

test('a mere change of the number of tasks starts nothing anew', async () => {
  await begin(definitionOf('answering'));
  const [first] = trial.ports;
  await trial.service.apply(definitionOf('answering', { desiredCount: 3 }));
  expect(trial.ports).toContain(first);
  expect(trial.ports).toHaveLength(3);
  await trial.service.apply(definitionOf('answering', { desiredCount: 1 }));
  expect(trial.ports).toEqual([first]);
  expect(await trial.running()).toHaveLength(1);
  await trial.service.apply(definitionOf('answering', { desiredCount: 0 }));
  expect(await trial.running()).toEqual([]);
});

test('a task that is killed is replaced', async () => {
  await begin(definitionOf('answering'));
  const [port = 0] = trial.ports;
  const { pid } = (await (await fetch(`http://127.0.0.1:${port}`)).json()) as { pid: number };
  process.kill(pid, 'SIGKILL');
  await until(() => trial.state.deployments[0]?.runningCount === 1 && !trial.ports.includes(port));
  expect(trial.state.tasks.find(({ ports }) => ports[8080] === port)).toEqual(
    expect.objectContaining({
      stoppedReason: 'Essential container in task exited',
      stopCode: 'EssentialContainerExited',
      exitCode: 137,
    }),
  );
  // What is dead has nothing under way; that it is out of the routes for good is known all the same.
  expect(trial.events.filter((event) => event.startsWith('has begun draining'))).toEqual([]);
  await until(() => trial.registrar.notes.includes('drained'));
});

test('a task that the plane finds unhealthy is replaced', async () => {
  await begin(definitionOf('answering', { targetGroups: ['arn:group'] }));
  const [port] = trial.ports;
  const [[, onHealth] = []] = trial.registrar.registered;
  onHealth?.('unhealthy');
  await until(() => trial.state.tasks.some(({ lastStatus }) => lastStatus === 'STOPPED'));
  expect(trial.state.tasks.find(({ ports }) => ports[8080] === port)?.stoppedReason).toBe(
    'Task failed ELB health checks in (target-group arn:group)',
  );
  await until(() => trial.state.deployments[0]?.runningCount === 1);
  // Another one was there before it went.
  expect(trial.registrar.notes).toEqual(['register', 'register', 'deregister', 'drained']);
});

test('within its grace period a task may be unhealthy', async () => {
  const definition = definitionOf('answering', { healthCheckGracePeriodSeconds: 1000 });
  trial = new TrialService(definition);
  trial.registrar.health = 'unhealthy';
  const stable = trial.service.apply(definition);
  await until(() => trial.registrar.registered.size === 1);
  expect(trial.state.tasks.map(({ lastStatus }) => lastStatus)).toEqual(['RUNNING']);
  expect(trial.state.deployments[0]?.rolloutState).toBe('IN_PROGRESS');
  for (const onHealth of trial.registrar.registered.values()) {
    onHealth('healthy');
  }
  await stable;
  expect(trial.state.tasks).toHaveLength(1);
});

test('SIGTERM comes when all requests are done, and not before', async () => {
  await begin(definitionOf('answering'));
  let done = () => {};
  trial.registrar.drains = () =>
    new Promise((resolve) => {
      done = resolve;
    });
  const removed = trial.service.remove();
  await until(() => trial.events.includes('has begun draining connections on 1 tasks.'));
  expect(trial.registrar.notes).toEqual(['register', 'deregister']);
  expect(trial.state.tasks.map(({ lastStatus }) => lastStatus)).toEqual(['DEACTIVATING']);
  expect(await trial.running()).toHaveLength(1);
  done();
  await removed;
  expect(trial.registrar.notes).toEqual(['register', 'deregister', 'drained']);
});

test.each([
  ['exiting', 'Essential container in task exited with exit code 3; it said: no database'],
  ['sick', 'Task failed container health checks; its health check said: got 500'],
])('the circuit breaker ends the first deployment of an app that is %s', async (app, words) => {
  const healthCheck = {
    command: ['CMD-SHELL', "node -e \"fetch('http://127.0.0.1:8080').then(({ status }) => console.log('got', status))\"; false"],
    intervalSeconds: 0.01,
    timeoutSeconds: 60,
    retries: 1,
    startPeriodSeconds: 0,
  };
  await expect(begin(definitionOf(app, { circuitBreaker: breaker, app: containerOf(app, { healthCheck }) }))).rejects.toThrow(
    `service shop: ECS Deployment Circuit Breaker was triggered; last stopped task: ${words}`,
  );
  await until(() => trial.state.tasks.every(({ lastStatus }) => lastStatus === 'STOPPED'));
  expect(trial.state.tasks).toHaveLength(3);
  expect(trial.state.deployments).toEqual([expect.objectContaining({ rolloutState: 'FAILED', failedTasks: 3 })]);
});

test('the circuit breaker goes back to the last deployment that was complete', async () => {
  await begin(definitionOf('answering', { circuitBreaker: breaker }));
  const { ports } = trial;
  await expect(trial.service.apply(definitionOf('exiting', { circuitBreaker: breaker }))).rejects.toThrow(/Circuit Breaker/);
  await trial.service.apply(definitionOf('answering', { circuitBreaker: breaker }));
  expect(trial.ports).toEqual(ports);
  expect(trial.state.deployments).toEqual([
    expect.objectContaining({ taskDefinition: definitionOf('answering').taskDefinition, rolloutState: 'COMPLETED' }),
  ]);
  expect(trial.events).toContain('deployment failed: tasks failed to start.');
  expect(trial.events).toContain('rolling back to deployment ID.');
});

// As the plane finds one task after the other: never are there three bad ones in a row.
const oneGoodBetween = ['unhealthy', 'unhealthy', 'healthy', 'unhealthy', 'unhealthy', 'healthy'] as const;

test.each([
  [{}, 'stable'],
  [{ ThresholdConfiguration: { Type: 'COUNT', Value: 2 } }, expect.stringContaining('Circuit Breaker was triggered')],
  [{ ResetOnHealthyTask: false }, expect.stringContaining('Circuit Breaker was triggered')],
])('the circuit breaker %j counts the tasks that fail in a row, or all', async (properties, end) => {
  const circuitBreaker = circuitBreakerOf({ Enable: true, Rollback: true, ...properties });
  const definition = definitionOf('answering', { desiredCount: 2, circuitBreaker });
  trial = new TrialService(definition);
  let tasks = 0;
  trial.registrar.register = async (_, onHealth) => {
    onHealth(oneGoodBetween[tasks++] ?? 'unhealthy');
  };
  expect(
    await trial.service.apply(definition).then(
      () => 'stable',
      (error: Error) => error.message,
    ),
  ).toEqual(end);
});

test('the reason is that of a task of the deployment that failed, whatever fails beside it', async () => {
  const of = (app: string) =>
    definitionOf(app, { circuitBreaker: breaker, app: containerOf('answering'), targetGroups: [`arn:aws:elb:${app}`] });
  await begin(of('answering'));
  const [[, onHealth] = []] = trial.registrar.registered;
  let failed = 0;
  trial.registrar.register = async (_, ofNew) => {
    ofNew('unhealthy');
    failed += 1;
    if (failed === 3) {
      onHealth?.('unhealthy');
    }
  };
  await expect(trial.service.apply(of('sick'))).rejects.toThrow(
    'last stopped task: Task failed ELB health checks in (target-group arn:aws:elb:sick)',
  );
});

test('a service that is being deleted takes no other definition', async () => {
  await begin(definitionOf('answering'));
  const removed = trial.service.remove();
  await expect(trial.service.apply(definitionOf('sick'))).rejects.toThrow('service shop: it is being deleted');
  await removed;
});

test('without a circuit breaker it is tried again and again', async () => {
  const definition = definitionOf('exiting');
  trial = new TrialService(definition);
  const stable = trial.service.apply(definition);
  await until(() => (trial.state.deployments[0]?.failedTasks ?? 0) > 4);
  expect(trial.events).toContain('is unable to consistently start tasks successfully.');
  await trial.service.apply(definitionOf('answering'));
  await stable;
});

test('a newer definition takes the place of one that is on its way, and who waited for that one waits for this one', async () => {
  await begin(definitionOf('answering'));
  trial.registrar.health = 'initial';
  let isStable = false;
  const first = trial.service.apply(definitionOf('deaf', { app: containerOf('answering') })).then(() => {
    isStable = true;
  });
  await until(() => trial.registrar.registered.size === 2);
  expect(isStable).toBe(false);
  trial.registrar.health = 'healthy';
  await trial.service.apply(definitionOf('sick'));
  await first;
  expect(trial.state.deployments.map(({ taskDefinition }) => taskDefinition)).toEqual([definitionOf('sick').taskDefinition]);
  expect(await trial.running()).toHaveLength(1);
});

test('who does not wait any more leaves the service as it is', async () => {
  await begin(definitionOf('answering'));
  trial.registrar.health = 'initial';
  const abort = new AbortController();
  const stable = expect(trial.service.apply(definitionOf('sick'), abort.signal)).rejects.toThrow(/abort/);
  await until(() => trial.registrar.registered.size === 2);
  abort.abort();
  await stable;
  expect(trial.ports).toHaveLength(2);
});

test('a rollout that cannot begin is told of', async () => {
  await begin(definitionOf('answering', { maximumPercent: 100 }));
  await expect(trial.service.apply(definitionOf('sick', { maximumPercent: 100 }))).rejects.toThrow(
    'service shop was unable to stop or start tasks during a deployment',
  );
});

test('a task without an app is stable at once', async () => {
  await begin(definitionOf('gateway', { app: undefined, desiredCount: 2 }));
  expect(trial.state).toEqual(
    expect.objectContaining({
      tasks: [],
      deployments: [expect.objectContaining({ runningCount: 2, rolloutState: 'COMPLETED' })],
    }),
  );
});

test('all ends within seconds, whatever is under way', async () => {
  await begin(definitionOf('deaf', { desiredCount: 2, app: containerOf('deaf', { stopTimeoutSeconds: 1000 }) }));
  trial.registrar.drains = () => new Promise(() => {});
  const removed = trial.service.remove();
  await until(() => trial.state.tasks.every(({ lastStatus }) => lastStatus === 'DEACTIVATING'));
  const began = performance.now();
  await trial.service.end();
  await removed;
  expect(performance.now() - began).toBeLessThan(10_000);
  expect(await trial.running()).toEqual([]);
});
