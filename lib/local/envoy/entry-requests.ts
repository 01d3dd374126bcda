import type { WayIn } from '../routes/way-in';
import type { AnsweredRequest, RequestTry } from './answered-request';
import { type RequestLine, requestIn } from './request-lines';

/** Who is told of the requests at a way in. */
export interface RequestListener {
  /**
   * Told of every request when it is over, within half a second.
   *
   * @param wayIn as it is by then, with all targets that it has had
   */
  readonly onRequest?: (request: AnsweredRequest, wayIn: WayIn) => void;

  /** Told of every try to have a task of a mesh answer a request, in the same way. */
  readonly onTry?: (tried: RequestTry, wayIn: WayIn) => void;
}

/** The requests at a way in, as its Envoy tells of them. */
export class EntryRequests {
  /** Label of the slot behind each target that there was. One that nothing is behind any more keeps its label. */
  readonly slots = new Map<string, string>();

  constructor(
    private wayIn: WayIn,
    private readonly listener: RequestListener,
  ) {}

  /** Takes the way in as it is to be from now on. */
  follow(wayIn: WayIn): void {
    this.wayIn = { ...wayIn, targets: { ...this.wayIn.targets, ...wayIn.targets } };
    for (const { name, slot } of wayIn.model.targets) {
      if (slot !== '') {
        this.slots.set(name, slot);
      }
    }
  }

  /** What to do with what Envoy tells; `undefined`: nobody wants to know. */
  get onLine(): ((line: RequestLine) => void) | undefined {
    const { onRequest, onTry } = this.listener;
    if (onRequest === undefined && onTry === undefined) {
      return undefined;
    }
    return (line) => {
      const tell = line.kind === 'try' ? onTry : onRequest;
      tell?.(
        requestIn(line, this.wayIn.id, (target) => this.slots.get(target)),
        this.wayIn,
      );
    };
  }
}
