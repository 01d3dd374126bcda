import { Emulator } from '../../../lib/local/emulator/emulator';
import { Stacks } from './stacks';

/** Starts an emulator before the tests of a block, and stops it after them. It is there within the tests only. */
export function emulatorOfBlock(): { readonly emulator: Emulator; readonly stacks: Stacks } {
  let emulator: Emulator | undefined;
  let stacks: Stacks | undefined;

  beforeAll(async () => {
    emulator = await Emulator.start();
    stacks = new Stacks(emulator);
  });

  afterAll(() => emulator?.stop());

  return {
    get emulator() {
      return emulator as Emulator;
    },
    get stacks() {
      return stacks as Stacks;
    },
  };
}
