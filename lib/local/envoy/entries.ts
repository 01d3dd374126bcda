import type { RegisteredTask, Registrar } from '../ecs/registrar';
import type { ChangeAnswer, Follower, ResourceChange, TargetGroupState, TargetHealth, TargetState } from '../emulator/follower';
import { LocalError, RefusedError } from '../local-error';
import { DeployedWaysIn } from '../routes/deployed-ways-in';
import type { WayIn } from '../routes/way-in';
import { type Endpoints, Entry, type EntryProps } from './entry';
import { type OpenWayIn, openWayIn } from './open-way-in';
import { type Place, Registration } from './registration';

/** What the entries are started with. */
export interface EntriesProps extends Pick<EntryProps, 'binary' | 'signal' | 'stamps' | 'notes' | 'onRequest' | 'onTry'> {
  /** Told when what `targetGroups` says has changed. */
  readonly onTargetGroups?: (states: readonly TargetGroupState[]) => void;

  /** Told, in words, when an Envoy has ended by itself. */
  readonly onLost?: (problem: string) => void;
}

/** All ways in: they follow what is deployed, and which tasks there are. */
export class Entries implements Registrar, Follower {
  private readonly deployed = new DeployedWaysIn();
  private readonly starting = new Map<string, Promise<Entry>>();
  private readonly running = new Map<string, Entry>();
  private readonly asked = new Map<string, { readonly text: string; readonly done: Promise<void> }>();
  private readonly registered = new Map<string, Registration>();
  private readonly leaving = new Map<string, Registration>();

  /** Whoever had a port last. */
  private readonly atPort = new Map<number, RegisteredTask>();

  /** What each way in goes by. */
  private readonly inForce = new Map<string, WayIn>();

  /** The newest state that each way in is being brought to. */
  private readonly bringing = new Map<string, object>();

  /** The end of the change that is followed last. */
  private turn: Promise<unknown> = Promise.resolve();
  private told = '[]';
  private stopped = false;

  constructor(private readonly props: EntriesProps) {}

  /**
   * Follows a change, and waits until every way in that it concerns goes by it. A change that cannot be followed is left aside: those
   * that come at the same time have their turns one after the other, so that none is refused for another.
   */
  changed(change: ResourceChange): Promise<ChangeAnswer> {
    const answer = this.turn.then(() => this.followed(change));
    this.turn = answer.catch(() => {});
    return answer;
  }

  async register(task: RegisteredTask, onHealth: (health: TargetHealth) => void): Promise<void> {
    const before = this.wanted();
    for (const port of Object.values(task.ports)) {
      this.atPort.set(port, task);
    }
    this.registered.set(task.id, new Registration(task, this.deployed.groupsOf(task.service), onHealth));
    await this.followEndpoints(before);
  }

  async deregister(task: RegisteredTask): Promise<void> {
    const registration = this.registered.get(task.id);
    if (registration) {
      const before = this.wanted();
      this.registered.delete(task.id);
      this.leaving.set(task.id, registration);
      await this.followEndpoints(before);
    }
  }

  async drained(task: RegisteredTask, signal: AbortSignal): Promise<void> {
    const registration = this.leaving.get(task.id);
    if (registration) {
      const ports = [...new Set(Object.values(task.ports))];
      const drainMs = registration.drainMs(registration.placesAt(this.current.values()));
      try {
        await Promise.all(
          [...this.running.values()].flatMap((entry) => ports.map((port) => entry.drained(port, drainMs, signal))),
        );
      } finally {
        this.leaving.delete(task.id);
        this.tell();
      }
    }
  }

  /** What the API is to say of every target group that is there. */
  get targetGroups(): readonly TargetGroupState[] {
    const groups = new Map<string, Map<number, TargetState>>(
      this.deployed.targetGroups.map((targetGroup) => [targetGroup, new Map()]),
    );
    const put = (registrations: Iterable<Registration>, stateAt: (place: Place) => TargetState['state']) => {
      for (const place of [...registrations].flatMap((each) => each.placesAt(this.current.values()))) {
        groups.get(place.resource)?.set(place.port, { port: place.port, state: stateAt(place) });
      }
    };
    put(this.leaving.values(), () => 'draining');
    put(this.registered.values(), (place) => this.healthAt(place));
    return [...groups].map(([targetGroup, targets]) => ({ targetGroup, targets: [...targets.values()] }));
  }

