import type { SlotName } from '../../release/slots';
import { shareInWords } from '../../terminal/words';
import type { MeasuredMinute, SlotMinute } from '../measured/measured-minute';
import type { Check } from './check';
import { counted } from './counted';
import { lateMinutes } from './drain';

/** So many minutes that are counted to their end are looked at, at most: what was long ago says little of now. */
export const comparedMinutes = 10;

/** So many requests a slot must have answered: with fewer, one error more or less would decide. */
export const usualMinRequests = 100;

/** How much higher the share of errors may be, from 0 to 1: less is the noise of some hundred requests. */
const allowedErrors = 0.01;

/** How much slower answers may be: twice as slow is felt, but only where it is also a tenth of a second. */
const allowedSlowdown = { times: 2, ms: 100 };

/** Two slots that answer requests at the same time. */
export interface Comparison {
  /** The slot that gets the new version. */
  readonly incoming: SlotName;
  readonly outgoing: SlotName;

  /** Whole minutes in which the same weights were in force, oldest first, up to now. */
  readonly minutes: readonly MeasuredMinute[];

  /** So many requests the incoming slot must have answered. */
  readonly minRequests: number;
}

/**
 * Whether a slot does as well as the other one in the same minutes. Without enough requests nobody can tell.
 *
 * The newest minutes may be counted half: they make nothing good, and what is bad with them alone is waited for until they are whole.
 */
export function compareSlots({ incoming, outgoing, minutes, minRequests }: Comparison): readonly Check[] {
  const window = minutes.slice(0, Math.max(0, minutes.length - lateMinutes)).slice(-comparedMinutes);
  const [one, other] = [sumOf(window, incoming), sumOf(window, outgoing)];
  const found = `${incoming}: ${counted(one.requests, 'request')} in ${counted(window.length, 'minute')}`;
  if (one.requests < minRequests) {
    const fewer = one.requests > 0 ? `, or --min-requests ${one.requests}` : '';
    return [{ name: 'requests', verdict: 'inconclusive', sentence: `${found}, expected at least ${minRequests}; wait${fewer}` }];
  }
  const all = minutes.slice(-comparedMinutes - lateMinutes);
  const [oneLate, otherLate] = [sumOf(all, incoming), sumOf(all, outgoing)];
  return [
    { name: 'requests', verdict: 'pass', sentence: found },
    withLate(errorCheck(incoming, one, outgoing, other), errorCheck(incoming, oneLate, outgoing, otherLate)),
    withLate(latencyCheck(incoming, one, outgoing, other), latencyCheck(incoming, oneLate, outgoing, otherLate)),
  ];
}

function withLate(whole: Check, late: Check): Check {
  return whole.verdict === 'pass' && late.verdict === 'fail'
    ? {
        ...late,
        verdict: 'inconclusive',
        sentence: `${late.sentence}; with the newest ${lateMinutes} minutes only, which may be counted half: wait`,
      }
    : whole;
}

function errorCheck(incoming: SlotName, one: SlotMinute, outgoing: SlotName, other: SlotMinute): Check {
  // A slot that nobody asks makes no errors.
  const [share, otherShare] = [errorShare(one), errorShare(other)];
  const beside = other.requests === 0 ? `no requests to ${outgoing}` : `${outgoing} ${shareInWords(otherShare)}`;
  const found = `${incoming}: ${shareInWords(share)} 5xx`;
  return share > otherShare + allowedErrors
    ? {
        name: 'errors',
        verdict: 'fail',
        sentence: `${found} (${beside}), expected ${shareInWords(otherShare + allowedErrors)} at most; see its log, or go back`,
      }
    : { name: 'errors', verdict: 'pass', sentence: `${found} (${beside})` };
}

function latencyCheck(incoming: SlotName, one: SlotMinute, outgoing: SlotName, other: SlotMinute): Check {
  const [took, otherTook] = [one.latencyMs, other.latencyMs];
  const name = 'latency';
  if (took === undefined || otherTook === undefined) {
    return { name, verdict: 'pass', sentence: `${incoming}: p95 ${inMs(took)}; nothing to compare it with` };
  }
  const most = Math.max(otherTook * allowedSlowdown.times, otherTook + allowedSlowdown.ms);
  const found = `${incoming}: p95 ${inMs(took)} (${outgoing} ${inMs(otherTook)})`;
  return took > most
    ? { name, verdict: 'fail', sentence: `${found}, expected ${inMs(most)} at most; see its log, or go back` }
    : { name, verdict: 'pass', sentence: found };
}

/** The requests of a slot in some minutes. Percentiles cannot be added up: that of the whole is close to the mean of those of the minutes. */
function sumOf(minutes: readonly MeasuredMinute[], slot: SlotName): SlotMinute {
  const ofSlot = minutes.flatMap(({ slots }) => slots[slot] ?? []);
  const answered = ofSlot.filter(({ latencyMs }) => latencyMs !== undefined);
  const sum = (minutes: readonly SlotMinute[], value: (minute: SlotMinute) => number) =>
    minutes.reduce((total, minute) => total + value(minute), 0);
  const weight = sum(answered, ({ requests }) => requests);
  return {
    requests: sum(ofSlot, ({ requests }) => requests),
    errors: sum(ofSlot, ({ errors }) => errors),
    latencyMs: weight === 0 ? undefined : sum(answered, ({ requests, latencyMs = 0 }) => requests * latencyMs) / weight,
  };
}

function errorShare({ requests, errors }: SlotMinute): number {
  return requests === 0 ? 0 : errors / requests;
}

function inMs(ms: number | undefined): string {
  return ms === undefined ? 'not measured' : `${Math.round(ms)} ms`;
}
