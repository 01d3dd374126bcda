import type { AlarmState } from '../emulator/follower';
import { readableName, readableSentence } from './readable-names';
import type { AlarmView } from './view';

const order: readonly AlarmState['state'][] = ['ALARM', 'INSUFFICIENT_DATA', 'OK'];

/** The alarms that are there. */
export class WatchedAlarms {
  private readonly alarms = new Map<string, AlarmState>();

  /**
   * Takes the state of an alarm.
   *
   * @param tell told, in a sentence, when it goes off and when it comes back
   */
  take(alarm: AlarmState, tell: (news: string) => void): void {
    const before = this.alarms.get(alarm.arn)?.state;
    if (alarm.state === 'DELETED') {
      this.alarms.delete(alarm.arn);
      return;
    }
    this.alarms.set(alarm.arn, alarm);
    const ofStack = alarm.stack === undefined ? '' : ` of ${alarm.stack}`;
    const what = alarm.description === '' ? titleOf(alarm) : alarm.description;
    if (alarm.state === 'ALARM' && before !== 'ALARM') {
      tell(`An alarm${ofStack} has gone off: ${what}`);
    } else if (alarm.state === 'OK' && before === 'ALARM') {
      tell(`An alarm${ofStack} is back at OK: ${what}`);
    }
  }

  /** Forgets those of a stack that is gone. */
  forget(stack: string): void {
    for (const { arn } of [...this.alarms.values()].filter((alarm) => alarm.stack === stack)) {
      this.alarms.delete(arn);
    }
  }

  /** Those of a stack, or of none: those first that have gone off. */
  of(stack: string | undefined): readonly AlarmView[] {
    return [...this.alarms.values()]
      .filter((alarm) => alarm.stack === stack)
      .map((alarm) => {
        const { arn, name, description, state, reason, since } = alarm;
        return { arn, name, description, state, reason: readableSentence(reason), since, title: titleOf(alarm) };
      })
      .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.title.localeCompare(b.title));
  }

  /** A sentence of AWS with the names of alarms instead of their ARNs. */
  named(sentence: string): string {
    return readableSentence(sentence).replace(/arn:[^\s,;]*:alarm:([^\s,;]+)/g, (arn, name: string) => {
      const alarm = this.alarms.get(arn);
      return alarm ? titleOf(alarm) : readableName(name);
    });
  }

  /** The stacks that have alarms. */
  get stacks(): readonly string[] {
    return [...this.alarms.values()].flatMap(({ stack }) => stack ?? []);
  }
}

function titleOf({ name, logicalId }: AlarmState): string {
  return logicalId === undefined ? name : readableName(logicalId);
}
