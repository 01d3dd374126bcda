import type { AlarmState, ResourceChange, ServiceState, StackEvent } from '../emulator/follower';
import type { AnsweredRequest } from '../envoy/answered-request';
import type { OpenWayIn } from '../envoy/open-way-in';
import { RequestCounts } from './request-counts';
import type { PageMessage, ServiceView, StackView } from './view';
import { WatchedAlarms } from './watched-alarms';
import { WatchedServices } from './watched-services';
import { WatchedStacks } from './watched-stacks';
import { WatchedWaysIn } from './watched-ways-in';

/** What somebody knows who was told before. */
export interface Known {
  /** Of what stands still between two changes. */
  readonly revision: number;

  /** Of the requests. */
  readonly requests: number;

  /** The last whole second for which latencies were told. */
  readonly second: number;
  readonly events: number;
  readonly news: number;
}

/** Sentences are told to who is there when they come up: so many may come up at once. */
const keptNews = 20;

/** What the page shows of an AWS on this machine. It takes the same memory after a minute and after a day. */
export class WatchedAws {
  private readonly services = new WatchedServices();
  private readonly waysIn = new WatchedWaysIn();
  private readonly alarms = new WatchedAlarms();
  private readonly stacks = new WatchedStacks((sentence) => this.alarms.named(sentence));
  private readonly requests = new RequestCounts();
  private readonly news: string[] = [];
  private newsTotal = 0;
  private revision = 0;

  /** What `LocalAws` is started with, so that it tells all of this. */
  get callbacks() {
    return {
      onChange: (change: ResourceChange) => this.onChange(change),
      onChanged: (change: ResourceChange) => this.onChanged(change),
      onService: (state: ServiceState) => this.onService(state),
      onWaysIn: (waysIn: readonly OpenWayIn[]) => this.onWaysIn(waysIn),
      onRequest: (request: AnsweredRequest) => this.onRequest(request),
      onStackEvent: (event: StackEvent) => this.onStackEvent(event),
      onAlarm: (alarm: AlarmState) => this.onAlarm(alarm),
    };
  }

  /** Takes a change of CloudFormation that begins. */
  onChange(change: ResourceChange): void {
    this.services.begins(change);
    this.revision += 1;
  }

  /** Takes a change of CloudFormation that is in force. */
  onChanged(change: ResourceChange): void {
    this.services.done(change);
    this.revision += 1;
  }

  /** Takes what ECS says of a service. */
  onService(state: ServiceState): void {
    this.services.take(state);
    this.revision += 1;
  }

  /** Takes all ways in that are open. */
  onWaysIn(waysIn: readonly OpenWayIn[]): void {
    this.waysIn.take(waysIn, this.serviceViews, Date.now());
    this.revision += 1;
  }

  /** Counts a request. */
  onRequest(request: AnsweredRequest): void {
    this.requests.add(request, this.waysIn.splitOf(request.wayIn, request.route));
  }

  /** Takes an event of a stack. */
  onStackEvent(event: StackEvent): void {
    this.stacks.take(event, (news) => this.tell(news));
    this.services.event(event);
    if (event.logicalId === event.stack && event.status === 'DELETE_COMPLETE') {
      this.alarms.forget(event.stack);
    }
    this.revision += 1;
  }

  /** Takes the state of an alarm. */
  onAlarm(alarm: AlarmState): void {
    this.alarms.take(alarm, (news) => this.tell(news));
    this.revision += 1;
  }

  /**
   * What somebody does not know yet.
   *
   * @param known what that is; without it, everything is told
   * @param now as `Date.now()`
   */
  since(known: Known | undefined, now: number): { readonly message: PageMessage; readonly known: Known } {
    if (this.waysIn.dropOld(now)) {
      this.revision += 1;
    }
    const second = Math.floor(now / 1000);
    const isTraffic = known?.requests !== this.requests.revision || known.second !== second;
    const traffic = isTraffic ? this.requests.since(known?.requests ?? -1, now) : [];
    const { events, total } = this.stacks;
    const newEvents = newest(events, total - (known?.events ?? 0));
    // What was told before somebody came is told by the page as it stands.
    const newNews = newest(this.news, this.newsTotal - (known?.news ?? this.newsTotal));
    return {
      message: {
        now,
        ...(known ? {} : { isWhole: true }),
        ...(known?.revision === this.revision ? {} : { stacks: this.stackViews(), otherAlarms: this.alarms.of(undefined) }),
        ...(newEvents.length > 0 ? { events: newEvents } : {}),
        ...(newNews.length > 0 ? { news: newNews } : {}),
        ...(traffic.length > 0 ? { traffic } : {}),
      },
      known: {
        revision: this.revision,
        requests: this.requests.revision,
        second,
        events: total,
        news: this.newsTotal,
      },
    };
  }

  private get serviceViews(): readonly ServiceView[] {
    return this.services.all.map(({ view }) => view);
  }

  private tell(news: string): void {
    this.news.push(news);
    this.news.splice(0, this.news.length - keptNews);
    this.newsTotal += 1;
  }

  // Those with something to see first.
  private stackViews(): readonly StackView[] {
    const services = this.services.all;
    const told = new Map(this.stacks.all.map((stack) => [stack.name, stack]));
    const names = new Set([...told.keys(), ...services.map(({ stack }) => stack), ...this.waysIn.stacks, ...this.alarms.stacks]);
    const stacks = [...names].map(
      (name): StackView => ({
        ...(told.get(name) ?? { status: '', phase: 'deploying', since: 0, reason: '', refusals: [] }),
        name,
        alarms: this.alarms.of(name),
        waysIn: this.waysIn.of(name, this.serviceViews),
        services: services.filter(({ stack }) => stack === name).map(({ view }) => view),
      }),
    );
    const isEmpty = ({ waysIn, services: inStack }: StackView) => Number(waysIn.length + inStack.length === 0);
    return stacks.sort((a, b) => isEmpty(a) - isEmpty(b) || a.name.localeCompare(b.name));
  }
}

function newest<T>(list: readonly T[], count: number): readonly T[] {
  return list.slice(Math.max(0, list.length - count));
}
