import { CreateRepositoryCommand, PutImageCommand } from '@aws-sdk/client-ecr';
import { ModifyRuleCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { askService } from '../../lib/operate/ask-service';
import { type AwsClients, awsClients } from '../../lib/operate/aws-clients';
import { readOperateLine } from '../../lib/operate/command-line';
import type { DeployedStack } from '../../lib/operate/deployed/deployed-stack';
import { readDeployedStack } from '../../lib/operate/deployed/read-deployed-stack';
import { routeOf, slotResources } from '../../lib/operate/live/slot-resources';
import { runOperateLine } from '../../lib/operate/run-operate-line';
import { flagsOf } from '../../lib/settings/flags';
import { until } from '../until';
import { Checkout } from './checkout';
import { Requests } from './requests';
import { Stage } from './stage';

const state = { blue: { active: true, weight: 3 }, green: { active: true, weight: 0 } };
const before = { ...state, green: { active: false, weight: 0 } };
const settings = { trafficPlane: 'load-balancer', appName: 'shown' };
const checkout = new Checkout(settings, flagsOf(state));
let stage: Stage;
let clients: AwsClients;
let requests: Requests;

/** A command with `--json`, as it is typed; what it prints and its exit code. */
async function release(...words: readonly string[]) {
  let text = '';
  const out = {
    write: (more: string) => {
      text += more;
      return true;
    },
  };
  const { environment } = stage.emulator;
  const err = { write: () => true };
  const terminal = { out, err, environment, requireAnswers: () => {}, ask: async () => false };
  const line = readOperateLine([...words, '--json']);
  const asked = askService({ folder: checkout.folder, context: line.context, stackName: undefined, takesStackName: true });
  const code = await runOperateLine(line, asked, terminal, new AbortController().signal);
  return { code, json: JSON.parse(text) };
}

const itemOf = (json: { items: { part: string; name: string }[] }, part: string, name: string) =>
  json.items.find((each) => each.part === part && each.name === name);

beforeAll(async () => {
  stage = await Stage.open({ folder: checkout.folder, isSynthesizedHere: true, minuteSeconds: 1 });
  clients = awsClients(stage.emulator.environment);
});

afterAll(async () => {
  await requests?.stop();
  await stage?.close();
  checkout.remove();
});

test('before the first deploy there is nothing to show', async () => {
  const { code, json } = await release('status');
  expect([code, json.status, json.differences[0].mend]).toEqual([6, 'missing', ['npx cdk deploy']]);
  const verified = await release('verify');
  expect(verified.code).toBe(6);
  expect(itemOf(verified.json, 'stack', 'settled')).toMatchObject({ verdict: 'not ok' });
});

test('with a slot at 0, the release waits; what it needs is there, but for what is not', async () => {
  // One after the other, so that it is clear which slot was there first.
  await stage.deploy({ ...settings, ...flagsOf(before) });
  await stage.deploy({ ...settings, ...flagsOf(state) });
  await clients.secretsManager.send(new CreateSecretCommand({ Name: 'prod/db', SecretString: 'hidden' }));
  requests = new Requests(await stage.url('shown'), { rate: 50 });
  await until(async () => (await release('status')).json.slots.blue.requestsPerMinute > 0);

  const { code, json } = await release('status');
  expect(code).toBe(0);
  expect(json).toMatchObject({ status: 'waiting', step: { number: 1, of: 6, name: 'green at 0' } });
  expect(json.slots.blue).toMatchObject({ declared: 1, deployed: 1, live: 1, healthyTargets: 1, errorShare: 0 });
  expect(json.slots.green).toMatchObject({ declared: 0, deployed: 0, live: 0, requestsPerMinute: 0 });

  const verified = await release('verify', '-c', 'appSecrets=DB=prod/db,KEY=/prod/key');
  expect(JSON.stringify(verified.json)).not.toContain('hidden');
  expect(verified.json.items.map(({ part, name, verdict }: Record<string, string>) => `${part} ${name}: ${verdict}`)).toEqual([
    'account credentials: ok',
    'account bootstrap: ok',
    'account deploy role: ok',
    'stack settled: ok',
    'stack same everywhere: ok',
    'stack alarms: ok',
    'slots green: ok',
    'images blue: not looked at',
    'images green: not looked at',
    'secrets DB: ok',
    'secrets KEY: not ok',
  ]);
  expect(verified.code).toBe(4);
});

test('a weight that was changed by hand is told with what mends it', async () => {
  const stack = (await readDeployedStack(clients, 'shown-blue-green')) as DeployedStack;
  const targets = slotResources(stack).map(({ target }) => ({ TargetGroupArn: target, Weight: 1 }));
  await clients.loadBalancing.send(
    new ModifyRuleCommand({
      RuleArn: routeOf(stack),
      Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups: targets } }],
    }),
  );
  const { code, json } = await release('status');
  expect([code, json.status, json.slots.green.live, json.slots.green.deployed]).toEqual([6, 'differs', 0.5, 0]);
  expect(json.differences[0].mend).toEqual(['npx cdk deploy --revert-drift']);
  expect((await release('verify')).code).toBe(6);
});

test('an image in a private repository is looked for there', async () => {
  const [repositoryName, account] = ['shop', '123456789012'];
  const image = `${account}.dkr.ecr.us-east-1.amazonaws.com/${repositoryName}:1.5.0`;
  const look = async () => itemOf((await release('verify', '-c', `greenImage=${image}`)).json, 'images', 'green');
  expect(await look()).toMatchObject({ verdict: 'not ok', sentence: `${image}: is not there; push it, or name another one` });
  await clients.ecr.send(new CreateRepositoryCommand({ repositoryName }));
  expect(await look()).toMatchObject({ verdict: 'not ok' });
  await clients.ecr.send(new PutImageCommand({ repositoryName, imageTag: '1.5.0', imageManifest: '{"schemaVersion":2}' }));
  expect(await look()).toMatchObject({ verdict: 'ok', sentence: expect.stringContaining(`${image} is there: sha256:`) });
});
