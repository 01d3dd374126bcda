import type { Event } from '../../local/emulator/emulator';
import { lateButThere } from '../../local/envoy/access-log';
import type { Entry, EntryMove } from '../../local/envoy/entry';
import type { EnvoyBinary } from '../../local/envoy/envoy-binary';
import { rehearsalHeaders } from '../../local/envoy/envoy-configuration';
import { LocalAws } from '../../local/local-aws';
import { demoHealthCheckCommand, localDemoCommand } from '../../settings/demo';
import { phaseNumber, type StepDeploy } from '../findings';
import type { RoutesMove } from '../load/tally';
import { type DeployPlan, type RehearsalPlan, stepOf } from '../plan';
import { RehearsalError } from '../rehearsal-error';
import { CdkCommandLine, type CdkResult, findCdk } from './cdk-command-line';
import { FailedTasks } from './failed-tasks';
import { notedRequests } from './noted-requests';
import type { Stand, StandCounts, StepChange } from './stand';

type Verb = Event['verb'];

/** What a stand takes that deploys. */
export interface DeployedStandProps {
  readonly plan: RehearsalPlan;
  readonly deploy: DeployPlan;
  readonly envoy: EnvoyBinary;

  /** Ends everything early that is waited for. */
  readonly signal: AbortSignal;
}

/** AWS on this machine, to which the `cdk` command line deploys one step after the other: what happens in which order is not imitated. */
export class DeployedStand implements Stand {
  private readonly ending = new AbortController();
  private readonly signal: AbortSignal;
  private starting: Promise<LocalAws> | undefined;
  private aws: LocalAws | undefined;
  private readonly failedTasks = new FailedTasks();
  private step = 0;
  private cdk: CdkCommandLine | undefined;

  constructor(private readonly props: DeployedStandProps) {
    this.signal = AbortSignal.any([props.signal, this.ending.signal]);
  }

  async check(): Promise<void> {
    findCdk(this.props.deploy.project);
  }

  async start(): Promise<StepChange> {
    const { deploy, envoy } = this.props;
    this.starting = LocalAws.start({
      envoy,
      commands: { byImage: new Map(), bySlot: deploy.commands, demo: localDemoCommand, demoHealthCheck: demoHealthCheckCommand },
      stamps: { slot: [rehearsalHeaders.slot], route: [rehearsalHeaders.route] },
      notes: true,
      onService: (state) => this.failedTasks.note(state, stepOf(this.props.plan, this.step).name),
      onLost: (problem) =>
        this.ending.abort(new RehearsalError(`AWS on this machine: ${problem}; nothing can be measured any more`)),
    });
    this.aws = await this.starting;
    this.signal.throwIfAborted();
    const { account, region } = this.aws.emulator;
    this.cdk = new CdkCommandLine({ project: deploy.project, aws: this.aws.environment, signal: this.signal });
    const context = this.contextOf(0);
    succeeded('bootstrap', await this.cdk.bootstrap(`aws://${account}/${region}`, context));
    const change = await this.change(0);
    succeeded('deploy', { problem: change.deploy?.problem });
    return { ...change, moved: undefined };
  }

  get port(): number {
    return this.entry.port;
  }

  async change(index: number): Promise<StepChange> {
    const { aws, cdk } = this;
    if (aws === undefined || cdk === undefined) {
      throw new Error('expected a stand that was started');
    }
    this.step = index;
    const events = (await aws.emulator.events()).length;
    const moves = aws.entryOf(this.props.deploy.stack)?.routeMoves.length ?? 0;
    const { seconds, problem } = await cdk.deploy(this.contextOf(index));
    const done = (await aws.emulator.events()).slice(events).filter(({ stack }) => stack === this.props.deploy.stack);
    const count = (verb: Verb) => done.filter((event) => event.verb === verb && event.problem === null).length;
    const deploy: StepDeploy = {
      created: count('create'),
      updated: count('update'),
      deleted: count('delete'),
      replaced: count('replace'),
      seconds,
      problem,
    };
    const { routeMoves = [] } = aws.entryOf(this.props.deploy.stack) ?? {};
    // What a preview header is worth is known only now: no two stacks have the same.
    const { version = '', model = stepOf(this.props.plan, index).model } = routeMoves.at(-1) ?? {};
    return { version, model, moved: lastShift(routeMoves.slice(moves)), deploy };
  }

  // The deploy has removed what goes last.
  async settle(): Promise<void> {
    this.signal.throwIfAborted();
  }

  async finish(): Promise<StandCounts> {
    this.signal.throwIfAborted();
    const { entry } = this;
    const phaseCount = phaseNumber(this.props.plan.steps.length, 'change');
    const { accessLog, requests } = await notedRequests(entry, phaseCount, entry.slots, lateButThere);
    const { failedTasks } = this;
    return {
      accessLog,
      envoyAnswers: new Map(),
      envoyRequests: requests,
      apps: new Map(),
      lost: [],
      remarks: failedTasks.remarks,
    };
  }

  async end(): Promise<void> {
    this.ending.abort();
    const aws = await this.starting?.catch(() => undefined);
    await aws?.stop();
    this.cdk?.end();
  }

  private get entry(): Entry {
    const { stack } = this.props.deploy;
    const entry = this.aws?.entryOf(stack);
    if (entry === undefined) {
      throw new RehearsalError(`stack ${stack}: got no way in after its deploy, expected one by which requests come in`);
    }
    return entry;
  }

  private contextOf(index: number): Readonly<Record<string, string | number | boolean>> {
    return { ...this.props.deploy.context, ...stepOf(this.props.plan, index).flags };
  }
}

function succeeded(command: string, { problem }: Pick<CdkResult, 'problem'>): void {
  if (problem !== undefined) {
    throw new RehearsalError(
      `cdk ${command}: got a failure before the first request, expected none; ` +
        `leave out keys for what only your account has, and see what it says: ${problem}`,
    );
  }
}

// The move that brought the last weights: others of the same deploy, such as the preview header's, may come before and after it.
function lastShift(moves: readonly EntryMove[]): RoutesMove | undefined {
  const weights = moves.map(({ model }) =>
    JSON.stringify(model.routes.filter(({ production }) => production).map(({ targets }) => targets)),
  );
  const index = weights.findIndex((_, at) => weights.slice(at).every((each) => each === weights.at(-1)));
  const move = moves[index];
  return move && { at: move.at, versions: new Set(moves.slice(index).map(({ version }) => version)) };
}
