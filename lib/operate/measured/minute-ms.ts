import { minuteVariable, realMinuteSeconds } from '../../local/emulator/measured-minute';

/** How long a minute of CloudWatch takes, in milliseconds: shorter on an AWS on this machine that says so in the environment. */
export function minuteMs(environment: NodeJS.ProcessEnv): number {
  const seconds = Number(environment[minuteVariable] || realMinuteSeconds);
  return (Number.isInteger(seconds) && seconds >= 1 && seconds <= realMinuteSeconds ? seconds : realMinuteSeconds) * 1000;
}
