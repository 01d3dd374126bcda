import { benchCliSynth } from './cli-synth';
import { benchConstructSynth } from './construct-synth';
import { benchGuard } from './guard';
import { benchLocalAws } from './local-aws';
import { benchRehearsal } from './rehearsal';

// The figures are for reading: a goal that is missed is shown, and fails nothing.
benchConstructSynth(9);
benchCliSynth(7);
benchGuard(5)
  .then(benchRehearsal)
  .then(benchLocalAws)
  .catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