  /** All ways in as they are to be, by their ids. */
  get current(): ReadonlyMap<string, WayIn> {
    return this.deployed.current;
  }

  /** The task that gets requests on a local port; one that is gone, until another one comes to this port. */
  taskAt(port: number): RegisteredTask | undefined {
    return this.atPort.get(port);
  }

  /** The tasks of a service that can get requests. */
  tasksOf(service: string): readonly RegisteredTask[] {
    return [...this.registered.values()].map(({ task }) => task).filter((task) => task.service === service);
  }

  /** What is open now. */
  get waysIn(): readonly OpenWayIn[] {
    return [...this.current.values()].flatMap((wayIn) => {
      const entry = this.running.get(wayIn.id);
      return entry === undefined ? [] : [openWayIn(wayIn, addressOf(entry), entry.slots)];
    });
  }

  /** Where the requests for a stack come in: the first way in of its own that has a DNS name. */
  entryOf(stack: string): Entry | undefined {
    const wayIn = [...this.current.values()].find((each) => each.stack === stack && each.id === each.owner);
    return wayIn && this.running.get(wayIn.id);
  }

  /** Ends all Envoys. */
  async stop(): Promise<void> {
    const before = this.wanted();
    this.stopped = true;
    this.deployed.current = new Map();
    await this.follow(before);
  }

  private async followed({ verb, resource }: ResourceChange): Promise<ChangeAnswer> {
    const known = this.deployed.known(resource);
    const before = this.wanted();
    const problem = verb === 'delete' ? this.deployed.remove(resource) : this.deployed.put(resource);
    if (problem !== undefined) {
      return { problem };
    }
    try {
      await this.follow(before);
    } catch (error) {
      if (!(error instanceof LocalError)) {
        throw error;
      }
      if (verb === 'delete') {
        return error instanceof RefusedError ? {} : { problem: error.message };
      }
      const refused = this.wanted();
      if (known) {
        this.deployed.put(known);
      } else {
        this.deployed.remove(resource);
      }
      await this.follow(refused).catch(() => {});
      return { problem: error.message };
    }
    const entry = addressed.has(resource.type) ? this.running.get(resource.physicalId) : undefined;
    return entry === undefined ? {} : { address: addressOf(entry) };
  }

  // Tasks come and go whatever becomes of the routes: those who changed these are told.
  private async followEndpoints(before: ReadonlyMap<string, string>): Promise<void> {
    try {
      await this.follow(before);
    } catch (error) {
      if (!(error instanceof RefusedError)) {
        throw error;
      }
    }
  }

  // What is to be in force at each way in.
  private wanted(): ReadonlyMap<string, string> {
    return new Map([...this.current].map(([id, wayIn]) => [id, JSON.stringify([wayIn, this.endpointsOf(wayIn)])]));
  }

  // Everything is told anew each time. Waited for are those that have changed: what goes wrong at others was told to those who did that.
  private async follow(before: ReadonlyMap<string, string>): Promise<void> {
    const after = this.wanted();
    const gone = [...this.starting.keys()].filter((id) => !this.current.has(id));
    const closed = gone.map((id) => this.close(id));
    const opened = [...after].map(([id, text]) => ({ changed: text !== before.get(id), open: this.openIfThere(id) }));
    for (const { open } of opened) {
      open.catch(() => {});
    }
    const awaited = [...closed, ...opened.filter(({ changed }) => changed).map(({ open }) => open)];
    const failures = (await Promise.allSettled(awaited)).flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    this.tell();
    // One that Envoy has refused is the least of all.
    const failure = failures.find((each) => !(each instanceof RefusedError)) ?? failures[0];
    if (failure !== undefined) {
      throw failure;
    }
  }

