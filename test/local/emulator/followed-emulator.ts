import { Emulator } from '../../../lib/local/emulator/emulator';
import { RecordingFollower } from './recording-follower';
import { Stacks } from './stacks';

/** Starts an emulator that is followed before each test of a block, and stops it after it. It is there within the tests only. */
export function followedEmulator(): {
  readonly emulator: Emulator;
  readonly stacks: Stacks;
  readonly follower: RecordingFollower;
} {
  let emulator: Emulator | undefined;
  let follower: RecordingFollower | undefined;

  beforeEach(async () => {
    follower = new RecordingFollower();
    emulator = await Emulator.start({ follower });
  });

  afterEach(async () => {
    await emulator?.stop();
    expect(emulator?.complaints).not.toContain('Traceback');
  });

  return {
    get emulator() {
      return emulator as Emulator;
    },
    get stacks() {
      return new Stacks(emulator as Emulator);
    },
    get follower() {
      return follower as RecordingFollower;
    },
  };
}
