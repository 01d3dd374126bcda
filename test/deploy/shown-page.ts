import { CloudFormationClient, DescribeStackEventsCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeTasksCommand, ECSClient, ListTasksCommand } from '@aws-sdk/client-ecs';
import type { Emulator } from '../../lib/local/emulator/emulator';
import { PageServer } from '../../lib/local/page/page-server';
import { WatchedAws } from '../../lib/local/page/watched-aws';
import { Stacks } from '../local/emulator/stacks';
import { DrivenChromium, type Window, type WindowOptions } from '../local/page/driven-chromium';
import { findChromium } from '../rehearsal/chromium';
import { until } from '../until';
import { slotServices } from './planes';
import type { StageOptions } from './stage';

/** What somebody can read of one stack. */
interface Facts {
  readonly status: string;

  /** Names and states, sorted. */
  readonly alarms: readonly string[];

  /** Running tasks of slots: how many of how many, and which images, sorted. */
  readonly slots: readonly string[];

  /** Resource and status, the newest first. */
  readonly events: readonly string[];
}

/** Longer than an alarm takes, in milliseconds. */
const patienceMs = 180_000;

/** So many events are compared. */
const newestEvents = 60;

/** The page of an AWS on this machine, in a browser. */
export class ShownPage {
  /** @returns `undefined` where there is no browser */
  static async open(options: WindowOptions = {}): Promise<ShownPage | undefined> {
    const binary = findChromium();
    if (binary === undefined) {
      if (process.env.CI === 'true') {
        throw new Error('expected chromium on the PATH, or CHROMIUM_PATH');
      }
      return undefined;
    }
    const watched = new WatchedAws();
    const server = await PageServer.start({ watched, about: { endpoint: '', commands: [] } });
    const browser = await DrivenChromium.start(binary);
    return new ShownPage(watched, server, browser, await browser.open(server.url, options));
  }

  private constructor(
    private readonly watched: WatchedAws,
    private readonly server: PageServer,
    private readonly browser: DrivenChromium,
    private readonly window: Window,
  ) {}

  /** What a stage has to tell it. */
  get callbacks(): StageOptions {
    return this.watched.callbacks;
  }

  /** Waits until it shows of a stack what the APIs say. */
  async expectAsApisSay(emulator: Emulator, appName: string): Promise<void> {
    let [shown, said] = [{} as unknown, {} as unknown];
    await until(async () => {
      [shown, said] = [await this.facts(`${appName}-blue-green`), await factsOf(emulator, appName)];
      return JSON.stringify(shown) === JSON.stringify(said);
    }).catch(() => expect(shown).toEqual(said));
  }

  /** Waits until it shows these weights, by label of the slot. */
  async expectWeights(weights: Readonly<Record<string, number>>): Promise<void> {
    const wanted = Object.entries(weights).map(([label, weight]) => `${label}: weight ${weight}`);
    let shown: readonly string[] = [];
    await until(async () => {
      shown = (await this.texts('.stack .legend li')).filter((text) => text.includes('weight'));
      return JSON.stringify(shown) === JSON.stringify(wanted);
    }).catch(() => expect(shown).toEqual(wanted));
  }

  /** Waits until it shows that an alarm has gone off. */
  async showsAlarm(name: string): Promise<void> {
    await until(
      async () => (await this.texts('.alarms li')).some((text) => text.startsWith('✕') && text.includes(name)),
      patienceMs,
    );
  }

  /** The share of the requests that it shows of a slot for the last ten seconds, from 0 to 1. */
  async share(label: string): Promise<number> {
    const rows = await this.window.find<(readonly string[])[]>(
      "[...document.querySelectorAll('.numbers tbody tr')].map((row) => [...row.children].map((cell) => cell.innerText.trim()))",
    );
    const [, , share = ''] = rows.find(([name]) => name === label) ?? [];
    return Number.parseFloat(share) / 100;
  }

  /** What is seen of it, as PNG. */
  picture(): Promise<Buffer> {
    return this.window.picture();
  }

  async close(): Promise<void> {
    await this.browser.stop();
    await this.server.stop();
  }

