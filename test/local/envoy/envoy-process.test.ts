import { createServer } from 'node:http';
import { findEnvoy } from '../../../lib/local/envoy/envoy-binary';
import { envoyConfiguration } from '../../../lib/local/envoy/envoy-configuration';
import { EnvoyProcess } from '../../../lib/local/envoy/envoy-process';
import { LocalError, TooSlowError } from '../../../lib/local/local-error';
import { planOf } from '../../rehearsal/short-plan';

const server = createServer((_, response) => {
  response.statusCode = 500;
  response.end();
});
const stop = new AbortController();
let envoy: EnvoyProcess;
let sick: Parameters<EnvoyProcess['healthy']>[0];

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const model = planOf().steps[0]?.model;
  const [target] = model?.targets ?? [];
  if (model === undefined || target === undefined) {
    throw new Error('expected a target');
  }
  const ports = Object.fromEntries(model.targets.map(({ slot }) => [slot, port]));
  envoy = await EnvoyProcess.start(await findEnvoy(), envoyConfiguration(model, ports, 'step 0'), 'step 0', stop.signal);
  sick = { cluster: target.name, slot: target.slot, port, path: '/health', lost: () => undefined };
}, 120_000);
afterAll(async () => {
  await envoy.stop();
  server.close();
  server.closeAllConnections();
});

test('an app that Envoy does not find healthy is named, with what it answers', async () => {
  const waiting = envoy.healthy(sick, 100);
  await expect(waiting).rejects.not.toThrow(TooSlowError);
  await expect(waiting).rejects.toThrow(
    `slot blue: got status 500 from http://127.0.0.1:${sick.port}/health at last, expected that Envoy finds it healthy within 0.1 s; `,
  );
});

test('an app that answers nothing may only be slow', async () => {
  await expect(envoy.healthy({ ...sick, port: undefined }, 100)).rejects.toThrow(TooSlowError);
});

test('an app that has ended is waited for no longer', async () => {
  await expect(envoy.healthy({ ...sick, lost: () => 'slot blue: its app ended with 7' })).rejects.toThrow(
    new LocalError('slot blue: its app ended with 7'),
  );
});

test('whoever is told to stop waits no longer for it', async () => {
  const waiting = envoy.healthy(sick);
  stop.abort();
  await expect(waiting).rejects.toThrow(/abort/);
});
