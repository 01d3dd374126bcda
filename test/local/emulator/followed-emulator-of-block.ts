import { Emulator } from '../../../lib/local/emulator/emulator';
import { Minutes } from './minutes';
import { RecordingFollower } from './recording-follower';
import { Stacks } from './stacks';

/** Starts an emulator that is followed before the tests of a block, and stops it after them. It is there within the tests only. */
export function followedEmulatorOfBlock(options: { readonly minuteSeconds?: number } = {}): {
  readonly emulator: Emulator;
  readonly follower: RecordingFollower;
  readonly stacks: Stacks;
  readonly minutes: Minutes;
} {
  const follower = new RecordingFollower();
  let emulator: Emulator | undefined;
  let minutes: Minutes | undefined;

  beforeAll(async () => {
    emulator = await Emulator.start({ follower, ...options });
    minutes = new Minutes(emulator);
  });

  afterAll(async () => {
    await emulator?.stop();
    expect(emulator?.complaints).not.toContain('Traceback');
  });

  return {
    follower,
    get emulator() {
      return emulator as Emulator;
    },
    get stacks() {
      return new Stacks(emulator as Emulator);
    },
    get minutes() {
      return minutes as Minutes;
    },
  };
}