  private async facts(stack: string): Promise<Facts> {
    const { status, alarms, slots } = await this.window.find<Omit<Facts, 'events'>>(`(() => {
      const made = [...document.querySelectorAll('.stack')].find((each) => each.querySelector('h2').innerText === ${JSON.stringify(stack)});
      const all = (from, selector) => [...(from?.querySelectorAll(selector) ?? [])];
      const states = { '✕ ALARM': 'ALARM', '✓ OK': 'OK', '– no data': 'INSUFFICIENT_DATA' };
      return {
        status: made?.querySelector('.sub span').innerText ?? '',
        alarms: all(made, '.alarms li').map((li) => li.querySelector('strong').title + ' ' + states[li.querySelector('.pill').innerText]),
        slots: all(made, '.service').filter((each) => each.querySelector('h4').innerText.startsWith('slot ')).map((each) => [
          each.querySelector('h4').innerText.slice(5), each.querySelector('.count').innerText,
          ...all(each, '.tasks li').filter((li) => li.querySelector('strong').innerText.startsWith('RUNNING'))
            .map((li) => li.querySelector('code').innerText).sort(),
        ].join(', ')),
      };
    })()`);
    const events = await this.texts('#events li');
    return { status, alarms: [...alarms].sort(), slots: [...slots].sort(), events: eventsOf(events, stack) };
  }

  private texts(selector: string): Promise<readonly string[]> {
    return this.window.find(`[...document.querySelectorAll(${JSON.stringify(selector)})].map((each) => each.innerText)`);
  }
}

// Of all stacks, the newest first: time, mark and status, resource.
function eventsOf(texts: readonly string[], stack: string): readonly string[] {
  return texts
    .map((text) => text.split('\n').map((line) => line.trim()))
    .map(([, status = '', resource = '']) => ({ status: status.slice(2), resource }))
    .filter(({ resource }) => resource === stack || resource.endsWith(` of ${stack}`))
    .slice(0, newestEvents)
    .map(({ status, resource }) => `${resource.replace(` of ${stack}`, '')} ${status}`);
}

async function factsOf(emulator: Emulator, appName: string): Promise<Facts> {
  const stack = `${appName}-blue-green`;
  const { MetricAlarms = [] } = await new CloudWatchClient(emulator.client).send(new DescribeAlarmsCommand({}));
  const { StackEvents = [] } = await new CloudFormationClient(emulator.client).send(
    new DescribeStackEventsCommand({ StackName: stack }),
  );
  const services = await slotServices(emulator, appName);
  const slots = await Promise.all(
    services.map(async ({ clusterArn = '', serviceName = '', taskDefinition = '', runningCount, desiredCount }) => {
      const label = taskDefinition.replace(/^.*-([a-z]+):\d+$/, '$1');
      const tasks = await runningTasks(emulator, clusterArn, serviceName);
      return [label, `${runningCount} of ${desiredCount} ${desiredCount === 1 ? 'task' : 'tasks'} running`, ...tasks].join(', ');
    }),
  );
  return {
    status: await new Stacks(emulator).status(stack),
    alarms: MetricAlarms.map(({ AlarmName, StateValue }) => `${AlarmName} ${StateValue}`).sort(),
    slots: slots.sort(),
    events: StackEvents.slice(0, newestEvents).map(
      ({ LogicalResourceId, ResourceStatus }) => `${LogicalResourceId} ${ResourceStatus}`,
    ),
  };
}

async function runningTasks(emulator: Emulator, cluster: string, serviceName: string): Promise<readonly string[]> {
  const client = new ECSClient(emulator.client);
  const { taskArns: tasks = [] } = await client.send(new ListTasksCommand({ cluster, serviceName, desiredStatus: 'RUNNING' }));
  const { tasks: found = [] } = tasks.length === 0 ? {} : await client.send(new DescribeTasksCommand({ cluster, tasks }));
  return found
    .filter(({ lastStatus }) => lastStatus === 'RUNNING')
    .map(({ taskArn = '', containers = [] }) => {
      const { image } = containers.find(({ name }) => name === 'app') ?? {};
      return `${image} · ${taskArn.split('/').at(-1)?.slice(0, 8)}`;
    })
    .sort();
}
