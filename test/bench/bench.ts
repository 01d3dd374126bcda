import { benchCliSynth } from './cli-synth';
import { benchConstructSynth } from './construct-synth';
import { benchGuard } from './guard';
import { benchLocalAws } from './local-aws';
import { benchRehearsal } from './rehearsal';
import { benchRollback } from './rollback';

// The figures are for reading: a goal that is missed is shown, and fails nothing.
benchConstructSynth(9);
benchCliSynth(7);
benchGuard(5)
  .then(benchRehearsal)
  .then(benchLocalAws)
  .then(benchRollback)
  .catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
