import { benchCliSynth } from './cli-synth';
import { benchConstructSynth } from './construct-synth';
import { benchRehearsal } from './rehearsal';

// The figures are for reading: a goal that is missed is shown, and fails nothing.
benchConstructSynth(9);
benchCliSynth(7);
benchRehearsal().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