  // What goes wrong at a way in that has gone meanwhile is of no importance.
  private async openIfThere(id: string): Promise<void> {
    try {
      await this.open(id);
    } catch (error) {
      if (this.current.has(id)) {
        throw error;
      }
    }
  }

  private async open(id: string): Promise<void> {
    const entry = await this.entry(id);
    // What counts is what is there by now.
    const wayIn = this.current.get(id);
    if (wayIn === undefined) {
      return;
    }
    const endpoints = this.endpointsOf(wayIn);
    const text = JSON.stringify([wayIn, endpoints]);
    const known = this.asked.get(id);
    if (known?.text === text) {
      // Somebody else has asked for it: it may not be in force yet.
      return known.done;
    }
    const asked = { text, done: this.bring(id, entry, wayIn, endpoints) };
    this.asked.set(id, asked);
    try {
      await asked.done;
    } catch (error) {
      // What was refused once is so again.
      if (this.asked.get(id) === asked && !(error instanceof RefusedError)) {
        this.asked.delete(id);
      }
      throw error;
    }
    this.tell();
  }

  // Where routes are refused, those before go on, with the tasks that are there by now.
  private async bring(id: string, entry: Entry, wayIn: WayIn, endpoints: Endpoints): Promise<void> {
    const turn = {};
    this.bringing.set(id, turn);
    try {
      await entry.apply(wayIn, endpoints);
      this.inForce.set(id, wayIn);
    } catch (error) {
      if (!(error instanceof RefusedError)) {
        throw error;
      }
      const before = this.inForce.get(id);
      const newer = this.bringing.get(id) === turn ? undefined : this.asked.get(id)?.done;
      await (newer ? newer.catch(() => {}) : before && entry.apply(before, this.endpointsOf(before)));
      throw new RefusedError(`${wayIn.name} of ${wayIn.stack}`, error.reason);
    }
  }

  private entry(id: string): Promise<Entry> {
    const started = this.starting.get(id) ?? this.start(id);
    this.starting.set(id, started);
    return started;
  }

  private async start(id: string): Promise<Entry> {
    const wayIn = this.current.get(id);
    if (wayIn === undefined || this.stopped) {
      throw new Error(`${id}: expected a way in that is there`);
    }
    try {
      const entry = await Entry.start({ ...this.props, wayIn, onHealth: () => this.tell() });
      this.running.set(id, entry);
      void entry.ended().then((how) => {
        if (this.running.get(id) === entry) {
          this.props.onLost?.(how);
        }
      });
      return entry;
    } catch (error) {
      this.starting.delete(id);
      throw error;
    }
  }

  private async close(id: string): Promise<void> {
    const started = this.starting.get(id);
    this.starting.delete(id);
    this.asked.delete(id);
    this.inForce.delete(id);
    this.bringing.delete(id);
    const entry = await started?.catch(() => undefined);
    if (entry && this.running.get(id) === entry) {
      this.running.delete(id);
    }
    await entry?.stop();
  }

  private endpointsOf(wayIn: WayIn): Endpoints {
    const places = [...this.registered.values()].flatMap((registration) => registration.placesAt([wayIn]));
    return Object.fromEntries(
      Object.keys(wayIn.targets).map((name) => [
        name,
        [...new Set(places.filter(({ target }) => target === name).map(({ port }) => port))],
      ]),
    );
  }

  private healthAt({ wayIn, target, port }: Place): TargetHealth {
    return this.running.get(wayIn)?.health(target, port) ?? 'initial';
  }

  private tell(): void {
    for (const registration of this.registered.values()) {
      registration.tell(registration.placesAt(this.current.values()), (place) => this.healthAt(place));
    }
    const states = this.targetGroups;
    const told = JSON.stringify(states);
    if (told !== this.told) {
      this.told = told;
      this.props.onTargetGroups?.(states);
    }
  }
}

/** What has a DNS name. */
const addressed: ReadonlySet<string> = new Set(['AWS::ElasticLoadBalancingV2::LoadBalancer', 'AWS::VpcLattice::Service']);

function addressOf({ port }: Entry): string {
  return `127.0.0.1:${port}`;
}
