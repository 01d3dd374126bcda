import type { RouteModel } from '../../local/routes/traffic-model';
import { phaseNumber, type StepDeploy } from '../findings';
import type { RoutesMove } from '../load/tally';
import type { DeployPlan, PlannedStep, RehearsalPlan } from '../plan';
import { RehearsalError } from '../rehearsal-error';
import { CdkCommandLine, type CdkResult, findCdk } from './cdk-command-line';
import { type NotingEnvoy, notedRequests } from './noted-requests';
import type { Stand, StandCounts, StepChange } from './stand';

/** A way in that says when its routes were moved. */
export interface WatchedEntry extends NotingEnvoy {
  readonly port: number;

  /** All moves of its routes, the newest last. */
  readonly routeMoves: readonly EntryMove[];

  /** Label of the slot behind each cluster that it has had. */
  readonly slots: ReadonlyMap<string, string>;
}

export interface EntryMove {
  readonly version: string;

  /** `performance.now()` when they were moved into place. */
  readonly at: number;
  readonly routes: readonly RouteModel[];
}

/** An AWS on this machine. */
export interface AwsHere {
  readonly account: string;
  readonly region: string;

  /** What a process needs in its environment in order to talk to it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly emulator: { events(): Promise<readonly { verb: Verb; stack: string; problem: string | null }[]> };

  /** Where the requests for a stack come in. */
  entry(stack: string): WatchedEntry | undefined;
  stop(): Promise<void>;
}

type Verb = 'create' | 'update' | 'delete' | 'replace';

/** What a stand takes that deploys. */
export interface DeployedStandProps {
  readonly plan: RehearsalPlan;
  readonly deploy: DeployPlan;
  readonly startAws: (signal: AbortSignal) => Promise<AwsHere>;

  /** Ends everything early that is waited for. */
  readonly signal: AbortSignal;
}

/** AWS on this machine, to which the `cdk` command line deploys one step after the other: what happens in which order is not imitated. */
export class DeployedStand implements Stand {
  private readonly ending = new AbortController();
  private readonly signal: AbortSignal;
  private starting: Promise<AwsHere> | undefined;
  private aws: AwsHere | undefined;
  private cdk: CdkCommandLine | undefined;

  constructor(private readonly props: DeployedStandProps) {
    this.signal = AbortSignal.any([props.signal, this.ending.signal]);
  }

  async check(): Promise<void> {
    findCdk(this.props.deploy.project);
  }

  async start(): Promise<StepChange> {
    const { deploy } = this.props;
    this.starting = this.props.startAws(this.signal);
    this.aws = await this.starting;
    const { account, region, environment } = this.aws;
    this.cdk = new CdkCommandLine({ project: deploy.project, aws: environment, signal: this.signal });
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
    const events = (await aws.emulator.events()).length;
    const moves = aws.entry(this.props.deploy.stack)?.routeMoves.length ?? 0;
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
    const { routeMoves = [] } = aws.entry(this.props.deploy.stack) ?? {};
    return { version: routeMoves.at(-1)?.version ?? '', moved: lastShift(routeMoves.slice(moves)), deploy };
  }

  // The deploy has removed what goes last.
  async settle(): Promise<void> {}

  async finish(): Promise<StandCounts> {
    const { entry } = this;
    const { accessLog, requests } = await notedRequests(entry, phaseNumber(this.props.plan.steps.length, 'change'), entry.slots);
    return { accessLog, envoyAnswers: new Map(), envoyRequests: requests, apps: new Map(), lost: [], remarks: [] };
  }

  async end(): Promise<void> {
    this.ending.abort();
    const aws = await this.starting?.catch(() => undefined);
    await aws?.stop();
    this.cdk?.end();
  }

  private get entry(): WatchedEntry {
    const { stack } = this.props.deploy;
    const entry = this.aws?.entry(stack);
    if (entry === undefined) {
      throw new RehearsalError(`stack ${stack}: got no way in after its deploy, expected one by which requests come in`);
    }
    return entry;
  }

  private contextOf(index: number): Readonly<Record<string, string | number | boolean>> {
    return { ...this.props.deploy.context, ...this.step(index).flags };
  }

  private step(index: number): PlannedStep {
    const step = this.props.plan.steps[index];
    if (step === undefined) {
      throw new RehearsalError(`step ${index}: got no such step`);
    }
    return step;
  }
}

function succeeded(command: string, { problem }: Pick<CdkResult, 'problem'>): void {
  if (problem !== undefined) {
    throw new RehearsalError(`cdk ${command}: got a failure before the first request, expected none: ${problem}`);
  }
}

// The move that brought the last weights: others of the same deploy, such as the preview header's, may come before and after it.
function lastShift(moves: readonly EntryMove[]): RoutesMove | undefined {
  const weights = moves.map(({ routes }) =>
    JSON.stringify(routes.filter(({ production }) => production).map(({ targets }) => targets)),
  );
  const index = weights.findIndex((_, at) => weights.slice(at).every((each) => each === weights.at(-1)));
  const move = moves[index];
  return move && { at: move.at, versions: new Set(moves.slice(index).map(({ version }) => version)) };
}
